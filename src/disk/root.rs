//! Where a vault begins: the nearest folder upwards that holds `guanxi.yaml`, else the folder one started from.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::{ReadFault, plain};
use crate::vault::path::{VaultPath, misspells_settings};

/// The file that marks the root of a vault, and holds its settings.
pub const ROOT_FILE: &str = "guanxi.yaml";

/// The root of the vault that `start` (a folder or a file) belongs to, as an absolute path: the nearest ancestor that holds
/// `guanxi.yaml`, else `start` itself, or its folder if it is a file.
///
/// # Errors
/// A message for the person who named `start`, when nothing is there or it cannot be looked at.
pub fn find_root(start: &Path) -> Result<PathBuf, String> {
    let metadata = fs::metadata(start).map_err(|error| complaint(start, &error))?;
    let whole = absolute(start).map_err(|error| complaint(start, &error))?;
    let folder = if metadata.is_dir() { whole.as_path() } else { whole.parent().unwrap_or(&whole) };
    let root = folder.ancestors().find(|ancestor| ancestor.join(ROOT_FILE).is_file());
    Ok(root.unwrap_or(folder).to_path_buf())
}

/// Is this path in a vault that of settings from which nothing is read, though they are meant for the vault: in its root or above it?
/// Those of a nested vault are another matter.
pub(super) fn is_misnamed(path: &str) -> bool {
    let is_ours = !path.trim_start_matches("../").contains('/');
    is_ours && misspells_settings(path)
}

/// Settings that count for nothing, although somebody who stands at `start` means them for the vault at `root`: under a wrong name in a
/// folder between the two, or above a root that has none; and a `guanxi.yaml` that is no file, there or at the root. Paths are
/// relative to the root, so that some begin with `../`. Wrong names at the root itself a scan finds.
pub fn misplaced_settings(start: &Path, root: &Path) -> Vec<(VaultPath, ReadFault)> {
    let mut found = Vec::new();
    if let Ok(start) = absolute(start) {
        for folder in start.ancestors().take_while(|folder| *folder != root && folder.starts_with(root)) {
            if let Some(inside) = folder.strip_prefix(root).ok().and_then(super::slashed) {
                unread_in(folder, &format!("{inside}/"), &mut found);
            }
        }
    }
    if root.join(ROOT_FILE).is_dir() {
        found.push((VaultPath::new(ROOT_FILE), ReadFault::NotAFile));
    }
    let mut way = String::new();
    for folder in root.ancestors().take_while(|folder| !folder.join(ROOT_FILE).is_file()).skip(1) {
        way.push_str("../");
        unread_in(folder, &way, &mut found);
    }
    found
}

/// The settings of one folder that are not read. They are looked for among its entries: some file systems find `Guanxi.yaml` under any
/// spelling.
fn unread_in(folder: &Path, way: &str, found: &mut Vec<(VaultPath, ReadFault)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let fault = if name == ROOT_FILE && !entry.path().is_file() {
            ReadFault::NotAFile
        } else if misspells_settings(name) && entry.file_type().is_ok_and(|kind| !kind.is_dir()) {
            ReadFault::Misnamed
        } else {
            continue;
        };
        found.push((VaultPath::new(&format!("{way}{name}")), fault));
    }
}

/// Absolute, and as the person spelled it: symbolic links stay (an editor names files through them too), unless a `..` after
/// one would make the ancestors wrong.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let climbs = path.components().any(|part| part == Component::ParentDir);
    if cfg!(unix) && climbs { fs::canonicalize(path) } else { std::path::absolute(path) }
}

fn complaint(start: &Path, error: &io::Error) -> String {
    let path = start.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{path}: no such folder; name the folder that holds your contacts, or create it"),
        _ => format!("{path}: cannot be opened: {}", plain(error)),
    }
}
