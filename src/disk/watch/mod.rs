//! What other programs do to the vault, as changes. A file event only says where to look: after a moment of quiet the present
//! state is read and compared with what was known, so that every kind of saving, renaming and moving comes out right.

mod hints;
mod known;
mod mounts;
mod native;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant, SystemTime};

use self::hints::{Hints, Signal};
use self::known::Known;
use self::native::Native;
use super::join;
use super::rules::{Rules, Standing};
use super::scan::stamps;
use super::stamp::Stamp;
use crate::vault::Change;
use crate::vault::path::VaultPath;

/// So long nothing more must happen before one looks: programs save in several steps.
const QUIET: Duration = Duration::from_millis(40);
/// So long a stream of events may keep one from looking.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often a vault is looked through when the system reports nothing; less often when one look takes long.
const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// How often the targets of symbolic links are looked at in a vault that is watched: they may lie where nothing is reported.
const LINK_INTERVAL: Duration = Duration::from_secs(2);
/// How often a watched vault is looked through all the same: events get lost.
const SWEEP_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// Polling takes at most this part of a core's time.
const POLL_SHARE: u32 = 20;
/// How often a vault is looked through that is watched while too many folders beside it are not.
const BESIDE_INTERVAL: Duration = Duration::from_secs(30);
/// Looking through those takes at most this part of a core's time: what programs install there hardly ever says no to a message.
const BESIDE_SHARE: u32 = 100;
/// The longest a wait without end sleeps at a stretch.
const LONG: Duration = Duration::from_secs(3600);

/// How to watch: the `watch:` setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// By the system's events, where they can be relied on; else by polling.
    #[default]
    Auto,
    /// By the system's events, also on a network mount. By polling only if the system refuses.
    Native,
    /// By looking every two seconds.
    Poll,
    /// Not at all, except when asked to.
    Off,
}

/// How the vault is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// By the system's events.
    Native,
    /// By looking at regular intervals.
    Polling {
        /// Why, in words for a person.
        reason: String,
    },
    /// Not at all.
    Off,
}

/// Follows a vault on disk. Begin before the first scan, say what the scan found with [`Watcher::known`], then ask
/// [`Watcher::next`] again and again: nothing that happens in between is lost.
#[derive(Debug)]
pub struct Watcher {
    root: PathBuf,
    rules: Rules,
    source: Source,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    known: Known,
    /// Stamps from before the first scan: what polling compares with.
    early: HashMap<VaultPath, Stamp>,
    /// What was not written since then is as it was read: asked by the first look only.
    unwritten_since: Option<SystemTime>,
    /// Which folder the root is, so that another one in its place is noticed. `None`: it is missing.
    identity: Option<Identity>,
    next_sweep: Option<Instant>,
    /// When to look at the targets of symbolic links.
    links_due: Option<Instant>,
    /// When to look again at files that were suddenly empty.
    doubt_due: Option<Instant>,
}

#[derive(Debug)]
enum Source {
    Native(Native),
    Poll { reason: String },
    Off,
}

/// Speaks to a watcher from another thread while it waits.
#[derive(Clone, Debug)]
pub struct Remote(Sender<Signal>);

impl Remote {
    /// Have the watcher look through the whole vault now, as when the person comes back to the editor.
    pub fn sweep(&self) {
        let _ = self.0.send(Signal::Sweep);
    }

    /// Have the watcher look at one file, and tell what is there even if it has told that before: somebody says that he wrote it.
    pub fn look(&self, path: &VaultPath) {
        let _ = self.0.send(Signal::Doubt(path.to_string()));
    }

    /// End the present [`Watcher::next`] without changes, so that its caller can look around.
    pub fn wake(&self) {
        let _ = self.0.send(Signal::Wake);
    }
}

impl Watcher {
    /// Begins to watch the vault at `root`, whose rules are `rules`. Where the system's events cannot be used, it polls: see
    /// [`Watcher::status`].
    ///
    /// # Errors
    /// A message for a person, when `root` is no folder.
    pub fn start(root: &Path, rules: Rules, mode: Mode) -> Result<Watcher, String> {
        debug_assert_eq!(root, rules.root());
        let identity = Identity::of(root);
        if identity.is_none() {
            return Err(format!("{}: is not a folder that can be watched", root.display()));
        }
        let (sender, signals) = mpsc::channel();
        let mut watcher = Watcher {
            root: root.to_path_buf(),
            rules,
            source: Source::Off,
            signals,
            sender,
            known: Known::default(),
            early: HashMap::new(),
            unwritten_since: None,
            identity,
            next_sweep: None,
            links_due: None,
            doubt_due: None,
        };
        watcher.source = watcher.choose_source(mode);
        watcher.schedule_links();
        if matches!(watcher.source, Source::Poll { .. }) {
            watcher.early = stamps(&watcher.root, &watcher.rules);
        }
        watcher.schedule_sweep(Duration::ZERO);
        Ok(watcher)
    }

    /// The same for a vault that was read before anybody watched it, not before `begun`: say what was found with
    /// [`Watcher::known`], and the first [`Watcher::next`] tells what has changed since. Reading under watch costs an event for
    /// each file that is opened; this way a large vault is read in two thirds of the time.
    ///
    /// # Errors
    /// As [`Watcher::start`].
    pub fn catch_up(root: &Path, rules: Rules, mode: Mode, begun: SystemTime) -> Result<Watcher, String> {
        let mut watcher = Watcher::start(root, rules, mode)?;
        watcher.unwritten_since = Some(begun);
        if mode != Mode::Off {
            let _ = watcher.sender.send(Signal::Sweep);
        }
        Ok(watcher)
    }

    /// How the vault is watched at present.
    pub fn status(&self) -> Status {
        match &self.source {
            Source::Native(_) => Status::Native,
            Source::Poll { reason } => Status::Polling { reason: reason.clone() },
            Source::Off => Status::Off,
        }
    }

    /// Says what the first scan found, so that only what differs from it becomes a change.
    pub fn known<'a>(&mut self, files: impl Iterator<Item = (VaultPath, Standing, &'a str)>) {
        let early = std::mem::take(&mut self.early);
        for (path, standing, text) in files {
            let stamp = early.get(&path).copied().unwrap_or(Stamp::UNKNOWN);
            self.known.learn(path, standing, text, stamp);
        }
        self.schedule_links();
    }

    /// The caller may know this file otherwise than it is: the next time that one looks at it, what is there is told in any case.
    pub fn unsure(&mut self, path: VaultPath) {
        self.known.unsure(path);
    }

    /// Waits for the next changes, and for `timeout` at most (`None`: as long as it takes); a burst that has begun by then is
    /// awaited to its end, half a second at most. Empty when nothing happened, or after [`Remote::wake`].
    pub fn next(&mut self, timeout: Option<Duration>) -> Vec<Change> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let Some(hints) = self.wait(deadline) else { return Vec::new() };
            let woken = hints.wake;
            let changes = if hints.only_wake() { Vec::new() } else { self.look(hints) };
            if woken || !changes.is_empty() {
                return changes;
            }
        }
    }

    /// Looks through the whole vault now, without reading files that were certainly not written.
    pub fn sweep(&mut self) -> Vec<Change> {
        self.look(Hints { everything: true, ..Hints::default() })
    }

    /// A handle that other threads can keep.
    pub fn remote(&self) -> Remote {
        Remote(self.sender.clone())
    }

    /// Other rules from now on: the settings changed. The next call of [`Watcher::next`] tells what that alters.
    pub fn use_rules(&mut self, rules: Rules) {
        debug_assert_eq!(self.root, rules.root());
        self.rules = rules;
        let _ = self.sender.send(Signal::Sweep);
    }

    fn choose_source(&mut self, mode: Mode) -> Source {
        match mode {
            Mode::Off => return Source::Off,
            Mode::Poll => return Source::Poll { reason: "the settings say `watch: poll`".to_owned() },
            Mode::Auto => {
                if let Some(reason) = mounts::unreliable(&self.root) {
                    return Source::Poll { reason };
                }
            }
            Mode::Native => {}
        }
        self.native_source()
    }

    fn native_source(&mut self) -> Source {
        let native = Native::start(&self.root, self.sender.clone());
        let mut on_link = |path: VaultPath| self.known.link(&path, true);
        let armed = native.and_then(|mut native| native.arm_all(&self.rules, &mut on_link).map(|()| native));
        match armed {
            Ok(native) => Source::Native(native),
            Err(reason) => Source::Poll { reason },
        }
    }

    /// Waits until there is a reason to look, and gathers signals until there is a moment of quiet. `None`: the deadline came
    /// first.
    fn wait(&mut self, deadline: Option<Instant>) -> Option<Hints> {
        let mut hints = Hints::default();
        loop {
            let due = [deadline, self.doubt_due, self.next_sweep, self.links_due].into_iter().flatten().min();
            let pause = due.map_or(LONG, |due| due.saturating_duration_since(Instant::now()));
            // The watcher holds a sender itself, so the channel never closes: an error means that the time is up.
            if let Ok(signal) = self.signals.recv_timeout(pause) {
                hints.add(signal);
                self.gather(&mut hints);
                return Some(hints);
            }
            let now = Instant::now();
            let is_due = |time: Option<Instant>| time.is_some_and(|time| time <= now);
            hints.everything = is_due(self.next_sweep);
            if is_due(self.links_due) {
                hints.paths = self.written_links();
                self.schedule_links();
            }
            if hints.everything || !hints.paths.is_empty() || is_due(self.doubt_due) {
                return Some(hints);
            }
            if is_due(deadline) {
                return None;
            }
        }
    }

    fn gather(&mut self, hints: &mut Hints) {
        let latest = Instant::now() + PATIENCE;
        while !hints.wake {
            let wait = QUIET.min(latest.saturating_duration_since(Instant::now()));
            match self.signals.recv_timeout(wait) {
                Ok(signal) => hints.add(signal),
                Err(_) => return,
            }
            if Instant::now() >= latest {
                return;
            }
        }
    }

    /// The next time that everything is looked through, after a look that took `cost`.
    fn schedule_sweep(&mut self, cost: Duration) {
        let interval = match self.source {
            Source::Off => None,
            // The root is missing: wait for it.
            _ if self.identity.is_none() => Some(POLL_INTERVAL),
            Source::Native(Native { unwatched_beside: false, .. }) => Some(SWEEP_INTERVAL),
            Source::Native(_) => Some(BESIDE_INTERVAL.max(cost * BESIDE_SHARE)),
            Source::Poll { .. } => Some(POLL_INTERVAL.max(cost * POLL_SHARE)),
        };
        self.next_sweep = interval.and_then(|interval| Instant::now().checked_add(interval));
    }

    /// The next time that the targets of links are looked at. Where one polls, that is done with everything else.
    fn schedule_links(&mut self) {
        let is_wanted = matches!(self.source, Source::Native(_)) && self.known.links().next().is_some();
        self.links_due = is_wanted.then(|| Instant::now() + LINK_INTERVAL);
    }

    /// The links whose targets may have been written since they were read.
    fn written_links(&self) -> HashSet<String> {
        let now = SystemTime::now();
        let is_same = |path: &VaultPath, known: Stamp| {
            let target = std::fs::metadata(join(&self.root, path.as_str()));
            target.is_ok_and(|target| Stamp::of(&target, now).proves_same(known))
        };
        self.known.links().filter(|(path, known)| !is_same(path, *known)).map(|(path, _)| path.to_string()).collect()
    }
}

/// Which folder this is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    #[cfg(unix)]
    fn of(folder: &Path) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;

        let metadata = std::fs::metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
        Some(Identity(metadata.dev(), metadata.ino()))
    }

    /// Elsewhere the standard library does not tell folders apart; the regular sweep makes up for it.
    #[cfg(not(unix))]
    fn of(folder: &Path) -> Option<Identity> {
        folder.is_dir().then_some(Identity(0, 0))
    }
}
