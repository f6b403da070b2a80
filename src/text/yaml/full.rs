//! The full YAML 1.2 parser, wrapped: events with spans become nodes. The only place that names `granit-parser`.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span as EventSpan, StructureStyle};

use super::{Entry, Fault, Head, Layout, Node, Style, Value};
use crate::text::{Span, lines};

/// How many nodes aliases may stand for in all: enough for people, too few for a bomb.
const ALIAS_BUDGET: usize = 10_000;

/// Reads the head at `span`; the first fault ends it. With `alone`, the text is a part of a head: an alias whose anchor stands
/// elsewhere is then no fault, but the text it is written as.
pub fn parse(text: &str, span: Span, alone: bool) -> Result<Head<'_>, Fault> {
    let source = span.of(text);
    if source.trim().is_empty() {
        return Ok(Head::default());
    }
    let mut builder = Builder::new(source, span.start());
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(source, options(alone)) {
        let (event, at) = event.map_err(|error| {
            let place = error.marker().byte_offset().unwrap_or(0).min(source.len());
            Fault { span: builder.character_at(place), message: format!("this is not YAML: {}", error.info()), fix: None }
        })?;
        if let Event::DocumentStart(..) = event {
            documents += 1;
            if documents > 1 {
                let message = "a second YAML document begins here: front matter is one".to_owned();
                return Err(Fault { span: builder.span(&at), message, fix: None });
            }
        }
        builder.event(event, &at)?;
    }
    match builder.root.take() {
        None => Ok(Head::default()),
        Some(Node { value: Value::Map(entries, _), .. }) => {
            match entries.iter().find_map(|entry| swallowed(text, &entry.value)) {
                Some(fault) => Err(fault),
                None => Ok(Head { entries, faults: Vec::new() }),
            }
        }
        Some(Node { value: Value::Empty, .. }) => Ok(Head::default()),
        Some(node) => Err(Fault { span: node.span, message: "front matter is lines of `key: value`".to_owned(), fix: None }),
    }
}

/// A line at the margin that looks like an entry of its own, inside a value that began above: a quote or bracket that somebody
/// forgot to close took it in. (What continues a value is indented, YAML 1.2.2 §7.3 and §7.4; the parser is more patient.)
fn swallowed(text: &str, value: &Node<'_>) -> Option<Fault> {
    let written = value.span.of(text);
    if matches!(value.value, Value::Scalar(_, Style::Block) | Value::Empty) {
        return None;
    }
    let starts = memchr::memchr2_iter(b'\n', b'\r', written.as_bytes()).map(|at| at + 1);
    starts.into_iter().find_map(|start| {
        let line = &written[start..lines::line_end(written, start)];
        let (key, rest) = line.split_once(':')?;
        let is_key = key.starts_with(char::is_alphabetic)
            && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            && (rest.is_empty() || rest.starts_with([' ', '\t']));
        let message = format!("`{key}` is inside a quote or bracket that begins above: close that before it");
        is_key.then(|| Fault { span: Span::new(start, start + key.len()).shifted(value.span.start()), message, fix: None })
    })
}

/// Reads one value that stands alone, such as an item of a list. `None` where it is not right YAML.
pub fn parse_value(text: &str, span: Span) -> Option<Node<'_>> {
    let mut builder = Builder::new(span.of(text), span.start());
    for event in Parser::new_from_str_with_options(builder.source, options(true)) {
        let (event, at) = event.ok()?;
        builder.event(event, &at).ok()?;
    }
    builder.root
}

fn options(alone: bool) -> granit_parser::Options {
    granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: alone,
        flow_nesting_limit: 64,
        block_nesting_limit: 64,
    }
}

struct Builder<'t> {
    source: &'t str,
    offset: usize,
    anchors: HashMap<usize, Node<'t>>,
    budget: usize,
    open: Vec<Open<'t>>,
    root: Option<Node<'t>>,
}

/// A list or map that is being read.
struct Open<'t> {
    start: usize,
    properties: u32,
    anchor: usize,
    layout: Layout,
    kind: Kind<'t>,
}

enum Kind<'t> {
    List(Vec<Node<'t>>),
    Map(Vec<Entry<'t>>, Option<(Cow<'t, str>, Span)>),
}

impl<'t> Builder<'t> {
    fn new(source: &'t str, offset: usize) -> Self {
        Self { source, offset, anchors: HashMap::new(), budget: ALIAS_BUDGET, open: Vec::new(), root: None }
    }

    fn span(&self, at: &EventSpan) -> Span {
        let range = at.byte_range().unwrap_or(0..0);
        Span::new(range.start, range.end.max(range.start)).shifted(self.offset)
    }

    fn character_at(&self, place: usize) -> Span {
        let start = lines::floor(self.source, place);
        let length = self.source[start..].chars().next().map_or(0, char::len_utf8);
        Span::new(start, start + length).shifted(self.offset)
    }

    /// A block scalar begins at its `|` or `>`; the parser gives the place of the text below.
    fn with_header(&self, span: Span) -> Span {
        let start = span.start() - self.offset;
        let line = lines::line_start(self.source, start);
        let above = self.source[..line].trim_end();
        let candidates = [self.source[line..start].trim_end(), &above[lines::line_start(above, above.len())..]];
        for written in candidates {
            let header = written.split(" #").next().unwrap_or("").trim_end();
            let mark = header.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
            if mark.ends_with(['|', '>']) {
                let begin = written.as_ptr() as usize - self.source.as_ptr() as usize;
                return Span::new(begin + mark.len() - 1, (span.end() - self.offset).max(begin + mark.len()))
                    .shifted(self.offset);
            }
        }
        span
    }

    fn event(&mut self, event: Event<'t>, at: &EventSpan) -> Result<(), Fault> {
        let span = self.span(at);
        let properties =
            at.tag_start().and_then(|mark| mark.byte_offset()).map_or(span.start, |byte| Span::at(byte + self.offset).start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let span = if style_of(style) == Style::Block { self.with_header(span) } else { span };
                // The parser says `~` for a value that is not there; the place it gives is empty.
                let value = if style == ScalarStyle::Plain && span.is_empty() {
                    Value::Empty
                } else {
                    Value::Scalar(text, style_of(style))
                };
                let properties = if tag.is_some() { properties.min(span.start) } else { span.start };
                self.finish(Node { span, properties, alias: false, value }, anchor)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(span, properties, anchor, style, Kind::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(span, properties, anchor, style, Kind::Map(Vec::new(), None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(id, _) => {
                self.anchor_starts(id, span.start);
                Ok(())
            }
            Event::Alias(id) => {
                let Some(target) = self.anchors.get(&id) else {
                    return Err(Fault { span, message: "this alias stands inside what it stands for".to_owned(), fix: None });
                };
                let size = count(target);
                if size > self.budget {
                    return Err(Fault { span, message: "aliases stand for too much here: write it out".to_owned(), fix: None });
                }
                self.budget -= size;
                let node = Node { span, properties: span.start, alias: true, value: target.value.clone() };
                self.finish(node, 0)
            }
            Event::UnresolvedAlias(_) => {
                let text = self.source.get(span.start() - self.offset..span.end() - self.offset).unwrap_or("");
                self.finish(Node::new(span, Value::Scalar(Cow::Owned(text.to_owned()), Style::Plain)), 0)
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, span: Span, properties: u32, anchor: usize, style: StructureStyle, kind: Kind<'t>) {
        let layout = if style == StructureStyle::Flow { Layout::Flow } else { Layout::Block };
        self.open.push(Open { start: span.start(), properties: properties.min(span.start), anchor, layout, kind });
    }

    /// The anchor's own event follows its node: the node begins there.
    fn anchor_starts(&mut self, id: usize, start: u32) {
        if let Some(open) = self.open.last_mut().filter(|open| open.anchor == id) {
            open.properties = open.properties.min(start);
            return;
        }
        if let Some(node) = self.anchors.get_mut(&id) {
            node.properties = node.properties.min(start);
        }
        let last = match self.open.last_mut().map(|open| &mut open.kind) {
            Some(Kind::List(items)) => items.last_mut(),
            Some(Kind::Map(entries, None)) => entries.last_mut().map(|entry| &mut entry.value),
            Some(Kind::Map(..)) => None,
            None => self.root.as_mut(),
        };
        if let Some(node) = last {
            node.properties = node.properties.min(start);
        }
    }

    fn close(&mut self, end: Span) -> Result<(), Fault> {
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        if let (Kind::List(items), Layout::Block) = (&open.kind, open.layout) {
            // A block list begins at its first dash; without indentation the parser gives the place behind it.
            let first = items.first().map_or(open.start, |item| item.properties as usize) - self.offset;
            let dash = memchr::memrchr(b'-', &self.source.as_bytes()[..first]).map_or(open.start, |at| at + self.offset);
            if dash < open.start && open.properties as usize == open.start {
                open.properties = Span::at(dash).start;
            }
            open.start = open.start.min(dash);
        }
        let (value, inner_end) = match open.kind {
            Kind::List(items) => {
                let end = items.last().map(|item| item.span.end());
                (Value::List(items, open.layout), end)
            }
            Kind::Map(entries, _) => {
                let end = entries.last().map(|entry| entry.value.span.end().max(entry.key_span.end()));
                (Value::Map(entries, open.layout), end)
            }
        };
        // A block collection ends with its last item; the event's own end lies on a later line.
        let end = match open.layout {
            Layout::Flow => end.end(),
            Layout::Block => inner_end.unwrap_or(open.start),
        };
        let span = Span::new(open.start, end.max(open.start));
        self.finish(Node { span, properties: open.properties, alias: false, value }, open.anchor)
    }

    /// A node is whole: it goes to its parent.
    fn finish(&mut self, node: Node<'t>, anchor: usize) -> Result<(), Fault> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(Kind::List(items)) => items.push(node),
            Some(Kind::Map(entries, key @ Some(_))) => {
                if let Some((key, key_span)) = key.take() {
                    let value =
                        if node.value == Value::Empty { behind_colon(self.source, self.offset, key_span, node) } else { node };
                    entries.push(Entry { key, key_span, value });
                }
            }
            Some(Kind::Map(_, key)) => {
                let text = match node.value {
                    Value::Scalar(text, _) => text,
                    Value::Empty => Cow::Borrowed(""),
                    _ => {
                        let message = "a key is a word, not a list or a map: put quotes around it".to_owned();
                        return Err(Fault { span: node.span, message, fix: None });
                    }
                };
                *key = Some((text, node.span));
            }
        }
        Ok(())
    }
}

/// An empty value stands right behind its colon, wherever the parser noticed that nothing is there.
fn behind_colon<'t>(source: &str, offset: usize, key: Span, node: Node<'t>) -> Node<'t> {
    let after = key.end() - offset;
    let rest = source.get(after..).unwrap_or("");
    let gap = rest.len() - rest.trim_start_matches(' ').len();
    let untouched = node.properties == node.span.start && !node.alias;
    if untouched && rest[gap..].starts_with(':') { Node::new(Span::at(offset + after + gap + 1), Value::Empty) } else { node }
}

fn count(node: &Node<'_>) -> usize {
    match &node.value {
        Value::List(items, _) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Map(entries, _) => 1 + entries.iter().map(|entry| count(&entry.value)).sum::<usize>(),
        _ => 1,
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        _ => Style::Block,
    }
}
