//! Looking at what is there now, and telling how it differs from what was known.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::hints::Hints;
use super::known::Folders;
use super::native::Native;
use super::{Identity, QUIET, Source, Watcher};
use crate::disk::read::{self, ReadFault};
use crate::disk::rules::is_within;
use crate::disk::stamp::Stamp;
use crate::disk::walk::{Spot, walk};
use crate::disk::{is_missing, join};
use crate::vault::Change;
use crate::vault::path::VaultPath;

/// What a walk says about one file.
enum Seen {
    /// Not written since it was last read.
    Same,
    /// Not written since the vault was read; its stamp.
    Unwritten(Stamp),
    /// Read, with the stamp from just before.
    Read(Stamp, Result<Arc<str>, ReadFault>),
}

/// What is to be looked at, in full.
#[derive(Default)]
struct Places {
    files: Vec<VaultPath>,
    /// Folders to walk through.
    folders: HashSet<String>,
    /// Folders that are no longer there, or no longer part of the vault.
    lost: HashSet<String>,
}

impl Watcher {
    /// Looks where the hints say, and at the files in doubt.
    pub(super) fn look(&mut self, mut hints: Hints) -> Vec<Change> {
        let begun = Instant::now();
        self.known.begin_round();
        for path in hints.unsure.drain() {
            self.known.unsure(VaultPath::new(&path));
        }
        if let Some(reason) = hints.trouble.take() {
            self.source = Source::Poll { reason };
            hints.everything = true;
        }
        if !self.find_root(&mut hints) {
            self.doubt_due = None;
            self.schedule_sweep(Duration::ZERO);
            return gone(self.known.take_all()).collect();
        }
        let everything = hints.everything;
        let places = if everything { Places::everywhere() } else { self.places(hints) };
        let changes = self.visit(places);
        if everything {
            self.schedule_sweep(begun.elapsed());
        }
        self.doubt_due = self.known.in_doubt().then(|| Instant::now() + QUIET);
        changes
    }

    /// Is the root there? If it is another folder than before, or its watches are in doubt, it is watched anew.
    fn find_root(&mut self, hints: &mut Hints) -> bool {
        let present = Identity::of(&self.root);
        let is_same = present == self.identity;
        self.identity = present;
        if present.is_none() {
            return false;
        }
        if is_same && !hints.rearm {
            return true;
        }
        hints.everything = true;
        if matches!(self.source, Source::Native(_)) {
            // The old watches end first: the limit may not allow for both. The folders are watched as they are looked through.
            self.source = Source::Off;
            self.source = match Native::start(&self.root, self.sender.clone()) {
                Ok(native) => Source::Native(native),
                Err(reason) => Source::Poll { reason },
            };
        }
        true
    }

    /// Sorts the hints by what is there now.
    fn places(&self, hints: Hints) -> Places {
        let mut places = Places { files: self.known.doubts(), ..Places::default() };
        for folder in hints.ignores {
            self.place_folder(folder, &mut places);
        }
        for inside in hints.paths {
            let path = join(&self.root, &inside);
            match fs::symlink_metadata(&path) {
                Ok(metadata) if is_spelled_otherwise(&path, &metadata) => self.place_missing(inside, &mut places),
                Ok(metadata) if metadata.is_dir() => self.place_folder(inside, &mut places),
                Err(error) if is_missing(&error) => self.place_missing(inside, &mut places),
                _ => self.place_file(inside, &mut places),
            }
        }
        let folders = Folders::new(places.folders.iter());
        places.folders.retain(|folder| !folders.hold(folder));
        places
    }

    fn place_file(&self, inside: String, places: &mut Places) {
        let path = VaultPath::new(&inside);
        // Where a folder stood, there may be a file, or a link, of that name now.
        if !self.known.contains(&path) {
            places.lost.insert(inside);
        }
        places.files.push(path);
    }

    fn place_folder(&self, inside: String, places: &mut Places) {
        // Its ignore files, and whether it is ignored itself, may be news too.
        self.rules.forget_inside(&inside);
        let path = VaultPath::new(&inside);
        if self.known.contains(&path) {
            places.files.push(path);
        }
        let set = if self.rules.admits_inside(&inside, true) { &mut places.folders } else { &mut places.lost };
        set.insert(inside);
    }

    fn place_missing(&self, inside: String, places: &mut Places) {
        self.rules.forget_inside(&inside);
        let path = VaultPath::new(&inside);
        if self.known.contains(&path) {
            places.files.push(path);
        } else {
            places.lost.insert(inside);
        }
    }

    /// Looks at all places; what is known under them and was not met there is gone.
    fn visit(&mut self, places: Places) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut walked = places.lost;
        for folder in places.folders {
            self.survey(&folder, &mut changes);
            walked.insert(folder);
        }
        let mut buffer = Vec::new();
        for path in places.files {
            changes.extend(self.look_at(path, &mut buffer));
        }
        changes.extend(gone(self.known.take_unmet(&Folders::new(walked.iter()))));
        changes
    }

    /// Looks at a single file.
    fn look_at(&mut self, path: VaultPath, buffer: &mut Vec<u8>) -> Option<Change> {
        let place = join(&self.root, path.as_str());
        let is_ours = self.rules.admits_inside(path.as_str(), false)
            && !fs::symlink_metadata(&place).is_ok_and(|metadata| is_spelled_otherwise(&place, &metadata));
        if !is_ours {
            return self.known.remove(path);
        }
        match see(&place, Stamp::UNKNOWN, buffer) {
            Seen::Read(_, Err(ReadFault::NotAFile)) if place.is_dir() => self.known.remove(path),
            Seen::Read(stamp, text) => self.known.compare(path, stamp, text),
            Seen::Same | Seen::Unwritten(_) => None,
        }
    }

    /// Walks through a folder, watching on the way: a folder is watched before its entries are read, so that whatever comes
    /// into it later is reported.
    fn survey(&mut self, folder: &str, changes: &mut Vec<Change>) {
        if folder.is_empty() {
            self.rules.forget_inside("");
        }
        let mut trouble = None;
        let mut arm = |folder: &Path| {
            if let (Source::Native(native), None) = (&mut self.source, &trouble) {
                trouble = native.arm(folder).err();
            }
        };
        let since = self.unwritten_since.filter(|_| folder.is_empty());
        // Hardly any file is news: what is not goes no further than the thread that saw it.
        let known = Mutex::new(&mut self.known);
        let locked = || known.lock().unwrap_or_else(PoisonError::into_inner);
        let work = |path: &VaultPath, spot: &Spot, buffer: &mut Vec<u8>| {
            let (stamp, is_unstamped) = locked().stamp(path);
            let unwritten = since.filter(|_| is_unstamped).and_then(|since| unwritten(&spot.path, since));
            match unwritten.unwrap_or_else(|| see(&spot.path, stamp, buffer)) {
                Seen::Same => locked().met(path),
                Seen::Unwritten(stamp) => locked().stamp_met(path, stamp),
                Seen::Read(stamp, text) => return locked().compare(path.clone(), stamp, text),
            }
            None
        };
        let walked = walk(&self.rules, folder, &mut arm, work, |_| {});
        if folder.is_empty() {
            self.unwritten_since = None;
        }
        changes.extend(walked.found.into_iter().map(|(_, change)| change));
        for (folder, reason) in walked.faults {
            self.unreadable(&folder, &reason, changes);
        }
        if let Some(reason) = trouble {
            self.source = Source::Poll { reason };
            self.schedule_sweep(Duration::ZERO);
        }
    }

    /// A folder that cannot be read for now does not take its files out of the vault without a word.
    fn unreadable(&mut self, folder: &str, reason: &str, changes: &mut Vec<Change>) {
        for path in self.known.unmet_in(|path| is_within(path, folder)) {
            let fault = ReadFault::Io(format!("its folder {reason}"));
            changes.extend(self.known.compare(path, Stamp::UNKNOWN, Err(fault)));
        }
    }
}

impl Places {
    fn everywhere() -> Places {
        Places { folders: HashSet::from([String::new()]), ..Places::default() }
    }
}

/// Reads a file, unless its stamp proves that it is as it was. The stamp comes first: a write after it changes the next one.
fn see(place: &Path, known: Stamp, buffer: &mut Vec<u8>) -> Seen {
    let metadata = match read::look(place) {
        Ok(metadata) => metadata,
        Err(fault) => return Seen::Read(Stamp::UNKNOWN, Err(fault)),
    };
    let stamp = Stamp::of(&metadata, SystemTime::now());
    if stamp.proves_same(known) {
        return Seen::Same;
    }
    Seen::Read(stamp, read::read_regular(place, buffer))
}

/// Was the file certainly not written since a time? Then its stamp.
fn unwritten(place: &Path, since: SystemTime) -> Option<Seen> {
    let metadata = read::look(place).ok()?;
    let stamp = Stamp::of(&metadata, SystemTime::now());
    let is_older = Stamp::of(&metadata, since) != Stamp::UNKNOWN;
    (is_older && stamp != Stamp::UNKNOWN).then_some(Seen::Unwritten(stamp))
}

/// Where `A.md` and `a.md` are one file, a file that was renamed from one to the other answers to its old name too.
fn is_spelled_otherwise(path: &Path, metadata: &fs::Metadata) -> bool {
    if !cfg!(any(windows, target_os = "macos")) || metadata.is_symlink() {
        return false;
    }
    let Ok(real) = fs::canonicalize(path) else { return false };
    let (Some(asked), Some(real)) =
        (path.file_name().and_then(|name| name.to_str()), real.file_name().and_then(|name| name.to_str()))
    else {
        return false;
    };
    // Only the case is meant: that the system may compose letters differently is another matter.
    asked != real && asked.to_lowercase() == real.to_lowercase()
}

fn gone(paths: Vec<VaultPath>) -> impl Iterator<Item = Change> {
    paths.into_iter().map(|path| Change::Gone { path })
}
