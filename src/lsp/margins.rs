//! What an editor shows around a text: code lenses above lines, hints inside them, links to open.

use serde_json::{Value, json};
use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::convert::to_uri;
use super::uris;
use super::world::disk_path;
use crate::features::code_lens::{self, Action};
use crate::features::document_links::{self, Target};
use crate::features::inlay_hints;

/// `textDocument/codeLens`
pub fn lenses(asked: &Asked<'_>) -> Vec<CodeLens> {
    let lens = |lens: code_lens::Lens| {
        let range = asked.ruler.range(lens.span);
        let command = command(asked, &lens);
        CodeLens { range, command: Some(command), data: None }
    };
    code_lens::lenses(asked.here).into_iter().map(lens).collect()
}

/// What a lens does when it is chosen. Every editor needs a command to show a title at all.
fn command(asked: &Asked<'_>, lens: &code_lens::Lens) -> Command {
    let uri = asked.uri.as_str();
    let (name, argument): (&str, Value) = match &lens.action {
        Action::References { .. } | Action::Nothing => {
            let Position { line, character } = asked.ruler.position(lens.span.start());
            ("guanxi.show", json!({ "uri": uri, "line": line, "character": character, "title": lens.title }))
        }
        Action::ShowRecipients => ("guanxi.broadcast.list", json!({ "uri": uri, "show": true })),
        Action::GenerateList => ("guanxi.broadcast.list", json!({ "uri": uri, "write": true })),
        Action::Preview => ("guanxi.broadcast.preview", json!({ "uri": uri, "show": true })),
        Action::ShowList { query } => ("guanxi.list", json!({ "query": query, "uri": uri })),
        Action::InsertList { block } => {
            let position = asked.ruler.position(block.start());
            ("guanxi.list", json!({ "uri": uri, "insert": { "line": position.line, "character": position.character } }))
        }
    };
    Command { title: lens.title.clone(), command: name.to_owned(), arguments: Some(vec![argument]) }
}

/// `textDocument/inlayHint`
pub fn hints(asked: &Asked<'_>, range: Range) -> Vec<InlayHint> {
    let hint = |hint: inlay_hints::Hint| InlayHint {
        position: asked.ruler.position(hint.offset),
        label: InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(hint.tooltip)),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    inlay_hints::hints(asked.here, asked.ruler.span(range)).into_iter().map(hint).collect()
}

/// `textDocument/documentLink`
pub fn links(asked: &Asked<'_>) -> Vec<DocumentLink> {
    let with_tooltips = asked.world.understands().link_tooltips;
    let found = document_links::document_links(asked.here, &|path| asked.space.exists(path));
    let link = |link: document_links::DocumentLink| {
        let target = match &link.target {
            Target::File(path) => Some(to_uri(&disk_path(asked.space.root(), path))),
            Target::Contact(id) => Some(asked.world.uri_of(asked.space, asked.vault().file(*id).path())),
            other => other.uri().and_then(|uri| uris::parse(&uri)),
        };
        let tooltip = with_tooltips.then_some(link.tooltip);
        Some(DocumentLink { range: asked.ruler.range(link.span), target: Some(target?), tooltip, data: None })
    };
    found.into_iter().filter_map(link).collect()
}
