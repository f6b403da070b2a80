//! Workspace symbols: people by the whole query language, ranked as `find` ranks them. Beside each name stands what it was found
//! by, for editors compare what is typed with what they are given once more.

use super::find;
use super::markup::shortened;
use crate::contact::document::{Document, values};
use crate::contact::{fields, tag};
use crate::text::{Span, fold, pinyin};
use crate::vault::query::{Query, TagPattern, Term, Value, compile};
use crate::vault::search::{self, Options};
use crate::vault::{FileId, Vault};

/// So many pieces stand beside a name at most.
const PIECES: usize = 4;

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Whose file.
    pub file: FileId,
    /// The alias.
    pub name: String,
    /// Where that is written.
    pub span: Span,
    /// What they were found by, and what tells them from others: `王小明 · Panda Lighting · #lead`.
    pub container: String,
}

/// The best answers to what is typed; the first by alias where nothing is. A query that cannot be understood, or that names what
/// nobody knows, has none: a half-typed `-#do-not-contact` must not show everybody. [`Vault::prepare_search`] must have been called.
pub fn symbols(vault: &Vault, text: &str, limit: usize) -> Vec<Symbol> {
    let text = text.trim();
    if text.is_empty() {
        return search::names(vault, "", limit).0.into_iter().map(|id| symbol(vault, id, &[], "")).collect();
    }
    let query = Query::parse(text).ok();
    if query.as_ref().is_some_and(|query| !compile(query, vault).1.is_empty()) {
        return Vec::new();
    }
    let ask = |bodies| find::find(vault, text, Options { bodies, limit }).map(|(found, _)| found).unwrap_or_default();
    // Bodies are asked only where names and details leave room: every key asks anew.
    let mut found = ask(false);
    if found.len() < limit {
        found = ask(true);
    }
    let sought = query.as_ref().map(sought).unwrap_or_else(|| text.split_whitespace().map(Sought::word).collect());
    found.into_iter().map(|found| symbol(vault, found.file, &sought, text)).collect()
}

/// Something that was asked for, and that may tell why somebody was found.
enum Sought {
    Word { written: String, folded: String },
    Tag(String),
    Field { key: String, folded: String },
    Has(String),
}

impl Sought {
    fn word(written: &str) -> Self {
        let bare = written.trim_matches('"');
        Sought::Word { written: bare.to_owned(), folded: fold::search_key(bare).into_owned() }
    }
}

/// What a query asks for; what it asks not to be there explains nothing.
fn sought(query: &Query) -> Vec<Sought> {
    let mut found = Vec::new();
    let mut open = vec![&query.root];
    while let Some(term) = open.pop() {
        match term {
            Term::And(terms) | Term::Or(terms) => open.extend(terms.iter().rev()),
            Term::Word { value: Value::Text { text, .. }, .. } => found.push(Sought::word(text)),
            Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), .. } => {
                found.push(Sought::Tag(tag::key(name).into_owned()));
            }
            Term::Field { key, value: Value::Text { folded, .. }, .. } => {
                found.push(Sought::Field { key: key.clone(), folded: folded.clone() });
            }
            Term::Field { key, .. } => found.push(Sought::Field { key: key.clone(), folded: String::new() }),
            Term::Has { key, missing: false, .. } => found.push(Sought::Has(key.clone())),
            _ => {}
        }
    }
    found
}

fn symbol(vault: &Vault, id: FileId, sought: &[Sought], typed: &str) -> Symbol {
    let file = vault.file(id);
    let document = file.document();
    let name = file.alias().to_owned();
    let folded = fold::search_key(&name).into_owned();
    let mut pieces: Vec<String> = Vec::new();
    let mut add = |piece: String| {
        if !piece.is_empty() && pieces.len() < PIECES && !pieces.contains(&piece) {
            pieces.push(piece);
        }
    };
    for one in sought {
        if let Some(piece) = reason(one, &document, &folded) {
            add(piece);
        }
    }
    // What was typed as one name may be spread over several pieces: the whole of it helps whoever compares letters.
    if pieces.is_empty() || typed.is_empty() {
        let tells = document.values_of("aliases").first().map(|value| value.text).or_else(|| document.text_of("org"));
        pieces.push(shortened(tells.unwrap_or(file.path().as_str()), 60));
    } else if let Some(org) = document.text_of("org").map(|org| shortened(org, 60)).filter(|org| !pieces.contains(org)) {
        pieces.push(org);
    }
    Symbol { file: id, name, span: document.name_span(), container: pieces.join(" · ") }
}

/// What of this file answers to something that was asked for, where its alias does not show it.
fn reason(sought: &Sought, document: &Document<'_>, alias: &str) -> Option<String> {
    match sought {
        Sought::Tag(key) => {
            let own = document.tags_with_keys().into_iter().find(|(own, _)| tag::is_at_or_below(own, key));
            own.map(|(_, value)| format!("#{}", value.text))
        }
        Sought::Has(key) => document.values_of(key).first().map(|value| format!("{key}: {}", shortened(value.text, 60))),
        Sought::Field { key, folded } => {
            let values = document.values_of(key);
            let fitting = values.iter().find(|value| fold::contains_folded(value.text, folded)).or(values.first());
            fitting.map(|value| format!("{key}: {}", shortened(value.text, 60)))
        }
        Sought::Word { folded, .. } if alias.contains(folded.as_str()) => None,
        Sought::Word { written, folded } => word(document, written, folded),
    }
}

fn word(document: &Document<'_>, written: &str, folded: &str) -> Option<String> {
    let names = document.other_names();
    if let Some(name) = names.iter().find(|name| fold::contains_folded(name, folded)) {
        return Some(shortened(name, 60));
    }
    let own = document.alias().into_iter().chain(names);
    let letters = pinyin::letters(written);
    let sounds =
        |name: &str| pinyin::has_han(name) && pinyin::Spelling::new(name, document.text_of("phonetic")).fit(&letters).is_some();
    if let Some(name) = own.into_iter().find(|name| !letters.is_empty() && sounds(name)) {
        // The letters themselves: no name that is written in characters has them.
        return Some(if document.alias() == Some(name) {
            written.to_owned()
        } else {
            format!("{written} ({})", shortened(name, 60))
        });
    }
    let digits = fold::digits(written);
    for entry in &document.head.entries {
        let is_number = matches!(entry.key.as_ref(), "phones" | "whatsapp" | "signal") && digits.len() >= 3;
        for value in values(&entry.value) {
            if fold::contains_folded(value.text, folded) {
                let mark =
                    if fields::find(&entry.key).is_some_and(|field| field.kind == fields::FieldKind::Tags) { "#" } else { "" };
                return Some(format!("{mark}{}", shortened(value.text, 60)));
            }
            if is_number && fold::digits(value.text).contains(&digits) {
                // As it is written there, and as it was typed.
                return Some(format!("{} ({written})", shortened(value.text, 60)));
            }
        }
    }
    // In the text, or only its letters in order.
    Some(around(document.body_text(), folded).unwrap_or_else(|| written.to_owned()))
}

/// The line of a body that holds a word, cut to what stands near it.
fn around(body: &str, folded: &str) -> Option<String> {
    let line = body.lines().find(|line| fold::contains_folded(line, folded))?;
    if line.chars().count() <= 60 {
        return Some(shortened(line.trim(), 60));
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = folded.split_whitespace().next().unwrap_or(folded);
    let at = words.iter().position(|word| fold::contains_folded(word, first)).unwrap_or(0);
    Some(shortened(&words[at.saturating_sub(3)..].join(" "), 60))
}
