//! Where a name without brackets can end, and what joins it to the next one.

use super::item::BETWEEN;
use crate::vault::query::plain;

/// Between the names of several people: words, and signs.
const JOINING_WORDS: &[&str] = &["and", "und", "et", "y", "e", "&", "+"];
const JOINING_SIGNS: &[char] = &[',', '、', '&', '+', '/', ';', '和'];

/// What follows a sign or word that joins names, and whether it is more than a comma. A word needs a space before it.
pub fn after_joint(text: &str, has_space: bool) -> Option<(&str, bool)> {
    let first = text.chars().next()?;
    let words = JOINING_WORDS.iter().filter(|_| has_space);
    let word = words.filter_map(|word| text.strip_prefix(word)).find(|rest| rest.starts_with(char::is_whitespace));
    if let Some(rest) = word {
        return Some((rest, true));
    }
    let sign = plain(first).filter(|c| JOINING_SIGNS.contains(c))?;
    Some((&text[first.len_utf8()..], !matches!(sign, ',' | ';')))
}

/// Can a name without brackets end here? Before a handle, a remark, a sign at the end of a word, or a further name.
pub fn can_end(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    let next = rest.trim_start();
    let has_space = next.len() < rest.len();
    let Some(c) = next.chars().next() else { return true };
    let after = &next[c.len_utf8()..];
    let is_last = after.is_empty() || after.starts_with(char::is_whitespace);
    let is_dash = plain(c) == Some('-') && (has_space && is_last || after.starts_with(c) && c == '—');
    let is_sign = is_sign(c) && (is_last || !c.is_ascii());
    next.starts_with(BETWEEN.trim()) || is_dash || is_sign || (has_space && c == '<') || after_joint(next, has_space).is_some()
}

/// A sign that ends a word or a part of a sentence.
pub fn is_sign(c: char) -> bool {
    matches!(plain(c), Some(',' | ';' | ':' | '.' | '!' | '?' | '、' | '。'))
}

/// What says nothing at the ends of a text: spaces, emphasis, and what ends a sentence.
pub fn is_quiet(c: char) -> bool {
    c.is_whitespace() || is_sign(c) || matches!(c, '*' | '_')
}
