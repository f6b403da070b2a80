//! Long work that somebody waits for ends when nobody does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Says that nobody waits any more, once it is dropped: a request that is cancelled drops everything it holds.
#[derive(Default)]
pub struct CancelledOnDrop(Arc<AtomicBool>);

impl CancelledOnDrop {
    /// Set once nobody waits any more.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for CancelledOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
