//! `source.fixAll`: every problem of a file that has one safe fix, fixed at once. An editor may do it whenever a file is saved, so
//! nothing is guessed: the result is diagnosed again, and a fix that brings a new problem or loses a comment is left out.

use super::{ActionKind, Around, Change, CodeAction, Found};
use crate::contact::{Code, Document, Kind, Problem};
use crate::features::Here;
use crate::text::{Edit, edit};

/// A fix may bring to light what the next one fixes, as a key that is renamed does its value: so often is looked again.
const ROUNDS: usize = 4;

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
        is_fewer(problems, &left).then_some(text)
    }

    /// The text with those fixes that bring no new problem.
    fn one_by_one(&self, problems: &[Problem]) -> Option<String> {
        let (mut chosen, mut best) = (Vec::new(), None);
        for edits in safe(&self.at(self.here.text()), self.around, problems).into_iter().take(MOST_TRIED) {
            chosen.push(edits);
            let text = edit::apply(self.here.text(), &chosen.concat());
            if is_fewer(problems, &(self.diagnose)(&self.at(&text))) {
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
    for (index, problem) in problems.iter().enumerate().filter(|(_, problem)| is_about_writing(problem.code)) {
        let mut found = Found::new(here, problem.span, around);
        found.mend(index, problem);
        found.prefer_sole(index);
        let preferred = found.actions.into_iter().find(|action| action.preferred);
        if let Some(Change::Edits(edits)) = preferred.map(|action| action.change)
            && !overlap(&fixes, &edits)
            && keeps_comments(here, &edit::apply(here.text(), &edits))
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
    let mut left: Vec<(Code, &str)> = before.iter().map(|problem| (problem.code, problem.message.as_str())).collect();
    let is_known = |problem: &Problem| {
        let at = left.iter().position(|known| *known == (problem.code, problem.message.as_str()));
        at.map(|at| left.swap_remove(at)).is_some()
    };
    after.len() < before.len() && after.iter().all(is_known)
}

/// Is every comment of the front matter still there? `#word` is more likely a tag than a comment.
fn keeps_comments(here: &Here<'_>, text: &str) -> bool {
    let head = here.document.fences.head.of(here.text());
    let comment = |line: &str| line.find("# ").map(|at| line[at..].trim_end().to_owned());
    head.lines().filter_map(comment).all(|comment| text.matches(&comment).count() >= here.text().matches(&comment).count())
}
