//! What can be folded away: the front matter, lists in it, the sections of the body, fenced blocks. Whole lines only.

use super::Here;
use super::document_symbols::whole;
use crate::contact::Kind;
use crate::text::yaml::{Entry, Value};
use crate::text::{Span, lines, outline};

/// Lines that fold: the first one stays, up to the last one all others go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From a place in the first line to a place in the last one.
    pub span: Span,
    /// What folds.
    pub kind: FoldKind,
}

/// The kinds of fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// The front matter.
    Head,
    /// A key with a list or map of several lines.
    List,
    /// A heading with what stands below it.
    Section,
    /// A fenced block.
    Block,
}

/// Everything that folds, in the order of the text.
pub fn folding(here: &Here<'_>) -> Vec<Fold> {
    let document = &here.document;
    let text = document.text;
    let mut folds = Vec::new();
    if document.kind == Kind::Config {
        entries(text, &document.head.entries, &mut folds);
        return several_lines(text, folds);
    }
    let fences = &document.fences;
    if fences.present {
        let start = lines::line_start(text, fences.head.start().saturating_sub(1));
        let end = if fences.closed { fences.head.end() } else { fences.head.start() + fences.head.of(text).trim_end().len() };
        folds.push(Fold { span: Span::new(start.min(end), lines::line_end(text, end)), kind: FoldKind::Head });
        entries(text, &document.head.entries, &mut folds);
    }
    let outline = outline::read(text, fences.body);
    folds.extend(outline.headings.iter().map(|heading| {
        let end = heading.section.start() + heading.section.of(text).trim_end().len();
        Fold { span: Span::new(heading.section.start(), end.max(heading.name_span.end())), kind: FoldKind::Section }
    }));
    folds.extend(outline.blocks.iter().map(|block| Fold { span: block.whole, kind: FoldKind::Block }));
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
    several_lines(text, folds)
}

fn entries(text: &str, entries_: &[Entry<'_>], folds: &mut Vec<Fold>) {
    for entry in entries_ {
        folds.push(Fold { span: whole(text, entry), kind: FoldKind::List });
        if let Value::Map(inner, _) = &entry.value.value {
            entries(text, inner, folds);
        }
    }
}

fn several_lines(text: &str, mut folds: Vec<Fold>) -> Vec<Fold> {
    folds.retain(|fold| fold.span.of(text).trim_end().contains(['\n', '\r']));
    folds
}
