//! Links: people after `[[` and in the paths of Markdown links, by any of their names, by how a Chinese name sounds, by number or
//! company; then notes by file name or title; headings after `[[name#`; pictures and attachments by their path.

use super::{About, Completion, Item, ItemKind, LIMIT, Options, filter, raw};
use crate::contact::cursor::{Closing, Word};
use crate::contact::links::written_in;
use crate::contact::{Kind, naming};
use crate::features::card::is_picture;
use crate::features::markup::shortened;
use crate::features::{Here, links};
use crate::text::links::{Form, is_name, is_relative};
use crate::text::outline::Heading;
use crate::text::yaml::quote;
use crate::text::{Span, fold, percent_decoded};
use crate::vault::link_name;
use crate::vault::path::without_ending;
use crate::vault::search::{names, notes};
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// So many people are offered at most: the rest is nearer by another letter than by reading on.
const MOST: usize = 40;
/// So many notes after them.
const MOST_NOTES: usize = 20;

/// How a link that is being typed ends, and in which form it is written.
type Ending = (Closing, Form);

/// Contacts that fit what is typed, then notes, and pictures where one is to be shown: `![[`.
pub fn complete(here: &Here<'_>, offset: usize, word: &Word, ending: Ending, options: &Options<'_>) -> Completion {
    let typed = word.typed.trim_start().trim_end_matches(']');
    let begun = raw(here, word.span, offset);
    let item = |id: FileId| {
        let (span, new) = written_link(here, word, ending, &link_name::unambiguous(here.vault, id)?, None)?;
        Some(Item { span, ..contact(here, id, word.span, new, begun) })
    };
    let mut items: Vec<Item> = found(here, typed).into_iter().filter_map(item).collect();
    items.extend(notes(here.vault, typed, MOST_NOTES).into_iter().filter_map(item));
    if here.text()[..word.span.start()].ends_with("![[") {
        let files = files(options, typed).into_iter().filter(|path| is_picture(path) && is_name(path));
        items.extend(files.filter_map(|path| {
            let (span, new) = written_link(here, word, ending, &path, None)?;
            Some(file(span, new, path, begun))
        }));
    }
    Completion { items, is_incomplete: true }
}

/// The headings of the file that `target` names, in their order; of this file where it is empty.
pub fn headings(here: &Here<'_>, offset: usize, target: &str, word: &Word, ending: Ending) -> Completion {
    let begun = raw(here, word.span, offset);
    let typed = fold::search_key(word.typed.trim());
    let document = match here.vault.resolve(target) {
        _ if target.is_empty() => here.document.clone(),
        _ if is_relative(target) => match here.path.join(target).and_then(|path| file_at(here.vault, &path)) {
            Some(id) => here.vault.file(id).document(),
            None => return Completion::default(),
        },
        Resolution::One(id) => here.vault.file(id).document(),
        Resolution::Several(_) | Resolution::Nobody => return Completion::default(),
    };
    let item = |heading: &Heading| {
        let (span, new) = written_link(here, word, ending, target, Some(&heading_text(&heading.text)?))?;
        Some(Item {
            label: heading.text.clone(),
            detail: "#".repeat(usize::from(heading.level)),
            kind: ItemKind::Heading,
            span,
            new,
            cursor: None,
            filter: filter(begun, &word.typed, &heading.text),
            about: About::Nothing,
        })
    };
    let headings = links::headings(&document);
    let fitting = headings.iter().filter(|heading| fold::search_key(&heading.text).contains(&*typed));
    Completion { items: fitting.filter_map(item).take(LIMIT).collect(), is_incomplete: false }
}

fn file_at(vault: &Vault, path: &str) -> Option<FileId> {
    ["", ".md", ".markdown"].into_iter().find_map(|ending| vault.id_of(&format!("{path}{ending}")))
}

/// A heading as a link names it: without what would end the link. `None` where it then names no heading, or another.
fn heading_text(heading: &str) -> Option<String> {
    let ends = |c: char| matches!(c, '[' | ']' | '|' | '#' | '^' | '\\' | '`') || c.is_control();
    let kept: String = heading.chars().map(|c| if ends(c) { ' ' } else { c }).collect();
    let text = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    links::names_heading(&text, heading).then_some(text)
}

/// What a link to `target` replaces, and by what: the closing brackets come with it where they are missing.
fn written_link(
    here: &Here<'_>,
    word: &Word,
    (closing, form): Ending,
    target: &str,
    heading: Option<&str>,
) -> Option<(Span, String)> {
    // Brackets without quotes are a list in a list to YAML.
    if word.span.of(here.text()).starts_with("[[") {
        let heading = heading.map(|heading| format!("#{heading}")).unwrap_or_default();
        return Some((word.span, quote::double(&format!("[[{target}{heading}]]"))));
    }
    let name = heading.unwrap_or(target);
    let written = match form {
        Form::Value(style) => written_in(name, style)?,
        _ => name.to_owned(),
    };
    Some(match closing {
        Closing::Whole => (word.span, written),
        Closing::Missing => (word.span, format!("{written}]]")),
        // A label may stand before the one bracket.
        Closing::Half(end) => {
            let rest = here.text().get(word.span.end()..end)?;
            (Span::new(word.span.start(), end), format!("{written}{rest}]"))
        }
    })
}

/// Files that fit what is typed where a Markdown link says its path: those of contacts, pictures and attachments.
pub fn paths(here: &Here<'_>, offset: usize, word: &Word, embed: bool, options: &Options<'_>) -> Completion {
    let begun = raw(here, word.span, offset);
    let typed = percent_decoded(&word.typed);
    let last = without_ending(typed.rsplit('/').next().unwrap_or(&typed));
    let path_of = |id: FileId| here.path.link_to(here.vault.file(id).path());
    let contacts = if embed { Vec::new() } else { found(here, last) };
    let mut items: Vec<Item> = contacts.into_iter().map(|id| contact(here, id, word.span, path_of(id), begun)).collect();
    let files = files(options, last).into_iter().filter(|path| !embed || is_picture(path));
    items.extend(files.map(|path| file(word.span, here.path.link_to(&VaultPath::new(&path)), path, begun)));
    Completion { items, is_incomplete: true }
}

fn found(here: &Here<'_>, typed: &str) -> Vec<FileId> {
    let (found, _) = names(here.vault, typed, MOST);
    let Some((folder, last)) = typed.rsplit_once('/').filter(|_| found.is_empty()) else { return found };
    // A path is being typed: its last part is the name.
    let folder = folder.rsplit("./").next().unwrap_or(folder);
    let (mut found, _) = names(here.vault, last, MOST);
    found.retain(|&id| matches!(folder, "" | "." | "..") || in_folder(here.vault.file(id).path(), folder));
    found
}

fn contact(here: &Here<'_>, id: FileId, span: Span, new: String, begun: &str) -> Item {
    let file = here.vault.file(id);
    Item {
        label: file.alias().to_owned(),
        detail: detail(here.vault, id),
        kind: if file.kind() == Kind::Contact { ItemKind::Contact } else { ItemKind::Note },
        span,
        new,
        cursor: None,
        filter: filter(begun, begun, file.alias()),
        about: About::Contact(file.path().to_string()),
    }
}

/// Pictures and attachments whose path holds what is typed.
fn files(options: &Options<'_>, typed: &str) -> Vec<String> {
    let typed = fold::search_key(typed.trim());
    let mut found = (options.files)();
    found.retain(|path| fold::search_key(path).contains(&*typed));
    found.truncate(MOST);
    found
}

fn file(span: Span, new: String, path: String, begun: &str) -> Item {
    Item {
        filter: filter(begun, begun, &path),
        label: path.clone(),
        detail: String::new(),
        kind: ItemKind::File,
        span,
        new,
        cursor: None,
        about: About::File(path),
    }
}

fn in_folder(path: &VaultPath, folder: &str) -> bool {
    path.folder() == folder || path.folder().ends_with(&format!("/{folder}"))
}

/// Company and tags, or a note's title and folder: enough to tell two of the same name apart.
fn detail(vault: &Vault, id: FileId) -> String {
    let file = vault.file(id);
    if file.kind() != Kind::Contact {
        let title = naming::note_title(&file.document()).filter(|title| title != file.alias());
        let folder = Some(file.path().folder().to_owned()).filter(|folder| !folder.is_empty());
        return shortened(&title.into_iter().chain(folder).collect::<Vec<_>>().join(" · "), 60);
    }
    let mut detail = String::new();
    for part in [file.other_name(), file.org()].into_iter().flatten() {
        detail.push_str(if detail.is_empty() { "" } else { " · " });
        detail.push_str(part);
    }
    for (place, (_, tag)) in vault.tags_of(id).take(3).enumerate() {
        detail.push_str(match (detail.is_empty(), place) {
            (true, _) => "#",
            (false, 0) => " · #",
            (false, _) => " #",
        });
        detail.push_str(tag);
    }
    shortened(&detail, 60)
}
