//! What is wrong with a query, shown with a caret under the place, and a refusal shown with its line.

use annotate_snippets::Level;

use super::out::Failure;
use super::page::{Page, Place, Report};
use crate::features::list::AskError;
use crate::features::recipients::Refused;
use crate::text::Span;
use crate::vault::query::{QueryError, UnknownName};

/// Tells what is wrong with a query and gives the failure to end with.
pub fn query_failure(text: &str, error: &AskError) -> Failure {
    match error {
        AskError::Syntax(error) => syntax(text, error),
        AskError::Unknown(names) => unknown(text, names),
    }
    Failure::Told
}

/// Tells why there are no recipients at all.
pub fn refused(text: &str, refused: &Refused) -> Failure {
    match refused {
        Refused::Query(error) => query_failure(text, error),
        Refused::Config(_) => Failure::Message(format!("{} (see: guanxi check)", refused.words())),
        _ => Failure::Message(refused.words()),
    }
}

fn syntax(text: &str, error: &QueryError) {
    let label = format!("expected {}", error.expected);
    let corrected = error.corrected(text);
    if text.len() > crate::vault::query::MAX_LENGTH {
        super::out::say(&format!("{}: {label}", error.message));
        return;
    }
    caret(text, error.span, &error.message, &label);
    for (number, query) in corrected.iter().enumerate() {
        let words = if number == 0 { "write" } else { "or" };
        super::out::say(&format!("{words}: {query}"));
    }
}

/// Every tag or key that the vault does not know, with the nearest ones.
pub fn unknown(text: &str, names: &[UnknownName]) {
    for name in names {
        let label =
            if name.nearest.is_empty() { "not known here".to_owned() } else { format!("near: {}", name.nearest.join(", ")) };
        if name.span.is_empty() {
            super::out::say(&format!("{} ({label})", name.message));
        } else {
            caret(text, name.span, &name.message, &label);
        }
    }
}

fn caret(text: &str, span: Span, message: &str, label: &str) {
    let place = Place { path: None, source: text, line: 1, marked: span.range(), label: Some(label) };
    let mut page = Page::new();
    page.report(&Report { level: Level::ERROR, title: message, code: None, place: Some(place), notes: Vec::new() });
    page.say();
}
