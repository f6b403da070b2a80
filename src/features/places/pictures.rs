//! Which `card:` and `attach:` lead to one picture or document.

use super::{Exists, Occurrence, Role};
use crate::contact::document::{self, Document};
use crate::vault::{VaultPath, path};

/// The keys whose values are paths.
pub const KEYS: [&str; 2] = ["card", "attach"];

/// A picture that is looked for.
pub struct Pictures {
    path: String,
    exists: Exists,
}

impl Pictures {
    /// The picture at this path in the vault.
    pub fn new(path: &str, exists: &Exists) -> Self {
        Self { path: path.to_owned(), exists: exists.clone() }
    }

    /// Every place, in no order.
    pub fn places(&self, from: &VaultPath, document: &Document<'_>) -> Vec<Occurrence> {
        // Nearly all pictures are others: their names tell before anybody asks the disk.
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        let values = KEYS.iter().filter_map(|key| document.entry(key)).flat_map(|entry| document::values(&entry.value));
        values
            .filter(|value| value.text.rsplit(['/', '\\']).next() == Some(name))
            .filter(|value| place_of(from, value.text, self.exists.as_ref()).as_deref() == Some(&self.path))
            .map(|value| Occurrence { span: value.span, role: Role::Mentions })
            .collect()
    }
}

/// The path in the vault that is meant: relative to the file or, failing that, to the root. Where there is no file at either, the
/// first of them that lies in the vault.
pub fn place_of(from: &VaultPath, written: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    if written.contains("://") {
        return None;
    }
    let candidates = [from.join(written), path::join("", written)];
    let mut inside = candidates.into_iter().flatten().filter(|path| !path.is_empty());
    let first = inside.next()?;
    if exists(&first) {
        return Some(first);
    }
    Some(inside.find(|path| exists(path)).unwrap_or(first))
}
