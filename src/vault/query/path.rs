//! `path:`: globs over the path from the vault's root, and whether a path is written as none in a vault can be.

use super::words::in_quotes;
use super::{Glob, Query, Term};

/// Signs that make a pattern of a path.
pub const WILD: [char; 4] = ['*', '?', '[', '{'];

/// Most alternatives that `{a,b}{c,d}…` is written out as. With more, none of them is read as a folder.
const MOST_ALTERNATIVES: usize = 256;

/// Endings of Markdown files in any case, as globs.
const MD: &str = ".[mM][dD]";
const MARKDOWN: &str = ".[mM][aA][rR][kK][dD][oO][wW][nN]";

/// A glob over the whole path. A name without wildcards means that file, or everything in that folder; so does each alternative in
/// braces. Without a slash it may be anywhere.
pub fn glob(source: &str) -> Result<Glob, String> {
    let bare = source.trim_matches('/');
    let anywhere = !source.starts_with('/') && !bare.contains('/');
    let start = if anywhere { "**/" } else { "" };
    let patterns: Vec<String> = match alternatives(bare) {
        Some(each) => each.iter().flat_map(|one| patterns(one, start)).collect(),
        None => vec![format!("{start}{bare}")],
    };
    let pattern = if let [one] = patterns.as_slice() { one.clone() } else { format!("{{{}}}", patterns.join(",")) };
    match globset::GlobBuilder::new(&pattern).literal_separator(true).build() {
        Ok(glob) => Ok(Glob { source: source.to_owned(), matcher: glob.compile_matcher() }),
        Err(fault) => Err(fault.kind().to_string()),
    }
}

fn patterns(one: &str, start: &str) -> Vec<String> {
    // A comma in a name is a comma, also where this is one alternative of several.
    let escaped = with_commas(one);
    if one.contains(WILD) {
        return vec![format!("{start}{escaped}")];
    }
    let one = escaped;
    vec![format!("{start}{one}"), format!("{start}{one}/**"), format!("{start}{one}{MD}"), format!("{start}{one}{MARKDOWN}")]
}

fn with_commas(mut rest: &str) -> String {
    let mut escaped = String::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        let (sign, after) = rest.split_at(step(rest, c));
        escaped.push_str(if c == ',' { "[,]" } else { sign });
        rest = after;
    }
    escaped
}

/// The pattern with `{a,b}` written out, one for each alternative; `None` where that is not possible.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let mut written = written_out(pattern)?;
    written.retain(|one| !one.is_empty());
    (!written.is_empty()).then_some(written)
}

fn written_out(pattern: &str) -> Option<Vec<String>> {
    let mut written = vec![String::new()];
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '{' => {
                let end = closing(rest)?;
                let inside: Vec<String> = parts(&rest[1..end]).into_iter().map(written_out).collect::<Option<Vec<_>>>()?.concat();
                if written.len() * inside.len() > MOST_ALTERNATIVES {
                    return None;
                }
                written = written.iter().flat_map(|start| inside.iter().map(move |end| format!("{start}{end}"))).collect();
                rest = &rest[end + 1..];
                continue;
            }
            c => step(rest, c),
        };
        written.iter_mut().for_each(|one| one.push_str(&rest[..length]));
        rest = &rest[length..];
    }
    Some(written)
}

/// The bytes of the next sign: an escaped one, or a class, is one.
fn step(rest: &str, c: char) -> usize {
    match c {
        '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
        // A bracket directly after the first one belongs to the class.
        '[' => rest.get(2..).and_then(|more| more.find(']')).map_or(1, |at| at + 3),
        c => c.len_utf8(),
    }
}

/// Where the brace that opens `text` closes.
fn closing(text: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        at += step(&text[at..], c);
    }
    None
}

/// What stands between commas, outside inner braces.
fn parts(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += step(&text[at..], c);
    }
    found.push(&text[start..]);
    found
}

/// Each alternative of a pattern as a pattern of its own.
pub fn each(glob: &Glob) -> Vec<Glob> {
    let (start, end) = (glob.source.starts_with('/'), glob.source.trim_matches('/'));
    // Where one begins at the root, all do.
    let root = if start || end.contains('/') { "/" } else { "" };
    let written = alternatives(end).unwrap_or_default();
    let found: Vec<Glob> = written.iter().filter_map(|one| self::glob(&format!("{root}{one}")).ok()).collect();
    if found.len() > 1 { found } else { vec![glob.clone()] }
}

/// A path with a part that no path from the vault's root has (`./x`, `../x`, `x//y`), and what it may have been meant to be.
pub fn corrected(source: &str) -> Option<String> {
    let parts = || source.trim_matches('/').split('/');
    let is_none = |part: &&str| matches!(*part, "" | "." | "..");
    let kept: Vec<&str> = parts().filter(|part| !is_none(part)).collect();
    parts().any(|part| is_none(&part)).then(|| kept.join("/"))
}

/// The term of a pattern, in quotes only where it needs them.
pub fn term(source: &str) -> String {
    let plain = format!("path:{source}");
    let is_plain = Query::parse(&plain).is_ok_and(|query| matches!(query.root, Term::Path { glob, .. } if glob.source == source));
    if is_plain { plain } else { format!("path:{}", in_quotes(source)) }
}

/// A pattern for a file or folder, with or without its ending, as a name without wildcards is one: whatever signs are in it.
pub fn naming(path: &str) -> String {
    let literal = literal(path);
    if literal == path { format!("/{path}") } else { format!("/{literal}{{,.md,/**}}") }
}

/// A path as a pattern that means it alone, whatever signs are in it.
pub fn literal(path: &str) -> String {
    let sign = |c: char| if WILD.contains(&c) || matches!(c, ']' | '}' | '\\') { format!("[{c}]") } else { c.to_string() };
    path.chars().map(sign).collect()
}
