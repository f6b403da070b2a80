//! Who gets a message, and who does not and why. One pure function; in doubt, out.

use std::collections::HashMap;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::held_back::{Address, FEW, HeldBack, addresses, identity, opted_out};
use super::list::{AskError, by_alias, matching};
use crate::contact::{email_fault, fields};
use crate::text::Span;
use crate::vault::query::{Query, QueryError, UnknownName};
use crate::vault::{FileId, Vault};

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
    /// `broadcast.exclude` takes them away.
    Excluded,
    /// The front matter has a fault: the broken line may have been `opt_out`.
    Faulty,
    /// The channel's field is missing: its key.
    Unreachable(String),
    /// The address cannot be one: it could reach somebody else, or everybody's eyes.
    InvalidAddress(String),
    /// The address is also that of somebody who must not get it: two files, one person.
    SharedAddress(FileId),
    /// The same address is reached through this contact already.
    SameAddress(FileId),
}

/// The whole answer. Everybody whom the query means is in one of the two lists.
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

/// Who gets a message to everybody whom `query` means, by the channel `via` (without one everybody is reachable).
pub fn recipients(vault: &Vault, query: &Query, via: Option<&str>) -> Result<Recipients, Refused> {
    let via = via.map(|via| via.trim().to_lowercase());
    let via = via.as_deref();
    let (meant, excluded) = meant(vault, query, via)?;
    let mut held_back = HeldBack::new(vault, &excluded, via);
    let files = by_alias(vault, &meant);
    let judged: Vec<Judged> = {
        let judge = |file| judge(vault, file, &held_back);
        let least = if held_back.is_indexed() { SOME } else { FEW };
        files.into_par_iter().with_min_len(least).map(judge).collect()
    };
    let mut result = Recipients::default();
    let mut used: HashMap<String, FileId> = HashMap::new();
    for Judged { file, verdict, own } in judged {
        match verdict {
            Err(reason) => result.left_out.push((file, reason)),
            Ok(address) => {
                let shared = own.into_iter().find_map(|address| held_back.holder(file, address));
                if let Some(other) = shared {
                    result.left_out.push((file, Reason::SharedAddress(other)));
                    continue;
                }
                let same = address.as_deref().and_then(|address| used.get(&identity(via, address)).copied());
                if let Some(first) = same {
                    result.left_out.push((file, Reason::SameAddress(first)));
                    continue;
                }
                if let Some(address) = &address {
                    used.insert(identity(via, address), file);
                }
                result.chosen.push(Recipient { file, address });
            }
        }
    }
    Ok(result)
}

/// Everybody whom the query means, and everybody whom `broadcast.exclude` takes away.
fn meant(vault: &Vault, query: &Query, via: Option<&str>) -> Result<(RoaringBitmap, RoaringBitmap), Refused> {
    if let Some(fault) = vault.config_fault() {
        return Err(Refused::Config(fault));
    }
    if let Some(via) = via {
        let key = fields::of_channel(via);
        if fields::find(key).is_none() && !vault.own_keys().any(|own| own == key) {
            return Err(Refused::Channel { via: via.to_owned(), key: key.to_owned() });
        }
    }
    let excluded = excluded(vault)?;
    Ok((matching(vault, query).map_err(Refused::Query)? & vault.contacts(), excluded))
}

/// What can be told of a broadcast at a glance, while somebody types: reads next to no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Everybody whom it may reach. Who shares an address with somebody else is still among them.
    pub reached: RoaringBitmap,
    /// Whom the channel cannot reach, although nothing else keeps them out.
    pub unreachable: RoaringBitmap,
}

/// The same question as [`recipients`], answered as far as the index alone can tell.
pub fn glance(vault: &Vault, query: &Query, via: Option<&str>) -> Result<Glance, Refused> {
    let via = via.map(|via| via.trim().to_lowercase());
    let via = via.as_deref();
    let (meant, excluded) = meant(vault, query, via)?;
    let mut glance = Glance { reached: RoaringBitmap::new(), unreachable: RoaringBitmap::new() };
    let bit = via.map(|via| fields::index(fields::of_channel(via)));
    for id in &meant - &excluded {
        // Of somebody who may have said no, and of a field that no table knows, only the file tells.
        let reads = vault.guarded().contains(id) || bit == Some(None);
        let is_reached = if reads {
            match verdict(vault, id, &excluded, via) {
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

/// Whom `broadcast.exclude` takes away.
fn excluded(vault: &Vault) -> Result<RoaringBitmap, Refused> {
    let Some((text, _)) = &vault.config().exclude else { return Ok(RoaringBitmap::new()) };
    let query = Query::parse(text).map_err(Refused::Exclude)?;
    if query.names_kind() {
        // Who asks for other kinds of file here keeps nobody out, and does not know it.
        let message = "`kind:` has no place here: this speaks of contacts".to_owned();
        return Err(Refused::Exclude(QueryError::new(
            Span::new(0, text.len()),
            message,
            "a tag such as `#do-not-contact`",
        )));
    }
    matching(vault, &query).map_err(|error| match error {
        AskError::Syntax(error) => Refused::Exclude(error),
        AskError::Unknown(names) => Refused::ExcludeUnknown(names),
    })
}

/// What one contact's own file tells.
struct Judged {
    file: FileId,
    /// The address to use, or why there is none.
    verdict: Result<Option<String>, Reason>,
    /// Every address by which the message could reach them.
    own: Vec<Address>,
}

fn judge(vault: &Vault, file: FileId, held_back: &HeldBack<'_>) -> Judged {
    let verdict = verdict(vault, file, held_back.excluded, held_back.via);
    let asks = verdict.is_ok() && held_back.may_hold(file);
    let own = if asks { addresses(&vault.file(file).document(), held_back.via) } else { Vec::new() };
    Judged { file, verdict, own }
}

/// What one file alone says. It is only read where the index cannot tell.
fn verdict(vault: &Vault, id: FileId, excluded: &RoaringBitmap, via: Option<&str>) -> Result<Option<String>, Reason> {
    let file = vault.file(id);
    // What keeps somebody out for their own sake is said before what keeps them out for ours.
    if vault.guarded().contains(id) && opted_out(&file.document(), via) {
        return Err(Reason::OptedOut);
    }
    if excluded.contains(id) {
        return Err(Reason::Excluded);
    }
    if file.is_faulty() {
        return Err(Reason::Faulty);
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
        Some(address) => Ok(Some(address)),
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
            Refused::Config(message) => format!("no broadcast while guanxi.yaml has a fault: {message}"),
            Refused::Exclude(error) => {
                format!("no broadcast while broadcast.exclude in guanxi.yaml cannot be understood: {}", error.message)
            }
            Refused::ExcludeUnknown(names) => {
                let message = names.first().map_or("", |name| name.message.as_str());
                format!("no broadcast while broadcast.exclude in guanxi.yaml asks for what is not there: {message}")
            }
        }
    }
}

impl Reason {
    /// In words for a person.
    pub fn words(&self, vault: &Vault) -> String {
        match self {
            Reason::OptedOut => "opted out".to_owned(),
            Reason::Excluded => "taken away by broadcast.exclude".to_owned(),
            Reason::Faulty => "the front matter has a fault".to_owned(),
            Reason::Unreachable(key) => format!("has no `{key}`"),
            Reason::InvalidAddress(address) => format!("`{}` is not a mail address", super::formats::one_line(address)),
            Reason::SharedAddress(other) => {
                let file = vault.file(*other);
                format!("has an address of {} ({}), who gets no message", super::formats::one_line(file.alias()), file.path())
            }
            Reason::SameAddress(first) => format!("same address as {}", super::formats::one_line(vault.file(*first).alias())),
        }
    }

    /// The stable word for scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::OptedOut => "opted-out",
            Reason::Excluded => "excluded",
            Reason::Faulty => "faulty",
            Reason::Unreachable(_) => "unreachable",
            Reason::InvalidAddress(_) => "invalid-address",
            Reason::SharedAddress(_) => "shared-address",
            Reason::SameAddress(_) => "same-address",
        }
    }
}
