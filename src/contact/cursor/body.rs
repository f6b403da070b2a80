//! The cursor in Markdown: in a link, behind a `#`, in a query block, in the holes of a message. Code is known for what it is.

use super::{Closing, Cursor, QueryPlace, TemplatePlace, Word, WordPlace};
use crate::contact::document::{Document, Kind};
use crate::text::links::{Form, has_scheme, inside};
use crate::text::markdown::is_tag_character;
use crate::text::{Span, lines};

/// What the cursor stands in, below the front matter.
pub fn look(document: &Document<'_>, offset: usize) -> Cursor {
    let text = document.text;
    match fence_at(text, document.fences.body, offset) {
        Some((language, span)) if language == "guanxi" => return Cursor::Query { span, place: QueryPlace::Block },
        Some(_) => return Cursor::Nothing,
        None => {}
    }
    let start = lines::line_start(text, offset).max(document.fences.body.start().min(offset));
    let line = Line { text, offset, start, end: lines::line_end(text, offset) };
    if document.kind == Kind::Broadcast
        && let Some(cursor) = line.template()
    {
        return cursor;
    }
    if line.in_code() {
        return Cursor::Nothing;
    }
    line.link(Form::Wiki)
        .or_else(|| line.path())
        .or_else(|| markdown_link(document, offset))
        .or_else(|| line.mention())
        .unwrap_or(Cursor::Nothing)
}

/// The hole of a message around a place, on its line.
pub fn template(document: &Document<'_>, offset: usize) -> Option<Cursor> {
    let (start, end) = (lines::line_start(document.text, offset), lines::line_end(document.text, offset));
    Line { text: document.text, offset, start, end }.template()
}

/// The `[[link]]` around a place in a stretch of a line.
pub fn link_in(text: &str, span: Span, offset: usize, form: Form) -> Option<Cursor> {
    span.touches(offset).then(|| Line { text, offset, start: span.start(), end: span.end() }.link(form)).flatten()
}

/// The fenced block around a place: its language, and where its content stands.
fn fence_at(text: &str, body: Span, offset: usize) -> Option<(String, Span)> {
    let mut at = body.start();
    let mut open: Option<(char, usize, String, usize)> = None;
    while at < body.end() {
        let line = &text[at..lines::line_end(text, at)];
        let next = lines::next_line(text, at);
        let bare = line.trim_start_matches(' ');
        let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~') && line.len() - bare.len() < 4);
        let count = mark.map_or(0, |mark| bare.chars().take_while(|&c| c == mark).count());
        match &open {
            None if count >= 3 && !(mark == Some('`') && bare[count..].contains('`')) => {
                if at <= offset && offset <= at + line.len() {
                    return Some((String::new(), Span::at(offset)));
                }
                let language = bare[count..].trim().split([' ', ',', '{']).next().unwrap_or("").to_owned();
                open = Some((mark.unwrap_or('`'), count, language, next));
            }
            Some((kind, least, language, start)) if mark == Some(*kind) && count >= *least && bare[count..].trim().is_empty() => {
                if (*start..at).contains(&offset) {
                    return Some((language.clone(), content(text, *start, at)));
                }
                open = None;
            }
            _ => {}
        }
        if next == at || at > offset && open.is_none() {
            break;
        }
        at = next;
    }
    let (_, _, language, start) = open?;
    (start <= offset).then(|| (language, content(text, start, body.end().max(start))))
}

/// The content of a block, its last line ending left out.
fn content(text: &str, start: usize, end: usize) -> Span {
    let written = &text[start..end];
    let bare = written.strip_suffix('\n').unwrap_or(written);
    Span::new(start, start + bare.strip_suffix('\r').unwrap_or(bare).len())
}

struct Line<'t> {
    text: &'t str,
    offset: usize,
    start: usize,
    end: usize,
}

impl Line<'_> {
    fn before(&self) -> &str {
        &self.text[self.start..self.offset]
    }

    fn behind(&self) -> &str {
        &self.text[self.offset..self.end]
    }

    /// Between backticks on this line?
    fn in_code(&self) -> bool {
        let ticks = self.before().matches('`').count();
        ticks % 2 == 1 && self.behind().contains('`')
    }

    fn word(&self, start: usize, end: usize) -> Word {
        Word {
            span: Span::new(start, end),
            typed: self.text[start..self.offset.clamp(start, end)].to_owned(),
            text: self.text[start..end].to_owned(),
            place: WordPlace::Text,
        }
    }

    fn template(&self) -> Option<Cursor> {
        let before = self.before();
        let open = ["{{", "{%"].into_iter().filter_map(|mark| before.rfind(mark)).max()?;
        let inside = &before[open + 2..];
        if inside.contains("}}") || inside.contains("%}") {
            return None;
        }
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = inside.len() - inside.trim_end_matches(is_name).len();
        let start = self.offset - length;
        let end = self.offset + self.behind().find(|c| !is_name(c)).unwrap_or(self.behind().len());
        let ahead = &inside[..inside.len() - length];
        // A label of a field's own, as in `phones.work`, or words of the message.
        let in_quotes = ['"', '\''].into_iter().any(|mark| ahead.matches(mark).count() % 2 == 1);
        if ahead.ends_with('.') || in_quotes {
            return Some(Cursor::Nothing);
        }
        let is_first = before[open..].starts_with("{%") && ahead.trim_start_matches(['-', '+']).trim().is_empty();
        let place = match ahead.trim_end().ends_with('|') {
            true => TemplatePlace::Filter,
            false if is_first => TemplatePlace::Statement,
            false => TemplatePlace::Name,
        };
        Some(Cursor::Template { word: self.word(start, end), place })
    }

    fn link(&self, form: Form) -> Option<Cursor> {
        // A cursor between or before the brackets looks at what follows them.
        let opening = self.before().rfind("[[");
        let here = match opening {
            Some(at) if !self.before()[at + 2..].contains("]]") => self.start + at,
            _ if self.behind().starts_with("[[") => self.offset,
            _ if self.behind().starts_with('[') && self.before().ends_with('[') => self.offset - 1,
            Some(at) if self.before()[at..].ends_with("]]") || self.before()[at..].ends_with(']') => self.start + at,
            _ => return None,
        };
        // Escaped brackets are none.
        if self.text[self.start..here].bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1 {
            return None;
        }
        let from = here + 2;
        let rest = &self.text[from..self.end];
        let close = rest.find("]]").filter(|&close| !rest[..close].contains("[["));
        let typed = self.offset.saturating_sub(from);
        let (close, closing) = match close {
            Some(close) => (close, Closing::Whole),
            None if self.offset < from => return None,
            None => match self.single_bracket(here, typed) {
                Some(at) => (at - from, Closing::Half(at + 1)),
                // Nothing closes it yet: the target is what is typed so far.
                None if !rest[..typed].contains('#') => {
                    return Some(Cursor::Link { word: self.word(from, self.offset), closing: Closing::Missing, form });
                }
                None => (typed, Closing::Missing),
            },
        };
        let parts = inside(&rest[..close]);
        if parts.label.is_some_and(|label| (label..=close).contains(&typed)) {
            return Some(Cursor::LinkText { target: Span::new(from + parts.name.start, from + parts.name.end) });
        }
        if let Some(start) = rest[..typed.min(close)].rfind('#').map(|at| at + 1) {
            let end = parts.fragment_end.max(typed.min(close));
            let target = rest[parts.name.clone()].to_owned();
            return Some(Cursor::LinkHeading { target, word: self.word(from + start, from + end), closing, form });
        }
        // Up to where a heading or label begins, so that spaces after the name are replaced with it.
        let end = if parts.fragment_end > parts.name.end { parts.name.end } else { parts.label.map_or(close, |bar| bar - 1) };
        let end = if rest[..end].ends_with('\\') && parts.label.is_some() { end - 1 } else { end };
        Some(Cursor::Link { word: self.word(from, from + end), closing, form })
    }

    /// The one bracket that closes the link which begins at `here`: right after what is typed, as some editors add it, or after its
    /// label. One that closes brackets around the link, or a Markdown link, is none.
    fn single_bracket(&self, here: usize, typed: usize) -> Option<usize> {
        let rest = &self.text[here + 2 + typed..self.end];
        let inner = &rest[..rest.find(']')?];
        let name = inner.split('|').next().unwrap_or(inner);
        let around = &self.text[self.start..here];
        let is_around = around.matches('[').count() > around.matches(']').count();
        let is_markdown = rest[inner.len() + 1..].starts_with(['(', '[']);
        let is_one = !is_around && !is_markdown && !inner.contains('[') && !name.contains(char::is_whitespace);
        is_one.then_some(here + 2 + typed + inner.len())
    }

    /// The path of a Markdown link: behind `](`, or behind the `[label]:` that a line begins with.
    fn path(&self) -> Option<Cursor> {
        let before = self.before();
        let (from, embed) = match before.rfind("](") {
            Some(at) => (at + 2, before[..at].rfind('[').is_some_and(|open| before[..open].ends_with('!'))),
            None => {
                let label = before.trim_start().strip_prefix('[').filter(|label| !label.starts_with('^'))?;
                (before.len() - label.len() + label.find("]:")? + 2, false)
            }
        };
        let rest = before[from..].trim_start();
        let typed = rest.strip_prefix('<').unwrap_or(rest);
        let is_angled = typed.len() < rest.len();
        let ends = |c: char| matches!(c, ')' | '<' | '>' | '#' | '?' | '\\' | '"') || (c.is_whitespace() && !is_angled);
        if typed.contains(ends) || has_scheme(typed) {
            return None;
        }
        let end = self.offset + self.behind().find(ends).unwrap_or(self.behind().len());
        Some(Cursor::LinkPath { word: self.word(self.offset - typed.len(), end), embed })
    }

    fn mention(&self) -> Option<Cursor> {
        let before = self.before();
        let length = before.len() - before.trim_end_matches(is_tag_character).len();
        let (start, behind) = match before[..before.len() - length].strip_suffix('#') {
            Some(rest) => (self.start + rest.len(), self.behind()),
            None if length == 0 && self.behind().starts_with('#') => (self.offset, &self.behind()[1..]),
            None => return None,
        };
        let previous = self.text[self.start..start].chars().next_back();
        if previous.is_some_and(|c| is_tag_character(c) || matches!(c, '#' | '&' | '\\')) {
            return None;
        }
        // `# Heading` is none, nor is `##`.
        if behind.starts_with('#') || (start == self.offset && behind.starts_with([' ', '\t'])) {
            return None;
        }
        let end = self.end - behind.len() + behind.find(|c| !is_tag_character(c)).unwrap_or(behind.len());
        let mut word = self.word(start, end);
        word.typed = word.typed.trim_start_matches('#').to_owned();
        word.text = word.text.trim_start_matches('#').to_owned();
        Some(Cursor::Mention { word })
    }
}

fn markdown_link(document: &Document<'_>, offset: usize) -> Option<Cursor> {
    // Only a line with such a link is worth reading the body for.
    let start = lines::line_start(document.text, offset);
    let line = &document.text[start..lines::line_end(document.text, offset)];
    if !line.contains(['[', ']']) {
        return None;
    }
    let links = document.body().links;
    let link = links.into_iter().find(|link| !link.is_wiki() && link.span.start() <= offset && offset <= link.span.end())?;
    Some(Cursor::LinkText { target: link.target_span })
}
