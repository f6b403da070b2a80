//! Queries that cannot be understood or ask for what nobody has: in `to:`, in query blocks, in `broadcast.exclude`. And whom a
//! broadcast reaches.

use super::Surroundings;
use crate::contact::document::{self, Document};
use crate::contact::{Code, Problem};
use crate::features::recipients::{self, Reason};
use crate::text::markdown::Body;
use crate::text::yaml::{Node, Value};
use crate::text::{Edit, Span};
use crate::vault::query::{Query, compile};
use crate::vault::{Vault, VaultPath};

/// Problems of the query blocks in a body.
pub fn blocks(vault: &Vault, body: &Body, problems: &mut Vec<Problem>) {
    for block in &body.queries {
        check(vault, &block.text, &|span| span.shifted(block.span.start()), block.span, problems);
    }
}

/// Problems of `broadcast.exclude`.
pub fn exclude(vault: &Vault, problems: &mut Vec<Problem>) {
    if let Some((text, span)) = &vault.config().exclude {
        check(vault, text, &|_| *span, *span, problems);
    }
}

/// Problems of a broadcast: its query, whom it reaches, its attachments.
pub fn broadcast(
    vault: &Vault,
    path: &VaultPath,
    document: &Document<'_>,
    around: &Surroundings<'_>,
    problems: &mut Vec<Problem>,
) {
    for attachment in document.entry("attach").map(|entry| document::values(&entry.value)).unwrap_or_default() {
        if !matches!(super::place(path, attachment.text, around.exists), Some(Ok(_))) {
            problems.push(Problem::new(
                Code::AttachmentMissing,
                attachment.span,
                format!("there is no file at `{}` in this vault", attachment.text),
            ));
        }
    }
    if let Some(via) = document.entry("via").filter(|via| via.value.text().is_none_or(|text| text.trim().is_empty())) {
        let span = if via.value.span.is_empty() { via.key_span } else { via.value.span };
        problems.push(Problem::new(
            Code::YamlSyntax,
            span,
            "`via` is one channel, such as `via: email`; take the line away to reach everybody by hand",
        ));
    }
    let Some(entry) = document.entry("to") else { return };
    let hidden = entry.value.value == Value::Empty && document.hidden_word(&entry.value).is_some();
    if !hidden && matches!(entry.value.value, Value::Empty | Value::Map(..)) {
        problems.push(Problem::new(Code::QuerySyntax, entry.key_span, "`to` is a query in quotes, or a list of tags"));
    }
    let before = problems.len();
    let query = match &entry.value.value {
        Value::Scalar(text, _) => {
            let origin = inner_start(&entry.value, document.text);
            let place = |span: Span| origin.map_or(entry.value.span, |start| span.shifted(start));
            check(vault, text, &place, entry.value.span, problems)
        }
        Value::List(items, _) => {
            for item in items {
                let fault = item.text().map_or(Some("this is a list of tags"), |text| crate::contact::tag::fault(text.trim()));
                if let Some(message) = fault {
                    problems.push(Problem::new(Code::QuerySyntax, item.span, message));
                }
            }
            if problems.len() > before {
                return;
            }
            let tags: Vec<String> = items.iter().filter_map(|item| item.text().map(|text| text.trim().to_owned())).collect();
            let query = (!tags.is_empty() && tags.len() == items.len()).then(|| Query::of_tags(&tags));
            if let Some(query) = &query {
                unknown(vault, query, &|_| entry.value.span, problems);
            }
            query
        }
        _ => None,
    };
    let Some(query) = query.filter(|_| problems.len() == before) else { return };
    reached(vault, document, &query, entry.value.span, problems);
}

fn reached(vault: &Vault, document: &Document<'_>, query: &Query, span: Span, problems: &mut Vec<Problem>) {
    let Ok(result) = recipients::recipients(vault, query, document.text_of("via")) else { return };
    if result.chosen.is_empty() {
        problems.push(Problem::new(Code::RecipientsNone, span, "this reaches nobody"));
    }
    let unreachable: Vec<String> = result
        .left_out
        .iter()
        .filter(|(_, reason)| matches!(reason, Reason::Unreachable(_)))
        .map(|&(id, _)| vault.file(id).alias().to_owned())
        .collect();
    if !unreachable.is_empty() {
        let via = document.text_of("via").unwrap_or("");
        let named = unreachable.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if unreachable.len() > 5 { format!(" and {} more", unreachable.len() - 5) } else { String::new() };
        problems.push(Problem::new(Code::RecipientsUnreachable, span, format!("{named}{more}: not reachable by {via}")));
    }
}

/// Where a scalar's text begins in the file, if it stands there character by character.
fn inner_start(node: &Node<'_>, text: &str) -> Option<usize> {
    let written = node.span.of(text);
    let inner = node.text()?;
    let quote = usize::from(written.starts_with(['"', '\'']));
    (written.get(quote..quote + inner.len()) == Some(inner)).then_some(node.span.start() + quote)
}

/// Reads a query and reports what is wrong with it; the query, if it can be understood.
fn check(vault: &Vault, text: &str, place: &dyn Fn(Span) -> Span, whole: Span, problems: &mut Vec<Problem>) -> Option<Query> {
    match Query::parse(text.trim_end()) {
        Ok(query) => {
            unknown(vault, &query, place, problems);
            Some(query)
        }
        Err(error) => {
            let mut span = place(error.span);
            if span.is_empty() && !whole.is_empty() {
                span = Span::new(
                    span.start().saturating_sub(1).max(whole.start()),
                    span.start().max(whole.start() + 1).min(whole.end()),
                );
            }
            problems.push(Problem::new(Code::QuerySyntax, span, error.words()));
            None
        }
    }
}

fn unknown(vault: &Vault, query: &Query, place: &dyn Fn(Span) -> Span, problems: &mut Vec<Problem>) {
    for name in compile(query, vault).1 {
        let span = place(name.span);
        let mut problem = Problem::new(Code::QueryUnknownTag, span, name.words());
        if let (Some(nearest), true) = (name.nearest.first(), name.span.len() == span.len()) {
            let bare = nearest.trim_start_matches('#');
            problem = problem.with_fix(format!("write `{bare}`"), vec![Edit::replace(span, bare)]);
        }
        problems.push(problem);
    }
}
