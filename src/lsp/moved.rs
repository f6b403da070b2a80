//! Files and folders move in the editor: what leads to them follows, and who becomes a recipient by the move is told. Editors move
//! whatever is answered, so it is told before and after. What moves to where it is no longer read is as good as deleted.

use std::sync::{Arc, Mutex, PoisonError};

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::convert::{from_uri, inside};
use super::server::Guanxi;
use super::space::Stage;
use super::world::World;
use super::{rename, uris};
use crate::vault::VaultPath;
use crate::vault::path::is_markdown;

/// The move that is about to let people into broadcasts: its URIs, and what is to be said of it.
#[derive(Default)]
pub struct LettingIn(Mutex<Option<(Vec<String>, String)>>);

impl LettingIn {
    fn remember(&self, moves: &RenameFilesParams, people: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = people.map(|people| (named(moves), people));
    }

    fn take(&self, moves: &RenameFilesParams) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        known.filter(|(known, _)| *known == named(moves)).map(|(_, people)| people)
    }
}

fn named(moves: &RenameFilesParams) -> Vec<String> {
    moves.files.iter().flat_map(|moved| [moved.old_uri.clone(), moved.new_uri.clone()]).collect()
}

/// What moves out of every vault, into a hidden folder, or to a name that is not read: a "no" in it is not heard there.
fn leaving(world: &World, moves: &RenameFilesParams) -> Vec<FileDelete> {
    let spaces = world.spaces();
    let place = |uri: &str| {
        let path = from_uri(&uris::parse(uri)?)?;
        spaces.iter().find_map(|space| inside(space.root(), &path))
    };
    let is_read = |path: &VaultPath| !path.as_str().split('/').any(|part| part.starts_with('.'));
    let leaves = |moved: &&FileRename| {
        let Some(old) = place(&moved.old_uri) else { return false };
        let stays = |new: VaultPath| is_read(&new) && (is_markdown(new.file_name()) || !is_markdown(old.file_name()));
        !place(&moved.new_uri).is_some_and(stays)
    };
    moves.files.iter().filter(leaves).map(|moved| FileDelete { uri: moved.old_uri.clone() }).collect()
}

impl Guanxi {
    /// What must change before the files move.
    pub(super) async fn before_move(&self, moves: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let world = Arc::clone(self.world()?);
        for space in world.spaces() {
            space.reach(Stage::Searchable).await;
        }
        let (files, gone) = (moves.files.clone(), leaving(&world, &moves));
        if !gone.is_empty() {
            let (world, deleted) = (Arc::clone(&world), Arc::clone(&self.deleted));
            self.away(move || deleted.look(&world, &gone)).await?;
        }
        let followed = self.away_long(move || rename::files(&world, &files)).await??;
        if let Some(people) = &followed.lets_in {
            self.warn(Some(format!("this move lets people into broadcasts: {people}"))).await;
        }
        self.letting_in.remember(&moves, followed.lets_in);
        self.warn(followed.by_hand).await;
        Ok(followed.edit)
    }

    /// The links followed before; what is where is seen on disk.
    pub(super) async fn after_move(&self, moves: RenameFilesParams) {
        if let Ok(world) = self.world() {
            let gone = leaving(world, &moves);
            if !gone.is_empty() {
                self.offer_to_keep(gone);
            }
        }
        if let Some(people) = self.letting_in.take(&moves) {
            self.warn(Some(format!("moved: {people}; exclude them, or move back, if that is not meant"))).await;
        }
        self.look_at(named(&moves).iter().filter_map(|uri| uris::parse(uri)).collect()).await;
    }
}
