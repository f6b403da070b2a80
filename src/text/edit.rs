//! A change to a text: replace these bytes by those. Edits of one batch all speak of the text before any of them.

use super::Span;

/// Replace the bytes under `span` by `new`. An empty span inserts, an empty `new` deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes in its place.
    pub new: String,
}

impl Edit {
    /// Replace `span` by `new`.
    pub fn replace(span: Span, new: impl Into<String>) -> Self {
        Self { span, new: new.into() }
    }

    /// Put `new` at `offset`.
    pub fn insert(offset: usize, new: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), new)
    }

    /// Take `start..end` away.
    pub fn delete(start: usize, end: usize) -> Self {
        Self::replace(Span::new(start, end), "")
    }
}

/// The text after all `edits`. They may come in any order; of two that overlap the later one is dropped (our own edits never do).
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in sorted {
        if edit.span.start() < at {
            debug_assert!(false, "overlapping edits");
            continue;
        }
        result.push_str(&text[at..edit.span.start()]);
        result.push_str(&edit.new);
        at = edit.span.end();
    }
    result.push_str(&text[at..]);
    result
}
