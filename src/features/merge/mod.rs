//! Two files of one person become one: what the other file says goes into the one that stays, nothing is lost, links lead on. The
//! other file is not deleted here: that is for later, when the file that stays is on disk with everything in it ([`holds`]).

mod body;
mod exclusions;
mod grow;

use std::sync::Arc;

use grow::Merging;

use super::person::Person;
use super::places::Exists;
use super::rename::NotChanged;
use super::{FileEdits, move_files};
use crate::contact::links::Rewrite;
use crate::contact::{Document, Kind};
use crate::text::markdown::Form;
use crate::text::yaml::edit::Refusal;
use crate::text::{Edit, edit};
use crate::vault::{Change, FileId, Resolution, Vault, VaultPath, link_name};

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The file that stays.
    pub keep: FileId,
    /// What changes in it.
    pub edits: Vec<Edit>,
    /// The file that may be deleted once all of this is on disk.
    pub other: FileId,
    /// Links to the other file, so written that they lead to the one that stays. A link by the other's alias stays: it is one
    /// of the names now.
    pub links: Vec<FileEdits>,
    /// What a person should know: what could not go into a field of its own.
    pub notes: Vec<String>,
}

/// Makes one contact of two. The error is a message for a person.
///
/// `exists` tells whether a file is at a path of the vault: the pictures of the other file are looked for beside it.
pub fn merge(vault: &Vault, keep: FileId, other: FileId, exists: &Exists) -> Result<Merge, String> {
    let (kept, gone) = (vault.file(keep), vault.file(other));
    check(vault, keep, other)?;
    let Grown { text, notes, after } = grown(vault, (keep, kept.text()), (other, &gone.shared_text()), exists)?;
    let edits = edit::between(kept.text(), &text);
    Ok(Merge { keep, edits, other, links: links(vault, &after, keep, other)?, notes })
}

/// Does the file that stays, with this text, hold everything that the other one says, so that a merge would add nothing and no link
/// leads to the other file by its path? Then deleting the other loses nothing.
pub fn holds(vault: &Vault, keep: (FileId, &str), other: (FileId, &Arc<str>), exists: &Exists) -> bool {
    lacks(vault, keep, other, exists).is_none()
}

/// What is missing for that, in words for a person.
pub fn lacks(vault: &Vault, keep: (FileId, &str), other: (FileId, &Arc<str>), exists: &Exists) -> Option<String> {
    if let Err(message) = check(vault, keep.0, other.0) {
        return Some(message);
    }
    for (text, id) in [(keep.1, keep.0), (other.1, other.0)] {
        if Document::parse(text).is_faulty() {
            return Some(format!("the front matter of {} has a fault", vault.file(id).path()));
        }
    }
    let Grown { text, after, .. } = match grown(vault, keep, other, exists) {
        Ok(grown) => grown,
        Err(message) => return Some(message),
    };
    match links(vault, &after, keep.0, other.0) {
        Err(message) => return Some(message),
        Ok(links) => {
            if let Some(edits) = links.first() {
                return Some(format!("{} has a link to it", vault.file(edits.file).path()));
            }
        }
    }
    if text == keep.1 {
        return None;
    }
    let added = edit::between(keep.1, &text).into_iter().next().map(|edit| edit.new).unwrap_or_default();
    let line = added.trim().lines().next().unwrap_or_default();
    Some(format!("`{}` is missing; merge, save, then delete", super::markup::shortened(line, 60)))
}

/// The files whose links a merge changes.
pub fn linking(vault: &Vault, keep: FileId, other: FileId, exists: &Exists) -> Vec<FileId> {
    let texts = ((keep, vault.file(keep).text()), (other, &vault.file(other).shared_text()));
    let grown = grown(vault, texts.0, texts.1, exists);
    let links = grown.and_then(|grown| links(vault, &grown.after, keep, other));
    links.unwrap_or_default().into_iter().map(|edits| edits.file).collect()
}

fn check(vault: &Vault, keep: FileId, other: FileId) -> Result<(), String> {
    if keep == other {
        return Err("this is one and the same contact".to_owned());
    }
    for id in [keep, other] {
        let file = vault.file(id);
        if file.kind() != Kind::Contact {
            return Err(format!("{} is no contact", file.path()));
        }
        if file.is_faulty() {
            return Err(format!("repair {} first: its front matter has a fault", file.path()));
        }
    }
    let person = |id: FileId| Person::new(vault, &vault.file(id).document(), vault.file(id).path(), None);
    if person(keep).is_distinct_from(&person(other)) {
        let (kept, gone) = (vault.file(keep).path(), vault.file(other).path());
        return Err(format!("{kept} and {gone} are two people: one of them names the other in `distinct`; take that out first"));
    }
    Ok(())
}

/// What a merge makes of the two.
struct Grown {
    /// The text of the file that stays, with everything in it that the other says.
    text: String,
    /// What could not go into a field of its own.
    notes: Vec<String>,
    /// The vault as it will be, without the other file: what a link leads to then.
    after: Vault,
}

fn grown(
    vault: &Vault,
    (keep, old): (FileId, &str),
    (other, text): (FileId, &Arc<str>),
    exists: &Exists,
) -> Result<Grown, String> {
    // As it reads where it goes to: its links and pictures lead on from there.
    let place = vault.file(keep).path();
    let theirs = move_files::text_at(vault, other, text, place, exists).map_err(|refusal| refusal.message)?;
    let stem = vault.file(other).path().stem();
    let mut after = vault.clone();
    after.apply(Change::Opened { path: place.clone(), text: joined(old, &theirs, stem)?.text.into() });
    let gone = vault.file(other).path();
    after.apply(Change::Closed { path: gone.clone() });
    after.apply(Change::Gone { path: gone.clone() });
    let redirected = |text: &str| redirected(text, vault, &after, keep, other);
    let theirs = redirected(&theirs)?;
    let merging = joined(old, &theirs, stem)?;
    let text = redirected(&merging.text)?;
    let result = Document::parse(&text);
    if result.is_faulty() || result.kind != Kind::Contact {
        return Err(format!("{gone} is written in a way that cannot be merged safely: please do it by hand"));
    }
    let mut notes = exclusions::compared(vault, (keep, &result), (other, &Document::parse(&theirs)))?;
    notes.extend(merging.lines.iter().map(|line| format!("kept in the text: {line}")));
    Ok(Grown { text, notes, after })
}

/// One text with everything in it that the other says. `stem` is the other's file name.
fn joined(old: &str, theirs: &str, stem: &str) -> Result<Merging, String> {
    let source = Document::parse(theirs);
    let from = source.alias().unwrap_or(stem).to_owned();
    let mut merging = Merging { text: old.to_owned(), from, lines: Vec::new() };
    merging.names(&source)?;
    for entry in &source.head.entries {
        match entry.key.as_ref() {
            "alias" | "aliases" | "opt_out" => {}
            key => merging.field(key, &entry.value, &source)?,
        }
    }
    // Also one that stands under another key, or in another spelling.
    merging.opt_out(&source)?;
    merging.rest(&source);
    merging.body(source.body_text(), stem)?;
    Ok(merging)
}

/// A text of the file that stays, its links to the other file so written that they lead to the one that stays.
fn redirected(text: &str, vault: &Vault, after: &Vault, keep: FileId, other: FileId) -> Result<String, String> {
    let path = vault.file(keep).path();
    let edits = led_on(vault, after, &Document::parse(text), path, keep, other).map_err(|refusal| refusal.message)?;
    Ok(edit::apply(text, &edits))
}

/// Links to the file that goes, so written that they lead to the one that stays. The error names a link that cannot be written so.
fn links(vault: &Vault, after: &Vault, keep: FileId, other: FileId) -> Result<Vec<FileEdits>, String> {
    let mut found: Vec<FileEdits> = Vec::new();
    let mut files: Vec<FileId> = vault.backlinks(other).into_iter().map(|place| place.file).collect();
    files.dedup();
    for file in files.into_iter().filter(|&file| file != other && file != keep) {
        let source = vault.file(file);
        let edits = led_on(vault, after, &source.document(), source.path(), keep, other).map_err(|refusal| {
            let not_changed = NotChanged { file: Some(file), path: source.path().clone(), text: source.shared_text(), refusal };
            not_changed.words()
        })?;
        if !edits.is_empty() {
            found.push(FileEdits { file, edits });
        }
    }
    Ok(found)
}

/// The edits to one file, which is or will be at `path`. A link stays that leads to the kept one by itself, once the other is gone: by a
/// name that is one of the kept one's now, and nobody else's.
fn led_on(
    vault: &Vault,
    after: &Vault,
    document: &Document<'_>,
    path: &VaultPath,
    keep: FileId,
    other: FileId,
) -> Result<Vec<Edit>, Refusal> {
    let stays = vault.file(keep);
    let name = link_name::unambiguous(after, keep).unwrap_or_else(|| stays.alias().to_owned());
    let mut rewrites = Vec::new();
    for link in document.links().iter().filter(|link| link.form != Form::Reference) {
        if vault.resolve_link(path, link) == Some(Resolution::One(other))
            && after.resolve_link(path, link) != Some(Resolution::One(keep))
        {
            rewrites.push(Rewrite::new(link, if link.is_wiki() { name.clone() } else { path.link_to(stays.path()) }));
        }
    }
    document.rewrite(&rewrites)
}
