//! What the index needs to know of one file. It is made from the file's text alone, so that many files can be read at once on
//! many cores; putting the answers into the vault is then a matter of a microsecond each.

use std::sync::Arc;

use super::hashes::Hashes;
use super::links::link_hash;
use super::names::Names;
use super::path::VaultPath;
use super::table;
use crate::contact::OptOut;
use crate::contact::document::Document;
use crate::contact::{Kind, fields, reach, tag};

/// How much of each file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Coverage {
    /// The front matter, and of the text no more than that; no names to resolve: enough for lists, at a third of the memory.
    Heads,
    /// The front matter as for lists, but the whole text kept: what a server knows first, and deepens later.
    Tags,
    /// The front matter understood, the whole text kept: enough to search bodies and to edit.
    Texts,
    /// The front matter and what the body links to and mentions.
    #[default]
    Whole,
}

/// A file's text and what the index makes of it.
#[derive(Clone, Debug)]
pub struct Understood {
    pub(super) path: VaultPath,
    pub(super) text: Arc<str>,
    pub(super) kind: Kind,
    pub(super) faulty: bool,
    pub(super) present: u64,
    pub(super) names: Names,
    pub(super) tags: Box<[NewTag]>,
    pub(super) hashes: Hashes,
    pub(super) asks: bool,
    /// Is it a contact with an `opt_out` that says something, or with a fault that could hide one?
    pub(super) guarded: bool,
    /// Is it a note that was most likely meant to be somebody?
    pub(super) stray: bool,
    /// Where the kept part of the text ends, if not all of it is kept.
    kept: Option<usize>,
    pub(super) own_keys: Vec<Box<str>>,
}

/// A tag as a file writes it, with its identity where that is written otherwise.
#[derive(Clone, Debug)]
pub(super) struct NewTag {
    key: Option<Box<str>>,
    pub(super) spelling: Box<str>,
}

impl NewTag {
    fn new(key: &str, spelling: &str) -> Self {
        Self { key: (key != spelling).then(|| key.into()), spelling: spelling.into() }
    }

    pub(super) fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.spelling)
    }
}

impl Understood {
    /// Reads one file. A text that is not kept whole is best handed over borrowed.
    pub fn new<T: AsRef<str> + Into<Arc<str>>>(path: VaultPath, text: T, coverage: Coverage) -> Self {
        if path.as_str() == crate::contact::config::FILE {
            return Self::nothing(path, text.into(), Kind::Config);
        }
        let mut understood = Self::nothing(path, Arc::<str>::default(), Kind::Note);
        understood.read(text.as_ref(), coverage);
        // The text comes in last: what was read of it borrows nothing.
        understood.text = match understood.kept {
            Some(end) => Arc::from(&text.as_ref()[..end]),
            None => text.into(),
        };
        understood
    }

    /// Which file it is.
    pub fn path(&self) -> &VaultPath {
        &self.path
    }

    fn read(&mut self, text: &str, coverage: Coverage) {
        let document = Document::parse(text);
        self.kind = document.kind;
        self.kept = (coverage == Coverage::Heads).then(|| document.fences.body.start());
        self.asks = coverage == Coverage::Tags && document.kind == Kind::Broadcast;
        self.faulty = document.is_faulty();
        self.read_head(&document);
        if !matches!(coverage, Coverage::Heads | Coverage::Tags) {
            let names = self.name_hashes(&document);
            let whole = coverage == Coverage::Whole;
            let (links, mentions, reach) = if whole { self.read_body(&document) } else { Default::default() };
            self.hashes = Hashes::new(names, links, mentions, reach);
        }
    }

    fn nothing(path: VaultPath, text: Arc<str>, kind: Kind) -> Self {
        Self {
            path,
            text,
            kind,
            faulty: false,
            present: 0,
            names: Names::default(),
            tags: Box::default(),
            hashes: Hashes::default(),
            asks: kind == Kind::Config,
            guarded: false,
            stray: false,
            kept: None,
            own_keys: Vec::new(),
        }
    }

    fn read_head(&mut self, document: &Document<'_>) {
        for entry in &document.head.entries {
            match fields::index(&entry.key) {
                Some(bit) => self.present |= u64::from(crate::contact::document::has_value(&entry.value)) << bit,
                None => self.own_keys.push(entry.key.as_ref().into()),
            }
        }
        self.own_keys.sort_unstable();
        self.own_keys.dedup();
        self.names = Names::of(document);
        self.stray =
            matches!(document.kind, Kind::Note | Kind::Broadcast) && (document.is_person() || document.as_meant().is_some());
        let says_no = || document.opt_out() != OptOut::Channels(Vec::new());
        self.guarded = document.kind == Kind::Contact && (self.faulty || says_no());
        // Only contacts are in groups; a note's `tags:` say what it is about, and count as mentions.
        if document.kind == Kind::Contact {
            self.tags = document.tags_with_keys().into_iter().map(|(key, value)| NewTag::new(&key, value.text)).collect();
        }
    }

    /// The hashes of the names that lead here.
    fn name_hashes(&self, document: &Document<'_>) -> Vec<u32> {
        let mut names = vec![table::hash(&tag::key(self.path.stem()))];
        if document.kind == Kind::Contact {
            names.push(table::hash(&tag::key(self.names.alias(document.text, &self.path))));
            names.extend(document.other_names().into_iter().map(|name| table::hash(&tag::key(name))));
            // Who said no is also known by the words of their name.
            names.extend(document.called().into_iter().map(|name| table::hash(&reach::name_key(name))));
        }
        names
    }

    /// Gives the hashes of links, mentions and addresses.
    fn read_body(&mut self, document: &Document<'_>) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let body = document.body();
        let head_links = document.head_links();
        let links = head_links.iter().chain(&body.links).filter_map(|link| link_hash(&self.path, link)).collect();
        let mut mentions: Vec<u32> = body.mentions.iter().flat_map(|mention| mention_hashes(&mention.tag)).collect();
        self.asks = document.kind == Kind::Broadcast || !body.queries.is_empty();
        if document.kind != Kind::Contact {
            mentions.extend(document.tags().into_iter().flat_map(|value| mention_hashes(value.text)));
            return (links, mentions, Vec::new());
        }
        let mut keys: Vec<u32> = reach::addresses(document, None).iter().map(|address| table::hash(&address.key())).collect();
        keys.extend(document.text_of("uid").map(|uid| table::hash(&reach::uid_key(uid))));
        (links, mentions, keys)
    }
}

/// A tag is mentioned with everything above it: `#event/ces` mentions `event` too.
fn mention_hashes(tag: &str) -> Vec<u32> {
    let key = tag::key(tag);
    let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
    ends.map(|end| table::hash(&key[..end])).collect()
}
