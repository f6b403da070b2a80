//! A contact on one card, as a name card shows it: names, what they do, how they are reached, the picture. Whoever points at a
//! link, or chooses a name among many, sees it.

use super::markup::{Line, Page, and_more, counted};
use crate::contact::OptOut;
use crate::contact::document::{self, Document};
use crate::contact::fields::{self, FieldKind};
use crate::contact::{Kind, email_fault, phone_fault, tag, without_extension};
use crate::text::percent_decoded;
use crate::vault::{FileId, Vault, VaultPath};

/// A card has no more lines of details.
const MOST_LINES: usize = 16;

/// A line has no more values.
const MOST_VALUES: usize = 5;

/// Makes a path of the vault an address that a client can show as a picture; `None` where it cannot.
pub type Picture<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The card of a file, as Markdown.
pub fn card(vault: &Vault, id: FileId, picture: Picture<'_>) -> String {
    of_file(vault, id, picture).markdown()
}

/// The card of a file.
pub fn of_file(vault: &Vault, id: FileId, picture: Picture<'_>) -> Page {
    let file = vault.file(id);
    of_text(file.path(), file.alias(), &file.document(), picture)
}

/// The card of a text that perhaps is no file of the vault yet.
pub fn of_text(path: &VaultPath, alias: &str, document: &Document<'_>, picture: Picture<'_>) -> Page {
    if document.kind != Kind::Contact {
        return of_other(path, alias, document);
    }
    let page = Page::new()
        .line(names(alias, document))
        .line(work(document))
        .line(document.text_of("description").map_or_else(Line::new, |text| Line::new().value(text)))
        .line(tags(document))
        .items(details(document))
        .line(warning(document));
    let page = page.line(Line::new().code(path.as_str()));
    // Last: in a small window a photo would leave no room for words.
    match document.values_of("card").first().and_then(|card| find_picture(path, card.text, picture)) {
        Some((place, uri)) => page.picture(&place, uri),
        None => page,
    }
}

/// Where a picture of the vault is, and its address for the client; nothing where the path leads to none.
pub fn find_picture(path: &VaultPath, written: &str, picture: Picture<'_>) -> Option<(String, Option<String>)> {
    let places: Vec<String> = path.places(written).into_iter().filter(|place| is_picture(place)).collect();
    let shown = places.iter().find_map(|place| Some((place.clone(), Some(picture(place)?))));
    shown.or_else(|| Some((places.first()?.clone(), None)))
}

/// Is it a picture, by its ending?
pub fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "heic"];
    ending.is_some_and(|ending| known.contains(&ending.as_str()))
}

/// `path` as a Markdown link to a picture writes it.
pub fn decoded(target: &str) -> String {
    percent_decoded(target.split('#').next().unwrap_or(""))
}

/// A note or a broadcast: its name, and what it is.
fn of_other(path: &VaultPath, name: &str, document: &Document<'_>) -> Page {
    let about = document.text_of("subject").map(str::to_owned).or_else(|| document.body().heading.map(|(text, _)| text));
    let about = about.filter(|about| about != name);
    Page::new()
        .line(Line::new().strong(name).text(" · ").text(document.kind.name()))
        .line(about.map_or_else(Line::new, |about| Line::new().value(&about)))
        .line(Line::new().code(path.as_str()))
}

/// The alias, and every other name once.
fn names(alias: &str, document: &Document<'_>) -> Line {
    let mut seen = vec![tag::key(alias)];
    let mut others = Vec::new();
    for name in document.other_names().into_iter().take(4 * MOST_VALUES) {
        let key = tag::key(name);
        if !seen.contains(&key) {
            seen.push(key);
            others.push(name);
        }
    }
    let mut line = Line::new().strong(alias);
    for (number, name) in others.iter().take(MOST_VALUES).enumerate() {
        line = line.text(if number == 0 { " · " } else { ", " }).name(name);
    }
    line
}

/// `Purchasing manager, Panda Lighting`
fn work(document: &Document<'_>) -> Line {
    let mut line = Line::new();
    for text in ["title", "role", "org"].into_iter().filter_map(|key| document.text_of(key)) {
        line = if line.is_empty() { line } else { line.text(", ") }.value(text);
    }
    line
}

fn tags(document: &Document<'_>) -> Line {
    let tags = document.tags();
    let mut line = Line::new();
    for tag in tags.iter().take(4 * MOST_VALUES) {
        line = if line.is_empty() { line } else { line.text(" ") }.code(&format!("#{}", tag.text));
    }
    if tags.len() > 4 * MOST_VALUES { line.text(&format!(" and {} more", tags.len() - 4 * MOST_VALUES)) } else { line }
}

/// The other fields in the order of the table, then the keys that are the person's own.
fn details(document: &Document<'_>) -> Vec<Line> {
    let known = fields::FIELDS.iter().filter(|field| is_detail(field)).map(|field| (field.key, document.values_of(field.key)));
    let own = document.head.entries.iter().filter(|entry| fields::find(&entry.key).is_none());
    let own = own.map(|entry| (entry.key.as_ref(), document::values(&entry.value)));
    let written = known.chain(own).filter_map(|(key, values)| {
        if values.is_empty() {
            return None;
        }
        let mut line = Line::new().name(key).text(": ");
        for (number, value) in values.iter().take(MOST_VALUES).enumerate() {
            line = if number == 0 { line } else { line.text(", ") };
            line = match address_of(key, value.text) {
                Some(target) => line.link(value.text, &target),
                None => line.value(value.text),
            };
            if let Some(label) = value.label {
                line = line.text(" (").name(label).text(")");
            }
        }
        let more = values.len().saturating_sub(MOST_VALUES);
        Some(if more > 0 { line.text(&format!(" and {more} more")) } else { line })
    });
    written.take(MOST_LINES).collect()
}

/// Where a value leads, if it is a mail address, a number or a web page beyond doubt.
fn address_of(key: &str, text: &str) -> Option<String> {
    match key {
        "emails" if email_fault(text).is_none() => Some(format!("mailto:{text}")),
        "phones" if phone_fault(text).is_none() => {
            let number: String = without_extension(text).chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            Some(format!("tel:{number}"))
        }
        "urls" if text.starts_with("https://") || text.starts_with("http://") => Some(text.to_owned()),
        _ => None,
    }
}

/// Does the field stand in the list of details? Names, tags and work have their own places; dates of the file itself are of
/// no use on a card.
fn is_detail(field: &fields::Field) -> bool {
    let elsewhere = ["alias", "name", "username", "aliases", "phonetic", "description", "org", "title", "role"];
    let of_file = ["created", "updated", "uid"];
    !matches!(field.kind, FieldKind::Tags | FieldKind::Card | FieldKind::OptOut)
        && !elsewhere.contains(&field.key)
        && !of_file.contains(&field.key)
}

/// Why this contact is in no broadcast, if that is so.
fn warning(document: &Document<'_>) -> Line {
    match document.opt_out() {
        OptOut::All => Line::new().text("opted out of broadcasts"),
        OptOut::Channels(channels) if !channels.is_empty() => {
            Line::new().text("opted out of broadcasts: ").value(&channels.join(", "))
        }
        _ if document.is_faulty() => Line::new().text("the front matter has a fault: in no broadcast until it is mended"),
        _ => Line::new(),
    }
}

/// Several files as a list, each with its path.
pub fn listed(vault: &Vault, files: &[FileId], most: usize) -> Page {
    let item = |&id: &FileId| Line::new().name(vault.file(id).alias()).text(" · ").code(vault.file(id).path().as_str());
    Page::new().items(files.iter().take(most).map(item)).line(and_more(files.len(), most))
}

/// A name that fits several files.
pub fn ambiguous(vault: &Vault, name: &str, several: &[FileId]) -> Page {
    let line = Line::new().strong(name).text(&format!(" fits {}: name one of them", counted(several.len(), "file")));
    Page::new().line(line).then(listed(vault, several, 10))
}
