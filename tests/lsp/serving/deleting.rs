//! A contact who said no is deleted in the editor: it is asked whether their addresses are kept.

use std::fs;

use guanxi::contact::Config;
use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{client_of, full_but, picture};
use crate::cli::Desk;

const VAULT: &str = "\
== guanxi.yaml
broadcast:
  exclude: \"#do-not-contact\"
== bo.md
---
alias: Bo Chen
emails: [bo@x.example]
opt_out: true
---
== ada.md
---
alias: Ada
emails: [ada@x.example]
---
";

const QUESTION: &str = "Bo Chen had said no to messages. Keep bo@x.example in broadcast.never, so that an import cannot bring them back into a broadcast?";

fn deleted(client: &Client, paths: &[&str]) -> Value {
    json!({ "files": paths.iter().map(|path| json!({ "uri": client.uri(path) })).collect::<Vec<_>>() })
}

/// As an editor deletes files: it says so beforehand, if it does, and afterwards.
fn delete(client: &mut Client, paths: &[&str], says_so_beforehand: bool) {
    let files = deleted(client, paths);
    if says_so_beforehand {
        assert_eq!(client.request("workspace/willDeleteFiles", files.clone()), Value::Null);
        paths.iter().for_each(|path| fs::remove_file(client.path(path)).unwrap());
    }
    client.notify("workspace/didDeleteFiles", files);
}

fn answering(desk: &Desk, capabilities: Value, answer: Value) -> Client {
    let mut client = client_of(desk.root(), capabilities);
    client.handle("window/showMessageRequest", move |_| Ok(answer.clone()));
    // What is asked after the first answer comes when the vault is known.
    client.request("workspace/symbol", json!({ "query": "Bo" }));
    client
}

#[test]
fn addresses_of_a_deleted_no_are_kept_where_somebody_says_so() {
    for says_so_beforehand in [true, false] {
        let desk = Desk::new(VAULT);
        let mut client = answering(&desk, capabilities::full(), json!({ "title": "Keep" }));
        delete(&mut client, &["bo.md", "ada.md"], says_so_beforehand);
        let asked = client.expect_request("window/showMessageRequest");
        assert_eq!(asked["message"], QUESTION);
        assert_eq!(asked["actions"], json!([{ "title": "Keep" }, { "title": "No" }]));
        let edit = client.expect_request("workspace/applyEdit");
        let expected = "guanxi.yaml\n  +   never: [bo@x.example]\n";
        assert_eq!(picture(&client, &edit["edit"]), expected);
        client.shutdown();
    }
}

/// The vault may have forgotten the file by the time that the editor says what it did.
#[test]
fn what_was_said_beforehand_is_remembered() {
    let desk = Desk::new(VAULT);
    let mut client = answering(&desk, capabilities::full(), json!({ "title": "Keep" }));
    let files = deleted(&client, &["bo.md"]);
    client.request("workspace/willDeleteFiles", files.clone());
    fs::remove_file(desk.path("bo.md")).unwrap();
    let is_there = |client: &mut Client| {
        let found = client.request("workspace/symbol", json!({ "query": "Bo Chen" }));
        found.as_array().is_some_and(|found| found.iter().any(|one| one["name"] == "Bo Chen"))
    };
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while is_there(&mut client) {
        assert!(std::time::Instant::now() < until, "the vault still has it");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    client.notify("workspace/didDeleteFiles", files);
    assert_eq!(client.expect_request("window/showMessageRequest")["message"], QUESTION);
    client.expect_request("workspace/applyEdit");
    client.shutdown();
}

#[test]
fn settings_that_are_not_there_are_made() {
    let vault = VAULT.split_once("== bo.md").map(|(_, rest)| format!("== bo.md{rest}")).unwrap();
    let desk = Desk::new(&vault);
    for capabilities in [capabilities::full(), full_but(&[("workspace.workspaceEdit.resourceOperations", json!([]))])] {
        let mut client = answering(&desk, capabilities, json!({ "title": "Keep" }));
        delete(&mut client, &["bo.md"], false);
        client.expect_request("window/showMessageRequest");
        let edit = client.expect_request("workspace/applyEdit");
        assert_eq!(client.after(&edit["edit"])["guanxi.yaml"], "broadcast:\n  never: [bo@x.example]\n");
        client.shutdown();
    }
}

#[test]
fn nothing_is_written_without_a_yes() {
    for answer in [json!({ "title": "No" }), Value::Null] {
        let desk = Desk::new(VAULT);
        let mut client = answering(&desk, capabilities::full(), answer);
        delete(&mut client, &["bo.md"], true);
        client.expect_request("window/showMessageRequest");
        client.round_trip();
        assert!(client.take_all("workspace/applyEdit").is_empty());
        client.shutdown();
    }
    // Nobody waits for a person who does not answer.
    let desk = Desk::new(VAULT);
    let mut client = client_of(desk.root(), capabilities::full());
    client.keep_waiting("window/showMessageRequest");
    client.request("workspace/symbol", json!({ "query": "Bo" }));
    delete(&mut client, &["bo.md"], true);
    client.expect_request("window/showMessageRequest");
    client.open_file("ada.md");
    client.request("textDocument/hover", client.spot("ada.md", "alias: A‸da"));
    client.kill();
}

#[test]
fn who_said_nothing_is_deleted_without_a_word() {
    let desk = Desk::new(VAULT);
    let mut client = answering(&desk, capabilities::full(), json!({ "title": "Keep" }));
    delete(&mut client, &["ada.md"], true);
    delete(&mut client, &["nowhere.md"], false);
    client.notify("workspace/didDeleteFiles", json!({ "files": [{ "uri": "file:///elsewhere/bo.md" }] }));
    client.round_trip();
    client.shutdown();
}

/// A folder takes its contacts along, and what is gone comes with one question.
#[test]
fn a_folder_is_asked_about_as_its_files_are() {
    let vault = VAULT.replace("== bo.md", "== no/way/bo.md").replace("== ada.md", "== no/ada.md");
    let dee = "== dee.md\n---\nalias: Dee\nemails: [dee@x.example]\nopt_out: true\n---\n";
    let near = "== no-more/eve.md\n---\nalias: Eve\nemails: [eve@x.example]\nopt_out: true\n---\n";
    for (paths, asked, kept) in [
        (vec!["no"], "Bo Chen", "bo@x.example"),
        (vec!["no/"], "Bo Chen", "bo@x.example"),
        (vec!["no/way"], "Bo Chen", "bo@x.example"),
        (vec!["no", "no/way", "no/way/bo.md"], "Bo Chen", "bo@x.example"),
        (vec!["no", "dee.md"], "Bo Chen, Dee", "bo@x.example, dee@x.example"),
    ] {
        for says_so_beforehand in [true, false] {
            let desk = Desk::new(&format!("{vault}{dee}{near}"));
            let mut client = answering(&desk, capabilities::full(), json!({ "title": "Keep" }));
            let files = deleted(&client, &paths);
            if says_so_beforehand {
                assert_eq!(client.request("workspace/willDeleteFiles", files.clone()), Value::Null);
            }
            client.notify("workspace/didDeleteFiles", files);
            let question = client.expect_request("window/showMessageRequest")["message"].as_str().unwrap_or("").to_owned();
            let mut people = question.split_once(" had said no").unwrap().0.split(", ").collect::<Vec<_>>();
            people.sort_unstable();
            assert_eq!(people.join(", "), asked, "{paths:?}: {question}");
            let edit = client.expect_request("workspace/applyEdit");
            let after = client.after(&edit["edit"])["guanxi.yaml"].clone();
            let never = Config::parse(&after).0.never;
            let mut never: Vec<&str> = never.iter().map(String::as_str).collect();
            never.sort_unstable();
            assert_eq!(never.join(", "), kept, "{paths:?}");
            client.shutdown();
        }
    }
}

#[test]
fn editors_are_asked_to_tell_of_folders_too() {
    let desk = Desk::new(VAULT);
    let client = client_of(desk.root(), capabilities::full());
    let operations = &client.server()["workspace"]["fileOperations"];
    for operation in ["willDelete", "didDelete"] {
        let filters = operations[operation]["filters"].as_array().unwrap();
        let takes_folders = |filter: &&Value| {
            let pattern = &filter["pattern"];
            pattern["glob"] == "**/*" && pattern["matches"] == "folder"
        };
        assert_eq!(filters.iter().filter(takes_folders).count(), 1, "{operation}: {filters:?}");
    }
    client.shutdown();
}
