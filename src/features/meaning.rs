//! Whom queries match before and after edits: `broadcast.exclude`, each broadcast (`to` and `exclude`) and each query block. A change
//! of names must not become a change of people without anybody having been asked.
//!
//! Only the texts that the edits are made from are looked at: a file that stays as it is, and is named in no query that changes,
//! cannot come or go.

use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::list;
use super::markup::counted;
use super::places::{self, Source, queries};
use crate::contact::document::Document;
use crate::contact::fields::{self, FieldKind};
use crate::contact::{Kind, config};
use crate::text::yaml::{Node, Value};
use crate::vault::query::{Query, Term, compile};
use crate::vault::{Coverage, Understood, Vault, VaultPath};

/// So many people are named.
const NAMED: usize = 3;

/// A query that matches others after the edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is written.
    pub place: String,
    /// Aliases of those whom it matches no longer.
    pub lost: Vec<String>,
    /// Aliases of those whom it matches only afterwards.
    pub gained: Vec<String>,
}

impl Difference {
    /// In words for a person.
    pub fn words(&self) -> String {
        let named = |people: &[String]| {
            let first = people.iter().take(NAMED).map(|alias| super::formats::one_line(alias));
            let more = people.len().saturating_sub(NAMED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} ({}{rest})", counted(people.len(), "contact"), first.collect::<Vec<_>>().join(", "))
        };
        let lost = (!self.lost.is_empty()).then(|| format!("no longer matches {}", named(&self.lost)));
        let gained = (!self.gained.is_empty()).then(|| format!("would also match {}", named(&self.gained)));
        let both: Vec<String> = lost.into_iter().chain(gained).collect();
        let words = if both.is_empty() { "could not be understood any more".to_owned() } else { both.join("; ") };
        format!("{} {words}", self.place)
    }
}

/// A text before and after.
pub struct Pair<'s> {
    /// Before.
    pub source: &'s Source,
    /// After, where it changes.
    pub after: Option<Arc<str>>,
}

impl Pair<'_> {
    fn new_text(&self) -> &Arc<str> {
        self.after.as_ref().unwrap_or(&self.source.text)
    }
}

/// Every query among these texts that matches others afterwards.
pub fn differences(pairs: &[Pair<'_>]) -> Vec<Difference> {
    let before = vault(pairs, |pair| &pair.source.text);
    let after = vault(pairs, Pair::new_text);
    let mut found = Vec::new();
    let mut asking: Vec<&Pair<'_>> = pairs.iter().collect();
    asking.sort_by_key(|pair| &pair.source.path);
    for pair in asking {
        let (old, new) = (asked(&pair.source.path, &pair.source.text), asked(&pair.source.path, pair.new_text()));
        let mut new = new.into_iter();
        for old in old {
            let new = new.next().and_then(|new| new.queries);
            let (Some(queries), place) = (old.queries, old.place) else { continue };
            let Some(new) = new else {
                found.push(Difference { place, lost: Vec::new(), gained: Vec::new() });
                continue;
            };
            let was = matching(&before, &queries, old.people_only);
            let is = renumbered(&after, &before, &matching(&after, &new, old.people_only));
            if was != is {
                let named = |ids: RoaringBitmap| {
                    list::by_alias(&before, &ids).into_iter().map(|id| before.file(id).alias().to_owned()).collect()
                };
                found.push(Difference { place, lost: named(&was - &is), gained: named(&is - &was) });
            }
        }
    }
    found
}

/// Which of `asking` have a query that reads names or texts; `None` where no file among either has one, so that nobody can be matched
/// otherwise because of another alias.
pub fn reading_names<'s>(changing: &[Source], asking: &'s [Source]) -> Option<Vec<&'s Source>> {
    let reads = |source: &&Source| asked(&source.path, &source.text).iter().any(Asked::reads_names);
    let found: Vec<&Source> = asking.par_iter().filter(reads).collect();
    let is_any = !found.is_empty() || changing.par_iter().any(|source| reads(&source));
    is_any.then_some(found)
}

/// What a file asks in one place.
struct Asked {
    place: String,
    /// A file that matches any of these is matched; `None`: they cannot be understood.
    queries: Option<Vec<Query>>,
    /// A message goes to contacts only, whatever the query names.
    people_only: bool,
}

impl Asked {
    /// Does it look at the alias, or at a text or value with links in it?
    fn reads_names(&self) -> bool {
        let reads = |term: &&Term| match term {
            Term::Word { .. } => true,
            // Any value may hold a link. Dates are only compared with dates, and files and kinds have no names in them.
            Term::Field { key, .. } => {
                let is_date = fields::find(key).is_some_and(|field| field.kind == FieldKind::Date);
                !is_date && !matches!(key.as_str(), "path" | "kind" | "sent")
            }
            _ => false,
        };
        self.queries.iter().flatten().any(|query| query.terms().iter().any(reads))
    }
}

fn asked(path: &VaultPath, text: &str) -> Vec<Asked> {
    let document = places::document(path, text);
    let mut found = Vec::new();
    let excludes = |place: String, node: &Node<'_>| Asked { place, queries: excluding(node), people_only: true };
    match document.kind {
        Kind::Config => {
            let node = queries::setting(&document, "broadcast", "exclude");
            found.extend(node.map(|node| excludes(format!("`broadcast.exclude` in {}", config::FILE), node)));
        }
        Kind::Broadcast => {
            let to = queries::of_broadcast(&document).map(|query| vec![query]);
            found.push(Asked { place: format!("`to` in {path}"), queries: to, people_only: true });
            found.extend(document.entry("exclude").map(|entry| excludes(format!("`exclude` in {path}"), &entry.value)));
        }
        _ => {}
    }
    found.extend(blocks(path, &document));
    found
}

fn blocks(path: &VaultPath, document: &Document<'_>) -> Vec<Asked> {
    if document.kind == Kind::Config {
        return Vec::new();
    }
    let asked = |text: &str| Query::parse(text.trim_end()).ok().map(|query| vec![query]);
    let place = || format!("the query block in {path}");
    let body = document.body();
    let of_block = |text: &str| Asked { place: place(), queries: asked(text), people_only: false };
    body.queries.iter().map(|block| of_block(&block.text)).collect()
}

/// A query, or a list of tags any of which excludes.
fn excluding(node: &Node<'_>) -> Option<Vec<Query>> {
    match &node.value {
        Value::List(items, _) => {
            items.iter().map(|item| Some(Query::of_tags(&[item.text()?.trim().trim_start_matches('#').to_owned()]))).collect()
        }
        _ => Some(vec![Query::parse(node.text()?.trim_end()).ok()?]),
    }
}

/// A name that none of these texts has is unknown here and may be known in the vault: it matches nobody on both sides.
fn matching(vault: &Vault, queries: &[Query], people_only: bool) -> RoaringBitmap {
    let all = queries.iter().map(|query| compile(query, vault).0.run(vault)).fold(RoaringBitmap::new(), |all, one| all | one);
    if people_only { all & vault.contacts() } else { all }
}

fn vault<'p>(pairs: &'p [Pair<'p>], text: impl Fn(&'p Pair<'p>) -> &'p Arc<str> + Sync) -> Vault {
    let read = |pair: &'p Pair<'p>| Understood::new(pair.source.path.clone(), Arc::clone(text(pair)), Coverage::Texts);
    let understood: Vec<Understood> = pairs.par_iter().map(read).collect();
    let mut vault = Vault::new(Coverage::Texts);
    understood.into_iter().for_each(|file| vault.apply_understood(file));
    vault
}

fn renumbered(from: &Vault, to: &Vault, ids: &RoaringBitmap) -> RoaringBitmap {
    ids.iter().filter_map(|id| to.id(from.file(id).path())).collect()
}
