//! Queries that cannot be understood or ask for what nobody has: in `to:`, in query blocks, in `broadcast.exclude`. And whom a
//! broadcast reaches.

use super::Surroundings;
use crate::contact::document::{self, Document};
use crate::contact::problem::Fix;
use crate::contact::{Code, Kind, Problem, config, mailbox, mend};
use crate::features::audience::MOST_TAGS;
use crate::features::markup::shortened;
use crate::features::recipients::{self, Glance, Refused};
use crate::features::{list, message};
use crate::text::markdown::Body;
use crate::text::yaml::{Node, Style, Value, quote};
use crate::text::{Edit, Span};
use crate::vault::query::{Query, compile};
use crate::vault::{Vault, VaultPath};

/// So many people are named who cannot be reached.
const NAMED: usize = 5;

/// Problems of the query blocks in a body.
pub fn blocks(vault: &Vault, body: &Body, problems: &mut Vec<Problem>) {
    for block in &body.queries {
        let rewrite = |new: &str| {
            let written = block.text.trim_end();
            Edit::replace(Span::new(block.span.start(), block.span.start() + written.len()), new)
        };
        let place = Place { of: &|span| span.shifted(block.span.start()), whole: block.span, rewrite: &rewrite };
        check(vault, &block.text, &place, problems);
    }
}

/// Problems of `broadcast.exclude`.
pub fn exclude(vault: &Vault, problems: &mut Vec<Problem>) {
    if let Some((text, span)) = &vault.config().exclude {
        let source = vault.id_of(config::FILE).map_or("", |id| vault.file(id).text());
        let place = Place { of: &|_| *span, whole: *span, rewrite: &|new| Edit::replace(*span, quoted(source, *span, new)) };
        check(vault, text, &place, problems);
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
        let place = super::place(path, attachment.text, around.exists);
        let Some(Ok(place)) = place else {
            problems.push(Problem::new(
                Code::AttachmentMissing,
                attachment.span,
                format!("there is no file at `{}` in this vault", attachment.text),
            ));
            continue;
        };
        if vault.id_of(&place).is_some_and(|id| vault.file(id).kind() != Kind::Note) {
            let message = format!("`{}` tells of tags and people: recipients must see neither", attachment.text);
            problems.push(Problem::new(Code::AttachmentMissing, attachment.span, message));
        }
    }
    if let Some(subject) =
        document.entry("subject").filter(|subject| matches!(subject.value.value, Value::List(..) | Value::Map(..)))
    {
        problems.push(Problem::new(Code::YamlSyntax, subject.value.span, "`subject` is one line of text: put it in quotes"));
    }
    if let Some(via) = document.entry("via").filter(|via| via.value.text().is_none_or(|text| text.trim().is_empty())) {
        let span = if via.value.span.is_empty() { via.key_span } else { via.value.span };
        problems.push(Problem::new(
            Code::YamlSyntax,
            span,
            "`via` is one channel, such as `via: email`; take the line away to reach everybody by hand",
        ));
    }
    if let Some(from) = document.entry("from")
        && let Err(message) = mailbox::parse(from.value.text().unwrap_or(""))
    {
        let span = if from.value.span.is_empty() { from.key_span } else { from.value.span };
        problems.push(Problem::new(Code::YamlSyntax, span, message));
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
            let span = entry.value.span;
            let place = Place {
                of: &|inner| origin.map_or(span, |start| inner.shifted(start)),
                whole: span,
                rewrite: &|new| Edit::replace(span, quoted(document.text, span, new)),
            };
            check(vault, text, &place, problems)
        }
        Value::List(items, _) if items.len() > MOST_TAGS => {
            let message = format!("`to` has more than {MOST_TAGS} tags");
            problems.push(Problem::new(Code::QuerySyntax, entry.key_span, message));
            None
        }
        Value::List(items, _) => {
            for item in items {
                let fault = item.text().map_or(Some("this is a list of tags"), |text| crate::contact::tag::fault(text.trim()));
                if let Some(message) = fault {
                    problems.push(Problem::new(Code::QuerySyntax, item.span, message));
                }
            }
            let tags: Vec<String> = items.iter().filter_map(|item| item.text().map(|text| text.trim().to_owned())).collect();
            let query = (!tags.is_empty() && tags.len() == items.len()).then(|| Query::of_tags(&tags));
            // Each tag by itself: so its place is known.
            let is_fit = problems.len() == before;
            for item in items.iter().filter(|_| is_fit) {
                let own = Query::of_tags(&[item.text().unwrap_or("").trim().to_owned()]);
                let rewrite = |new: &str| {
                    let bare = new.trim_start_matches('#').trim_matches('"');
                    Edit::replace(item.span, mend::rewritten(document.text, item.span, bare))
                };
                unknown(vault, "", &own, &Place { of: &|_| item.span, whole: item.span, rewrite: &rewrite }, problems);
            }
            query
        }
        _ => None,
    };
    let query = query.filter(|_| problems.len() == before);
    let glance = match query.as_ref().map(|query| recipients::glance(vault, query, document.text_of("via"))) {
        Some(Err(refused @ Refused::Channel { .. })) => {
            let span = document.entry("via").map_or(entry.value.span, |via| via.value.span);
            problems.push(Problem::new(Code::RecipientsNone, span, refused.words()));
            None
        }
        glance => glance.and_then(Result::ok),
    };
    // In a large vault the message is tried for everybody only where somebody is at work on it.
    said(vault, document, query.as_ref(), glance.as_ref().filter(|_| !around.is_brief), problems);
    if let Some(glance) = glance {
        reached(vault, document, &glance, entry.value.span, problems);
    }
}

/// What is wrong with the message. It is tried for everybody whom it may reach; only where that goes wrong it is asked exactly who
/// they are, for that takes longer.
fn said(vault: &Vault, document: &Document<'_>, query: Option<&Query>, glance: Option<&Glance>, problems: &mut Vec<Problem>) {
    let mut faults = message::check(vault, document, glance.iter().flat_map(|glance| &glance.reached));
    if let Some(query) = query.filter(|_| faults.iter().any(|fault| fault.recipient.is_some())) {
        let exact = recipients::recipients(vault, query, document.text_of("via")).unwrap_or_default();
        faults = message::check(vault, document, exact.chosen.iter().map(|one| one.file));
    }
    for fault in faults {
        let fix = mended_hole(vault, document, &fault);
        problems.push(Problem::new(fault.code, fault.span, fault.message).with_optional_fix(fix));
    }
}

/// A misspelt field as it was meant; nothing where somebody has nothing to stand there.
fn mended_hole(vault: &Vault, document: &Document<'_>, fault: &message::Fault) -> Option<Fix> {
    let name = fault.span.of(document.text);
    match fault.code {
        Code::TemplateUnknownField => {
            let near = message::near_name(vault, name).filter(|_| message::name_fault(vault, name).is_some())?;
            Some(Fix { title: format!("write `{near}`"), edits: vec![Edit::replace(fault.span, near)] })
        }
        // In the head, quotes have a meaning of their own.
        Code::TemplateMissingValue if fault.lacks.as_deref() == Some(name) && fault.span.start >= document.fences.body.start => {
            let edits = vec![Edit::insert(fault.span.end(), "|default(\"\")")];
            Some(Fix { title: format!("write nothing for who has no `{name}`"), edits })
        }
        _ => None,
    }
}

fn reached(vault: &Vault, document: &Document<'_>, glance: &Glance, span: Span, problems: &mut Vec<Problem>) {
    if glance.reached.is_empty() {
        problems.push(Problem::new(Code::RecipientsNone, span, "this reaches nobody"));
    }
    let count = glance.unreachable.len();
    if count > 0 {
        let via = document.text_of("via").unwrap_or("");
        let first = list::first_by_alias(vault, &glance.unreachable, NAMED);
        let named = first.into_iter().map(|id| vault.file(id).alias()).collect::<Vec<_>>().join(", ");
        let more = if count > NAMED as u64 { format!(" and {} more", count - NAMED as u64) } else { String::new() };
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

/// Where a query is written, and how another is written in its place.
struct Place<'p> {
    of: &'p dyn Fn(Span) -> Span,
    whole: Span,
    rewrite: &'p dyn Fn(&str) -> Edit,
}

/// A query as YAML, in the quotes that are there, else in double ones: `#` begins a comment.
fn quoted(source: &str, span: Span, new: &str) -> String {
    let style = if span.of(source).starts_with('\'') { Style::Single } else { Style::Double };
    quote::write(new, style, quote::Place::Block)
}

/// Reads a query and reports what is wrong with it; the query, if it can be understood.
fn check(vault: &Vault, text: &str, place: &Place<'_>, problems: &mut Vec<Problem>) -> Option<Query> {
    match Query::parse(text.trim_end()) {
        Ok(query) => {
            unknown(vault, text.trim_end(), &query, place, problems);
            Some(query)
        }
        Err(error) => {
            let mut span = (place.of)(error.span);
            let whole = place.whole;
            if span.is_empty() && !whole.is_empty() {
                span = Span::new(
                    span.start().saturating_sub(1).max(whole.start()),
                    span.start().max(whole.start() + 1).min(whole.end()),
                );
            }
            let fix = mended(text.trim_end()).map(|new| {
                let title = format!("write `{}`", shortened(&new, 60));
                Fix { title, edits: vec![(place.rewrite)(&new)] }
            });
            problems.push(Problem::new(Code::QuerySyntax, span, error.words()).with_optional_fix(fix));
            None
        }
    }
}

/// The query with what is missing at its end, or without what stands there too much; `None` where that does not help.
fn mended(text: &str) -> Option<String> {
    let mut new = text.to_owned();
    for _ in 0..8 {
        let Err(error) = Query::parse(&new) else { return Some(new) };
        if error.message.ends_with("is not closed") {
            new.push(error.expected.trim_start_matches('`').chars().next()?);
        } else if error.message.ends_with("closes nothing") {
            new.replace_range(error.span.range(), "");
        } else {
            // What waits for something: `#lead OR`, `(#lead |)`, `#lead (`.
            let end = error.span.start().min(new.len());
            let before = new.get(..end)?.trim_end();
            let operator =
                ["OR", "AND", "NOT", "||", "&&", "|", "&", "-", "!", "("].into_iter().find(|word| before.ends_with(word))?;
            let kept = before.len() - operator.len();
            new.replace_range(kept..end, "");
        }
        new.truncate(new.trim_end().len());
    }
    None
}

fn unknown(vault: &Vault, text: &str, query: &Query, place: &Place<'_>, problems: &mut Vec<Problem>) {
    for name in compile(query, vault).1 {
        let span = (place.of)(name.span);
        let fix = name.nearest.first().map(|nearest| {
            let bare = nearest.trim_start_matches('#');
            let edit = if name.span.len() == span.len() && !bare.starts_with('"') {
                Edit::replace(span, bare)
            } else {
                let mut new = text.to_owned();
                if text.get(name.span.range()).is_some() {
                    new.replace_range(name.span.range(), bare);
                }
                (place.rewrite)(if text.is_empty() { bare } else { &new })
            };
            Fix { title: format!("write `{}`", bare.trim_matches('"')), edits: vec![edit] }
        });
        problems.push(Problem::new(Code::QueryUnknownTag, span, name.words()).with_optional_fix(fix));
    }
}
