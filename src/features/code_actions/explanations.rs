//! What a problem means: the page of the guide, for who does not know its code yet.

use super::{ActionKind, Change, CodeAction};
use crate::contact::Problem;

/// One action for each kind of problem.
pub fn explanations(problems: &[Problem]) -> Vec<CodeAction> {
    let mut actions: Vec<CodeAction> = Vec::new();
    for (index, problem) in problems.iter().enumerate() {
        let code = problem.code.name();
        let change = Change::Explain { code };
        if actions.iter().all(|known| known.change != change) {
            let title = format!("Explain `{code}`");
            actions.push(CodeAction { title, kind: ActionKind::Explanation, preferred: false, mends: Some(index), change });
        }
    }
    actions
}
