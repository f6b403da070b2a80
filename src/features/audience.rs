//! What a broadcast file asks for: whom by `to`, `exclude` and `via`. A file that is half typed gets an answer in words.

use super::Here;
use super::diagnostics::{Surroundings, diagnose};
use super::list::AskError;
use super::recipients::{Reason, Recipients, Refused, recipients_except};
use crate::contact::{Document, Kind, Severity, broadcast, tag};
use crate::text::yaml::Value;
use crate::vault::Vault;
use crate::vault::query::Query;

/// Why nobody can say whom a broadcast means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// `to:` has no query.
    NoQuery,
    /// `exclude:` is there, but empty or a map.
    NoExclusion,
    /// `to: #lead`, which is a comment to YAML.
    Unquoted,
    /// An item of the list is not a tag: why.
    NotATag(String),
    /// `via:` is there, but is not one channel.
    Via,
    /// A key that broadcasts do not have: what is wrong.
    Key(String),
    /// The front matter has a fault: what it is, where that is known.
    Faulty(Option<String>),
    /// The rules for broadcasts refuse.
    Refused(Refused),
}

/// What a broadcast asks, beyond doubt.
#[derive(Clone, Debug)]
pub struct Request {
    /// The query as it is shown to a person.
    pub text: String,
    /// The query.
    pub query: Query,
    /// Whom it leaves out, beside `broadcast.exclude`.
    pub exclude: Option<Query>,
    /// The channel.
    pub via: Option<String>,
}

impl Request {
    /// A query that is no file's.
    pub fn of_query(text: String, query: Query, via: Option<&str>) -> Self {
        Self { text, query, exclude: None, via: via.map(str::to_owned) }
    }

    /// Reads `to`, `exclude` and `via` of a broadcast.
    pub fn read(document: &Document<'_>) -> Result<Self, Silence> {
        let query = query(document)?;
        let exclude = exclusion(document)?;
        let via = document.text_of("via");
        if via.is_none() && document.entry("via").is_some() {
            return Err(Silence::Via);
        }
        let text = document.text_of("to").map_or_else(|| query.to_string(), str::to_owned);
        Ok(Self { text, query, exclude, via: via.map(str::to_owned) })
    }

    /// Who gets the message, and who does not and why.
    pub fn recipients(&self, vault: &Vault) -> Result<Recipients, Refused> {
        recipients_except(vault, &self.query, self.exclude.as_ref(), self.via.as_deref())
    }
}

/// Who gets the message of this broadcast, and who does not and why.
pub fn audience(vault: &Vault, document: &Document<'_>) -> Result<Recipients, Silence> {
    let request = Request::read(document)?;
    if document.is_faulty() {
        return Err(Silence::Faulty(document.head.faults.first().map(|fault| fault.message.clone())));
    }
    if let Some(problem) = broadcast::unknown_keys(document).into_iter().next() {
        return Err(Silence::Key(problem.message));
    }
    request.recipients(vault).map_err(Silence::Refused)
}

/// What the broadcast asks; refused in words while the text has an error, for it could change who gets a message, or what.
pub fn request(here: &Here<'_>, around: &Surroundings<'_>) -> Result<Request, String> {
    let path = &here.path;
    match here.document.kind {
        Kind::Broadcast => {}
        Kind::Contact => return Err(format!("{path} is not a broadcast: its `alias:` makes it a contact")),
        _ => return Err(format!("{path} is not a broadcast: its front matter has no `to:`")),
    }
    let problems = diagnose(here, around);
    if let Some(first) = problems.iter().find(|problem| problem.severity() == Severity::Error) {
        return Err(format!("{path} has an error: {} (see: guanxi check {path})", first.message));
    }
    Request::read(&here.document).map_err(|silence| format!("{path}: {}", silence.words()))
}

/// Most tags in a `to:` or `exclude:` that is a list, and a written query can have no more terms.
pub const MOST_TAGS: usize = 1024;

/// The query that `to:` asks: a query, or a list of tags that must all be present.
pub fn query(document: &Document<'_>) -> Result<Query, Silence> {
    match selection(document, "to")? {
        Some(Selection::Query(query)) => Ok(query),
        Some(Selection::Tags(tags)) => Ok(Query::of_tags(&tags)),
        None => Err(Silence::NoQuery),
    }
}

/// Whom `exclude:` leaves out: a query, or a list of tags any of which excludes.
pub fn exclusion(document: &Document<'_>) -> Result<Option<Query>, Silence> {
    match selection(document, "exclude")? {
        Some(Selection::Query(query)) => Ok(Some(query)),
        Some(Selection::Tags(tags)) => Ok(Some(Query::of_any_tag(&tags))),
        None if document.entry("exclude").is_some() => Err(Silence::NoExclusion),
        None => Ok(None),
    }
}

enum Selection {
    Query(Query),
    Tags(Vec<String>),
}

fn selection(document: &Document<'_>, key: &str) -> Result<Option<Selection>, Silence> {
    let Some(entry) = document.entry(key) else { return Ok(None) };
    match &entry.value.value {
        Value::Scalar(text, _) if !text.trim().is_empty() => {
            let read = if key == "exclude" { Query::parse_exclusion } else { Query::parse_strict };
            read(text.trim_end())
                .map(|query| Some(Selection::Query(query)))
                .map_err(|error| Silence::Refused(Refused::Query(AskError::Syntax(error))))
        }
        Value::List(items, _) if !items.is_empty() => {
            let mut tags = Vec::new();
            if items.len() > MOST_TAGS {
                return Err(Silence::NotATag(format!("`{key}` has more than {MOST_TAGS} tags")));
            }
            for item in items {
                let Some(text) = item.text() else { return Err(Silence::NotATag("this is a list of tags".to_owned())) };
                if let Some(fault) = tag::list_item_fault(text) {
                    return Err(Silence::NotATag(fault));
                }
                tags.push(text.trim().to_owned());
            }
            Ok(Some(Selection::Tags(tags)))
        }
        Value::Empty if document.hidden_word(&entry.value).is_some() => Err(Silence::Unquoted),
        _ => Ok(None),
    }
}

impl Silence {
    /// In words for a person.
    pub fn words(&self) -> String {
        match self {
            Silence::NoQuery => "`to` is a query in quotes, or a list of tags".to_owned(),
            Silence::Unquoted => "to YAML, `to: #…` is a comment: put the query in quotes".to_owned(),
            Silence::NoExclusion => "`exclude` is a query in quotes, or a list of tags".to_owned(),
            Silence::NotATag(fault) | Silence::Key(fault) => fault.clone(),
            Silence::Via => "`via` is one channel, such as `via: email`; without the line everybody is reachable".to_owned(),
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
