//! What a text consists of: document symbols, folds, tokens for colours, growing selections. And who is in the vault: workspace
//! symbols.

use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::convert::Ruler;
use super::space::Space;
use super::world::World;
use crate::features::document_symbols::{self, SymbolKind as Kind, document_symbols};
use crate::features::folding::{FoldKind, folding};
use crate::features::selection_ranges::selection_ranges;
use crate::features::semantic_tokens::{Token, TokenKind, semantic_tokens};
use crate::features::symbols;
use crate::text::{Span, lines};

/// So many people are told at most: an editor filters them again, and nobody reads more.
const SYMBOLS: usize = 100;

/// `textDocument/documentSymbol`
pub fn document(asked: &Asked<'_>) -> DocumentSymbolResponse {
    let symbols = document_symbols(asked.here);
    if asked.world.understands().nested_symbols {
        return DocumentSymbolResponse::Nested(symbols.into_iter().map(|symbol| nested(asked.ruler, symbol)).collect());
    }
    let mut flat = Vec::new();
    for symbol in symbols {
        flatten(asked, symbol, None, &mut flat);
    }
    DocumentSymbolResponse::Flat(flat)
}

#[allow(deprecated)]
fn nested(ruler: &Ruler<'_>, symbol: document_symbols::DocumentSymbol) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = symbol.children.into_iter().map(|child| nested(ruler, child)).collect();
    DocumentSymbol {
        name: symbol.name,
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: ruler.range(symbol.whole),
        selection_range: ruler.range(symbol.name_span),
        children: Some(children).filter(|children| !children.is_empty()),
    }
}

#[allow(deprecated)]
fn flatten(
    asked: &Asked<'_>,
    symbol: document_symbols::DocumentSymbol,
    container: Option<String>,
    flat: &mut Vec<SymbolInformation>,
) {
    flat.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: asked.uri.clone(), range: asked.ruler.range(symbol.whole) },
        container_name: container,
    });
    for child in symbol.children {
        flatten(asked, child, Some(symbol.name.clone()), flat);
    }
}

/// Kinds that every client knows (LSP 3.17, `SymbolKind`: those up to `Array`).
fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Contact => SymbolKind::CLASS,
        Kind::Broadcast => SymbolKind::INTERFACE,
        Kind::Note => SymbolKind::FILE,
        Kind::Field => SymbolKind::PROPERTY,
        Kind::Section => SymbolKind::NAMESPACE,
        Kind::Tag => SymbolKind::CONSTANT,
        Kind::Heading => SymbolKind::STRING,
        Kind::Query => SymbolKind::FUNCTION,
    }
}

/// `textDocument/foldingRange`
pub fn folds(asked: &Asked<'_>) -> Vec<FoldingRange> {
    let fold = |fold: crate::features::folding::Fold| {
        let range = asked.ruler.range(fold.span);
        // A span that ends where a line begins ends with the line before.
        let end = if range.end.character == 0 { range.end.line.saturating_sub(1) } else { range.end.line };
        let kind = matches!(fold.kind, FoldKind::Head | FoldKind::Section).then_some(FoldingRangeKind::Region);
        (end > range.start.line).then_some(FoldingRange {
            start_line: range.start.line,
            start_character: None,
            end_line: end,
            end_character: None,
            kind,
            collapsed_text: None,
        })
    };
    folding(asked.here).into_iter().filter_map(fold).collect()
}

/// `textDocument/selectionRange`
pub fn selections(asked: &Asked<'_>, positions: &[Position]) -> Vec<SelectionRange> {
    let grown = |position: &Position| {
        let spans = selection_ranges(asked.here, asked.ruler.offset(*position));
        let outer = spans.into_iter().rev().fold(None, |parent: Option<Box<SelectionRange>>, span| {
            Some(Box::new(SelectionRange { range: asked.ruler.range(span), parent }))
        });
        let nothing = SelectionRange { range: Range { start: *position, end: *position }, parent: None };
        outer.map_or(nothing, |selection| *selection)
    };
    positions.iter().map(grown).collect()
}

/// The names of the kinds of token: those of the protocol, so that every colour scheme knows them.
pub const LEGEND: &[(TokenKind, &str)] = &[
    (TokenKind::Hole, "macro"),
    (TokenKind::Tag, "enumMember"),
    (TokenKind::Key, "property"),
    (TokenKind::Link, "class"),
    (TokenKind::Keyword, "keyword"),
    (TokenKind::Operator, "operator"),
    (TokenKind::Alias, "variable"),
    (TokenKind::String, "string"),
    (TokenKind::Expression, "regexp"),
];

/// `textDocument/semanticTokens`
pub fn tokens(asked: &Asked<'_>, range: Option<Range>) -> SemanticTokens {
    let found = semantic_tokens(asked.here, range.map(|range| asked.ruler.span(range)));
    let mut data = Vec::with_capacity(found.len());
    let mut before = Position::default();
    for Token { span, kind } in found {
        let text = asked.here.text();
        let end = lines::line_end(&text[..span.end().min(text.len())], span.start().min(text.len()));
        let span = Span::new(span.start(), end.max(span.start()));
        let start = asked.ruler.position(span.start());
        let length = asked.ruler.length(span);
        if length == 0 || start < before {
            continue;
        }
        let delta_line = start.line - before.line;
        let delta_start = if delta_line == 0 { start.character - before.character } else { start.character };
        let token_type = LEGEND.iter().position(|(known, _)| *known == kind).and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
        data.push(SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset: 0 });
        before = start;
    }
    SemanticTokens { result_id: None, data }
}

/// `workspace/symbol`: of several vaults the best of each in turn.
#[allow(deprecated)]
pub fn people(world: &World, spaces: &[std::sync::Arc<Space>], query: &str) -> Vec<SymbolInformation> {
    let mut found: Vec<(usize, SymbolInformation)> = Vec::new();
    for space in spaces {
        let vault = space.vault();
        for (rank, symbol) in symbols::symbols(&vault, query, SYMBOLS).into_iter().enumerate() {
            let file = vault.file(symbol.file);
            let ruler = Ruler::new(file.text(), world.understands().encoding);
            let symbol = SymbolInformation {
                name: symbol.name,
                kind: SymbolKind::CLASS,
                tags: None,
                deprecated: None,
                location: Location { uri: world.uri_of(space, file.path()), range: ruler.range(symbol.span) },
                container_name: Some(symbol.container).filter(|container| !container.is_empty()),
            };
            found.push((rank, symbol));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.truncate(SYMBOLS);
    found.into_iter().map(|(_, symbol)| symbol).collect()
}

/// A symbol that carries nothing but a parcel's token.
#[allow(deprecated)]
pub fn standing_in(uri: Uri) -> SymbolInformation {
    let location = Location { uri, range: Range::default() };
    SymbolInformation {
        name: String::new(),
        kind: SymbolKind::CLASS,
        tags: None,
        deprecated: None,
        location,
        container_name: None,
    }
}
