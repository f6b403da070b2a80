//! The files of a vault that are neither contacts nor notes: pictures to show, documents to attach.

use std::path::Path;

use walkdir::WalkDir;

use super::Rules;
use super::rules::{is_hidden, names_vault_file};

/// Their paths, relative to the vault, in order; at most `limit`. Folders that the vault leaves out are left out here too.
pub fn others(root: &Path, rules: &Rules, limit: usize) -> Vec<String> {
    let enters = |entry: &walkdir::DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().to_str().is_none_or(is_hidden);
        !hidden && (!entry.file_type().is_dir() || entry.depth() == 0 || rules.admits(entry.path(), true))
    };
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(enters).filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let names = files.filter_map(|entry| {
        let path = super::from_disk(root, entry.path())?;
        (!names_vault_file(path.file_name())).then(|| path.to_string())
    });
    names.take(limit).collect()
}
