//! `textDocument/rename` with its preparation, and what follows when files are moved.

use std::sync::atomic::{AtomicBool, Ordering};

use tower_lsp::jsonrpc::Error;
use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::convert::{from_uri, inside};
use super::edits::{Announcement, FileChange, failed, retried, workspace_edit};
use super::navigate::exists;
use super::space::Space;
use super::uris;
use super::world::World;
use crate::features::rename::{self, Job, Renaming};
use crate::features::{move_files, rename_tag};
use crate::text::Span;
use crate::vault::VaultPath;

/// `textDocument/prepareRename`: an error is a message for a person.
pub fn prepare(asked: &Asked<'_>, position: Position) -> Result<PrepareRenameResponse, String> {
    let offset = asked.ruler.offset(position);
    let found = rename::prepare(asked.here, offset)?;
    // On the `#` of a mention the name stands beside the cursor; editors want it under it.
    let span = found.span.cover(Span::at(offset));
    Ok(PrepareRenameResponse::RangeWithPlaceholder { range: asked.ruler.range(span), placeholder: found.placeholder })
}

/// The first half of a renaming: what must be asked of the vault.
pub fn gather(asked: &Asked<'_>, position: Position, new: &str) -> Result<Job, String> {
    rename::gather(asked.here, asked.ruler.offset(position), new).map_err(|fault| fault.message)
}

/// The second half: without the vault. Everywhere or nowhere. With it comes what the person must be told, where the edit itself
/// cannot say it to this client.
pub fn carry_out(
    world: &World,
    space: &Space,
    job: &Job,
    cancelled: &AtomicBool,
) -> Result<(Option<WorkspaceEdit>, Option<String>), Error> {
    let Some(renaming) = job.run(&|| cancelled.load(Ordering::Relaxed)) else { return Ok((None, None)) };
    refused(&renaming).map_err(failed)?;
    let announcement = announcement(&renaming);
    let announced = announcement.as_ref().filter(|_| !world.understands().annotations).map(|said| said.description.clone());
    let said: Vec<String> = announced.into_iter().chain(reminder(&renaming)).collect();
    let said = (!said.is_empty()).then(|| said.join("; "));
    let edit = workspace_edit(world, space, changes(renaming), announcement)?;
    Ok((Some(edit), said))
}

/// Editors save file by file. In between the disk, which the command line reads, has the tag under both names.
pub fn reminder(renaming: &Renaming) -> Option<String> {
    let files = renaming.edits.len();
    renaming.keeps_out.then(|| format!("this tag keeps people out: save all {files} files before anything is sent"))
}

fn refused(renaming: &Renaming) -> Result<(), String> {
    let reasons: Vec<String> = renaming.refused.iter().take(3).map(rename::NotChanged::words).collect();
    if !reasons.is_empty() {
        return Err(format!("nothing is renamed: {}", reasons.join("; ")));
    }
    // An editor has no place for a question that is answered before the edit: the command line asks it.
    renaming.objection().map_or(Ok(()), Err)
}

fn announcement(renaming: &Renaming) -> Option<Announcement> {
    if renaming.merges.is_empty() {
        return None;
    }
    let tags = renaming.merges.join(", ");
    Some(Announcement {
        label: format!("Merge into {tags}"),
        description: format!("{tags} exists already: the two become one, for good"),
    })
}

/// What changes, as the editor should make it.
pub fn changes(renaming: Renaming) -> Vec<FileChange> {
    let change = |changed: rename::Changed| FileChange::Edit { path: changed.path, text: changed.text, edits: changed.edits };
    renaming.edits.into_iter().map(change).collect()
}

/// A tag by its name, everywhere; merged into one that exists only where that is asked for. The vault is held no longer than it
/// takes to ask it: nobody who types meanwhile waits.
pub fn tag_everywhere(space: &Space, old: &str, new: &str, merge: bool) -> Result<Renaming, String> {
    let job = rename_tag::prepare(&space.vault(), old, new, merge).map_err(|error| error.words(old, "say `merge: true`"))?;
    let renaming = job.run(&|| false).unwrap_or_default();
    refused(&renaming)?;
    Ok(renaming)
}

/// What a move brings with it.
#[derive(Default)]
pub struct Followed {
    /// What leads to the files follows them, and what belongs to them goes along.
    pub edit: Option<WorkspaceEdit>,
    /// Whom the move lets into broadcasts. Editors move files whatever is answered: this is said before and after.
    pub lets_in: Option<String>,
    /// What the person must do by hand.
    pub by_hand: Option<String>,
}

/// `workspace/willRenameFiles`.
pub fn files(world: &World, moves: &[FileRename]) -> Result<Followed, Error> {
    retried(|| followed(world, moves))
}

/// So many remarks are told at a time.
const MOST_REMARKS: usize = 5;

fn followed(world: &World, moves: &[FileRename]) -> Result<Followed, Error> {
    for space in world.spaces() {
        let path = |text: &str| inside(space.root(), &from_uri(&uris::parse(text)?)?);
        let moves: Vec<(VaultPath, VaultPath)> =
            moves.iter().filter_map(|moved| Some((path(&moved.old_uri)?, path(&moved.new_uri)?))).collect();
        if moves.is_empty() {
            continue;
        }
        let exists = exists(&space);
        let (vault, store) = (space.vault(), space.store());
        let job = move_files::gather(&vault, &moves, &exists, &|ignore, paths| store.admitted(ignore, paths));
        let renaming = job.run(&|| false).unwrap_or_default();
        let lets_in = job.lets_in(&vault, &renaming);
        let mut remarks = renaming.notes.clone();
        remarks.extend(renaming.refused.iter().map(rename::NotChanged::words));
        let mut changes = changes(renaming);
        for (path, to) in job.journals() {
            if world.understands().rename_files && !space.store().exists(to.as_str()) {
                changes.push(FileChange::Move { path, to });
            } else {
                remarks.push(format!("{path} says who was written to: move it to {to}, or they may be written to again"));
            }
        }
        let more = remarks.len().saturating_sub(MOST_REMARKS);
        remarks.truncate(MOST_REMARKS);
        if more > 0 {
            remarks.push(format!("and {more} more"));
        }
        let by_hand = (!remarks.is_empty()).then(|| remarks.join("\n"));
        let edit = (!changes.is_empty()).then(|| workspace_edit(world, &space, changes, None)).transpose()?;
        return Ok(Followed { edit, lets_in, by_hand });
    }
    Ok(Followed::default())
}
