//! Code actions: what could be done about the place where somebody stands. First what mends a problem, then what is often wished
//! for. Nothing is done here: each action says what would change, and an editor that is told so changes it.

mod addresses;
mod aliases;
mod broadcasts;
mod cards;
mod conflicts;
mod duplicates;
mod explanations;
mod fix_all;
mod keys;
mod links;
mod lists;
mod people;
mod queries;
mod tags;

use std::cell::OnceCell;
use std::sync::Arc;

pub use explanations::explanations;
pub use fix_all::fix_all;
pub use queries::list_below;

use super::places::Exists;
use super::{FileEdits, Here};
use crate::contact::links::Rewrite;
use crate::contact::problem::Problem;
use crate::text::markdown::{Body, Link};
use crate::text::{Edit, Span, lines};
use crate::vault::Vault;

/// Something that could be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAction {
    /// What the person reads: one short line.
    pub title: String,
    /// What sort of change it is.
    pub kind: ActionKind,
    /// Is it the one that is most likely wanted? An editor may do it at one key.
    pub preferred: bool,
    /// Which of the problems it mends, as an index.
    pub mends: Option<usize>,
    /// What changes.
    pub change: Change,
}

/// The sorts of action, as editors tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Mends a problem.
    QuickFix,
    /// Says what a problem means. It is no fix: editors that show fixes first (Helix) show it last.
    Explanation,
    /// Says more, or says it elsewhere.
    Refactor,
    /// Makes something new of what is selected.
    RefactorExtract,
    /// Says the same in another way.
    RefactorRewrite,
    /// Is about the file as a whole.
    Source,
    /// Fixes what can be fixed without a question, all at once.
    SourceFixAll,
}

/// What an action changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This file.
    Edits(Vec<Edit>),
    /// Other files of the vault, or several.
    Files(Vec<FileEdits>),
    /// A new file, and perhaps this one.
    Create {
        /// Where, relative to the vault.
        path: String,
        /// Its whole text.
        text: String,
        /// What changes in this file.
        edits_here: Vec<Edit>,
    },
    /// A command of the server, with this file as its only argument: `[{ "uri": … }]`.
    Command {
        /// Its name.
        name: &'static str,
    },
    /// The page of the guide about a kind of problem is shown.
    Explain {
        /// The problem's code.
        code: &'static str,
    },
    /// One contact of two, or the deletion of the one that the other holds already. Files are named by their paths.
    Merge {
        /// The one that stays.
        keep: String,
        /// The one that comes into it.
        other: String,
        /// Is it the other's deletion?
        delete: bool,
    },
}

/// What the vault's index does not know and actions need.
pub struct Around<'a> {
    /// The pictures of the vault, by their paths relative to it.
    pub pictures: &'a [String],
    /// Is there a file at this path already? Asked for new files, beside the vault's own index.
    pub exists: Exists,
}

impl Default for Around<'_> {
    fn default() -> Self {
        Self { pictures: &[], exists: Arc::new(|_| false) }
    }
}

/// What could be done at `range`. `problems` are those that touch it, as [`super::diagnostics::diagnose`] gave them.
pub fn code_actions(here: &Here<'_>, range: Span, problems: &[Problem], around: &Around<'_>) -> Vec<CodeAction> {
    let end = here.text().len();
    let range = Span::new(
        lines::floor(here.text(), range.start().min(end)),
        lines::floor(here.text(), range.end().min(end).max(range.start().min(end))),
    );
    let mut found = Found::new(here, range, around);
    for (index, problem) in problems.iter().enumerate() {
        found.mend(index, problem);
        found.prefer_sole(index);
    }
    tags::actions(&mut found);
    lists::actions(&mut found);
    aliases::actions(&mut found);
    cards::actions(&mut found);
    people::actions(&mut found);
    queries::actions(&mut found);
    broadcasts::actions(&mut found);
    found.actions
}

impl Change {
    /// Does it change nothing?
    pub fn is_empty(&self) -> bool {
        match self {
            Change::Edits(edits) => edits.is_empty(),
            Change::Files(files) => files.iter().all(|file| file.edits.is_empty()),
            Change::Create { .. } | Change::Command { .. } | Change::Explain { .. } | Change::Merge { .. } => false,
        }
    }
}

/// The actions so far, and where they are asked for.
struct Found<'f, 'h> {
    here: &'f Here<'h>,
    range: Span,
    around: &'f Around<'f>,
    actions: Vec<CodeAction>,
    body: OnceCell<Body>,
    links: OnceCell<Vec<Link>>,
}

impl<'f, 'h> Found<'f, 'h> {
    fn new(here: &'f Here<'h>, range: Span, around: &'f Around<'f>) -> Self {
        Self { here, range, around, actions: Vec::new(), body: OnceCell::new(), links: OnceCell::new() }
    }

    /// What the body says, read once for all actions.
    fn body(&self) -> &Body {
        self.body.get_or_init(|| self.here.document.body())
    }

    /// The links of the file, read once for all problems.
    fn links(&self) -> &[Link] {
        self.links.get_or_init(|| self.here.document.links_with(self.body().links.clone()))
    }

    /// The edits that make a link lead elsewhere; `None` where it cannot be written so.
    fn rewritten(&self, rewrite: &Rewrite) -> Option<Vec<Edit>> {
        self.here.document.rewrite(std::slice::from_ref(rewrite)).ok()
    }

    fn vault(&self) -> &'h Vault {
        self.here.vault
    }

    /// Everything that mends one problem: first what is certain.
    fn mend(&mut self, index: usize, problem: &Problem) {
        if let Some(fix) = &problem.fix {
            self.push(CodeAction {
                title: capital(&fix.title),
                kind: ActionKind::QuickFix,
                preferred: true,
                mends: Some(index),
                change: Change::Edits(fix.edits.clone()),
            });
        }
        for fix in &problem.more_fixes {
            self.fix(index, fix.title.clone(), Change::Edits(fix.edits.clone()));
        }
        keys::mend(self, index, problem);
        aliases::mend(self, index, problem);
        tags::mend(self, index, problem);
        addresses::mend(self, index, problem);
        cards::mend(self, index, problem);
        links::mend(self, index, problem);
        queries::mend(self, index, problem);
        conflicts::mend(self, index, problem);
        duplicates::mend(self, index, problem);
    }

    /// Where there is one way to fix a problem, and it changes this text alone, that is the one that is wanted.
    fn prefer_sole(&mut self, index: usize) {
        let mut fixes = self.actions.iter_mut().filter(|action| action.mends == Some(index));
        if let (Some(one), None) = (fixes.next(), fixes.next()) {
            one.preferred |= matches!(one.change, Change::Edits(_));
        }
    }

    /// Something that mends a problem, one of several ways.
    fn fix(&mut self, index: usize, title: impl Into<String>, change: Change) {
        let (title, kind) = (capital(&title.into()), ActionKind::QuickFix);
        self.push(CodeAction { title, kind, preferred: false, mends: Some(index), change });
    }

    /// Something that mends no problem.
    fn offer(&mut self, title: impl Into<String>, kind: ActionKind, change: Change) {
        self.push(CodeAction { title: capital(&title.into()), kind, preferred: false, mends: None, change });
    }

    /// The same change is offered once, what changes nothing not at all, and what a fix does already not a second time.
    fn push(&mut self, action: CodeAction) {
        let is_known =
            |known: &CodeAction| known.change == action.change || (action.mends.is_none() && known.title == action.title);
        if !action.change.is_empty() && !self.actions.iter().any(is_known) {
            self.actions.push(action);
        }
    }

    fn touches(&self, span: Span) -> bool {
        self.range.start <= span.end && span.start <= self.range.end
    }

    /// Is there a file at this path, as far as anybody knows?
    fn taken(&self, path: &str) -> bool {
        self.vault().id_of(path).is_some() || (self.around.exists)(path)
    }

    /// The text and place of a new contact.
    fn new_contact(&self, alias: &str) -> Option<super::new::NewContact> {
        super::new::new(self.vault(), alias, &[], &[], &|path| self.taken(path)).ok()
    }
}

fn capital(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name in a title: short, and on one line.
fn short(name: &str) -> String {
    super::markup::shortened(name, 40)
}
