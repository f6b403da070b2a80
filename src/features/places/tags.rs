//! Where a text names a tag or one below it: in `tags:`, in the vocabulary, in queries, in running text.

use super::{Occurrence, Role, queries};
use crate::contact::{Config, Document, Kind, tag};
use crate::text::Span;
use crate::text::yaml::{Entry, Value};
use crate::vault::query::{TagPattern, Term};

/// Every place, in no order.
pub fn places(key: &str, document: &Document<'_>, head_only: bool) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let mut take = |name: &str, span: Span, role: Role| {
        if tag::is_at_or_below(&tag::key(name), key) {
            found.push(Occurrence { span, role });
        }
    };
    if document.kind == Kind::Config {
        for known in Config::parse(document.text).0.known {
            take(&known.tag, known.span, Role::Declares);
        }
    } else {
        for entry in document.tag_entries() {
            items(entry, document.text).for_each(|(name, span)| take(name, span, Role::Carries));
        }
    }
    if let Some(entry) = document.entry("to").filter(|entry| queries::is_list(document, entry)) {
        items(entry, document.text).for_each(|(name, span)| take(name, span, Role::Mentions));
    }
    if head_only {
        return found;
    }
    let body = document.body();
    for query in queries::held(document, &body) {
        for term in query.parsed().iter().flat_map(|query| query.terms()) {
            if let Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), name_span, .. } = term {
                take(name, query.span(*name_span), Role::Mentions);
            }
        }
    }
    for mention in body.mentions {
        take(&mention.tag, Span::new(mention.span.start() + 1, mention.span.end()), Role::Mentions);
    }
    found
}

/// The items of a list of tags. What stands there by an alias (`*a`) is written elsewhere: its place is the alias.
fn items<'d>(entry: &'d Entry<'_>, text: &'d str) -> impl Iterator<Item = (&'d str, Span)> {
    let list = &entry.value;
    let items = if matches!(list.value, Value::Map(..)) { &[] } else { list.items() };
    items.iter().filter_map(move |item| {
        let span = if list.alias { list.span } else { item.span };
        let end = span.start() + span.of(text).trim_end().len();
        Some((item.text()?.trim(), Span::new(span.start(), end)))
    })
}
