//! The inside of brackets: items, commas, quotes and comments, read as far as they are typed.

use crate::text::{Span, lines};

/// What a look at brackets, commas and quotes tells, up to a place.
pub struct Flow {
    /// How many brackets are open at the place.
    pub depth: usize,
    /// Where the item begins that is open at the place.
    pub item: usize,
    /// The items before it.
    pub before: Vec<Span>,
}

impl Flow {
    /// Reads from the opening bracket to a place.
    pub fn read(text: &str, start: usize, place: usize) -> Self {
        let mut flow = Flow { depth: 0, item: start, before: Vec::new() };
        let mut quote: Option<char> = None;
        let mut fresh = true;
        let bytes = &text[start..place.max(start)];
        let mut characters = bytes.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            if let Some(mark) = quote {
                match c {
                    '\\' if mark == '"' => _ = characters.next(),
                    // A quote that is not closed on its line is still being typed.
                    '\n' | '\r' => quote = None,
                    c if c == mark => quote = None,
                    _ => {}
                }
                continue;
            }
            match c {
                '"' | '\'' if fresh => (quote, fresh) = (Some(c), false),
                '[' | '{' if fresh || flow.depth == 0 => {
                    flow.depth += 1;
                    flow.item = start + at + 1;
                    fresh = true;
                }
                ']' | '}' => {
                    flow.end_item(text, start + at);
                    flow.depth = flow.depth.saturating_sub(1);
                    if flow.depth == 0 {
                        return flow;
                    }
                }
                ',' => {
                    flow.end_item(text, start + at);
                    fresh = true;
                }
                // A comment, but for a `#word`, which is a tag to whoever types it.
                '#' if !fresh && bytes[..at].ends_with([' ', '\t']) && !is_word(&bytes[at + 1..]) => {
                    for (_, skipped) in characters.by_ref() {
                        if skipped == '\n' {
                            break;
                        }
                    }
                }
                c if c.is_whitespace() => {}
                _ => fresh = false,
            }
        }
        flow
    }

    fn end_item(&mut self, text: &str, end: usize) {
        let item = trimmed(text, Span::new(self.item.min(end), end));
        if !item.is_empty() {
            self.before.push(item);
        }
        self.item = end + 1;
    }
}

fn is_word(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| !c.is_whitespace() && c != '#')
}

/// The span without the blanks at its ends.
pub fn trimmed(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = span.start() + (written.len() - written.trim_start().len());
    let end = span.end() - (written.len() - written.trim_end().len());
    Span::new(start.min(end.max(span.start())), end.max(start.min(end.max(span.start()))))
}

impl Flow {
    /// The items behind the cursor's own, on this line only: what follows on other lines may be another key already.
    pub fn read_on(&mut self, text: &str, limit: usize) {
        let end = lines::line_end(text, self.item.min(limit)).min(limit.max(self.item));
        for part in text[self.item..end].split([',', ']']) {
            let at = part.as_ptr() as usize - text.as_ptr() as usize;
            let span = trimmed(text, Span::new(at, at + part.len()));
            if !span.is_empty() {
                self.before.push(span);
            }
            if text[at + part.len()..].starts_with(']') {
                return;
            }
        }
    }
}

/// How much of an item stands behind the cursor, and whether another item follows there without a comma.
pub fn rest_of_item(typed: &str, behind: &str) -> (usize, bool) {
    if let Some(mark) = typed.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        // Inside quotes the item ends with them; behind them nothing more belongs to it.
        if closing(&typed[1..], mark).is_some() {
            return (0, false);
        }
        let length = closing(behind, mark).map_or_else(|| item_end(behind), |length| length + 1);
        return (length, false);
    }
    let length = item_end(behind);
    let rest = &behind[..length];
    let separate = typed.is_empty() || rest.starts_with(char::is_whitespace);
    if separate { (0, !rest.trim().is_empty()) } else { (rest.trim_end().len(), false) }
}

fn item_end(behind: &str) -> usize {
    let end = behind.find([',', ']', '}']).unwrap_or(behind.len());
    without_comment(&behind[..end]).len()
}

/// A line's rest without its comment. A `#word` at the beginning is a word to whoever types it.
pub fn without_comment(written: &str) -> &str {
    let begins = written.len() - written.trim_start().len();
    let is_word = |at: usize| at <= begins && !written[at + 1..].starts_with([' ', '\t']);
    match written.match_indices('#').find(|&(at, _)| !is_word(at) && written[..at].ends_with([' ', '\t'])) {
        Some((at, _)) => &written[..at],
        None => written,
    }
}

/// Where a quote is closed.
pub fn closing(inner: &str, mark: char) -> Option<usize> {
    let mut characters = inner.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if mark == '"' => _ = characters.next(),
            '\'' if mark == '\'' && inner[at + 1..].starts_with('\'') => _ = characters.next(),
            c if c == mark => return Some(at),
            _ => {}
        }
    }
    None
}
