//! Opting out: which messages a contact says no to, in every spelling and wherever in the front matter it is written.

use super::document::Document;
use super::fields;
use crate::text::yaml::{Entry, Node, Value};
use crate::text::{Span, fold};

/// What a contact wants no broadcasts of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptOut {
    /// Of nothing at all.
    All,
    /// Of these channels; nobody opted out where it is empty.
    Channels(Vec<String>),
}

impl Document<'_> {
    /// From which channels the contact opted out: by `opt_out` or a near miss of it, wherever in the front matter it stands. Anything
    /// but `false`, a channel or a list of channels counts as `true`.
    pub fn opt_out(&self) -> OptOut {
        let mut channels = Vec::new();
        match self.head.entries.iter().all(|entry| self.gather_opt_out(entry, &mut channels)) {
            true => OptOut::Channels(channels),
            false => OptOut::All,
        }
    }

    /// Adds the channels that an entry, or one inside it, opts out of; `false` where that is everything.
    fn gather_opt_out(&self, entry: &Entry<'_>, channels: &mut Vec<String>) -> bool {
        if !fields::is_opt_out(&entry.key) {
            return self.gather_inside(&entry.value, channels);
        }
        let folded = |text: &str| fold::search_key(text.trim()).into_owned();
        let mut add = |text: &str| self.channel(&folded(text)).map(|channel| channels.push(channel)).is_some();
        match &entry.value.value {
            Value::Scalar(text, _) => folded(text) == "false" || add(text),
            Value::List(items, _) if !items.is_empty() => items.iter().all(|item| item.text().is_some_and(&mut add)),
            _ => false,
        }
    }

    fn gather_inside(&self, node: &Node<'_>, channels: &mut Vec<String>) -> bool {
        match &node.value {
            Value::Map(entries, _) => entries.iter().all(|entry| self.gather_opt_out(entry, channels)),
            Value::List(items, _) => items.iter().all(|item| self.gather_inside(item, channels)),
            _ => true,
        }
    }

    /// The channel that a word means: `E-Mail` is `email`; a handle, or a key that this contact has.
    fn channel(&self, word: &str) -> Option<String> {
        let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        match bare.as_str() {
            "email" | "emails" | "mail" | "mails" => Some("email".to_owned()),
            "sms" => Some("sms".to_owned()),
            "phone" | "phones" => Some("phone".to_owned()),
            handle if fields::find(handle).is_some_and(|field| field.kind == fields::FieldKind::Handle) => Some(bare),
            _ => self.entry(word).is_some().then(|| word.to_owned()),
        }
    }
}

/// An `opt_out`, or a near miss of it, that stands under another key: it counts, but nobody looks for it there.
pub fn nested_opt_out(node: &Node<'_>) -> Option<Span> {
    match &node.value {
        Value::List(items, _) => items.iter().find_map(nested_opt_out),
        Value::Map(entries, _) => entries
            .iter()
            .find_map(|entry| if fields::is_opt_out(&entry.key) { Some(entry.key_span) } else { nested_opt_out(&entry.value) }),
        _ => None,
    }
}
