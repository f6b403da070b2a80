//! The strict scanner: flat keys, bare and simply quoted scalars, one-line flow lists, block lists, one-pair maps in lists.
//! It reads a head in one pass, and at the slightest doubt gives up, so that the full parser decides. It must never read
//! anything otherwise than the full parser does; a property test and a fuzz target compare the two.

use std::borrow::Cow;

use super::{Entry, Layout, Node, Style, Value};
use crate::text::Span;

/// Reads the head at `span`, or doubts.
pub fn scan(text: &str, span: Span) -> Option<Vec<Entry<'_>>> {
    let mut scanner =
        Scanner { text, bytes: text.as_bytes().get(..span.end())?, at: span.start(), entries: Vec::with_capacity(16) };
    while scanner.at < scanner.bytes.len() {
        scanner.line()?;
    }
    Some(scanner.entries)
}

struct Scanner<'t> {
    text: &'t str,
    /// Everything up to the end of the head.
    bytes: &'t [u8],
    at: usize,
    entries: Vec<Entry<'t>>,
}

/// A line without its ending: `start..end`, and where the next one begins.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    next: usize,
}

impl<'t> Scanner<'t> {
    /// One line at the left margin: blank, a comment, or `key: …` with what belongs to it.
    fn line(&mut self) -> Option<()> {
        let line = self.peek()?;
        let first = self.skip_spaces(line.start, line.end);
        if first == line.end || self.bytes[first] == b'#' {
            check_characters(&self.bytes[first..line.end])?;
            self.at = line.next;
            return Some(());
        }
        if first != line.start {
            return None;
        }
        let key_end = self.key(line)?;
        let key_span = Span::new(line.start, key_end);
        let value = self.skip_spaces(key_end + 1, line.end);
        self.at = line.next;
        let node = if value == line.end || self.bytes[value] == b'#' {
            check_characters(&self.bytes[value..line.end])?;
            self.block_list(key_end + 1)?
        } else {
            self.value(value, line.end)?
        };
        self.entries.push(Entry { key: Cow::Borrowed(&self.text[key_span.range()]), key_span, value: node });
        self.no_continuation()
    }

    /// The line at the present place. A lone CR is a doubt.
    fn peek(&self) -> Option<Line> {
        let rest = &self.bytes[self.at..];
        let (length, next) = match memchr::memchr(b'\n', rest) {
            Some(at) => (at, self.at + at + 1),
            None => (rest.len(), self.bytes.len()),
        };
        let mut end = self.at + length;
        if end > self.at && self.bytes[end - 1] == b'\r' && next > end {
            end -= 1;
        }
        Some(Line { start: self.at, end, next })
    }

    fn skip_spaces(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.bytes[at] == b' ' {
            at += 1;
        }
        at
    }

    /// `key:` at the margin; gives where the colon is.
    fn key(&self, line: Line) -> Option<usize> {
        let bytes = &self.bytes[line.start..line.end];
        if !matches!(bytes.first()?, b'a'..=b'z' | b'A'..=b'Z' | b'_') {
            return None;
        }
        let length = bytes.iter().position(|byte| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-'))?;
        if bytes[length] != b':' || length > 128 || !matches!(bytes.get(length + 1), None | Some(b' ')) {
            return None;
        }
        Some(line.start + length)
    }

    /// After `key: value` the next line must not be its continuation.
    fn no_continuation(&self) -> Option<()> {
        let mut at = self.at;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b' ' | b'\t' => {
                    let end = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length);
                    let first = self.skip_spaces(at, end);
                    match self.bytes.get(first) {
                        Some(b'#') => return Some(()),
                        None | Some(b'\n' | b'\r') => at = (end + 1).min(self.bytes.len()),
                        _ => return None,
                    }
                }
                b'\n' | b'\r' => at += 1,
                _ => return Some(()),
            }
        }
        Some(())
    }

    /// A value on its key's line.
    fn value(&self, start: usize, end: usize) -> Option<Node<'t>> {
        match self.bytes[start] {
            b'[' => self.flow_list(start, end),
            b'"' | b'\'' => {
                let (node, after) = self.quoted(start, end)?;
                self.only_comment(after, end)?;
                Some(node)
            }
            _ => self.plain(start, end),
        }
    }

    /// Nothing behind `key:` on its line: a block list on the next lines, or nothing at all.
    fn block_list(&mut self, empty_at: usize) -> Option<Node<'t>> {
        let mut items: Vec<Node<'t>> = Vec::new();
        let mut indent = 0;
        while self.at < self.bytes.len() {
            let line = self.peek()?;
            let first = self.skip_spaces(line.start, line.end);
            if first == line.end || self.bytes[first] == b'#' {
                // A comment or blank line: it decides nothing, but it is only passed over while a list may still follow.
                check_characters(&self.bytes[first..line.end])?;
                self.at = line.next;
                continue;
            }
            let dash = self.bytes[first] == b'-' && self.bytes.get(first + 1) == Some(&b' ') && first + 1 < line.end;
            if !dash {
                if first != line.start {
                    return None;
                }
                break;
            }
            if items.is_empty() {
                indent = first - line.start;
            } else if indent != first - line.start {
                return None;
            }
            let start = self.skip_spaces(first + 1, line.end);
            if start == line.end || self.bytes[start] == b'#' {
                return None;
            }
            items.push(self.item(start, line.end)?);
            self.at = line.next;
        }
        let Some((first, last)) = items.first().zip(items.last()) else {
            return Some(Node::new(Span::at(empty_at), Value::Empty));
        };
        // The list begins at its first dash.
        let dash = memchr::memrchr(b'-', &self.bytes[..first.span.start()])?;
        Some(Node::new(Span::new(dash, last.span.end()), Value::List(items, Layout::Block)))
    }

    /// What stands behind a dash: a scalar, or one `label: value`.
    fn item(&self, start: usize, end: usize) -> Option<Node<'t>> {
        if matches!(self.bytes[start], b'"' | b'\'') {
            let (node, after) = self.quoted(start, end)?;
            self.only_comment(after, end)?;
            return Some(node);
        }
        let colon = memchr::memchr_iter(b':', &self.bytes[start..end]).find(|at| self.bytes.get(start + at + 1) == Some(&b' '));
        let Some(colon) = colon.map(|length| start + length) else { return self.plain(start, end) };
        let label = self.plain(start, colon)?;
        if label.span.end() != colon || !self.bytes[start..colon].iter().all(|&byte| byte != b':') {
            return None;
        }
        let value_start = self.skip_spaces(colon + 1, end);
        if value_start == end || matches!(self.bytes[value_start], b'#' | b'[') {
            return None;
        }
        let value = self.value(value_start, end)?;
        let Value::Scalar(key, _) = label.value else { return None };
        let span = Span::new(start, value.span.end());
        Some(Node::new(span, Value::Map(vec![Entry { key, key_span: label.span, value }], Layout::Block)))
    }

    /// `[a, 'b', "c"]`, closed on the same line.
    fn flow_list(&self, start: usize, end: usize) -> Option<Node<'t>> {
        let mut items = Vec::with_capacity(4);
        let mut at = self.skip_spaces(start + 1, end);
        if self.bytes.get(at).filter(|_| at < end) == Some(&b']') {
            self.only_comment(at + 1, end)?;
            return Some(Node::new(Span::new(start, at + 1), Value::List(items, Layout::Flow)));
        }
        loop {
            if at >= end {
                return None;
            }
            let (node, after) = match self.bytes[at] {
                b'"' | b'\'' => self.quoted(at, end)?,
                _ => self.flow_plain(at, end)?,
            };
            items.push(node);
            at = self.skip_spaces(after, end);
            match self.bytes.get(at).filter(|_| at < end)? {
                b',' => at = self.skip_spaces(at + 1, end),
                b']' => break,
                _ => return None,
            }
        }
        self.only_comment(at + 1, end)?;
        Some(Node::new(Span::new(start, at + 1), Value::List(items, Layout::Flow)))
    }

    /// `'…'` or `"…"` without anything to unescape; gives where it ends.
    fn quoted(&self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        let quote = self.bytes[start];
        let close = start + 1 + memchr::memchr(quote, &self.bytes[start + 1..end])?;
        let inner = &self.bytes[start + 1..close];
        check_characters(inner)?;
        if inner.contains(&b'\\') && quote == b'"' || self.bytes.get(close + 1) == Some(&quote) {
            return None;
        }
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        let text = Cow::Borrowed(&self.text[start + 1..close]);
        Some((Node::new(Span::new(start, close + 1), Value::Scalar(text, style)), close + 1))
    }

    /// Behind a quoted value or a list: nothing, or a comment with a blank before it.
    fn only_comment(&self, at: usize, end: usize) -> Option<()> {
        let first = self.skip_spaces(at, end);
        if first == end {
            return Some(());
        }
        if first == at || self.bytes[first] != b'#' {
            return None;
        }
        check_characters(&self.bytes[first..end])
    }

    /// A bare scalar in block context, up to a comment or the end of the line.
    fn plain(&self, start: usize, end: usize) -> Option<Node<'t>> {
        let bytes = &self.bytes[start..end];
        check_plain_start(bytes)?;
        let comment = plain_length(bytes)?;
        check_characters(&bytes[comment..])?;
        let length = bytes[..comment].iter().rposition(|&byte| byte != b' ')? + 1;
        let span = Span::new(start, start + length);
        Some(Node::new(span, Value::Scalar(Cow::Borrowed(&self.text[span.range()]), Style::Plain)))
    }

    /// A bare scalar inside brackets; gives where it ends.
    fn flow_plain(&self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        let bytes = &self.bytes[start..end];
        check_plain_start(bytes)?;
        let stop = bytes.iter().position(|byte| matches!(byte, b',' | b']' | b'[' | b'{' | b'}' | b'#' | b':'))?;
        if !matches!(bytes[stop], b',' | b']') {
            return None;
        }
        check_characters(&bytes[..stop])?;
        let length = bytes[..stop].iter().rposition(|&byte| byte != b' ')? + 1;
        let span = Span::new(start, start + length);
        Some((Node::new(span, Value::Scalar(Cow::Borrowed(&self.text[span.range()]), Style::Plain)), start + stop))
    }
}

/// May a bare scalar begin so? (YAML 1.2.2 §7.3.3, more narrowly)
fn check_plain_start(bytes: &[u8]) -> Option<()> {
    match bytes.first()? {
        b'-' => matches!(bytes.get(1)?, b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z').then_some(())?,
        b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
        | b'`' | b' ' | b'=' | b'<' => return None,
        _ => {}
    }
    // `---` and `...` at the margin end a document; a value that begins so is the full parser's to judge.
    (!bytes.starts_with(b"---") && !bytes.starts_with(b"...")).then_some(())
}

/// How far a bare scalar reaches: to a blank with `#` behind it, or to the end. In one pass, because every value comes through
/// here: `: `, a colon at the end, and the characters of [`check_characters`] are doubts.
fn plain_length(bytes: &[u8]) -> Option<usize> {
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b' ' if bytes.get(at + 1) == Some(&b'#') => return Some(at),
            b':' if matches!(bytes.get(at + 1), None | Some(b' ')) => return None,
            0..=0x1f | 0x7f => return None,
            0xc2 | 0xe2 | 0xef => check_character(&bytes[at..])?,
            _ => {}
        }
    }
    Some(bytes.len())
}

/// Control characters, tabs and the rarer line breaks (NEL, LS, PS) and byte order marks are doubts.
fn check_characters(bytes: &[u8]) -> Option<()> {
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            0..=0x1f | 0x7f => return None,
            0xc2 | 0xe2 | 0xef => check_character(&bytes[at..])?,
            _ => {}
        }
    }
    Some(())
}

/// The characters beyond ASCII that are doubts. They begin with one of three bytes.
fn check_character(bytes: &[u8]) -> Option<()> {
    match bytes {
        [0xc2, next, ..] if *next < 0xa0 => None,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => None,
        _ => Some(()),
    }
}
