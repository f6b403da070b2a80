//! Floor 4.

mod broadcasts;
mod code_lens;
mod diagnostics;
mod document_links;
mod hover;
mod inlay_hints;
mod rename;

use guanxi::features::Here;
use guanxi::vault::{FileId, Vault, VaultPath};

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

    pub fn here(&self) -> Here<'_> {
        Here::of_file(&self.vault, self.file)
    }
}
