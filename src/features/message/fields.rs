//! What a message may say of its recipient: the fields of their own file, and nothing else. Nothing here can name a group, another
//! recipient or a path of the vault, for it is not there to be named.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use crate::contact::document;
use crate::contact::fields::{self, FieldKind};
use crate::text::fold;
use crate::vault::{FileId, Vault};

/// Names that a message cannot use, and why.
const WITHHELD: &[(&str, &str)] = &[
    ("tags", "`tags` is not for messages: nobody is told in which groups they are"),
    ("opt_out", "`opt_out` is not for messages: who opted out gets none"),
    ("distinct", "`distinct` is not for messages: it names other people"),
    ("card", "`card` is not for messages: it is a path of yours"),
    ("vcard", "`vcard` is not for messages: it holds whole lines of a card, tags among them"),
    ("path", "`path` is not for messages: it is where your file is"),
    ("to", "`to` is not for messages: nobody is told by which query they were found"),
];

/// Names that the template language itself gives.
const LANGUAGE: &[&str] = &["range", "dict", "namespace", "loop", "fields"];

/// The fields of one recipient. Each is a text, or a list of texts.
pub fn of(vault: &Vault, file: FileId) -> Value {
    let file = vault.file(file);
    let document = file.document();
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    for entry in &document.head.entries {
        let key = entry.key.as_ref();
        if is_withheld(key) || fields.contains_key(key) {
            continue;
        }
        let values = document.values_of(key);
        let kind = fields::find(key).map(|field| field.kind);
        let is_list = matches!(kind, Some(FieldKind::List | FieldKind::Labelled)) || entry.value.text().is_none();
        let value = match values.first() {
            // Blank is not there: a message asks for what is.
            None => continue,
            Some(first) if !is_list => Value::from(first.text),
            Some(_) => {
                let own = |value: &document::FieldValue<'_>| (value.label.map(str::to_owned), value.text.to_owned());
                Value::from_object(Texts(values.iter().map(own).collect()))
            }
        };
        fields.insert(key.to_owned(), value);
    }
    fields.insert("alias".to_owned(), Value::from(file.alias()));
    // How they are addressed: by their own wish, their name, or what the sender calls them.
    if !fields.contains_key("greeting") {
        fields.insert("greeting".to_owned(), Value::from(super::greeting(&document, file.alias())));
    }
    let by_key = Value::from_object(Fields(fields.clone()));
    fields.insert("fields".to_owned(), by_key);
    Value::from_object(Fields(fields))
}

/// Why a message cannot use a name; `None` where it can.
pub fn fault(vault: &Vault, name: &str) -> Option<String> {
    if let Some((_, why)) = WITHHELD.iter().find(|(withheld, _)| *withheld == fields::meant(name)) {
        return Some((*why).to_owned());
    }
    let meant = fields::meant(name);
    if LANGUAGE.contains(&name) || known(vault).any(|known| known == name || known == meant) {
        return None;
    }
    let hint = near(vault, name).map(|near| format!(": is `{near}` meant?")).unwrap_or_default();
    Some(format!("no contact has the field `{name}`{hint}"))
}

/// The field that a misspelt one was most likely meant to be.
pub fn near<'v>(vault: &'v Vault, name: &str) -> Option<&'v str> {
    let limit = if name.chars().count() < 4 { 1 } else { 2 };
    known(vault).filter_map(|known| Some((fold::distance(name, known, limit)?, known))).min().map(|(_, near)| near)
}

fn known(vault: &Vault) -> impl Iterator<Item = &str> {
    fields::FIELDS.iter().map(|field| field.key).chain(vault.own_keys()).filter(|key| !is_withheld(key))
}

/// Is a key none that a message can use? The keys of a broadcast speak of the message, not of its recipient.
pub fn is_withheld(key: &str) -> bool {
    let is_named = |key: &str| WITHHELD.iter().any(|(withheld, _)| *withheld == key);
    fields::BROADCAST_KEYS.contains(&key) || is_named(key) || is_named(fields::meant(key)) || fields::is_opt_out(key)
}

#[derive(Debug)]
struct Fields(BTreeMap<String, Value>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        self.0.get(key).or_else(|| self.0.get(fields::meant(key))).cloned()
    }
}

/// Texts, each perhaps with a label: `phones[0]`, `phones.work`; all of them with commas between where they stand alone.
#[derive(Debug)]
struct Texts(Vec<(Option<String>, String)>);

impl Object for Texts {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        if let Some(number) = key.as_usize() {
            return self.0.get(number).map(|(_, text)| Value::from(text.as_str()));
        }
        let label = key.as_str()?;
        self.0.iter().find(|(own, _)| own.as_deref() == Some(label)).map(|(_, text)| Value::from(text.as_str()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (_, text)) in self.0.iter().enumerate() {
            out.write_str(if number == 0 { "" } else { ", " })?;
            out.write_str(text)?;
        }
        Ok(())
    }
}
