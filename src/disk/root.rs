//! Where a vault begins: the nearest folder upwards that holds `guanxi.yaml`, else the folder one started from.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::plain;

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
