//! People behind `[[` and in the paths of Markdown links: by any of their names, by how a Chinese name sounds, by number or company.
//! Pictures and attachments by their path.

use super::{About, Completion, Item, ItemKind, Options, filter, raw};
use crate::contact::cursor::Word;
use crate::contact::links::written_in;
use crate::features::Here;
use crate::features::card::is_picture;
use crate::features::formats::breaks_lines;
use crate::features::markup::shortened;
use crate::text::links::{Form, is_name, is_relative};
use crate::text::yaml::quote;
use crate::text::{Span, fold, percent_decoded};
use crate::vault::path::without_ending;
use crate::vault::search::names;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// So many people are offered at most: the rest is nearer by another letter than by reading on.
const MOST: usize = 40;
/// No name in a link is longer, in bytes.
const LONGEST: usize = 400;

/// Contacts that fit what is typed, and pictures where one is to be shown: `![[`.
pub fn complete(here: &Here<'_>, offset: usize, word: &Word, (closed, form): (bool, Form), options: &Options<'_>) -> Completion {
    let typed = word.typed.trim_start();
    let begun = raw(here, word.span, offset);
    let is_bare = word.span.of(here.text()).starts_with("[[");
    let in_form = |target: String| {
        // Brackets without quotes are a list in a list to YAML.
        if is_bare {
            return Some(quote::double(&format!("[[{target}]]")));
        }
        let written = match form {
            Form::Value(style) => written_in(&target, style)?,
            _ => target,
        };
        Some(if closed { written } else { format!("{written}]]") })
    };
    let mut items: Vec<Item> = found(here, typed)
        .into_iter()
        .filter_map(|id| Some(contact(here, id, word.span, in_form(target(here.vault, id)?)?, begun)))
        .collect();
    if here.text()[..word.span.start()].ends_with("![[") {
        let files = files(options, typed).into_iter().filter(|path| is_picture(path) && is_name(path));
        items.extend(files.filter_map(|path| Some(file(word.span, in_form(path.clone())?, path, begun))));
    }
    Completion { items, is_incomplete: true }
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
        kind: ItemKind::Contact,
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

/// How a link to this contact is written so that it leads to nobody else: the alias, else the file's name, else its path.
pub fn target(vault: &Vault, id: FileId) -> Option<String> {
    let file = vault.file(id);
    let path = file.path().as_str();
    let bare = without_ending(path);
    // What Markdown would read as something else, or an eye could not read at all, is no name for a link.
    let fits = |name: &str| {
        let marks = |c: char| matches!(c, '[' | ']' | '|' | '#' | '<' | '`' | '\\');
        name.len() <= LONGEST && is_name(name) && !is_relative(name) && !name.contains(marks) && !name.contains(breaks_lines)
    };
    let leads_here = |name: &&str| fits(name) && vault.resolve(name) == Resolution::One(id);
    // From the root: in the root itself a path is no longer than a name.
    let rooted = || Some(format!("/{bare}")).filter(|rooted| leads_here(&rooted.as_str()));
    [file.alias(), file.path().stem(), bare, path].into_iter().find(leads_here).map(str::to_owned).or_else(rooted)
}

/// Company and tags: enough to tell two of the same name apart.
fn detail(vault: &Vault, id: FileId) -> String {
    let file = vault.file(id);
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
