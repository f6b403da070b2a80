//! `guanxi broadcast`: who gets a message, who does not and why, what it says to each, and the list to tick off by hand.

mod list;
mod preview;
mod refresh;

use clap::Subcommand;

use super::Global;
use super::open::Opened;
use super::out::{Failure, Outcome};
use crate::disk;
use crate::vault::query::Query;
use crate::vault::{FileId, VaultPath, path};

/// The commands on broadcasts.
#[derive(Debug, Subcommand)]
pub enum Broadcast {
    /// Who gets a message: the query, less everybody who opted out, is excluded or cannot be reached
    List(list::List),
    /// What the message says to each recipient, or to one of them; on request, one mail or text file for each
    Preview(preview::Preview),
    /// Write the list of recipients into the broadcast, or bring it up to date: ticks and words in it stay
    Refresh(refresh::Refresh),
}

/// Runs it.
pub fn run(global: &Global, command: &Broadcast) -> Outcome {
    match command {
        Broadcast::List(arguments) => list::run(global, arguments),
        Broadcast::Preview(arguments) => preview::run(global, arguments),
        Broadcast::Refresh(arguments) => refresh::run(global, arguments),
    }
}

/// The broadcast that a person names. A query finds people, but has no message: it is told from a misspelt name.
fn file(opened: &Opened, name: &str) -> Result<FileId, Failure> {
    let is_query = |name: &str| name.contains(['#', ':']) && !path::is_markdown(name) && Query::parse(name).is_ok();
    opened.contact(name).map_err(|failure| match failure {
        Failure::Message(_) if is_query(name) => {
            let words = "a query has no message: write it into a file that begins with `to:`, and name the file";
            Failure::Message(format!("`{name}` is a query, and {words} (who it finds: guanxi broadcast list)"))
        }
        failure => failure,
    })
}

/// Is there a file at a path of the vault?
fn exists(opened: &Opened) -> impl Fn(&str) -> bool {
    |path| disk::to_disk(&opened.root, &VaultPath::new(path)).is_file()
}
