//! What a file consists of, as a tree: who it is about with the fields of the front matter, then the headings of the body, each
//! with what stands below it.

use super::Here;
use super::markup::shortened;
use crate::contact::{Document, Kind, document};
use crate::text::outline::{self, Outline};
use crate::text::yaml::{Entry, Value};
use crate::text::{Span, lines};

/// Beside a name so many characters are shown.
const LONGEST: usize = 80;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// What it is called; never empty.
    pub name: String,
    /// A few words beside it.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub whole: Span,
    /// Where its name is written; inside `whole`.
    pub name_span: Span,
    /// Its parts, in the order of the text.
    pub children: Vec<DocumentSymbol>,
}

/// The kinds of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// Somebody.
    Contact,
    /// A message.
    Broadcast,
    /// The front matter of a note.
    Note,
    /// A key with its value.
    Field,
    /// A section of `guanxi.yaml`.
    Section,
    /// A tag of the vocabulary.
    Tag,
    /// A heading with what stands below it.
    Heading,
    /// A query block.
    Query,
}

/// The parts of a file, in the order of the text.
pub fn document_symbols(here: &Here<'_>) -> Vec<DocumentSymbol> {
    let document = &here.document;
    if document.kind == Kind::Config {
        return document.head.entries.iter().filter_map(|entry| setting(document, entry, 0)).collect();
    }
    let mut found: Vec<DocumentSymbol> = head(here).into_iter().collect();
    found.extend(body(document.text, &outline::read(document.text, document.fences.body)));
    found
}

/// The front matter, under the name that the file goes by.
fn head(here: &Here<'_>) -> Option<DocumentSymbol> {
    let document = &here.document;
    if !document.fences.present {
        return None;
    }
    let (kind, name, detail) = match document.kind {
        Kind::Contact => (SymbolKind::Contact, document.alias(), document.text_of("org")),
        Kind::Broadcast => (SymbolKind::Broadcast, document.text_of("subject"), document.text_of("to")),
        _ => (SymbolKind::Note, document.text_of("title"), None),
    };
    let start = lines::line_start(document.text, document.fences.head.start().saturating_sub(1));
    let start = if document.text[start..].starts_with('\u{feff}') { start + 3 } else { start };
    let end = document.fences.body.start().max(document.fences.head.end());
    let whole = Span::new(start, start + document.text[start..end].trim_end().len());
    let key = if kind == SymbolKind::Broadcast { "subject" } else { "alias" };
    let own = document.entry(key).filter(|entry| !entry.value.is_null()).map(|entry| entry.value.span);
    let name_span = own.map(|span| inside(span, whole)).filter(|span| !span.is_empty());
    let name = name.unwrap_or_else(|| here.path.stem());
    Some(DocumentSymbol {
        name: named(name, "?"),
        detail: shortened(detail.unwrap_or(""), LONGEST),
        kind,
        whole,
        name_span: name_span.unwrap_or(Span::new(whole.start(), lines::line_end(document.text, whole.start()).min(whole.end()))),
        children: document.head.entries.iter().filter_map(|entry| field(document, entry)).collect(),
    })
}

fn field(document: &Document<'_>, entry: &Entry<'_>) -> Option<DocumentSymbol> {
    if entry.key.trim().is_empty() {
        return None;
    }
    let texts: Vec<String> = document::values(&entry.value)
        .into_iter()
        .take(20)
        .map(|value| value.label.map_or_else(|| value.text.to_owned(), |label| format!("{label}: {}", value.text)))
        .collect();
    Some(DocumentSymbol {
        name: named(&entry.key, "?"),
        detail: shortened(&texts.join(", "), LONGEST),
        kind: SymbolKind::Field,
        whole: whole(document.text, entry),
        name_span: entry.key_span,
        children: Vec::new(),
    })
}

/// From its key to the last character of its value.
pub(super) fn whole(text: &str, entry: &Entry<'_>) -> Span {
    let value = entry.value.span;
    let end = value.start() + value.of(text).trim_end().len();
    // A value that stands elsewhere (`*anchor`), or nowhere, adds nothing.
    let is_behind = value.start >= entry.key_span.end && entry.value.value != Value::Empty;
    Span::new(entry.key_span.start(), if is_behind { end.max(entry.key_span.end()) } else { entry.key_span.end() })
}

fn setting(document: &Document<'_>, entry: &Entry<'_>, depth: usize) -> Option<DocumentSymbol> {
    let mut symbol = field(document, entry)?;
    if let Value::Map(entries, _) = &entry.value.value {
        symbol.kind = if depth < 2 { SymbolKind::Section } else { SymbolKind::Tag };
        symbol.detail = String::new();
        symbol.children = entries.iter().filter_map(|inner| setting(document, inner, depth + 1)).collect();
        symbol.children.iter_mut().for_each(|child| child.whole = inside(child.whole, symbol.whole));
        if depth == 1 && entry.key == "known" {
            symbol.children.iter_mut().for_each(|child| child.kind = SymbolKind::Tag);
        }
    }
    Some(symbol)
}

/// Headings and query blocks, each under the heading that it stands below.
fn body(text: &str, outline: &Outline) -> Vec<DocumentSymbol> {
    let mut parts: Vec<DocumentSymbol> = outline
        .headings
        .iter()
        .map(|heading| DocumentSymbol {
            name: named(&heading.text, "?"),
            detail: String::new(),
            kind: SymbolKind::Heading,
            whole: Span::new(heading.section.start(), heading.section.start() + heading.section.of(text).trim_end().len())
                .cover(heading.name_span),
            name_span: heading.name_span,
            children: Vec::new(),
        })
        .collect();
    parts.extend(outline.blocks.iter().filter(|block| block.language == "guanxi").map(|block| DocumentSymbol {
        name: named(block.content.of(text), "guanxi"),
        detail: "query".to_owned(),
        kind: SymbolKind::Query,
        whole: block.whole.cover(block.content),
        name_span: if block.content.is_empty() { block.whole } else { block.content },
        children: Vec::new(),
    }));
    parts.sort_by_key(|part| (part.whole.start, std::cmp::Reverse(part.whole.end)));
    nested(parts)
}

/// Puts each part into the last one that holds it.
fn nested(parts: Vec<DocumentSymbol>) -> Vec<DocumentSymbol> {
    let mut open: Vec<DocumentSymbol> = Vec::new();
    let mut done: Vec<DocumentSymbol> = Vec::new();
    let close = |open: &mut Vec<DocumentSymbol>, done: &mut Vec<DocumentSymbol>| {
        if let Some(last) = open.pop() {
            match open.last_mut() {
                Some(outer) => outer.children.push(last),
                None => done.push(last),
            }
        }
    };
    for part in parts {
        while open.last().is_some_and(|last| last.kind != SymbolKind::Heading || part.whole.end > last.whole.end) {
            close(&mut open, &mut done);
        }
        open.push(part);
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    done
}

fn inside(span: Span, outer: Span) -> Span {
    let clamp = |offset: u32| offset.clamp(outer.start, outer.end);
    Span { start: clamp(span.start), end: clamp(span.end) }
}

fn named(name: &str, else_: &str) -> String {
    let line = shortened(name.trim(), LONGEST);
    if line.trim().is_empty() { else_.to_owned() } else { line }
}
