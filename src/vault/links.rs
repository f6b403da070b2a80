//! What a link names, seen from its file, without asking who is there. The index is kept by it.

use super::path::without_ending;
use super::{VaultPath, table};
use crate::contact::tag;
use crate::text::links::has_scheme;
use crate::text::markdown::Link;
use crate::text::percent_decoded;

/// What a link names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named<'l> {
    /// Somebody or something by name: `[[Li Na]]`, `[[people/li-na]]`.
    Name(&'l str),
    /// A file by its path in the vault. In `[[../people/li-na]]` the ending is left out.
    Path(String),
}

/// What a link in the file at `from` names. Nothing where it leads to an address or out of the vault.
pub fn named<'l>(from: &VaultPath, link: &'l Link) -> Option<Named<'l>> {
    if link.is_local() {
        return Some(Named::Path(from.as_str().to_owned()));
    }
    if link.is_relative_name() {
        return from.join(&link.target).filter(|path| !path.is_empty()).map(Named::Path);
    }
    if link.is_wiki() {
        return Some(Named::Name(&link.target));
    }
    if has_scheme(&link.target) {
        return None;
    }
    from.join(&percent_decoded(&link.target)).filter(|path| !path.is_empty()).map(Named::Path)
}

/// Under which hash a link is kept: one by name by the last part of its name, one by path by the path it leads to.
pub(super) fn link_hash(from: &VaultPath, link: &Link) -> Option<u32> {
    Some(match named(from, link)? {
        Named::Name(name) => name_hash(name),
        // Its ending may be missing.
        Named::Path(path) if link.is_relative_name() => name_hash(&path),
        Named::Path(path) => table::hash(&path),
    })
}

/// Under which hash a link by this name is kept.
pub(super) fn name_hash(name: &str) -> u32 {
    let last = name.rsplit('/').next().unwrap_or(name);
    table::hash(&tag::key(without_ending(last)))
}

/// Does a path lead to a file, where the ending may be left out, as in `[[../people/li-na]]`?
pub fn is_path_of(path: &str, file: &VaultPath) -> bool {
    path == file.as_str() || path == without_ending(file.as_str())
}
