//! Suppression: whom a broadcast must not reach through any file. A person may have two files and have said no in one of them, or in
//! one that is no longer a part of the vault.

use std::collections::HashMap;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::doubt::Exclusion;
use super::person::Person;
use crate::contact::Document;
use crate::contact::OptOut;
use crate::contact::fields;
use crate::contact::reach::Medium;
use crate::vault::path::without_ending;
use crate::vault::{FileId, Vault};

/// So few files are read on one core: sharing them out would take longer.
pub(super) const FEW: usize = 64;

/// Everybody who said no to a broadcast.
pub(super) struct Suppression<'a> {
    vault: &'a Vault,
    via: Option<&'a str>,
    medium: Medium,
    /// Contacts who may have said no: only their files tell.
    candidates: RoaringBitmap,
    exclusion: &'a Exclusion,
    /// Who said no in a file that is no contact of this vault.
    outsiders: Vec<Outsider>,
    neighbours: Neighbours<'a>,
}

/// Somebody who said no in a file that is no contact of the vault.
struct Outsider {
    path: String,
    person: Person,
}

/// Why somebody must not be written to for another file's sake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The other file: its path in the vault.
    pub path: String,
    /// What it is called.
    pub alias: String,
    /// What leads to it alone, for `distinct`.
    pub link: String,
    /// Is it by name alone, for no address of that kind is known?
    pub by_name: bool,
}

impl<'a> Suppression<'a> {
    /// Gathers who said no. Reads the files beside the vault and the notes that are most likely contacts; of contacts none yet.
    pub(super) fn new(vault: &'a Vault, exclusion: &'a Exclusion, via: Option<&'a str>) -> Self {
        let candidates = (&exclusion.excluded | &exclusion.may_have_said_no | vault.guarded()) & vault.contacts();
        let medium = Medium::of_channel(via);
        let mut outsiders = Vec::new();
        for id in vault.strays() {
            let document = vault.file(id).document();
            let meant = document.as_meant().unwrap_or(document);
            if says_no(&meant, via) || exclusion.hits(vault, &meant) {
                let person = Person::new(vault, &meant, vault.file(id).path(), via);
                outsiders.push(Outsider { path: vault.file(id).path().to_string(), person });
            }
        }
        if let Some(beside) = vault.beside() {
            outsiders.extend(beside_the_vault(vault, beside, exclusion, via));
        }
        let neighbours = Neighbours::new(vault, via, &candidates);
        Self { vault, via, medium, candidates, exclusion, outsiders, neighbours }
    }

    /// Why this contact must not be written to for another file's sake; of several such files the first by path.
    pub(super) fn holder(&self, file: FileId) -> Option<Held> {
        let others = self.neighbours.of(file, &self.candidates);
        if others.is_empty() && self.outsiders.is_empty() {
            return None;
        }
        let own = Person::new(self.vault, &self.vault.file(file).document(), self.vault.file(file).path(), self.via);
        let mut others: Vec<FileId> = others.into_iter().filter(|&other| self.said_no(other)).collect();
        others.sort_by_key(|&other| self.vault.file(other).path());
        for other in others {
            let source = self.vault.file(other);
            let person = Person::new(self.vault, &source.document(), source.path(), self.via);
            if let Some(by_name) = own.is_held_by(&person, &self.medium) {
                // The path leads to one file, whatever others are called.
                let path = source.path().as_str();
                let link = without_ending(path).to_owned();
                return Some(Held { path: source.path().to_string(), alias: source.alias().to_owned(), link, by_name });
            }
        }
        self.outsiders.iter().find_map(|outsider| {
            let by_name = own.is_held_by(&outsider.person, &self.medium)?;
            let alias = outsider.person.alias().to_owned();
            Some(Held { path: outsider.path.clone(), link: outsider.path.clone(), alias, by_name })
        })
    }

    /// Did this candidate say no to this channel, or may they have?
    fn said_no(&self, id: FileId) -> bool {
        let Exclusion { excluded, may_have_said_no, .. } = self.exclusion;
        let file = self.vault.file(id);
        excluded.contains(id) || may_have_said_no.contains(id) || file.is_faulty() || opted_out(&file.document(), self.via)
    }
}

/// Everybody who said no in a file beside the vault.
fn beside_the_vault(vault: &Vault, beside: &Vault, exclusion: &Exclusion, via: Option<&str>) -> Vec<Outsider> {
    let own = exclusion.beside(beside);
    let mut found: Vec<Outsider> = beside
        .files()
        .filter_map(|(id, file)| {
            let document = file.document();
            let meant = document.as_meant().unwrap_or(document);
            let counts = meant.is_person() && (own.contains(id) || says_no(&meant, via) || exclusion.hits(vault, &meant));
            counts.then(|| Outsider { path: file.path().to_string(), person: Person::new(vault, &meant, file.path(), via) })
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn says_no(document: &Document<'_>, via: Option<&str>) -> bool {
    document.is_faulty() || opted_out(document, via)
}

/// Without a channel a message may go any way, so that opting out of one way is opting out.
pub(super) fn opted_out(document: &Document<'_>, via: Option<&str>) -> bool {
    let channels = match document.opt_out() {
        OptOut::All => return true,
        OptOut::Channels(channels) => channels,
    };
    // What reaches the same field is one channel: who wants no calls is not sent an sms either.
    channels.iter().any(|word| via.is_none_or(|via| word == via || fields::of_channel(word) == fields::of_channel(via)))
}

/// Finds the contacts that may share an address or a name with one.
pub(super) enum Neighbours<'v> {
    /// By the hashes that the vault keeps.
    Indexed(&'v Vault),
    /// Read for this question, where the vault does not know everybody's addresses yet, or the channel is a key of the person's own.
    Read { by_key: HashMap<String, Vec<FileId>>, keys: HashMap<FileId, Vec<String>> },
}

impl<'v> Neighbours<'v> {
    /// `among`: of whom they are asked.
    pub(super) fn new(vault: &'v Vault, via: Option<&str>, among: &RoaringBitmap) -> Self {
        let is_known = via.is_none_or(|via| fields::find(fields::of_channel(via)).is_some());
        if among.is_empty() || (vault.is_whole() && is_known) {
            return Neighbours::Indexed(vault);
        }
        let ids: Vec<FileId> = vault.contacts().iter().collect();
        let read = |&id: &FileId| (id, Person::new(vault, &vault.file(id).document(), vault.file(id).path(), via).keys());
        let keys: HashMap<FileId, Vec<String>> = ids.par_iter().with_min_len(FEW).map(read).collect();
        let mut by_key: HashMap<String, Vec<FileId>> = HashMap::new();
        for (&id, keys) in keys.iter().filter(|(id, _)| among.contains(**id)) {
            keys.iter().for_each(|key| by_key.entry(key.clone()).or_default().push(id));
        }
        Neighbours::Read { by_key, keys }
    }

    /// Those of `others` that may share something with `file`.
    pub(super) fn of(&self, file: FileId, others: &RoaringBitmap) -> RoaringBitmap {
        if others.is_empty() {
            return RoaringBitmap::new();
        }
        match self {
            Neighbours::Indexed(vault) => vault.may_share(file, others),
            Neighbours::Read { by_key, keys } => {
                let keys = keys.get(&file).map(Vec::as_slice).unwrap_or_default();
                let sharing = keys.iter().filter_map(|key| by_key.get(key)).flatten().copied();
                sharing.filter(|&other| other != file && others.contains(other)).collect()
            }
        }
    }
}
