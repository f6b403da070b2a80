//! Floor 2, one file understood: is it a contact, a broadcast or a note, what does it say, and what is wrong with it.

mod address;
mod addresses;
pub mod broadcast;
pub mod config;
pub mod cursor;
pub mod date;
pub mod document;
mod doubtful;
pub mod fields;
mod inspect;
mod keys;
pub mod links;
pub mod mailbox;
pub mod meanings;
pub mod mend;
mod misplaced;
pub mod naming;
mod opt_out;
pub mod problem;
pub mod reach;
pub mod tag;
pub mod unfinished;

pub use address::{email_fault, phone_fault, without_extension};
pub use config::Config;
pub use cursor::{Cursor, QueryPlace, Word, WordPlace};
pub use document::{Document, Kind};
pub use inspect::inspect;
pub use misplaced::Misplaced;
pub use opt_out::{OptOut, nested_opt_out};
pub use problem::{Code, Problem, Severity};

/// Is this key's value text that a person could have begun with `#` or `[[`? Not where YAML lists in lists are somebody's own.
fn document_key_is_text(document: &Document<'_>, key: &str) -> bool {
    fields::find(key).is_some() || (document.kind == Kind::Broadcast && fields::BROADCAST_KEYS.contains(&key))
}
