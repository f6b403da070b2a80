//! What was said and is not yet written. Answers go in at once; who tells of a whole vault waits for room, so that no answer stands
//! behind ten thousand problems, and a client that reads slowly costs no memory.

use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::edited::Edited;

/// So many messages may wait before who can wait does.
const ROOM: usize = 16;
/// A client that reads nothing for so long is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where messages are put.
#[derive(Clone)]
pub struct Outbox {
    bodies: mpsc::Sender<Vec<u8>>,
    waiting: Arc<Waiting>,
    edited: Arc<Edited>,
}

/// Where they are taken from, to be written.
pub struct Unwritten {
    bodies: mpsc::Receiver<Vec<u8>>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    count: Mutex<usize>,
    fewer: Condvar,
}

/// The two ends of an empty box.
pub fn outbox() -> (Outbox, Unwritten) {
    let (sender, receiver) = mpsc::channel();
    let waiting = Arc::<Waiting>::default();
    (Outbox { bodies: sender, waiting: Arc::clone(&waiting), edited: Arc::default() }, Unwritten { bodies: receiver, waiting })
}

impl Outbox {
    /// Puts a message in. Is there still somebody who writes?
    pub fn say(&self, body: Vec<u8>) -> bool {
        *self.waiting.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.edited.see(&body);
        self.bodies.send(body).is_ok()
    }

    /// Which requests for edits went in.
    pub fn edited(&self) -> &Edited {
        &self.edited
    }

    /// Waits until nearly all is written.
    pub fn wait_for_room(&self) {
        let count = self.waiting.count.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.waiting.fewer.wait_timeout_while(count, PATIENCE, |count| *count >= ROOM);
    }
}

impl Unwritten {
    /// The next message; waits for it. `None` where nobody is left to say anything.
    pub fn next(&self) -> Option<Vec<u8>> {
        self.bodies.recv().ok().inspect(|_| self.taken())
    }

    /// The next message, if it is there already.
    pub fn next_at_once(&self) -> Option<Vec<u8>> {
        self.bodies.try_recv().ok().inspect(|_| self.taken())
    }

    fn taken(&self) {
        let mut count = self.waiting.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count -= 1;
        if *count < ROOM {
            self.waiting.fewer.notify_all();
        }
    }
}
