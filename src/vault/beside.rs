//! Files beside the vault: no part of it, but a "no" to messages in them counts. They are a second vault, without one of its own.

use std::sync::Arc;

use super::{Coverage, Understood, Vault, VaultPath};

impl Vault {
    /// The files beside the vault: those that an ignore rule leaves out, those of nested vaults (their `guanxi.yaml` too), and the
    /// readable beginnings of files that cannot be read as a whole. `None` where there are none.
    pub fn beside(&self) -> Option<&Vault> {
        self.beside.as_deref()
    }

    pub(super) fn apply_beside(&mut self, path: VaultPath, text: Option<Arc<str>>) {
        match text {
            Some(text) => {
                let beside = self.beside.get_or_insert_with(|| Box::new(Vault::new(Coverage::Whole)));
                beside.put(Understood::new(path, text, Coverage::Whole));
            }
            None => {
                if let Some(beside) = &mut self.beside {
                    beside.remove(&path);
                }
            }
        }
    }
}
