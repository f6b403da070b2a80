//! A vault of a few files and the settings: to ask whom a query matches, or what keeps somebody out, costs the same in a vault of any size.

use super::doubt::Exclusion;
use crate::contact::config;
use crate::vault::query::{Query, compile};
use crate::vault::{Change, Coverage, Vault, VaultPath};

/// The files, with their settings.
pub(super) struct Few(pub Vault);

impl Few {
    /// These files with these settings, each with its text.
    pub fn new<const N: usize>(settings: &str, files: [(&VaultPath, &str); N]) -> Self {
        let mut few = Vault::new(Coverage::Whole);
        few.apply(Change::Found { path: VaultPath::new(config::FILE), text: settings.into() });
        for (path, text) in files {
            few.apply(Change::Found { path: path.clone(), text: text.into() });
        }
        Self(few)
    }

    /// Does the query match the file?
    pub fn matches(&self, path: &VaultPath, query: &Query) -> bool {
        self.0.id(path).is_some_and(|id| compile(query, &self.0).0.run(&self.0).contains(id))
    }

    /// Is the file's contact kept out of a broadcast to `query`, whose own exclusion is `own`?
    pub fn keeps_out(&self, path: &VaultPath, query: &Query, own: Option<&Query>) -> bool {
        let exclusion = Exclusion::among(&self.0, query, own);
        self.0.id(path).is_some_and(|id| exclusion.excluded.contains(id) || exclusion.in_doubt.contains(id))
    }
}
