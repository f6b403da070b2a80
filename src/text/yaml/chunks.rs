//! A broken or half-typed head, read entry by entry: each `key:` at the margin with the lines that belong to it is read alone,
//! so that one fault costs one value and the rest survives. What is broken is read as a person most likely meant it.

use std::borrow::Cow;

use super::{Entry, FULL_PARSER_LIMIT, Fault, Head, Layout, Node, Style, Value, full, quote, scan};
use crate::text::{Edit, Span, lines};

/// More faults than this in one head are not told apart; a person mends the first ones first.
const MAX_FAULTS: usize = 50;

/// Reads the head at `span` entry by entry. `whole` is what the full parser said of the head as a whole: it is reported only
/// where no entry shows a fault of its own.
pub fn parse(text: &str, span: Span, whole: Option<Fault>) -> Head<'_> {
    let mut head = Head::default();
    for chunk in split(text, span) {
        read(text, chunk, &mut head);
        head.faults.truncate(MAX_FAULTS);
    }
    if head.faults.is_empty() {
        head.faults.extend(whole.map(|fault| alias_fault(text, fault)));
    }
    head
}

/// `wechat: *star` names an anchor that nobody set: most likely the star is meant.
fn alias_fault(text: &str, fault: Fault) -> Fault {
    let line = Span::new(fault.span.start(), lines::line_end(text, fault.span.start()));
    let written = without_comment(line.of(text));
    if !written.starts_with('*') || fault.message.starts_with("aliases") {
        return fault;
    }
    let span = Span::new(line.start(), line.start() + written.len());
    let message = "a value cannot begin with a bare *: put it in quotes".to_owned();
    Fault { span, message, fix: Some(Edit::replace(span, quote::double(written))) }
}

/// Cuts before every line that begins at the margin and is neither blank, a comment, nor a dash or bracket that goes on.
fn split(text: &str, span: Span) -> Vec<Span> {
    let mut starts = vec![span.start()];
    let mut at = span.start();
    while at < span.end() {
        if at > span.start() && begins_entry(text, at) {
            starts.push(at);
        }
        at = lines::next_line(text, at);
    }
    let ends = starts.iter().copied().skip(1).chain([span.end()]);
    starts.iter().copied().zip(ends).map(|(start, end)| Span::new(start, end)).collect()
}

fn begins_entry(text: &str, at: usize) -> bool {
    let rest = &text.as_bytes()[at..];
    match rest.first() {
        None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'#' | b']' | b'}' | b',') => false,
        Some(b'-') => !matches!(rest.get(1), None | Some(b' ' | b'\t' | b'\r' | b'\n')),
        _ => true,
    }
}

fn read<'t>(text: &'t str, chunk: Span, head: &mut Head<'t>) {
    if let Some(entries) = scan::scan(text, chunk) {
        head.entries.extend(entries);
        return;
    }
    if head.faults.len() >= MAX_FAULTS {
        // Beyond so many faults only what is plain still counts: the time spent on a file stays bounded.
        return;
    }
    let reason = if chunk.len() > FULL_PARSER_LIMIT {
        let message = format!("front matter over {} KiB is only read where it is plain YAML", FULL_PARSER_LIMIT / 1024);
        Fault { span: first_line(text, chunk), message, fix: None }
    } else {
        match full::parse(text, chunk, true) {
            Ok(parsed) => {
                head.entries.extend(parsed.entries);
                return;
            }
            Err(fault) => fault,
        }
    };
    match key_of(text, chunk) {
        Some((key, key_span, colon)) => {
            let too_long = chunk.len() > FULL_PARSER_LIMIT;
            let before = head.faults.len();
            let value = Broken { text, chunk, colon, reason: reason.clone(), faults: &mut head.faults }.value();
            if let Some(fault) = head.faults.last_mut().filter(|_| too_long) {
                *fault = reason;
            } else if let Some(fault) = indented_by_tabs(text, chunk) {
                head.faults.truncate(before);
                head.faults.push(fault);
            }
            head.entries.push(Entry { key: Cow::Borrowed(key), key_span, value });
        }
        None => head.faults.push(stray(text, chunk, reason)),
    }
}

/// Lines that begin with tabs, where nothing else is wrong: with spaces, or at the margin, YAML can read them.
fn indented_by_tabs(text: &str, chunk: Span) -> Option<Fault> {
    let written = chunk.of(text);
    if !written.contains('\t') {
        return None;
    }
    let indented_by = |indent: &str| -> String {
        let line = |line: &str| {
            let rest = line.trim_start_matches([' ', '\t']);
            line[..line.len() - rest.len()].replace('\t', indent) + rest
        };
        written.split_inclusive('\n').map(line).collect()
    };
    let is_right = |mended: &String| full::parse(mended, Span::new(0, mended.len()), true).is_ok();
    let mended = ["  ", ""].into_iter().map(indented_by).find(is_right)?;
    // From the first byte that differs to the last.
    let same = |(old, new): &(u8, u8)| old == new;
    let before = written.bytes().zip(mended.bytes()).take_while(same).count();
    let most = written.len().min(mended.len()) - before;
    let after = written.bytes().rev().zip(mended.bytes().rev()).take_while(same).take(most).count();
    let place = Span::new(chunk.start() + before, chunk.end() - after);
    let tab = chunk.start() + before + written[before..].find('\t').unwrap_or(0);
    Some(Fault {
        span: Span::new(tab, tab + 1),
        message: "YAML does not take tabs here: use spaces".to_owned(),
        fix: Some(Edit::replace(place, &mended[before..mended.len() - after])),
    })
}

fn first_line(text: &str, chunk: Span) -> Span {
    Span::new(chunk.start(), lines::line_end(text, chunk.start()).min(chunk.end()))
}

/// The key at the beginning of a chunk, where it is written, and where its colon is.
fn key_of(text: &str, chunk: Span) -> Option<(&str, Span, usize)> {
    let line = first_line(text, chunk).of(text);
    let colon =
        line.char_indices().find(|&(at, c)| c == ':' && matches!(line.as_bytes().get(at + 1), None | Some(b' ' | b'\t')))?.0;
    let written = line[..colon].trim_end();
    let key = written.trim_matches(['"', '\'']);
    if key.is_empty() || key.chars().count() > 64 {
        return None;
    }
    let key_span = Span::new(chunk.start(), chunk.start() + written.len());
    Some((key, key_span, chunk.start() + colon))
}

/// A line that is no entry.
fn stray(text: &str, chunk: Span, reason: Fault) -> Fault {
    let span = first_line(text, chunk);
    let line = span.of(text).trim();
    if is_conflict_marker(line) {
        return Fault {
            span,
            message: "git left a merge conflict here: keep one side and remove the marks".to_owned(),
            fix: None,
        };
    }
    let word = !line.is_empty() && line.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if word {
        return Fault { span, message: format!("`{line}` is not a field yet: write `{line}: …`"), fix: None };
    }
    if line.is_empty() { reason } else { Fault { span, message: "this line is not `key: value`".to_owned(), fix: None } }
}

/// Does git mark a merge conflict with this line?
pub fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// A value that YAML cannot read, and the attempt to understand it all the same.
struct Broken<'t, 'f> {
    text: &'t str,
    chunk: Span,
    colon: usize,
    reason: Fault,
    faults: &'f mut Vec<Fault>,
}

impl<'t> Broken<'t, '_> {
    fn value(mut self) -> Node<'t> {
        let line_end = lines::line_end(self.text, self.colon).min(self.chunk.end());
        let raw = Span::new(self.colon + 1, line_end);
        let value = trimmed(self.text, raw);
        if value.of(self.text).starts_with('[') {
            return self.flow_list(value.start());
        }
        if value.is_empty() || value.of(self.text).starts_with('#') {
            return self.block_list(line_end);
        }
        self.scalar(value, false)
    }

    /// A scalar that needs quotes, or has one too few.
    fn scalar(&mut self, value: Span, in_list: bool) -> Node<'t> {
        let written = value.of(self.text);
        let bare = without_comment(written);
        let span = Span::new(value.start(), value.start() + bare.len());
        if let Some(quote_mark) = bare.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let inner = &bare[1..];
            let (inner, closed) = inner.strip_suffix(quote_mark).map_or((inner, false), |inner| (inner, true));
            let fix = if closed { requoted(span, inner, quote_mark) } else { Some(Edit::insert(span.end(), quote_mark)) };
            let message =
                if closed { self.reason.message.clone() } else { format!("this quote is not closed: add {quote_mark}") };
            self.faults.push(Fault { span, message, fix });
            return Node::new(span, Value::Scalar(Cow::Borrowed(inner), Style::Plain));
        }
        let message = match bare.chars().next() {
            Some(c @ ('@' | '`' | '%' | '*' | '&' | '!' | '|' | '>' | '{' | '}' | ']' | ',')) => {
                format!("a value cannot begin with a bare {c}: put it in quotes")
            }
            _ if bare.contains(": ") || bare.ends_with(':') => "a value with `: ` in it needs quotes".to_owned(),
            _ if self.chunk.of(self.text).contains('\t') => "YAML does not take tabs here: use spaces".to_owned(),
            _ => self.reason.message.clone(),
        };
        let rest = self.chunk.of(self.text).trim_end().len() + self.chunk.start();
        let one_line = in_list || rest <= lines::line_end(self.text, value.start());
        let fix = one_line.then(|| Edit::replace(span, quote::double(bare)));
        let span_of_fault = if one_line { span } else { self.reason.span };
        self.faults.push(Fault { span: span_of_fault, message, fix });
        Node::new(span, Value::Scalar(Cow::Borrowed(bare), Style::Plain))
    }

    /// `[a, #b, c` with whatever is wrong in it: items between commas.
    fn flow_list(&mut self, open: usize) -> Node<'t> {
        let chunk_end = self.chunk.start() + self.chunk.of(self.text).trim_end().len();
        let inside = &self.text[open + 1..chunk_end];
        let close = inside.rfind(']');
        let end = open + 1 + close.unwrap_or(inside.len());
        let mut items = Vec::new();
        let mut at = open + 1;
        for piece in self.text[open + 1..end].split([',', '\n']) {
            let span = trimmed(self.text, Span::new(at, at + piece.len()));
            at += piece.len() + 1;
            let written = span.of(self.text);
            if written.is_empty() {
                continue;
            }
            let (inner, style) = unquoted(written);
            items.push(Node::new(span, Value::Scalar(Cow::Borrowed(inner), style)));
        }
        let hash = items.iter().find(|item| item.span.of(self.text).starts_with('#')).map(|item| item.span);
        let fault = match (hash, close) {
            (Some(span), _) => Fault {
                span,
                message: "`#` begins a comment in YAML: write the word without it".to_owned(),
                fix: Some(Edit::delete(span.start(), span.start() + 1)),
            },
            (None, None) => {
                let fix = Some(Edit::insert(end, "]"));
                Fault { span: Span::new(open, end), message: "this list is not closed: add ]".to_owned(), fix }
            }
            (None, Some(_)) => Fault { span: self.reason.span, message: self.reason.message.clone(), fix: None },
        };
        self.faults.push(fault);
        let end = if close.is_some() { end + 1 } else { end };
        Node::new(Span::new(open, end), Value::List(items, Layout::Flow))
    }

    /// The dashed lines below a key, each read alone.
    fn block_list(&mut self, from: usize) -> Node<'t> {
        let mut items: Vec<Node<'t>> = Vec::new();
        let mut first_dash = None;
        let before = self.faults.len();
        let mut at = lines::next_line(self.text, from);
        while at < self.chunk.end() {
            let end = lines::line_end(self.text, at).min(self.chunk.end());
            let line = trimmed(self.text, Span::new(at, end));
            at = lines::next_line(self.text, at);
            let written = line.of(self.text);
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            if written != "-" && !written.starts_with("- ") && !written.starts_with("-\t") {
                let message = if written.is_empty() {
                    self.reason.message.clone()
                } else {
                    "this line belongs to nothing: fix its indentation, or begin it with `- `".to_owned()
                };
                self.faults.push(Fault { span: line, message, fix: None });
                continue;
            }
            first_dash.get_or_insert(line.start());
            let item = trimmed(self.text, Span::new(line.start() + 1, line.end()));
            items.push(self.item(item));
        }
        if self.faults.len() == before {
            self.faults.push(Fault { span: self.reason.span, message: self.reason.message.clone(), fix: None });
        }
        match (first_dash, items.last().map(|item| item.span.end())) {
            (Some(start), Some(end)) => Node::new(Span::new(start, end.max(start)), Value::List(items, Layout::Block)),
            _ => Node::new(Span::at(self.colon + 1), Value::Empty),
        }
    }

    fn item(&mut self, item: Span) -> Node<'t> {
        let written = item.of(self.text);
        if written.is_empty() || written.starts_with('#') {
            return Node::new(Span::at(item.start()), Value::Empty);
        }
        // As an entry of its own it shows whether it alone is right.
        let mut alone = full::parse_value(self.text, item);
        match alone.take() {
            Some(node) => node,
            None => self.scalar(item, true),
        }
    }
}

/// `'O'Brien'`, `"C:\dir"`: what stands between the outer quotes is meant as it looks. With more quotes inside it may mean several.
fn requoted(span: Span, inner: &str, mark: char) -> Option<Edit> {
    let inside = inner.matches(mark).count();
    (inside == 1 || (inside == 0 && mark == '"')).then(|| Edit::replace(span, quote::double(inner)))
}

fn trimmed(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = span.start() + (written.len() - written.trim_start().len());
    Span::new(start.min(span.end()), (span.start() + written.trim_end().len()).max(start.min(span.end())))
}

/// The value before ` # a comment`.
fn without_comment(written: &str) -> &str {
    let end = written.find(" #").filter(|&at| at > 0).unwrap_or(written.len());
    written[..end].trim_end()
}

fn unquoted(written: &str) -> (&str, Style) {
    for (mark, style) in [('"', Style::Double), ('\'', Style::Single)] {
        if let Some(inner) = written.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)) {
            return (inner, style);
        }
    }
    (written, Style::Plain)
}
