//! When a command is answered: after the editor answered its edit, so that nothing is claimed which the editor did not do, and the
//! next edit is made for the text that this one left.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::commanding::open_book;
use super::{book, client_of};
use crate::cli::Desk;

const APPLY: &str = "workspace/applyEdit";

fn begin(client: &mut Client, command: &str, arguments: Value) -> i64 {
    client.send_request("workspace/executeCommand", json!({ "command": command, "arguments": [arguments] }))
}

fn add(client: &mut Client, tag: &str) -> i64 {
    begin(client, "guanxi.tag.add", json!({ "tag": tag, "contact": "Zhang Wei" }))
}

/// Makes an edit as an editor does: in buffers, which it opens where they are not open, and does not save.
fn take_up(client: &mut Client, edit: &Value) {
    for (path, text) in client.after(&edit["edit"]) {
        if !client.is_open(&path) {
            client.open_file(&path);
        }
        client.change_all(&path, &text);
    }
}

const ZHANG: &str = "contacts/zhang.md";

#[test]
fn the_next_edit_is_made_for_the_text_that_the_last_one_left() {
    let (desk, mut client) = book();
    client.keep_waiting(APPLY);
    let ids: Vec<i64> = ["one", "two", "three"].iter().map(|tag| add(&mut client, tag)).collect();
    for (done, id) in ids.iter().enumerate() {
        let edit = client.expect_request(APPLY);
        client.round_trip();
        assert!(!client.is_answered(*id), "{done}: a claim before the editor said anything");
        assert!(client.take_all(APPLY).is_empty(), "two edits at a time");
        take_up(&mut client, &edit);
        client.reply_late(APPLY, json!({ "applied": true }));
        assert_eq!(client.answer(*id).unwrap()["changed"], json!([ZHANG]), "{done}");
    }
    assert!(client.text(ZHANG).contains("tags: [boston, 朋友, one, two, three]\n"), "{}", client.text(ZHANG));
    assert!(desk.text(ZHANG).contains("tags: [boston, 朋友]\n"), "the server wrote a file");
    client.shutdown();
}

/// Many times, because answers of the client go another way through the server than what it tells.
#[test]
fn what_the_editor_tells_before_its_answer_is_known_by_then() {
    let (_desk, mut client) = book();
    client.keep_waiting(APPLY);
    let mut expected = "tags: [boston, 朋友".to_owned();
    for number in 0..100 {
        let tag = format!("t{number}{}", "x".repeat(number % 7));
        let id = begin(&mut client, "guanxi.tag.add", json!({ "tag": tag, "contact": "Zhang Wei", "new_tag": true }));
        let edit = client.expect_request(APPLY);
        let next =
            (number % 2 == 1).then(|| begin(&mut client, "guanxi.tag.remove", json!({ "tag": tag, "contact": "Zhang Wei" })));
        take_up(&mut client, &edit);
        client.reply_late(APPLY, json!({ "applied": true }));
        client.answer(id).unwrap();
        if let Some(next) = next {
            let edit = client.expect_request(APPLY);
            take_up(&mut client, &edit);
            client.reply_late(APPLY, json!({ "applied": true }));
            client.answer(next).unwrap();
        } else {
            expected.push_str(&format!(", {tag}"));
        }
        assert!(client.text(ZHANG).contains(&format!("{expected}]\n")), "{number}: {}", client.text(ZHANG));
        if number % 10 == 9 {
            // Nobody saved: what the disk says counts again.
            client.close(ZHANG);
            expected = "tags: [boston, 朋友".to_owned();
        }
    }
    client.shutdown();
}

/// A command that changes nothing does not wait for an edit.
#[test]
fn what_only_looks_is_answered_meanwhile() {
    let desk = Desk::new(&open_book());
    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("note.md");
    client.keep_waiting(APPLY);
    let id = add(&mut client, "vip");
    let edit = client.expect_request(APPLY);
    let waiting = add(&mut client, "lead");
    let spot = client.spot("note.md", "[[Wang‸");
    assert!(!client.request("textDocument/hover", spot.clone()).is_null());
    assert!(!client.request("textDocument/completion", spot).is_null());
    let broadcast = client.uri("broadcasts/autumn.md");
    for (command, arguments) in [
        ("guanxi.list", json!({ "query": "#lead" })),
        ("guanxi.find", json!({ "query": "wxm" })),
        ("guanxi.tags", json!({})),
        ("guanxi.show", json!({ "contact": "Li Na", "show": false })),
        ("guanxi.broadcast.list", json!({ "uri": broadcast })),
        ("guanxi.broadcast.preview", json!({ "uri": broadcast })),
    ] {
        let asked = begin(&mut client, command, arguments);
        client.answer(asked).unwrap_or_else(|error| panic!("{command}: {error}"));
    }
    assert!(!client.is_answered(id) && !client.is_answered(waiting));
    take_up(&mut client, &edit);
    client.reply_late(APPLY, json!({ "applied": true }));
    let edit = client.expect_request(APPLY);
    take_up(&mut client, &edit);
    client.reply_late(APPLY, json!({ "applied": true }));
    client.answer(id).unwrap();
    client.answer(waiting).unwrap();
    assert!(client.text(ZHANG).contains("[boston, 朋友, vip, lead]"));
    client.shutdown();
}

#[test]
fn an_edit_that_the_editor_does_not_make_is_an_error_of_the_command() {
    let desk = Desk::new(&open_book());
    let mut client = client_of(desk.root(), capabilities::full());
    type Answer = fn(&Value) -> Result<Value, Value>;
    let answers: [(Answer, &str); 5] = [
        (
            |_| Ok(json!({ "applied": false, "failureReason": "zhang.md is read-only" })),
            "did not make the edit: zhang.md is read-only",
        ),
        (|_| Ok(json!({ "applied": false })), "the editor did not make the edit"),
        (|_| Ok(json!({ "applied": false, "failureReason": " ", "failedChange": 0 })), "the editor did not make the edit"),
        (
            |_| Err(json!({ "code": -32603, "message": "User cancelled server edit" })),
            "make the edit: User cancelled server edit",
        ),
        (|_| Err(json!({ "code": -32601, "message": "unknown method" })), "make the edit: unknown method"),
    ];
    for (answer, words) in answers {
        client.handle(APPLY, answer);
        for (command, arguments) in [
            ("guanxi.tag.add", json!({ "tag": "vip", "contact": "Zhang Wei" })),
            ("guanxi.tag.remove", json!({ "tag": "boston", "contact": "Zhang Wei" })),
            ("guanxi.tag.rename", json!({ "old": "boston", "new": "chicago" })),
            ("guanxi.new", json!({ "alias": "Chen Jie" })),
            ("guanxi.contact.merge", json!({ "keep": "Li Na", "other": "Zhang Wei" })),
            ("guanxi.broadcast.list", json!({ "uri": client.uri("broadcasts/autumn.md"), "write": true })),
            ("guanxi.broadcast.preview", json!({ "uri": client.uri("broadcasts/autumn.md"), "show": true })),
        ] {
            let id = begin(&mut client, command, arguments);
            let error = client.answer(id).expect_err(command);
            assert_eq!(error["code"], -32803, "{command}: {error}");
            let told = error["message"].as_str().unwrap();
            assert!(told.ends_with(words), "{command}: {told}");
            client.expect_request(APPLY);
        }
    }
    // Nothing is said or shown of it; the judge of the conversation knows of every message that nobody read.
    client.round_trip();
    client.handle(APPLY, |_| Ok(json!({ "applied": true })));
    let id = add(&mut client, "vip");
    assert_eq!(client.answer(id).unwrap()["changed"], json!([ZHANG]));
    client.expect_request(APPLY);
    client.shutdown();
}

/// eglot 1.9 answers with what its function happened to return: that is no refusal.
#[test]
fn an_answer_that_says_nothing_is_no_refusal() {
    let (_desk, mut client) = book();
    for answer in [Value::Null, json!("Edit successful!"), json!({}), json!([])] {
        let given = answer.clone();
        client.keep_waiting(APPLY);
        let id = add(&mut client, "vip");
        client.expect_request(APPLY);
        client.reply_late(APPLY, given);
        assert_eq!(client.answer(id).unwrap()["changed"], json!([ZHANG]), "{answer}");
    }
    client.shutdown();
}

/// Whoever calls a command off has its edit all the same: it was asked for.
#[test]
fn a_command_that_is_called_off_keeps_its_turn() {
    let (_desk, mut client) = book();
    client.keep_waiting(APPLY);
    let first = add(&mut client, "vip");
    let edit = client.expect_request(APPLY);
    client.cancel(first);
    assert_eq!(client.answer(first).unwrap_err()["code"], -32800);
    let (off, second) = (add(&mut client, "never"), add(&mut client, "lead"));
    client.cancel(off);
    assert_eq!(client.answer(off).unwrap_err()["code"], -32800);
    client.round_trip();
    assert!(client.take_all(APPLY).is_empty(), "an edit for a text that is about to change");
    take_up(&mut client, &edit);
    client.reply_late(APPLY, json!({ "applied": true }));
    let edit = client.expect_request(APPLY);
    take_up(&mut client, &edit);
    client.reply_late(APPLY, json!({ "applied": true }));
    client.answer(second).unwrap();
    assert!(client.text(ZHANG).contains("[boston, 朋友, vip, lead]"), "{}", client.text(ZHANG));
    client.shutdown();
}

/// An editor that shows a question answers when the person does: the command is answered before, and what follows the edit after.
#[test]
fn who_answers_too_late_is_told_what_followed_all_the_same() {
    let (_desk, mut client) = book();
    client.keep_waiting(APPLY);
    let id = begin(&mut client, "guanxi.new", json!({ "alias": "Chen Jie" }));
    client.expect_request(APPLY);
    assert_eq!(client.answer(id).unwrap()["path"], "contacts/chen-jie.md");
    client.round_trip();
    assert!(client.take_all("window/showDocument").is_empty(), "a file is shown that nobody made");
    client.reply_late(APPLY, json!({ "applied": true }));
    assert_eq!(client.expect_request("window/showDocument")["uri"], client.uri("contacts/chen-jie.md"));
    // It answers: the next one is waited for again.
    let id = add(&mut client, "vip");
    let edit = client.expect_request(APPLY);
    client.round_trip();
    assert!(!client.is_answered(id));
    take_up(&mut client, &edit);
    client.reply_late(APPLY, json!({ "applied": true }));
    client.answer(id).unwrap();
    client.shutdown();
}

/// An editor that writes files which it does not show tells of them before, or not at all: the next edit is made for what is on disk.
#[test]
fn what_the_editor_wrote_to_closed_files_is_known_by_then() {
    let (desk, mut client) = book();
    client.keep_waiting(APPLY);
    let write = |client: &mut Client| {
        let edit = client.expect_request(APPLY);
        for (path, text) in client.after(&edit["edit"]) {
            std::fs::write(desk.path(&path), text).unwrap();
        }
        client.reply_late(APPLY, json!({ "applied": true }));
    };
    let id = begin(&mut client, "guanxi.new", json!({ "alias": "Nu", "tags": ["lead"] }));
    write(&mut client);
    client.answer(id).unwrap();
    client.expect_request("window/showDocument");
    let id = begin(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "query": "#lead" }));
    write(&mut client);
    client.answer(id).unwrap();
    assert!(desk.text("contacts/nu.md").contains("tags: [lead, vip]"), "{}", desk.text("contacts/nu.md"));
    let id = begin(&mut client, "guanxi.tag.remove", json!({ "tag": "lead", "query": "#vip #lead" }));
    write(&mut client);
    client.answer(id).unwrap();
    assert!(desk.text("contacts/nu.md").contains("tags: [vip]"), "{}", desk.text("contacts/nu.md"));
    client.shutdown();
}

/// An edit that may still be made keeps every other from its files, until it is answered or its files say something else.
#[test]
fn a_file_that_waits_for_an_edit_gets_no_other() {
    let (_desk, mut client) = book();
    client.open_file(ZHANG);
    client.keep_waiting(APPLY);
    let first = begin(&mut client, "guanxi.tag.remove", json!({ "tag": "boston", "contact": "Zhang Wei" }));
    let edit = client.expect_request(APPLY);
    client.answer(first).unwrap();
    // The editor still asks the person.
    let id = add(&mut client, "vip");
    let error = client.answer(id).unwrap_err();
    let told = error["message"].as_str().unwrap();
    assert!(told.starts_with("nothing was changed: the editor has not answered the edit of contacts/zhang.md before"), "{told}");
    // Other files are free.
    let id = begin(&mut client, "guanxi.tag.add", json!({ "tag": "vip", "contact": "Li Na" }));
    client.expect_request(APPLY);
    client.reply_to_newest(APPLY, json!({ "applied": true }));
    client.answer(id).unwrap();
    // It is made, though never answered: its text says so.
    take_up(&mut client, &edit);
    let id = add(&mut client, "vip");
    let edit = client.expect_request(APPLY);
    take_up(&mut client, &edit);
    client.reply_to_newest(APPLY, json!({ "applied": true }));
    client.answer(id).unwrap();
    assert!(client.text(ZHANG).contains("tags: [朋友, vip]\n"), "{}", client.text(ZHANG));
    client.shutdown();
}

/// Who refuses after the command was answered is told: the answer said that it was made.
#[test]
fn a_refusal_that_comes_late_is_told() {
    let (_desk, mut client) = book();
    client.keep_waiting(APPLY);
    let id = add(&mut client, "vip");
    client.expect_request(APPLY);
    client.answer(id).unwrap();
    client.reply_late(APPLY, json!({ "applied": false, "failureReason": "not now" }));
    let told = client.expect_notification("window/showMessage");
    assert_eq!(told["message"], "the editor did not make the edit: not now");
    // Nothing waits any more.
    let id = add(&mut client, "vip");
    client.expect_request(APPLY);
    client.reply_late(APPLY, json!({ "applied": true }));
    client.answer(id).unwrap();
    client.shutdown();
}

/// An editor that goes away in the middle of it ends the server as always.
#[test]
fn a_conversation_may_end_while_an_edit_is_asked_for() {
    let (_desk, mut client) = book();
    client.keep_waiting(APPLY);
    add(&mut client, "vip");
    client.expect_request(APPLY);
    add(&mut client, "lead");
    client.hang_up();
    client.kill_when_over();
}
