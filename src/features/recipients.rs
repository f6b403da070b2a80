//! Who gets a message, and who does not and why. One pure function; in doubt, out.

use std::collections::HashMap;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::doubt::{self, Exclusion};
use super::formats::one_line;
use super::list::{AskError, by_alias, matching};
use super::never::Never;
use super::person::Person;
use super::suppression::{FEW, Held, Neighbours, Suppression, opted_out};
use crate::contact::document::values;
use crate::contact::reach::Address;
use crate::contact::{Kind, email_fault, fields, phone_fault};
use crate::text::lines::Lines;
use crate::vault::query::{Query, QueryError, UnknownName};
use crate::vault::{File, FileId, Vault};

/// Somebody who gets the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Whose file.
    pub file: FileId,
    /// The address, number or handle that the channel uses: the first one listed. `None` without a channel.
    pub address: Option<String>,
}

/// Why somebody gets no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Opted out of everything, or of this channel.
    OptedOut,
    /// Excluded by `broadcast.exclude` or the broadcast's own `exclude`.
    Excluded,
    /// An address of theirs is in `broadcast.never`: the entry.
    Never(String),
    /// The front matter has a fault: the broken line may have been `opt_out`.
    Faulty,
    /// A tag may be an excluded one: the tag as it is written, and the excluded one.
    InDoubt(String, String),
    /// They would match if what may be several tags in one were read as such.
    Glued,
    /// The channel's field is missing: its key.
    Unreachable(String),
    /// The address cannot be one: it could reach somebody else, or everybody's eyes.
    InvalidAddress(String),
    /// The address is also that of somebody who said no: two files, one person.
    SharedAddress(Held),
    /// The same address, or the same person, is reached through this contact already.
    SameAddress(FileId),
    /// Somebody of the same name said no, in a file without an address to compare.
    SameName(Held),
}

/// The whole answer. Everybody whom the query matches, or would match if their file could be read, is in one of the two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Who gets it, ordered by alias.
    pub chosen: Vec<Recipient>,
    /// Who does not, ordered by alias, and why.
    pub left_out: Vec<(FileId, Reason)>,
}

/// Why there is no answer at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The query itself.
    Query(AskError),
    /// No contact has the field that the channel needs: it is misspelt.
    Channel {
        /// The channel.
        via: String,
        /// The field it needs.
        key: String,
    },
    /// `guanxi.yaml` has a fault: the broken line may have been `exclude`.
    Config(String),
    /// `broadcast.exclude` cannot be understood.
    Exclude(QueryError),
    /// `broadcast.exclude` names what the vault does not know: a misspelt name would let in those it should keep out.
    ExcludeUnknown(Vec<UnknownName>),
}

/// So few files are judged on one core where the index tells nearly everything.
const SOME: usize = 2048;

/// Who gets a message to everybody whom `query` matches, by the channel `via` (without one everybody is reachable). A query
/// that must not decide ([`Query::decides`]) is refused, whoever asks.
pub fn recipients(vault: &Vault, query: &Query, via: Option<&str>) -> Result<Recipients, Refused> {
    recipients_except(vault, query, None, via)
}

/// The same with an exclusion of the broadcast's own, which adds to `broadcast.exclude`.
pub fn recipients_except(vault: &Vault, query: &Query, except: Option<&Query>, via: Option<&str>) -> Result<Recipients, Refused> {
    let via = via.map(|via| via.trim().to_lowercase());
    let via = via.as_deref();
    let Asked { matched, exclusion } = asked(vault, query, except, via)?;
    let plausible = doubt::plausible(vault, query, &matched);
    let suppression = Suppression::new(vault, &exclusion, via);
    let never = Never::new(vault, via);
    let files = by_alias(vault, &(&matched | &plausible));
    let judge = |file: FileId| {
        let verdict = verdict(vault, file, &exclusion, via).and_then(|address| {
            if plausible.contains(file) {
                return Err(Reason::Glued);
            }
            if let Some(entry) = never.entry_of(vault, file) {
                return Err(Reason::Never(entry));
            }
            match suppression.holder(file) {
                Some(held) if held.by_name => Err(Reason::SameName(held)),
                Some(held) => Err(Reason::SharedAddress(held)),
                None => Ok(address),
            }
        });
        (file, verdict)
    };
    let least = if vault.is_whole() { SOME } else { FEW };
    let judged: Vec<(FileId, Result<Option<String>, Reason>)> = files.into_par_iter().with_min_len(least).map(judge).collect();
    let passing: RoaringBitmap = judged.iter().filter(|(_, verdict)| verdict.is_ok()).map(|(file, _)| *file).collect();
    let mut once = Once::new(vault, via, &passing);
    let mut result = Recipients::default();
    for (file, verdict) in judged {
        match verdict.and_then(|address| once.take(file, address)) {
            Ok(address) => result.chosen.push(Recipient { file, address }),
            Err(reason) => result.left_out.push((file, reason)),
        }
    }
    Ok(result)
}

/// Whom a broadcast asks for, and what keeps people out of it.
struct Asked {
    matched: RoaringBitmap,
    exclusion: Exclusion,
}

fn asked(vault: &Vault, query: &Query, except: Option<&Query>, via: Option<&str>) -> Result<Asked, Refused> {
    if let Some(fault) = vault.config_fault() {
        return Err(Refused::Config(fault));
    }
    if let Some(via) = via {
        let key = fields::of_channel(via);
        use fields::FieldKind::{Handle, Labelled};
        let is_channel = match fields::find(key) {
            Some(field) => matches!(field.kind, Handle | Labelled),
            None => vault.own_keys().any(|own| own == key),
        };
        if !is_channel {
            return Err(Refused::Channel { via: via.to_owned(), key: key.to_owned() });
        }
    }
    query.decides().map_err(|error| Refused::Query(AskError::Syntax(error)))?;
    let matched = matching(vault, query).map_err(Refused::Query)? & vault.contacts();
    Ok(Asked { matched, exclusion: Exclusion::new(vault, query, except)? })
}

/// What can be told of a broadcast at a glance, while somebody types: reads next to no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Everybody whom it may reach. Who shares an address with somebody else is still among them.
    pub reached: RoaringBitmap,
    /// Whom the channel cannot reach, although nothing else keeps them out.
    pub unreachable: RoaringBitmap,
}

/// The same question as [`recipients_except`], answered as far as the index alone can tell.
pub fn glance(vault: &Vault, query: &Query, except: Option<&Query>, via: Option<&str>) -> Result<Glance, Refused> {
    let via = via.map(|via| via.trim().to_lowercase());
    let via = via.as_deref();
    let Asked { matched, exclusion } = asked(vault, query, except, via)?;
    let mut glance = Glance { reached: RoaringBitmap::new(), unreachable: RoaringBitmap::new() };
    let bit = via.map(|via| fields::index(fields::of_channel(via)));
    for id in matched - &exclusion.excluded - &exclusion.in_doubt {
        // Of somebody who may have said no, and of a field that no table knows, only the file tells.
        let reads = vault.guarded().contains(id) || bit == Some(None);
        let is_reached = if reads {
            match verdict(vault, id, &exclusion, via) {
                Ok(_) => true,
                Err(Reason::Unreachable(_)) => false,
                Err(_) => continue,
            }
        } else {
            bit.flatten().is_none_or(|bit| vault.file(id).present() >> bit & 1 == 1)
        };
        if is_reached {
            glance.reached.insert(id);
        } else {
            glance.unreachable.insert(id);
        }
    }
    Ok(glance)
}

/// What one file alone says. It is only read where the index cannot tell.
pub(super) fn verdict(vault: &Vault, id: FileId, exclusion: &Exclusion, via: Option<&str>) -> Result<Option<String>, Reason> {
    let file = vault.file(id);
    // What keeps somebody out for their own sake is said before what keeps them out for ours.
    if vault.guarded().contains(id) && opted_out(&file.document(), via) {
        return Err(Reason::OptedOut);
    }
    if exclusion.excluded.contains(id) {
        return Err(Reason::Excluded);
    }
    if file.is_faulty() || file.kind() != Kind::Contact {
        return Err(Reason::Faulty);
    }
    if exclusion.in_doubt.contains(id) {
        let (tag, excluded) = exclusion.doubt_of(vault, id).unwrap_or_default();
        return Err(Reason::InDoubt(tag, excluded));
    }
    let Some(via) = via else { return Ok(None) };
    let key = fields::of_channel(via);
    let first = match key {
        "emails" => file.mail().map(str::to_owned),
        key => file.document().values_of(key).first().map(|value| value.text.to_owned()),
    };
    match first {
        None => Err(Reason::Unreachable(key.to_owned())),
        Some(address) if key == "emails" && email_fault(&address).is_some() => Err(Reason::InvalidAddress(address)),
        Some(address) if key == "phones" && phone_fault(&address).is_some() => Err(Reason::InvalidAddress(address)),
        Some(address) if !address.contains(char::is_alphanumeric) => Err(Reason::InvalidAddress(address)),
        Some(address) => Ok(Some(address)),
    }
}

/// One person, one message: whoever has an address that is used already, or is a person who gets it already, is left out.
struct Once<'v> {
    vault: &'v Vault,
    via: Option<&'v str>,
    neighbours: Neighbours<'v>,
    used: HashMap<String, Vec<(Address, FileId)>>,
    taken: RoaringBitmap,
}

impl<'v> Once<'v> {
    fn new(vault: &'v Vault, via: Option<&'v str>, passing: &RoaringBitmap) -> Self {
        let neighbours = Neighbours::new(vault, via, passing);
        Self { vault, via, neighbours, used: HashMap::new(), taken: RoaringBitmap::new() }
    }

    fn take(&mut self, file: FileId, address: Option<String>) -> Result<Option<String>, Reason> {
        let comparable =
            self.via.zip(address.as_deref()).and_then(|(via, text)| Address::of_value(fields::of_channel(via), text));
        if let Some(own) = &comparable {
            let used = self.used.get(&*own.key()).into_iter().flatten();
            if let Some((_, first)) = used.into_iter().find(|(used, _)| used.reaches_same(own)) {
                return Err(Reason::SameAddress(*first));
            }
        }
        let around = self.neighbours.of(file, &self.taken);
        if !around.is_empty() {
            let person =
                |id: FileId| Person::new(self.vault, &self.vault.file(id).document(), self.vault.file(id).path(), self.via);
            let own = person(file);
            let mut same: Vec<FileId> = around.into_iter().filter(|&other| own.is_same_as(&person(other))).collect();
            same.sort_by_key(|&other| self.vault.file(other).path());
            if let Some(&first) = same.first() {
                return Err(Reason::SameAddress(first));
            }
        }
        if let Some(own) = comparable {
            let key = own.key().into_owned();
            self.used.entry(key).or_default().push((own, file));
        }
        self.taken.insert(file);
        Ok(address)
    }
}

impl Refused {
    /// In words for a person.
    pub fn words(&self) -> String {
        match self {
            Refused::Query(error) => error.words(),
            Refused::Channel { via, key } => format!(
                "no contact has `{key}`, so nobody can be reached by `{via}`: known are email, sms, phone, wechat and other handles"
            ),
            Refused::Config(message) => format!("no broadcast while guanxi.yaml has an error: {message}"),
            Refused::Exclude(error) => {
                format!("no broadcast while `broadcast.exclude` in guanxi.yaml has an error: {}", error.words())
            }
            Refused::ExcludeUnknown(names) => {
                let message = names.first().map_or(String::new(), UnknownName::words);
                format!("no broadcast while `broadcast.exclude` in guanxi.yaml has an error: {message}")
            }
        }
    }
}

/// The path and line where a file has this value.
fn place_of(file: &File, value: &str) -> String {
    let document = file.document();
    let mut values = document.head.entries.iter().flat_map(|entry| values(&entry.value));
    match values.find(|one| one.text == value) {
        Some(found) => format!("{}:{}", file.path(), Lines::new(file.text()).line_column(file.text(), found.span.start()).0),
        None => file.path().to_string(),
    }
}

impl Reason {
    /// In words for a person: why, and for what guanxi decides by itself, which line of which file lifts it.
    pub fn words(&self, vault: &Vault, file: FileId) -> String {
        let path = vault.file(file).path();
        match self {
            Reason::OptedOut => "opted out".to_owned(),
            Reason::Excluded => "excluded".to_owned(),
            Reason::Never(entry) => format!("`{}` is in `broadcast.never` of guanxi.yaml", one_line(entry)),
            Reason::Faulty => format!("the front matter has a fault (see: guanxi check {path})"),
            Reason::InDoubt(tag, excluded) => format!(
                "the tag `{}` may be the excluded tag `{}`: correct it in {path}, or list it in `tags.known` of guanxi.yaml",
                one_line(tag),
                one_line(excluded)
            ),
            Reason::Glued => format!("would match if the tags in {path} were written as separate items"),
            Reason::Unreachable(key) => format!("has no `{key}`"),
            Reason::InvalidAddress(address) => {
                let what = if address.contains('@') { "a mail address" } else { "an address of this channel" };
                format!("`{}` is not {what}: correct it in {}", one_line(address), place_of(vault.file(file), address))
            }
            Reason::SharedAddress(held) => format!(
                "has an address of {} ({}), who said no: if these are two people, add `distinct: \"[[{}]]\"` to {path}",
                one_line(&held.alias),
                held.path,
                one_line(&held.link)
            ),
            Reason::SameAddress(first) => format!("same address as {}", one_line(vault.file(*first).alias())),
            Reason::SameName(held) => format!(
                "has the name of {} ({}), who said no: if these are two people, add `distinct: \"[[{}]]\"` to {path}",
                one_line(&held.alias),
                held.path,
                one_line(&held.link)
            ),
        }
    }

    /// The stable word for scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::OptedOut => "opted-out",
            Reason::Excluded => "excluded",
            Reason::Never(_) => "never",
            Reason::Faulty => "faulty",
            Reason::InDoubt(..) | Reason::Glued => "in-doubt",
            Reason::Unreachable(_) => "unreachable",
            Reason::InvalidAddress(_) => "invalid-address",
            Reason::SharedAddress(_) => "shared-address",
            Reason::SameAddress(_) => "same-address",
            Reason::SameName(_) => "same-name",
        }
    }
}
