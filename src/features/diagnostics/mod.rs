//! What is wrong with a file, seen together with its vault: what the file alone tells, and what only the others can tell.

mod links;
mod message;
mod queries;
mod tags;

pub use queries::unfit_attachment;
pub use tags::RARE;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use crate::contact::document::{self, Document};
use crate::contact::problem::Related;
use crate::contact::reach::Address;
use crate::contact::{Code, Kind, Problem, Severity, inspect};
use crate::features::Here;
use crate::text::Span;
use crate::vault::{FileId, Vault, VaultPath};

/// What diagnosing needs beside the vault.
pub struct Surroundings<'a> {
    /// Is there a file at this path, relative to the vault? Asked for pictures and attachments only.
    pub exists: &'a dyn Fn(&str) -> bool,
    /// Is what only the recipients' files tell of a message left out? For the quick look at a large vault.
    pub is_brief: bool,
    similar: RefCell<HashMap<String, Option<String>>>,
    /// The tags that a rare one may have been meant to be.
    common: OnceCell<Vec<tags::Common>>,
}

impl<'a> Surroundings<'a> {
    /// Surroundings for one pass over a vault that does not change meanwhile.
    pub fn new(exists: &'a dyn Fn(&str) -> bool) -> Self {
        Self { exists, is_brief: false, similar: RefCell::new(HashMap::new()), common: OnceCell::new() }
    }
}

/// Everything wrong with one text, in its order. The vault must cover whole files.
pub fn diagnose(here: &Here<'_>, around: &Surroundings<'_>) -> Vec<Problem> {
    let Here { vault, file, path, document } = here;
    if document.kind == Kind::Config {
        if file.is_none() {
            return crate::contact::Config::parse(document.text).1;
        }
        let mut problems = vault.config_problems().to_vec();
        queries::exclude(vault, &mut problems);
        return problems;
    }
    let mut problems = inspect(document);
    if document.kind == Kind::Contact {
        // A text beside the vault is nobody's double: it may be a copy.
        if let Some(id) = *file {
            namesakes(vault, id, document, &mut problems);
            shared_addresses(vault, id, document, &mut problems);
        }
        cards(path, document, around, &mut problems);
        tags::check(vault, document, around, &mut problems);
    }
    let body = document.body();
    links::check(vault, path, &document.links_with(body.links.clone()), around, &mut problems);
    queries::blocks(vault, &body, &mut problems);
    if document.kind == Kind::Broadcast {
        queries::broadcast(vault, path, document, around, &mut problems);
    }
    problems.sort_by_key(|problem| (problem.span.start, problem.code));
    problems
}

/// The first of many problems in the order of the text, errors before all others: what refuses a broadcast is never hidden by what
/// does not.
pub fn first(mut problems: Vec<Problem>, most: usize) -> Vec<Problem> {
    if problems.len() > most {
        problems.sort_by_key(|problem| problem.severity() != Severity::Error);
        problems.truncate(most);
        problems.sort_by_key(|problem| (problem.span.start, problem.code));
    }
    problems
}

/// Files that could not be read at all.
pub fn unreadable(vault: &Vault) -> Vec<(String, Problem)> {
    vault.unreadable().map(|(path, reason)| (path.to_string(), not_read(path, reason))).collect()
}

/// What is told of one of them. Settings that count for nothing are wrong settings: they could have excluded somebody.
pub fn not_read(path: &VaultPath, reason: &str) -> Problem {
    let code = if path.names_settings() { Code::ConfigInvalid } else { Code::FileUnreadable };
    Problem::new(code, Span::at(0), reason)
}

fn related(vault: &Vault, other: FileId, message: &str) -> Related {
    let file = vault.file(other);
    Related { path: file.path().to_string(), span: file.document().name_span(), message: message.to_owned() }
}

fn namesakes(vault: &Vault, id: FileId, document: &Document<'_>, problems: &mut Vec<Problem>) {
    let Some(alias) = document.alias() else { return };
    let others = vault.namesakes(id);
    if others.is_empty() {
        return;
    }
    let message = format!(
        "{} {} by `{alias}` too: links to this name are ambiguous",
        listed(vault, &others),
        if others.len() == 1 { "goes" } else { "go" }
    );
    let related = others.iter().take(5).map(|&other| related(vault, other, "the same alias")).collect();
    problems.push(Problem::new(Code::AliasDuplicate, document.name_span(), message).with_related(related));
}

fn shared_addresses(vault: &Vault, id: FileId, document: &Document<'_>, problems: &mut Vec<Problem>) {
    for (key, what) in [("emails", "mail address"), ("phones", "phone number")] {
        for value in document.values_of(key) {
            let address = Address::of_value(key, value.text);
            let others = address.map(|address| vault.sharing(id, &address)).unwrap_or_default();
            if others.is_empty() {
                continue;
            }
            let message =
                format!("{} {} this {what} too", listed(vault, &others), if others.len() == 1 { "has" } else { "have" });
            let related = others.iter().take(5).map(|&other| related(vault, other, "the same person?")).collect();
            problems.push(Problem::new(Code::ContactDuplicate, value.span, message).with_related(related));
        }
    }
}

/// `Li Na`, `Li Na and 3 others`
fn listed(vault: &Vault, files: &[FileId]) -> String {
    let name = |id: FileId| format!("{} ({})", vault.file(id).alias(), vault.file(id).path());
    match files {
        [] => String::new(),
        [one] => name(*one),
        [one, two] => format!("{} and {}", name(*one), name(*two)),
        [one, rest @ ..] => format!("{} and {} others", name(*one), rest.len()),
    }
}

fn cards(path: &VaultPath, document: &Document<'_>, around: &Surroundings<'_>, problems: &mut Vec<Problem>) {
    let Some(entry) = document.entry("card") else { return };
    for value in document::values(&entry.value) {
        if value.text.contains("://") {
            continue;
        }
        match place(path, value.text, around.exists) {
            Some(Ok(_)) => {}
            Some(Err(())) => {
                problems.push(Problem::new(Code::CardMissing, value.span, format!("there is no picture at `{}`", value.text)))
            }
            None => {
                let message = format!("`{}` is outside the vault: copy the picture into it", value.text);
                problems.push(Problem::new(Code::CardOutsideVault, value.span, message));
            }
        }
    }
}

/// Where a picture or attachment is: relative to its file or, failing that, to the vault. `None` where both lead out of it.
fn place(path: &VaultPath, written: &str, exists: &dyn Fn(&str) -> bool) -> Option<Result<String, ()>> {
    let places = path.places(written);
    if places.is_empty() {
        return None;
    }
    Some(places.into_iter().find(|place| exists(place)).ok_or(()))
}
