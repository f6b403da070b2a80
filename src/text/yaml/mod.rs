//! The YAML of a front matter, with a byte span on everything an editor could point at. Three readers give one answer:
//! a strict scanner for the plain subset that nearly all contacts are written in, a full YAML 1.2 parser wherever the scanner
//! has the slightest doubt, and, where the text is broken or half typed, a reading entry by entry that keeps the rest.

mod chunks;
pub mod edit;
mod full;
pub mod quote;
mod scan;

use std::borrow::Cow;

use super::{Edit, Span};

/// Heads longer than this (bytes) go to the linear scanner only; the full parser is for what a person could have typed.
pub const FULL_PARSER_LIMIT: usize = 64 * 1024;

/// A front matter, understood as far as it can be: its entries in order, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head<'t> {
    /// `key: value` pairs, in the order of the text. Keys may repeat.
    pub entries: Vec<Entry<'t>>,
    /// What could not be read, with where.
    pub faults: Vec<Fault>,
}

/// One `key: value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'t> {
    /// The key as it is meant (quotes taken off).
    pub key: Cow<'t, str>,
    /// Where the key is written, quotes included.
    pub key_span: Span,
    /// What stands behind the colon.
    pub value: Node<'t>,
}

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// The value itself, quotes and brackets included. For an empty value: the place where one would stand.
    pub span: Span,
    /// Where its anchor (`&a`) or tag (`!!str`) begins; `span.start` where it has none.
    pub properties: u32,
    /// Is it written as an alias (`*a`)? Then `span` is the alias, `value` what it stands for.
    pub alias: bool,
    /// What it is.
    pub value: Value<'t>,
}

/// The kinds of value. Scalars are text as it is written: `2024`, `no` and `1.10` are never anything else.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// Nothing behind the colon or dash.
    Empty,
    /// Text.
    Scalar(Cow<'t, str>, Style),
    /// A list.
    List(Vec<Node<'t>>, Layout),
    /// A nested map.
    Map(Vec<Entry<'t>>, Layout),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bare.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|` or `>`
    Block,
}

/// How a list or map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `[a, b]`, `{a: b}`
    Flow,
    /// One item a line.
    Block,
}

/// Something in the head that is not right YAML, or that YAML reads otherwise than a person means it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong and what to do.
    pub message: String,
    /// A change that mends it, where one is certain.
    pub fix: Option<Edit>,
}

impl<'t> Node<'t> {
    /// A value without anchor, tag or alias.
    pub fn new(span: Span, value: Value<'t>) -> Self {
        Self { span, properties: span.start, alias: false, value }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; a lone scalar counts as a list of one; empty, `~` and `null` as an empty list.
    pub fn items(&self) -> &[Node<'t>] {
        match &self.value {
            Value::List(items, _) => items,
            Value::Scalar(..) if !self.is_null() => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// Empty, or the bare words that YAML reads as nothing (YAML 1.2.2 §10.3.2). In quotes they are text.
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Empty => true,
            Value::Scalar(text, _) if text.trim().is_empty() => true,
            Value::Scalar(text, Style::Plain) => matches!(text.as_ref(), "~" | "null" | "Null" | "NULL"),
            _ => false,
        }
    }

    /// Does it say the same, wherever and however it is written?
    pub fn same(&self, other: &Node<'_>) -> bool {
        match (&self.value, &other.value) {
            (Value::Empty, Value::Empty) => true,
            (Value::Scalar(a, _), Value::Scalar(b, _)) => a == b,
            (Value::List(a, _), Value::List(b, _)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Map(a, _), Value::Map(b, _)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && a.value.same(&b.value))
            }
            _ => false,
        }
    }

    /// From its anchor or tag to its end.
    pub fn full_span(&self) -> Span {
        Span { start: self.properties, end: self.span.end }
    }
}

impl<'t> Head<'t> {
    /// The first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// Most keys of a head. A contact has a dozen; what looks at each key for each other key takes a moment with these, and minutes with
/// the 300,000 that fit into a file.
pub const MOST_KEYS: usize = 4096;

/// Reads the YAML that stands at `span` of `text`. Never fails: what could be understood is in `entries`, the rest in `faults`.
pub fn parse(text: &str, span: Span) -> Head<'_> {
    match scan::scan(text, span) {
        Some(entries) => bounded(Head { entries, faults: Vec::new() }),
        None => parse_fully(text, span),
    }
}

/// The head with no more than [`MOST_KEYS`]; a fault says where the rest is.
fn bounded(mut head: Head<'_>) -> Head<'_> {
    if let Some(first) = head.entries.get(MOST_KEYS) {
        let message = format!("more than {MOST_KEYS} keys: nothing is read from here on");
        head.faults.push(Fault { span: first.key_span, message, fix: None });
        head.entries.truncate(MOST_KEYS);
    }
    head
}

/// The same without the scanner: the reference that the scanner is checked against.
pub fn parse_fully(text: &str, span: Span) -> Head<'_> {
    if span.len() > FULL_PARSER_LIMIT {
        return bounded(chunks::parse(text, span, None));
    }
    bounded(match full::parse(text, span, false) {
        Ok(head) => head,
        Err(fault) => chunks::parse(text, span, Some(fault)),
    })
}

/// What the scanner alone makes of it; `None` where it doubts. For the tests that compare the two.
pub fn scan_only(text: &str, span: Span) -> Option<Vec<Entry<'_>>> {
    scan::scan(text, span)
}
