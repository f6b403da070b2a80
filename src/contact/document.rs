//! One Markdown file, understood: its kind, its fields with their places, its body. A document borrows its text and is made anew
//! whenever it is asked for: reading a contact takes microseconds, keeping a hundred thousand of them read would take gigabytes.

use std::borrow::Cow;

use super::{fields, tag};
use crate::text::fences::{self, Fences};
use crate::text::markdown::{self, Body};
use crate::text::yaml::edit::{self, Refusal, Source, Wish};
use crate::text::yaml::{self, Entry, Head, Layout, Node, Value};
use crate::text::{Edit, Span, lines};

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
        Self { text, fences, head, kind }
    }

    /// Reads the text of `guanxi.yaml`: the same language as a front matter, without fences.
    pub fn parse_config(text: &'t str) -> Self {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let whole = Span::new(start, text.len());
        let fences = Fences { head: whole, body: Span::at(text.len()), present: true, closed: true };
        Self { text, fences, head: yaml::parse(text, whole), kind: Kind::Config }
    }

    /// The edits that make the front matter, or the settings, say what is wished: [`edit::plan`], without reading it again.
    pub fn plan(&self, order: &[&str], wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
        let source = if self.kind == Kind::Config { Source::WholeFile } else { Source::FrontMatter };
        edit::plan_in(self.text, source, (self.fences, &self.head), order, wish)
    }

    /// What the body says: links, mentions, queries, the first heading.
    pub fn body(&self) -> Body {
        markdown::parse(self.text, self.fences.body)
    }

    /// The body's text.
    pub fn body_text(&self) -> &'t str {
        self.fences.body.of(self.text)
    }

    /// The first entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        self.head.get(key)
    }

    /// The text of a field that holds one, where it is not blank.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let value = &self.entry(key)?.value;
        let text = value.text().filter(|_| !value.is_null())?;
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// The texts of a field that holds a list, or one; labels told apart. Blank ones are left out.
    pub fn values_of(&self, key: &str) -> Vec<FieldValue<'_>> {
        self.entry(key).map(|entry| values(&entry.value)).unwrap_or_default()
    }

    /// The name this contact goes by; the file's own name stands in where `alias:` is blank.
    pub fn alias(&self) -> Option<&str> {
        self.text_of("alias")
    }

    /// The tags that can be read, in the order of the text, each once.
    pub fn tags(&self) -> Vec<FieldValue<'_>> {
        self.tags_with_keys().into_iter().map(|(_, value)| value).collect()
    }

    /// The entries that hold tags: `tags`, and `categories` as vCard and some note programs call them.
    pub fn tag_entries(&self) -> impl Iterator<Item = &Entry<'t>> {
        self.head.entries.iter().filter(|entry| is_tags(&entry.key))
    }

    /// The same, each with its identity. An item with a comma names several: `[lead，vip]`.
    pub fn tags_with_keys(&self) -> Vec<(Cow<'_, str>, FieldValue<'_>)> {
        let mut seen_tags = false;
        let entries = self.tag_entries().filter(|entry| entry.key != "tags" || !std::mem::replace(&mut seen_tags, true));
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

    /// Every name that finds this contact besides its alias: `aliases`, `name`, `username`.
    pub fn other_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.values_of("aliases").into_iter().map(|value| value.text).collect();
        names.extend(self.text_of("name"));
        names.extend(self.text_of("username"));
        names
    }

    /// Has the front matter a fault? Then nobody can say what the broken line was meant to be. What decides who gets a message
    /// must be beyond doubt: a tag that cannot be one, or a misspelt `opt_out`, is a fault too.
    pub fn is_faulty(&self) -> bool {
        !self.head.faults.is_empty()
            || (self.fences.present && !self.fences.closed)
            || has_duplicates(&self.head)
            || self.head.entries.iter().any(|entry| self.is_doubtful(entry))
            || self.second_document().is_some()
            || (self.kind == Kind::Contact && self.alias().is_none())
            || memchr::memchr(0, self.text.as_bytes()).is_some()
    }

    fn is_doubtful(&self, entry: &Entry<'_>) -> bool {
        match entry.key.as_ref() {
            key if is_tags(key) => {
                let unfit = |item: &Node<'_>| item.text().is_none_or(|text| !tag::in_item(text).all(tag::is_readable));
                let hidden = entry.value.value == Value::Empty && self.hidden_word(&entry.value).is_some();
                hidden
                    || !self.hidden_items(entry).is_empty()
                    || matches!(entry.value.value, Value::Map(..))
                    || entry.value.items().iter().any(unfit)
                    // `!keine post`: to YAML the first word is no part of the tag.
                    || entry.value.items().iter().any(|item| item.full_span() != item.span)
            }
            "opt_out" => {
                self.commented_out(entry)
                    || (entry.value.value == Value::Empty && self.hidden_word(&entry.value).is_some())
                    || !self.hidden_items(entry).is_empty()
            }
            "to" | "exclude" if self.kind == Kind::Broadcast => !self.hidden_items(entry).is_empty(),
            // YAML's merge key may bring in anything.
            "<<" => true,
            key => super::fields::sacred_miss(key) == Some("tags"),
        }
    }

    /// `opt_out: # true`: nothing to YAML, and a yes to whoever wrote it.
    pub fn commented_out(&self, entry: &Entry<'_>) -> bool {
        let start = entry.value.span.start().min(self.text.len());
        let rest = self.text[start..lines::line_end(self.text, start)].trim();
        let word = rest.trim_start_matches(['#', ' ', '\t']).to_lowercase();
        entry.key == "opt_out"
            && entry.value.value == Value::Empty
            && rest.starts_with('#')
            && (word.starts_with("true") || word.starts_with("yes"))
    }

    /// The `#word` that stands where YAML sees an empty value and a comment: no blank behind the `#`.
    pub fn hidden_word(&self, empty: &Node<'_>) -> Option<Span> {
        let start = empty.span.start();
        hidden_word(self.text, Span::new(start, lines::line_end(self.text, start.min(self.text.len())).max(start)))
    }

    /// Each comment in a value that may be meant as a part of it: a `#word` in a list in brackets that stands where an item may, on a
    /// line of its own or with a comma behind it; where it decides who gets a message (`tags`, `opt_out`, `to` and `exclude` of a broadcast)
    /// any comment that begins so, wherever it stands.
    pub fn hidden_items(&self, entry: &Entry<'_>) -> Vec<Span> {
        let value = &entry.value;
        let asks = matches!(entry.key.as_ref(), "to" | "exclude") && self.kind == Kind::Broadcast;
        let decides = asks || matches!(entry.key.as_ref(), "tags" | "opt_out");
        let in_brackets = matches!(value.value, Value::List(_, Layout::Flow)) && !value.alias;
        let region = match &value.value {
            // On the line of its key it is `hidden_word`.
            Value::Empty if decides => Span::new(lines::line_end(self.text, value.span.start()), self.end_of(entry)),
            _ if decides => Span::new(value.span.start(), self.end_of(entry)),
            _ if in_brackets => value.span,
            _ => return Vec::new(),
        };
        let text = self.text;
        let mut found = Vec::new();
        let mut at = region.start();
        while let Some(start) = memchr::memchr(b'#', &text.as_bytes()[at..region.end().max(at)]).map(|hash| at + hash) {
            at = start + 1;
            if !text[..start].ends_with(char::is_whitespace) || is_in_scalar(value, start) {
                continue;
            }
            // Here a comment begins.
            at = lines::line_end(text, start).min(region.end());
            let line_start = lines::line_start(text, start);
            let own_line = text[line_start..start].trim().is_empty();
            let inside = in_brackets && start < value.span.end();
            let Some(word) = hidden_word(text, Span::new(start, at)) else { continue };
            let name = word.of(text).trim_end_matches(',');
            let is_item = if decides {
                // At the margin, between two entries, it is a remark.
                inside || line_start < start
            } else {
                (own_line || name.len() < word.len()) && !name.contains(char::is_whitespace)
            };
            if is_item {
                found.push(Span::new(word.start(), word.start() + name.len()));
            }
        }
        found
    }

    /// Where the next entry begins, or the front matter ends.
    fn end_of(&self, entry: &Entry<'_>) -> usize {
        let next = self.head.entries.iter().map(|other| other.key_span.start()).find(|&start| start > entry.key_span.start());
        next.unwrap_or(self.fences.head.end())
    }

    /// Is this somebody, or most likely meant to be: a contact, or a note with an alias (or a near miss of it) or an address?
    pub fn is_person(&self) -> bool {
        let decides =
            |entry: &Entry<'_>| fields::near_miss(&entry.key) == Some("alias") || super::reach::is_address_key(&entry.key);
        // `alias:Bo` is no entry to YAML.
        let names = |line: &str| line.split_once(':').is_some_and(|(key, _)| fields::decides(key.trim()));
        let has_broken_line = || !self.head.faults.is_empty() && self.fences.head.of(self.text).lines().any(names);
        let has_address = || self.head.entries.iter().any(|entry| super::reach::is_address_key(&entry.key));
        match self.kind {
            Kind::Contact => true,
            Kind::Note => self.head.entries.iter().any(decides) || has_broken_line(),
            Kind::Broadcast => has_address(),
            Kind::Config => false,
        }
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

/// Does a place lie in one of a value's texts?
pub(super) fn is_in_scalar(node: &Node<'_>, at: usize) -> bool {
    if at < node.span.start() || node.span.end() <= at {
        return false;
    }
    match &node.value {
        Value::Empty => false,
        Value::Scalar(..) => true,
        Value::List(items, _) => items.iter().any(|item| is_in_scalar(item, at)),
        Value::Map(entries, _) => {
            let in_key = |entry: &Entry<'_>| entry.key_span.start() <= at && at < entry.key_span.end();
            entries.iter().any(|entry| in_key(entry) || is_in_scalar(&entry.value, at))
        }
    }
}

/// Does this key hold tags?
pub fn is_tags(key: &str) -> bool {
    key == "tags" || (key.len() == "categories".len() && key.eq_ignore_ascii_case("categories"))
}

/// Is there any text in a value?
pub fn has_value(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Empty | Value::Scalar(..) => !node.is_null(),
        Value::List(items, _) => items.iter().any(has_value),
        Value::Map(entries, _) => entries.iter().any(|entry| has_value(&entry.value)),
    }
}

/// The `#word` at the beginning of a line's rest: to YAML a comment, to a person a word, for no blank is behind the `#`.
pub(super) fn hidden_word(text: &str, line: Span) -> Option<Span> {
    let written = line.of(text);
    let start = written.len() - written.trim_start().len();
    let word = written.trim();
    let begins = word.strip_prefix('#')?.chars().next()?;
    if begins.is_whitespace() || begins == '#' {
        return None;
    }
    Some(Span::new(line.start() + start, line.start() + start + word.len()))
}

fn has_duplicates(head: &Head<'_>) -> bool {
    let entries = &head.entries;
    if entries.len() > 64 {
        let mut seen = std::collections::HashSet::new();
        return !entries.iter().all(|entry| seen.insert(entry.key.as_ref()));
    }
    // Length and last letter tell nearly all keys apart, without a call to compare them.
    let same = |a: &str, b: &str| a.len() == b.len() && a.as_bytes().last() == b.as_bytes().last() && a == b;
    entries.iter().enumerate().any(|(at, entry)| entries[..at].iter().any(|earlier| same(&earlier.key, &entry.key)))
}
