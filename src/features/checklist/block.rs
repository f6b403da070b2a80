//! Where the managed list stands in a broadcast: between two lines that are comments to Markdown. The lines alone decide, inside
//! code too, so that a list is never sent by mistake.

use super::item;
use crate::contact::{Document, Kind};
use crate::text::{Span, lines};
use crate::vault::{Resolution, Vault};

/// The line that a list begins with.
pub const OPEN: &str = "<!-- guanxi:list -->";

/// The line that it ends with.
pub const CLOSE: &str = "<!-- /guanxi:list -->";

/// A list, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// From the beginning of the first line to the end of the last, its line ending included.
    pub whole: Span,
    /// The lines between, line endings included.
    pub inside: Span,
}

/// Why nobody can say what the list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong, in words for a person.
    pub message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
}

/// The list of a broadcast, if it has one.
pub fn find(document: &Document<'_>) -> Result<Option<Block>, Fault> {
    let (text, body) = (document.text, document.fences.body);
    let fault = |span: Span, message: &str| Err(Fault { span, message: message.to_owned() });
    let mut open: Option<Span> = None;
    let mut found: Option<Block> = None;
    for line in marked_lines(text, body) {
        match mark(line.of(text)) {
            None => return fault(line, "the mark of a list stands on a line of its own"),
            Some(Mark::Open) if open.is_some() => return fault(line, "a list begins inside a list: keep one of the two marks"),
            Some(Mark::Open) if found.is_some() => return fault(line, "a second list: a broadcast has one"),
            Some(Mark::Open) => open = Some(line),
            Some(Mark::Close) => {
                let Some(first) = open.take() else { return fault(line, "a list ends here that begins nowhere") };
                let inside = Span::new(lines::next_line(text, first.start()), line.start());
                let whole = Span::new(first.start(), lines::next_line(text, line.start()));
                found = Some(Block { whole, inside });
            }
        }
    }
    if let Some(open) = open {
        return fault(open, "the list that begins here has no end: close it with `<!-- /guanxi:list -->`");
    }
    let Some(block) = found else { return Ok(None) };
    match conflict(text, block.inside) {
        Some(span) => fault(span, "git left a merge conflict in the list: keep the lines of both sides and remove the marks"),
        None => Ok(Some(block)),
    }
}

/// A line of a list that stands outside of it would be sent to everybody: the first one, if there is any.
pub fn stray(vault: &Vault, document: &Document<'_>, block: Option<Block>) -> Option<Fault> {
    let (text, body) = (document.text, document.fences.body);
    let mut at = body.start();
    while at < body.end() {
        if let Some(block) = block.filter(|block| block.whole.start() == at) {
            at = block.whole.end();
            continue;
        }
        let line = Span::new(at, lines::line_end(text, at));
        if let Some(item) = item::read(line.of(text)) {
            let is_contact = |&id: &u32| vault.file(id).kind() == Kind::Contact;
            let names_somebody = match vault.resolve(item.target()) {
                Resolution::One(id) => is_contact(&id),
                Resolution::Several(several) => several.iter().any(is_contact),
                Resolution::Nobody => false,
            };
            if names_somebody {
                let message = format!("this line of a list would be sent to everybody: put it between `{OPEN}` and `{CLOSE}`");
                return Some(Fault { span: line, message });
            }
        }
        at = lines::next_line(text, at);
    }
    None
}

/// The lines of a body that speak of a list.
fn marked_lines(text: &str, body: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for at in memchr::memmem::find_iter(body.of(text).as_bytes(), b"guanxi:list").map(|at| body.start() + at) {
        let start = lines::line_start(text, at).max(body.start());
        let line = Span::new(start, lines::line_end(text, at));
        // A handle may look like anything.
        let is_mark = line.of(text).contains("<!--") && item::read(line.of(text)).is_none();
        if is_mark && found.last() != Some(&line) {
            found.push(line);
        }
    }
    found
}

fn mark(line: &str) -> Option<Mark> {
    match line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim() {
        "guanxi:list" => Some(Mark::Open),
        "/guanxi:list" => Some(Mark::Close),
        _ => None,
    }
}

/// A mark of a merge conflict at the margin: inside a list even one alone is one.
fn conflict(text: &str, inside: Span) -> Option<Span> {
    let mut at = inside.start();
    while at < inside.end() {
        let line = Span::new(at, lines::line_end(text, at));
        let is_mark = |mark: &str| line.of(text).strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].into_iter().any(is_mark) {
            return Some(line);
        }
        at = lines::next_line(text, at);
    }
    None
}
