//! Floor 4, what a person wishes for: one wish, one file, one pure function of the vault. The command line and the language
//! server only carry the answers.

pub mod audience;
pub mod card;
pub mod checklist;
pub mod code_actions;
pub mod code_lens;
pub mod companions;
pub mod completion;
pub mod definition;
pub mod diagnostics;
pub mod document_links;
pub mod document_symbols;
mod doubt;
pub mod explain;
pub mod export;
mod few;
pub mod find;
pub mod folding;
pub mod formats;
pub mod here;
pub mod highlight;
pub mod hover;
pub mod inlay_hints;
pub mod let_in;
pub mod links;
pub mod list;
pub mod markup;
pub mod meaning;
pub mod merge;
pub mod message;
pub mod move_files;
pub mod never;
pub mod new;
mod person;
pub mod places;
pub mod preview;
pub mod recipients;
pub mod record;
pub mod references;
pub mod rename;
mod rename_alias;
pub mod rename_tag;
pub mod retag;
pub mod selection_ranges;
pub mod semantic_tokens;
mod suppression;
pub mod symbols;
pub mod tags;
pub mod vocabulary;

pub use here::{Here, Thing};

use crate::text::{Edit, edit};
use crate::vault::{FileId, Vault};

/// Edits to one file of the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdits {
    /// Which file.
    pub file: FileId,
    /// What changes in it; never empty.
    pub edits: Vec<Edit>,
}

impl FileEdits {
    /// The file's text afterwards.
    pub fn result(&self, vault: &Vault) -> String {
        edit::apply(vault.file(self.file).text(), &self.edits)
    }
}
