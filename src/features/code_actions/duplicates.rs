//! Two files that may be one person: made one.

use super::{Change, Found, Later, short};
use crate::contact::{Code, Problem};

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::AliasDuplicate | Code::ContactDuplicate) || found.here.file.is_none() {
        return;
    }
    let vault = found.vault();
    for other in problem.related.iter().take(3) {
        let Some(id) = vault.id_of(&other.path) else { continue };
        let title = format!("merge {} ({}) into this contact", short(vault.file(id).alias()), other.path);
        let keep = found.here.path.as_str().to_owned();
        found.fix(index, title, Change::Later(Later::Merge { keep, other: other.path.clone() }));
    }
}
