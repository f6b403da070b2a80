//! Inlay hints: behind each tag, how many carry it. A misspelt tag shows itself by a lonely number.

use rustc_hash::FxHashMap;

use super::Here;
use super::tags::carried;
use crate::contact::document::values;
use crate::contact::{Config, Kind, tag};
use crate::text::Span;
use crate::text::yaml::Value;
use crate::vault::{TagView, Vault};

/// A remark inside a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that it stands before.
    pub offset: usize,
    /// What it says: a number.
    pub label: String,
    /// The same in words, and what the tag means.
    pub tooltip: String,
}

/// The hints of a stretch of a text, in its order.
pub fn hints(here: &Here<'_>, range: Span) -> Vec<Hint> {
    let mut known: FxHashMap<String, Option<(String, String)>> = FxHashMap::default();
    let mut found: Vec<Hint> = Vec::new();
    for Place { name, end, mention } in places(here, range) {
        let key = tag::key(&name).into_owned();
        let said = known.entry(key).or_insert_with_key(|key| said(here.vault, key));
        let unheard = (!mention).then(|| ("0".to_owned(), "no contact has it".to_owned()));
        // A `#word` in prose that is no tag of anybody may be no tag at all.
        if let Some((label, tooltip)) = said.clone().or(unheard) {
            found.push(Hint { offset: end, label, tooltip });
        }
    }
    found.sort_by_key(|hint| hint.offset);
    found
}

/// A tag that is written somewhere.
struct Place {
    name: String,
    end: usize,
    mention: bool,
}

fn places(here: &Here<'_>, range: Span) -> Vec<Place> {
    let document = &here.document;
    let shown = |span: Span| range.start() <= span.end() && span.start() <= range.end();
    let mut found = Vec::new();
    let mut take = |name: &str, span: Span, mention: bool| {
        if shown(span) {
            found.push(Place { name: name.to_owned(), end: span.end(), mention });
        }
    };
    if document.kind == Kind::Config {
        for known in Config::parse(document.text).0.known {
            take(&known.tag, known.span, false);
        }
        return found;
    }
    document.tags().iter().for_each(|value| take(value.text, value.span, false));
    if let Some(entry) = document.entry("to").filter(|entry| matches!(entry.value.value, Value::List(..))) {
        let tags = values(&entry.value).into_iter().filter(|value| value.label.is_none() && tag::fault(value.text).is_none());
        tags.for_each(|value| take(value.text, value.span, false));
    }
    if shown(document.fences.body) {
        document.body().mentions.iter().for_each(|mention| take(&mention.tag, mention.span, true));
    }
    found
}

/// The number and its words; `None` where neither a contact nor the vocabulary has the tag.
fn said(vault: &Vault, key: &str) -> Option<(String, String)> {
    if !vault.tags().exists(key) {
        return None;
    }
    let view = vault.tags().get(key);
    let count = view.map_or(0, TagView::count);
    let total = if vault.tags().at_or_below(key).all(|below| below.key() == key) {
        count
    } else {
        vault.tags().carriers_at_or_below(key).len()
    };
    let words = if total == 0 { "no contact has it yet".to_owned() } else { carried(count, total) };
    let meaning = view.and_then(TagView::meaning).map(|meaning| format!("\n{}", super::markup::shortened(meaning, 280)));
    Some((total.to_string(), words + &meaning.unwrap_or_default()))
}
