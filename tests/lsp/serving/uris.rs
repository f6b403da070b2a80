//! URIs as editors send them: percent-encoded, partly encoded, or as raw text that RFC 3986 does not allow.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::client::Client;
use super::super::place;
use super::super::start::Builder;

/// Names of folders and files that some operating system, editor or person comes up with.
const NAMES: &[&str] = &[
    "plain",
    "[2026] people",
    "Wang [Panda]",
    "a|b",
    "x^y",
    "{braces}",
    "say \"hi\"",
    "it's",
    "back\\slash",
    "two  spaces ",
    "-leading dash",
    "a#b",
    "a?b",
    "100%",
    "%",
    "王小明",
    "🐼 panda",
    "e\u{301}te\u{301}",
    "~tilde",
    "a+b&c",
    "`code`",
    "a;b=c,d@e!$(f)*",
    "<angle>",
    LONG,
];

/// With the ending as long as a name can be on most file systems.
const LONG: &str = concat!(
    "long long long long long long long long long long long long long long long long long long long long long long long long ",
    "long long long long long long long long long long long long long long long long long long long long long long long long ",
    "ends here"
);

/// Nothing is encoded.
fn raw(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap())
}

/// As the `url` crate does it (Helix): some signs that RFC 3986 does not allow are left as they are.
fn partly(path: &Path) -> String {
    let kept = |c: char| c.is_ascii_graphic() && !"\"<>`#?{}%".contains(c);
    let mut uri = "file://".to_owned();
    for c in path.to_str().unwrap().chars() {
        if kept(c) {
            uri.push(c);
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| uri.push_str(&format!("%{byte:02X}")));
        }
    }
    uri
}

fn lower(path: &Path) -> String {
    let uri = place::uri(path);
    let mut parts = uri.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |uri, part| format!("{uri}%{}{}", part[..2].to_ascii_lowercase(), &part[2..]))
}

const TEXT: &str = "---\nalias: Wang\ntags: [lead, vip]\n---\n[[Nobody]]\n[[Li Na]] and [her](li.md)\n";

/// Every URI in an answer that is this file, however it is spelled.
fn spellings(answer: &Value, file: &Path, found: &mut Vec<String>) {
    let mut look = |text: &str| {
        if text.starts_with("file:") && place::path(text) == file {
            found.push(text.to_owned());
        }
    };
    match answer {
        Value::String(text) => look(text),
        Value::Array(items) => items.iter().for_each(|item| spellings(item, file, found)),
        Value::Object(members) => {
            members.keys().for_each(|name| look(name));
            members.values().for_each(|value| spellings(value, file, found));
        }
        _ => {}
    }
}

fn converse(name: &str, spell: fn(&Path) -> String, documents: bool) {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().canonicalize().unwrap().join(name);
    fs::create_dir(&root).unwrap();
    let file = root.join(format!("{name}.md"));
    fs::write(root.join("guanxi.yaml"), "").unwrap();
    fs::write(root.join("li.md"), "---\nalias: Li Na\ntags: [lead]\n---\n").unwrap();
    fs::write(&file, TEXT).unwrap();
    let (folder, uri) = (spell(&root), spell(&file));
    let changes = [("workspace.workspaceEdit.documentChanges", json!(documents))];
    let mut client = Builder::new(&root)
        .capabilities(super::full_but(&changes))
        .first("rootUri", json!(folder))
        .first("workspaceFolders", json!([{ "uri": folder, "name": name }]))
        .start();
    super::ignore_news(&mut client);
    let only_its_own = |answer: &Value, what: &str| {
        let mut found = Vec::new();
        spellings(answer, &file, &mut found);
        assert!(!found.is_empty() && found.iter().all(|spelled| *spelled == uri), "{uri}: {what}: {answer}");
    };
    client.open(&uri, TEXT);
    client.wait_for_diagnostics(&uri, |found| found.len() == 1);
    client.edit(&uri, "[[Nobody]]", "[[Li");
    client.wait_for_diagnostics(&uri, |found| found.iter().all(|problem| problem["code"] != "link-unresolved"));
    let spot = json!({ "textDocument": { "uri": uri }, "position": { "line": 4, "character": 4 } });
    let completed = client.request("textDocument/completion", spot);
    assert!(completed["items"].to_string().contains("Li Na"), "{uri}: {completed}");
    client.edit(&uri, "[[Li\n", "\n");
    let hover = client.request("textDocument/hover", client.spot(&uri, "[[Li‸ Na]]"));
    assert!(hover.to_string().contains("Li Na"), "{uri}: {hover}");
    let mut rename = client.spot(&uri, "le‸ad");
    rename["newName"] = json!("prospect");
    let renamed = client.request("textDocument/rename", rename);
    only_its_own(&renamed, "rename");
    let after = edited(&client, &renamed, &uri);
    assert!(after.contains("prospect"), "{uri}: {renamed}");
    // A relative link in the file follows when the file moves.
    let moved = json!({ "files": [{ "oldUri": uri, "newUri": spell(&root.join("sub").join(file.file_name().unwrap())) }] });
    let moved = client.request("workspace/willRenameFiles", moved);
    only_its_own(&moved, "move");
    assert!(moved.to_string().contains("../li.md"), "{uri}: {moved}");
    for argument in [json!({ "contact": uri }), json!(uri)] {
        let asked = json!({ "command": "guanxi.show", "arguments": [argument] });
        let shown = client.request("workspace/executeCommand", asked);
        only_its_own(&shown, "show");
        let asked = client.expect_request("window/showDocument");
        assert_eq!(asked["uri"], json!(uri), "show");
    }
    let tagged = json!({ "command": "guanxi.tag.add", "arguments": [{ "tag": "vip", "contact": spell(&root.join("li.md")), "vault": folder }] });
    let tagged = client.request("workspace/executeCommand", tagged);
    assert!(tagged.to_string().contains("li.md"), "{uri}: {tagged}");
    let edit = client.expect_request("workspace/applyEdit");
    assert!(edit.to_string().contains("vip"), "{uri}: {edit}");
    // A problem appears once more before the document is closed, and the closing is understood too.
    client.edit(&uri, "[[Li Na]]", "[[Nobody]]");
    client.wait_for_diagnostics(&uri, |found| found.len() == 1);
    client.close(&uri);
    client.wait_for_diagnostics_of(&file, |found| found.len() == 1);
    client.shutdown();
}

fn edited(client: &Client, edit: &Value, uri: &str) -> String {
    let edits = edit["changes"][uri].as_array().cloned().or_else(|| {
        let changes = edit["documentChanges"].as_array()?;
        changes.iter().find(|change| change["textDocument"]["uri"] == uri)?["edits"].as_array().cloned()
    });
    let edits = edits.unwrap_or_else(|| panic!("nothing for {uri} in {edit}"));
    client.encoding().applied(client.text(uri), &edits).unwrap()
}

#[test]
#[cfg(unix)]
fn every_name_however_it_is_encoded() {
    // Most of the time of each is waiting for the server to have been quiet.
    std::thread::scope(|scope| {
        for spell in [raw, place::uri, partly, lower] {
            for half in NAMES.chunks(NAMES.len().div_ceil(2)) {
                scope.spawn(move || half.iter().for_each(|name| converse(name, spell, true)));
            }
        }
        scope.spawn(|| NAMES.iter().step_by(4).for_each(|name| converse(name, raw, false)));
    });
}
