//! `guanxi.broadcast.list` and `guanxi.broadcast.preview`: who gets a message, and what it says to each.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::convert::untitled;
use super::super::edits::{FileChange, in_a_document_of_its_own};
use super::{Call, Outcome, edit, look};
use crate::features::Here;
use crate::features::audience::{self, Request};
use crate::features::diagnostics::Surroundings;
use crate::features::formats;
use crate::features::hover;
use crate::features::{checklist, preview, record};
use crate::vault::Vault;

/// Who gets it and who does not, for the document `uri` or a `query` with `via`. With `write`, the document's list of recipients
/// is written or brought up to date; with `show`, the answer stands in a document of its own too.
pub fn list(call: &Call<'_>) -> Result<Outcome, String> {
    if call.given.truth("write") {
        return write(call);
    }
    let vault = call.space.vault();
    let format = look::format(call)?;
    let mut request = match look::query_of_some(call)? {
        Some(query) => Request::of_query(String::new(), query, None),
        None => {
            let here = document(call, &vault)?;
            let exists = |path: &str| call.space.exists(path);
            audience::request(&here, &Surroundings::new(&exists))?
        }
    };
    request.via = format.via(call.given.text("via").or(request.via.as_deref()))?.map(str::to_owned);
    let result = request.recipients(&vault).map_err(|refused| refused.words())?;
    if format != formats::Format::Json {
        return Ok(Outcome::answer(formats::write(&vault, &result.chosen, format).into()));
    }
    let page = || hover::query::of_recipients(&vault, &result, usize::MAX).plain();
    let mut report = record::report(&vault, &result, |id| call.record(&vault, id));
    for (told, (id, _)) in report["left_out"].as_array_mut().into_iter().flatten().zip(&result.left_out) {
        told["uri"] = call.world.uri_of(call.space, vault.file(*id).path()).as_str().into();
    }
    let outcome = Outcome::answer(report);
    Ok(shown(call, "Recipients", page, outcome))
}

/// The document's list of recipients is written, or brought up to date: ticks and words of the person's own stay.
fn write(call: &Call<'_>) -> Result<Outcome, String> {
    let vault = call.space.vault();
    let here = document(call, &vault)?;
    let exists = |path: &str| call.space.exists(path);
    let refresh = checklist::refresh(&here, &Surroundings::new(&exists))?;
    let answer = json!({
        "added": refresh.added,
        "kept": refresh.kept,
        "dropped": refresh.dropped,
        "stays_ticked": refresh.stays_ticked,
        "remarks": refresh.remarks(),
    });
    if refresh.edits.is_empty() {
        return Ok(Outcome::answer(answer));
    }
    let text = here.file.map(|id| vault.file(id).shared_text()).unwrap_or_else(|| here.text().into());
    let change = FileChange::Edit { path: here.path.clone(), text, edits: refresh.edits };
    Ok(edit("Bring the list of recipients up to date", vec![change], None, answer))
}

/// What every message says, or the one for the contact `for`. With `show` it stands in a document of its own.
pub fn preview(call: &Call<'_>) -> Result<Outcome, String> {
    let vault = call.space.vault();
    let here = document(call, &vault)?;
    let exists = |path: &str| call.space.exists(path);
    let only: Vec<&str> = call.given.text("for").into_iter().collect();
    let previews = preview::preview(&here, &Surroundings::new(&exists), &only)?;
    let message = |preview: &preview::Preview| {
        let mut told = preview::json(&vault, preview);
        told["uri"] = call.space.uri(vault.file(preview.file).path()).as_str().into();
        told
    };
    let messages: Vec<Value> = previews.iter().map(message).collect();
    let text = preview::as_text(&previews);
    // An editor that shows no documents is told where the messages are: nobody sees the answer to a lens.
    let is_told = call.given.truth("show") && !has_room(call);
    let said = is_told.then(|| preview::whereabouts(&here, previews.len()));
    let outcome = Outcome { said, ..Outcome::answer(json!({ "messages": messages, "text": text })) };
    Ok(shown(call, "Preview", || text, outcome))
}

/// Can the editor fill a document and show it?
fn has_room(call: &Call<'_>) -> bool {
    let understands = call.world.understands();
    understands.show_document && understands.apply_edit
}

/// Where it is asked for, and the editor shows documents: a text beside the broadcast, in a document without a file.
fn shown(call: &Call<'_>, what: &str, text: impl FnOnce() -> String, outcome: Outcome) -> Outcome {
    let asked = call.given.truth("show") && has_room(call);
    let about = call.given.uri().and_then(|uri| call.world.file_of(&uri)).filter(|_| asked);
    let name = about.map(|(_, path)| format!("{what} of {}", path.stem()));
    let Some(uri) = name.and_then(|name| untitled(call.space.root(), &name)) else { return outcome };
    let edit = in_a_document_of_its_own(call.world, &uri, text());
    Outcome { edit: Some((what.to_owned(), edit)), show: Some((uri, None)), ..outcome }
}

/// The broadcast that `uri` names.
fn document<'v>(call: &Call<'_>, vault: &'v Vault) -> Result<Here<'v>, String> {
    let uri = call.given.uri().ok_or("say which broadcast: `uri`")?;
    let file = call.world.file_of(&uri).filter(|(space, _)| Arc::ptr_eq(space, call.space));
    let id = file.and_then(|(_, path)| vault.id(&path));
    let id = id.ok_or_else(|| format!("{} is no file of this vault", uri.as_str()))?;
    Ok(Here::of_file(vault, id))
}
