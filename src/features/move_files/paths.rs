//! Links by path. As little as possible changes: what still leads to the right place stays, segments that stay keep the way they
//! are written, a heading behind `#` stays.

use super::Moves;
use crate::features::places::Source;
use crate::text::links::has_scheme;
use crate::text::markdown::Link;
use crate::text::percent_decoded;
use crate::vault::VaultPath;
use crate::vault::path::without_ending;

/// What a link by path should say after the move; `None` where it stays. `[[../name]]` leads by path as well, and may leave out the
/// ending.
pub fn after(moves: &Moves, source: &Source, new_path: &VaultPath, link: &Link) -> Option<String> {
    let written = link.target.as_str();
    let is_name = link.is_wiki();
    if link.is_local() || (!is_name && has_scheme(written)) {
        return None;
    }
    let meant = if is_name { written.to_owned() } else { percent_decoded(written) };
    let old = source.path.join(&meant).filter(|path| !path.is_empty())?;
    let new = if is_name { after_name(moves, &old) } else { moves.after(&VaultPath::new(&old)).as_str().to_owned() };
    if new_path.join(&meant).as_deref() == Some(new.as_str()) {
        return None;
    }
    let mut relative = relative(new_path.folder(), &new);
    if (is_name || written.starts_with("./")) && !relative.starts_with("../") {
        relative = format!("./{relative}");
    }
    if is_name {
        return Some(relative);
    }
    if written.ends_with('/') {
        relative.push('/');
    }
    let path = rewritten(written, &relative);
    Some(if has_scheme(&path) { format!("./{path}") } else { path })
}

/// Where a path is after the move that may be written without its ending.
pub fn after_name(moves: &Moves, old: &str) -> String {
    for ending in ["", ".md", ".markdown"] {
        let whole = VaultPath::new(&format!("{old}{ending}"));
        let new = moves.after(&whole);
        if new != whole {
            let new = new.as_str();
            return if ending.is_empty() { new.to_owned() } else { without_ending(new).to_owned() };
        }
    }
    old.to_owned()
}

/// The way from a folder to a path, both from the root.
pub fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
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
