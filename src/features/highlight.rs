//! The other places, in this text only, of what the cursor points at.

use std::sync::Arc;

use super::Here;
use super::places::{Exists, Goal, Role};
use crate::text::Span;

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Where the name is written.
    pub span: Span,
    /// Does it declare the thing, as an item of `tags:` or an alias does? Else it only speaks of it.
    pub writes: bool,
}

/// Most places in an answer: no screen shows more, and a text of 4 MB can have a million.
pub const MOST: usize = 2000;

/// The places in this text, in its order, of many those that are nearest; none where the cursor points at nothing that has places.
pub fn highlight(here: &Here<'_>, offset: usize) -> Vec<Highlight> {
    // Within one text two ways to a picture are the same if they lead to the same path, whether anything is there or not.
    let exists: Exists = Arc::new(|_| true);
    let Some(goal) = Goal::at(here, offset, &exists) else { return Vec::new() };
    let sought = goal.sought(here.vault, std::iter::once(here.text()), &exists);
    let places = sought.places(&here.path, &here.document, false);
    let before = places.partition_point(|place| place.span.start() < offset);
    let first = before.saturating_sub(MOST / 2).min(places.len().saturating_sub(MOST));
    let places = places.into_iter().skip(first).take(MOST);
    places.map(|place| Highlight { span: place.span, writes: place.role != Role::Mentions }).collect()
}
