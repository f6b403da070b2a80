//! Somebody: a link to them, or one of the names in their own file. The answer is their card.

use super::HoverOptions;
use crate::features::Here;
use crate::features::card::{self, ambiguous};
use crate::features::find::find;
use crate::features::markup::{Line, Page};
use crate::text::Span;
use crate::text::markdown::Link;
use crate::vault::search::Options;
use crate::vault::{Resolution, Vault};

/// One of the names that a contact gives itself.
pub fn own(here: &Here<'_>, key: &str, name: &str, options: &HoverOptions<'_>) -> Page {
    let alias = here.document.alias().unwrap_or(here.path.stem());
    let page = card::of_text(&here.path, alias, &here.document, options.picture);
    match here.vault.resolve(name) {
        Resolution::Several(several) => page.below(ambiguous(here.vault, name, &several)),
        // Somebody else's alias comes before another name.
        Resolution::One(id) if key != "alias" && here.file.is_some_and(|file| file != id) => {
            let file = here.vault.file(id);
            let line = Line::new().text("links to ").strong(name).text(" lead to ").name(file.alias());
            page.below(Page::new().line(line.text(" · ").code(file.path().as_str())))
        }
        _ => page,
    }
}

/// Whom a link leads to.
pub fn linked(here: &Here<'_>, target: &str, wiki: bool, span: Span, options: &HoverOptions<'_>) -> Option<Page> {
    if target.is_empty() {
        return None;
    }
    let link = Link { wiki, target: target.to_owned(), span, target_span: span };
    match here.vault.resolve_link(&here.path, &link) {
        Some(Resolution::One(id)) => Some(card::of_file(here.vault, id, options.picture)),
        Some(Resolution::Several(several)) => Some(ambiguous(here.vault, target, &several)),
        Some(Resolution::Nobody) if wiki => Some(nobody(here.vault, target)),
        Some(Resolution::Nobody) => {
            Some(Page::new().line(Line::new().text("there is no file ").code(&card::decoded(target)).text(" in this vault")))
        }
        None => {
            let path = card::decoded(target);
            card::is_picture(&path).then(|| super::file::page(here, &path, options))
        }
    }
}

/// Nobody goes by this name; perhaps somebody goes by one like it.
fn nobody(vault: &Vault, name: &str) -> Page {
    let words: String = name.chars().take(80).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let options = Options { bodies: false, limit: 3 };
    let near = find(vault, &words, options).map(|(found, _)| found).unwrap_or_default();
    let mut line = Line::new();
    for found in near {
        line = if line.is_empty() { line.text("near: ") } else { line.text(", ") }.name(vault.file(found.file).alias());
    }
    Page::new().line(Line::new().text("nobody goes by ").strong(name)).line(line)
}
