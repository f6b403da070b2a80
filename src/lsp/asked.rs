//! Questions about a text: which text and which vault one is about, and everything that the answer may need.

use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use super::convert::{Ruler, from_uri};
use super::space::Space;
use super::world::{About, World, unharmed};
use crate::contact::config;
use crate::features::Here;
use crate::vault::Vault;

/// A question about a text, with the vault as it was when it was asked: whenever it is answered, it sees no later change.
pub struct Question {
    uri: Uri,
    about: About,
    vault: Arc<Vault>,
}

impl World {
    /// A question about a text, to be answered now or later. `None` where the text is not known.
    pub fn question(&self, uri: &Uri) -> Option<Question> {
        let about = self.about(uri)?;
        let vault = about.space.vault();
        Some(Question { uri: uri.clone(), about, vault })
    }

    /// Answers a question. `None` where the text is not one of ours, or it could not be answered.
    pub fn answer<T>(&self, question: &Question, answer: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        let Question { uri, about, vault } = question;
        let here = match (&about.beside, vault.id(&about.path)) {
            (Some(text), _) => Here::beside(vault, about.path.clone(), text),
            (None, Some(id)) => Here::of_file(vault, id),
            (None, None) => return None,
        };
        if !is_ours(uri, &here) {
            return None;
        }
        let ruler = Ruler::new(here.text(), self.understands.encoding);
        unharmed(|| answer(&Asked { world: self, space: &about.space, here: &here, ruler: &ruler, uri }))
    }

    /// Asks something about a text, and answers it now.
    pub fn ask<T>(&self, uri: &Uri, answer: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        self.answer(&self.question(uri)?, answer)
    }
}

/// A question about a text, with everything that the answer may need.
pub struct Asked<'a> {
    /// Everything.
    pub world: &'a World,
    /// The vault with its disk.
    pub space: &'a Arc<Space>,
    /// The text and its vault.
    pub here: &'a Here<'a>,
    /// Its places.
    pub ruler: &'a Ruler<'a>,
    /// Its URI, as the client spells it.
    pub uri: &'a Uri,
}

impl Asked<'_> {
    /// The vault.
    pub fn vault(&self) -> &Vault {
        self.here.vault
    }
}

/// Markdown, or the settings. Other documents that an editor may tell of are none of ours.
fn is_ours(uri: &Uri, here: &Here<'_>) -> bool {
    if here.file.is_some() || here.path.file_name() == config::FILE {
        return true;
    }
    let name = here.path.file_name().to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, None | Some("md" | "markdown" | "mdx" | "qmd" | "rmd")) || from_uri(uri).is_none()
}
