//! A key that is there twice: either of the two may go.

use super::{Change, Found};
use crate::contact::mend;
use crate::contact::{Code, Problem};
use crate::text::Span;
use crate::text::yaml::{Entry, Value};

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if problem.code != Code::KeyDuplicate {
        return;
    }
    let text = found.here.text();
    let Some((first, second)) = both(&found.here.document.head.entries, problem.span) else { return };
    let says_same = first.value.same(&second.value);
    if let Some(edit) = mend::without_entry(text, second) {
        let title = if says_same { "remove this one" } else { "keep the first one, remove this one" };
        found.fix(index, title, Change::Edits(vec![edit]));
    }
    if let Some(edit) = mend::without_entry(text, first).filter(|_| !says_same) {
        found.fix(index, "keep this one, remove the first one", Change::Edits(vec![edit]));
    }
}

/// The entry whose key stands at `span`, and the first one with the same key beside it.
fn both<'e, 't>(entries: &'e [Entry<'t>], span: Span) -> Option<(&'e Entry<'t>, &'e Entry<'t>)> {
    if let Some(second) = entries.iter().find(|entry| entry.key_span == span) {
        let first = entries.iter().find(|entry| entry.key == second.key)?;
        return (first.key_span != span).then_some((first, second));
    }
    entries.iter().find_map(|entry| match &entry.value.value {
        Value::Map(inner, _) => both(inner, span),
        _ => None,
    })
}
