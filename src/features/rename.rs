//! Renaming what the cursor points at: a tag with everything below it, or a contact's alias with the links that lead to it by
//! that alias. In two steps, as [`references`](super::references) are found: [`gather`] asks the vault, [`Job::run`] works on the
//! texts alone, on all cores, and can be called off.

use std::collections::HashMap;
use std::sync::Arc;

use super::here::{Here, Thing};
use super::meaning::{self, Difference, Pair};
use super::places::{self, Source};
use super::{rename_alias, rename_tag};
use crate::contact::Kind;
use crate::text::markdown::Link;
use crate::text::yaml::edit::Refusal;
use crate::text::{Edit, Span, edit, lines};
use crate::vault::{FileId, Resolution, VaultPath};

/// An editor that says beforehand that a file moves has its links follow; what that leaves behind is a problem of its own.
const RENAME_FILE: &str =
    "rename the file itself. Some editors have the links to it follow, in others those that break are marked";

/// What can be renamed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Where its name is written.
    pub span: Span,
    /// What it is called.
    pub placeholder: String,
}

/// Why nothing is renamed, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameFault {
    /// The words.
    pub message: String,
}

/// A renaming that needs the vault no longer.
pub struct Job {
    pub(super) task: Task,
    pub(super) sources: Vec<Source>,
    pub(super) merges: Vec<String>,
    pub(super) notes: Vec<String>,
    /// Files with queries that name what is renamed without being changed: only those are read, and only to compare.
    pub(super) asking: Vec<Source>,
    /// Is it said whom queries match otherwise afterwards? Not where somebody has agreed to it already.
    pub(super) compares: bool,
    /// Does the tag keep anybody out of a broadcast?
    pub(super) keeps_out: bool,
    /// Who would be let in, in files that are not rewritten.
    pub(super) let_in: Option<Difference>,
}

/// What is done to each text.
pub(super) enum Task {
    Tag(rename_tag::Task),
    Alias(rename_alias::Task),
}

/// What a renaming comes to.
#[derive(Clone, Debug, Default)]
pub struct Renaming {
    /// Files that change, in path order.
    pub edits: Vec<Changed>,
    /// Files that cannot be changed, and why. Then nothing should be changed at all: everywhere or nowhere.
    pub refused: Vec<NotChanged>,
    /// Tags that exist already: what is renamed becomes one with them, for good.
    pub merges: Vec<String>,
    /// What else a person should know.
    pub notes: Vec<String>,
    /// Queries that would match others: to be agreed to first.
    pub differences: Vec<Difference>,
    /// Does the tag keep anybody out of a broadcast, and is it renamed in several files? Then all must be saved before the next one.
    pub keeps_out: bool,
    /// The command with which a person can agree to them; where there is none, the queries are to be changed first.
    pub agreed_by: Option<&'static str>,
}

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its number, where it is a file of the vault.
    pub file: Option<FileId>,
    /// Where it is.
    pub path: VaultPath,
    /// The text that the edits are made for.
    pub text: Arc<str>,
    /// What changes; never empty.
    pub edits: Vec<Edit>,
}

/// A file that cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChanged {
    /// Its number, where it is a file of the vault.
    pub file: Option<FileId>,
    /// Where it is.
    pub path: VaultPath,
    /// Its text.
    pub text: Arc<str>,
    /// Where the trouble is, and what.
    pub refusal: Refusal,
}

impl NotChanged {
    /// The file, the line, and what is in the way.
    pub fn words(&self) -> String {
        let line = lines::Lines::new(&self.text).line_column(&self.text, self.refusal.span.start()).0;
        format!("{}:{line}: {}", self.path, self.refusal.message)
    }
}

/// What is to be done to one text.
#[derive(Default)]
pub(super) struct Planned {
    pub edits: Vec<Edit>,
    pub notes: Vec<String>,
}

/// Can what the cursor at `offset` points at be renamed, and what is it called? Else words that say what can.
pub fn prepare(here: &Here<'_>, offset: usize) -> Result<Prepared, String> {
    let thing = here.thing(offset);
    let name = match Renamed::at(here, thing.as_ref())? {
        Renamed::Tag(name) => name.to_owned(),
        Renamed::Alias(file) => here.vault.file(file).alias().to_owned(),
    };
    let span = thing.map_or(Span::at(offset), |thing| thing.span());
    Ok(Prepared { span, placeholder: name })
}

/// Prepares the renaming of what the cursor at `offset` points at. The vault must cover whole files.
pub fn gather(here: &Here<'_>, offset: usize, new_name: &str) -> Result<Job, RenameFault> {
    let thing = here.thing(offset);
    let what = Renamed::at(here, thing.as_ref()).map_err(|message| RenameFault { message })?;
    let mut job = match what {
        Renamed::Tag(old) => rename_tag::gather(here.vault, old, new_name.trim().trim_start_matches('#')),
        Renamed::Alias(file) => rename_alias::gather(here.vault, file, new_name),
    }
    .map_err(|message| RenameFault { message })?;
    job.sources.extend(Source::beside(here));
    Ok(job)
}

enum Renamed<'t> {
    Tag(&'t str),
    Alias(FileId),
}

impl<'t> Renamed<'t> {
    fn at(here: &Here<'_>, thing: Option<&'t Thing>) -> Result<Self, String> {
        match thing {
            Some(Thing::Tag { name, .. }) => Ok(Renamed::Tag(name)),
            Some(Thing::Own { key, .. }) if key == "alias" => {
                here.file.map(Renamed::Alias).ok_or_else(|| "this file is not part of the vault: save it there first".to_owned())
            }
            Some(Thing::Own { .. }) => {
                Err("this is another name, which no link follows: put the cursor on the alias, or edit it by hand".to_owned())
            }
            Some(Thing::Link(link)) if link.is_local() => {
                Err("this link leads to a place in this file: put the cursor on the alias".to_owned())
            }
            Some(Thing::Link(link)) if link.is_wiki() => Self::linked(here, link),
            Some(Thing::Link(_)) => Err(format!("this link leads to a file: {RENAME_FILE}")),
            _ => Err("nothing here can be renamed: put the cursor on a tag, on an alias or on a [[link]]".to_owned()),
        }
    }
}

impl Renamed<'_> {
    fn linked(here: &Here<'_>, link: &Link) -> Result<Self, String> {
        let target = &link.target;
        match here.vault.resolve_link(&here.path, link) {
            Some(Resolution::One(file)) if here.vault.file(file).kind() == Kind::Contact => Ok(Renamed::Alias(file)),
            Some(Resolution::One(file)) => {
                Err(format!("`{target}` leads to {}, which is no contact: {RENAME_FILE}", here.vault.file(file).path()))
            }
            Some(Resolution::Several(_)) => Err(format!("`{target}` fits several contacts: open the one that is meant")),
            Some(Resolution::Nobody) | None => Err(format!("no contact or note is named `{target}`: there is nothing to rename")),
        }
    }
}

impl Job {
    /// Tags that exist already, known before anything is read.
    pub fn merges(&self) -> &[String] {
        &self.merges
    }

    /// Makes the edits; `None` where it is called off, for half a renaming is none.
    pub fn run(&self, cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Renaming> {
        let planned = planned(&self.sources, cancelled, |source| match &self.task {
            Task::Tag(task) => task.plan(source),
            Task::Alias(task) => task.plan(source),
        })?;
        let mut renaming = Renaming { merges: self.merges.clone(), ..Renaming::new(self.notes.clone(), planned) };
        renaming.agreed_by = matches!(self.task, Task::Tag(_)).then_some("guanxi tag rename --yes");
        if self.compares && renaming.refused.is_empty() {
            renaming.differences = self.differences(&renaming.edits);
        }
        renaming.differences.extend(self.let_in.clone());
        renaming.keeps_out = self.keeps_out && renaming.edits.len() > 1;
        Some(renaming)
    }

    fn differences(&self, edits: &[Changed]) -> Vec<Difference> {
        let asking = match self.task {
            Task::Tag(_) => self.asking.iter().collect(),
            // A query without a word on names or texts matches the same people whatever they are called; nearly all are such.
            Task::Alias(_) => match meaning::reading_names(&self.sources, &self.asking) {
                Some(asking) => asking,
                None => return Vec::new(),
            },
        };
        let new: HashMap<&VaultPath, &Changed> = edits.iter().map(|changed| (&changed.path, changed)).collect();
        let after = |source: &Source| new.get(&source.path).map(|changed| Arc::from(edit::apply(&changed.text, &changed.edits)));
        let inside = self.sources.iter().map(|source| Pair { source, after: after(source) });
        let asking = asking.into_iter().map(|source| Pair { source, after: None });
        meaning::differences(&inside.chain(asking).collect::<Vec<_>>())
    }
}

impl Renaming {
    /// Why nothing is renamed before a person has looked at the queries that would match others; in words for them.
    pub fn objection(&self) -> Option<String> {
        if self.differences.is_empty() {
            return None;
        }
        let different: Vec<String> = self.differences.iter().take(3).map(Difference::words).collect();
        let way = match (self.agreed_by, self.differences.len()) {
            (Some(command), _) => format!("if that is meant: {command}"),
            (None, 1) => "change that query first".to_owned(),
            (None, _) => "change those queries first".to_owned(),
        };
        Some(format!("nothing is renamed, for it would change whom queries match: {}; {way}", different.join("; ")))
    }

    /// What is planned for each text, told apart.
    pub(super) fn new(notes: Vec<String>, planned: Vec<(Source, Result<Planned, Refusal>)>) -> Self {
        let mut result = Renaming { notes, ..Renaming::default() };
        for (Source { file, path, text, .. }, planned) in planned {
            match planned {
                Ok(Planned { edits, notes }) => {
                    result.notes.extend(notes);
                    if !edits.is_empty() {
                        result.edits.push(Changed { file, path, text, edits });
                    }
                }
                Err(refusal) => result.refused.push(NotChanged { file, path, text, refusal }),
            }
        }
        result
    }
}

/// Plans for every text; those that come to nothing are left out. `None` where it is called off.
pub(super) fn planned(
    sources: &[Source],
    cancelled: &(dyn Fn() -> bool + Sync),
    plan: impl Fn(&Source) -> Result<Planned, Refusal> + Sync,
) -> Option<Vec<(Source, Result<Planned, Refusal>)>> {
    let planned = places::each(sources, cancelled, |source| match plan(source) {
        Ok(planned) if planned.edits.is_empty() && planned.notes.is_empty() => None,
        planned => Some((source.clone(), planned)),
    });
    (!cancelled()).then_some(planned)
}

impl Planned {
    /// Edits in the order of the text; those that change nothing are left out.
    pub fn new(text: &str, mut edits: Vec<Edit>, notes: Vec<String>) -> Self {
        edits.retain(|edit| edit.span.of(text) != edit.new);
        edits.sort_by_key(|edit| edit.span);
        Self { edits, notes }
    }
}
