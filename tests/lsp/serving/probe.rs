//! What the server knows, asked from a document that is nobody's: the tags with their counts, the people with their paths. And
//! waiting that has an end: time never decides a test, it is only told.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;

/// So long one waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// From where it is asked: no file, and no contact of anybody's.
pub const PROBE: &str = "untitled:probe";

/// A client that asks, and reads what it wants to.
pub fn client(root: &Path) -> Client {
    attentive(Client::start(root, capabilities::full()))
}

/// The same for a client that was started otherwise.
pub fn attentive(mut client: Client) -> Client {
    super::ignore_news(&mut client);
    client.open(PROBE, "---\nalias: Probe\ntags: []\n---\n[[\n");
    client
}

/// Each tag with how many carry it; 60 at most.
pub fn tags(client: &mut Client) -> BTreeMap<String, u64> {
    let items = items(client, PROBE, "tags: [‸]");
    let count = |item: &Value| item["labelDetails"]["description"].as_str().and_then(|count| count.parse().ok()).unwrap_or(0);
    items.iter().map(|item| (item["label"].as_str().unwrap().to_owned(), count(item))).collect()
}

/// Each contact's path with the name it goes by; 60 at most.
pub fn people(client: &mut Client) -> BTreeMap<String, String> {
    let items = items(client, PROBE, "[[‸\n");
    items
        .iter()
        // Notes come after people.
        .filter(|item| item["kind"] == 18)
        .map(|item| (item["data"]["name"].as_str().unwrap().to_owned(), item["label"].as_str().unwrap().to_owned()))
        .collect()
}

/// What is offered at a place of an open document.
pub fn items(client: &mut Client, path: &str, marked: &str) -> Vec<Value> {
    let spot = client.spot(path, marked);
    let answer = client.request("textDocument/completion", spot);
    answer["items"].as_array().cloned().unwrap_or_default()
}

/// The codes of what is wrong with a file, as it was told last.
pub fn codes(client: &Client, path: &str) -> Vec<String> {
    let found = client.diagnostics(path).unwrap_or_default();
    found.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
}

/// Looks again and again until it fits, and says how long that took.
pub fn until<T: std::fmt::Debug>(
    client: &mut Client,
    mut look: impl FnMut(&mut Client) -> T,
    fits: impl Fn(&T) -> bool,
) -> Duration {
    let begun = Instant::now();
    loop {
        let seen = look(client);
        if fits(&seen) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} it still is {seen:?}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Waits until this tag is carried by so many.
pub fn until_tag(client: &mut Client, tag: &str, count: u64) -> Duration {
    until(client, tags, |tags| tags.get(tag).copied().unwrap_or(0) == count)
}

/// Waits until these are the problems of a file.
pub fn until_codes(client: &mut Client, path: &str, codes: &[&str]) -> Duration {
    until(client, |client| self::codes(client, path), |found| found == codes)
}

/// Waits until everything that was written so far is known, by writing one more thing and waiting for that.
pub fn settle(client: &mut Client) {
    let marker = client.path("settled.md");
    let tag = |number: u32| format!("settled-{number}");
    let before = std::fs::read_to_string(&marker).map_or(0, |text| {
        text.lines().find_map(|line| line.strip_prefix("tags: [settled-")?.strip_suffix(']')?.parse().ok()).unwrap()
    });
    std::fs::write(&marker, format!("---\nalias: Settled\ntags: [{}]\n---\n", tag(before + 1))).unwrap();
    until_tag(client, &tag(before + 1), 1);
}

/// A contact with one tag.
pub fn card(alias: &str, tag: &str) -> String {
    format!("---\nalias: {alias}\ntags: [{tag}]\n---\n")
}

/// A folder as the protocol tells of those that come and go.
pub fn folders(added: &[&Path], removed: &[&Path]) -> Value {
    let named = |folders: &[&Path]| folders.iter().map(|folder| super::super::start::folder_of(folder)).collect::<Vec<_>>();
    json!({"event": {"added": named(added), "removed": named(removed)}})
}
