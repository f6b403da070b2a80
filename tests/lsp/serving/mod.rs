//! The server as an editor meets it.

mod asking;
mod changing;
mod chaos;
mod completing;
mod freshness;
mod manners;
mod places;
mod probe;

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
