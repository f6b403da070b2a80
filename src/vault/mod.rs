//! Floor 3, many files kept fresh: one door for changes ([`Vault::apply`]), an index that always equals the one a rebuild would
//! give, and the query language that asks it.

mod beside;
mod change;
mod deepen;
mod hashes;
mod index;
mod layers;
pub mod link_name;
pub mod links;
mod names;
pub mod path;
mod pieces;
pub mod query;
mod resolve;
pub mod search;
mod table;
mod tags;
mod understood;

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::contact::{Config, Document, Kind, Problem, config};
pub use change::Change;
use hashes::Hashes;
use names::Names;
pub use path::VaultPath;
use pieces::Pieces;
pub use resolve::{Place, Resolution, fits_path};
use search::Search;
use table::Table;
pub use tags::{TagUse, TagView, Tags};
pub use understood::{Coverage, Understood};

/// A file's number inside one vault. Numbers are reused when files go; they mean nothing outside.
pub type FileId = u32;

/// A file of the vault with what the index knows of it.
#[derive(Clone, Debug)]
pub struct File {
    path: VaultPath,
    text: Arc<str>,
    kind: Kind,
    faulty: bool,
    present: u64,
    names: Names,
    tags: Box<[TagUse]>,
    /// Its keys that are in no table, sorted.
    own_keys: Box<[Arc<str>]>,
    hashes: Hashes,
}

/// All files of one folder, with their index. A clone is a snapshot: it shares every piece that is not changed later, so it costs some
/// thousand reference counts at a hundred thousand contacts, and a change beside it copies the few pieces that it touches.
#[derive(Clone, Debug, Default)]
pub struct Vault {
    coverage: Coverage,
    files: Pieces<Option<File>, 64>,
    free: Vec<FileId>,
    paths: Table,
    contacts: RoaringBitmap,
    others: RoaringBitmap,
    tags: Tags,
    names: Table,
    links: Table,
    mentions: Table,
    reach: Table,
    asking: RoaringBitmap,
    guarded: RoaringBitmap,
    strays: RoaringBitmap,
    own_keys: Arc<FxHashMap<Arc<str>, u32>>,
    unreadable: Arc<BTreeMap<VaultPath, String>>,
    /// So many files were deepened so far.
    deep: usize,
    /// What the disk says of the files that are open in an editor.
    beneath: FxHashMap<VaultPath, layers::Beneath>,
    /// Files whose "no" counts although they are no part of the vault.
    beside: Option<Arc<Vault>>,
    config: Arc<Config>,
    config_problems: Arc<[Problem]>,
    search: Option<Search>,
}

impl File {
    /// Where it is.
    pub fn path(&self) -> &VaultPath {
        &self.path
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its text, to keep when the vault moves on: whoever works longer works on this.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Has its front matter a fault?
    pub fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// The name it goes by: a contact's alias, else the file's own name.
    pub fn alias(&self) -> &str {
        self.names.alias(&self.text, &self.path)
    }

    /// The first of a contact's other names: `aliases`, `name`, `username`.
    pub fn other_name(&self) -> Option<&str> {
        self.names.other(&self.text)
    }

    /// Where a contact works: `org`.
    pub fn org(&self) -> Option<&str> {
        self.names.org(&self.text)
    }

    /// The first of a contact's mail addresses: `emails`.
    pub fn mail(&self) -> Option<&str> {
        self.names.mail(&self.text)
    }

    /// Which of the known fields are there and not blank, one bit each in the order of the table.
    pub fn present(&self) -> u64 {
        self.present
    }

    /// The file, read anew: microseconds.
    pub fn document(&self) -> Document<'_> {
        if self.kind == Kind::Config { Document::parse_config(&self.text) } else { Document::parse(&self.text) }
    }
}

impl Vault {
    /// An empty vault that will know so much of each file.
    pub fn new(coverage: Coverage) -> Self {
        let deep = if coverage == Coverage::Whole { usize::MAX } else { 0 };
        Self { coverage, deep, ..Self::default() }
    }

    /// How much this vault knows of each file.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Gives back the room that growing took: after the first load.
    pub fn settle(&mut self) {
        self.files.shrink_to_fit();
    }

    /// The number of the file at a path.
    pub fn id(&self, path: &VaultPath) -> Option<FileId> {
        self.id_of(path.as_str())
    }

    /// The number of the file at a path, given as text.
    pub fn id_of(&self, path: &str) -> Option<FileId> {
        self.paths.get(table::hash(path)).find(|&id| match &self.files[id as usize] {
            Some(file) => file.path.as_str() == path,
            None => false,
        })
    }

    /// A file by its number. Numbers come from this vault's own answers.
    pub fn file(&self, id: FileId) -> &File {
        self.files.get(id as usize).and_then(Option::as_ref).unwrap_or_else(|| unreachable!("no file {id}"))
    }

    /// All files, in no order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().filter_map(|(id, file)| Some((FileId::try_from(id).ok()?, file.as_ref()?)))
    }

    /// Everybody.
    pub fn contacts(&self) -> &RoaringBitmap {
        &self.contacts
    }

    /// Every file, contacts and all others.
    pub fn everything(&self) -> RoaringBitmap {
        &self.contacts | &self.others
    }

    /// Files that hold queries: broadcasts, query blocks, `guanxi.yaml`.
    pub fn asking(&self) -> &RoaringBitmap {
        &self.asking
    }

    /// Contacts who may have said no to messages: `opt_out` says something, or the front matter has a fault that could hide it.
    pub fn guarded(&self) -> &RoaringBitmap {
        &self.guarded
    }

    /// Notes that were most likely meant to be contacts: a near miss of `alias`, an address, or front matter out of its place.
    pub fn strays(&self) -> &RoaringBitmap {
        &self.strays
    }

    /// All tags.
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// A tag as it is shown.
    pub fn shown<'v>(&'v self, tag: TagView<'v>) -> &'v str {
        tag.shown(|id| self.file(id).path())
    }

    /// The tags of a file as it spells them, in its order.
    pub fn tags_of(&self, id: FileId) -> impl Iterator<Item = (TagView<'_>, &str)> {
        self.file(id).tags.iter().map(|&tag| self.tags.of_use(tag))
    }

    /// Keys that are in no table but in some contact, those that most have first.
    pub fn own_keys(&self) -> impl Iterator<Item = &str> {
        let mut keys: Vec<_> = self.own_keys.iter().filter(|(key, _)| !key.trim().is_empty()).collect();
        keys.sort_unstable_by(|(a, most), (b, least)| least.cmp(most).then_with(|| a.cmp(b)));
        keys.into_iter().map(|(key, _)| &**key)
    }

    /// Files that could not be read, with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (&VaultPath, &str)> {
        self.unreadable.iter().map(|(path, reason)| (path, reason.as_str()))
    }

    /// Is this a file that could not be read?
    pub fn is_unreadable(&self, path: &VaultPath) -> bool {
        self.unreadable.contains_key(path)
    }

    /// What `guanxi.yaml` says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What is wrong with `guanxi.yaml`.
    pub fn config_problems(&self) -> &[Problem] {
        &self.config_problems
    }

    /// Is `guanxi.yaml` there but not to be trusted, or is there one under a name from which nothing is read? Then no broadcast may
    /// go out.
    pub fn config_fault(&self) -> Option<String> {
        if let Some((path, reason)) = self.unreadable.iter().find(|(path, _)| path.names_settings()) {
            return Some(if path.as_str() == config::FILE { reason.clone() } else { format!("{path}: {reason}") });
        }
        let faulty = self.config.faulty.then(|| self.config_problems.first().map(|problem| problem.message.clone()));
        faulty.map(|message| message.unwrap_or_else(|| "it cannot be understood".to_owned()))
    }
}
