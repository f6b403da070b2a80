//! Edits that a command brings are asked for before the command is answered. A client that blocks until the answer takes up what came
//! before it: eglot 1.9 and lsp-mode 8 leave what comes behind it lying until they hear something else.

use std::time::Duration;

use tokio::sync::{Mutex, watch};

/// How a request for an edit begins, as the server library writes it.
const REQUEST: &[u8] = b"\"method\":\"workspace/applyEdit\"";

/// Writing takes no time, since nobody waits for the client to read. Only where the conversation ends is nothing written any more.
const PATIENCE: Duration = Duration::from_secs(1);

/// The requests for edits, which go out one by one.
pub struct Edited {
    /// How many were written.
    written: watch::Sender<u64>,
    turn: Mutex<()>,
}

impl Default for Edited {
    fn default() -> Self {
        Self { written: watch::Sender::new(0), turn: Mutex::default() }
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

    /// Has an edit asked for, and waits until that is written. Nobody waits for the client's answer.
    pub async fn ask(&self, begin: impl FnOnce()) {
        let _turn = self.turn.lock().await;
        let mut written = self.written.subscribe();
        let before = *written.borrow_and_update();
        begin();
        let _ = tokio::time::timeout(PATIENCE, written.wait_for(|count| *count > before)).await;
    }
}
