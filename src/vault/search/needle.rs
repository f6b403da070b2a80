//! A word as it is looked for: as it stands, as it sounds, as a number; and how well it fits what one file has.

use memchr::memmem::Finder;

use super::block::{SIZE, Set, Texts};
use super::signature::Wanted;
use super::{REACH, Search};
use crate::text::fold::AsItStands;
use crate::text::{fold, pinyin};
use crate::vault::{FileId, Vault};

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

/// Fewer digits stand in everybody's numbers.
pub const SHORTEST_NUMBER: usize = 3;

/// Is it written with nothing but digits and what people put between them?
pub fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' '))
}

/// In which files of a block a word may be.
#[derive(Clone, Copy)]
pub struct May {
    /// In the names, going by their letters.
    name: Set,
    /// In names or details, or around the accents of the body.
    text: Set,
    /// The same, as a number.
    number: Set,
    /// In the body.
    pub body: Set,
}

impl May {
    /// In which at all.
    pub fn any(self) -> Set {
        self.name | self.text | self.number | self.body
    }
}

/// A word as it is searched.
pub struct Needle {
    folded: String,
    finder: Finder<'static>,
    as_it_stands: AsItStands,
    letters: String,
    initial: u32,
    mask: u64,
    wanted: Wanted,
    digits: Option<(Finder<'static>, usize)>,
}

impl Needle {
    /// Makes ready to look for a word.
    pub fn new(word: &str) -> Self {
        let folded = fold::search_key(word.trim()).into_owned();
        let letters = pinyin::letters(word);
        // Digits sound like nothing.
        let sounds = letters.chars().any(|c| !c.is_ascii_digit());
        let digits = Some(fold::digits(&folded)).filter(|digits| is_number(&folded) && digits.len() >= SHORTEST_NUMBER);
        let digits = digits.map(|digits| (Finder::new(&digits).into_owned(), digits.len()));
        Self {
            mask: pinyin::letter_mask(&letters),
            initial: if sounds { pinyin::initial(letters.chars().next()) } else { 0 },
            wanted: Wanted::of(&folded),
            finder: Finder::new(&folded).into_owned(),
            as_it_stands: AsItStands::new(&folded),
            digits,
            folded,
            letters,
        }
    }

    /// In which of these files of a block may it be? `bodies`: also in their bodies?
    pub fn may(&self, search: &Search, block: usize, among: Set, bodies: bool) -> May {
        let body = if bodies && self.is_long() { search.bodied(block, &self.wanted) & among } else { 0 };
        let (text, number) = self.texts_and_numbers(search, block, among);
        May { name: search.named(block, self.mask) & among, text, number, body }
    }

    /// How well it fits a file; `None` where it does not.
    pub fn score(&self, vault: &Vault, search: &Search, slot: usize, may: &May) -> Option<u32> {
        let is_in = |set: Set| set >> (slot % SIZE) & 1 == 1;
        let texts = search.texts(slot);
        let mut best = None;
        if is_in(may.name) {
            let literally = is_in(may.text) || !self.is_long();
            best = self.name(texts, literally, self.may_sound(search, slot)).or_else(|| self.letters(texts));
        }
        if best.is_some_and(|score| score <= tier::NAME_HOLDS) {
            return best;
        }
        if is_in(may.text) || is_in(may.number) {
            best = best.into_iter().chain(self.detail(texts, is_in(may.text), is_in(may.number))).min();
        }
        let is_better = best.is_none_or(|score| score > tier::BODY_HOLDS);
        if is_better && is_in(may.body) && self.in_body(vault, search, is_in(may.text).then_some(texts.accents()), slot) {
            best = Some(tier::BODY_HOLDS);
        }
        best
    }

    /// Is it in the body? `accents`: what is around its accents, where it may be there.
    fn in_body(&self, vault: &Vault, search: &Search, accents: Option<&str>, slot: usize) -> bool {
        let Ok(id) = FileId::try_from(slot) else { return false };
        let body = search.body(slot, vault.file(id));
        if !fold::is_within_reach(&self.folded, REACH) {
            return fold::contains_folded(body, &self.folded);
        }
        accents.is_some_and(|accents| self.finder.find(accents.as_bytes()).is_some()) || self.as_it_stands.is_in(body)
    }

    /// The letters that a name must have.
    pub fn mask(&self) -> u64 {
        self.mask
    }

    /// Is it looked for in more than names?
    fn is_long(&self) -> bool {
        self.folded.len() >= SHORTEST_DETAIL
    }

    fn may_sound(&self, search: &Search, slot: usize) -> bool {
        search.initials[slot] & self.initial != 0
    }

    /// Which of these files of a block have it in their texts, and which as a number.
    fn texts_and_numbers(&self, search: &Search, block: usize, among: Set) -> (Set, Set) {
        let holding = |finder| search.blocks[block].holding(finder, among);
        let text = if self.is_long() { holding(&self.finder) } else { 0 };
        let number = match &self.digits {
            // Digits alone are one and the same as text and as number.
            Some((finder, _)) if finder.needle() == self.folded.as_bytes() => text,
            Some((finder, _)) => holding(finder),
            None => 0,
        };
        (text, number)
    }

    /// Which files of a block may have it in their details, as text or as a number.
    pub fn detailed(&self, search: &Search, block: usize) -> Set {
        let (text, number) = self.texts_and_numbers(search, block, Set::MAX);
        text | number
    }

    /// How well the word fits one of a file's names, by letter or by sound.
    pub fn name_in(&self, search: &Search, slot: usize) -> Option<u32> {
        self.name(search.texts(slot), true, self.may_sound(search, slot))
    }

    /// How well it fits one of a file's details.
    pub fn detail_in(&self, search: &Search, slot: usize) -> Option<u32> {
        self.detail(search.texts(slot), self.is_long(), true)
    }

    /// Does one of a file's names merely have the letters in order?
    pub fn letters_in(&self, search: &Search, slot: usize) -> Option<u32> {
        self.letters(search.texts(slot))
    }

    fn letters(&self, texts: Texts<'_>) -> Option<u32> {
        // Two letters in order are in nearly every name: that is noise, not a match.
        let fits = self.letters.chars().nth(2).is_some() && in_order(texts.names(), &self.letters);
        fits.then_some(tier::LETTERS_IN_ORDER)
    }

    /// How well it fits one of the names. `literally`: may it stand in one, letter by letter? `sounds`: may one sound like it?
    fn name(&self, texts: Texts<'_>, literally: bool, sounds: bool) -> Option<u32> {
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

    fn detail(&self, texts: Texts<'_>, by_text: bool, by_digits: bool) -> Option<u32> {
        let details = texts.details();
        let text = by_text.then(|| hits(details, &self.finder, self.folded.len()).map(|(_, place)| place).min()).flatten();
        let digits = self.digits.as_ref().filter(|_| by_digits);
        let number = digits.and_then(|(finder, length)| hits(details, finder, *length).map(|(_, place)| place).min());
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
