//! Files and folders move or are called otherwise: what leads to them follows, and what leads out of them still does.
//!
//! - `[[old-name]]` and `[text](../old-name.md)` in other files; links by alias need nothing and stay.
//! - the moved file's own Markdown links and pictures, where they would lead elsewhere from its new place
//! - `card:` and `attach:` of whoever uses a picture or document that moves, and of the files that move
//! - the folders that `guanxi.yaml` names
//!
//! The edits are for the files at their old places: they are made before the move, or carried along with it. In two steps, as
//! [`references`](super::references) are found.

mod names;
mod paths;

pub use paths::stands_alone;
mod pictures;

use std::collections::HashMap;
use std::sync::Arc;

use super::places::{self, Exists, Source, queries};
use super::rename::{self, Planned, Renaming};
use crate::contact::{Document, Kind};
use crate::text::markdown::Link;
use crate::text::yaml::edit::{self as yaml, Refusal, Wish, plan};
use crate::text::{Edit, edit};
use crate::vault::{FileId, Vault, VaultPath};

/// From so many moves on, every file is looked at once instead of each move being asked about.
const MANY: usize = 256;

/// What moves where. A folder takes along what is below it.
pub(super) struct Moves {
    by_old: HashMap<VaultPath, VaultPath>,
}

/// Moving that needs the vault no longer.
pub struct Job {
    moves: Moves,
    names: names::Names,
    sources: Vec<Source>,
    notes: Vec<String>,
    exists: Exists,
}

/// Prepares the edits for files and folders that move from the first path to the second. `exists` tells whether a file is at a
/// path of the vault, before the move or after it.
pub fn gather(vault: &Vault, moves: &[(VaultPath, VaultPath)], exists: &Exists) -> Job {
    let moves = Moves { by_old: moves.iter().filter(|(old, new)| old != new).cloned().collect() };
    let files: Option<Vec<FileId>> = moves.by_old.keys().map(|old| vault.id(old)).collect();
    let files = files.filter(|files| files.len() < MANY);
    let sources: Vec<Source> = match files {
        // Markdown files alone: the index knows who links to them.
        Some(files) => {
            let mut users: roaring::RoaringBitmap =
                files.iter().map(|&id| vault.linking(id)).fold(Default::default(), |a, b| a | b);
            users.extend(files);
            users.iter().map(|id| Source::of_file(vault, id, false)).collect()
        }
        // Folders and pictures: no index knows who uses them.
        None => vault.files().map(|(id, _)| Source::of_file(vault, id, false)).collect(),
    };
    let mut notes = Vec::new();
    let names = names::Names::new(vault, &moves, &sources, &mut notes);
    Job { moves, names, sources, notes, exists: exists.clone() }
}

/// A text of a file as it must read at another place, for its own links and pictures to lead where they do now.
pub fn text_at(vault: &Vault, id: FileId, text: &Arc<str>, place: &VaultPath, exists: &Exists) -> Result<String, Refusal> {
    let source = Source { text: Arc::clone(text), ..Source::of_file(vault, id, false) };
    let moves = Moves { by_old: [(source.path.clone(), place.clone())].into() };
    let names = names::Names::new(vault, &moves, &[], &mut Vec::new());
    let job = Job { moves, names, sources: Vec::new(), notes: Vec::new(), exists: exists.clone() };
    let planned = job.plan(&source)?;
    Ok(edit::apply(&source.text, &planned.edits))
}

impl Job {
    /// Makes the edits; `None` where it is called off. A file that cannot be changed is named with the reason: the move itself
    /// need not wait for it.
    pub fn run(&self, cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Renaming> {
        let planned = rename::planned(&self.sources, cancelled, |source| self.plan(source))?;
        Some(Renaming::new(self.notes.clone(), planned))
    }

    fn plan(&self, source: &Source) -> Result<Planned, Refusal> {
        let document = source.document();
        let (mut edits, mut notes) = (Vec::new(), Vec::new());
        if document.kind == Kind::Config {
            edits.extend(self.settings(&document)?);
            return Ok(Planned::new(&source.text, edits, notes));
        }
        edits.extend(self.pictures(source, &document)?);
        edits.extend(self.links(source, &document, &mut notes));
        Ok(Planned::new(&source.text, edits, notes))
    }

    fn pictures(&self, source: &Source, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for key in places::PICTURE_KEYS {
            edits.extend(pictures::edits(&self.moves, source, document, key, self.exists.as_ref())?);
        }
        Ok(edits)
    }

    /// Links and pictures in the text. They are read back: each leads where it should, or none is touched.
    fn links(&self, source: &Source, document: &Document<'_>, notes: &mut Vec<String>) -> Vec<Edit> {
        let text = document.text;
        if ["](", "[[", "]:"].iter().all(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_none()) {
            return Vec::new();
        }
        let new_path = self.moves.after(&source.path);
        let body = document.body();
        let (mut edits, mut expected) = (Vec::new(), Vec::new());
        let is_defined = |link: &Link| {
            body.definitions.iter().any(|defined| defined.target == link.target && paths::stands_alone(text, defined))
        };
        for defined in &body.definitions {
            let target = paths::after(&self.moves, source, &new_path, defined);
            edits.extend(
                target.map(|target| Edit::replace(defined.target_span, target)).filter(|_| paths::stands_alone(text, defined)),
            );
        }
        for link in body.links.iter().chain(&body.images) {
            let target = match link.wiki {
                true => self.names.after(&link.target),
                false => paths::after(&self.moves, source, &new_path, link),
            };
            match target {
                Some(target) if paths::stands_alone(text, link) => {
                    edits.push(Edit::replace(link.target_span, target.as_str()));
                    expected.push(target);
                }
                // What it leads by is changed.
                Some(target) if is_defined(link) => expected.push(target),
                Some(target) => {
                    let path = &source.path;
                    notes.push(format!("{path}: `{}` should be `{target}` now: please change it by hand", link.target));
                    expected.push(link.target.clone());
                }
                None => expected.push(link.target.clone()),
            }
        }
        if edits.is_empty() {
            return edits;
        }
        let result = edit::apply(text, &edits);
        let after = Document::parse(&result).body();
        if after.links.iter().chain(&after.images).map(|link| &link.target).eq(&expected) {
            return edits;
        }
        notes.push(format!("{}: its links cannot be changed safely: please change them by hand", source.path));
        Vec::new()
    }

    /// Folders that `guanxi.yaml` names.
    fn settings(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for key in ["contacts", "cards", "broadcasts"] {
            let folder = queries::setting(document, "vault", key).and_then(|node| node.text());
            let Some(folder) = folder.map(|text| text.trim().trim_end_matches('/').trim_start_matches("./")) else { continue };
            let old = VaultPath::new(folder);
            let new = self.moves.after(&old);
            if new != old {
                let wish = Wish::Set { path: &["vault", key], value: new.as_str() };
                edits.extend(plan(document.text, yaml::Source::WholeFile, &[], &wish)?);
            }
        }
        Ok(edits)
    }
}

impl Moves {
    /// Where a path is after the move: its own, or along with the nearest folder that moves.
    pub fn after(&self, path: &VaultPath) -> VaultPath {
        if let Some(new) = self.by_old.get(path) {
            return new.clone();
        }
        let folders = path.as_str().match_indices('/').map(|(at, _)| at).rev();
        for at in folders {
            if let Some(new) = self.by_old.get(&VaultPath::new(&path.as_str()[..at])) {
                return VaultPath::new(&format!("{}{}", new.as_str(), &path.as_str()[at..]));
            }
        }
        path.clone()
    }
}
