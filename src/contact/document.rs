//! One Markdown file, understood: its kind, its fields with their places, its body. A document borrows its text and is made anew
//! whenever it is asked for: reading a contact takes microseconds, keeping a hundred thousand of them read would take gigabytes.

use std::borrow::Cow;

use super::{fields, tag};
use crate::text::fences::{self, Fences};
use crate::text::markdown::{self, Body};
use crate::text::yaml::edit::{self, Refusal, Source, Wish};
use crate::text::yaml::{self, Entry, Head, Node, Value};
use crate::text::{Edit, Span};

/// What a file is. Its front matter alone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Somebody: the head has the key `alias`.
    Contact,
    /// A message and the query that says who gets it: the head has the key `to`.
    Broadcast,
    /// Anything else.
    Note,
    /// `guanxi.yaml`.
    Config,
}

impl Kind {
    /// The word for it in queries and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Contact => "contact",
            Kind::Broadcast => "broadcast",
            Kind::Note => "note",
            Kind::Config => "config",
        }
    }
}

/// A file, understood as far as it can be.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Where head and body are.
    pub fences: Fences,
    /// The head's entries and faults.
    pub head: Head<'t>,
    /// What the file is.
    pub kind: Kind,
    /// Keys of a contact that are written otherwise than the fields they mean: `email` for `emails`. The head's entries have the keys
    /// of the fields.
    renamed: Vec<Renamed<'t>>,
}

/// A key as it is written, where that is not the key of its field.
#[derive(Clone, Debug)]
struct Renamed<'t> {
    key_span: Span,
    written: Cow<'t, str>,
}

/// A text of a field, with the label it carries and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValue<'d> {
    /// `work` in `- work: +1 212 555 0147`.
    pub label: Option<&'d str>,
    /// The text itself.
    pub text: &'d str,
    /// Where the text stands, quotes included.
    pub span: Span,
}

impl<'t> Document<'t> {
    /// Reads a text. Never fails.
    pub fn parse(text: &'t str) -> Self {
        let fences = fences::find(text);
        let head = if fences.present { yaml::parse(text, fences.head) } else { Head::default() };
        let has = |key: &str| head.entries.iter().any(|entry| entry.key == key);
        let kind = if has("alias") {
            Kind::Contact
        } else if has("to") {
            Kind::Broadcast
        } else {
            Kind::Note
        };
        Self::with_head(text, fences, head, kind)
    }

    pub(super) fn with_head(text: &'t str, fences: Fences, mut head: Head<'t>, kind: Kind) -> Self {
        let renamed = if kind == Kind::Contact { rename(&mut head) } else { Vec::new() };
        Self { text, fences, head, kind, renamed }
    }

    /// Reads the text of `guanxi.yaml`: the same language as a front matter, without fences.
    pub fn parse_config(text: &'t str) -> Self {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let whole = Span::new(start, text.len());
        let fences = Fences { head: whole, body: Span::at(text.len()), present: true, closed: true };
        Self { text, fences, head: yaml::parse(text, whole), kind: Kind::Config, renamed: Vec::new() }
    }

    /// The edits that make the front matter, or the settings, say what is wished: [`edit::plan`], without reading it again. A field is
    /// changed under the key that the file writes it with.
    pub fn plan(&self, order: &[&str], wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
        let source = if self.kind == Kind::Config { Source::WholeFile } else { Source::FrontMatter };
        if self.renamed.is_empty() {
            return edit::plan_in(self.text, source, (self.fences, &self.head), order, wish);
        }
        let mut head = self.head.clone();
        for entry in &mut head.entries {
            if let Some(renamed) = self.renamed.iter().find(|renamed| renamed.key_span == entry.key_span) {
                entry.key = renamed.written.clone();
            }
        }
        let path = wish.path();
        let written = path.first().map(|key| self.written_key(key)).into_iter().chain(path.iter().skip(1).copied());
        let path: Vec<&str> = written.collect();
        edit::plan_in(self.text, source, (self.fences, &head), order, &wish.at(&path))
    }

    /// The key under which a field, by its own key or as it is written somewhere here, is changed in this file.
    fn written_key<'k>(&'k self, key: &'k str) -> &'k str {
        let is_written = self.renamed.iter().any(|renamed| renamed.written == key);
        match self.entry(key) {
            Some(entry) if !is_written => self.written(entry),
            _ => key,
        }
    }

    /// The key of an entry of this head as it is written; in `entry.key` is the field's.
    pub fn written<'e>(&'e self, entry: &'e Entry<'_>) -> &'e str {
        self.renamed_at(entry).map_or(entry.key.as_ref(), |renamed| renamed.written.as_ref())
    }

    /// Is the key of this entry written otherwise than the field that it means?
    pub fn is_renamed(&self, entry: &Entry<'_>) -> bool {
        self.renamed_at(entry).is_some()
    }

    fn renamed_at(&self, entry: &Entry<'_>) -> Option<&Renamed<'t>> {
        self.renamed.iter().find(|renamed| renamed.key_span == entry.key_span)
    }

    /// What the body says: links, mentions, queries, the first heading.
    pub fn body(&self) -> Body {
        markdown::parse(self.text, self.fences.body)
    }

    /// The body's text.
    pub fn body_text(&self) -> &'t str {
        self.fences.body.of(self.text)
    }

    /// The entry of a key: the first that is written so, else the first that means it.
    pub fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        let is_written_so = |entry: &&Entry<'_>| entry.key == key && !self.is_renamed(entry);
        let written = self.head.entries.iter().find(is_written_so);
        if written.is_some() || self.renamed.is_empty() { written } else { self.head.get(key) }
    }

    /// Every entry that counts for a field. Of a key that is there twice the first counts; what is written otherwise counts beside it.
    pub fn entries_of<'d>(&'d self, key: &str) -> impl Iterator<Item = &'d Entry<'t>> {
        let mut is_first = true;
        let entries = self.head.entries.iter().filter(move |entry| entry.key == key);
        entries.filter(move |entry| self.is_renamed(entry) || std::mem::take(&mut is_first))
    }

    /// The text of a field that holds one, where it is not blank.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let value = &self.entry(key)?.value;
        let text = value.text().filter(|_| !value.is_null())?;
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// The texts of a field that holds a list, or one; labels told apart. Blank ones are left out.
    pub fn values_of(&self, key: &str) -> Vec<FieldValue<'_>> {
        if self.renamed.is_empty() {
            return self.head.get(key).map(|entry| values(&entry.value)).unwrap_or_default();
        }
        let mut found = Vec::new();
        for entry in self.entries_of(key) {
            let label = self.renamed_at(entry).and_then(|renamed| fields::label(&renamed.written));
            found.extend(values(&entry.value).into_iter().map(|value| FieldValue { label: value.label.or(label), ..value }));
        }
        found
    }

    /// The name this contact goes by; the file's own name stands in where `alias:` is blank.
    pub fn alias(&self) -> Option<&str> {
        self.text_of("alias")
    }

    /// The tags that can be read, in the order of the text, each once.
    pub fn tags(&self) -> Vec<FieldValue<'_>> {
        self.tags_with_keys().into_iter().map(|(_, value)| value).collect()
    }

    /// The entries that hold tags: `tags`, in any spelling, and `categories` as vCard and some note programs call them.
    pub fn tag_entries(&self) -> impl Iterator<Item = &Entry<'t>> {
        self.head.entries.iter().filter(|entry| is_tags(&entry.key))
    }

    /// The same, each with its identity. An item with a comma names several: `[lead，vip]`.
    pub fn tags_with_keys(&self) -> Vec<(Cow<'_, str>, FieldValue<'_>)> {
        let mut is_first = true;
        let counts = |entry: &&Entry<'_>| entry.key != "tags" || self.is_renamed(entry) || std::mem::take(&mut is_first);
        let entries = self.tag_entries().filter(counts);
        let values: Vec<FieldValue<'_>> = entries.flat_map(|entry| values(&entry.value)).collect();
        let mut found: Vec<(Cow<'_, str>, FieldValue<'_>)> = Vec::with_capacity(values.len());
        // A person's tags fit on a line and are compared one by one; a file with very many is compared by a set.
        let many = values.len() > 64;
        let mut seen = std::collections::HashSet::new();
        for value in values.into_iter().filter(|value| value.label.is_none()) {
            for text in tag::in_item(value.text) {
                if !tag::is_readable(text) {
                    continue;
                }
                let key = tag::key(text);
                let again = if many { !seen.insert(key.clone()) } else { found.iter().any(|(known, _)| *known == key) };
                if !again {
                    found.push((key, FieldValue { label: None, text, span: self.part(&value, text) }));
                }
            }
        }
        found
    }

    /// Where a part of a value is written; the whole value where it is written otherwise than it is meant.
    fn part(&self, value: &FieldValue<'_>, part: &str) -> Span {
        if part.len() == value.text.len() {
            return value.span;
        }
        let written = value.span.of(self.text).find(value.text).map(|at| value.span.start() + at);
        let inner = part.as_ptr().addr().checked_sub(value.text.as_ptr().addr());
        match (written, inner) {
            (Some(start), Some(at)) => Span::new(start + at, start + at + part.len()),
            _ => value.span,
        }
    }

    /// Every text that an alias or a `name` may be, in any spelling and also where two of them differ or one holds a list: who said no is
    /// known by all of them.
    pub fn called(&self) -> Vec<&str> {
        let is_called = |key: &str| key == "alias" || fields::meant(key) == "name" || fields::means_alias(key);
        let entries = self.head.entries.iter().filter(|entry| is_called(&entry.key));
        entries.flat_map(|entry| values(&entry.value)).map(|value| value.text).collect()
    }

    /// Every name that finds this contact besides its alias: `aliases`, `name`, `username`.
    pub fn other_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.values_of("aliases").into_iter().map(|value| value.text).collect();
        names.extend(self.text_of("name"));
        names.extend(self.text_of("username"));
        names
    }

    /// Where the cursor of a person looks for this contact: its alias, else the beginning of the file.
    pub fn name_span(&self) -> Span {
        self.entry("alias").map_or(Span::at(self.fences.head.start()), |entry| entry.value.span)
    }
}

/// The texts of a value: each item of a list, or the lone scalar.
pub fn values<'d>(node: &'d Node<'_>) -> Vec<FieldValue<'d>> {
    let mut found = Vec::new();
    let mut take = |label, node: &'d Node<'_>| {
        if let Some(text) = node.text().map(str::trim).filter(|_| !node.is_null()) {
            found.push(FieldValue { label, text, span: node.span });
        }
    };
    let items = match &node.value {
        Value::Map(..) => std::slice::from_ref(node),
        _ => node.items(),
    };
    for item in items {
        match &item.value {
            Value::Map(entries, _) => {
                for entry in entries {
                    take(Some(entry.key.as_ref()), &entry.value);
                }
            }
            _ => take(None, item),
        }
    }
    found
}

/// Does this key hold tags?
pub fn is_tags(key: &str) -> bool {
    fields::meant(key) == "tags"
}

/// Is there any text in a value?
pub fn has_value(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Empty | Value::Scalar(..) => !node.is_null(),
        Value::List(items, _) => items.iter().any(has_value),
        Value::Map(entries, _) => entries.iter().any(|entry| has_value(&entry.value)),
    }
}

/// Gives entries the keys of the fields that they mean.
fn rename<'t>(head: &mut Head<'t>) -> Vec<Renamed<'t>> {
    let mut renamed = Vec::new();
    for entry in &mut head.entries {
        if let Some(field) = fields::canonical(&entry.key) {
            let written = std::mem::replace(&mut entry.key, Cow::Borrowed(field.key));
            renamed.push(Renamed { key_span: entry.key_span, written });
        }
    }
    renamed
}
