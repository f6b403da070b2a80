//! Two layers of text: the disk below, the editor above. While a file is open the editor's text is the truth; what happens on
//! disk is remembered beneath it, so that closing needs no reading.

use std::sync::Arc;

use super::{Change, Understood, Vault, VaultPath};

/// What the disk says of a file that an editor shows.
#[derive(Clone, Debug)]
pub(super) enum Beneath {
    /// Its text.
    Text(Arc<str>),
    /// There is no such file.
    Nothing,
    /// It cannot be read: why.
    Unreadable(String),
}

impl Vault {
    /// Takes a change in. The only way to alter a vault.
    pub fn apply(&mut self, change: Change) {
        if let Change::Found { path, .. } | Change::Gone { path } | Change::Unreadable { path, .. } = &change {
            self.not_beside(path);
        }
        match change {
            Change::Opened { path, text } => {
                if !self.beneath.contains_key(&path) {
                    let beneath = self.on_disk(&path);
                    self.beneath.insert(path.clone(), beneath);
                }
                self.put(Understood::new(path, text, self.coverage));
            }
            Change::Closed { path } => match self.beneath.remove(&path) {
                None => {}
                Some(Beneath::Text(text)) => self.put(Understood::new(path, text, self.coverage)),
                Some(Beneath::Nothing) => self.remove(&path),
                Some(Beneath::Unreadable(reason)) => self.lose(path, reason),
            },
            Change::Found { path, text } => match self.beneath.get_mut(&path) {
                Some(beneath) => *beneath = Beneath::Text(text),
                None => self.put(Understood::new(path, text, self.coverage)),
            },
            Change::Gone { path } => match self.beneath.get_mut(&path) {
                Some(beneath) => *beneath = Beneath::Nothing,
                None => {
                    self.readable(&path);
                    self.remove(&path);
                }
            },
            Change::Unreadable { path, reason } => match self.beneath.get_mut(&path) {
                Some(beneath) => *beneath = Beneath::Unreadable(reason),
                None => self.lose(path, reason),
            },
            Change::Beside { path, text } => self.apply_beside(path, text),
            Change::BesideUnreadable { path, reason } => self.lose_beside(path, reason),
        }
    }

    /// The second half of [`Change::Found`], for a file that was understood elsewhere already.
    pub fn apply_understood(&mut self, new: Understood) {
        self.not_beside(&new.path);
        match self.beneath.get_mut(&new.path) {
            Some(beneath) => *beneath = Beneath::Text(new.text),
            None => self.put(new),
        }
    }

    /// Does an editor show this file?
    pub fn is_open(&self, path: &VaultPath) -> bool {
        self.beneath.contains_key(path)
    }

    /// What the disk says of a file, as far as it was seen: of one that an editor shows what was last saved.
    pub fn saved_text(&self, path: &VaultPath) -> Option<Arc<str>> {
        match self.beneath.get(path) {
            Some(Beneath::Text(text)) => Some(Arc::clone(text)),
            Some(Beneath::Nothing | Beneath::Unreadable(_)) => None,
            None => self.id(path).map(|id| Arc::clone(&self.file(id).text)),
        }
    }

    /// What the disk says of a file that is not open.
    fn on_disk(&mut self, path: &VaultPath) -> Beneath {
        match (self.readable(path), self.id(path)) {
            (Some(reason), _) => Beneath::Unreadable(reason),
            (None, Some(id)) => Beneath::Text(Arc::clone(&self.file(id).text)),
            (None, None) => Beneath::Nothing,
        }
    }

    pub(super) fn lose(&mut self, path: VaultPath, reason: String) {
        self.remove(&path);
        Arc::make_mut(&mut self.unreadable).insert(path, reason);
    }
}
