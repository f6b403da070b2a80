//! Each request once through the protocol: what only the adapters can get wrong.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{BOOK, book, client_of, full_but};
use crate::cli::Desk;

#[test]
fn hover_on_a_link_shows_the_person() {
    let (_desk, mut client) = book();
    client.open_file("note.md");
    let spot = client.spot("note.md", "[[Wang Xiao‸ming]]");
    let answer = client.request("textDocument/hover", spot);
    let text = answer["contents"]["value"].as_str().unwrap();
    assert!(text.contains("Panda Lighting") && text.contains("王小明"), "{text}");
    assert_eq!(client.covered("note.md", &answer["range"]), "Wang Xiaoming");
    client.shutdown();
}

#[test]
fn a_picture_below_the_root_is_shown_from_there() {
    let desk = Desk::new(
        "== guanxi.yaml\n== cards/li.png\nx\n== contacts/li.md\n---\nalias: Li\ncard: cards/li.png\n---\n== note.md\n[[Li]]\n",
    );
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("note.md");
    let spot = client.spot("note.md", "[[L‸i]]");
    let answer = client.request("textDocument/hover", spot);
    let text = answer["contents"]["value"].as_str().unwrap();
    assert!(text.contains(&format!("({})", client.uri("cards/li.png"))), "{text}");
    client.shutdown();
}

#[test]
fn a_link_leads_to_its_alias_and_back() {
    let (_desk, mut client) = book();
    client.open_file("note.md");
    client.open_file("contacts/wang.md");
    let spot = client.spot("note.md", "[[Wang Xiao‸ming]]");
    let answer = client.request("textDocument/definition", spot);
    assert_eq!(answer[0]["targetUri"], client.uri("contacts/wang.md"));
    assert_eq!(client.covered("contacts/wang.md", &answer[0]["targetSelectionRange"]), "Wang Xiaoming");
    let mut spot = client.spot("contacts/wang.md", "alias: Wang‸");
    spot["context"] = json!({ "includeDeclaration": true });
    let answer = client.request("textDocument/references", spot);
    let uris: Vec<&str> = answer.as_array().unwrap().iter().map(|place| place["uri"].as_str().unwrap()).collect();
    assert_eq!(uris, [client.uri("contacts/wang.md"), client.uri("note.md")]);
    client.shutdown();
}

#[test]
fn highlights_lenses_hints_and_links() {
    let (_desk, mut client) = book();
    client.open_file("contacts/wang.md");
    let spot = client.spot("contacts/wang.md", "tags: [le‸ad");
    let marked = client.request("textDocument/documentHighlight", spot);
    assert_eq!(marked.as_array().unwrap().len(), 1);
    let lenses = client.request("textDocument/codeLens", client.whole("contacts/wang.md"));
    assert_eq!(lenses[0]["command"]["title"], "1 link here");
    let mut whole = client.whole("contacts/wang.md");
    whole["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } });
    let hints = client.request("textDocument/inlayHint", whole);
    assert_eq!(hints[0]["label"], "2");
    let links = client.request("textDocument/documentLink", client.whole("contacts/wang.md"));
    let targets: Vec<&str> = links.as_array().unwrap().iter().map(|link| link["target"].as_str().unwrap()).collect();
    assert!(targets.contains(&"tel:+12125550147") && targets.contains(&"mailto:wang@panda.example"), "{targets:?}");
    client.shutdown();
}

#[test]
fn a_broadcast_shows_whom_it_reaches() {
    let (_desk, mut client) = book();
    client.open_file("broadcasts/autumn.md");
    // The vocabulary does not list `do-not-contact` and nobody carries it: a broadcast must not go out on a misspelt rule.
    let lenses = client.request("textDocument/codeLens", client.whole("broadcasts/autumn.md"));
    assert!(lenses[0]["command"]["title"].as_str().unwrap().contains("do-not-contact"), "{lenses}");
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "    lead: Could", "    do-not-contact: Never\n    lead: Could");
    let lenses = client.request("textDocument/codeLens", client.whole("broadcasts/autumn.md"));
    assert!(lenses[0]["command"]["title"].as_str().unwrap().starts_with("2 recipients"), "{lenses}");
    // Chosen, it shows who they are.
    client.request(
        "workspace/executeCommand",
        json!({ "command": lenses[0]["command"]["command"], "arguments": lenses[0]["command"]["arguments"] }),
    );
    let asked = client.expect_request("workspace/applyEdit");
    let list = "untitled:Recipients%20of%20autumn";
    let text = asked["edit"]["changes"][list][0]["newText"].as_str().unwrap();
    assert!(text.contains("2 recipients") && text.contains("- Li Na · li@river.example\n"), "{text}");
    assert_eq!(client.expect_request("window/showDocument")["uri"], list);
    client.shutdown();
}

fn run(client: &mut Client, command: &str, arguments: Value) -> Value {
    client.request("workspace/executeCommand", json!({ "command": command, "arguments": [arguments] }))
}

fn aliases(answer: &Value) -> Vec<&str> {
    answer.as_array().unwrap().iter().map(|record| record["alias"].as_str().unwrap()).collect()
}

#[test]
fn commands_answer_as_the_command_line_does() {
    let (desk, mut client) = book();
    let listed = run(&mut client, "guanxi.list", json!({ "query": "#lead #new-york" }));
    assert_eq!(aliases(&listed), ["Li Na", "Wang Xiaoming"]);
    let printed: Value = serde_json::from_str(&desk.run(&["list", "#lead #new-york", "--format", "json"]).out).unwrap();
    for (answered, printed) in listed.as_array().unwrap().iter().zip(printed.as_array().unwrap()) {
        let mut answered = answered.clone();
        assert_eq!(answered.as_object_mut().unwrap().shift_remove("uri").unwrap(), client.uri(printed["path"].as_str().unwrap()));
        assert_eq!(answered, *printed);
    }
    assert_eq!(aliases(&run(&mut client, "guanxi.list", json!("#boston"))), ["Zhang Wei"]);
    assert_eq!(aliases(&run(&mut client, "guanxi.find", json!({ "query": "wxm" }))), ["Wang Xiaoming"]);
    assert_eq!(run(&mut client, "guanxi.list", json!({ "tags": ["boston"], "format": "names" })), "Zhang Wei\n");
    assert_eq!(run(&mut client, "guanxi.tags", json!({}))[0]["tag"], "boston");
    let unknown = json!({ "command": "guanxi.list", "arguments": [{ "query": "#laed" }] });
    let error = client.try_request("workspace/executeCommand", unknown).unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("lead"), "{error}");
    client.shutdown();
}

#[test]
fn a_tag_is_put_on_everybody_whom_a_query_means() {
    let (_desk, mut client) = book();
    client.open_file("contacts/li.md");
    let answer = run(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "query": "#lead" }));
    assert_eq!(answer["changed"], json!(["contacts/li.md", "contacts/wang.md"]));
    let asked = client.expect_request("workspace/applyEdit");
    let texts = client.after(&asked["edit"]);
    assert!(texts["contacts/li.md"].contains("  - new-york\n  - vip\n"), "{texts:?}");
    assert!(texts["contacts/wang.md"].contains("event/ces-2026, vip]"), "{texts:?}");
    client.shutdown();
}

#[test]
fn a_new_contact_is_made_by_the_editor() {
    let (_desk, mut client) = book();
    let answer = run(&mut client, "guanxi.new", json!({ "alias": "Chen Jie", "tags": ["lead"], "set": { "org": "Moon" } }));
    assert_eq!(answer["path"], "contacts/chen-jie.md");
    assert_eq!(answer["text"], "---\nalias: Chen Jie\ntags: [lead]\norg: Moon\n---\n");
    let asked = client.expect_request("workspace/applyEdit");
    assert_eq!(asked["edit"]["documentChanges"][0]["kind"], "create");
    let shown = client.expect_request("window/showDocument");
    assert_eq!(shown["uri"], answer["uri"]);
    client.shutdown();
}

#[test]
fn who_asks_for_problems_is_told_no_more() {
    let desk = Desk::new(BOOK);
    let mut client = client_of(desk.root(), capabilities::full());
    client.open("contacts/zhang.md", "---\nalias: Zhang\ntags: [#x]\n---\n");
    let report = client.request("textDocument/diagnostic", client.whole("contacts/zhang.md"));
    assert_eq!((&report["kind"], &report["items"][0]["code"]), (&json!("full"), &json!("yaml-syntax")));
    let mut again = client.whole("contacts/zhang.md");
    again["previousResultId"] = report["resultId"].clone();
    assert_eq!(client.request("textDocument/diagnostic", again)["kind"], "unchanged");
    let everything = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let uris: Vec<&str> = everything["items"].as_array().unwrap().iter().map(|item| item["uri"].as_str().unwrap()).collect();
    assert!(uris.contains(&client.uri("note.md").as_str()), "{uris:?}");
    client.shutdown();
}

#[test]
fn a_list_of_recipients_is_written_by_the_editor() {
    let (_desk, mut client) = book();
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "    lead: Could", "    do-not-contact: Never\n    lead: Could");
    client.open_file("broadcasts/autumn.md");
    let uri = client.uri("broadcasts/autumn.md");
    let answer = run(&mut client, "guanxi.broadcast.list", json!({ "uri": uri, "write": true }));
    assert_eq!(answer["added"], json!(["Li Na", "Wang Xiaoming"]));
    let asked = client.expect_request("workspace/applyEdit");
    let text = &client.after(&asked["edit"])["broadcasts/autumn.md"];
    assert!(text.contains("- [ ] [[Li Na]] · li@river.example\n- [ ] [[Wang Xiaoming]] · wang@panda.example\n"), "{text}");
    client.shutdown();
}

#[test]
fn people_are_listed_below_a_query_block() {
    let (_desk, mut client) = book();
    client.open("asks.md", "# New York\n\n```guanxi\n#new-york\n```\nEnd\n");
    let uri = client.uri("asks.md");
    run(&mut client, "guanxi.list", json!({ "uri": uri, "insert": { "line": 3, "character": 0 } }));
    let asked = client.expect_request("workspace/applyEdit");
    let text = &client.after(&asked["edit"])["asks.md"];
    assert!(text.contains("- [[Li Na]]\n- [[Wang Xiaoming]]\n"), "{text}");
    client.shutdown();
}

#[test]
fn each_message_is_shown_as_it_will_be() {
    let (_desk, mut client) = book();
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "    lead: Could", "    do-not-contact: Never\n    lead: Could");
    let uri = client.uri("broadcasts/autumn.md");
    let answer = run(&mut client, "guanxi.broadcast.preview", json!({ "uri": uri, "for": "Li Na" }));
    let message = &answer["messages"][0];
    assert_eq!(message["to"], "li@river.example");
    assert_eq!((&message["subject"], &message["body"]), (&json!("Autumn"), &json!("Dear Li Na,\n")));
    // In a document of its own, where the editor shows documents.
    let preview = "untitled:Preview%20of%20autumn";
    let answer = run(&mut client, "guanxi.broadcast.preview", json!({ "uri": uri, "show": true }));
    let asked = client.expect_request("workspace/applyEdit");
    assert_eq!(asked["edit"]["changes"][preview][0]["newText"], answer["text"]);
    let shown = client.expect_request("window/showDocument");
    assert_eq!(shown["uri"], preview);
    // Asked again, what stands there goes.
    client.open(preview, "Old 茶🍵\nlines");
    run(&mut client, "guanxi.broadcast.preview", json!({ "uri": uri, "show": true, "for": "Li Na" }));
    let asked = client.expect_request("workspace/applyEdit");
    assert_eq!(client.covered(preview, &asked["edit"]["changes"][preview][0]["range"]), "Old 茶🍵\nlines");
    client.expect_request("window/showDocument");
    client.shutdown();
}

/// An action or a lens that no plugin takes up: what it answers is seen by nobody, so the person is told where to look.
#[test]
fn who_has_no_window_for_messages_is_told_where_they_are() {
    let desk = Desk::new(BOOK);
    let mut client = client_of(desk.root(), full_but(&[("window.showDocument", Value::Null)]));
    client.open_file("guanxi.yaml");
    client.edit("guanxi.yaml", "    lead: Could", "    do-not-contact: Never\n    lead: Could");
    client.open_file("broadcasts/autumn.md");
    let told = |client: &mut Client| {
        let spot = client.spot("broadcasts/autumn.md", "to: ‸");
        let range = json!({ "start": spot["position"], "end": spot["position"] });
        let asked = json!({ "textDocument": spot["textDocument"], "range": range, "context": { "diagnostics": [] } });
        let actions = client.request("textDocument/codeAction", asked);
        let action = actions.as_array().unwrap().iter().find(|action| action["title"] == "Preview").unwrap();
        let command = json!({ "command": action["command"]["command"], "arguments": action["command"]["arguments"] });
        let answer = client.request("workspace/executeCommand", command);
        assert_eq!(answer["messages"][0]["alias"], "Li Na");
        let said = client.expect_notification("window/showMessage");
        assert_eq!(said["type"], 3);
        said["message"].as_str().unwrap().to_owned()
    };
    let words = "2 messages: generate the list, then hover over one of its lines to read the one to that person";
    assert_eq!(told(&mut client), words);
    client.edit(
        "broadcasts/autumn.md",
        "Dear {{ alias }},\n",
        "Dear {{ alias }},\n\n<!-- guanxi:list -->\n- [ ] [[Li Na]]\n<!-- /guanxi:list -->\n",
    );
    assert_eq!(told(&mut client), "2 messages: hover over a line of the list to read the one to that person");
    let hover = client.request("textDocument/hover", client.spot("broadcasts/autumn.md", "- [ ] [[Li‸ Na]]"));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("Dear Li Na,"), "{hover}");
    client.edit("broadcasts/autumn.md", "to: \"#lead #new-york\"", "to: \"#do-not-contact\"");
    // Whoever asks for the answer reads it: nothing is said besides.
    let uri = client.uri("broadcasts/autumn.md");
    assert_eq!(run(&mut client, "guanxi.broadcast.preview", json!({ "uri": uri }))["messages"], json!([]));
    run(&mut client, "guanxi.broadcast.preview", json!({ "uri": uri, "show": true }));
    let said = client.expect_notification("window/showMessage");
    assert!(said["message"].as_str().unwrap().starts_with("nobody gets this message"), "{said}");
    client.shutdown();
}
