//! The first reading of the vaults, told as progress to clients that show it, and what was passed over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::ls_types::{MessageType, ProgressToken};

use super::outbox::Outbox;
use super::space::{Space, Stage};
use super::world::World;
use crate::features::markup::counted;

/// How often it is told how far the reading is.
const STEP: Duration = Duration::from_millis(500);

#[derive(Default, PartialEq)]
enum State {
    #[default]
    Nothing,
    /// This one is being told.
    Open(String),
    /// The conversation ends: nothing is told any more.
    Over,
}

/// The progress that is being told.
pub struct Progress {
    state: Mutex<State>,
    /// Past the server library, which says nothing once it is shutting down.
    aside: Outbox,
}

impl Progress {
    /// None so far.
    pub fn new(aside: Outbox) -> Self {
        Self { state: Mutex::default(), aside }
    }

    /// Tells of each vault until it is read.
    pub async fn tell(&self, world: &World, client: &Client) {
        for (number, space) in world.spaces().into_iter().enumerate() {
            self.one(world, client, &space, number).await;
            for warning in space.warnings() {
                client.log_message(MessageType::WARNING, format!("passed over {warning}")).await;
            }
            let (contacts, files) = {
                let vault = space.vault();
                (vault.contacts().len(), vault.files().count())
            };
            client
                .log_message(MessageType::INFO, format!("{}: {contacts} contacts in {files} files", space.root().display()))
                .await;
        }
    }

    /// The conversation ends: so does the progress that is being told.
    pub fn end(&self) {
        self.close(State::Over, json!({ "kind": "end" }));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what is being told, once.
    fn close(&self, next: State, last: Value) {
        let mut state = self.state();
        if let State::Open(token) = &*state {
            self.say(token, last);
        }
        if *state != State::Over {
            *state = next;
        }
    }

    /// All of it goes aside, so that the end never overtakes the beginning.
    fn say(&self, token: &str, value: Value) {
        let parameters = json!({ "token": token, "value": value });
        let message = json!({ "jsonrpc": "2.0", "method": "$/progress", "params": parameters });
        self.aside.say(message.to_string().into_bytes());
    }

    async fn one(&self, world: &World, client: &Client, space: &Space, number: usize) {
        let name = format!("guanxi-reading-{number}");
        let created = async {
            let token = ProgressToken::String(name.clone());
            let asked = tokio::time::timeout(Duration::from_secs(5), client.create_work_done_progress(token));
            world.understands().progress && matches!(asked.await, Ok(Ok(())))
        };
        if !created.await {
            return space.reach(Stage::Searchable).await;
        }
        self.begin(&name);
        while tokio::time::timeout(STEP, space.reach(Stage::Searchable)).await.is_err() {
            let message = match space.stage() {
                Stage::Loading => format!("{} files", space.store().progress()),
                _ => "preparing to search".to_owned(),
            };
            if let State::Open(token) = &*self.state() {
                self.say(token, json!({ "kind": "report", "message": message }));
            }
        }
        let message = counted(space.vault().contacts().len() as usize, "contact");
        self.close(State::Nothing, json!({ "kind": "end", "message": message }));
    }

    fn begin(&self, name: &str) {
        let mut state = self.state();
        if *state == State::Nothing {
            self.say(name, json!({ "kind": "begin", "title": "guanxi: reading contacts", "cancellable": false }));
            *state = State::Open(name.to_owned());
        }
    }
}

/// A client that went away without a word may still read what is said: nothing is left open.
impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
