//! The server library's service, with a count of the messages that it took in and of those whose handlers have begun.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::Request;
use tower_service::Service;

use super::edited::Begun;

/// A service that counts.
pub struct Counted<S> {
    service: S,
    begun: Arc<Begun>,
}

impl<S> Counted<S> {
    /// Counts for `begun` what `service` does.
    pub fn new(service: S, begun: Arc<Begun>) -> Self {
        Self { service, begun }
    }
}

impl<S: Service<Request>> Service<Request> for Counted<S>
where
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begun = Arc::clone(&self.begun);
        begun.take();
        let mut answer = Box::pin(self.service.call(request));
        let mut is_first = true;
        Box::pin(std::future::poll_fn(move |context| {
            let polled = answer.as_mut().poll(context);
            if std::mem::take(&mut is_first) {
                begun.begin();
            }
            polled
        }))
    }
}
