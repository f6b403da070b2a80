//! A vault from disk into memory, the way the command line does it: read on all cores, then put together one after the other.

use std::path::Path;

use guanxi::contact::{Config, config};
use guanxi::disk::{self, Rules};
use guanxi::vault::{Change, Coverage, Understood, Vault};

/// Reads the vault in this folder.
pub fn load(root: &Path, coverage: Coverage) -> Vault {
    let settings = disk::read(&root.join(config::FILE), &mut Vec::new());
    let ignore = settings.map(|text| Config::parse(&text).0.ignore).unwrap_or_default();
    let rules = Rules::new(root, &ignore);
    let scan = disk::scan(root, &rules, |path, text| match text {
        Ok(text) => Ok(Box::new(Understood::new(path, text, coverage))),
        Err(fault) => Err(Change::Unreadable { path, reason: fault.to_string() }),
    });
    let mut vault = Vault::new(coverage);
    vault.reserve(scan.results.len());
    for result in scan.results {
        match result {
            Ok(understood) => vault.apply_understood(*understood),
            Err(change) => vault.apply(change),
        }
    }
    vault
}
