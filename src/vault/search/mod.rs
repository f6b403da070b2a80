//! What `find` searches: every file's names, details and body, folded once, each behind a small mask that tells in a glance
//! who cannot match. A key's press looks at a hundred thousand masks, and at the text of a few files.

mod rank;

use rayon::prelude::*;

use super::{File, FileId, Vault};
use crate::contact::Kind;
use crate::contact::document::{self, Document};
use crate::contact::fields::{self, FieldKind};
use crate::text::{fold, pinyin};

pub use rank::{Found, Options, find};

/// The search side of the index. Slots are file numbers.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Letters of the names, pinyin included: one bit each.
    masks: Vec<u64>,
    /// Pairs of letters in names and details, 256 bits.
    details: Vec<Signature>,
    /// Pairs of letters in the body, 256 bits.
    bodies: Vec<Signature>,
    /// The folded text.
    texts: Vec<Texts>,
}

/// A file's folded texts, `\n` between the pieces of names and details.
#[derive(Clone, Debug, Default)]
struct Texts {
    names: Box<str>,
    details: Box<str>,
    body: Box<str>,
    phonetic: Option<Box<str>>,
    has_han: bool,
}

/// Which pairs of neighbouring bytes a text has: a text without one of the needle's pairs cannot hold the needle.
#[derive(Clone, Copy, Debug, Default)]
struct Signature([u64; 4]);

impl Signature {
    fn of(text: &str) -> Self {
        let mut signature = Self::default();
        for pair in text.as_bytes().windows(2) {
            signature.set(pair[0], pair[1]);
        }
        // Single bytes too, for needles of one letter.
        for &byte in text.as_bytes() {
            signature.set(0, byte);
        }
        signature
    }

    fn set(&mut self, first: u8, second: u8) {
        let hash = (u32::from(first) << 8 | u32::from(second)).wrapping_mul(0x9e37_79b1) >> 24;
        self.0[(hash >> 6) as usize] |= 1 << (hash & 63);
    }

    /// The pairs inside a needle.
    fn of_needle(needle: &str) -> Self {
        let mut signature = Self::default();
        match needle.as_bytes() {
            [single] => signature.set(0, *single),
            bytes => bytes.windows(2).for_each(|pair| signature.set(pair[0], pair[1])),
        }
        signature
    }

    fn may_hold(&self, needle: &Signature) -> bool {
        self.0.iter().zip(&needle.0).all(|(own, wanted)| own & wanted == *wanted)
    }
}

impl Search {
    pub(super) fn build(vault: &Vault) -> Self {
        let slots = vault.files.len();
        let texts: Vec<(u64, Signature, Signature, Texts)> =
            vault.files.par_iter().map(|file| file.as_ref().map(entry).unwrap_or_default()).collect();
        let mut search = Self {
            masks: Vec::with_capacity(slots),
            details: Vec::with_capacity(slots),
            bodies: Vec::with_capacity(slots),
            texts: Vec::with_capacity(slots),
        };
        for (mask, details, body, texts) in texts {
            search.masks.push(mask);
            search.details.push(details);
            search.bodies.push(body);
            search.texts.push(texts);
        }
        search
    }

    pub(super) fn set(&mut self, id: FileId, file: &File) {
        self.put(id, entry(file));
    }

    pub(super) fn clear(&mut self, id: FileId) {
        self.put(id, Default::default());
    }

    fn put(&mut self, id: FileId, (mask, details, body, texts): (u64, Signature, Signature, Texts)) {
        let slot = id as usize;
        if slot >= self.texts.len() {
            self.masks.resize(slot + 1, 0);
            self.details.resize(slot + 1, Signature::default());
            self.bodies.resize(slot + 1, Signature::default());
            self.texts.resize(slot + 1, Texts::default());
        }
        self.masks[slot] = mask;
        self.details[slot] = details;
        self.bodies[slot] = body;
        self.texts[slot] = texts;
    }
}

fn entry(file: &File) -> (u64, Signature, Signature, Texts) {
    let document = file.document();
    let texts = if file.kind() == Kind::Contact { contact_texts(file, &document) } else { note_texts(file, &document) };
    let mut mask = pinyin::letter_mask(&texts.names);
    if texts.has_han {
        for name in texts.names.split('\n').filter(|name| pinyin::has_han(name)) {
            mask |= pinyin::Spelling::new(name, texts.phonetic.as_deref()).mask();
        }
    }
    let mut details = Signature::of(&texts.names);
    let own = Signature::of(&texts.details);
    details.0.iter_mut().zip(own.0).for_each(|(all, own)| *all |= own);
    (mask, details, Signature::of(&texts.body), texts)
}

fn contact_texts(file: &File, document: &Document<'_>) -> Texts {
    let mut names = fold::search_key(file.alias()).into_owned();
    for name in document.other_names() {
        names.push('\n');
        names.push_str(&fold::search_key(name));
    }
    let phonetic = document.text_of("phonetic").map(|text| fold::search_key(text).into());
    let mut details = String::new();
    for entry in &document.head.entries {
        let kind = fields::find(&entry.key).map(|field| field.kind);
        if matches!(entry.key.as_ref(), "alias" | "name" | "username" | "aliases" | "phonetic" | "card")
            || kind == Some(FieldKind::Date)
        {
            continue;
        }
        for value in document::values(&entry.value) {
            details.push('\n');
            details.push_str(&fold::search_key(value.text));
            if matches!(entry.key.as_ref(), "phones" | "whatsapp" | "signal") {
                details.push('\n');
                details.push_str(&fold::digits(value.text));
            }
        }
    }
    let has_han = pinyin::has_han(&names);
    Texts { names: names.into(), details: details.into(), body: fold::search_key(document.body_text()).into(), phonetic, has_han }
}

fn note_texts(file: &File, document: &Document<'_>) -> Texts {
    let names: Box<str> = fold::search_key(file.path().stem()).into();
    let has_han = pinyin::has_han(&names);
    Texts { names, details: Box::default(), body: fold::search_key(document.text).into(), phonetic: None, has_han }
}
