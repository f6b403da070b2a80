//! Links that lead to nobody: to the nearest name, or to a new contact. Links that fit several: to one of them.

use super::{Change, Found, short};
use crate::contact::links::Rewrite;
use crate::contact::{Code, Problem};
use crate::features::card;
use crate::text::links::is_name;
use crate::text::markdown::{Form, Link};
use crate::text::percent_decoded;
use crate::text::{Edit, Span, fold};
use crate::vault::path::{join, without_ending};
use crate::vault::{Change as VaultChange, Coverage, FileId, Resolution, Vault, VaultPath, search};

/// So many names are offered.
const LIMIT: usize = 3;

/// So many contacts with a near name are looked at.
const LOOKED_AT: usize = 40;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::LinkUnresolved | Code::LinkAmbiguous) {
        return;
    }
    let is_meant = |link: &&Link| link.target_span == problem.span && link.form != Form::Reference;
    let Some(link) = found.links().iter().find(is_meant).cloned() else { return };
    match problem.code {
        Code::LinkAmbiguous => one_of_several(found, index, &link),
        _ if link.is_wiki() => {
            nearest_names(found, index, &link);
            new_contact(found, index, &link);
        }
        _ => {
            same_file_elsewhere(found, index, &link);
            new_file(found, index, &link);
        }
    }
}

fn one_of_several(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let vault = found.vault();
    let Some(Resolution::Several(several)) = vault.resolve_link(&found.here.path, link) else { return };
    for id in several.into_iter().take(9) {
        let file = vault.file(id);
        let Some(edits) = pointed(found, link, id) else { continue };
        let title = format!("link to {} ({})", short(file.alias()), file.path());
        found.fix(index, title, Change::Edits(edits));
    }
}

/// The link so written that it leads to this file alone; what a person reads stays.
fn pointed(found: &Found<'_, '_>, link: &Link, id: FileId) -> Option<Vec<Edit>> {
    let vault = found.vault();
    let path = vault.file(id).path();
    let text = found.here.text();
    let bare = without_ending(path.as_str());
    // From the file's own name to its whole path: the first that is enough.
    let starts = bare.match_indices('/').map(|(at, _)| at + 1).collect::<Vec<_>>();
    let names = starts.into_iter().rev().chain([0]).map(|start| &bare[start..]);
    let alone = names.into_iter().find(|name| is_name(name) && vault.resolve(name) == Resolution::One(id));
    let behind = Span::new(link.target_span.end(), link.span.end()).of(text);
    match alone {
        Some(name) => {
            let has_label = behind.contains('|') || !link.fragment.is_empty() || link.embed;
            let label = (!has_label).then(|| link.target.clone());
            found.rewritten(&Rewrite { label, ..Rewrite::new(link, name) })
        }
        None if link.form == Form::Wiki && !link.embed => {
            let label = behind.split_once('|').map_or(link.target.as_str(), |(_, label)| label.trim_end_matches(']'));
            let address = found.here.path.link_to(path);
            Some(vec![Edit::replace(link.span, format!("[{label}]({address}{})", link.fragment))])
        }
        None => None,
    }
}

fn nearest_names(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    for name in near(found.vault(), &link.target) {
        let Some(edits) = found.rewritten(&Rewrite::new(link, name.as_str())) else { continue };
        found.fix(index, format!("change to `{}`", short(&name)), Change::Edits(edits));
    }
}

/// Names that a misspelt one may have been meant to be, the nearest first.
fn near(vault: &Vault, name: &str) -> Vec<String> {
    let folded = fold::search_key(name.trim());
    let limit = (folded.chars().count() / 4).clamp(1, 3);
    let mut near: Vec<String> = Vec::new();
    for (_, id) in search::near(vault, name, limit).into_iter().take(LOOKED_AT) {
        let file = vault.file(id);
        let document = file.document();
        let names = std::iter::once(file.alias()).chain(document.other_names());
        let distances = names.filter_map(|name| Some((fold::distance(&fold::search_key(name), &folded, limit)?, name)));
        let Some((_, name)) = distances.min_by_key(|(distance, _)| *distance) else { continue };
        // A name that leads to somebody else as well mends nothing.
        if is_name(name) && vault.resolve(name) == Resolution::One(id) && !near.iter().any(|known| known == name) {
            near.push(name.to_owned());
        }
        if near.len() == LIMIT {
            break;
        }
    }
    near
}

fn new_contact(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let name = without_ending(link.target.rsplit('/').next().unwrap_or("").trim());
    if card::is_picture(name) {
        return;
    }
    let Some(new) = found.new_contact(name) else { return };
    // A name with folders is a path: the file must be where the link leads.
    let bare = without_ending(&link.target);
    let path = match bare.contains('/') {
        _ if link.is_relative_name() => found.here.path.join(&format!("{bare}.md")),
        true => join("", &format!("{bare}.md")),
        false => Some(new.path),
    };
    if let Some(path) = path.filter(|path| leads_to(found, link, path, &new.text)) {
        let title = format!("create contact “{}”", short(name));
        found.fix(index, title, Change::Create { path, text: new.text, edits_here: Vec::new() });
    }
}

/// Would the link lead to a new file, and the file be one of the vault's?
fn leads_to(found: &Found<'_, '_>, link: &Link, path: &str, text: &str) -> bool {
    let mut alone = Vault::new(Coverage::Whole);
    let new = VaultPath::new(path);
    alone.apply(VaultChange::Found { path: new.clone(), text: text.into() });
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let leads_there =
        matches!(alone.resolve_link(&found.here.path, link), Some(Resolution::One(id)) if alone.id(&new) == Some(id));
    !is_hidden && !found.taken(path) && leads_there
}

/// `people/li.md` has moved: a file of that name elsewhere.
fn same_file_elsewhere(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let vault = found.vault();
    let stem = VaultPath::new(&percent_decoded(&link.target)).stem().to_owned();
    let ids = match vault.resolve(&stem) {
        Resolution::One(id) => vec![id],
        Resolution::Several(ids) => ids,
        Resolution::Nobody => Vec::new(),
    };
    for id in ids.into_iter().filter(|&id| Some(id) != found.here.file).take(LIMIT) {
        let target = found.here.path.link_to(vault.file(id).path());
        let Some(edits) = found.rewritten(&Rewrite::new(link, target.as_str())) else { continue };
        found.fix(index, format!("change to `{}`", short(&format!("{target}{}", link.fragment))), Change::Edits(edits));
    }
}

/// A contact at the very place that the link names.
fn new_file(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let target = percent_decoded(&link.target);
    let Some(path) = found.here.path.join(&target) else { return };
    let label = link.span.of(found.here.text()).trim_start_matches(['!', '[']).split(']').next().unwrap_or("").trim();
    let is_label = link.form == Form::Inline && !label.is_empty();
    let name = if is_label { label.to_owned() } else { VaultPath::new(&path).stem().to_owned() };
    let Some(new) = found.new_contact(&name).filter(|new| leads_to(found, link, &path, &new.text)) else { return };
    let title = format!("create contact “{}”", short(&name));
    found.fix(index, title, Change::Create { path, text: new.text, edits_here: Vec::new() });
}
