//! The cursor in YAML: which key's value, which item of which list, how far typed. Looks at lines and brackets only.

use super::flow::{Flow, closing, rest_of_item, trimmed, without_comment};
use super::{Cursor, QueryPlace, Word, WordPlace};
use crate::text::{Span, lines};

/// What the cursor stands in, in the YAML that stands at `region`.
pub fn look(text: &str, region: Span, offset: usize, is_query: &dyn Fn(&[String]) -> bool) -> Cursor {
    let mut keys: Vec<Key> = Vec::new();
    let line_start = lines::line_start(text, offset).max(region.start());
    let mut at = region.start();
    while at < line_start {
        if let Some(key) = key_of(text, at).filter(|_| !in_flow(text, &keys, at)) {
            keys.retain(|outer| outer.indent < key.indent);
            keys.push(key);
        }
        let next = lines::next_line(text, at);
        if next == at {
            break;
        }
        at = next;
    }
    Line { text, region, offset, start: line_start, is_query }.look(keys)
}

/// A `key:` with its place.
#[derive(Clone, Debug)]
struct Key {
    name: String,
    span: Span,
    indent: usize,
    /// Behind the colon.
    value: usize,
}

/// The key that the line at `start` begins with.
fn key_of(text: &str, start: usize) -> Option<Key> {
    let line = &text[start..lines::line_end(text, start)];
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = &line[indent..];
    let length = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].find(quote)? + 2,
        '#' | '-' | '[' | '{' | '}' | ']' | ',' | '&' | '*' | '|' | '>' => return None,
        _ => {
            let colon = rest.match_indices(':').find(|(at, _)| ends_key(&rest[at + 1..]))?;
            colon.0
        }
    };
    let behind = rest[length..].trim_start_matches([' ', '\t']);
    if !behind.starts_with(':') {
        return None;
    }
    let colon = rest.len() - behind.len();
    let name = rest[..length].trim_end().trim_matches(['"', '\'']).to_owned();
    let span = Span::new(start + indent, start + indent + rest[..length].trim_end().len());
    Some(Key { name, span, indent, value: start + indent + colon + 1 })
}

fn ends_key(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with([' ', '\t'])
}

/// Does the place lie in brackets that an earlier line opened, of the innermost key?
fn in_flow(text: &str, keys: &[Key], place: usize) -> bool {
    keys.last().is_some_and(|key| flow_start(text, key.value).is_some_and(|start| Flow::read(text, start, place).depth > 0))
}

/// Where the `[` or `{` of a value stands. An anchor or a YAML tag may stand before it.
fn flow_start(text: &str, value: usize) -> Option<usize> {
    let line = &text[value..lines::line_end(text, value)];
    let mut rest = line.trim_start();
    while rest.starts_with(['&', '!']) {
        rest = rest[rest.find([' ', '\t'])?..].trim_start();
    }
    rest.starts_with(['[', '{']).then_some(value + line.len() - rest.len())
}

/// The line of the cursor.
struct Line<'a> {
    text: &'a str,
    region: Span,
    offset: usize,
    start: usize,
    is_query: &'a dyn Fn(&[String]) -> bool,
}

impl Line<'_> {
    fn end(&self) -> usize {
        lines::line_end(self.text, self.start).min(self.region.end().max(self.start))
    }

    fn look(&self, mut keys: Vec<Key>) -> Cursor {
        if let Some(start) = keys.last().filter(|_| in_flow(self.text, &keys, self.start)).map(|key| key.value) {
            let start = flow_start(self.text, start).unwrap_or(start);
            return self.flow(&keys, start);
        }
        let written = &self.text[self.start..self.end()];
        let indent = written.len() - written.trim_start_matches([' ', '\t']).len();
        let word = written[indent..].trim_end();
        if let Some(key) = key_of(self.text, self.start).filter(|key| key.value <= self.offset) {
            keys.retain(|outer| outer.indent < key.indent);
            keys.push(key.clone());
            return self.behind_key(&keys, key.value);
        }
        if word.is_empty() {
            return self.blank_line(keys);
        }
        let dashed = word == "-" || word.starts_with("- ") || word.starts_with("-\t");
        // A dash with a word behind it: the blank is being forgotten.
        let crowded =
            !dashed && word.starts_with('-') && !word.starts_with("--") && keys.last().is_some_and(|key| key.indent <= indent);
        if dashed || crowded {
            keys.retain(|key| key.indent <= indent);
            return self.item(&keys, self.start + indent + 1);
        }
        if word.starts_with('#') && word[1..].starts_with([' ', '#']) {
            return Cursor::Nothing;
        }
        keys.retain(|key| key.indent < indent);
        let end = key_of(self.text, self.start).map_or(self.start + indent + word.len(), |key| key.span.end());
        self.key(&keys, Span::new(self.start + indent, end))
    }

    fn key(&self, keys: &[Key], span: Span) -> Cursor {
        let span = if self.offset < span.start() { Span::at(self.offset) } else { span };
        let word = self.word(span, WordPlace::Text);
        Cursor::Key { path: path(keys), word }
    }

    /// An empty line: in a list it may go on with an item, elsewhere with a key.
    fn blank_line(&self, mut keys: Vec<Key>) -> Cursor {
        let indent = self.offset - self.start;
        let nearest = keys.last().cloned();
        let list = nearest.as_ref().filter(|key| key.indent <= indent && self.is_open_list(key));
        if let Some(key) = list {
            let others = self.block_items(key);
            let own = others.first().map(|item| {
                let start = lines::line_start(self.text, item.start());
                self.text[start..].len() - self.text[start..].trim_start_matches([' ', '\t']).len()
            });
            let indent = u32::try_from(own.unwrap_or(key.indent + 2)).unwrap_or(2);
            let word = Word {
                span: Span::at(self.offset),
                typed: String::new(),
                text: String::new(),
                place: WordPlace::Line { indent },
            };
            return Cursor::Value { path: path(&keys), label: None, word, others };
        }
        keys.retain(|key| key.indent < indent);
        self.key(&keys, Span::at(self.offset))
    }

    /// A key with nothing behind its colon, or with items below it.
    fn is_open_list(&self, key: &Key) -> bool {
        let behind = self.text[key.value..lines::line_end(self.text, key.value)].trim();
        if !(behind.is_empty() || behind.starts_with("# ")) {
            return false;
        }
        // Only items and blanks may stand between.
        let between = &self.text[lines::next_line(self.text, key.value)..self.start.max(lines::next_line(self.text, key.value))];
        between.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('-') || line.starts_with('#'))
    }

    /// The items that stand below a key, one a line.
    fn block_items(&self, key: &Key) -> Vec<Span> {
        let mut found = Vec::new();
        let mut at = lines::next_line(self.text, key.value);
        while at < self.region.end() {
            let line = &self.text[at..lines::line_end(self.text, at)];
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            let rest = &line[indent..];
            if let Some(item) = rest.strip_prefix('-').filter(|_| indent >= key.indent) {
                let start = at + indent + 1;
                let span = trimmed(self.text, Span::new(start, start + without_comment(item).len()));
                if !span.is_empty() && !span.touches(self.offset) {
                    found.push(span);
                }
            } else if !rest.trim().is_empty() && !rest.starts_with('#') && indent <= key.indent {
                break;
            }
            let next = lines::next_line(self.text, at);
            if next == at {
                break;
            }
            at = next;
        }
        found
    }

    fn item(&self, keys: &[Key], behind_dash: usize) -> Cursor {
        let Some(key) = keys.last() else { return Cursor::Nothing };
        if self.offset < behind_dash {
            return Cursor::Nothing;
        }
        let others = self.block_items(key);
        let rest = &self.text[behind_dash..self.end()];
        let blank = rest.len() - rest.trim_start().len();
        let start = behind_dash + blank;
        let label = key_of_item(&self.text[start..self.end()]);
        if let Some((name, length)) = label.filter(|(_, length)| start + length <= self.offset) {
            let word = self.scalar(start + length, WordPlace::Scalar { blank: false });
            return Cursor::Value { path: path(keys), label: Some(name), word, others };
        }
        let word = self.scalar(behind_dash, WordPlace::Item { blank: blank == 0 });
        Cursor::Value { path: path(keys), label: None, word, others }
    }

    fn behind_key(&self, keys: &[Key], value: usize) -> Cursor {
        if let Some(start) = flow_start(self.text, value).filter(|&start| start < self.offset) {
            return self.flow(keys, start);
        }
        let path = path(keys);
        if (self.is_query)(&path) {
            return self.query(value);
        }
        if flow_start(self.text, value).is_some() {
            return Cursor::Nothing;
        }
        let blank = self.text[value..self.offset].is_empty();
        let word = self.scalar(value, WordPlace::Scalar { blank });
        Cursor::Value { path, label: None, word, others: Vec::new() }
    }

    fn query(&self, value: usize) -> Cursor {
        let rest = &self.text[value..self.end()];
        let start = value + (rest.len() - rest.trim_start().len());
        let written = self.text[start.min(self.end())..self.end()].trim_end();
        if self.offset < start {
            return Cursor::Query { span: Span::at(self.offset), place: QueryPlace::Bare };
        }
        match written.chars().next() {
            Some(mark @ ('"' | '\'')) if self.offset > start => {
                let inner = &written[1..];
                let length = closing(inner, mark).unwrap_or(inner.len());
                if start + 1 + length < self.offset {
                    return Cursor::Nothing;
                }
                Cursor::Query { span: Span::new(start + 1, start + 1 + length), place: QueryPlace::Quoted(mark) }
            }
            _ => {
                let end = (start + written.len()).max(self.offset);
                Cursor::Query { span: Span::new(start, end), place: QueryPlace::Bare }
            }
        }
    }

    /// The scalar that begins somewhere behind `from` on this line.
    fn scalar(&self, from: usize, place: WordPlace) -> Word {
        let rest = &self.text[from..self.end()];
        let start = from + (rest.len() - rest.trim_start().len());
        let start = start.min(self.end());
        if self.offset < start {
            return self.word(Span::at(self.offset), place);
        }
        let written = &self.text[start..self.end()];
        let length = match written.chars().next() {
            Some(mark @ ('"' | '\'')) => closing(&written[1..], mark).map_or(written.len(), |length| length + 2),
            _ => without_comment(written).trim_end().len(),
        };
        let end = (start + length).max(self.offset.min(self.end()));
        self.word(Span::new(start, end), place)
    }

    fn flow(&self, keys: &[Key], start: usize) -> Cursor {
        let flow = Flow::read(self.text, start, self.offset);
        if flow.depth == 0 {
            return Cursor::Nothing;
        }
        let rest = &self.text[flow.item..self.offset.max(flow.item)];
        // What stands on an earlier line is another item, whose comma is missing.
        let rest = if rest.trim().is_empty() { rest } else { &rest[rest.rfind(['\n', '\r']).map_or(0, |at| at + 1)..] };
        let begin = self.offset - rest.trim_start().len();
        let behind = &self.text[self.offset..lines::line_end(self.text, self.offset)];
        let (length, comma) = rest_of_item(rest.trim_start(), behind);
        let end = self.offset + length;
        let is_list = flow.depth == 1 && self.text[start..].starts_with('[');
        let place = WordPlace::Flow { comma, open: is_list && self.is_last(end) };
        let word = self.word(Span::new(begin.min(self.offset), end), place);
        let mut others = flow.before;
        let mut after = Flow { depth: 1, item: self.offset + length, before: Vec::new() };
        after.read_on(self.text, self.region.end());
        others.extend(after.before);
        Cursor::Value { path: path(keys), label: None, word, others }
    }

    /// Is this the end of the list, though no bracket says so? Another key follows, or nothing.
    fn is_last(&self, end: usize) -> bool {
        let line_end = lines::line_end(self.text, end);
        let mut at = lines::next_line(self.text, end);
        while at < self.region.end() && self.text[at..lines::line_end(self.text, at)].trim().is_empty() {
            at = lines::next_line(self.text, at);
        }
        let is_done = at >= self.region.end() || key_of(self.text, at).is_some();
        is_done && without_comment(&self.text[end..line_end]).trim().is_empty()
    }

    fn word(&self, span: Span, place: WordPlace) -> Word {
        let typed = unquoted(&self.text[span.start()..self.offset.clamp(span.start(), span.end())], true);
        Word { span, typed: typed.trim_start_matches('#').to_owned(), text: unquoted(span.of(self.text), false), place }
    }
}

/// `label: ` at the beginning of an item, with its length.
fn key_of_item(item: &str) -> Option<(String, usize)> {
    let colon = item.find(':').filter(|&colon| ends_key(&item[colon + 1..]))?;
    let name = item[..colon].trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| (name.to_owned(), colon + 1))
}

/// A word without its quotes. `begun`: the closing one may be missing.
fn unquoted(written: &str, begun: bool) -> String {
    let Some(mark) = written.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return written.to_owned() };
    let inner = &written[1..];
    let inner = inner.strip_suffix(mark).filter(|_| !begun || closing(inner, mark) == Some(inner.len() - 1)).unwrap_or(inner);
    if mark == '"' { inner.replace("\\\"", "\"").replace("\\\\", "\\") } else { inner.replace("''", "'") }
}

fn path(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|key| key.name.clone()).collect()
}
