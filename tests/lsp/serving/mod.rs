//! The server as an editor meets it.

mod acting;
mod applying;
mod asking;
mod changing;
mod chaos;
mod commanding;
mod completing;
mod degrading;
mod deleting;
mod endings;
mod freshness;
mod hostile;
mod locked;
mod manners;
mod moving;
mod outlining;
mod places;
mod probe;
mod pulling;
mod renaming;
mod reporting;
mod stale;
mod talk;
mod uris;

use serde_json::{Value, json};

use super::capabilities;
use super::client::Client;
use crate::cli::Desk;

/// People, a note, a broadcast and settings: enough to ask everything.
pub const BOOK: &str = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
broadcast:
  exclude: \"#do-not-contact\"
== contacts/wang.md
---
alias: Wang Xiaoming
username: Kittykat123
aliases: [王小明, Tom Wang]
tags: [lead, new-york, event/ces-2026]
org: Panda Lighting
phones:
  - work: +1 212 555 0147
emails: [wang@panda.example]
---
[[Li Na]] introduced us. #follow-up
== contacts/li.md
---
alias: Li Na
aliases: [李娜]
tags:
  - lead
  - new-york
emails: [li@river.example]
---
== contacts/zhang.md
---
alias: Zhang Wei
aliases: [张伟]
tags: [boston, 朋友]
---
茶🍵 #lead
== note.md
# Fair
Met [[Wang Xiaoming]] and [[Nobody]].
== broadcasts/autumn.md
---
to: \"#lead #new-york\"
via: email
subject: Autumn
---
Dear {{ alias }},
";

/// A client of the book.
pub fn book() -> (Desk, Client) {
    let desk = Desk::new(BOOK);
    let client = client_of(desk.root(), super::capabilities::full());
    (desk, client)
}

/// A client that does not care what it is told without asking.
pub fn client_of(root: &std::path::Path, capabilities: serde_json::Value) -> Client {
    let mut client = Client::start(root, capabilities);
    ignore_news(&mut client);
    client
}

/// Problems and refreshes need not be read.
pub fn ignore_news(client: &mut Client) {
    let news = [
        "textDocument/publishDiagnostics",
        "workspace/diagnostic/refresh",
        "workspace/codeLens/refresh",
        "workspace/inlayHint/refresh",
    ];
    news.into_iter().for_each(|method| client.ignore(method));
}

/// The client that can do everything, but for what is said here: `[("workspace.workspaceEdit.documentChanges", json!(false))]`.
pub fn full_but(changes: &[(&str, Value)]) -> Value {
    let mut capabilities = capabilities::full();
    for (path, value) in changes {
        let pointer = format!("/{}", path.replace('.', "/"));
        *capabilities.pointer_mut(&pointer).unwrap_or_else(|| panic!("no {path}")) = value.clone();
    }
    capabilities
}

/// The client that can do everything and counts in one way only.
pub fn counting_in(encoding: &str) -> Value {
    full_but(&[("general.positionEncodings", json!([encoding]))])
}

/// What a workspace edit does, as a picture: each file with its lines that go and come, files that are made or deleted. The
/// versions it tells must be those of the client's documents.
pub fn picture(client: &Client, edit: &Value) -> String {
    let inside = |uri: &Value| uri.as_str().unwrap().strip_prefix(&client.uri("")).unwrap_or("elsewhere").to_owned();
    let mut picture = String::new();
    for change in edit["documentChanges"].as_array().into_iter().flatten() {
        let document = &change["textDocument"];
        if change["kind"].is_string() {
            let kind = change["kind"].as_str().unwrap();
            picture.push_str(&format!("{kind} {}\n", inside(&change["uri"])));
        } else if !client.is_open(document["uri"].as_str().unwrap()) {
            assert_eq!(document["version"], Value::Null, "{document}");
        } else if !document["version"].is_null() {
            assert_eq!(document["version"], client.version(document["uri"].as_str().unwrap()), "{document}");
        }
    }
    for (path, new) in client.after(edit) {
        picture.push_str(&format!("{path}\n{}", lines_between(&client.now(&path), &new)));
    }
    picture
}

/// The lines that go and those that come.
fn lines_between(old: &str, new: &str) -> String {
    let sign = |change: similar::ChangeTag| match change {
        similar::ChangeTag::Delete => Some('-'),
        similar::ChangeTag::Insert => Some('+'),
        similar::ChangeTag::Equal => None,
    };
    let diff = similar::TextDiff::from_lines(old, new);
    let line = |change: similar::Change<&str>| Some(format!("  {} {}\n", sign(change.tag())?, shown(change.value())));
    diff.iter_all_changes().filter_map(line).collect()
}

/// A line as a picture shows it: what the eye would not see is written out.
fn shown(line: &str) -> String {
    line.trim_end_matches('\n').replace('\r', "␍")
}
