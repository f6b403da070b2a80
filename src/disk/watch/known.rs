//! What the caller has been told so far, as small as can be: a digest of each file's text, and its stamp where one was taken.

use std::collections::HashSet;
use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use crate::disk::read::ReadFault;
use crate::disk::rules::Standing;
use crate::disk::stamp::Stamp;
use crate::disk::unread;
use crate::vault::Change;
use crate::vault::path::VaultPath;

/// The files that the caller knows of.
#[derive(Debug, Default)]
pub(super) struct Known {
    files: FxHashMap<VaultPath, File>,
    /// Files that were suddenly empty: looked at once more before it is believed.
    doubtful: HashSet<VaultPath>,
    /// Files that are symbolic links: what happens to their targets, nobody reports.
    links: HashSet<VaultPath>,
    /// Counts the looks, so that a look knows which files it has not met.
    round: u32,
}

#[derive(Debug)]
struct File {
    digest: u64,
    stamp: Stamp,
    round: u32,
    standing: Standing,
}

/// One file, as it was just read.
pub(super) struct Reading {
    /// How it stands to the vault.
    pub standing: Standing,
    /// From just before it was read.
    pub stamp: Stamp,
    /// What it says.
    pub text: Result<Arc<str>, ReadFault>,
    /// What can be read of a file that cannot be read as a whole.
    pub beginning: Option<Arc<str>>,
}

impl Reading {
    /// Nothing was read.
    pub(super) fn fault(standing: Standing, fault: ReadFault) -> Self {
        Self { standing, stamp: Stamp::UNKNOWN, text: Err(fault), beginning: None }
    }

    fn digest(&self) -> u64 {
        match &self.text {
            Ok(text) => digest_text(text),
            Err(fault) => digest_fault(fault, self.beginning.as_deref()),
        }
    }

    fn changes(self, path: VaultPath) -> Vec<Change> {
        match (self.text, self.standing) {
            (Ok(text), Standing::Member) => vec![Change::Found { path, text }],
            (Ok(text), Standing::Beside) => vec![Change::Beside { path, text: Some(text) }],
            (Err(fault), standing) => unread(path, standing, &fault, self.beginning),
        }
    }
}

impl Known {
    /// The caller knows this file with this text.
    pub(super) fn learn(&mut self, path: VaultPath, standing: Standing, text: &str, stamp: Stamp) {
        self.files.insert(path, File { digest: digest_text(text), stamp, round: self.round, standing });
    }

    /// The file is a symbolic link, or it is none.
    pub(super) fn link(&mut self, path: &VaultPath, is_link: bool) {
        if is_link {
            self.links.insert(path.clone());
        } else if !self.links.is_empty() {
            self.links.remove(path);
        }
    }

    /// The files that are symbolic links, with their stamps when they were last read.
    pub(super) fn links(&self) -> impl Iterator<Item = (&VaultPath, Stamp)> {
        self.links.iter().filter_map(|path| Some((path, self.files.get(path)?.stamp)))
    }

    /// The caller may know this file otherwise than it is, or not at all: whatever is found there is news.
    pub(super) fn unsure(&mut self, path: VaultPath) {
        let (digest, round) = (digest_text(UNSURE), self.round.wrapping_sub(1));
        self.files.insert(path, File { digest, stamp: Stamp::UNKNOWN, round, standing: Standing::Member });
    }

    /// Begins a look.
    pub(super) fn begin_round(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// Is the file known?
    pub(super) fn contains(&self, path: &VaultPath) -> bool {
        self.files.contains_key(path)
    }

    /// How the file stands to the vault, as the caller knows it.
    pub(super) fn standing(&self, path: &VaultPath) -> Option<Standing> {
        self.files.get(path).map(|file| file.standing)
    }

    /// The file's stamp when it was last read, and whether it is known without one. One that stood otherwise is not known.
    pub(super) fn stamp(&self, path: &VaultPath, standing: Standing) -> (Stamp, bool) {
        self.files.get(path).filter(|file| file.standing == standing).map_or((Stamp::UNKNOWN, false), |file| {
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
    pub(super) fn take_all(&mut self) -> Vec<Change> {
        self.doubtful.clear();
        self.links.clear();
        let mut paths: Vec<VaultPath> = self.files.keys().cloned().collect();
        paths.sort();
        paths.into_iter().filter_map(|path| self.remove(path)).collect()
    }

    /// Compares what was just read with what is known, and remembers it. Nothing, where it is the same.
    pub(super) fn compare(&mut self, path: VaultPath, read: Reading) -> Vec<Change> {
        if matches!(read.text, Err(ReadFault::Gone)) {
            return self.remove(path).into_iter().collect();
        }
        let digest = read.digest();
        let round = self.round;
        let before = self.files.get_mut(&path);
        let is_same = before.as_ref().is_some_and(|file| file.digest == digest && file.standing == read.standing);
        let is_suddenly_empty = !is_same && read.text.as_ref().is_ok_and(|text| text.is_empty());
        if is_suddenly_empty && !self.doubtful.remove(&path) {
            // Truncated, and perhaps about to be written.
            if let Some(file) = before {
                file.round = round;
            }
            self.doubtful.insert(path);
            return Vec::new();
        }
        // Where a file of the vault is beside it from now on, both sides are told; the other way round the one implies the other.
        let was_member = before.is_some_and(|file| file.standing == Standing::Member) && read.standing == Standing::Beside;
        self.doubtful.remove(&path);
        self.files.insert(path.clone(), File { digest, stamp: read.stamp, round, standing: read.standing });
        if is_same {
            return Vec::new();
        }
        let left = was_member.then(|| Change::Gone { path: path.clone() });
        left.into_iter().chain(read.changes(path)).collect()
    }

    /// The file is not there.
    pub(super) fn remove(&mut self, path: VaultPath) -> Option<Change> {
        self.doubtful.remove(&path);
        self.links.remove(&path);
        self.files.remove(&path).map(|file| match file.standing {
            Standing::Member => Change::Gone { path },
            Standing::Beside => Change::Beside { path, text: None },
        })
    }

    /// Takes out the files under any of these folders that this round has not met, sorted.
    pub(super) fn take_unmet(&mut self, folders: &Folders) -> Vec<Change> {
        if folders.0.is_empty() {
            return Vec::new();
        }
        self.unmet_in(|path| folders.hold(path)).into_iter().filter_map(|path| self.remove(path)).collect()
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

/// Differs from that of every text a file could have: no file begins with this. What can be read of the file counts too.
fn digest_fault(fault: &ReadFault, beginning: Option<&str>) -> u64 {
    digest_text(&format!("\0unreadable\0{fault}\0{}", beginning.unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(standing: Standing, text: &str) -> Reading {
        Reading { standing, stamp: Stamp::UNKNOWN, text: Ok(text.into()), beginning: None }
    }

    fn member(text: &str) -> Reading {
        read(Standing::Member, text)
    }

    fn beside(text: &str) -> Reading {
        read(Standing::Beside, text)
    }

    #[test]
    fn a_file_that_changes_sides_is_told_to_both() {
        let mut known = Known::default();
        let path = || VaultPath::new("a.md");
        known.learn(path(), Standing::Member, "a", Stamp::UNKNOWN);
        assert!(known.compare(path(), member("a")).is_empty());
        let out = known.compare(path(), beside("a"));
        assert!(matches!(&out[..], [Change::Gone { .. }, Change::Beside { text: Some(_), .. }]), "{out:?}");
        assert!(known.compare(path(), beside("a")).is_empty());
        assert!(matches!(&known.compare(path(), member("a"))[..], [Change::Found { .. }]));
        known.compare(path(), beside("a"));
        assert!(matches!(known.remove(path()), Some(Change::Beside { text: None, .. })));
    }

    #[test]
    fn of_an_unreadable_file_its_beginning_is_news_too() {
        let mut known = Known::default();
        let path = || VaultPath::new("a.md");
        let broken = |beginning: &str| Reading {
            beginning: Some(beginning.into()),
            ..Reading::fault(Standing::Member, ReadFault::NotUtf8 { offset: 3 })
        };
        let told = known.compare(path(), broken("a"));
        assert!(matches!(&told[..], [Change::Unreadable { .. }, Change::Beside { text: Some(_), .. }]), "{told:?}");
        assert!(known.compare(path(), broken("a")).is_empty());
        assert_eq!(known.compare(path(), broken("b")).len(), 2);
        assert!(matches!(&known.compare(path(), member("a"))[..], [Change::Found { .. }]));
    }

    #[test]
    fn a_file_that_is_suddenly_empty_is_doubted_once() {
        let mut known = Known::default();
        let path = VaultPath::new("a.md");
        known.learn(path.clone(), Standing::Member, "full", Stamp::UNKNOWN);
        assert!(known.compare(path.clone(), member("")).is_empty());
        assert_eq!(known.doubts().first(), Some(&path));
        let believed = known.compare(path.clone(), member(""));
        assert!(matches!(&believed[..], [Change::Found { text, .. }] if text.is_empty()));
        assert!(!known.in_doubt());
    }

    #[test]
    fn a_file_that_is_written_again_was_never_empty() {
        let mut known = Known::default();
        let path = VaultPath::new("a.md");
        known.learn(path.clone(), Standing::Member, "full", Stamp::UNKNOWN);
        assert!(known.compare(path.clone(), member("")).is_empty());
        assert!(known.compare(path.clone(), member("full")).is_empty());
        assert!(!known.in_doubt());
    }

    #[test]
    fn only_what_this_round_has_not_met_is_gone() {
        let mut known = Known::default();
        for path in ["a/x.md", "a/y.md", "ab/z.md", "a.md"] {
            known.learn(VaultPath::new(path), Standing::Member, path, Stamp::UNKNOWN);
        }
        known.begin_round();
        known.met(&VaultPath::new("a/x.md"));
        let mut take = |folder: &str| {
            let gone = known.take_unmet(&Folders::new([folder.to_owned()].iter()));
            gone.iter().map(|change| change.path().clone()).collect::<Vec<_>>()
        };
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
