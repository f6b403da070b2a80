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

/// The edits that turn one text into the other: whole lines, only those that differ, so that a cursor elsewhere stays.
pub fn between(old: &str, new: &str) -> Vec<Edit> {
    let diff = similar::TextDiff::from_lines(old, new);
    let starts = |lines: &mut dyn Iterator<Item = usize>| {
        let mut starts = vec![0];
        lines.for_each(|length| starts.push(starts.last().copied().unwrap_or(0) + length));
        starts
    };
    let old_starts = starts(&mut diff.iter_old_slices().map(str::len));
    let new_starts = starts(&mut diff.iter_new_slices().map(str::len));
    let place = |starts: &[usize], line: usize| starts.get(line).or(starts.last()).copied().unwrap_or(0);
    let mut edits: Vec<Edit> = Vec::new();
    for operation in diff.ops().iter().filter(|operation| operation.tag() != similar::DiffTag::Equal) {
        let (gone, come) = (operation.old_range(), operation.new_range());
        let span = Span::new(place(&old_starts, gone.start), place(&old_starts, gone.end));
        let new = &new[place(&new_starts, come.start)..place(&new_starts, come.end)];
        match edits.last_mut() {
            // Neighbours are one edit: two insertions at one place have no order.
            Some(last) if last.span.end == span.start => {
                last.span = last.span.cover(span);
                last.new.push_str(new);
            }
            _ => edits.push(Edit::replace(span, new)),
        }
    }
    edits
}
