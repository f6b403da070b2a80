//! The client against a server of a few lines, over pipes in this process.

use std::io::{Write, pipe};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::capabilities::{CAPTURED, captured};
use super::super::client::{Builder, Client};
use super::super::wire::{Frame, Frames, frame};
use super::{judge, must_say};

/// A server that answers `initialize` and `shutdown`, gives everything else to `more`, and says what that gives.
fn fake(builder: Builder, mut more: impl FnMut(&Value) -> Vec<Vec<u8>> + Send + 'static) -> Client {
    let ((from_client, to_server), (from_server, mut to_client)) = (pipe().unwrap(), pipe().unwrap());
    std::thread::spawn(move || {
        let mut frames = Frames::new(from_client);
        loop {
            let message = match frames.next(&mut |_| {}) {
                Frame::Message(message) => message,
                Frame::Unreadable(_) => json!({"method": "unreadable"}),
                _ => return,
            };
            let result = |result: Value| vec![frame(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}))];
            let says = match message["method"].as_str() {
                Some("initialize") => result(json!({"capabilities": {"textDocumentSync": 2, "hoverProvider": true}})),
                Some("shutdown") => result(Value::Null),
                Some("exit") => return,
                _ => more(&message),
            };
            for bytes in says {
                to_client.write_all(&bytes).unwrap();
            }
        }
    });
    builder.over(from_server, to_server)
}

fn builder() -> Builder {
    Client::builder(Path::new("/vault")).patience(Duration::from_secs(5))
}

fn note(method: &str, params: Value) -> Vec<u8> {
    frame(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
}

fn answer(id: &Value, result: Value) -> Vec<u8> {
    frame(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

/// What a conversation fails with.
fn failure(talk: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(talk)).expect_err("this should have failed");
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_whole_conversation() {
    let mut waiting = Vec::new();
    let mut client =
        fake(builder().settings(json!({"guanxi": {"inlay": true}})), move |message| match message["method"].as_str() {
            Some("textDocument/didOpen") => {
                let uri = &message["params"]["textDocument"]["uri"];
                let problem =
                    json!({"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}, "message": "m"});
                vec![
                    note("textDocument/publishDiagnostics", json!({"uri": uri, "diagnostics": []})),
                    note("textDocument/publishDiagnostics", json!({"uri": uri, "version": 1, "diagnostics": [problem]})),
                    frame(&json!({"jsonrpc": "2.0", "id": "c", "method": "workspace/configuration",
                    "params": {"items": [{"section": "guanxi.inlay"}, {"section": "other"}]}})),
                ]
            }
            // Two hovers are answered the wrong way round, and the first in three pieces.
            Some("textDocument/hover") => {
                waiting.push(message["id"].clone());
                let [first, second] = &waiting[..] else { return Vec::new() };
                let late = answer(first, json!({"contents": "first"}));
                vec![answer(second, json!({"contents": "second"})), late[..7].to_vec(), late[7..30].to_vec(), late[30..].to_vec()]
            }
            Some("test/round-trip") => {
                let error = json!({"code": -32601, "message": "unknown"});
                vec![frame(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}))]
            }
            // The configuration came: say it back as a message to a person.
            None => vec![note("window/showMessage", json!({"type": 3, "message": message["result"].to_string()}))],
            _ => Vec::new(),
        });
    client.initialize();
    let cursor = client.open_at_cursor("a.md", "alias: 王‸\n");
    assert_eq!(cursor, json!({"line": 0, "character": 8}));
    assert_eq!(client.wait_for_diagnostics("a.md", |list| !list.is_empty()).len(), 1);
    assert_eq!(client.expect_notification("window/showMessage")["message"], "[true,null]");
    client.edit("a.md", "王", "Wang");
    assert_eq!((client.text("a.md"), client.version("a.md")), ("alias: Wang\n", 2));
    let first = client.send_request("textDocument/hover", client.spot("a.md", "W‸ang"));
    let second = client.send_request("textDocument/hover", client.spot("a.md", "Wa‸ng"));
    assert_eq!(client.answer(first).unwrap()["contents"], "first");
    assert_eq!(client.answer(second).unwrap()["contents"], "second");
    client.round_trip();
    client.close("a.md");
    client.shutdown();
}

#[test]
fn a_document_is_opened_once() {
    let document = |version: i64| json!({"uri": "file:///vault/a.md", "languageId": "markdown", "version": version, "text": ""});
    let open = |version: i64| ("textDocument/didOpen", json!({"textDocument": document(version)}));
    let close = || ("textDocument/didClose", json!({"textDocument": {"uri": "file:///vault/a.md"}}));
    for (told, wanted) in [
        (vec![open(1), close(), open(1)], ""),
        (vec![open(1), open(2)], "opened file:///vault/a.md a second time"),
        (vec![open(1), close(), open(1), open(1)], "opened file:///vault/a.md a second time"),
    ] {
        let mut judge = judge(&json!({}), json!({}));
        for (method, params) in &told {
            judge.sent(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
        }
        must_say(&judge.faults, wanted, &json!(told));
    }
}

#[test]
fn an_edit_comes_before_the_answer_to_its_command() {
    let ask = json!({"jsonrpc": "2.0", "id": 5, "method": "workspace/executeCommand", "params": {"command": "c"}});
    let answer = json!({"jsonrpc": "2.0", "id": 5, "result": null});
    let edit = json!({"jsonrpc": "2.0", "id": 0, "method": "workspace/applyEdit", "params": {"edit": {"changes": {}}}});
    for (came, wanted) in [([&edit, &answer], ""), ([&answer, &edit], "no command waits for its answer")] {
        let mut judge = judge(&json!({"workspace": {"applyEdit": true}}), json!({}));
        judge.sent(&ask);
        for message in came {
            judge.came(message.clone());
        }
        must_say(&judge.faults, wanted, &json!(came));
    }
}

#[test]
fn what_nobody_read_fails_unless_it_is_ignored() {
    let talkative = |message: &Value| match message["method"].as_str() {
        Some("initialized") => vec![
            note("window/logMessage", json!({"type": 3, "message": "housekeeping"})),
            note("window/showMessage", json!({"type": 1, "message": "hear me"})),
        ],
        _ => Vec::new(),
    };
    let talk = |builder: Builder| {
        let mut client = fake(builder, talkative);
        client.initialize();
        client.shutdown();
    };
    talk(builder().ignore("window/showMessage"));
    assert!(failure(|| talk(builder())).contains("unread: window/showMessage"));
}

#[test]
fn what_is_wrong_fails_at_the_end_at_the_latest() {
    let ending = |bytes: Vec<u8>| {
        failure(move || {
            let mut client = fake(builder(), move |message| match message["method"] == "initialized" {
                true => vec![bytes.clone()],
                false => Vec::new(),
            });
            client.initialize();
            client.shutdown();
        })
    };
    assert!(ending(note("window/logMessage", json!({"message": "m"}))).contains("lacks `type`"));
    assert!(ending(b"Hello!\r\n".to_vec()).contains("no header"));
    assert!(ending(b"Content-Length: 2\r\n\r\n{]".to_vec()).contains("no JSON"));
    assert!(ending(b"Content-Length: 2\n\n{}".to_vec()).contains("header"));
    // A length that is too short leaves a rest that is no header.
    let message = json!({"jsonrpc": "2.0", "method": "window/logMessage", "params": {"type": 3, "message": "m"}}).to_string();
    let short = format!("Content-Length: {}\r\n\r\n{message}", message.len() - 1);
    assert!(ending(short.into_bytes()).contains("no JSON"));
    // One that is too long swallows the beginning of the next message.
    let long = format!("Content-Length: {}\r\n\r\n{message}", message.len() + 1);
    assert!(ending(long.into_bytes()).contains("no JSON"));
    assert!(failure(|| drop(fake(builder(), |_| Vec::new()))).contains("must end with shutdown()"));
}

/// The real binary, with a command that is no server: what it prints is no message.
#[test]
fn a_program_is_started_and_ended() {
    let program = || builder().arguments(&["--version"]).silent();
    let text = failure(|| program().ends_with(0));
    assert!(text.contains("fault: no header: guanxi ") && !text.contains("the server ended with"), "{text}");
    assert!(failure(|| program().ends_with(3)).contains("wanted 3"));
    let text = failure(|| drop(builder().arguments(&["no-such-command"]).start()));
    assert!(text.contains("the server hung up") && text.contains("no-such-command"), "{text}");
}

#[test]
fn waiting_ends() {
    let text = failure(|| {
        let mut client =
            fake(builder().patience(Duration::from_millis(30)), |message| match message["method"] == "initialized" {
                true => vec![b"Content-Length: 99\r\n\r\n{\"jsonrpc\"".to_vec()],
                false => Vec::new(),
            });
        client.initialize();
        client.expect_notification("window/showMessage");
    });
    assert!(text.contains("waiting for window/showMessage: 30ms went by"), "{text}");
    assert!(text.contains("not whole: 10 of 99 bytes"), "{text}");
}

#[test]
fn raw_bytes_may_earn_an_error_without_an_id() {
    let mut client = fake(builder(), |message| match message["method"] == "unreadable" {
        true => vec![frame(&json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "m"}}))],
        false => Vec::new(),
    });
    client.initialize();
    client.send_raw(b"Content-Length: 3\r\n\r\n{]!");
    assert_eq!(client.error_without_id()["code"], -32700);
    client.shutdown();
}

#[test]
fn every_editor_that_was_written_down_can_be_played() {
    for (name, _) in CAPTURED {
        assert!(captured(name)["capabilities"]["textDocument"].is_object(), "{name}");
        let mut client = fake(builder().captured(name), |_| Vec::new());
        let folders = client.first_words().get("workspaceFolders").is_some();
        assert_eq!(folders, captured(name)["sendsFolders"] == true, "{name}");
        client.initialize();
        client.shutdown();
    }
}
