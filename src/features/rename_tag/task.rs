//! What renaming a tag does to one text: `tags:`, the vocabulary, queries, lists of tags, and mentions in running text.

use std::collections::{HashMap, HashSet};

use crate::contact::document::Document;
use crate::contact::{Config, Kind, tag};
use crate::features::places::{Source, queries};
use crate::features::rename::Planned;
use crate::text::markdown::{self, Body, Mention};
use crate::text::yaml::edit::{ItemChange, Refusal, Wish};
use crate::text::yaml::{self, Node};
use crate::text::{Edit, Span, edit};
use crate::vault::query::{Query, TagPattern, Term};

/// What is done to each text.
pub(in crate::features) struct Task {
    pub(super) old: String,
    pub(super) new: String,
    /// Is an interrupted renaming completed whose new name lies below the old one? Then what has the new name is done already.
    pub(super) completes_below: bool,
}

impl Task {
    /// The edits to one text.
    pub fn plan(&self, source: &Source) -> Result<Planned, Refusal> {
        let document = source.document();
        let mut notes = Vec::new();
        let edits = if document.kind == Kind::Config {
            self.config(&document)?
        } else {
            let mut edits = self.head(&document)?;
            if !source.head_only {
                edits.extend(self.body(&document, source, &mut notes)?);
            }
            edits
        };
        Ok(Planned::new(&source.text, edits, notes))
    }

    fn renamed(&self, tag: &str) -> Option<String> {
        if self.completes_below && tag::is_at_or_below(&tag::key(tag), &tag::key(&self.new)) {
            return None;
        }
        tag::renamed(tag, &self.old, &self.new)
    }

    fn head(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for entry in document.tag_entries() {
            edits.extend(self.list(document, &[document.written(entry)], &entry.value)?);
        }
        for key in ["to", "exclude"].into_iter().filter(|_| document.kind == Kind::Broadcast) {
            if let Some(entry) = document.entry(key) {
                edits.extend(self.query_or_list(document, &entry.value, &[key])?);
            }
        }
        Ok(edits)
    }

    fn query_or_list(&self, document: &Document<'_>, node: &Node<'_>, path: &[&str]) -> Result<Vec<Edit>, Refusal> {
        match &node.value {
            yaml::Value::List(..) => self.list(document, path, node),
            _ => self.query(document, node, path),
        }
    }

    fn config(&self, document: &Document<'_>) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        if let Some(node) = queries::setting(document, "broadcast", "exclude") {
            edits.extend(self.query_or_list(document, node, &["broadcast", "exclude"])?);
        }
        let Some(known) = queries::setting(document, "tags", "known") else { return Ok(edits) };
        let path = ["tags", "known"];
        if let yaml::Value::Map(entries, _) = &known.value {
            let changes = self.changes(entries.iter().map(|entry| entry.key.as_ref()));
            if !changes.is_empty() {
                let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
                edits.extend(document.plan(&[], &Wish::Keys { path: &path, change: &change })?);
            }
        } else if !Config::parse(document.text).0.known.is_empty() {
            edits.extend(self.list(document, &path, known)?);
        }
        Ok(edits)
    }

    /// A list of tags.
    fn list(&self, document: &Document<'_>, path: &[&str], node: &Node<'_>) -> Result<Vec<Edit>, Refusal> {
        let changes = self.changes(node.items().iter().filter_map(Node::text));
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let change = |own: &str| changes.get(own).cloned().unwrap_or(ItemChange::Keep);
        document.plan(&[], &Wish::List { path, change: &change, add: &[] })
    }

    /// What becomes of each of these tags that is renamed. One that would be there twice goes.
    fn changes<'n>(&self, names: impl Iterator<Item = &'n str>) -> HashMap<&'n str, ItemChange> {
        let (affected, stay): (Vec<_>, Vec<_>) =
            names.map(|name| (name, self.renamed_item(name))).partition(|(_, new)| new.is_some());
        let mut changes = HashMap::new();
        if affected.is_empty() {
            return changes;
        }
        let keys = |name| tag::in_item(name).map(|tag| tag::key(tag).into_owned());
        let mut kept: HashSet<String> = stay.into_iter().flat_map(|(name, _)| keys(name)).collect();
        for (name, new) in affected {
            let Some(new) = new.filter(|_| !changes.contains_key(name)) else { continue };
            let change = if kept.insert(tag::key(&new).into_owned()) { ItemChange::Replace(new) } else { ItemChange::Drop };
            changes.insert(name, change);
        }
        changes
    }

    /// What becomes of an item of a list of tags, which may name several.
    fn renamed_item(&self, item: &str) -> Option<String> {
        let tags: Vec<&str> = tag::in_item(item).collect();
        let renamed: Vec<Option<String>> = tags.iter().map(|tag| self.renamed(tag)).collect();
        let is_any = renamed.iter().any(Option::is_some);
        let new = tags.iter().zip(renamed).map(|(tag, new)| new.unwrap_or_else(|| (*tag).to_owned()));
        is_any.then(|| new.collect::<Vec<_>>().join(", "))
    }

    /// A query that is the value of a key.
    fn query(&self, document: &Document<'_>, node: &Node<'_>, path: &[&str]) -> Result<Vec<Edit>, Refusal> {
        queries::edited(document, node, path, &mut |text, whole| self.inside_query(text, whole))
    }

    /// The edits inside a query's own text. A query that cannot be understood stays as it is.
    fn inside_query(&self, text: &str, whole: Span) -> Result<Vec<Edit>, Refusal> {
        let Ok(query) = Query::parse(text.trim_end()) else { return Ok(Vec::new()) };
        let mut expected = Vec::new();
        let mut edits = Vec::new();
        for (name, name_span) in named(&query) {
            let new = self.renamed(name);
            if let Some(new) = &new {
                edits.push(Edit::replace(name_span, tag::as_term(new).trim_start_matches('#')));
            }
            expected.push(new.unwrap_or_else(|| name.to_owned()));
        }
        let after = edit::apply(text, &edits);
        let says = Query::parse(after.trim_end()).is_ok_and(|query| named(&query).map(|(name, _)| name).eq(&expected));
        if says || edits.is_empty() { Ok(edits) } else { Err(by_hand(whole)) }
    }

    fn body(&self, document: &Document<'_>, source: &Source, notes: &mut Vec<String>) -> Result<Vec<Edit>, Refusal> {
        let body = document.body();
        let mut edits = Vec::new();
        for block in &body.queries {
            let inner = self.inside_query(&block.text, block.span)?;
            edits.extend(inner.into_iter().map(|edit| Edit::replace(edit.span.shifted(block.span.start()), edit.new)));
        }
        let mentions = self.mentions(document.text, &body, &source.path.to_string(), notes);
        if !mentions.is_empty() {
            let all = [edits.as_slice(), &mentions].concat();
            if self.says_so(document, &body, &all, &mentions) {
                return Ok(all);
            }
            notes.push(format!("{}: #{} stays in the text: changing it would change more", source.path, self.old));
        }
        Ok(edits)
    }

    fn mentions(&self, text: &str, body: &Body, path: &str, notes: &mut Vec<String>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut told: Option<&str> = None;
        let mut fits: HashMap<String, bool> = HashMap::new();
        for Mention { tag, span } in &body.mentions {
            let Some(new) = self.renamed(tag) else { continue };
            // Asked once for each name: a text may mention it a million times.
            if *fits.entry(new.clone()).or_insert_with(|| fits_text(&new)) {
                let name = Span::new(span.start() + 1, span.end());
                edits.extend((name.of(text) != new).then(|| Edit::replace(name, new)));
            } else if told.replace(tag) != Some(tag) {
                notes.push(format!("{path}: #{tag} stays in the text: `{new}` cannot stand there"));
            }
        }
        edits
    }

    /// Does the text mention, after the edits, what it should, and is all else in it what it was?
    fn says_so(&self, document: &Document<'_>, before: &Body, edits: &[Edit], mentions: &[Edit]) -> bool {
        let result = edit::apply(document.text, edits);
        let after = Document::parse(&result).body();
        // Both are in the order of the text.
        let changed = |mention: &Mention| mentions.binary_search_by_key(&mention.span.end, |edit| edit.span.end).is_ok();
        let expected = before.mentions.iter().map(|mention| {
            let new = self.renamed(&mention.tag).filter(|_| changed(mention));
            new.unwrap_or_else(|| mention.tag.clone())
        });
        let links = |body: &Body| body.links.iter().map(|link| link.target.clone()).collect::<Vec<_>>();
        expected.eq(after.mentions.iter().map(|mention| mention.tag.clone()))
            && links(before) == links(&after)
            && before.queries.len() == after.queries.len()
    }
}

/// The tags that a query names, in the order of its terms.
fn named(query: &Query) -> impl Iterator<Item = (&str, Span)> {
    query.terms().into_iter().filter_map(|term| match term {
        Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), name_span, .. } => {
            Some((name.as_str(), *name_span))
        }
        _ => None,
    })
}

/// Would a reader of running text take `#name` for this tag, all of it?
fn fits_text(name: &str) -> bool {
    let text = format!("x #{name} x");
    let body = markdown::parse(&text, Span::new(0, text.len()));
    body.mentions.len() == 1 && body.mentions[0].tag == name
}

fn by_hand(span: Span) -> Refusal {
    Refusal { span, message: "this query cannot be changed safely: please change it by hand".to_owned() }
}
