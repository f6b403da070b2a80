//! What an editor says it changed, carried over to our copy of its text: one change after the other, each speaking of the text
//! that the one before left (LSP 3.17, `textDocument/didChange`).

use super::lines::{Encoding, Lines, Position};

/// A change as an editor tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// From where to where; the whole text where there is none.
    pub range: Option<(Position, Position)>,
    /// What stands there now.
    pub text: String,
}

/// The text after all changes. A place that does not exist means the nearest one that does.
pub fn apply(text: &str, changes: Vec<Change>, encoding: Encoding) -> String {
    // Before the last change of the whole text nothing matters.
    let last_whole = changes.iter().rposition(|change| change.range.is_none()).unwrap_or(0);
    let mut result: Option<String> = None;
    for change in changes.into_iter().skip(last_whole) {
        let Some((start, end)) = change.range else {
            result = Some(change.text);
            continue;
        };
        let before = result.as_deref().unwrap_or(text);
        let lines = Lines::new(before);
        let (start, end) = (lines.offset(before, start, encoding), lines.offset(before, end, encoding));
        let (start, end) = (start.min(end), start.max(end));
        let mut after = String::with_capacity(before.len() + change.text.len());
        after.push_str(&before[..start]);
        after.push_str(&change.text);
        after.push_str(&before[end..]);
        result = Some(after);
    }
    result.unwrap_or_else(|| text.to_owned())
}
