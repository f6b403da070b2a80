//! The list in a broadcast, for channels where a person writes by hand: one line per recipient, to be ticked off. It is brought up
//! to date without losing a tick or a word that somebody wrote into it; the bytes around it stay as they are.

pub mod block;
mod boxed;
mod endings;
pub mod item;
mod line;
mod linked;
mod people;
mod read;
mod update;

use std::collections::HashSet;

use super::Here;
use super::audience;
use super::diagnostics::Surroundings;
use super::formats::one_line;
use super::recipients::{Recipient, Recipients};
use crate::text::{Edit, lines};
use crate::vault::{FileId, Vault, link_name};
use block::{CLOSE, OPEN};

pub use block::{Block, Fault};

/// What bringing the list up to date comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refresh {
    /// What changes in the file; empty where the list is right already.
    pub edits: Vec<Edit>,
    /// Who is new in the list.
    pub added: Vec<String>,
    /// How many were in it and stay.
    pub kept: usize,
    /// Who is no longer in it.
    pub dropped: Vec<String>,
    /// Who no longer matches but stays, for the line is ticked.
    pub stays_ticked: Vec<String>,
    /// Who no longer matches and loses the box, but not the line: somebody wrote something there.
    pub loses_box: Vec<String>,
    /// Who no longer matches and keeps line and box: others are named there.
    pub keeps_box: Vec<String>,
    /// Whose line had a word where the handle stands that is none of theirs, and that word: taken for a handle from before, it goes.
    pub old_handles: Vec<(String, String)>,
}

impl Refresh {
    /// What a person should know of lines that changed or stayed against the rule, each with its reason.
    pub fn remarks(&self) -> Vec<String> {
        let told = [
            (&self.stays_ticked, "no longer meant, but ticked: the line stays"),
            (&self.loses_box, "no longer meant: the line stays without its box, for somebody wrote something there"),
            (&self.keeps_box, "no longer matches: line kept with its box, because it names others"),
        ];
        let lines = told.iter().flat_map(|(names, why)| names.iter().map(move |name| format!("{name} — {why}")));
        let old = self.old_handles.iter().map(|(name, word)| {
            format!("{name} — `{word}` stood where the handle belongs and is gone: what is to stay is written behind ` — `")
        });
        lines.chain(old).collect()
    }
}

/// Writes the list of recipients at the end of the body, or brings the one that is there up to date. Refused in words while the
/// text has an error.
pub fn refresh(here: &Here<'_>, around: &Surroundings<'_>) -> Result<Refresh, String> {
    let request = audience::request(here, around)?;
    let result = request.recipients(here.vault).map_err(|refused| refused.words())?;
    match block::find(&here.document).map_err(|fault| fault.message)? {
        Some(block) => update::update(here, block, &result),
        None if result.chosen.is_empty() => Ok(Refresh::default()),
        None => create(here, &result.chosen),
    }
}

/// Who is ticked in the list of a broadcast. Refused where a ticked line could be several people's.
pub fn ticked(here: &Here<'_>, result: &Recipients) -> Result<HashSet<FileId>, String> {
    match block::find(&here.document).map_err(|fault| fault.message)? {
        Some(block) => read::ticked(here, block, result),
        None => Ok(HashSet::new()),
    }
}

fn create(here: &Here<'_>, chosen: &[Recipient]) -> Result<Refresh, String> {
    let text = here.text();
    let newline = lines::newline_of(text);
    let mut new = String::new();
    // A list after a paragraph: a blank line between them.
    let ends = text.ends_with(['\n', '\r']);
    let body = here.document.body_text();
    let blank = body.trim().is_empty() || (ends && body.lines().last().is_some_and(|line| line.trim().is_empty()));
    new.push_str(if ends { "" } else { newline });
    new.push_str(if blank { "" } else { newline });
    let mut added = Vec::new();
    for line in [OPEN.to_owned()].into_iter().map(Ok).chain(chosen.iter().map(|one| line(here.vault, one))) {
        new.push_str(&line?);
        new.push_str(newline);
    }
    added.extend(chosen.iter().map(|one| one_line(here.vault.file(one.file).alias())));
    new.push_str(CLOSE);
    new.push_str(if ends { newline } else { "" });
    Ok(Refresh { edits: vec![Edit::insert(text.len(), new)], added, ..Refresh::default() })
}

/// `- [ ] [[Wang Xiaoming]] · wxid_kitty123`
pub fn line(vault: &Vault, recipient: &Recipient) -> Result<String, String> {
    line_with(vault, recipient, " ")
}

fn line_with(vault: &Vault, recipient: &Recipient, tick: &str) -> Result<String, String> {
    Ok(format!("- [{tick}] [[{}]]{}", link(vault, recipient)?, handle(recipient)))
}

/// ` · wxid_kitty123`; nothing without a channel.
fn handle(recipient: &Recipient) -> String {
    recipient.address.as_deref().map(|address| format!("{}{}", item::BETWEEN, one_line(address))).unwrap_or_default()
}

/// What leads to this contact and to nobody else.
fn link(vault: &Vault, recipient: &Recipient) -> Result<String, String> {
    let file = vault.file(recipient.file);
    link_name::unambiguous(vault, recipient.file).ok_or_else(|| {
        let name = super::markup::shortened(file.alias(), 80);
        format!("no link leads to {name} alone ({}): give the contact an alias of its own, or rename the file", file.path())
    })
}
