//! `guanxi lsp`: the language server over stdin and stdout, with the disk behind it.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use clap::Args;

use super::open;
use super::out::{Exit, Outcome};
use crate::contact::{Config, config};
use crate::disk::{self, ROOT_FILE, ReadFault, Remote, Rules, Standing, Watcher};
use crate::lsp::{self, Conversation, Ended, Event, Outside, Present, Store};
use crate::vault::{Change, Coverage, File, Vault, VaultPath};

/// The arguments of `guanxi lsp`.
#[derive(Debug, Args)]
pub struct Lsp {
    /// Write what the server does to this file
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Write every message, both ways, to this file: one JSON object a line
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// For editors that ask for it; the server speaks over stdin and stdout anyway
    #[arg(long, hide = true)]
    stdio: bool,
}

const GREETING: &str = "\
This is guanxi's language server. It talks to editors, not to people: your editor starts it with `guanxi lsp`.
How to set up your editor is told in the guide. To ask something here, try: guanxi find, guanxi list, guanxi --help";

/// Runs it.
pub fn run(arguments: &Lsp) -> Outcome {
    if io::stdin().is_terminal() {
        super::out::print(&format!("{GREETING}\n"))?;
        return Ok(Exit::Done);
    }
    if let Some(path) = &arguments.log {
        let file = create(path)?;
        let _ = tracing_subscriber::fmt().with_writer(Mutex::new(file)).with_ansi(false).try_init();
    }
    let trace = arguments.trace.as_deref().map(create).transpose()?;
    let conversation = Conversation {
        input: Box::new(io::stdin()),
        output: Box::new(io::stdout()),
        trace: trace.map(|file| Box::new(file) as Box<dyn Write + Send>),
        outside: Arc::new(Disk),
    };
    match lsp::serve(conversation)? {
        Ended::Orderly => Ok(Exit::Done),
        Ended::Abruptly => Ok(Exit::Nothing),
    }
}

fn create(path: &Path) -> Result<std::fs::File, String> {
    std::fs::File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The file system.
struct Disk;

impl Outside for Disk {
    fn root_of(&self, folder: &Path) -> PathBuf {
        disk::find_root(folder).unwrap_or_else(|_| folder.to_path_buf())
    }

    fn marked_root_of(&self, file: &Path) -> Option<PathBuf> {
        file.ancestors().skip(1).find(|folder| folder.join(ROOT_FILE).is_file()).map(Path::to_path_buf)
    }

    fn store(&self, root: &Path) -> Arc<dyn Store> {
        Arc::new(OnDisk {
            root: root.to_path_buf(),
            real: std::fs::canonicalize(root).ok(),
            rules: Mutex::new(None),
            ignored: Mutex::default(),
            remote: Mutex::default(),
            early: Mutex::default(),
            stopped: AtomicBool::new(false),
            idle: (Mutex::default(), Condvar::new()),
            read: AtomicUsize::new(0),
        })
    }

    fn today(&self) -> String {
        chrono::Local::now().format("%Y-%m-%d").to_string()
    }

    fn is_alive(&self, process: u32) -> bool {
        // Where the system has no such folder nobody can tell; the end of stdin then has to do.
        !cfg!(target_os = "linux") || Path::new("/proc").join(process.to_string()).exists()
    }

    fn leave(&self) {
        std::process::exit(1);
    }
}

/// What the settings say after a change, if it is theirs; `Some(None)`: nothing any more.
fn settings_in(change: &Change) -> Option<Option<Arc<str>>> {
    let is_theirs = change.path().as_str() == config::FILE;
    is_theirs.then(|| if let Change::Found { text, .. } = change { Some(Arc::clone(text)) } else { None })
}

/// A vault on disk.
struct OnDisk {
    root: PathBuf,
    /// The root with links resolved: editors may name files either way.
    real: Option<PathBuf>,
    rules: Mutex<Option<Rules>>,
    /// What the settings left out when the rules were made.
    ignored: Mutex<Vec<String>>,
    remote: Mutex<Option<Remote>>,
    /// Files to look at as soon as somebody watches: they were saved while the vault was being read.
    early: Mutex<Vec<VaultPath>>,
    stopped: AtomicBool,
    /// Where nothing is watched, one waits here for the end.
    idle: (Mutex<()>, Condvar),
    read: AtomicUsize,
}

impl OnDisk {
    fn rules(&self) -> Rules {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.get_or_insert_with(|| self.rules_by(&open::settings(&self.root))).clone()
    }

    fn rules_by(&self, settings: &Config) -> Rules {
        self.ignored.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&settings.ignore);
        Rules::new(&self.root, &settings.ignore).with_beside()
    }

    /// The rules by these settings, if others hold. Settings that are gone or cannot be read leave nothing out.
    fn other_rules(&self, settings: Option<&str>) -> Option<Rules> {
        let settings = settings.map(|text| Config::parse(text).0).unwrap_or_default();
        if settings.ignore == *self.ignored.lock().unwrap_or_else(PoisonError::into_inner) {
            return None;
        }
        let rules = self.rules_by(&settings);
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = Some(rules.clone());
        Some(rules)
    }

    fn is_nowhere(&self) -> bool {
        self.root.as_os_str().is_empty()
    }

    fn wait_for_end(&self) {
        let mut guard = self.idle.0.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.stopped.load(Ordering::SeqCst) {
            guard = self.idle.1.wait_timeout(guard, Duration::from_secs(60)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Store for OnDisk {
    fn admits(&self, file: &Path) -> Option<VaultPath> {
        if self.is_nowhere() {
            return None;
        }
        let rules = self.rules();
        let inside = |file: &Path| {
            let own = disk::from_disk(&self.root, file).filter(|_| rules.admits(file, false));
            own.or_else(|| {
                let path = disk::from_disk(self.real.as_deref()?, file)?;
                rules.admits(&disk::to_disk(&self.root, &path), false).then_some(path)
            })
        };
        inside(file).or_else(|| {
            // A file that is spelled by way of a link elsewhere.
            let folder = std::fs::canonicalize(file.parent()?).ok()?;
            inside(&folder.join(file.file_name()?))
        })
    }

    fn admitted(&self, ignore: &[String], paths: &[VaultPath]) -> Vec<bool> {
        let rules = Rules::new(&self.root, ignore);
        paths.iter().map(|path| rules.admits(&disk::to_disk(&self.root, path), false)).collect()
    }

    fn follow(&self, tell: &mut dyn FnMut(Event) -> bool) {
        let loaded = |vault: Vault, warnings: Vec<String>| Event::Loaded { vault: Box::new(vault), warnings };
        if self.is_nowhere() {
            tell(loaded(Vault::new(Coverage::Whole), Vec::new()));
            return self.wait_for_end();
        }
        // Read, then begin to watch: what was written in between is found by its time. (Reading under watch takes longer.)
        let begun = SystemTime::now();
        let rules = self.rules();
        let (vault, faults) = open::load_counted(&self.root, &rules, Coverage::Tags, &self.read);
        let shared = |(_, file): (_, &File)| (file.path().clone(), file.shared_text());
        let files: Vec<(VaultPath, Arc<str>)> = vault.files().map(shared).collect();
        let beside: Vec<(VaultPath, Arc<str>)> = vault.beside().into_iter().flat_map(Vault::files).map(shared).collect();
        let mut warnings: Vec<String> = faults.into_iter().map(|(path, reason)| format!("{path}: {reason}")).collect();
        warnings.extend(vault.unreadable().map(|(path, reason)| format!("{path}: {reason}")));
        let mut settings = Some(vault.id_of(config::FILE).map(|id| vault.file(id).shared_text()));
        let unread = vault.unreadable().chain(vault.beside().into_iter().flat_map(Vault::unreadable));
        let unread: Vec<VaultPath> = unread.map(|(path, _)| path.clone()).collect();
        if !tell(loaded(vault, warnings)) {
            return;
        }
        let watcher = Watcher::catch_up(&self.root, rules.clone(), open::mode(&self.root), begun);
        let mut watcher = match watcher {
            Ok(watcher) => watcher,
            Err(reason) => {
                tell(Event::Trouble(reason));
                return self.wait_for_end();
            }
        };
        if let disk::Status::Polling { reason } = watcher.status() {
            tell(Event::Trouble(format!("changes are looked for every few seconds: {reason}")));
        }
        *self.remote.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher.remote());
        let members = files.iter().map(|file| (file, Standing::Member));
        let told = members.chain(beside.iter().map(|file| (file, Standing::Beside)));
        watcher.known(told.map(|((path, text), standing)| (path.clone(), standing, &**text)));
        drop((files, beside));
        unread.into_iter().for_each(|path| watcher.unsure(path));
        let early = std::mem::take(&mut *self.early.lock().unwrap_or_else(PoisonError::into_inner));
        early.into_iter().for_each(|path| watcher.unsure(path));
        // By what was told, not by what the disk says by now: that would be missed when it is changed back before one looks.
        while !self.stopped.load(Ordering::SeqCst) {
            if let Some(settings) = settings.take()
                && let Some(rules) = self.other_rules(settings.as_deref())
            {
                watcher.use_rules(rules);
                // Documents that are open may belong elsewhere, even where the disk holds nothing of the kind.
                tell(Event::Changed(Vec::new()));
            }
            let changes = watcher.next(None);
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            settings = changes.iter().rev().find_map(settings_in);
            if !changes.is_empty() && !tell(Event::Changed(changes)) {
                return;
            }
        }
    }

    fn progress(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    fn sweep(&self) {
        if let Some(remote) = &*self.remote.lock().unwrap_or_else(PoisonError::into_inner) {
            remote.sweep();
        }
    }

    fn look(&self, path: &VaultPath) {
        match &*self.remote.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(remote) => remote.look(path),
            None => self.early.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone()),
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.idle.1.notify_all();
        if let Some(remote) = &*self.remote.lock().unwrap_or_else(PoisonError::into_inner) {
            remote.wake();
        }
    }

    fn exists(&self, path: &str) -> bool {
        !self.is_nowhere() && disk::to_disk(&self.root, &VaultPath::new(path)).is_file()
    }

    fn is_link(&self, path: &VaultPath) -> bool {
        disk::to_disk(&self.root, path).is_symlink()
    }

    fn real_path(&self, path: &VaultPath) -> Option<PathBuf> {
        std::fs::canonicalize(disk::to_disk(&self.root, path)).ok()
    }

    fn present(&self, path: &VaultPath) -> Present {
        let file = disk::to_disk(&self.root, path);
        // Folders behind links are no part of a vault, so that only the file itself can lead out of it.
        if file.is_symlink() && disk::stays_inside(&self.root, &file).is_err() {
            return Present::Outside;
        }
        match disk::read(&file, &mut Vec::new()) {
            Ok(text) => Present::Text(text),
            Err(ReadFault::Gone) => Present::Absent,
            Err(_) => Present::Unreadable,
        }
    }

    fn others(&self, limit: usize) -> Vec<String> {
        if self.is_nowhere() { Vec::new() } else { disk::others(&self.root, &self.rules(), limit) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use super::*;

    /// Changed as soon as they were read, and back as soon as that was taken in.
    #[test]
    fn settings_that_are_changed_back_at_once_hold_again() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (settings, left_out) = (root.join(config::FILE), root.join("archive/old.md"));
        fs::create_dir(root.join("archive")).unwrap();
        fs::write(&left_out, "---\nalias: Old\n---\n").unwrap();
        fs::write(&settings, "# nothing is left out\n").unwrap();
        let store = Disk.store(&root);
        let was_left_out = Arc::new(AtomicBool::new(false));
        let following = std::thread::spawn({
            let (store, left_out, was_left_out) = (Arc::clone(&store), left_out.clone(), Arc::clone(&was_left_out));
            move || {
                store.follow(&mut |event| {
                    if let Event::Loaded { .. } = event {
                        fs::write(&settings, "vault:\n  ignore: [\"archive/**\"]\n").unwrap();
                    } else if store.admits(&left_out).is_none() && !was_left_out.load(Ordering::SeqCst) {
                        fs::write(&settings, "# nothing is left out\n").unwrap();
                        was_left_out.store(true, Ordering::SeqCst);
                    }
                    true
                });
            }
        });
        let begun = Instant::now();
        let is_over = || was_left_out.load(Ordering::SeqCst) && store.admits(&left_out).is_some();
        while !is_over() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(is_over(), "left out at all: {was_left_out:?}, and not taken back");
        store.stop();
        following.join().unwrap();
    }
    /// What is beside the vault is read with it, and then told.
    #[test]
    fn a_no_beside_the_vault_reaches_the_server() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (said, says_no) = ("---\nalias: Bo\n---\n", "---\nalias: Bo\nopt_out: true\n---\n");
        fs::create_dir_all(root.join("old")).unwrap();
        fs::write(root.join(config::FILE), "vault:\n  ignore: [old]\n").unwrap();
        fs::write(root.join("old/bo.md"), said).unwrap();
        let store = Disk.store(&root);
        let (sender, events) = std::sync::mpsc::channel();
        let following = std::thread::spawn({
            let store = Arc::clone(&store);
            move || store.follow(&mut |event| sender.send(event).is_ok())
        });
        let wait = Duration::from_secs(20);
        let Ok(Event::Loaded { mut vault, .. }) = events.recv_timeout(wait) else { panic!("not loaded") };
        let text = |vault: &Vault| vault.beside().and_then(|beside| Some(beside.file(beside.id_of("old/bo.md")?).shared_text()));
        assert_eq!(text(&vault).as_deref(), Some(said));
        fs::write(root.join("old/bo.md"), says_no).unwrap();
        while text(&vault).as_deref() != Some(says_no) {
            let Ok(Event::Changed(changes)) = events.recv_timeout(wait) else { panic!("nothing told") };
            changes.into_iter().for_each(|change| vault.apply(change));
        }
        // Left out no longer: it is a contact from now on.
        fs::write(root.join(config::FILE), "").unwrap();
        while vault.id_of("old/bo.md").is_none() {
            let Ok(Event::Changed(changes)) = events.recv_timeout(wait) else { panic!("nothing told") };
            changes.into_iter().for_each(|change| vault.apply(change));
        }
        assert!(vault.beside().is_none());
        store.stop();
        following.join().unwrap();
    }
}
