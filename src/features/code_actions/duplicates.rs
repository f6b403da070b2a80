//! Two files that may be one person: one comes into the other, and is deleted when everything in it is on disk there.

use super::{Change, Found, short};
use crate::contact::{Code, Problem};
use crate::features::merge;
use crate::vault::FileId;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::AliasDuplicate | Code::ContactDuplicate) || found.here.file.is_none() {
        return;
    }
    let (vault, here) = (found.vault(), found.here.path.as_str().to_owned());
    let Some(own) = found.here.file else { return };
    for related in problem.related.iter().take(3) {
        let Some(id) = vault.id_of(&related.path) else { continue };
        let other = related.path.clone();
        if holds(found, own, id) {
            let title = format!("delete {other}: everything in it is in this file");
            found.fix(index, title, Change::Merge { keep: here.clone(), other: other.clone(), delete: true });
        } else {
            let title = format!("merge {} ({other}) into this contact", short(vault.file(id).alias()));
            found.fix(index, title, Change::Merge { keep: here.clone(), other: other.clone(), delete: false });
        }
        if holds(found, id, own) {
            let title = format!("delete this file: everything in it is in {other}");
            found.fix(index, title, Change::Merge { keep: other, other: here.clone(), delete: true });
        }
    }
}

/// Does the one file, as it was last saved, hold everything that the other says, here and on disk?
fn holds(found: &Found<'_, '_>, keep: FileId, other: FileId) -> bool {
    let vault = found.vault();
    let saved = |id: FileId| vault.saved_text(vault.file(id).path());
    let (Some(kept), Some(gone)) = (saved(keep), saved(other)) else { return false };
    let shown = vault.file(other).shared_text();
    [gone, shown].iter().all(|text| merge::holds(vault, (keep, &kept), (other, text), &found.around.exists))
}
