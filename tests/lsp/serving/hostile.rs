//! Messages that no editor should send, by raw bytes: each is answered or understood, and the next one is answered as ever.

use serde_json::json;

use super::{Client, book};

fn send(client: &Client, body: &str) {
    client.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
}

/// The conversation goes on.
fn goes_on(client: &mut Client) {
    client.round_trip();
    let tags = client.request("workspace/executeCommand", json!({ "command": "guanxi.tags", "arguments": [] }));
    assert!(tags.to_string().contains("lead"), "{tags}");
}

/// Of two members with one name the last counts.
#[test]
fn a_member_that_is_named_twice() {
    let (_desk, mut client) = book();
    client.open_file("note.md");
    let uri = client.uri("note.md");
    let spot = format!(r#"{{"textDocument":{{"uri":"{uri}"}},"position":{{"line":1,"character":8}}}}"#);
    let nowhere = r#"{"textDocument":{"uri":"file:///nowhere.md"},"position":{"line":0,"character":0}}"#;
    for body in [
        format!(r#"{{"jsonrpc":"2.0","id":ID,"id":ID,"method":"textDocument/hover","params":{spot}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":7777,"id":ID,"method":"textDocument/hover","params":{spot}}}"#),
        format!(r#"{{"jsonrpc":"2.0","jsonrpc":"2.0","id":ID,"method":"x","method":"textDocument/hover","params":{spot}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":ID,"method":"textDocument/hover","params":{nowhere},"params":{spot}}}"#),
        format!(
            r#"{{"jsonrpc":"2.0","id":ID,"method":"textDocument/hover","params":{{"position":{{"line":0,"line":0,"character":0}},{}}}"#,
            &spot[1..]
        ),
    ] {
        let hover = client.request_raw("textDocument/hover", |id| body.replace("ID", &id.to_string()));
        assert!(hover.unwrap().to_string().contains("Panda Lighting"), "{body}");
        goes_on(&mut client);
    }
    // Of a change too: the text is what the last member says.
    let change = format!(
        r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{uri}","version":1,"version":2}},"contentChanges":[],"contentChanges":[{{"text":"x","text":"[[Li Na]]\n"}}]}}}}"#
    );
    let meant = json!({ "method": "textDocument/didChange", "params": { "textDocument": { "uri": uri, "version": 2 } } });
    client.send_raw_as(&meant, &change);
    let spot = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 4 } });
    let hover = client.request("textDocument/hover", spot);
    assert!(hover.to_string().contains("Li Na"), "{hover}");
    client.shutdown();
}

#[test]
fn what_cannot_be_read_is_refused_and_harms_nothing() {
    let (_desk, mut client) = book();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for params in [deep("[", "]"), deep("{\"a\":", "}"), "[".repeat(100_000), "1e999".to_owned(), "-1e999".to_owned()] {
        send(&client, &format!(r#"{{"jsonrpc":"2.0","id":9,"method":"textDocument/hover","params":{params}}}"#));
        let error = client.error_without_id();
        assert_eq!(error["code"], -32700, "{params:.20}: {error}");
        goes_on(&mut client);
    }
    client.shutdown();
}

#[test]
fn numbers_and_uris_that_nothing_can_have() {
    let (_desk, mut client) = book();
    client.open_file("note.md");
    let uri = client.uri("note.md");
    for (uri, number) in [
        (uri.as_str(), "4294967295"),
        (uri.as_str(), "4294967296"),
        (uri.as_str(), "99999999999999999999999999999999"),
        (uri.as_str(), "-1"),
        (uri.as_str(), "1e300"),
        ("file:///a\\u0000b.md", "0"),
        ("file:///a%00b.md", "0"),
        ("\\u0000", "0"),
        ("file:///\\ud800.md", "0"),
        ("", "0"),
        ("file:", "0"),
        ("file://", "0"),
        ("nothing", "0"),
    ] {
        let position = format!(r#"{{"line":{number},"character":{number}}}"#);
        let params = format!(r#"{{"textDocument":{{"uri":"{uri}"}},"position":{position}}}"#);
        let body = format!(r#"{{"jsonrpc":"2.0","id":ID,"method":"textDocument/hover","params":{params}}}"#);
        let answer = client.request_raw("textDocument/hover", |id| body.replace("ID", &id.to_string()));
        assert!(answer.as_ref().map_or_else(|error| error["code"] == -32602, serde_json::Value::is_null), "{body}: {answer:?}");
        let document = format!(r#"{{"uri":"{uri}","languageId":"markdown","version":{number},"text":""}}"#);
        if uri != client.uri("note.md") {
            let body = format!(r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{document}}}}}"#);
            let meant = serde_json::from_str(&body.replace("\\ud800", "\\ufffd")).unwrap();
            client.send_raw_as(&meant, &body);
        }
        goes_on(&mut client);
    }
    client.shutdown();
}

/// Editors in JavaScript send half an emoji while it is typed. The text goes on being the editor's.
#[test]
fn half_a_surrogate_pair_is_a_character() {
    let (_desk, mut client) = book();
    client.open("x.md", "[[Li Na]]\n");
    let uri = client.uri("x.md");
    let change = |version: u32, range: &str, text: &str| {
        let document = format!(r#"{{"uri":"{uri}","version":{version}}}"#);
        let changes = format!(r#"[{{"range":{range},"text":"{text}"}}]"#);
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{document},"contentChanges":{changes}}}}}"#
        )
    };
    let start = r#"{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}"#;
    for (version, text) in [(2, "\\ud83d"), (3, "a\\n")] {
        let meant =
            json!({ "method": "textDocument/didChange", "params": { "textDocument": { "uri": uri, "version": version } } });
        client.send_raw_as(&meant, &change(version, start, text));
    }
    let spot = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 6 } });
    let hover = client.request("textDocument/hover", spot);
    assert!(hover.to_string().contains("Li Na"), "{hover}");
    client.shutdown();
}
