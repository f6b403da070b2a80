//! Which `card:`, `attach:` and links lead to one picture or document.

use rustc_hash::FxHashSet;

use super::links::wiki_names;
use super::{Exists, Occurrence, Role};
use crate::contact::document::{self, Document};
use crate::features::links::other_by_name;
use crate::text::markdown::Link;
use crate::vault::links::{Named, named};
use crate::vault::{Resolution, Vault, VaultPath, path};

/// The keys whose values are paths.
pub const KEYS: [&str; 2] = ["card", "attach"];

/// A picture that is looked for.
pub struct Pictures {
    path: String,
    exists: Exists,
    /// Names that would fit the picture and are somebody's.
    taken: FxHashSet<Box<str>>,
}

impl Pictures {
    /// The picture at this path in the vault, as these texts name it.
    pub fn new<'t>(vault: &Vault, path: &str, texts: impl Iterator<Item = &'t str>, exists: &Exists) -> Self {
        let names: FxHashSet<_> = texts.flat_map(wiki_names).filter(|name| last(name) == last(path)).collect();
        let taken = names.into_iter().filter(|name| vault.resolve(name) != Resolution::Nobody);
        let taken = taken.map(|name| name.into_owned().into()).collect();
        Self { path: path.to_owned(), exists: exists.clone(), taken }
    }

    /// Every place, in no order.
    pub fn places(&self, from: &VaultPath, document: &Document<'_>, head_only: bool) -> Vec<Occurrence> {
        let mut found = self.in_head(from, document);
        if !head_only {
            let links = document.links().into_iter().filter(|link| self.leads(from, link));
            found.extend(links.map(|link| Occurrence { span: link.place(), role: Role::Mentions }));
        }
        found
    }

    fn leads(&self, from: &VaultPath, link: &Link) -> bool {
        match named(from, link) {
            Some(Named::Path(path)) if path == self.path => true,
            Some(_) if link.is_wiki() && last(&link.target) == last(&self.path) && !self.taken.contains(&*link.target) => {
                other_by_name(from, &link.target, self.exists.as_ref()).as_deref() == Some(&self.path)
            }
            _ => false,
        }
    }

    fn in_head(&self, from: &VaultPath, document: &Document<'_>) -> Vec<Occurrence> {
        // Nearly all pictures are others: their names tell before anybody asks the disk.
        let name = last(&self.path);
        let values = KEYS.iter().filter_map(|key| document.entry(key)).flat_map(|entry| document::values(&entry.value));
        values
            .filter(|value| value.text.rsplit(['/', '\\']).next() == Some(name))
            .filter(|value| place_of(from, value.text, self.exists.as_ref()).as_deref() == Some(&self.path))
            .map(|value| Occurrence { span: value.span, role: Role::Mentions })
            .collect()
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path in the vault that is meant: relative to the file or, failing that, to the root. Where there is no file at either, the
/// first of them that lies in the vault.
pub fn place_of(from: &VaultPath, written: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    if written.contains("://") {
        return None;
    }
    let candidates = [from.join(written), path::join("", written)];
    let mut inside = candidates.into_iter().flatten().filter(|path| !path.is_empty());
    let first = inside.next()?;
    if exists(&first) {
        return Some(first);
    }
    Some(inside.find(|path| exists(path)).unwrap_or(first))
}
