//! `card:` and `attach:`: relative to the file or, failing that, to the root; they stay the one or the other.

use std::collections::HashMap;

use super::Moves;
use super::paths::relative;
use crate::contact::Document;
use crate::contact::document::values;
use crate::features::places::Source;
use crate::text::Edit;
use crate::text::yaml::Entry;
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::vault::{VaultPath, path};

/// The edits to one key of one file.
pub fn edits(
    moves: &Moves,
    source: &Source,
    document: &Document<'_>,
    key: &str,
    exists: &dyn Fn(&str) -> bool,
) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    for entry in document.entries_of(key) {
        edits.extend(in_entry(moves, source, document, entry, exists)?);
    }
    Ok(edits)
}

fn in_entry(
    moves: &Moves,
    source: &Source,
    document: &Document<'_>,
    entry: &Entry<'_>,
    exists: &dyn Fn(&str) -> bool,
) -> Result<Vec<Edit>, Refusal> {
    let mut changes: HashMap<&str, String> = HashMap::new();
    for value in values(&entry.value) {
        let Some(new) = after(moves, &source.path, value.text, exists) else { continue };
        if value.label.is_some() {
            let message = format!("`{}` should be `{new}` now: please change it by hand", value.text);
            return Err(Refusal { span: value.span, message });
        }
        changes.insert(value.text, new);
    }
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let change = |own: &str| changes.get(own.trim()).cloned().map_or(ItemChange::Keep, ItemChange::Replace);
    document.plan(&[], &Wish::List { path: &[document.written(entry)], change: &change, add: &[] })
}

/// What a path should say after the move; `None` where it stays.
pub fn after(moves: &Moves, from: &VaultPath, written: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    if written.contains("://") {
        return None;
    }
    // The disk may be asked before the move or after it.
    let moved = |path: &str| moves.after(&VaultPath::new(path));
    let was_there = |path: &String| exists(path) || (moved(path).as_str() != path && exists(moved(path).as_str()));
    let beside = from.join(written).filter(|path| !path.is_empty());
    let at_root = path::join("", written).filter(|path| !path.is_empty());
    let by_root = !beside.as_ref().is_some_and(was_there);
    let old = if by_root { at_root.clone().filter(was_there) } else { beside };
    let old = old?;
    let new = moved(&old);
    let new_from = moves.after(from);
    let beside = new_from.join(written);
    if beside.as_deref() == Some(new.as_str()) || (by_root && old == new.as_str() && !beside.is_some_and(|path| exists(&path))) {
        return None;
    }
    let by_file = relative(new_from.folder(), new.as_str());
    let hidden = new_from.join(new.as_str()).is_some_and(|path| path != new.as_str() && exists(&path));
    let plain = if by_root && !hidden { new.as_str().to_owned() } else { by_file };
    Some(if written.starts_with("./") && !plain.starts_with("../") { format!("./{plain}") } else { plain })
}
