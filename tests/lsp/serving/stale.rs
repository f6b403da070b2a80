//! Another program writes a file shortly before an edit of it is asked for. Whatever the server answers fits the text that is there,
//! or nothing is edited: an edit made for the older text would tear the newer one.

use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::client_of;
use crate::cli::Desk;

/// LSP 3.17, `ContentModified`.
const CONTENT_MODIFIED: i64 = -32801;

const VAULT: &str = "\
== guanxi.yaml
== wang.md
---
alias: Wang Xiaoming
org: Panda
tags: [lead]
emails: [w@x.example]
---
See [Li](li.md).
== li.md
---
alias: Li Na
tags: [lead]
---
With [[Wang Xiaoming]] and [him](wang.md).
== twin.md
---
alias: Wang
emails: [w@x.example]
---
Likes tea.
== note.md
---
alias: Note
---
[[Wang Xiaoming]] #lead
";

/// What another program makes of a file: longer before the place that an edit touches, or shorter.
const WRITTEN: [(&str, &str, &str); 4] = [
    ("wang.md", "org: Panda\n", "org: Panda Lighting and Sons of Shenzhen\n"),
    ("wang.md", "org: Panda\n", ""),
    ("li.md", "alias: Li Na\n", "alias: Li Na\n# a remark of somebody's\nopt_out: true\n"),
    ("twin.md", "Likes tea.\n", "Likes tea, and says no.\n"),
];

/// A way to have files edited: what is asked, and what it makes of all texts.
struct Door {
    name: &'static str,
    ask: fn(&mut Client) -> Result<Value, Value>,
    makes: fn(&str, &str) -> String,
}

fn command(client: &mut Client, name: &str, arguments: Value) -> Result<Value, Value> {
    client.try_request("workspace/executeCommand", json!({ "command": name, "arguments": [arguments] }))?;
    Ok(client.expect_request("workspace/applyEdit")["edit"].clone())
}

fn rename(client: &mut Client, spot: &str, new: &str) -> Result<Value, Value> {
    let mut asked = client.spot("note.md", spot);
    asked["newName"] = new.into();
    client.try_request("textDocument/rename", asked)
}

fn with_tag(text: &str, new: &str) -> String {
    text.replace("[lead]", new).replace("#lead", &format!("#{}", new.trim_matches(['[', ']'])))
}

const DOORS: &[Door] = &[
    Door {
        name: "rename of a tag",
        ask: |client| rename(client, "#le‸ad", "prospect"),
        makes: |_, text| with_tag(text, "[prospect]"),
    },
    Door {
        name: "rename of an alias",
        ask: |client| rename(client, "[[Wang‸", "Wang X"),
        makes: |_, text| text.replace("Wang Xiaoming", "Wang X"),
    },
    Door {
        name: "rename of a file",
        ask: |client| {
            let files = json!([{ "oldUri": client.uri("wang.md"), "newUri": client.uri("people/w.md") }]);
            client.try_request("workspace/willRenameFiles", json!({ "files": files }))
        },
        makes: |path, text| match path {
            "wang.md" => text.replace("(li.md)", "(../li.md)"),
            _ => text.replace("(wang.md)", "(people/w.md)"),
        },
    },
    Door {
        name: "guanxi.tag.rename",
        ask: |client| command(client, "guanxi.tag.rename", json!({ "old": "lead", "new": "prospect" })),
        makes: |_, text| with_tag(text, "[prospect]"),
    },
    Door {
        name: "guanxi.tag.add",
        ask: |client| command(client, "guanxi.tag.add", json!({ "tag": "vip", "contacts": ["wang.md", "li.md"] })),
        makes: |_, text| text.replace("[lead]", "[lead, vip]"),
    },
    Door {
        name: "guanxi.contact.merge",
        ask: |client| command(client, "guanxi.contact.merge", json!({ "keep": "wang.md", "other": "twin.md" })),
        makes: |path, text| match path {
            "wang.md" => text.replace("Xiaoming\n", "Xiaoming\naliases: [Wang]\n") + "\n{twin}",
            _ => text.to_owned(),
        },
    },
];

fn client(desk: &Desk) -> Client {
    let mut client = client_of(desk.root(), capabilities::full());
    client.ignore("window/showMessage");
    client.open_file("note.md");
    // The vault is read, and watched where it is.
    client.request("workspace/symbol", json!({ "query": "" }));
    client
}

/// The text of every file as it should be after the edit.
fn expected(desk: &Desk, door: &Door, path: &str) -> String {
    let twin = desk.text("twin.md");
    let (_, body) = twin.split_once("---\n").unwrap().1.split_once("---\n").unwrap();
    (door.makes)(path, &desk.text(path)).replace("{twin}", body)
}

/// Is what the server answered right for the texts that are on disk now?
fn judge(desk: &Desk, client: &Client, door: &Door, answer: &Result<Value, Value>, what: &str) {
    match answer {
        Err(error) => assert_eq!(error["code"], CONTENT_MODIFIED, "{}, {what}: {error}", door.name),
        Ok(edit) => {
            for (path, text) in client.after(edit) {
                assert_eq!(text, expected(desk, door, &path), "{}, {what}: {path}", door.name);
            }
        }
    }
}

#[test]
fn a_file_that_another_program_has_just_written() {
    for door in DOORS {
        for (path, old, new) in WRITTEN {
            let desk = Desk::new(VAULT);
            let mut client = client(&desk);
            let before = desk.text(path);
            for wait in [0, 5, 30, 60] {
                fs::write(desk.path(path), before.replace(old, new)).unwrap();
                thread::sleep(Duration::from_millis(wait));
                let answer = (door.ask)(&mut client);
                judge(&desk, &client, door, &answer, &format!("{path} {wait} ms before"));
                fs::write(desk.path(path), &before).unwrap();
                thread::sleep(Duration::from_millis(wait));
                let answer = (door.ask)(&mut client);
                judge(&desk, &client, door, &answer, &format!("{path} {wait} ms after it was put back"));
            }
            client.shutdown();
        }
    }
}

/// Where nobody watches, the first look is the one that the edit takes.
#[test]
fn a_file_that_nobody_watches() {
    for mode in ["poll", "off"] {
        for door in DOORS {
            for (path, old, new) in WRITTEN {
                let desk = Desk::new(&VAULT.replace("== guanxi.yaml\n", &format!("== guanxi.yaml\nwatch: {mode}\n")));
                let mut client = client(&desk);
                fs::write(desk.path(path), desk.text(path).replace(old, new)).unwrap();
                let answer = (door.ask)(&mut client);
                judge(&desk, &client, door, &answer, &format!("{path}, watch: {mode}"));
                // Nobody has to try for ever.
                assert!(answer.is_ok(), "{}, {path}, watch: {mode}: {answer:?}", door.name);
                client.shutdown();
            }
        }
    }
}

#[test]
fn a_file_that_is_gone_is_not_edited() {
    for mode in ["auto", "off"] {
        let desk = Desk::new(&VAULT.replace("== guanxi.yaml\n", &format!("== guanxi.yaml\nwatch: {mode}\n")));
        let mut client = client(&desk);
        fs::remove_file(desk.path("li.md")).unwrap();
        let edit = rename(&mut client, "#le‸ad", "prospect").unwrap();
        assert!(!client.after(&edit).contains_key("li.md"), "{edit}");
        client.shutdown();
    }
}

/// A link that leads out of the vault is read, and never written: not by the server either.
#[test]
#[cfg(unix)]
fn what_lies_outside_is_not_edited() {
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("out.md");
    fs::write(&outside, "---\nalias: Out\ntags: [lead]\n---\n").unwrap();
    let desk = Desk::new(VAULT);
    std::os::unix::fs::symlink(&outside, desk.path("out.md")).unwrap();
    let mut client = client(&desk);
    for answer in [
        rename(&mut client, "#le‸ad", "prospect"),
        client.try_request(
            "workspace/executeCommand",
            json!({ "command": "guanxi.tag.add", "arguments": [{ "tag": "vip", "contact": "out.md" }] }),
        ),
    ] {
        let error = answer.unwrap_err();
        assert!(error["message"].as_str().unwrap().contains("out.md is a link that leads out of the vault"), "{error}");
    }
    client.shutdown();
}

/// A link inside the vault is another path to a file: two edits of one text would tear it.
#[test]
#[cfg(unix)]
fn a_file_with_two_paths_is_edited_under_one() {
    let desk = Desk::new(VAULT);
    fs::create_dir(desk.path("links")).unwrap();
    std::os::unix::fs::symlink("li.md", desk.path("0.md")).unwrap();
    std::os::unix::fs::symlink("../li.md", desk.path("links/li.md")).unwrap();
    let mut client = client(&desk);
    let paths = |client: &Client, edit: &Value| -> Vec<String> {
        client.after(edit).into_keys().filter(|path| path != "wang.md" && path != "note.md").collect()
    };
    let doors: [fn(&mut Client) -> Value; 5] = [
        |client| rename(client, "#le‸ad", "prospect").unwrap(),
        |client| rename(client, "[[Wang‸", "Wang X").unwrap(),
        |client| command(client, "guanxi.tag.rename", json!({ "old": "lead", "new": "prospect" })).unwrap(),
        |client| command(client, "guanxi.tag.add", json!({ "tag": "vip", "query": "#lead" })).unwrap(),
        |client| {
            let files = json!([{ "oldUri": client.uri("wang.md"), "newUri": client.uri("people/w.md") }]);
            client.request("workspace/willRenameFiles", json!({ "files": files }))
        },
    ];
    for door in doors {
        let edit = door(&mut client);
        assert_eq!(paths(&client, &edit), ["li.md"], "{edit}");
    }
    // The document that is open under one of the paths is what the person sees, and what is not saved yet.
    client.open_file("links/li.md");
    client.edit("links/li.md", "alias: Li Na", "alias: Li Na\norg: River");
    // A link by path leads elsewhere from there.
    for door in &doors[..4] {
        let edit = door(&mut client);
        assert_eq!(paths(&client, &edit), ["links/li.md"], "{edit}");
        assert!(client.after(&edit)["links/li.md"].contains("org: River\n"));
    }
    client.shutdown();
}
