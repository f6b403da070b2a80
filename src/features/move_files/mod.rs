//! Files and folders move or are called otherwise: what leads to them follows, and what leads out of them still does.
//!
//! - `[[old-name]]` and `[text](../old-name.md)` in other files; links by alias need nothing and stay.
//! - the moved file's own Markdown links and pictures, where they would lead elsewhere from its new place
//! - `card:` and `attach:` of whoever uses a picture or document that moves, and of the files that move
//! - the folders that `guanxi.yaml` names, `vault.ignore` included, and `path:` in queries
//!
//! The edits are for the files at their old places: they are made before the move, or carried along with it. In two steps, as
//! [`references`](super::references) are found.

mod after;
mod ignored;
mod names;
mod path_terms;
mod paths;
mod pictures;

use std::collections::HashMap;
use std::sync::Arc;

pub use self::ignored::Admits;
use self::ignored::Ignored;
use super::let_in;
use super::links::names_other;
use super::markup::counted;
use super::meaning::Difference;
use super::places::{self, Exists, Source, queries};
use super::rename::{self, Planned, Renaming};
use crate::contact::links::Rewrite;
use crate::contact::{Document, Kind};
use crate::text::markdown::{Form, Link};
use crate::text::yaml::edit::{self as yaml, Refusal, Wish, plan};
use crate::text::{Edit, edit, lines};
use crate::vault::path::{markdown_ending, without_ending};
use crate::vault::{FileId, Vault, VaultPath};

/// From so many moves on, every file is looked at once instead of each move being asked about.
const MANY: usize = 256;

/// So many links of one file are named that have to be changed by hand; with more, the whole file is.
const MOST_BY_HAND: usize = 8;

/// So many broadcasts that would reach others are named.
const MOST_DIFFERENCES: usize = 3;

/// The ending of the journal of a broadcast.
const JOURNAL: &str = ".journal";

/// What moves where. A folder takes along what is below it.
pub(super) struct Moves {
    by_old: HashMap<VaultPath, VaultPath>,
}

/// Moving that needs the vault no longer.
pub struct Job {
    moves: Moves,
    names: names::Names,
    sources: Vec<Source>,
    /// Every file of the vault, where a query asks for paths.
    paths: Vec<VaultPath>,
    ignored: Ignored,
    notes: Vec<String>,
    exists: Exists,
}

/// Prepares the edits for files and folders that move from the first path to the second. `exists` tells whether a file is at a
/// path of the vault, before the move or after it; `admits`, which paths would belong to it.
pub fn gather(vault: &Vault, moves: &[(VaultPath, VaultPath)], exists: &Exists, admits: &Admits<'_>) -> Job {
    let moves = Moves { by_old: moves.iter().filter(|(old, new)| old != new).cloned().collect() };
    let files: Option<Vec<FileId>> = moves.by_old.keys().map(|old| vault.id(old)).collect();
    let files = files.filter(|files| files.len() < MANY);
    let sources: Vec<Source> = match files {
        // Markdown files alone: the index knows who links to them.
        Some(files) => {
            let mut users: roaring::RoaringBitmap =
                files.iter().map(|&id| vault.linking(id)).fold(Default::default(), |a, b| a | b);
            users.extend(files);
            // Queries and settings may name any path.
            users |= vault.asking();
            users.iter().map(|id| Source::of_file(vault, id, false)).collect()
        }
        // Folders and pictures: no index knows who uses them.
        None => vault.files().map(|(id, _)| Source::of_file(vault, id, false)).collect(),
    };
    let mut notes = Vec::new();
    let names = names::Names::new(vault, &moves, &sources, &mut notes);
    let asks_paths = vault.asking().iter().any(|id| path_terms::may_have(vault.file(id).text()));
    let files = vault.files().chain(vault.beside().into_iter().flat_map(Vault::files));
    let paths = if asks_paths { files.map(|(_, file)| file.path().clone()).collect() } else { Vec::new() };
    let ignored = Ignored::new(vault, &moves, admits);
    notes.extend(ignored.notes.iter().cloned());
    Job { moves, names, sources, paths, ignored, notes, exists: exists.clone() }
}

/// A text of a file as it must read at another place, for its own links and pictures to lead where they do now.
pub fn text_at(vault: &Vault, id: FileId, text: &Arc<str>, place: &VaultPath, exists: &Exists) -> Result<String, Refusal> {
    let source = Source { text: Arc::clone(text), ..Source::of_file(vault, id, false) };
    let moves = Moves { by_old: [(source.path.clone(), place.clone())].into() };
    let names = names::Names::new(vault, &moves, &[], &mut Vec::new());
    let (sources, paths, ignored, notes) = Default::default();
    let job = Job { moves, names, sources, paths, ignored, notes, exists: exists.clone() };
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

    /// Whom the move would let into which broadcasts, with these edits; in words for a person.
    pub fn lets_in(&self, vault: &Vault, renaming: &Renaming) -> Option<String> {
        if self.paths.is_empty() && self.ignored.coming.is_empty() {
            return None;
        }
        let after = after::vault(vault, &self.moves, &self.ignored.coming, renaming);
        let differences = let_in::differences(vault, &after, &|path| self.moves.after(path));
        let mut words: Vec<String> = differences.iter().take(MOST_DIFFERENCES).map(Difference::words).collect();
        let more = differences.len().saturating_sub(MOST_DIFFERENCES);
        if more > 0 {
            words.push(format!("and {} more", counted(more, "broadcast")));
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What lies beside a broadcast under its name and must go with it: the journal of who was written to. From where to where. Folders
    /// take theirs along.
    pub fn journals(&self) -> Vec<(VaultPath, VaultPath)> {
        let journal = |path: &VaultPath| VaultPath::new(&format!("{}{JOURNAL}", without_ending(path.as_str())));
        let is_text = |path: &VaultPath| markdown_ending(path.as_str()).is_some();
        let moved = self.moves.each().filter(|(old, new)| is_text(old) && is_text(new));
        let mut found: Vec<(VaultPath, VaultPath)> = moved.map(|(old, new)| (journal(old), journal(new))).collect();
        found.retain(|(old, new)| old != new && !self.moves.by_old.contains_key(old) && (self.exists)(old.as_str()));
        found.sort();
        found
    }

    fn plan(&self, source: &Source) -> Result<Planned, Refusal> {
        let document = source.document();
        let (mut edits, mut notes) = (Vec::new(), Vec::new());
        if document.kind == Kind::Config {
            edits.extend(self.settings(&document)?);
            edits.extend(self.ignored.edits(&document)?);
            edits.extend(path_terms::edits(&self.moves, &self.paths, source, &document, &mut notes)?);
            return Ok(Planned::new(&source.text, edits, notes));
        }
        edits.extend(self.pictures(source, &document)?);
        edits.extend(self.links(source, &document, &mut notes));
        edits.extend(path_terms::edits(&self.moves, &self.paths, source, &document, &mut notes)?);
        Ok(Planned::new(&source.text, edits, notes))
    }

    fn pictures(&self, source: &Source, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for key in places::PICTURE_KEYS {
            edits.extend(pictures::edits(&self.moves, source, document, key, self.exists.as_ref())?);
        }
        Ok(edits)
    }

    /// Links of every form. They are read back: each leads where it should. One that cannot be written is named, and stays.
    fn links(&self, source: &Source, document: &Document<'_>, notes: &mut Vec<String>) -> Vec<Edit> {
        let text = document.text;
        if ["](", "[[", "]:"].iter().all(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_none()) {
            return Vec::new();
        }
        let new_path = self.moves.after(&source.path);
        // A link by reference follows its definition.
        let links = document.links().into_iter().filter(|link| link.form != Form::Reference);
        let rewrites = links.filter_map(|link| Some(Rewrite::new(&link, self.after(source, &new_path, &link)?)));
        let mut rewrites: Vec<Rewrite> = rewrites.collect();
        for _ in 0..MOST_BY_HAND {
            let refusal = match document.rewrite(&rewrites) {
                Ok(edits) => return edits,
                Err(refusal) => refusal,
            };
            let line = lines::Lines::new(text).line_column(text, refusal.span.start()).0;
            notes.push(format!("{}:{line}: {}", source.path, refusal.message));
            rewrites.retain(|rewrite| rewrite.link.span != refusal.span);
        }
        notes.push(format!("{}: its links cannot be changed safely: please change them by hand", source.path));
        Vec::new()
    }

    /// What a link should say after the move; `None` where it stays.
    fn after(&self, source: &Source, new_path: &VaultPath, link: &Link) -> Option<String> {
        if !link.is_wiki() || link.is_relative_name() {
            return paths::after(&self.moves, source, new_path, link);
        }
        self.names.after(&link.target).or_else(|| {
            let may_be_other = names_other(&link.target) && !self.names.is_taken(&link.target);
            may_be_other.then(|| pictures::after(&self.moves, &source.path, &link.target, self.exists.as_ref())).flatten()
        })
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
    /// The files and folders themselves that move, without what is below them: from where to where.
    fn each(&self) -> impl Iterator<Item = (&VaultPath, &VaultPath)> {
        self.by_old.iter()
    }

    /// Where a path is after the move: its own, or along with the nearest folder that moves.
    pub fn after(&self, path: &VaultPath) -> VaultPath {
        match self.root_of(path) {
            Some((old, new)) => VaultPath::new(&format!("{new}{}", &path.as_str()[old.as_str().len()..])),
            None => path.clone(),
        }
    }

    /// What moves a path: itself, or the nearest folder that moves; from where to where.
    fn root_of(&self, path: &VaultPath) -> Option<(&VaultPath, &VaultPath)> {
        let folders = path.as_str().match_indices('/').map(|(at, _)| VaultPath::new(&path.as_str()[..at]));
        let folders: Vec<VaultPath> = folders.chain([path.clone()]).collect();
        folders.iter().rev().find_map(|folder| self.by_old.get_key_value(folder))
    }
}
