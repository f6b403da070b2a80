//! Who matches a word, and how well: a name that begins with it before a name with a word that does, before one that holds it,
//! before one that is read so in Chinese, before details and body, before one that merely has its letters in order.

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::Search;
use super::block::{self, SIZE, Set};
use super::needle::{May, Needle, SHORTEST_NUMBER, is_number};
use crate::text::fold;
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

/// So many blocks of files are scored by one core at a time.
const BATCH: usize = 64;

/// Everybody who fits, best first, then by alias; and how many there are in all. Words match loosely and all must match;
/// structured terms (`#tag`, `key:value`, not, or) stay exact, and one that names an unknown tag simply matches nobody.
pub fn find(vault: &Vault, search: &Search, query: &Query, options: Options) -> (Vec<Found>, usize) {
    let (words, exact) = split(query);
    let needles: Vec<Needle> = joined_numbers(&words).iter().map(|word| Needle::new(word)).collect();
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

/// The words, with pieces of a number that are too short to be looked for joined to their neighbours: `+1 212` is one, as it is
/// copied from a telephone.
fn joined_numbers(words: &[&str]) -> Vec<String> {
    let is_short = |word: &str| fold::digits(word).len() < SHORTEST_NUMBER;
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut is_open = false;
    for word in words {
        let is_number = is_number(word) && word.contains(|c: char| c.is_ascii_digit());
        match joined.last_mut().filter(|last| is_open && is_number && (is_short(last) || is_short(word))) {
            Some(last) => last.extend([" ", *word]),
            None => joined.push((*word).to_owned()),
        }
        is_open = is_number;
    }
    joined
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
        let blocks: Vec<(usize, Set)> = (0..self.search.blocks.len()).map(|block| (block, Set::MAX)).collect();
        let contacts = self.vault.contacts();
        // The masks first: who is a contact is only asked of those that are left.
        self.in_blocks(&blocks, |found| contacts.contains(found.file))
    }

    fn among(&self, candidates: &RoaringBitmap) -> Best {
        let mut blocks: Vec<(usize, Set)> = Vec::new();
        for id in candidates.iter().filter(|&id| (id as usize) < self.search.len()) {
            let (block, bit) = (id as usize / SIZE, 1 << (id as usize % SIZE));
            match blocks.last_mut() {
                Some((last, set)) if *last == block => *set |= bit,
                _ => blocks.push((block, bit)),
            }
        }
        self.in_blocks(&blocks, |_| true)
    }

    fn in_blocks(&self, blocks: &[(usize, Set)], counts: impl Fn(&Found) -> bool + Sync) -> Best {
        let batch = |blocks: &[(usize, Set)]| {
            let mut found = Vec::new();
            blocks.iter().for_each(|&(block, among)| self.in_block(block, among, &mut found));
            found.retain(&counts);
            self.best(found)
        };
        blocks.par_chunks(BATCH).map(batch).reduce(Best::default, |a, b| self.joined(a, b))
    }

    /// Who of these files of a block fits.
    fn in_block(&self, block: usize, among: Set, found: &mut Vec<Found>) {
        let mut left = among;
        let mut words = Vec::with_capacity(self.needles.len());
        for needle in self.needles {
            let may = needle.may(self.search, block, left, self.bodies);
            left &= may.any();
            words.push((needle, may));
        }
        if self.bodies {
            let bodies = words.iter().fold(0, |set, (_, may)| set | may.body) & left;
            self.bring_near(block, bodies);
        }
        found.extend(block::places(left).filter_map(|place| self.score(block, place, &words)));
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
        let key = |found: &Found| (self.search.names(found.file), self.vault.file(found.file).path());
        a.score.cmp(&b.score).then_with(|| key(a).cmp(&key(b)))
    }

    /// Brings the bodies of these files near. They lie all over the memory, and it sends many of its lines at once in the time that
    /// it takes for one: whoever asks for a body only when done with the last waits for each.
    fn bring_near(&self, block: usize, bodies: Set) {
        let files = block::places(bodies)
            .map(|place| block * SIZE + place)
            .filter_map(|slot| Some(self.search.body(slot, self.vault.files.get(slot)?.as_ref()?)));
        // A byte of each line of memory; of a longer text the processor brings the rest by itself.
        let bytes = files.flat_map(|body| body.as_bytes().iter().step_by(64).take(8));
        std::hint::black_box(bytes.fold(0, |sum: u8, byte| sum ^ byte));
    }

    fn score(&self, block: usize, place: usize, words: &[(&Needle, May)]) -> Option<Found> {
        let mut score = 0;
        for (needle, may) in words {
            score += needle.score(self.vault, self.search, block * SIZE + place, may)?;
        }
        Some(Found { file: FileId::try_from(block * SIZE + place).ok()?, score })
    }
}
