//! Edits that a command asks the client for (`workspace/applyEdit`). They take turns: the next one is worked out after the client
//! answered the previous one, so that it sees what that left in the client's documents, saved or not. The command is answered last,
//! since only the client's answer tells whether the edit was made.
//!
//! A client that blocks until its command is answered may not answer meanwhile: then the command is answered once the edit is written.
//! eglot 1.9 and lsp-mode 8 handle what was written before the answer, and leave what comes after it until they hear something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot, watch};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{self, ErrorCode};
use tower_lsp::ls_types::{ApplyWorkspaceEditParams, ApplyWorkspaceEditResponse, MessageType, WorkspaceEdit, request};

use super::unanswered::{LATE, Touched, Unanswered};

/// How a request for an edit begins, as the server library writes it.
const REQUEST: &[u8] = b"\"method\":\"workspace/applyEdit\"";

/// Maximum wait for the request to be written. That takes no time, but at the end of a conversation nothing is written any more.
const WRITING: Duration = Duration::from_secs(1);

/// Maximum wait for the client's answer: eglot and lsp-mode give up a command after 10 s, so half of that.
const ANSWER: Duration = Duration::from_secs(5);

/// The same for a client that did not answer the last request. It is waited for all the same: an edit that it makes meanwhile is seen.
const SILENT: Duration = Duration::from_secs(1);

/// Maximum wait for earlier messages to take effect, which they do at once unless the server is overloaded.
const EARLIER: Duration = Duration::from_secs(1);

/// What the client made of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It made the edit.
    Made,
    /// It did not, with its reason in words for a person.
    Refused(String),
    /// It did not say, or not yet.
    Unknown,
}

/// An edit that is to be made.
pub struct Wanted {
    /// What it is called.
    pub label: String,
    /// What changes.
    pub edit: WorkspaceEdit,
    /// Which files that is.
    pub files: Vec<Touched>,
}

/// The requests for edits of one conversation, one at a time.
pub struct Edited {
    /// How many were written.
    written: watch::Sender<u64>,
    turn: Arc<Mutex<()>>,
    /// The last request was not answered in time.
    is_silent: Arc<AtomicBool>,
    /// The edits that were asked for and not answered.
    unanswered: Arc<Unanswered>,
    begun: Arc<Begun>,
}

/// The right to work out an edit and to ask for it.
pub type Turn = OwnedMutexGuard<()>;

impl Default for Edited {
    fn default() -> Self {
        Self {
            written: watch::Sender::new(0),
            turn: Arc::default(),
            is_silent: Arc::default(),
            unanswered: Arc::default(),
            begun: Arc::default(),
        }
    }
}

impl Edited {
    /// A message was written.
    pub fn see(&self, body: &[u8]) {
        let start = &body[..body.len().min(80)];
        if memchr::memmem::find(start, REQUEST).is_some() {
            self.written.send_modify(|count| *count += 1);
        }
    }

    /// Which messages of the client have taken effect.
    pub fn begun(&self) -> &Arc<Begun> {
        &self.begun
    }

    /// Waits until no other edit is being asked for.
    pub async fn turn(&self) -> Turn {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// The edits that were asked for and not answered.
    pub fn unanswered(&self) -> &Unanswered {
        &self.unanswered
    }

    /// Asks for an edit, and waits for the client's answer. The turn ends with the answer, or when the wait ends. Goes on where the
    /// caller does not: a command that is cancelled now has asked for its edit already. `see` looks at
    /// its files again before the turn ends, and `made` runs once the edit is made.
    pub async fn ask(
        &self,
        turn: Turn,
        client: Client,
        Wanted { label, edit, files }: Wanted,
        see: impl FnOnce() + Send + 'static,
        made: impl Future<Output = ()> + Send + 'static,
    ) -> Reply {
        let mut written = self.written.subscribe();
        let before = *written.borrow_and_update();
        let (is_silent, begun, unanswered) = (Arc::clone(&self.is_silent), Arc::clone(&self.begun), Arc::clone(&self.unanswered));
        let (tell, told) = oneshot::channel();
        tokio::spawn(async move {
            let params = ApplyWorkspaceEditParams { label: Some(label), edit };
            let mut asked = std::pin::pin!(client.send_request::<request::ApplyWorkspaceEdit>(params));
            let patience = if is_silent.load(Ordering::SeqCst) { SILENT } else { ANSWER };
            let reply = if let Ok(answer) = tokio::time::timeout(patience, &mut asked).await {
                is_silent.store(false, Ordering::SeqCst);
                // The client told of the documents that it edited before it answered.
                begun.wait().await;
                // What it wrote to files, nobody told of yet.
                let _ = tokio::task::spawn_blocking(see).await;
                drop(turn);
                let reply = reply_of(answer);
                let _ = tell.send(reply.clone());
                reply
            } else {
                is_silent.store(true, Ordering::SeqCst);
                unanswered.add(before, files);
                drop(turn);
                let _ = tell.send(Reply::Unknown);
                let Ok(answer) = tokio::time::timeout(LATE, asked).await else { return };
                is_silent.store(false, Ordering::SeqCst);
                let _ = tokio::task::spawn_blocking(see).await;
                unanswered.remove(before);
                let reply = reply_of(answer);
                if let Reply::Refused(reason) = &reply {
                    // The command was answered before, as if it were made.
                    client.show_message(MessageType::WARNING, refused(reason)).await;
                }
                reply
            };
            if reply == Reply::Made {
                made.await;
            }
        });
        let _ = tokio::time::timeout(WRITING, written.wait_for(|count| *count > before)).await;
        told.await.unwrap_or(Reply::Unknown)
    }
}

/// That the editor did not make an edit, in words for a person.
pub fn refused(reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("the editor did not make the edit{reason}")
}

fn reply_of(answer: jsonrpc::Result<ApplyWorkspaceEditResponse>) -> Reply {
    match answer {
        Ok(answer) if answer.applied => Reply::Made,
        Ok(answer) => Reply::Refused(answer.failure_reason.filter(|reason| !reason.trim().is_empty()).unwrap_or_default()),
        // eglot 1.9 answers with what its function happened to return, which tells nothing.
        Err(error) if error.code == ErrorCode::ParseError => Reply::Unknown,
        Err(error) => Reply::Refused(error.message.into_owned()),
    }
}

/// Which messages of the client have taken effect: the server library routes answers past the requests and notifications that came
/// before them.
#[derive(Default)]
pub struct Begun {
    taken: AtomicU64,
    begun: AtomicU64,
    more: Notify,
}

impl Begun {
    /// Another message was taken in.
    pub fn take(&self) {
        self.taken.fetch_add(1, Ordering::SeqCst);
    }

    /// The handler of one has begun, so that what it changes is changed.
    pub fn begin(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.more.notify_waiters();
    }

    /// Waits until every message that was taken in before now has begun.
    async fn wait(&self) {
        let taken = self.taken.load(Ordering::SeqCst);
        let wait = async {
            loop {
                let more = self.more.notified();
                if self.begun.load(Ordering::SeqCst) >= taken {
                    return;
                }
                more.await;
            }
        };
        let _ = tokio::time::timeout(EARLIER, wait).await;
    }
}
