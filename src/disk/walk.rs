//! One walk through the folders of a vault, with any number of threads working on the files that it finds: walking and reading
//! overlap. Scans, stat sweeps and the watcher are this walk with different work.

use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::mpsc::{self, Receiver, TrySendError};
use std::sync::{Mutex, PoisonError};
use std::{fs, io, panic, thread};

use super::rules::{Folder, Rules, Standing, is_hidden, names_settings, names_vault_file};
use super::{is_missing, join, plain};
use crate::vault::path::VaultPath;

/// How many files go to a thread at once: enough that handing over costs nothing, few enough that all threads end together.
const BATCH: usize = 256;

/// So many such batches wait at most: the walk is faster than what is done with its files, and need not remember them all.
const WAITING: usize = 16;

/// So many folders beside the vault are looked into, which takes about a second: what programs install there may be without end.
const MOST_BESIDE: usize = 20_000;

/// A file of the vault or beside it, as the walk meets it.
pub(super) struct Spot {
    /// Where it is, spelled from the root.
    pub path: PathBuf,
    /// Does the folder entry itself say that this is a regular file? Else one has to look.
    pub is_regular: bool,
    /// Is it a symbolic link?
    pub is_link: bool,
    /// How it stands to the vault.
    pub standing: Standing,
}

/// Something that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Its path in the vault, for people.
    pub path: String,
    /// Why, in words that follow the path.
    pub reason: String,
    /// Does it lie beside the vault?
    pub is_beside: bool,
    /// May there be a file in it that nobody could read?
    pub hides_files: bool,
}

/// What a walk brings back.
pub(super) struct Walked<T> {
    /// One item for each file, in no particular order.
    pub found: Vec<(VaultPath, T)>,
    /// What could not be walked.
    pub faults: Vec<Fault>,
}

/// Walks the folder `from` of the vault (the empty path: all of it), and what is beside the vault there if the rules say so.
/// `on_folder` hears of each folder before its entries are read; `work` is done for each file, on several threads, each with a buffer of its own; `None` means: leave this one out.
/// `hand_over` sees what has come together after each batch, and may take it.
pub(super) fn walk<T: Send>(
    rules: &Rules,
    from: &str,
    on_folder: &mut dyn FnMut(&Path, Standing),
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
    let mut walker = Walker { rules, names: &names, faults: Vec::new(), only_links: false, beside: 0 };
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

/// Hears of every folder that a walk looks into, and of the files that are symbolic links, without looking at any file.
pub(super) fn walk_folders(rules: &Rules, on_folder: &mut dyn FnMut(&Path, Standing), on_link: &mut dyn FnMut(VaultPath)) {
    let names = Names::new(rules.root());
    let mut walker = Walker { rules, names: &names, faults: Vec::new(), only_links: true, beside: 0 };
    walker.run("", on_folder, &mut |batch| {
        batch.iter().filter_map(|spot| names.inside(&spot.path)).for_each(|inside| on_link(VaultPath::new(&inside)));
    });
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
    faults: Vec<Fault>,
    only_links: bool,
    /// So many folders beside the vault were looked into.
    beside: usize,
}

/// What is still to be looked into, and where the files go.
struct Way<'a> {
    open: Vec<(PathBuf, Folder)>,
    batch: Vec<Spot>,
    send: &'a mut dyn FnMut(Vec<Spot>),
}

impl Walker<'_> {
    fn run(&mut self, from: &str, on_folder: &mut dyn FnMut(&Path, Standing), send: &mut dyn FnMut(Vec<Spot>)) {
        let Some(folder) = self.rules.folder(from) else { return };
        let open = vec![(join(self.rules.root(), from), folder)];
        let mut way = Way { open, batch: Vec::with_capacity(BATCH), send };
        while let Some((path, folder)) = way.open.pop() {
            // A nested vault is watched in any case: its settings may go, and its files are members then.
            if self.rules.looks_into(&folder) || folder.is_nested {
                on_folder(&path, folder.standing);
                self.list(&path, folder, &mut way);
            }
        }
        if !way.batch.is_empty() {
            (way.send)(way.batch);
        }
    }

    /// Reads the entries of one folder.
    fn list(&mut self, path: &Path, mut folder: Folder, way: &mut Way<'_>) {
        let (mut files, mut folders, mut has_settings) = (Vec::new(), Vec::new(), false);
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.refused(path, &folder, &error),
        };
        for entry in entries {
            let (entry, kind) = match entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) {
                Ok(known) => known,
                Err(error) => {
                    self.refused(path, &folder, &error);
                    continue;
                }
            };
            let name = entry.file_name();
            if kind.is_dir() {
                folders.push((name, entry));
                continue;
            }
            let is_taken = self.takes_name(&name, &entry, &folder);
            has_settings |= is_taken && name.to_str().is_some_and(names_settings);
            if (kind.is_symlink() && !is_hidden_name(&name)) || (is_taken && !self.only_links) {
                files.push((kind, entry, is_taken));
            }
        }
        let at_root = self.names.inside(path).is_none_or(|inside| inside.is_empty());
        if has_settings && !at_root && folder.standing == Standing::Member {
            folder = folder.nested();
        }
        if !self.rules.looks_into(&folder) || !self.is_within_bounds(path, &folder) {
            return;
        }
        for (kind, entry, is_taken) in files {
            let path = entry.path();
            if let Some(standing) = self.standing(&path, kind.is_symlink(), &folder).filter(|_| is_taken) {
                way.batch.push(Spot { is_regular: kind.is_file(), is_link: kind.is_symlink(), path, standing });
                if way.batch.len() == BATCH {
                    (way.send)(std::mem::replace(&mut way.batch, Vec::with_capacity(BATCH)));
                }
            }
        }
        for (name, entry) in folders {
            let path = entry.path();
            match self.names.inside(&path) {
                _ if is_hidden_name(&name) => {}
                Some(inside) => way.open.push((path.clone(), self.rules.enter(&folder, &inside))),
                None => self.odd_name(&path, &folder),
            }
        }
    }

    /// Does a file have the name of one that is read?
    fn takes_name(&mut self, name: &OsStr, entry: &fs::DirEntry, folder: &Folder) -> bool {
        if let Some(name) = name.to_str() {
            return names_vault_file(name);
        }
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        if !is_hidden_name(name) && ending.is_some_and(|ending| names_vault_file(&format!("x.{ending}"))) {
            self.odd_name(&entry.path(), folder);
        }
        false
    }

    fn standing(&mut self, path: &Path, is_link: bool, folder: &Folder) -> Option<Standing> {
        let inside = self.names.inside(path)?;
        if is_link && fs::metadata(path).is_ok_and(|target| target.is_dir()) {
            self.linked_folder(path, &inside, folder);
            return None;
        }
        self.rules.standing_in(folder, &inside)
    }

    /// Beside the vault only so much is looked into; the rest is told.
    fn is_within_bounds(&mut self, path: &Path, folder: &Folder) -> bool {
        if folder.standing == Standing::Member {
            return true;
        }
        self.beside += 1;
        if self.beside == MOST_BESIDE + 1 {
            let reason = format!("not looked into, nor what follows it: more than {MOST_BESIDE} folders lie beside the vault");
            self.fault(path, folder, true, reason);
        }
        self.beside <= MOST_BESIDE
    }

    /// Links to folders are passed over; one that leads back to where it stands is worth a word.
    fn linked_folder(&mut self, path: &Path, inside: &str, folder: &Folder) {
        let admitted = self.rules.enter(folder, inside).standing == Standing::Member;
        let leads_back = || {
            let target = fs::canonicalize(path).ok()?;
            let here = fs::canonicalize(path.parent()?).ok()?;
            Some(here.starts_with(target))
        };
        if admitted && leads_back() == Some(true) {
            self.fault(path, folder, false, "a link loop: it leads back to a folder around it; not followed".to_owned());
        }
    }

    fn odd_name(&mut self, path: &Path, folder: &Folder) {
        if self.rules.looks_into(folder) {
            self.fault(path, folder, true, "its name is not UTF-8: rename it".to_owned());
        }
    }

    fn refused(&mut self, path: &Path, folder: &Folder, error: &io::Error) {
        // Removed while walking: that is no fault.
        if !is_missing(error) {
            self.fault(path, folder, true, format!("cannot be read: {}", plain(error)));
        }
    }

    fn fault(&mut self, path: &Path, folder: &Folder, hides_files: bool, reason: String) {
        let is_beside = folder.standing == Standing::Beside;
        self.faults.push(Fault { path: self.names.shown(path), reason, is_beside, hides_files });
    }
}

fn is_hidden_name(name: &OsStr) -> bool {
    name.to_str().map_or_else(|| name.as_encoded_bytes().first() == Some(&b'.'), is_hidden)
}
