//! Renaming through the protocol: one edit for the whole vault, in the client's own counting, with its own versions. What a
//! renaming means is tested where it is made (`tests/features/rename*.rs`); here, that it arrives.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{client_of, counting_in, full_but, picture};
use crate::cli::Desk;

const VAULT: &str = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
    \"lead/hot\": Calls us
    leads: Another tag
broadcast:
  exclude: \"#lead/cold -#leads\"
== contacts/block.md
---
alias: Block
tags:
  - lead   # a comment about lead
  - 'lead/hot'
  - leads
---
A #lead, `#lead`, #leads and #LEAD/cold.

```sh
#lead
```
== contacts/flow.md
---
alias: Flow
tags: [Lead, \"lead/cold\", leads, mislead] # lead
---
== contacts/tea.md
---
alias: Tea
tags: [tea]
---
茶🍵 #lead, 茶🍵#lead
== broadcasts/list.md
---
to: [lead, leads]
---
== broadcasts/query.md
---
to: \"#lead -#leads (tag:=lead/hot | tag:lead)\"
---
== broadcasts/bare.md
---
to: #lead
---
== note.md
```guanxi
#lead lead -#\"lead/hot\"
```
";

/// What the renaming of `lead` to `prospect` does to [`VAULT`].
const RENAMED: &str = "\
broadcasts/bare.md
  - to: #lead
  + to: #prospect
broadcasts/list.md
  - to: [lead, leads]
  + to: [prospect, leads]
broadcasts/query.md
  - to: \"#lead -#leads (tag:=lead/hot | tag:lead)\"
  + to: \"#prospect -#leads (tag:=prospect/hot | tag:prospect)\"
contacts/block.md
  -   - lead   # a comment about lead
  -   - 'lead/hot'
  +   - prospect   # a comment about lead
  +   - 'prospect/hot'
  - A #lead, `#lead`, #leads and #LEAD/cold.
  + A #prospect, `#lead`, #leads and #prospect/cold.
contacts/flow.md
  - tags: [Lead, \"lead/cold\", leads, mislead] # lead
  + tags: [prospect, \"prospect/cold\", leads, mislead] # lead
contacts/tea.md
  - 茶🍵 #lead, 茶🍵#lead
  + 茶🍵 #prospect, 茶🍵#lead
guanxi.yaml
  -     lead: Could buy within a year
  -     \"lead/hot\": Calls us
  +     prospect: Could buy within a year
  +     \"prospect/hot\": Calls us
  -   exclude: \"#lead/cold -#leads\"
  +   exclude: \"#prospect/cold -#leads\"
note.md
  - #lead lead -#\"lead/hot\"
  + #prospect lead -#prospect/hot
";

fn rename(client: &mut Client, path: &str, marked: &str, new: &str) -> Result<Value, Value> {
    let mut params = client.spot(path, marked);
    params["newName"] = json!(new);
    client.try_request("textDocument/rename", params)
}

/// The renaming of [`VAULT`]'s `lead`, which has an excluded tag below it: the person is told that all files are to be saved.
fn rename_told(client: &mut Client, path: &str, marked: &str) -> Value {
    let edit = rename(client, path, marked, "prospect").unwrap();
    let told = client.expect_notification("window/showMessage")["message"].as_str().unwrap().to_owned();
    assert!(told.contains("keeps people out: save all") && told.contains("files before anything is sent"), "{told}");
    edit
}

/// The words of a refusal; it must be a refusal in the protocol's sense (`RequestFailed`).
fn refused(answer: Result<Value, Value>) -> String {
    let error = answer.expect_err("it was renamed");
    assert_eq!(error["code"], -32803, "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_tag_is_renamed_from_wherever_it_stands() {
    let desk = Desk::new(VAULT);
    for (path, marked) in [
        ("contacts/block.md", "  - le‸ad "),
        ("contacts/block.md", "A #le‸ad"),
        ("contacts/flow.md", "[‸Lead"),
        ("contacts/tea.md", "茶🍵 ‸#lead"),
        ("contacts/tea.md", "茶🍵 #lead‸,"),
        ("broadcasts/list.md", "[lead‸,"),
        ("broadcasts/query.md", "\"#le‸ad"),
        ("broadcasts/bare.md", "#le‸ad"),
        ("guanxi.yaml", "lea‸d: Could"),
        ("note.md", "#le‸ad "),
    ] {
        let mut client = client_of(desk.root(), capabilities::full());
        client.open_file(path);
        let edit = rename_told(&mut client, path, marked);
        assert_eq!(picture(&client, &edit), RENAMED, "{path}: {marked}");
        assert!(edit["changeAnnotations"].is_null() && edit["changes"].is_null(), "{edit}");
        client.shutdown();
    }
}

#[test]
fn each_way_of_counting_gets_the_same_texts() {
    let desk = Desk::new(VAULT);
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = client_of(desk.root(), counting_in(encoding));
        client.open_file("contacts/tea.md");
        assert_eq!(client.server()["positionEncoding"], encoding);
        let edit = rename_told(&mut client, "contacts/tea.md", "茶🍵 #le‸ad");
        assert_eq!(picture(&client, &edit), RENAMED, "{encoding}");
        // A tag of several planes, named by another one.
        client.edit("contacts/tea.md", "[tea]", "[🍵🍵茶, tea]");
        let edit = rename(&mut client, "contacts/tea.md", "🍵‸🍵茶", "茶🫖").unwrap();
        assert_eq!(picture(&client, &edit), "contacts/tea.md\n  - tags: [🍵🍵茶, tea]\n  + tags: [茶🫖, tea]\n", "{encoding}");
        client.shutdown();
    }
}

#[test]
fn open_documents_come_with_their_versions_and_count_as_they_are() {
    let desk = Desk::new(VAULT);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("contacts/flow.md");
    client.open("contacts/new.md", "---\r\nalias: New lead\r\ntags:\r\n- lead\r\n---\r\n");
    client.edit("contacts/flow.md", "alias: Flow", "alias: 茶🍵 Flow");
    client.edit("contacts/flow.md", "mislead]", "mislead, lead/x]");
    let edit = rename_told(&mut client, "contacts/flow.md", "[‸Lead");
    let versions: Vec<(String, Value)> = edit["documentChanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["textDocument"])
        .filter(|document| !document["version"].is_null())
        .map(|document| (document["uri"].as_str().unwrap().to_owned(), document["version"].clone()))
        .collect();
    assert_eq!(versions, [(client.uri("contacts/flow.md"), json!(3)), (client.uri("contacts/new.md"), json!(1))], "{edit}");
    let after = picture(&client, &edit);
    assert!(after.contains("  + tags: [prospect, \"prospect/cold\", leads, mislead, prospect/x] # lead\n"), "{after}");
    assert!(after.contains("contacts/new.md\n  - - lead␍\n  + - prospect␍\n"), "{after}");
    client.shutdown();
}

#[test]
fn a_client_of_plain_changes_gets_them() {
    let desk = Desk::new(VAULT);
    for capabilities in [capabilities::bare(), full_but(&[("workspace.workspaceEdit.documentChanges", json!(false))])] {
        let mut client = client_of(desk.root(), capabilities);
        client.open_file("contacts/flow.md");
        client.edit("contacts/flow.md", "alias: Flow", "alias: 茶🍵 Flow");
        let edit = rename_told(&mut client, "contacts/flow.md", "[‸Lead");
        assert!(edit["documentChanges"].is_null(), "{edit}");
        assert_eq!(edit["changes"].as_object().unwrap().len(), 8, "{edit}");
        assert_eq!(picture(&client, &edit), RENAMED);
        client.shutdown();
    }
}

#[test]
fn what_can_be_renamed_is_told_before() {
    let desk = Desk::new(super::BOOK);
    let mut client = client_of(desk.root(), capabilities::full());
    for path in ["contacts/wang.md", "contacts/li.md", "contacts/zhang.md", "note.md", "broadcasts/autumn.md", "guanxi.yaml"] {
        client.open_file(path);
    }
    for (path, marked, covered, placeholder) in [
        ("contacts/wang.md", "[‸lead", "lead", "lead"),
        ("contacts/wang.md", "new-york‸,", "new-york", "new-york"),
        ("contacts/wang.md", "event/ces‸", "event/ces-2026", "event/ces-2026"),
        ("contacts/wang.md", "introduced us. #fol‸low-up", "follow-up", "follow-up"),
        ("contacts/wang.md", "introduced us. ‸#follow-up", "#follow-up", "follow-up"),
        ("contacts/wang.md", "alias: Wang X‸", "Wang Xiaoming", "Wang Xiaoming"),
        ("contacts/wang.md", "[[Li ‸Na]]", "Li Na", "Li Na"),
        ("contacts/zhang.md", "朋‸友", "朋友", "朋友"),
        ("contacts/zhang.md", "🍵 #le‸ad", "lead", "lead"),
        ("note.md", "[[Wang‸ Xiaoming]]", "Wang Xiaoming", "Wang Xiaoming"),
        ("broadcasts/autumn.md", "#lead #ne‸w-york", "new-york", "new-york"),
        ("guanxi.yaml", "le‸ad: Could", "lead", "lead"),
    ] {
        let spot = client.spot(path, marked);
        let answer = client.request("textDocument/prepareRename", spot);
        assert_eq!(client.covered(path, &answer["range"]), covered, "{path}: {marked}");
        assert_eq!(answer["placeholder"], placeholder, "{path}: {marked}");
    }
    for (path, marked, words) in [
        ("contacts/wang.md", "org: Pan‸da", "nothing here can be renamed"),
        ("contacts/wang.md", "Tom‸ Wang", "another name"),
        ("note.md", "[[No‸body]]", "no contact or note is named `Nobody`"),
        ("note.md", "Fa‸ir", "nothing here can be renamed"),
        ("broadcasts/autumn.md", "Dear‸", "nothing here can be renamed"),
    ] {
        let spot = client.spot(path, marked);
        let told = refused(client.try_request("textDocument/prepareRename", spot));
        assert!(told.contains(words), "{path}: {marked}: {told}");
        // And who renames without asking hears the same.
        let told = refused(rename(&mut client, path, marked, "x"));
        assert!(told.contains(words), "{path}: {marked}: {told}");
    }
    client.shutdown();
}

#[test]
fn an_editor_that_does_not_ask_first_is_told_of_plain_renaming() {
    let desk = Desk::new(super::BOOK);
    for (capabilities, provider) in [
        (capabilities::full(), json!({ "prepareProvider": true })),
        (full_but(&[("textDocument.rename.prepareSupport", json!(false))]), json!(true)),
        (capabilities::bare(), json!(true)),
    ] {
        let client = client_of(desk.root(), capabilities);
        assert_eq!(client.server()["renameProvider"], provider);
        client.shutdown();
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    let desk = Desk::new(super::BOOK);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("contacts/wang.md");
    for (marked, new, words) in [
        ("[‸lead", "", "cannot be empty"),
        ("[‸lead", "  ", "cannot be empty"),
        ("[‸lead", "#", "cannot be empty"),
        ("[‸lead", "a, b", "comma"),
        ("[‸lead", "a\nb", "line break"),
        ("[‸lead", "a//b", "both sides"),
        ("[‸lead", "a#b", "#"),
        ("alias: ‸Wang", "", "empty"),
        ("alias: ‸Wang", "a|b", "cannot be an alias"),
        ("alias: ‸Wang", "Li Na", "Li Na (contacts/li.md) goes by `Li Na` already"),
        ("alias: ‸Wang", "李娜", "goes by `李娜` already"),
    ] {
        let told = refused(rename(&mut client, "contacts/wang.md", marked, new));
        assert!(told.contains(words), "{marked} → {new:?}: {told}");
    }
    client.shutdown();
}

/// A name that YAML would take for something else is quoted there; a `#` that was typed along is not written into YAML.
#[test]
fn a_new_name_is_written_as_each_place_needs_it() {
    let desk = Desk::new(
        "== guanxi.yaml\ntags:\n  known:\n    lead: x\n== a.md\n---\nalias: A\ntags: [lead, 'lead/a']\n---\n#lead\n== b.md\n---\nto: '#lead'\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    for (new, picture_of_it) in [
        (
            "#prospect",
            "a.md\n  - tags: [lead, 'lead/a']\n  + tags: [prospect, 'prospect/a']\n  - #lead\n  + #prospect\n\
             b.md\n  - to: '#lead'\n  + to: '#prospect'\nguanxi.yaml\n  -     lead: x\n  +     prospect: x\n",
        ),
        (
            "no: yes",
            "a.md\n  - tags: [lead, 'lead/a']\n  + tags: [\"no: yes\", 'no: yes/a']\n\
             b.md\n  - to: '#lead'\n  + to: '#\"no: yes\"'\nguanxi.yaml\n  -     lead: x\n  +     \"no: yes\": x\n",
        ),
        (
            "it's \"so\"",
            "a.md\n  - tags: [lead, 'lead/a']\n  + tags: [it's \"so\", 'it''s \"so\"/a']\n\
             b.md\n  - to: '#lead'\n  + to: '#\"it''s \\\"so\\\"\"'\nguanxi.yaml\n  -     lead: x\n  +     it's \"so\": x\n",
        ),
    ] {
        let edit = rename(&mut client, "a.md", "[‸lead", new).unwrap();
        let told = picture(&client, &edit);
        assert_eq!(told, picture_of_it, "{new}");
    }
    client.shutdown();
}

const MERGED: &str = "\
a.md
  - tags: [lead, prospect, lead/hot]
  + tags: [prospect, Prospect/hot]
b.md
  -   - Lead
  +   - Prospect
";

#[test]
fn merging_is_announced_where_it_can_be_and_done_everywhere() {
    let desk = Desk::new(
        "== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [lead, prospect, lead/hot]\n---\n== b.md\n---\nalias: B\ntags:\n  - Lead\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    let edit = rename(&mut client, "a.md", "[‸lead", "Prospect").unwrap();
    let (id, annotation) = edit["changeAnnotations"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(annotation["needsConfirmation"], Value::Null);
    assert!(annotation["label"].as_str().unwrap().contains("prospect"), "{annotation}");
    let edits = edit["documentChanges"].as_array().unwrap().iter().flat_map(|change| change["edits"].as_array().unwrap());
    assert!(edits.clone().count() >= 2 && edits.clone().all(|edit| edit["annotationId"] == **id), "{edit}");
    let announced = picture(&client, &edit);
    client.shutdown();
    for capabilities in [
        full_but(&[("workspace.workspaceEdit.changeAnnotationSupport", Value::Null)]),
        full_but(&[("workspace.workspaceEdit.documentChanges", json!(false))]),
        capabilities::bare(),
    ] {
        let mut client = client_of(desk.root(), capabilities);
        client.open_file("a.md");
        let edit = rename(&mut client, "a.md", "[‸lead", "Prospect").unwrap();
        assert!(edit["changeAnnotations"].is_null(), "{edit}");
        assert_eq!(picture(&client, &edit), announced);
        let said = client.expect_notification("window/showMessage");
        assert_eq!(said["message"], "prospect exists already: the two become one, for good");
        client.shutdown();
    }
    assert_eq!(announced, MERGED);
}

#[test]
fn another_spelling_of_the_same_tag_merges_nothing() {
    let desk =
        Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [lead]\n---\n== b.md\n---\nalias: B\ntags: [LEAD]\n---\n");
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    let edit = rename(&mut client, "a.md", "[‸lead", "Lead").unwrap();
    assert!(edit["changeAnnotations"].is_null(), "{edit}");
    assert_eq!(picture(&client, &edit), "a.md\n  - tags: [lead]\n  + tags: [Lead]\nb.md\n  - tags: [LEAD]\n  + tags: [Lead]\n");
    client.shutdown();
}

#[test]
fn an_alias_takes_its_links_along() {
    let desk = Desk::new(super::BOOK);
    let renamed = "\
contacts/wang.md
  - [[Li Na]] introduced us. #follow-up
  + [[Li 娜]] introduced us. #follow-up
contacts/li.md
  - alias: Li Na
  + alias: Li 娜
";
    let sorted = |picture: &str| {
        let mut files: Vec<String> = Vec::new();
        for line in picture.lines() {
            if line.starts_with(' ') { files.last_mut().unwrap().push_str(line) } else { files.push(line.to_owned()) }
        }
        files.sort();
        files
    };
    for (path, marked) in [("contacts/li.md", "alias: ‸Li"), ("contacts/wang.md", "[[Li‸ Na")] {
        let mut client = client_of(desk.root(), capabilities::full());
        client.open_file(path);
        let edit = rename(&mut client, path, marked, " Li 娜 ").unwrap();
        assert_eq!(sorted(&picture(&client, &edit)), sorted(renamed), "{path}");
        client.shutdown();
    }
}

/// A query finds people by their alias, and no renaming follows there.
#[test]
fn an_alias_that_a_query_reads_is_not_renamed() {
    let desk = Desk::new(&format!("{}== b.md\n---\nto: 'alias:\"Li\"'\n---\nHi\n", super::BOOK));
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("contacts/li.md");
    let words = refused(rename(&mut client, "contacts/li.md", "alias: ‸Li", "Zoe"));
    assert!(words.contains("`to` in b.md no longer matches 1 contact (Li Na); change that query first"), "{words}");
    assert!(rename(&mut client, "contacts/li.md", "alias: ‸Li", "Li Wei").is_ok());
    client.shutdown();
}

/// Moves files as an editor tells of it beforehand.
fn move_files(client: &mut Client, moves: &[(&str, &str)]) -> Value {
    let files: Vec<Value> =
        moves.iter().map(|(old, new)| json!({ "oldUri": client.uri(old), "newUri": client.uri(new) })).collect();
    client.request("workspace/willRenameFiles", json!({ "files": files }))
}

const MOVING: &str = "\
== guanxi.yaml
vault:
  contacts: people
== people/a.md
---
alias: A
card: ../cards/a.jpg
---
[the fair](../notes/fair.md)
== people/b.md
---
alias: B
card: cards/a.jpg
---
== notes/fair.md
[[a]], [[A]], 茶🍵 [A](../people/a.md), ![](../cards/a.jpg), `[[a]]`
== cards/a.jpg
picture
";

#[test]
fn files_that_move_take_along_what_leads_to_them() {
    let desk = Desk::new(MOVING);
    for (moves, picture_of_it) in [
        (
            vec![("people/a.md", "people/deep/anna.md")],
            "notes/fair.md
  - [[a]], [[A]], 茶🍵 [A](../people/a.md), ![](../cards/a.jpg), `[[a]]`
  + [[a]], [[A]], 茶🍵 [A](../people/deep/anna.md), ![](../cards/a.jpg), `[[a]]`
people/a.md
  - card: ../cards/a.jpg
  + card: ../../cards/a.jpg
  - [the fair](../notes/fair.md)
  + [the fair](../../notes/fair.md)
",
        ),
        (
            vec![("people", "contacts")],
            "guanxi.yaml
  -   contacts: people
  +   contacts: contacts
notes/fair.md
  - [[a]], [[A]], 茶🍵 [A](../people/a.md), ![](../cards/a.jpg), `[[a]]`
  + [[a]], [[A]], 茶🍵 [A](../contacts/a.md), ![](../cards/a.jpg), `[[a]]`
",
        ),
        (
            vec![("cards/a.jpg", "cards/anna.jpg")],
            "notes/fair.md
  - [[a]], [[A]], 茶🍵 [A](../people/a.md), ![](../cards/a.jpg), `[[a]]`
  + [[a]], [[A]], 茶🍵 [A](../people/a.md), ![](../cards/anna.jpg), `[[a]]`
people/a.md
  - card: ../cards/a.jpg
  + card: ../cards/anna.jpg
people/b.md
  - card: cards/a.jpg
  + card: cards/anna.jpg
",
        ),
    ] {
        for capabilities in [capabilities::full(), counting_in("utf-16"), capabilities::bare()] {
            let mut client = client_of(desk.root(), capabilities);
            client.open_file("notes/fair.md");
            let edit = move_files(&mut client, &moves);
            assert_eq!(picture(&client, &edit), picture_of_it, "{moves:?}");
            client.shutdown();
        }
    }
}

#[test]
fn a_move_that_nobody_notices_changes_nothing() {
    let desk = Desk::new(MOVING);
    let mut client = client_of(desk.root(), capabilities::full());
    for moves in [vec![("nowhere.md", "elsewhere.md")], vec![]] {
        assert_eq!(move_files(&mut client, &moves), Value::Null, "{moves:?}");
    }
    // What lies outside is none of ours.
    let files = json!([{ "oldUri": "file:///tmp/elsewhere/a.md", "newUri": "file:///tmp/elsewhere/b.md" }, { "oldUri": "untitled:a", "newUri": "untitled:b" }]);
    assert_eq!(client.request("workspace/willRenameFiles", json!({ "files": files })), Value::Null);
    client.shutdown();
}

/// What keeps somebody out in a file that is not renamed would be forgotten: an editor cannot ask, so nothing is renamed.
#[test]
fn a_tag_that_keeps_somebody_out_elsewhere_is_not_renamed() {
    let desk = Desk::new(
        "== guanxi.yaml\nvault:\n  ignore: [old/**]\nbroadcast:\n  exclude: \"#no-mail\"\n== a.md\n---\nalias: A\ntags: [no-mail]\n---\n\
         == old/z.md\n---\nalias: Zoe\ntags: [no_mail]\n---\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("a.md");
    let told = refused(rename(&mut client, "a.md", "[‸no", "never"));
    assert!(told.contains("no longer matches 1 contact (Zoe)") && told.contains("guanxi tag rename --yes"), "{told}");
    let said = desk.run(&["tag", "rename", "no-mail", "never"]);
    assert!(said.code == 2 && said.err.contains("no longer matches 1 contact (Zoe)"), "{said:?}");
    client.shutdown();
}

/// Whoever was written to stands in the journal: without it they would be written to again.
#[test]
fn a_journal_moves_with_its_broadcast_or_the_person_is_told() {
    let desk = Desk::new("== guanxi.yaml\n== ads/one.md\n---\nto: '#x'\n---\nHi\n== a.md\n---\nalias: A\ntags: [x]\n---\n");
    std::fs::write(desk.path("ads/one.journal"), "{}\n").unwrap();
    let moves = [("ads/one.md", "sent/1.md")];
    let mut client = client_of(desk.root(), capabilities::full());
    let edit = move_files(&mut client, &moves);
    let operation = &edit["documentChanges"][0];
    assert_eq!(operation["kind"], "rename", "{edit}");
    assert_eq!(operation["oldUri"], client.uri("ads/one.journal"));
    assert_eq!(operation["newUri"], client.uri("sent/1.journal"));
    assert_eq!(operation["options"]["overwrite"], false);
    // One that is there already says something else.
    std::fs::create_dir(desk.path("sent")).unwrap();
    std::fs::write(desk.path("sent/1.journal"), "{}\n").unwrap();
    assert_eq!(move_files(&mut client, &moves), Value::Null);
    let words = "ads/one.journal says who was written to: move it to sent/1.journal, or they may be written to again";
    assert_eq!(client.expect_notification("window/showMessage")["message"], words);
    client.shutdown();
    std::fs::remove_file(desk.path("sent/1.journal")).unwrap();
    let mut client = client_of(desk.root(), full_but(&[("workspace.workspaceEdit.resourceOperations", json!(["create"]))]));
    assert_eq!(move_files(&mut client, &moves), Value::Null);
    assert_eq!(client.expect_notification("window/showMessage")["message"], words);
    client.shutdown();
}

/// What cannot follow is named beside.
#[test]
fn a_folder_takes_along_the_patterns_that_name_it() {
    let desk = Desk::new(
        "== guanxi.yaml\nvault:\n  ignore: [people/old, '!people/old/keep.md', 'peo*']\nbroadcast:\n  exclude: 'path:\"people\"'\n== people/a.md\n---\nalias: A\n---\n== q.md\n```guanxi\npath:/people\n```\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    let edit = move_files(&mut client, &[("people", "folk")]);
    let told = picture(&client, &edit);
    assert!(told.contains("+   ignore: [folk/old, '!folk/old/keep.md', 'peo*', /folk]\n"), "{told}");
    client.shutdown();
}
