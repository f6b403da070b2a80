//! Large answers. The server library builds a tree of every answer before it writes it, which for fifteen thousand places takes
//! longer than finding them. Such an answer is written as JSON at once and travels through the library as a short token; on the
//! wire it is unpacked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tower_lsp::ls_types::Uri;

/// How a token begins. It is a URI, for that is what every kind of answer can carry.
const TOKEN: &str = "guanxi-parcel:";

/// Only a short message can be a token.
const LONGEST: usize = 512;

/// What is under way.
#[derive(Clone, Default)]
pub struct Parcels(Arc<Mutex<Shelf>>);

#[derive(Default)]
struct Shelf {
    next: u64,
    packed: HashMap<String, String>,
}

impl Parcels {
    /// Writes an answer, and gives the token that stands for it.
    pub fn pack<T: Serialize>(&self, answer: &T) -> Option<Uri> {
        let text = serde_json::to_string(answer).ok()?;
        self.pack_text(text)
    }

    /// The same for an answer that is JSON already.
    pub fn pack_text(&self, text: String) -> Option<Uri> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.next += 1;
        let token = format!("{TOKEN}{}", shelf.next);
        shelf.packed.insert(token.clone(), text);
        token.parse().ok()
    }

    /// The message as the client should see it. An answer that was cancelled meanwhile stays on the shelf no longer than the next
    /// few: then it is thrown away.
    pub fn unpack(&self, body: Vec<u8>) -> Vec<u8> {
        if body.len() > LONGEST || memchr::memmem::find(&body, TOKEN.as_bytes()).is_none() {
            return body;
        }
        let Ok(message) = serde_json::from_slice::<Value>(&body) else { return body };
        let (Some(id), Some(token)) = (message.get("id"), message.get("result").and_then(token_in)) else { return body };
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(text) = shelf.packed.remove(&token) else { return body };
        let next = shelf.next;
        shelf.packed.retain(|token, _| number(token) + 256 > next);
        format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{text}}}").into_bytes()
    }
}

fn number(token: &str) -> u64 {
    token.strip_prefix(TOKEN).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The token, wherever in the answer it stands: as a text, as somebody's URI, as the name of a changed document.
fn token_in(result: &Value) -> Option<String> {
    match result {
        Value::String(text) => text.starts_with(TOKEN).then(|| text.clone()),
        Value::Array(items) => items.iter().find_map(token_in),
        Value::Object(members) => {
            let by_name = members.keys().find(|name| name.starts_with(TOKEN)).cloned();
            by_name.or_else(|| members.values().find_map(token_in))
        }
        _ => None,
    }
}
