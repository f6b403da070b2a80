//! What is wrong with the message of a broadcast, before anybody gets it: it is written for each recipient, and who lacks what is
//! named.

use super::{FUEL, Fault, Nature, Templates};
use crate::contact::{Code, Document};
use crate::features::markup::{counted, shortened};
use crate::text::Span;
use crate::vault::{FileId, Vault};

/// So many recipients are tried.
const MOST_TRIED: usize = 2000;

/// What trying may cost altogether, in the fuel of one message: where a message is made of loops, fewer are tried.
const MOST_FUEL: u64 = 400 * FUEL;

/// So many who lack something are named.
const NAMED: usize = 5;

/// So many different faults are told.
const MOST_FAULTS: usize = 20;

/// Everything wrong with the message to these people, each fault once.
pub fn check(vault: &Vault, document: &Document<'_>, recipients: impl IntoIterator<Item = FileId>) -> Vec<Fault> {
    let templates = match Templates::new(vault, document) {
        Ok(templates) => templates,
        Err(fault) => return vec![fault],
    };
    // Everybody has an alias. And without a loop, a message costs what its length is.
    let most = match templates.nature {
        Nature::Same => 1,
        Nature::Differs => MOST_TRIED,
        Nature::Loops => usize::try_from(MOST_FUEL / FUEL).unwrap_or(MOST_TRIED),
    };
    let mut faults: Vec<Fault> = Vec::new();
    let mut lacking: Vec<(Span, String, Vec<FileId>)> = Vec::new();
    for recipient in recipients.into_iter().take(most) {
        let Err(fault) = templates.message(vault, recipient) else { continue };
        let Some(name) = fault.lacks.clone() else {
            if faults.len() < MOST_FAULTS && !faults.iter().any(|known| known.span == fault.span && known.code == fault.code) {
                faults.push(fault);
            }
            continue;
        };
        match lacking.iter().position(|(span, known, _)| *span == fault.span && *known == name) {
            Some(at) => lacking[at].2.push(recipient),
            None if lacking.len() < MOST_FAULTS => lacking.push((fault.span, name, vec![recipient])),
            None => {}
        }
    }
    faults.extend(lacking.into_iter().map(|(span, name, files)| missing(vault, span, &name, &files)));
    faults
}

/// `Bo, Cy and 3 more have no …`
fn missing(vault: &Vault, span: Span, name: &str, files: &[FileId]) -> Fault {
    let named: Vec<String> = files.iter().take(NAMED).map(|&file| shortened(vault.file(file).alias(), 40)).collect();
    let have = if files.len() == 1 { "has" } else { "have" };
    let who = match (named.as_slice(), files.len().saturating_sub(NAMED)) {
        ([one], 0) => one.clone(),
        ([most @ .., last], 0) => format!("{} and {last}", most.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    };
    // A key of the person's own is asked for whole: the map of all fields is always there.
    let root = if name.starts_with("fields[") || name.starts_with("fields.") {
        name
    } else {
        name.split(['.', '[']).next().unwrap_or(name)
    };
    let recipients = if files.len() == 1 { String::new() } else { format!(" ({})", counted(files.len(), "recipient")) };
    let message = format!("{who} {have} no `{name}`{recipients}: give a default, or ask first: {{% if {root} %}}");
    Fault { code: Code::TemplateMissingValue, span, message, lacks: Some(name.to_owned()), recipient: files.first().copied() }
}
