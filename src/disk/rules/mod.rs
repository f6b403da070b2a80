//! Which paths belong to a vault: Markdown files and the settings are members; those that `.gitignore`, `.ignore` or the vault's
//! own settings exclude, and those of nested vaults, stand beside it; hidden files and editors' droppings are out.

mod ignores;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use self::ignores::Layer;
use super::{ROOT_FILE, join, slashed};
use crate::vault::path::{is_markdown, misspells_settings};

pub(super) use self::ignores::is_ignore_file;

/// How a file stands to a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Standing {
    /// It is one of the vault's files.
    #[default]
    Member,
    /// It is none, but a "no" to messages in it counts: an ignore rule excludes it, or it lies in a nested vault.
    Beside,
}

/// Decides for each path whether it is part of the vault. A clone shares what the original has learnt about folders.
#[derive(Clone, Debug)]
pub struct Rules {
    root: PathBuf,
    /// Are files beside the vault looked at? Only what leads to a message needs them.
    beside: bool,
    /// The vault's own globs: they have the last word.
    extra: Gitignore,
    faults: Vec<(String, String)>,
    /// What is known of each folder, by its path in the vault; the root is the empty path.
    folders: Arc<Mutex<HashMap<String, Option<Folder>>>>,
}

/// A folder that is not hidden, with the ignore files that hold in it. Cheap to copy: a folder without ignore files of its own
/// shares its parent's.
#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    ignores: Option<Arc<Layer>>,
    /// How files in it stand that nothing else excludes.
    pub standing: Standing,
    /// Is it the root of a nested vault?
    pub is_nested: bool,
}

impl Folder {
    /// A folder that nothing excludes, with settings of its own: a nested vault.
    pub(super) fn nested(self) -> Folder {
        Folder { standing: Standing::Beside, is_nested: true, ..self }
    }
}

impl Rules {
    /// The rules of the vault at `root`. `extra_ignore` are globs as in a `.gitignore` at the root; they win over ignore files,
    /// so that `!private/` takes back in what git leaves out.
    pub fn new(root: &Path, extra_ignore: &[String]) -> Rules {
        let (extra, faults) = compile(extra_ignore);
        Rules { root: root.to_path_buf(), beside: false, extra, faults, folders: Arc::default() }
    }

    /// The same rules for who sends messages: the files beside the vault are looked at too.
    #[must_use]
    pub fn with_beside(self) -> Rules {
        Rules { beside: true, ..self }
    }

    /// Are the files beside the vault looked at?
    pub fn reads_beside(&self) -> bool {
        self.beside
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
        let Some(inside) = path.strip_prefix(&self.root).ok().and_then(slashed) else { return false };
        if is_dir {
            return self.folder(&inside).is_some_and(|folder| folder.standing == Standing::Member);
        }
        // Settings under a wrong name are told of, and are no file that one works with.
        self.standing(&inside) == Some(Standing::Member) && !misspells_settings(&inside)
    }

    /// How a file stands to the vault, by its path, spelled from the root; `None` where it is out.
    pub fn standing_of(&self, path: &Path) -> Option<Standing> {
        self.standing(&path.strip_prefix(&self.root).ok().and_then(slashed)?)
    }

    /// Forgets what was learnt of a folder and of those below it: one of its ignore files changed.
    pub fn forget(&self, folder: &Path) {
        if let Some(inside) = folder.strip_prefix(&self.root).ok().and_then(slashed) {
            self.forget_inside(&inside);
        }
    }

    /// As [`Rules::standing_of`], for a `/`-separated path inside the vault. Files that are not looked at are out.
    pub(super) fn standing(&self, inside: &str) -> Option<Standing> {
        let (parent, name) = inside.rsplit_once('/').unwrap_or(("", inside));
        if !names_vault_file(name) {
            return None;
        }
        self.standing_in(&self.folder(parent)?, inside)
    }

    /// The same for a file whose name is right, in a folder that is known.
    pub(super) fn standing_in(&self, parent: &Folder, inside: &str) -> Option<Standing> {
        let is_member = parent.standing == Standing::Member
            && match inside.rsplit_once('/') {
                // No ignore file hides the settings, under whatever name; those in a folder make it a nested vault.
                None => names_settings(inside) || !self.excludes(parent, inside, false),
                Some((_, name)) => !names_settings(name) && !self.excludes(parent, inside, false),
            };
        if is_member { Some(Standing::Member) } else { self.beside.then_some(Standing::Beside) }
    }

    /// Are there files to look at in a folder?
    pub(super) fn looks_into(&self, folder: &Folder) -> bool {
        folder.standing == Standing::Member || self.beside
    }

    /// As [`Rules::forget`]; the empty path forgets everything.
    pub(super) fn forget_inside(&self, inside: &str) {
        self.learnt().retain(|folder, _| !is_within(folder, inside));
    }

    /// What holds in a folder; `None` if it is hidden. Asks the disk only the first time.
    pub(super) fn folder(&self, inside: &str) -> Option<Folder> {
        if let Some(known) = self.learnt().get(inside) {
            return known.clone();
        }
        let found = if inside.is_empty() {
            Some(self.root_folder())
        } else {
            let (parent, name) = inside.rsplit_once('/').unwrap_or(("", inside));
            self.folder(parent).filter(|_| !is_hidden(name)).map(|parent| {
                let folder = self.enter(&parent, inside);
                let is_nested = folder.standing == Standing::Member && has_settings(&join(&self.root, inside));
                if is_nested { folder.nested() } else { folder }
            })
        };
        self.learnt().insert(inside.to_owned(), found.clone());
        found
    }

    /// What holds in the folder `inside`, which lies directly in `parent` and is not hidden. Whether it is a nested vault, its
    /// entries tell.
    pub(super) fn enter(&self, parent: &Folder, inside: &str) -> Folder {
        if parent.standing == Standing::Beside || self.excludes(parent, inside, true) {
            return Folder { standing: Standing::Beside, ..Folder::default() };
        }
        let ignores = Layer::of_folder(&join(&self.root, inside), inside, parent.ignores.as_ref());
        Folder { ignores: ignores.or_else(|| parent.ignores.clone()), ..Folder::default() }
    }

    fn root_folder(&self) -> Folder {
        let above = Layer::above(&self.root);
        let own = Layer::of_folder(&self.root, "", above.as_ref());
        Folder { ignores: own.or(above), ..Folder::default() }
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

/// Is this the name of a file that is read: Markdown, or the settings of this vault or of a nested one?
pub(super) fn names_vault_file(name: &str) -> bool {
    !is_dropping(name) && (names_settings(name) || (is_markdown(name) && !is_hidden(name)))
}

/// Is this the name of settings, rightly spelled or not? A folder that has such a file is a vault of its own: whoever wrote it meant
/// that.
pub(super) fn names_settings(name: &str) -> bool {
    name == ROOT_FILE || misspells_settings(name)
}

/// Has a folder settings of its own? A folder of that name is none.
fn has_settings(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_str().is_some_and(names_settings) && entry.file_type().is_ok_and(|kind| !kind.is_dir()))
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
