//! `tag add` and `tag remove`: one tag, some files, lossless edits. Files that already say what is asked are left alone.

use super::{FileEdits, doubt};
use crate::contact::{Kind, fields, tag};
use crate::text::fold;
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::vault::{FileId, Vault};

/// What adding or removing a tag comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retag {
    /// Files that change.
    pub edits: Vec<FileEdits>,
    /// Files that say so already.
    pub unchanged: Vec<FileId>,
    /// Files that cannot be changed, and why.
    pub refused: Vec<(FileId, Refusal)>,
}

/// Puts a tag on these files.
pub fn add(vault: &Vault, files: &[FileId], tag: &str) -> Retag {
    let key = tag::key(tag);
    let add = [tag.to_owned()];
    each(vault, files, |id| {
        let document = vault.file(id).document();
        let carried = document.tags().iter().any(|own| tag::key(own.text) == key);
        let added: &[String] = if carried { &[] } else { &add };
        plan_list(vault, id, &|_| ItemChange::Keep, added)
    })
}

/// Takes a tag off these files; what lies below it stays.
pub fn remove(vault: &Vault, files: &[FileId], tag: &str) -> Retag {
    let key = tag::key(tag);
    let change = |own: &str| {
        let (gone, left): (Vec<&str>, Vec<&str>) = tag::in_item(own).partition(|part| tag::key(part) == key);
        match (gone.is_empty(), left.is_empty()) {
            (true, _) => ItemChange::Keep,
            (false, true) => ItemChange::Drop,
            (false, false) => ItemChange::Replace(left.join(", ")),
        }
    };
    each(vault, files, |id| plan_list(vault, id, &change, &[]))
}

/// The tag in use that a new one was most likely meant to be: at one slip, or at two of a long one.
pub fn near_used(vault: &Vault, tag: &str) -> Option<String> {
    let key = tag::key(tag);
    if vault.tags().exists(&key) {
        return None;
    }
    let limit = match key.chars().count() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    let near = vault.tags().iter().filter(|view| digits(view.key()) == digits(&key)).filter_map(|view| {
        let distance = fold::distance(&key, view.key(), limit)?;
        Some((distance, std::cmp::Reverse(view.count()), view))
    });
    let nearest = near.min_by(|a, b| (a.0, a.1, a.2.key()).cmp(&(b.0, b.1, b.2.key())))?;
    Some(vault.shown(nearest.2).to_owned())
}

/// May this be a tag here? With a strict vocabulary only its tags may, and nowhere one that could be taken for a tag that keeps people
/// out of broadcasts: whoever writes it so wants somebody left out. The error is a message for a person.
pub fn check_tag(vault: &Vault, tag: &str) -> Result<(), String> {
    if let Some(fault) = tag::fault(tag) {
        return Err(format!("`{tag}`: {fault}"));
    }
    if let Some(excluded) = doubt::excluded_near(vault, tag) {
        return Err(format!(
            "`{tag}` looks like `{excluded}`, which keeps people out of broadcasts: write that, or list `{tag}` in `tags.known` of guanxi.yaml if it is another tag"
        ));
    }
    let listed = |key: &str| vault.tags().is_known(key);
    if !vault.config().strict || listed(&tag::key(tag)) {
        return Ok(());
    }
    let nearest: Vec<String> = vault
        .tags()
        .nearest(&tag::key(tag))
        .into_iter()
        .filter(|view| view.is_known())
        .map(|view| format!("`{}`", vault.shown(view)))
        .collect();
    let hint = if nearest.is_empty() { String::new() } else { format!(" (near: {})", nearest.join(", ")) };
    Err(format!("the vocabulary is strict and does not list `{tag}`{hint}: add it to guanxi.yaml first"))
}

/// The edits to the list `tags` of one file.
pub(super) fn plan_list(
    vault: &Vault,
    id: FileId,
    change: &dyn Fn(&str) -> ItemChange,
    add: &[String],
) -> Result<Vec<crate::text::Edit>, Refusal> {
    let file = vault.file(id);
    if file.kind() == Kind::Config {
        let message = "guanxi.yaml holds the vocabulary: it carries no tags itself".to_owned();
        return Err(Refusal { span: crate::text::Span::at(0), message });
    }
    let document = file.document();
    let mut edits = document.plan(&fields::order(), &Wish::List { path: &["tags"], change, add })?;
    // Tags may stand under another key too: `categories`, `Tags` beside `tags`.
    let main = document.entry("tags").map(|entry| entry.key_span);
    for entry in document.tag_entries().filter(|entry| Some(entry.key_span) != main) {
        edits.extend(document.plan(&[], &Wish::List { path: &[document.written(entry)], change, add: &[] })?);
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

fn each(vault: &Vault, files: &[FileId], edits: impl Fn(FileId) -> Result<Vec<crate::text::Edit>, Refusal>) -> Retag {
    let mut result = Retag::default();
    let mut files = files.to_vec();
    files.sort_by_key(|&id| vault.file(id).path());
    files.dedup();
    for file in files {
        match edits(file) {
            Ok(edits) if edits.is_empty() => result.unchanged.push(file),
            Ok(edits) => result.edits.push(FileEdits { file, edits }),
            Err(refusal) => result.refused.push((file, refusal)),
        }
    }
    result
}
