//! `vault.ignore`, which is read as git reads ignore files: a pattern that names a folder that moves names it at its new place. Whoever
//! lies there must not come into the vault by a new name of the folder.

use std::collections::HashMap;

use super::Moves;
use super::path_terms::WILD;
use crate::contact::Document;
use crate::features::places::queries;
use crate::text::Edit;
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::vault::VaultPath;

/// The edits to the settings.
pub fn edits(moves: &Moves, document: &Document<'_>, notes: &mut Vec<String>) -> Result<Vec<Edit>, Refusal> {
    let Some(node) = queries::setting(document, "vault", "ignore") else { return Ok(Vec::new()) };
    let items: Vec<&str> = node.items().iter().filter_map(|item| item.text()).collect();
    let (mut changes, mut add) = (HashMap::new(), Vec::new());
    for &item in &items {
        match follow(moves, item.trim()) {
            Follow::Stays => {}
            Follow::Becomes(new) => drop(changes.insert(item.trim(), new)),
            Follow::Besides(new) => add.push(new),
            Follow::ByHand => {
                notes.push(format!("`{}` in `vault.ignore` does not match what moves any more: look at it", item.trim()));
            }
        }
    }
    add.retain(|new| !items.contains(&new.as_str()));
    if changes.is_empty() && add.is_empty() {
        return Ok(Vec::new());
    }
    let change = |own: &str| changes.get(own.trim()).cloned().map_or(ItemChange::Keep, ItemChange::Replace);
    document.plan(&[], &Wish::List { path: &["vault", "ignore"], change: &change, add: &add })
}

/// What becomes of a pattern.
enum Follow {
    Stays,
    /// It names what moves, and nothing else.
    Becomes(String),
    /// It may match elsewhere too, so it stays; this one is needed as well.
    Besides(String),
    ByHand,
}

fn follow(moves: &Moves, pattern: &str) -> Follow {
    let (sign, rest) = pattern.strip_prefix('!').map_or(("", pattern), |rest| ("!", rest));
    if rest.starts_with('#') || rest.is_empty() {
        return Follow::Stays;
    }
    let bare = rest.trim_matches('/');
    let (start, end) = (if rest.starts_with('/') { "/" } else { "" }, if rest.ends_with('/') { "/" } else { "" });
    let parts: Vec<&str> = bare.split('/').collect();
    let is_anchored = !start.is_empty() || parts.len() > 1;
    let literal = parts.iter().take_while(|part| is_literal(part)).count();
    if is_anchored && literal > 0 {
        let old = VaultPath::new(&parts[..literal].join("/"));
        let new = moves.after(&old);
        if new == old {
            return Follow::Stays;
        }
        if !is_literal(new.as_str()) {
            return Follow::ByHand;
        }
        let tail: String = parts[literal..].iter().map(|part| format!("/{part}")).collect();
        // A lone name without a slash would match anywhere.
        let is_lone = !new.as_str().contains('/') && tail.is_empty();
        let start = if is_lone { "/" } else { start };
        return Follow::Becomes(format!("{sign}{start}{new}{tail}{end}"));
    }
    // Without a slash, or after `**/`, it matches folders of that name anywhere.
    let name = match parts.as_slice() {
        [name] | ["**", name] | ["**", name, "**" | "*"] => name,
        _ => return Follow::Stays,
    };
    let Ok(glob) = globset::Glob::new(name) else { return Follow::Stays };
    let matcher = glob.compile_matcher();
    let lost = moves.each().find(|(old, new)| matcher.is_match(old.file_name()) && !matcher.is_match(new.file_name()));
    match lost {
        None => Follow::Stays,
        Some((_, new)) if sign.is_empty() && !name.contains(WILD) && is_literal(new.as_str()) => {
            Follow::Besides(format!("/{new}{end}"))
        }
        Some(_) => Follow::ByHand,
    }
}

/// Does it stand for itself in a pattern of git?
fn is_literal(text: &str) -> bool {
    !text.contains(WILD) && !text.contains('\\')
}
