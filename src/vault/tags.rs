//! The tag index: every tag with its carriers, its spellings and its meaning. Tags are kept in the order of their keys, so that
//! what lies below a tag lies behind it.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::ops::Bound;
use std::sync::Arc;

use hashbrown::HashTable;
use roaring::{MultiOps, RoaringBitmap};
use rustc_hash::FxBuildHasher;

use super::FileId;
use super::pieces::Pieces;
use crate::contact::config::KnownTag;
use crate::contact::tag;

/// A tag as a file carries it: which tag, and in which of its spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagUse {
    tag: u32,
    spelling: u32,
}

/// All tags of a vault.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    /// For one tag: its number, under the hash of its key. Copied beside a snapshot where a tag comes or goes, which is seldom.
    by_key: Arc<HashTable<u32>>,
    /// For all tags in order, and for what lies below one. Likewise.
    in_order: Arc<BTreeMap<Arc<str>, u32>>,
    entries: Pieces<Entry, 8>,
    free: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    key: Arc<str>,
    spellings: Vec<Spelling>,
    known: Option<Known>,
}

/// A way to write a tag, and who writes it so. Empty ones are reused.
#[derive(Clone, Debug, Default)]
struct Spelling {
    text: Box<str>,
    files: RoaringBitmap,
}

#[derive(Clone, Debug)]
struct Known {
    spelling: Box<str>,
    meaning: Box<str>,
}

/// A tag to look at.
#[derive(Clone, Copy)]
pub struct TagView<'v> {
    entry: &'v Entry,
}

impl Tags {
    /// Puts a file under a tag.
    pub fn insert(&mut self, key: &str, spelling: &str, file: FileId) -> TagUse {
        let tag = self.intern(key);
        let spellings = &mut self.entries[tag as usize].spellings;
        let at = spellings.iter().position(|known| *known.text == *spelling && !known.files.is_empty());
        let at = at.or_else(|| spellings.iter().position(|known| known.files.is_empty())).unwrap_or_else(|| {
            spellings.push(Spelling::default());
            spellings.len() - 1
        });
        if *spellings[at].text != *spelling {
            spellings[at].text = spelling.into();
        }
        spellings[at].files.insert(file);
        TagUse { tag, spelling: u32::try_from(at).unwrap_or(u32::MAX) }
    }

    /// Takes a file away from a tag. A tag that nobody carries and no vocabulary lists is forgotten.
    pub fn remove(&mut self, of: TagUse, file: FileId) {
        self.entries[of.tag as usize].spellings[of.spelling as usize].files.remove(file);
        self.forget_if_unused(of.tag);
    }

    /// The vocabulary, in place of the one before.
    pub fn set_known(&mut self, known: &[KnownTag]) {
        for tag in 0..self.entries.len() {
            if self.entries[tag].known.is_some() {
                self.entries[tag].known = None;
                self.forget_if_unused(u32::try_from(tag).unwrap_or(u32::MAX));
            }
        }
        for entry in known {
            let tag = self.intern(&tag::key(&entry.tag));
            let meaning = entry.meaning.as_str().into();
            self.entries[tag as usize].known = Some(Known { spelling: entry.tag.as_str().into(), meaning });
        }
    }

    fn intern(&mut self, key: &str) -> u32 {
        if let Some(tag) = self.number(key) {
            return tag;
        }
        let tag = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        });
        let shared: Arc<str> = key.into();
        Arc::make_mut(&mut self.in_order).insert(Arc::clone(&shared), tag);
        self.entries[tag as usize] = Entry { key: shared, spellings: Vec::new(), known: None };
        Arc::make_mut(&mut self.by_key).insert_unique(hash(key), tag, |&tag| hash(&self.entries[tag as usize].key));
        tag
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.by_key.find(hash(key), |&tag| *self.entries[tag as usize].key == *key).copied()
    }

    fn forget_if_unused(&mut self, tag: u32) {
        let entry = &self.entries[tag as usize];
        if entry.known.is_none() && entry.spellings.iter().all(|spelling| spelling.files.is_empty()) && !entry.key.is_empty() {
            if let Ok(found) = Arc::make_mut(&mut self.by_key).find_entry(hash(&entry.key), |&other| other == tag) {
                found.remove();
            }
            Arc::make_mut(&mut self.in_order).remove(&entry.key);
            self.entries[tag as usize] = Entry::default();
            self.free.push(tag);
        }
    }

    /// The tag of a file's use.
    pub fn of_use(&self, of: TagUse) -> (TagView<'_>, &str) {
        let entry = &self.entries[of.tag as usize];
        (TagView { entry }, &entry.spellings[of.spelling as usize].text)
    }

    /// The tag with this key.
    pub fn get(&self, key: &str) -> Option<TagView<'_>> {
        self.number(key).map(|tag| TagView { entry: &self.entries[tag as usize] })
    }

    /// Does the vocabulary list the tag with this key?
    pub fn is_known(&self, key: &str) -> bool {
        self.get(key).is_some_and(|view| view.is_known())
    }

    /// All tags, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = TagView<'_>> {
        self.in_order.values().map(|&tag| TagView { entry: &self.entries[tag as usize] })
    }

    /// A tag and everything below it.
    pub fn at_or_below<'v>(&'v self, key: &'v str) -> impl Iterator<Item = TagView<'v>> {
        let below = format!("{key}/");
        let own = self.number(key);
        let range = self.in_order.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
        let children: Vec<u32> = range.take_while(|(key, _)| key.starts_with(&below)).map(|(_, &tag)| tag).collect();
        own.into_iter().chain(children).map(|tag| TagView { entry: &self.entries[tag as usize] })
    }

    /// Everybody who carries a tag or one below it. All sets are joined at once: a parent may have a thousand children.
    pub fn carriers_at_or_below(&self, key: &str) -> RoaringBitmap {
        self.at_or_below(key).flat_map(|view| &view.entry.spellings).map(|spelling| &spelling.files).union()
    }

    /// Does any file carry it or anything below it, or does the vocabulary list it?
    pub fn exists(&self, key: &str) -> bool {
        self.at_or_below(key).next().is_some()
    }

    /// The tags that a misspelt one may have been meant to be, the nearest first, at most three.
    pub fn nearest(&self, key: &str) -> Vec<TagView<'_>> {
        let length = key.chars().count();
        let limit = if length < 4 { 1 } else { (length / 3).min(4) };
        let mut near: Vec<(usize, std::cmp::Reverse<u64>, TagView<'_>)> = self
            .iter()
            .filter_map(|view| {
                let whole = crate::text::fold::distance(key, view.key(), limit);
                let last = view.key().rsplit('/').next().filter(|_| !key.contains('/'));
                let segment = last.and_then(|last| crate::text::fold::distance(key, last, limit)).map(|distance| distance + 1);
                let inside = (length >= 3 && view.key().contains(key)).then_some(limit);
                let best = whole.into_iter().chain(segment).chain(inside).min()?;
                Some((best, std::cmp::Reverse(view.count()), view))
            })
            .collect();
        near.sort_by(|a, b| (a.0, &a.1, a.2.key()).cmp(&(b.0, &b.1, b.2.key())));
        near.into_iter().take(3).map(|(_, _, view)| view).collect()
    }
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}

impl<'v> TagView<'v> {
    /// Its identity.
    pub fn key(self) -> &'v str {
        &self.entry.key
    }

    /// Puts everybody who carries it into `all`.
    pub fn add_carriers(self, all: &mut RoaringBitmap) {
        for spelling in &self.entry.spellings {
            *all |= &spelling.files;
        }
    }

    /// How many carry exactly this tag.
    pub fn count(self) -> u64 {
        self.entry.spellings.iter().map(|spelling| spelling.files.len()).sum()
    }

    /// Its meaning, where the vocabulary gives one.
    pub fn meaning(self) -> Option<&'v str> {
        self.entry.known.as_ref().map(|known| known.meaning.as_ref()).filter(|meaning| !meaning.is_empty())
    }

    /// Does the vocabulary list it?
    pub fn is_known(self) -> bool {
        self.entry.known.is_some()
    }

    /// As it is shown: the vocabulary's spelling, else that of the first file in path order. `path` tells a file's path.
    pub fn shown<P: Ord>(self, path: impl Fn(FileId) -> P) -> &'v str {
        if let Some(known) = &self.entry.known {
            return &known.spelling;
        }
        let mut used = self.entry.spellings.iter().filter(|spelling| !spelling.files.is_empty());
        let (Some(first), second) = (used.next(), used.next()) else { return &self.entry.key };
        if second.is_none() {
            return &first.text;
        }
        let used = self.entry.spellings.iter().filter(|spelling| !spelling.files.is_empty());
        let earliest = used.min_by_key(|spelling| spelling.files.iter().map(&path).min());
        earliest.map_or(&self.entry.key, |spelling| &spelling.text)
    }
}
