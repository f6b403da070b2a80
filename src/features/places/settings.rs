//! Lists in `guanxi.yaml` that get more items, made where they are missing.

use super::queries;
use crate::contact::Document;
use crate::text::yaml::edit::{ItemChange, Wish};
use crate::text::yaml::{Layout, Style, Value, quote};
use crate::text::{Edit, lines};

/// The edits that add items to the list at `section` and `key`; `text` is that of `guanxi.yaml`, empty where there is none. `None` where
/// it is written in a way that cannot be changed safely.
pub fn added(text: &str, section: &str, key: &str, new: &[String]) -> Option<Vec<Edit>> {
    let document = Document::parse_config(text);
    if queries::setting(&document, section, key).is_some() {
        let wish = Wish::List { path: &[section, key], change: &|_| ItemChange::Keep, add: new };
        return document.plan(&[], &wish).ok();
    }
    let items: Vec<String> = new.iter().map(|entry| quote::write(entry, Style::Plain, quote::Place::Flow)).collect();
    let line = format!("{key}: [{}]", items.join(", "));
    let newline = lines::newline_of(text);
    let Some(outer) = document.entry(section) else {
        let gap = if text.is_empty() || text.ends_with(['\n', '\r', '\u{feff}']) { "" } else { newline };
        return Some(vec![Edit::insert(text.len(), format!("{gap}{section}:{newline}  {line}{newline}"))]);
    };
    let indent = match &outer.value.value {
        Value::Map(entries, Layout::Block) => {
            let first = entries.first()?.key_span.start();
            first - lines::line_start(text, first)
        }
        Value::Empty => 2,
        _ => return None,
    };
    let end = lines::line_end(text, outer.key_span.end());
    Some(vec![Edit::insert(end, format!("{newline}{}{line}", " ".repeat(indent)))])
}
