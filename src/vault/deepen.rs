//! A large vault answers before everything in it is known: first tags and aliases, then, piece by piece, links, mentions and
//! addresses, then what `find` searches.

use std::sync::Arc;

use rayon::prelude::*;

use super::search::{self, Search};
use super::{Coverage, File, FileId, Understood, Vault};
use crate::contact::Kind;

impl Vault {
    /// Files that were read with [`Coverage::Tags`] come to be known whole, piece by piece, so many of them at a time. Says whether
    /// all are. Files that change meanwhile are known whole at once.
    pub fn deepen_further(&mut self, files: usize) -> bool {
        self.coverage = Coverage::Whole;
        let begun = self.deep.min(self.files.len());
        let end = begun.saturating_add(files).min(self.files.len());
        let understood = |file: &Option<File>| {
            let file = file.as_ref().filter(|file| file.kind != Kind::Config)?;
            Some(Understood::new(file.path.clone(), Arc::clone(&file.text), Coverage::Whole))
        };
        let batch: Vec<Option<Understood>> = (begun..end).into_par_iter().map(|id| understood(&self.files[id])).collect();
        for (id, new) in (begun..).zip(batch) {
            let Some((new, mut file)) = new.and_then(|new| Some((new, self.files[id].take()?))) else { continue };
            let id = FileId::try_from(id).unwrap_or(FileId::MAX);
            self.swap_hashes(id, Some(&file), &new);
            if new.asks {
                self.asking.insert(id);
            }
            file.hashes = new.hashes;
            self.files[id as usize] = Some(file);
        }
        // From then on every file comes whole.
        self.deep = if end == self.files.len() { usize::MAX } else { end };
        self.is_whole()
    }

    /// Is every file known whole: its links, mentions and addresses too?
    pub fn is_whole(&self) -> bool {
        self.deep == usize::MAX
    }

    /// Prepares for `find`: names folded, bodies folded. Kept fresh by every later change.
    pub fn prepare_search(&mut self) {
        while !self.prepare_search_further(search::BATCH) {}
    }

    /// The same by pieces of so many files, for who cannot wait for all of it. Says whether everything is ready.
    pub fn prepare_search_further(&mut self, files: usize) -> bool {
        let mut search = self.search.take().unwrap_or_default();
        let is_ready = search.grow(&self.files, files);
        self.search = Some(search);
        is_ready
    }

    /// What `find` asks, once [`Vault::prepare_search`] was called.
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref().filter(|search| search.is_ready())
    }
}
