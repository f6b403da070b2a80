//! What the caller has been told so far, as small as can be: a digest of each file's text, and its stamp where one was taken.

use std::collections::HashSet;
use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use crate::disk::read::ReadFault;
use crate::disk::stamp::Stamp;
use crate::vault::Change;
use crate::vault::path::VaultPath;

/// The files that the caller knows of.
#[derive(Debug, Default)]
pub(super) struct Known {
    files: FxHashMap<VaultPath, File>,
    /// Files that were suddenly empty: looked at once more before it is believed.
    doubtful: HashSet<VaultPath>,
    /// Counts the looks, so that a look knows which files it has not met.
    round: u32,
}

#[derive(Debug)]
struct File {
    digest: u64,
    stamp: Stamp,
    round: u32,
}

impl Known {
    /// The caller knows this file with this text.
    pub(super) fn learn(&mut self, path: VaultPath, text: &str, stamp: Stamp) {
        self.files.insert(path, File { digest: digest_text(text), stamp, round: self.round });
    }

    /// The caller may know this file otherwise than it is, or not at all: whatever is found there is news.
    pub(super) fn unsure(&mut self, path: VaultPath) {
        self.files.insert(path, File { digest: digest_text(UNSURE), stamp: Stamp::UNKNOWN, round: self.round.wrapping_sub(1) });
    }

    /// Begins a look.
    pub(super) fn begin_round(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// Is the file known?
    pub(super) fn contains(&self, path: &VaultPath) -> bool {
        self.files.contains_key(path)
    }

    /// The file's stamp when it was last read, and whether it is known without one.
    pub(super) fn stamp(&self, path: &VaultPath) -> (Stamp, bool) {
        self.files.get(path).map_or((Stamp::UNKNOWN, false), |file| {
            let is_unstamped = file.stamp == Stamp::UNKNOWN && file.digest != digest_text(UNSURE);
            (file.stamp, is_unstamped)
        })
    }

    /// The file was met in this round, with nothing new.
    pub(super) fn met(&mut self, path: &VaultPath) {
        if let Some(file) = self.files.get_mut(path) {
            file.round = self.round;
        }
    }

    /// The file was met in this round as it was read, and this is its stamp.
    pub(super) fn stamp_met(&mut self, path: &VaultPath, stamp: Stamp) {
        if let Some(file) = self.files.get_mut(path) {
            file.stamp = stamp;
            file.round = self.round;
        }
    }

    /// Are there files that want a second look?
    pub(super) fn in_doubt(&self) -> bool {
        !self.doubtful.is_empty()
    }

    /// The files that want a second look.
    pub(super) fn doubts(&self) -> Vec<VaultPath> {
        self.doubtful.iter().cloned().collect()
    }

    /// The vault is gone, and all doubts with it.
    pub(super) fn take_all(&mut self) -> Vec<VaultPath> {
        self.doubtful.clear();
        let mut paths: Vec<VaultPath> = self.files.drain().map(|(path, _)| path).collect();
        paths.sort();
        paths
    }

    /// Compares what was just read with what is known, and remembers it. `None`: nothing new.
    pub(super) fn compare(&mut self, path: VaultPath, stamp: Stamp, text: Result<Arc<str>, ReadFault>) -> Option<Change> {
        let digest = match &text {
            Ok(text) => digest_text(text),
            Err(ReadFault::Gone) => return self.remove(path),
            Err(fault) => digest_fault(fault),
        };
        let round = self.round;
        let before = self.files.get_mut(&path);
        let is_same = before.as_ref().is_some_and(|file| file.digest == digest);
        let is_suddenly_empty = !is_same && text.as_ref().is_ok_and(|text| text.is_empty());
        if is_suddenly_empty && !self.doubtful.remove(&path) {
            // Truncated, and perhaps about to be written.
            if let Some(file) = before {
                file.round = round;
            }
            self.doubtful.insert(path);
            return None;
        }
        self.doubtful.remove(&path);
        self.files.insert(path.clone(), File { digest, stamp, round });
        match text {
            _ if is_same => None,
            Ok(text) => Some(Change::Found { path, text }),
            Err(fault) => Some(Change::Unreadable { path, reason: fault.to_string() }),
        }
    }

    /// The file is not there.
    pub(super) fn remove(&mut self, path: VaultPath) -> Option<Change> {
        self.doubtful.remove(&path);
        self.files.remove(&path).map(|_| Change::Gone { path })
    }

    /// Takes out the files under any of these folders that this round has not met, sorted.
    pub(super) fn take_unmet(&mut self, folders: &Folders) -> Vec<VaultPath> {
        if folders.0.is_empty() {
            return Vec::new();
        }
        let gone = self.unmet_in(|path| folders.hold(path));
        for path in &gone {
            self.doubtful.remove(path);
            self.files.remove(path);
        }
        gone
    }

    /// The files in certain places that this round has not met, sorted.
    pub(super) fn unmet_in(&self, is_there: impl Fn(&str) -> bool) -> Vec<VaultPath> {
        let unmet = self.files.iter().filter(|(path, file)| file.round != self.round && is_there(path.as_str()));
        let mut paths: Vec<VaultPath> = unmet.map(|(path, _)| path.clone()).collect();
        paths.sort();
        paths
    }
}

/// Some folders, so kept that one comparison or two tell what lies under any of them, as it is asked of every file of a vault: none
/// lies in another, each ends in `/`, and they are sorted.
pub(super) struct Folders(Vec<String>);

impl Folders {
    /// These folders. The empty path is the root, which holds all others.
    pub(super) fn new<'a>(folders: impl Iterator<Item = &'a String>) -> Self {
        let closed = |folder: &String| if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut folders: Vec<String> = folders.map(closed).collect();
        folders.sort_unstable();
        // What begins with a folder follows right behind it.
        folders.dedup_by(|inner, outer| inner.starts_with(outer.as_str()));
        Self(folders)
    }

    /// Does the path lie under one of them, at whatever depth?
    pub(super) fn hold(&self, path: &str) -> bool {
        let after = self.0.partition_point(|folder| folder.as_str() <= path);
        after > 0 && !path.is_empty() && path.starts_with(&self.0[after - 1])
    }
}

fn digest_text(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.write_usize(text.len());
    hasher.finish()
}

/// No text and no fault is like this.
const UNSURE: &str = "\0unsure\0";

/// Differs from that of every text a file could have: no file begins with this.
fn digest_fault(fault: &ReadFault) -> u64 {
    digest_text(&format!("\0unreadable\0{fault}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_that_is_suddenly_empty_is_doubted_once() {
        let mut known = Known::default();
        let path = VaultPath::new("a.md");
        known.learn(path.clone(), "full", Stamp::UNKNOWN);
        assert!(known.compare(path.clone(), Stamp::UNKNOWN, Ok("".into())).is_none());
        assert_eq!(known.doubts().first(), Some(&path));
        let believed = known.compare(path.clone(), Stamp::UNKNOWN, Ok("".into()));
        assert!(matches!(believed, Some(Change::Found { text, .. }) if text.is_empty()));
        assert!(!known.in_doubt());
    }

    #[test]
    fn a_file_that_is_written_again_was_never_empty() {
        let mut known = Known::default();
        let path = VaultPath::new("a.md");
        known.learn(path.clone(), "full", Stamp::UNKNOWN);
        assert!(known.compare(path.clone(), Stamp::UNKNOWN, Ok("".into())).is_none());
        assert!(known.compare(path.clone(), Stamp::UNKNOWN, Ok("full".into())).is_none());
        assert!(!known.in_doubt());
    }

    #[test]
    fn only_what_this_round_has_not_met_is_gone() {
        let mut known = Known::default();
        for path in ["a/x.md", "a/y.md", "ab/z.md", "a.md"] {
            known.learn(VaultPath::new(path), path, Stamp::UNKNOWN);
        }
        known.begin_round();
        known.met(&VaultPath::new("a/x.md"));
        let mut take = |folder: &str| known.take_unmet(&Folders::new([folder.to_owned()].iter()));
        assert_eq!(take("a"), [VaultPath::new("a/y.md")]);
        assert_eq!(take(""), [VaultPath::new("a.md"), VaultPath::new("ab/z.md")]);
    }

    proptest! {
        #[test]
        fn folders_hold_what_lies_under_any_of_them(
            folders in prop::collection::vec("([ab-]{1,2}(/[ab.]{1,2}){0,2})?", 0..5),
            path in "[ab-]{1,2}(/[ab.]{1,2}){0,3}",
        ) {
            let is_under = |folder: &String| match path.strip_prefix(folder.as_str()) {
                Some(rest) if folder.is_empty() => !rest.is_empty(),
                Some(rest) => rest.starts_with('/'),
                None => false,
            };
            prop_assert_eq!(Folders::new(folders.iter()).hold(&path), folders.iter().any(is_under));
        }
    }
}
