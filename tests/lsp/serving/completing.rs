//! Completion through the protocol: the few that prove what only the protocol can.

use serde_json::{Value, json};

use super::book;

fn labels(answer: &Value) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn tags_links_and_keys() {
    let (_desk, mut client) = book();
    client.open_file("contacts/zhang.md");
    client.edit("contacts/zhang.md", "[boston, 朋友]", "[boston, 朋友, ]");
    let ask = |client: &mut super::Client, place: &str| {
        let spot = client.spot("contacts/zhang.md", place);
        client.request("textDocument/completion", spot)
    };
    let answer = ask(&mut client, "朋友, ‸]");
    assert_eq!(labels(&answer), ["lead", "new-york", "event/ces-2026"]);
    client.edit("contacts/zhang.md", "朋友, ]", "朋友, yo]");
    let answer = ask(&mut client, "yo‸]");
    assert_eq!(labels(&answer), ["new-york", "yo"]);
    assert_eq!(answer["isIncomplete"], true);
    client.edit("contacts/zhang.md", "茶🍵", "茶🍵 [[wxm ");
    let answer = ask(&mut client, "[[wxm‸");
    assert_eq!(labels(&answer), ["Wang Xiaoming"]);
    assert_eq!(answer["items"][0]["filterText"], "wxm Wang Xiaoming");
    assert_eq!(answer["items"][0]["textEdit"]["newText"], "Wang Xiaoming]]");
    assert_eq!(client.covered("contacts/zhang.md", &answer["items"][0]["textEdit"]["range"]), "wxm");
    client.shutdown();
}

#[test]
fn what_has_blanks_goes_as_a_snippet_to_who_understands_them() {
    for (name, format) in [("nvim-0.11.4", json!(2)), ("vim-ale-3.3.0", Value::Null)] {
        let desk = crate::cli::Desk::new(super::BOOK);
        let mut client = super::Client::builder(desk.root()).captured(name).start();
        super::ignore_news(&mut client);
        let position = client.open_at_cursor("contacts/new.md", "---\nalias: N\n---\n[[wxm‸\n");
        let parameters = json!({ "textDocument": { "uri": client.uri("contacts/new.md") }, "position": position });
        let answer = client.request("textDocument/completion", parameters);
        let item = &answer["items"][0];
        assert_eq!((&item["textEdit"]["newText"], &item["insertTextFormat"]), (&json!("Wang Xiaoming]]"), &format), "{name}");
        client.shutdown();
    }
}

/// An editor that indents what it inserts is told to leave it alone: once for all where it understands that, else with each. lsp-mode 8
/// never ends indenting a last line without a break.
#[test]
fn what_is_completed_stands_as_it_is() {
    let nothing = Value::Null;
    for (name, all, each) in [
        ("lsp-mode-8.0.0_emacs-28.2", &nothing, &json!(1)),
        ("vscode-1.139.1_lc9", &json!(1), &nothing),
        // Declares the default for all, but not that items have such a mode.
        ("nvim-0.11.4", &nothing, &nothing),
        ("eglot_emacs-30.1", &nothing, &nothing),
    ] {
        let desk = crate::cli::Desk::new(super::BOOK);
        let mut client = super::Client::builder(desk.root()).captured(name).start();
        super::ignore_news(&mut client);
        let position = client.open_at_cursor("contacts/new.md", "---\nalias: N\n---\n[[wxm‸");
        let parameters = json!({ "textDocument": { "uri": client.uri("contacts/new.md") }, "position": position });
        let answer = client.request("textDocument/completion", parameters);
        assert_eq!(&answer["itemDefaults"]["insertTextMode"], all, "{name}");
        assert_eq!(&answer["items"][0]["insertTextMode"], each, "{name}");
        client.shutdown();
    }
}

#[test]
fn a_chinese_tag_completes_from_its_first_character() {
    let (_desk, mut client) = book();
    let position = client.open_at_cursor("contacts/new.md", "---\nalias: N\ntags: [朋‸]\n---\n");
    let parameters = json!({ "textDocument": { "uri": client.uri("contacts/new.md") }, "position": position });
    assert_eq!(labels(&client.request("textDocument/completion", parameters))[0], "朋友");
    client.shutdown();
}
