//! Queries that cannot be understood or ask for what nobody has: in `to:`, in query blocks, in `broadcast.exclude`. And whom a
//! broadcast reaches.

use super::{Surroundings, message};
use crate::contact::document::{self, Document};
use crate::contact::problem::Fix;
use crate::contact::{Code, Kind, Problem, config, mailbox, mend, tag};
use crate::features::audience::MOST_TAGS;
use crate::features::list;
use crate::features::markup::shortened;
use crate::features::recipients::{self, Glance, Refused};
use crate::text::markdown::Body;
use crate::text::yaml::{Entry, Node, Style, Value, quote};
use crate::text::{Edit, Span};
use crate::vault::path::is_markdown;
use crate::vault::query::{Query, QueryError, QueryErrorKind, Role, slips};
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
        let of = &|span: Span| span.shifted(block.span.start());
        let place = Place { of, whole: block.span, rewrite: &rewrite, read: Query::parse, role: Role::Selects };
        check(vault, &block.text, &place, problems);
    }
}

/// Problems of `broadcast.exclude`.
pub fn exclude(vault: &Vault, problems: &mut Vec<Problem>) {
    let Some((text, span)) = &vault.config().exclude else { return };
    let source = vault.id_of(config::FILE).map_or("", |id| vault.file(id).text());
    // A list of tags is no query that could be written otherwise in its place.
    let is_list = span.of(source).starts_with(['[', '-']);
    let mut found = Vec::new();
    let place = Place {
        of: &|_| *span,
        whole: *span,
        rewrite: &|new| Edit::replace(*span, quoted(source, *span, new)),
        read: Query::parse_exclusion,
        role: Role::Excludes,
    };
    check(vault, text, &place, &mut found);
    problems.extend(found.into_iter().map(|problem| if is_list { problem.with_fixes(Vec::new()) } else { problem }));
}

/// Problems of a broadcast: its query, whom it reaches, its attachments.
pub fn broadcast(
    vault: &Vault,
    path: &VaultPath,
    document: &Document<'_>,
    around: &Surroundings<'_>,
    problems: &mut Vec<Problem>,
) {
    for blank in document.entry("attach").map(|entry| entry.value.items()).unwrap_or_default() {
        if blank.is_null() || blank.text().is_some_and(|text| text.trim().is_empty()) {
            problems.push(Problem::new(Code::AttachmentMissing, blank.span, "an attachment without a name"));
        }
    }
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
        if let Some(why) = unfit_attachment(vault, &place) {
            let message = format!("`{}` cannot be attached: {why}", attachment.text);
            problems.push(Problem::new(Code::AttachmentMissing, attachment.span, message));
        }
    }
    if let Some(subject) =
        document.entry("subject").filter(|subject| matches!(subject.value.value, Value::List(..) | Value::Map(..)))
    {
        problems.push(Problem::new(Code::YamlSyntax, subject.value.span, "`subject` is one line of text: put it in quotes"));
    }
    if let Some(via) =
        document.entry("via").filter(|via| via.value.is_null() || via.value.text().is_none_or(|text| text.trim().is_empty()))
    {
        let span = if via.value.span.is_empty() { via.key_span } else { via.value.span };
        problems.push(Problem::new(
            Code::YamlSyntax,
            span,
            "`via` is one channel, such as `via: email`; remove the line to reach everybody by hand",
        ));
    }
    for entry in ["from", "reply_to"].into_iter().filter_map(|key| document.entry(key)) {
        if let Err(message) = mailbox::parse(entry.value.text().unwrap_or("")) {
            let span = if entry.value.span.is_empty() { entry.key_span } else { entry.value.span };
            problems.push(Problem::new(Code::YamlSyntax, span, message));
        }
    }
    let Some(entry) = document.entry("to") else { return };
    let before = problems.len();
    let query = selection(vault, document, entry, problems);
    let except = document.entry("exclude").and_then(|entry| selection(vault, document, entry, problems));
    let query = query.filter(|_| problems.len() == before);
    let via = document.text_of("via");
    let glance = match query.as_ref().map(|query| recipients::glance(vault, query, except.as_ref(), via)) {
        Some(Err(refused @ Refused::Channel { .. })) => {
            let span = document.entry("via").map_or(entry.value.span, |via| via.value.span);
            problems.push(Problem::new(Code::RecipientsNone, span, refused.words()));
            None
        }
        glance => glance.and_then(Result::ok),
    };
    // In a large vault the message is tried for everybody only where somebody is at work on it.
    let asked = query.as_ref().map(|query| (query, except.as_ref()));
    message::diagnose(vault, document, asked, glance.as_ref().filter(|_| !around.is_brief), problems);
    if let Some(glance) = glance {
        reached(vault, document, &glance, entry.value.span, problems);
    }
}

/// Why a file of the vault must not be sent along: it tells of tags and people. A plain note is a handout.
pub fn unfit_attachment(vault: &Vault, place: &str) -> Option<&'static str> {
    let name = place.rsplit('/').next().unwrap_or(place).to_lowercase();
    if place.split('/').any(|part| part.starts_with('.')) {
        return Some("it is a hidden file");
    }
    if matches!(name.as_str(), "guanxi.yaml" | "guanxi.yml") {
        return Some("settings name your tags");
    }
    if name.ends_with(".journal") {
        return Some("a journal names the other recipients");
    }
    if !is_markdown(&name) {
        return None;
    }
    match vault.id_of(place).map(|id| vault.file(id)) {
        None => Some("it is not a note of this vault"),
        Some(file) if file.kind() != Kind::Note => Some("contacts and broadcasts are private"),
        Some(file) if file.document().fences.present || file.document().misplaced_head().is_some() => {
            Some("its front matter is private; a note without front matter can be attached")
        }
        Some(_) => None,
    }
}

/// Problems of `to` or `exclude`, and the query that it is.
fn selection(vault: &Vault, document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>) -> Option<Query> {
    let key = entry.key.as_ref();
    let hidden = entry.value.value == Value::Empty && document.hidden_word(&entry.value).is_some();
    let is_empty_list = matches!(&entry.value.value, Value::List(items, _) if items.is_empty());
    if !hidden && (is_empty_list || entry.value.is_null() || matches!(entry.value.value, Value::Empty | Value::Map(..))) {
        problems.push(Problem::new(
            Code::QuerySyntax,
            entry.key_span,
            format!("`{key}` is a query in quotes, or a list of tags"),
        ));
    }
    match &entry.value.value {
        Value::Scalar(text, _) => {
            let origin = inner_start(&entry.value, document.text);
            let span = entry.value.span;
            let role = if key == "exclude" { Role::Excludes } else { Role::Selects };
            let place = Place {
                of: &|inner| origin.map_or(span, |start| inner.shifted(start)),
                whole: span,
                rewrite: &|new| Edit::replace(span, quoted(document.text, span, new)),
                read: if role == Role::Excludes { Query::parse_exclusion } else { Query::parse_strict },
                role,
            };
            check(vault, text, &place, problems)
        }
        Value::List(items, _) if items.len() > MOST_TAGS => {
            let message = format!("`{key}` has more than {MOST_TAGS} tags");
            problems.push(Problem::new(Code::QuerySyntax, entry.key_span, message));
            None
        }
        Value::List(items, _) => {
            let before = problems.len();
            for item in items {
                let fault = item.text().map_or(Some("each item of this list is one tag".to_owned()), tag::list_item_fault);
                if let Some(message) = fault {
                    problems.push(Problem::new(Code::QuerySyntax, item.span, message));
                }
            }
            let tags: Vec<String> = items.iter().filter_map(|item| item.text().map(|text| text.trim().to_owned())).collect();
            if tags.is_empty() || problems.len() > before {
                return None;
            }
            // Each tag by itself: so its place is known.
            for item in items {
                let own = Query::of_tags(&[item.text().unwrap_or("").trim().to_owned()]);
                let rewrite = |new: &str| {
                    let bare = new.trim_start_matches('#').trim_matches('"');
                    Edit::replace(item.span, mend::rewritten(document.text, item.span, bare))
                };
                let (read, role) = (Query::parse_strict, Role::Selects);
                let place = Place { of: &|_| item.span, whole: item.span, rewrite: &rewrite, read, role };
                unknown(vault, "", &own, &place, problems);
            }
            Some(if key == "exclude" { Query::of_any_tag(&tags) } else { Query::of_tags(&tags) })
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
    /// By the rules that hold there.
    read: fn(&str) -> Result<Query, QueryError>,
    /// What it is for.
    role: Role,
}

/// A query as YAML, in the quotes that are there, else in double ones: `#` begins a comment.
fn quoted(source: &str, span: Span, new: &str) -> String {
    let style = if span.of(source).starts_with('\'') { Style::Single } else { Style::Double };
    quote::write(new, style, quote::Place::Block)
}

/// Reads a query and reports what is wrong with it; the query, if it can be understood.
fn check(vault: &Vault, text: &str, place: &Place<'_>, problems: &mut Vec<Problem>) -> Option<Query> {
    let text = text.trim_end();
    match (place.read)(text) {
        Ok(query) => {
            unknown(vault, text, &query, place, problems);
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
            let fix = |new: String| {
                let title = format!("change to `{}`", shortened(&new, 60));
                Fix { title, edits: vec![(place.rewrite)(&new)] }
            };
            let fixes = error.corrected(text).into_iter().map(fix).collect();
            let code = if error.kind == QueryErrorKind::Word { Code::QueryWord } else { Code::QuerySyntax };
            problems.push(Problem::new(code, span, error.words()).with_fixes(fixes));
            None
        }
    }
}

fn unknown(vault: &Vault, text: &str, query: &Query, place: &Place<'_>, problems: &mut Vec<Problem>) {
    for name in slips(query, place.role, vault) {
        let span = (place.of)(name.span);
        let fix = name.nearest.first().map(|nearest| {
            let bare = nearest.trim_start_matches('#');
            let edit = if name.span.len() == span.len() && !bare.contains(['"', '\'', '\\']) {
                Edit::replace(span, bare)
            } else {
                let mut new = text.to_owned();
                if text.get(name.span.range()).is_some() {
                    new.replace_range(name.span.range(), bare);
                }
                (place.rewrite)(if text.is_empty() { bare } else { &new })
            };
            Fix { title: format!("change to `{}`", bare.trim_matches('"')), edits: vec![edit] }
        });
        let (code, words) = (Code::QueryUnknownTag, name.words());
        problems.push(match name.may_be_meant {
            true => Problem::new(code, span, format!("{words}: it keeps nobody out")).as_warning(),
            false => Problem::new(code, span, words).with_optional_fix(fix),
        });
    }
}
