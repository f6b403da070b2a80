//! A contact as data: what `--format json` prints and what scripts may rely on.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::json;

use super::recipients::Recipients;
use crate::contact::document::{Document, FieldValue};
use crate::contact::fields::{self, FieldKind};
use crate::text::yaml::{Entry, Node, Value};
use crate::vault::{FileId, Vault};

/// A file as a JSON object: `path`, `kind` where it is no contact, `alias`, `tags`, then every other key of the front matter as
/// it is written. Texts are strings, never numbers; fields that hold lists are arrays even where one value stands alone. Written
/// straight from the file, without a tree in between: a list may have a hundred thousand of them.
pub struct Record<'v> {
    vault: &'v Vault,
    file: FileId,
    more: Vec<(&'static str, String)>,
}

impl<'v> Record<'v> {
    /// The file as data.
    pub fn new(vault: &'v Vault, file: FileId) -> Self {
        Self { vault, file, more: Vec::new() }
    }

    /// With one more member behind the others, in the place of a key of that name.
    pub fn with(mut self, key: &'static str, value: String) -> Self {
        self.more.push((key, value));
        self
    }

    /// As text, on one line.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The same as a tree.
pub fn json(vault: &Vault, id: FileId) -> serde_json::Value {
    serde_json::to_value(Record::new(vault, id)).unwrap_or_default()
}

/// Who gets a message, with the address that is used, and who does not and why: the same for whoever asks. `of` is how a file is told.
pub fn report(vault: &Vault, result: &Recipients, of: impl Fn(FileId) -> serde_json::Value) -> serde_json::Value {
    let chosen = result.chosen.iter().map(|recipient| {
        let mut record = of(recipient.file);
        if let Some(object) = record.as_object_mut() {
            object.insert("address".to_owned(), recipient.address.clone().into());
        }
        record
    });
    let left_out = result.left_out.iter().map(|(id, reason)| {
        let file = vault.file(*id);
        json!({ "path": file.path().as_str(), "alias": file.alias(), "reason": reason.name(), "words": reason.words(vault, *id) })
    });
    json!({ "recipients": chosen.collect::<Vec<_>>(), "left_out": left_out.collect::<Vec<_>>() })
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let file = self.vault.file(self.file);
        let document = file.document();
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("path", file.path().as_str())?;
        let is_contact = file.kind() == crate::contact::Kind::Contact;
        if !is_contact {
            object.serialize_entry("kind", file.kind().name())?;
        }
        object.serialize_entry("alias", file.alias())?;
        object.serialize_entry("tags", &document.tags().into_iter().map(|tag| tag.text).collect::<Vec<_>>())?;
        for (at, entry) in document.head.entries.iter().enumerate() {
            if self.is_shown(&document, at, entry, is_contact) {
                object.serialize_entry(entry.key.as_ref(), &Field(&document, entry))?;
            }
        }
        for (key, value) in &self.more {
            object.serialize_entry(key, value)?;
        }
        object.end()
    }
}

impl Record<'_> {
    /// `path` is where the file is; a key of that name in the front matter cannot stand for it. Of a key that is there twice the
    /// first counts.
    fn is_shown(&self, document: &Document<'_>, at: usize, entry: &Entry<'_>, is_contact: bool) -> bool {
        let key = entry.key.as_ref();
        let is_taken = matches!(key, "alias" | "tags" | "path") || (key == "kind" && !is_contact);
        let is_more = self.more.iter().any(|(more, _)| *more == key);
        !is_taken && !is_more && !document.head.entries[..at].iter().any(|earlier| earlier.key == entry.key)
    }
}

struct Field<'e>(&'e Document<'e>, &'e Entry<'e>);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Field(document, Entry { key, value, .. }) = self;
        let is_list = fields::find(key).is_some_and(|field| matches!(field.kind, FieldKind::List | FieldKind::Labelled));
        // A field that is written in more than one place, or under a key with a label.
        if is_list && (document.entries_of(key).nth(1).is_some() || fields::label(document.written(self.1)).is_some()) {
            let labelled = |value: &FieldValue<'_>| match value.label {
                Some(label) => json!({ label: value.text }),
                None => json!(value.text),
            };
            return serializer.collect_seq(document.values_of(key).iter().map(labelled));
        }
        if is_list && !matches!(value.value, Value::Map(..)) {
            return serializer.collect_seq(value.items().iter().map(Written));
        }
        Written(value).serialize(serializer)
    }
}

struct Written<'n>(&'n Node<'n>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            Value::Empty => serializer.serialize_unit(),
            Value::Scalar(text, _) => serializer.serialize_str(text),
            Value::List(items, _) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Written(item)))?;
                list.end()
            }
            Value::Map(entries, _) => {
                let mut map = serializer.serialize_map(None)?;
                for (at, entry) in entries.iter().enumerate() {
                    if !entries[..at].iter().any(|earlier| earlier.key == entry.key) {
                        map.serialize_entry(entry.key.as_ref(), &Written(&entry.value))?;
                    }
                }
                map.end()
            }
        }
    }
}
