//! Where documents belong: which vaults are served, and which of them each document is a file of or stands beside. Folders come
//! and go while the server runs, and so do the settings that say what belongs to a vault: documents then move.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use tower_lsp::ls_types::Uri;

use super::convert::{from_uri, inside};
use super::space::{Space, Touched};
use super::world::{World, disk_path};
use crate::vault::VaultPath;

/// Where a document belongs: the vault, its path there, and whether it is one of its files.
pub type Home = (Arc<Space>, VaultPath, bool);

impl World {
    /// From now on these folders are served: those that were not yet begin, those that are named no more end.
    pub fn set_folders(&self, folders: Vec<PathBuf>) {
        let _turn = self.turn();
        let roots_of = |folders: &[PathBuf]| folders.iter().map(|folder| self.outside.root_of(folder)).collect::<Vec<_>>();
        let (named, mut roots) = (roots_of(&self.folders()), roots_of(&folders));
        *self.folders.write().unwrap_or_else(PoisonError::into_inner) = folders;
        let before = self.spaces();
        // Vaults that single files led to stay as long as one of those is open.
        let is_used = |space: &&Arc<Space>| self.documents().iter().any(|document| Arc::ptr_eq(&document.space, space));
        let led = before.iter().filter(|space| !named.iter().any(|root| root == space.root())).filter(is_used);
        roots.extend(led.map(|space| space.root().to_path_buf()));
        let mut now: Vec<Arc<Space>> = Vec::new();
        for root in &roots {
            if !now.iter().any(|space| space.root() == root) {
                let known = before.iter().find(|space| space.root() == root).cloned();
                now.push(known.unwrap_or_else(|| self.begin(root)));
            }
        }
        *self.spaces.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
        self.rehome();
        // Only now: what an ended vault says no more, others have taken over.
        for space in before.iter().filter(|space| !now.iter().any(|kept| Arc::ptr_eq(kept, space))) {
            space.end();
        }
    }

    /// Open documents go to where they belong now.
    pub fn settle(&self) {
        let _turn = self.turn();
        self.rehome();
    }

    pub(super) fn rehome(&self) {
        for document in self.documents() {
            let place = self.place(&document.uri);
            if !document.is_at(&place) {
                let told = document.told.read().unwrap_or_else(PoisonError::into_inner).clone();
                self.put_away(&document.uri);
                self.put_up(place, document.uri.clone(), told);
            }
        }
    }

    /// The folders that the client named.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.folders.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn begin(&self, root: &Path) -> Arc<Space> {
        let space = Arc::new(Space::new(root, self.outside.store(root)));
        (self.attend)(&space);
        space.begin();
        self.overlapping(root).iter().for_each(|other| other.touch(Touched::Anew));
        space
    }

    /// A document was closed: a vault that only single files led to ends with the last of them. Editors that name no folders know
    /// nothing else, and open the next file of it in a moment: for them it stays.
    pub(super) fn leave(&self, space: &Arc<Space>) {
        let folders = self.folders();
        let is_named = folders.is_empty() || folders.iter().any(|folder| self.outside.root_of(folder) == space.root());
        if is_named || self.documents().iter().any(|document| Arc::ptr_eq(&document.space, space)) {
            return;
        }
        self.spaces.write().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(other, space));
        space.end();
    }

    /// The vaults that share files with one at this root: those around it and those inside it.
    pub fn overlapping(&self, root: &Path) -> Vec<Arc<Space>> {
        let shares = |space: &Arc<Space>| space.root().starts_with(root) || root.starts_with(space.root());
        self.spaces().into_iter().filter(shares).collect()
    }

    /// The vault that a file belongs to although it lies in this one too: a vault inside it.
    pub fn inner_space(&self, space: &Space, path: &VaultPath) -> Option<Arc<Space>> {
        let is_inside = |other: &&Arc<Space>| other.root() != space.root() && other.root().starts_with(space.root());
        let spaces = self.spaces.read().unwrap_or_else(PoisonError::into_inner);
        let mut inner = spaces.iter().filter(is_inside).peekable();
        inner.peek()?;
        let file = disk_path(space.root(), path.as_str());
        inner.find(|other| file.starts_with(other.root())).cloned()
    }

    /// Where a document belongs: the vault, its path there, and whether it is one of its files.
    pub(super) fn place(&self, uri: &Uri) -> Home {
        let file = from_uri(uri);
        if let Some(file) = &file {
            let marked = self.outside.marked_root_of(file);
            let mut spaces = self.spaces();
            spaces.sort_by_key(|space| std::cmp::Reverse(space.root().as_os_str().len()));
            for space in &spaces {
                // A vault inside another one is a vault of its own.
                let is_inner = marked.as_ref().is_some_and(|marked| marked.starts_with(space.root()) && marked != space.root());
                if let Some(path) = space.store().admits(file).filter(|_| !is_inner) {
                    return (Arc::clone(space), path, true);
                }
            }
            if let Some(root) = marked {
                let known = spaces.iter().find(|space| space.root() == root).cloned();
                let space = known.unwrap_or_else(|| {
                    let space = self.begin(&root);
                    self.spaces.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&space));
                    space
                });
                if let Some(path) = space.store().admits(file) {
                    return (space, path, true);
                }
                return (space, VaultPath::new(&name_of(uri, Some(file))), false);
            }
            if let Some(space) = spaces.iter().find(|space| file.starts_with(space.root())) {
                let inside = inside(space.root(), file).unwrap_or_else(|| VaultPath::new(&name_of(uri, Some(file))));
                return (Arc::clone(space), inside, false);
            }
        }
        let space = self.spaces().first().cloned().unwrap_or_else(|| self.nowhere());
        (space, VaultPath::new(&name_of(uri, file.as_deref())), false)
    }

    /// A vault of nothing, for documents that no vault is around.
    fn nowhere(&self) -> Arc<Space> {
        let begin = || {
            let space = Arc::new(Space::new(Path::new("/"), self.outside.store(Path::new(""))));
            (self.attend)(&space);
            space.begin();
            space
        };
        Arc::clone(self.nowhere.get_or_init(begin))
    }
}

/// The last part of a document's name.
fn name_of(uri: &Uri, file: Option<&Path>) -> String {
    let name = file.and_then(Path::file_name).and_then(|name| name.to_str()).map(str::to_owned);
    name.unwrap_or_else(|| {
        uri.path().as_str().rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("untitled").to_owned()
    })
}
