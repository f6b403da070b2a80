//! Who matches a word, and how well: a name that begins with it before a name with a word that does, before one that holds it,
//! before one that is read so in Chinese, before details and body, before one that merely has its letters in order.

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::{Search, Signature, Texts};
use crate::text::{fold, pinyin};
use crate::vault::query::{Query, Term, Value, compile};
use crate::vault::{FileId, Vault};

/// How to search.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Search bodies too.
    pub bodies: bool,
    /// At most so many answers, the best ones.
    pub limit: usize,
}

/// An answer of `find`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which file.
    pub file: FileId,
    /// Lower is better.
    pub score: u32,
}

/// Scores of one word, lower is better. A query of several words adds them up.
mod tier {
    pub const WHOLE_NAME: u32 = 0;
    pub const NAME_BEGINS: u32 = 10;
    pub const PINYIN_WHOLE: u32 = 12;
    pub const WORD_BEGINS: u32 = 20;
    pub const PINYIN_BEGINS: u32 = 22;
    pub const DETAIL_WHOLE: u32 = 25;
    pub const PINYIN_WITHIN: u32 = 28;
    pub const NAME_HOLDS: u32 = 30;
    pub const DETAIL_WORD_BEGINS: u32 = 40;
    pub const DETAIL_HOLDS: u32 = 45;
    pub const BODY_HOLDS: u32 = 60;
    pub const LETTERS_IN_ORDER: u32 = 70;
    /// Another name than the alias counts a little less.
    pub const OTHER_NAME: u32 = 2;
}

/// A word as it is searched.
struct Needle {
    folded: String,
    letters: String,
    digits: Option<String>,
    mask: u64,
    signature: Signature,
    digit_signature: Signature,
}

/// Everybody who fits, best first, then by alias; and how many there are in all. Words match loosely and all must match;
/// structured terms (`#tag`, `key:value`, not, or) stay exact, and one that names an unknown tag simply matches nobody.
pub fn find(vault: &Vault, search: &Search, query: &Query, options: Options) -> (Vec<Found>, usize) {
    let (words, exact) = split(query);
    let needles: Vec<Needle> = words.iter().map(|word| Needle::new(word)).collect();
    let candidates = match &exact {
        Some(exact) => compile(exact, vault).0.run(vault),
        None => vault.contacts().clone(),
    };
    let mut found = score_all(search, &needles, &candidates, options.bodies);
    let total = found.len();
    let better = |a: &Found, b: &Found| {
        let name = |found: &Found| &search.texts[found.file as usize].names;
        (a.score, name(a), vault.file(a.file).path()).cmp(&(b.score, name(b), vault.file(b.file).path()))
    };
    if total > options.limit {
        found.select_nth_unstable_by(options.limit, better);
        found.truncate(options.limit);
    }
    found.sort_unstable_by(better);
    (found, total)
}

/// The loose words at the top of the query, and the rest of it.
fn split(query: &Query) -> (Vec<&str>, Option<Query>) {
    let terms = match &query.root {
        Term::And(terms) => terms.as_slice(),
        term => std::slice::from_ref(term),
    };
    let word = |term: &Term| matches!(term, Term::Word { value: Value::Text { .. }, .. });
    let words = terms.iter().filter_map(|term| match term {
        Term::Word { value: Value::Text { text, .. }, .. } => Some(text.as_str()),
        _ => None,
    });
    let mut rest: Vec<Term> = terms.iter().filter(|term| !word(term)).cloned().collect();
    let rest = match rest.len() {
        0 => None,
        1 => Some(Query { root: rest.swap_remove(0) }),
        _ => Some(Query { root: Term::And(rest) }),
    };
    (words.collect(), rest)
}

impl Needle {
    fn new(word: &str) -> Self {
        let folded = fold::search_key(word.trim()).into_owned();
        let letters = pinyin::letters(word);
        let number = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' '));
        let digits = Some(fold::digits(&folded)).filter(|digits| number && digits.len() >= 3);
        let digit_signature = digits.as_deref().map(Signature::of_needle).unwrap_or_default();
        Self {
            mask: pinyin::letter_mask(&letters),
            signature: Signature::of_needle(&folded),
            digit_signature,
            folded,
            letters,
            digits,
        }
    }

    /// How well this word fits a file; `None` where it does not.
    fn score(&self, search: &Search, slot: usize, bodies: bool) -> Option<u32> {
        let may_name = search.masks[slot] & self.mask == self.mask;
        let may_detail = search.details[slot].may_hold(&self.signature);
        let may_number = self.digits.is_some() && search.details[slot].may_hold(&self.digit_signature);
        let may_body = bodies && search.bodies[slot].may_hold(&self.signature);
        if !(may_name || may_detail || may_number || may_body) {
            return None;
        }
        let texts = &search.texts[slot];
        let name = if may_name { self.name(texts) } else { None };
        if name.is_some_and(|score| score <= tier::NAME_HOLDS) {
            return name;
        }
        let detail = if may_detail || may_number { self.detail(texts) } else { None };
        let better = name.into_iter().chain(detail).min();
        if better.is_some_and(|score| score <= tier::BODY_HOLDS) || !may_body {
            return better;
        }
        let body = memchr::memmem::find(texts.body.as_bytes(), self.folded.as_bytes()).map(|_| tier::BODY_HOLDS);
        better.into_iter().chain(body).min()
    }

    fn name(&self, texts: &Texts) -> Option<u32> {
        let names = texts.names.split('\n').enumerate();
        names.filter_map(|(at, name)| Some(self.one_name(name, texts)? + if at == 0 { 0 } else { tier::OTHER_NAME })).min()
    }

    fn one_name(&self, name: &str, texts: &Texts) -> Option<u32> {
        let literal = literal(name, &self.folded).map(|place| match place {
            Where::Whole => tier::WHOLE_NAME,
            Where::Beginning => tier::NAME_BEGINS,
            Where::Word => tier::WORD_BEGINS,
            Where::Inside => tier::NAME_HOLDS,
        });
        if literal.is_some() {
            return literal;
        }
        if texts.has_han && pinyin::has_han(name) {
            let fit = pinyin::Spelling::new(name, texts.phonetic.as_deref()).fit(&self.letters);
            if let Some(fit) = fit {
                return Some(match fit {
                    pinyin::Fit::Whole => tier::PINYIN_WHOLE,
                    pinyin::Fit::Beginning => tier::PINYIN_BEGINS,
                    pinyin::Fit::Within => tier::PINYIN_WITHIN,
                });
            }
        }
        // Two letters in order are in nearly every name: that is noise, not a match.
        (self.letters.chars().count() >= 3 && in_order(name, &self.letters)).then_some(tier::LETTERS_IN_ORDER)
    }

    fn detail(&self, texts: &Texts) -> Option<u32> {
        let by_text = texts.details.split('\n').filter_map(|detail| literal(detail, &self.folded)).min();
        let by_digits = self
            .digits
            .as_deref()
            .and_then(|digits| texts.details.split('\n').filter_map(|detail| literal(detail, digits)).min());
        by_text.into_iter().chain(by_digits).min().map(|place| match place {
            Where::Whole => tier::DETAIL_WHOLE,
            Where::Beginning | Where::Word => tier::DETAIL_WORD_BEGINS,
            Where::Inside => tier::DETAIL_HOLDS,
        })
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Whole,
    Beginning,
    Word,
    Inside,
}

fn literal(text: &str, needle: &str) -> Option<Where> {
    let mut inside = None;
    for at in memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()) {
        if at == 0 {
            return Some(if text.len() == needle.len() { Where::Whole } else { Where::Beginning });
        }
        if text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric()) {
            return Some(Where::Word);
        }
        inside = Some(Where::Inside);
    }
    inside
}

/// Are the letters there, in order, the first one at the beginning of a word?
fn in_order(name: &str, letters: &str) -> bool {
    let Some(first) = letters.chars().next() else { return false };
    let mut before = ' ';
    for (at, c) in name.char_indices() {
        if c == first && !before.is_alphanumeric() {
            let mut rest = name[at..].chars().filter(|c| c.is_alphanumeric());
            if letters.chars().all(|wanted| rest.any(|c| c == wanted)) {
                return true;
            }
        }
        before = c;
    }
    false
}

fn score_all(search: &Search, needles: &[Needle], candidates: &RoaringBitmap, bodies: bool) -> Vec<Found> {
    let score = |file: FileId| {
        let mut sum = 0;
        for needle in needles {
            sum += needle.score(search, file as usize, bodies)?;
        }
        Some(Found { file, score: sum })
    };
    if candidates.len() < 4096 {
        return candidates.iter().filter_map(score).collect();
    }
    let ids: Vec<FileId> = candidates.iter().collect();
    ids.into_par_iter().with_min_len(2048).filter_map(score).collect()
}
