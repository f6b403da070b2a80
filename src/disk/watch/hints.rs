//! From the system's events to places where one should look. What cannot concern the vault is dropped here, at once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind};
use notify::{Error, ErrorKind, Event, EventKind};

use crate::disk::rules::{is_hidden, is_ignore_file, names_settings, names_vault_file};
use crate::disk::slashed;

/// One thing a watcher hears.
#[derive(Debug)]
pub(super) enum Signal {
    /// Look at this path in the vault, which could be a file or a folder.
    Look(String),
    /// The caller may know this file otherwise than it is: look, and tell what is there in any case.
    Doubt(String),
    /// What decides of the files in this folder changed: an ignore file, or the settings of a nested vault.
    Ignores(String),
    /// The root itself was moved or removed.
    Root,
    /// Events got lost: look at everything, and trust no watch.
    Lost,
    /// The system no longer reports: why, for people.
    Trouble(String),
    /// Somebody asks to look at everything.
    Sweep,
    /// Somebody asks for attention.
    Wake,
}

/// Where to look, gathered over a burst.
#[derive(Debug, Default)]
pub(super) struct Hints {
    pub paths: HashSet<String>,
    /// Of those, what is told in any case.
    pub unsure: HashSet<String>,
    pub ignores: HashSet<String>,
    pub everything: bool,
    /// The watches themselves are in doubt.
    pub rearm: bool,
    pub trouble: Option<String>,
    pub wake: bool,
}

impl Hints {
    /// Is there nothing to look at?
    pub(super) fn only_wake(&self) -> bool {
        self.wake && self.paths.is_empty() && self.ignores.is_empty() && !self.everything && self.trouble.is_none()
    }

    pub(super) fn add(&mut self, signal: Signal) {
        match signal {
            Signal::Look(path) => {
                self.paths.insert(path);
            }
            Signal::Doubt(path) => {
                self.unsure.insert(path.clone());
                self.paths.insert(path);
            }
            Signal::Ignores(folder) => {
                self.ignores.insert(folder);
            }
            Signal::Root | Signal::Lost => {
                self.everything = true;
                self.rearm = true;
            }
            Signal::Trouble(reason) => self.trouble = Some(reason),
            Signal::Sweep => self.everything = true,
            Signal::Wake => self.wake = true,
        }
    }
}

/// The ways in which the system may spell the root: as it was given, and with links resolved (macOS always does that).
#[derive(Clone, Debug)]
pub(super) struct Roots(Vec<PathBuf>);

impl Roots {
    pub(super) fn of(root: &Path) -> Roots {
        let mut roots = vec![root.to_path_buf()];
        roots.extend(std::fs::canonicalize(root).ok().filter(|real| real != root));
        Roots(roots)
    }

    /// The path in the vault; empty for the root.
    fn inside(&self, path: &Path) -> Option<String> {
        self.0.iter().find_map(|root| path.strip_prefix(root).ok()).and_then(slashed)
    }
}

/// Hands on what an event, or the lack of one, means for the vault.
pub(super) fn translate(event: Result<Event, Error>, roots: &Roots, send: &mut dyn FnMut(Signal)) {
    let event = match event {
        Ok(event) => event,
        Err(error) => return send(trouble(&error)),
    };
    if event.need_rescan() {
        send(Signal::Lost);
    }
    if is_reading(event.kind) {
        return;
    }
    for path in &event.paths {
        if let Some(signal) = roots.inside(path).and_then(|inside| signal_for(inside, event.kind)) {
            send(signal);
        }
    }
}

/// Our own reading causes events too.
fn is_reading(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

fn signal_for(inside: String, kind: EventKind) -> Option<Signal> {
    if inside.is_empty() {
        let moved = matches!(kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        return moved.then_some(Signal::Root);
    }
    let (parent, name) = inside.rsplit_once('/').unwrap_or(("", &inside));
    if parent.split('/').any(is_hidden) {
        return None;
    }
    if is_ignore_file(name) || (!parent.is_empty() && names_settings(name)) {
        return Some(Signal::Ignores(parent.to_owned()));
    }
    let concerns = names_vault_file(name) || (!is_hidden(name) && may_be_folder(kind));
    concerns.then_some(Signal::Look(inside))
}

/// A folder matters when it comes, goes or changes its rights. What happens inside it, its files report themselves.
fn may_be_folder(kind: EventKind) -> bool {
    match kind {
        EventKind::Create(kind) => kind != CreateKind::File,
        EventKind::Remove(kind) => kind != RemoveKind::File,
        EventKind::Modify(ModifyKind::Name(_) | ModifyKind::Metadata(_)) => true,
        EventKind::Modify(_) | EventKind::Access(_) => false,
        EventKind::Any | EventKind::Other => true,
    }
}

fn trouble(error: &Error) -> Signal {
    match explain(error) {
        Some(reason) => Signal::Trouble(reason),
        // Something else went wrong with one path or one event: what it was about is not known, so look.
        None => Signal::Sweep,
    }
}

/// Why the system cannot watch, if that is what the error says.
pub(super) fn explain(error: &Error) -> Option<String> {
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            Some("the system's limit of watched folders is reached (fs.inotify.max_user_watches)".to_owned())
        }
        ErrorKind::Io(error) if error.raw_os_error() == Some(24) && cfg!(target_os = "linux") => {
            Some("the system's limit of watching programs is reached (fs.inotify.max_user_instances)".to_owned())
        }
        _ => None,
    }
}
