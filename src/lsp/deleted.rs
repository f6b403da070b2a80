//! A contact who said no is deleted in the editor: their addresses are offered to `broadcast.never`, since an import could bring them
//! back as somebody who said nothing. What is needed for it is looked up while the vault still has the file: when the editor is about
//! to delete it, if it says so beforehand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tower_lsp::jsonrpc::Error;
use tower_lsp::ls_types::*;

use super::convert::{from_uri, inside};
use super::edits::{FileChange, workspace_edit};
use super::server::Guanxi;
use super::space::Space;
use super::uris;
use super::world::{World, unharmed};
use crate::contact::config;
use crate::features::never::{self, Kept};
use crate::text::edit;
use crate::vault::{FileId, VaultPath};

/// So long an answer of the person is waited for: they may read the question after a cup of tea, and later it surprises them.
const PATIENCE: Duration = Duration::from_secs(600);

/// So many files that were to be deleted are remembered: an editor that deletes them says so soon, or never.
const MOST: usize = 1000;

const KEEP: &str = "Keep";

/// What is to be kept of files that an editor was about to delete, by their URIs.
#[derive(Default)]
pub struct Remembered {
    files: Mutex<HashMap<String, (Arc<Space>, Kept)>>,
}

impl Remembered {
    /// Looks up files that are about to be deleted.
    pub fn look(&self, world: &World, files: &[FileDelete]) {
        let found = looked_up(world, files);
        let mut remembered = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() + found.len() > MOST {
            remembered.clear();
        }
        remembered.extend(found);
    }

    /// What is to be kept of files that were deleted, each vault for itself. What was looked up before counts: by now the vault may
    /// have forgotten them.
    fn take(&self, world: &World, files: &[FileDelete]) -> Vec<(Arc<Space>, Kept)> {
        let mut known: Vec<(Arc<Space>, Kept)> = Vec::new();
        let mut unknown = Vec::new();
        {
            let mut remembered = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            for file in files {
                match remembered.remove(&file.uri) {
                    Some(found) => known.push(found),
                    None => unknown.push(file.clone()),
                }
            }
        }
        known.extend(looked_up(world, &unknown).into_iter().map(|(_, found)| found));
        let mut joined: Vec<(Arc<Space>, Kept)> = Vec::new();
        for (space, kept) in known {
            match joined.iter_mut().find(|(other, _)| Arc::ptr_eq(other, &space)) {
                Some((_, other)) => other.join(kept),
                None => joined.push((space, kept)),
            }
        }
        joined
    }
}

/// Files of one vault: the URI that an editor calls each by, and where it is.
type FilesOf = (Arc<Space>, Vec<(String, VaultPath)>);

/// Asks each vault about those of the files that it has.
fn looked_up(world: &World, files: &[FileDelete]) -> Vec<(String, (Arc<Space>, Kept))> {
    let mut of_space: Vec<FilesOf> = Vec::new();
    for (file, uri) in files.iter().filter_map(|file| Some((file, uris::parse(&file.uri)?))) {
        let found = world.file_of(&uri).map_or_else(|| folders_at(world, &uri), |found| vec![found]);
        for (space, path) in found {
            match of_space.iter_mut().find(|(other, _)| Arc::ptr_eq(other, &space)) {
                Some((_, paths)) => paths.push((file.uri.clone(), path)),
                None => of_space.push((space, vec![(file.uri.clone(), path)])),
            }
        }
    }
    let mut found: Vec<(String, (Arc<Space>, Kept))> = Vec::new();
    for (space, paths) in of_space {
        let vault = space.vault();
        let mut ids: HashMap<FileId, &str> = HashMap::new();
        for (uri, path) in &paths {
            match vault.id(path) {
                Some(id) => drop(ids.insert(id, uri.as_str())),
                // A folder takes along what is below it.
                None => {
                    ids.extend(vault.files().filter(|(_, file)| path.contains(file.path())).map(|(id, _)| (id, uri.as_str())))
                }
            }
        }
        let mut deleted: Vec<FileId> = ids.keys().copied().collect();
        deleted.sort_by_key(|&id| vault.file(id).path());
        for (id, kept) in never::to_keep(&vault, &deleted) {
            let uri = ids[&id];
            match found.iter_mut().find(|(known, _)| known == uri) {
                Some((_, (_, of_folder))) => of_folder.join(kept),
                None => found.push((uri.to_owned(), (Arc::clone(&space), kept))),
            }
        }
    }
    found
}

/// What a folder is in each vault that it may lie in: it is no file that would belong to one.
fn folders_at(world: &World, uri: &Uri) -> Vec<(Arc<Space>, VaultPath)> {
    let Some(folder) = from_uri(uri) else { return Vec::new() };
    let in_space = |space: Arc<Space>| inside(space.root(), &folder).map(|path| (space, path));
    world.spaces().into_iter().filter_map(in_space).collect()
}

/// The edit of the settings, as they are by now.
fn edit_of(world: &World, space: &Space, kept: &Kept) -> Result<Option<WorkspaceEdit>, String> {
    let text = {
        let vault = space.vault();
        vault.id_of(config::FILE).map(|id| vault.file(id).shared_text())
    };
    let edits = never::edits(text.as_deref().unwrap_or(""), &kept.addresses)?;
    if edits.is_empty() {
        return Ok(None);
    }
    let change = match text {
        Some(text) => FileChange::Edit { path: VaultPath::new(config::FILE), text, edits },
        None => FileChange::Create { path: config::FILE.to_owned(), text: edit::apply("", &edits) },
    };
    workspace_edit(world, space, vec![change], None).map(Some).map_err(|error| Error::from(error).message.into_owned())
}

impl Guanxi {
    /// Files were deleted. Asks whether the addresses of those who said no are to be kept, and has the editor write them if so. Nobody
    /// waits for the answer, which may never come.
    pub(super) fn offer_to_keep(&self, files: Vec<FileDelete>) {
        let Some(world) = self.world.get().map(Arc::clone) else { return };
        let (remembered, client, runtime) = (Arc::clone(&self.deleted), self.client.clone(), self.runtime.clone());
        let editor = self.editor();
        self.runtime.spawn(async move {
            let work = {
                let world = Arc::clone(&world);
                move || unharmed(|| remembered.take(&world, &files))
            };
            let found = runtime.spawn_blocking(work).await.ok().flatten().unwrap_or_default();
            world.spaces().iter().for_each(|space| space.store().sweep());
            if !world.understands().apply_edit {
                return;
            }
            for (space, kept) in found {
                let action = |title: &str| MessageActionItem { title: title.to_owned(), properties: HashMap::new() };
                let actions = vec![action(KEEP), action("No")];
                let asked = client.show_message_request(MessageType::WARNING, kept.question(), Some(actions));
                let answer = tokio::time::timeout(PATIENCE, asked).await;
                if !matches!(answer, Ok(Ok(Some(chosen))) if chosen.title == KEEP) {
                    continue;
                }
                let (again, world) = (kept.clone(), Arc::clone(&world));
                let turn = editor.turn().await;
                let made = runtime.spawn_blocking(move || unharmed(|| edit_of(&world, &space, &again))).await;
                let done = match made.ok().flatten() {
                    Some(Ok(Some(edit))) => {
                        let edit = ("Keep addresses in broadcast.never".to_owned(), edit);
                        editor.carry_out(turn, Some(edit), None, None).await
                    }
                    Some(Err(words)) => Err(words),
                    _ => Ok(()),
                };
                if let Err(words) = done {
                    let addresses = kept.addresses.join(", ");
                    client.show_message(MessageType::WARNING, format!("{addresses} not kept: {words}")).await;
                }
            }
        });
    }
}
