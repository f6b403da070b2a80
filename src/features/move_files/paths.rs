//! Links by path. As little as possible changes: what still leads to the right place stays, segments that stay keep the way they
//! are written, a heading behind `#` stays.

use super::Moves;
use crate::features::places::Source;
use crate::text::markdown::Link;
use crate::text::percent_decoded;
use crate::vault::VaultPath;

/// What a Markdown link or picture should say after the move; `None` where it stays.
pub fn after(moves: &Moves, source: &Source, new_path: &VaultPath, link: &Link) -> Option<String> {
    let length = link.target.find(['#', '?']).unwrap_or(link.target.len());
    let (written, rest) = link.target.split_at(length);
    if written.is_empty() || has_scheme(written) {
        return None;
    }
    let meant = percent_decoded(written);
    let old = source.path.join(&meant).filter(|path| !path.is_empty())?;
    let new = moves.after(&VaultPath::new(&old));
    if new_path.join(&meant).as_deref() == Some(new.as_str()) {
        return None;
    }
    let mut relative = relative(new_path.folder(), new.as_str());
    if written.starts_with("./") && !relative.starts_with("../") {
        relative = format!("./{relative}");
    }
    if written.ends_with('/') {
        relative.push('/');
    }
    Some(rewritten(written, &relative) + rest)
}

/// Is the target written plainly, where an edit can reach it? Not where a link leads by reference: there its definition does. And
/// not where it has escapes in it.
pub fn stands_alone(text: &str, link: &Link) -> bool {
    let before = text[..link.target_span.start()].trim_end_matches(['<', ' ', '\t']);
    link.target_span.of(text) == link.target && (link.wiki || before.ends_with("](") || before.ends_with("]:"))
}

/// The way from a folder to a path, both from the root.
pub fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// `mailto:`, `https:`
fn has_scheme(target: &str) -> bool {
    let scheme = target.split(['/', ':']).next().unwrap_or("");
    target[scheme.len()..].starts_with(':') && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// A path as a link writes it: segments that were there before as they were written, new ones with what would end the link encoded.
fn rewritten(old: &str, new: &str) -> String {
    let before: Vec<(String, &str)> = old.split(['/', '\\']).map(|part| (percent_decoded(part), part)).collect();
    let encodes_letters =
        old.as_bytes().windows(2).any(|pair| pair[0] == b'%' && matches!(pair[1], b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F'));
    let part = |part: &str| match before.iter().find(|(meant, _)| meant == part) {
        Some((_, written)) => (*written).to_owned(),
        None => encoded(part, encodes_letters),
    };
    new.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn encoded(part: &str, letters_too: bool) -> String {
    let mut result = String::with_capacity(part.len());
    for c in part.chars() {
        let special =
            c.is_ascii_control() || matches!(c, ' ' | '(' | ')' | '<' | '>' | '%' | '#' | '?' | '"' | '\\' | '`' | '[' | ']');
        if special || (letters_too && !c.is_ascii()) {
            let mut bytes = [0; 4];
            result.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        } else {
            result.push(c);
        }
    }
    result
}
