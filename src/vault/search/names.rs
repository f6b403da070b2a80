//! Looking somebody up while typing: the best few whose names begin with, hold or sound like what is typed, then those who are
//! known by it otherwise. Looks only as far as it must: whoever types on gets a better answer.

use std::ops::Range;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::block::{SIZE, Set, places};
use super::needle::Needle;
use super::order::Ordered;
use super::rank::Found;
use super::{Search, Sets};
use crate::text::fold;
use crate::vault::{FileId, Vault};

/// Beyond so many times the answers that are wanted, nobody else is looked at.
const ENOUGH: usize = 4;

/// So many blocks of files are looked at by one core, before all begin.
const NEAR: usize = 128;
/// So many are looked at by a core at a time then.
const FAR: usize = 64;

/// At most `limit` contacts for what is typed, best first, and whether there are more. [`Vault::prepare_search`] must have been
/// called; else there are none.
pub fn names(vault: &Vault, typed: &str, limit: usize) -> (Vec<FileId>, bool) {
    let Some(search) = vault.search() else { return (Vec::new(), true) };
    Lookup { vault, search, limit, ordered: &search.ordered, notes: None }.look(typed)
}

/// At most `limit` notes and broadcasts whose file name or title fits what is typed, best first.
pub fn notes(vault: &Vault, typed: &str, limit: usize) -> Vec<FileId> {
    let Some(search) = vault.search().filter(|search| !search.notes.is_empty()) else { return Vec::new() };
    Lookup { vault, search, limit, ordered: &search.notes, notes: Some(&search.note_sets) }.look(typed).0
}

/// What is asked: first, of a block, which of its files may fit? Then, of each of those, how well?
struct Ask<'a> {
    may: &'a (dyn Fn(usize) -> Set + Sync),
    fits: &'a (dyn Fn(usize) -> Option<u32> + Sync),
}

struct Lookup<'a> {
    vault: &'a Vault,
    search: &'a Search,
    limit: usize,
    /// Those who are looked up, by name.
    ordered: &'a Ordered,
    /// Where notes are looked up and no contacts: which files of each block they are. Nothing but their names is searched.
    notes: Option<&'a Sets>,
}

impl Lookup<'_> {
    fn look(&self, typed: &str) -> (Vec<FileId>, bool) {
        let limit = self.limit;
        let folded = fold::search_key(typed.trim());
        let mut found = self.beginning_with(&folded);
        if found.len() > limit || folded.is_empty() {
            let more = found.len() > limit;
            found.truncate(limit);
            return (found, more);
        }
        let more = self.others(&Needle::new(typed), &mut found);
        let more = more || found.len() > limit;
        found.truncate(limit);
        (found, more)
    }

    /// Those whose first name begins so, by it; one more than wanted where there are more.
    fn beginning_with(&self, folded: &str) -> Vec<FileId> {
        let names = |id: FileId| self.search.names(id);
        let mut begin = self.ordered.from(folded, names).take_while(|&id| names(id).starts_with(folded)).peekable();
        let mut found: Vec<FileId> = begin.by_ref().take(self.limit + 1).collect();
        // Of those who share the last name the first by path are wanted.
        while let Some(id) = begin.next_if(|&id| found.last().is_some_and(|&last| names(id) == names(last))) {
            found.push(id);
        }
        found.sort_by_cached_key(|&id| (names(id), self.vault.file(id).path()));
        found.truncate(self.limit + 1);
        found
    }

    /// Everybody else whom the word fits, behind those who were found already. Answers whether some were not looked at.
    fn others(&self, needle: &Needle, found: &mut Vec<FileId>) -> bool {
        let search = self.search;
        let may_name = |block: usize| search.named(block, needle.mask());
        let named = |slot: usize| needle.name_in(search, slot);
        let taken: RoaringBitmap = found.iter().copied().collect();
        let (mut scored, mut more) = self.gather(self.limit * ENOUGH, &taken, &Ask { may: &may_name, fits: &named });
        // What stands in somebody's details comes behind all names, then who merely has the letters: each is looked for only while
        // there is room.
        let may_detail = |block: usize| needle.detailed(search, block);
        let detailed = |slot: usize| needle.detail_in(search, slot);
        let lettered = |slot: usize| needle.letters_in(search, slot);
        let asks = [Ask { may: &may_detail, fits: &detailed }, Ask { may: &may_name, fits: &lettered }];
        for ask in &asks[usize::from(self.notes.is_some())..] {
            let room = self.limit.saturating_sub(found.len() + scored.len());
            if room == 0 {
                break;
            }
            let taken: RoaringBitmap = found.iter().copied().chain(scored.iter().map(|found| found.file)).collect();
            let (fitting, beyond) = self.gather(room + 1, &taken, ask);
            scored.extend(fitting);
            more |= beyond;
        }
        let key = |found: &Found| (found.score, self.search.names(found.file), self.vault.file(found.file).path());
        scored.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        found.extend(scored.into_iter().map(|found| found.file));
        more
    }

    /// The first `enough` that fit and are not among `taken`, and whether there may be more. What many fit is found among the
    /// first few; what few fit is looked for by all cores.
    fn gather(&self, enough: usize, taken: &RoaringBitmap, ask: &Ask<'_>) -> (Vec<Found>, bool) {
        let blocks = self.search.blocks.len();
        let near = blocks.min(NEAR);
        let mut found = self.first(0..near, enough, taken, ask);
        if found.len() < enough && near < blocks {
            let starts: Vec<usize> = (near..blocks).step_by(FAR).collect();
            let wanted = enough - found.len();
            let far = |start: usize| self.first(start..(start + FAR).min(blocks), wanted, taken, ask);
            found.par_extend(starts.into_par_iter().flat_map_iter(far));
            found.truncate(enough);
        }
        let more = found.len() >= enough;
        (found, more)
    }

    /// The first `enough` in these blocks that fit.
    fn first(&self, blocks: Range<usize>, enough: usize, taken: &RoaringBitmap, ask: &Ask<'_>) -> Vec<Found> {
        let may = |block: usize| match self.notes.map(|notes| notes[block]) {
            Some(0) => 0,
            Some(notes) => (ask.may)(block) & notes,
            None => (ask.may)(block),
        };
        let left = blocks.flat_map(|block| places(may(block)).map(move |place| block * SIZE + place));
        let fitting = left.filter_map(|slot| {
            let found = Found { score: (ask.fits)(slot)?, file: FileId::try_from(slot).ok()? };
            (!taken.contains(found.file) && (self.notes.is_some() || self.vault.contacts().contains(found.file))).then_some(found)
        });
        fitting.take(enough).collect()
    }
}
