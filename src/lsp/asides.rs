//! What the server does beside answering: it asks the client for edits, documents and news of files, and ends when its editor is
//! gone. Nothing here waits for the client where anybody else would have to wait too.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::*;

use super::client::Understands;
use super::edited::{Reply, Turn, Wanted, refused};
use super::outbox::Outbox;
use super::server::Guanxi;
use super::unanswered::touched;
use super::world::World;

/// So long an answer of the client is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The editor, to ask for edits and documents.
pub struct Editor {
    client: Client,
    runtime: Handle,
    outbox: Outbox,
    understands: Understands,
    world: Option<Arc<World>>,
}

impl Editor {
    /// The right to work out an edit: the one before is answered by then. `None` where the client makes no edits for others.
    pub(super) async fn turn(&self) -> Option<Turn> {
        if self.understands.apply_edit { Some(self.outbox.edited().turn().await) } else { None }
    }

    /// Has the editor make an edit, which was worked out in this turn, then say something and show a document. An error is what the
    /// editor says why it did not make the edit. What an edit was to bring about is said and shown only if it did.
    pub(super) async fn carry_out(
        &self,
        turn: Option<Turn>,
        edit: Option<(String, WorkspaceEdit)>,
        said: Option<String>,
        show: Option<(Uri, Option<Range>)>,
    ) -> Result<(), String> {
        let (client, understands) = (self.client.clone(), self.understands.clone());
        let follow = async move {
            if let Some(said) = said {
                client.show_message(MessageType::INFO, said).await;
            }
            if let Some((uri, selection)) = show.filter(|_| understands.show_document) {
                let wanted = ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection };
                let _ = tokio::time::timeout(PATIENCE, client.show_document(wanted)).await;
            }
        };
        let Some((label, edit)) = edit else {
            drop(self.runtime.spawn(follow));
            return Ok(());
        };
        if !self.understands.apply_edit {
            return Ok(());
        }
        let Some(world) = self.world.clone() else { return Ok(()) };
        let edited = self.outbox.edited();
        let turn = match turn {
            Some(turn) => turn,
            None => edited.turn().await,
        };
        let files = touched(&world, &edit);
        if let Some(uri) = edited.unanswered().among(&files) {
            let path = world.file_of(&uri).map_or_else(|| uri.to_string(), |(_, path)| path.to_string());
            return Err(format!(
                "nothing was changed: the editor has not answered the edit of {path} before; answer what it asks, then try again"
            ));
        }
        let uris: Vec<Uri> = files.iter().map(|(uri, _)| uri.clone()).collect();
        let see = move || uris.iter().for_each(|uri| world.read_again(uri));
        match edited.ask(turn, self.client.clone(), Wanted { label, edit, files }, see, follow).await {
            Reply::Refused(reason) => Err(refused(&reason)),
            Reply::Made | Reply::Unknown => Ok(()),
        }
    }
}

impl Guanxi {
    /// Tells the person what an edit itself cannot say.
    pub(super) async fn warn(&self, said: Option<String>) {
        if let Some(said) = said {
            self.client.show_message(MessageType::WARNING, said).await;
        }
    }

    /// Ends when the editor is gone without a word, as the specification asks for (LSP 3.17, `processId`).
    pub(super) fn follow_parent(&self, process: u32) {
        let outside = Arc::clone(&self.outside);
        self.runtime.spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(2)).await;
                if !outside.is_alive(process) {
                    outside.leave();
                }
            }
        });
    }

    /// The editor, to ask for edits and documents.
    pub(super) fn editor(&self) -> Editor {
        let world = self.world.get().cloned();
        let understands = world.as_ref().map(|world| world.understands().clone()).unwrap_or_default();
        Editor { world, client: self.client.clone(), runtime: self.runtime.clone(), outbox: self.outbox.clone(), understands }
    }

    /// Editors that tell of changed files are asked to: they see what a system without events does not.
    pub(super) fn watch_files(&self) {
        let Ok(world) = self.world() else { return };
        if !world.understands().tells_changes {
            return;
        }
        // These globs know no case. In brackets the protocol names ranges alone, and not every client understands those.
        let in_any_case = |ending: &str| {
            let letter = |c: char| format!("[{c}-{c}{0}-{0}]", c.to_ascii_uppercase());
            format!("**/*.{}", ending.chars().map(letter).collect::<String>())
        };
        let patterns = ["**/*.{md,markdown}".to_owned(), "**/guanxi.yaml".to_owned(), in_any_case("md"), in_any_case("markdown")];
        let watchers: Vec<serde_json::Value> =
            patterns.iter().map(|pattern| serde_json::json!({ "globPattern": pattern })).collect();
        let registration = Registration {
            id: "guanxi-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(serde_json::json!({ "watchers": watchers })),
        };
        let client = self.client.clone();
        self.runtime.spawn(async move {
            let _ = tokio::time::timeout(Duration::from_secs(10), client.register_capability(vec![registration])).await;
        });
    }
}
