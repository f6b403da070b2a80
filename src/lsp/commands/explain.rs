//! `guanxi.explain`: what a problem's code means, as `guanxi help CODE` prints it.

use serde_json::json;

use super::super::convert::untitled;
use super::super::edits::in_a_document_of_its_own;
use super::{Call, Outcome};
use crate::features::explain;

/// The page about `code`. With `show` it stands in a document of its own; where the editor shows none, in a message.
pub fn explain(call: &Call<'_>) -> Result<Outcome, String> {
    let code = call.given.text("code").ok_or("say which problem: `code`")?;
    let page = explain::code(code).ok_or_else(|| format!("there is no problem `{code}`"))?;
    let page = format!("{}\n", page.trim_end());
    let outcome = Outcome::answer(json!({ "code": code, "text": page }));
    if !call.given.truth("show") {
        return Ok(outcome);
    }
    let understands = call.world.understands();
    let uri = untitled(call.space.root(), code).filter(|_| understands.show_document && understands.apply_edit);
    Ok(match uri {
        Some(uri) => {
            let edit = in_a_document_of_its_own(call.world, &uri, page);
            Outcome { edit: Some((format!("Explain {code}"), edit)), show: Some((uri, None)), ..outcome }
        }
        None => Outcome { said: Some(page), ..outcome },
    })
}
