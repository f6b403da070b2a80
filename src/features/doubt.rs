//! Doubt: whom exclusions keep out, whose tags may hide an excluded one, and who would match if their file could be read.

use std::collections::{BTreeSet, HashSet};

use roaring::RoaringBitmap;

use super::audience;
use super::list::AskError;
use super::recipients::Refused;
use crate::contact::config::{self, Config};
use crate::contact::document::{is_tags, values};
use crate::contact::{Document, Kind, fields, tag};
use crate::text::fold;
use crate::vault::query::{Query, QueryError, Role, TagPattern, Term, Value, compile, keeping_out, unknown_names};
use crate::vault::{File, FileId, Vault};

/// Everything that keeps people out of one broadcast, beside their own `opt_out`.
#[derive(Debug, Default)]
pub(super) struct Exclusion {
    /// Contacts that `broadcast.exclude`, or the broadcast's own `exclude`, matches.
    pub excluded: RoaringBitmap,
    /// Contacts with a tag that may hide an excluded one.
    pub in_doubt: RoaringBitmap,
    /// Of those, contacts who may have said no to every broadcast like this: the tag is one of an exclusion. Who only lacks what this
    /// query asks for has said nothing.
    pub may_have_said_no: RoaringBitmap,
    /// The tags that keep people out.
    all: KeptOut,
    /// Those of exclusions alone.
    excluding: KeptOut,
    queries: Vec<Query>,
}

/// Tags that keep people out, and what may be meant as one of them.
#[derive(Clone, Debug, Default)]
struct KeptOut {
    patterns: Vec<Pattern>,
    named: tag::Lookalikes,
}

/// A tag that keeps people out.
#[derive(Clone, Debug)]
struct Pattern {
    key: String,
    /// Does it keep out what is below it too?
    nests: bool,
}

impl Pattern {
    fn holds(&self, key: &str) -> bool {
        if self.nests { tag::is_at_or_below(key, &self.key) } else { key == self.key }
    }
}

impl KeptOut {
    fn new(patterns: Vec<Pattern>) -> Self {
        let named = tag::Lookalikes::new(patterns.iter().map(|pattern| &pattern.key));
        Self { patterns, named }
    }

    /// One tag, and what is below it.
    fn of_tag(key: &str) -> Self {
        Self::new(vec![Pattern { key: key.to_owned(), nests: true }])
    }

    /// What one query excludes, as far as tags say it.
    fn of_query(vault: &Vault, query: &Query) -> Self {
        let mut patterns = Vec::new();
        name_tags(vault, query, Role::Excludes, &mut patterns);
        Self::new(patterns)
    }

    /// Is this one of the tags, or below one?
    fn holds(&self, key: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.holds(key))
    }

    /// Which of the tags this one may be. What the vocabulary lists is beyond doubt, and so is what is below a tag that is excluded alone
    /// (`tag:=event`).
    fn hidden_in(&self, vault: &Vault, key: &str) -> Option<&str> {
        let is_below = || self.patterns.iter().any(|pattern| !pattern.nests && tag::is_at_or_below(key, &pattern.key));
        if vault.tags().is_known(key) || self.holds(key) || is_below() {
            return None;
        }
        self.named.hidden_in(key)
    }

    /// Files of the vault with a tag that may be one of these.
    fn doubtful(&self, vault: &Vault) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        if !self.named.is_empty() {
            let doubtful = vault.tags().iter().filter(|view| self.hidden_in(vault, view.key()).is_some());
            doubtful.for_each(|view| view.add_carriers(&mut found));
        }
        found
    }

    /// Does a file that is no contact of the vault have one of the tags, or one that may be it? What a vocabulary lists is beyond doubt
    /// here too.
    fn hits(&self, document: &Document<'_>, is_known: impl Fn(&str) -> bool) -> bool {
        let is_tags = |key: &str| is_tags(key) || fields::near_miss(key) == Some("tags");
        let entries = document.head.entries.iter().filter(|entry| is_tags(&entry.key));
        let values: Vec<_> = entries.flat_map(|entry| values(&entry.value)).collect();
        let mut texts = values.iter().flat_map(|value| tag::in_item(value.text));
        texts.any(|text| {
            let key = tag::key(text);
            self.holds(&key) || (!is_known(&key) && self.named.hidden_in(text).is_some())
        })
    }
}

/// The tags of a query that keep people out.
fn name_tags(vault: &Vault, query: &Query, role: Role, found: &mut Vec<Pattern>) {
    for term in keeping_out(query, role) {
        let Term::Tag { pattern, .. } = term else { continue };
        match pattern {
            TagPattern::Nested(name) => found.push(Pattern { key: tag::key(name).into_owned(), nests: true }),
            TagPattern::Exact(name) => found.push(Pattern { key: tag::key(name).into_owned(), nests: false }),
            TagPattern::Matching(expression) => {
                let matched = vault.tags().iter().filter(|view| expression.regex.is_match(view.key()));
                found.extend(matched.map(|view| Pattern { key: view.key().to_owned(), nests: false }));
            }
        }
    }
}

/// The vault's exclusion, and that of a broadcast.
fn exclusions(vault: &Vault, own: Option<&Query>) -> Result<Vec<Query>, QueryError> {
    let of_vault = vault.config().exclude.as_ref().map(|(text, _)| Query::parse_exclusion(text)).transpose()?;
    Ok(of_vault.into_iter().chain(own.cloned()).collect())
}

impl Exclusion {
    /// What keeps people out of a broadcast to `query`, whose own exclusion is `own`.
    pub(super) fn new(vault: &Vault, query: &Query, own: Option<&Query>) -> Result<Self, Refused> {
        let queries = exclusions(vault, own).map_err(Refused::Exclude)?;
        for (number, query) in queries.iter().enumerate() {
            let is_own = own.is_some() && number + 1 == queries.len();
            match unknown_names(query, Role::Excludes, vault) {
                names if names.is_empty() => {}
                names if is_own => return Err(Refused::Query(AskError::Unknown(names))),
                names => return Err(Refused::ExcludeUnknown(names)),
            }
        }
        Ok(Self::gathered(vault, query, queries))
    }

    /// The same for a few files of the vault alone: a tag that none of them has is not misspelt.
    pub(super) fn among(vault: &Vault, query: &Query, own: Option<&Query>) -> Self {
        Self::gathered(vault, query, exclusions(vault, own).unwrap_or_default())
    }

    fn gathered(vault: &Vault, query: &Query, queries: Vec<Query>) -> Self {
        let (mut exclusion, mut patterns) = (Exclusion::default(), Vec::new());
        for query in &queries {
            exclusion.excluded |= compile(query, vault).0.run(vault);
            name_tags(vault, query, Role::Excludes, &mut patterns);
        }
        exclusion.queries = queries;
        exclusion.excluding = KeptOut::new(patterns.clone());
        exclusion.may_have_said_no = exclusion.excluding.doubtful(vault) - &exclusion.excluded;
        name_tags(vault, query, Role::Selects, &mut patterns);
        exclusion.all = KeptOut::new(patterns);
        exclusion.in_doubt = exclusion.all.doubtful(vault) - &exclusion.excluded;
        exclusion
    }

    /// The tag of this contact that is in doubt, as it is written, and the excluded one that it may be.
    pub(super) fn doubt_of(&self, vault: &Vault, id: FileId) -> Option<(String, String)> {
        let mut tags = vault.tags_of(id);
        tags.find_map(|(view, spelling)| {
            let hidden = self.all.hidden_in(vault, view.key())?;
            let shown = vault.tags().get(hidden).map_or(hidden, |view| vault.shown(view));
            Some((spelling.to_owned(), shown.to_owned()))
        })
    }

    /// Does a file that is no contact of the vault have an excluded tag, or one that may be it?
    pub(super) fn hits(&self, vault: &Vault, document: &Document<'_>) -> bool {
        self.excluding.hits(document, |key| vault.tags().is_known(key))
    }

    /// Who among the files beside the vault is excluded: by this vault's exclusions, and by that of the vault they are in.
    pub(super) fn beside(&self, beside: &Vault) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        for query in &self.queries {
            // A tag that nobody there has keeps nobody there out.
            found |= compile(query, beside).0.run(beside);
        }
        for (path, _) in beside.unreadable().filter(|(path, _)| path.names_settings()) {
            let inside = |id: &FileId| beside.file(*id).path().as_str().starts_with(&format!("{}/", path.folder()));
            found.extend(beside.files().map(|(id, _)| id).filter(inside));
        }
        for (_, settings) in beside.files().filter(|(_, file)| file.path().names_settings()) {
            let folder = settings.path().folder();
            let inside = |id: &FileId| beside.file(*id).path().as_str().starts_with(&format!("{folder}/"));
            let config = Config::parse(settings.text()).0;
            let query = config.exclude.as_ref().map(|(text, _)| Query::parse_exclusion(text));
            let is_plain = settings.path().file_name() == config::FILE && !config.faulty;
            match query {
                None if is_plain => {}
                Some(Ok(query)) if is_plain => {
                    found.extend(compile(&query, beside).0.run(beside).iter().filter(inside));
                    let excluding = KeptOut::of_query(beside, &query);
                    let known: HashSet<_> = config.known.iter().map(|known| tag::key(&known.tag).into_owned()).collect();
                    let hits = |id: &FileId| {
                        let document = beside.file(*id).document();
                        excluding.hits(&document.as_meant().unwrap_or(document), |key| known.contains(key))
                    };
                    found.extend(beside.files().map(|(id, _)| id).filter(inside).filter(hits));
                }
                // Nobody knows whom those settings keep out.
                _ => found.extend(beside.files().map(|(id, _)| id).filter(inside)),
            }
        }
        found
    }
}

/// What renaming a tag does to those whom it keeps out of broadcasts.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// Does the tag keep anybody out of any broadcast?
    pub keeps_out: bool,
    /// Who is left out today because of it, and would be let in: theirs is not renamed with it. That is a tag that may be this one, and
    /// this one itself in files that are not rewritten: notes with misplaced front matter, and the files beside the vault.
    pub let_in: Vec<String>,
}

/// What renaming `old`, with everything below it, to `new` does to those whom it keeps out.
pub(super) fn renamed(vault: &Vault, old: &str, new: &str) -> Renamed {
    let (old_key, new_key) = (tag::key(old), tag::key(new));
    let Exclusion { all, excluding, .. } = exclusion_of_all(vault);
    let below = all.patterns.iter().filter(|pattern| tag::is_at_or_below(&pattern.key, &old_key)).map(|pattern| &*pattern.key);
    let itself = all.holds(&old_key).then_some(&*old_key);
    let keys: BTreeSet<&str> = below.chain(itself).collect();
    if keys.is_empty() || old_key == new_key {
        return Renamed::default();
    }
    let pair = |key: &&str| Some((key.to_string(), tag::key(&tag::renamed(key, &old_key, &new_key)?).into_owned()));
    let let_in = keys.iter().filter_map(pair).flat_map(|(key, new)| let_in(vault, &key, &new, excluding.holds(&key)));
    let let_in: BTreeSet<String> = let_in.collect();
    Renamed { keeps_out: true, let_in: let_in.into_iter().collect() }
}

/// By their keys. `everywhere`: of a tag that an exclusion names; under a `-` of one query it is no "no" to other files.
fn let_in(vault: &Vault, old: &str, new: &str, everywhere: bool) -> Vec<String> {
    let rewritten = vault.tags().carriers_at_or_below(old);
    let still = vault.tags().carriers_at_or_below(new);
    let (old, new) = (KeptOut::of_tag(old), KeptOut::of_tag(new));
    let doubtful = old.doubtful(vault) - new.doubtful(vault) - still - &rewritten;
    let mut found: Vec<String> = doubtful.iter().map(|id| vault.file(id).alias().to_owned()).collect();
    if !everywhere {
        return found;
    }
    let mut look = |file: &File, only_people: bool| {
        let document = file.document();
        let meant = document.as_meant().unwrap_or(document);
        let hits = |tags: &KeptOut| tags.hits(&meant, |key| vault.tags().is_known(key));
        if hits(&old) && !hits(&new) && (!only_people || meant.is_person()) {
            found.push(meant.alias().map_or_else(|| file.path().to_string(), str::to_owned));
        }
    };
    (vault.strays() - rewritten).iter().for_each(|id| look(vault.file(id), false));
    if let Some(beside) = vault.beside() {
        let kept_out = Exclusion::default().beside(beside);
        beside.files().filter(|(id, _)| !kept_out.contains(*id)).for_each(|(_, file)| look(file, true));
    }
    found
}

/// The tag that keeps people out of some broadcast and that this new one could be taken for, as it is shown.
pub(super) fn excluded_near(vault: &Vault, tag: &str) -> Option<String> {
    let exclusion = exclusion_of_all(vault);
    let hidden = exclusion.all.hidden_in(vault, &tag::key(tag))?;
    Some(vault.tags().get(hidden).map_or(hidden, |view| vault.shown(view)).to_owned())
}

/// The tags that keep people out of any broadcast of the vault.
fn exclusion_of_all(vault: &Vault) -> Exclusion {
    let mut patterns = Vec::new();
    if let Some(query) = vault.config().exclude.as_ref().and_then(|(text, _)| Query::parse(text).ok()) {
        name_tags(vault, &query, Role::Excludes, &mut patterns);
    }
    let broadcasts = vault.asking().iter().map(|id| vault.file(id)).filter(|file| file.kind() == Kind::Broadcast);
    let mut left_out = Vec::new();
    for file in broadcasts {
        let document = file.document();
        if let Ok(Some(query)) = audience::exclusion(&document) {
            name_tags(vault, &query, Role::Excludes, &mut patterns);
        }
        if let Ok(query) = audience::query(&document) {
            name_tags(vault, &query, Role::Selects, &mut left_out);
        }
    }
    left_out.extend_from_slice(&patterns);
    Exclusion { excluding: KeptOut::new(patterns), all: KeptOut::new(left_out), ..Exclusion::default() }
}

/// Contacts, and notes that were most likely meant to be contacts, who would match if what their file says could be read without
/// doubt: text glued into one tag, or a fault in the front matter.
pub(super) fn plausible(vault: &Vault, query: &Query, matched: &RoaringBitmap) -> RoaringBitmap {
    let asked: Vec<String> = query
        .terms()
        .into_iter()
        .filter_map(|term| match term {
            Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), .. } => Some(tag::key(name).into_owned()),
            _ => None,
        })
        .collect();
    let asked = tag::Lookalikes::new(asked);
    let mut candidates: RoaringBitmap = vault.guarded().iter().filter(|&id| vault.file(id).is_faulty()).collect();
    if !asked.is_empty() {
        for view in vault.tags().iter().filter(|view| !view.is_known() && is_glued(view.key(), &asked)) {
            view.add_carriers(&mut candidates);
        }
    }
    candidates |= vault.strays();
    candidates -= matched;
    candidates.iter().filter(|&id| Reading::new(vault, id).is_some_and(|reading| reading.may_match(&query.root))).collect()
}

/// Is an asked tag a piece of this one, cut at anything but the `/` of nesting?
fn is_glued(key: &str, asked: &tag::Lookalikes) -> bool {
    // Something must have been cut: `le-ad` is another tag than `lead`.
    let is_apart = |segment: &&str| tag::pieces(segment).concat() != **segment;
    key.split('/').any(|segment| is_apart(&segment) && asked.glued_in(segment).is_some())
}

/// A file of which not everything can be read, read as kindly as possible.
struct Reading<'v> {
    vault: &'v Vault,
    id: FileId,
    /// Everything that may be a tag.
    tags: String,
    /// The whole front matter where it has a fault; folded.
    head: Option<String>,
}

impl<'v> Reading<'v> {
    fn new(vault: &'v Vault, id: FileId) -> Option<Self> {
        let file = vault.file(id);
        let document = file.document();
        let meant = document.as_meant();
        let is_misplaced = meant.is_some();
        let document = meant.unwrap_or(document);
        let is_stray = vault.strays().contains(id);
        let names = |key: &str| fields::near_miss(key.trim()) == Some("alias") || key.trim() == "alias";
        let head = document.fences.head.of(document.text);
        let is_named = document.head.entries.iter().any(|entry| names(&entry.key))
            || (!document.head.faults.is_empty()
                && head.lines().any(|line| line.split_once(':').is_some_and(|(key, _)| names(key))));
        if is_stray && !is_misplaced && !is_named {
            return None;
        }
        let in_full = file.is_faulty() || is_stray;
        let tags = match in_full {
            // Escapes of YAML part words as what they stand for would.
            true => head.replace("\\n", "\n").replace("\\t", "\t"),
            false => document.values_of("tags").iter().map(|value| value.text).collect::<Vec<_>>().join("\n"),
        };
        Some(Self { vault, id, tags, head: in_full.then(|| fold::search_key(head).into_owned()) })
    }

    fn may_match(&self, term: &Term) -> bool {
        let matches = |term: &Term| {
            let query = Query { root: term.clone() };
            compile(&query, self.vault).0.matches(self.id, self.vault)
        };
        let has = |text: &str| self.head.as_ref().is_some_and(|head| head.contains(text));
        match term {
            Term::And(terms) => terms.iter().all(|term| self.may_match(term)),
            Term::Or(terms) => terms.iter().any(|term| self.may_match(term)),
            Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), .. } => {
                // An alias of YAML (`tags: *a`) may be anything.
                let is_alias = self.head.as_ref().is_some_and(|head| head.contains("tags: *"));
                matches(term) || is_alias || tag::Lookalikes::new([tag::key(name)]).glued_in(&self.tags).is_some()
            }
            Term::Field { key, value: Value::Text { folded, .. }, .. } if self.head.is_some() && key != "kind" => {
                matches(term) || has(folded)
            }
            Term::Has { .. } | Term::Field { .. } | Term::Tag { .. } => matches(term) || self.head.is_some(),
            Term::Not(_) | Term::Path { .. } | Term::Word { .. } => matches(term),
        }
    }
}
