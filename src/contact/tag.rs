//! Tags: which texts may be one, which two are the same, and which look like another one. Identity is NFKC without invisible
//! characters and Unicode case folding; `/` nests.

use std::sync::OnceLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

pub use crate::text::fold::tag_key as key;
use crate::text::markdown::{is_beyond_tag, is_tag_character};
use crate::text::{fold, invisible};

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
        return Some("a tag has no spaces around it");
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
        return Some("a tag has a name on both sides of each `/`, without spaces around it");
    }
    if invisible::find(text).is_some() {
        return Some("there is an invisible character in this tag");
    }
    None
}

/// Can it be read as a tag without doubt? An invisible character changes nothing about which tag it is.
pub fn is_readable(text: &str) -> bool {
    !is_beyond_tag(text) && (is_plain(text) || fault(&invisible::taken_out(text)).is_none())
}

/// The tags that one item of `tags` names: commas of any script separate, `[[People]]` is `People`.
pub fn in_item(item: &str) -> impl Iterator<Item = &str> {
    item.split(COMMAS).map(|part| without_brackets(part.trim())).filter(|part| !part.is_empty())
}

/// Why an item of a list of tags that decides who receives something (`to`, `exclude`) is not simply a tag; `None` where it is.
pub fn list_item_fault(item: &str) -> Option<String> {
    let text = item.trim();
    let folded: String = text.nfkc().collect();
    let is_operator = folded.starts_with(['-', '!', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'])
        || folded.starts_with("NOT ")
        || folded.contains(" OR ")
        || folded.contains(" AND ")
        || folded.contains('|');
    if is_operator {
        return Some(format!("`{text}` is a query, and a list holds tag names: write one query in quotes instead of the list"));
    }
    fault(&invisible::taken_out(text)).map(|fault| format!("`{text}`: {fault}"))
}

fn without_brackets(text: &str) -> &str {
    let inner = text.strip_prefix("[[").and_then(|text| text.strip_suffix("]]"));
    inner.map_or(text, |inner| inner.split('|').next().unwrap_or(inner).trim())
}

/// What is compared where one tag may hide another: NFKC and case folding, and nothing but letters, marks, digits and pictographs
/// (Unicode general categories L, M, N and So).
pub fn reduced(text: &str) -> String {
    static REST: OnceLock<Option<Regex>> = OnceLock::new();
    let key = key(text);
    if key.is_ascii() {
        return key.chars().filter(char::is_ascii_alphanumeric).collect();
    }
    let rest = REST.get_or_init(|| Regex::new(r"[^\p{L}\p{M}\p{N}\p{So}]+").ok());
    rest.as_ref().map_or_else(|| key.to_string(), |rest| rest.replace_all(&key, "").into_owned())
}

/// The pieces of a text that may be several tags in one: cut at commas, semicolons, colons, slashes, bars, dots between words, `+`, `&`,
/// `#`, brackets, quotes and spaces; never at dashes and `_`, which are parts of names.
pub fn pieces(text: &str) -> Vec<String> {
    static CUT: OnceLock<Option<Regex>> = OnceLock::new();
    let folded: String = text.nfkc().filter(|&c| !invisible::is_ignorable(c)).collect();
    let cut = CUT.get_or_init(|| Regex::new(r#"[,、;:/|・·+&#<>\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'`‚„\s]+"#).ok());
    let Some(cut) = cut else { return vec![folded] };
    cut.split(&folded).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// Tags that somebody may have meant to write: each by its key, with what is compared of it.
#[derive(Clone, Debug, Default)]
pub struct Lookalikes(Vec<Lookalike>);

#[derive(Clone, Debug)]
struct Lookalike {
    key: String,
    reduced: String,
    digits: String,
    /// Is it so long that a slip of one sign is told from another word?
    is_long: bool,
}

/// From so many letters on a tag at edit distance 1 is taken for a slip.
const LONG: usize = 6;

/// So many pieces of one tag are put together: no person writes more.
const MOST_PIECES: usize = 24;

impl Lookalikes {
    /// These tags, given by their keys.
    pub fn new<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Self {
        let of = |key: K| {
            let reduced = reduced(key.as_ref());
            let is_long = reduced.chars().count() >= LONG;
            Lookalike { key: key.as_ref().to_owned(), digits: digits(&reduced), is_long, reduced }
        };
        Self(keys.into_iter().map(of).filter(|one| !one.reduced.is_empty()).collect())
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of them (by its key) this tag hides: the tag itself, a piece of it, or neighbouring pieces together are equal to it, or
    /// from six letters on at edit distance 1 of it.
    pub fn hidden_in(&self, text: &str) -> Option<&str> {
        self.find(text, true)
    }

    /// Which of them stands in this text as a piece of its own; slips do not count.
    pub fn glued_in(&self, text: &str) -> Option<&str> {
        self.find(text, false)
    }

    fn find(&self, text: &str, slips: bool) -> Option<&str> {
        if self.is_empty() {
            return None;
        }
        let whole = reduced(text);
        let is_meant = |written: &str| self.0.iter().find(|one| one.is_meant_by(written, slips)).map(|one| one.key.as_str());
        if let Some(found) = is_meant(&whole) {
            return Some(found);
        }
        let mut pieces: Vec<String> = pieces(text).iter().map(|piece| reduced(piece)).collect();
        pieces.retain(|piece| !piece.is_empty());
        if pieces.len() < 2 {
            return None;
        }
        for begin in 0..pieces.len() {
            let mut together = String::new();
            for piece in pieces[begin..].iter().take(MOST_PIECES) {
                together.push_str(piece);
                if let Some(found) = is_meant(&together) {
                    return Some(found);
                }
            }
        }
        None
    }
}

impl Lookalike {
    fn is_meant_by(&self, written: &str, slips: bool) -> bool {
        written == self.reduced
            || (slips
                && self.is_long
                && written.len().abs_diff(self.reduced.len()) <= 4
                && fold::distance(written, &self.reduced, 1).is_some()
                && digits(written) == self.digits)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_numeric()).collect()
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
