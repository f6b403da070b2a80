//! `textDocument/hover`, and the page about somebody that completion shows late.

use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::client::Understands;
use super::convert::to_uri;
use super::space::Space;
use super::world::disk_path;
use crate::features::hover::{HoverOptions, hover};
use crate::text::Span;

/// Where a picture of the vault can be seen, if it is there: a path may mean a place beside the file, or one below the root.
pub fn picture(space: &Space) -> impl Fn(&str) -> Option<String> + '_ {
    move |path| space.exists(path).then(|| to_uri(&disk_path(space.root(), path)).as_str().to_owned())
}

/// The answer.
pub fn answer(asked: &Asked<'_>, position: Position) -> Option<Hover> {
    let picture = picture(asked.space);
    let offset = asked.ruler.offset(position);
    let found = hover(asked.here, offset, &HoverOptions { picture: &picture })?;
    let value = if asked.world.understands().markdown_hover { found.markdown.clone() } else { found.plain() };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: kind(asked.world.understands().markdown_hover), value }),
        range: Some(asked.ruler.range(found.span.cover(Span::at(offset)))),
    })
}

/// How a text is to be read.
pub fn kind(markdown: bool) -> MarkupKind {
    if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText }
}

/// A page as a completion item's documentation.
pub fn documentation(understands: &Understands, page: &crate::features::markup::Page) -> Documentation {
    let markdown = understands.markdown_documentation;
    let value = if markdown { page.markdown() } else { page.plain() };
    Documentation::MarkupContent(MarkupContent { kind: kind(markdown), value })
}
