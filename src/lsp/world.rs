//! Everything the server serves: its vaults, and the documents that editors have open. Finds for each question the text it is
//! about and the vault around it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tower_lsp::ls_types::Uri;

use super::client::Understands;
use super::convert::{Ruler, from_uri, to_uri};
use super::outside::Outside;
use super::space::{Space, Stage, Touched};
use crate::contact::config;
use crate::features::Here;
use crate::text::sync;
use crate::vault::{Change, Vault, VaultPath};

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
    state: RwLock<(i32, Arc<str>)>,
}

impl Document {
    /// Its version and text.
    pub fn state(&self) -> (i32, Arc<str>) {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All of it.
pub struct World {
    outside: Arc<dyn Outside>,
    understands: Understands,
    /// One vault for each folder that the client named, then those that single files led to.
    spaces: RwLock<Vec<Arc<Space>>>,
    /// The folders that the client named.
    folders: RwLock<Vec<PathBuf>>,
    documents: RwLock<HashMap<String, Arc<Document>>>,
    /// Told of each vault that comes.
    attend: Box<dyn Fn(&Arc<Space>) + Send + Sync>,
}

/// What a question is about.
struct About {
    space: Arc<Space>,
    path: VaultPath,
    /// The text of a document beside the vault.
    beside: Option<Arc<str>>,
}

impl World {
    /// Nothing so far.
    pub fn new(outside: Arc<dyn Outside>, understands: Understands, attend: Box<dyn Fn(&Arc<Space>) + Send + Sync>) -> Self {
        Self { outside, understands, spaces: RwLock::default(), folders: RwLock::default(), documents: RwLock::default(), attend }
    }

    /// What the client understands.
    pub fn understands(&self) -> &Understands {
        &self.understands
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

    /// The URI of a file of a vault, spelled as the client spells it where it has it open.
    pub fn uri_of(&self, space: &Space, path: &VaultPath) -> Uri {
        self.document_of(space, path)
            .map_or_else(|| to_uri(&disk_path(space.root(), path.as_str())), |document| document.uri.clone())
    }

    /// The same for a file that may be the document `asked_in`, which stands beside the vault.
    pub fn uri_beside(&self, space: &Space, path: &VaultPath, asked_in: &Uri) -> Uri {
        let beside = self.document(asked_in).filter(|document| !document.is_inside && document.path == *path);
        beside.map_or_else(|| self.uri_of(space, path), |document| document.uri.clone())
    }

    /// From now on these folders are served: those that were not yet begin, those that are named no more end.
    pub fn set_folders(&self, folders: Vec<PathBuf>) {
        let mut roots: Vec<PathBuf> = Vec::new();
        for root in folders.iter().map(|folder| self.outside.root_of(folder)) {
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        *self.folders.write().unwrap_or_else(PoisonError::into_inner) = folders;
        let before = self.spaces();
        let mut now: Vec<Arc<Space>> = Vec::new();
        for root in &roots {
            let known = before.iter().find(|space| space.root() == root).cloned();
            now.push(known.unwrap_or_else(|| self.begin(root)));
        }
        *self.spaces.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
        for space in before.iter().filter(|space| !now.iter().any(|kept| Arc::ptr_eq(kept, space))) {
            space.end();
        }
        // Open documents may belong elsewhere now.
        for document in self.documents() {
            let place = self.place(&document.uri);
            let same = Arc::ptr_eq(&place.0, &document.space) && place.2 == document.is_inside;
            if !same {
                let (version, text) = document.state();
                self.close(&document.uri);
                self.open(document.uri.clone(), version, &text);
            }
        }
    }

    /// The folders that the client named.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.folders.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn begin(&self, root: &Path) -> Arc<Space> {
        let space = Arc::new(Space::new(root, self.outside.store(root)));
        (self.attend)(&space);
        space.begin();
        space
    }

    /// Where a document belongs: the vault, its path there, and whether it is one of its files.
    fn place(&self, uri: &Uri) -> (Arc<Space>, VaultPath, bool) {
        let file = from_uri(uri);
        if let Some(file) = &file {
            let marked = self.outside.marked_root_of(file);
            let mut spaces = self.spaces();
            spaces.sort_by_key(|space| std::cmp::Reverse(space.root().as_os_str().len()));
            for space in &spaces {
                // A vault inside another one is a vault of its own.
                let is_inner = marked.as_ref().is_some_and(|marked| marked.starts_with(space.root()) && marked != space.root());
                if let Some(path) = space.store().admits(file).filter(|_| !is_inner) {
                    return (Arc::clone(space), path, true);
                }
            }
            if let Some(root) = marked {
                let known = spaces.iter().find(|space| space.root() == root).cloned();
                let space = known.unwrap_or_else(|| {
                    let space = self.begin(&root);
                    self.spaces.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&space));
                    space
                });
                if let Some(path) = space.store().admits(file) {
                    return (space, path, true);
                }
                return (space, VaultPath::new(&name_of(uri, Some(file))), false);
            }
            if let Some(space) = spaces.iter().find(|space| file.starts_with(space.root())) {
                let inside = file.strip_prefix(space.root()).ok().and_then(Path::to_str).map(|inside| inside.replace('\\', "/"));
                return (Arc::clone(space), VaultPath::new(&inside.unwrap_or_else(|| name_of(uri, Some(file)))), false);
            }
        }
        let space = self.spaces().first().cloned().unwrap_or_else(|| self.nowhere());
        (space, VaultPath::new(&name_of(uri, file.as_deref())), false)
    }

    /// A vault of nothing, for documents that no vault is around.
    fn nowhere(&self) -> Arc<Space> {
        let space = Arc::new(Space::new(Path::new("/"), self.outside.store(Path::new(""))));
        (self.attend)(&space);
        space.begin();
        self.spaces.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&space));
        space
    }

    /// An editor opened a document.
    pub fn open(&self, uri: Uri, version: i32, text: &str) {
        let (space, path, is_inside) = self.place(&uri);
        let text: Arc<str> = Arc::from(text);
        let document = Document { uri: uri.clone(), space, path, is_inside, state: RwLock::new((version, Arc::clone(&text))) };
        let document = Arc::new(document);
        self.documents.write().unwrap_or_else(PoisonError::into_inner).insert(uri.as_str().to_owned(), Arc::clone(&document));
        self.show(&document, text);
    }

    /// An editor changed a document. One that it never opened is passed over.
    pub fn change(&self, uri: &Uri, version: i32, changes: Vec<sync::Change>) {
        let Some(document) = self.document(uri) else { return };
        let text = {
            let mut state = document.state.write().unwrap_or_else(PoisonError::into_inner);
            let text: Arc<str> = sync::apply(&state.1, changes, self.understands.encoding).into();
            *state = (version, Arc::clone(&text));
            text
        };
        self.show(&document, text);
    }

    fn show(&self, document: &Document, text: Arc<str>) {
        if document.is_inside {
            document.space.edit(Change::Opened { path: document.path.clone(), text });
        }
        document.space.touch(Touched::Document(document.uri.as_str().to_owned()));
    }

    /// An editor saved a document: the disk says what the editor shows.
    pub fn save(&self, uri: &Uri) {
        let Some(document) = self.document(uri) else { return };
        if document.is_inside {
            let (_, text) = document.state();
            document.space.edit(Change::Found { path: document.path.clone(), text });
        }
    }

    /// An editor closed a document: what the disk says counts again.
    pub fn close(&self, uri: &Uri) {
        let document = self.documents.write().unwrap_or_else(PoisonError::into_inner).remove(uri.as_str());
        let Some(document) = document else { return };
        if document.is_inside {
            document.space.edit(Change::Closed { path: document.path.clone() });
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

    fn about(&self, uri: &Uri) -> Option<About> {
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

    /// Asks something about a text. `None` where the text is not known, or the question could not be answered.
    pub fn ask<T>(&self, uri: &Uri, question: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        let about = self.about(uri)?;
        let vault = about.space.vault();
        let here = match (&about.beside, vault.id(&about.path)) {
            (Some(text), _) => Here::beside(&vault, about.path.clone(), text),
            (None, Some(id)) => Here::of_file(&vault, id),
            (None, None) => return None,
        };
        if !is_ours(uri, &here) {
            return None;
        }
        let ruler = Ruler::new(here.text(), self.understands.encoding);
        unharmed(|| question(&Asked { world: self, space: &about.space, here: &here, ruler: &ruler, uri }))
    }

    /// The file of a vault that a URI means; nothing for documents that stand beside one.
    pub fn file_of(&self, uri: &Uri) -> Option<(Arc<Space>, VaultPath)> {
        let about = self.about(uri)?;
        about.beside.is_none().then_some((about.space, about.path))
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

/// A question about a text, with everything that the answer may need.
pub struct Asked<'a> {
    /// Everything.
    pub world: &'a World,
    /// The vault with its disk.
    pub space: &'a Arc<Space>,
    /// The text and its vault.
    pub here: &'a Here<'a>,
    /// Its places.
    pub ruler: &'a Ruler<'a>,
    /// Its URI, as the client spells it.
    pub uri: &'a Uri,
}

impl Asked<'_> {
    /// The vault.
    pub fn vault(&self) -> &Vault {
        self.here.vault
    }
}

/// Markdown, or the settings. Other documents that an editor may tell of are none of ours.
fn is_ours(uri: &Uri, here: &Here<'_>) -> bool {
    if here.file.is_some() || here.path.file_name() == config::FILE {
        return true;
    }
    let name = here.path.file_name().to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, None | Some("md" | "markdown" | "mdx" | "qmd" | "rmd")) || from_uri(uri).is_none()
}

/// The last part of a document's name.
fn name_of(uri: &Uri, file: Option<&Path>) -> String {
    let name = file.and_then(Path::file_name).and_then(|name| name.to_str()).map(str::to_owned);
    name.unwrap_or_else(|| {
        uri.path().as_str().rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("untitled").to_owned()
    })
}

/// A file's place on disk.
pub fn disk_path(root: &Path, inside: &str) -> PathBuf {
    let mut path = root.to_path_buf();
    path.extend(inside.split('/'));
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
