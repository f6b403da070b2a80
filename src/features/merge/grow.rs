//! The text of the file that stays, growing by what the other one says: value by value, and what has no room in a field as a line of
//! the text.

use super::body::has_lines;
use crate::contact::OptOut;
use crate::contact::reach::{mail_identity, number};
use crate::contact::{Document, fields, tag};
use crate::features::formats::one_line;
use crate::text::yaml::edit::{ItemChange, Wish};
use crate::text::yaml::{Layout, Node, Style, Value, quote};
use crate::text::{Edit, edit};

/// The text that grows.
pub(super) struct Merging {
    pub(super) text: String,
    pub(super) from: String,
    /// Lines for the body: what is said differently there.
    pub(super) lines: Vec<String>,
}

impl Merging {
    fn wish(&mut self, wish: &Wish<'_>) -> Result<(), String> {
        let edits = Document::parse(&self.text).plan(&fields::order(), wish).map_err(|refusal| refusal.message)?;
        self.text = edit::apply(&self.text, &edits);
        Ok(())
    }

    fn add(&mut self, key: &str, add: &[String]) -> Result<(), String> {
        if add.is_empty() {
            return Ok(());
        }
        self.wish(&Wish::List { path: &[key], change: &|_| ItemChange::Keep, add })
    }

    /// The other's alias and other names, as further names.
    pub(super) fn names(&mut self, other: &Document<'_>) -> Result<(), String> {
        let text = self.text.clone();
        let own = Document::parse(&text);
        let mut known: Vec<String> =
            own.alias().into_iter().chain(own.other_names()).map(|name| tag::key(name).into_owned()).collect();
        let mut add = Vec::new();
        // A formal name goes into its own field, if that is free.
        let fields =
            ["name", "username"].into_iter().filter(|key| own.text_of(key).is_some()).filter_map(|key| other.text_of(key));
        let names = other.alias().into_iter().chain(other.values_of("aliases").into_iter().map(|value| value.text)).chain(fields);
        for name in names.map(str::to_owned) {
            let key = tag::key(&name).into_owned();
            if !known.contains(&key) {
                known.push(key);
                add.push(name);
            }
        }
        self.add("aliases", &add)
    }

    pub(super) fn field(&mut self, key: &str, value: &Node<'_>, other: &Document<'_>) -> Result<(), String> {
        let own = Document::parse(&self.text);
        let present = own.entry(key).is_some_and(|entry| crate::contact::document::has_value(&entry.value));
        if !crate::contact::document::has_value(value) {
            return Ok(());
        }
        if own.entry(key).is_some_and(|entry| entry.value.same(value)) {
            return Ok(());
        }
        if let (Value::List(items, _), None) = (&value.value, fields::find(key))
            && items.iter().any(|item| !is_plain(item))
        {
            self.items(key, items, other);
            return Ok(());
        }
        let is_list = fields::find(key).is_some_and(|field| {
            use fields::FieldKind::{Card, Labelled, List, Tags};
            matches!(field.kind, List | Tags | Labelled | Card)
        }) || matches!(value.value, Value::List(..));
        if is_list {
            return self.list(key, other);
        }
        match value.text().map(str::trim) {
            Some(text) if !present => self.scalar(key, text, value, other),
            Some(text) if own.text_of(key) == Some(text) => Ok(()),
            Some(text) => {
                self.line(key, text);
                Ok(())
            }
            // A map of somebody's own: written as it stands.
            None => {
                self.line(key, &as_it_stands(value, other));
                Ok(())
            }
        }
    }

    /// A value that is not there yet, written as the other writes it: what is `true` there is no text here.
    fn scalar(&mut self, key: &str, text: &str, value: &Node<'_>, other: &Document<'_>) -> Result<(), String> {
        self.wish(&Wish::Set { path: &[key], value: text })?;
        let written = value.span.of(other.text);
        let Some(span) = Document::parse(&self.text).entry(key).map(|entry| entry.value.span) else { return Ok(()) };
        let bare = edit::apply(&self.text, &[Edit::replace(span, written)]);
        let document = Document::parse(&bare);
        let is_same = document.entry(key).is_some_and(|entry| entry.value.same(value));
        if is_same && !written.contains('\n') && !document.is_faulty() {
            self.text = bare;
        }
        Ok(())
    }

    /// Items of a list of somebody's own that are more than a text: those that are not there yet, as they stand. Taken apart they would
    /// say something else.
    fn items(&mut self, key: &str, items: &[Node<'_>], other: &Document<'_>) {
        let text = self.text.clone();
        let own = Document::parse(&text);
        let known: &[Node<'_>] = match own.entry(key).map(|entry| &entry.value.value) {
            Some(Value::List(items, _)) => items,
            _ => &[],
        };
        for item in items.iter().filter(|item| !known.iter().any(|known| known.same(item))) {
            self.line(key, &as_it_stands(item, other));
        }
    }

    /// What the list lacks. A number that is there in another writing is there.
    fn list(&mut self, key: &str, other: &Document<'_>) -> Result<(), String> {
        let identity = |text: &str| match key {
            "emails" => mail_identity(text),
            "phones" => number(text).map_or_else(
                || text.trim().to_owned(),
                |number| number.text()[number.text().len().saturating_sub(9)..].to_owned(),
            ),
            "tags" => tag::key(text.trim()).into_owned(),
            _ => text.trim().to_owned(),
        };
        let own = Document::parse(&self.text);
        if own.entry(key).is_some_and(|entry| matches!(entry.value.value, Value::Map(..))) {
            // A map cannot take another item: what is not there already is told in the text.
            let known: Vec<String> = own.values_of(key).iter().map(|value| identity(value.text)).collect();
            for value in other.values_of(key).into_iter().filter(|value| !known.contains(&identity(value.text))) {
                self.line(key, &labelled(value.label, value.text));
            }
            return Ok(());
        }
        let mut known: Vec<String> = own.values_of(key).iter().map(|value| identity(value.text)).collect();
        let mut labels = Vec::new();
        let mut add = Vec::new();
        for value in other.values_of(key) {
            let same = identity(value.text);
            if known.contains(&same) {
                continue;
            }
            known.push(same);
            let text = value.text.to_owned();
            labels.extend(value.label.map(|label| (label.to_owned(), text.clone())));
            add.push(text);
        }
        if key == "card" && own.entry(key).is_none_or(|entry| entry.value.is_null()) && add.len() == 1 {
            return self.wish(&Wish::Set { path: &[key], value: &add[0] });
        }
        self.add(key, &add)?;
        labels.into_iter().for_each(|(label, value)| self.label(key, &label, &value));
        Ok(())
    }

    /// Gives a value that was added the label that it had.
    fn label(&mut self, key: &str, label: &str, value: &str) {
        let own = Document::parse(&self.text);
        let added = own.entry(key).and_then(|entry| match &entry.value.value {
            Value::List(items, layout) => {
                items.iter().rev().find(|item| item.text() == Some(value)).map(|item| (item.span, *layout))
            }
            _ => None,
        });
        let labelled_so = |text: &str| {
            let document = Document::parse(text);
            !document.is_faulty() && document.values_of(key).iter().any(|own| own.label == Some(label) && own.text == value)
        };
        if let Some((span, layout)) = added {
            let place = if layout == Layout::Flow { quote::Place::Flow } else { quote::Place::Block };
            let pair = format!(
                "{}: {}",
                quote::write(label, Style::Plain, quote::Place::Flow),
                quote::write(value, Style::Plain, place)
            );
            let new = if layout == Layout::Flow { format!("{{{pair}}}") } else { pair };
            let text = edit::apply(&self.text, &[Edit::replace(span, new)]);
            if labelled_so(&text) {
                self.text = text;
                return;
            }
        }
        self.line(key, &labelled(Some(label), value));
    }

    /// Either file says no: then it is no.
    pub(super) fn opt_out(&mut self, other: &Document<'_>) -> Result<(), String> {
        let own = Document::parse(&self.text);
        let (mine, theirs) = (own.opt_out(), other.opt_out());
        match (mine, theirs) {
            (OptOut::All, _) => Ok(()),
            (_, OptOut::Channels(channels)) if channels.is_empty() => Ok(()),
            (OptOut::Channels(mine), OptOut::Channels(theirs)) => {
                let all: Vec<String> =
                    mine.iter().chain(theirs.iter().filter(|channel| !mine.contains(channel))).cloned().collect();
                self.replace_opt_out(&all)
            }
            (_, OptOut::All) => {
                if own.entry("opt_out").is_some() {
                    self.wish(&Wish::Keys { path: &[], change: &without_opt_out })?;
                }
                self.wish(&Wish::Set { path: &["opt_out"], value: "true" })?;
                // Bare, as a person writes it: in quotes it says so to guanxi only.
                let span = Document::parse(&self.text).entry("opt_out").map(|entry| entry.value.span);
                let bare = span.map(|span| Edit::replace(span, "true"));
                self.text = edit::apply(&self.text, bare.as_slice());
                if Document::parse(&self.text).opt_out() != OptOut::All {
                    return Err("`opt_out` could not be taken over: please do it by hand".to_owned());
                }
                Ok(())
            }
        }
    }

    fn replace_opt_out(&mut self, channels: &[String]) -> Result<(), String> {
        let own = Document::parse(&self.text);
        let is_lone_no = own.entry("opt_out").is_some_and(|entry| !matches!(entry.value.value, Value::List(..)));
        let known: Vec<String> = if is_lone_no {
            Vec::new()
        } else {
            own.values_of("opt_out").iter().map(|value| value.text.to_lowercase()).collect()
        };
        if is_lone_no {
            self.wish(&Wish::Keys { path: &[], change: &without_opt_out })?;
        }
        let add: Vec<String> = channels.iter().filter(|channel| !known.contains(channel)).cloned().collect();
        self.add("opt_out", &add)
    }

    /// A value for which there is no room in the front matter: a line of the text, or several, unless they are there already.
    fn line(&mut self, key: &str, value: &str) {
        let value = value.replace("\r\n", "\n").replace('\r', "\n");
        let begin = format!("{} ({}):", one_line(key), one_line(&self.from));
        let mut rows = value.trim_end().lines().filter(|row| !row.trim().is_empty());
        let line = match (rows.next(), rows.next()) {
            (Some(row), None) => format!("{begin} {}", one_line(row.trim())),
            _ => value.lines().filter(|row| !row.trim().is_empty()).fold(begin, |text, row| text + "\n  " + row.trim_end()),
        };
        let body = Document::parse(&self.text).body_text().replace("\r\n", "\n");
        if !has_lines(&body, &format!("- {line}")) && !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// What is nowhere yet: values in lists of lists, labels, other spellings of a number, comments. Every word that somebody wrote into
    /// the front matter stands in the result.
    pub(super) fn rest(&mut self, other: &Document<'_>) {
        for entry in other.head.entries.iter().filter(|entry| !matches!(entry.key.as_ref(), "alias" | "opt_out")) {
            let items = match &entry.value.value {
                Value::List(items, _) => items.as_slice(),
                _ => std::slice::from_ref(&entry.value),
            };
            for item in items {
                let mut pieces = Vec::new();
                gather(item, &mut pieces);
                if pieces.iter().any(|piece| !self.has(piece)) {
                    self.line(&entry.key, &as_it_stands(item, other));
                }
            }
        }
        for comment in other.comments() {
            if !self.text.contains(comment) && !self.lines.iter().any(|line| line.contains(comment)) {
                self.line("comment", comment);
            }
        }
    }

    /// Does the text say this already: as a value, or in a line of its own?
    fn has(&self, piece: &str) -> bool {
        let own = Document::parse(&self.text);
        let mut values = Vec::new();
        own.head.entries.iter().for_each(|entry| gather(&entry.value, &mut values));
        let key = |text: &str| tag::key(text.trim()).into_owned();
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = key(piece);
        let is_whole = |line: &str| {
            let line = flat(line);
            let piece = flat(piece);
            let ends = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
            line.match_indices(&piece)
                .any(|(at, _)| ends(line[..at].chars().next_back()) && ends(line[at + piece.len()..].chars().next()))
        };
        values.iter().any(|value| key(value) == wanted)
            || self.lines.iter().any(|line| is_whole(line))
            || is_whole(own.body_text())
    }
}

/// What is written there, its lines indented against each other as they are.
fn as_it_stands(node: &Node<'_>, document: &Document<'_>) -> String {
    let before = &document.text[..node.span.start()];
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let rows = node.span.of(document.text).trim_end().split('\n').enumerate();
    let indent = |row: &str| row.len() - row.trim_start_matches(' ').len();
    let rows = rows.map(|(number, row)| if number == 0 { row } else { &row[indent(row).min(column)..] });
    rows.collect::<Vec<_>>().join("\n")
}

/// A text, or a text with a label: `work: ada@x.example`.
fn is_plain(item: &Node<'_>) -> bool {
    match &item.value {
        Value::Map(entries, _) => matches!(entries.as_slice(), [entry] if entry.value.text().is_some()),
        Value::List(..) => false,
        Value::Empty | Value::Scalar(..) => true,
    }
}

/// Every text in a value, keys of maps among them.
fn gather(node: &Node<'_>, found: &mut Vec<String>) {
    match &node.value {
        Value::Scalar(text, _) if !node.is_null() => found.push(text.trim().to_owned()),
        Value::List(items, _) => items.iter().for_each(|item| gather(item, found)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| {
            found.push(entry.key.trim().to_owned());
            gather(&entry.value, found);
        }),
        _ => {}
    }
}

fn labelled(label: Option<&str>, text: &str) -> String {
    label.map_or_else(|| text.to_owned(), |label| format!("{label}: {text}"))
}

fn without_opt_out(key: &str) -> ItemChange {
    if key == "opt_out" { ItemChange::Drop } else { ItemChange::Keep }
}
