//! What the index needs to know of one file. It is made from the file's text alone, so that many files can be read at once on
//! many cores; putting the answers into the vault is then a matter of a microsecond each.

use std::sync::Arc;

use super::path::VaultPath;
use super::table;
use crate::contact::document::Document;
use crate::contact::{Kind, fields, tag};
use crate::text::fold;

/// How much of each file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Coverage {
    /// The front matter: enough for lists.
    Heads,
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
    pub(super) alias: Box<str>,
    pub(super) names: Box<[u32]>,
    pub(super) tags: Vec<(Box<str>, Box<str>)>,
    pub(super) links: Box<[u32]>,
    pub(super) mentions: Box<[u32]>,
    pub(super) reach: Box<[u32]>,
    pub(super) asks: bool,
    pub(super) own_keys: Vec<Box<str>>,
}

impl Understood {
    /// Reads one file.
    pub fn new(path: VaultPath, text: Arc<str>, coverage: Coverage) -> Self {
        if path.as_str() == crate::contact::config::FILE {
            return Self::nothing(path, text, Kind::Config);
        }
        let document = Document::parse(&text);
        let mut understood = Self::nothing(path, Arc::clone(&text), document.kind);
        understood.faulty = document.is_faulty();
        understood.read_head(&document);
        if coverage == Coverage::Whole {
            understood.read_body(&document);
        }
        understood
    }

    fn nothing(path: VaultPath, text: Arc<str>, kind: Kind) -> Self {
        Self {
            path,
            text,
            kind,
            faulty: false,
            present: 0,
            alias: Box::default(),
            names: Box::default(),
            tags: Vec::new(),
            links: Box::default(),
            mentions: Box::default(),
            reach: Box::default(),
            asks: kind == Kind::Config,
            own_keys: Vec::new(),
        }
    }

    fn read_head(&mut self, document: &Document<'_>) {
        for entry in &document.head.entries {
            match fields::FIELDS.iter().position(|field| field.key == entry.key) {
                Some(bit) if !crate::contact::document::values(&entry.value).is_empty() => self.present |= 1 << bit,
                Some(_) => {}
                None => self.own_keys.push(entry.key.as_ref().into()),
            }
        }
        self.own_keys.sort_unstable();
        self.own_keys.dedup();
        // The name it goes by; a contact whose alias is blank goes by its file's name until somebody gives it one.
        let alias = if document.kind == Kind::Contact { document.alias() } else { None };
        self.alias = alias.unwrap_or(self.path.stem()).into();
        let mut names = vec![table::hash(&tag::key(self.path.stem()))];
        if document.kind == Kind::Contact {
            names.push(table::hash(&tag::key(&self.alias)));
            names.extend(document.other_names().into_iter().map(|name| table::hash(&tag::key(name))));
        }
        names.sort_unstable();
        names.dedup();
        self.names = names.into();
        // Only contacts are in groups; a note's `tags:` say what it is about, and count as mentions.
        if document.kind == Kind::Contact {
            self.tags = document.tags().into_iter().map(|value| (tag::key(value.text).into(), value.text.into())).collect();
        } else {
            self.mentions = document.tags().into_iter().flat_map(|value| mention_hashes(value.text)).collect();
        }
    }

    fn read_body(&mut self, document: &Document<'_>) {
        let body = document.body();
        let mut links: Vec<u32> = Vec::new();
        for link in &body.links {
            links.extend(link_hash(&self.path, link.wiki, &link.target));
        }
        links.sort_unstable();
        links.dedup();
        self.links = links.into();
        let mut mentions: Vec<u32> = body.mentions.iter().flat_map(|mention| mention_hashes(&mention.tag)).collect();
        mentions.extend_from_slice(&self.mentions);
        mentions.sort_unstable();
        mentions.dedup();
        self.mentions = mentions.into();
        self.asks = document.kind == Kind::Broadcast || !body.queries.is_empty();
        if document.kind == Kind::Contact {
            let mut reach: Vec<u32> = addresses(document).map(|address| table::hash(&address)).collect();
            reach.sort_unstable();
            reach.dedup();
            self.reach = reach.into();
        }
    }
}

/// The mail addresses and phone numbers of a contact, in the form in which two that mean the same are the same.
pub(super) fn addresses<'d>(document: &'d Document<'_>) -> impl Iterator<Item = String> + 'd {
    let mails = document.values_of("emails").into_iter().map(|value| mail_identity(value.text));
    let phones = document.values_of("phones").into_iter().filter_map(|value| phone_identity(value.text));
    mails.chain(phones)
}

/// Mail addresses compare without regard to case.
pub fn mail_identity(address: &str) -> String {
    fold::search_key(address.trim()).into_owned()
}

/// Phone numbers compare by their last nine digits, so that `+1 212 555 0147` and `(212) 555-0147` are one; short ones, that
/// may be anybody's extension, do not compare at all.
pub fn phone_identity(number: &str) -> Option<String> {
    let digits = fold::digits(number.split([';', 'x', '#']).next().unwrap_or(number));
    (digits.len() >= 7).then(|| digits[digits.len().saturating_sub(9)..].to_owned())
}

/// A tag is mentioned with everything above it: `#event/ces` mentions `event` too.
fn mention_hashes(tag: &str) -> Vec<u32> {
    let key = tag::key(tag);
    let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
    ends.map(|end| table::hash(&key[..end])).collect()
}

/// Under which hash a link is kept: a wiki link by the last part of its name, a Markdown link by the path it leads to.
pub(super) fn link_hash(from: &VaultPath, wiki: bool, target: &str) -> Option<u32> {
    if wiki {
        let last = target.rsplit('/').next().unwrap_or(target);
        return Some(table::hash(&tag::key(without_ending(last))));
    }
    from.join(&percent_decoded(target.split('#').next().unwrap_or(target))).map(|path| table::hash(&path))
}

/// A file name without `.md` or `.markdown`.
pub(super) fn without_ending(name: &str) -> &str {
    name.strip_suffix(".md").or_else(|| name.strip_suffix(".markdown")).unwrap_or(name)
}

/// `%20` and its kind, as Markdown links write blanks (RFC 3986 §2.1). What is no UTF-8 afterwards stays as it was.
pub fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                result.push(byte);
                at += 3;
            }
            (byte, _) => {
                result.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(result).unwrap_or_else(|_| text.to_owned())
}
