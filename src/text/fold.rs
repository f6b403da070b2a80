//! How texts are compared: a key for tag identity, and a looser one for searching.

use std::borrow::Cow;

use memchr::arch::all::packedpair::Pair;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use super::{invisible, lines};

/// The identity of a tag: equal keys, equal tags. NFKC, without invisible characters, Unicode full case folding: in the main
/// `toNFKC_Casefold` (Unicode 3.13, R5).
pub fn tag_key(tag: &str) -> Cow<'_, str> {
    if tag.is_ascii() {
        return ascii_lower(tag);
    }
    if tag.chars().all(folds_to_itself) {
        return Cow::Owned(tag.to_ascii_lowercase());
    }
    let visible: String = tag.nfkc().filter(|&c| !invisible::is_ignorable(c)).collect();
    let folded = caseless::default_case_fold_str(&visible);
    Cow::Owned(if is_nfkc(&folded) { folded } else { folded.nfkc().collect() })
}

/// What searching compares: NFKC, case folding, no diacritics, no invisible characters. `Łukasz`, `ŁUKASZ` and `lukasz` are one; `王` stays `王`.
pub fn search_key(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return ascii_lower(text);
    }
    // ASCII and common Chinese characters fold to themselves, and nothing joins across their borders: only what is between
    // goes the long way.
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if folds_to_itself(c) {
            let length = rest.find(|c| !folds_to_itself(c)).unwrap_or(rest.len());
            result.extend(rest[..length].chars().map(|c| c.to_ascii_lowercase()));
            rest = &rest[length..];
        } else {
            let length = rest.find(folds_to_itself).unwrap_or(rest.len());
            fold_into(&rest[..length], &mut result);
            rest = &rest[length..];
        }
    }
    Cow::Owned(result)
}

/// Has the text, folded, the folded needle in it? Plain text is searched as it stands, without a copy.
pub fn contains_folded(text: &str, needle: &str) -> bool {
    if text.chars().all(folds_to_itself) {
        return contains_as_it_stands(text, needle);
    }
    memchr::memmem::find(search_key(text).as_bytes(), needle.as_bytes()).is_some()
}

/// Has the text the folded needle in it, but for ASCII case letter by letter?
pub fn contains_as_it_stands(text: &str, needle: &str) -> bool {
    AsItStands::new(needle).is_in(text)
}

/// A folded needle that is looked for in many texts, letter by letter but for ASCII case.
#[derive(Clone, Debug)]
pub struct AsItStands {
    needle: Box<[u8]>,
    /// Which of its bytes is rarest in texts: that one is looked for first.
    rarest: usize,
}

impl AsItStands {
    /// Makes ready to look for it.
    pub fn new(needle: &str) -> Self {
        // A needle of one byte makes no pair.
        let rarest = Pair::new(needle.as_bytes()).map_or(0, |pair| usize::from(pair.index1()));
        Self { needle: needle.as_bytes().into(), rarest }
    }

    /// Is it in the text?
    pub fn is_in(&self, text: &str) -> bool {
        let (text, needle) = (text.as_bytes(), &*self.needle);
        let Some(&rarest) = needle.get(self.rarest) else { return true };
        let Some(last) = text.len().checked_sub(needle.len()) else { return false };
        // Where its rarest byte may stand.
        let places = &text[self.rarest..=last + self.rarest];
        memchr::memchr2_iter(rarest, rarest.to_ascii_uppercase(), places)
            .any(|at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
    }
}

/// What stands between the pieces of [`around_accents`]: no needle holds it.
const BETWEEN: char = '\0';

/// The pieces of the text, folded, in which something does not stand as it folds: accents, wide letters, Cyrillic capitals; each
/// with `reach` bytes on both sides. A needle of at most `reach` bytes is in the folded text exactly if it is in one of these, or in
/// the text [as it stands](contains_as_it_stands). Of most texts this is a small part.
pub fn around_accents(text: &str, reach: usize) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(begin) = text[at..].find(|c| !folds_to_itself(c)).map(|found| at + found) {
        let end = text[begin..].find(folds_to_itself).map_or(text.len(), |found| begin + found);
        // A character that is cut is left out before, and taken whole behind.
        let from = lines::floor(text, begin.saturating_sub(reach));
        let to = lines::floor(text, end + reach + 3);
        match ranges.last_mut() {
            Some((_, last)) if *last >= from => *last = to,
            _ => ranges.push((from, to)),
        }
        at = end;
    }
    let mut result = String::new();
    for (from, to) in ranges {
        if !result.is_empty() {
            result.push(BETWEEN);
        }
        result.push_str(&search_key(&text[from..to]));
    }
    result
}

/// Can this needle be looked for in [`around_accents`] of this reach?
pub fn is_within_reach(needle: &str, reach: usize) -> bool {
    needle.len() <= reach && !needle.contains(BETWEEN)
}

/// But for ASCII case.
fn folds_to_itself(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn fold_into(text: &str, result: &mut String) {
    let bare: String = text.nfkd().filter(|&c| !is_diacritic(c) && !invisible::is_ignorable(c)).collect();
    let folded = caseless::default_case_fold_str(&bare);
    for c in folded.nfkc() {
        // Letters with a stroke or a ligature do not decompose (ø, ł, đ, æ): the nearest ASCII stands for them.
        match c {
            '\u{80}'..='\u{24f}' if c.is_alphabetic() => match deunicode::deunicode_char(c) {
                Some(ascii) => result.extend(ascii.chars().map(|c| c.to_ascii_lowercase())),
                None => result.push(c),
            },
            _ => result.push(c),
        }
    }
}

/// Only the digits, for comparing phone numbers however they are written: in any script.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(decimal).collect()
}

/// The decimal digit of any script as one of ASCII (Unicode general category Nd, as far as people write numbers with them: each script
/// has its ten in a row).
fn decimal(c: char) -> Option<char> {
    const ZEROS: [u32; 19] = [
        0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0,
        0x1810, 0xff10,
    ];
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let zero = ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&(c as u32)))?;
    char::from_digit(c as u32 - zero, 10)
}

fn ascii_lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

/// Combining marks that a searcher leaves out. Kana voicing marks and Indic vowel signs are letters to their readers and stay.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// How far apart two words are: the Damerau-Levenshtein distance (a neighbouring swap counts once), or `None` beyond `limit`.
/// `limit` also bounds the time: it is linear in the words for a small limit.
pub fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    // Nearly all words are ASCII: their lengths are known without reading them.
    if a.is_ascii() && b.is_ascii() && a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let swap = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (previous[j] + 1).min(row[j - 1] + 1).min(previous[j - 1] + swap);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().min().is_some_and(|&best| best > limit) {
            return None;
        }
        before = std::mem::replace(&mut previous, row);
    }
    Some(previous[b.len()]).filter(|&found| found <= limit)
}
