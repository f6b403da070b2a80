//! Changes that arrive in the wrong order. An editor that sends each message by itself (Helix 25.01) may let one overtake another: a
//! change the one before it, or even the opening of its document. Their versions tell what came first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::text::lines::Encoding;
use crate::text::sync::{self, Change};

/// A message is overtaken by no more than this. What comes later was not overtaken: it stands where it arrives.
const LATE: Duration = Duration::from_secs(1);

/// So many changes are remembered of a document: with the texts before them, which may be large.
const REMEMBERED: usize = 8;

/// So many documents that are not open yet are remembered.
const UNOPENED: usize = 64;

/// The text of an open document, and how it came about lately.
#[derive(Clone)]
pub struct Told {
    version: i32,
    text: Arc<str>,
    lately: VecDeque<Step>,
}

#[derive(Clone)]
struct Step {
    /// The version before it.
    follows: i32,
    version: i32,
    /// The text before it.
    before: Arc<str>,
    changes: Vec<Change>,
    at: Instant,
}

impl Told {
    /// As it was opened.
    pub fn new(version: i32, text: Arc<str>) -> Self {
        Self { version, text, lately: VecDeque::new() }
    }

    /// The version and the text.
    pub fn state(&self) -> (i32, Arc<str>) {
        (self.version, Arc::clone(&self.text))
    }

    /// A change arrives. One that fills a gap between two versions belongs there: what overtook it is made again on top of it.
    pub fn change(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        self.lately.retain(|step| step.at.elapsed() < LATE);
        let gap = self.lately.iter().rposition(|step| step.follows < version && version < step.version);
        let overtook: Vec<Step> = gap.map(|at| self.lately.drain(at..).collect()).unwrap_or_default();
        if let Some(first) = overtook.first() {
            (self.version, self.text) = (first.follows, Arc::clone(&first.before));
        }
        self.step(version, changes, encoding);
        for step in overtook {
            self.step(step.version, step.changes, encoding);
        }
    }

    fn step(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        let text = sync::apply(&self.text, changes.clone(), encoding).into();
        let (follows, before) = (std::mem::replace(&mut self.version, version), std::mem::replace(&mut self.text, text));
        self.lately.push_back(Step { follows, version, before, changes, at: Instant::now() });
        if self.lately.len() > REMEMBERED {
            self.lately.pop_front();
        }
    }
}

/// Changes of documents that are not open, by URI: the opening may be on its way, and what lies between.
#[derive(Default)]
pub struct Early(HashMap<String, Vec<(i32, Vec<Change>, Instant)>>);

impl Early {
    /// A change of a document that is not open.
    pub fn keep(&mut self, uri: &str, version: i32, changes: Vec<Change>) {
        self.0.retain(|_, kept| kept.iter().any(|(_, _, at)| at.elapsed() < LATE));
        if self.0.len() < UNOPENED || self.0.contains_key(uri) {
            let kept = self.0.entry(uri.to_owned()).or_default();
            kept.push((version, changes, Instant::now()));
            kept.truncate(REMEMBERED);
        }
    }

    /// What follows this version of a document that is open now, in order.
    pub fn following(&mut self, uri: &str, mut version: i32) -> Vec<(i32, Vec<Change>)> {
        let Some(kept) = self.0.get_mut(uri) else { return Vec::new() };
        kept.retain(|(_, _, at)| at.elapsed() < LATE);
        let mut following = Vec::new();
        while let Some(at) = kept.iter().position(|(next, ..)| version.checked_add(1) == Some(*next)) {
            let (next, changes, _) = kept.remove(at);
            version = next;
            following.push((next, changes));
        }
        if kept.is_empty() {
            self.0.remove(uri);
        }
        following
    }

    /// The document is closed.
    pub fn forget(&mut self, uri: &str) {
        self.0.remove(uri);
    }
}
