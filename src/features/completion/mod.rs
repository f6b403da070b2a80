//! Completion: what could stand where the cursor is, the likeliest first. Few and small items; what is costly to tell about one
//! of them is told when somebody asks.

mod fields;
pub mod links;
mod query;
mod tags;
mod template;

use super::Here;
use crate::contact::cursor::{TemplatePlace, Word};
use crate::contact::{Cursor, Kind, WordPlace};
use crate::text::yaml::{Style, quote};
use crate::text::{Span, lines};

/// So many items are offered at most: nobody reads more, and every key asks again.
pub const LIMIT: usize = 60;

/// What a completion may draw on beside the vault.
pub struct Options<'a> {
    /// Files that are neither contacts nor notes, as far as they are known: pictures, attachments. Relative to the vault.
    pub files: &'a dyn Fn() -> Vec<String>,
    /// Today's date, as `2026-04-02`.
    pub today: &'a dyn Fn() -> String,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The likeliest first.
    pub items: Vec<Item>,
    /// May typing on bring others? Then it is worth asking again at each key.
    pub is_incomplete: bool,
}

/// Something that could stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the person sees.
    pub label: String,
    /// A few words beside it.
    pub detail: String,
    /// What it is.
    pub kind: ItemKind,
    /// What goes.
    pub span: Span,
    /// What comes in its place.
    pub new: String,
    /// Where the cursor stands afterwards, in bytes of `new`; behind it where nothing is said.
    pub cursor: Option<usize>,
    /// What an editor compares with what is typed between the beginning of `span` and the cursor. It always begins with that:
    /// what was found by its sound or its number would else be dropped again.
    pub filter: String,
    /// What there is to tell about it on request.
    pub about: About,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A tag in use.
    Tag,
    /// A tag that nobody carries yet.
    NewTag,
    /// Somebody.
    Contact,
    /// A note or another file of the vault that is no contact.
    Note,
    /// A heading of a file.
    Heading,
    /// A key.
    Key,
    /// A value that is in use.
    Value,
    /// A sign or word of the query language, a filter or statement of a message.
    Operator,
    /// A field in a message.
    Field,
    /// A file.
    File,
}

/// What there is to tell about an item on request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Nothing more.
    Nothing,
    /// A tag, by its name.
    Tag(String),
    /// A contact, by its path.
    Contact(String),
    /// A picture, by its path.
    File(String),
}

/// What could stand at the cursor.
pub fn complete(here: &Here<'_>, offset: usize, options: &Options<'_>) -> Completion {
    let mut found = candidates(here, offset, options);
    // Behind a word that is whole, or in another part of a link, nothing is being typed.
    found.items.retain(|item| item.span.touches(offset));
    found
}

fn candidates(here: &Here<'_>, offset: usize, options: &Options<'_>) -> Completion {
    match here.cursor(offset) {
        Cursor::Value { path, word, others, .. } => {
            let names: Vec<&str> = path.iter().map(String::as_str).collect();
            match (here.document.kind, names.as_slice()) {
                (Kind::Contact | Kind::Note, ["tags"])
                | (Kind::Broadcast, ["to" | "exclude" | "tags"])
                | (Kind::Config, ["tags", "known"]) => {
                    tags::complete(here, offset, &word, &others, !matches!(names[0], "to" | "exclude"))
                }
                (_, path) => {
                    let mut found = fields::values(here, offset, path, &word, options);
                    // On an empty line a new key is as likely: at the margin one of the file's, further in one of the section's.
                    if matches!(word.place, WordPlace::Line { .. }) && word.span.is_empty() {
                        let at_margin = offset == lines::line_start(here.text(), offset);
                        let section = if at_margin { Vec::new() } else { path.iter().map(|key| (*key).to_owned()).collect() };
                        found.items.extend(fields::keys(here, offset, &section, &word).items);
                    }
                    found
                }
            }
        }
        Cursor::Key { path, word } => fields::keys(here, offset, &path, &word),
        Cursor::Link { word, closing, form } => links::complete(here, offset, &word, (closing, form), options),
        Cursor::LinkHeading { target, word, closing, form } => links::headings(here, offset, &target, &word, (closing, form)),
        Cursor::LinkPath { word, embed } => links::paths(here, offset, &word, embed, options),
        Cursor::Mention { word } => tags::mention(here, offset, &word),
        Cursor::Query { span, place } => query::complete(here, offset, span, place),
        Cursor::Template { word, place: TemplatePlace::Statement } => template::statements(here, offset, &word),
        Cursor::Template { word, place } => template::complete(here, offset, &word, place == TemplatePlace::Filter),
        Cursor::LinkText { .. } | Cursor::Nothing => Completion::default(),
    }
}

/// Does answering here need names and numbers to be searched?
pub fn needs_search(here: &Here<'_>, offset: usize) -> bool {
    matches!(here.cursor(offset), Cursor::Link { .. } | Cursor::LinkHeading { .. } | Cursor::LinkPath { .. })
}

/// What is typed between the beginning of a span and the cursor, as an editor sees it.
fn raw<'t>(here: &Here<'t>, span: Span, offset: usize) -> &'t str {
    here.text().get(span.start()..offset.clamp(span.start(), span.end())).unwrap_or("")
}

/// What an editor compares with what is typed: that, and then more of the name. Editors that score again (VS Code, Helix) give all
/// items of an answer the same score by that, and keep the order in which they were sent: one that only holds the typed letters scores
/// less than one that begins with them, and one that is equal to them more (`boostFullMatch` of VS Code's `fuzzyScore`).
fn filter(raw: &str, typed: &str, name: &str) -> String {
    let begins = |begin: &str| begin.to_lowercase() == typed.to_lowercase();
    match name.get(..typed.len()).filter(|begin| begins(begin)).map(|_| &name[typed.len()..]) {
        Some(rest) if !rest.is_empty() => format!("{raw}{rest}"),
        _ if raw.is_empty() => name.to_owned(),
        _ => format!("{raw} {name}"),
    }
}

/// A value as it must be written in place of a word: in the quotes that are there, or in those that YAML needs, with the dash,
/// blank or comma that is missing. The second answer is where the cursor stands afterwards.
fn written(here: &Here<'_>, word: &Word, offset: usize, value: &str, is_list: bool) -> (String, Option<usize>) {
    let style = match word.span.of(here.text()).chars().next() {
        Some('"') => Style::Double,
        Some('\'') => Style::Single,
        _ => Style::Plain,
    };
    let block = |blank: bool| format!("{}{}", if blank { " " } else { "" }, quote::write(value, style, quote::Place::Block));
    match word.place {
        WordPlace::Text => (value.to_owned(), None),
        WordPlace::Flow { comma, open } => {
            let item = quote::write(value, style, quote::Place::Flow);
            let blank = !here.text()[word.span.end()..].starts_with(char::is_whitespace);
            // Right behind a comma, where nothing is typed yet.
            let before = if word.span.is_empty() && here.text()[..word.span.start()].ends_with(',') { " " } else { "" };
            if open {
                let item = format!("{before}{item}");
                return (format!("{item}]"), Some(item.len()));
            }
            (format!("{before}{item}{}", if comma { if blank { ", " } else { "," } } else { "" }), None)
        }
        WordPlace::Item { blank } => (block(blank), None),
        WordPlace::Line { indent } => {
            let column = offset - crate::text::lines::line_start(here.text(), offset);
            let missing = (indent as usize).saturating_sub(column);
            (format!("{}- {}", " ".repeat(missing), block(false)), None)
        }
        WordPlace::Scalar { blank } if is_list && style == Style::Plain => {
            let before = if blank { " [" } else { "[" };
            let item = format!("{before}{}", quote::write(value, style, quote::Place::Flow));
            let cursor = item.len();
            (format!("{item}]"), Some(cursor))
        }
        WordPlace::Scalar { blank } => (block(blank), None),
    }
}
