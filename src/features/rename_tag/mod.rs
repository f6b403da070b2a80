//! `tag rename`: a tag and everything below it, wherever it is written: `tags:` of every file, the vocabulary, queries of
//! broadcasts, of query blocks and of `broadcast.exclude`, and `#mentions` in running text. Code and look-alikes stay.

mod task;

use std::sync::Arc;

use super::meaning::Difference;
use super::places::Goal;
use super::rename::{Job, Task as AnyTask};
use super::{FileEdits, doubt};
use crate::contact::{Kind, config, tag, unfinished};
use crate::text::fold;
use crate::text::yaml::edit::Refusal;
use crate::vault::query::{Query, TagPattern, Term, Value};
use crate::vault::{FileId, Vault, VaultPath};
pub(super) use task::Task;

/// What renaming a tag comes to.
#[derive(Clone, Debug, Default)]
pub struct Rename {
    /// Files that change, in path order.
    pub edits: Vec<FileEdits>,
    /// Files that cannot be changed, and why. Then nothing should be changed at all.
    pub refused: Vec<(FileId, Refusal)>,
    /// What a person should know: mentions that stay because the new name cannot stand in running text, and the like.
    pub notes: Vec<String>,
    /// Queries that would match others afterwards: to be agreed to first.
    pub differences: Vec<Difference>,
}

/// One write of a renaming. Their order is what keeps everybody out who was out, at every moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which file.
    pub path: VaultPath,
    /// What is there; `None`: nothing.
    pub old: Option<Arc<str>>,
    /// What is to be there; `None`: nothing.
    pub new: Option<Arc<str>>,
    /// Is it the mark in the settings, or its removal?
    pub is_mark: bool,
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
    /// Another renaming is not finished: its old and new name.
    Unfinished(String, String),
    /// The first tag would get the second name, which is renamed too: nobody could tell what is done already, after an interruption.
    Overlaps(String, String),
}

impl RenameError {
    /// In words for a person, who called the tag `old`; `how` says how merging is asked for.
    pub fn words(&self, old: &str, how: &str) -> String {
        match self {
            RenameError::Invalid(message) => message.clone(),
            RenameError::Unknown(nearest) if nearest.is_empty() => format!("no contact has the tag `{old}`"),
            RenameError::Unknown(nearest) => format!("no contact has the tag `{old}` (near: {})", nearest.join(", ")),
            RenameError::Exists(existing) => {
                let existing = existing.join("`, `");
                format!("`{existing}` exists already: renaming would make two tags one, for good; {how} if that is meant")
            }
            RenameError::Unfinished(from, to) => {
                format!("the tag `{from}` is being renamed to `{to}`; complete that first: guanxi tag rename '{from}' '{to}'")
            }
            RenameError::Overlaps(tag, target) => {
                format!("`{tag}` would become `{target}`, which is itself renamed: give `{tag}` another name first")
            }
        }
    }
}

/// Plans the renaming of `old` and everything below it to `new`. The vault must cover whole files.
pub fn rename(vault: &Vault, old: &str, new: &str, merge: bool) -> Result<Rename, RenameError> {
    let renaming = prepare(vault, old, new, merge)?.run(&|| false).unwrap_or_default();
    let edits = renaming.edits.into_iter().filter_map(|one| Some(FileEdits { file: one.file?, edits: one.edits }));
    let refused = renaming.refused.into_iter().filter_map(|one| Some((one.file?, one.refusal)));
    let (edits, refused) = (edits.collect(), refused.collect());
    Ok(Rename { edits, refused, notes: renaming.notes, differences: renaming.differences })
}

/// Asks the vault all that renaming a tag by its name needs: what follows works on the texts alone. Where the same renaming was
/// interrupted, everything was agreed to then.
pub fn prepare(vault: &Vault, old: &str, new: &str, merge: bool) -> Result<Job, RenameError> {
    let is_resumed = is_resumed(vault, old, new)?;
    let mut job = job(vault, old, new, is_resumed).map_err(RenameError::Invalid)?;
    if merge || is_resumed {
        job.compares = false;
        job.let_in = None;
    }
    if is_resumed {
        return Ok(job);
    }
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

/// Is this renaming in the middle of being made? An error where another one is.
fn is_resumed(vault: &Vault, old: &str, new: &str) -> Result<bool, RenameError> {
    match &vault.config().unfinished {
        None => Ok(false),
        Some((from, to)) if tag::key(from) == tag::key(old) && to == new => Ok(true),
        Some((from, to)) => Err(RenameError::Unfinished(from.clone(), to.clone())),
    }
}

/// Asks the vault what renaming needs to know. The error says what is wrong with the new name, or that another renaming is in the
/// way.
pub(super) fn gather(vault: &Vault, old: &str, new: &str) -> Result<Job, String> {
    if let Some((from, to)) = &vault.config().unfinished {
        return Err(RenameError::Unfinished(from.clone(), to.clone()).words(old, ""));
    }
    job(vault, old, new, false)
}

fn job(vault: &Vault, old: &str, new: &str, is_resumed: bool) -> Result<Job, String> {
    if let Some(fault) = tag::fault(new) {
        return Err(format!("`{new}`: {fault}"));
    }
    let goal = Goal::Tag(tag::key(old).into_owned());
    let completes_below = is_resumed && is_below(&tag::key(new), &tag::key(old));
    let task = AnyTask::Tag(Task { old: old.to_owned(), new: new.to_owned(), completes_below });
    let merges = if is_resumed { Vec::new() } else { merges(vault, old, new) };
    let compares = merges.is_empty();
    let notes = loose(vault, old, new);
    let doubt::Renamed { keeps_out, let_in: lost } = doubt::renamed(vault, old, new);
    let place = format!("the exclusion by `{old}`, in files that stay as they are,");
    let let_in = (!lost.is_empty()).then_some(Difference { place, lost, gained: Vec::new() });
    Ok(Job { task, sources: goal.sources(vault), merges, notes, asking: Vec::new(), compares, keeps_out, let_in })
}

fn is_below(key: &str, parent: &str) -> bool {
    key != parent && tag::is_at_or_below(key, parent)
}

/// The writes that make `edits`, in this order. More than one file is written between a mark in the settings and its removal: see
/// [`unfinished`]. An error says why there is no such order.
pub fn steps(vault: &Vault, edits: &[FileEdits], old: &str, new: &str) -> Result<Vec<Step>, String> {
    let is_resumed = is_resumed(vault, old, new).map_err(|error| error.words(old, ""))?;
    let settings = vault.id_of(config::FILE);
    let step = |edits: &FileEdits| {
        let file = vault.file(edits.file);
        let new = Some(Arc::from(edits.result(vault)));
        Step { path: file.path().clone(), old: Some(file.shared_text()), new, is_mark: false }
    };
    if edits.len() < 2 && !is_resumed {
        return Ok(edits.iter().map(step).collect());
    }
    if let Some((tag, target)) = overlap(vault, old, new).filter(|_| !is_resumed) {
        return Err(RenameError::Overlaps(tag, target).words(old, ""));
    }
    let path = VaultPath::new(config::FILE);
    let present = settings.map(|id| vault.file(id).shared_text());
    let by_hand =
        "guanxi.yaml has no place where an unfinished change could be noted: correct it first (guanxi check guanxi.yaml)";
    let marked: Arc<str> = match &present {
        Some(text) if is_resumed => Arc::clone(text),
        text => unfinished::mark(text.as_deref(), old, new).map(Arc::from).ok_or(by_hand)?,
    };
    let edited = edits.iter().find(|edits| Some(edits.file) == settings).map(|edits| edits.result(vault));
    let unmarked = match edited.or_else(|| present.as_deref().map(str::to_owned)) {
        // The mark is not among what is edited: it is there before and after, or on neither side.
        Some(text) if is_resumed => unfinished::unmarked(&text).ok_or("please remove `unfinished` from guanxi.yaml by hand")?,
        text => text,
    };
    let mut steps = Vec::with_capacity(edits.len() + 2);
    if !is_resumed {
        steps.push(Step { path: path.clone(), old: present, new: Some(Arc::clone(&marked)), is_mark: true });
    }
    steps.extend(edits.iter().filter(|edits| Some(edits.file) != settings).map(step));
    steps.push(Step { path, old: Some(marked), new: unmarked.map(Arc::from), is_mark: true });
    Ok(steps)
}

/// A tag that would get a name which is renamed too. Below the new name nothing may be there yet; then what is found there in the
/// middle of the change is done.
fn overlap(vault: &Vault, old: &str, new: &str) -> Option<(String, String)> {
    let (old_key, new_key) = (tag::key(old), tag::key(new));
    if old_key == new_key {
        return None;
    }
    let goes_below = is_below(&new_key, &old_key);
    let mut renamed = vault.tags().at_or_below(&old_key).filter_map(|view| {
        let tag = vault.shown(view);
        Some((tag.to_owned(), tag::renamed(tag, old, new)?))
    });
    renamed.find(|(tag, target)| {
        if goes_below { tag::is_at_or_below(&tag::key(tag), &new_key) } else { tag::is_at_or_below(&tag::key(target), &old_key) }
    })
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
