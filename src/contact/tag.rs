//! Tags: which texts may be one, and which two are the same. Identity is NFC and Unicode case folding; `/` nests.

pub use crate::text::fold::tag_key as key;
use crate::text::invisible;
use crate::text::markdown::{is_beyond_tag, is_tag_character};

/// What people write between two tags, Chinese or not.
pub const COMMAS: [char; 3] = [',', '，', '、'];

/// What is wrong with a text as a tag, in words for a person; `None` where it may be one.
pub fn fault(text: &str) -> Option<&'static str> {
    if is_beyond_tag(text) {
        return Some("a tag has at most 512 bytes and 32 levels");
    }
    if is_plain(text) {
        return None;
    }
    if text.trim().is_empty() {
        return Some("a tag cannot be empty");
    }
    if text.trim() != text {
        return Some("a tag has no blanks before or behind it");
    }
    if text.starts_with(['#', '＃']) {
        return Some("a tag is written without `#` here");
    }
    if text.contains(['#', '＃']) {
        return Some("a tag has no `#` in it");
    }
    if text.contains(COMMAS) {
        return Some("a tag has no comma in it: write two tags");
    }
    if text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Some("a tag has no line breaks, tabs or control characters in it");
    }
    if text.split('/').any(|segment| segment.trim().is_empty() || segment.trim() != segment) {
        return Some("a tag has a name on both sides of each `/`, and no blanks around it");
    }
    if invisible::find(text).is_some() {
        return Some("there is an invisible character in this tag");
    }
    None
}

/// Nearly all tags are words without anything doubtful in them, one below the other perhaps: one look at each character tells.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '\u{4e00}'..='\u{9fff}');
    let mut before = '/';
    for c in text.chars() {
        if !plain(c) && (c != '/' || before == '/') {
            return false;
        }
        before = c;
    }
    before != '/'
}

/// Is `tag` the tag `parent`, or below it? Both as keys.
pub fn is_at_or_below(tag: &str, parent: &str) -> bool {
    tag.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The tag that `tag` becomes when `old` is renamed to `new`, its children following: `event/ces` → `meeting/ces`.
pub fn renamed(tag: &str, old: &str, new: &str) -> Option<String> {
    let (tag_key, old_key) = (key(tag), key(old));
    if !is_at_or_below(&tag_key, &old_key) {
        return None;
    }
    let depth = old_key.split('/').count();
    let rest = tag.split('/').skip(depth).collect::<Vec<_>>();
    Some(std::iter::once(new).chain(rest).collect::<Vec<_>>().join("/"))
}

/// The tag as a term of a query: `#lead`, or in quotes where a blank or a sign would end it.
pub fn as_term(tag: &str) -> String {
    if tag.chars().all(is_tag_character) {
        return format!("#{tag}");
    }
    format!("#\"{}\"", tag.replace('\\', "\\\\").replace('"', "\\\""))
}
