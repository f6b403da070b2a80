//! Where messages and queries name a field: in the holes of a broadcast, before the colon of a query's term.

use super::{Occurrence, Role, queries};
use crate::contact::{Document, Kind};
use crate::text::Span;
use crate::vault::query::Term;

/// Every place, in no order.
pub fn places(name: &str, document: &Document<'_>) -> Vec<Occurrence> {
    let mut spans = if document.kind == Kind::Broadcast { holes(name, document) } else { Vec::new() };
    for query in queries::held(document, &document.body()) {
        for term in query.parsed().iter().flat_map(|query| query.terms()) {
            if let Term::Field { key, key_span, .. } | Term::Has { key, key_span, .. } = term
                && key == name
            {
                spans.push(query.span(*key_span));
            }
        }
    }
    spans.into_iter().map(|span| Occurrence { span, role: Role::Mentions }).collect()
}

/// The name in `{{ … }}` and `{% … %}`: not in quotes, not as a filter behind `|`, not as a test behind `is`, not as a part
/// behind a dot.
fn holes(name: &str, document: &Document<'_>) -> Vec<Span> {
    let body = document.fences.body;
    let text = body.of(document.text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['{']).map(|length| at + length) {
        let closing = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let inside = start + 2;
        let end = text[inside..].find(closing).map_or(text.len(), |length| inside + length);
        found.extend(names(&text[inside..end], name).map(|span| span.shifted(body.start() + inside)));
        at = end;
    }
    found
}

fn names<'t>(inside: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    inside.match_indices(name).filter_map(move |(at, _)| {
        let (before, behind) = (&inside[..at], &inside[at + name.len()..]);
        let whole = !before.ends_with(is_part) && !behind.starts_with(is_part);
        let bare = before.trim_end();
        let a_test = bare.strip_suffix("is not").or_else(|| bare.strip_suffix("is")).is_some_and(|rest| rest.ends_with(' '));
        let another = bare.ends_with(['|', '.']) || a_test;
        let quoted = ['"', '\''].into_iter().any(|mark| before.matches(mark).count() % 2 == 1);
        (whole && !another && !quoted && !name.is_empty()).then(|| Span::new(at, at + name.len()))
    })
}
