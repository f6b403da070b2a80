//! Files and folders move in the editor: what leads to them follows, and whom the move lets into broadcasts is said. Editors move
//! whatever is answered, so it is said before and after.

use std::sync::{Arc, Mutex, PoisonError};

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::rename;
use super::server::Guanxi;
use super::space::Stage;

/// The move that is about to let people into broadcasts: its URIs, and what is to be said of it.
#[derive(Default)]
pub struct LettingIn(Mutex<Option<(Vec<String>, String)>>);

impl LettingIn {
    fn remember(&self, moves: &RenameFilesParams, people: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = people.map(|people| (uris(moves), people));
    }

    fn take(&self, moves: &RenameFilesParams) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        known.filter(|(known, _)| *known == uris(moves)).map(|(_, people)| people)
    }
}

fn uris(moves: &RenameFilesParams) -> Vec<String> {
    moves.files.iter().flat_map(|moved| [moved.old_uri.clone(), moved.new_uri.clone()]).collect()
}

impl Guanxi {
    /// What must change before the files move.
    pub(super) async fn before_move(&self, moves: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let world = Arc::clone(self.world()?);
        for space in world.spaces() {
            space.reach(Stage::Searchable).await;
        }
        let files = moves.files.clone();
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
        let uris = moves.files.iter().flat_map(|file| [&file.old_uri, &file.new_uri]);
        self.look_at(uris.filter_map(|uri| super::uris::parse(uri)).collect()).await;
        if let Some(people) = self.letting_in.take(&moves) {
            self.warn(Some(format!("moved: {people}; exclude them, or move back, if that is not meant"))).await;
        }
    }
}
