//! A template and where it stands in the file: the body without its list, or the text of `subject:`.

use crate::contact::cursor::Written;
use crate::contact::{Document, QueryPlace};
use crate::features::checklist::Block;
use crate::text::{Span, lines};

/// The text of a template, and where its bytes are written.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the engine reads.
    pub text: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    /// As it stands in the file, from `start` on; behind `gap` so many bytes were left out.
    Body { start: usize, gap: usize, left_out: usize },
    /// In quotes.
    Written(Box<Written>),
    /// Somewhere in here.
    Whole(Span),
}

impl Source {
    /// The body, its list left out, and the blank lines before the list where nothing but blank lines is behind it.
    pub fn body(document: &Document<'_>, block: Option<Block>) -> Self {
        let (text, body) = (document.text, document.fences.body);
        let Some(block) = block else {
            return Self {
                text: body.of(text).to_owned(),
                place: Place::Body { start: body.start(), gap: body.len(), left_out: 0 },
            };
        };
        let mut before = &text[body.start()..block.whole.start()];
        let after = &text[block.whole.end()..body.end()];
        if after.trim().is_empty() || after.starts_with(['\n', '\r']) {
            let end = before.trim_end().len();
            before = &before[..lines::next_line(before, end)];
        }
        let left_out = block.whole.end() - body.start() - before.len();
        let place = Place::Body { start: body.start(), gap: before.len(), left_out };
        Self { text: format!("{before}{after}"), place }
    }

    /// The text of `subject:`, where there is one.
    pub fn subject(document: &Document<'_>) -> Option<Self> {
        let value = &document.entry("subject")?.value;
        let meant = value.text().filter(|text| !text.trim().is_empty())?;
        let quote = value.span.of(document.text).chars().next().filter(|c| matches!(c, '"' | '\''));
        let (span, place) = match quote {
            Some(quote) => (inner(value.span), QueryPlace::Quoted(quote)),
            None => (value.span, QueryPlace::Block),
        };
        let written = Written::new(document.text, span, place);
        let exact = written.text == meant;
        let place = if exact { Place::Written(Box::new(written)) } else { Place::Whole(value.span) };
        Some(Self { text: meant.to_owned(), place })
    }

    /// Where a stretch of the template is written in the file.
    pub fn span(&self, start: usize, end: usize) -> Span {
        // The engine counts some faults a byte into a character.
        let boundary = |mut at: usize, step: isize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at = at.saturating_add_signed(step);
            }
            at
        };
        let (start, end) = (boundary(start, -1), boundary(end.max(start), 1));
        match &self.place {
            Place::Whole(span) => *span,
            Place::Written(written) => written.span(Span::new(start, end)),
            Place::Body { start: body, gap, left_out } => {
                let place = |at: usize, is_end: bool| {
                    let behind = at > *gap || (at == *gap && !is_end);
                    body + at + if behind { *left_out } else { 0 }
                };
                let from = place(start, false);
                Span::new(from, place(end, true).max(from))
            }
        }
    }
}

/// A scalar without its quotes.
fn inner(span: Span) -> Span {
    let end = span.end().saturating_sub(1);
    Span::new((span.start() + 1).min(end), end)
}
