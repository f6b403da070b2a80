//! Lists in brackets: where the commas are, and which bytes go when an item goes.

use super::ItemChange;
use crate::text::yaml::quote::{self, Place};
use crate::text::yaml::{Node, Style, Value};
use crate::text::{Edit, Span, lines};

/// These items as a new list on one line.
pub fn written(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|text| item(text, Style::Plain)).collect();
    format!("[{}]", items.join(", "))
}

/// One item, in a wished style.
pub fn item(text: &str, style: Style) -> String {
    quote::write(text, style, Place::Flow)
}

/// The style that all quoted items of a list share: a new item follows it.
pub fn common_style(items: &[Node<'_>]) -> Style {
    let mut styles = items.iter().filter_map(|item| match item.value {
        Value::Scalar(_, style) if !item.alias => Some(style),
        _ => None,
    });
    match styles.next() {
        Some(first @ (Style::Single | Style::Double)) if styles.all(|style| style == first) => first,
        _ => Style::Plain,
    }
}

/// The edits for a list in brackets at `list`, its items in order with what happens to each.
pub fn edits(text: &str, list: Span, items: &[Node<'_>], changes: &[ItemChange], add: &[String]) -> Vec<Edit> {
    let spans: Vec<Span> = items.iter().map(Node::full_span).collect();
    let commas = commas(text, list, &spans);
    let flow = Flow { text, list, spans, commas };
    let mut edits = flow.drop(changes);
    for (node, change) in items.iter().zip(changes) {
        if let ItemChange::Replace(new) = change {
            let style = match node.value {
                Value::Scalar(_, style) if !node.alias => style,
                _ => Style::Plain,
            };
            edits.push(Edit::replace(node.span, item(new, style)));
        }
    }
    if !add.is_empty() {
        edits.extend(flow.add(&add.iter().map(|text| item(text, common_style(items))).collect::<Vec<_>>()));
    }
    edits
}

/// The comma behind each item, where there is one. Comments between are passed over.
fn commas(text: &str, list: Span, spans: &[Span]) -> Vec<Option<usize>> {
    let inner_end = list.end().saturating_sub(1);
    let ends = spans.iter().skip(1).map(|span| span.start()).chain([inner_end]);
    spans.iter().zip(ends).map(|(span, until)| comma(text, span.end(), until)).collect()
}

fn comma(text: &str, mut at: usize, until: usize) -> Option<usize> {
    while at < until {
        match text.as_bytes()[at] {
            b',' => return Some(at),
            b'#' => at = lines::next_line(text, at),
            _ => at += 1,
        }
    }
    None
}

struct Flow<'t> {
    text: &'t str,
    list: Span,
    spans: Vec<Span>,
    commas: Vec<Option<usize>>,
}

impl Flow<'_> {
    fn drop(&self, changes: &[ItemChange]) -> Vec<Edit> {
        let dropped = |at: usize| changes[at] == ItemChange::Drop;
        let last_kept = (0..changes.len()).rev().find(|&at| !dropped(at));
        let mut until = changes.len();
        let mut edits = Vec::new();
        // Behind the last kept item everything goes; without a comma at the end the kept item's own comma goes too.
        let own_comma = last_kept.filter(|_| self.commas.last() == Some(&None)).and_then(|kept| self.commas[kept]);
        if let (Some(kept), Some(comma)) = (last_kept, own_comma) {
            let end = self.spans[changes.len() - 1].end();
            if self.text[comma..end].contains(['\n', '\r', '#']) {
                edits.push(Edit::delete(comma, comma + 1));
            } else {
                edits.push(Edit::delete(comma, end));
                until = kept + 1;
            }
        }
        // The last item before a comma of its own goes with the comma before it: just what adding had put there.
        if let [.., before, last] = self.spans.as_slice() {
            let at = changes.len() - 1;
            let between = &self.text[before.end()..last.start()];
            let joined = dropped(at) && !dropped(at - 1) && self.commas[at].is_some() && !between.contains(['\n', '\r', '#']);
            if joined && until == changes.len() {
                edits.push(Edit::delete(before.end(), last.end()));
                until = at;
            }
        }
        edits.extend((0..until).filter(|&at| dropped(at)).map(|at| self.drop_one(at)));
        edits
    }

    /// One item with the comma behind it, and with its line where nothing else is on it.
    fn drop_one(&self, at: usize) -> Edit {
        let text = self.text;
        let mut start = self.spans[at].start();
        let own_end = self.spans[at].end();
        // A comma on a later line stays with the comment before it; then only the item goes, and the check refuses what that breaks.
        let mut end = self.commas[at].filter(|&comma| !text[own_end..comma].contains('#')).map_or(own_end, |comma| comma + 1);
        let line = lines::line_start(text, start);
        let alone = text[line..start].trim().is_empty();
        let line_end = lines::line_end(text, end);
        let rest = &text[end..line_end];
        if rest.trim().is_empty() && alone {
            return Edit::delete(line, lines::next_line(text, end));
        }
        if rest.trim().is_empty() {
            let before = &text[self.list.start() + 1..start];
            start -= before.len() - before.trim_end_matches([' ', '\t']).len();
            end += rest.len();
        } else {
            let blanks = rest.len() - rest.trim_start().len();
            if self.commas[at].is_some() || alone {
                end += blanks;
            }
        }
        Edit::delete(start, end)
    }

    fn add(&self, new: &[String]) -> Vec<Edit> {
        let Some((last, comma)) = self.spans.last().zip(self.commas.last()) else {
            return vec![Edit::insert(self.list.start() + 1, new.join(", "))];
        };
        let text = self.text;
        let line = lines::line_start(text, last.start());
        let indent = &text[line..last.start()];
        let own_line = self.list.start() < line && indent.trim().is_empty();
        let line_end = lines::line_end(text, comma.unwrap_or(last.end()));
        if !own_line || line_end >= self.list.end() {
            return vec![Edit::insert(last.end(), new.iter().map(|item| format!(", {item}")).collect::<String>())];
        }
        let newline = lines::newline_at(text, line_end);
        let separator = format!(",{newline}{indent}");
        if comma.is_some() {
            return vec![Edit::insert(line_end, format!("{newline}{indent}{},", new.join(&separator)))];
        }
        let tail = format!("{newline}{indent}{}", new.join(&separator));
        if line_end == last.end() {
            return vec![Edit::insert(line_end, format!(",{tail}"))];
        }
        vec![Edit::insert(last.end(), ","), Edit::insert(line_end, tail)]
    }
}
