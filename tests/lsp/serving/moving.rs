//! Moves in the editor: who is kept out of broadcasts stays out, or is named.

use std::fs;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::client_of;
use crate::cli::Desk;

const EE: &str = "---\nalias: Ee\ntags: [lead]\nemails: [ee@x.example]\n---\n";

fn desk(settings: &str, ignored: (&str, &str), paths: &[&str]) -> Desk {
    let people: String = paths.iter().map(|path| format!("== {path}\n{EE}")).collect();
    let desk = Desk::new(&format!(
        "== guanxi.yaml\n{settings}== ada.md\n---\nalias: Ada\ntags: [lead]\nemails: [ada@x.example]\n---\n\
         == b.md\n---\nto: \"#lead\"\nvia: email\nsubject: s\n---\nHi\n{people}"
    ));
    fs::write(desk.path(ignored.0), ignored.1).unwrap();
    desk
}

/// As an editor moves: it asks, edits, moves, and says so. What was shown to the person.
fn moved(desk: &Desk, client: &mut Client, moves: &[(&str, &str)]) -> String {
    let pair = |(old, new): &(&str, &str)| json!({ "oldUri": client.uri(old), "newUri": client.uri(new) });
    let files = json!({ "files": moves.iter().map(pair).collect::<Vec<_>>() });
    let edit = client.request("workspace/willRenameFiles", files.clone());
    if edit != Value::Null {
        for (path, text) in client.after(&edit) {
            fs::write(desk.path(&path), text).unwrap();
        }
    }
    for (old, new) in moves {
        fs::create_dir_all(desk.path(new).parent().unwrap()).unwrap();
        fs::rename(desk.path(old), desk.path(new)).unwrap();
    }
    client.notify("workspace/didRenameFiles", files);
    client.round_trip();
    let said = client.take_all("window/showMessage");
    said.iter().map(|one| one["message"].as_str().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

fn recipients(desk: &Desk) -> String {
    desk.run(&["broadcast", "list", "b.md"]).out.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_an_ignore_file_leaves_out_stays_out_under_a_new_name() {
    for (settings, (ignore, pattern), paths, moves) in [
        ("", (".gitignore", "old/\n"), &["old/ee.md"][..], &[("old", "older")][..]),
        ("", (".ignore", "/p/old\n"), &["p/old/ee.md"], &[("p/old", "p/older")]),
        ("vault:\n  ignore: [x]\n", ("p/.gitignore", "draft.md\n"), &["p/draft.md", "p/x/a.md"], &[("p/draft.md", "p/final.md")]),
        ("vault:\n  ignore: [x]\n", (".gitignore", "*.private.md\n"), &["p/ee.private.md"], &[("p/ee.private.md", "p/ee.md")]),
        ("vault:\n  contacts: p\n", (".ignore", "old\n"), &["old/ee.md", "old/sub/ff.md"], &[("old", "a[b] *c ")]),
        ("vault:\n  ignore: [old]\n", (".gitignore", "old\n"), &["old/ee.md"], &[("old", "new")]),
    ] {
        let desk = desk(settings, (ignore, pattern), paths);
        assert_eq!(recipients(&desk), "Ada", "{pattern}");
        let mut client = client_of(desk.root(), capabilities::full());
        client.request("workspace/symbol", json!({ "query": "Ada" }));
        let said = moved(&desk, &mut client, moves);
        assert_eq!(recipients(&desk), "Ada", "{pattern} {moves:?}: {said}\n{}", desk.text("guanxi.yaml"));
        assert_eq!(said, "", "{pattern} {moves:?}");
        client.shutdown();
    }
}

#[test]
fn who_comes_in_is_named_before_and_after() {
    for (path, moves) in [("old/ee.md", ("old/ee.md", "ee.md")), ("old/p/ee.md", ("old/p", "p"))] {
        let desk = desk("", (".gitignore", "old/\n"), &[path]);
        assert_eq!(recipients(&desk), "Ada", "{path}");
        let mut client = client_of(desk.root(), capabilities::full());
        client.request("workspace/symbol", json!({ "query": "Ada" }));
        let mut said = moved(&desk, &mut client, &[moves]);
        // What follows a notification comes when it comes.
        if !said.contains("\nmoved: ") {
            said = format!("{said}\n{}", client.expect_notification("window/showMessage")["message"].as_str().unwrap());
        }
        let people = "b.md would also match 1 contact (Ee)";
        let expected = format!(
            "this move lets people into broadcasts: {people}\nmoved: {people}; exclude them, or move back, if that is not meant"
        );
        assert_eq!(said, expected, "{moves:?}");
        assert_eq!(recipients(&desk), "Ada Ee", "{moves:?}");
        client.shutdown();
    }
}

/// Where it is no longer read, a "no" is as good as deleted.
#[test]
fn a_no_that_is_moved_away_is_asked_about() {
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("no.md").to_str().unwrap().to_owned();
    for (moves, is_asked) in [
        (("p/no.md", ".trash/no.md"), true),
        (("p/no.md", "p/no.md.bak"), true),
        (("p/no.md", "p/no.txt"), true),
        (("p/no.md", outside.as_str()), true),
        (("p", ".p"), true),
        (("p", "q"), false),
        (("p/no.md", "q/no.markdown"), false),
        (("ada.md", ".trash/ada.md"), false),
    ] {
        let desk = desk("broadcast:\n", (".gitignore", "\n"), &[]);
        fs::create_dir(desk.path("p")).unwrap();
        fs::write(desk.path("p/no.md"), "---\nalias: Nono\nemails: [no@x.example]\nopt_out: true\n---\n").unwrap();
        let mut client = client_of(desk.root(), capabilities::full());
        client.handle("window/showMessageRequest", |_| Ok(json!({ "title": "Keep" })));
        client.request("workspace/symbol", json!({ "query": "Ada" }));
        moved(&desk, &mut client, &[moves]);
        if is_asked {
            let asked = client.expect_request("window/showMessageRequest");
            assert!(asked["message"].as_str().unwrap().starts_with("Nono had said no"), "{moves:?}: {asked}");
            client.expect_request("workspace/applyEdit");
        } else {
            client.round_trip();
            assert!(client.take_all("window/showMessageRequest").is_empty(), "{moves:?}");
        }
        client.shutdown();
    }
}
