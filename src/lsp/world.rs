//! Everything the server serves: its vaults, and the documents that editors have open. Finds for each question the text it is
//! about and the vault around it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use tower_lsp::ls_types::Uri;

use super::client::Understands;
use super::convert::from_uri;
use super::homes::Home;
use super::order::{Early, Told};
use super::outside::Outside;
use super::pull::Reported;
use super::space::{Space, Stage, Touched};
use crate::text::sync;
use crate::vault::path::is_markdown;
use crate::vault::{Change, VaultPath};

/// A document that an editor has open.
pub struct Document {
    /// As the client spells it.
    pub uri: Uri,
    /// The vault around it.
    pub space: Arc<Space>,
    /// What it is called there.
    pub path: VaultPath,
    /// Is it one of the vault's files? Else it stands beside it.
    pub is_inside: bool,
    /// Its version and text.
    pub(super) told: RwLock<Told>,
}

impl Document {
    /// Its version and text.
    pub fn state(&self) -> (i32, Arc<str>) {
        self.told.read().unwrap_or_else(PoisonError::into_inner).state()
    }

    /// Is this where it is treated as being?
    pub(super) fn is_at(&self, (space, path, is_inside): &Home) -> bool {
        Arc::ptr_eq(space, &self.space) && *path == self.path && *is_inside == self.is_inside
    }
}

/// Told of each vault that comes.
pub type Attend = Box<dyn Fn(&Arc<Space>) + Send + Sync>;

/// All of it.
pub struct World {
    pub(super) outside: Arc<dyn Outside>,
    pub(super) understands: Understands,
    /// One vault for each folder that the client named, then those that single files led to.
    pub(super) spaces: RwLock<Vec<Arc<Space>>>,
    /// The folders that the client named.
    pub(super) folders: RwLock<Vec<PathBuf>>,
    documents: RwLock<HashMap<String, Arc<Document>>>,
    /// A vault of nothing, for documents that no vault is around.
    pub(super) nowhere: OnceLock<Arc<Space>>,
    /// Documents change one at a time, whoever changes them. With it, changes of documents that are about to be opened.
    turn: Mutex<Early>,
    /// Told of each vault that comes.
    pub(super) attend: Attend,
    reported: Reported,
}

/// What a question is about.
pub(super) struct About {
    pub(super) space: Arc<Space>,
    pub(super) path: VaultPath,
    /// The text of a document beside the vault.
    pub(super) beside: Option<Arc<str>>,
}

impl World {
    /// Nothing so far.
    pub fn new(outside: Arc<dyn Outside>, understands: Understands, attend: Attend) -> Self {
        Self {
            outside,
            understands,
            spaces: RwLock::default(),
            folders: RwLock::default(),
            documents: RwLock::default(),
            nowhere: OnceLock::new(),
            turn: Mutex::default(),
            attend,
            reported: Reported::default(),
        }
    }

    /// What the client understands.
    pub fn understands(&self) -> &Understands {
        &self.understands
    }

    /// What the client was reported when it asked for problems.
    pub fn reported(&self) -> &Reported {
        &self.reported
    }

    /// All vaults, those of the client's folders first.
    pub fn spaces(&self) -> Vec<Arc<Space>> {
        self.spaces.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The documents that are open.
    pub fn documents(&self) -> Vec<Arc<Document>> {
        self.documents.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// An open document.
    pub fn document(&self, uri: &Uri) -> Option<Arc<Document>> {
        self.documents.read().unwrap_or_else(PoisonError::into_inner).get(uri.as_str()).cloned()
    }

    /// The open document that shows a file of a vault.
    pub fn document_of(&self, space: &Space, path: &VaultPath) -> Option<Arc<Document>> {
        let documents = self.documents.read().unwrap_or_else(PoisonError::into_inner);
        documents
            .values()
            .find(|document| document.is_inside && document.path == *path && document.space.root() == space.root())
            .cloned()
    }

    /// The same, also for a document that stands beside the vault.
    pub fn shown(&self, space: &Space, path: &VaultPath) -> Option<Arc<Document>> {
        self.document_of(space, path).or_else(|| {
            let documents = self.documents.read().unwrap_or_else(PoisonError::into_inner);
            documents.values().find(|document| document.path == *path && document.space.root() == space.root()).cloned()
        })
    }

    /// The URI of a file of a vault, spelled as the client spells it where it has it open.
    pub fn uri_of(&self, space: &Space, path: &VaultPath) -> Uri {
        self.document_of(space, path).map_or_else(|| space.uri(path), |document| document.uri.clone())
    }

    /// The same for a file that may be the document `asked_in`, which stands beside the vault.
    pub fn uri_beside(&self, space: &Space, path: &VaultPath, asked_in: &Uri) -> Uri {
        let beside = self.document(asked_in).filter(|document| !document.is_inside && document.path == *path);
        beside.map_or_else(|| self.uri_of(space, path), |document| document.uri.clone())
    }

    /// Waits until nobody else changes documents.
    pub(super) fn turn(&self) -> MutexGuard<'_, Early> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An editor opened a document. One without a file, in another language than ours, is passed over, as are all its changes.
    pub fn open(&self, uri: Uri, language: &str, version: i32, text: &str) {
        let mut turn = self.turn();
        let spaces = self.spaces().len();
        let place = self.place(&uri);
        if from_uri(&uri).is_none() && !LANGUAGES.contains(&language.to_ascii_lowercase().as_str()) {
            return;
        }
        if self.document(&uri).is_some_and(|document| !document.is_at(&place)) {
            self.put_away(&uri);
        }
        let mut told = Told::new(version, Arc::from(text));
        for (version, changes) in turn.following(uri.as_str(), version) {
            told.change(version, changes, self.understands.encoding);
        }
        self.put_up(place, uri, told);
        if self.spaces().len() != spaces {
            // It led to a vault that others may belong to.
            self.rehome();
        }
    }

    pub(super) fn put_up(&self, place: Home, uri: Uri, told: Told) {
        let (space, path, is_inside) = place;
        let (_, text) = told.state();
        let document = Document { uri: uri.clone(), space, path, is_inside, told: RwLock::new(told) };
        let document = Arc::new(document);
        self.documents.write().unwrap_or_else(PoisonError::into_inner).insert(uri.as_str().to_owned(), Arc::clone(&document));
        self.show(&document, text);
    }

    /// An editor changed a document. Of one that is not open it waits for the opening.
    pub fn change(&self, uri: &Uri, version: i32, changes: Vec<sync::Change>) {
        let mut turn = self.turn();
        let Some(document) = self.document(uri) else { return turn.keep(uri.as_str(), version, changes) };
        let (encoding, uri) = (self.understands.encoding, uri.as_str());
        let text = {
            let mut told = document.told.write().unwrap_or_else(PoisonError::into_inner);
            told.change(version, changes, encoding);
            turn.following(uri, told.state().0)
                .into_iter()
                .for_each(|(version, changes)| told.change(version, changes, encoding));
            told.state().1
        };
        self.show(&document, text);
    }

    fn show(&self, document: &Document, text: Arc<str>) {
        if document.is_inside {
            document.space.edit(Change::Opened { path: document.path.clone(), text });
        }
        document.space.touch(Touched::Document(document.uri.as_str().to_owned()));
    }

    /// An editor saved a document: the disk says what the editor shows, unless somebody else wrote it since.
    pub fn save(&self, uri: &Uri) {
        let _turn = self.turn();
        let Some(document) = self.document(uri) else { return };
        if document.is_inside {
            let (_, text) = document.state();
            document.space.edit(Change::Found { path: document.path.clone(), text });
            document.space.store().look(&document.path);
        }
    }

    /// An editor closed a document: what the disk says counts again.
    pub fn close(&self, uri: &Uri) {
        let mut turn = self.turn();
        turn.forget(uri.as_str());
        let document = self.document(uri);
        self.put_away(uri);
        if let Some(document) = document {
            self.leave(&document.space);
        }
    }

    pub(super) fn put_away(&self, uri: &Uri) {
        let document = self.documents.write().unwrap_or_else(PoisonError::into_inner).remove(uri.as_str());
        let Some(document) = document else { return };
        if document.is_inside {
            let path = document.path.clone();
            document.space.edit(match self.document_of(&document.space, &path) {
                // Open under another name too, through a link.
                Some(other) => Change::Opened { path, text: other.state().1 },
                None => Change::Closed { path },
            });
        }
        document.space.touch(Touched::Document(uri.as_str().to_owned()));
    }

    /// Waits until the vault around a document is so far.
    pub async fn reach(&self, uri: &Uri, stage: Stage) {
        let space = self.about(uri).map(|about| about.space);
        if let Some(space) = space {
            space.reach(stage).await;
        }
    }

    pub(super) fn about(&self, uri: &Uri) -> Option<About> {
        if let Some(document) = self.document(uri) {
            let beside = (!document.is_inside).then(|| document.state().1);
            return Some(About { space: Arc::clone(&document.space), path: document.path.clone(), beside });
        }
        // Not open, but perhaps a file of a vault all the same.
        let file = from_uri(uri)?;
        let mut spaces = self.spaces();
        spaces.sort_by_key(|space| std::cmp::Reverse(space.root().as_os_str().len()));
        spaces.into_iter().find_map(|space| Some(About { path: space.store().admits(&file)?, space, beside: None }))
    }

    /// The file of a vault that a URI means; nothing for documents that stand beside one.
    pub fn file_of(&self, uri: &Uri) -> Option<(Arc<Space>, VaultPath)> {
        let about = self.about(uri)?;
        about.beside.is_none().then_some((about.space, about.path))
    }

    /// What a file says: as the client shows it, else as the vault knows it.
    pub fn text_of(&self, uri: &Uri) -> Option<Arc<str>> {
        if let Some(document) = self.document(uri) {
            return Some(document.state().1);
        }
        let (space, path) = self.file_of(uri)?;
        let vault = space.vault();
        vault.id(&path).map(|id| vault.file(id).shared_text())
    }

    /// Reads a file again, where the client does not show it: the vault knows what it says from then on.
    pub fn read_again(&self, uri: &Uri) {
        if self.document(uri).is_none()
            && let Some((space, path)) = self.file_of(uri)
        {
            space.refreshed(&path);
        }
    }

    /// Something happened to these on disk. A file of a vault is looked at by itself; a folder, settings, and what belongs to no vault (an
    /// ignored file may say no, `.gitignore` tells which are ignored) are a reason to look through the vaults around them.
    pub fn look_at(&self, uris: &[Uri]) {
        let spaces = self.spaces();
        // Who names nothing means everything.
        let mut swept = vec![uris.is_empty(); spaces.len()];
        for file in uris.iter().filter_map(from_uri) {
            for (space, swept) in spaces.iter().zip(&mut swept) {
                match space.store().admits(&file) {
                    Some(path) if !path.names_settings() && is_markdown(path.as_str()) => space.store().look(&path),
                    Some(_) => *swept = true,
                    None => *swept |= self.is_around(space, &file),
                }
            }
        }
        for (space, _) in spaces.iter().zip(swept).filter(|(_, swept)| *swept) {
            space.store().sweep();
        }
    }

    /// Is a file below a vault's folder, by whatever way it is spelled?
    fn is_around(&self, space: &Space, file: &Path) -> bool {
        file.starts_with(space.root()) || !self.spaces().iter().any(|other| file.starts_with(other.root()))
    }

    /// Today's date where the person is, as `2026-04-02`.
    pub fn today(&self) -> String {
        self.outside.today()
    }

    /// A vault for questions that name no text: the one that is named by its folder or a file in it, else the first.
    pub fn space(&self, uri: Option<&Uri>) -> Option<Arc<Space>> {
        match uri {
            Some(uri) => self.about(uri).map(|about| about.space).or_else(|| {
                let folder = from_uri(uri)?;
                let root = self.outside.root_of(&folder);
                self.spaces().into_iter().find(|space| space.root() == root)
            }),
            None => self.spaces().first().cloned(),
        }
    }
}

/// How editors call the language of a document that may be ours; of a new one many do not know it yet.
const LANGUAGES: &[&str] =
    &["", "markdown", "md", "gfm", "mdx", "pandoc", "plaintext", "quarto", "rmd", "text", "vimwiki", "yaml"];

/// A file's place on disk.
pub fn disk_path(root: &Path, inside: &str) -> PathBuf {
    let mut path = root.to_path_buf();
    for part in inside.split('/') {
        if part == ".." {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path
}

/// A fault of ours costs one answer, never the conversation.
pub fn unharmed<T>(work: impl FnOnce() -> T) -> Option<T> {
    let result = catch_unwind(AssertUnwindSafe(work));
    if result.is_err() {
        tracing::error!("a question could not be answered: please report this");
    }
    result.ok()
}
