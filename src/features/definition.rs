//! Where the thing comes from that the cursor points at.
//!
//! - A link leads to the contact's alias; to each of them, where the name is ambiguous; to the file, where it is a note or a path; to
//!   the heading or block that it names.
//! - One's own name leads to the alias it belongs to, so that an editor shows the references instead.
//! - A tag leads to its line in the vocabulary. Where that is silent, to those who carry it, the first hundred in path order.
//! - `card:` and `attach:` lead to the file they name.
//! - `{{ field }}` leads to that line of the first contact, by alias, that the broadcast is for and that has one.
//! - A key leads nowhere: it is explained, not defined.

use super::here::{Here, Thing};
use super::links::{Destination, destination, place_in};
use super::list;
use super::places::{place_of, queries};
use crate::contact::{Kind, config, document, tag};
use crate::text::Span;
use crate::text::markdown::Link;
use crate::vault::{FileId, Vault};

/// A tag that no vocabulary lists leads to so many carriers at most.
const CARRIERS: usize = 100;

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// To which file.
    pub aim: Aim,
    /// Where in it.
    pub span: Span,
    /// What was asked about, in the text where it was asked.
    pub origin: Span,
}

/// A file to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A file of the vault.
    File(FileId),
    /// The text in which it was asked, which is none of the vault's files.
    Here,
    /// Another file in the vault's folder, by its path: a picture, a document.
    Path(String),
}

/// The definitions of what the cursor at `offset` points at. `exists` tells whether a file is at a path of the vault.
pub fn definition(here: &Here<'_>, offset: usize, exists: &dyn Fn(&str) -> bool) -> Vec<Target> {
    let Some(thing) = here.thing(offset) else { return Vec::new() };
    let origin = thing.span();
    let found = match &thing {
        Thing::Tag { name, .. } => of_tag(here.vault, &tag::key(name)),
        Thing::Own { .. } => vec![(here.file.map_or(Aim::Here, Aim::File), here.document.name_span())],
        Thing::Link(link) => of_link(here, link, exists),
        Thing::File { path, .. } => {
            place_of(&here.path, path, exists).map(|path| (Aim::Path(path), Span::at(0))).into_iter().collect()
        }
        Thing::Hole { name, filter: false, .. } => of_field(here, name).into_iter().collect(),
        _ => Vec::new(),
    };
    found.into_iter().map(|(aim, span)| Target { aim, span, origin }).collect()
}

fn of_file(vault: &Vault, id: FileId) -> (Aim, Span) {
    (Aim::File(id), vault.file(id).document().name_span())
}

fn of_tag(vault: &Vault, key: &str) -> Vec<(Aim, Span)> {
    let listed = vault.config().known.iter().find(|known| tag::key(&known.tag) == key);
    if let (Some(known), Some(config)) = (listed, vault.id_of(config::FILE)) {
        return vec![(Aim::File(config), known.span)];
    }
    let mut carriers: Vec<FileId> = vault.tags().carriers_at_or_below(key).into_iter().collect();
    let by_path = |id: &FileId| vault.file(*id).path();
    if carriers.len() > CARRIERS {
        carriers.select_nth_unstable_by_key(CARRIERS, by_path);
        carriers.truncate(CARRIERS);
    }
    carriers.sort_by_key(by_path);
    let place = |id: FileId| {
        let document = vault.file(id).document();
        let tags = document.tags_with_keys();
        let item = tags.into_iter().find(|(own, _)| tag::is_at_or_below(own, key));
        item.map(|(_, value)| (Aim::File(id), value.span))
    };
    carriers.into_iter().filter_map(place).collect()
}

fn of_link(here: &Here<'_>, link: &Link, exists: &dyn Fn(&str) -> bool) -> Vec<(Aim, Span)> {
    match destination(here.vault, &here.path, link, exists) {
        Some(Destination::File(id)) => {
            let (aim, name) = of_file(here.vault, id);
            vec![(aim, place_in(&here.vault.file(id).document(), link).unwrap_or(name))]
        }
        Some(Destination::Several(ids)) => ids.into_iter().map(|id| of_file(here.vault, id)).collect(),
        Some(Destination::Here) => {
            vec![(Aim::Here, place_in(&here.document, link).unwrap_or(here.document.name_span()))]
        }
        Some(Destination::Other(path)) if exists(&path) => vec![(Aim::Path(path), Span::at(0))],
        Some(Destination::Other(_) | Destination::Address(_) | Destination::Nobody) | None => Vec::new(),
    }
}

fn of_field(here: &Here<'_>, name: &str) -> Option<(Aim, Span)> {
    if here.document.kind != Kind::Broadcast {
        return None;
    }
    let meant = list::matching(here.vault, &queries::of_broadcast(&here.document)?).ok()? & here.vault.contacts();
    list::by_alias(here.vault, &meant).into_iter().find_map(|id| {
        let document = here.vault.file(id).document();
        let entry = document.entry(name).filter(|entry| document::has_value(&entry.value))?;
        Some((Aim::File(id), entry.key_span))
    })
}
