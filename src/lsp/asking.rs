//! Where the answer to a request is worked out: on the message loop where it takes microseconds, else on a thread of its own.

use std::sync::{Arc, LazyLock};

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;

use super::asked::Asked;
use super::server::Guanxi;
use super::space::Stage;

/// The threads of long questions. Those of rayon's own pool answer keys: what waits in one pool waits until its threads are done with what
/// they are at.
static LONG: LazyLock<Option<rayon::ThreadPool>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    rayon::ThreadPoolBuilder::new().num_threads(cores.saturating_sub(1).max(1)).build().ok()
});

impl Guanxi {
    /// Asks something about a document, once its vault is so far.
    pub(super) async fn ask<T>(&self, uri: &Uri, stage: Stage, question: impl FnOnce(&Asked<'_>) -> T) -> Result<Option<T>> {
        let world = self.world()?;
        world.reach(uri, stage).await;
        Ok(world.ask(uri, question))
    }

    /// Asks something whose answer may take long, in a large vault. It sees the vault as it is now.
    pub(super) async fn ask_away<T: Send + 'static>(
        &self,
        uri: &Uri,
        stage: Stage,
        answer: impl FnOnce(&Asked<'_>) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let world = Arc::clone(self.world()?);
        world.reach(uri, stage).await;
        let Some(question) = world.question(uri) else { return Ok(None) };
        self.away(move || world.answer(&question, answer)).await
    }

    /// Asks something that a text alone tells: where it is open, nobody waits for the vault.
    pub(super) async fn ask_text<T>(&self, uri: &Uri, question: impl FnOnce(&Asked<'_>) -> T) -> Result<Option<T>> {
        let is_open = self.world()?.document(uri).is_some();
        self.ask(uri, if is_open { Stage::Loading } else { Stage::Ready }, question).await
    }
    /// Looks at these on disk.
    pub(super) async fn look_at(&self, uris: Vec<Uri>) {
        if let Ok(world) = self.world().cloned() {
            let _ = self.away(move || world.look_at(&uris)).await;
        }
    }

    /// Does what walks the whole vault: the same on all cores but one, which is left to whoever types.
    pub(super) async fn away_long<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.away(move || match &*LONG {
            Some(pool) => pool.install(work),
            None => work(),
        })
        .await
    }

    /// Does what may take long, or wait for a disk, where it keeps nobody else waiting.
    pub(super) async fn away<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let done = self.runtime.spawn_blocking(move || super::world::unharmed(work));
        done.await.ok().flatten().ok_or_else(Error::internal_error)
    }
}
