//! `guanxi.find`, `guanxi.list`, `guanxi.tags`: what the command line prints as JSON, with the files' URIs.

use rayon::prelude::*;
use serde_json::{Value, json};
use tower_lsp::ls_types::Position;

use super::super::actions;
use super::super::asked::Asked;
use super::super::edits::FileChange;
use super::{Call, Outcome, edit};
use crate::contact::tag;
use crate::features::code_actions;
use crate::features::formats::{self, Format};
use crate::features::recipients::{Recipient, recipients};
use crate::features::{find, list, tags};
use crate::vault::query::Query;
use crate::vault::search::Options;
use crate::vault::{FileId, Vault};

/// So many answers where nothing is said.
const LIMIT: usize = 50;

/// The best answers first.
pub fn find(call: &Call<'_>) -> Result<Outcome, String> {
    let text = call.given.text("query").or_else(|| call.given.text("words")).unwrap_or("").to_owned();
    let limit = call.given.number("limit").unwrap_or(LIMIT);
    let vault = call.space.vault();
    if text.trim().is_empty() {
        return Ok(Outcome::answer(Value::Array(Vec::new())));
    }
    let (found, _) = find::find(&vault, &text, Options { bodies: true, limit }).map_err(|error| error.words())?;
    let files: Vec<FileId> = found.iter().map(|found| found.file).collect();
    Ok(records(call, &vault, &files))
}

/// Everybody whom a query means, by alias; in another shape as text where `format` asks for it; only how many with `count`.
pub fn list(call: &Call<'_>) -> Result<Outcome, String> {
    if call.given.has("insert") {
        return insert(call);
    }
    let format = format(call)?;
    // Where messages go out, what is empty is no way to say everybody.
    let some = if format.is_for_sending() { query_of_some(call)? } else { None };
    let query = some.map_or_else(|| query(call), Ok)?;
    let vault = call.space.vault();
    if call.given.truth("count") {
        let found = list::matching(&vault, &query).map_err(|error| error.words())?;
        return Ok(Outcome::answer(json!({ "count": found.len() })));
    }
    if format.is_for_sending() {
        let via = format.via(call.given.text("via"))?;
        let result = recipients(&vault, &query, via).map_err(|refused| refused.words())?;
        return Ok(Outcome::answer(formats::write(&vault, &result.chosen, format).into()));
    }
    let mut files = list::list(&vault, &query).map_err(|error| error.words())?;
    if let Some(limit) = call.given.number("limit") {
        files.truncate(limit);
    }
    if format == Format::Json {
        return Ok(records(call, &vault, &files));
    }
    let listed: Vec<Recipient> = files.into_iter().map(|file| Recipient { file, address: None }).collect();
    Ok(Outcome::answer(formats::write(&vault, &listed, format).into()))
}

/// The shape that is asked for; JSON where nothing is said.
pub fn format(call: &Call<'_>) -> Result<Format, String> {
    let Some(name) = call.given.text("format") else { return Ok(Format::Json) };
    let known = Format::ALL.iter().copied().find(|format| format.name() == name);
    known.ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("there is no format `{name}`: {}", names.join(", "))
    })
}

/// The query that is given: `query`, and `tags` that must all be there. Without either it means everybody.
pub fn query(call: &Call<'_>) -> Result<Query, String> {
    let tags = tags_of(call, "tags")?;
    let text = call.given.text("query").filter(|text| !text.trim().is_empty());
    let parsed = text.map(|text| Query::parse(text).map_err(|error| format!("{}; expected {}", error.message, error.expected)));
    match (parsed.transpose()?, tags.is_empty()) {
        (Some(query), true) => Ok(query),
        (Some(query), false) => Ok(query.and(Query::of_tags(&tags))),
        (None, false) => Ok(Query::of_tags(&tags)),
        (None, true) => Query::parse("kind:contact").map_err(|error| error.message),
    }
}

/// The same where something is done to those whom it means: what is empty is no way to say everybody. `None` where nothing is given.
pub fn query_of_some(call: &Call<'_>) -> Result<Option<Query>, String> {
    let (text, tags) = (call.given.text("query"), call.given.texts("tags"));
    if text.is_none() && tags.is_empty() {
        return Ok(None);
    }
    if tags.is_empty() && text.is_some_and(|text| text.trim().is_empty()) {
        return Err("`query` is empty: to mean everybody, say `kind:contact`".to_owned());
    }
    let query = query(call)?;
    query.decides().map_err(|error| error.words())?;
    Ok(Some(query))
}

/// Tags, with or without their `#`. One that is none is refused: without it the query would mean more.
pub fn tags_of(call: &Call<'_>, name: &str) -> Result<Vec<String>, String> {
    let bare = |tag: &String| {
        let tag = tag.trim().trim_start_matches('#').to_owned();
        tag::fault(&tag).map_or(Ok(tag.clone()), |fault| Err(format!("`{tag}`: {fault}")))
    };
    call.given.texts(name).iter().map(bare).collect()
}

/// Writes everybody whom a query block means below it; the block is named by where its query begins.
fn insert(call: &Call<'_>) -> Result<Outcome, String> {
    let place = call.given.map("insert").cloned().unwrap_or_default();
    let position: Position = serde_json::from_value(Value::Object(place)).map_err(|_| "`insert` must be a position")?;
    let uri = call.given.uri().ok_or("say in which document: `uri`")?;
    let change = |asked: &Asked<'_>| {
        let block = asked.ruler.offset(position);
        Ok(actions::here(asked.here, code_actions::list_below(asked.here, block)?))
    };
    let change: Result<_, String> = call.world.ask(&uri, change).ok_or_else(|| format!("{} is not known", uri.as_str()))?;
    let changes: Vec<FileChange> = change?.into_iter().collect();
    let answer = json!({ "changed": changes.iter().map(FileChange::path).collect::<Vec<_>>() });
    Ok(edit("Insert the list", changes, None, answer))
}

/// The records, as text: they may be many.
fn records(call: &Call<'_>, vault: &Vault, files: &[FileId]) -> Outcome {
    let texts: Vec<String> = files.par_iter().with_min_len(32).map(|&id| call.data(vault, id).text()).collect();
    Outcome { text: Some(format!("[{}]", texts.join(","))), ..Outcome::default() }
}

/// Every tag with its count and its meaning.
pub fn tags(call: &Call<'_>) -> Result<Outcome, String> {
    let vault = call.space.vault();
    Ok(Outcome::answer(tags::tags(&vault, call.given.truth("tree")).iter().map(tags::TagLine::json).collect()))
}
