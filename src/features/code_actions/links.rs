//! Links that lead to nobody: to the nearest name, or to a new contact. Links that fit several: to one of them.

use super::{Change, Found, short};
use crate::contact::{Code, Problem};
use crate::text::markdown::Link;
use crate::text::{Edit, fold};
use crate::vault::{FileId, Resolution, Vault, VaultPath, percent_decoded, search};

/// So many names are offered.
const LIMIT: usize = 3;

/// So many names that begin or sound alike are looked at.
const LOOKED_AT: usize = 40;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::LinkUnresolved | Code::LinkAmbiguous) {
        return;
    }
    let links = found.here.document.body().links;
    let Some(link) = links.into_iter().find(|link| link.target_span == problem.span) else { return };
    match problem.code {
        Code::LinkAmbiguous => one_of_several(found, index, &link),
        _ if link.wiki => {
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
        let Some(edit) = pointed(found, link, id) else { continue };
        let title = format!("link to {} ({})", short(file.alias()), file.path());
        found.fix(index, title, Change::Edits(vec![edit]));
    }
}

/// The link so written that it leads to this file alone; what a person reads stays.
fn pointed(found: &Found<'_, '_>, link: &Link, id: FileId) -> Option<Edit> {
    let vault = found.vault();
    let path = vault.file(id).path();
    let text = found.here.text();
    let written = link.span.of(text);
    let bare = path.as_str().strip_suffix(".md").or_else(|| path.as_str().strip_suffix(".markdown")).unwrap_or(path.as_str());
    // From the file's own name to its whole path: the first that is enough.
    let starts = bare.match_indices('/').map(|(at, _)| at + 1).collect::<Vec<_>>();
    let names = starts.into_iter().rev().chain([0]).map(|start| &bare[start..]);
    let alone = names.into_iter().find(|name| vault.resolve(name) == Resolution::One(id) && !name.contains(['[', ']', '|', '#']));
    let behind = &text[link.target_span.end()..link.span.end()];
    match alone {
        Some(name) if behind.contains(['|', '#']) => Some(Edit::replace(link.target_span, name)),
        Some(name) => Some(Edit::replace(link.target_span, format!("{name}|{}", link.target))),
        None => {
            let label = written.split_once('|').map_or(link.target.as_str(), |(_, label)| label.trim_end_matches(']'));
            let address = found.here.path.link_to(path);
            Some(Edit::replace(link.span, format!("[{label}]({address})")))
        }
    }
}

fn nearest_names(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    for name in near(found.vault(), &link.target) {
        let edit = Edit::replace(link.target_span, name.clone());
        found.fix(index, format!("write `{}`", short(&name)), Change::Edits(vec![edit]));
    }
}

/// Names that a misspelt one may have been meant to be, the nearest first. Only those are compared that begin, hold or sound
/// like one of its words.
fn near(vault: &Vault, name: &str) -> Vec<String> {
    let folded = fold::search_key(name.trim());
    let length = folded.chars().count();
    let limit = (length / 4).clamp(1, 4);
    let mut candidates: Vec<FileId> = Vec::new();
    for typed in attempts(&folded) {
        candidates.extend(search::names(vault, &typed, LOOKED_AT).0);
    }
    candidates.sort_unstable();
    candidates.dedup();
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let own = bare(&folded);
    let typed: &str = &folded;
    let mut near: Vec<(usize, String)> = Vec::new();
    for id in candidates {
        let file = vault.file(id);
        let document = file.document();
        let names = std::iter::once(file.alias()).chain(document.other_names());
        let best = names.filter_map(|name| {
            let folded = fold::search_key(name);
            let distance = if bare(&folded) == own { 0 } else { fold::distance(&folded, typed, limit)? };
            Some((distance, name))
        });
        let best = best.min_by_key(|(distance, _)| *distance);
        if let Some((distance, name)) = best.filter(|(_, name)| vault.resolve(name) == Resolution::One(id) && is_target(name)) {
            near.push((distance, name.to_owned()));
        }
    }
    near.sort();
    near.dedup();
    near.into_iter().take(LIMIT).map(|(_, name)| name).collect()
}

/// What is looked up for a misspelt name: its words, and the beginning of each, for the slip may be in any of them.
fn attempts(folded: &str) -> Vec<String> {
    let mut attempts: Vec<String> = Vec::new();
    let mut attempt = |text: String| {
        if !text.is_empty() && attempts.len() < 8 && !attempts.contains(&text) {
            attempts.push(text);
        }
    };
    attempt(folded.chars().filter(|c| c.is_alphanumeric()).collect());
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().take(3).for_each(|word| attempt(word.to_owned()));
    // The first half of a word, and its last: one of both is free of a single slip.
    for word in words().take(2) {
        let letters: Vec<char> = word.chars().collect();
        let half = letters.len().div_ceil(2);
        attempt(letters[..half].iter().collect());
        attempt(letters[letters.len() - half..].iter().collect());
    }
    attempts
}

/// May it stand between `[[` and `]]`?
fn is_target(name: &str) -> bool {
    !name.contains(|c: char| c.is_control() || matches!(c, '[' | ']' | '|' | '#'))
}

fn new_contact(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let name = link.target.rsplit('/').next().unwrap_or("").trim();
    let name = name.strip_suffix(".md").unwrap_or(name);
    let Some(new) = found.new_contact(name) else { return };
    let title = format!("make a contact of “{}”", short(name));
    found.fix(index, title, Change::Create { path: new.path, text: new.text, edits_here: Vec::new() });
}

/// `people/li.md` has moved: a file of that name elsewhere.
fn same_file_elsewhere(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let vault = found.vault();
    let decoded = percent_decoded(&link.target);
    let (path, heading) = decoded.split_once('#').map_or((decoded.as_str(), None), |(path, rest)| (path, Some(rest)));
    let stem = VaultPath::new(path).stem().to_owned();
    let ids = match vault.resolve(&stem) {
        Resolution::One(id) => vec![id],
        Resolution::Several(ids) => ids,
        Resolution::Nobody => Vec::new(),
    };
    for id in ids.into_iter().filter(|&id| Some(id) != found.here.file).take(LIMIT) {
        let mut target = found.here.path.link_to(vault.file(id).path());
        if let Some(heading) = heading {
            target = format!("{target}#{heading}");
        }
        found.fix(index, format!("write `{}`", short(&target)), Change::Edits(vec![Edit::replace(link.target_span, target)]));
    }
}

/// A contact at the very place that the link names.
fn new_file(found: &mut Found<'_, '_>, index: usize, link: &Link) {
    let target = percent_decoded(link.target.split('#').next().unwrap_or(""));
    let Some(path) = found.here.path.join(&target).filter(|path| !found.taken(path)) else { return };
    let label = link.span.of(found.here.text()).trim_start_matches('[').split(']').next().unwrap_or("").trim();
    let name = if label.is_empty() { VaultPath::new(&path).stem().to_owned() } else { label.to_owned() };
    let Some(new) = found.new_contact(&name) else { return };
    let title = format!("make a contact of “{}”", short(&name));
    found.fix(index, title, Change::Create { path, text: new.text, edits_here: Vec::new() });
}
