//! The name by which a link leads to one file and to no other.

use super::path::without_ending;
use super::{FileId, Resolution, Vault};
use crate::text::links::{is_name, is_relative};
use crate::text::printable::is_unprintable;

/// No name in a link is longer, in bytes.
const LONGEST: usize = 400;

/// How a link to this file is written so that it resolves to no other: the alias, else the file's name, else its path.
pub fn unambiguous(vault: &Vault, id: FileId) -> Option<String> {
    let file = vault.file(id);
    let path = file.path().as_str();
    let bare = without_ending(path);
    // What Markdown would read as something else, or an eye could not read at all, is no name for a link.
    let fits = |name: &str| {
        let marks = |c: char| matches!(c, '[' | ']' | '|' | '#' | '<' | '`' | '\\');
        name.len() <= LONGEST && is_name(name) && !is_relative(name) && !name.contains(marks) && !name.contains(is_unprintable)
    };
    let leads_here = |name: &&str| fits(name) && vault.resolve(name) == Resolution::One(id);
    // From the root: in the root itself a path is no longer than a name.
    let rooted = || Some(format!("/{bare}")).filter(|rooted| leads_here(&rooted.as_str()));
    [file.alias(), file.path().stem(), bare, path].into_iter().find(leads_here).map(str::to_owned).or_else(rooted)
}
