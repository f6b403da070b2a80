//! How far a long work is, in one line that is written over and gone in the end. Only where a person is looking, and has waited.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Nobody is told of a wait that is shorter.
const FELT: Duration = Duration::from_millis(400);

/// How often the line is written anew.
const STEP: Duration = Duration::from_millis(100);

/// A line that tells how far the work is.
pub struct Progress {
    total: usize,
    what: &'static str,
    next: Instant,
    is_looked_at: bool,
    is_shown: bool,
}

impl Progress {
    /// `total` of `what` are to be done.
    pub fn new(total: usize, what: &'static str) -> Self {
        // A terminal that cannot go back in its line says so.
        let is_plain = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        let is_looked_at = io::stderr().is_terminal() && !is_plain;
        Self { total, what, next: Instant::now() + FELT, is_looked_at, is_shown: false }
    }

    /// So many are done.
    pub fn at(&mut self, done: usize) {
        if !self.is_looked_at || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + STEP;
        self.is_shown = true;
        self.write(&format!("\rguanxi: {done} of {} {}", self.total, self.what));
    }

    fn write(&self, text: &str) {
        let mut stderr = anstream::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            self.write("\r\u{1b}[K");
        }
    }
}
