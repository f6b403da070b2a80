//! The alias that is missing: from what the file says, or from its name. A note becomes a contact by it.

use super::{ActionKind, Change, Found, short};
use crate::contact::{Code, Document, Kind, Problem, naming};
use crate::text::{Edit, edit};

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if problem.code != Code::AliasMissing {
        return;
    }
    for (alias, edits) in candidates(found) {
        found.fix(index, format!("set alias to `{}`", short(&alias)), Change::Edits(edits));
    }
}

/// In a note: at its head, or at its first heading.
pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    let known = found.actions.iter().any(|action| action.title.starts_with("Set alias to"));
    if document.kind != Kind::Note || known {
        return;
    }
    let misplaced = document.misplaced_head().or_else(|| document.displaced_head());
    let head_end = misplaced.map_or(document.fences.body.start(), |misplaced| misplaced.head.end());
    let in_head = found.range.start() <= head_end;
    let at_heading = || found.body().heading.as_ref().is_some_and(|(_, span)| found.touches(*span));
    if !in_head && !at_heading() {
        return;
    }
    if let Some((alias, edits)) = candidates(found).into_iter().next() {
        found.offer(format!("make this note a contact: `{}`", short(&alias)), ActionKind::Refactor, Change::Edits(edits));
    }
}

/// The names it may go by, the likeliest first, and what writes each of them. A front matter that is out of its place is put there:
/// a second one above it would leave it a part of the text.
fn candidates(found: &Found<'_, '_>) -> Vec<(String, Vec<Edit>)> {
    let document = &found.here.document;
    let stem = found.here.path.stem();
    let Some(misplaced) = document.misplaced_head().or_else(|| document.displaced_head()) else {
        return named(document, stem);
    };
    let Some(edits) = document.in_place(&misplaced) else { return Vec::new() };
    let text = edit::apply(document.text, &edits);
    let placed = Document::parse(&text);
    if let Some(alias) = placed.alias() {
        return vec![(alias.to_owned(), edits)];
    }
    let both = |(name, more): (String, Vec<Edit>)| (name, edit::between(document.text, &edit::apply(&text, &more)));
    named(&placed, stem).into_iter().map(both).collect()
}

fn named(document: &Document<'_>, stem: &str) -> Vec<(String, Vec<Edit>)> {
    let mut names = naming::aliases(document);
    // `wang-xiaoming.md` is how guanxi names the file of Wang Xiaoming.
    let spoken = stem.split(['-', '_']).map(capitalised).collect::<Vec<_>>().join(" ");
    if !stem.is_empty() && !names.iter().any(|name| crate::features::new::file_stem(name) == stem) {
        names.push(spoken.trim().to_owned());
    }
    let written = |name: String| Some((naming::set_alias(document, &name)?, name));
    names.into_iter().take(4).filter_map(written).map(|(edits, name)| (name, edits)).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
