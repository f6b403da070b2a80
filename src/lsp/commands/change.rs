//! `guanxi.new`, `guanxi.tag.add`, `guanxi.tag.remove`, `guanxi.tag.rename`, `guanxi.contact.merge`: edits for the editor to make.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::edits::FileChange;
use super::super::navigate;
use super::super::outside::Present;
use super::super::rename as renaming;
use super::{Call, Outcome, edit, file_changes, look, paths, refusals};
use crate::contact::tag;
use crate::features::{list, merge, new, retag};
use crate::vault::{FileId, Vault, VaultPath};

fn bare(tag: &str) -> &str {
    tag.trim().trim_start_matches('#')
}

/// A new contact: `alias`, `tags`, and more fields under `set`.
pub fn new(call: &Call<'_>) -> Result<Outcome, String> {
    let alias = call.given.needed("alias")?;
    let tags = look::tags_of(call, "tags")?;
    let mut values = Vec::new();
    if let Some(fields) = call.given.map("set") {
        for (key, value) in fields {
            match value {
                Value::Array(items) => {
                    values.extend(items.iter().filter_map(|item| Some((key.clone(), item.as_str()?.to_owned()))))
                }
                Value::String(text) => values.push((key.clone(), text.clone())),
                other => values.push((key.clone(), other.to_string())),
            }
        }
    }
    let vault = call.space.vault();
    tags.iter().try_for_each(|tag| agree_to_new(call, &vault, tag))?;
    let taken = |path: &str| vault.id_of(path).is_some() || call.space.store().exists(path);
    let contact = new::new(&vault, alias, &tags, &values, &taken)?;
    let uri = super::super::convert::to_uri(&super::super::world::disk_path(call.space.root(), &contact.path));
    let answer = json!({ "path": contact.path, "uri": uri.as_str(), "text": contact.text });
    let create = FileChange::Create { path: contact.path, text: contact.text };
    let mut outcome = edit(&format!("New contact {alias}"), vec![create], None, answer);
    outcome.show = Some((uri, None));
    Ok(outcome)
}

/// A new tag that is near to one in use is refused, unless `new_tag` says that it is meant.
fn agree_to_new(call: &Call<'_>, vault: &Vault, tag: &str) -> Result<(), String> {
    match retag::near_used(vault, tag).filter(|_| !call.given.truth("new_tag")) {
        Some(near) => Err(format!("`{tag}` is a new tag, and `{near}` is in use: write that, or say `new_tag: true`")),
        None => Ok(()),
    }
}

/// Puts a tag on contacts, or takes it off: those named by `contacts`, those whom `query` means, or the document `uri`.
pub fn retag(call: &Call<'_>, add: bool) -> Result<Outcome, String> {
    let name = bare(call.given.needed("tag")?).to_owned();
    if let Some(fault) = tag::fault(&name) {
        return Err(format!("`{name}`: {fault}"));
    }
    let vault = call.space.vault();
    if add {
        retag::check_tag(&vault, &name)?;
        agree_to_new(call, &vault, &name)?;
    }
    let files = chosen(call, &vault)?;
    let result = if add { retag::add(&vault, &files, &name) } else { retag::remove(&vault, &files, &name) };
    let refused = result.refused.iter().map(|(id, refusal)| (vault.file(*id).path(), refusal.message.clone()));
    let answer = json!({
        "changed": paths(&vault, result.edits.iter().map(|edits| edits.file)),
        "unchanged": paths(&vault, result.unchanged.iter().copied()),
        "refused": refusals(refused),
    });
    let label = if add { format!("Add the tag {name}") } else { format!("Remove the tag {name}") };
    Ok(edit(&label, file_changes(&vault, &result.edits), None, answer))
}

fn chosen(call: &Call<'_>, vault: &Vault) -> Result<Vec<FileId>, String> {
    let mut named = call.given.texts("contacts");
    named.extend(call.given.texts("contact"));
    if !named.is_empty() {
        return named.iter().map(|name| call.contact(vault, name)).collect();
    }
    if let Some(query) = look::query_of_some(call)? {
        return list::list(vault, &query).map_err(|error| error.words());
    }
    let uri = call.given.text("uri").ok_or("say whose: `contacts`, `query` or `uri`")?;
    Ok(vec![call.contact(vault, uri)?])
}

/// A tag gets another name, everywhere. A tag that exists already is merged into only where `merge` says so.
pub fn rename(call: &Call<'_>) -> Result<Outcome, String> {
    let old = bare(call.given.text("old").or_else(|| call.given.text("tag")).ok_or("`old` is missing")?).to_owned();
    let new = bare(call.given.needed("new")?).to_owned();
    let merge = call.given.truth("merge");
    let mut renaming = renaming::tag_everywhere(call.space, &old, &new, merge)?;
    let mut notes = std::mem::take(&mut renaming.notes);
    notes.extend(renaming::reminder(&renaming));
    let files = renaming::changes(renaming);
    let changed: Vec<&str> = files.iter().map(FileChange::path).collect();
    let answer = json!({ "changed": changed, "notes": notes });
    Ok(edit(&format!("Rename the tag {old} to {new}"), files, None, answer))
}

/// What `other` says comes into `keep`, and links follow. Both files stay: the text may be in a buffer that nobody saves. With `delete`,
/// once the file of `keep` on disk holds everything, the other file is deleted. `quiet` leaves out what a plugin tells by itself.
pub fn merge(call: &Call<'_>) -> Result<Outcome, String> {
    let keep = call.given.needed("keep")?;
    let other = call.given.needed("other")?;
    if call.given.truth("delete") {
        return delete_merged(call, keep, other);
    }
    read_again(call, keep, other)?;
    let vault = call.space.vault();
    let (keep, other) = (call.contact(&vault, keep)?, call.contact(&vault, other)?);
    let (kept, gone) = (vault.file(keep), vault.file(other));
    let merged = merge::merge(&vault, keep, other, &navigate::exists(call.space))?;
    let mut changes = vec![FileChange::Edit { path: kept.path().clone(), text: kept.shared_text(), edits: merged.edits }];
    changes.extend(file_changes(&vault, &merged.links));
    changes.retain(|change| !matches!(change, FileChange::Edit { edits, .. } if edits.is_empty()));
    let changed: Vec<&str> = changes.iter().map(FileChange::path).collect();
    let answer =
        json!({ "kept": kept.path().as_str(), "other": gone.path().as_str(), "notes": merged.notes, "changed": changed });
    let said = format!("{} is in {} now: save, then delete {}", gone.alias(), kept.path(), gone.path());
    let label = format!("Merge {} into {}", gone.alias(), kept.alias());
    Ok(Outcome { said: (!call.given.truth("quiet")).then_some(said), ..edit(&label, changes, None, answer) })
}

/// Deletes `other`, whose content is read on disk as `keep` has it there: not as an editor shows it, nor as somebody saw it once.
fn delete_merged(call: &Call<'_>, keep: &str, other: &str) -> Result<Outcome, String> {
    let [(kept, text), (gone, theirs)] = read_again(call, keep, other)?;
    let on_disk = |path: &VaultPath, present| match present {
        Present::Text(text) => Ok(text),
        _ => Err(format!("{path} cannot be read on disk: nothing is deleted")),
    };
    let (text, theirs) = (on_disk(&kept, text)?, on_disk(&gone, theirs)?);
    // Links may have been saved a moment ago.
    let linking: Vec<VaultPath> = {
        let vault = call.space.vault();
        let (keep, other) = (call.contact(&vault, keep)?, call.contact(&vault, other)?);
        merge::linking(&vault, keep, other, &navigate::exists(call.space))
            .into_iter()
            .map(|id| vault.file(id).path().clone())
            .collect()
    };
    linking.iter().for_each(|path| drop(call.space.refreshed(path)));
    let vault = call.space.vault();
    let (keep, other) = (call.contact(&vault, keep)?, call.contact(&vault, other)?);
    let exists = navigate::exists(call.space);
    // On disk and as an editor shows it, on both sides: what is undone there would be saved next.
    let (shown, theirs_shown) = (vault.file(keep).shared_text(), vault.file(other).shared_text());
    for (ours, theirs) in [(&text, &theirs), (&text, &theirs_shown), (&shown, &theirs), (&shown, &theirs_shown)] {
        if let Some(lack) = merge::lacks(&vault, (keep, ours), (other, theirs), &exists) {
            let place = if Arc::ptr_eq(ours, &text) { "on disk" } else { "in the editor" };
            return Err(format!("{kept} {place} does not hold everything that {gone} says, so nothing is deleted: {lack}"));
        }
    }
    let deletes = call.world.understands().delete_files;
    let changed: Vec<&str> = deletes.then_some(gone.as_str()).into_iter().collect();
    let answer =
        json!({ "kept": kept.as_str(), "other": gone.as_str(), "notes": [], "changed": changed, "deletes": gone.as_str() });
    if !deletes {
        let said = format!("{kept} holds everything that {gone} says: delete {gone} by hand");
        return Ok(Outcome { said: (!call.given.truth("quiet")).then_some(said), ..Outcome::answer(answer) });
    }
    Ok(edit(&format!("Delete {gone}"), vec![FileChange::Delete { path: gone }], None, answer))
}

/// The files of two contacts as the disk has them now, which the vault then knows too. Read while nobody waits for the vault.
fn read_again(call: &Call<'_>, keep: &str, other: &str) -> Result<[(VaultPath, Present); 2], String> {
    let paths = {
        let vault = call.space.vault();
        [keep, other].map(|name| call.contact(&vault, name).map(|id| vault.file(id).path().clone()))
    };
    let read = |path: VaultPath| {
        let present = call.space.refreshed(&path);
        (path, present)
    };
    let [keep, other] = paths;
    let (keep, other) = (keep?, other?);
    if call.space.store().is_same_file(&keep, &other) {
        return Err(format!("{keep} and {other} are one and the same file: choose another contact"));
    }
    Ok([read(keep), read(other)])
}
