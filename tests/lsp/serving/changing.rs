//! What changes texts, once through the protocol: the edits are put into the texts, and the texts are looked at.

use serde_json::{Value, json};

use super::super::capabilities;
use super::{BOOK, Client, book, client_of};
use crate::cli::Desk;

fn titles(actions: &Value) -> Vec<&str> {
    actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect()
}

fn actions(client: &mut Client, path: &str, marked: &str, diagnostics: &[Value]) -> Value {
    let mut asked = client.spot(path, marked);
    let place = asked.as_object_mut().unwrap().remove("position").unwrap();
    asked["range"] = json!({ "start": place, "end": place });
    asked["context"] = json!({ "diagnostics": diagnostics });
    client.request("textDocument/codeAction", asked)
}

#[test]
fn a_tag_is_renamed_in_the_whole_vault() {
    let (_desk, mut client) = book();
    client.open_file("contacts/wang.md");
    let spot = client.spot("contacts/wang.md", "tags: [‸lead");
    let prepared = client.request("textDocument/prepareRename", spot.clone());
    assert_eq!(prepared["placeholder"], "lead");
    let mut asked = spot;
    asked["newName"] = "prospect".into();
    let edit = client.request("textDocument/rename", asked);
    let texts = client.after(&edit);
    assert_eq!(texts.len(), 5, "{texts:?}");
    assert!(texts["contacts/wang.md"].contains("tags: [prospect, new-york"), "{texts:?}");
    assert!(texts["contacts/zhang.md"].contains("茶🍵 #prospect"), "{texts:?}");
    assert!(texts["broadcasts/autumn.md"].contains("to: \"#prospect #new-york\""), "{texts:?}");
    assert!(texts["guanxi.yaml"].contains("    prospect: Could buy"), "{texts:?}");
    client.shutdown();
}

#[test]
fn a_merge_of_two_tags_is_announced() {
    let (_desk, mut client) = book();
    client.open_file("contacts/zhang.md");
    let mut asked = client.spot("contacts/zhang.md", "tags: [bos‸ton");
    asked["newName"] = "lead".into();
    let edit = client.request("textDocument/rename", asked);
    let announced = edit["changeAnnotations"].as_object().unwrap().values().next().unwrap();
    assert_eq!(announced["label"], "Merge into lead");
    // An editor that asks about parts of an edit makes the others: a plugin asks about the whole.
    assert_eq!(announced["needsConfirmation"], Value::Null);
    client.shutdown();
}

#[test]
fn a_merge_is_said_to_who_cannot_be_asked() {
    let desk = Desk::new(BOOK);
    let mut client = Client::builder(desk.root()).captured("nvim-0.11.4").start();
    super::ignore_news(&mut client);
    client.open_file("contacts/zhang.md");
    let mut asked = client.spot("contacts/zhang.md", "tags: [bos‸ton");
    asked["newName"] = "lead".into();
    let edit = client.request("textDocument/rename", asked);
    assert!(edit["changes"].is_object(), "{edit}");
    let said = client.expect_notification("window/showMessage");
    assert_eq!(said["message"], "lead exists already: the two become one, for good");
    client.shutdown();
}

#[test]
fn links_follow_an_alias_and_a_file() {
    let (_desk, mut client) = book();
    client.open_file("note.md");
    let mut asked = client.spot("note.md", "[[Wang‸");
    asked["newName"] = "Wang X".into();
    let edit = client.request("textDocument/rename", asked);
    let texts = client.after(&edit);
    assert!(texts["note.md"].contains("[[Wang X]]") && texts["contacts/wang.md"].contains("alias: Wang X\n"), "{texts:?}");
    client.change_all("note.md", "[w](contacts/wang.md)\n");
    let moved = json!([{ "oldUri": client.uri("contacts/wang.md"), "newUri": client.uri("people/wang.md") }]);
    let edit = client.request("workspace/willRenameFiles", json!({ "files": moved }));
    assert_eq!(client.after(&edit)["note.md"], "[w](people/wang.md)\n");
    client.shutdown();
}

#[test]
fn a_problem_is_mended_and_a_missing_contact_made() {
    let (_desk, mut client) = book();
    client.open("contacts/new.md", "---\nalias: New\ntags: lead, boston\n---\n");
    let found = actions(&mut client, "contacts/new.md", "tags: le‸ad", &[]);
    let fix = &found[0];
    assert_eq!((&fix["kind"], &fix["diagnostics"][0]["code"]), (&json!("quickfix"), &json!("tags-not-a-list")));
    assert!(client.after(&fix["edit"])["contacts/new.md"].contains("tags: [lead, boston]"), "{fix}");
    client.open_file("note.md");
    let found = actions(&mut client, "note.md", "[[Nob‸ody]]", &[]);
    let made = found.as_array().unwrap().iter().find(|action| action["title"].as_str().unwrap().contains("contact")).unwrap();
    let changes = &made["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(client.uri("contacts/nobody.md"))));
    assert_eq!(changes[1]["edits"][0]["newText"], "---\nalias: Nobody\n---\n");
    client.shutdown();
}

#[test]
fn a_problem_that_the_editor_names_is_mended_from_anywhere_on_its_line() {
    let desk = Desk::new(BOOK);
    let mut client = Client::start(desk.root(), capabilities::full());
    client.open("contacts/new.md", "---\nalias: New\ntelgram: new\n---\n");
    let found = client.wait_for_diagnostics("contacts/new.md", |found| !found.is_empty());
    super::ignore_news(&mut client);
    let at_the_end = "telgram: new‸";
    assert!(!titles(&actions(&mut client, "contacts/new.md", at_the_end, &[])).iter().any(|title| title.contains("telegram")));
    let named = actions(&mut client, "contacts/new.md", at_the_end, &found);
    assert_eq!(titles(&named)[0], "Rename `telgram` to `telegram`");
    client.shutdown();
}

#[test]
fn outlines_colours_and_people() {
    let desk = Desk::new(BOOK);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("contacts/wang.md");
    let whole = client.whole("contacts/wang.md");
    let symbols = client.request("textDocument/documentSymbol", whole.clone());
    assert_eq!(symbols[0]["name"], "Wang Xiaoming");
    let folds = client.request("textDocument/foldingRange", whole.clone());
    assert_eq!((&folds[0]["startLine"], &folds[0]["endLine"]), (&json!(0), &json!(9)));
    let tokens = client.request("textDocument/semanticTokens/full", whole);
    assert!(!tokens["data"].as_array().unwrap().is_empty());
    let spot = client.at("contacts/wang.md", "tags: [le‸ad");
    let asked = json!({ "textDocument": { "uri": client.uri("contacts/wang.md") }, "positions": [spot] });
    let grown = client.request("textDocument/selectionRange", asked);
    assert_eq!(client.covered("contacts/wang.md", &grown[0]["range"]), "lead");
    for query in ["wxm", "kittykat", "5550147", "#lead #new-york org:panda"] {
        let people = client.request("workspace/symbol", json!({ "query": query }));
        assert_eq!(people[0]["name"], "Wang Xiaoming", "{query}: {people}");
    }
    client.shutdown();
}

#[test]
fn commands_that_take_away_rename_and_merge() {
    let twice = "== contacts/li-2.md\n---\nalias: Lina\nemails: [li@river.example]\n---\n";
    let desk = Desk::new(&format!("{BOOK}{twice}"));
    let mut client = client_of(desk.root(), capabilities::full());
    let mut run = |command: &str, arguments: Value| {
        let answer = client.try_request("workspace/executeCommand", json!({ "command": command, "arguments": [arguments] }));
        let edit = answer.is_ok().then(|| client.expect_request("workspace/applyEdit")["edit"].clone());
        (answer, edit)
    };
    let (answer, edit) = run("guanxi.tag.remove", json!({ "tag": "lead", "contacts": ["Wang Xiaoming"] }));
    assert_eq!(answer.unwrap(), json!({ "changed": ["contacts/wang.md"], "unchanged": [], "refused": [] }));
    assert!(edit.unwrap().to_string().contains("contacts/wang.md"));
    let (refused, _) = run("guanxi.tag.rename", json!({ "old": "boston", "new": "lead" }));
    assert!(refused.unwrap_err()["message"].as_str().unwrap().contains("merge: true"));
    let (answer, _) = run("guanxi.tag.rename", json!({ "old": "boston", "new": "cambridge" }));
    assert_eq!(answer.unwrap(), json!({ "changed": ["contacts/zhang.md"], "notes": [] }));
    let (answer, edit) = run("guanxi.contact.merge", json!({ "keep": "contacts/li.md", "other": "contacts/li-2.md" }));
    assert_eq!(answer.unwrap()["other"], "contacts/li-2.md");
    let edit = edit.unwrap();
    let changes = edit["documentChanges"].as_array().unwrap();
    assert!(changes[0]["edits"].to_string().contains("Lina"), "{edit}");
    assert!(changes.iter().all(|change| change["kind"].is_null()), "{edit}");
    client.expect_notification("window/showMessage");
    client.shutdown();
}
