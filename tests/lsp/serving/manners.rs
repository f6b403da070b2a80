//! How the server behaves, whatever is asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::book;
use crate::cli::Desk;

#[test]
fn problems_come_with_the_version_and_go_when_mended() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\n---\n");
    let mut client = Client::start(desk.root(), capabilities::full());
    client.open("a.md", "---\nalias: A\ntags: [#x]\n---\n");
    let found = client.wait_for_diagnostics("a.md", |found| !found.is_empty());
    assert_eq!(found[0]["code"], "yaml-syntax");
    client.edit("a.md", "[#x]", "[x]");
    client.wait_for_diagnostics("a.md", <[Value]>::is_empty);
    super::ignore_news(&mut client);
    client.shutdown();
}

#[test]
fn who_cannot_be_told_to_ask_again_is_told_of_problems() {
    for (name, asks) in
        [("nvim-0.11.4", false), ("helix-25.07-dev", false), ("eglot_emacs-30.1", false), ("vscode-1.139.1_lc9", true)]
    {
        let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\n---\n");
        let mut client = Client::builder(desk.root()).captured(name).start();
        super::ignore_news(&mut client);
        assert_eq!(client.server()["diagnosticProvider"].is_object(), asks, "{name}");
        if !asks {
            client.open("note.md", "[[B]]\n");
            client.wait_for_diagnostics("note.md", |found| found.len() == 1);
            // Somebody writes the contact in another window: the note says nothing more of it.
            client.open("b.md", "---\nalias: B\n---\n");
            client.wait_for_diagnostics("note.md", <[Value]>::is_empty);
        }
        client.shutdown();
    }
}

#[test]
fn what_is_no_message_is_answered_and_harms_nothing() {
    let (_desk, mut client) = book();
    for broken in ["{", "[]", "3", "{\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"x\"}"] {
        client.send_raw(format!("Content-Length: {}\r\n\r\n{broken}", broken.len()).as_bytes());
        let error = client.error_without_id();
        assert!(error["code"] == -32700 || error["code"] == -32600, "{broken}: {error}");
    }
    for unknown in ["guanxi/nonsense", "$/nonsense", "$/cancelRequest"] {
        assert_eq!(client.try_request(unknown, json!({})).unwrap_err()["code"], -32601, "{unknown}");
    }
    assert_eq!(client.try_request("textDocument/completion", json!({ "textDocument": 3 })).unwrap_err()["code"], -32602);
    client.round_trip();
    client.shutdown();
}

#[test]
fn who_says_goodbye_with_parameters_is_let_go() {
    for empty in [json!({}), json!([]), json!({ "reason": "tired" })] {
        let (_desk, mut client) = book();
        assert_eq!(client.try_request("shutdown", empty.clone()), Ok(Value::Null));
        client.notify("exit", empty);
        client.ends_with(0);
    }
}

/// The judge faults an answer that says "cancelled" where nobody cancelled.
#[test]
fn who_leaves_without_waiting_is_told_no_untruth() {
    for _ in 0..20 {
        let (_desk, mut client) = book();
        client.open_file("note.md");
        for _ in 0..8 {
            client.send_request("workspace/symbol", json!({ "query": "an" }));
            client.send_request("workspace/executeCommand", json!({ "command": "guanxi.find", "arguments": [{ "query": "a" }] }));
        }
        client.send_request("shutdown", Value::Null);
        client.notify("exit", Value::Null);
        client.kill_when_over();
    }
}

#[test]
fn nothing_is_answered_before_and_after_the_conversation() {
    let desk = Desk::new("== a.md\n---\nalias: A\n---\n");
    let mut client = Client::builder(desk.root()).silent();
    for early in ["textDocument/hover", "guanxi/nonsense", "$/nonsense", "shutdown"] {
        assert_eq!(client.try_request(early, json!({})).unwrap_err()["code"], -32002, "{early}");
    }
    client.kill();
    let (_desk, mut client) = book();
    assert_eq!(client.try_request("shutdown", Value::Null), Ok(Value::Null));
    for late in ["textDocument/hover", "guanxi/nonsense", "$/nonsense", "initialize", "shutdown"] {
        assert_eq!(client.try_request(late, json!({})).unwrap_err()["code"], -32600, "{late}");
    }
    client.notify("exit", Value::Null);
    client.ends_with(0);
}

#[test]
fn the_server_ends_when_nobody_speaks_any_more() {
    let (_desk, client) = book();
    client.hang_up();
    client.ends_with(1);
}

#[test]
fn all_captured_editors_are_understood() {
    let desk = Desk::new(super::BOOK);
    for (name, _) in capabilities::CAPTURED {
        let mut client = Client::builder(desk.root()).captured(name).start();
        super::ignore_news(&mut client);
        client.open_file("contacts/zhang.md");
        let spot = client.spot("contacts/zhang.md", "[boston, 朋‸友]");
        let answer = client.request("textDocument/completion", spot);
        assert_eq!(answer["items"][0]["label"], "朋友", "{name}");
        client.shutdown();
    }
}

/// An editor that is slow to read finds its answer behind a handful of problems, not behind those of the whole vault.
#[test]
fn an_answer_does_not_stand_behind_every_problem_of_the_vault() {
    const FILES: usize = 3000;
    let drawn: String =
        (0..FILES).map(|number| format!("== {number}.md\n---\nalias: P{number}\n---\n[[Nobody {number}]]\n")).collect();
    let desk = Desk::new(&format!("== guanxi.yaml\n{drawn}"));
    let mut command = desk.command(&["lsp"]);
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut to, mut from) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
    let mut send = |message: Value| {
        let body = message.to_string();
        write!(to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        to.flush().unwrap();
    };
    // How many problems were told before the answer.
    let mut told_before = |id: i64| {
        let mut told = 0;
        loop {
            let mut length = 0;
            let mut line = String::new();
            while from.read_line(&mut line).unwrap() > 2 {
                length = line.trim_end().strip_prefix("Content-Length: ").map_or(length, |length| length.parse().unwrap());
                line.clear();
            }
            let mut body = vec![0; length];
            from.read_exact(&mut body).unwrap();
            let message: Value = serde_json::from_slice(&body).unwrap();
            told += usize::from(message["method"] == "textDocument/publishDiagnostics");
            if message["id"] == id {
                return told;
            }
        }
    };
    let root = super::super::place::uri(desk.root());
    send(
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "processId": null, "rootUri": root, "capabilities": {} } }),
    );
    told_before(1);
    send(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let find = |id: i64| {
        let params = json!({ "command": "guanxi.find", "arguments": [{ "query": "P7" }] });
        json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": params })
    };
    send(find(2));
    told_before(2);
    // Nothing is read for a while: long enough to say all of it.
    std::thread::sleep(Duration::from_secs(3));
    send(find(3));
    let told = told_before(3);
    assert!(told < FILES / 2, "{told} problems stood before the answer");
    server.kill().unwrap();
    server.wait().unwrap();
}
