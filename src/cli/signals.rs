//! Signals during a write: SIGINT, SIGTERM and SIGHUP are held back until the file being written is whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::signal;
use signal_hook::flag;

/// As long as it is there, a signal to end is only noted. Afterwards it ends the process, as by default.
pub struct Held {
    came: Arc<AtomicBool>,
    released: Arc<AtomicBool>,
}

impl Held {
    /// Begins to hold signals back. One that was ignored before (`nohup`, a job in the background) is left alone.
    pub fn begin() -> Self {
        let held = Self { came: Arc::default(), released: Arc::default() };
        let ignored = ignored();
        #[cfg(unix)]
        let ends = [signal::SIGINT, signal::SIGTERM, signal::SIGHUP];
        #[cfg(not(unix))]
        let ends = [signal::SIGINT, signal::SIGTERM];
        for end in ends.into_iter().filter(|end| ignored >> (end - 1) & 1 == 0) {
            // In this order: once released, the default ends the process before anything is noted. What cannot be registered is
            // not held back, and the file is whole all the same: only a temporary one may stay.
            let _ = flag::register_conditional_default(end, Arc::clone(&held.released));
            let _ = flag::register(end, Arc::clone(&held.came));
        }
        held
    }

    /// Did one come?
    pub fn came(&self) -> bool {
        self.came.load(Ordering::SeqCst)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.released.store(true, Ordering::SeqCst);
    }
}

/// The signals that this process ignores, one bit each. Only Linux tells without `unsafe`.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
