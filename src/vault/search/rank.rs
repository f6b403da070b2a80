//! Who matches a word, and how well: a name that begins with it before a name with a word that does, before one that holds it,
//! before one that is read so in Chinese, before details and body, before one that merely has its letters in order.

use memchr::memmem::Finder;
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::signature::Wanted;
use super::{REACH, Search, Texts, searched_body};
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

/// A word of fewer bytes is looked for in names only: two letters stand somewhere in everybody's details. (One Chinese character
/// is three bytes.)
const SHORTEST_DETAIL: usize = 3;

/// So many files are scored by one core at a time.
const BATCH: usize = 4096;

/// A word as it is searched.
pub(super) struct Needle {
    folded: String,
    finder: Finder<'static>,
    letters: String,
    initial: u32,
    mask: u64,
    wanted: Wanted,
    digits: Option<(Finder<'static>, usize, Wanted)>,
}

/// Everybody who fits, best first, then by alias; and how many there are in all. Words match loosely and all must match;
/// structured terms (`#tag`, `key:value`, not, or) stay exact, and one that names an unknown tag simply matches nobody.
pub fn find(vault: &Vault, search: &Search, query: &Query, options: Options) -> (Vec<Found>, usize) {
    let (words, exact) = split(query);
    let needles: Vec<Needle> = words.iter().map(|word| Needle::new(word)).collect();
    let scorer = Scorer { vault, search, needles: &needles, bodies: options.bodies, limit: options.limit };
    let mut best = match &exact {
        Some(exact) => scorer.among(&compile(exact, vault).0.run(vault)),
        None => scorer.everybody(),
    };
    best.found.sort_unstable_by(|a, b| scorer.order(a, b));
    (best.found, best.total)
}

/// The best answers so far, and how many there were in all.
#[derive(Default)]
struct Best {
    found: Vec<Found>,
    total: usize,
}

/// The loose words at the top of the query, and the rest of it.
fn split(query: &Query) -> (Vec<&str>, Option<Query>) {
    let terms = match &query.root {
        Term::And(terms) => terms.as_slice(),
        term => std::slice::from_ref(term),
    };
    let mut words = Vec::new();
    let mut rest = Vec::new();
    for term in terms {
        match term {
            Term::Word { value: Value::Text { text, .. }, .. } => words.push(text.as_str()),
            term => rest.push(term.clone()),
        }
    }
    let rest = match rest.len() {
        0 => None,
        1 => Some(Query { root: rest.swap_remove(0) }),
        _ => Some(Query { root: Term::And(rest) }),
    };
    (words, rest)
}

struct Scorer<'a> {
    vault: &'a Vault,
    search: &'a Search,
    needles: &'a [Needle],
    bodies: bool,
    limit: usize,
}

impl Scorer<'_> {
    fn everybody(&self) -> Best {
        let slots = self.search.texts.len();
        let contacts = self.vault.contacts();
        let starts: Vec<usize> = (0..slots).step_by(BATCH).collect();
        let batch = |start: usize| {
            let end = (start + BATCH).min(slots);
            // The masks first: who is a contact is only asked of those that are left.
            self.best((start..end).filter_map(|slot| self.score(slot)).filter(|found| contacts.contains(found.file)).collect())
        };
        starts.into_par_iter().map(batch).reduce(Best::default, |a, b| self.joined(a, b))
    }

    fn among(&self, candidates: &RoaringBitmap) -> Best {
        let ids: Vec<FileId> = candidates.iter().collect();
        let batch = |ids: &[FileId]| self.best(ids.iter().filter_map(|&id| self.score(id as usize)).collect());
        ids.par_chunks(BATCH / 4).map(batch).reduce(Best::default, |a, b| self.joined(a, b))
    }

    /// The best of a batch. A batch is cut before batches are joined, so that a letter that fits everybody sorts no more than a
    /// batch at a time.
    fn best(&self, mut found: Vec<Found>) -> Best {
        let total = found.len();
        if total > self.limit {
            found.select_nth_unstable_by(self.limit, |a, b| self.order(a, b));
            found.truncate(self.limit);
        }
        Best { found, total }
    }

    fn joined(&self, mut a: Best, b: Best) -> Best {
        a.found.extend(b.found);
        let total = a.total + b.total;
        Best { total, ..self.best(a.found) }
    }

    /// Better answers first; among equals by name, then by path.
    fn order(&self, a: &Found, b: &Found) -> std::cmp::Ordering {
        let key = |found: &Found| (self.search.texts[found.file as usize].names(), self.vault.file(found.file).path());
        a.score.cmp(&b.score).then_with(|| key(a).cmp(&key(b)))
    }

    fn score(&self, slot: usize) -> Option<Found> {
        let mut score = 0;
        for needle in self.needles {
            score += self.word(needle, slot)?;
        }
        Some(Found { file: FileId::try_from(slot).ok()?, score })
    }

    /// How well one word fits a file; `None` where it does not.
    fn word(&self, needle: &Needle, slot: usize) -> Option<u32> {
        let long = needle.folded.len() >= SHORTEST_DETAIL;
        let may_name = self.search.masks[slot] & needle.mask == needle.mask;
        let may_detail = long && self.search.details[slot].may_hold(&needle.wanted);
        let may_number = needle.digits.as_ref().is_some_and(|(_, _, wanted)| self.search.details[slot].may_hold(wanted));
        let may_body = self.bodies && long && self.search.bodies[slot].may_hold(&needle.wanted);
        if !(may_name || may_detail || may_number || may_body) {
            return None;
        }
        let texts = &self.search.texts[slot];
        let name = || needle.name_in(self.search, slot).or_else(|| needle.letters_in(self.search, slot));
        let mut best = may_name.then(name).flatten();
        if best.is_some_and(|score| score <= tier::NAME_HOLDS) {
            return best;
        }
        if may_detail || may_number {
            best = best.into_iter().chain(needle.detail(texts, may_detail, may_number)).min();
        }
        if may_body && best.is_none_or(|score| score > tier::BODY_HOLDS) && self.in_body(needle, texts, slot) {
            best = best.into_iter().chain([tier::BODY_HOLDS]).min();
        }
        best
    }

    fn in_body(&self, needle: &Needle, texts: &Texts, slot: usize) -> bool {
        let Ok(id) = FileId::try_from(slot) else { return false };
        let body = || searched_body(self.vault.file(id));
        if !fold::is_within_reach(&needle.folded, REACH) {
            return fold::contains_folded(body(), &needle.folded);
        }
        needle.finder.find(texts.accents().as_bytes()).is_some() || fold::contains_as_it_stands(body(), &needle.folded)
    }
}

impl Needle {
    pub(super) fn new(word: &str) -> Self {
        let folded = fold::search_key(word.trim()).into_owned();
        let letters = pinyin::letters(word);
        // Digits sound like nothing.
        let sounds = letters.chars().any(|c| !c.is_ascii_digit());
        let number = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' '));
        let digits = Some(fold::digits(&folded)).filter(|digits| number && digits.len() >= 3);
        let digits = digits.map(|digits| (Finder::new(&digits).into_owned(), digits.len(), Wanted::of(&digits)));
        Self {
            mask: pinyin::letter_mask(&letters),
            initial: if sounds { pinyin::initial(letters.chars().next()) } else { 0 },
            wanted: Wanted::of(&folded),
            finder: Finder::new(&folded).into_owned(),
            digits,
            folded,
            letters,
        }
    }

    /// May one of the names have it?
    pub(super) fn may_name(&self, search: &Search, slot: usize) -> bool {
        search.masks[slot] & self.mask == self.mask
    }

    /// May the details have it, as text or as a number?
    pub(super) fn may_detail(&self, search: &Search, slot: usize) -> (bool, bool) {
        let by_text = self.folded.len() >= SHORTEST_DETAIL && search.details[slot].may_hold(&self.wanted);
        (by_text, self.digits.as_ref().is_some_and(|(_, _, wanted)| search.details[slot].may_hold(wanted)))
    }

    /// How well the word fits one of a file's names, by letter or by sound.
    pub(super) fn name_in(&self, search: &Search, slot: usize) -> Option<u32> {
        // The triples of names and details are kept together.
        let literally = self.folded.len() < SHORTEST_DETAIL || search.details[slot].may_hold(&self.wanted);
        self.name(&search.texts[slot], literally, search.initials[slot] & self.initial != 0)
    }

    /// Does one of a file's names merely have the letters in order?
    pub(super) fn letters_in(&self, search: &Search, slot: usize) -> Option<u32> {
        // Two letters in order are in nearly every name: that is noise, not a match.
        let fits = self.letters.chars().nth(2).is_some() && in_order(search.texts[slot].names(), &self.letters);
        fits.then_some(tier::LETTERS_IN_ORDER)
    }

    /// The same for names. `literally`: may it stand in one, letter by letter? `sounds`: may one sound like it?
    fn name(&self, texts: &Texts, literally: bool, sounds: bool) -> Option<u32> {
        let names = texts.names();
        let other = |at: usize| if names[..at].contains('\n') { tier::OTHER_NAME } else { 0 };
        let mut best = None;
        if literally {
            let score = |(at, place)| other(at) + place_in_name(place);
            best = hits(names, &self.finder, self.folded.len()).map(score).min();
        }
        if best.is_some() {
            return best;
        }
        if sounds {
            let mut start = 0;
            for name in names.split_terminator('\n') {
                let fit = if pinyin::has_han(name) {
                    pinyin::Spelling::of_folded(name, texts.phonetic()).fit(&self.letters)
                } else {
                    None
                };
                best = best.into_iter().chain(fit.map(|fit| fit_of_name(fit) + other(start))).min();
                start += name.len() + 1;
            }
        }
        best
    }

    pub(super) fn detail(&self, texts: &Texts, by_text: bool, by_digits: bool) -> Option<u32> {
        let details = texts.details();
        let text = by_text.then(|| hits(details, &self.finder, self.folded.len()).map(|(_, place)| place).min()).flatten();
        let digits = self.digits.as_ref().filter(|_| by_digits);
        let number = digits.and_then(|(finder, length, _)| hits(details, finder, *length).map(|(_, place)| place).min());
        text.into_iter().chain(number).min().map(|place| match place {
            Where::Whole => tier::DETAIL_WHOLE,
            Where::Beginning | Where::Word => tier::DETAIL_WORD_BEGINS,
            Where::Inside => tier::DETAIL_HOLDS,
        })
    }
}

fn place_in_name(place: Where) -> u32 {
    match place {
        Where::Whole => tier::WHOLE_NAME,
        Where::Beginning => tier::NAME_BEGINS,
        Where::Word => tier::WORD_BEGINS,
        Where::Inside => tier::NAME_HOLDS,
    }
}

fn fit_of_name(fit: pinyin::Fit) -> u32 {
    match fit {
        pinyin::Fit::Whole => tier::PINYIN_WHOLE,
        pinyin::Fit::Beginning => tier::PINYIN_BEGINS,
        pinyin::Fit::Within => tier::PINYIN_WITHIN,
    }
}

/// How a needle stands in its piece.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Whole,
    Beginning,
    Word,
    Inside,
}

/// Every place of the needle in pieces that end with `\n`, and how it stands there.
fn hits<'t>(pieces: &'t str, finder: &'t Finder<'_>, length: usize) -> impl Iterator<Item = (usize, Where)> + 't {
    finder.find_iter(pieces.as_bytes()).map(move |at| {
        let bytes = pieces.as_bytes();
        let begins = at == 0 || bytes[at - 1] == b'\n';
        let ends = bytes.get(at + length).is_none_or(|&byte| byte == b'\n');
        let place = match (begins, ends) {
            (true, true) => Where::Whole,
            (true, false) => Where::Beginning,
            _ if pieces[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric()) => Where::Word,
            _ => Where::Inside,
        };
        (at, place)
    })
}

/// Are the letters there in one of the names, in order, the first one at the beginning of a word?
fn in_order(names: &str, letters: &str) -> bool {
    let Some(first) = letters.chars().next() else { return false };
    let mut buffer = [0; 4];
    let first = first.encode_utf8(&mut buffer);
    // Most names have no word that begins so: they are passed over at the speed of a byte search.
    memchr::memchr_iter(first.as_bytes()[0], names.as_bytes()).any(|at| {
        let begins = names.is_char_boundary(at) && names[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        if !begins || !names[at..].starts_with(&*first) {
            return false;
        }
        let mut rest = names[at..].chars().take_while(|&c| c != '\n').filter(|c| c.is_alphanumeric());
        letters.chars().all(|wanted| rest.any(|c| c == wanted))
    })
}
