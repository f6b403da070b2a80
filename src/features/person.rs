//! Identity of a person as far as broadcasts need it: names, addresses, and whether two files are of one person.

use crate::contact::Document;
use crate::contact::links::links_in;
use crate::contact::reach::{self, Address, Medium};
use crate::contact::tag;
use crate::text::markdown::Link;
use crate::text::{Edit, edit, fold, pinyin};
use crate::vault::{Resolution, Vault, VaultPath};

/// What one file tells of who somebody is.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// `alias` and `name`, folded; the alias first.
    called: Vec<String>,
    /// These and `aliases`, as they are written.
    names: Vec<String>,
    addresses: Vec<Address>,
    uid: Option<String>,
    /// Who is somebody else: the paths of the files that `distinct` leads to, and the keys of its links that lead to no file.
    distinct: Vec<String>,
    /// Where the file is, and the keys of its names where it is no file of the vault.
    link_keys: Vec<String>,
}

impl Person {
    /// Reads a file. `via` is the channel, which may be a key of the person's own.
    pub(super) fn new(vault: &Vault, document: &Document<'_>, path: &VaultPath, via: Option<&str>) -> Self {
        let mut names: Vec<String> = document.alias().into_iter().chain(document.called()).map(str::to_owned).collect();
        if names.is_empty() {
            names.push(path.stem().to_owned());
        }
        let called = names.iter().map(|name| reach::name_key(name)).collect();
        names.extend(document.values_of("aliases").into_iter().map(|value| value.text.to_owned()));
        let distinct = distinct(vault, document, path);
        let mut link_keys = vec![path.to_string()];
        if vault.id(path).is_none() {
            link_keys.extend(names.iter().map(|name| tag::key(name).into_owned()));
            link_keys.push(tag::key(path.stem()).into_owned());
        }
        Self {
            called,
            names,
            addresses: reach::addresses(document, via),
            uid: document.text_of("uid").map(str::to_owned),
            distinct,
            link_keys,
        }
    }

    /// What they go by.
    pub(super) fn alias(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// Their addresses.
    pub(super) fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Two persons who share something have a key in common.
    pub(super) fn keys(&self) -> Vec<String> {
        let uid = self.uid.iter().map(|uid| reach::uid_key(uid));
        self.addresses.iter().map(|address| address.key().into_owned()).chain(self.called.iter().cloned()).chain(uid).collect()
    }

    /// Must they not be written to because that person said no? `Some(true)`: by name alone.
    pub(super) fn is_held_by(&self, other: &Person, medium: &Medium) -> Option<bool> {
        if self.is_distinct_from(other) {
            return None;
        }
        let mut theirs = other.addresses.iter().filter(|address| medium.holds(address)).peekable();
        let knows_any = theirs.peek().is_some();
        let shares = |theirs: &Address| self.addresses.iter().any(|own| own.reaches_same(theirs));
        if theirs.any(shares) || self.is_same_as(other) {
            return Some(false);
        }
        let by_name = !knows_any && self.called.iter().any(|own| !own.is_empty() && other.called.contains(own));
        by_name.then_some(true)
    }

    /// Are the two one person: the same UID, or the same mail address or number where the names agree?
    pub(super) fn is_same_as(&self, other: &Person) -> bool {
        if self.is_distinct_from(other) {
            return false;
        }
        if self.uid.is_some() && self.uid == other.uid {
            return true;
        }
        let is_contact_way = |address: &&Address| !matches!(address, Address::Handle(..));
        let mut shared = self.addresses.iter().filter(is_contact_way);
        shared.any(|own| other.addresses.iter().any(|theirs| own.is_same(theirs))) && self.names_agree(other)
    }

    /// Does one of the two say that the other is somebody else?
    pub(super) fn is_distinct_from(&self, other: &Person) -> bool {
        let says = |own: &Person, other: &Person| own.distinct.iter().any(|name| other.link_keys.contains(name));
        says(self, other) || says(other, self)
    }

    /// Do the words of a name of one occur in a name of the other, read by pinyin or as they are?
    fn names_agree(&self, other: &Person) -> bool {
        let words = |name: &str| -> Vec<String> {
            let folded = fold::search_key(name);
            // An address in the place of a name is none.
            let is_name = !name.contains('@') && name.contains(char::is_alphabetic);
            let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| is_name && !word.is_empty());
            words.map(str::to_owned).collect()
        };
        self.names.iter().any(|own| {
            let own = words(own);
            other.names.iter().any(|theirs| {
                let theirs = words(theirs);
                let (short, long) = if own.len() <= theirs.len() { (&own, &theirs) } else { (&theirs, &own) };
                short.iter().all(|word| long.contains(word)) || sound_alike(&own, &theirs)
            })
        })
    }
}

/// The paths of the files that `distinct` leads to, and the keys of its names that lead to no file. `[[links]]` and bare names count.
fn distinct(vault: &Vault, document: &Document<'_>, path: &VaultPath) -> Vec<String> {
    // A link that could lead to several lifts nothing.
    let leads_to = |resolution: Resolution, name: &str| match resolution {
        Resolution::One(id) => Some(vault.file(id).path().to_string()),
        Resolution::Several(_) => None,
        Resolution::Nobody => Some(tag::key(name).into_owned()),
    };
    let mut found = Vec::new();
    for value in document.values_of("distinct") {
        let links = links_in(value.text);
        let bare: Vec<Edit> = links.iter().map(|link| Edit::replace(link.span, "")).collect();
        let bare = edit::apply(value.text, &bare);
        // Words around links are names where commas say so.
        if links.is_empty() || bare.contains(tag::COMMAS) {
            let names = tag::in_item(&bare);
            found.extend(names.filter_map(|name| leads_to(vault.resolve(name.trim_end_matches(".md")), name)));
        }
        let led = |link: &Link| vault.resolve_link(path, link).and_then(|resolution| leads_to(resolution, &link.target));
        found.extend(links.iter().filter_map(led));
    }
    found
}

/// Is one of the two names Chinese, and the other how it is read, surname first or last?
fn sound_alike(a: &[String], b: &[String]) -> bool {
    let (a, b) = (a.concat(), b.to_vec());
    let is_chinese = |text: &str| text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    if !is_chinese(&a) {
        return is_chinese(&b.concat()) && sound_alike(&b, &[a]);
    }
    if is_chinese(&b.concat()) || b.is_empty() {
        return false;
    }
    let mut turned = b.clone();
    turned.rotate_left(1);
    let mut last_first = b.clone();
    last_first.rotate_right(1);
    [b, turned, last_first].iter().any(|words| pinyin::reads(&a, &words.concat()))
}
