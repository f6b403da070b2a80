//! The alias that is missing: from what the file says, or from its name. A note becomes a contact by it.

use super::{ActionKind, Change, Found, short};
use crate::contact::mend;
use crate::contact::{Code, Kind, Problem};

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if problem.code != Code::AliasMissing {
        return;
    }
    for (alias, edits) in candidates(found) {
        found.fix(index, format!("take `{}` as its alias", short(&alias)), Change::Edits(edits));
    }
}

/// In a note: at its head, or at its first heading.
pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    let known = found.actions.iter().any(|action| action.title.ends_with("as its alias"));
    if document.kind != Kind::Note || known {
        return;
    }
    let in_head = found.range.start() <= document.fences.body.start();
    let at_heading = || found.body().heading.as_ref().is_some_and(|(_, span)| found.touches(*span));
    if !in_head && !at_heading() {
        return;
    }
    if let Some((alias, edits)) = candidates(found).into_iter().next() {
        found.offer(format!("make this a contact: `{}`", short(&alias)), ActionKind::Refactor, Change::Edits(edits));
    }
}

/// The names it may go by, the likeliest first, and what writes each of them.
fn candidates(found: &Found<'_, '_>) -> Vec<(String, Vec<crate::text::Edit>)> {
    let document = &found.here.document;
    let mut names = mend::aliases(document);
    let stem = found.here.path.stem();
    // `wang-xiaoming.md` is how guanxi names the file of Wang Xiaoming.
    let spoken = stem.split(['-', '_']).map(capitalised).collect::<Vec<_>>().join(" ");
    if !stem.is_empty() && !names.iter().any(|name| crate::features::new::file_stem(name) == stem) {
        names.push(spoken.trim().to_owned());
    }
    names
        .into_iter()
        .take(4)
        .filter_map(|name| Some((mend::set_alias(document, &name)?, name)))
        .map(|(edits, name)| (name, edits))
        .collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
