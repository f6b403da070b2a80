//! Where documents are: in one of several vaults, in a vault inside a vault, in no vault at all, nowhere on disk; spelled one way or
//! another; and what editors tell of them in an order that nobody expects.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::client::Client;
use super::super::place;
use super::ignore_news;
use super::probe::{PROBE, attentive, card, client, codes, folders, items, people, settle, tags, until, until_codes, until_tag};
use crate::cli::Desk;

const BROKEN: &str = "---\nalias: A\ntags: [x]\n---\n[[Nobody]]\n";

/// A document by its address, opened as an editor would.
fn open(client: &mut Client, uri: &str, language: &str, text: &str) {
    let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document}));
}

fn close(client: &mut Client, uri: &str) {
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
}

fn labels(client: &mut Client, uri: &str, line: u32, character: u32) -> Vec<String> {
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
    let answer = client.request("textDocument/completion", place);
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

/// The same for a file of the vault.
fn labels_in(client: &mut Client, path: &str, line: u32, character: u32) -> Vec<String> {
    let uri = client.uri(path);
    labels(client, &uri, line, character)
}

/// Waits until everything was looked at once.
fn looked_at(client: &mut Client) {
    client.request("workspace/diagnostic", json!({"previousResultIds": []}));
}

#[test]
fn folders_come_and_go() {
    let desk = Desk::new(&format!(
        "== one/guanxi.yaml\n== one/a.md\n{BROKEN}== one/note.md\n[[Gone]]\n== two/guanxi.yaml\n== two/a.md\n{BROKEN}\
         == two/b.md\n---\nalias: Bert\ntags: [two]\n---\n[[Gone]]\n"
    ));
    let (one, two) = (desk.path("one"), desk.path("two"));
    let mut client = client(&one);
    until_codes(&mut client, "a.md", &["link-unresolved"]);
    let in_two = |name: &str| place::uri(&two.join(name));
    // Before it is a folder of the client's, its open file leads to it.
    client.open_file("note.md");
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[&two], &[]));
    until_codes(&mut client, &in_two("a.md"), &["link-unresolved"]);
    until_codes(&mut client, &in_two("b.md"), &["link-unresolved"]);
    assert_eq!(codes(&client, "a.md"), ["link-unresolved"]);
    open(&mut client, &in_two("new.md"), "markdown", "---\nalias: New\ntags: []\n---\n");
    assert_eq!(labels(&mut client, &in_two("new.md"), 2, 7), ["two", "x"]);
    // The first goes: nothing is said of it any more, and who asks from nowhere asks in the second.
    client.close("note.md");
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[], &[&one]));
    until_codes(&mut client, "a.md", &[]);
    until_codes(&mut client, "note.md", &[]);
    until_tag(&mut client, "two", 1);
    assert_eq!(codes(&client, &in_two("a.md")), ["link-unresolved"]);
    // And comes back, together with what is open in it.
    client.open("note.md", "[[Nobody here]]\n");
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[&one], &[&two]));
    until_codes(&mut client, "a.md", &["link-unresolved"]);
    until_codes(&mut client, "note.md", &["link-unresolved"]);
    until_codes(&mut client, &in_two("new.md"), &[]);
    for _ in 0..5 {
        client.notify("workspace/didChangeWorkspaceFolders", folders(&[&two], &[&one]));
        client.notify("workspace/didChangeWorkspaceFolders", folders(&[&one], &[&two]));
    }
    client.edit("note.md", "[[Nobody here]]", "[[A]]");
    until_codes(&mut client, "note.md", &[]);
    until_codes(&mut client, "a.md", &["link-unresolved"]);
    close(&mut client, &in_two("new.md"));
    until_codes(&mut client, &in_two("a.md"), &[]);
    client.shutdown();
}

#[test]
fn a_document_goes_where_its_folder_goes() {
    let desk = Desk::new("== one/a.md\n---\nalias: A\ntags: [one]\n---\n== two/b.md\n---\nalias: B\ntags: [two]\n---\n");
    let mut client = client(&desk.path("one"));
    let new = place::uri(&desk.path("two/new.md"));
    open(&mut client, &new, "markdown", "---\nalias: New\ntags: [, own]\n---\n");
    // No vault is around it: it stands beside the first.
    assert_eq!(labels(&mut client, &new, 2, 7), ["one"]);
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[&desk.path("two")], &[]));
    assert_eq!(labels(&mut client, &new, 2, 7), ["two"]);
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[], &[&desk.path("two")]));
    assert_eq!(labels(&mut client, &new, 2, 7), ["one"]);
    assert_eq!(tags(&mut client).len(), 1);
    client.shutdown();
}

#[test]
fn a_folder_inside_a_vault_opens_all_of_it() {
    let desk = Desk::new("== guanxi.yaml\n== people/a.md\n---\nalias: A\ntags: [x]\n---\n== other/b.md\n---\nalias: B\n---\n");
    let mut client = client(&desk.path("people"));
    assert_eq!(people(&mut client).into_keys().collect::<Vec<_>>(), ["other/b.md", "people/a.md"]);
    client.shutdown();
}

#[test]
fn a_vault_inside_a_vault_is_its_own() {
    let desk = Desk::new(&format!(
        "== guanxi.yaml\n== a.md\n---\nalias: Outer\ntags: [outer]\n---\n== inner/guanxi.yaml\n== inner/b.md\n{BROKEN}\
         == inner/c.md\n---\nalias: Inner\ntags: [inner]\n---\n[[A]]\n"
    ));
    let mut client = client(desk.root());
    // The outer one has nothing to say of it.
    assert_eq!(people(&mut client).into_keys().collect::<Vec<_>>(), ["a.md"]);
    settle_notes(&mut client);
    assert_eq!(codes(&client, "inner/b.md"), [""; 0]);
    // The link leads somewhere only in the inner one.
    client.open("inner/b.md", "---\nalias: A\ntags: []\n---\n[[Inner]] [[Outer]]\n");
    until_codes(&mut client, "inner/b.md", &["link-unresolved"]);
    assert_eq!(labels_in(&mut client, "inner/b.md", 2, 7), ["inner"]);
    client.edit("inner/b.md", " [[Outer]]", "");
    until_codes(&mut client, "inner/b.md", &[]);
    client.close("inner/b.md");
    // As a folder of its own, and without it again.
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[&desk.path("inner")], &[]));
    until_codes(&mut client, "inner/b.md", &["link-unresolved"]);
    fs::write(desk.path("inner/b.md"), card("A", "mended")).unwrap();
    until_codes(&mut client, "inner/b.md", &[]);
    fs::write(desk.path("inner/b.md"), BROKEN).unwrap();
    until_codes(&mut client, "inner/b.md", &["link-unresolved"]);
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[], &[&desk.path("inner")]));
    until_codes(&mut client, "inner/b.md", &[]);
    client.shutdown();
}

#[test]
fn code_is_left_in_peace() {
    let desk = Desk::new(
        "== README.md\n# Project\nSee [docs](docs/none.md) and [[Nobody]] #todo\n== src/main.rs\nfn main() {}\n== docs/a.md\n[[x]]\n",
    );
    let mut client = client(desk.root());
    looked_at(&mut client);
    client.open_file("README.md");
    client.edit("README.md", "Nobody", "Somebody");
    let spot = client.spot("README.md", "[[Some‸body]]");
    client.request("textDocument/completion", spot);
    client.open_as("src/main.rs", "rust", "fn main() { let a = [[1]]; } // #todo [[x]]\n");
    let spot = client.spot("src/main.rs", "[[‸1]]");
    assert!(client.request("textDocument/completion", spot.clone()).is_null());
    assert!(client.request("textDocument/hover", spot).is_null());
    settle_notes(&mut client);
    for path in ["README.md", "docs/a.md", "src/main.rs"] {
        assert_eq!(codes(&client, path), [""; 0], "{path}");
    }
    client.shutdown();
}

/// Everything that was told so far has been taken in by those who publish: they answer in order.
fn settle_notes(client: &mut Client) {
    client.open("untitled:mark", "---\nalias: Mark\ntags: [#x]\n---\n");
    until_codes(client, "untitled:mark", &["yaml-syntax"]);
    client.close("untitled:mark");
    until_codes(client, "untitled:mark", &[]);
}

#[test]
fn other_languages_in_a_vault() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let mut client = client(desk.root());
    for (path, language) in
        [("b.rs", "rust"), ("c.py", "python"), ("d.txt", "plaintext"), ("e.yaml", "yaml"), ("deep/guanxi.yaml", "yaml")]
    {
        client.open_as(path, language, "---\nalias: B\ntags: [#x]\n---\n[[Nobody]]\n");
        client.edit(path, "alias: B", "alias: C");
        let spot = client.spot(path, "[[‸Nobody");
        let answer = client.request("textDocument/completion", spot);
        if language != "yaml" {
            assert!(answer.is_null(), "{path}: {answer}");
        }
    }
    settle_notes(&mut client);
    for path in ["b.rs", "c.py", "d.txt"] {
        assert_eq!(codes(&client, path), [""; 0], "{path}");
    }
    assert_eq!(people(&mut client).len(), 1);
    client.shutdown();
}

#[test]
fn untitled_documents() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: Anna\ntags: [x]\nemails: [a@b.example]\n---\n");
    let mut client = client(desk.root());
    client.open("untitled:Untitled-1", "---\nalias: Anna\ntags: [own, ]\nemails: [a@b.example, nonsense]\n---\n[[Nobody]]\n");
    until_codes(&mut client, "untitled:Untitled-1", &["email-invalid", "link-unresolved"]);
    assert_eq!(labels(&mut client, "untitled:Untitled-1", 2, 12), ["x"]);
    // It is in no list, and nobody's double.
    assert_eq!(people(&mut client).into_keys().collect::<Vec<_>>(), ["a.md"]);
    assert!(!tags(&mut client).contains_key("own"));
    assert_eq!(codes(&client, "a.md"), [""; 0]);
    // Saved as a file: the editor closes the one and opens the other.
    client.open("b.md", "---\nalias: Bert\ntags: [own]\n---\n");
    client.save("b.md");
    client.close("untitled:Untitled-1");
    until_codes(&mut client, "untitled:Untitled-1", &[]);
    until_tag(&mut client, "own", 1);
    client.shutdown();
}

#[test]
fn an_untitled_document_in_another_language_is_none_of_ours() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: Anna\ntags: [x]\n---\n[[Nobody]]\n");
    let mut client = client(desk.root());
    let text = "---\nalias: Anna\ntags: [own, ]\n---\n[[Nobody]]\n";
    for language in ["python", "rust", "json"] {
        client.open_as("untitled:1", language, text);
        assert_eq!(labels(&mut client, "untitled:1", 2, 12), [""; 0], "{language}");
        client.edit("untitled:1", "own", "mine");
        let report = client.request("textDocument/diagnostic", client.whole("untitled:1"));
        assert_eq!(report["items"], json!([]), "{language}");
        client.close("untitled:1");
    }
    // Asked of a file that is not open, what was told of it stays.
    client.request("textDocument/diagnostic", client.whole("a.md"));
    looked_at(&mut client);
    client.open_as("untitled:1", "plaintext", text);
    assert_eq!(labels(&mut client, "untitled:1", 2, 12), ["x"]);
    client.shutdown();
}

#[test]
fn a_file_alone_finds_its_vault() {
    let desk = Desk::new(
        "== guanxi.yaml\n== people/a.md\n---\nalias: A\ntags: [x]\n---\n[[Nobody]]\n== b.md\n---\nalias: B\ntags: [y]\n---\n",
    );
    let mut client = Client::builder(desk.root()).no_root().start();
    ignore_news(&mut client);
    // Before there is any vault.
    client.open(PROBE, "---\nalias: Probe\ntags: []\n---\n[[\n");
    assert!(tags(&mut client).is_empty());
    client.open_file("people/a.md");
    until_codes(&mut client, "people/a.md", &["link-unresolved"]);
    client.edit("people/a.md", "[x]", "[x, ]");
    assert_eq!(labels_in(&mut client, "people/a.md", 2, 10), ["y"]);
    // The first vault that there is is also that of documents that are nowhere.
    assert_eq!(tags(&mut client).into_keys().collect::<Vec<_>>(), ["x", "y"]);
    client.shutdown();
}

#[test]
fn a_file_outside_of_everything() {
    let desk = Desk::new("== vault/guanxi.yaml\n== vault/a.md\n---\nalias: A\ntags: [x]\n---\n== loose.md\n---\nalias: L\n---\n");
    let mut client = client(&desk.path("vault"));
    let uri = place::uri(&desk.path("loose.md"));
    open(&mut client, &uri, "markdown", "---\nalias: L\ntags: [l, ]\n---\n[[A]] [[Nobody]]\n");
    assert_eq!(labels(&mut client, &uri, 2, 10), ["x"]);
    until_codes(&mut client, &uri, &["link-unresolved"]);
    assert_eq!(people(&mut client).into_keys().collect::<Vec<_>>(), ["a.md"]);
    close(&mut client, &uri);
    until_codes(&mut client, &uri, &[]);
    // A file that is not open and in no vault.
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
    assert!(client.request("textDocument/completion", place).is_null());
    client.shutdown();
}

#[test]
fn one_file_spelled_in_several_ways() {
    let desk = Desk::new(
        "== guanxi.yaml\n== li-na.md\n---\nalias: Li Na\ntags: [x]\n---\n== 王小明.md\n---\nalias: W\ntags: [x]\n---\n",
    );
    let mut client = client(desk.root());
    let base = place::uri(desk.root());
    for (spelled, path) in
        [("li%2Dna.md", "li-na.md"), ("%6ci-na.md", "li-na.md"), ("%e7%8e%8b%E5%B0%8F%e6%98%8e.md", "王小明.md")]
    {
        let uri = format!("{base}/{spelled}");
        open(&mut client, &uri, "markdown", "---\nalias: Spelled\ntags: [spelled]\n---\n[[Nobody]]\n");
        assert_eq!(people(&mut client)[path], "Spelled", "{spelled}");
        assert_eq!(people(&mut client).len(), 2);
        until_codes(&mut client, &uri, &["link-unresolved"]);
        close(&mut client, &uri);
        assert_ne!(people(&mut client)[path], "Spelled", "{spelled}");
        until_codes(&mut client, &uri, &[]);
    }
    client.shutdown();
}

#[cfg(unix)]
#[test]
fn a_root_behind_a_link() {
    let desk = Desk::new(&format!("== real/guanxi.yaml\n== real/a.md\n{BROKEN}"));
    std::os::unix::fs::symlink(desk.path("real"), desk.path("link")).unwrap();
    for (root, other) in [("link", "real"), ("real", "link")] {
        fs::write(desk.path("real/a.md"), BROKEN).unwrap();
        let mut client = client(&desk.path(root));
        until_codes(&mut client, "a.md", &["link-unresolved"]);
        fs::write(desk.path("real/a.md"), card("A", "changed")).unwrap();
        until_tag(&mut client, "changed", 1);
        until_codes(&mut client, "a.md", &[]);
        // The editor names the file by the other way: it is the same file.
        let uri = place::uri(&desk.path(&format!("{other}/a.md")));
        open(&mut client, &uri, "markdown", "---\nalias: A\ntags: [open]\n---\n[[Nobody]]\n");
        until_codes(&mut client, &uri, &["link-unresolved"]);
        assert_eq!(tags(&mut client).into_keys().collect::<Vec<_>>(), ["open"]);
        // Both ways at once: closing one leaves the other.
        client.open("a.md", "---\nalias: A\ntags: [both]\n---\n");
        assert_eq!(tags(&mut client).into_keys().collect::<Vec<_>>(), ["both"]);
        close(&mut client, &uri);
        assert_eq!(tags(&mut client).into_keys().collect::<Vec<_>>(), ["both"]);
        client.close("a.md");
        assert_eq!(tags(&mut client).into_keys().collect::<Vec<_>>(), ["changed"]);
        until_codes(&mut client, &uri, &[]);
        client.shutdown();
    }
}

#[test]
fn what_no_editor_should_say() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [disk]\n---\n");
    let mut client = client(desk.root());
    let uri = client.uri("a.md");
    let only = |client: &mut Client, tag: &str| assert_eq!(tags(client).into_keys().collect::<Vec<_>>(), [tag]);
    let change = |client: &mut Client, version: i64, text: &str| {
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]});
        client.notify("textDocument/didChange", params);
    };
    // Changed, saved and closed without being open.
    change(&mut client, 3, &card("A", "never-opened"));
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    close(&mut client, &uri);
    only(&mut client, "disk");
    // Opened twice: the second time counts.
    open(&mut client, &uri, "markdown", &card("A", "once"));
    open(&mut client, &uri, "markdown", &card("A", "twice"));
    client.forgive("a second time");
    only(&mut client, "twice");
    // A version that goes backwards and was there before: the order of the messages counts.
    change(&mut client, 2, &card("A", "once-more"));
    change(&mut client, 2, &card("A", "two"));
    change(&mut client, 1, &card("A", "one"));
    only(&mut client, "one");
    change(&mut client, 2, &card("A", "two"));
    only(&mut client, "two");
    // No change at all.
    client.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 10}, "contentChanges": []}));
    only(&mut client, "two");
    close(&mut client, &uri);
    only(&mut client, "disk");
    close(&mut client, &uri);
    only(&mut client, "disk");
    // Folders that were never there.
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[], &[Path::new("/nowhere/at/all")]));
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[Path::new("/nowhere/at/all")], &[]));
    only(&mut client, "disk");
    for uri in ["file:///nowhere/at/all/x.md", "vscode-notebook-cell:/x.md#1", "git:/a.md?x", "untitled:"] {
        open(&mut client, uri, "markdown", "---\nalias: X\ntags: []\n---\n[[\n");
        labels(&mut client, uri, 2, 7);
        labels(&mut client, uri, 4, 2);
        close(&mut client, uri);
    }
    only(&mut client, "disk");
    client.shutdown();
}

/// Helix 25.01 sends each message by itself: one may overtake another. The versions tell the order.
#[test]
fn changes_that_overtake_each_other() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [disk]\n---\n");
    let mut client = client(desk.root());
    let uri = client.uri("a.md");
    let only = |client: &mut Client, tag: &str| assert_eq!(tags(client).into_keys().collect::<Vec<_>>(), [tag]);
    // The opening says version 1. Letters go into `[x]`, each behind the one before.
    let types = |client: &mut Client, version: i64, letter: &str| {
        let place = json!({ "line": 2, "character": 6 + version });
        let change = json!({ "range": { "start": place, "end": place }, "text": letter });
        let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] });
        client.notify("textDocument/didChange", params);
    };
    let typed = ["p", "r", "o", "s", "p"];
    for order in [[0, 1, 2, 3, 4], [1, 0, 2, 3, 4], [0, 1, 3, 2, 4], [2, 1, 0, 4, 3], [4, 0, 3, 1, 2], [4, 3, 2, 1, 0]] {
        // Before the opening, behind it, and around it.
        for before in 0..=5 {
            for &number in &order[..before] {
                types(&mut client, number + 2, typed[usize::try_from(number).unwrap()]);
            }
            open(&mut client, &uri, "markdown", &card("A", "x"));
            for &number in &order[before..] {
                types(&mut client, number + 2, typed[usize::try_from(number).unwrap()]);
            }
            only(&mut client, "xprosp");
            close(&mut client, &uri);
            only(&mut client, "disk");
        }
    }
    client.shutdown();
}

#[test]
fn places_that_are_not_there() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let mut client = client(desk.root());
    client.open("a.md", "---\nalias: 茶🍵\ntags: []\n---\n");
    let far = 4_294_967_294_u32;
    let uri = client.uri("a.md");
    let edit = |client: &mut Client, version: i64, start: Value, end: Value, text: &str| {
        let change = json!({"range": {"start": start, "end": end}, "text": text});
        client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}),
        );
    };
    // The end of the line, the end of the text, backwards.
    edit(&mut client, 2, json!({"line": 1, "character": far}), json!({"line": 1, "character": far}), " Tea");
    edit(&mut client, 3, json!({"line": far, "character": far}), json!({"line": far, "character": 0}), "[[Nobody]]\n");
    edit(&mut client, 4, json!({"line": 2, "character": 7}), json!({"line": 2, "character": 6}), "far");
    until_codes(&mut client, "a.md", &["link-unresolved"]);
    assert_eq!(people(&mut client)["a.md"], "茶🍵 Tea");
    for (line, character) in [(far, far), (1, far), (far, 0), (0, far)] {
        labels(&mut client, &uri, line, character);
    }
    client.shutdown();
}

#[test]
fn a_document_of_nothing() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let mut client = client(desk.root());
    client.open("empty.md", "");
    assert!(labels_in(&mut client, "empty.md", 0, 0).len() < 100);
    client.change_all("empty.md", "---\nalias: E\ntags: []\n---\n");
    assert_eq!(items(&mut client, "empty.md", "tags: [‸]")[0]["label"], "x");
    client.change_all("empty.md", "");
    settle(&mut client);
    assert!(!people(&mut client).contains_key("empty.md"));
    client.open("a.md", "");
    assert!(people(&mut client).contains_key("settled.md") && !people(&mut client).contains_key("a.md"));
    client.shutdown();
}

#[test]
fn a_large_document_with_many_small_edits() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let mut client = attentive(Client::builder(desk.root()).patience(Duration::from_secs(300)).start());
    let line = "Met somebody at the fair, about [[A]] and the weather; wrote it down. #lead\n";
    let text = format!("---\nalias: Large\ntags: [large]\n---\n{}", line.repeat((3 << 20) / line.len()));
    client.open("large.md", &text);
    until_tag(&mut client, "large", 1);
    let begun = Instant::now();
    let uri = client.uri("large.md");
    for round in 0..10_u32 {
        let edits = (0..100_u32).map(|number| {
            let place = json!({"line": 4 + (round * 100 + number) * 30, "character": 4});
            json!({"range": {"start": place, "end": place}, "text": "x"})
        });
        let told = json!({"uri": uri, "version": round + 2});
        client.notify("textDocument/didChange", json!({"textDocument": told, "contentChanges": edits.collect::<Vec<_>>()}));
    }
    // Read it back: the head is changed last, and everything before it has happened by then.
    let place = |character: u32| json!({"line": 2, "character": character});
    let change = json!({"range": {"start": place(7), "end": place(12)}, "text": "edited"});
    client.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 1002}, "contentChanges": [change]}));
    until(&mut client, tags, |tags| tags.contains_key("edited"));
    let took = begun.elapsed();
    eprintln!("1,000 edits of 3 MB: {took:?}, {:?} each", took / 1000);
    assert!(took < Duration::from_secs(120), "{took:?}");
    client.shutdown();
}

/// Clients that tell nothing of folders, and those that tell of none.
#[test]
fn no_folder_at_all() {
    let desk = Desk::new("== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let mut client = attentive(Client::builder(desk.root()).root_only().start());
    assert_eq!(tags(&mut client).len(), 1);
    client.shutdown();
    let mut client = attentive(Client::builder(desk.root()).no_root().folders(&[]).start());
    assert!(tags(&mut client).is_empty());
    client.notify("workspace/didChangeWorkspaceFolders", folders(&[desk.root()], &[]));
    until_tag(&mut client, "x", 1);
    client.shutdown();
}
