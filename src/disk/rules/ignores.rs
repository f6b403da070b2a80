//! Ignore files as git reads them: one layer for each folder that has some, from the enclosing git root down. `.ignore` beats
//! `.gitignore`; within each kind the deeper file beats the shallower, and the later line the earlier.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::disk::read;

/// The ignore files of one folder, above those of the folders around it.
#[derive(Debug)]
pub(super) struct Layer {
    outer: Option<Arc<Layer>>,
    place: Place,
    dot_ignore: Gitignore,
    gitignore: Gitignore,
}

/// Where a layer's folder lies: its globs are matched against paths relative to it.
#[derive(Debug)]
enum Place {
    /// In the vault: so many bytes of a path inside the vault lead to it.
    Inside(usize),
    /// Around the vault: this leads from it to the vault, with a `/` at the end.
    Around(String),
}

/// Is this the name of a file with ignore rules?
pub(in crate::disk) fn is_ignore_file(name: &str) -> bool {
    name == ".gitignore" || name == ".ignore"
}

impl Layer {
    /// The layer of a folder in the vault, whose path in it is `inside`; `None` when the folder has no ignore files.
    pub(super) fn of_folder(folder: &Path, inside: &str, outer: Option<&Arc<Layer>>) -> Option<Arc<Layer>> {
        let skip = if inside.is_empty() { 0 } else { inside.len() + 1 };
        Layer::load(folder, Place::Inside(skip), outer)
    }

    /// The layers of the folders around the vault, up to the git repository it lies in. Links in the way to the vault are
    /// resolved first: it is the real folder that git sees.
    pub(super) fn above(root: &Path) -> Option<Arc<Layer>> {
        let root = fs::canonicalize(root).ok()?;
        let git_root = root.ancestors().find(|folder| folder.join(".git").exists())?;
        let mut around: Vec<&Path> = root.ancestors().skip(1).take_while(|folder| folder.starts_with(git_root)).collect();
        around.reverse();
        around.into_iter().fold(None, |outer, folder| {
            let way = root.strip_prefix(folder).ok().and_then(crate::disk::slashed);
            let own = way.and_then(|way| Layer::load(folder, Place::Around(way + "/"), outer.as_ref()));
            own.or(outer)
        })
    }

    /// Is this path excluded by the nearest line that says something about it? Folders around it are not asked again.
    pub(super) fn exclude(&self, inside: &str, is_dir: bool) -> bool {
        self.verdict(inside, is_dir, |layer| &layer.dot_ignore)
            .or_else(|| self.verdict(inside, is_dir, |layer| &layer.gitignore))
            .unwrap_or(false)
    }

    /// What the deepest file of one kind says: excluded, taken back in, or nothing.
    fn verdict(&self, inside: &str, is_dir: bool, kind: fn(&Layer) -> &Gitignore) -> Option<bool> {
        let mut layer = Some(self);
        while let Some(present) = layer {
            let globs = kind(present);
            if !globs.is_empty() {
                match globs.matched(&*present.seen_from(inside), is_dir) {
                    Match::Ignore(_) => return Some(true),
                    Match::Whitelist(_) => return Some(false),
                    Match::None => {}
                }
            }
            layer = present.outer.as_deref();
        }
        None
    }

    /// A path in the vault as seen from this layer's folder.
    fn seen_from<'a>(&self, inside: &'a str) -> Cow<'a, str> {
        match &self.place {
            Place::Inside(skip) => Cow::Borrowed(inside.get(*skip..).unwrap_or("")),
            Place::Around(way) => Cow::Owned(format!("{way}{inside}")),
        }
    }

    fn load(folder: &Path, place: Place, outer: Option<&Arc<Layer>>) -> Option<Arc<Layer>> {
        let dot_ignore = globs_of(&folder.join(".ignore"));
        let gitignore = globs_of(&folder.join(".gitignore"));
        if dot_ignore.is_none() && gitignore.is_none() {
            return None;
        }
        let dot_ignore = dot_ignore.unwrap_or_else(Gitignore::empty);
        let gitignore = gitignore.unwrap_or_else(Gitignore::empty);
        Some(Arc::new(Layer { outer: outer.cloned(), place, dot_ignore, gitignore }))
    }
}

/// The lines of an ignore file; like git, without those that are no globs. `None` when there is no such file.
fn globs_of(file: &Path) -> Option<Gitignore> {
    read::look(file).ok()?;
    let mut buffer = Vec::new();
    let bytes = read::read_bytes(file, &mut buffer).ok()?;
    let text = String::from_utf8_lossy(bytes);
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}
