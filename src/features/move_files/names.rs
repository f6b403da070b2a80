//! `[[links]]` by a file's name. The vault is asked what each of them means, and what the new name would mean: a link that would
//! lead to somebody else is written with its folder.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Moves;
use crate::contact::{Kind, tag};
use crate::features::links::names_other;
use crate::features::places::Source;
use crate::features::places::links::{last_key, wiki_names};
use crate::text::links::is_name;
use crate::vault::path::markdown_ending;
use crate::vault::{FileId, Resolution, Vault, VaultPath, fits_path};

/// What is written in `[[…]]`, and what should be.
pub struct Names {
    by_old: FxHashMap<Box<str>, String>,
    /// Names that end as a picture's does and are somebody's.
    taken: FxHashSet<Box<str>>,
}

impl Names {
    /// The names in these texts that have to change.
    pub fn new(vault: &Vault, moves: &Moves, sources: &[Source], notes: &mut Vec<String>) -> Self {
        // A folder's new name matters only to who writes the folder.
        let files = moves.by_old.keys().filter(|old| vault.id(old).is_some());
        let called: FxHashSet<String> = files.map(|old| tag::key(old.stem()).into_owned()).collect();
        let is_called = |name: &str| name.contains('/') || (!called.is_empty() && called.contains(&last_key(name)));
        let concerned = |name: &Cow<'_, str>| is_called(name) || names_other(name);
        let names: BTreeSet<Cow<'_, str>> =
            sources.par_iter().flat_map_iter(|source| wiki_names(&source.text)).filter(concerned).collect();
        let is_taken = |name: &&Cow<'_, str>| names_other(name) && vault.resolve(name) != Resolution::Nobody;
        let taken = names.iter().filter(is_taken).map(|name| Box::from(name.as_ref())).collect();
        let change = |name: Cow<'_, str>| Some((name.as_ref().into(), changed(vault, moves, &name, notes)?));
        Self { by_old: names.into_iter().filter_map(change).collect(), taken }
    }

    /// Is it somebody's name, though it looks like that of a picture?
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// What a link should say after the move; `None` where it stays.
    pub fn after(&self, name: &str) -> Option<String> {
        self.by_old.get(name.trim()).cloned()
    }
}

fn changed(vault: &Vault, moves: &Moves, name: &str, notes: &mut Vec<String>) -> Option<String> {
    let Resolution::One(id) = vault.resolve(name) else { return None };
    let old = vault.file(id).path();
    let new = moves.after(old);
    if new == *old || is_called(vault, id, name) || fits_path(&new, name) {
        return None;
    }
    let ending = markdown_ending(name).unwrap_or("");
    let with_folders = |count: usize| {
        let folders: Vec<&str> = new.folder().split('/').filter(|part| !part.is_empty()).collect();
        let kept = &folders[folders.len() - count.min(folders.len())..];
        kept.iter().copied().chain([new.stem()]).collect::<Vec<_>>().join("/") + ending
    };
    let depth = name.trim_start_matches("./").matches('/').count();
    let free = |candidate: &String| is_free(vault, moves, id, &new, candidate);
    let found = (depth..=new.folder().split('/').count().max(depth)).map(with_folders).find(free);
    if found.is_none() {
        notes.push(format!("[[{name}]] meant {old}: nothing that stands in a link means {new} alone, so it stays"));
    }
    found
}

/// Is this one of the contact's own names, whatever its file is called?
fn is_called(vault: &Vault, id: FileId, name: &str) -> bool {
    let file = vault.file(id);
    let document = file.document();
    let key = tag::key(name);
    file.kind() == Kind::Contact && document.alias().into_iter().chain(document.other_names()).any(|own| tag::key(own) == key)
}

/// Will the name lead to this file, and to nobody else, once everything has moved?
fn is_free(vault: &Vault, moves: &Moves, id: FileId, new: &VaultPath, name: &str) -> bool {
    let now = match vault.resolve(name) {
        Resolution::Nobody => Vec::new(),
        Resolution::One(other) => vec![other],
        Resolution::Several(several) => several,
    };
    let stays = |other: FileId| is_called(vault, other, name) || fits_path(&moves.after(vault.file(other).path()), name);
    is_name(name) && fits_path(new, name) && !now.into_iter().any(|other| other != id && stays(other))
}
