//! The system's own watches. On Linux one for each folder that belongs to the vault, and for some beside it, so that `.git` costs
//! nothing; elsewhere a single recursive one.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::hints::{Roots, Signal, explain, translate};
use crate::disk::plain;
use crate::disk::rules::{Rules, Standing};
use crate::disk::walk::walk_folders;
use crate::vault::path::VaultPath;

/// Are watches set folder by folder?
const BY_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// So many folders beside the vault are watched at most: the system's limit (8,192 on many) is for all programs of a person together,
/// and the editor has needs of its own.
const MOST_BESIDE: usize = 1024;

/// A running set of watches; they end when it is dropped.
pub(super) struct Native {
    watcher: RecommendedWatcher,
    /// The folders beside the vault that are watched.
    beside: HashSet<PathBuf>,
    /// Are there more than can be watched? They are to be looked through instead.
    pub unwatched_beside: bool,
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Native")
    }
}

impl Native {
    /// Watches nothing yet, except where one watch covers all.
    pub(super) fn start(root: &Path, sender: Sender<Signal>) -> Result<Native, String> {
        let roots = Roots::of(root);
        let watcher = notify::recommended_watcher(move |event| {
            translate(event, &roots, &mut |signal| {
                let _ = sender.send(signal);
            });
        });
        let mut watcher = watcher.map_err(|error| reason(&error))?;
        if !BY_FOLDER {
            watcher.watch(root, RecursiveMode::Recursive).map_err(|error| reason(&error))?;
        }
        Ok(Native { watcher, beside: HashSet::new(), unwatched_beside: false })
    }

    /// Watches every folder of the vault. `on_link` hears of the files that are symbolic links.
    pub(super) fn arm_all(&mut self, rules: &Rules, on_link: &mut dyn FnMut(VaultPath)) -> Result<(), String> {
        let mut outcome = Ok(());
        let mut arm = |folder: &Path, standing| {
            if outcome.is_ok() {
                outcome = self.arm(folder, standing);
            }
        };
        walk_folders(rules, &mut arm, on_link);
        outcome
    }

    /// Everything is walked through and watched again: folders beside the vault that are gone count no more.
    pub(super) fn renew(&mut self) {
        self.beside.clear();
        self.unwatched_beside = false;
    }

    /// Watches one folder. That it is gone, or cannot be watched although others can, is no failure: its parent reports, and
    /// the regular sweep looks. Doing it twice does no harm.
    pub(super) fn arm(&mut self, folder: &Path, standing: Standing) -> Result<(), String> {
        if !BY_FOLDER {
            return Ok(());
        }
        let is_beside = standing == Standing::Beside;
        if is_beside && !self.beside.contains(folder) {
            if self.beside.len() == MOST_BESIDE {
                self.unwatched_beside = true;
                return Ok(());
            }
            // It is watched from here on, and stays so until the next time that everything is walked through.
            self.beside.insert(folder.to_path_buf());
        }
        match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => Ok(()),
            Err(error) if is_beside && explain(&error).is_some() => {
                self.unwatched_beside = true;
                Ok(())
            }
            Err(error) => explain(&error).map_or(Ok(()), Err),
        }
    }
}

fn reason(error: &notify::Error) -> String {
    explain(error).unwrap_or_else(|| match &error.kind {
        ErrorKind::Io(error) => format!("the system cannot watch this folder: {}", plain(error)),
        _ => format!("the system cannot watch this folder: {error}"),
    })
}
