//! The door to the file system: finding the vault's root, deciding which files belong to it, reading them all at once, following
//! what other programs change, and saving a file whole or not at all. No other room touches a file.

mod exchange;
mod folder;
mod inside;
mod others;
mod read;
mod root;
mod rules;
mod save;
mod scan;
mod stamp;
mod temporary;
mod walk;
mod watch;
mod writing;

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub use folder::NewFolder;
pub use inside::Inside;
pub use others::others;
pub use read::{MAX_BYTES, ReadFault, beginning, read};
pub use root::{ROOT_FILE, find_root, misplaced_settings};
pub use rules::{Rules, Standing};
pub use save::{SaveFault, save};
pub use scan::{Scan, scan, stamps, visit};
pub use stamp::Stamp;
pub use temporary::sweep;
pub use walk::Fault;
pub use watch::{Mode, Remote, Status, Watcher};
pub use writing::{Busy, Halt, Write, Writing, stays_inside};

use crate::vault::Change;
use crate::vault::path::VaultPath;

/// What is to be told of a file that cannot be read as a whole. `beginning` is what can be read of it, where that was wanted.
pub fn unread(path: VaultPath, standing: Standing, fault: &ReadFault, beginning: Option<Arc<str>>) -> Vec<Change> {
    let beside = |path, text| Change::Beside { path, text: Some(text) };
    match (standing, beginning) {
        (Standing::Member, beginning) => {
            let unreadable = Change::Unreadable { path: path.clone(), reason: fault.to_string() };
            [unreadable].into_iter().chain(beginning.map(|text| beside(path, text))).collect()
        }
        (Standing::Beside, Some(text)) => vec![beside(path, text)],
        (Standing::Beside, None) => vec![Change::BesideUnreadable { path, reason: fault.to_string() }],
    }
}

/// What a path on disk is called inside the vault at `root`. `None` when it lies outside, is the root itself, or has a name that
/// is not Unicode. Nothing is looked up: both paths must be spelled from the same beginning.
pub fn from_disk(root: &Path, path: &Path) -> Option<VaultPath> {
    let inside = path.strip_prefix(root).ok()?;
    let text = slashed(inside)?;
    if text.is_empty() { None } else { Some(VaultPath::new(&text)) }
}

/// Where a file of the vault at `root` lies on disk.
pub fn to_disk(root: &Path, path: &VaultPath) -> PathBuf {
    join(root, path.as_str())
}

/// `root` with a `/`-separated path below it; the root itself for the empty one.
fn join(root: &Path, inside: &str) -> PathBuf {
    let mut whole = PathBuf::with_capacity(root.as_os_str().len() + 1 + inside.len());
    whole.push(root);
    for part in inside.split('/').filter(|part| !part.is_empty()) {
        whole.push(part);
    }
    whole
}

/// A relative path with `/` between its parts; `None` where it climbs (`..`) or is not Unicode.
fn slashed(inside: &Path) -> Option<String> {
    let mut text = String::with_capacity(inside.as_os_str().len());
    for part in inside.components() {
        let Component::Normal(name) = part else { return None };
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(name.to_str()?);
    }
    Some(text)
}

/// The system's words for an error, without its number, which tells a person nothing.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            lowered(&text[..end])
        }
    }
}

/// The first letter small: the text continues a sentence.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Does the error say that nothing of this name is there?
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
