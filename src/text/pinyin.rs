//! Chinese names by how they are read: a query of Latin letters matches characters by full reading, by its beginning, or by
//! initials, in any of the readings a character has (单 is `dan` and, as a surname, `shan`).

use pinyin::ToPinyinMulti;

/// Names are spelled up to this many characters.
const LONGEST: usize = 48;

/// Queries are spelled up to this many bytes: places in them are bits of one word.
const LONGEST_QUERY: usize = 64;

/// How many ways are tried to fit a given spelling to the characters.
const ALIGN_STEPS: usize = 1_000;

/// Has the text a character with a Chinese reading?
pub fn has_han(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_han)
}

/// Asks about each reading of a character, without tones, until one answers yes. A reading may come twice.
fn any_reading(c: char, mut ask: impl FnMut(&'static str) -> bool) -> bool {
    if !is_han(c) {
        return false;
    }
    let common = c.to_pinyin_multi().into_iter().flatten().any(|reading| ask(reading.plain()));
    common || SURNAMES.iter().any(|&(surname, reading)| surname == c && ask(reading))
}

/// Readings that only surnames have and that the dictionary of common readings leaves out.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('朴', "piao"),
    ('区', "ou"),
    ('盖', "ge"),
    ('乐', "yue"),
    ('缪', "miao"),
    ('黑', "he"),
    ('秘', "bi"),
    ('繁', "po"),
    ('员', "yun"),
    ('种', "chong"),
    ('洗', "xian"),
    ('召', "shao"),
    ('折', "she"),
    ('那', "na"),
    ('万', "mo"),
    ('俟', "qi"),
    ('尉', "yu"),
    ('长', "zhang"),
    ('覃', "qin"),
    ('翟', "zhai"),
    ('祭', "zhai"),
    ('牟', "mu"),
    ('隗', "wei"),
    ('郇', "xun"),
    ('逄', "pang"),
    ('过', "guo"),
    ('钭', "tou"),
    ('冼', "xian"),
    ('宓', "mi"),
    ('谌', "chen"),
    ('澹', "tan"),
    ('任', "ren"),
    ('华', "hua"),
    ('葛', "ge"),
    ('燕', "yan"),
];

fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A name whose Chinese characters can be matched by their readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    sounds: Vec<Sound>,
}

/// One character of the name: itself in folded form, or what it may sound like.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sound {
    Letter(char),
    Han(char),
    /// The one reading that `phonetic` chooses.
    Read(&'static str),
    /// A syllable that `phonetic` gives.
    Given(String),
}

/// How well a query fits the sound of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// From the first character to the last.
    Whole,
    /// From the first character on.
    Beginning,
    /// From a later character on (the given name alone).
    Within,
}

/// Is a name read so, each of its characters in full: 王小明 by `wangxiaoming`, given as [`letters`]?
pub fn reads(name: &str, letters: &str) -> bool {
    Spelling::new(name, None).align(0, letters, &mut Vec::new(), &mut { ALIGN_STEPS })
}

impl Spelling {
    /// The spelling of a name. `phonetic`, where the person's file gives it, says which of the readings are meant.
    pub fn new(name: &str, phonetic: Option<&str>) -> Self {
        Self::of_folded(&super::fold::search_key(name), phonetic)
    }

    /// The same for a name that is folded already, as [`search_key`](super::fold::search_key) does it.
    pub fn of_folded(name: &str, phonetic: Option<&str>) -> Self {
        let letters = name.chars().take(LONGEST).filter(|c| c.is_alphanumeric());
        let sounds = letters.map(|c| if any_reading(c, |_| true) { Sound::Han(c) } else { Sound::Letter(c) }).collect();
        let spelling = Self { sounds };
        match phonetic {
            Some(phonetic) => spelling.read_as(phonetic),
            None => spelling,
        }
    }

    /// Only the readings that the given spelling uses; the given syllables themselves where they fit no known reading.
    fn read_as(mut self, phonetic: &str) -> Self {
        let letters = letters(phonetic);
        let mut chosen = Vec::new();
        let mut steps = ALIGN_STEPS;
        if self.align(0, &letters, &mut chosen, &mut steps) {
            for (sound, reading) in self.sounds.iter_mut().zip(chosen) {
                if let Some(reading) = reading {
                    *sound = Sound::Read(reading);
                }
            }
            return self;
        }
        let folded = super::fold::search_key(phonetic).into_owned();
        let syllables = folded.split(|c: char| !c.is_alphanumeric()).filter(|syllable| !syllable.is_empty());
        Self { sounds: syllables.map(|syllable| Sound::Given(syllable.to_owned())).collect() }
    }

    fn align(&self, at: usize, letters: &str, chosen: &mut Vec<Option<&'static str>>, steps: &mut usize) -> bool {
        let Some(sound) = self.sounds.get(at) else { return letters.is_empty() };
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        let mut go_on = |choice: Option<&'static str>, length: usize| {
            chosen.push(choice);
            let fits = self.align(at + 1, &letters[length..], chosen, steps);
            if !fits {
                chosen.pop();
            }
            fits
        };
        match sound {
            Sound::Letter(c) => letters.starts_with(*c) && go_on(None, c.len_utf8()),
            Sound::Han(c) => any_reading(*c, |reading| letters.starts_with(reading) && go_on(Some(reading), reading.len())),
            Sound::Read(_) | Sound::Given(_) => false,
        }
    }

    /// Does the query, given as [`letters`], spell this name from some character on? Each character takes its full reading, the
    /// beginning of it, or its initial: `wangxm`, `wxm` and `wang xiao` all spell 王小明.
    pub fn fit(&self, letters: &str) -> Option<Fit> {
        if letters.is_empty() || letters.len() >= LONGEST_QUERY {
            return None;
        }
        let mut within = None;
        for start in 0..self.sounds.len() {
            if let Some(end) = self.reaches(start, letters) {
                if start == 0 {
                    return Some(if end == self.sounds.len() { Fit::Whole } else { Fit::Beginning });
                }
                within.get_or_insert(Fit::Within);
            }
        }
        within
    }

    /// How many sounds the letters use up from `start` on. Sound by sound, the set of places in the query that can be reached:
    /// bit `n` stands for "the first `n` bytes are spelled".
    fn reaches(&self, start: usize, letters: &str) -> Option<usize> {
        let mut places: u64 = 1;
        for (index, sound) in self.sounds.iter().enumerate().skip(start) {
            let mut next = 0;
            let mut rest = places;
            while rest != 0 {
                let place = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let left = &letters[place..];
                let mut take = |reading: &str| {
                    let common = left.bytes().zip(reading.bytes()).take_while(|(a, b)| a == b).count();
                    (1..=common).filter(|&length| left.is_char_boundary(length)).for_each(|length| next |= 1 << (place + length));
                    false
                };
                match sound {
                    Sound::Letter(c) => take(c.encode_utf8(&mut [0; 4])),
                    Sound::Han(c) => any_reading(*c, take),
                    Sound::Read(reading) => take(reading),
                    Sound::Given(syllable) => take(syllable),
                };
            }
            if next >> letters.len() & 1 == 1 {
                return Some(index + 1);
            }
            if next == 0 {
                return None;
            }
            places = next;
        }
        None
    }

    /// The letters that any of its sounds may begin with, as [`initial`] gives them: what is typed begins with one of them.
    pub fn initials(&self) -> u32 {
        let mut initials = 0;
        for sound in &self.sounds {
            match sound {
                Sound::Letter(c) => initials |= initial(Some(*c)),
                Sound::Han(c) => {
                    any_reading(*c, |reading| {
                        initials |= initial(reading.chars().next());
                        false
                    });
                }
                Sound::Read(reading) => initials |= initial(reading.chars().next()),
                Sound::Given(syllable) => initials |= initial(syllable.chars().next()),
            }
        }
        initials
    }

    /// The letters that any reading of any character may contribute, as a [`letter_mask`].
    pub fn mask(&self) -> u64 {
        let mut mask = 0;
        for sound in &self.sounds {
            match sound {
                Sound::Letter(c) => mask |= letter_mask(c.encode_utf8(&mut [0; 4])),
                Sound::Han(c) => {
                    any_reading(*c, |reading| {
                        mask |= letter_mask(reading);
                        false
                    });
                }
                Sound::Read(reading) => mask |= letter_mask(reading),
                Sound::Given(syllable) => mask |= letter_mask(syllable),
            }
        }
        mask
    }
}

/// A bit for each letter from a to z; every bit for anything else, of which nothing is known.
pub fn initial(letter: Option<char>) -> u32 {
    match letter {
        Some(c @ 'a'..='z') => 1 << (c as u32 - 'a' as u32),
        _ => u32::MAX,
    }
}

/// A query as letters: folded, blanks and apostrophes taken out (`xi'an`, `wang xiao`).
pub fn letters(query: &str) -> String {
    super::fold::search_key(query).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Which letters and digits a folded text has, one bit each; everything beyond ASCII shares the remaining bits.
pub fn letter_mask(folded: &str) -> u64 {
    folded.chars().fold(0, |mask, c| {
        mask | match c {
            'a'..='z' => 1 << (c as u32 - 'a' as u32),
            '0'..='9' => 1 << (26 + c as u32 - '0' as u32),
            c if c.is_ascii() => 0,
            c => 1 << (36 + c as u32 % 28),
        }
    })
}
