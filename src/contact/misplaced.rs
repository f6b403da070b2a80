//! Misplaced front matter: a second YAML document after the first, or one that a slip has made a part of the body.

use super::document::{Document, Kind};
use super::fields;
use crate::text::fences::{self, Fences};
use crate::text::{Edit, Span, edit, invisible, lines, yaml};

impl<'t> Document<'t> {
    /// A second YAML document after the front matter, as far as it says what only front matter can: `---`, `opt_out: true`, `---`.
    /// Some programs write their own in front of what was there.
    pub fn second_document(&self) -> Option<Span> {
        if !self.fences.closed {
            return None;
        }
        // Between two fences of its own, or up to the next fence.
        let body = self.fences.body.start();
        let first = &self.text[body..lines::line_end(self.text, body)];
        let start = if visible(first) == "---" { lines::next_line(self.text, body) } else { body };
        let block = yaml_block(self.text, start)?;
        let says = |line: &str| line.split_once(':').is_some_and(|(key, _)| fields::decides(bare_key(key)));
        block.of(self.text).lines().any(says).then_some(block)
    }

    /// Front matter that a slip has made a part of the body: lines or invisible characters before its `---`, a comment after it, another
    /// fence, or none. Only where it has a key of a contact.
    pub fn misplaced_head(&self) -> Option<Misplaced> {
        if self.fences.present || self.kind != Kind::Note {
            return None;
        }
        let text = self.text;
        let mut start = 0;
        // What people and programs put above it: empty lines, a comment, a title, a directive of YAML.
        let is_above = |line: &str| {
            let bare = visible(line);
            bare.is_empty() || bare.starts_with(['#', '%']) || bare.starts_with("<!--") || bare.starts_with(OURS)
        };
        for _ in 0..MOST_ABOVE {
            let line = &text[start..lines::line_end(text, start)];
            if start >= text.len() || !is_above(line) {
                break;
            }
            start = lines::next_line(text, start);
        }
        let end = lines::line_end(text, start);
        let opener = visible(&text[start..end]);
        let says = |line: &str| line.split_once([':', '=', '：']).is_some_and(|(key, _)| fields::decides(bare_key(key)));
        let is_toml = opener.starts_with("+++");
        if is_fence_like(&opener) || opener.starts_with("---") || opener.starts_with("```") || is_toml {
            let inner = lines::next_line(text, start);
            // Where git found two whole files, what either of them says counts.
            let conflict_end =
                text[..start].lines().any(|line| line.starts_with(OURS)).then(|| text.rfind("\n>>>>>>>")).flatten();
            let head = Span::new(inner, conflict_end.map_or_else(|| fence_end(text, inner), |end| Some(end + 1))?);
            return head.of(text).lines().any(says).then_some(Misplaced { opener: Span::new(0, end), head, is_toml });
        }
        // No fence at all: an alias on the first line, and another key of a contact right below.
        let block_end = text[start..]
            .lines()
            .take_while(|line| line.contains([':', '：']) || line.starts_with([' ', '-']))
            .fold(start, |at, _| lines::next_line(text, at));
        let head = Span::new(start, block_end.max(start));
        let names = |line: &str| {
            line.split_once([':', '：'])
                .is_some_and(|(key, _)| bare_key(key) == "alias" || fields::near_miss(bare_key(key)) == Some("alias"))
        };
        let lines_of = head.of(text);
        let is_head = lines_of.lines().any(names) && lines_of.lines().filter(|line| says(line)).count() > 1;
        is_head.then_some(Misplaced { opener: Span::new(0, start), head, is_toml: false })
    }

    /// A front matter below empty lines or invisible characters, whatever its keys are: a note's front matter for a slip.
    pub fn displaced_head(&self) -> Option<Misplaced> {
        if self.fences.present || self.kind != Kind::Note {
            return None;
        }
        let text = self.text;
        let mut start = 0;
        while start < text.len() && visible(&text[start..lines::line_end(text, start)]).is_empty() {
            start = lines::next_line(text, start);
        }
        let end = lines::line_end(text, start);
        let head = yaml_block(text, lines::next_line(text, end)).filter(|_| visible(&text[start..end]) == "---")?;
        let is_entry = |line: &str| !line.starts_with(['#', ' ', '-']) && (line.contains(": ") || line.trim_end().ends_with(':'));
        head.of(text).lines().any(is_entry).then_some(Misplaced { opener: Span::new(0, end), head, is_toml: false })
    }

    /// The edits that put a misplaced front matter where it is read. What stands above it goes below it, a comment or key after its dashes
    /// to a line of its own. `None` where that leaves no front matter that can be read, as with TOML.
    pub fn in_place(&self, misplaced: &Misplaced) -> Option<Vec<Edit>> {
        let (text, head) = (self.text, misplaced.head);
        let opener_end = misplaced.opener.end();
        let newline = lines::newline_at(text, opener_end);
        let has_fence = head.start() > opener_end;
        let opener = if has_fence { lines::line_start(text, opener_end) } else { opener_end };
        let above = text[..opener].trim_matches(|c: char| c.is_whitespace() || invisible::is_ignorable(c));
        let after_dashes =
            text[opener..opener_end].trim_matches(|c: char| is_dash(c) || c.is_whitespace() || invisible::is_ignorable(c));
        let rest = Some(after_dashes).filter(|rest| !rest.is_empty() && !rest.starts_with('`'));
        let mut first = "---".to_owned();
        if let Some(rest) = rest {
            first.push_str(&format!("{newline}{rest}"));
        }
        let mut edits = vec![Edit::replace(misplaced.opener, if has_fence { first } else { format!("---{newline}") })];
        let (from, to) = if has_fence { (head.end(), lines::line_end(text, head.end())) } else { (head.end(), head.end()) };
        let mut closing = "---".to_owned();
        if !has_fence {
            let gap = if text[..from].ends_with(['\n', '\r']) { "" } else { newline };
            closing = format!("{gap}---{newline}");
        }
        if !above.is_empty() {
            closing.push_str(&format!("{}{above}{}", if has_fence { newline } else { "" }, if has_fence { "" } else { newline }));
        }
        edits.push(Edit::replace(Span::new(from, to), closing));
        edits.retain(|edit| edit.span.of(text) != edit.new);
        let placed = edit::apply(text, &edits);
        let fences = fences::find(&placed);
        let is_read =
            !misplaced.is_toml && !above.contains(OURS) && fences.closed && yaml::parse(&placed, fences.head).faults.is_empty();
        is_read.then_some(edits)
    }

    /// The same file as it was most likely meant, with its misplaced front matter in place, or its second one where only that names
    /// somebody; `None` where nothing is misplaced.
    pub fn as_meant(&self) -> Option<Document<'t>> {
        let second = || self.second_document().filter(|_| self.kind == Kind::Note);
        let head = self.misplaced_head().map(|misplaced| misplaced.head).or_else(second)?;
        let fences = Fences { head, body: Span::new(head.end(), self.text.len()), present: true, closed: true };
        Some(Document::with_head(self.text, fences, yaml::parse(self.text, head), Kind::Contact))
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

/// The line with which a conflict of git begins.
const OURS: &str = "<<<<<<<";

/// So many lines are looked over above a front matter.
const MOST_ABOVE: usize = 8;

/// A line as it is seen.
fn visible(line: &str) -> String {
    line.chars().filter(|&c| !(invisible::is_ignorable(c) || c.is_control() && c != '\t')).collect::<String>().trim().to_owned()
}

/// Dashes of any kind and nothing else: `----`, `———`, `－－－`, `- - -`.
fn is_fence_like(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| is_dash(c) || c == ' ')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Where a misplaced front matter ends: a line of dashes, of the end of a fence of code or of TOML.
fn fence_end(text: &str, start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..LONGEST_BLOCK {
        if at >= text.len() {
            return None;
        }
        let line = visible(&text[at..lines::line_end(text, at)]);
        if is_fence_like(&line) || matches!(line.as_str(), "..." | "+++" | "```") {
            return Some(at);
        }
        at = lines::next_line(text, at);
    }
    None
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
