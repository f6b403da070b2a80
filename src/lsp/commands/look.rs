//! `guanxi.find`, `guanxi.list`, `guanxi.tags`: what the command line prints as JSON, with the files' URIs.

use rayon::prelude::*;
use serde_json::Value;
use tower_lsp::ls_types::Position;

use super::super::edits::FileChange;
use super::{Call, Outcome};
use crate::features::code_actions::{self, Later, Resolved};
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
    let text = call.given.text("query", 0).or_else(|| call.given.named("words")).unwrap_or("").to_owned();
    let limit = call.given.number("limit").unwrap_or(LIMIT);
    let vault = call.space.vault();
    if text.trim().is_empty() {
        return Ok(Outcome::answer(Value::Array(Vec::new())));
    }
    let (found, _) = find::find(&vault, &text, Options { bodies: true, limit }).map_err(|error| error.words())?;
    let files: Vec<FileId> = found.iter().map(|found| found.file).collect();
    Ok(records(call, &vault, &files))
}

/// Everybody whom a query means, by alias; in another shape as text where `format` asks for it.
pub fn list(call: &Call<'_>) -> Result<Outcome, String> {
    if let Some(place) = call.given.object.get("insert") {
        return insert(call, place);
    }
    let query = query(call)?;
    let vault = call.space.vault();
    let format = format(call)?;
    if format.is_for_sending() {
        let via = call.given.named("via").or(format.channel());
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

/// Writes the people whom a query block of the document `uri` means below it: the block that begins at the position `insert`.
fn insert(call: &Call<'_>, place: &Value) -> Result<Outcome, String> {
    let position: Position = serde_json::from_value(place.clone()).map_err(|_| "`insert` is a position: line and character")?;
    let uri = call.given.uri().ok_or("say which document: `uri`")?;
    let edited = call.world.ask(&uri, |asked| {
        let later = Later::InsertList { block: asked.ruler.offset(position) };
        let resolved = code_actions::resolve(asked.here, &later)?;
        let Resolved::Edits(edits) = resolved else { return Err("there is no query block".to_owned()) };
        let text = asked.here.file.map_or_else(|| asked.here.text().into(), |id| asked.vault().file(id).shared_text());
        Ok(FileChange::Edit { path: asked.here.path.clone(), text, edits })
    });
    let change = edited.ok_or("this document is not known")??;
    Ok(call.edit("Insert the list", vec![change], None, Value::Null))
}

/// The shape that is asked for; JSON where nothing is said.
pub fn format(call: &Call<'_>) -> Result<Format, String> {
    let Some(name) = call.given.named("format") else { return Ok(Format::Json) };
    let known = Format::ALL.iter().copied().find(|format| format.name() == name);
    known.ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("there is no format `{name}`: {}", names.join(", "))
    })
}

/// The query that is given: `query`, and `tags` that must all be there.
pub fn query(call: &Call<'_>) -> Result<Query, String> {
    let tags: Vec<String> = call
        .given
        .texts("tags")
        .iter()
        .map(|tag| tag.trim().trim_start_matches('#').to_owned())
        .filter(|tag| !tag.is_empty())
        .collect();
    let text = call.given.text("query", 0).filter(|text| !text.trim().is_empty());
    let parsed = text.map(|text| Query::parse(text).map_err(|error| format!("{}; expected {}", error.message, error.expected)));
    match (parsed.transpose()?, tags.is_empty()) {
        (Some(query), true) => Ok(query),
        (Some(query), false) => Ok(query.and(Query::of_tags(&tags))),
        (None, false) => Ok(Query::of_tags(&tags)),
        (None, true) => Query::parse("kind:contact").map_err(|error| error.message),
    }
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
