//! Lists with an item on each line: a new one copies the last one's dash and indentation, a dropped one takes its line along.

use super::{Context, ItemChange, flow};
use crate::text::yaml::quote::{self, Place};
use crate::text::yaml::{Entry, Node, Style, Value};
use crate::text::{Edit, lines};

/// The edits for a block list that is the value of `entry`.
pub fn edits(
    context: &Context<'_, '_>,
    entry: &Entry<'_>,
    items: &[Node<'_>],
    changes: &[ItemChange],
    add: &[String],
) -> Vec<Edit> {
    let text = context.text;
    let mut edits = Vec::new();
    for (item, change) in items.iter().zip(changes) {
        match change {
            ItemChange::Keep => {}
            ItemChange::Drop => edits.push(context.without_lines(dash(text, item), end(context, item))),
            ItemChange::Replace(new) => {
                let style = match item.value {
                    Value::Scalar(_, style) if !item.alias => style,
                    _ => Style::Plain,
                };
                edits.push(Edit::replace(item.span, quote::write(new, style, Place::Block)));
            }
        }
    }
    if changes.iter().all(|change| *change == ItemChange::Drop) {
        edits.push(context.behind_colon(entry, &flow::written(add)));
        return edits;
    }
    if let (Some(last), false) = (items.last(), add.is_empty()) {
        let dash = dash(text, last);
        let newline = lines::newline_at(text, end(context, last));
        let indent = &text[lines::line_start(text, dash)..dash];
        let gap = &text[dash + 1..(last.properties as usize).max(dash + 1)];
        let gap = if gap.is_empty() || !gap.trim_matches(' ').is_empty() { " " } else { gap };
        let style = flow::common_style(items);
        let new: String =
            add.iter().map(|item| format!("{newline}{indent}-{gap}{}", quote::write(item, style, Place::Block))).collect();
        edits.push(Edit::insert(lines::line_end(text, end(context, last)), new));
    }
    edits
}

/// The dash before an item.
fn dash(text: &str, item: &Node<'_>) -> usize {
    let start = item.properties as usize;
    memchr::memrchr(b'-', &text.as_bytes()[..start]).unwrap_or(start)
}

/// Where an item's last character stands. A dash with nothing behind it ends with the dash.
fn end(context: &Context<'_, '_>, item: &Node<'_>) -> usize {
    if item.value == Value::Empty { dash(context.text, item) + 1 } else { context.trimmed_end(item.span) }
}
