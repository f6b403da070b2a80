//! What the other contacts' tags tell about these: unknown ones where the vocabulary is strict, rare ones that look like common ones.

use std::collections::HashSet;

use super::Surroundings;
use crate::contact::document::Document;
use crate::contact::{Code, Problem, mend, tag};
use crate::text::Edit;
use crate::text::fold;
use crate::vault::query::{Query, TagPattern, Term};
use crate::vault::{TagView, Vault};

/// A tag that so many carry, or fewer, may be a slip of the pen.
pub const RARE: u64 = 2;

/// The tag it may have been meant to be is at least so many times as common.
const TIMES: u64 = 5;

/// Problems of this contact's tags.
pub fn check(vault: &Vault, document: &Document<'_>, around: &Surroundings<'_>, problems: &mut Vec<Problem>) {
    for value in document.tags() {
        let Some(view) = vault.tags().get(&tag::key(value.text)) else { continue };
        let written = |new: &str| vec![Edit::replace(value.span, mend::rewritten(document.text, value.span, new))];
        if vault.config().strict && !view.is_known() {
            let near: Vec<&str> = vault
                .tags()
                .nearest(view.key())
                .into_iter()
                .filter(|view| view.is_known())
                .map(|view| vault.shown(view))
                .collect();
            let hint = near.first().map(|near| format!(": is `{near}` meant?")).unwrap_or_default();
            let mut problem =
                Problem::new(Code::TagUnknown, value.span, format!("the vocabulary does not list `{}`{hint}", value.text));
            if let Some(near) = near.first() {
                problem = problem.with_fix(format!("write `{near}`"), written(near));
            }
            problems.push(problem);
            continue;
        }
        if let Some(common) = similar(vault, view, around) {
            let count = vault.tags().get(&tag::key(&common)).map_or(0, TagView::count);
            let message = if keeps_out(vault).contains(&*tag::key(&common)) {
                format!("`{}` looks like `{common}`, which keeps people out of broadcasts: this one keeps nobody out", value.text)
            } else {
                format!("`{}` is carried by {} and looks like `{common}`, carried by {count}", value.text, view.count())
            };
            problems.push(
                Problem::new(Code::TagSimilar, value.span, message).with_fix(format!("write `{common}`"), written(&common)),
            );
        }
    }
}

/// The tags that `broadcast.exclude` names. However few carry one, a slip of the pen beside it lets somebody in.
fn keeps_out(vault: &Vault) -> HashSet<String> {
    let query = vault.config().exclude.as_ref().and_then(|(text, _)| Query::parse(text).ok());
    let terms = query.iter().flat_map(|query| query.terms());
    let name = |term: &Term| match term {
        Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), .. } => Some(tag::key(name).into_owned()),
        _ => None,
    };
    terms.filter_map(name).collect()
}

/// The common tag that a rare one looks like.
fn similar(vault: &Vault, rare: TagView<'_>, around: &Surroundings<'_>) -> Option<String> {
    if rare.is_known() || rare.count() > RARE {
        return None;
    }
    if let Some(known) = around.similar.borrow().get(rare.key()) {
        return known.clone();
    }
    let length = rare.key().chars().count();
    let limit = if length < 4 {
        0
    } else if length < 8 {
        1
    } else {
        2
    };
    let least = rare.count() * TIMES;
    let keeps_out = keeps_out(vault);
    let is_kept_out = |key: &str| keeps_out.iter().any(|top| tag::is_at_or_below(key, top));
    let is_guarded = |common: &str| keeps_out.contains(common) && !is_kept_out(rare.key());
    let near = vault.tags().iter().filter_map(|common| {
        // Most tags are told apart by their length, without counting who carries them.
        let lengths = common.key().len().abs_diff(rare.key().len());
        let distance = if lengths <= limit * 4 { fold::distance(rare.key(), common.key(), limit)? } else { return None };
        let is_alike = distance > 0 && !differ_in_digits(common.key(), rare.key());
        let is_common = is_alike && (common.count() >= least || is_guarded(common.key()));
        is_common.then_some((distance, std::cmp::Reverse(common.count()), common))
    });
    let found = near
        .min_by_key(|(distance, count, common)| (*distance, *count, common.key()))
        .map(|(_, _, common)| vault.shown(common).to_owned());
    around.similar.borrow_mut().insert(rare.key().to_owned(), found.clone());
    found
}

/// `ces-2025` and `ces-2026` are two tags, not one misspelt.
fn differ_in_digits(a: &str, b: &str) -> bool {
    let without = |text: &str| text.chars().filter(|c| !c.is_numeric()).collect::<String>();
    without(a) == without(b)
}
