//! People behind `[[`: by any of their names, by how a Chinese name sounds, by number or company.

use super::{About, Completion, Item, ItemKind, filter, raw};
use crate::contact::cursor::Word;
use crate::contact::links::written_in;
use crate::features::Here;
use crate::features::formats::breaks_lines;
use crate::features::markup::shortened;
use crate::text::links::{Form, is_name};
use crate::vault::links::without_ending;
use crate::vault::search::names;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// So many people are offered at most: the rest is nearer by another letter than by reading on.
const MOST: usize = 40;
/// No name in a link is longer, in bytes.
const LONGEST: usize = 400;

/// Contacts that fit what is typed.
pub fn complete(here: &Here<'_>, offset: usize, word: &Word, closed: bool, form: Form) -> Completion {
    let typed = word.typed.trim_start();
    let (mut found, _) = names(here.vault, typed, MOST);
    // A path is being typed: its last part is the name.
    if let (true, Some((folder, last))) = (found.is_empty(), typed.rsplit_once('/')) {
        let folder = folder.rsplit("./").next().unwrap_or(folder);
        found = names(here.vault, last, MOST).0;
        found.retain(|&id| matches!(folder, "" | "." | "..") || in_folder(here.vault.file(id).path(), folder));
    }
    let begun = raw(here, word.span, offset);
    let items = found.into_iter().filter_map(|id| {
        let file = here.vault.file(id);
        let target = target(here.vault, id)?;
        let written = match form {
            Form::Value(style) => written_in(&target, style)?,
            _ => target,
        };
        let new = if closed { written } else { format!("{written}]]") };
        Some(Item {
            label: file.alias().to_owned(),
            detail: detail(here.vault, id),
            kind: ItemKind::Contact,
            span: word.span,
            new,
            cursor: None,
            filter: filter(begun, begun, file.alias()),
            about: About::Contact(file.path().to_string()),
        })
    });
    Completion { items: items.collect(), is_incomplete: true }
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
        name.len() <= LONGEST && is_name(name) && !name.contains(marks) && !name.contains(breaks_lines)
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
