//! The door to editors: the Language Server Protocol (3.17) in front of the features. The only room that names protocol types. It
//! writes no file, runs no program and opens no connection: it hands edits to the editor, and asks for the disk who started it.

mod actions;
mod asides;
mod asked;
mod asking;
mod cancelled;
mod capabilities;
mod client;
mod commands;
mod completion;
mod convert;
mod counted;
mod deleted;
mod diagnose;
mod edited;
mod edits;
mod homes;
mod hover;
mod invalidation;
mod json;
mod margins;
mod moved;
mod navigate;
mod order;
mod outbox;
mod outline;
mod outside;
mod parcels;
mod progress;
mod publish;
mod pull;
mod rename;
mod said;
mod server;
mod space;
mod unanswered;
mod uris;
mod wire;
mod world;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tower_lsp::{LspService, Server};

pub use outside::{Event, Outside, Present, Store};

/// What a conversation needs.
pub struct Conversation {
    /// What the client says.
    pub input: Box<dyn Read + Send>,
    /// Where the answers go.
    pub output: Box<dyn Write + Send>,
    /// Where every message is written, both ways, as JSON lines.
    pub trace: Option<Box<dyn Write + Send>>,
    /// The file system.
    pub outside: Arc<dyn Outside>,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By `shutdown` and `exit`.
    Orderly,
    /// The client went away, or said `exit` without `shutdown`.
    Abruptly,
}

/// So many requests are under way at a time: many may wait for a vault that is being read, and what is typed must not wait behind
/// them. What works is bounded by the cores.
const REQUESTS: usize = 4096;

/// Serves one client until it ends the conversation or goes away. An error is a message for a person.
pub fn serve(conversation: Conversation) -> Result<Ended, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .map_err(|error| format!("cannot begin to serve: {error}"))?;
    let parcels = parcels::Parcels::default();
    let trace = wire::Trace::new(conversation.trace);
    let wire = wire::connect(conversation.input, conversation.output, trace, parcels.clone());
    let outside = conversation.outside;
    let (gone, aside) = (wire.gone, wire.aside);
    let begun = Arc::clone(aside.edited().begun());
    let handle = runtime.handle().clone();
    let (service, socket) = LspService::new(|client| server::Guanxi::new(client, handle, outside, aside, parcels));
    let was_shut_down = service.inner().was_shut_down();
    let service = counted::Counted::new(service, begun);
    runtime.block_on(async {
        let serving = Server::new(wire.incoming, wire.outgoing, socket).concurrency_level(REQUESTS).serve(service);
        // What is still being worked on when the client is gone has a moment to end, and is then given up.
        let given_up = async {
            let _ = gone.await;
            tokio::time::sleep(Duration::from_secs(2)).await;
        };
        tokio::select! {
            () = serving => {}
            () = given_up => {}
        }
    });
    // Threads that wait for a disk are not waited for.
    runtime.shutdown_background();
    wait_for(wire.writer);
    Ok(if was_shut_down.load(Ordering::SeqCst) { Ended::Orderly } else { Ended::Abruptly })
}

/// The last answers are written before the process ends; a client that does not read them is not waited for.
fn wait_for(writer: std::thread::JoinHandle<()>) {
    for _ in 0..50 {
        if writer.is_finished() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
