//! `guanxi.new`, `guanxi.tag.add`, `guanxi.tag.remove`, `guanxi.tag.rename`, `guanxi.contact.merge`: edits for the editor to make.

use serde_json::{Value, json};

use super::super::edits::FileChange;
use super::super::navigate;
use super::super::rename as renaming;
use super::{Call, Outcome, file_changes, look, paths, refusals};
use crate::contact::tag;
use crate::features::{list, new, retag};
use crate::vault::{FileId, Vault};

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
    let mut outcome = call.edit(&format!("New contact {alias}"), vec![create], None, answer)?;
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
    call.edit(&label, file_changes(&vault, &result.edits), None, answer)
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
    let notes = std::mem::take(&mut renaming.notes);
    let files = renaming::changes(renaming);
    let changed: Vec<&str> = files.iter().map(FileChange::path).collect();
    let answer = json!({ "changed": changed, "notes": notes });
    call.edit(&format!("Rename the tag {old} to {new}"), files, None, answer)
}

/// Two contacts become one: `keep` stays, `other` goes. The editor is asked to look first. With `leave` the other file stays for
/// the one who asks to delete, once everything that it said is saved elsewhere.
pub fn merge(call: &Call<'_>) -> Result<Outcome, String> {
    let vault = call.space.vault();
    let keep = call.contact(&vault, call.given.needed("keep")?)?;
    let other = call.contact(&vault, call.given.needed("other")?)?;
    let leave = call.given.truth("leave");
    let (kept, removed) = (vault.file(keep).path(), vault.file(other).path());
    if !leave && !call.world.understands().delete_files {
        return Err(format!(
            "this editor cannot delete files for others, so {kept} and {removed} stay two: copy by hand what {removed} says into {kept}, then delete it"
        ));
    }
    let merged = crate::features::merge::merge(&vault, keep, other, &navigate::exists(call.space))?;
    let notes = merged.notes.clone();
    let (mut changes, announcement) = super::super::actions::merge_changes(&vault, merged);
    let mut answer = json!({ "kept": kept.as_str(), "removed": removed.as_str(), "notes": notes });
    if leave {
        changes.retain(|change| !matches!(change, FileChange::Delete { .. }));
        answer["changed"] = changes.iter().map(FileChange::path).collect();
    }
    let label = announcement.label.clone();
    call.edit(&label, changes, Some(announcement), answer)
}
