//! Looking somebody up while typing: the best few whose names begin with, hold or sound like what is typed, then those who are
//! known by it otherwise. Looks only as far as it must: whoever types on gets a better answer.

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::Search;
use super::rank::{Found, Needle};
use crate::text::fold;
use crate::vault::{FileId, Vault};

/// Beyond so many times the answers that are wanted, nobody else is looked at.
const ENOUGH: usize = 4;

/// So many are looked at by one core, before all begin.
const NEAR: usize = 8192;
/// So many are looked at by a core at a time then.
const FAR: usize = 4096;

/// At most `limit` contacts for what is typed, best first, and whether there are more. [`Vault::prepare_search`] must have been
/// called; else there are none.
pub fn names(vault: &Vault, typed: &str, limit: usize) -> (Vec<FileId>, bool) {
    let Some(search) = vault.search() else { return (Vec::new(), true) };
    let folded = fold::search_key(typed.trim());
    let lookup = Lookup { vault, search, limit };
    let mut found = lookup.beginning_with(&folded);
    if found.len() > limit || folded.is_empty() {
        let more = found.len() > limit;
        found.truncate(limit);
        return (found, more);
    }
    let more = lookup.others(&Needle::new(typed), &mut found);
    let more = more || found.len() > limit;
    found.truncate(limit);
    (found, more)
}

struct Lookup<'a> {
    vault: &'a Vault,
    search: &'a Search,
    limit: usize,
}

impl Lookup<'_> {
    /// Contacts whose alias begins so, by alias; one more than wanted where there are more.
    fn beginning_with(&self, folded: &str) -> Vec<FileId> {
        let names = |id: FileId| self.search.texts[id as usize].names();
        let mut begin = self.search.ordered.from(folded, names).take_while(|&id| names(id).starts_with(folded)).peekable();
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
        let taken: RoaringBitmap = found.iter().copied().collect();
        let named = |slot: usize| {
            let score = needle.may_name(search, slot).then(|| needle.name_in(search, slot)).flatten()?;
            self.found_at(slot, score, &taken)
        };
        let (mut scored, mut more) = self.gather(self.limit * ENOUGH, &named);
        // What stands in somebody's details comes behind all names, then who merely has the letters: each is looked for only while
        // there is room.
        let detailed = |slot: usize| {
            let (by_text, by_digits) = needle.may_detail(search, slot);
            (by_text || by_digits).then(|| needle.detail(&search.texts[slot], by_text, by_digits)).flatten()
        };
        let lettered = |slot: usize| needle.may_name(search, slot).then(|| needle.letters_in(search, slot)).flatten();
        for score in [&detailed as &(dyn Fn(usize) -> Option<u32> + Sync), &lettered] {
            let room = self.limit.saturating_sub(found.len() + scored.len());
            if room == 0 {
                break;
            }
            let taken: RoaringBitmap = found.iter().copied().chain(scored.iter().map(|found| found.file)).collect();
            let (fitting, beyond) = self.gather(room + 1, &|slot| self.found_at(slot, score(slot)?, &taken));
            scored.extend(fitting);
            more |= beyond;
        }
        let key =
            |found: &Found| (found.score, self.search.texts[found.file as usize].names(), self.vault.file(found.file).path());
        scored.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        found.extend(scored.into_iter().map(|found| found.file));
        more
    }

    fn found_at(&self, slot: usize, score: u32, taken: &RoaringBitmap) -> Option<Found> {
        let file = FileId::try_from(slot).ok()?;
        (!taken.contains(file) && self.vault.contacts().contains(file)).then_some(Found { file, score })
    }

    /// The first `enough` that fit, and whether there may be more. What many fit is found among the first few; what few fit is
    /// looked for by all cores.
    fn gather(&self, enough: usize, fits: &(dyn Fn(usize) -> Option<Found> + Sync)) -> (Vec<Found>, bool) {
        let slots = self.search.texts.len();
        let near = slots.min(NEAR);
        let mut found: Vec<Found> = (0..near).filter_map(fits).take(enough).collect();
        if found.len() < enough && near < slots {
            let starts: Vec<usize> = (near..slots).step_by(FAR).collect();
            let wanted = enough - found.len();
            let far = |start: usize| (start..(start + FAR).min(slots)).filter_map(fits).take(wanted).collect::<Vec<Found>>();
            found.par_extend(starts.into_par_iter().flat_map_iter(far));
            found.truncate(enough);
        }
        let more = found.len() >= enough;
        (found, more)
    }
}
