//! What was said of the problems of a vault's files, and who asks for them instead of being told.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tower_lsp::ls_types::Uri;

use super::space::Space;
use crate::vault::VaultPath;

/// What was told of one vault, for those who ask instead of being told.
#[derive(Default)]
pub struct Told {
    /// Files with problems, and what was said of them.
    files: Mutex<HashMap<VaultPath, Said>>,
    /// Documents of which the client asked itself: they are not told any more.
    pulled: Mutex<HashSet<String>>,
    /// The client asks for the whole vault itself.
    pulls_all: AtomicBool,
    /// Has the whole vault been looked at once?
    complete: AtomicBool,
}

/// What was said of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// A digest of its problems.
    pub(super) digest: u64,
    /// Under which URI, where it is another than the vault's own: of a hundred thousand files few are.
    pub(super) other: Option<Box<Uri>>,
}

impl Said {
    /// The digest of a file's problems, told under this URI.
    pub fn new(space: &Space, path: &VaultPath, digest: u64, uri: &Uri) -> Self {
        Self { digest, other: (space.uri(path) != *uri).then(|| Box::new(uri.clone())) }
    }

    /// Under which URI it was told.
    pub fn uri(self, space: &Space, path: &VaultPath) -> Uri {
        self.other.map_or_else(|| space.uri(path), |uri| *uri)
    }
}

impl Told {
    /// The client asks for this document's problems itself from now on.
    pub fn pull(&self, uri: &Uri) -> bool {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).insert(uri.as_str().to_owned())
    }

    /// The client asks for the whole vault's problems itself from now on. Is that news?
    pub fn pull_all(&self) -> bool {
        !self.pulls_all.swap(true, Ordering::Relaxed)
    }

    /// Does the client ask for this document's problems itself?
    pub fn is_pulled(&self, uri: &str) -> bool {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).contains(uri)
    }

    /// The document was closed or moved: who opens it again is told again.
    pub fn forget(&self, uri: &str) {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }

    /// What was said of the files, to take it back.
    pub fn take(&self) -> HashMap<VaultPath, Said> {
        std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Somebody else took back what was said of these files: it is said again.
    pub fn say_again(&self) {
        for said in self.files.lock().unwrap_or_else(PoisonError::into_inner).values_mut() {
            said.digest = !said.digest;
        }
    }

    /// What was said of a file until now, in place of which this is said; nothing where it has no problem.
    pub fn swap(&self, path: &VaultPath, said: Option<Said>) -> Option<Said> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match said {
            Some(said) => files.insert(path.clone(), said),
            None => files.remove(path),
        }
    }

    /// The files with problems.
    pub fn files(&self) -> Vec<VaultPath> {
        let mut files = self.files_that(|_| true);
        files.sort();
        files
    }

    /// Those of them that fit, in no order.
    pub fn files_that(&self, fits: impl Fn(&VaultPath) -> bool) -> Vec<VaultPath> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.keys().filter(|path| fits(path)).cloned().collect()
    }

    /// Does the client ask for the whole vault's problems itself?
    pub fn is_all_pulled(&self) -> bool {
        self.pulls_all.load(Ordering::Relaxed)
    }

    /// The whole vault has been looked at.
    pub fn set_complete(&self) {
        self.complete.store(true, Ordering::Relaxed);
    }

    /// Has the whole vault been looked at once?
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Relaxed)
    }
}
