//! Who is named in a list: by a link, an alias or another name, a handle.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::item::{self, Item};
use super::linked::{self, Leads, Linked};
use crate::contact::fields::{self, FieldKind};
use crate::contact::{Kind, document};
use crate::features::Here;
use crate::features::formats::one_line;
use crate::features::recipients::{Reason, Recipient, Recipients};
use crate::text::markdown::Link;
use crate::vault::{FileId, Resolution, Vault};

/// Somebody in a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// This file.
    File(FileId),
    /// A name that no file has.
    Nobody(String),
    /// A name of several, none of whom gets the message.
    Others(String),
    /// A name that fits several, one of whom gets the message; or the name of one beside the handle of another.
    Doubt(Vec<FileId>),
}

/// Everybody who may be in a list.
pub struct People<'a, 't> {
    here: &'a Here<'t>,
    result: &'a Recipients,
    /// The Markdown links of the broadcast.
    by_path: Vec<Link>,
    /// Where each recipient stands in the order of the list.
    order: HashMap<FileId, usize>,
    /// Whose message goes to whom: two files with one address.
    same: HashMap<FileId, FileId>,
    /// The names of recipients.
    names: OnceCell<Vec<(String, FileId)>>,
    by_handle: OnceCell<HashMap<String, Option<FileId>>>,
    /// The handles that the list shows.
    addresses: OnceCell<HashSet<String>>,
}

impl<'a, 't> People<'a, 't> {
    /// The people of one broadcast.
    pub fn new(here: &'a Here<'t>, result: &'a Recipients) -> Self {
        let order = result.chosen.iter().enumerate().map(|(number, one)| (one.file, number)).collect();
        let same = result.left_out.iter().filter_map(|(file, reason)| match reason {
            Reason::SameAddress(first) => Some((*file, *first)),
            _ => None,
        });
        let by_path = linked::by_path(here);
        Self {
            here,
            result,
            by_path,
            order,
            same: same.collect(),
            names: OnceCell::new(),
            by_handle: OnceCell::new(),
            addresses: OnceCell::new(),
        }
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

    /// Gets this person the message?
    pub fn is_recipient(&self, file: FileId) -> bool {
        self.order.contains_key(&file)
    }

    /// The links in a part of the file's text.
    pub fn links(&self, text: &'t str) -> Vec<Linked<'t>> {
        linked::links(self.here, &self.by_path, text)
    }

    /// Whom a link means, beside which these handles may stand, the longest first; nobody and nothing where it leads to no person.
    pub fn of(&self, leads: &Leads, name: &str, shown: &[&str], is_ticked: bool) -> Option<Who> {
        match leads {
            Leads::Elsewhere => None,
            Leads::Address(address) => {
                Some(self.with_handle(&[address]).map_or_else(|| Who::Nobody(name.to_owned()), |(file, _)| Who::File(file)))
            }
            Leads::To(found) => Some(self.resolved(found, name, shown, is_ticked)),
        }
    }

    /// Does the link of this line lead to this file?
    pub fn leads_to(&self, item: &Item<'t>, file: FileId) -> bool {
        let links = self.links(item.name);
        links.first().is_some_and(|link| link.at == (0..item.name.len()) && link.leads == Leads::To(Resolution::One(file)))
    }

    /// Whom a name without brackets means: a contact's.
    pub fn named(&self, name: &str, shown: &[&str], is_ticked: bool) -> Option<Who> {
        let found = self.here.vault.resolve(name);
        let is_contact = match &found {
            Resolution::One(file) => self.here.vault.file(*file).kind() == Kind::Contact,
            Resolution::Several(_) => true,
            Resolution::Nobody => false,
        };
        is_contact.then(|| self.resolved(&found, name, shown, is_ticked))
    }

    fn resolved(&self, found: &Resolution, name: &str, shown: &[&str], is_ticked: bool) -> Who {
        let has = |file: FileId| handles(self.here.vault, file).iter().any(|handle| shown.contains(&handle.as_str()));
        match found {
            // The name may be somebody else's by now, where the handle is another's.
            Resolution::One(file) if is_ticked => match self.with_handle(&self.like_handles(shown)) {
                Some((other, _)) if other != self.reached(*file) && !has(*file) => self.doubt(&[*file, other], name),
                // What was sent to an address was sent to whoever has it.
                _ => Who::File(self.reached(*file)),
            },
            Resolution::One(file) => Who::File(*file),
            Resolution::Several(several) => {
                let fitting: Vec<FileId> = several.iter().copied().filter(|&file| has(file)).collect();
                match fitting.as_slice() {
                    [one] => Who::File(*one),
                    _ => self.doubt(several, name),
                }
            }
            Resolution::Nobody => {
                self.with_handle(shown).map_or_else(|| Who::Nobody(name.to_owned()), |(file, _)| Who::File(file))
            }
        }
    }

    fn doubt(&self, several: &[FileId], name: &str) -> Who {
        let reached = several.iter().any(|&file| self.is_recipient(self.reached(file)));
        if reached { Who::Doubt(several.to_vec()) } else { Who::Others(name.to_owned()) }
    }

    /// Who has the message of this file.
    pub fn reached(&self, file: FileId) -> FileId {
        self.same.get(&file).copied().unwrap_or(file)
    }

    /// Where recipients are named by one of their names, or by a handle that is a word. `Bo Chen` names nobody who is called Bo, and
    /// neither does `Bonnie`.
    pub fn mentions(&self, text: &str) -> Vec<(FileId, Range<usize>)> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (name, file) in self.names() {
            let occurrences = text.match_indices(name).filter(|(at, _)| is_whole_name(text, *at, name.len()));
            found.extend(occurrences.map(|(at, _)| (*file, at..at + name.len())));
        }
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '[' | ']')) {
            let word = word.trim_end_matches([':', '.', '!', '?']);
            let at = word.as_ptr().addr() - text.as_ptr().addr();
            let owner = self.with_handle(&self.like_handles(&[word])).map(|(file, _)| file);
            found.extend(owner.filter(|&file| self.is_recipient(file)).map(|file| (file, at..at + word.len())));
        }
        let all = found.clone();
        let is_inside = |one: &Range<usize>, other: &Range<usize>| {
            other.len() > one.len() && other.start <= one.start && one.end <= other.end
        };
        found.retain(|(_, one)| !all.iter().any(|(_, other)| is_inside(one, other)));
        found
    }

    /// The contact who has the first of these handles that anybody has, and its length in bytes.
    pub fn with_handle(&self, shown: &[&str]) -> Option<(FileId, usize)> {
        shown.iter().find_map(|handle| Some((self.by_handle().get(&handle.to_lowercase()).copied().flatten()?, handle.len())))
    }

    /// Those that are handles and not just words: a person's own key may have any word for a value.
    fn like_handles<'s>(&self, shown: &[&'s str]) -> Vec<&'s str> {
        let is_address = |handle: &str| self.addresses().contains(&handle.to_lowercase());
        shown.iter().copied().filter(|handle| item::looks_like_handle(handle) || is_address(handle)).collect()
    }

    fn addresses(&self) -> &HashSet<String> {
        let address = |one: &Recipient| one.address.as_deref().map(|address| one_line(address).to_lowercase());
        self.addresses.get_or_init(|| self.result.chosen.iter().filter_map(address).collect())
    }

    /// How much of a text is one of this person's handles.
    pub fn handle_of(&self, who: &Who, text: &str) -> usize {
        let Who::File(file) = who else { return 0 };
        let ends = |handle: &String| text.strip_prefix(handle).is_some_and(|more| !more.starts_with(char::is_alphanumeric));
        handles(self.here.vault, *file).iter().filter(|handle| ends(handle)).map(String::len).max().unwrap_or(0)
    }

    /// Some of these files by their paths.
    pub fn paths(&self, several: &[FileId]) -> String {
        let paths: Vec<&str> = several.iter().take(3).map(|&file| self.here.vault.file(file).path().as_str()).collect();
        paths.join(", ")
    }

    fn names(&self) -> &[(String, FileId)] {
        self.names.get_or_init(|| {
            let names = self.result.chosen.iter().flat_map(|one| {
                let file = self.here.vault.file(one.file);
                let others = file.document().other_names().iter().map(|name| name.to_string()).collect::<Vec<_>>();
                others.into_iter().chain([file.alias().to_owned()]).map(|name| (name, one.file))
            });
            names.filter(|(name, _)| !name.trim().is_empty()).collect()
        })
    }

    fn by_handle(&self) -> &HashMap<String, Option<FileId>> {
        self.by_handle.get_or_init(|| {
            let mut known: HashMap<String, Option<FileId>> = HashMap::new();
            for one in &self.result.chosen {
                for handle in handles(self.here.vault, one.file).into_iter().filter(|handle| !handle.is_empty()) {
                    let owner = known.entry(handle.to_lowercase()).or_insert(Some(one.file));
                    // A handle of two people is nobody's.
                    *owner = owner.filter(|owner| *owner == one.file);
                }
            }
            for file in self.here.vault.contacts().iter().filter(|file| !self.is_recipient(*file)) {
                for handle in handles(self.here.vault, file).into_iter().filter(|handle| !handle.is_empty()) {
                    known.entry(handle.to_lowercase()).or_insert(Some(self.reached(file)));
                }
            }
            known
        })
    }
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
    entries.flat_map(|entry| document::values(&entry.value)).map(|value| one_line(value.text)).collect()
}
