//! Values that may be read in two ways: both are told, a person chooses.

use super::{Change, Found};
use crate::contact::mend;
use crate::contact::{Code, Problem};
use crate::text::Edit;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if problem.code != Code::DateInvalid || problem.fix.is_some() {
        return;
    }
    let text = found.here.text();
    let written = problem.span.of(text).trim_matches(['"', '\'']);
    for day in mend::dates(written) {
        let edit = Edit::replace(problem.span, mend::rewritten(text, problem.span, &day));
        found.fix(index, format!("change to `{day}`"), Change::Edits(vec![edit]));
    }
}
