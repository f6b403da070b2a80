//! Code actions and code lenses through the protocol: what is offered can be done, and then is what it said.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{BOOK, book, client_of, full_but, picture};
use crate::cli::Desk;

/// What is offered at the cursor mark.
fn offered(client: &mut Client, path: &str, marked: &str, context: Value) -> Vec<Value> {
    let at = client.at(path, marked);
    let params = json!({ "textDocument": { "uri": client.uri(path) }, "range": { "start": at, "end": at }, "context": context });
    client.request("textDocument/codeAction", params).as_array().unwrap().clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

fn action<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    actions.iter().find(|action| action["title"] == title).unwrap_or_else(|| panic!("no {title:?} in {:#?}", titles(actions)))
}

fn any() -> Value {
    json!({ "diagnostics": [] })
}

fn problems(client: &mut Client, path: &str) -> Vec<Value> {
    client.request("textDocument/diagnostic", client.whole(path))["items"].as_array().unwrap().clone()
}

/// For each problem: its code, a text that has it, the title of a fix, and the line that is there afterwards.
const MENDED: &[(&str, &str, &str, &str)] = &[
    ("yaml-syntax", "---\nalias: X\ntags: [#lead]\n---\n", "", "tags: [lead]"),
    ("tags-not-a-list", "---\nalias: X\ntags: lead, new-york\n---\n", "", "tags: [lead, new-york]"),
    ("tag-invalid", "---\nalias: X\ntags: ['#lead']\n---\n", "", "tags: ['lead']"),
    ("key-unknown", "---\nalias: X\nemials: [a@b.example]\n---\n", "", "emails: [a@b.example]"),
    ("key-duplicate", "---\nalias: X\norg: A\norg: B\n---\n", "Keep the first one, remove this one", "org: A"),
    ("alias-missing", "---\nalias:\n---\n# Chen Jie\n", "Set alias to `Chen Jie`", "alias: Chen Jie"),
    ("date-invalid", "---\nalias: X\nbirthday: 3.4.1988\n---\n", "Change to `1988-04-03`", "birthday: 1988-04-03"),
    ("email-invalid", "---\nalias: X\nemails: [mailto:a@b.example]\n---\n", "", "emails: [a@b.example]"),
    ("link-unresolved", "---\nalias: X\n---\n茶🍵 [[Wang Xiaomin]]\n", "Change to `Wang Xiaoming`", "茶🍵 [[Wang Xiaoming]]"),
    ("query-unquoted", "---\nto: #lead\n---\nHello\n", "", "to: \"#lead\""),
    ("query-unknown-tag", "---\nto: \"#laed\"\n---\nHello\n", "", "to: \"#lead\""),
    ("merge-conflict", "---\nalias: X\n---\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n", "Keep theirs (theirs)", "b"),
];

#[test]
fn a_fix_mends_what_it_says_it_mends() {
    let (_desk, mut client) = book();
    for (number, (code, text, title, line)) in MENDED.iter().enumerate() {
        let path = format!("contacts/x{number}.md");
        client.open(&path, text);
        let found = problems(&mut client, &path);
        let problem = found.iter().find(|problem| problem["code"] == *code).unwrap_or_else(|| panic!("{code}: {found:#?}"));
        let params = json!({
            "textDocument": { "uri": client.uri(&path) },
            "range": problem["range"],
            "context": { "diagnostics": [problem], "only": ["quickfix"], "triggerKind": 1 },
        });
        let actions = client.request("textDocument/codeAction", params);
        let actions = actions.as_array().unwrap();
        // Without a title: the one that an editor may choose by itself.
        let fix = match *title {
            "" => actions.iter().find(|action| action["isPreferred"] == true).unwrap_or_else(|| panic!("{code}: {actions:#?}")),
            title => action(actions, title),
        };
        assert_eq!(fix["diagnostics"][0]["code"], *code, "{fix}");
        assert_eq!(fix["diagnostics"][0]["range"], problem["range"], "{fix}");
        let after = client.after(&fix["edit"]).remove(&path).unwrap();
        assert!(after.lines().any(|own| own == *line), "{code}: {after}");
        client.change_all(&path, &after);
        let left = problems(&mut client, &path);
        assert!(left.iter().all(|problem| problem["code"] != *code), "{code}: {left:#?}\n{after}");
        client.close(&path);
    }
    client.shutdown();
}

#[test]
fn who_is_missing_is_made_from_the_link() {
    let desk = Desk::new(BOOK);
    let title = "Create contact “Nobody”";
    let made = "contacts/nobody.md\n  + ---\n  + alias: Nobody\n  + ---\n";
    for (capabilities, expected) in [
        (capabilities::full(), format!("create contacts/nobody.md\n{made}")),
        // Such an editor creates files without knowing versions: Neovim says so of itself.
        (full_but(&[("workspace.workspaceEdit.documentChanges", json!(false))]), format!("create contacts/nobody.md\n{made}")),
        (full_but(&[("workspace.workspaceEdit.resourceOperations", json!([]))]), made.to_owned()),
        (
            full_but(&[
                ("workspace.workspaceEdit.documentChanges", json!(false)),
                ("workspace.workspaceEdit.resourceOperations", json!([])),
            ]),
            made.to_owned(),
        ),
    ] {
        let mut client = client_of(desk.root(), capabilities);
        client.open_file("note.md");
        let actions = offered(&mut client, "note.md", "[[No‸body]]", any());
        assert_eq!(picture(&client, &action(&actions, title)["edit"]), expected);
        client.shutdown();
    }
}

const TWINS: &str = "\
== guanxi.yaml
== a.md
---
alias: Anna
emails: [anna@river.example]
tags: [lead]
---
== b.md
---
alias: Anna Berg
emails: [Anna@River.example]
tags: [friend]
---
Likes tea.
== note.md
[[b]] and [[Anna Berg]]
";

const ONE: &str = "\
a.md
  + aliases: [Anna Berg]
  - tags: [lead]
  + tags: [lead, friend]
  + Likes tea.
note.md
  - [[b]] and [[Anna Berg]]
  + [[Anna]] and [[Anna Berg]]
";

#[test]
fn two_files_of_one_person_become_one() {
    let merge = "Merge Anna Berg (b.md) into this contact";
    let delete = "Delete b.md: everything in it is in this file";
    let cannot_delete = [("workspace.workspaceEdit.resourceOperations", json!(["create"]))];
    for (capabilities, deletes) in [
        (capabilities::full(), true),
        (full_but(&[("workspace.workspaceEdit.documentChanges", json!(false))]), true),
        (full_but(&cannot_delete), false),
    ] {
        let desk = Desk::new(TWINS);
        let mut client = client_of(desk.root(), capabilities);
        client.open_file("a.md");
        client.open_file("note.md");
        let offered = |client: &mut Client| offered(client, "a.md", "[an‸na@", any());
        let run = |client: &mut Client, action: &Value| {
            assert_eq!(action["edit"], Value::Null, "{action}");
            let command = &action["command"];
            client
                .request("workspace/executeCommand", json!({ "command": command["command"], "arguments": command["arguments"] }));
            client.expect_request("workspace/applyEdit")["edit"].clone()
        };
        // First the content, and nothing that deletes a file.
        let actions = offered(&mut client);
        assert!(titles(&actions).iter().all(|title| !title.starts_with("Delete")), "{:?}", titles(&actions));
        let edit = run(&mut client, action(&actions, merge));
        assert_eq!(picture(&client, &edit), ONE);
        let told = client.expect_notification("window/showMessage");
        assert_eq!(told["message"], "Anna Berg is in a.md now: save, then delete b.md");
        // What stands in buffers alone is not on disk.
        for (path, text) in client.after(&edit) {
            let before = client.now(&path);
            client.edit(&path, &before, &text);
        }
        let actions = offered(&mut client);
        assert!(titles(&actions).iter().all(|title| !title.starts_with("Delete")), "{:?}", titles(&actions));
        for path in ["a.md", "note.md"] {
            std::fs::write(desk.path(path), client.now(path)).unwrap();
            client.save(path);
        }
        let actions = offered(&mut client);
        if deletes {
            let edit = run(&mut client, action(&actions, delete));
            assert_eq!(picture(&client, &edit), "delete b.md\n");
        } else {
            assert!(titles(&actions).iter().all(|title| !title.starts_with("Delete")), "{:?}", titles(&actions));
        }
        client.shutdown();
    }
}

#[test]
fn tags_are_added_and_written_otherwise() {
    let (_desk, mut client) = book();
    client.open("contacts/new.md", "---\nalias: New 茶🍵\ntags: lead\nemails: new@river.example\n---\n");
    let actions = offered(&mut client, "contacts/new.md", "tags: le‸ad", any());
    let told = |title: &str| picture(&client, &action(&actions, title)["edit"]);
    assert_eq!(told("Convert `tags` to a list"), "contacts/new.md\n  - tags: lead\n  + tags: [lead]\n");
    assert_eq!(told("Add tag `new-york`"), "contacts/new.md\n  - tags: lead\n  + tags: [lead, new-york]\n");
    let actions = offered(&mut client, "contacts/new.md", "emails: ‸new", any());
    let told = picture(&client, &action(&actions, "Convert `emails` to a list")["edit"]);
    assert_eq!(told, "contacts/new.md\n  - emails: new@river.example\n  + emails: [new@river.example]\n");
    client.shutdown();
}

#[test]
fn only_what_is_asked_for_is_offered() {
    let (_desk, mut client) = book();
    client.open("contacts/new.md", "---\nalias: New\ntags: [b, #lead]\n---\n[[Nobody]] 茶🍵\n");
    let mut kinds = |marked: &str, only: Value| {
        let actions = offered(&mut client, "contacts/new.md", marked, json!({ "diagnostics": [], "only": only }));
        let mut kinds: Vec<String> = actions.iter().map(|action| action["kind"].as_str().unwrap().to_owned()).collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds("#le‸ad", json!(["quickfix"])), ["quickfix"]);
    assert_eq!(kinds("[[No‸body]]", json!(["quickfix"])), ["quickfix"]);
    assert_eq!(kinds("[[No‸body]]", json!(["refactor"])), [""; 0]);
    assert_eq!(kinds("[[No‸body]]", json!(["quick"])), [""; 0], "a kind is no beginning of letters");
    assert_eq!(kinds("[[No‸body]]", json!(["quickfix.spelling"])), [""; 0], "asked for more precisely than it is");
    assert_eq!(kinds("[[No‸body]]", json!(["notebook"])), [""; 0]);
    assert_eq!(kinds("[[No‸body]]", json!([])), [""; 0]);
    client.edit("contacts/new.md", "[b, #lead]", "[b, a, lead]");
    let mut kinds = |only: Value| {
        let actions = offered(&mut client, "contacts/new.md", "[b,‸ a", json!({ "diagnostics": [], "only": only }));
        let mut kinds: Vec<String> = actions.iter().map(|action| action["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds(json!(["refactor.rewrite"])), ["refactor.rewrite"]);
    assert_eq!(kinds(json!(["refactor"])), ["refactor", "refactor.rewrite"]);
    assert_eq!(kinds(json!([""])), ["refactor", "refactor.rewrite"]);
    assert_eq!(kinds(json!(["source", "refactor.rewrite"])), ["refactor.rewrite"]);
    client.shutdown();
}

#[test]
fn who_knows_no_actions_gets_commands_and_nothing_else() {
    let desk = Desk::new(BOOK);
    let literal = ("textDocument.codeAction.codeActionLiteralSupport", Value::Null);
    for capabilities in [capabilities::bare(), full_but(&[literal])] {
        let mut client = client_of(desk.root(), capabilities);
        assert_eq!(client.server()["codeActionProvider"], true);
        client.open_file("broadcasts/autumn.md");
        let actions = offered(&mut client, "broadcasts/autumn.md", "to: ‸", any());
        assert_eq!(titles(&actions), ["Generate list", "Preview"]);
        let names: Vec<&str> = actions.iter().map(|action| action["command"].as_str().unwrap()).collect();
        assert_eq!(names, ["guanxi.broadcast.list", "guanxi.broadcast.preview"]);
        client.open_file("note.md");
        assert_eq!(titles(&offered(&mut client, "note.md", "[[No‸body]]", any())), ["Explain `link-unresolved`"]);
        client.shutdown();
    }
}

/// Clients in the wild take the arguments of a command for an array without looking.
#[test]
fn every_command_comes_with_its_arguments() {
    let (_desk, mut client) = book();
    ["window/showDocument", "window/showMessage", "workspace/applyEdit"].into_iter().for_each(|method| client.ignore(method));
    client.open("asking.md", "# Asking\n\n```guanxi\n#lead\n```\n\n```guanxi\n#laed\n```\n");
    client.open("contacts/twin.md", "---\nalias: Li Na\nemails: [li@river.example]\n---\n");
    let mut seen = Vec::new();
    for path in ["contacts/wang.md", "contacts/li.md", "contacts/zhang.md", "note.md", "broadcasts/autumn.md", "guanxi.yaml"] {
        client.open_file(path);
    }
    for path in
        ["contacts/wang.md", "contacts/li.md", "contacts/twin.md", "note.md", "broadcasts/autumn.md", "guanxi.yaml", "asking.md"]
    {
        let everything = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let params = json!({ "textDocument": { "uri": client.uri(path) }, "range": everything, "context": any() });
        let actions = client.request("textDocument/codeAction", params);
        let lenses = client.request("textDocument/codeLens", client.whole(path));
        let of_actions = actions.as_array().unwrap().iter().map(|action| action["command"].clone());
        seen.extend(of_actions.chain(lenses.as_array().unwrap().iter().map(|lens| lens["command"].clone())));
    }
    seen.retain(|command| !command.is_null());
    assert!(seen.len() > 8, "{seen:#?}");
    assert!(seen.iter().all(|command| command["arguments"].is_array()), "{seen:#?}");
    // And each of them does something: none is refused.
    for command in seen.iter().filter(|command| !command["command"].as_str().unwrap().starts_with("guanxi.broadcast")) {
        client.request("workspace/executeCommand", json!({ "command": command["command"], "arguments": command["arguments"] }));
    }
    client.shutdown();
}

/// Chooses the lens whose title fits, and gives the answer.
fn choose(client: &mut Client, path: &str, title: &str) -> Value {
    let lenses = client.request("textDocument/codeLens", client.whole(path));
    let lenses = lenses.as_array().unwrap();
    let lens = lenses.iter().find(|lens| lens["command"]["title"].as_str().unwrap().contains(title));
    let command = &lens.unwrap_or_else(|| panic!("no {title:?} in {lenses:#?}"))["command"];
    client.request("workspace/executeCommand", json!({ "command": command["command"], "arguments": command["arguments"] }))
}

#[test]
fn a_lens_about_others_leads_to_them() {
    let desk = Desk::new(TWINS);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    client.open("c.md", "---\nalias: Carl\n---\n茶🍵 [[Anna]]\n[[Anna]]\n");
    let answer = choose(&mut client, "a.md", "2 links here");
    let told: Vec<(&str, &str, String)> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (place["path"].as_str().unwrap(), place["text"].as_str().unwrap(), client.covered("c.md", &place["range"])))
        .collect();
    assert_eq!(told, [("c.md", "茶🍵 [[Anna]]", "[[Anna]]".to_owned()), ("c.md", "[[Anna]]", "[[Anna]]".to_owned())]);
    let shown = client.expect_request("window/showDocument");
    assert_eq!((&shown["uri"], &shown["selection"]), (&json!(client.uri("c.md")), &answer[0]["range"]));
    let answer = choose(&mut client, "a.md", "shares a mail address with Anna Berg");
    assert_eq!(answer.as_array().unwrap().len(), 1);
    assert_eq!((&answer[0]["path"], &answer[0]["text"]), (&json!("b.md"), &json!("alias: Anna Berg")));
    assert_eq!(client.expect_request("window/showDocument")["uri"], client.uri("b.md"));
    client.shutdown();
    // Who shows no documents has the answer.
    let mut client = client_of(desk.root(), full_but(&[("window.showDocument.support", json!(false))]));
    client.open_file("a.md");
    assert_eq!(choose(&mut client, "a.md", "shares a mail address")[0]["uri"], client.uri("b.md"));
    client.round_trip();
    client.shutdown();
}

/// A lens is chosen later than it is drawn.
#[test]
fn a_lens_that_says_something_else_by_now_leads_there_all_the_same() {
    let desk = Desk::new(TWINS);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    client.open("c.md", "[[Anna]]\n");
    let lenses = client.request("textDocument/codeLens", client.whole("a.md"));
    let command = &lenses[0]["command"];
    assert_eq!(command["title"], "1 link here");
    client.edit("c.md", "[[Anna]]\n", "[[Anna]] [[Anna]]\n");
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    assert_eq!(client.request("workspace/executeCommand", params.clone()).as_array().unwrap().len(), 2);
    client.expect_request("window/showDocument");
    client.edit("c.md", "[[Anna]] [[Anna]]\n", "");
    assert_eq!(client.request("workspace/executeCommand", params), json!([]));
    client.shutdown();
}

#[test]
fn a_lens_that_only_tells_leads_to_what_it_tells_of() {
    let (_desk, mut client) = book();
    client.open_file("broadcasts/autumn.md");
    let answer = choose(&mut client, "broadcasts/autumn.md", "do-not-contact");
    assert_eq!((&answer[0]["path"], &answer[0]["text"]), (&json!("broadcasts/autumn.md"), &json!("to: \"#lead #new-york\"")));
    let shown = client.expect_request("window/showDocument");
    assert_eq!(client.covered("broadcasts/autumn.md", &shown["selection"]), "to");
    client.shutdown();
}

#[test]
fn a_lens_over_a_query_lists_and_writes_the_list() {
    let (_desk, mut client) = book();
    client.open("asking.md", "# 茶🍵\n\n```guanxi\n#lead #new-york\n```\nEnd\n");
    let listed = choose(&mut client, "asking.md", "2 contacts");
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|record| record["alias"].as_str().unwrap()).collect();
    assert_eq!(names, ["Li Na", "Wang Xiaoming"]);
    let answer = choose(&mut client, "asking.md", "insert list");
    assert_eq!(answer, json!({ "changed": ["asking.md"] }));
    let asked = client.expect_request("workspace/applyEdit");
    assert_eq!(picture(&client, &asked["edit"]), "asking.md\n  + \n  + - [[Li Na]]\n  + - [[Wang Xiaoming]]\n  + \n");
    client.shutdown();
}

/// An editor may ask for everything that could be done about a whole file of faults: the fixes nearest to the beginning of the range
/// come, and no more than a person could look through.
#[test]
fn fixes_for_a_whole_file_of_faults_are_bounded() {
    let (_desk, mut client) = book();
    let links: String = (0..3000).map(|number| format!("[[Wang Xiaomin]] [[nobody {number}]]\n")).collect();
    let dates: String = (0..1500).map(|number| format!("k{number}: v\nbirthday: 3.4.1988\n")).collect();
    for (path, text) in [
        ("contacts/links.md", format!("---\nalias: X\n---\n{links}")),
        ("contacts/dates.md", format!("---\nalias: X\n{dates}---\n")),
    ] {
        client.open(path, &text);
        let found = problems(&mut client, path);
        assert!(found.len() <= 1000, "{}", found.len());
        for (diagnostics, line) in [(json!([]), 0), (json!(found), 0), (json!([]), 1500)] {
            let params = json!({
                "textDocument": { "uri": client.uri(path) },
                "range": { "start": { "line": line, "character": 0 }, "end": { "line": 9000, "character": 0 } },
                "context": { "diagnostics": diagnostics, "triggerKind": 1 },
            });
            let actions = client.request("textDocument/codeAction", params).as_array().unwrap().clone();
            let lines = |action: &Value| action["diagnostics"][0]["range"]["start"]["line"].as_u64();
            let first = actions.iter().filter_map(lines).min();
            assert!(
                actions.len() < 500 && first.is_some_and(|first| first <= line + 5),
                "{path} {line} {} {first:?}",
                actions.len()
            );
        }
    }
    client.shutdown();
}
