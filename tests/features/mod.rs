//! Floor 4.

mod broadcasts;
mod checklist;
mod checklist_any;
mod checklist_slips;
mod checklist_ticks;
mod code_actions;
mod code_lens;
mod completion;
mod definition;
mod diagnostics;
mod document_links;
mod document_symbols;
mod exclusions;
mod fix_all;
mod folding;
mod formats;
mod highlight;
mod hover;
mod inlay_hints;
mod link_forms;
mod merge;
mod message;
mod move_files;
mod moves_that_let_in;
mod never;
mod never_wider;
mod oracle;
mod preview;
mod quick_fixes;
mod references;
mod rename;
mod rename_alias;
mod rename_tag;
mod selection_ranges;
mod semantic_tokens;
mod simulation;
mod symbols;

use std::sync::Arc;

use guanxi::features::Here;
use guanxi::features::places::Exists;
use guanxi::text::{Span, lines};
use guanxi::vault::{Change, Coverage, FileId, Vault, VaultPath};

/// A vault from a picture (see [`crate::vault::vault`]) with a cursor `‸` in one of its files.
pub struct Asked {
    pub vault: Vault,
    pub file: FileId,
    pub offset: usize,
}

impl Asked {
    pub fn new(picture: &str) -> Self {
        let files = crate::vault::files(picture);
        let (path, text) = files.iter().find(|(_, text)| text.contains('‸')).expect("a cursor");
        let offset = text.find('‸').unwrap();
        let vault = crate::vault::vault(&picture.replace('‸', ""));
        let file = vault.id(&VaultPath::new(path)).unwrap();
        Self { vault, file, offset }
    }

    /// From texts as they are, where a picture cannot show what matters: line endings, a byte order mark.
    pub fn of_texts(texts: &[(&str, &str)]) -> Self {
        let mut vault = Vault::new(Coverage::Whole);
        for (path, text) in texts {
            vault.apply(Change::Found { path: VaultPath::new(path), text: text.replace('‸', "").into() });
        }
        let (path, text) = texts.iter().find(|(_, text)| text.contains('‸')).expect("a cursor");
        let file = vault.id(&VaultPath::new(path)).unwrap();
        Self { vault, file, offset: text.find('‸').unwrap() }
    }

    pub fn here(&self) -> Here<'_> {
        Here::of_file(&self.vault, self.file)
    }
}

/// Which files there are beside the vault's own.
pub fn existing(paths: &'static [&'static str]) -> Exists {
    Arc::new(move |path| paths.contains(&path))
}

/// The lines of a text that hold these places, the places marked: `tags: [«lead»]`.
pub fn marked(text: &str, spans: &[(Span, char, char)]) -> Vec<String> {
    let mut starts: Vec<usize> = spans.iter().map(|(span, ..)| lines::line_start(text, span.start())).collect();
    starts.dedup();
    let line = |start: usize| {
        let end = lines::line_end(text, start);
        let mut line = text[start..end].to_owned();
        for (span, open, close) in spans.iter().rev().filter(|(span, ..)| (start..=end).contains(&span.start())) {
            line.insert(span.end().min(end) - start, *close);
            line.insert(span.start() - start, *open);
        }
        line
    };
    starts.into_iter().map(line).collect()
}

/// No file beside the vault comes into it by a move.
pub fn out(_: &[String], paths: &[VaultPath]) -> Vec<bool> {
    vec![false; paths.len()]
}
