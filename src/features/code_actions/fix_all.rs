//! `source.fixAll`: every problem of a file that has one safe fix, fixed at once. An editor may do it whenever a file is saved, so
//! nothing is guessed: the result is diagnosed again, and a fix that brings a new problem, loses a comment or makes somebody a recipient
//! is left out.

use std::collections::HashMap;
use std::hash::Hash;

use super::{ActionKind, Around, Change, CodeAction, Found};
use crate::contact::{Code, Document, Kind, Problem};
use crate::features::{Here, let_in};
use crate::text::{Edit, edit};

/// A fix may bring to light what the next one fixes, as a key that is renamed does its value: so often is looked again.
const ROUNDS: usize = 4;

/// Most problems that are fixed in one round, however many there are: each fix is tried on the whole text. Asked again, an editor gets
/// the fixes of the next ones.
const MOST: usize = 100;

/// Where not all fixes go together, so many are tried one by one: each try diagnoses the file.
const MOST_TRIED: usize = 40;

/// One action for all problems that have one safe fix each; `None` where there are none. `diagnose` tells every problem of a text.
pub fn fix_all(here: &Here<'_>, around: &Around<'_>, diagnose: &dyn Fn(&Here<'_>) -> Vec<Problem>) -> Option<CodeAction> {
    let all = Fixing { here, around, diagnose };
    let problems = diagnose(&all.at(here.text()));
    let text = all.at_once(&problems).or_else(|| all.one_by_one(&problems))?;
    (text != here.text()).then(|| CodeAction {
        title: "Apply all safe fixes in this file".to_owned(),
        kind: ActionKind::SourceFixAll,
        preferred: false,
        mends: None,
        change: Change::Edits(edit::between(here.text(), &text)),
    })
}

struct Fixing<'f, 'h> {
    here: &'f Here<'h>,
    around: &'f Around<'f>,
    diagnose: &'f dyn Fn(&Here<'_>) -> Vec<Problem>,
}

impl Fixing<'_, '_> {
    /// The same file with another text. Settings are read from the text; a vault has only those on disk.
    fn at<'a>(&'a self, text: &'a str) -> Here<'a> {
        let is_config = self.here.document.kind == Kind::Config;
        let document = if is_config { Document::parse_config(text) } else { Document::parse(text) };
        Here { vault: self.here.vault, file: self.here.file.filter(|_| !is_config), path: self.here.path.clone(), document }
    }

    /// Would the text make somebody a recipient? Editors fix when a file is saved, and nobody looks.
    fn lets_in(&self, text: &str) -> bool {
        let_in::by_text(self.here.vault, &self.here.path, self.here.text(), text)
    }

    /// The text with all fixes, and those of the problems that come to light by them.
    fn at_once(&self, problems: &[Problem]) -> Option<String> {
        let mut text = self.here.text().to_owned();
        let mut left = problems.to_vec();
        for _ in 0..ROUNDS {
            let fixes = safe(&self.at(&text), self.around, &left);
            if fixes.is_empty() {
                break;
            }
            text = edit::apply(&text, &fixes.concat());
            left = (self.diagnose)(&self.at(&text));
        }
        (is_fewer(problems, &left) && !self.lets_in(&text)).then_some(text)
    }

    /// The text with those fixes that bring no new problem.
    fn one_by_one(&self, problems: &[Problem]) -> Option<String> {
        let (mut chosen, mut best) = (Vec::new(), None);
        for edits in safe(&self.at(self.here.text()), self.around, problems).into_iter().take(MOST_TRIED) {
            chosen.push(edits);
            let text = edit::apply(self.here.text(), &chosen.concat());
            if is_fewer(problems, &(self.diagnose)(&self.at(&text))) && !self.lets_in(&text) {
                best = Some(text);
            } else {
                chosen.pop();
            }
        }
        best
    }
}

/// Is a fix of such a problem about how something is written? What picks a name by its likeness (a tag, a contact, a file, a field) may
/// change who receives a message, or what: that is looked at by a person.
fn is_about_writing(code: Code) -> bool {
    matches!(
        code,
        Code::FileUnreadable
            | Code::YamlSyntax
            | Code::KeyDuplicate
            | Code::KeyUnknown
            | Code::BroadcastKeyUnknown
            | Code::TagInvalid
            | Code::TagsNotAList
            | Code::EmailInvalid
            | Code::PhoneInvalid
            | Code::DateInvalid
            | Code::QueryUnquoted
            | Code::ConfigInvalid
    )
}

/// The fixes that are wanted at one key, one for a problem, as far as they touch no other and keep every comment.
fn safe(here: &Here<'_>, around: &Around<'_>, problems: &[Problem]) -> Vec<Vec<Edit>> {
    let mut fixes: Vec<Vec<Edit>> = Vec::new();
    let comments = comments(here.document.fences.head.of(here.text()));
    for (index, problem) in problems.iter().enumerate().filter(|(_, problem)| is_about_writing(problem.code)).take(MOST) {
        let mut found = Found::new(here, problem.span, around);
        found.mend(index, problem);
        found.prefer_sole(index);
        let preferred = found.actions.into_iter().find(|action| action.preferred);
        if let Some(Change::Edits(edits)) = preferred.map(|action| action.change)
            && !overlap(&fixes, &edits)
            && keeps(&comments, &edit::apply(here.text(), &edits))
        {
            fixes.push(edits);
        }
    }
    fixes
}

/// Does one of these edits touch another? Two insertions at one place have no order.
fn overlap(chosen: &[Vec<Edit>], edits: &[Edit]) -> bool {
    let mut others = chosen.iter().flatten();
    others.any(|other| edits.iter().any(|edit| edit.span.start <= other.span.end && other.span.start <= edit.span.end))
}

/// Are these fewer problems, and none that was not there?
fn is_fewer(before: &[Problem], after: &[Problem]) -> bool {
    let known = tally(before);
    after.len() < before.len() && tally(after).iter().all(|(problem, count)| known.get(problem).is_some_and(|had| had >= count))
}

fn tally(problems: &[Problem]) -> HashMap<(Code, &str), usize> {
    counts(problems.iter().map(|problem| (problem.code, problem.message.as_str())))
}

/// The comments of a text: `#word` is more likely a tag.
fn comments(text: &str) -> HashMap<&str, usize> {
    counts(text.lines().filter_map(|line| line.find("# ").map(|at| line[at..].trim_end())))
}

/// Is every comment still there?
fn keeps(before: &HashMap<&str, usize>, text: &str) -> bool {
    let after = comments(text);
    before.iter().all(|(comment, count)| after.get(comment).is_some_and(|has| has >= count))
}

fn counts<T: Eq + Hash>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}
