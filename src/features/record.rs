//! A contact as data: what `--format json` prints and what scripts may rely on.

use serde_json::{Map, Value as Json};

use crate::contact::document::Document;
use crate::contact::fields::{self, FieldKind};
use crate::text::yaml::{Node, Value};
use crate::vault::{FileId, Vault};

/// A file as a JSON object: `path`, `kind` where it is no contact, `alias`, `tags`, then every other key of the front matter as
/// it is written. Texts are strings, never numbers; fields that hold lists are arrays even where one value stands alone.
pub fn json(vault: &Vault, id: FileId) -> Json {
    let file = vault.file(id);
    let document = file.document();
    let mut object = Map::new();
    object.insert("path".to_owned(), file.path().as_str().into());
    if file.kind() != crate::contact::Kind::Contact {
        object.insert("kind".to_owned(), file.kind().name().into());
    }
    object.insert("alias".to_owned(), file.alias().into());
    object.insert("tags".to_owned(), document.tags().into_iter().map(|tag| Json::from(tag.text)).collect());
    add_fields(&document, &mut object);
    Json::Object(object)
}

fn add_fields(document: &Document<'_>, object: &mut Map<String, Json>) {
    for entry in &document.head.entries {
        let key = entry.key.as_ref();
        // `path` is where the file is; a key of that name in the front matter cannot stand for it.
        if matches!(key, "alias" | "tags" | "path") || object.contains_key(key) {
            continue;
        }
        let listed = fields::find(key).is_some_and(|field| matches!(field.kind, FieldKind::List | FieldKind::Labelled));
        let value = if listed && !matches!(entry.value.value, Value::Map(..)) {
            entry.value.items().iter().map(node).collect()
        } else {
            node(&entry.value)
        };
        object.insert(key.to_owned(), value);
    }
}

fn node(node_: &Node<'_>) -> Json {
    match &node_.value {
        Value::Empty => Json::Null,
        Value::Scalar(text, _) => text.as_ref().into(),
        Value::List(items, _) => items.iter().map(node).collect(),
        Value::Map(entries, _) => Json::Object(entries.iter().map(|entry| (entry.key.to_string(), node(&entry.value))).collect()),
    }
}
