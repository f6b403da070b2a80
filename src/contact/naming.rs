//! What a file that names nobody may be called: by what it calls itself, by its title. And the edits that let it go by that name.

use super::document::Document;
use super::fields;
use crate::text::yaml::edit::{ItemChange, Source, Wish, plan};
use crate::text::yaml::{Node, Value};
use crate::text::{Edit, Span, edit, lines, markdown};

/// The names that a contact without an alias may go by, the likeliest first: what it calls itself, a title that opens its text, its
/// user name.
pub fn aliases(document: &Document<'_>) -> Vec<String> {
    let listed = match document.entry("alias").map(|entry| &entry.value.value) {
        Some(Value::List(items, _)) => items.first().and_then(Node::text),
        _ => None,
    };
    let name =
        document.head.entries.iter().find(|entry| fields::meant(&entry.key) == "name").and_then(|entry| entry.value.text());
    let named = [listed.map(str::to_owned), name.map(str::to_owned), title(document)];
    let other = document.values_of("aliases").into_iter().next().map(|value| value.text.to_owned());
    let username = document.text_of("username").map(str::to_owned);
    let mut found: Vec<String> = Vec::new();
    for name in named.into_iter().chain([other, username]).flatten() {
        let name = name.trim();
        let fits = !name.is_empty() && !name.chars().any(char::is_control) && !name.contains(['[', ']']);
        if fits && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// What a note calls itself: `title:` in its front matter, or the heading that opens it.
pub fn note_title(document: &Document<'_>) -> Option<String> {
    let said = document.text_of("title").map(str::trim).filter(|title| !title.is_empty());
    said.map(str::to_owned).or_else(|| title(document))
}

/// The heading of the first level that opens the text. Any other is about a part of it: `## Projects` names no person.
fn title(document: &Document<'_>) -> Option<String> {
    let whole = document.text;
    let body = document.fences.body;
    // Only the first paragraph is read: the search index asks this of every note.
    let start = body.start() + (body.of(whole).len() - body.of(whole).trim_start().len());
    let start = lines::line_start(whole, start).max(body.start());
    let mut end = start;
    while end < body.end() && !whole[end..lines::line_end(whole, end)].trim().is_empty() {
        end = lines::next_line(whole, end).min(body.end());
        let is_heading = whole[start..end].trim_start().starts_with("# ");
        if is_heading || end - start > LONGEST_TITLE {
            break;
        }
    }
    let (text, span) = markdown::parse(whole, Span::new(start, end)).heading?;
    let line = lines::line_start(whole, span.start());
    let underline = whole[lines::next_line(whole, span.end())..].trim_start_matches([' ', '\t']);
    let is_first_level = whole[line..span.start()].trim() == "#" || underline.starts_with('=');
    let opens = whole[body.start().min(line)..line].trim().is_empty();
    (is_first_level && opens).then_some(text)
}

/// A title that goes over several lines is looked for in no more bytes.
const LONGEST_TITLE: usize = 1024;

/// The edits that let a file go by this alias. Further names in a list go to `aliases`.
pub fn set_alias(document: &Document<'_>, alias: &str) -> Option<Vec<Edit>> {
    let text = document.text;
    let order = fields::order();
    let set = |text: &str, wish: &Wish<'_>| plan(text, Source::FrontMatter, &order, wish).ok();
    let Some(entry) = document.entry("alias").filter(|entry| matches!(entry.value.value, Value::List(..))) else {
        return set(text, &Wish::Set { path: &["alias"], value: alias });
    };
    let others: Vec<String> = entry
        .value
        .items()
        .iter()
        .filter_map(Node::text)
        .map(str::trim)
        .filter(|name| *name != alias)
        .map(str::to_owned)
        .collect();
    if entry.value.items().iter().any(|item| item.text().is_none()) {
        return None;
    }
    let removed = edit::apply(
        text,
        &set(text, &Wish::Keys { path: &[], change: &|key| if key == "alias" { ItemChange::Drop } else { ItemChange::Keep } })?,
    );
    let named = edit::apply(&removed, &set(&removed, &Wish::Set { path: &["alias"], value: alias })?);
    let wish = Wish::List { path: &["aliases"], change: &|_| ItemChange::Keep, add: &others };
    let whole = edit::apply(&named, &set(&named, &wish)?);
    Some(edit::between(text, &whole))
}
