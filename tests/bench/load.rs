//! A vault from disk into memory, exactly as the command line loads it.

use std::path::Path;

use guanxi::cli;
use guanxi::vault::{Coverage, Vault};

/// Reads the vault in this folder.
pub fn load(root: &Path, coverage: Coverage) -> Vault {
    cli::load(root, &cli::rules(root), coverage)
}
