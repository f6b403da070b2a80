//! The queries that a file holds, each with a way from its own text back to where that is written: in `to:`, in
//! `broadcast.exclude`, in fenced `guanxi` blocks.

use crate::contact::cursor::Written;
use crate::contact::document::Document;
use crate::contact::{Kind, QueryPlace};
use crate::text::markdown::Body;
use crate::text::yaml::edit::{Refusal, Wish};
use crate::text::yaml::{Entry, Node, Value};
use crate::text::{Edit, Span, edit};
use crate::vault::query::Query;

/// A query where it is written.
pub struct Held {
    written: Written,
    whole: Span,
    /// Does each byte of the query stand somewhere by itself? Not in YAML that is folded over lines.
    exact: bool,
    text: String,
}

impl Held {
    /// The query; `None` where it cannot be understood.
    pub fn parsed(&self) -> Option<Query> {
        Query::parse(self.text.trim_end()).ok()
    }

    /// Where a stretch of the query is written; all of it, where nothing more exact can be said.
    pub fn span(&self, inner: Span) -> Span {
        if self.exact { self.written.span(inner) } else { self.whole }
    }

    fn of_text(source: &str, span: Span, place: QueryPlace) -> Self {
        let written = Written::new(source, span, place);
        Self { text: written.text.clone(), written, whole: span, exact: true }
    }

    fn of_scalar(source: &str, node: &Node<'_>, text: &str) -> Self {
        let raw = node.span.of(source).trim_end();
        let whole = Span::new(node.span.start(), node.span.start() + raw.len());
        let written = Written::of_scalar(source, node);
        let exact = written.is_some();
        let written = written.unwrap_or_else(|| Written::new(source, whole, QueryPlace::Bare));
        Self { exact, written, whole, text: text.to_owned() }
    }
}

/// All queries of a file, in the order of the text.
pub fn held(document: &Document<'_>, body: &Body) -> Vec<Held> {
    let mut found = Vec::new();
    let values: Vec<&Node<'_>> = match document.kind {
        Kind::Broadcast => document.head.entries.iter().filter(|entry| is_query(&entry.key)).map(|entry| &entry.value).collect(),
        Kind::Config => setting(document, "broadcast", "exclude").into_iter().collect(),
        _ => Vec::new(),
    };
    for node in values {
        match &node.value {
            Value::Scalar(text, _) => found.push(Held::of_scalar(document.text, node, text)),
            // To YAML a comment, to whoever wrote it a query.
            Value::Empty => found.extend(bare(document, node)),
            _ => {}
        }
    }
    found.extend(body.queries.iter().map(|block| Held::of_text(document.text, block.span, QueryPlace::Block)));
    found
}

/// The keys of a broadcast that hold a query, or a list of tags.
pub fn is_query(key: &str) -> bool {
    matches!(key, "to" | "exclude")
}

/// Does `to:` or `exclude:` hold a list of tags?
pub fn is_list(document: &Document<'_>, entry: &Entry<'_>) -> bool {
    document.kind == Kind::Broadcast && matches!(entry.value.value, Value::List(..))
}

/// What a broadcast asks; `None` where that cannot be understood.
pub fn of_broadcast(document: &Document<'_>) -> Option<Query> {
    match &document.entry("to")?.value.value {
        Value::Scalar(text, _) => Query::parse(text.trim_end()).ok(),
        Value::List(items, _) if !items.is_empty() => {
            let tags: Option<Vec<String>> = items.iter().map(|item| Some(item.text()?.trim().to_owned())).collect();
            Some(Query::of_tags(&tags?))
        }
        _ => None,
    }
}

/// The value of a setting of `guanxi.yaml`, such as `broadcast.exclude`.
pub fn setting<'d, 't>(document: &'d Document<'t>, outer: &str, key: &str) -> Option<&'d Node<'t>> {
    let Value::Map(entries, _) = &document.entry(outer)?.value.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}

fn bare(document: &Document<'_>, node: &Node<'_>) -> Option<Held> {
    Some(Held::of_text(document.text, document.hidden_word(node)?, QueryPlace::Bare))
}

/// The edits inside a query's own text, which stands in the span.
pub type Inside<'i> = dyn FnMut(&str, Span) -> Result<Vec<Edit>, Refusal> + 'i;

/// The edits to a query that is the value of the key at `path`; `inside` gives those to the query's own text. A query that YAML takes
/// for a comment is changed where it stands.
pub fn edited(document: &Document<'_>, node: &Node<'_>, path: &[&str], inside: &mut Inside<'_>) -> Result<Vec<Edit>, Refusal> {
    if let (Value::Empty, Some(span)) = (&node.value, document.hidden_word(node)) {
        let edits = inside(span.of(document.text), span)?;
        return Ok(edits.into_iter().map(|edit| Edit::replace(edit.span.shifted(span.start()), edit.new)).collect());
    }
    let Some(text) = node.text() else { return Ok(Vec::new()) };
    let edits = inside(text, node.span)?;
    if edits.is_empty() {
        return Ok(edits);
    }
    let value = edit::apply(text, &edits);
    match in_place(document, node, text, &edits).filter(|found| reads(document, found, path, &value)) {
        Some(found) => Ok(found),
        None => document.plan(&[], &Wish::Set { path, value: &value }),
    }
}

/// The edits of a query that stands on several lines, where each of its words is written: the lines stay as they are.
fn in_place(document: &Document<'_>, node: &Node<'_>, text: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
    let raw = node.span.of(document.text).trim_end();
    let quoted = raw.starts_with(['"', '\'']);
    if node.alias || quoted || !raw.contains('\n') {
        return None;
    }
    let span = Span::new(node.span.start(), node.span.start() + raw.len());
    let written = Written::folded(document.text, span, text)?;
    Some(edits.iter().map(|edit| Edit::replace(written.span(edit.span), edit.new.clone())).collect())
}

/// Does the value at `path` read so after the edits?
fn reads(document: &Document<'_>, edits: &[Edit], path: &[&str], value: &str) -> bool {
    let result = edit::apply(document.text, edits);
    let after = if document.kind == Kind::Config { Document::parse_config(&result) } else { Document::parse(&result) };
    let node = match path {
        [section, key] => setting(&after, section, key),
        _ => after.entry(path[0]).map(|entry| &entry.value),
    };
    after.head.faults.is_empty() && node.and_then(Node::text) == Some(value)
}
