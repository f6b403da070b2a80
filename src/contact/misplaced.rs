//! Misplaced front matter: a second YAML document after the first, or one that a slip has made a part of the body.

use super::document::{Document, Kind};
use super::fields;
use crate::text::fences::Fences;
use crate::text::{Span, invisible, lines, yaml};

impl<'t> Document<'t> {
    /// A second YAML document after the front matter, as far as it says what only front matter can: `---`, `opt_out: true`, `---`.
    /// Some programs write their own in front of what was there.
    pub fn second_document(&self) -> Option<Span> {
        if !self.fences.closed {
            return None;
        }
        let block = yaml_block(self.text, self.fences.body.start())?;
        let says = |line: &str| line.split_once(':').is_some_and(|(key, _)| fields::decides(bare_key(key)));
        block.of(self.text).lines().any(says).then_some(block)
    }

    /// Front matter that a slip has made a part of the body: lines or invisible characters before its `---`, a comment after it, or
    /// another fence. Only where it has a key of a contact.
    pub fn misplaced_head(&self) -> Option<Misplaced> {
        if self.fences.present || self.kind != Kind::Note {
            return None;
        }
        let is_blank = |c: char| c.is_whitespace() || invisible::is_ignorable(c);
        let mut start = 0;
        while start < self.text.len() && self.text[start..lines::line_end(self.text, start)].chars().all(is_blank) {
            start = lines::next_line(self.text, start);
        }
        let line = &self.text[start..lines::line_end(self.text, start)];
        let bare = line.trim_start_matches(is_blank);
        if !["---", "+++", "———", "–––"].iter().any(|fence| bare.starts_with(fence)) {
            return None;
        }
        let is_toml = bare.starts_with("+++");
        let inner = lines::next_line(self.text, start);
        let head = Span::new(inner, block_end(self.text, inner, if is_toml { "+++" } else { "---" })?);
        let says = |line: &str| line.split_once([':', '=']).is_some_and(|(key, _)| fields::decides(bare_key(key)));
        let opener = Span::new(0, start + line.len());
        head.of(self.text).lines().any(says).then_some(Misplaced { opener, head, is_toml })
    }

    /// The same file as it was most likely meant, with its misplaced front matter in place; `None` where nothing is misplaced.
    pub fn as_meant(&self) -> Option<Document<'t>> {
        let head = self.misplaced_head()?.head;
        let fences = Fences { head, body: Span::new(head.end(), self.text.len()), present: true, closed: true };
        Some(Document { text: self.text, fences, head: yaml::parse(self.text, head), kind: Kind::Contact })
    }
}

/// Front matter that is none, for a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// From the beginning of the file to the end of the line that should be `---`.
    pub opener: Span,
    /// The lines between the fences.
    pub head: Span,
    /// Is it TOML, between `+++`?
    pub is_toml: bool,
}

/// A key as a line of YAML or TOML writes it.
fn bare_key(written: &str) -> &str {
    written.trim_matches(|c: char| matches!(c, '"' | '\'' | '-') || c.is_whitespace())
}

/// The lines from `start` on, up to a line `---` or `...`, where they look like YAML.
fn yaml_block(text: &str, start: usize) -> Option<Span> {
    let end = block_end(text, start, "---")?;
    let is_yaml = |line: &str| {
        let bare = line.trim();
        let begins = bare.is_empty() || bare.starts_with(['#', '-']) || line.starts_with([' ', '\t']);
        begins || bare.contains(": ") || bare.ends_with(':')
    };
    (end > start && Span::new(start, end).of(text).lines().all(is_yaml)).then(|| Span::new(start, end))
}

/// A block that is looked for has no more lines: front matter is short.
const LONGEST_BLOCK: usize = 500;

fn block_end(text: &str, start: usize, mark: &str) -> Option<usize> {
    let mut at = start;
    for _ in 0..LONGEST_BLOCK {
        if at >= text.len() {
            return None;
        }
        let line = text[at..lines::line_end(text, at)].trim_end();
        if line == mark || (mark == "---" && line == "...") {
            return Some(at);
        }
        at = lines::next_line(text, at);
    }
    None
}
