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
                problem = problem.with_fix(format!("change to `{near}`"), written(near));
            }
            problems.push(problem);
            continue;
        }
        if let Some(common) = similar(vault, view, around) {
            let count = vault.tags().get(&tag::key(&common)).map_or(0, TagView::count);
            let message = if keeps_out(vault).contains(&*tag::key(&common)) {
                format!(
                    "`{}` looks like `{common}`, which keeps people out of broadcasts: until it is certain which is meant, nobody with it gets one",
                    value.text
                )
            } else {
                format!("`{}` is used by {} and looks like `{common}`, used by {count}", value.text, view.count())
            };
            problems.push(
                Problem::new(Code::TagSimilar, value.span, message).with_fix(format!("change to `{common}`"), written(&common)),
            );
        }
    }
}

/// A tag that a rare one may have been meant to be. Few are, so that a vault of many thousand tags is looked through once.
pub struct Common {
    key: String,
    count: u64,
    /// Does `broadcast.exclude` name it? However few carry it, a slip of the pen beside it lets somebody in.
    keeps_out: bool,
}

impl Common {
    fn all(vault: &Vault) -> Vec<Self> {
        let keeps_out = keeps_out(vault);
        let common = |view: TagView<'_>| {
            let (count, keeps_out) = (view.count(), keeps_out.contains(view.key()));
            (count >= TIMES || keeps_out).then(|| Self { key: view.key().to_owned(), count, keeps_out })
        };
        vault.tags().iter().filter_map(common).collect()
    }
}

/// The tags that `broadcast.exclude` names.
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
    let commons = around.common.get_or_init(|| Common::all(vault));
    let is_kept_out = commons.iter().any(|common| common.keeps_out && tag::is_at_or_below(rare.key(), &common.key));
    let near = commons.iter().filter_map(|common| {
        // Most tags are told apart by their length.
        let lengths = common.key.len().abs_diff(rare.key().len());
        if lengths > limit * 4 || (common.count < least && (is_kept_out || !common.keeps_out)) {
            return None;
        }
        let distance = fold::distance(rare.key(), &common.key, limit)?;
        let is_alike = distance > 0 && !differ_in_digits(&common.key, rare.key());
        is_alike.then_some((distance, std::cmp::Reverse(common.count), &common.key))
    });
    let found = near.min().and_then(|(_, _, key)| vault.tags().get(key)).map(|common| vault.shown(common).to_owned());
    around.similar.borrow_mut().insert(rare.key().to_owned(), found.clone());
    found
}

/// `ces-2025` and `ces-2026` are two tags, not one misspelt.
fn differ_in_digits(a: &str, b: &str) -> bool {
    let without = |text: &str| text.chars().filter(|c| !c.is_numeric()).collect::<String>();
    without(a) == without(b)
}
