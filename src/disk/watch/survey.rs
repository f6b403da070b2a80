//! Looking at what is there now, and telling how it differs from what was known.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::hints::Hints;
use super::known::{Folders, Reading};
use super::native::Native;
use super::{Identity, QUIET, Source, Watcher};
use crate::disk::read::{self, ReadFault};
use crate::disk::root::{is_misnamed, misplaced_settings};
use crate::disk::rules::{Standing, is_within};
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
            return self.known.take_all();
        }
        let everything = hints.everything;
        let places = if everything { Places::everywhere() } else { self.places(hints) };
        let changes = self.visit(places);
        if everything {
            self.schedule_sweep(begun.elapsed());
        }
        self.schedule_links();
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
        let set = if self.rules.folder(&inside).is_some() { &mut places.folders } else { &mut places.lost };
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
        changes.extend(self.known.take_unmet(&Folders::new(walked.iter())));
        changes
    }

    /// Looks at a single file.
    fn look_at(&mut self, path: VaultPath, buffer: &mut Vec<u8>) -> Vec<Change> {
        let place = join(&self.root, path.as_str());
        let entry = fs::symlink_metadata(&place);
        let is_spelled_so = |entry: &fs::Metadata| !is_spelled_otherwise(&place, entry);
        let standing = self.rules.standing(path.as_str()).filter(|_| entry.as_ref().map_or(true, is_spelled_so));
        let Some(standing) = standing else { return self.known.remove(path).into_iter().collect() };
        self.known.link(&path, entry.is_ok_and(|entry| entry.is_symlink()));
        match see(&path, &place, Stamp::UNKNOWN, buffer) {
            // A folder that is known cannot be read: where that is still so, its survey has just said it.
            Seen::Read(_, Err(ReadFault::NotAFile)) if place.is_dir() => {
                if fs::read_dir(&place).is_ok() {
                    self.known.remove(path).into_iter().collect()
                } else {
                    Vec::new()
                }
            }
            Seen::Read(stamp, text) => {
                let read = reading(standing, stamp, text, self.rules.reads_beside().then_some(&*place));
                self.known.compare(path, read)
            }
            Seen::Same | Seen::Unwritten(_) => Vec::new(),
        }
    }

    /// Walks through a folder, watching on the way: a folder is watched before its entries are read, so that whatever comes
    /// into it later is reported.
    fn survey(&mut self, folder: &str, changes: &mut Vec<Change>) {
        if folder.is_empty() {
            self.rules.forget_inside("");
            if let Source::Native(native) = &mut self.source {
                native.renew();
            }
        }
        let mut trouble = None;
        let mut arm = |folder: &Path, standing| {
            if let (Source::Native(native), None) = (&mut self.source, &trouble) {
                trouble = native.arm(folder, standing).err();
            }
        };
        let since = self.unwritten_since.filter(|_| folder.is_empty());
        let wants_beginnings = self.rules.reads_beside();
        // Hardly any file is news: what is not goes no further than the thread that saw it.
        let known = Mutex::new(&mut self.known);
        let locked = || known.lock().unwrap_or_else(PoisonError::into_inner);
        let work = |path: &VaultPath, spot: &Spot, buffer: &mut Vec<u8>| {
            let (stamp, is_unstamped) = locked().stamp(path, spot.standing);
            let unwritten = since.filter(|_| is_unstamped).and_then(|since| unwritten(&spot.path, since));
            if spot.is_link {
                locked().link(path, true);
            }
            match unwritten.unwrap_or_else(|| see(path, &spot.path, stamp, buffer)) {
                Seen::Same => locked().met(path),
                Seen::Unwritten(stamp) => locked().stamp_met(path, stamp),
                Seen::Read(stamp, text) => {
                    let read = reading(spot.standing, stamp, text, wants_beginnings.then_some(&*spot.path));
                    return Some(locked().compare(path.clone(), read)).filter(|changes| !changes.is_empty());
                }
            }
            None
        };
        let walked = walk(&self.rules, folder, &mut arm, work, |_| {});
        if folder.is_empty() {
            self.unwritten_since = None;
            for (path, fault) in misplaced_settings(&self.root, &self.root) {
                changes.extend(self.known.compare(path, Reading::fault(Standing::Member, fault)));
            }
        }
        changes.extend(walked.found.into_iter().flat_map(|(_, changes)| changes));
        for fault in walked.faults {
            self.unreadable(&fault.path, &fault.reason, changes);
            let standing = if fault.is_beside { Standing::Beside } else { Standing::Member };
            if fault.hides_files && (wants_beginnings || standing == Standing::Member) {
                let reading = Reading::fault(standing, ReadFault::Io(fault.reason));
                changes.extend(self.known.compare(VaultPath::new(&fault.path), reading));
            }
        }
        if let Some(reason) = trouble {
            self.source = Source::Poll { reason };
            self.schedule_sweep(Duration::ZERO);
        }
    }

    /// A folder that cannot be read for now does not take its files out of the vault without a word. Of those beside the vault what
    /// was known goes on counting.
    fn unreadable(&mut self, folder: &str, reason: &str, changes: &mut Vec<Change>) {
        for path in self.known.unmet_in(|path| is_within(path, folder) && path != folder) {
            if self.known.standing(&path) == Some(Standing::Beside) {
                self.known.met(&path);
                continue;
            }
            let fault = ReadFault::Io(format!("its folder {reason}"));
            changes.extend(self.known.compare(path, Reading::fault(Standing::Member, fault)));
        }
    }
}

impl Places {
    fn everywhere() -> Places {
        Places { folders: HashSet::from([String::new()]), ..Places::default() }
    }
}

/// Reads a file, unless its stamp proves that it is as it was. The stamp comes first: a write after it changes the next one.
fn see(path: &VaultPath, place: &Path, known: Stamp, buffer: &mut Vec<u8>) -> Seen {
    let metadata = match read::look(place) {
        Ok(_) if is_misnamed(path.as_str()) => return Seen::Read(Stamp::UNKNOWN, Err(ReadFault::Misnamed)),
        Ok(metadata) => metadata,
        Err(fault) => return Seen::Read(Stamp::UNKNOWN, Err(fault)),
    };
    let stamp = Stamp::of(&metadata, SystemTime::now());
    if stamp.proves_same(known) {
        return Seen::Same;
    }
    Seen::Read(stamp, read::read_regular(place, buffer))
}

/// A file as it was read; `place`, where what can be read of one that cannot be read as a whole is wanted.
fn reading(standing: Standing, stamp: Stamp, text: Result<Arc<str>, ReadFault>, place: Option<&Path>) -> Reading {
    let beginning = text.as_ref().err().filter(|fault| fault.has_beginning()).and(place).and_then(read::beginning);
    Reading { standing, stamp, text, beginning }
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
