//! What leaves in doubt what a contact or a broadcast says: faults of its front matter, a field twice, tags and an opt-out that YAML
//! reads otherwise than they look. Whoever may receive something must be beyond doubt.

use super::document::{Document, Kind, is_tags};
use super::{fields, tag};
use crate::text::yaml::{Entry, Layout, Node, Value};
use crate::text::{Span, lines};

impl Document<'_> {
    /// Has the front matter a fault? Then nobody can say what the broken line was meant to be. What decides who gets a message
    /// must be beyond doubt: a tag that cannot be one, or a misspelt `opt_out`, is a fault too.
    pub fn is_faulty(&self) -> bool {
        !self.head.faults.is_empty()
            || (self.fences.present && !self.fences.closed)
            || self.has_duplicates()
            || self.head.entries.iter().any(|entry| self.is_doubtful(entry))
            || self.second_document().is_some()
            || (self.kind == Kind::Contact && self.alias().is_none())
            || memchr::memchr(0, self.text.as_bytes()).is_some()
    }

    /// Is a key there twice, or a field twice with different values? Two spellings of a list are read together.
    fn has_duplicates(&self) -> bool {
        let entries = &self.head.entries;
        if entries.len() > 64 {
            let mut seen = std::collections::HashMap::new();
            return entries
                .iter()
                .any(|entry| seen.insert(entry.key.as_ref(), entry).is_some_and(|first| self.contradict(first, entry)));
        }
        // Length and last letter tell nearly all keys apart, without a call to compare them.
        let same = |a: &str, b: &str| a.len() == b.len() && a.as_bytes().last() == b.as_bytes().last() && a == b;
        let twice = |(at, entry): (usize, &Entry<'_>)| {
            entries[..at].iter().any(|earlier| same(&earlier.key, &entry.key) && self.contradict(earlier, entry))
        };
        entries.iter().enumerate().any(twice)
    }

    /// Two entries of one key: is it unknown which of them counts?
    pub fn contradict(&self, first: &Entry<'_>, second: &Entry<'_>) -> bool {
        let is_written_twice = self.written(first) == self.written(second);
        // A template's empty key says nothing beside its other name.
        if !is_written_twice && (first.value.is_null() || second.value.is_null()) {
            return false;
        }
        let is_list = fields::find(&first.key).is_some_and(fields::Field::is_list);
        is_written_twice || !(is_list || first.value.same(&second.value))
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
            key => fields::sacred_miss(key) == Some("tags"),
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

    /// Every comment of the head, without its `#`.
    pub fn comments(&self) -> Vec<&str> {
        let head = self.fences.head;
        let text = self.text;
        let mut found = Vec::new();
        let mut at = head.start();
        while let Some(start) = memchr::memchr(b'#', &text.as_bytes()[at..head.end().max(at)]).map(|hash| at + hash) {
            at = start + 1;
            let begins = start == head.start() || text[..start].ends_with(char::is_whitespace);
            if !begins || self.head.entries.iter().any(|entry| is_in_scalar(&entry.value, start)) {
                continue;
            }
            at = lines::line_end(text, start).min(head.end());
            found.push(text[start + 1..at].trim());
        }
        found.retain(|comment| !comment.is_empty());
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
        let names = |line: &str| line.split_once([':', '：', '=']).is_some_and(|(key, _)| fields::decides(key.trim()));
        let has_broken_line = || !self.head.faults.is_empty() && self.fences.head.of(self.text).lines().any(names);
        let has_address = || self.head.entries.iter().any(|entry| super::reach::is_address_key(&entry.key));
        match self.kind {
            Kind::Contact => true,
            Kind::Note => self.head.entries.iter().any(decides) || has_broken_line(),
            Kind::Broadcast => has_address(),
            Kind::Config => false,
        }
    }
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
