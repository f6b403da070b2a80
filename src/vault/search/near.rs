//! Who may have been meant by a misspelt name. A mask tells in a glance whose names lack too many of its letters; what is left is
//! compared letter by letter.

use rayon::prelude::*;

use super::Search;
use crate::text::{fold, pinyin};
use crate::vault::{FileId, Vault};

/// So many files are looked at by one core at a time.
const BATCH: usize = 4096;

/// Contacts one of whose names is at most `limit` slips of the pen away, with how many, the nearest first.
/// [`Vault::prepare_search`] must have been called; else there are none.
pub fn near(vault: &Vault, name: &str, limit: usize) -> Vec<(usize, FileId)> {
    let Some(search) = vault.search() else { return Vec::new() };
    let folded = fold::search_key(name.trim());
    if folded.is_empty() {
        return Vec::new();
    }
    // A slip takes away one of the letters at most.
    let mask = pinyin::letter_mask(&folded);
    let contacts = vault.contacts();
    let look = |start: usize| -> Vec<(usize, FileId)> {
        let end = (start + BATCH).min(search.len());
        (start..end)
            .filter(|&slot| (mask & !search.masks[slot]).count_ones() as usize <= limit)
            .filter_map(|slot| Some((distance(search, slot, &folded, limit)?, FileId::try_from(slot).ok()?)))
            .filter(|(_, id)| contacts.contains(*id))
            .collect()
    };
    let starts: Vec<usize> = (0..search.len()).step_by(BATCH).collect();
    let mut found: Vec<(usize, FileId)> = starts.into_par_iter().flat_map_iter(look).collect();
    found.sort_unstable_by_key(|&(distance, id)| (distance, search.names(id), vault.file(id).path()));
    found
}

/// How far the nearest name of a file is.
fn distance(search: &Search, slot: usize, folded: &str, limit: usize) -> Option<usize> {
    let length = folded.chars().count();
    let names = search.texts(slot).names().split_terminator('\n');
    names
        .filter(|name| name.chars().count().abs_diff(length) <= limit)
        .filter_map(|name| fold::distance(folded, name, limit))
        .min()
}
