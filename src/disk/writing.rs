//! Writing in a vault: a lock that one process holds at a time, and every write behind it.
//!
//! The lock is an advisory one on the root folder itself (`flock`), which the system takes back when the process ends, however it
//! ends. It is no file in the vault, and not on `guanxi.yaml`, which a rename replaces. It is taken before the vault is read: the
//! second of two commands must see what the first one wrote.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::save::{self, SaveFault};

/// So long a command waits before it says so: most others are done by then.
const QUIET: Duration = Duration::from_secs(1);

/// So often it looks again. A blocking wait could neither say anything nor end.
const AGAIN: Duration = Duration::from_millis(20);

/// The right to write in a vault. As long as it is there, no other guanxi writes.
pub struct Writing {
    /// The root without symbolic links.
    root: PathBuf,
    _lock: Option<File>,
}

/// Another process held the lock all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// One file to write.
#[derive(Clone, Debug)]
pub struct Write<'a> {
    /// Where, spelled from the root.
    pub path: PathBuf,
    /// What is there; `None`: nothing.
    pub old: Option<&'a str>,
    /// What is to be there; `None`: nothing.
    pub new: Option<&'a str>,
}

/// Why not all files were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// It was told to stop. So many are written, each whole.
    Stopped(usize),
    /// One could not be written. Those before it were taken back.
    Failed {
        /// Which.
        at: usize,
        /// Why.
        fault: SaveFault,
        /// Those that could not be taken back.
        stuck: Vec<usize>,
    },
}

impl Writing {
    /// Waits until no other guanxi writes in the vault at `root`, at most for `patience`; `waiting` is called once, when it takes
    /// long. Systems and file systems without such locks do without.
    pub fn begin(root: &Path, patience: Duration, waiting: &mut dyn FnMut()) -> Result<Self, Busy> {
        let lock = lock(root, patience, waiting)?;
        Ok(Self { root: root.canonicalize().unwrap_or_else(|_| root.to_path_buf()), _lock: lock })
    }

    /// The same in a folder that need not be there yet. The fault is the system's, in words.
    pub fn begin_new(root: &Path, patience: Duration, waiting: &mut dyn FnMut()) -> Result<Result<Self, Busy>, String> {
        fs::create_dir_all(root).map_err(|error| super::plain(&error))?;
        Ok(Self::begin(root, patience, waiting))
    }

    /// Writes one file; see [`save`](super::save()). A path that leads out of the vault is refused.
    pub fn save(&self, path: &Path, expected: Option<&str>, new: &str) -> Result<(), SaveFault> {
        stays_inside(&self.root, path)?;
        save::save(path, expected, new)
    }

    /// Writes many files, in this order. Everything or nothing: where one fails, those before it get their old text back, the last
    /// one first. `stop` is asked before each; it only ever stops between two files.
    pub fn carry_out(&self, writes: &[Write<'_>], stop: &mut dyn FnMut() -> bool) -> Result<(), Halt> {
        for (at, write) in writes.iter().enumerate() {
            if stop() {
                return Err(Halt::Stopped(at));
            }
            if let Err(fault) = self.write(&write.path, write.old, write.new) {
                let back = |at: &usize| self.write(&writes[*at].path, writes[*at].new, writes[*at].old).is_err();
                return Err(Halt::Failed { at, fault, stuck: (0..at).rev().filter(back).collect() });
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, old: Option<&str>, new: Option<&str>) -> Result<(), SaveFault> {
        match (old, new) {
            (_, Some(new)) => self.save(path, old, new),
            (Some(old), None) => stays_inside(&self.root, path).and_then(|()| save::remove(path, old)),
            (None, None) => Ok(()),
        }
    }
}

/// Does this path stay in the vault at `root`? A symbolic link on the way must not lead out of it: what lies outside is read but
/// never written.
pub fn stays_inside(root: &Path, path: &Path) -> Result<(), SaveFault> {
    let there = path.ancestors().find(|there| fs::symlink_metadata(there).is_ok()).unwrap_or(path);
    match (there.canonicalize(), root.canonicalize()) {
        (Ok(real), Ok(root)) if !real.starts_with(&root) => Err(SaveFault::Outside(real)),
        // A link that leads nowhere is told of by the write itself.
        _ => Ok(()),
    }
}

fn lock(root: &Path, patience: Duration, waiting: &mut dyn FnMut()) -> Result<Option<File>, Busy> {
    let Ok(folder) = File::open(root) else { return Ok(None) };
    let start = Instant::now();
    let mut told = false;
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
        }
        if start.elapsed() >= patience {
            return Err(Busy);
        }
        if start.elapsed() >= QUIET && !told {
            told = true;
            waiting();
        }
        thread::sleep(AGAIN);
    }
}
