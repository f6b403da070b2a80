//! `tag rename`: a tag and everything below it, wherever it is written: `tags:` of every file, the vocabulary, queries of
//! broadcasts, of query blocks and of `broadcast.exclude`, and `#mentions` in running text. Code and look-alikes stay.

use std::collections::{HashMap, HashSet};

use super::FileEdits;
use crate::contact::document::Document;
use crate::contact::{Kind, tag};
use crate::text::markdown::is_tag_character;
use crate::text::yaml::edit::{ItemChange, Refusal, Source, Wish, plan};
use crate::text::yaml::{Node, Value};
use crate::text::{Edit, edit};
use crate::vault::query::{Query, TagPattern, Term};
use crate::vault::{FileId, Vault};

/// What renaming a tag comes to.
#[derive(Clone, Debug, Default)]
pub struct Rename {
    /// Files that change, in path order.
    pub edits: Vec<FileEdits>,
    /// Files that cannot be changed, and why. Then nothing should be changed at all.
    pub refused: Vec<(FileId, Refusal)>,
    /// What a person should know: mentions that stay because the new name cannot stand in running text, and the like.
    pub notes: Vec<String>,
}

/// Why a tag is not renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameError {
    /// The new name cannot be a tag.
    Invalid(String),
    /// Nobody carries the old tag and nothing names it; the nearest ones.
    Unknown(Vec<String>),
    /// These tags exist already: renaming would merge.
    Exists(Vec<String>),
}

/// Plans the renaming of `old` and everything below it to `new`. The vault must cover whole files.
pub fn rename(vault: &Vault, old: &str, new: &str, merge: bool) -> Result<Rename, RenameError> {
    if let Some(fault) = tag::fault(new) {
        return Err(RenameError::Invalid(format!("`{new}`: {fault}")));
    }
    let old_key = tag::key(old).into_owned();
    let views: Vec<_> = vault.tags().at_or_below(&old_key).collect();
    if views.is_empty() && vault.mentioning(&old_key).is_empty() {
        let nearest = vault.tags().nearest(&old_key);
        return Err(RenameError::Unknown(nearest.into_iter().map(|view| vault.shown(view).to_owned()).collect()));
    }
    let targets: HashMap<String, String> =
        views.iter().filter_map(|view| Some((view.key().to_owned(), tag::renamed(vault.shown(*view), old, new)?))).collect();
    let existing: Vec<String> = targets
        .values()
        .filter(|target| !targets.contains_key(&*tag::key(target)))
        .filter_map(|target| vault.tags().get(&tag::key(target)).map(|view| vault.shown(view).to_owned()))
        .collect();
    if !existing.is_empty() && !merge {
        return Err(RenameError::Exists(existing));
    }
    let mut files = vault.tags().carriers_at_or_below(&old_key);
    files.extend(vault.mentioning(&old_key));
    files |= vault.asking();
    let mut ids: Vec<FileId> = files.iter().collect();
    ids.sort_by_key(|&id| vault.file(id).path());
    let mut renaming = Renaming { old, new, mentions_fit: new.chars().all(is_tag_character), result: Rename::default() };
    for id in ids {
        renaming.file(vault, id);
    }
    Ok(renaming.result)
}

struct Renaming<'a> {
    old: &'a str,
    new: &'a str,
    mentions_fit: bool,
    result: Rename,
}

impl Renaming<'_> {
    fn file(&mut self, vault: &Vault, id: FileId) {
        let file = vault.file(id);
        let edits = if file.kind() == Kind::Config { self.config(file.text()) } else { self.markdown(vault, id) };
        let edits = edits.map(|mut edits| {
            edits.retain(|edit| edit.span.of(file.text()) != edit.new);
            edits
        });
        match edits {
            Ok(edits) if edits.is_empty() => {}
            Ok(edits) => self.result.edits.push(FileEdits { file: id, edits }),
            Err(refusal) => self.result.refused.push((id, refusal)),
        }
    }

    fn renamed(&self, tag: &str) -> Option<String> {
        tag::renamed(tag, self.old, self.new)
    }

    fn markdown(&mut self, vault: &Vault, id: FileId) -> Result<Vec<Edit>, Refusal> {
        let file = vault.file(id);
        let document = file.document();
        let mut edits = Vec::new();
        if let Some(entry) = document.entry("tags") {
            let changes = self.item_changes(entry.value.items());
            if !changes.is_empty() {
                edits.extend(super::retag::plan_list(
                    vault,
                    id,
                    &|own| changes.get(own).cloned().unwrap_or(ItemChange::Keep),
                    &[],
                )?);
            }
        }
        if document.kind == Kind::Broadcast {
            edits.extend(self.recipients(&document)?);
        }
        let body = document.body();
        for block in &body.queries {
            for inner in self.query_edits(&block.text) {
                edits.push(Edit::replace(inner.span.shifted(block.span.start()), inner.new));
            }
        }
        for mention in &body.mentions {
            let Some(new) = self.renamed(&mention.tag) else { continue };
            if self.mentions_fit {
                edits.push(Edit::replace(mention.span, format!("#{new}")));
            } else {
                self.result.notes.push(format!(
                    "{}: #{} stays in the text: `{new}` cannot stand there",
                    file.path(),
                    mention.tag
                ));
            }
        }
        Ok(edits)
    }

    /// What becomes of each item of a list of tags. A tag that would be there twice goes.
    fn item_changes(&self, items: &[Node<'_>]) -> HashMap<String, ItemChange> {
        let texts: Vec<&str> = items.iter().filter_map(Node::text).collect();
        let affected = |text: &str| self.renamed(text.trim());
        let mut kept: HashSet<String> =
            texts.iter().filter(|text| affected(text).is_none()).map(|text| tag::key(text.trim()).into_owned()).collect();
        let mut changes = HashMap::new();
        for text in texts {
            let Some(new) = affected(text) else { continue };
            if changes.contains_key(text) {
                continue;
            }
            let change = if kept.insert(tag::key(&new).into_owned()) { ItemChange::Replace(new) } else { ItemChange::Drop };
            changes.insert(text.to_owned(), change);
        }
        changes
    }

    /// `to:` of a broadcast: a query, or a list of tags.
    fn recipients(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let Some(entry) = document.entry("to") else { return Ok(Vec::new()) };
        if let Value::List(items, _) = &entry.value.value {
            let changes = self.item_changes(items);
            let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
            return plan(document.text, Source::FrontMatter, &[], &Wish::List { path: &["to"], change: &change, add: &[] });
        }
        let Some(text) = entry.value.text() else { return Ok(Vec::new()) };
        let edits = self.query_edits(text);
        if edits.is_empty() {
            return Ok(edits);
        }
        plan(document.text, Source::FrontMatter, &[], &Wish::Set { path: &["to"], value: &edit::apply(text, &edits) })
    }

    /// The edits inside a query's own text. A query that cannot be understood stays as it is.
    fn query_edits(&self, text: &str) -> Vec<Edit> {
        let Ok(query) = Query::parse(text.trim_end()) else { return Vec::new() };
        let mut edits = Vec::new();
        for term in query.terms() {
            let Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), name_span, .. } = term else { continue };
            let Some(new) = self.renamed(name) else { continue };
            let quoted = tag::as_term(&new);
            edits.push(Edit::replace(*name_span, quoted.trim_start_matches('#')));
        }
        edits
    }

    fn config(&self, text: &str) -> Result<Vec<Edit>, Refusal> {
        let (config, _) = crate::contact::Config::parse(text);
        let mut edits = Vec::new();
        if let Some((exclude, _)) = &config.exclude {
            let inner = self.query_edits(exclude);
            if !inner.is_empty() {
                let value = edit::apply(exclude, &inner);
                edits.extend(plan(text, Source::WholeFile, &[], &Wish::Set { path: &["broadcast", "exclude"], value: &value })?);
            }
        }
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let head = crate::text::yaml::parse(text, crate::text::Span::new(start, text.len()));
        let known = head.get("tags").and_then(|entry| match &entry.value.value {
            Value::Map(entries, _) => entries.iter().find(|inner| inner.key == "known"),
            _ => None,
        });
        match known.map(|known| &known.value.value) {
            Some(Value::Map(entries, _)) => {
                let mut taken: HashSet<String> = entries
                    .iter()
                    .filter(|entry| self.renamed(&entry.key).is_none())
                    .map(|entry| tag::key(&entry.key).into_owned())
                    .collect();
                for entry in entries {
                    let Some(new) = self.renamed(&entry.key) else { continue };
                    let path = ["tags", "known", entry.key.as_ref()];
                    let wish = if taken.insert(tag::key(&new).into_owned()) {
                        Wish::RenameKey { path: &path, new: &new }
                    } else {
                        Wish::RemoveKey { path: &path }
                    };
                    edits.extend(plan(text, Source::WholeFile, &[], &wish)?);
                }
            }
            Some(_) => {
                let changes = known.map(|known| self.item_changes(known.value.items())).unwrap_or_default();
                let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
                edits.extend(plan(
                    text,
                    Source::WholeFile,
                    &[],
                    &Wish::List { path: &["tags", "known"], change: &change, add: &[] },
                )?);
            }
            None => {}
        }
        Ok(edits)
    }
}
