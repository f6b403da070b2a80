//! Diagnostics of clients that ask: what they show must become what is so, also of files that nobody opens any more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::place;
use super::Client;
use super::client_of;
use super::probe::until;
use crate::cli::Desk;

const BOOK: &str = "== guanxi.yaml\n== a.md\n---\nalias: Anna\n---\n[[Nobody]]\n== b.md\n---\nalias: Bert\n---\n";
const WELL: &str = "---\nalias: Anna\n---\n";
const ILL: &str = "---\nalias: Anna\n---\n[[Nobody]]\n";

/// What an editor shows, kept as the client library of VS Code (vscode-languageclient 9) does: a result id for each document that it
/// pulled and for each file of a workspace report; a document that is closed is pulled a last time and then left to the reports.
#[derive(Default)]
struct Shown {
    problems: BTreeMap<String, Vec<Value>>,
    documents: BTreeMap<String, Value>,
    files: BTreeMap<String, Value>,
    open: BTreeSet<String>,
}

impl Shown {
    fn open(&mut self, client: &mut Client, path: &str) {
        client.open_file(path);
        self.open.insert(client.uri(path));
        self.pull(client, path);
    }

    fn close(&mut self, client: &mut Client, path: &str) {
        client.close(path);
        self.pull(client, path);
        self.documents.remove(&client.uri(path));
        self.open.remove(&client.uri(path));
    }

    fn pull(&mut self, client: &mut Client, path: &str) {
        let uri = client.uri(path);
        let mut asked = client.whole(path);
        if let Some(id) = self.documents.get(&uri) {
            asked["previousResultId"] = id.clone();
        }
        let report = client.request("textDocument/diagnostic", asked);
        self.documents.insert(uri.clone(), report["resultId"].clone());
        if report["kind"] == "full" {
            self.problems.insert(uri, report["items"].as_array().unwrap().clone());
        }
    }

    /// The files of the report, and which of them are said to be unchanged.
    fn report(&mut self, client: &mut Client) -> Vec<(String, bool)> {
        let id = |(uri, id): (&String, &Value)| json!({ "uri": uri, "value": self.documents.get(uri).unwrap_or(id) });
        let previous: Vec<Value> = self.files.iter().map(id).collect();
        let known: BTreeMap<String, Value> =
            previous.iter().map(|one| (one["uri"].as_str().unwrap().to_owned(), one["value"].clone())).collect();
        let report = client.request("workspace/diagnostic", json!({ "previousResultIds": previous }));
        let mut told = Vec::new();
        for item in report["items"].as_array().unwrap() {
            let uri = item["uri"].as_str().unwrap().to_owned();
            assert!(told.iter().all(|(other, _)| *other != uri), "twice: {report}");
            if item["kind"] == "full" {
                if !self.open.contains(&uri) {
                    self.problems.insert(uri.clone(), item["items"].as_array().unwrap().clone());
                }
            } else {
                assert_eq!(Some(&item["resultId"]), known.get(&uri), "unchanged since when? {report}");
            }
            self.files.insert(uri.clone(), item["resultId"].clone());
            told.push((uri, item["kind"] == "unchanged"));
        }
        told
    }

    /// The names of files with problems, and how many each has.
    fn now(&self) -> BTreeMap<String, usize> {
        let name = |uri: &str| place::path(uri).file_name().unwrap().to_str().unwrap().to_owned();
        let some = self.problems.iter().filter(|(_, problems)| !problems.is_empty());
        some.map(|(uri, problems)| (name(uri), problems.len())).collect()
    }

    fn until(&mut self, client: &mut Client, wanted: &[&str]) {
        let look = |client: &mut Client| {
            self.report(client);
            self.now().into_keys().collect::<Vec<_>>()
        };
        until(client, look, |files| files == wanted);
    }
}

fn start(root: &Path) -> Client {
    client_of(root, capabilities::full())
}

/// Waits until the server has looked at everything that it knows to have changed, and says that it is worth asking again. One such
/// word may be older, and a second one from a look that had begun before.
fn looked_at(client: &mut Client, desk: &Desk) {
    client.take_all(REFRESH);
    for round in 0..3 {
        fs::write(desk.path("c.md"), format!("---\nalias: Carl\ntitle: \"{round} {:?}\"\n---\n", std::time::Instant::now()))
            .unwrap();
        client.expect_request(REFRESH);
    }
}

const REFRESH: &str = "workspace/diagnostic/refresh";

/// The problems of a file that is asked for by itself, until they are as many.
fn until_pulled(client: &mut Client, path: &str, count: usize) {
    let look =
        |client: &mut Client| client.request("textDocument/diagnostic", client.whole(path))["items"].as_array().unwrap().len();
    until(client, look, |found| *found == count);
}

#[test]
fn what_another_program_writes_after_closing_is_pulled() {
    for reports_first in [false, true] {
        let desk = Desk::new(BOOK);
        let mut client = start(desk.root());
        let mut shown = Shown::default();
        if reports_first {
            shown.until(&mut client, &["a.md"]);
        }
        shown.open(&mut client, "a.md");
        shown.close(&mut client, "a.md");
        assert_eq!(shown.now().len(), 1);
        for (text, wanted) in [(WELL, &[][..]), (ILL, &["a.md"]), (WELL, &[])] {
            fs::write(desk.path("a.md"), text).unwrap();
            until_pulled(&mut client, "a.md", wanted.len());
            shown.until(&mut client, wanted);
        }
        client.shutdown();
    }
}

/// As the explorer of VS Code does it: links in files that no tab shows are edited in buffers, saved, and closed again.
#[test]
fn files_that_an_editor_changed_and_closed_are_told_of() {
    let desk = Desk::new(BOOK);
    let mut client = start(desk.root());
    let mut shown = Shown::default();
    shown.open(&mut client, "a.md");
    shown.open(&mut client, "b.md");
    client.edit("a.md", "[[Nobody]]", "[[Bert]] [[Nobody]]");
    client.edit("b.md", "---\nalias: Bert\n---\n", "---\nalias: Bert\n---\n[[Nowhere]]\n");
    shown.pull(&mut client, "a.md");
    shown.pull(&mut client, "b.md");
    assert_eq!(shown.now().len(), 2);
    for path in ["a.md", "b.md"] {
        client.save(path);
        shown.close(&mut client, path);
    }
    // The tab of neither is opened again.
    fs::write(desk.path("a.md"), WELL).unwrap();
    fs::remove_file(desk.path("b.md")).unwrap();
    shown.until(&mut client, &[]);
    // A buffer that is thrown away: what the disk says counts.
    shown.open(&mut client, "a.md");
    client.change_all("a.md", ILL);
    shown.pull(&mut client, "a.md");
    assert_eq!(shown.now().len(), 1);
    client.close("a.md");
    shown.documents.clear();
    shown.open.clear();
    shown.until(&mut client, &[]);
    client.shutdown();
}

/// A client that names no previous results hears of all that it was told before.
#[test]
fn a_file_without_problems_any_more_is_reported_empty() {
    for remove in [false, true] {
        let desk = Desk::new(BOOK);
        let mut client = start(desk.root());
        let items = |client: &mut Client| {
            let report = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
            let uri = client.uri("a.md");
            let item = report["items"].as_array().unwrap().iter().find(|item| item["uri"] == json!(uri)).cloned();
            item.map(|item| item["items"].as_array().unwrap().len())
        };
        assert_eq!(items(&mut client), Some(1));
        if remove {
            fs::remove_file(desk.path("a.md")).unwrap();
        } else {
            fs::write(desk.path("a.md"), WELL).unwrap();
        }
        until_pulled(&mut client, "a.md", 0);
        looked_at(&mut client, &desk);
        // Only now is it asked for: what was reported is remembered, not what is being worked on.
        assert_eq!(items(&mut client), Some(0));
        client.shutdown();
    }
}

#[test]
fn unchanged_means_that_nothing_changed() {
    let desk = Desk::new(BOOK);
    let mut client = start(desk.root());
    let mut shown = Shown::default();
    shown.until(&mut client, &["a.md"]);
    let uri = client.uri("a.md");
    for _ in 0..3 {
        assert_eq!(shown.report(&mut client), [(uri.clone(), true)]);
    }
    fs::write(desk.path("a.md"), WELL).unwrap();
    shown.until(&mut client, &[]);
    // That it has none is told once, and then nothing has changed.
    looked_at(&mut client, &desk);
    for _ in 0..3 {
        assert!(shown.report(&mut client).iter().all(|(_, unchanged)| *unchanged));
    }
    // The same problem at another place is another one.
    fs::write(desk.path("a.md"), ILL).unwrap();
    shown.until(&mut client, &["a.md"]);
    let before = shown.files[&uri].clone();
    fs::write(desk.path("a.md"), ILL.replace("[[Nobody]]", "\n[[Nobody]]")).unwrap();
    let look = |client: &mut Client| {
        shown.report(client);
        (shown.files[&uri].clone(), shown.problems[&uri][0]["range"]["start"]["line"].clone())
    };
    until(&mut client, look, |(id, line)| {
        assert_eq!(*id == before, *line == 3, "{id} {line}");
        *line == 4
    });
    client.shutdown();
}
