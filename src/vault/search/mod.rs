//! What `find` searches: every file's names, details and body, folded once, each behind a small mask that tells in a glance
//! who cannot match. A key's press looks at a hundred thousand masks, and at the text of a few files.

mod names;
mod near;
mod order;
mod rank;
mod signature;

use rayon::prelude::*;

use super::{File, FileId};
use crate::contact::Kind;
use crate::contact::document::{self, Document};
use crate::contact::fields::{self, FieldKind};
use crate::text::{fences, fold, pinyin};

pub use names::names;
pub use near::near;
use order::Ordered;
pub use rank::{Found, Options, find};
use signature::Signature;

/// The search side of the index. Slots are file numbers.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Contacts in the order of their names.
    ordered: Ordered,
    /// Letters of the names, pinyin included: one bit each.
    masks: Vec<u64>,
    /// With which letters the sounds of Chinese names may begin; none where there is no such name.
    initials: Vec<u32>,
    /// Triples of bytes in names and details.
    details: Vec<Signature<4>>,
    /// Triples of bytes in the body.
    bodies: Vec<Signature<8>>,
    /// The folded text.
    texts: Vec<Texts>,
    /// Has every file been looked at once?
    ready: bool,
}

/// A file's folded texts, one behind the other in one allocation.
#[derive(Clone, Debug, Default)]
struct Texts {
    /// Names, then details, each piece ended by `\n`; then, ended so too, how a Chinese name is read, where the file says; then
    /// what is around the accents of the body: all else is searched as it stands in the file, without a copy.
    all: Box<str>,
    /// Where the details and the reading begin.
    borders: [u32; 2],
}

impl Texts {
    fn names(&self) -> &str {
        &self.all[..self.borders[0] as usize]
    }

    fn details(&self) -> &str {
        &self.all[self.borders[0] as usize..self.borders[1] as usize]
    }

    fn phonetic(&self) -> Option<&str> {
        self.behind_details().0
    }

    fn accents(&self) -> &str {
        self.behind_details().1
    }

    fn behind_details(&self) -> (Option<&str>, &str) {
        let behind = &self.all[self.borders[1] as usize..];
        let (phonetic, accents) = behind.split_once('\n').unwrap_or_default();
        (Some(phonetic).filter(|text| !text.is_empty()), accents)
    }
}

/// What one file contributes.
#[derive(Default)]
struct Slot {
    mask: u64,
    initials: u32,
    details: Signature<4>,
    body: Signature<8>,
    texts: Texts,
}

/// A needle that is longer, in bytes, is looked for in the whole body, folded for it alone.
const REACH: usize = 16;
/// So many files are folded at once: enough for all cores, few enough to be no second copy of the vault.
pub(super) const BATCH: usize = 4096;

impl Search {
    /// Takes in the next files, so many of them. Says whether all are in.
    pub(super) fn grow(&mut self, files: &[Option<File>], count: usize) -> bool {
        let begun = self.texts.len().min(files.len());
        let batch = &files[begun..(begun + count).min(files.len())];
        if begun == 0 {
            self.masks.reserve(files.len());
            self.initials.reserve(files.len());
            self.details.reserve(files.len());
            self.bodies.reserve(files.len());
            self.texts.reserve(files.len());
        }
        let made: Vec<Slot> = batch.par_iter().map(|file| file.as_ref().map(Slot::of).unwrap_or_default()).collect();
        for slot in made {
            self.masks.push(slot.mask);
            self.initials.push(slot.initials);
            self.details.push(slot.details);
            self.bodies.push(slot.body);
            self.texts.push(slot.texts);
        }
        let ids = (begun..).zip(batch).filter(|(_, file)| file.as_ref().is_some_and(|file| file.kind() == Kind::Contact));
        self.ordered.extend(ids.filter_map(|(slot, _)| FileId::try_from(slot).ok()), |id| self.texts[id as usize].names());
        self.ready = self.ready || self.texts.len() >= files.len();
        self.ready
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn set(&mut self, id: FileId, file: &File) {
        // What has not been looked at yet is looked at in its turn.
        if self.ready || (id as usize) < self.texts.len() {
            self.put(id, Slot::of(file), file.kind() == Kind::Contact);
        }
    }

    pub(super) fn clear(&mut self, id: FileId) {
        if self.ready || (id as usize) < self.texts.len() {
            self.put(id, Slot::default(), false);
        }
    }

    fn put(&mut self, id: FileId, new: Slot, is_contact: bool) {
        let slot = id as usize;
        if slot >= self.texts.len() {
            self.masks.resize(slot + 1, 0);
            self.initials.resize(slot + 1, 0);
            self.details.resize(slot + 1, Signature::default());
            self.bodies.resize(slot + 1, Signature::default());
            self.texts.resize(slot + 1, Texts::default());
        }
        // Who types in a text seldom alters a name.
        if !is_contact || self.texts[slot].names() != new.texts.names() {
            self.ordered.remove(id, |id| self.texts[id as usize].names());
        }
        self.masks[slot] = new.mask;
        self.initials[slot] = new.initials;
        self.details[slot] = new.details;
        self.bodies[slot] = new.body;
        self.texts[slot] = new.texts;
        if is_contact {
            self.ordered.insert(id, |id| self.texts[id as usize].names());
        }
    }
}

impl Slot {
    fn of(file: &File) -> Self {
        let document = file.document();
        let contact = file.kind() == Kind::Contact;
        let mut all = String::new();
        let mut borders = [0; 2];
        piece(&mut all, &fold::search_key(file.alias()));
        if contact {
            document.other_names().into_iter().for_each(|name| piece(&mut all, &fold::search_key(name)));
        }
        borders[0] = offset(&all);
        if contact {
            details(&document, &mut all);
        }
        let signature = Signature::of(&all);
        borders[1] = offset(&all);
        piece(&mut all, &document.text_of("phonetic").map(fold::search_key).unwrap_or_default());
        let written = searched_body(file);
        let body = fold::search_key(written);
        if !written.is_ascii() {
            all.push_str(&fold::around_accents(written, REACH));
        }
        // A copy of just this length: shortened in place, each would leave a gap behind it.
        let texts = Texts { all: Box::from(all.as_str()), borders };
        let mut mask = pinyin::letter_mask(texts.names());
        let mut initials = 0;
        for name in texts.names().lines().filter(|name| pinyin::has_han(name)) {
            let spelling = pinyin::Spelling::of_folded(name, texts.phonetic());
            mask |= spelling.mask();
            initials |= spelling.initials();
        }
        Self { mask, initials, details: signature, body: Signature::of(&body), texts }
    }
}

/// What is searched as the body: of a contact what stands below its front matter, of anything else all of it.
fn searched_body(file: &File) -> &str {
    if file.kind() == Kind::Contact { fences::find(file.text()).body.of(file.text()) } else { file.text() }
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn piece(pieces: &mut String, text: &str) {
    pieces.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
    pieces.push('\n');
}

fn details(document: &Document<'_>, pieces: &mut String) {
    for entry in &document.head.entries {
        let kind = fields::find(&entry.key).map(|field| field.kind);
        let named = matches!(entry.key.as_ref(), "alias" | "name" | "username" | "aliases" | "phonetic");
        if named || matches!(kind, Some(FieldKind::Date | FieldKind::Card)) {
            continue;
        }
        for value in document::values(&entry.value) {
            piece(pieces, &fold::search_key(value.text));
            if matches!(entry.key.as_ref(), "phones" | "whatsapp" | "signal") {
                piece(pieces, &fold::digits(value.text));
            }
        }
    }
}
