//! Whom a broadcast must not reach, by any file: a person may have two, and said no in one of them.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use crate::contact::document::OptOut;
use crate::contact::{Document, fields};
use crate::vault::{FileId, Vault, mail_identities, mail_identity, phone_identities, phone_identity, values_meant};

/// So few files are read on one core: sharing them out would take longer.
pub(super) const FEW: usize = 64;

/// The addresses of everybody who must not get this message, whoever else has them: a person may have two files, and said no in
/// one of them.
pub(super) struct HeldBack<'a> {
    vault: &'a Vault,
    pub(super) excluded: &'a RoaringBitmap,
    pub(super) via: Option<&'a str>,
    /// Who may have to be held back: only their files tell.
    candidates: RoaringBitmap,
    /// What was asked before.
    asked: HashMap<Address, Option<FileId>>,
    /// All of them, once an address was asked for that no index knows.
    all: OnceLock<HashMap<Address, FileId>>,
}

impl<'a> HeldBack<'a> {
    /// Nobody was asked for yet.
    pub(super) fn new(vault: &'a Vault, excluded: &'a RoaringBitmap, via: Option<&'a str>) -> Self {
        let candidates = (excluded | vault.guarded()) & vault.contacts();
        Self { vault, excluded, via, candidates, asked: HashMap::new(), all: OnceLock::new() }
    }

    /// May anybody of them have an address of this contact's?
    pub(super) fn may_hold(&self, file: FileId) -> bool {
        if self.is_indexed() {
            return self.vault.may_share(file, &self.candidates);
        }
        !self.candidates.is_empty()
    }

    /// Does the index know everybody's addresses for this channel?
    pub(super) fn is_indexed(&self) -> bool {
        self.vault.is_whole() && self.via.is_some_and(|via| fields::of_channel(via) == "emails")
    }

    /// Who of them has this address of `file`'s; of several the first by path, for numbers differ from one loading to the next.
    pub(super) fn holder(&mut self, file: FileId, address: Address) -> Option<FileId> {
        if self.candidates.is_empty() {
            return None;
        }
        if !(address.indexed && self.vault.is_whole()) {
            return self.all.get_or_init(|| self.everybody()).get(&address).copied();
        }
        if let Some(known) = self.asked.get(&address) {
            return *known;
        }
        let sharing = self.vault.sharing(file, &address.identity);
        let found = sharing.into_iter().find(|&other| self.candidates.contains(other) && self.theirs(other).contains(&address));
        self.asked.insert(address, found);
        found
    }

    /// The addresses of one of the candidates; none where they said no to something else.
    fn theirs(&self, id: FileId) -> Vec<Address> {
        let document = self.vault.file(id).document();
        let out = self.excluded.contains(id) || self.vault.file(id).is_faulty() || opted_out(&document, self.via);
        if out { addresses(&document, self.via) } else { Vec::new() }
    }

    fn everybody(&self) -> HashMap<Address, FileId> {
        let mut candidates: Vec<FileId> = self.candidates.iter().collect();
        candidates.sort_by_key(|&id| self.vault.file(id).path());
        let theirs: Vec<Vec<Address>> = candidates.par_iter().with_min_len(FEW).map(|&id| self.theirs(id)).collect();
        let mut found = HashMap::new();
        for (id, addresses) in candidates.into_iter().zip(theirs) {
            addresses.into_iter().for_each(|address| {
                found.entry(address).or_insert(id);
            });
        }
        found
    }
}

/// Where a message can reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    /// The field it stands in. A handle counts with its service: `wechat` and `telegram` may both have a `bo`.
    key: String,
    /// What is equal where it is the same person's.
    identity: String,
    /// Does the vault's index know who has it?
    indexed: bool,
}

/// Everything that leads to a contact by a channel; without one, by any of them.
pub(super) fn addresses(document: &Document<'_>, via: Option<&str>) -> Vec<Address> {
    let handles = || fields::FIELDS.iter().filter(|field| field.kind == fields::FieldKind::Handle).map(|field| field.key);
    let channels: Vec<&str> = via.map_or_else(|| ["email", "phone"].into_iter().chain(handles()).collect(), |via| vec![via]);
    let of = |channel: &str| -> Vec<Address> {
        let key = fields::of_channel(channel);
        let address = |identity: String, indexed: bool| Address { key: key.to_owned(), identity, indexed };
        match key {
            // In doubt, out: an address that is written oddly is somebody's too.
            "emails" => values_meant(document, "emails").flat_map(mail_identities).map(|mail| address(mail, true)).collect(),
            "phones" => {
                let of = |text: &str| {
                    let known = phone_identities(text);
                    let odd = known.is_empty().then(|| address(identity(Some(channel), text), false));
                    known.into_iter().map(|number| address(number, true)).chain(odd).collect::<Vec<_>>()
                };
                values_meant(document, "phones").flat_map(of).collect()
            }
            key => document.values_of(key).iter().map(|value| address(identity(Some(channel), value.text), false)).collect(),
        }
    };
    channels.into_iter().flat_map(of).collect()
}

/// Without a channel a message may go any way, so that opting out of one way is opting out. A word that is no channel may be a
/// misspelt one: it counts as all of them.
pub(super) fn opted_out(document: &Document<'_>, via: Option<&str>) -> bool {
    let channels = match document.opt_out() {
        OptOut::All => return true,
        OptOut::Channels(channels) => channels,
    };
    let is_channel = |word: &str| {
        matches!(word, "email" | "emails" | "mail" | "sms" | "phone" | "phones")
            || fields::find(word).is_some_and(|field| field.kind == fields::FieldKind::Handle)
            || document.entry(word).is_some()
    };
    let same = |word: &str, via: &str| {
        // What reaches the same field is one channel: who wants no calls is not sent an sms either.
        word == via || fields::of_channel(word) == fields::of_channel(via)
    };
    channels.iter().any(|word| !is_channel(word) || via.is_none_or(|via| same(word, via)))
}

/// Two addresses are the same person's if these are equal.
pub(super) fn identity(via: Option<&str>, address: &str) -> String {
    let key = via.map(fields::of_channel);
    let mail = key == Some("emails");
    let number = matches!(key, Some("phones" | "whatsapp" | "signal"));
    match number.then(|| phone_identity(address)).flatten() {
        Some(number) => number,
        None if mail => mail_identity(address),
        None => address.trim().to_owned(),
    }
}
