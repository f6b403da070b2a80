//! `workspace/executeCommand`: what pickers and scripts of editors ask for. JSON in, JSON out; edits go to the editor by
//! `workspace/applyEdit`, results are shown by `window/showDocument` where that is asked for.

mod arguments;
mod broadcast;
mod change;
mod explain;
mod look;
mod show;

use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Error;
use tower_lsp::ls_types::{Range, Uri, WorkspaceEdit};

use self::arguments::Arguments;
use super::edits::{Announcement, FileChange, failed, retried, workspace_edit};
use super::space::{Space, Stage};
use super::uris;
use super::world::World;
use crate::features::record::Record;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

type Run = fn(&Call<'_>) -> Result<Outcome, String>;

/// Every command: its name, what it takes as lone texts in this order, what it takes by name besides, and what it does. All take
/// `vault` and `uri`, which say the vault that is meant.
const COMMANDS: &[(&str, &[&str], &[&str], Run)] = &[
    ("guanxi.find", &["query"], &["words", "limit"], look::find),
    ("guanxi.list", &["query"], &["tags", "format", "via", "limit", "insert", "count"], look::list),
    ("guanxi.tags", &[], &["tree"], look::tags),
    ("guanxi.show", &["contact"], &["line", "character", "title", "show"], show::show),
    ("guanxi.explain", &["code"], &["show"], explain::explain),
    ("guanxi.new", &["alias"], &["tags", "set", "new_tag"], change::new),
    ("guanxi.tag.add", &["tag"], &["contact", "contacts", "query", "tags", "new_tag"], |call| change::retag(call, true)),
    ("guanxi.tag.remove", &["tag"], &["contact", "contacts", "query", "tags"], |call| change::retag(call, false)),
    ("guanxi.tag.rename", &["old", "new"], &["tag", "merge"], change::rename),
    ("guanxi.broadcast.list", &["uri"], &["query", "tags", "via", "format", "write", "show"], broadcast::list),
    ("guanxi.broadcast.preview", &["uri"], &["show", "for"], broadcast::preview),
    ("guanxi.contact.merge", &["keep", "other"], &["delete", "quiet"], change::merge),
];

/// The names of all commands.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, ..)| *name)
}

/// How far the vaults must be for a command: tags and fields are known before names and texts are. `None` for one that is not there.
pub fn stage(name: &str, arguments: &[Value]) -> Option<Stage> {
    // A list in another shape may hold links, and how one is written depends on everybody's names.
    let is_plain = |given: &Value| given.get("format").is_none() && given.get("insert").is_none();
    let soon = matches!(name, "guanxi.list" | "guanxi.tags" | "guanxi.explain") && arguments.iter().all(is_plain);
    names().find(|known| *known == name).map(|_| if soon { Stage::Ready } else { Stage::Searchable })
}

/// May a command bring an edit? Those that only look do not wait for an edit.
pub fn may_edit(name: &str, arguments: &[Value]) -> bool {
    let asks = |what: &str| arguments.iter().any(|given| given[what].as_bool() == Some(true));
    match name {
        "guanxi.broadcast.list" => asks("write") || asks("show"),
        "guanxi.broadcast.preview" => asks("show"),
        "guanxi.new" | "guanxi.contact.merge" => true,
        name => name.starts_with("guanxi.tag."),
    }
}

/// What a command comes to.
#[derive(Default)]
pub struct Outcome {
    /// The answer.
    pub answer: Value,
    /// The answer as JSON text, where it is too large for a tree.
    pub text: Option<String>,
    /// What should change in files, and what that is called: made into an edit when the vault is held no longer.
    plan: Option<(String, Vec<FileChange>, Option<Announcement>)>,
    /// What the editor should change, and what that is called.
    pub edit: Option<(String, WorkspaceEdit)>,
    /// What the editor should show, and what of it.
    pub show: Option<(Uri, Option<Range>)>,
    /// What a person should be told, where nothing else of it is seen.
    pub said: Option<String>,
}

impl Outcome {
    /// An answer, and nothing more.
    pub fn answer(answer: Value) -> Self {
        Self { answer, ..Self::default() }
    }

    /// With the edit that was planned. Where the client cannot be asked to make it, it stands in the answer too.
    fn with_edit(mut self, world: &World, space: &Space) -> Result<Self, Error> {
        let Some((label, changes, announcement)) = self.plan.take() else { return Ok(self) };
        let edit = workspace_edit(world, space, changes, announcement)?;
        if !world.understands().apply_edit
            && let (Some(object), Ok(edit)) = (self.answer.as_object_mut(), serde_json::to_value(&edit))
        {
            object.insert("edit".to_owned(), edit);
        }
        self.edit = Some((label, edit));
        Ok(self)
    }
}

/// Runs a command. An error has a message for a person.
pub fn run(world: &World, name: &str, arguments: Vec<Value>) -> Result<Outcome, Error> {
    let command = COMMANDS.iter().find(|(known, ..)| *known == name);
    let (_, lone, named, run) = command.ok_or_else(|| failed(format!("there is no command `{name}`")))?;
    let given = Arguments::new(arguments, lone, named).map_err(failed)?;
    let space = given.space(world).map_err(failed)?;
    retried(|| run(&Call { world, space: &space, given: &given }).map_err(failed)?.with_edit(world, &space))
}

/// An answer, and what should change in files.
fn edit(label: &str, changes: Vec<FileChange>, announcement: Option<Announcement>, answer: Value) -> Outcome {
    let plan = (!changes.is_empty()).then(|| (label.to_owned(), changes, announcement));
    Outcome { answer, plan, ..Outcome::default() }
}

/// A command with its vault and what was given to it.
pub struct Call<'a> {
    world: &'a World,
    space: &'a Arc<Space>,
    given: &'a Arguments,
}

impl Call<'_> {
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
        if let Some(uri) = uris::parse(name)
            && let Some((space, path)) = self.world.file_of(&uri)
        {
            // The same path may be somebody else in another vault.
            let id = vault.id(&path).filter(|_| Arc::ptr_eq(&space, self.space));
            return id.ok_or_else(|| format!("{name} is no file of this vault"));
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
