//! The checks and the client are held to planted faults, since a check that sees nothing looks like a server without faults.

mod declared;
mod meaning;
mod place;
mod shapes;
mod talk;

use serde_json::{Value, json};

use super::capabilities;
use super::judge::Judge;

/// A judge who has heard the first words.
fn judge(client: &Value, server: Value) -> Judge {
    let mut judge = Judge::default();
    judge.sent(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": client}}));
    judge.came(json!({"jsonrpc": "2.0", "id": 1, "result": {"capabilities": server}}));
    judge.sent(&json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
    judge
}

/// What a judge says of an answer. `params` are those of the request.
fn answered(client: &Value, method: &str, params: Value, result: Value) -> Vec<String> {
    let legend = json!({"tokenTypes": ["class", "property"], "tokenModifiers": ["declaration"]});
    let server = json!({
        "executeCommandProvider": {"commands": ["guanxi.do"]},
        "semanticTokensProvider": {"legend": legend, "full": true},
    });
    let mut judge = judge(client, server);
    assert_eq!(judge.faults, [""; 0], "the first words");
    judge.sent(&json!({"jsonrpc": "2.0", "id": 2, "method": method, "params": params}));
    judge.came(json!({"jsonrpc": "2.0", "id": 2, "result": result}));
    judge.faults
}

/// What a judge says of something the server says of its own accord: with an `id`, it asks.
fn said(client: &Value, message: Value) -> Vec<String> {
    let mut judge = judge(client, json!({"hoverProvider": true}));
    // It may be what a command brings.
    judge.sent(&json!({"jsonrpc": "2.0", "id": 2, "method": "workspace/executeCommand", "params": {"command": "c"}}));
    let mut whole = json!({"jsonrpc": "2.0"});
    for (name, value) in message.as_object().unwrap() {
        whole[name] = value.clone();
    }
    judge.came(whole);
    judge.faults
}

/// The faults must be one that says this; or none, for the empty text.
fn must_say(faults: &[String], wanted: &str, of: &Value) {
    let fits = match wanted {
        "" => faults.is_empty(),
        wanted => faults.len() == 1 && faults[0].contains(wanted),
    };
    assert!(fits, "{of}\nwanted {wanted:?}, the faults are {faults:#?}");
}

/// A range on the first lines, in four numbers.
fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    json!({"start": {"line": from.0, "character": from.1}, "end": {"line": to.0, "character": to.1}})
}

fn first_line(from: u32, to: u32) -> Value {
    range((0, from), (0, to))
}

fn full() -> Value {
    capabilities::full()
}
