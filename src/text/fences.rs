//! Where the front matter begins and ends: `---` on the first line, `---` or `...` on a line of its own after it.

use super::Span;
use super::lines;

/// The parts of a file. Spans are byte offsets into the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fences {
    /// The YAML between the fences, line endings included; empty at the start of the text (behind a BOM) where there is none.
    pub head: Span,
    /// The Markdown behind them.
    pub body: Span,
    /// Is there a front matter at all?
    pub present: bool,
    /// Has it an end? A head that is still being typed has none: it then reaches as far as its lines look like YAML.
    pub closed: bool,
}

/// Finds the front matter. A byte order mark before it is passed over.
pub fn find(text: &str) -> Fences {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let none = Fences { head: Span::at(start), body: Span::new(start, text.len()), present: false, closed: false };
    if !text[start..].starts_with("---") || !is_fence(text, start, b"---") {
        return none;
    }
    let head = lines::next_line(text, start);
    if let Some(close) = find_close(text, head) {
        let body = lines::next_line(text, close);
        return Fences { head: Span::new(head, close), body: Span::new(body, text.len()), present: true, closed: true };
    }
    let (end, entries) = yaml_like_until(text, head);
    if entries == 0 {
        return none;
    }
    Fences { head: Span::new(head, end), body: Span::new(end, text.len()), present: true, closed: false }
}

/// The front matter as far as it is being typed at `offset`: one without an end goes on with a lone word on the line behind it.
pub fn begun_at(text: &str, fences: &Fences, offset: usize) -> Option<Span> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    if fences.closed || !text[start..].starts_with("---") || !is_fence(text, start, b"---") {
        return None;
    }
    let (head, line) = (lines::next_line(text, start), lines::line_start(text, offset));
    let end = if fences.present { fences.head.end() } else { head };
    let line_end = lines::line_end(text, offset);
    let lone = text[line..line_end].chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let behind = head <= line && end <= line && text[end..line].trim().is_empty();
    (lone && behind && line > start).then(|| Span::new(head, line_end))
}

fn find_close(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        if (bytes[at] == b'-' && is_fence(text, at, b"---")) || (bytes[at] == b'.' && is_fence(text, at, b"...")) {
            return Some(at);
        }
        at = lines::next_line(text, at);
    }
    None
}

/// Is the line at `at` this fence, and nothing else but blanks?
fn is_fence(text: &str, at: usize, fence: &[u8; 3]) -> bool {
    let line = &text.as_bytes()[at..];
    if !line.starts_with(fence) {
        return false;
    }
    let end = line[3..].iter().position(|byte| !matches!(byte, b' ' | b'\t')).map_or(line.len(), |at| at + 3);
    matches!(line.get(end), None | Some(b'\n' | b'\r'))
}

/// How far an unclosed head reaches: until a line that looks like prose. Also says how many `key:` lines were met.
fn yaml_like_until(text: &str, from: usize) -> (usize, usize) {
    let (mut at, mut end, mut entries) = (from, from, 0);
    while at < text.len() {
        let line = &text[at..lines::line_end(text, at)];
        let next = lines::next_line(text, at);
        let first = line.chars().next();
        if line.trim().is_empty() {
            // A blank line belongs to the head only if more of it follows.
            at = next;
            continue;
        }
        let heading = line.starts_with("# ") && end != at;
        match first {
            Some('#') if !heading => {}
            Some(' ' | '\t' | '-') if entries > 0 => {}
            _ if looks_like_entry(line) => entries += 1,
            _ => break,
        }
        at = next;
        end = next;
    }
    (end, entries)
}

/// `key:` or `key: value`, with a short key without blanks inside.
fn looks_like_entry(line: &str) -> bool {
    let Some(colon) = line.find(':') else { return false };
    let key = line[..colon].trim_matches(['"', '\'']);
    let after = &line[colon + 1..];
    !key.is_empty()
        && key.len() <= 64
        && !key.contains(char::is_whitespace)
        && (after.is_empty() || after.starts_with([' ', '\t']))
}
