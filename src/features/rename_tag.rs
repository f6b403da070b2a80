//! `tag rename`: a tag and everything below it, wherever it is written: `tags:` of every file, the vocabulary, queries of
//! broadcasts, of query blocks and of `broadcast.exclude`, and `#mentions` in running text. Code and look-alikes stay.

use std::collections::{HashMap, HashSet};

use super::FileEdits;
use super::places::{Goal, Source, queries};
use super::rename::{Job, Planned, Task as AnyTask};
use crate::contact::cursor::Written;
use crate::contact::document::Document;
use crate::contact::{Config, Kind, tag};
use crate::text::markdown::{self, Body, Mention};
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::text::yaml::{self, Node};
use crate::text::{Edit, Span, edit, fold};
use crate::vault::query::{Query, TagPattern, Term, Value};
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

impl RenameError {
    /// In words for a person, who called the tag `old`; `how` says how merging is asked for.
    pub fn words(&self, old: &str, how: &str) -> String {
        match self {
            RenameError::Invalid(message) => message.clone(),
            RenameError::Unknown(nearest) if nearest.is_empty() => format!("nobody carries `{old}`"),
            RenameError::Unknown(nearest) => format!("nobody carries `{old}` (near: {})", nearest.join(", ")),
            RenameError::Exists(existing) => {
                let existing = existing.join("`, `");
                format!("`{existing}` exists already: renaming would make two tags one, for good; {how} if that is meant")
            }
        }
    }
}

/// Plans the renaming of `old` and everything below it to `new`. The vault must cover whole files.
pub fn rename(vault: &Vault, old: &str, new: &str, merge: bool) -> Result<Rename, RenameError> {
    let renaming = prepare(vault, old, new, merge)?.run(&|| false).unwrap_or_default();
    let edits = renaming.edits.into_iter().filter_map(|one| Some(FileEdits { file: one.file?, edits: one.edits }));
    let refused = renaming.refused.into_iter().filter_map(|one| Some((one.file?, one.refusal)));
    Ok(Rename { edits: edits.collect(), refused: refused.collect(), notes: renaming.notes })
}

/// Asks the vault all that renaming a tag by its name needs: what follows works on the texts alone.
pub fn prepare(vault: &Vault, old: &str, new: &str, merge: bool) -> Result<Job, RenameError> {
    let job = gather(vault, old, new).map_err(RenameError::Invalid)?;
    let old_key = tag::key(old);
    if !vault.tags().exists(&old_key) && vault.mentioning_set(&old_key).is_empty() {
        let nearest = vault.tags().nearest(&old_key);
        return Err(RenameError::Unknown(nearest.into_iter().map(|view| vault.shown(view).to_owned()).collect()));
    }
    if !job.merges().is_empty() && !merge {
        return Err(RenameError::Exists(job.merges));
    }
    Ok(job)
}

/// Asks the vault what renaming needs to know. The error says what is wrong with the new name.
pub(super) fn gather(vault: &Vault, old: &str, new: &str) -> Result<Job, String> {
    if let Some(fault) = tag::fault(new) {
        return Err(format!("`{new}`: {fault}"));
    }
    let goal = Goal::Tag(tag::key(old).into_owned());
    let task = AnyTask::Tag(Task { old: old.to_owned(), new: new.to_owned() });
    Ok(Job { task, sources: goal.sources(vault), merges: merges(vault, old, new), notes: loose(vault, old, new) })
}

/// Queries that find the tag without naming it, by an expression or as a word, and will not find the new one: no renaming can follow
/// there, and whom `-tag:/^no/` keeps out today may be let in tomorrow.
fn loose(vault: &Vault, old: &str, new: &str) -> Vec<String> {
    let (old_key, new_key) = (tag::key(old), tag::key(new));
    let finds = |value: &Value, key: &str| match value {
        Value::Matching(expression) => expression.regex.is_match(key),
        Value::Text { folded, .. } => fold::search_key(key).contains(folded.as_str()),
    };
    let loses = |finds: &dyn Fn(&str) -> bool| finds(&old_key) && !finds(&new_key);
    let is_loose = |text: &str| {
        let terms = Query::parse(text).map(|query| query.terms().into_iter().cloned().collect::<Vec<_>>()).unwrap_or_default();
        terms.iter().any(|term| match term {
            Term::Tag { pattern: TagPattern::Matching(expression), .. } => loses(&|key| expression.regex.is_match(key)),
            Term::Word { value, .. } => loses(&|key| finds(value, key)),
            Term::Field { key, value, .. } if key == "any" => loses(&|key| finds(value, key)),
            _ => false,
        })
    };
    let note = |place: String| format!("{place} finds `{old}` without naming it, and will not find `{new}`: look at it");
    let exclude = vault.config().exclude.as_ref().filter(|(text, _)| is_loose(text));
    let mut notes: Vec<String> = exclude.map(|_| note("`broadcast.exclude` in guanxi.yaml".to_owned())).into_iter().collect();
    for id in vault.asking() {
        let file = vault.file(id);
        if file.kind() == Kind::Broadcast && file.document().text_of("to").is_some_and(is_loose) {
            notes.push(note(format!("`to` in {}", file.path())));
        }
    }
    notes
}

/// The tags that others would become one with. Where only children of the new name are there, it is the new name itself: a query
/// for it means them too.
fn merges(vault: &Vault, old: &str, new: &str) -> Vec<String> {
    let (old_key, new_key) = (tag::key(old), tag::key(new));
    let stays = |key: &str| !tag::is_at_or_below(key, &old_key);
    let targets = vault.tags().at_or_below(&old_key).filter_map(|view| tag::renamed(vault.shown(view), old, new));
    let taken = targets.filter_map(|target| vault.tags().get(&tag::key(&target))).filter(|view| stays(view.key()));
    let taken: Vec<String> = taken.map(|view| vault.shown(view).to_owned()).collect();
    if !taken.is_empty() || !stays(&new_key) {
        return taken;
    }
    let below = vault.tags().at_or_below(&new_key).find(|view| stays(view.key()));
    let depth = new_key.split('/').count();
    below.map(|view| vault.shown(view).split('/').take(depth).collect::<Vec<_>>().join("/")).into_iter().collect()
}

/// What is done to each text.
pub(super) struct Task {
    old: String,
    new: String,
}

impl Task {
    /// The edits to one text.
    pub fn plan(&self, source: &Source) -> Result<Planned, Refusal> {
        let document = source.document();
        let mut notes = Vec::new();
        let edits = if document.kind == Kind::Config {
            self.config(&document)?
        } else {
            let mut edits = self.head(&document)?;
            if !source.head_only {
                edits.extend(self.body(&document, source, &mut notes)?);
            }
            edits
        };
        Ok(Planned::new(&source.text, edits, notes))
    }

    fn renamed(&self, tag: &str) -> Option<String> {
        tag::renamed(tag, &self.old, &self.new)
    }

    fn head(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        if let Some(entry) = document.entry("tags") {
            edits.extend(self.list(document, &["tags"], &entry.value)?);
        }
        let to = document.entry("to").filter(|_| document.kind == Kind::Broadcast).map(|entry| &entry.value);
        match to.map(|node| (node, &node.value)) {
            Some((node, yaml::Value::List(..))) => {
                edits.extend(self.list(document, &["to"], node)?);
            }
            Some((node, _)) => edits.extend(self.query(document, node, &["to"])?),
            None => {}
        }
        Ok(edits)
    }

    fn config(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        if let Some(node) = queries::setting(document, "broadcast", "exclude") {
            edits.extend(self.query(document, node, &["broadcast", "exclude"])?);
        }
        let Some(known) = queries::setting(document, "tags", "known") else { return Ok(edits) };
        let path = ["tags", "known"];
        if let yaml::Value::Map(entries, _) = &known.value {
            let changes = self.changes(entries.iter().map(|entry| entry.key.as_ref()));
            if !changes.is_empty() {
                let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
                edits.extend(document.plan(&[], &Wish::Keys { path: &path, change: &change })?);
            }
        } else if !Config::parse(document.text).0.known.is_empty() {
            edits.extend(self.list(document, &path, known)?);
        }
        Ok(edits)
    }

    /// A list of tags.
    fn list(&self, document: &Document<'_>, path: &[&str], node: &Node<'_>) -> Result<Vec<Edit>, Refusal> {
        let changes = self.changes(node.items().iter().filter_map(Node::text));
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
        document.plan(&[], &Wish::List { path, change: &change, add: &[] })
    }

    /// What becomes of each of these tags that is renamed. One that would be there twice goes.
    fn changes<'n>(&self, names: impl Iterator<Item = &'n str>) -> HashMap<&'n str, ItemChange> {
        let (affected, stay): (Vec<_>, Vec<_>) =
            names.map(|name| (name, self.renamed(name.trim()))).partition(|(_, new)| new.is_some());
        let mut changes = HashMap::new();
        if affected.is_empty() {
            return changes;
        }
        let mut kept: HashSet<String> = stay.into_iter().map(|(name, _)| tag::key(name.trim()).into_owned()).collect();
        for (name, new) in affected {
            let Some(new) = new.filter(|_| !changes.contains_key(name)) else { continue };
            let change = if kept.insert(tag::key(&new).into_owned()) { ItemChange::Replace(new) } else { ItemChange::Drop };
            changes.insert(name, change);
        }
        changes
    }

    /// A query that is the value of a key. One that YAML takes for a comment is changed where it stands.
    fn query(&self, document: &Document<'_>, node: &Node<'_>, path: &[&str]) -> Result<Vec<Edit>, Refusal> {
        if let (yaml::Value::Empty, Some(span)) = (&node.value, document.hidden_word(node)) {
            let edits = self.inside_query(span.of(document.text), span)?;
            return Ok(edits.into_iter().map(|edit| Edit::replace(edit.span.shifted(span.start()), edit.new)).collect());
        }
        let Some(text) = node.text() else { return Ok(Vec::new()) };
        let edits = self.inside_query(text, node.span)?;
        if edits.is_empty() {
            return Ok(edits);
        }
        let value = edit::apply(text, &edits);
        match in_place(document, node, text, &edits).filter(|found| reads(document, found, path, &value)) {
            Some(found) => Ok(found),
            None => document.plan(&[], &Wish::Set { path, value: &value }),
        }
    }

    /// The edits inside a query's own text. A query that cannot be understood stays as it is.
    fn inside_query(&self, text: &str, whole: Span) -> Result<Vec<Edit>, Refusal> {
        let Ok(query) = Query::parse(text.trim_end()) else { return Ok(Vec::new()) };
        let mut expected = Vec::new();
        let mut edits = Vec::new();
        for (name, name_span) in named(&query) {
            let new = self.renamed(name);
            if let Some(new) = &new {
                edits.push(Edit::replace(name_span, tag::as_term(new).trim_start_matches('#')));
            }
            expected.push(new.unwrap_or_else(|| name.to_owned()));
        }
        let after = edit::apply(text, &edits);
        let says = Query::parse(after.trim_end()).is_ok_and(|query| named(&query).map(|(name, _)| name).eq(&expected));
        if says || edits.is_empty() { Ok(edits) } else { Err(by_hand(whole)) }
    }

    fn body(&self, document: &Document<'_>, source: &Source, notes: &mut Vec<String>) -> Result<Vec<Edit>, Refusal> {
        let body = document.body();
        let mut edits = Vec::new();
        for block in &body.queries {
            let inner = self.inside_query(&block.text, block.span)?;
            edits.extend(inner.into_iter().map(|edit| Edit::replace(edit.span.shifted(block.span.start()), edit.new)));
        }
        let mentions = self.mentions(document.text, &body, &source.path.to_string(), notes);
        if !mentions.is_empty() {
            let all = [edits.as_slice(), &mentions].concat();
            if self.says_so(document, &body, &all, &mentions) {
                return Ok(all);
            }
            notes.push(format!("{}: #{} stays in the text: changing it would change more", source.path, self.old));
        }
        Ok(edits)
    }

    fn mentions(&self, text: &str, body: &Body, path: &str, notes: &mut Vec<String>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut told: Option<&str> = None;
        let mut fits: HashMap<String, bool> = HashMap::new();
        for Mention { tag, span } in &body.mentions {
            let Some(new) = self.renamed(tag) else { continue };
            // Asked once for each name: a text may mention it a million times.
            if *fits.entry(new.clone()).or_insert_with(|| fits_text(&new)) {
                let name = Span::new(span.start() + 1, span.end());
                edits.extend((name.of(text) != new).then(|| Edit::replace(name, new)));
            } else if told.replace(tag) != Some(tag) {
                notes.push(format!("{path}: #{tag} stays in the text: `{new}` cannot stand there"));
            }
        }
        edits
    }

    /// Does the text mention, after the edits, what it should, and is all else in it what it was?
    fn says_so(&self, document: &Document<'_>, before: &Body, edits: &[Edit], mentions: &[Edit]) -> bool {
        let result = edit::apply(document.text, edits);
        let after = Document::parse(&result).body();
        // Both are in the order of the text.
        let changed = |mention: &Mention| mentions.binary_search_by_key(&mention.span.end, |edit| edit.span.end).is_ok();
        let expected = before.mentions.iter().map(|mention| {
            let new = self.renamed(&mention.tag).filter(|_| changed(mention));
            new.unwrap_or_else(|| mention.tag.clone())
        });
        let links = |body: &Body| body.links.iter().map(|link| link.target.clone()).collect::<Vec<_>>();
        expected.eq(after.mentions.iter().map(|mention| mention.tag.clone()))
            && links(before) == links(&after)
            && before.queries.len() == after.queries.len()
    }
}

/// The edits of a query that stands on several lines, where each of its words is written: the lines stay as they are.
fn in_place(document: &Document<'_>, node: &Node<'_>, text: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
    let raw = node.span.of(document.text).trim_end();
    let quoted = raw.starts_with(['"', '\'']);
    if node.alias || quoted || !raw.contains('\n') {
        return None;
    }
    let span = Span::new(node.span.start(), node.span.start() + raw.len());
    let written = Written::folded(document.text, span, text)?;
    Some(edits.iter().map(|edit| Edit::replace(written.span(edit.span), edit.new.clone())).collect())
}

/// Does the value at `path` read so after the edits?
fn reads(document: &Document<'_>, edits: &[Edit], path: &[&str], value: &str) -> bool {
    let result = edit::apply(document.text, edits);
    let after = if document.kind == Kind::Config { Document::parse_config(&result) } else { Document::parse(&result) };
    let node = match path {
        [section, key] => queries::setting(&after, section, key),
        _ => after.entry(path[0]).map(|entry| &entry.value),
    };
    after.head.faults.is_empty() && node.and_then(Node::text) == Some(value)
}

/// The tags that a query names, in the order of its terms.
fn named(query: &Query) -> impl Iterator<Item = (&str, Span)> {
    query.terms().into_iter().filter_map(|term| match term {
        Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), name_span, .. } => {
            Some((name.as_str(), *name_span))
        }
        _ => None,
    })
}

/// Would a reader of running text take `#name` for this tag, all of it?
fn fits_text(name: &str) -> bool {
    let text = format!("x #{name} x");
    let body = markdown::parse(&text, Span::new(0, text.len()));
    body.mentions.len() == 1 && body.mentions[0].tag == name
}

fn by_hand(span: Span) -> Refusal {
    Refusal { span, message: "this query cannot be changed safely: please change it by hand".to_owned() }
}
