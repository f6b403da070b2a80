//! What is asked of many contacts at a time: how they are called, where they work, their mail address. Nearly always these words stand in the file's text as they
//! are meant: then only their places are kept. Where quotes or escapes hide them, they are kept as they are meant.

use super::path::VaultPath;
use crate::contact::{Document, Kind};

/// The name a file goes by; of a contact also another name, where they work and where mail reaches them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    places: [Place; ALL],
    meant: Option<Box<[Box<str>; ALL]>>,
}

/// Start and length in the text, in bytes. Front matter is short; what lies beyond is kept as it is meant.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u16,
    length: u16,
}

const ALIAS: usize = 0;
const OTHER: usize = 1;
const ORG: usize = 2;
const MAIL: usize = 3;
const ALL: usize = 4;

impl Names {
    /// The names that a document says.
    pub fn of(document: &Document<'_>) -> Self {
        if document.kind != Kind::Contact {
            return Self::default();
        }
        let other = document.other_names().first().copied();
        let mail = document.values_of("emails").first().map(|value| value.text);
        let said = [document.alias(), other, document.text_of("org"), mail].map(Option::unwrap_or_default);
        let places = said.map(|word| if word.is_empty() { Some(Place::default()) } else { place(document.text, word) });
        match places {
            [Some(alias), Some(other), Some(org), Some(mail)] => Self { places: [alias, other, org, mail], meant: None },
            _ => Self { places: [Place::default(); ALL], meant: Some(Box::new(said.map(Box::from))) },
        }
    }

    /// The name that a file goes by: a contact's alias, else the file's own name.
    pub fn alias<'t>(&'t self, text: &'t str, path: &'t VaultPath) -> &'t str {
        self.get(ALIAS, text).unwrap_or_else(|| path.stem())
    }

    /// The first of a contact's other names.
    pub fn other<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        self.get(OTHER, text)
    }

    /// Where a contact works.
    pub fn org<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        self.get(ORG, text)
    }

    /// The first of a contact's mail addresses.
    pub fn mail<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        self.get(MAIL, text)
    }

    fn get<'t>(&'t self, which: usize, text: &'t str) -> Option<&'t str> {
        let word = match &self.meant {
            Some(meant) => &*meant[which],
            None => {
                let Place { start, length } = self.places[which];
                text.get(usize::from(start)..usize::from(start) + usize::from(length))?
            }
        };
        Some(word).filter(|word| !word.is_empty())
    }
}

/// Where a word is that was borrowed from the text; `None` where it is a copy, or far behind.
fn place(text: &str, word: &str) -> Option<Place> {
    let start = word.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let place = Place { start: u16::try_from(start).ok()?, length: u16::try_from(word.len()).ok()? };
    (text.get(start..start.checked_add(word.len())?) == Some(word)).then_some(place)
}
