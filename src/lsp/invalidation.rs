//! What a change to a vault makes out of date: the files whose problems may be others now, gathered before and after it.

use roaring::RoaringBitmap;

use super::diagnose;
use super::space::{Space, Touched};
use crate::features::diagnostics::RARE;
use crate::vault::{FileId, Vault, VaultPath};

/// Whose problems a change may alter: gathered before and after it.
#[derive(Default)]
pub struct Invalidation {
    files: RoaringBitmap,
    gone: Vec<VaultPath>,
    tags_before: Option<Vec<String>>,
    tags_changed: bool,
    was_book: Option<bool>,
    everything: bool,
}

impl Invalidation {
    pub fn around(&mut self, vault: &Vault, path: &VaultPath) {
        self.everything |= path.names_settings();
        let id = vault.id(path);
        let tags = id.map(|id: FileId| vault.tags_of(id).map(|(_, spelling)| spelling.to_owned()).collect()).unwrap_or_default();
        match self.tags_before.take() {
            None => self.tags_before = Some(tags),
            Some(before) => self.tags_changed |= before != tags,
        }
        if let Some(id) = id {
            self.files |= vault.neighbours(id);
            // Who carries a tag that is rare, or has just ceased to be.
            for (tag, _) in vault.tags_of(id).filter(|(tag, _)| tag.count() <= RARE + 1) {
                tag.add_carriers(&mut self.files);
            }
        }
        let is_book = diagnose::is_book(vault);
        self.everything |= self.was_book.replace(is_book).is_some_and(|before| before != is_book);
    }

    pub fn after(&mut self, vault: &Vault, path: VaultPath) {
        if vault.id(&path).is_none() {
            self.gone.push(path);
        }
    }

    /// Queries may mean anybody.
    pub fn ask(&mut self, vault: &Vault) {
        self.files |= vault.asking();
    }

    pub fn tell(self, space: &Space) {
        if self.everything {
            return space.touch(Touched::Everything);
        }
        space.touch(Touched::Files(self.files));
        if !self.gone.is_empty() {
            space.touch(Touched::Gone(self.gone));
        }
        if self.tags_changed {
            space.touch(Touched::Tags);
        }
    }
}
