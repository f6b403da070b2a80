//! A text that stands in YAML quotes: what it says, and where each of its bytes is written.

use super::QueryPlace;
use crate::text::Span;
use crate::text::yaml::{Node, Value};

/// What stands between quotes, escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it says.
    pub text: String,
    /// Where each byte of it is written, and where it ends.
    places: Vec<u32>,
}

impl Written {
    /// Reads what is written at `span`, quotes left out.
    pub fn new(source: &str, span: Span, place: QueryPlace) -> Self {
        let mut written = Written { text: String::with_capacity(span.len()), places: Vec::with_capacity(span.len() + 1) };
        let mut characters = span.of(source).char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let meant = match (place, c) {
                (QueryPlace::Quoted('"'), '\\') => match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, next)) => next,
                    None => '\\',
                },
                (QueryPlace::Quoted('\''), '\'') => {
                    characters.next_if(|&(_, next)| next == '\'');
                    '\''
                }
                _ => c,
            };
            let start = u32::try_from(span.start() + at).unwrap_or(u32::MAX);
            written.places.extend(std::iter::repeat_n(start, meant.len_utf8()));
            written.text.push(meant);
        }
        written.places.push(span.end);
        written
    }

    /// Reads a scalar of YAML; `None` where the place of each of its bytes is not known, as with `\u674e` and aliases.
    pub fn of_scalar(source: &str, node: &Node<'_>) -> Option<Self> {
        let Value::Scalar(text, _) = &node.value else { return None };
        let raw = node.span.of(source).trim_end();
        let whole = Span::new(node.span.start(), node.span.start() + raw.len());
        let quoted = raw.chars().next().filter(|&mark| matches!(mark, '"' | '\'') && raw.len() > 1 && raw.ends_with(mark));
        let written = match quoted {
            Some(mark) => Written::new(source, Span::new(whole.start() + 1, whole.end() - 1), QueryPlace::Quoted(mark)),
            None => Written::new(source, whole, QueryPlace::Bare),
        };
        if node.alias {
            return None;
        }
        if written.text == **text { Some(written) } else { Written::folded(source, whole, text) }
    }

    /// Reads a scalar that YAML folds over lines: it says `text`, of which only the blanks are written otherwise. `None` where
    /// more than that differs, as with escapes.
    pub fn folded(source: &str, span: Span, text: &str) -> Option<Self> {
        let raw = span.of(source);
        // The first line of a block is its header.
        let skipped = if raw.starts_with(['|', '>']) { raw.find('\n')? } else { 0 };
        let solid = |(_, c): &(usize, char)| !c.is_whitespace();
        let mut stands = raw[skipped..].char_indices().filter(solid);
        let mut written = Written { text: text.to_owned(), places: Vec::with_capacity(text.len() + 1) };
        let mut behind = u32::try_from(span.start() + skipped).ok()?;
        for c in text.chars() {
            if c.is_whitespace() {
                written.places.extend(std::iter::repeat_n(behind, c.len_utf8()));
                continue;
            }
            let (at, _) = stands.next().filter(|&(_, own)| own == c)?;
            let start = u32::try_from(span.start() + skipped + at).ok()?;
            written.places.extend(std::iter::repeat_n(start, c.len_utf8()));
            behind = start + u32::try_from(c.len_utf8()).ok()?;
        }
        written.places.push(behind);
        stands.next().is_none().then_some(written)
    }

    /// Where a stretch of the text is written.
    pub fn span(&self, span: Span) -> Span {
        let place = |offset: usize| self.places[offset.min(self.places.len() - 1)];
        let start = place(span.start());
        // Where the byte behind it begins: an escape is never cut.
        Span { start, end: place(span.end()).max(start) }
    }

    /// Which byte of the text is written at a place of the source.
    pub fn offset(&self, source: usize) -> usize {
        self.places.partition_point(|&place| (place as usize) < source).min(self.text.len())
    }
}
