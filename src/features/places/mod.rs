//! Where one thing is written, text by text: what references, highlights and renames share. In two steps, so that nobody waits
//! for the vault meanwhile: what the thing is and which files may name it is asked of the vault at once; reading those files
//! needs no vault, takes all cores and can be called off.

mod fields;
pub mod links;
mod pictures;
pub mod queries;
pub mod settings;
mod tags;

use std::sync::Arc;

use rayon::prelude::*;

use crate::contact::{Document, Kind, config, fields as table, tag};
use crate::features::links::{Destination, destination};
use crate::features::{Here, Thing};
use crate::text::Span;
use crate::vault::links::{Named, named};
use crate::vault::{FileId, Vault, VaultPath};
pub use links::LinkSet;
pub use pictures::{KEYS as PICTURE_KEYS, Pictures, place_of};

/// Is there a file at this path, relative to the vault? Asked for pictures and attachments only, and only by their name.
pub type Exists = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What somebody asks about, the vault asked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A tag and everything below it, by its key.
    Tag(String),
    /// A contact, or another file that links lead to.
    File(FileId),
    /// A name that leads to nobody, or to several.
    Name(String),
    /// A picture or attachment, or another file that is none of the vault's, by its path in the vault.
    Picture(String),
    /// A field, where messages and queries name it.
    Field(String),
}

/// What is looked for in each text.
pub enum Sought {
    /// A tag and everything below it, by its key.
    Tag(String),
    /// Links.
    Links(LinkSet),
    /// Ways to a picture.
    Picture(Pictures),
    /// A field.
    Field(String),
}

/// A place where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Where, as [`Thing::span`] has it.
    pub span: Span,
    /// What it does there.
    pub role: Role,
}

/// What a name does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Says that the thing is there: a line of the vocabulary, an alias.
    Declares,
    /// Puts a file under it: an item of `tags:`.
    Carries,
    /// Only speaks of it.
    Mentions,
}

/// A text to look through.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its number, where it is a file of the vault.
    pub file: Option<FileId>,
    /// Where it is, or would be.
    pub path: VaultPath,
    /// What it says.
    pub text: Arc<str>,
    /// Only its head can name the thing: the index knows.
    pub head_only: bool,
}

impl Goal {
    /// What the cursor at `offset` asks about.
    pub fn at(here: &Here<'_>, offset: usize, exists: &Exists) -> Option<Self> {
        Self::of(here, &here.thing(offset)?, exists)
    }

    /// What a thing means, seen from here.
    pub fn of(here: &Here<'_>, thing: &Thing, exists: &Exists) -> Option<Self> {
        match thing {
            Thing::Tag { name, .. } => Some(Goal::Tag(tag::key(name).into_owned())),
            Thing::Own { .. } => here.file.map(Goal::File),
            Thing::Link(link) => match destination(here.vault, &here.path, link, exists.as_ref())? {
                Destination::File(file) => Some(Goal::File(file)),
                Destination::Other(path) => Some(Goal::Picture(path)),
                Destination::Several(_) | Destination::Nobody if link.is_wiki() => Some(Goal::Name(link.target.clone())),
                Destination::Nobody => match named(&here.path, link)? {
                    Named::Path(path) => Some(Goal::Picture(path)),
                    Named::Name(_) => None,
                },
                Destination::Several(_) | Destination::Address(_) | Destination::Here => None,
            },
            Thing::File { path, .. } => place_of(&here.path, path, exists.as_ref()).map(Goal::Picture),
            Thing::Hole { name, filter: false, .. } => Some(Goal::Field(name.clone())),
            Thing::Key { path, key, .. } if path.is_empty() && here.document.kind == Kind::Contact => {
                Some(Goal::Field(key.clone()))
            }
            _ => None,
        }
    }

    /// The files that may name it, in no order.
    pub fn sources(&self, vault: &Vault) -> Vec<Source> {
        let source = |file: FileId, head_only: bool| Source::of_file(vault, file, head_only);
        match self {
            Goal::Tag(key) => {
                let mentioning = vault.mentioning_set(key);
                let whole = mentioning | vault.asking();
                (vault.tags().carriers_at_or_below(key) | &whole).iter().map(|id| source(id, !whole.contains(id))).collect()
            }
            Goal::File(file) => {
                let mut files = vault.linking(*file);
                files.insert(*file);
                files.iter().map(|id| source(id, false)).collect()
            }
            Goal::Name(name) => vault.linking_by_name(name).iter().map(|id| source(id, false)).collect(),
            Goal::Picture(path) => {
                let card = table::index("card").map_or(0, |bit| 1 << bit);
                let with_card = vault.files().filter(|(_, file)| file.present() & card != 0).map(|(id, _)| id);
                let linking = vault.linking_to_path(&VaultPath::new(path));
                let heads: roaring::RoaringBitmap = with_card.chain(vault.asking() - vault.contacts()).collect();
                (heads | &linking).iter().map(|id| source(id, !linking.contains(id))).collect()
            }
            Goal::Field(_) => vault.asking().iter().map(|id| source(id, false)).collect(),
        }
    }

    /// What to look for in these texts, so that the vault is not needed again.
    pub fn sought<'t>(&self, vault: &Vault, texts: impl Iterator<Item = &'t str>, exists: &Exists) -> Sought {
        match self {
            Goal::Tag(key) => Sought::Tag(key.clone()),
            Goal::File(file) => Sought::Links(LinkSet::to_file(vault, *file, texts)),
            Goal::Name(name) => Sought::Links(LinkSet::by_name(name, texts)),
            Goal::Picture(path) => Sought::Picture(Pictures::new(vault, path, texts, exists)),
            Goal::Field(name) => Sought::Field(name.clone()),
        }
    }
}

impl Sought {
    /// Every place in a text, in its order.
    pub fn places(&self, path: &VaultPath, document: &Document<'_>, head_only: bool) -> Vec<Occurrence> {
        let mut found = match self {
            Sought::Tag(key) => tags::places(key, document, head_only),
            Sought::Links(links) => links.places(path, document),
            Sought::Picture(pictures) => pictures.places(path, document, head_only),
            Sought::Field(name) => fields::places(name, document),
        };
        found.sort_by_key(|place| place.span);
        found.dedup_by_key(|place| place.span);
        found
    }
}

impl Source {
    /// A file of the vault.
    pub fn of_file(vault: &Vault, id: FileId, head_only: bool) -> Self {
        let file = vault.file(id);
        Self { file: Some(id), path: file.path().clone(), text: file.shared_text(), head_only }
    }

    /// The text somebody asks in, where it stands beside the vault and no index knows it.
    pub fn beside(here: &Here<'_>) -> Option<Self> {
        let text = || Arc::from(here.text());
        here.file.is_none().then(|| Self { file: None, path: here.path.clone(), text: text(), head_only: false })
    }

    /// The text, understood.
    pub fn document(&self) -> Document<'_> {
        document(&self.path, &self.text)
    }
}

/// A text, understood as what stands at its path.
pub fn document<'t>(path: &VaultPath, text: &'t str) -> Document<'t> {
    if path.as_str() == config::FILE { Document::parse_config(text) } else { Document::parse(text) }
}

/// Asks every text, on all cores; the answers in the order of the paths. Fewer than all where it is called off.
pub fn each<T: Send>(
    sources: &[Source],
    cancelled: &(dyn Fn() -> bool + Sync),
    ask: impl Fn(&Source) -> Option<T> + Sync,
) -> Vec<T> {
    let mut order: Vec<&Source> = sources.iter().collect();
    order.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    order.par_iter().filter_map(|source| if cancelled() { None } else { ask(source) }).collect()
}
