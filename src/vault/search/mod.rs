//! What `find` searches: every file's names, details and body, folded once; the texts of 64 files together, so that they are
//! looked through in one go, and small masks before names and bodies that tell in a glance who cannot match.

mod block;
mod names;
mod near;
mod needle;
mod order;
mod rank;
mod signature;

use std::sync::Arc;

use rayon::prelude::*;

use super::pieces::Pieces;
use super::{File, FileId};
use crate::contact::Kind;
use crate::contact::document::{self, Document};
use crate::contact::fields::{self, FieldKind};
use crate::contact::naming;
use crate::text::{fences, fold, pinyin};

use block::{Block, Set, Texts};
pub use names::{names, notes};
pub use near::near;
use order::Ordered;
pub use rank::{Found, Options, find};
use signature::{Signature, Wanted};

/// The search side of the index. Slots are file numbers.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Contacts in the order of their names.
    ordered: Ordered,
    /// Notes and broadcasts likewise.
    notes: Ordered,
    /// Which files of each block these are: they are few among many contacts, and asked for at each key.
    note_sets: Sets,
    /// Letters of the names, pinyin included: one bit each.
    masks: Pieces<u64, PIECE>,
    /// With which letters the sounds of Chinese names may begin; none where there is no such name.
    initials: Pieces<u32, PIECE>,
    /// Triples of bytes in the body.
    bodies: Pieces<Signature, 256>,
    /// Where, in the file, that begins which is searched as its body.
    begins: Pieces<u32, PIECE>,
    /// The folded texts, of 64 slots each.
    blocks: Blocks,
    /// Has every file been looked at once?
    ready: bool,
}

/// So many numbers are in a piece: 16 to 32 KB. Like every piece it holds whole blocks.
const PIECE: usize = 4096;

type Blocks = Pieces<Arc<Block>, 64>;
type Sets = Pieces<Set, PIECE>;

/// What one file contributes.
#[derive(Default)]
struct Slot {
    mask: u64,
    initials: u32,
    body: Signature,
    begin: u32,
    /// All texts, one behind the other: names, details, reading, accents.
    all: String,
    /// Where details, reading and accents begin.
    borders: [u32; 3],
}

/// A needle that is longer, in bytes, is looked for in the whole body, folded for it alone.
const REACH: usize = 16;
/// So many files are folded at once: enough for all cores, few enough to be no second copy of the vault.
pub(super) const BATCH: usize = 4096;

impl Search {
    /// Takes in the next files, so many of them or a few more. Says whether all are in.
    pub(super) fn grow(&mut self, files: &Pieces<Option<File>, 64>, count: usize) -> bool {
        if self.ready {
            return true;
        }
        let begun = self.len();
        // Whole blocks, until the last.
        let end = (begun + count.max(1)).next_multiple_of(block::SIZE).min(files.len());
        let slot = |file: &Option<File>| file.as_ref().map(Slot::of).unwrap_or_default();
        let make = |block: usize| {
            let first = block * block::SIZE;
            let files = files.within(first..(first + block::SIZE).min(end));
            let slots: Vec<Slot> = files.iter().map(slot).collect();
            let is_note = |file: &Option<File>| file.as_ref().and_then(Group::of) == Some(Group::Notes);
            (Block::new(slots.iter().map(Slot::texts)), set_of(files, is_note), slots)
        };
        let blocks = begun / block::SIZE..end.div_ceil(block::SIZE);
        let made: Vec<_> = blocks.into_par_iter().map(make).collect();
        for (block, notes, slots) in made {
            self.blocks.push(Arc::new(block));
            self.note_sets.push(notes);
            for slot in slots {
                self.masks.push(slot.mask);
                self.initials.push(slot.initials);
                self.bodies.push(slot.body);
                self.begins.push(slot.begin);
            }
        }
        let blocks = &self.blocks;
        for (group, ordered) in [(Group::Contacts, &mut self.ordered), (Group::Notes, &mut self.notes)] {
            let ids = (begun..end).filter(|&slot| files[slot].as_ref().and_then(Group::of) == Some(group));
            ordered.extend(ids.filter_map(|slot| FileId::try_from(slot).ok()), |id| names_in(blocks, id));
        }
        self.ready = end >= files.len();
        self.ready
    }

    fn len(&self) -> usize {
        self.masks.len()
    }

    fn texts(&self, slot: usize) -> Texts<'_> {
        self.blocks[slot / block::SIZE].texts(slot % block::SIZE)
    }

    /// A file's names, each ended by `\n`.
    fn names(&self, id: FileId) -> &str {
        names_in(&self.blocks, id)
    }

    /// What is searched as the body.
    fn body<'f>(&self, slot: usize, file: &'f File) -> &'f str {
        file.text().get(self.begins[slot] as usize..).unwrap_or_default()
    }

    /// In which files of a block may the names have all these letters?
    fn named(&self, block: usize, mask: u64) -> Set {
        set_of(self.masks.within(self.slots(block)), |&letters| letters & mask == mask)
    }

    /// In which files of a block may the body have what is wanted?
    fn bodied(&self, block: usize, wanted: &Wanted) -> Set {
        set_of(self.bodies.within(self.slots(block)), |body| body.may_hold(wanted))
    }

    fn slots(&self, block: usize) -> std::ops::Range<usize> {
        let begin = block * block::SIZE;
        begin..begin + self.blocks[block].len()
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn set(&mut self, id: FileId, file: &File) {
        // What has not been looked at yet is looked at in its turn.
        if self.ready || (id as usize) < self.len() {
            self.put(id, Slot::of(file), Group::of(file));
        }
    }

    pub(super) fn clear(&mut self, id: FileId) {
        if self.ready || (id as usize) < self.len() {
            self.put(id, Slot::default(), None);
        }
    }

    fn put(&mut self, id: FileId, new: Slot, group: Option<Group>) {
        let slot = id as usize;
        if slot >= self.len() {
            self.masks.grow(slot + 1, &0);
            self.initials.grow(slot + 1, &0);
            self.bodies.grow(slot + 1, &Signature::default());
            self.begins.grow(slot + 1, &0);
            self.blocks.grow(slot / block::SIZE + 1, &Arc::default());
            self.note_sets.grow(slot / block::SIZE + 1, &0);
        }
        // Who types in a text seldom alters a name.
        let old = self.blocks[slot / block::SIZE].texts(slot % block::SIZE).names();
        let is_renamed = old != new.texts().names();
        for (own, ordered) in [(Group::Contacts, &mut self.ordered), (Group::Notes, &mut self.notes)] {
            if is_renamed || group != Some(own) {
                ordered.remove(id, |id| names_in(&self.blocks, id));
            }
        }
        let bit = 1 << (slot % block::SIZE);
        let notes = &mut self.note_sets[slot / block::SIZE];
        *notes = if group == Some(Group::Notes) { *notes | bit } else { *notes & !bit };
        self.masks[slot] = new.mask;
        self.initials[slot] = new.initials;
        self.bodies[slot] = new.body;
        self.begins[slot] = new.begin;
        let block = &mut self.blocks[slot / block::SIZE];
        *block = Arc::new(block.with(slot % block::SIZE, new.texts()));
        match group {
            Some(Group::Contacts) => self.ordered.insert(id, |id| names_in(&self.blocks, id)),
            Some(Group::Notes) => self.notes.insert(id, |id| names_in(&self.blocks, id)),
            None => {}
        }
    }
}

/// Files that are looked up together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Contacts,
    /// And broadcasts.
    Notes,
}

impl Group {
    fn of(file: &File) -> Option<Self> {
        match file.kind() {
            Kind::Contact => Some(Self::Contacts),
            Kind::Note | Kind::Broadcast => Some(Self::Notes),
            Kind::Config => None,
        }
    }
}

fn names_in(blocks: &Blocks, id: FileId) -> &str {
    blocks[id as usize / block::SIZE].texts(id as usize % block::SIZE).names()
}

fn set_of<T>(all: &[T], has: impl Fn(&T) -> bool) -> Set {
    all.iter().enumerate().fold(0, |set, (place, one)| set | Set::from(has(one)) << place)
}

impl Slot {
    fn of(file: &File) -> Self {
        let document = file.document();
        let contact = file.kind() == Kind::Contact;
        let mut all = String::new();
        let mut borders = [0; 3];
        piece(&mut all, &fold::search_key(file.alias()));
        if contact {
            document.other_names().into_iter().for_each(|name| piece(&mut all, &fold::search_key(name)));
        } else if let Some(title) = naming::note_title(&document) {
            piece(&mut all, &fold::search_key(&title));
        }
        borders[0] = offset(&all);
        if contact {
            details(&document, &mut all);
        }
        borders[1] = offset(&all);
        all.push_str(&document.text_of("phonetic").map(fold::search_key).unwrap_or_default());
        borders[2] = offset(&all);
        // Of a contact what stands below its front matter, of anything else all of it.
        let begin = if contact { fences::find(file.text()).body.start() } else { 0 };
        let written = &file.text()[begin..];
        let body = Signature::of(&fold::search_key(written));
        if !written.is_ascii() {
            all.push_str(&fold::around_accents(written, REACH));
        }
        let mut slot = Self { body, begin: offset(&file.text()[..begin]), all, borders, ..Self::default() };
        let texts = slot.texts();
        let mut mask = pinyin::letter_mask(texts.names());
        let mut initials = 0;
        for name in texts.names().lines().filter(|name| pinyin::has_han(name)) {
            let spelling = pinyin::Spelling::of_folded(name, texts.phonetic());
            mask |= spelling.mask();
            initials |= spelling.initials();
        }
        (slot.mask, slot.initials) = (mask, initials);
        slot
    }

    fn texts(&self) -> Texts<'_> {
        Texts { all: &self.all, borders: self.borders }
    }
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
