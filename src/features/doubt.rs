//! Doubt: whom exclusions keep out, whose tags may hide an excluded one, and who would match if their file could be read.

use roaring::RoaringBitmap;

use super::audience;
use super::list::{AskError, matching};
use super::recipients::Refused;
use crate::contact::config::{self, Config};
use crate::contact::document::{is_tags, values};
use crate::contact::{Document, Kind, fields, tag};
use crate::text::{Span, fold};
use crate::vault::query::{Query, QueryError, TagPattern, Term, Value, compile};
use crate::vault::{FileId, Vault};

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
    named: tag::Lookalikes,
    /// Those of exclusions alone.
    excluding: Vec<Pattern>,
    excluding_named: tag::Lookalikes,
    patterns: Vec<Pattern>,
    queries: Vec<Query>,
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

impl Exclusion {
    /// What keeps people out of a broadcast to `query`, whose own exclusion is `own`.
    pub(super) fn new(vault: &Vault, query: &Query, own: Option<&Query>) -> Result<Self, Refused> {
        let mut queries = Vec::new();
        if let Some((text, _)) = &vault.config().exclude {
            queries.push(Query::parse_strict(text).map_err(Refused::Exclude)?);
        }
        queries.extend(own.cloned());
        // Written with a minus, an exclusion would keep out everybody but those whom it names.
        if let Some(Term::Not(_)) = queries.iter().map(|query| &query.root).find(|root| matches!(root, Term::Not(_))) {
            let message = "an exclusion leaves out what it matches: remove the minus";
            return Err(Refused::Exclude(QueryError::new(Span::default(), message, "`#do-not-contact`")));
        }
        let mut exclusion = Exclusion::default();
        for (number, query) in queries.iter().enumerate() {
            let is_own = own.is_some() && number + 1 == queries.len();
            exclusion.excluded |= matching(vault, query).map_err(|error| match error {
                AskError::Syntax(error) => Refused::Exclude(error),
                AskError::Unknown(names) if is_own => Refused::Query(AskError::Unknown(names)),
                AskError::Unknown(names) => Refused::ExcludeUnknown(names),
            })?;
            exclusion.name_tags(vault, &query.root, true);
        }
        exclusion.queries = queries;
        exclusion.named = tag::Lookalikes::new(exclusion.patterns.iter().map(|pattern| &pattern.key));
        exclusion.may_have_said_no = exclusion.doubtful(vault);
        exclusion.excluding = exclusion.patterns.clone();
        exclusion.excluding_named = exclusion.named.clone();
        exclusion.name_tags(vault, &query.root, false);
        exclusion.named = tag::Lookalikes::new(exclusion.patterns.iter().map(|pattern| &pattern.key));
        exclusion.in_doubt = exclusion.doubtful(vault);
        Ok(exclusion)
    }

    /// The tags of a term that keep people out: in an exclusion those that match, elsewhere those under a `-`.
    fn name_tags(&mut self, vault: &Vault, term: &Term, keeps_out: bool) {
        match term {
            Term::And(terms) | Term::Or(terms) => terms.iter().for_each(|term| self.name_tags(vault, term, keeps_out)),
            Term::Not(inner) => self.name_tags(vault, inner, !keeps_out),
            Term::Tag { pattern, .. } if keeps_out => match pattern {
                TagPattern::Nested(name) => self.patterns.push(Pattern { key: tag::key(name).into_owned(), nests: true }),
                TagPattern::Exact(name) => self.patterns.push(Pattern { key: tag::key(name).into_owned(), nests: false }),
                TagPattern::Matching(expression) => {
                    let matched = vault.tags().iter().filter(|view| expression.regex.is_match(view.key()));
                    self.patterns.extend(matched.map(|view| Pattern { key: view.key().to_owned(), nests: false }));
                }
            },
            _ => {}
        }
    }

    /// Is this one of the tags that keep people out, or below one?
    fn keeps_out(&self, key: &str) -> bool {
        self.patterns
            .iter()
            .any(|pattern| if pattern.nests { tag::is_at_or_below(key, &pattern.key) } else { key == pattern.key })
    }

    /// Which excluded tag this one may be. What the vocabulary lists is beyond doubt, and so is what is below a tag that is excluded
    /// alone (`tag:=event`).
    fn hidden_in(&self, vault: &Vault, key: &str) -> Option<&str> {
        let is_known = vault.tags().get(key).is_some_and(|view| view.is_known());
        let is_below = || self.patterns.iter().any(|pattern| !pattern.nests && tag::is_at_or_below(key, &pattern.key));
        if is_known || self.keeps_out(key) || is_below() {
            return None;
        }
        self.named.hidden_in(key)
    }

    fn doubtful(&self, vault: &Vault) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        if self.named.is_empty() {
            return found;
        }
        for view in vault.tags().iter().filter(|view| self.hidden_in(vault, view.key()).is_some()) {
            view.add_carriers(&mut found);
        }
        found - &self.excluded
    }

    /// The tag of this contact that is in doubt, as it is written, and the excluded one that it may be.
    pub(super) fn doubt_of(&self, vault: &Vault, id: FileId) -> Option<(String, String)> {
        let mut tags = vault.tags_of(id);
        tags.find_map(|(view, spelling)| {
            let hidden = self.hidden_in(vault, view.key())?;
            let shown = vault.tags().get(hidden).map_or(hidden, |view| vault.shown(view));
            Some((spelling.to_owned(), shown.to_owned()))
        })
    }

    /// Does a file that is no contact of the vault have an excluded tag, or one that may be it?
    pub(super) fn hits(&self, document: &Document<'_>) -> bool {
        let is_tags = |key: &str| is_tags(key) || fields::near_miss(key) == Some("tags");
        let entries = document.head.entries.iter().filter(|entry| is_tags(&entry.key));
        let values: Vec<_> = entries.flat_map(|entry| values(&entry.value)).collect();
        let mut texts = values.iter().flat_map(|value| tag::in_item(value.text));
        texts.any(|text| {
            let key = tag::key(text);
            self.excluding.iter().any(|pattern| pattern.holds(&key)) || self.excluding_named.hidden_in(text).is_some()
        })
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
            let query = config.exclude.as_ref().map(|(text, _)| Query::parse_strict(text));
            let is_plain = settings.path().file_name() == config::FILE && !config.faulty;
            match query {
                None if is_plain => {}
                Some(Ok(query)) if is_plain => found.extend(compile(&query, beside).0.run(beside).iter().filter(inside)),
                // Nobody knows whom those settings keep out.
                _ => found.extend(beside.files().map(|(id, _)| id).filter(inside)),
            }
        }
        found
    }
}

/// Who is left out today because the tag keeps people out and one of theirs may be it, or because they have it in a file that is not
/// rewritten: notes with misplaced front matter. Renaming the tag would let them in.
pub(super) fn held_by_name(vault: &Vault, name: &str) -> Vec<String> {
    let key = tag::key(name).into_owned();
    let mut exclusion = exclusion_of_all(vault);
    if !exclusion.keeps_out(&key) {
        return Vec::new();
    }
    exclusion.patterns = vec![Pattern { key, nests: true }];
    exclusion.named = tag::Lookalikes::new(exclusion.patterns.iter().map(|pattern| &pattern.key));
    (exclusion.excluding, exclusion.excluding_named) = (exclusion.patterns.clone(), exclusion.named.clone());
    let doubtful = exclusion.doubtful(vault).iter().map(|id| vault.file(id).alias().to_owned()).collect::<Vec<_>>();
    let strays =
        vault.strays().iter().filter(|&id| vault.file(id).document().as_meant().is_some_and(|meant| exclusion.hits(&meant)));
    doubtful.into_iter().chain(strays.map(|id| vault.file(id).alias().to_owned())).collect()
}

/// The tag that keeps people out of some broadcast and that this new one could be taken for, as it is shown.
pub(super) fn excluded_near(vault: &Vault, tag: &str) -> Option<String> {
    let exclusion = exclusion_of_all(vault);
    let hidden = exclusion.hidden_in(vault, &tag::key(tag))?;
    Some(vault.tags().get(hidden).map_or(hidden, |view| vault.shown(view)).to_owned())
}

/// The tags that keep people out of any broadcast of the vault.
fn exclusion_of_all(vault: &Vault) -> Exclusion {
    let mut exclusion = Exclusion::default();
    if let Some(query) = vault.config().exclude.as_ref().and_then(|(text, _)| Query::parse(text).ok()) {
        exclusion.name_tags(vault, &query.root, true);
    }
    for id in vault.asking().iter().filter(|&id| vault.file(id).kind() == Kind::Broadcast) {
        let document = vault.file(id).document();
        if let Ok(query) = audience::query(&document) {
            exclusion.name_tags(vault, &query.root, false);
        }
        if let Ok(Some(query)) = audience::exclusion(&document) {
            exclusion.name_tags(vault, &query.root, true);
        }
    }
    exclusion.named = tag::Lookalikes::new(exclusion.patterns.iter().map(|pattern| &pattern.key));
    exclusion
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
