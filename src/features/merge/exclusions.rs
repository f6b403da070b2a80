//! Whom broadcasts reach before and after a merge: the result is kept out wherever one of the two files was.

use crate::contact::{Document, Kind, OptOut, config, reach};
use crate::features::audience::Request;
use crate::features::few::Few;
use crate::vault::query::Query;
use crate::vault::{FileId, Vault, VaultPath};

/// Whoever was kept out by one of the two is kept out by the result, and by every address. The error is a message for a person; the
/// answer tells of broadcasts that went to neither of them and would go to the result, which together fits their query.
pub(super) fn compared(
    vault: &Vault,
    (keep, result): (FileId, &Document<'_>),
    (other, source): (FileId, &Document<'_>),
) -> Result<Vec<String>, String> {
    let (kept, gone) = (vault.file(keep).path(), vault.file(other).path());
    let settings = vault.id_of(config::FILE).map_or("", |id| vault.file(id).text());
    let before = Few::new(settings, [(kept, vault.file(keep).text()), (gone, vault.file(other).text())]);
    let after = Few::new(settings, [(kept, result.text)]);
    let anybody = Query::of_tags(&[]);
    let is_out = before.keeps_out(gone, &anybody, None);
    if is_out || source.opt_out() != OptOut::Channels(Vec::new()) {
        let held = reach::addresses(result, None);
        let is_lost = |address: &&reach::Address| !held.iter().any(|own| own.reaches_same(address));
        if let Some(lost) = reach::addresses(source, None).iter().find(is_lost) {
            let lost = lost.text();
            return Err(format!(
                "{gone} keeps {lost} out of broadcasts, and {kept} has no field for it: put it into `broadcast.never` of guanxi.yaml, and out of {gone}, first"
            ));
        }
    }
    let mut notes = Vec::new();
    if result.opt_out() == OptOut::All {
        return Ok(notes);
    }
    let remedy = "exclude that first, or write `opt_out: true` there";
    let loses_no = |query: &Query, own: Option<&Query>| {
        let was_out = [gone, kept].into_iter().find(|path| before.keeps_out(path, query, own));
        was_out.filter(|_| !after.keeps_out(kept, query, own))
    };
    if let Some(out) = loses_no(&anybody, None) {
        return Err(format!("`broadcast.exclude` leaves out {out}, and would not leave out {kept} after the merge: {remedy}"));
    }
    for file in vault.asking().iter().map(|id| vault.file(id)).filter(|file| file.kind() == Kind::Broadcast) {
        // One that cannot be understood is sent to nobody.
        let Ok(Request { query, exclude, .. }) = Request::read(&file.document()) else { continue };
        if !after.matches(kept, &query) {
            continue;
        }
        if let Some(out) = loses_no(&query, exclude.as_ref()) {
            let path = file.path();
            return Err(format!("{path} leaves out {out}, and would not leave out {kept} after the merge: {remedy}"));
        }
        let is_left_out = |path: &&VaultPath| query.left_out().iter().any(|left_out| before.matches(path, left_out));
        // Whom the broadcast means today is no new recipient.
        let is_new = !before.matches(kept, &query) && !before.matches(gone, &query);
        let path = file.path();
        if !is_new || after.keeps_out(kept, &query, exclude.as_ref()) {
            continue;
        }
        if let Some(out) = [gone, kept].into_iter().find(is_left_out) {
            return Err(format!("{path} leaves out {out} with a `-`, and would go to {kept} after the merge: {remedy}"));
        }
        notes.push(format!("{path} goes to neither of the two, and would go to {kept} after the merge"));
    }
    Ok(notes)
}
