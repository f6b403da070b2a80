//! Whom a broadcast file means, by its own `to:` and `via:`. A file that is half typed gets an answer in words.

use super::Here;
use super::diagnostics::{Surroundings, diagnose};
use super::list::AskError;
use super::recipients::{Reason, Recipients, Refused, recipients};
use crate::contact::{Document, Kind, Severity, tag};
use crate::text::yaml::Value;
use crate::vault::Vault;
use crate::vault::query::Query;

/// Why nobody can say whom a broadcast means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// `to:` has no query.
    NoQuery,
    /// `to: #lead`, which is a comment to YAML.
    Unquoted,
    /// An item of the list is no tag: why.
    NotATag(String),
    /// `via:` is there, but is not one channel.
    Via,
    /// The front matter has a fault: what it is, where that is known.
    Faulty(Option<String>),
    /// The rules for broadcasts refuse.
    Refused(Refused),
}

/// Who gets the message of this broadcast, and who does not and why.
pub fn audience(vault: &Vault, document: &Document<'_>) -> Result<Recipients, Silence> {
    let query = query(document)?;
    let via = document.text_of("via");
    if via.is_none() && document.entry("via").is_some() {
        return Err(Silence::Via);
    }
    if document.is_faulty() {
        return Err(Silence::Faulty(document.head.faults.first().map(|fault| fault.message.clone())));
    }
    recipients(vault, &query, via).map_err(Silence::Refused)
}

/// What a broadcast asks, beyond doubt.
#[derive(Clone, Debug)]
pub struct Request {
    /// The query as it is shown to a person.
    pub text: String,
    /// The query.
    pub query: Query,
    /// The channel.
    pub via: Option<String>,
}

/// What the broadcast asks; refused in words while the text has an error, for it could change who gets a message, or what.
pub fn request(here: &Here<'_>, around: &Surroundings<'_>) -> Result<Request, String> {
    let path = &here.path;
    match here.document.kind {
        Kind::Broadcast => {}
        Kind::Contact => return Err(format!("{path} is no broadcast: its `alias:` makes it a contact")),
        _ => return Err(format!("{path} is no broadcast: its front matter has no `to:`")),
    }
    let problems = diagnose(here, around);
    if let Some(first) = problems.iter().find(|problem| problem.code.severity() == Severity::Error) {
        return Err(format!("{path} has an error: {} (see: guanxi check {path})", first.message));
    }
    let query = query(&here.document).map_err(|silence| format!("{path}: {}", silence.words()))?;
    let text = here.document.text_of("to").map_or_else(|| query.to_string(), str::to_owned);
    Ok(Request { text, query, via: here.document.text_of("via").map(str::to_owned) })
}

/// Most tags in a `to:` that is a list: each must be present, and a written query can have no more terms.
pub const MOST_TAGS: usize = 1024;

/// The query that `to:` asks.
pub fn query(document: &Document<'_>) -> Result<Query, Silence> {
    let Some(entry) = document.entry("to") else { return Err(Silence::NoQuery) };
    match &entry.value.value {
        Value::Scalar(text, _) if !text.trim().is_empty() => {
            Query::parse(text.trim_end()).map_err(|error| Silence::Refused(Refused::Query(AskError::Syntax(error))))
        }
        Value::List(items, _) if !items.is_empty() => {
            let mut tags = Vec::new();
            if items.len() > MOST_TAGS {
                return Err(Silence::NotATag(format!("`to` has more than {MOST_TAGS} tags")));
            }
            for item in items {
                let Some(text) = item.text() else { return Err(Silence::NotATag("this is a list of tags".to_owned())) };
                if let Some(fault) = tag::fault(text.trim()) {
                    return Err(Silence::NotATag(fault.to_owned()));
                }
                tags.push(text.trim().to_owned());
            }
            Ok(Query::of_tags(&tags))
        }
        Value::Empty if document.hidden_word(&entry.value).is_some() => Err(Silence::Unquoted),
        _ => Err(Silence::NoQuery),
    }
}

impl Silence {
    /// In words for a person.
    pub fn words(&self) -> String {
        match self {
            Silence::NoQuery => "`to` is a query in quotes, or a list of tags".to_owned(),
            Silence::Unquoted => "to YAML, `to: #…` is a comment: put the query in quotes".to_owned(),
            Silence::NotATag(fault) => fault.clone(),
            Silence::Via => {
                "`via` is one channel, such as `via: email`; take the line away to reach everybody by hand".to_owned()
            }
            Silence::Faulty(None) => "the front matter has a fault".to_owned(),
            Silence::Faulty(Some(fault)) => format!("the front matter has a fault: {fault}"),
            Silence::Refused(refused) => refused.words(),
        }
    }
}

/// `12 recipients`, and how many are left out, some of them unreachable.
pub fn counts(result: &Recipients) -> (String, Option<String>) {
    let chosen = super::markup::counted(result.chosen.len(), "recipient");
    let unreachable = result.left_out.iter().filter(|(_, reason)| matches!(reason, Reason::Unreachable(_))).count();
    let left_out = match (result.left_out.len(), unreachable) {
        (0, _) => None,
        (all, 0) => Some(format!("{all} left out")),
        (all, some) if all == some => Some(format!("{all} left out, unreachable")),
        (all, some) => Some(format!("{all} left out ({some} unreachable)")),
    };
    (chosen, left_out)
}
