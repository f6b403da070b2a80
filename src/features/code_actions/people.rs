//! From words to people: what is selected becomes a link, and a contact where there is none.

use super::{ActionKind, Change, Found, short};
use crate::contact::{Cursor, Document, Kind};
use crate::text::{Edit, Span, edit};
use crate::vault::Resolution;

/// Nobody is called by a longer name, in bytes.
const LONGEST: usize = 120;

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    let written = found.range.of(document.text);
    let name = written.trim();
    let in_body = document.kind != Kind::Config && found.range.start() >= document.fences.body.start();
    let is_name = name.chars().any(char::is_alphanumeric)
        && name.len() <= LONGEST
        && !name.contains(|c: char| c.is_control() || matches!(c, '[' | ']' | '|' | '#' | '`' | '{' | '}' | '<' | '>'));
    if !in_body || !is_name {
        return;
    }
    let start = found.range.start() + (written.len() - written.trim_start().len());
    let span = Span::new(start, start + name.len());
    // In a link and in the holes of a message a link would be none.
    if [span.start(), span.end()].iter().any(|&at| found.here.cursor(at) != Cursor::Nothing) {
        return;
    }
    let edit = vec![Edit::replace(span, format!("[[{name}]]"))];
    // The same for code: only what is read as a link is one.
    let result = edit::apply(document.text, &edit);
    let links = Document::parse(&result).body().links;
    if !links.iter().any(|link| link.is_wiki() && link.span.start == span.start && link.target == name) {
        return;
    }
    match found.vault().resolve(name) {
        Resolution::Nobody => {
            let Some(new) = found.new_contact(name) else { return };
            let title = format!("create contact “{}”", short(name));
            found.offer(title, ActionKind::RefactorExtract, Change::Create { path: new.path, text: new.text, edits_here: edit });
        }
        Resolution::One(id) => {
            let title = format!("link to {}", short(found.vault().file(id).alias()));
            found.offer(title, ActionKind::Refactor, Change::Edits(edit));
        }
        Resolution::Several(_) => {}
    }
}
