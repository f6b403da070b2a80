//! `workspace/executeCommand`: what pickers and scripts of editors ask for. JSON in, JSON out; edits go to the editor by
//! `workspace/applyEdit`, results are shown by `window/showDocument` where that is asked for.

mod broadcast;
mod change;
mod look;

use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp::ls_types::{Uri, WorkspaceEdit};

use super::edits::{Announcement, FileChange, workspace_edit};
use super::space::Space;
use super::world::World;
use crate::features::record::Record;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// Every command.
pub const NAMES: &[&str] = &[
    "guanxi.find",
    "guanxi.list",
    "guanxi.tags",
    "guanxi.new",
    "guanxi.tag.add",
    "guanxi.tag.remove",
    "guanxi.tag.rename",
    "guanxi.broadcast.list",
    "guanxi.broadcast.preview",
    "guanxi.contact.merge",
];

/// What a command comes to.
#[derive(Default)]
pub struct Outcome {
    /// The answer.
    pub answer: Value,
    /// The answer as JSON text, where it is too large for a tree.
    pub text: Option<String>,
    /// What the editor should change, and what that is called.
    pub edit: Option<(String, WorkspaceEdit)>,
    /// What the editor should show.
    pub show: Option<Uri>,
}

impl Outcome {
    /// An answer, and nothing more.
    pub fn answer(answer: Value) -> Self {
        Self { answer, ..Self::default() }
    }
}

/// Runs a command. An error is a message for a person.
pub fn run(world: &World, name: &str, arguments: Vec<Value>) -> Result<Outcome, String> {
    let given = Arguments::new(arguments);
    let space = given.space(world)?;
    let call = Call { world, space: &space, given: &given };
    match name {
        "guanxi.find" => look::find(&call),
        "guanxi.list" => look::list(&call),
        "guanxi.tags" => look::tags(&call),
        "guanxi.new" => change::new(&call),
        "guanxi.tag.add" => change::retag(&call, true),
        "guanxi.tag.remove" => change::retag(&call, false),
        "guanxi.tag.rename" => change::rename(&call),
        "guanxi.contact.merge" => change::merge(&call),
        "guanxi.broadcast.list" => broadcast::list(&call),
        "guanxi.broadcast.preview" => broadcast::preview(&call),
        _ => Err(format!("there is no command `{name}`")),
    }
}

/// A command with its vault and what was given to it.
pub struct Call<'a> {
    world: &'a World,
    space: &'a Arc<Space>,
    given: &'a Arguments,
}

impl Call<'_> {
    /// An edit for the editor. Where the client cannot be asked to make it, it stands in the answer too.
    fn edit(&self, label: &str, changes: Vec<FileChange>, announcement: Option<Announcement>, mut answer: Value) -> Outcome {
        if changes.is_empty() {
            return Outcome::answer(answer);
        }
        let edit = workspace_edit(self.world, self.space, changes, announcement);
        if !self.world.understands().apply_edit
            && let (Some(object), Ok(edit)) = (answer.as_object_mut(), serde_json::to_value(&edit))
        {
            object.insert("edit".to_owned(), edit);
        }
        Outcome { answer, edit: Some((label.to_owned(), edit)), ..Outcome::default() }
    }

    /// A contact as data, with its URI.
    fn record(&self, vault: &Vault, id: FileId) -> Value {
        serde_json::to_value(self.data(vault, id)).unwrap_or_default()
    }

    fn data<'v>(&self, vault: &'v Vault, id: FileId) -> Record<'v> {
        let uri = self.world.uri_of(self.space, vault.file(id).path());
        Record::new(vault, id).with("uri", uri.as_str().to_owned())
    }

    /// The contact that a text names: an alias, another name, a path or a URI.
    fn contact(&self, vault: &Vault, name: &str) -> Result<FileId, String> {
        if let Ok(uri) = name.parse::<Uri>()
            && let Some((_, path)) = self.world.file_of(&uri)
        {
            return vault.id(&path).ok_or_else(|| format!("there is no file {path} in this vault"));
        }
        if let Some(id) = crate::vault::path::join("", name).and_then(|path| vault.id_of(&path)) {
            return Ok(id);
        }
        match vault.resolve(name) {
            Resolution::One(id) => Ok(id),
            Resolution::Nobody => Err(format!("there is no contact `{name}`")),
            Resolution::Several(several) => {
                let paths: Vec<String> = several.iter().map(|&id| vault.file(id).path().to_string()).collect();
                Err(format!("`{name}` fits several contacts; name one by its path: {}", paths.join(", ")))
            }
        }
    }
}

/// What was given to a command: an object of named values, or a lone text, which is then the first thing that the command needs.
pub struct Arguments {
    object: serde_json::Map<String, Value>,
    lone: Vec<String>,
}

impl Arguments {
    fn new(arguments: Vec<Value>) -> Self {
        let mut object = serde_json::Map::new();
        let mut lone = Vec::new();
        for argument in arguments {
            match argument {
                Value::Object(values) => object.extend(values),
                Value::String(text) => lone.push(text),
                Value::Array(items) => lone.extend(items.into_iter().filter_map(|item| item.as_str().map(str::to_owned))),
                _ => {}
            }
        }
        Self { object, lone }
    }

    /// A text by its name, else the lone text at this place.
    fn text(&self, name: &str, place: usize) -> Option<&str> {
        self.named(name).or_else(|| self.lone.get(place).map(String::as_str))
    }

    /// A text by its name.
    fn named(&self, name: &str) -> Option<&str> {
        self.object.get(name).and_then(Value::as_str)
    }

    /// A text that must be there.
    fn needed(&self, name: &str, place: usize) -> Result<&str, String> {
        self.text(name, place).filter(|text| !text.trim().is_empty()).ok_or_else(|| format!("`{name}` is missing"))
    }

    /// One text or several.
    fn texts(&self, name: &str) -> Vec<String> {
        match self.object.get(name) {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }

    fn truth(&self, name: &str) -> bool {
        self.object.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.object.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    }

    /// The document that it is about.
    fn uri(&self) -> Option<Uri> {
        let text = self.named("uri").or_else(|| self.lone.first().map(String::as_str).filter(|text| text.contains(":/")))?;
        text.parse().ok()
    }

    /// The vault that is meant: by `vault` (its folder), by `uri` (a file in it), else the first one.
    fn space(&self, world: &World) -> Result<Arc<Space>, String> {
        let named = self.named("vault").map(|text| {
            let uri =
                if text.contains("://") { text.parse().ok() } else { Some(super::convert::to_uri(std::path::Path::new(text))) };
            uri.and_then(|uri: Uri| world.space(Some(&uri))).ok_or_else(|| format!("{text} is no vault that is served"))
        });
        if let Some(space) = named {
            return space;
        }
        let by_document = self.uri().and_then(|uri| world.space(Some(&uri)));
        by_document
            .or_else(|| world.space(None))
            .ok_or_else(|| "no folder is open: open the folder that holds your contacts".to_owned())
    }
}

/// Edits to files, as the editor should make them.
fn file_changes(vault: &Vault, edits: &[crate::features::FileEdits]) -> Vec<FileChange> {
    let change = |edits: &crate::features::FileEdits| {
        let file = vault.file(edits.file);
        FileChange::Edit { path: file.path().clone(), text: file.shared_text(), edits: edits.edits.clone() }
    };
    edits.iter().map(change).collect()
}

/// Paths, as data.
fn paths(vault: &Vault, files: impl IntoIterator<Item = FileId>) -> Value {
    files.into_iter().map(|id| Value::from(vault.file(id).path().as_str())).collect()
}

/// Files that were not changed, and why.
fn refusals<'v>(refused: impl IntoIterator<Item = (&'v VaultPath, String)>) -> Value {
    refused.into_iter().map(|(path, message)| json!({ "path": path.as_str(), "message": message })).collect()
}
