//! Code lens: what others have to do with a file, above the line it is about. In a contact, who links here and who may be the
//! same person; in a broadcast, whom it reaches; over a query block, how many it means. Ordinary notes have none.

use super::Here;
use super::audience::{audience, counts};
use super::checklist::block;
use super::list::{AskError, matching};
use super::markup::{counted, shortened};
use crate::contact::Kind;
use crate::contact::reach::Address;
use crate::text::markdown::QueryBlock;
use crate::text::{Span, lines};
use crate::vault::query::Query;
use crate::vault::{FileId, Place, Vault};

/// No title is longer, in characters.
const LONGEST: usize = 160;

/// A title above a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// What it is about; it is shown above its first line.
    pub span: Span,
    /// What it says.
    pub title: String,
    /// What choosing it does.
    pub action: Action,
}

/// What choosing a lens does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the title says it all.
    Nothing,
    /// Shows these places.
    References {
        /// Where.
        places: Vec<Place>,
    },
    /// Shows who gets the message, and who does not and why.
    ShowRecipients,
    /// Writes the list of recipients into the broadcast, or brings it up to date.
    GenerateList,
    /// Shows every message as it will be.
    Preview,
    /// Shows everybody whom a query means.
    ShowList {
        /// The query.
        query: String,
    },
    /// Writes the list of everybody whom a query block means below it.
    InsertList {
        /// The query's text, fences left out.
        block: Span,
    },
}

/// Every lens of a text, in its order.
pub fn lenses(here: &Here<'_>) -> Vec<Lens> {
    let mut lenses = match (here.document.kind, here.file) {
        (Kind::Contact, Some(id)) => of_contact(here, id),
        (Kind::Broadcast, _) => of_broadcast(here),
        _ => Vec::new(),
    };
    for block in here.document.body().queries {
        of_block(here, &block, &mut lenses);
    }
    lenses
}

fn of_contact(here: &Here<'_>, id: FileId) -> Vec<Lens> {
    let Here { vault, document, .. } = here;
    let mut lenses = Vec::new();
    let links = vault.backlinks(id);
    if !links.is_empty() {
        let title = format!("{} here", counted(links.len(), "link"));
        lenses.push(lens(document.name_span(), title, Action::References { places: links }));
    }
    let namesakes = if document.alias().is_some() { vault.namesakes(id) } else { Vec::new() };
    if !namesakes.is_empty() {
        let title = match namesakes.len() {
            1 => "another contact goes by this name".to_owned(),
            several => format!("{several} other contacts go by this name"),
        };
        lenses.push(lens(document.name_span(), title, at_names(vault, &namesakes)));
    }
    for (key, what) in [("phones", "number"), ("emails", "mail address")] {
        for value in document.values_of(key) {
            let address = Address::of_value(key, value.text);
            let others = address.map(|address| vault.sharing(id, &address)).unwrap_or_default();
            if let Some(&first) = others.first() {
                let first = shortened(vault.file(first).alias(), 40);
                let more = match others.len() - 1 {
                    0 => String::new(),
                    more => format!(" and {}", counted(more, "other")),
                };
                let title = format!("shares a {what} with {first}{more}");
                lenses.push(lens(value.span, title, at_names(vault, &others)));
            }
        }
    }
    lenses.sort_by_key(|lens| lens.span.start);
    lenses
}

/// The places where these contacts give their names.
fn at_names(vault: &Vault, files: &[FileId]) -> Action {
    let place = |&file: &FileId| Place { file, span: vault.file(file).document().name_span() };
    Action::References { places: files.iter().map(place).collect() }
}

fn of_broadcast(here: &Here<'_>) -> Vec<Lens> {
    let Some(entry) = here.document.entry("to") else { return Vec::new() };
    let span = entry.key_span;
    match audience(here.vault, &here.document) {
        Err(silence) => vec![lens(span, silence.words(), Action::Nothing)],
        Ok(result) => {
            let (chosen, left_out) = counts(&result);
            let title = left_out.map_or(chosen.clone(), |left_out| format!("{chosen} · {left_out}"));
            let has_list = !matches!(block::find(&here.document), Ok(None));
            let generate = if has_list { "refresh list" } else { "generate list" };
            vec![
                lens(span, title, Action::ShowRecipients),
                lens(span, generate.to_owned(), Action::GenerateList),
                lens(span, "preview".to_owned(), Action::Preview),
            ]
        }
    }
}

fn of_block(here: &Here<'_>, block: &QueryBlock, lenses: &mut Vec<Lens>) {
    let text = block.text.trim();
    if text.is_empty() {
        return;
    }
    let span = fence(here.text(), block.span);
    let query = Query::parse(text);
    let one = if query.as_ref().is_ok_and(Query::names_kind) { "file" } else { "contact" };
    match query.map_err(AskError::Syntax).and_then(|query| matching(here.vault, &query)) {
        Err(error) => lenses.push(lens(span, error.words(), Action::Nothing)),
        Ok(found) => {
            let title = counted(usize::try_from(found.len()).unwrap_or(usize::MAX), one);
            lenses.push(lens(span, title, Action::ShowList { query: text.to_owned() }));
            lenses.push(lens(span, "insert list".to_owned(), Action::InsertList { block: block.span }));
        }
    }
}

/// The line that opens a block: the one before its content.
fn fence(text: &str, content: Span) -> Span {
    let start = lines::line_start(text, content.start());
    let before = text[..start].strip_suffix('\n').unwrap_or(&text[..start]);
    let end = before.strip_suffix('\r').unwrap_or(before).len();
    Span::new(lines::line_start(text, end), end)
}

fn lens(span: Span, title: String, action: Action) -> Lens {
    Lens { span, title: shortened(&title, LONGEST), action }
}
