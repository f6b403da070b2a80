//! Who is meant by a line of a list: whom its link leads to, else whose handle it shows.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::item::{self, BETWEEN, Boxed, Item};
use crate::contact::fields::{self, FieldKind};
use crate::features::formats::one_line;
use crate::features::recipients::{Reason, Recipients};
use crate::vault::{FileId, Resolution, Vault};

/// Between the names of several people.
const JOINED: &[&str] = &[",", "，", "、", "&", "＆", "+", "/", ";", "；", "and ", "und ", "et ", "y ", "和"];

/// Somebody in a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// This file.
    File(FileId),
    /// A name that leads to nobody.
    Name(String),
    /// A name that fits several, one of whom gets the message.
    Doubt(Vec<FileId>),
}

/// Everybody who may be in a list.
pub struct People<'a> {
    vault: &'a Vault,
    result: &'a Recipients,
    /// Where each recipient stands in the order of the list.
    order: HashMap<FileId, usize>,
    /// Whose message goes to whom: two files with one address.
    same: HashMap<FileId, FileId>,
    by_handle: OnceCell<HashMap<String, Option<FileId>>>,
}

impl<'a> People<'a> {
    /// The people of one broadcast.
    pub fn new(vault: &'a Vault, result: &'a Recipients) -> Self {
        let order = result.chosen.iter().enumerate().map(|(number, one)| (one.file, number)).collect();
        let same = result.left_out.iter().filter_map(|(file, reason)| match reason {
            Reason::SameAddress(first) => Some((*file, *first)),
            _ => None,
        });
        Self { vault, result, order, same: same.collect(), by_handle: OnceCell::new() }
    }

    /// Where a recipient stands in the order of the list; `None` for everybody else.
    pub fn place(&self, who: &Who) -> Option<usize> {
        match who {
            Who::File(file) => self.order.get(file).copied(),
            _ => None,
        }
    }

    /// Does the line of the recipient at this place show a handle?
    pub fn has_handle(&self, place: usize) -> bool {
        self.result.chosen[place].address.is_some()
    }

    /// Whom a line means.
    pub fn of(&self, item: &Item<'_>) -> Who {
        match self.vault.resolve(item.target()) {
            // What was sent to an address was sent to whoever has it.
            Resolution::One(file) if item.is_ticked() => Who::File(self.same.get(&file).copied().unwrap_or(file)),
            Resolution::One(file) => Who::File(file),
            Resolution::Several(several) => {
                let shown = item.handles();
                let has = |file: FileId| handles(self.vault, file).iter().any(|handle| shown.contains(&handle.as_str()));
                let fitting: Vec<FileId> = several.iter().copied().filter(|&file| has(file)).collect();
                match fitting.as_slice() {
                    [one] => Who::File(*one),
                    _ if several.iter().any(|file| self.order.contains_key(file)) => Who::Doubt(several),
                    _ => Who::Name(item.target().to_owned()),
                }
            }
            Resolution::Nobody => self.by_handle(item).map_or_else(|| Who::Name(item.target().to_owned()), Who::File),
        }
    }

    /// The recipient whom a line names right after its box, where the name is no link.
    pub fn unlinked<'t>(&self, boxed: Boxed<'t>) -> Option<(Who, Item<'t>)> {
        let text = boxed.rest.trim_start();
        let words = boxed.rest.len() - text.len();
        let first = self.mentions(text).into_iter().filter(|mention| mention.at == 0).collect::<Vec<_>>();
        if let [Mention { file, length, .. }] = first.as_slice() {
            return Some((Who::File(*file), Item::unlinked(boxed, words, *length)));
        }
        let ends = [BETWEEN, " — "].iter().filter_map(|end| text.find(end)).min();
        let name = text[..ends.unwrap_or(text.len())].trim_end();
        match self.vault.resolve(name) {
            Resolution::One(file) if self.order.contains_key(&file) => {
                Some((Who::File(file), Item::unlinked(boxed, words, name.len())))
            }
            // `- [x] · wxid_ann`, `- [x] wxid_ann`.
            _ => {
                let shown = text.trim_start_matches(BETWEEN.trim()).trim_start();
                let (file, length) = self.with_handle(&item::handles_at(shown))?;
                Some((Who::File(file), Item::unlinked(boxed, words, text.len() - shown.len() + length)))
            }
        }
    }

    /// The recipients whom links in a text lead to.
    pub fn linked(&self, text: &str) -> Vec<FileId> {
        let target = |target: &str| match self.vault.resolve(target) {
            Resolution::One(file) => Some(self.same.get(&file).copied().unwrap_or(file)),
            _ => None,
        };
        item::targets(text).into_iter().filter_map(target).filter(|file| self.order.contains_key(file)).collect()
    }

    /// The recipients who are named right after somebody, as one of several: `, Bo`, ` and Bo`, ` & Bo`.
    pub fn joined(&self, mut text: &str) -> Vec<FileId> {
        let mut found = Vec::new();
        while let Some(rest) = JOINED.iter().find_map(|sign| text.trim_start().strip_prefix(sign)) {
            let name = rest.trim_start();
            let Some(mention) = self.mentions(name).into_iter().find(|mention| mention.at == 0) else { break };
            found.push(mention.file);
            text = &name[mention.length..];
        }
        found
    }

    /// Is a contact, who need not be a recipient, named at the start of a text?
    pub fn names_somebody(&self, text: &str) -> bool {
        let ends = [BETWEEN, " — ", ",", ";", ":"].iter().filter_map(|end| text.find(end)).chain([text.len()]);
        ends.into_iter().any(|end| !matches!(self.vault.resolve(text[..end].trim()), Resolution::Nobody))
    }

    /// The recipients whose alias stands anywhere in a text.
    pub fn named(&self, text: &str) -> Vec<FileId> {
        self.mentions(text).into_iter().map(|mention| mention.file).collect()
    }

    /// Where recipients are named by their alias. `Bo Chen` names nobody who is called Bo, and neither does `Bonnie`.
    fn mentions(&self, text: &str) -> Vec<Mention> {
        let mut found = Vec::new();
        for one in &self.result.chosen {
            let alias = self.vault.file(one.file).alias();
            let occurrences = if alias.is_empty() { None } else { Some(text.match_indices(alias)) };
            for (at, _) in occurrences.into_iter().flatten().filter(|(at, _)| is_whole_name(text, *at, alias.len())) {
                found.push(Mention { at, length: alias.len(), file: one.file });
            }
        }
        let all = found.clone();
        let is_inside = |one: &Mention, other: &Mention| {
            other.length > one.length && other.at <= one.at && one.at + one.length <= other.at + other.length
        };
        found.retain(|one| !all.iter().any(|other| is_inside(one, other)));
        found
    }

    /// The recipient whose handle a line shows.
    fn by_handle(&self, item: &Item<'_>) -> Option<FileId> {
        self.with_handle(&item.handles()).map(|(file, _)| file)
    }

    /// The recipient who has the first of these handles that anybody has, and its length in bytes.
    fn with_handle(&self, shown: &[&str]) -> Option<(FileId, usize)> {
        let known = self.by_handle.get_or_init(|| {
            let mut known: HashMap<String, Option<FileId>> = HashMap::new();
            for one in &self.result.chosen {
                for handle in handles(self.vault, one.file) {
                    let owner = known.entry(handle.to_lowercase()).or_insert(Some(one.file));
                    // A handle of two people is nobody's.
                    *owner = owner.filter(|owner| *owner == one.file);
                }
            }
            known
        });
        shown.iter().find_map(|handle| Some((known.get(&handle.to_lowercase()).copied().flatten()?, handle.len())))
    }
}

/// Somebody's alias in a text.
#[derive(Clone)]
struct Mention {
    at: usize,
    length: usize,
    file: FileId,
}

/// Does no word go on before or after this place? Only scripts with capital letters are sure to part their words.
fn is_whole_name(text: &str, at: usize, length: usize) -> bool {
    let is_cased = |c: Option<char>| c.is_some_and(|c| c.is_lowercase() || c.is_uppercase() || c.is_ascii_digit());
    let (name, rest) = text[at..].split_at(length);
    let is_begun = is_cased(text[..at].chars().next_back()) && is_cased(name.chars().next());
    let goes_on = is_cased(rest.chars().next()) && is_cased(name.chars().next_back());
    !is_begun && !goes_on
}

/// Everything that leads to somebody by some channel, as a line shows it: known channels, and keys of the person's own.
pub fn handles(vault: &Vault, file: FileId) -> Vec<String> {
    let document = vault.file(file).document();
    let is_channel = |key: &str| match fields::find(key) {
        Some(field) => matches!(field.kind, FieldKind::Handle | FieldKind::Labelled),
        None => true,
    };
    let entries = document.head.entries.iter().filter(|entry| is_channel(&entry.key));
    entries.flat_map(|entry| crate::contact::document::values(&entry.value)).map(|value| one_line(value.text)).collect()
}
