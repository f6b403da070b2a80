//! The first reading of the vaults, told as progress to clients that show it, and what was passed over.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::ls_types::{MessageType, ProgressToken};

use super::space::{Space, Stage};
use super::world::World;

/// How often it is told how far the reading is.
const STEP: Duration = Duration::from_millis(500);

/// Tells of each vault until it is read.
pub async fn tell(world: &World, client: &Client) {
    for (number, space) in world.spaces().into_iter().enumerate() {
        one(world, client, &space, number).await;
        for warning in space.warnings() {
            client.log_message(MessageType::WARNING, format!("passed over {warning}")).await;
        }
        let (contacts, files) = {
            let vault = space.vault();
            (vault.contacts().len(), vault.files().count())
        };
        client.log_message(MessageType::INFO, format!("{}: {contacts} contacts in {files} files", space.root().display())).await;
    }
}

async fn one(world: &World, client: &Client, space: &Arc<Space>, number: usize) {
    let token = ProgressToken::String(format!("guanxi-reading-{number}"));
    let created = async {
        let asked = tokio::time::timeout(Duration::from_secs(5), client.create_work_done_progress(token.clone()));
        world.understands().progress && matches!(asked.await, Ok(Ok(())))
    };
    if !created.await {
        return space.reach(Stage::Searchable).await;
    }
    let title = "guanxi: reading contacts";
    let progress = client.progress(token, title).begin().await;
    while tokio::time::timeout(STEP, space.reach(Stage::Searchable)).await.is_err() {
        let message = match space.stage() {
            Stage::Loading => format!("{} files", space.store().progress()),
            _ => "preparing to search".to_owned(),
        };
        progress.report(message).await;
    }
    progress.finish_with_message(format!("{} contacts", space.vault().contacts().len())).await;
}
