//! Progress tokens: who made them, and what may be said about them when.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shapes::{Met, hold, named, of_message};

#[derive(Default)]
pub struct Tokens {
    open: BTreeMap<String, Token>,
}

struct Token {
    from: From,
    /// For work: begun and not ended. For parts: some came.
    running: bool,
    over: bool,
}

#[derive(PartialEq)]
enum From {
    /// The server asked for it; `true` once the client agreed.
    Created(bool),
    /// It came with the request of this id.
    Work(String),
    Parts(String, String),
}

impl Tokens {
    /// A request of ours may bring tokens, which live until it is answered.
    pub fn brought(&mut self, id: &str, method: &str, params: &Value) {
        let mut bring = |member: &str, from: From| {
            if let Some(token) = params.get(member) {
                self.open.insert(token.to_string(), Token { from, running: false, over: false });
            }
        };
        bring("workDoneToken", From::Work(id.to_owned()));
        bring("partialResultToken", From::Parts(id.to_owned(), method.to_owned()));
    }

    pub fn asked_for(&mut self, token: &Value, faults: &mut Vec<String>) {
        let fresh = Token { from: From::Created(false), running: false, over: false };
        if self.open.insert(token.to_string(), fresh).is_some() {
            faults.push(format!("the progress token {token} is created a second time"));
        }
    }

    pub fn agreed(&mut self, token: &Value) {
        if let Some(token) = self.open.get_mut(&token.to_string()) {
            token.from = From::Created(true);
        }
    }

    /// The request is answered: its tokens end with it, and parts leave nothing for the answer.
    pub fn answered(&mut self, id: &str, result: Option<&Value>, faults: &mut Vec<String>) {
        self.open.retain(|name, token| {
            let in_parts = match &token.from {
                From::Created(_) => return true,
                From::Work(of) | From::Parts(of, _) if of != id => return true,
                From::Work(_) => false,
                From::Parts(..) => true,
            };
            if token.running && !in_parts {
                faults.push(format!("the answer to {id} came before its progress {name} ended"));
            }
            if token.running && in_parts && !result.is_none_or(is_empty) {
                faults.push(format!(
                    "the answer to {id} came in parts and must be empty, it is {}",
                    result.unwrap_or(&Value::Null)
                ));
            }
            false
        });
    }

    /// A `$/progress`: the faults in it go to `faults`, the shapes met in a part come back with the method it belongs to.
    pub fn said<'v>(&mut self, params: &'v Value, faults: &mut Vec<String>) -> Option<(String, String, Vec<Met<'v>>)> {
        let (name, value) = (params["token"].to_string(), &params["value"]);
        let Some(token) = self.open.get_mut(&name) else {
            faults.push(format!("$/progress about the token {name}, which nobody made (or which is over)"));
            return None;
        };
        if let From::Parts(id, method) = &token.from {
            token.running = true;
            let Some(shape) = of_message("partial", method) else {
                faults.push(format!("{method} has no parts"));
                return None;
            };
            let reading = hold(shape, Some(value));
            faults.extend(reading.faults.iter().map(|fault| format!("part of {method}: {fault}")));
            return reading.faults.is_empty().then(|| (id.clone(), method.clone(), reading.met));
        }
        if token.from == From::Created(false) {
            faults.push(format!("$/progress about the token {name}, which the client has not agreed to"));
        }
        let reading = hold(named("WorkDone"), Some(value));
        faults.extend(reading.faults.iter().map(|fault| format!("$/progress: {fault}")));
        let kind = value["kind"].as_str().unwrap_or_default();
        match (kind, token.running, token.over) {
            (_, _, true) => faults.push(format!("$/progress: {kind} for {name} after its end")),
            ("begin", true, _) => faults.push(format!("$/progress: {name} begins twice")),
            ("report" | "end", false, _) => faults.push(format!("$/progress: {kind} for {name} before it began")),
            _ => {}
        }
        token.running = kind != "end";
        token.over |= kind == "end";
        None
    }

    /// At the end, what began must have ended.
    pub fn finish(&self, faults: &mut Vec<String>) {
        for (name, _) in self.open.iter().filter(|(_, token)| token.running && token.from == From::Created(true)) {
            faults.push(format!("the progress {name} began and never ended"));
        }
    }
}

fn is_empty(result: &Value) -> bool {
    match result {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.values().all(|value| !value.is_array() || is_empty(value)),
        _ => false,
    }
}
