//! Tags: the one that was meant, those that go together with the present ones, and a new one for the vocabulary.

use std::collections::HashSet;

use super::{ActionKind, Change, Found, short};
use crate::contact::{Code, Kind, Problem, fields, mend, tag};
use crate::features::{companions, vocabulary};
use crate::text::Edit;
use crate::text::yaml::edit::{ItemChange, Wish};
use crate::vault::TagView;

/// So many likely tags are offered.
const LIKELY: usize = 3;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::TagUnknown | Code::TagSimilar) {
        return;
    }
    let text = found.here.text();
    let vault = found.vault();
    let Some(own) = found.here.document.tags().into_iter().find(|value| value.span == problem.span) else { return };
    let name = own.text.to_owned();
    if problem.code == Code::TagUnknown {
        let near = vault.tags().nearest(&tag::key(&name)).into_iter().filter(|view| TagView::is_known(*view));
        for view in near {
            let shown = vault.shown(view);
            let edit = Edit::replace(problem.span, mend::rewritten(text, problem.span, shown));
            found.fix(index, format!("change to `{}`", short(shown)), Change::Edits(vec![edit]));
        }
    }
    if let Ok(edits) = vocabulary::list_tag(vault, &name) {
        found.fix(index, format!("add `{}` to the tags in guanxi.yaml", short(&name)), Change::Files(vec![edits]));
    }
    if problem.code == Code::TagUnknown
        && let Some(fix) = mend::without(&found.here.document, "tags", &name)
    {
        found.fix(index, format!("remove `{}`", short(&name)), Change::Edits(fix.edits));
    }
}

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    let near = ["tags", "alias"].into_iter().filter_map(|key| document.entry(key));
    let here = near.into_iter().any(|entry| found.touches(entry.key_span.cover(entry.value.span)));
    if document.kind != Kind::Contact || !here {
        return;
    }
    let present: HashSet<String> = document.tags_with_keys().into_iter().map(|(key, _)| key.into_owned()).collect();
    for tag in companions::likely(found.vault(), &present, LIKELY) {
        let add = [tag.to_owned()];
        let wish = Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &add };
        if let Ok(edits) = found.here.document.plan(&fields::order(), &wish) {
            found.offer(format!("add tag `{}`", short(tag)), ActionKind::Refactor, Change::Edits(edits));
        }
    }
}
