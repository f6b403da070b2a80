//! The holes of a message: fields of the recipients, and filters.

use super::{About, Completion, Item, ItemKind, LIMIT, filter, raw};
use crate::contact::cursor::Word;
use crate::contact::fields::FIELDS;
use crate::features::Here;
use crate::features::message::is_withheld;

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
