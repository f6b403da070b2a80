//! Floor 3, many files kept fresh: one door for changes ([`Vault::apply`]), an index that always equals the one a rebuild would
//! give, and the query language that asks it.

mod beside;
mod change;
mod deepen;
mod hashes;
mod layers;
pub mod links;
mod names;
pub mod path;
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
    hashes: Hashes,
}

/// All files of one folder, with their index.
#[derive(Clone, Debug, Default)]
pub struct Vault {
    coverage: Coverage,
    files: Vec<Option<File>>,
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
    own_keys: FxHashMap<Box<str>, u32>,
    unreadable: BTreeMap<VaultPath, String>,
    /// So many files were deepened so far.
    deep: usize,
    /// What the disk says of the files that are open in an editor.
    beneath: FxHashMap<VaultPath, layers::Beneath>,
    /// Files whose "no" counts although they are no part of the vault.
    beside: Option<Box<Vault>>,
    config: Config,
    config_problems: Vec<Problem>,
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

    fn put(&mut self, new: Understood) {
        if !self.unreadable.is_empty() {
            self.unreadable.remove(&new.path);
        }
        let id = self.id(&new.path).unwrap_or_else(|| self.vacant(&new.path));
        if new.kind == Kind::Config {
            self.configure(&new.text);
        }
        let old = self.files[id as usize].take();
        self.swap_hashes(id, old.as_ref(), &new);
        let tags = self.swap_tags(id, old.as_ref(), &new);
        let (guarded, stray) = (new.guarded, new.stray);
        for key in new.own_keys {
            *self.own_keys.entry(key).or_insert(0) += 1;
        }
        if let Some(old) = &old {
            self.forget_own_keys(old);
        }
        let is_contact = new.kind == Kind::Contact;
        let (here, there) =
            if is_contact { (&mut self.contacts, &mut self.others) } else { (&mut self.others, &mut self.contacts) };
        here.insert(id);
        if old.is_some() {
            there.remove(id);
            self.asking.remove(id);
        }
        if new.asks {
            self.asking.insert(id);
        }
        if guarded {
            self.guarded.insert(id);
        } else {
            self.guarded.remove(id);
        }
        if stray {
            self.strays.insert(id);
        } else {
            self.strays.remove(id);
        }
        let file = File {
            path: new.path,
            text: new.text,
            kind: new.kind,
            faulty: new.faulty,
            present: new.present,
            names: new.names,
            tags,
            hashes: new.hashes,
        };
        if let Some(search) = &mut self.search {
            search.set(id, &file);
        }
        self.files[id as usize] = Some(file);
    }

    fn vacant(&mut self, path: &VaultPath) -> FileId {
        let id = self.free.pop().unwrap_or_else(|| {
            self.files.push(None);
            FileId::try_from(self.files.len() - 1).unwrap_or(FileId::MAX)
        });
        self.paths.insert(table::hash(path.as_str()), id);
        id
    }

    fn swap_hashes(&mut self, id: FileId, old: Option<&File>, new: &Understood) {
        let swap = |table: &mut Table, old: &[u32], new: &[u32]| {
            // Both are sorted: a file with very many links costs no more than its length.
            for &hash in old.iter().filter(|hash| new.binary_search(hash).is_err()) {
                table.remove(hash, id);
            }
            for &hash in new.iter().filter(|hash| old.binary_search(hash).is_err()) {
                table.insert(hash, id);
            }
        };
        let nothing = Hashes::default();
        let before = old.map_or(&nothing, |old| &old.hashes);
        swap(&mut self.names, before.names(), new.hashes.names());
        swap(&mut self.links, before.links(), new.hashes.links());
        swap(&mut self.mentions, before.mentions(), new.hashes.mentions());
        swap(&mut self.reach, before.reach(), new.hashes.reach());
    }

    /// New tags in, old ones out; those that stay are not touched.
    fn swap_tags(&mut self, id: FileId, old: Option<&File>, new: &Understood) -> Box<[TagUse]> {
        let before: &[TagUse] = old.map_or(&[], |old| &old.tags);
        let unchanged = before.len() == new.tags.len()
            && before.iter().zip(&new.tags).all(|(old, new)| {
                let (view, spelling) = self.tags.of_use(*old);
                view.key() == new.key() && spelling == &*new.spelling
            });
        if unchanged {
            return before.into();
        }
        for &tag in before {
            self.tags.remove(tag, id);
        }
        new.tags.iter().map(|tag| self.tags.insert(tag.key(), &tag.spelling, id)).collect()
    }

    fn forget_own_keys(&mut self, old: &File) {
        let understood = Understood::new(old.path.clone(), Arc::clone(&old.text), Coverage::Heads);
        for key in understood.own_keys {
            if let Some(count) = self.own_keys.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    self.own_keys.remove(&key);
                }
            }
        }
    }

    fn remove(&mut self, path: &VaultPath) {
        let Some(id) = self.id(path) else { return };
        let Some(old) = self.files[id as usize].take() else { return };
        if old.kind == Kind::Config {
            self.configure("");
        }
        old.hashes.names().iter().for_each(|&hash| self.names.remove(hash, id));
        old.hashes.links().iter().for_each(|&hash| self.links.remove(hash, id));
        old.hashes.mentions().iter().for_each(|&hash| self.mentions.remove(hash, id));
        old.hashes.reach().iter().for_each(|&hash| self.reach.remove(hash, id));
        old.tags.iter().for_each(|&tag| self.tags.remove(tag, id));
        self.forget_own_keys(&old);
        self.contacts.remove(id);
        self.others.remove(id);
        self.asking.remove(id);
        self.guarded.remove(id);
        self.strays.remove(id);
        self.paths.remove(table::hash(path.as_str()), id);
        if let Some(search) = &mut self.search {
            search.clear(id);
        }
        self.free.push(id);
    }

    fn configure(&mut self, text: &str) {
        (self.config, self.config_problems) = Config::parse(text);
        self.tags.set_known(&self.config.known);
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
