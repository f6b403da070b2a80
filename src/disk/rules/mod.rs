//! Which paths belong to a vault: Markdown files and the settings, without hidden files, editors' droppings and what `.gitignore`,
//! `.ignore` and the vault's own settings exclude.

mod ignores;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use self::ignores::Layer;
use super::{ROOT_FILE, join, slashed};

pub(super) use self::ignores::is_ignore_file;

/// Decides for each path whether it is part of the vault. A clone shares what the original has learnt about folders.
#[derive(Clone, Debug)]
pub struct Rules {
    root: PathBuf,
    /// The vault's own globs: they have the last word.
    extra: Gitignore,
    faults: Vec<(String, String)>,
    /// What is known of each folder, by its path in the vault; the root is the empty path.
    folders: Arc<Mutex<HashMap<String, Option<Folder>>>>,
}

/// A folder that belongs to the vault, with the ignore files that hold in it. Cheap to copy: a folder without ignore files of
/// its own shares its parent's.
#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    ignores: Option<Arc<Layer>>,
}

impl Rules {
    /// The rules of the vault at `root`. `extra_ignore` are globs as in a `.gitignore` at the root; they win over ignore files,
    /// so that `!private/` takes back in what git leaves out.
    pub fn new(root: &Path, extra_ignore: &[String]) -> Rules {
        let (extra, faults) = compile(extra_ignore);
        Rules { root: root.to_path_buf(), extra, faults, folders: Arc::default() }
    }

    /// The globs among `extra_ignore` that could not be understood, each with the reason. They exclude nothing.
    pub fn faults(&self) -> &[(String, String)] {
        &self.faults
    }

    /// The root that these rules are for.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Does this path, spelled from the root, belong to the vault? Only names and ignore files are looked at, so the answer
    /// also holds for what is no longer there. The root itself does.
    pub fn admits(&self, path: &Path, is_dir: bool) -> bool {
        let inside = path.strip_prefix(&self.root).ok().and_then(slashed);
        inside.is_some_and(|inside| self.admits_inside(&inside, is_dir))
    }

    /// Forgets what was learnt of a folder and of those below it: one of its ignore files changed.
    pub fn forget(&self, folder: &Path) {
        if let Some(inside) = folder.strip_prefix(&self.root).ok().and_then(slashed) {
            self.forget_inside(&inside);
        }
    }

    /// As [`Rules::admits`], for a `/`-separated path inside the vault.
    pub(super) fn admits_inside(&self, inside: &str, is_dir: bool) -> bool {
        if is_dir {
            return self.folder(inside).is_some();
        }
        let (parent, name) = inside.rsplit_once('/').unwrap_or(("", inside));
        names_vault_file(name, parent.is_empty()) && self.folder(parent).is_some_and(|folder| self.keeps_file(&folder, inside))
    }

    /// As [`Rules::forget`]; the empty path forgets everything.
    pub(super) fn forget_inside(&self, inside: &str) {
        self.learnt().retain(|folder, _| !is_within(folder, inside));
    }

    /// What holds in a folder; `None` if it is not part of the vault. Asks the disk only the first time.
    pub(super) fn folder(&self, inside: &str) -> Option<Folder> {
        if let Some(known) = self.learnt().get(inside) {
            return known.clone();
        }
        let found = if inside.is_empty() {
            Some(self.root_folder())
        } else {
            let (parent, name) = inside.rsplit_once('/').unwrap_or(("", inside));
            self.folder(parent).filter(|_| !is_hidden(name)).and_then(|parent| self.enter(&parent, inside))
        };
        self.learnt().insert(inside.to_owned(), found.clone());
        found
    }

    /// What holds in the folder `inside`, which lies directly in `parent` and is not hidden; `None` if it is excluded.
    pub(super) fn enter(&self, parent: &Folder, inside: &str) -> Option<Folder> {
        if self.excludes(parent, inside, true) {
            return None;
        }
        let ignores = Layer::of_folder(&join(&self.root, inside), inside, parent.ignores.as_ref());
        Some(Folder { ignores: ignores.or_else(|| parent.ignores.clone()) })
    }

    /// Does a file whose name is right belong to the vault? No ignore file hides the settings.
    pub(super) fn keeps_file(&self, parent: &Folder, inside: &str) -> bool {
        inside == ROOT_FILE || !self.excludes(parent, inside, false)
    }

    fn root_folder(&self) -> Folder {
        let above = Layer::above(&self.root);
        let own = Layer::of_folder(&self.root, "", above.as_ref());
        Folder { ignores: own.or(above) }
    }

    fn excludes(&self, parent: &Folder, inside: &str, is_dir: bool) -> bool {
        match self.extra.matched(inside, is_dir) {
            Match::Ignore(_) => true,
            Match::Whitelist(_) => false,
            Match::None => parent.ignores.as_ref().is_some_and(|ignores| ignores.exclude(inside, is_dir)),
        }
    }

    fn learnt(&self) -> MutexGuard<'_, HashMap<String, Option<Folder>>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Is this the name of a file that a vault reads? The settings count only at the root.
pub(super) fn names_vault_file(name: &str, at_root: bool) -> bool {
    if is_hidden(name) || is_dropping(name) {
        return false;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown") || (at_root && name == ROOT_FILE)
}

/// Unix says so by the name; on Windows the same names are meant.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// What editors leave beside a file: backups (`a.md~`), Emacs' autosaves (`#a.md#`), vim's test for a writable folder (`4913`).
/// Emacs' locks (`.#a.md`), vim's swap files (`.a.md.swp`) and our own temporary files are hidden already.
fn is_dropping(name: &str) -> bool {
    name.ends_with('~') || name == "4913" || (name.starts_with('#') && name.ends_with('#'))
}

/// Is `inside` the folder, or below it? Everything is below the empty path.
pub(super) fn is_within(inside: &str, folder: &str) -> bool {
    folder.is_empty() || inside.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// One matcher of the globs that can be understood, and the others with the reason.
fn compile(globs: &[String]) -> (Gitignore, Vec<(String, String)>) {
    let mut builder = GitignoreBuilder::new("");
    let mut faults = Vec::new();
    for glob in globs {
        if let Err(error) = builder.add_line(None, glob) {
            faults.push((glob.clone(), error.to_string()));
        }
    }
    (builder.build().unwrap_or_else(|_| Gitignore::empty()), faults)
}
