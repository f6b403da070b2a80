//! `guanxi.broadcast.list` and `guanxi.broadcast.preview`: who gets a message, and what it says to each.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::edits::FileChange;
use super::{Call, Outcome, look};
use crate::features::Here;
use crate::features::audience::audience;
use crate::features::diagnostics::Surroundings;
use crate::features::formats;
use crate::features::recipients::{Recipients, recipients};
use crate::features::{checklist, preview};
use crate::vault::Vault;

/// Who gets it and who does not, for the document `uri` or a `query` with `via`. With `write`, the document's list of recipients
/// is written or brought up to date.
pub fn list(call: &Call<'_>) -> Result<Outcome, String> {
    if call.given.truth("write") {
        return write(call);
    }
    let vault = call.space.vault();
    let result = match look::query_of_some(call)? {
        Some(query) => recipients(&vault, &query, call.given.text("via")).map_err(|refused| refused.words())?,
        None => {
            let here = document(call, &vault)?;
            audience(&vault, &here.document).map_err(|silence| silence.words())?
        }
    };
    let format = look::format(call)?;
    if format != formats::Format::Json {
        return Ok(Outcome::answer(formats::write(&vault, &result.chosen, format).into()));
    }
    Ok(Outcome::answer(report(call, &vault, &result)))
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
    });
    if refresh.edits.is_empty() {
        return Ok(Outcome::answer(answer));
    }
    let text = here.file.map(|id| vault.file(id).shared_text()).unwrap_or_else(|| here.text().into());
    let change = FileChange::Edit { path: here.path.clone(), text, edits: refresh.edits };
    call.edit("Bring the list of recipients up to date", vec![change], None, answer)
}

/// What every message says, or the one for the contact `for`. With `show`, as a lens or an action has it that no plugin took up, the
/// answer is seen by nobody: the person is told where the messages are.
pub fn preview(call: &Call<'_>) -> Result<Outcome, String> {
    let vault = call.space.vault();
    let here = document(call, &vault)?;
    let exists = |path: &str| call.space.exists(path);
    let previews = preview::preview(&here, &Surroundings::new(&exists), call.given.text("for"))?;
    let message = |preview: &preview::Preview| {
        let path = vault.file(preview.file).path();
        json!({
            "path": path.as_str(),
            "uri": call.space.uri(path).as_str(),
            "alias": preview.alias,
            "to": preview.to,
            "subject": preview.subject,
            "body": preview.body,
        })
    };
    let messages: Vec<Value> = previews.iter().map(message).collect();
    let said = call.given.truth("show").then(|| preview::whereabouts(&here, previews.len()));
    Ok(Outcome { said, ..Outcome::answer(json!({ "messages": messages, "text": preview::as_text(&previews) })) })
}

/// The broadcast that `uri` names.
fn document<'v>(call: &Call<'_>, vault: &'v Vault) -> Result<Here<'v>, String> {
    let uri = call.given.uri().ok_or("say which broadcast: `uri`")?;
    let file = call.world.file_of(&uri).filter(|(space, _)| Arc::ptr_eq(space, call.space));
    let id = file.and_then(|(_, path)| vault.id(&path));
    let id = id.ok_or_else(|| format!("{} is no file of this vault", uri.as_str()))?;
    Ok(Here::of_file(vault, id))
}

/// The same report as in the terminal: both lists, with the reasons.
fn report(call: &Call<'_>, vault: &Vault, result: &Recipients) -> Value {
    let chosen = result.chosen.iter().map(|recipient| {
        let mut record = call.record(vault, recipient.file);
        if let Some(object) = record.as_object_mut() {
            object.insert("address".to_owned(), recipient.address.clone().into());
        }
        record
    });
    let left_out = result.left_out.iter().map(|(id, reason)| {
        let file = vault.file(*id);
        json!({ "path": file.path().as_str(), "alias": file.alias(), "reason": reason.name(), "words": reason.words(vault) })
    });
    json!({ "recipients": chosen.collect::<Vec<_>>(), "left_out": left_out.collect::<Vec<_>>() })
}
