//! Diagnostics, told without being asked: of open documents at once, of the rest of the vault after a moment of quiet. Only what a
//! change may have altered is looked at again, a few files at a time, so that nobody who types ever waits.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use roaring::RoaringBitmap;
use rustc_hash::FxHasher;
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

use super::convert::from_uri;
use super::diagnose::{self, Pictures};
use super::space::{Space, Stage, Touched};
use super::world::World;
use crate::vault::VaultPath;

/// So long nothing must change before the rest of the vault is looked at.
const QUIET: Duration = Duration::from_millis(200);
/// How often missing pictures are looked for again.
const AGAIN: Duration = Duration::from_secs(3);
/// So long a stream of changes keeps one from looking at the rest of the vault.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many files are looked at while the vault is held.
const SLICE: usize = 8;

/// What was told of one vault, for those who ask instead of being told.
#[derive(Default)]
pub struct Told {
    /// Files with problems, and what was said of them.
    files: Mutex<HashMap<VaultPath, Said>>,
    /// Documents of which the client asked itself: they are not told any more.
    pulled: Mutex<HashSet<String>>,
    /// The client asks for the whole vault itself.
    pulls_all: AtomicBool,
    /// Has the whole vault been looked at once?
    complete: AtomicBool,
}

/// What was said of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    /// A digest of its problems.
    digest: u64,
    /// Under which URI, where it is another than the vault's own: of a hundred thousand files few are.
    other: Option<Box<Uri>>,
}

impl Said {
    fn new(space: &Space, path: &VaultPath, digest: u64, uri: &Uri) -> Self {
        Self { digest, other: (space.uri(path) != *uri).then(|| Box::new(uri.clone())) }
    }

    fn uri(self, space: &Space, path: &VaultPath) -> Uri {
        self.other.map_or_else(|| space.uri(path), |uri| *uri)
    }
}

impl Told {
    /// The client asks for this document's problems itself from now on.
    pub fn pull(&self, uri: &Uri) -> bool {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).insert(uri.as_str().to_owned())
    }

    /// The client asks for the whole vault's problems itself from now on. Is that news?
    pub fn pull_all(&self) -> bool {
        !self.pulls_all.swap(true, Ordering::Relaxed)
    }

    fn is_pulled(&self, uri: &str) -> bool {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).contains(uri)
    }

    fn forget(&self, uri: &str) {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }

    /// What was said of the files, to take it back.
    fn take(&self) -> HashMap<VaultPath, Said> {
        std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Somebody else took back what was said of these files: it is said again.
    fn say_again(&self) {
        for said in self.files.lock().unwrap_or_else(PoisonError::into_inner).values_mut() {
            said.digest = !said.digest;
        }
    }

    /// The files with problems.
    pub fn files(&self) -> Vec<VaultPath> {
        let mut files: Vec<VaultPath> = self.files.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        files.sort();
        files
    }

    /// Has the whole vault been looked at once?
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Relaxed)
    }
}

/// What a publisher works with.
pub struct Publisher {
    /// Everything.
    pub world: Arc<World>,
    /// The vault that it tells of.
    pub space: Arc<Space>,
    /// Whom it tells.
    pub client: Client,
    /// How it gets there.
    pub runtime: Handle,
}

/// What is still to be looked at.
#[derive(Default)]
struct Pending {
    documents: HashSet<String>,
    files: RoaringBitmap,
    tags: bool,
    everything: bool,
    /// Open documents may belong elsewhere now.
    places: bool,
    /// What was told of other files may have been taken back by somebody else.
    anew: bool,
    /// Since when something is to be looked at.
    since: Option<Instant>,
}

impl Pending {
    fn add(&mut self, touched: Touched) -> bool {
        match touched {
            Touched::Document(uri) => _ = self.documents.insert(uri),
            Touched::Files(files) => self.files |= files,
            Touched::Tags => self.tags = true,
            Touched::Everything => self.everything = true,
            Touched::Places => self.places = true,
            Touched::Anew => (self.everything, self.anew) = (true, true),
            Touched::End => return false,
        }
        true
    }

    /// Has quiet been awaited long enough?
    fn is_overdue(&mut self) -> bool {
        let is_quiet = self.is_quiet();
        let since = *self.since.get_or_insert_with(Instant::now);
        self.since = self.since.filter(|_| !is_quiet);
        !is_quiet && since.elapsed() > PATIENCE
    }

    fn is_quiet(&self) -> bool {
        self.files.is_empty() && !self.tags && !self.everything
    }
}

/// Open documents that stand beside the vault, with the version and a digest of what was told.
type Loose = HashMap<String, (i32, u64)>;

impl Publisher {
    /// Tells until the vault ends. Blocks: on a thread of its own.
    pub fn run(self, touched: &Receiver<Touched>) {
        let mut pending = Pending::default();
        let mut pictures = Pictures::default();
        let mut loose = Loose::new();
        loop {
            let wait = if pending.is_quiet() { AGAIN } else { QUIET };
            match touched.recv_timeout(wait) {
                Ok(news) => {
                    if !pending.add(news) || touched.try_iter().any(|news| !pending.add(news)) {
                        return self.end(&loose);
                    }
                    if std::mem::take(&mut pending.places) {
                        self.world.settle();
                    }
                    self.documents(&mut pending, &mut pictures, &mut loose);
                    if !pending.is_overdue() {
                        continue;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.space.look_for_others();
            if pending.is_quiet() {
                pending.files |= self.missing(&mut pictures);
            }
            if !pending.is_quiet() && !self.pass(&mut pending, &mut pictures, &mut loose, touched) {
                return self.end(&loose);
            }
        }
    }

    /// The vault is no longer served: nothing of it is said any more. Documents that are open belong to another one by now, and
    /// vaults that share files with this one tell of them again.
    fn end(&self, loose: &Loose) {
        let loose = loose.keys().filter_map(|uri| uri.parse::<Uri>().ok());
        for uri in self.space.told().take().into_iter().map(|(path, said)| said.uri(&self.space, &path)).chain(loose) {
            if self.world.document(&uri).is_none() {
                self.publish(&uri, Vec::new(), None);
            }
        }
        self.world.overlapping(self.space.root()).iter().for_each(|space| space.touch(Touched::Anew));
    }

    fn documents(&self, pending: &mut Pending, pictures: &mut Pictures, loose: &mut Loose) {
        if self.space.stage() < Stage::Searchable {
            return;
        }
        for uri in std::mem::take(&mut pending.documents) {
            let Ok(parsed) = uri.parse::<Uri>() else { continue };
            let document = self.world.document(&parsed);
            let is_open = document.is_some();
            let Some(document) = document.filter(|document| Arc::ptr_eq(&document.space, &self.space)) else {
                // Closed: what the disk says counts, and is looked at with the rest.
                self.space.told().forget(&uri);
                let was_beside = loose.remove(&uri).is_some();
                if !is_open && (was_beside || self.is_other_name(&parsed)) {
                    self.publish(&parsed, Vec::new(), None);
                }
                continue;
            };
            if document.is_inside {
                loose.remove(&uri);
                self.file(&document.path, pictures);
            } else {
                let (version, _) = document.state();
                let found = diagnose::document(&self.world, &parsed, pictures).unwrap_or_default();
                let told = (version, digest(&found));
                let silent = self.space.told().is_pulled(&uri);
                if loose.insert(uri, told) != Some(told) && !silent {
                    self.publish(&parsed, found, Some(version));
                }
            }
        }
    }

    /// Is this a file of the vault that it is told of by another name?
    fn is_other_name(&self, uri: &Uri) -> bool {
        let path = from_uri(uri).and_then(|file| self.space.store().admits(&file));
        path.is_some_and(|path| self.world.uri_of(&self.space, &path) != *uri)
    }

    /// Looks at everything that is pending. Documents that change meanwhile come first. Answers whether to go on.
    fn pass(&self, pending: &mut Pending, pictures: &mut Pictures, loose: &mut Loose, touched: &Receiver<Touched>) -> bool {
        if self.space.stage() < Stage::Searchable {
            return true;
        }
        // Documents beside the vault may speak of anybody in it.
        pending.documents.extend(loose.keys().cloned());
        if std::mem::take(&mut pending.anew) {
            self.space.told().say_again();
        }
        pending.since = None;
        self.documents(pending, pictures, loose);
        pictures.forget();
        let everything = std::mem::take(&mut pending.everything);
        let paths = {
            let vault = self.space.vault();
            if everything {
                pending.files |= vault.everything();
            }
            if std::mem::take(&mut pending.tags) {
                pending.files |= diagnose::of_doubtful_tags(&vault);
            }
            let files = std::mem::take(&mut pending.files);
            let known = vault.everything();
            let mut paths: Vec<VaultPath> = (files & known).iter().map(|id| vault.file(id).path().clone()).collect();
            // What is gone, or cannot be read any more, is said too.
            let told = self.space.told().files.lock().unwrap_or_else(PoisonError::into_inner);
            paths.extend(told.keys().filter(|path| vault.id(path).is_none()).cloned());
            paths.extend(vault.unreadable().map(|(path, _)| path.clone()));
            paths
        };
        for slice in paths.chunks(SLICE) {
            for path in slice {
                self.file(path, pictures);
            }
            let mut news = touched.try_iter();
            if news.any(|news| !pending.add(news)) {
                return false;
            }
            self.documents(pending, pictures, loose);
        }
        if everything {
            self.space.told().complete.store(true, Ordering::Relaxed);
        }
        self.refresh();
        true
    }

    /// Tells of one file what differs from what was told.
    fn file(&self, path: &VaultPath, pictures: &mut Pictures) {
        if let Some(inner) = self.world.inner_space(&self.space, path) {
            return self.leave(path, &inner);
        }
        let document = self.world.document_of(&self.space, path);
        let found = diagnose::file(&self.world, &self.space, path, pictures);
        let uri = self.world.uri_of(&self.space, path);
        let said = Said::new(&self.space, path, digest(&found), &uri);
        let silent = match &document {
            Some(_) => self.space.told().is_pulled(uri.as_str()),
            // What is shown beside the vault is told of there.
            None => self.space.told().pulls_all.load(Ordering::Relaxed) || self.world.document(&uri).is_some(),
        };
        let version = document.map(|document| document.state().0);
        let before = {
            let mut told = self.space.told().files.lock().unwrap_or_else(PoisonError::into_inner);
            if found.is_empty() { told.remove(path) } else { told.insert(path.clone(), said.clone()) }
        };
        // An open document is told of each version, others only of what is new.
        let is_new = if found.is_empty() { before.is_some() } else { before.as_ref() != Some(&said) };
        // The same file by another name: an editor had it open, or has it now, through a link.
        let other = before.filter(|before| before.other != said.other).map(|before| before.uri(&self.space, path));
        if let Some(other) = other.filter(|other| self.world.document(other).is_none()) {
            self.publish(&other, Vec::new(), None);
        }
        if !silent && (is_new || version.is_some()) {
            self.publish(&uri, found, version);
        }
    }

    /// A file that a vault inside this one tells of.
    fn leave(&self, path: &VaultPath, inner: &Space) {
        let before = self.space.told().files.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        if let Some(before) = before {
            self.publish(&before.uri(&self.space, path), Vec::new(), None);
            inner.touch(Touched::Anew);
        }
    }

    /// Files that miss a picture that is there by now, or has gone.
    fn missing(&self, pictures: &mut Pictures) -> RoaringBitmap {
        let changed = pictures.changed(self.space.store());
        let vault = self.space.vault();
        changed.iter().filter_map(|path| vault.id(path)).collect()
    }

    fn publish(&self, uri: &Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let version = version.filter(|_| self.world.understands().diagnostic_versions);
        self.runtime.block_on(self.client.publish_diagnostics(uri.clone(), found, version));
    }

    /// Clients that ask by themselves are told that it is worth asking again.
    fn refresh(&self) {
        let refreshes = self.world.understands().refreshes;
        let client = self.client.clone();
        // A client may never answer: nobody waits for it here.
        self.runtime.spawn(async move {
            if refreshes.diagnostics {
                let _ = tokio::time::timeout(Duration::from_secs(10), client.workspace_diagnostic_refresh()).await;
            }
            if refreshes.lenses {
                let _ = tokio::time::timeout(Duration::from_secs(10), client.code_lens_refresh()).await;
            }
            if refreshes.hints {
                let _ = tokio::time::timeout(Duration::from_secs(10), client.inlay_hint_refresh()).await;
            }
        });
    }
}

/// What tells two lists of problems apart.
pub fn digest(found: &[Diagnostic]) -> u64 {
    let mut hasher = FxHasher::default();
    for diagnostic in found {
        serde_json::to_string(diagnostic).unwrap_or_default().hash(&mut hasher);
    }
    hasher.finish()
}
