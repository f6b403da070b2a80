//! The tags of a message: fields of the recipients and filters in `{{ … }}`, statements in `{% … %}`.

use super::{About, Completion, Item, ItemKind, LIMIT, filter, raw};
use crate::contact::cursor::Word;
use crate::contact::fields::FIELDS;
use crate::features::Here;
use crate::features::message::{self, is_withheld};
use crate::text::{Span, lines};

/// Filters that a message is likely to want, and what they do.
const FILTERS: &[(&str, &str)] = &[
    ("default", "another text where there is none: default(\"friend\")"),
    ("first", "the first of a list"),
    ("join", "a list as one text: join(\", \")"),
    ("lower", "small letters"),
    ("title", "Capital Letters"),
    ("trim", "without blanks around it"),
    ("upper", "CAPITAL LETTERS"),
    ("length", "how many"),
    ("replace", "replace(\"a\", \"b\")"),
];

/// Names that fit.
pub fn complete(here: &Here<'_>, offset: usize, word: &Word, is_filter: bool) -> Completion {
    let begun = raw(here, word.span, offset);
    let typed = word.typed.as_str();
    let fields = FIELDS.iter().filter(|field| !is_withheld(field.key)).map(|field| (field.key, field.meaning, ItemKind::Field));
    let filters = FILTERS.iter().map(|&(name, meaning)| (name, meaning, ItemKind::Operator));
    let is_name = |key: &&str| key.chars().all(|c| c.is_alphanumeric() || c == '_') && !is_withheld(key);
    let mut own: Vec<&str> = here.vault.own_keys().filter(is_name).collect();
    own.sort_unstable();
    let own = own.into_iter().map(|key| (key, "a key of your own", ItemKind::Field));
    let candidates: Vec<_> = if is_filter { filters.collect() } else { fields.chain(own).collect() };
    let mut items: Vec<Item> = candidates
        .into_iter()
        .filter(|(name, ..)| name.contains(typed))
        .map(|(name, meaning, kind)| Item {
            label: name.to_owned(),
            detail: meaning.to_owned(),
            kind,
            span: word.span,
            new: name.to_owned(),
            cursor: None,
            filter: filter(begun, typed, name),
            about: About::Nothing,
        })
        .collect();
    items.sort_by_key(|item| !item.label.starts_with(typed));
    items.truncate(LIMIT);
    Completion { items, is_incomplete: false }
}

/// How a statement goes on after its word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// `{% else %}`: it does not.
    Nothing,
    /// `{% set … %}`: with this before the cursor, and nothing to close it.
    Words(&'static str),
    /// `{% if … %}`: the same, and this closes it.
    Block(&'static str, &'static str),
}

/// The statements of a message, what each does, and how it goes on.
const STATEMENTS: &[(&str, &str, Rest)] = &[
    ("if", "only where a field is there, or says something", Rest::Block(" ", "endif")),
    ("for", "once for each item of a list", Rest::Block(" item in ", "endfor")),
    ("set", "names a value: set x = …", Rest::Words(" ")),
    ("with", "names a value for a part of the message", Rest::Block(" ", "endwith")),
];

/// What may stand inside a block: its statement, and the word that is offered there.
const INNER: &[(&str, &str, &str, Rest)] = &[
    ("if", "endif", "ends `if`", Rest::Nothing),
    ("if", "else", "otherwise", Rest::Nothing),
    ("if", "elif", "otherwise, where this holds", Rest::Words(" ")),
    ("for", "endfor", "ends `for`", Rest::Nothing),
    ("for", "else", "where the list is empty", Rest::Nothing),
    ("with", "endwith", "ends `with`", Rest::Nothing),
];

/// Statements after `{%`: first what belongs to the block around the cursor. One that begins a block brings its end along, unless it
/// is there.
pub fn statements(here: &Here<'_>, offset: usize, word: &Word) -> Completion {
    let text = here.text();
    let begun = raw(here, word.span, offset);
    let line = &text[word.span.end()..lines::line_end(text, word.span.end())];
    let spaces = line.len() - line.trim_start().len();
    let is_closed = line.trim_start().trim_start_matches(['-', '+']).starts_with("%}");
    // One bracket is what an editor adds to the first `{` by itself.
    let is_half = !is_closed && line.starts_with('}');
    let (eaten, tail) = match (is_closed, is_half) {
        (true, _) => (spaces, " "),
        (false, true) => (1, " %}"),
        (false, false) => (0, " %}"),
    };
    let span = Span::new(word.span.start(), word.span.end() + eaten);
    let tag = text[..word.span.start()].rfind("{%").unwrap_or(word.span.start());
    let region = here.document.fences.body;
    let region = if tag >= region.start() { region } else { Span::new(lines::line_start(text, tag), lines::line_end(text, tag)) };
    let blocks = message::blocks_around(Span::new(region.start(), tag).of(text), Span::new(span.end(), region.end()).of(text));
    let lead = if text[..word.span.start()].ends_with(char::is_whitespace) { "" } else { " " };
    let inner = INNER.iter().filter(|(block, name, ..)| {
        let around = blocks.open.last();
        around.is_some_and(|(own, has_else)| own == block && !(*has_else && matches!(*name, "else" | "elif")))
    });
    let inner = inner.map(|&(_, name, meaning, rest)| (name, meaning, rest));
    let mut items: Vec<Item> = inner
        .chain(STATEMENTS.iter().copied())
        .filter(|(name, ..)| name.contains(&*word.typed))
        .map(|(name, meaning, rest)| {
            let (words, end) = match rest {
                Rest::Nothing => ("", None),
                Rest::Words(words) => (words, None),
                Rest::Block(words, end) => (words, Some(end)),
            };
            let end = end.filter(|end| !is_closed && !blocks.unopened.contains(end));
            let head = format!("{lead}{name}{words}");
            let cursor = (rest != Rest::Nothing).then_some(head.len());
            let end = end.map(|end| format!("{{% {end} %}}")).unwrap_or_default();
            let new = format!("{head}{tail}{end}");
            let (label, detail) = (name.to_owned(), meaning.to_owned());
            let filter = filter(begun, &word.typed, name);
            Item { label, detail, kind: ItemKind::Operator, span, new, cursor, filter, about: About::Nothing }
        })
        .collect();
    items.sort_by_key(|item| !item.label.starts_with(&*word.typed));
    Completion { items, is_incomplete: false }
}
