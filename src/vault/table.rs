//! A very small index: from the hash of a text to the files that have to do with it. It keeps no text, so a hundred thousand
//! entries cost a megabyte; whoever asks looks into the files it names and drops those that only share a hash.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::FileId;

/// One part for each value of the highest byte of a hash. In parts, so that a change beside a snapshot copies a part alone: of a hundred
/// thousand entries that is 3 KB.
const PARTS: usize = 256;

type Part = HashTable<(u32, FileId)>;

/// Files by the hash of a text. A file may stand under many texts, a text may lead to many files.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// None before the first entry.
    parts: Vec<Arc<Part>>,
}

/// The hash under which a text is kept.
pub fn hash(text: &str) -> u32 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// Where an entry stands in its part: by the bits that did not choose the part.
fn inside(hash: u32) -> u64 {
    spread(hash).rotate_left(8)
}

/// The table wants the high bits to differ too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Table {
    fn part(hash: u32) -> usize {
        (spread(hash) >> 56) as usize
    }

    /// Puts a file under a hash. Twice the same is kept once.
    pub fn insert(&mut self, hash: u32, file: FileId) {
        if self.parts.is_empty() {
            self.parts = vec![Arc::default(); PARTS];
        }
        let part = Arc::make_mut(&mut self.parts[Self::part(hash)]);
        if part.find(inside(hash), |&entry| entry == (hash, file)).is_none() {
            part.insert_unique(inside(hash), (hash, file), |&(hash, _)| inside(hash));
        }
    }

    /// Takes a file away from a hash.
    pub fn remove(&mut self, hash: u32, file: FileId) {
        let Some(part) = self.parts.get_mut(Self::part(hash)) else { return };
        if let Ok(entry) = Arc::make_mut(part).find_entry(inside(hash), |&entry| entry == (hash, file)) {
            entry.remove();
        }
    }

    /// The files under a hash, in no order. Some may only share the hash.
    pub fn get(&self, hash: u32) -> impl Iterator<Item = FileId> + '_ {
        let part = self.parts.get(Self::part(hash));
        let entries = part.into_iter().flat_map(move |part| part.iter_hash(inside(hash)));
        entries.filter(move |entry| entry.0 == hash).map(|entry| entry.1)
    }
}
