//! The vault as it will be after a move.

use std::collections::HashMap;
use std::sync::Arc;

use super::Moves;
use crate::features::rename::Renaming;
use crate::text::edit;
use crate::vault::path::is_markdown;
use crate::vault::{Change, Vault, VaultPath};

/// `coming` are the files beside it that become a part of it.
pub fn vault(vault: &Vault, moves: &Moves, coming: &[VaultPath], renaming: &Renaming) -> Vault {
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
