//! A query: who matches. In a broadcast: who gets the message, and who does not and why. Where it cannot be answered, why not.

use crate::contact::cursor::Written;
use crate::contact::{Cursor, Kind};
use crate::features::Here;
use crate::features::audience;
use crate::features::list::{AskError, first_by_alias, matching};
use crate::features::markup::{Line, Page, and_more, counted};
use crate::features::recipients::Recipients;
use crate::text::Span;
use crate::vault::Vault;
use crate::vault::query::Query;

/// So many are named.
const NAMED: usize = 10;

/// What there is to say about a query that stands at `span`.
pub fn page(here: &Here<'_>, text: &str, span: Span) -> Page {
    match here.document.kind {
        Kind::Broadcast if span.start() < here.document.fences.head.end() => of_broadcast(here),
        Kind::Config => of_exclude(here.vault, text),
        _ => of_list(here.vault, text),
    }
}

/// The same for the query around a tag; nothing where the tag stands in none.
pub fn around(here: &Here<'_>, tag: Span) -> Page {
    match here.cursor(tag.start()) {
        Cursor::Query { span, place } => page(here, &Written::new(here.text(), span, place).text, span),
        Cursor::Value { path, .. } if here.document.kind == Kind::Broadcast && path == ["to"] => of_broadcast(here),
        _ => Page::new(),
    }
}

/// Who gets the message of a broadcast.
pub fn of_broadcast(here: &Here<'_>) -> Page {
    match audience::audience(here.vault, &here.document) {
        Ok(result) => of_recipients(here.vault, &result, NAMED),
        Err(silence) => Page::new().line(Line::new().words(&silence.words())),
    }
}

/// Who gets a message and who does not; of either so many are named.
pub fn of_recipients(vault: &Vault, result: &Recipients, named: usize) -> Page {
    let (chosen, left_out) = audience::counts(result);
    let mut title = Line::new().strong(&chosen);
    if let Some(left_out) = &left_out {
        title = title.text(", ").text(left_out);
    }
    let recipients = result.chosen.iter().take(named).map(|recipient| {
        let line = Line::new().name(vault.file(recipient.file).alias());
        match &recipient.address {
            Some(address) => line.text(" · ").value(address),
            None => line,
        }
    });
    let reasons = result
        .left_out
        .iter()
        .take(named)
        .map(|(file, reason)| Line::new().name(vault.file(*file).alias()).text(": ").words(&reason.words(vault, *file)));
    let page = Page::new().line(title).items(recipients).line(and_more(result.chosen.len(), named));
    if result.left_out.is_empty() {
        return page;
    }
    page.line(Line::new().text("left out")).items(reasons).line(and_more(result.left_out.len(), named))
}

fn of_list(vault: &Vault, text: &str) -> Page {
    if text.trim().is_empty() {
        return Page::new();
    }
    let query = Query::parse(text.trim_end());
    let one = if query.as_ref().is_ok_and(Query::names_kind) { "file" } else { "contact" };
    match query.map_err(AskError::Syntax).and_then(|query| matching(vault, &query)) {
        Ok(found) => {
            let total = usize::try_from(found.len()).unwrap_or(usize::MAX);
            let first = first_by_alias(vault, &found, NAMED);
            Page::new()
                .line(Line::new().strong(&counted(total, one)))
                .items(first.iter().map(|&id| Line::new().name(vault.file(id).alias())))
                .line(and_more(total, first.len()))
        }
        Err(error) => Page::new().line(Line::new().words(&error.words())),
    }
}

/// Whom `broadcast.exclude` keeps out. While the file has a fault, nobody gets anything, and that is said first.
fn of_exclude(vault: &Vault, text: &str) -> Page {
    let kept_out = Page::new().line(Line::new().text("never in a broadcast")).then(of_list(vault, text));
    match vault.config_fault() {
        Some(fault) => {
            Page::new().line(Line::new().words(&crate::features::recipients::Refused::Config(fault).words())).below(kept_out)
        }
        None => kept_out,
    }
}
