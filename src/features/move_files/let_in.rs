//! Whom a move would make a recipient, or free from `broadcast.exclude`: the vault as it is, compared with the vault as it will be. Editors
//! move files whatever is answered, so this is said, not refused: an error would only cost the links that follow.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::Moves;
use crate::contact::{Kind, config};
use crate::features::audience::Request;
use crate::features::doubt::Exclusion;
use crate::features::meaning::Difference;
use crate::features::recipients::glance;
use crate::features::rename::Renaming;
use crate::text::edit;
use crate::vault::path::is_markdown;
use crate::vault::query::Query;
use crate::vault::{Change, Vault, VaultPath};

/// Each broadcast that would reach more people, and the settings where they would keep out fewer.
pub fn differences(vault: &Vault, moves: &Moves, coming: &[VaultPath], renaming: &Renaming) -> Vec<Difference> {
    let after = moved(vault, moves, coming, renaming);
    let mut found = Vec::new();
    if let (Some(was), Some(is)) = (excluded(vault), excluded(&after)) {
        let was = paths(vault, &was).into_iter().map(|path| moves.after(&path));
        let freed = &was.collect::<BTreeSet<_>>() - &paths(&after, &is);
        let lost = aliases(&after, &freed);
        if !lost.is_empty() {
            found.push(Difference { place: format!("`broadcast.exclude` in {}", config::FILE), lost, gained: Vec::new() });
        }
    }
    for id in vault.asking().iter().filter(|&id| vault.file(id).kind() == Kind::Broadcast) {
        let path = moves.after(vault.file(id).path());
        // One that refuses is sent to nobody.
        let (Some(was), Some(is)) = (reached(vault, vault.file(id).path()), reached(&after, &path)) else { continue };
        let was = paths(vault, &was).into_iter().map(|path| moves.after(&path));
        let gained = aliases(&after, &(&paths(&after, &is) - &was.collect()));
        if !gained.is_empty() {
            found.push(Difference { place: path.to_string(), lost: Vec::new(), gained });
        }
    }
    found
}

/// The vault after the move. `coming` are the files beside it that become a part of it.
fn moved(vault: &Vault, moves: &Moves, coming: &[VaultPath], renaming: &Renaming) -> Vault {
    let edited: HashMap<&VaultPath, String> =
        renaming.edits.iter().map(|one| (&one.path, edit::apply(&one.text, &one.edits))).collect();
    let mut after = vault.clone();
    for (path, text) in &edited {
        after.apply(Change::Opened { path: (*path).clone(), text: text.as_str().into() });
    }
    let text_of = |path: &VaultPath, text: Arc<str>| edited.get(path).map_or(text, |text| text.as_str().into());
    let mut place = |old: &VaultPath, text: Option<Arc<str>>, is_member: bool| {
        after.apply(Change::Closed { path: old.clone() });
        after.apply(if is_member {
            Change::Gone { path: old.clone() }
        } else {
            Change::Beside { path: old.clone(), text: None }
        });
        let new = moves.after(old);
        if let Some(text) = text.filter(|_| is_markdown(new.file_name())) {
            let is_coming = is_member || coming.contains(old);
            let text = text_of(old, text);
            after.apply(if is_coming {
                Change::Found { path: new, text }
            } else {
                Change::Beside { path: new, text: Some(text) }
            });
        }
    };
    for (_, file) in vault.files().filter(|(_, file)| moves.root_of(file.path()).is_some()) {
        place(file.path(), Some(file.shared_text()), true);
    }
    if let Some(beside) = vault.beside() {
        for (_, file) in beside.files().filter(|(_, file)| moves.root_of(file.path()).is_some()) {
            place(file.path(), Some(file.shared_text()), false);
        }
    }
    after
}

/// Whom `broadcast.exclude` keeps out; `None` where nobody knows.
fn excluded(vault: &Vault) -> Option<RoaringBitmap> {
    let exclusion = Exclusion::new(vault, &Query::of_tags(&[]), None).ok()?;
    Some(exclusion.excluded | exclusion.in_doubt)
}

fn reached(vault: &Vault, broadcast: &VaultPath) -> Option<RoaringBitmap> {
    let request = Request::read(&vault.file(vault.id(broadcast)?).document()).ok()?;
    let glance = glance(vault, &request.query, request.exclude.as_ref(), request.via.as_deref()).ok()?;
    Some(glance.reached)
}

fn paths(vault: &Vault, ids: &RoaringBitmap) -> BTreeSet<VaultPath> {
    ids.iter().map(|id| vault.file(id).path().clone()).collect()
}

fn aliases(vault: &Vault, paths: &BTreeSet<VaultPath>) -> Vec<String> {
    paths.iter().filter_map(|path| Some(vault.file(vault.id(path)?).alias().to_owned())).collect()
}
