//! Diagnostics, told without being asked: of open documents at once, of the rest of the vault after a moment of quiet. Only what a
//! change may have altered is looked at again, a few files at a time, so that nobody who types ever waits.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use roaring::RoaringBitmap;
use rustc_hash::FxHasher;
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::{Diagnostic, Uri};

use super::convert::from_uri;
use super::diagnose::{self, Pictures};
use super::outbox::Outbox;
use super::said::Said;
use super::space::{Space, Stage, Touched};
use super::world::{Document, World};
use crate::vault::VaultPath;

/// So long nothing must change before the rest of the vault is looked at.
const QUIET: Duration = Duration::from_millis(200);
/// How often missing pictures are looked for again.
const AGAIN: Duration = Duration::from_secs(3);
/// So long a stream of changes keeps one from looking at the rest of the vault.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many files are looked at while the vault is held.
const SLICE: usize = 8;

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
    /// Where it waits to be written.
    pub outbox: Outbox,
}

/// What is still to be looked at.
#[derive(Default)]
struct Pending {
    documents: HashSet<String>,
    files: RoaringBitmap,
    gone: Vec<VaultPath>,
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
            Touched::Gone(paths) => self.gone.extend(paths),
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
        self.files.is_empty() && self.gone.is_empty() && !self.tags && !self.everything
    }
}

/// Open documents that stand beside the vault, with the version and a digest of what was told.
type Loose = HashMap<String, (i32, u64)>;

impl Publisher {
    /// Begins to publish for a vault, on a thread of its own.
    pub fn attend(space: &Arc<Space>, world: &Arc<World>, client: &Client, runtime: &Handle, outbox: &Outbox) {
        let (sender, touched) = mpsc::channel();
        space.tell(sender);
        let (world, space) = (Arc::clone(world), Arc::clone(space));
        let publisher = Self { world, space, client: client.clone(), runtime: runtime.clone(), outbox: outbox.clone() };
        thread::spawn(move || publisher.run(&touched));
    }

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
                pending.files |= self.missing(&mut pictures, &mut loose);
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

    /// Open documents that an editor or a move touched.
    fn documents(&self, pending: &mut Pending, pictures: &mut Pictures, loose: &mut Loose) {
        if self.space.stage() < Stage::Searchable {
            return;
        }
        for uri in std::mem::take(&mut pending.documents) {
            let Ok(parsed) = uri.parse::<Uri>() else { continue };
            match self.world.document(&parsed) {
                Some(document) if !Arc::ptr_eq(&document.space, &self.space) => self.moved(&parsed, loose),
                Some(document) if document.is_inside => {
                    loose.remove(&uri);
                    self.file(&document.path, pictures);
                }
                Some(document) => {
                    // Whoever was in charge of it before may have had the last word.
                    loose.remove(&uri);
                    self.beside(&document, pictures, loose);
                }
                None => {
                    // Closed: what the disk says counts, and is looked at with the rest.
                    self.space.told().forget(&uri);
                    if loose.remove(&uri).is_some() || self.is_other_name(&parsed) {
                        self.publish(&parsed, Vec::new(), None);
                    }
                }
            }
        }
    }

    /// A document that stands beside the vault is told of where something differs from what was told.
    fn beside(&self, document: &Document, pictures: &mut Pictures, loose: &mut Loose) {
        let (version, _) = document.state();
        let found = diagnose::document(&self.world, &document.uri, pictures).unwrap_or_default();
        let told = (version, digest(&found));
        let silent = self.space.told().is_pulled(document.uri.as_str());
        if loose.insert(document.uri.as_str().to_owned(), told) != Some(told) && !silent {
            self.publish(&document.uri, found, Some(version));
            self.hand_over(&document.uri);
        }
    }

    fn all_beside(&self, pictures: &mut Pictures, loose: &mut Loose) {
        for uri in loose.keys().filter_map(|uri| uri.parse::<Uri>().ok()).collect::<Vec<_>>() {
            // One that was closed or moved is heard of soon.
            if let Some(document) = self.world.document(&uri).filter(|document| Arc::ptr_eq(&document.space, &self.space)) {
                self.beside(&document, pictures, loose);
            }
        }
    }

    /// A document that another vault is in charge of by now.
    fn moved(&self, uri: &Uri, loose: &mut Loose) {
        self.space.told().forget(uri.as_str());
        loose.remove(uri.as_str());
    }

    /// If a document moved while its problems were looked for here, what was told of it is outdated, and may have come after what
    /// its new vault told.
    fn hand_over(&self, uri: &Uri) {
        let Some(document) = self.world.document(uri) else { return };
        if !Arc::ptr_eq(&document.space, &self.space) {
            document.space.touch(Touched::Document(uri.as_str().to_owned()));
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
        if std::mem::take(&mut pending.anew) {
            self.space.told().say_again();
        }
        pending.since = None;
        pictures.forget();
        self.documents(pending, pictures, loose);
        // Documents beside the vault may speak of anybody in it.
        self.all_beside(pictures, loose);
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
            paths.extend(std::mem::take(&mut pending.gone));
            if everything {
                paths.extend(self.space.told().files_that(|path| vault.id(path).is_none()));
                paths.extend(vault.unreadable().map(|(path, _)| path.clone()));
            }
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
            self.space.told().set_complete();
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
            None => self.space.told().is_all_pulled() || self.world.document(&uri).is_some(),
        };
        let version = document.map(|document| document.state().0);
        let before = self.space.told().swap(path, (!found.is_empty()).then(|| said.clone()));
        // An open document is told of each version, others only of what is new.
        let is_new = if found.is_empty() { before.is_some() } else { before.as_ref() != Some(&said) };
        // The same file by another name: an editor had it open, or has it now, through a link.
        let other = before.filter(|before| before.other != said.other).map(|before| before.uri(&self.space, path));
        if let Some(other) = other.filter(|other| self.world.document(other).is_none()) {
            self.publish(&other, Vec::new(), None);
        }
        if !silent && (is_new || version.is_some()) {
            self.publish(&uri, found, version);
            self.hand_over(&uri);
        }
    }

    /// A file that a vault inside this one tells of.
    fn leave(&self, path: &VaultPath, inner: &Space) {
        let before = self.space.told().swap(path, None);
        if let Some(before) = before {
            self.publish(&before.uri(&self.space, path), Vec::new(), None);
            inner.touch(Touched::Anew);
        }
    }

    /// Files that miss a picture that is there by now, or has gone. Documents beside the vault are told of at once.
    fn missing(&self, pictures: &mut Pictures, loose: &mut Loose) -> RoaringBitmap {
        let changed = pictures.changed(self.space.store());
        if !changed.is_empty() {
            self.all_beside(pictures, loose);
        }
        let vault = self.space.vault();
        changed.iter().filter_map(|path| vault.id(path)).collect()
    }

    fn publish(&self, uri: &Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let version = version.filter(|_| self.world.understands().diagnostic_versions);
        self.outbox.wait_for_room();
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
