//! What is given to a command. Whatever cannot be meant is refused: a filter that is passed over because it is misspelt or of the
//! wrong sort would let a command do to everybody what was wished for some.

use std::sync::Arc;

use serde_json::{Map, Value};
use tower_lsp::ls_types::Uri;

use super::super::convert::to_uri;
use super::super::space::Space;
use super::super::uris;
use super::super::world::World;

/// Of what sort an argument is, by its name; all others are texts.
const SORTS: &[(&str, Sort)] = &[
    ("tags", Sort::Texts),
    ("contacts", Sort::Texts),
    ("contact", Sort::Texts),
    ("merge", Sort::Truth),
    ("tree", Sort::Truth),
    ("write", Sort::Truth),
    ("show", Sort::Truth),
    ("count", Sort::Truth),
    ("delete", Sort::Truth),
    ("quiet", Sort::Truth),
    ("new_tag", Sort::Truth),
    ("limit", Sort::Number),
    ("line", Sort::Number),
    ("character", Sort::Number),
    ("set", Sort::Map),
    ("insert", Sort::Map),
];

#[derive(Clone, Copy)]
enum Sort {
    Text,
    Texts,
    Truth,
    Number,
    Map,
}

impl Sort {
    fn of(name: &str) -> Self {
        SORTS.iter().find(|(known, _)| *known == name).map_or(Sort::Text, |(_, sort)| *sort)
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Sort::Text => value.is_string(),
            Sort::Texts => value.is_string() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            Sort::Truth => value.is_boolean(),
            Sort::Number => value.is_u64(),
            Sort::Map => value.is_object(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Sort::Text => "a text",
            Sort::Texts => "a text or a list of texts",
            Sort::Truth => "true or false",
            Sort::Number => "a whole number",
            Sort::Map => "an object",
        }
    }
}

/// What was given: an object of named values; or lone texts, which are those that the command cannot do without.
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads what a client sent. `lone` names the texts that need no name, in their order; `named` what else the command takes.
    pub fn new(arguments: Vec<Value>, lone: &[&str], named: &[&str]) -> Result<Self, String> {
        let mut given = Map::new();
        let mut texts = Vec::new();
        for argument in arguments {
            match argument {
                Value::Object(values) => given.extend(values),
                Value::String(text) => texts.push(text),
                Value::Array(items) if items.iter().all(Value::is_string) => {
                    texts.extend(items.into_iter().filter_map(|item| item.as_str().map(str::to_owned)));
                }
                Value::Null => {}
                other => return Err(format!("`{other}` is no argument: give an object of named values")),
            }
        }
        // What is null was not given.
        given.retain(|_, value| !value.is_null());
        let known: Vec<&str> = lone.iter().chain(named).copied().chain(["vault", "uri"]).collect();
        for (name, value) in &given {
            if !known.contains(&name.as_str()) {
                return Err(format!("`{name}` means nothing here: known are {}", known.join(", ")));
            }
            if !Sort::of(name).fits(value) {
                return Err(format!("`{name}` must be {}", Sort::of(name).words()));
            }
        }
        let mut free = lone.iter().filter(|name| !given.contains_key(**name)).copied().collect::<Vec<_>>().into_iter();
        for text in texts {
            let name = free.next().ok_or_else(|| format!("`{text}` is one text too many: give an object of named values"))?;
            given.insert(name.to_owned(), text.into());
        }
        Ok(Self(given))
    }

    /// A text by its name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A text that must be there.
    pub fn needed(&self, name: &str) -> Result<&str, String> {
        self.text(name).filter(|text| !text.trim().is_empty()).ok_or_else(|| format!("`{name}` is missing"))
    }

    /// One text or several.
    pub fn texts(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn truth(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn number(&self, name: &str) -> Option<usize> {
        self.0.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    }

    pub fn map(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name).and_then(Value::as_object)
    }

    /// The document that it is about.
    pub fn uri(&self) -> Option<Uri> {
        uris::parse(self.text("uri")?)
    }

    /// The vault that is meant: by `vault` (its folder), by `uri` or a contact's URI (a file in it), else the first one.
    pub fn space(&self, world: &World) -> Result<Arc<Space>, String> {
        if let Some(text) = self.text("vault") {
            let uri = if text.contains("://") { uris::parse(text) } else { Some(to_uri(std::path::Path::new(text))) };
            let space = uri.and_then(|uri: Uri| world.space(Some(&uri)));
            return space.ok_or_else(|| format!("{text} is no vault that is served"));
        }
        let contacts = ["contact", "contacts", "keep", "other"].into_iter().flat_map(|name| self.texts(name));
        let files = contacts.filter(|text| text.contains("://")).filter_map(|text| uris::parse(&text));
        let by_document = self.uri().into_iter().chain(files).find_map(|uri: Uri| world.space(Some(&uri)));
        by_document
            .or_else(|| world.space(None))
            .ok_or_else(|| "no folder is open: open the folder that holds your contacts".to_owned())
    }
}
