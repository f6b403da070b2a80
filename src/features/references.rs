//! Every place that names what the cursor points at, in the whole vault: a tag with everything below it, as a query means it; a
//! contact, by all links that lead to it and to nobody else; a picture; a field, where messages and queries name it.
//!
//! In two steps. [`gather`] asks the vault and is over in milliseconds; [`Search::run`] reads the texts on all cores, without the
//! vault, and can be called off.

use std::sync::Arc;

use super::Here;
use super::places::{self, Exists, Goal, Role, Sought, Source};
use crate::text::Span;
use crate::vault::VaultPath;

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In which file.
    pub path: VaultPath,
    /// That file's text, when it was asked.
    pub text: Arc<str>,
    /// Where the name is written.
    pub span: Span,
}

/// A search that needs the vault no longer.
pub struct Search {
    sought: Sought,
    sources: Vec<Source>,
    declarations: bool,
}

/// Prepares the search for what the cursor at `offset` points at; `None` where that has no places. With `include_declaration`
/// the line of the vocabulary, or the contact's alias, counts too. `exists` is asked for pictures only.
pub fn gather(here: &Here<'_>, offset: usize, include_declaration: bool, exists: &Exists) -> Option<Search> {
    let goal = Goal::at(here, offset, exists)?;
    let mut sources = goal.sources(here.vault);
    sources.extend(Source::beside(here));
    let sought = goal.sought(here.vault, sources.iter().map(|source| source.text.as_ref()), exists);
    Some(Search { sought, sources, declarations: include_declaration })
}

impl Search {
    /// All places, in the order of the paths. Fewer, where it is called off.
    pub fn run(&self, cancelled: &(dyn Fn() -> bool + Sync)) -> Vec<Found> {
        let found = places::each(&self.sources, cancelled, |source| {
            let places = self.sought.places(&source.path, &source.document(), source.head_only);
            let counted = places.into_iter().filter(|place| self.declarations || place.role != Role::Declares);
            let found = |span| Found { path: source.path.clone(), text: Arc::clone(&source.text), span };
            Some(counted.map(|place| found(place.span)).collect::<Vec<Found>>())
        });
        found.into_iter().flatten().collect()
    }
}
