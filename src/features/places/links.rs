//! Which links lead to one file, told without the vault. A name may mean one contact today and several tomorrow: so the vault is
//! asked what each name means that the texts hold, and the answers are kept.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Occurrence, Role};
use crate::contact::{Document, Kind, tag};
use crate::text::fences;
use crate::text::links::inside;
use crate::text::markdown::Link;
use crate::vault::links::{Named, is_path_of, named};
use crate::vault::path::without_ending;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// The links that count.
#[derive(Clone, Debug, Default)]
pub struct LinkSet {
    /// What stands in `[[…]]`, as it is written.
    names: FxHashSet<Box<str>>,
    /// Where Markdown links lead.
    path: Option<VaultPath>,
    /// Whose alias says that somebody is there.
    owner: Option<VaultPath>,
}

impl LinkSet {
    /// The links in these texts that lead to this file and to no other.
    pub fn to_file<'t>(vault: &Vault, id: FileId, texts: impl Iterator<Item = &'t str>) -> Self {
        let file = vault.file(id);
        let document = file.document();
        let mut names = vec![file.path().stem(), file.alias()];
        names.extend(document.other_names());
        let ends: FxHashSet<String> = names.into_iter().flat_map(|name| [tag::key(name).into_owned(), last_key(name)]).collect();
        let leads = |name: &str| ends.contains(&last_key(name)) && vault.resolve(name) == Resolution::One(id);
        let path = file.path().clone();
        Self { names: chosen(texts, leads), path: Some(path.clone()), owner: (file.kind() == Kind::Contact).then_some(path) }
    }

    /// The `[[links]]` in these texts that lead to this contact by its alias, and to no other.
    pub fn by_alias<'t>(vault: &Vault, id: FileId, alias: &str, texts: impl Iterator<Item = &'t str>) -> Self {
        let key = tag::key(alias).into_owned();
        let leads = |name: &str| tag::key(name) == key && vault.resolve(name) == Resolution::One(id);
        Self { names: chosen(texts, leads), path: None, owner: None }
    }

    /// The `[[links]]` in these texts by one name, whoever that is.
    pub fn by_name<'t>(name: &str, texts: impl Iterator<Item = &'t str>) -> Self {
        let key = tag::key(name.trim()).into_owned();
        Self { names: chosen(texts, |other| tag::key(other) == key), path: None, owner: None }
    }

    /// Does a link in the file at `from` count?
    pub fn has(&self, from: &VaultPath, link: &Link) -> bool {
        let by_path = match named(from, link) {
            Some(Named::Name(name)) => return self.names.contains(name),
            Some(Named::Path(path)) => self
                .path
                .as_ref()
                .is_some_and(|own| if link.is_relative_name() { is_path_of(&path, own) } else { path == own.as_str() }),
            None => false,
        };
        // A path that leads nowhere is looked for as it is written.
        by_path || (link.is_relative_name() && self.names.contains(&*link.target))
    }

    /// Every place, in no order.
    pub fn places(&self, path: &VaultPath, document: &Document<'_>) -> Vec<Occurrence> {
        let mut found = Vec::new();
        if self.owner.as_ref() == Some(path) && document.alias().is_some() {
            found.push(Occurrence { span: document.name_span(), role: Role::Declares });
        }
        let links = document.links();
        let counted = links.iter().filter(|link| self.has(path, link));
        found.extend(counted.map(|link| Occurrence { span: link.place(), role: Role::Mentions }));
        found
    }
}

/// The names in `[[…]]` that fit, each asked for once.
fn chosen<'t>(texts: impl Iterator<Item = &'t str>, fits: impl Fn(&str) -> bool) -> FxHashSet<Box<str>> {
    let mut asked: FxHashMap<Cow<'t, str>, bool> = FxHashMap::default();
    for text in texts {
        for name in wiki_names(text) {
            if let Entry::Vacant(vacant) = asked.entry(name) {
                let is_meant = fits(vacant.key());
                vacant.insert(is_meant);
            }
        }
    }
    asked.into_iter().filter(|(_, fits)| *fits).map(|(name, _)| name.into_owned().into()).collect()
}

/// Whatever looks like the name in a `[[link]]`, in code too, closed or not: a quick look at the bytes that misses none without
/// brackets in its name. Each byte is looked at a few times at most, whatever a file is full of. A front matter with links is read
/// properly: YAML may escape and fold any letter of a name.
pub fn wiki_names(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let head = fences::find(text).head.of(text);
    let has_links = memchr::memmem::find(head.as_bytes(), b"[[").is_some();
    let in_head = if has_links { Document::parse(text).head_links() } else { Vec::new() };
    let meant = in_head.into_iter().map(|link| Cow::Owned(link.target));
    written_names(text).map(Cow::Borrowed).chain(meant)
}

fn written_names(text: &str) -> impl Iterator<Item = &str> {
    let find = |text: &str, mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes());
    let mut rest = text;
    std::iter::from_fn(move || {
        let inner = rest[find(rest, "[[")?..].trim_start_matches('[');
        // A name ends where another link begins.
        let (text_in, behind) = inner.split_at(find(inner, "[[").unwrap_or(inner.len()));
        rest = behind;
        let whole = find(text_in, "]]").map_or(text_in, |end| &text_in[..end]);
        Some(&whole[inside(whole).name])
    })
}

/// What a link is looked up by in the index: the last part of its name, without an ending.
pub fn last_key(name: &str) -> String {
    let last = name.trim().rsplit('/').next().unwrap_or(name);
    tag::key(without_ending(last)).into_owned()
}
