//! Somebody: a link to them, or one of the names in their own file. The answer is their card.

use super::{HoverOptions, file};
use crate::contact::Kind;
use crate::features::Here;
use crate::features::audience::audience;
use crate::features::card::{self, ambiguous};
use crate::features::checklist::block;
use crate::features::find::find;
use crate::features::links::{Destination, destination};
use crate::features::markup::{Line, Page};
use crate::features::message::message;
use crate::text::markdown::Link;
use crate::text::{Span, lines};
use crate::vault::search::Options;
use crate::vault::{FileId, Resolution, Vault};

/// So many lines of a message are shown.
const MOST_LINES: usize = 20;

/// One of the names that a contact gives itself.
pub fn own(here: &Here<'_>, key: &str, name: &str, options: &HoverOptions<'_>) -> Page {
    let page = who_here(here, options);
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
pub fn linked(here: &Here<'_>, link: &Link, options: &HoverOptions<'_>) -> Option<Page> {
    let target = link.target.as_str();
    match destination(here.vault, &here.path, link, &|path| (options.picture)(path).is_some())? {
        Destination::File(id) => {
            // A message is what one looks for in a list of recipients: no picture pushes it out of sight.
            let letter = letter(here, id, link.place());
            let picture = |path: &str| (options.picture)(path).filter(|_| letter.is_empty());
            Some(card::of_file(here.vault, id, &picture).below(letter.clone()))
        }
        Destination::Several(several) => Some(ambiguous(here.vault, target, &several)),
        Destination::Other(path) => card::is_picture(&path).then(|| file::page(here, &card::decoded(target), options)),
        Destination::Here => Some(who_here(here, options)),
        Destination::Nobody if link.is_wiki() && target.is_empty() => None,
        Destination::Nobody if link.is_wiki() && card::is_picture(target) => Some(file::page(here, target, options)),
        Destination::Nobody if link.is_wiki() => Some(nobody(here.vault, target)),
        Destination::Nobody => {
            Some(Page::new().line(Line::new().text("there is no file ").code(&card::decoded(target)).text(" in this vault")))
        }
        Destination::Address(_) => None,
    }
}

fn who_here(here: &Here<'_>, options: &HoverOptions<'_>) -> Page {
    card::of_text(&here.path, here.document.alias().unwrap_or(here.path.stem()), &here.document, options.picture)
}

/// The rest of a line of a broadcast's list, its box and what stands behind the name: the message alone.
pub fn listed(here: &Here<'_>, offset: usize) -> Option<(Span, Page)> {
    let list = block::find(&here.document).ok()??;
    if here.document.kind != Kind::Broadcast || !(list.inside.start()..list.inside.end()).contains(&offset) {
        return None;
    }
    let text = here.text();
    let line = Span::new(lines::line_start(text, offset), lines::line_end(text, offset));
    let links = here.document.body().links;
    let link =
        links.into_iter().find(|link| link.is_wiki() && line.start() <= link.span.start() && link.span.end() <= line.end())?;
    let Some(Resolution::One(id)) = here.vault.resolve_link(&here.path, &link) else { return None };
    Some((line, letter(here, id, link.span)))
}

/// In the list of a broadcast: what the message says to this person, or why there is none.
fn letter(here: &Here<'_>, id: FileId, span: Span) -> Page {
    let Ok(Some(list)) = block::find(&here.document) else { return Page::new() };
    if here.document.kind != Kind::Broadcast || !(list.inside.start()..list.inside.end()).contains(&span.start()) {
        return Page::new();
    }
    let said = |words: &str| Page::new().line(Line::new().words(words));
    match audience(here.vault, &here.document) {
        Err(silence) => return said(&silence.words()),
        Ok(result) if !result.chosen.iter().any(|one| one.file == id) => {
            let reason = result.left_out.iter().find(|(file, _)| *file == id).map(|(_, reason)| reason.words(here.vault, id));
            return said(&format!("gets no message: {}", reason.as_deref().unwrap_or("the query does not match them")));
        }
        Ok(_) => {}
    }
    let message = match message(here.vault, &here.document, id) {
        Ok(message) => message,
        Err(fault) => return said(&fault.message),
    };
    let subject = message.subject.map_or_else(Line::new, |subject| Line::new().strong(&subject));
    let written: Vec<&str> = message.body.lines().filter(|line| !line.trim().is_empty()).collect();
    let page = Page::new().line(subject);
    let page = written.iter().take(MOST_LINES).fold(page, |page, line| page.line(Line::new().value(line)));
    if written.len() > MOST_LINES { page.line(Line::new().text("…")) } else { page }
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
