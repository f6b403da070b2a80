//! What a selection grows to: the word, what it is part of, and so on up to the whole file.

use super::Here;
use super::document_symbols::whole;
use crate::contact::{Cursor, Kind, QueryPlace};
use crate::text::yaml::{Entry, Value};
use crate::text::{Span, lines, outline};

/// The stretches around a place, the smallest first; each holds the one before it and is larger. The last one is the whole text.
pub fn selection_ranges(here: &Here<'_>, offset: usize) -> Vec<Span> {
    let text = here.text();
    let offset = lines::floor(text, offset);
    let mut around = vec![word(text, offset), Span::new(0, text.len())];
    around.extend(at_cursor(here, offset));
    let fences = &here.document.fences;
    let config = here.document.kind == Kind::Config;
    entries(text, &here.document.head.entries, offset, &mut around);
    if fences.present {
        around.push(fences.head);
        let start = lines::line_start(text, fences.head.start().saturating_sub(1));
        around.push(Span::new(start, fences.body.start().max(fences.head.end())));
    }
    if !config && offset >= fences.body.start() {
        body(here, offset, &mut around);
    }
    chained(text, offset, around)
}

/// Those that hold the place, and each other.
fn chained(text: &str, offset: usize, mut around: Vec<Span>) -> Vec<Span> {
    around.retain(|span| span.touches(offset) && !span.is_empty() && text.get(span.range()).is_some());
    around.sort_by_key(|span| span.len());
    let mut chain: Vec<Span> = Vec::new();
    for span in around {
        let holds = chain.last().is_none_or(|last| span.start <= last.start && last.end <= span.end && span != *last);
        if holds {
            chain.push(span);
        }
    }
    if chain.is_empty() {
        chain.push(Span::new(0, text.len()));
    }
    chain
}

/// Letters and digits around a place.
fn word(text: &str, offset: usize) -> Span {
    let before = text[..offset].trim_end_matches(char::is_alphanumeric).len();
    let behind = text[offset..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |length| offset + length);
    Span::new(before, behind)
}

/// What the cursor stands in, and what that is written in.
fn at_cursor(here: &Here<'_>, offset: usize) -> Vec<Span> {
    let text = here.text();
    let quoted = |span: Span| {
        let written = span.of(text);
        let mark = written.starts_with(['"', '\'']) && written.len() > 1 && written.ends_with(&written[..1]);
        if mark { vec![Span::new(span.start() + 1, span.end() - 1), span] } else { vec![span] }
    };
    match here.pointing(offset) {
        Cursor::Key { word, .. } | Cursor::Value { word, .. } => quoted(word.span),
        Cursor::Link { word, .. }
        | Cursor::LinkHeading { word, .. }
        | Cursor::LinkPath { word, .. }
        | Cursor::Mention { word }
        | Cursor::Template { word, .. } => vec![word.span],
        Cursor::Query { span, place: QueryPlace::Quoted(_) } => {
            vec![span, Span::new(span.start().saturating_sub(1), (span.end() + 1).min(text.len()))]
        }
        Cursor::Query { span, .. } => vec![span],
        Cursor::LinkText { target } => vec![target],
        Cursor::Nothing => Vec::new(),
    }
}

fn entries(text: &str, all: &[Entry<'_>], offset: usize, around: &mut Vec<Span>) {
    let Some(entry) = all.iter().find(|entry| whole(text, entry).touches(offset)) else { return };
    around.push(whole(text, entry));
    if entry.value.span.start >= entry.key_span.end {
        around.push(Span::new(entry.value.span.start(), whole(text, entry).end().max(entry.value.span.start())));
    }
    match &entry.value.value {
        Value::Map(inner, _) => entries(text, inner, offset, around),
        Value::List(items, _) => {
            for item in items.iter().filter(|item| item.span.touches(offset)) {
                around.push(item.span);
                if let Value::Map(inner, _) = &item.value {
                    entries(text, inner, offset, around);
                }
            }
        }
        _ => {}
    }
}

fn body(here: &Here<'_>, offset: usize, around: &mut Vec<Span>) {
    let text = here.text();
    let whole = here.document.fences.body;
    let read = here.document.body();
    around.extend(read.links.iter().map(|link| link.span).chain(read.mentions.iter().map(|mention| mention.span)));
    let start = lines::line_start(text, offset).max(whole.start());
    let line = Span::new(start, lines::line_end(text, offset).max(start));
    let written = line.of(text);
    let indent = written.len() - written.trim_start().len();
    around.push(Span::new(start + indent, start + indent + written.trim().len()));
    around.push(line);
    around.push(paragraph(text, whole, line));
    let outline = outline::read(text, whole);
    around.extend(outline.headings.iter().map(|heading| heading.section));
    around.extend(outline.blocks.iter().flat_map(|block| [block.content, block.whole]));
    around.push(whole);
}

/// The lines around one up to the blank ones.
fn paragraph(text: &str, body: Span, line: Span) -> Span {
    let (mut start, mut end) = (line.start(), line.end());
    if line.of(text).trim().is_empty() {
        return line;
    }
    while start > body.start() {
        let before = lines::line_start(text, previous(text, start)).max(body.start());
        if text[before..start].trim().is_empty() {
            break;
        }
        start = before;
    }
    loop {
        let next = lines::next_line(text, end);
        let stop = lines::line_end(text, next);
        if next == end || text[next..stop].trim().is_empty() {
            return Span::new(start, end);
        }
        end = stop;
    }
}

/// Before the line ending that stands before a line's beginning.
fn previous(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[..start] {
        [.., b'\r', b'\n'] => start - 2,
        _ => start - 1,
    }
}
