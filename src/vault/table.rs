//! A very small index: from the hash of a text to the files that have to do with it. It keeps no text, so a hundred thousand
//! entries cost a megabyte; whoever asks looks into the files it names and drops those that only share a hash.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::FileId;

/// Files by the hash of a text. A file may stand under many texts, a text may lead to many files.
#[derive(Clone, Debug, Default)]
pub struct Table {
    entries: HashTable<(u32, FileId)>,
}

/// The hash under which a text is kept.
pub fn hash(text: &str) -> u32 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// The table wants the high bits to differ too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Table {
    /// Puts a file under a hash. Twice the same is kept once.
    pub fn insert(&mut self, hash: u32, file: FileId) {
        if self.entries.find(spread(hash), |&entry| entry == (hash, file)).is_none() {
            self.entries.insert_unique(spread(hash), (hash, file), |&(hash, _)| spread(hash));
        }
    }

    /// Takes a file away from a hash.
    pub fn remove(&mut self, hash: u32, file: FileId) {
        if let Ok(entry) = self.entries.find_entry(spread(hash), |&entry| entry == (hash, file)) {
            entry.remove();
        }
    }

    /// The files under a hash, in no order. Some may only share the hash.
    pub fn get(&self, hash: u32) -> impl Iterator<Item = FileId> + '_ {
        self.entries.iter_hash(spread(hash)).filter(move |entry| entry.0 == hash).map(|entry| entry.1)
    }
}
