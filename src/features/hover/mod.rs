//! Hover: what the thing under the cursor means, in a few lines. One file for each kind of thing.

mod file;
mod hole;
mod key;
pub mod query;
pub mod tag;
mod who;

use super::card::Picture;
use super::markup::Page;
use super::{Here, Thing};
use crate::text::Span;

/// What hovering needs beside the vault.
pub struct HoverOptions<'a> {
    /// Makes a path of the vault an address that a client can show as a picture; `None` where it cannot.
    pub picture: Picture<'a>,
}

/// An answer: about what, and what there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Where the thing is written.
    pub span: Span,
    /// What there is to say, as Markdown.
    pub markdown: String,
    page: Page,
}

impl Hover {
    /// The same as text, for clients that show no Markdown.
    pub fn plain(&self) -> String {
        self.page.plain()
    }
}

/// What there is to say about the place at `offset`.
pub fn hover(here: &Here<'_>, offset: usize, options: &HoverOptions<'_>) -> Option<Hover> {
    let Some(thing) = here.thing(offset) else {
        let (span, page) = who::listed(here, offset)?;
        return said(span, page);
    };
    let page = match &thing {
        Thing::Tag { name, span } => tag::page(here.vault, name).below(query::around(here, *span)),
        Thing::Own { key, name, .. } => who::own(here, key, name, options),
        Thing::Link(link) => who::linked(here, link, options)?,
        Thing::File { path, .. } => file::page(here, path, options),
        Thing::Key { path, key, .. } => key::page(here, path, key)?,
        Thing::Value { key, label, text, .. } => key::value(here, key, label.as_deref(), text)?,
        Thing::Query { text, span } => query::page(here, text, *span),
        Thing::Hole { name, filter, span } => hole::page(here, name, *filter, *span)?,
    };
    said(thing.span(), page)
}

fn said(span: Span, page: Page) -> Option<Hover> {
    let markdown = page.markdown();
    (!markdown.is_empty()).then_some(Hover { span, markdown, page })
}
