//! One walk through the folders of a vault, with any number of threads working on the files that it finds: walking and reading
//! overlap. Scans, stat sweeps and the watcher are this walk with different work.

use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::mpsc::{self, Receiver, TrySendError};
use std::sync::{Mutex, PoisonError};
use std::{fs, panic, thread};

use walkdir::WalkDir;

use super::rules::{Folder, Rules, names_vault_file};
use super::{is_missing, join, plain};
use crate::vault::path::VaultPath;

/// How many files go to a thread at once: enough that handing over costs nothing, few enough that all threads end together.
const BATCH: usize = 256;

/// So many such batches wait at most: the walk is faster than what is done with its files, and need not remember them all.
const WAITING: usize = 16;

/// A file of the vault, as the walk meets it.
pub(super) struct Spot {
    /// Where it is, spelled from the root.
    pub path: PathBuf,
    /// Does the folder entry itself say that this is a regular file? Else one has to look.
    pub is_regular: bool,
}

/// What a walk brings back.
pub(super) struct Walked<T> {
    /// One item for each file, in no particular order.
    pub found: Vec<(VaultPath, T)>,
    /// What could not be walked: the path in the vault, and why.
    pub faults: Vec<(String, String)>,
}

/// Walks the folder `from` of the vault (the empty path: all of it). `on_folder` hears of each folder before its entries are
/// read; `work` is done for each file, on several threads, each with a buffer of its own; `None` means: leave this one out.
/// `hand_over` sees what has come together after each batch, and may take it.
pub(super) fn walk<T: Send>(
    rules: &Rules,
    from: &str,
    on_folder: &mut dyn FnMut(&Path),
    work: impl Fn(&VaultPath, &Spot, &mut Vec<u8>) -> Option<T> + Sync,
    hand_over: impl Fn(&mut Vec<(VaultPath, T)>) + Sync,
) -> Walked<T> {
    let names = Names::new(rules.root());
    let (sender, receiver) = mpsc::sync_channel::<Vec<Spot>>(WAITING);
    let receiver = Mutex::new(receiver);
    let work_on = |batch: Vec<Spot>, found: &mut Vec<(VaultPath, T)>, buffer: &mut Vec<u8>| {
        for spot in batch {
            let Some(path) = names.inside(&spot.path).map(|inside| VaultPath::new(&inside)) else { continue };
            if let Some(item) = work(&path, &spot, buffer) {
                found.push((path, item));
            }
        }
        hand_over(found);
    };
    let job = || {
        let (mut found, mut buffer) = (Vec::new(), Vec::new());
        while let Some(batch) = next(&receiver) {
            work_on(batch, &mut found, &mut buffer);
        }
        found
    };
    let mut walker = Walker { rules, names: &names, folders: Vec::new(), faults: Vec::new(), wants_files: true };
    let found = thread::scope(|scope| {
        let (mut found, mut buffer) = (Vec::new(), Vec::new());
        let mut helpers = Vec::new();
        walker.run(from, on_folder, &mut |batch| {
            // A vault that fits into one batch is read right here: threads would cost more than they bring.
            if helpers.is_empty() && batch.len() == BATCH {
                helpers.extend((0..helper_count()).map(|_| scope.spawn(job)));
            }
            // Where enough is waiting, the one who walks lends a hand.
            if let Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) = sender.try_send(batch) {
                work_on(batch, &mut found, &mut buffer);
            }
        });
        drop(sender);
        found.extend(job());
        for helper in helpers {
            found.extend(helper.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        }
        found
    });
    Walked { found, faults: walker.faults }
}

/// Hears of every folder of the vault, without looking at its files.
pub(super) fn walk_folders(rules: &Rules, on_folder: &mut dyn FnMut(&Path)) {
    let names = Names::new(rules.root());
    let mut walker = Walker { rules, names: &names, folders: Vec::new(), faults: Vec::new(), wants_files: false };
    walker.run("", on_folder, &mut |_| {});
}

/// Reading waits for the disk, so two threads help even one core; beyond sixteen nothing is gained.
fn helper_count() -> usize {
    thread::available_parallelism().map_or(2, NonZeroUsize::get).clamp(2, 16)
}

fn next<T>(batches: &Mutex<Receiver<T>>) -> Option<T> {
    batches.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Cuts the root off the paths of a walk without comparing it each time: all of them begin with it.
struct Names {
    cut: usize,
}

impl Names {
    fn new(root: &Path) -> Names {
        let root = root.as_os_str().as_encoded_bytes();
        let ends_open = root.last().is_some_and(|&byte| byte == b'/' || char::from(byte) == MAIN_SEPARATOR);
        Names { cut: if ends_open || root.is_empty() { root.len() } else { root.len() + 1 } }
    }

    /// The path in the vault; `None` if it is not Unicode.
    fn inside<'a>(&self, path: &'a Path) -> Option<std::borrow::Cow<'a, str>> {
        let bytes = path.as_os_str().as_encoded_bytes().get(self.cut..)?;
        let text = str::from_utf8(bytes).ok()?;
        Some(if MAIN_SEPARATOR == '/' { text.into() } else { text.replace(MAIN_SEPARATOR, "/").into() })
    }

    /// The same for people: whatever is not Unicode shows as a question mark.
    fn shown(&self, path: &Path) -> String {
        let bytes = path.as_os_str().as_encoded_bytes().get(self.cut..).unwrap_or_default();
        String::from_utf8_lossy(bytes).replace(MAIN_SEPARATOR, "/")
    }
}

struct Walker<'a> {
    rules: &'a Rules,
    names: &'a Names,
    /// The rules of the folders that lead to where the walk is; the first is where it began.
    folders: Vec<Folder>,
    faults: Vec<(String, String)>,
    wants_files: bool,
}

impl Walker<'_> {
    fn run(&mut self, from: &str, on_folder: &mut dyn FnMut(&Path), send: &mut dyn FnMut(Vec<Spot>)) {
        let Some(folder) = self.rules.folder(from) else { return };
        self.folders.push(folder);
        let start = join(self.rules.root(), from);
        on_folder(&start);
        let mut batch = Vec::with_capacity(BATCH);
        let mut entries = WalkDir::new(&start).min_depth(1).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.refused(&start, &error);
                    continue;
                }
            };
            self.folders.truncate(entry.depth());
            let kind = entry.file_type();
            if kind.is_dir() {
                match self.folder(entry.path()) {
                    Some(folder) => {
                        on_folder(entry.path());
                        self.folders.push(folder);
                    }
                    None => entries.skip_current_dir(),
                }
            } else if self.wants_files && self.takes_file(entry.path(), kind.is_symlink()) {
                batch.push(Spot { is_regular: kind.is_file(), path: entry.into_path() });
                if batch.len() == BATCH {
                    send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
                }
            }
        }
        if !batch.is_empty() {
            send(batch);
        }
    }

    /// The rules of a folder that the walk meets; `None`: keep out.
    fn folder(&mut self, path: &Path) -> Option<Folder> {
        if is_hidden_entry(path) {
            return None;
        }
        let Some(inside) = self.names.inside(path) else {
            self.odd_name(path);
            return None;
        };
        self.rules.enter(self.folders.last()?, &inside)
    }

    fn takes_file(&mut self, path: &Path, is_link: bool) -> bool {
        if is_hidden_entry(path) {
            return false;
        }
        let Some(inside) = self.names.inside(path) else {
            if path
                .extension()
                .and_then(OsStr::to_str)
                .is_some_and(|extension| names_vault_file(&format!("x.{extension}"), false))
            {
                self.odd_name(path);
            }
            return false;
        };
        if is_link && fs::metadata(path).is_ok_and(|target| target.is_dir()) {
            self.linked_folder(path, &inside);
            return false;
        }
        let (at_root, name) = inside.rsplit_once('/').map_or((true, &*inside), |(_, name)| (false, name));
        names_vault_file(name, at_root) && self.folders.last().is_some_and(|folder| self.rules.keeps_file(folder, &inside))
    }

    /// Links to folders are passed over; one that leads back to where it stands is worth a word.
    fn linked_folder(&mut self, path: &Path, inside: &str) {
        let admitted = self.folders.last().is_some_and(|folder| self.rules.enter(folder, inside).is_some());
        let leads_back = || {
            let target = fs::canonicalize(path).ok()?;
            let here = fs::canonicalize(path.parent()?).ok()?;
            Some(here.starts_with(target))
        };
        if admitted && leads_back() == Some(true) {
            self.faults.push((inside.to_owned(), "a link loop: it leads back to a folder around it; not followed".to_owned()));
        }
    }

    fn odd_name(&mut self, path: &Path) {
        self.faults.push((self.names.shown(path), "its name is not UTF-8: rename it".to_owned()));
    }

    fn refused(&mut self, start: &Path, error: &walkdir::Error) {
        let reason = error.io_error();
        // Removed while walking: that is no fault.
        if reason.is_some_and(is_missing) {
            return;
        }
        let path = self.names.shown(error.path().unwrap_or(start));
        self.faults.push((path, format!("cannot be read: {}", reason.map_or_else(|| error.to_string(), plain))));
    }
}

fn is_hidden_entry(path: &Path) -> bool {
    path.file_name().and_then(|name| name.as_encoded_bytes().first()).is_some_and(|&byte| byte == b'.')
}
