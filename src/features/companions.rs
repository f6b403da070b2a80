//! Which tags go together: what else those carry who carry these. A sample tells enough.

use std::collections::{HashMap, HashSet};

use roaring::RoaringBitmap;

use crate::contact::tag;
use crate::vault::Vault;

/// So many carriers are asked what else they carry: enough to tell what is common among them.
const SAMPLE: u64 = 256;

/// A tag is likely if at least one in so many of those asked carries it.
const ONE_IN: u32 = 3;

/// What others carry beside some tags.
#[derive(Clone, Debug, Default)]
pub struct Together<'v> {
    /// How many of those asked carry each tag, by its key.
    pub counts: HashMap<&'v str, u32>,
    /// How many were asked.
    pub asked: u32,
}

/// How often other tags stand beside those that are present (by their keys), among a sample of their carriers.
pub fn together<'v>(vault: &'v Vault, present: &HashSet<String>) -> Together<'v> {
    let sets: Vec<RoaringBitmap> = present
        .iter()
        .filter_map(|key| vault.tags().get(key))
        .map(|view| {
            let mut carriers = RoaringBitmap::new();
            view.add_carriers(&mut carriers);
            carriers
        })
        .collect();
    let mut found = Together::default();
    let Some(first) = sets.first() else { return found };
    let all = sets[1..].iter().fold(first.clone(), |all, set| all & set);
    // One carrier is the contact itself; where nobody else carries all of them, those who carry any tell something too.
    let carriers = if all.len() > 1 { all } else { sets.iter().fold(RoaringBitmap::new(), |any, set| any | set) };
    let step = u32::try_from(carriers.len() / SAMPLE).unwrap_or(u32::MAX).max(1);
    for rank in (0..u32::try_from(carriers.len()).unwrap_or(u32::MAX)).step_by(step as usize) {
        let Some(id) = carriers.select(rank) else { break };
        found.asked += 1;
        for (view, _) in vault.tags_of(id) {
            *found.counts.entry(view.key()).or_insert(0) += 1;
        }
    }
    found
}

/// Tags that a contact with these (by their keys) most likely lacks, as they are shown, the likeliest first.
pub fn likely<'v>(vault: &'v Vault, present: &HashSet<String>, limit: usize) -> Vec<&'v str> {
    let together = together(vault, present);
    let related = |key: &str| present.iter().any(|own| tag::is_at_or_below(own, key) || tag::is_at_or_below(key, own));
    let often = |count: u32| count >= 2 && count * ONE_IN >= together.asked;
    let mut ranked: Vec<(std::cmp::Reverse<u32>, &str)> = together
        .counts
        .iter()
        .filter(|&(key, &count)| often(count) && !related(key))
        .map(|(&key, &count)| (std::cmp::Reverse(count), key))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(limit).filter_map(|(_, key)| Some(vault.shown(vault.tags().get(key)?))).collect()
}
