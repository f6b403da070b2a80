//! Problems as the protocol tells them. Whether a picture is there is asked of the disk only between two looks at the vault, and
//! remembered: no key and no lock ever waits for a disk.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use roaring::RoaringBitmap;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Uri,
};

use super::client::Understands;
use super::convert::Ruler;
use super::outside::Store;
use super::space::Space;
use super::world::{World, unharmed};
use crate::contact::{Code, Kind, Problem, Severity};
use crate::features::Here;
use crate::features::diagnostics::{self, Surroundings};
use crate::vault::{Vault, VaultPath};

/// The address of the page that explains each kind of problem (docs/diagnostics.md), where one was given when guanxi was built: an
/// address that leads nowhere is worse than none. `guanxi help CODE` says the same.
const GUIDE: Option<&str> = option_env!("GUANXI_DIAGNOSTICS_URL");

/// Paths, and whether something was there.
type Asked = Box<[(Box<str>, bool)]>;

/// Which pictures and attachments are there, as far as anybody asked.
#[derive(Default)]
pub struct Pictures {
    known: HashMap<String, bool>,
    /// Who asked for what, and whether it was there.
    asked: BTreeMap<VaultPath, Asked>,
    /// How far the last round of looking again came.
    seen: Option<VaultPath>,
}

/// So many files are looked at again at a time: a vault may have a hundred thousand pictures.
const AGAIN: usize = 300;

impl Pictures {
    /// What is known may be old: it is asked anew.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    /// Files that asked for something that has come or gone since. Looks at some of them each time, in turns.
    pub fn changed(&mut self, store: &dyn Store) -> HashSet<VaultPath> {
        self.forget();
        let from = self.seen.take().map_or(Bound::Unbounded, Bound::Excluded);
        let round: Vec<_> = self.asked.range((from, Bound::Unbounded)).take(AGAIN).collect();
        self.seen = (round.len() == AGAIN).then(|| round.last().map(|(file, _)| (*file).clone())).flatten();
        let differs = |pictures: &[(Box<str>, bool)]| pictures.iter().any(|(path, was)| store.exists(path) != *was);
        round.into_iter().filter(|(_, pictures)| differs(pictures)).map(|(file, _)| file.clone()).collect()
    }

    /// Looks at a text until everything that it asks for is known: three times at most, since a path is looked for beside the
    /// file and, if it is not there, from the root of the vault.
    fn look<T>(&mut self, store: &dyn Store, path: &VaultPath, mut look: impl FnMut(&dyn Fn(&str) -> bool) -> T) -> T {
        let mut last = None;
        for _ in 0..3 {
            let wanted = RefCell::new(Vec::new());
            let unknown = RefCell::new(Vec::new());
            let found = {
                let known = &self.known;
                look(&|picture: &str| {
                    wanted.borrow_mut().push(picture.to_owned());
                    known.get(picture).copied().unwrap_or_else(|| {
                        unknown.borrow_mut().push(picture.to_owned());
                        true
                    })
                })
            };
            let unknown = unknown.into_inner();
            last = Some(found);
            if unknown.is_empty() {
                self.remember(path, wanted.into_inner());
                break;
            }
            for picture in unknown {
                let is_there = store.exists(&picture);
                self.known.insert(picture, is_there);
            }
        }
        last.unwrap_or_else(|| look(&|_| true))
    }
}

impl Pictures {
    fn remember(&mut self, file: &VaultPath, wanted: Vec<String>) {
        if wanted.is_empty() {
            self.asked.remove(file);
            return;
        }
        let known = |picture: String| (picture.as_str().into(), self.known.get(&picture).copied().unwrap_or(true));
        let pictures = wanted.into_iter().map(known).collect();
        self.asked.insert(file.clone(), pictures);
    }
}

/// The problems of a document that stands beside the vault.
pub fn document(world: &World, uri: &Uri, pictures: &mut Pictures) -> Option<Vec<Diagnostic>> {
    let document = world.document(uri)?;
    let store = document.space.store();
    if document.path.names_settings() && document.space.vault().is_unreadable(&document.path) {
        // Settings under a wrong name: that is what is wrong with them, whatever they say.
        return Some(unread(world, &document.space, &document.path));
    }
    pictures.look(store, &document.path, |exists| world.ask(uri, |asked| of(world, asked.space, asked.here, asked.ruler, exists)))
}

/// The problems of a file of the vault. One that is gone has none.
pub fn file(world: &World, space: &Space, path: &VaultPath, pictures: &mut Pictures) -> Vec<Diagnostic> {
    pictures.look(space.store(), path, |exists| {
        let vault = space.vault();
        let Some(id) = vault.id(path) else { return unread(world, space, path) };
        let here = Here::of_file(&vault, id);
        let ruler = Ruler::new(here.text(), world.understands().encoding);
        unharmed(|| of(world, space, &here, &ruler, exists)).unwrap_or_default()
    })
}

/// Why a file could not be read; nothing, if it is not there.
fn unread(world: &World, space: &Space, path: &VaultPath) -> Vec<Diagnostic> {
    let vault = space.vault();
    let reason = vault.unreadable().find(|(unreadable, _)| *unreadable == path).map(|(_, reason)| reason);
    let problem = reason.map(|reason| diagnostics::not_read(path, reason));
    let ruler = Ruler::new("", world.understands().encoding);
    problem.iter().map(|problem| to_diagnostic(world, space, &vault, problem, &ruler)).collect()
}

fn of(world: &World, space: &Space, here: &Here<'_>, ruler: &Ruler<'_>, exists: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let is_open = world.shown(space, &here.path).is_some();
    let problems = diagnostics::first(problems(here, exists, is_open), MOST);
    problems.iter().map(|problem| to_diagnostic(world, space, here.vault, problem, ruler)).collect()
}

/// Most problems of one file that an editor is told: a file of 4 MB can have a million, and each costs a kilobyte on the way.
const MOST: usize = 1000;

/// In a vault of more contacts, a broadcast that is not open is looked at briefly.
const LARGE: u64 = 20_000;

/// The problems of a text, as the editor should show them.
pub fn problems(here: &Here<'_>, exists: &dyn Fn(&str) -> bool, is_open: bool) -> Vec<Problem> {
    if here.document.kind == Kind::Note && !is_book(here.vault) {
        return Vec::new();
    }
    let is_brief = !is_open && here.vault.contacts().len() > LARGE;
    let mut around = Surroundings::new(exists);
    around.is_brief = is_brief;
    diagnostics::diagnose(here, &around)
}

/// A folder without settings and without a single contact is somebody's code or prose: it is left in peace.
pub fn is_book(vault: &Vault) -> bool {
    vault.id_of(crate::contact::config::FILE).is_some() || !vault.contacts().is_empty()
}

/// Carriers of tags of which something may be said that other files decide: rare ones, and those that a strict vocabulary does
/// not list.
pub fn of_doubtful_tags(vault: &Vault) -> RoaringBitmap {
    let strict = vault.config().strict;
    let mut files = RoaringBitmap::new();
    for view in vault.tags().iter() {
        if view.count() <= diagnostics::RARE || (strict && !view.is_known()) {
            view.add_carriers(&mut files);
        }
    }
    files
}

/// A problem as the protocol tells it, as far as the client understands.
pub fn to_diagnostic(world: &World, space: &Space, vault: &Vault, problem: &Problem, ruler: &Ruler<'_>) -> Diagnostic {
    let understands: &Understands = world.understands();
    let code = problem.code;
    let severity = match code.severity() {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
    };
    let page = GUIDE.and_then(|page| format!("{page}#{}", code.name()).parse().ok());
    let related = problem.related.iter().filter_map(|related| {
        let file = vault.file(vault.id_of(&related.path)?);
        let there = Ruler::new(file.text(), understands.encoding);
        let location = Location { uri: world.uri_of(space, file.path()), range: there.range(related.span) };
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    });
    let tag = (code == Code::KeyDuplicate).then_some(DiagnosticTag::UNNECESSARY);
    let understood_tag = tag.filter(|_| understands.diagnostic_tags.contains(&1));
    Diagnostic {
        range: ruler.range(problem.span),
        severity: Some(severity),
        code: Some(NumberOrString::String(code.name().to_owned())),
        code_description: page.filter(|_| understands.code_pages).map(|href| CodeDescription { href }),
        source: Some("guanxi".to_owned()),
        message: problem.message.clone(),
        related_information: Some(related.collect::<Vec<_>>())
            .filter(|related| understands.related_places && !related.is_empty()),
        tags: understood_tag.map(|tag| vec![tag]),
        data: None,
    }
}
