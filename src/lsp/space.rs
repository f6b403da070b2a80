//! One vault in the server: read in the background, followed on disk, asked by many at once. Requests read snapshots. What alters it
//! happens under a lock that is held for microseconds; what takes longer is done before or after.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, mpsc};
use std::thread;
use std::time::Duration;

use roaring::RoaringBitmap;
use tokio::sync::watch;
use tower_lsp::ls_types::Uri;

use super::convert::to_uri;
use super::invalidation::Invalidation;
use super::outside::{Event, Present, Store};
use super::said::Told;
use super::world::disk_path;
use crate::vault::{Change, Coverage, Understood, Vault, VaultPath};

/// How far a vault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is being read.
    Loading,
    /// Tags and aliases are known.
    Ready,
    /// Names, links and texts are known too.
    Searchable,
}

/// What whoever publishes diagnostics should look at.
#[derive(Debug)]
pub enum Touched {
    /// An editor opened, changed or closed this text (by its URI).
    Document(String),
    /// The problems of these files may have changed.
    Files(RoaringBitmap),
    /// These files are no longer there, or cannot be read.
    Gone(Vec<VaultPath>),
    /// Tags came or went: what is said of rare and unknown tags may have changed.
    Tags,
    /// Everything may have changed.
    Everything,
    /// Something happened on disk: open documents may belong elsewhere now.
    Places,
    /// Everything is to be told again: another vault that shares files with this one came or went.
    Anew,
    /// The vault is no longer served.
    End,
}

/// So many pictures and other files are known at most.
const MOST_OTHERS: usize = 5000;
/// So many changes from disk are taken in at a time.
const BATCH: usize = 32;
/// So long a long work waits before it looks again whether it is its turn.
const TURN: Duration = Duration::from_micros(20);
/// So many files are deepened, and prepared for searching, at a time.
const DEEPER: usize = 256;

/// One vault.
pub struct Space {
    root: PathBuf,
    root_uri: Uri,
    store: Arc<dyn Store>,
    vault: RwLock<Arc<Vault>>,
    /// How many changes wait for the vault.
    waiting: AtomicUsize,
    stage: watch::Sender<Stage>,
    touched: OnceLock<mpsc::Sender<Touched>>,
    warnings: RwLock<Vec<String>>,
    /// Files that are neither contacts nor notes, as they were when somebody looked.
    others: RwLock<Vec<String>>,
    wants_others: AtomicBool,
    /// Which files are there, as far as somebody asked.
    seen: RwLock<HashMap<String, bool>>,
    told: Told,
    over: AtomicBool,
}

impl Space {
    /// A vault at a root, empty so far.
    pub fn new(root: &Path, store: Arc<dyn Store>) -> Self {
        Self {
            root: root.to_path_buf(),
            root_uri: to_uri(root),
            store,
            vault: RwLock::new(Arc::new(Vault::new(Coverage::Whole))),
            waiting: AtomicUsize::new(0),
            stage: watch::Sender::new(Stage::Loading),
            touched: OnceLock::new(),
            warnings: RwLock::default(),
            others: RwLock::default(),
            wants_others: AtomicBool::new(false),
            seen: RwLock::default(),
            told: Told::default(),
            over: AtomicBool::new(false),
        }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What was told of its problems.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// The URI of a file in it.
    pub fn uri(&self, path: &VaultPath) -> Uri {
        // Most paths need no escapes, and all begin alike; settings that count for nothing may lie above the vault.
        let plain = !path.as_str().starts_with("..")
            && path.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/'));
        let quick = plain.then(|| format!("{}/{path}", self.root_uri.as_str().trim_end_matches('/')).parse().ok()).flatten();
        quick.unwrap_or_else(|| to_uri(&disk_path(&self.root, path.as_str())))
    }

    /// Its disk.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// A snapshot of the vault, to ask. No change waits for it, however long it is held, nor does it see one.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Alters the vault. Where nobody reads a snapshot, in place; else what is altered is copied first.
    fn alter<T>(&self, change: impl FnOnce(&mut Vault) -> T) -> T {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut vault = self.vault.write().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        change(Arc::make_mut(&mut vault))
    }

    /// Alters the vault for one piece of a long work. Every other change that waits goes first: the lock itself would give it to whoever
    /// asks soonest after it became free, and that is always the one who has just had it.
    fn alter_in_turn<T>(&self, change: impl FnOnce(&mut Vault) -> T) -> T {
        while self.waiting.load(Ordering::SeqCst) > 0 {
            thread::sleep(TURN);
        }
        change(Arc::make_mut(&mut self.vault.write().unwrap_or_else(PoisonError::into_inner)))
    }

    /// What the person should be told about reading it.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Is there a file at this path of the vault? Asked of the disk once, and then for a moment remembered.
    pub fn exists(&self, path: &str) -> bool {
        if let Some(&known) = self.seen.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            return known;
        }
        let is_there = self.store.exists(path);
        self.seen.write().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), is_there);
        is_there
    }

    /// Pictures and other files, as far as they are known: nobody waits for a disk here. Soon they are looked for again.
    pub fn others(&self) -> Vec<String> {
        self.wants_others.store(true, Ordering::Relaxed);
        self.others.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks for pictures and other files, if somebody asked for them.
    pub fn look_for_others(&self) {
        self.seen.write().unwrap_or_else(PoisonError::into_inner).clear();
        if self.wants_others.swap(false, Ordering::Relaxed) {
            let found = self.store.others(MOST_OTHERS);
            *self.others.write().unwrap_or_else(PoisonError::into_inner) = found;
        }
    }

    /// Waits until the vault is so far. Answers at once where it is.
    pub async fn reach(&self, stage: Stage) {
        if *self.stage.borrow() >= stage {
            return;
        }
        let mut receiver = self.stage.subscribe();
        let _ = receiver.wait_for(|now| *now >= stage).await;
    }

    /// How far it is.
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// From now on, what changes is told here.
    pub fn tell(&self, touched: mpsc::Sender<Touched>) {
        let _ = self.touched.set(touched);
    }

    /// Tells whoever publishes.
    pub fn touch(&self, touched: Touched) {
        if let Some(sender) = self.touched.get() {
            let _ = sender.send(touched);
        }
    }

    /// Reads the vault and follows it, on a thread of its own, until [`Space::end`].
    pub fn begin(self: &Arc<Self>) {
        let space = Arc::clone(self);
        thread::spawn(move || {
            let store = Arc::clone(&space.store);
            store.follow(&mut |event| {
                match event {
                    Event::Loaded { vault, warnings } => space.install(*vault, warnings),
                    Event::Changed(changes) => space.take_in(changes),
                    Event::Trouble(reason) => tracing::warn!("{}: {reason}", space.root.display()),
                }
                true
            });
        });
    }

    /// Is it served no longer?
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// No longer serves it.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.store.stop();
        self.touch(Touched::End);
    }

    fn install(&self, mut loaded: Vault, warnings: Vec<String>) {
        *self.warnings.write().unwrap_or_else(PoisonError::into_inner) = warnings;
        let before = self.alter(|vault| {
            // What editors show so far stands above what was read.
            for (_, file) in vault.files().filter(|(_, file)| vault.is_open(file.path())) {
                loaded.apply(Change::Opened { path: file.path().clone(), text: file.shared_text() });
            }
            std::mem::replace(vault, loaded)
        });
        drop(before);
        self.stage.send_replace(Stage::Ready);
        while !self.alter_in_turn(|vault| vault.deepen_further(DEEPER)) {}
        while !self.alter_in_turn(|vault| vault.prepare_search_further(DEEPER)) {}
        self.wants_others.store(true, Ordering::Relaxed);
        self.look_for_others();
        self.stage.send_replace(Stage::Searchable);
        self.touch(Touched::Everything);
    }

    /// What happened on disk. Files are understood before the vault is locked.
    fn take_in(&self, changes: Vec<Change>) {
        let mut ready = Vec::with_capacity(BATCH);
        for change in changes {
            ready.push(match change {
                Change::Found { path, text } => News::Understood(Box::new(Understood::new(path, text, Coverage::Whole))),
                change => News::Change(change),
            });
            if ready.len() == BATCH {
                self.apply(std::mem::take(&mut ready));
            }
        }
        self.apply(ready);
        self.touch(Touched::Places);
    }

    fn apply(&self, news: Vec<News>) {
        let mut invalidation = Invalidation::default();
        self.alter(|vault| {
            for news in news {
                let path = news.path().clone();
                if let News::Change(change @ (Change::Beside { .. } | Change::BesideUnreadable { .. })) = news {
                    // Nothing is told of such a file itself; who gets a message may be another matter now.
                    vault.apply(change);
                    continue;
                }
                invalidation.around(vault, &path);
                match news {
                    News::Understood(understood) => vault.apply_understood(*understood),
                    News::Change(change) => vault.apply(change),
                }
                invalidation.around(vault, &path);
                invalidation.after(vault, path);
            }
            invalidation.ask(vault);
        });
        invalidation.tell(self);
    }

    /// What a file of the vault says on disk at this moment; from now on the vault knows it too, also where nobody watches.
    pub fn refreshed(&self, path: &VaultPath) -> Present {
        let present = self.store.present(path);
        let known = {
            let vault = self.vault();
            vault.id(path).map(|id| vault.file(id).shared_text())
        };
        match (&present, known) {
            (Present::Text(text), known) if known.as_ref() != Some(text) => {
                self.take_in(vec![Change::Found { path: path.clone(), text: Arc::clone(text) }]);
            }
            (Present::Absent, Some(_)) => self.take_in(vec![Change::Gone { path: path.clone() }]),
            _ => {}
        }
        present
    }

    /// What happened in an editor.
    pub fn edit(&self, change: Change) {
        let path = change.path().clone();
        let mut invalidation = Invalidation::default();
        self.alter(|vault| {
            invalidation.around(vault, &path);
            vault.apply(change);
            invalidation.around(vault, &path);
            invalidation.after(vault, path);
            invalidation.ask(vault);
        });
        invalidation.tell(self);
    }
}

enum News {
    Understood(Box<Understood>),
    Change(Change),
}

impl News {
    fn path(&self) -> &VaultPath {
        match self {
            News::Understood(understood) => understood.path(),
            News::Change(change) => change.path(),
        }
    }
}
