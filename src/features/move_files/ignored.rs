//! What is left out of the vault stays so when it is renamed. `vault.ignore` is read as git reads ignore files: a pattern that names a
//! folder that moves names it at its new place. What a `.gitignore` or `.ignore` left out by its old name, and not by the new one, is
//! named in `vault.ignore`: those files are none of ours, and the settings have the last word.

use std::collections::HashMap;

use super::Moves;
use crate::contact::{Document, config};
use crate::features::markup::counted;
use crate::features::places::{queries, settings};
use crate::text::Edit;
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::vault::path::is_markdown;
use crate::vault::query::path::WILD;
use crate::vault::{Vault, VaultPath};

/// Which of these paths belong to the vault, where its settings leave out these patterns?
pub type Admits<'a> = dyn Fn(&[String], &[VaultPath]) -> Vec<bool> + 'a;

/// Most patterns that are added for what an ignore file left out.
const MOST_ADDED: usize = 16;

/// What becomes of `vault.ignore`.
#[derive(Default)]
pub struct Ignored {
    changes: HashMap<String, String>,
    add: Vec<String>,
    /// What a person must do by hand.
    pub notes: Vec<String>,
    /// Files that come into the vault by the move all the same, by their old paths.
    pub coming: Vec<VaultPath>,
}

impl Ignored {
    /// Asks the vault, and the rules of the disk.
    pub fn new(vault: &Vault, moves: &Moves, admits: &Admits<'_>) -> Self {
        let items = &vault.config().ignore;
        let mut found = Self::default();
        for item in items.iter().map(|item| item.trim()) {
            match follow(moves, item) {
                Follow::Stays => {}
                Follow::Becomes(new) => drop(found.changes.insert(item.to_owned(), new)),
                Follow::Besides(new) => found.add.push(new),
                Follow::ByHand => {
                    found.notes.push(format!("`{item}` in `vault.ignore` does not match what moves any more: look at it"));
                }
            }
        }
        found.add.retain(|new| !items.contains(new));
        let has_settings = vault.id_of(config::FILE).is_some();
        found.coming = coming(vault, moves, &|paths| admits(&found.after(items), paths));
        if has_settings && !found.coming.is_empty() {
            found.add_renamed(vault, moves);
            found.coming = coming(vault, moves, &|paths| admits(&found.after(items), paths));
            if found.coming.is_empty() {
                found.notes.clear();
            }
        }
        let renamed = found.coming.iter().filter(|path| is_renamed(moves, path)).count();
        if renamed > 0 {
            let files = counted(renamed, "file");
            found
                .notes
                .push(format!("{files} that an ignore file leaves out would come into the vault: name them in `vault.ignore`"));
        }
        found
    }

    /// The patterns after the move.
    fn after(&self, items: &[String]) -> Vec<String> {
        let changed = |item: &String| self.changes.get(item.trim()).unwrap_or(item).clone();
        items.iter().map(changed).chain(self.add.iter().cloned()).collect()
    }

    /// Names what comes in by a new name of its own, or of a folder of it. What moves to another folder under its own name is meant to be
    /// elsewhere.
    fn add_renamed(&mut self, vault: &Vault, moves: &Moves) {
        let mut more: Vec<String> = Vec::new();
        for path in &self.coming {
            let Some((old, new)) = moves.root_of(path).filter(|_| is_renamed(moves, path)) else { continue };
            let is_member = |path: &VaultPath| path == old || old.contains(path);
            let is_whole = !vault.files().any(|(_, file)| is_member(file.path()));
            let named = if is_whole { new.clone() } else { moves.after(path) };
            let pattern = format!("/{}", escaped(named.as_str()));
            if !more.contains(&pattern) && !self.add.contains(&pattern) {
                more.push(pattern);
            }
        }
        if more.len() <= MOST_ADDED {
            self.add.extend(more);
        }
    }

    /// The edits to the settings.
    pub fn edits(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        if self.changes.is_empty() && self.add.is_empty() {
            return Ok(Vec::new());
        }
        if queries::setting(document, "vault", "ignore").is_none() {
            return settings::added(document.text, "vault", "ignore", &self.add).ok_or_else(|| Refusal {
                span: document.fences.head,
                message: format!("please add to `vault.ignore` by hand: {}", self.add.join(", ")),
            });
        }
        let change = |own: &str| self.changes.get(own.trim()).cloned().map_or(ItemChange::Keep, ItemChange::Replace);
        document.plan(&[], &Wish::List { path: &["vault", "ignore"], change: &change, add: &self.add })
    }
}

/// Does it get another name, or a folder of it?
fn is_renamed(moves: &Moves, path: &VaultPath) -> bool {
    moves.root_of(path).is_some_and(|(old, new)| old.file_name() != new.file_name())
}

/// Files that an ignore rule leaves out at their old places, and not at their new ones.
fn coming(vault: &Vault, moves: &Moves, admits: &dyn Fn(&[VaultPath]) -> Vec<bool>) -> Vec<VaultPath> {
    let Some(beside) = vault.beside() else { return Vec::new() };
    let nested: Vec<&str> =
        beside.files().map(|(_, file)| file.path()).filter(|path| path.names_settings()).map(VaultPath::folder).collect();
    // A nested vault takes its settings along.
    let is_nested = |path: &VaultPath, root: &VaultPath| {
        let above = nested.iter().map(|folder| VaultPath::new(folder));
        above.into_iter().any(|folder| folder.contains(path) && (folder == *root || root.contains(&folder)))
    };
    let comes = |path: &&VaultPath| {
        let root = moves.root_of(path).map(|(old, _)| old);
        root.is_some_and(|root| !is_nested(path, root)) && is_markdown(moves.after(path).file_name())
    };
    let paths: Vec<VaultPath> = beside.files().map(|(_, file)| file.path()).filter(comes).cloned().collect();
    if paths.is_empty() {
        return paths;
    }
    let after: Vec<VaultPath> = paths.iter().map(|path| moves.after(path)).collect();
    let admitted = admits(&after);
    paths.into_iter().zip(admitted).filter(|(_, is_in)| *is_in).map(|(path, _)| path).collect()
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
        let tail: String = parts[literal..].iter().map(|part| format!("/{part}")).collect();
        // A lone name without a slash would match anywhere.
        let is_lone = !new.as_str().contains('/') && tail.is_empty();
        let start = if is_lone { "/" } else { start };
        return Follow::Becomes(format!("{sign}{start}{}{tail}{end}", escaped(new.as_str())));
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
        Some((_, new)) if sign.is_empty() && !name.contains(WILD) => Follow::Besides(format!("/{}{end}", escaped(new.as_str()))),
        Some(_) => Follow::ByHand,
    }
}

/// Does it stand for itself in a pattern of git?
fn is_literal(text: &str) -> bool {
    !text.contains(WILD) && !text.contains('\\')
}

/// A path as git reads it literally.
fn escaped(path: &str) -> String {
    let is_sign = |c: char| WILD.contains(&c) || matches!(c, ']' | '}' | '\\');
    let mut pattern = String::with_capacity(path.len());
    for c in path.chars() {
        if is_sign(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if pattern.ends_with(' ') {
        pattern.insert(pattern.len() - 1, '\\');
    }
    pattern
}
