//! `broadcast.never`: addresses whose "no" outlives their contact. Whom it bars, what of a deleted contact belongs into it, and the
//! edit of `guanxi.yaml` that puts it there.

use roaring::RoaringBitmap;

use super::doubt::Exclusion;
use super::person::Person;
use super::places::settings;
use super::suppression::Neighbours;
use crate::contact::document::values;
use crate::contact::reach::{self, Address, Medium};
use crate::contact::{Config, Document, OptOut, config};
use crate::text::{Edit, edit};
use crate::vault::query::Query;
use crate::vault::{FileId, Vault};

/// So many names and addresses are named in a question.
const NAMED: usize = 3;

const BY_HAND: &str = "guanxi.yaml is written in a way that cannot be changed safely: please change it by hand";

/// Everything that `broadcast.never` bars.
pub(super) struct Never<'v> {
    entries: Vec<(String, Barred)>,
    via: Option<&'v str>,
}

enum Barred {
    Address(Address),
    /// Mail to this domain, or one below it.
    Domain(String),
}

impl Barred {
    fn holds(&self, address: &Address) -> bool {
        match (self, address) {
            (Barred::Domain(domain), Address::Mail(mail)) => {
                mail.ends_with(domain.as_str()) || mail.ends_with(&format!(".{}", &domain[1..]))
            }
            (Barred::Address(barred), address) => barred.reaches_same(address),
            _ => false,
        }
    }
}

impl<'v> Never<'v> {
    /// The entries of a vault, and of those inside it, for a channel.
    pub(super) fn new(vault: &Vault, via: Option<&'v str>) -> Self {
        let nested: Vec<String> = vault
            .beside()
            .into_iter()
            .flat_map(Vault::files)
            .filter(|(_, file)| file.path().names_settings())
            .flat_map(|(_, file)| Config::parse(file.text()).0.never)
            .collect();
        let entries = vault.config().never.iter().chain(&nested).flat_map(|written| {
            let barred: Vec<Barred> = match written.trim().strip_prefix('@') {
                Some(domain) if domain.contains('.') => {
                    vec![Barred::Domain(reach::mail_identity(&format!("x@{domain}"))[1..].to_owned())]
                }
                _ => reach::in_text(written).into_iter().map(Barred::Address).collect(),
            };
            barred.into_iter().map(|barred| (written.clone(), barred))
        });
        Self { entries: entries.collect(), via }
    }

    /// The entry that one of the contact's addresses is in.
    pub(super) fn entry_of(&self, vault: &Vault, file: FileId) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let person = Person::new(vault, &vault.file(file).document(), vault.file(file).path(), self.via);
        let is_barred = |barred: &Barred| person.addresses().iter().any(|address| barred.holds(address));
        self.entries.iter().find(|(_, barred)| is_barred(barred)).map(|(written, _)| written.clone())
    }

    fn holds(&self, address: &Address) -> bool {
        self.entries.iter().any(|(_, barred)| barred.holds(address))
    }
}

/// What is to be kept of contacts who said no, when they are deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Their aliases.
    pub people: Vec<String>,
    /// Their addresses, as `broadcast.never` holds them.
    pub addresses: Vec<String>,
}

impl Kept {
    /// These and those of somebody else. A file may be named twice, by itself and by its folder.
    pub fn join(&mut self, other: Kept) {
        let new = other.people.into_iter().filter(|alias| !self.people.contains(alias)).collect::<Vec<_>>();
        self.people.extend(new);
        let new = other.addresses.into_iter().filter(|address| !self.addresses.contains(address)).collect::<Vec<_>>();
        self.addresses.extend(new);
    }

    /// The question for a person.
    pub fn question(&self) -> String {
        let named = |texts: &[String]| {
            let first: Vec<String> = texts.iter().take(NAMED).map(|text| super::formats::one_line(text)).collect();
            let more = texts.len().saturating_sub(NAMED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{rest}", first.join(", "))
        };
        let (people, addresses) = (named(&self.people), named(&self.addresses));
        let why = "so that an import cannot bring them back into a broadcast";
        format!("{people} had said no to messages. Keep {addresses} in broadcast.never, {why}?")
    }
}

/// What somebody said no to.
enum No {
    Nothing,
    Everything,
    To(Vec<Medium>),
}

impl No {
    fn of(document: &Document<'_>, is_excluded: bool) -> Self {
        match document.opt_out() {
            _ if is_excluded => No::Everything,
            OptOut::All => No::Everything,
            OptOut::Channels(channels) if channels.is_empty() => No::Nothing,
            OptOut::Channels(channels) => No::To(channels.iter().map(|word| Medium::of_channel(Some(word))).collect()),
        }
    }

    fn holds(&self, address: &Address) -> bool {
        match self {
            No::Nothing => false,
            No::Everything => true,
            No::To(media) => media.iter().any(|medium| medium.holds(address)),
        }
    }
}

/// Of these files, which are deleted together, each whose contact said no and has addresses that no "no" covers afterwards: neither that
/// of another file, in the vault or beside it, nor an entry of `broadcast.never`.
pub fn to_keep(vault: &Vault, deleted: &[FileId]) -> Vec<(FileId, Kept)> {
    // Where the settings have a fault nobody knows whom they exclude; every broadcast refuses until it is corrected.
    let exclusion = Exclusion::new(vault, &Query::of_tags(&[]), None).unwrap_or_default();
    let gone: RoaringBitmap = deleted.iter().copied().collect();
    let others = Others::new(vault, &exclusion, &gone);
    let never = Never::new(vault, None);
    let mut found = Vec::new();
    for &id in deleted.iter().filter(|&&id| vault.contacts().contains(id)) {
        let file = vault.file(id);
        let document = file.document();
        let no = No::of(&document, exclusion.excluded.contains(id));
        let addresses = reach::addresses(&document, None);
        let is_open = |address: &&Address| no.holds(address) && !never.holds(address) && !others.hold(id, address);
        let mut kept: Vec<String> = Vec::new();
        for address in addresses.iter().filter(is_open) {
            kept.extend(entry_for(&document, &addresses, address).filter(|entry| !kept.contains(entry)));
        }
        if !kept.is_empty() {
            found.push((id, Kept { people: vec![file.alias().to_owned()], addresses: kept }));
        }
    }
    found
}

/// Everybody else who said no.
struct Others<'v> {
    vault: &'v Vault,
    exclusion: &'v Exclusion,
    candidates: RoaringBitmap,
    neighbours: Neighbours<'v>,
    outsiders: Vec<(No, Vec<Address>)>,
}

impl<'v> Others<'v> {
    fn new(vault: &'v Vault, exclusion: &'v Exclusion, gone: &RoaringBitmap) -> Self {
        let candidates = ((vault.guarded() | &exclusion.excluded) & vault.contacts()) - gone;
        let mut outsiders = Vec::new();
        let mut add = |document: Document<'_>, is_excluded: bool, only_people: bool| {
            let meant = document.as_meant().unwrap_or(document);
            let no = No::of(&meant, is_excluded || exclusion.hits(vault, &meant));
            if !matches!(no, No::Nothing) && (!only_people || meant.is_person()) {
                outsiders.push((no, reach::addresses(&meant, None)));
            }
        };
        for id in vault.strays() - gone {
            add(vault.file(id).document(), false, false);
        }
        if let Some(beside) = vault.beside() {
            let excluded = exclusion.beside(beside);
            beside.files().for_each(|(id, file)| add(file.document(), excluded.contains(id), true));
        }
        let neighbours = Neighbours::new(vault, None, &candidates);
        Self { vault, exclusion, candidates, neighbours, outsiders }
    }

    /// Is a "no" to this address of the file's contact said elsewhere too?
    fn hold(&self, file: FileId, address: &Address) -> bool {
        let shares = |addresses: &[Address]| addresses.iter().any(|other| other.reaches_same(address));
        self.outsiders.iter().any(|(no, addresses)| no.holds(address) && shares(addresses))
            || self.neighbours.of(file, &self.candidates).iter().any(|other| {
                let document = self.vault.file(other).document();
                let no = No::of(&document, self.exclusion.excluded.contains(other));
                no.holds(address) && shares(&reach::addresses(&document, None))
            })
    }
}

/// The entry of `broadcast.never` that bars an address and none that is not theirs: as their file has it, where that is possible.
fn entry_for(document: &Document<'_>, theirs: &[Address], address: &Address) -> Option<String> {
    let keys = document.head.entries.iter().filter(|entry| reach::is_address_key(&entry.key));
    let written = keys.flat_map(|entry| values(&entry.value)).map(|value| value.text.trim().to_owned());
    let fallback = match address {
        Address::Handle(service, name) => format!("{service}:{name}"),
        Address::Mail(text) | Address::Number(text) => text.clone(),
    };
    let bars = |entry: &String| {
        let barred = reach::in_text(entry);
        config::is_address(entry)
            && barred.iter().any(|one| one.reaches_same(address))
            && barred.iter().all(|one| theirs.iter().any(|own| own.reaches_same(one)))
    };
    written.chain([fallback]).find(bars)
}

/// The edits that put addresses into `broadcast.never`; `text` is that of `guanxi.yaml`, empty where there is none. None where they are
/// in it already. The error is a message for a person.
pub fn edits(text: &str, addresses: &[String]) -> Result<Vec<Edit>, String> {
    let (before, problems) = Config::parse(text);
    let new: Vec<String> = addresses.iter().filter(|address| !before.never.contains(address)).cloned().collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let edits = settings::added(text, "broadcast", "never", &new).ok_or(BY_HAND)?;
    // As everywhere: what is planned is tried, and says what was asked and nothing else.
    let (after, later) = Config::parse(&edit::apply(text, &edits));
    let wanted: Vec<&String> = before.never.iter().chain(&new).collect();
    let rest = |config: &Config| Config { known: Vec::new(), exclude: None, never: Vec::new(), ..config.clone() };
    let known = |config: &Config| config.known.iter().map(|tag| (tag.tag.clone(), tag.meaning.clone())).collect::<Vec<_>>();
    let excludes = |config: &Config| config.exclude.as_ref().map(|(query, _)| query.clone());
    let same = rest(&before) == rest(&after) && known(&before) == known(&after) && excludes(&before) == excludes(&after);
    if after.never.iter().collect::<Vec<_>>() != wanted || !same || later.len() > problems.len() {
        return Err(BY_HAND.to_owned());
    }
    Ok(edits)
}
