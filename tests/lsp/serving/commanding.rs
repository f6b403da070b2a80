//! Every command: what it answers, what it has the editor do, and what it refuses. A command that is asked wrongly must say so: a
//! filter that is passed over would do to everybody what was wished for some.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::super::place;
use super::{BOOK, book, client_of, full_but, picture};
use crate::cli::Desk;

fn try_run(client: &mut Client, command: &str, arguments: Value) -> Result<Value, Value> {
    client.try_request("workspace/executeCommand", json!({ "command": command, "arguments": [arguments] }))
}

fn run(client: &mut Client, command: &str, arguments: Value) -> Value {
    try_run(client, command, arguments.clone()).unwrap_or_else(|error| panic!("{command} {arguments}: {error}"))
}

/// The words of a refusal, which is one in the protocol's sense (`RequestFailed`).
fn refused(client: &mut Client, command: &str, arguments: Value) -> String {
    let error = try_run(client, command, arguments.clone()).expect_err(&format!("{command} {arguments}"));
    assert_eq!(error["code"], -32803, "{error}");
    error["message"].as_str().unwrap().to_owned()
}

/// What the editor was asked to change.
fn asked(client: &mut Client) -> String {
    let asked = client.expect_request("workspace/applyEdit");
    assert!(asked["label"].as_str().is_some_and(|label| !label.is_empty()), "{asked}");
    picture(client, &asked["edit"])
}

/// A book in which broadcasts go out.
pub fn open_book() -> String {
    BOOK.replace("    lead: Could", "    do-not-contact: Never\n    lead: Could")
}

fn open_client() -> (Desk, Client) {
    let desk = Desk::new(&open_book());
    let client = client_of(desk.root(), capabilities::full());
    (desk, client)
}

#[test]
fn a_tag_is_taken_off_and_what_lies_below_it_stays() {
    let desk = Desk::new(
        "== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [event, event/ces, x] # 茶🍵\n---\n== b.md\n---\nalias: B\ntags:\n  - Event\n---\n== c.md\n---\nalias: C\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    let whose = json!(["A", "b.md", client.uri("c.md")]);
    let answer = run(&mut client, "guanxi.tag.remove", json!({ "tag": "#event", "contacts": whose }));
    assert_eq!(answer, json!({ "changed": ["a.md", "b.md"], "unchanged": ["c.md"], "refused": [] }));
    let told = asked(&mut client);
    assert!(told.starts_with("a.md\n  - tags: [event, event/ces, x] # 茶🍵\n  + tags: [event/ces, x] # 茶🍵\nb.md\n"), "{told}");
    // Nothing to do is nothing to ask for.
    let answer = run(&mut client, "guanxi.tag.remove", json!({ "tag": "event", "contact": "C" }));
    assert_eq!(answer, json!({ "changed": [], "unchanged": ["c.md"], "refused": [] }));
    client.round_trip();
    client.shutdown();
}

#[test]
fn a_tag_goes_to_whom_a_query_means_to_a_document_and_to_nobody_else() {
    let (_desk, mut client) = book();
    let changed = |client: &mut Client, arguments: Value| {
        let answer = run(client, "guanxi.tag.add", arguments);
        client.expect_request("workspace/applyEdit");
        answer["changed"].clone()
    };
    let both = json!(["contacts/li.md", "contacts/wang.md"]);
    assert_eq!(changed(&mut client, json!({ "tag": "vip", "query": "#lead" })), both);
    assert_eq!(changed(&mut client, json!({ "tag": "vip", "tags": ["#lead", "new-york"] })), both);
    assert_eq!(changed(&mut client, json!({ "tag": "vip", "tags": "boston" })), json!(["contacts/zhang.md"]));
    assert_eq!(changed(&mut client, json!({ "tag": "vip", "contact": "李娜" })), json!(["contacts/li.md"]));
    let uri = client.uri("contacts/li.md");
    assert_eq!(changed(&mut client, json!({ "tag": "vip", "uri": uri })), json!(["contacts/li.md"]));
    for (arguments, words) in [
        (json!({ "tag": "vip" }), "say whose"),
        (json!({ "tag": "vip", "query": "" }), "`query` is empty"),
        (json!({ "tag": "vip", "query": " \n" }), "`query` is empty"),
        (json!({ "tag": "vip", "tags": [""] }), "a tag cannot be empty"),
        (json!({ "tag": "vip", "tags": [] }), "say whose"),
        (json!({ "tag": "vip", "query": "#laed" }), "lead"),
        (json!({ "tag": "vip", "query": "#lead (" }), "expected"),
        (json!({ "tag": "vip", "contact": "Nobody" }), "there is no contact `Nobody`"),
        (json!({ "tag": "vip", "uri": "file:///elsewhere/a.md" }), "there is no contact"),
        (json!({ "tag": "a, b", "contact": "Li Na" }), "comma"),
        (json!({ "tag": "", "contact": "Li Na" }), "`tag` is missing"),
        (json!({ "contact": "Li Na" }), "`tag` is missing"),
        // Misspelt or of the wrong sort: it must not be passed over.
        (json!({ "tag": "vip", "contact": "Li Na", "qurey": "#lead" }), "`qurey` means nothing here"),
        (json!({ "tag": "vip", "query": 3 }), "`query` must be a text"),
        (json!({ "tag": "vip", "contacts": ["Li Na", 3] }), "`contacts` must be a text or a list of texts"),
        (json!({ "tag": ["vip"], "contact": "Li Na" }), "`tag` must be a text"),
    ] {
        let told = refused(&mut client, "guanxi.tag.add", arguments.clone());
        assert!(told.contains(words), "{arguments}: {told}");
    }
    client.shutdown();
}

#[test]
fn a_tag_is_renamed_and_merged_only_when_told_to() {
    let desk = Desk::new(
        "== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [lead, 'lead/x']\n---\n#lead\n== b.md\n---\nalias: B\ntags: [client]\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    client.edit("a.md", "#lead\n", "茶🍵 #lead\n");
    let answer = run(&mut client, "guanxi.tag.rename", json!({ "old": "lead", "new": "#prospect" }));
    assert_eq!(answer, json!({ "changed": ["a.md"], "notes": [] }));
    let renamed = "a.md\n  - tags: [lead, 'lead/x']\n  + tags: [prospect, 'prospect/x']\n  - 茶🍵 #lead\n  + 茶🍵 #prospect\n";
    assert_eq!(asked(&mut client), renamed);
    // The same with lone texts.
    client.request("workspace/executeCommand", json!({ "command": "guanxi.tag.rename", "arguments": ["lead", "prospect"] }));
    assert_eq!(asked(&mut client), renamed);
    let told = refused(&mut client, "guanxi.tag.rename", json!({ "old": "lead", "new": "Client" }));
    assert!(told.contains("`client` exists already") && told.contains("merge: true"), "{told}");
    run(&mut client, "guanxi.tag.rename", json!({ "old": "lead", "new": "client", "merge": true }));
    assert_eq!(asked(&mut client), renamed.replace("prospect", "client"));
    for (arguments, words) in [
        (json!({ "old": "laed", "new": "x" }), "near: lead"),
        (json!({ "old": "lead", "new": "" }), "`new` is missing"),
        (json!({ "new": "x" }), "`old` is missing"),
        (json!({ "old": "lead", "new": "a,b" }), "comma"),
        (json!({ "old": "lead", "new": "client", "merge": "yes" }), "`merge` must be true or false"),
    ] {
        let told = refused(&mut client, "guanxi.tag.rename", arguments.clone());
        assert!(told.contains(words), "{arguments}: {told}");
    }
    client.shutdown();
}

/// An editor cannot ask before the edit: what would let somebody in is refused.
#[test]
fn a_renaming_that_changes_whom_queries_match_is_refused() {
    let desk = Desk::new(
        "== guanxi.yaml\nbroadcast:\n  exclude: \"#no\"\n== a.md\n---\nalias: A\ntags: [no/gdpr]\n---\n== b.md\n---\nalias: B\ntags: [lead]\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    let words = "`broadcast.exclude` in guanxi.yaml no longer matches 1 contact (A)";
    let told = refused(&mut client, "guanxi.tag.rename", json!({ "old": "no/gdpr", "new": "gdpr" }));
    assert!(told.contains(words) && told.contains("guanxi tag rename --yes"), "{told}");
    run(&mut client, "guanxi.tag.rename", json!({ "old": "no", "new": "never" }));
    assert!(asked(&mut client).contains("+   exclude: \"#never\""));
    // Nor while another renaming is not finished.
    let mark = "unfinished: [tag, rename, lead, prospect]\n";
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "broadcast:", &format!("{mark}broadcast:"));
    let told = refused(&mut client, "guanxi.tag.rename", json!({ "old": "no", "new": "never" }));
    assert!(told.contains("guanxi tag rename 'lead' 'prospect'"), "{told}");
    client.shutdown();
}

const TWINS: &str = "\
== guanxi.yaml
== a.md
---
alias: Anna
emails: [anna@river.example]
---
== b.md
---
alias: Berg
org: River
---
Likes tea.
== broken.md
---
alias: Broken
tags: [
---
";

#[test]
fn two_contacts_become_one_by_command() {
    let desk = Desk::new(TWINS);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("b.md");
    let two = json!({ "keep": "Anna", "other": "b.md", "quiet": true });
    let answer = run(&mut client, "guanxi.contact.merge", two.clone());
    assert_eq!(answer, json!({ "kept": "a.md", "other": "b.md", "notes": [], "changed": ["a.md"] }));
    assert_eq!(asked(&mut client), "a.md\n  + aliases: [Berg]\n  + org: River\n  + Likes tea.\n");
    // Nothing is on disk yet: the other file stays.
    let deleting = json!({ "keep": "Anna", "other": "b.md", "quiet": true, "delete": true });
    let told = refused(&mut client, "guanxi.contact.merge", deleting.clone());
    assert!(told.contains("a.md on disk does not hold everything that b.md says"), "{told}");
    assert!(desk.path("b.md").exists());
    for (arguments, words) in [
        (json!({ "keep": "Anna", "other": "Anna" }), "one and the same"),
        (json!({ "keep": "Anna", "other": "Nobody" }), "there is no contact `Nobody`"),
        (json!({ "keep": "Anna", "other": "guanxi.yaml" }), "no contact"),
        (json!({ "keep": "Anna", "other": "Broken" }), "repair broken.md first"),
        (json!({ "keep": "Anna" }), "`other` is missing"),
        (json!({}), "`keep` is missing"),
    ] {
        let told = refused(&mut client, "guanxi.contact.merge", arguments.clone());
        assert!(told.contains(words), "{arguments}: {told}");
    }
    client.shutdown();
    // Everything is on disk, and not a word more in the other file, here or there.
    let merged = "---\nalias: Anna\naliases: [Berg]\norg: River\n---\nLikes tea.\n";
    for (resources, edits) in [(json!(["create", "rename", "delete"]), true), (json!([]), false)] {
        let desk = Desk::new(TWINS);
        let mut client = client_of(desk.root(), full_but(&[("workspace.workspaceEdit.resourceOperations", resources)]));
        std::fs::write(desk.path("a.md"), merged).unwrap();
        let other = desk.text("b.md");
        std::fs::write(desk.path("b.md"), format!("{other}And says no.\n")).unwrap();
        refused(&mut client, "guanxi.contact.merge", deleting.clone());
        std::fs::write(desk.path("b.md"), &other).unwrap();
        client.open("b.md", &format!("{other}Not saved yet.\n"));
        refused(&mut client, "guanxi.contact.merge", deleting.clone());
        client.close("b.md");
        let answer = run(&mut client, "guanxi.contact.merge", deleting.clone());
        let changed: &[&str] = if edits { &["b.md"] } else { &[] };
        assert_eq!(answer, json!({ "kept": "a.md", "other": "b.md", "notes": [], "changed": changed, "deletes": "b.md" }));
        if edits {
            assert_eq!(asked(&mut client), "delete b.md\n");
        }
        client.shutdown();
    }
}

/// By a link a contact has two paths: deleting one of them would delete the only copy.
#[test]
#[cfg(unix)]
fn one_file_under_two_paths_is_not_merged_with_itself() {
    let desk = Desk::new("== guanxi.yaml\n== c/k.md\n---\nalias: K\n---\n== d/n.md\n");
    std::os::unix::fs::symlink("../c/k.md", desk.path("d/l.md")).unwrap();
    let mut client = client_of(desk.root(), capabilities::full());
    for deletes in [false, true] {
        for (keep, other) in [("d/l.md", "c/k.md"), ("c/k.md", "d/l.md")] {
            let told = refused(&mut client, "guanxi.contact.merge", json!({ "keep": keep, "other": other, "delete": deletes }));
            assert!(told.contains("one and the same file"), "{told}");
        }
    }
    assert!(desk.path("c/k.md").exists());
    client.shutdown();
}

/// What was undone in the editor would be saved next: then the other file is the only one that says it.
#[test]
fn what_an_editor_no_longer_shows_is_not_deleted_elsewhere() {
    let desk = Desk::new(TWINS);
    let mut client = client_of(desk.root(), capabilities::full());
    let before = desk.text("a.md");
    std::fs::write(desk.path("a.md"), "---\nalias: Anna\naliases: [Berg]\norg: River\n---\nLikes tea.\n").unwrap();
    client.open("a.md", &before);
    let deleting = json!({ "keep": "a.md", "other": "b.md", "quiet": true, "delete": true });
    let told = refused(&mut client, "guanxi.contact.merge", deleting);
    assert!(told.contains("a.md in the editor does not hold everything that b.md says"), "{told}");
    client.shutdown();
}

#[test]
fn a_broadcast_names_whom_it_reaches_and_why_not_the_others() {
    let (_desk, mut client) = open_client();
    client.open_file("contacts/wang.md");
    client.open(
        "contacts/no.md",
        "---\nalias: No Thanks\ntags: [lead, new-york]\nemails: [no@river.example]\nopt_out: true\n---\n",
    );
    client.open("contacts/far.md", "---\nalias: Far 茶🍵\ntags: [lead, new-york]\n---\n");
    let uri = client.uri("broadcasts/autumn.md");
    let answer = run(&mut client, "guanxi.broadcast.list", json!({ "uri": uri }));
    let members: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(members, ["recipients", "left_out"]);
    let chosen: Vec<(&str, &str)> = answer["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["alias"].as_str().unwrap(), one["address"].as_str().unwrap()))
        .collect();
    assert_eq!(chosen, [("Li Na", "li@river.example"), ("Wang Xiaoming", "wang@panda.example")]);
    assert_eq!(answer["recipients"][0]["uri"], client.uri("contacts/li.md"));
    assert_eq!(
        answer["left_out"],
        json!([
            { "path": "contacts/far.md", "uri": client.uri("contacts/far.md"), "alias": "Far 茶🍵", "reason": "unreachable", "words": "has no `emails`" },
            { "path": "contacts/no.md", "uri": client.uri("contacts/no.md"), "alias": "No Thanks", "reason": "opted-out", "words": "opted out" },
        ])
    );
    // The same people in other shapes, and for a query.
    let bcc = "Bcc: li@river.example, wang@panda.example\n";
    let told = run(&mut client, "guanxi.broadcast.list", json!({ "uri": uri, "format": "bcc" }));
    assert_eq!(told.as_str().unwrap().replace("\r\n ", " "), bcc);
    let query = json!({ "query": "#lead #new-york", "via": "email", "format": "bcc" });
    assert_eq!(run(&mut client, "guanxi.broadcast.list", query), told);
    let told_as_bcc = told;
    let told = run(&mut client, "guanxi.broadcast.list", json!({ "tags": ["lead"], "via": "email", "format": "csv" }));
    let lines: Vec<&str> = told.as_str().unwrap().lines().collect();
    assert!(lines[0].contains("alias") && lines.len() == 3 && lines[1].contains("Li Na"), "{told}");
    // A format for mail implies the channel; a channel that is asked for is stronger than the document's.
    assert_eq!(run(&mut client, "guanxi.broadcast.list", json!({ "query": "#lead #new-york", "format": "bcc" })), told_as_bcc);
    let by_hand = run(&mut client, "guanxi.broadcast.list", json!({ "uri": uri, "via": "phone" }));
    assert_ne!(by_hand, answer);
    let told = run(&mut client, "guanxi.broadcast.list", json!({ "uri": uri, "format": "checklist" }));
    assert_eq!(told, "- [ ] [[Li Na]] · li@river.example\n- [ ] [[Wang Xiaoming]] · wang@panda.example\n");
    for (arguments, words) in [
        (json!({}), "say which broadcast"),
        (json!({ "query": "" }), "`query` is empty"),
        (json!({ "tags": ["#"] }), "a tag cannot be empty"),
        (json!({ "query": "#lead", "format": "pdf" }), "there is no format `pdf`: names"),
        (json!({ "query": "#lead", "via": "pigeon" }), "pigeon"),
        (json!({ "query": "#lead", "via": "phone", "format": "bcc" }), "`bcc` is for mail, and this broadcast goes via phone"),
        (json!({ "query": "#laed" }), "lead"),
        (json!({ "uri": client.uri("note.md") }), ""),
        (json!({ "uri": client.uri("nowhere.md") }), "is no file of this vault"),
        (json!({ "uri": "no uri" }), "say which broadcast"),
    ] {
        let told = refused(&mut client, "guanxi.broadcast.list", arguments.clone());
        assert!(told.contains(words) && !told.is_empty(), "{arguments}: {told}");
    }
    client.shutdown();
}

/// What a picker sends while nothing is typed must not write to everybody.
#[test]
fn a_list_to_send_wants_a_query() {
    let (_desk, mut client) = open_client();
    let told = refused(&mut client, "guanxi.list", json!({ "query": " ", "format": "emails" }));
    assert!(told.contains("`query` is empty"), "{told}");
    let told = refused(&mut client, "guanxi.list", json!({ "query": "#lead", "via": "phone", "format": "emails" }));
    assert!(told.contains("is for mail"), "{told}");
    assert!(run(&mut client, "guanxi.list", json!({ "query": "" })).is_array());
    client.shutdown();
}

/// A broken line of the settings may have been `exclude`.
#[test]
fn no_broadcast_goes_out_on_broken_settings() {
    let (_desk, mut client) = open_client();
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "exclude: \"#do-not-contact\"", "exclude: \"#do-not-contact");
    for arguments in [json!({ "query": "#lead" }), json!({ "uri": client.uri("broadcasts/autumn.md"), "format": "bcc" })] {
        let told = refused(&mut client, "guanxi.broadcast.list", arguments);
        assert!(told.contains("guanxi.yaml has an error"), "{told}");
    }
    client.shutdown();
}

#[test]
fn people_are_found_listed_and_shown() {
    let (_desk, mut client) = book();
    let aliases = |answer: &Value| -> Vec<String> {
        answer.as_array().unwrap().iter().map(|record| record["alias"].as_str().unwrap().to_owned()).collect()
    };
    let found = run(&mut client, "guanxi.find", json!({ "words": "ny", "limit": 1 }));
    assert!(aliases(&found).len() <= 1, "{found}");
    assert_eq!(run(&mut client, "guanxi.find", json!({})), json!([]));
    assert_eq!(run(&mut client, "guanxi.find", json!({ "query": "qqqqzzzz" })), json!([]));
    assert_eq!(aliases(&run(&mut client, "guanxi.list", json!({}))), ["Li Na", "Wang Xiaoming", "Zhang Wei"]);
    assert_eq!(aliases(&run(&mut client, "guanxi.list", json!({ "limit": 2 }))), ["Li Na", "Wang Xiaoming"]);
    assert_eq!(aliases(&run(&mut client, "guanxi.list", json!({ "query": "has:emails", "tags": ["lead"] }))).len(), 2);
    let bcc = run(&mut client, "guanxi.list", json!({ "query": "#boston", "format": "names" }));
    assert_eq!(bcc, "Zhang Wei\n");
    let tags = run(&mut client, "guanxi.tags", json!({ "tree": true }));
    assert!(tags.as_array().unwrap().iter().any(|tag| tag["tag"] == "event"), "{tags}");
    let shown = run(&mut client, "guanxi.show", json!({ "contact": "张伟" }));
    assert_eq!((&shown[0]["path"], &shown[0]["text"]), (&json!("contacts/zhang.md"), &json!("alias: Zhang Wei")));
    let asked = client.expect_request("window/showDocument");
    assert_eq!((&asked["uri"], &asked["selection"]), (&shown[0]["uri"], &shown[0]["range"]));
    // An editor that lists the places itself is only told them.
    let told = run(&mut client, "guanxi.show", json!({ "contact": "张伟", "show": false }));
    assert_eq!(told, shown);
    let several = run(&mut client, "guanxi.list", json!({ "query": "kind:contact" })).as_array().unwrap().len();
    assert_eq!(run(&mut client, "guanxi.list", json!({ "count": true })), json!({ "count": several }));
    assert!(
        refused(&mut client, "guanxi.list", json!({ "query": "#nowhere", "count": true })).contains("no contact has the tag")
    );
    client.round_trip();
    assert!(client.take_all("window/showDocument").is_empty());
    for (arguments, words) in [
        (json!({}), "say what"),
        (json!({ "contact": "Nobody" }), "there is no contact"),
        (json!({ "uri": client.uri("nowhere.md"), "line": 1, "character": 0 }), "is no file of this vault"),
        (json!({ "uri": client.uri("note.md"), "line": -1 }), "`line` must be a whole number"),
    ] {
        let told = refused(&mut client, "guanxi.show", arguments.clone());
        assert!(told.contains(words), "{arguments}: {told}");
    }
    client.shutdown();
}

#[test]
fn a_new_contact_is_refused_where_it_cannot_be() {
    let (_desk, mut client) = book();
    for (arguments, words) in [
        (json!({}), "`alias` is missing"),
        (json!({ "alias": "Li Na" }), "Li Na"),
        (json!({ "alias": "New", "tags": ["a,b"] }), "comma"),
        (json!({ "alias": "New", "set": "org" }), "`set` must be an object"),
        (json!({ "alias": "New", "set": { "birthday": "soon" } }), "is not a date"),
    ] {
        let told = refused(&mut client, "guanxi.new", arguments.clone());
        assert!(told.contains(words), "{arguments}: {told}");
    }
    client.shutdown();
}

/// What is no object of named values, or holds what it cannot hold, is told so: by every command.
#[test]
fn malformed_arguments_are_told_apart() {
    let (_desk, mut client) = book();
    let names = client.server()["executeCommandProvider"]["commands"].clone();
    assert_eq!(names.as_array().unwrap().len(), 12);
    for name in names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()) {
        for (arguments, words) in [
            (json!([5]), "`5` is no argument"),
            (json!([true]), "`true` is no argument"),
            (json!([[1, 2]]), "is no argument"),
            (json!([{ "nonsense": 1 }]), "`nonsense` means nothing here: known are "),
            (json!([{ "vault": 1 }]), "`vault` must be a text"),
            (json!([{ "vault": "/nowhere" }]), "/nowhere is no vault that is served"),
            (json!(["a", "b", "c", "d"]), "is one text too many"),
        ] {
            let params = json!({ "command": name, "arguments": arguments });
            let error = client.try_request("workspace/executeCommand", params).expect_err(name);
            assert_eq!(error["code"], -32803, "{name} {arguments}: {error}");
            assert!(error["message"].as_str().unwrap().contains(words), "{name} {arguments}: {error}");
        }
    }
    // Nothing, and null, are nothing.
    for arguments in [json!([]), json!([null]), json!([{ "query": null, "limit": null }]), Value::Null] {
        let mut params = json!({ "command": "guanxi.list" });
        if !arguments.is_null() {
            params["arguments"] = arguments;
        }
        assert_eq!(client.request("workspace/executeCommand", params).as_array().unwrap().len(), 3);
    }
    for params in [json!({}), json!({ "command": 3 }), json!({ "command": "guanxi.list", "arguments": 3 })] {
        assert_eq!(client.try_request("workspace/executeCommand", params).unwrap_err()["code"], -32602);
    }
    let error = client.try_request("workspace/executeCommand", json!({ "command": "guanxi.nonsense" })).unwrap_err();
    assert!(error["code"] == -32602 && error["message"].as_str().unwrap().contains("guanxi.nonsense"), "{error}");
    client.shutdown();
}

#[test]
fn of_two_vaults_the_one_that_is_named_is_asked() {
    let desk = Desk::new(
        "== one/guanxi.yaml\n== one/a.md\n---\nalias: Anna\ntags: [x]\n---\n== one/b.md\n---\nalias: Berg\n---\n== two/guanxi.yaml\n== two/a.md\n---\nalias: 安娜\ntags: [y]\n---\n== two/b.md\n---\nalias: 山\n---\n",
    );
    let (one, two) = (desk.path("one"), desk.path("two"));
    let mut client = Client::builder(desk.root()).folders(&[&one, &two]).start();
    super::ignore_news(&mut client);
    let (one, two) = (place::uri(&one), place::uri(&two));
    let first = |client: &mut Client, arguments: Value| run(client, "guanxi.list", arguments)[0]["alias"].clone();
    assert_eq!(first(&mut client, json!({})), "Anna");
    assert_eq!(first(&mut client, json!({ "vault": two, "query": "#y" })), "安娜");
    assert_eq!(first(&mut client, json!({ "vault": desk.path("two").to_str().unwrap(), "query": "#y" })), "安娜");
    assert_eq!(first(&mut client, json!({ "uri": format!("{two}/b.md"), "query": "#y" })), "安娜");
    assert_eq!(first(&mut client, json!({ "vault": one, "uri": format!("{two}/b.md"), "query": "#x" })), "Anna");
    let told = refused(&mut client, "guanxi.list", json!({ "query": "#y" }));
    assert!(told.contains('y'), "{told}");
    // The same path is somebody else there: a contact's address says which vault is meant, and never the wrong one.
    let answer = run(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "contacts": [format!("{two}/a.md")] }));
    assert_eq!(answer["changed"], json!(["a.md"]));
    assert_eq!(asked(&mut client), "two/a.md\n  - tags: [y]\n  + tags: [y, vip]\n");
    let arguments = json!({ "keep": format!("{two}/a.md"), "other": format!("{two}/b.md") });
    run(&mut client, "guanxi.contact.merge", arguments);
    assert_eq!(asked(&mut client), "two/a.md\n  + aliases: [山]\n");
    client.expect_notification("window/showMessage");
    for arguments in [
        json!({ "tag": "vip", "contact": format!("{two}/a.md"), "vault": one }),
        json!({ "tag": "vip", "contacts": [format!("{one}/a.md"), format!("{two}/a.md")] }),
    ] {
        let told = refused(&mut client, "guanxi.tag.add", arguments.clone());
        assert!(told.contains("is no file of this vault"), "{arguments}: {told}");
    }
    let told = refused(&mut client, "guanxi.broadcast.list", json!({ "vault": one, "uri": format!("{two}/a.md") }));
    assert!(told.contains("is no file of this vault"), "{told}");
    client.shutdown();
}

#[test]
fn who_makes_no_edits_for_others_gets_them_in_the_answer() {
    let desk = Desk::new(&open_book());
    for capabilities in [capabilities::bare(), full_but(&[("workspace.applyEdit", json!(false))])] {
        let mut client = client_of(desk.root(), capabilities);
        let answer = run(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "query": "#boston" }));
        let told = picture(&client, &answer["edit"]);
        assert_eq!(told, "contacts/zhang.md\n  - tags: [boston, 朋友]\n  + tags: [boston, 朋友, vip]\n");
        let answer = run(&mut client, "guanxi.tag.rename", json!({ "old": "朋友", "new": "friend" }));
        let told = picture(&client, &answer["edit"]);
        assert_eq!(told, "contacts/zhang.md\n  - tags: [boston, 朋友]\n  + tags: [boston, friend]\n");
        let answer = run(&mut client, "guanxi.new", json!({ "alias": "Chen Jie" }));
        let told = picture(&client, &answer["edit"]);
        assert!(told.ends_with("contacts/chen-jie.md\n  + ---\n  + alias: Chen Jie\n  + ---\n"), "{told}");
        // A file that nobody made is not shown.
        client.round_trip();
        client.shutdown();
    }
}

/// A person reads the question, or the editor never answers at all.
#[test]
fn an_editor_that_does_not_answer_keeps_nobody_waiting() {
    let desk = Desk::new(BOOK);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("contacts/li.md");
    client.keep_waiting("workspace/applyEdit");
    let answer = run(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "query": "#lead" }));
    assert_eq!(answer["changed"].as_array().unwrap().len(), 2);
    client.expect_request("workspace/applyEdit");
    // It may still make that edit: another one of the same files would be made for texts that are about to change.
    for _ in 0..100 {
        let add = json!({ "command": "guanxi.tag.add", "arguments": [{ "tag": "other", "query": "#lead" }] });
        let error = client.try_request("workspace/executeCommand", add).unwrap_err();
        assert!(error["message"].as_str().unwrap().starts_with("nothing was changed: the editor has not answered"), "{error}");
    }
    client.edit("contacts/li.md", "- lead", "- lead\n  - fresh");
    assert_eq!(run(&mut client, "guanxi.list", json!({ "query": "#fresh", "format": "names" })), "Li Na\n");
    client.shutdown();
}
