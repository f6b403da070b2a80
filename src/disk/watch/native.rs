//! The system's own watches. On Linux one for each folder that belongs to the vault, so that `.git` and ignored folders cost
//! nothing; elsewhere a single recursive one.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::Sender;

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::hints::{Roots, Signal, explain, translate};
use crate::disk::plain;
use crate::disk::rules::Rules;
use crate::disk::walk::walk_folders;

/// Are watches set folder by folder?
const BY_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// A running set of watches; they end when it is dropped.
pub(super) struct Native {
    watcher: RecommendedWatcher,
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
        Ok(Native { watcher })
    }

    /// Watches every folder of the vault.
    pub(super) fn arm_all(&mut self, rules: &Rules) -> Result<(), String> {
        if !BY_FOLDER {
            return Ok(());
        }
        let mut outcome = Ok(());
        walk_folders(rules, &mut |folder| {
            if outcome.is_ok() {
                outcome = self.arm(folder);
            }
        });
        outcome
    }

    /// Watches one folder. That it is gone, or cannot be watched although others can, is no failure: its parent reports, and
    /// the regular sweep looks. Doing it twice does no harm.
    pub(super) fn arm(&mut self, folder: &Path) -> Result<(), String> {
        if !BY_FOLDER {
            return Ok(());
        }
        match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => Ok(()),
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
