//! Inside a query: tags, keys, values in use, and the words of the language.

use std::collections::HashSet;

use super::{About, Completion, Item, ItemKind, LIMIT, filter, raw, tags};
use crate::contact::cursor::Written;
use crate::contact::fields::FIELDS;
use crate::contact::{QueryPlace, tag};
use crate::features::Here;
use crate::text::Span;

/// The words of the language.
const WORDS: &[(&str, &str)] = &[
    ("OR", "either side"),
    ("NOT", "not what follows"),
    ("has:", "the field is there"),
    ("missing:", "the field is not there"),
    ("path:", "files whose path fits"),
    ("body:", "what stands below the front matter"),
    ("any:", "anything in the file"),
    ("kind:", "contact, broadcast or note"),
];

/// What could stand at the cursor.
pub fn complete(here: &Here<'_>, offset: usize, span: Span, place: QueryPlace) -> Completion {
    let written = Written::new(here.text(), span, place);
    let at = written.offset(offset);
    let part = Part::at(&written.text, at);
    let mut found = candidates(here, &part);
    found.truncate(LIMIT);
    let end = at + part.rest;
    let items = found.into_iter().map(|candidate| {
        let (span, new, begun) = match place {
            QueryPlace::Bare => {
                // Unquoted, YAML takes `#lead` for a comment: the whole query goes into quotes.
                let whole = format!("{}{}{}", &written.text[..part.start], candidate.term, &written.text[end..]);
                (span, format!("\"{}\"", escaped(&whole, QueryPlace::Quoted('"'))), raw(here, span, offset))
            }
            _ => {
                let span = written.span(Span::new(part.start, end));
                (span, escaped(&candidate.term, place), raw(here, span, offset))
            }
        };
        let cursor = matches!(place, QueryPlace::Bare).then(|| new.len() - 1);
        let filter = filter(begun, begun, &candidate.term);
        Item {
            label: candidate.term,
            detail: candidate.detail,
            kind: candidate.kind,
            span,
            new,
            cursor,
            filter,
            about: candidate.about,
        }
    });
    Completion { items: items.collect(), is_incomplete: true }
}

/// A term as it stands in its quotes.
fn escaped(text: &str, place: QueryPlace) -> String {
    match place {
        QueryPlace::Quoted('"') => text.replace('\\', "\\\\").replace('"', "\\\""),
        QueryPlace::Quoted(_) => text.replace('\'', "''"),
        _ => text.to_owned(),
    }
}

struct Candidate {
    term: String,
    detail: String,
    kind: ItemKind,
    about: About,
}

/// The term that is being typed.
struct Part<'q> {
    /// Where it begins, `-` left out.
    start: usize,
    /// What is typed of it.
    typed: &'q str,
    /// How much of it stands behind the cursor.
    rest: usize,
}

impl<'q> Part<'q> {
    fn at(text: &'q str, at: usize) -> Self {
        let before = &text[..at];
        let mut start = 0;
        let mut quoted = false;
        for (place, c) in before.char_indices() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | ')' | '|' | '&' => start = place + 1,
                c if c.is_whitespace() => start = place + c.len_utf8(),
                '-' | '!' if place == start => start = place + 1,
                _ => {}
            }
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"');
        let behind = &text[at..];
        let rest = if quoted { behind.find('"').map_or(0, |quote| quote + 1) } else { behind.find(ends).unwrap_or(behind.len()) };
        Self { start, typed: &text[start..at], rest }
    }
}

fn candidates(here: &Here<'_>, part: &Part<'_>) -> Vec<Candidate> {
    let typed = part.typed;
    for prefix in ["#", "tag:=", "tag:"] {
        if let Some(name) = typed.strip_prefix(prefix) {
            return of_tags(here, name.trim_start_matches('"'), prefix);
        }
    }
    for prefix in ["has:", "missing:"] {
        if let Some(key) = typed.strip_prefix(prefix) {
            return keys(here, key).map(|(key, detail)| field(format!("{prefix}{key}"), detail)).collect();
        }
    }
    if let Some(kind) = typed.strip_prefix("kind:") {
        let kinds = ["contact", "broadcast", "note"].into_iter().filter(|name| name.starts_with(kind));
        return kinds.map(|name| field(format!("kind:{name}"), String::new())).collect();
    }
    if typed.contains(':') {
        return Vec::new();
    }
    let mut found = of_tags(here, typed, "#");
    found.truncate(LIMIT / 2);
    let words = WORDS.iter().filter(|(word, _)| word.to_lowercase().starts_with(&typed.to_lowercase()));
    found.extend(words.map(|(word, meaning)| Candidate {
        term: (*word).to_owned(),
        detail: (*meaning).to_owned(),
        kind: ItemKind::Operator,
        about: About::Nothing,
    }));
    found.extend(keys(here, typed).map(|(key, detail)| field(format!("{key}:"), detail)));
    found
}

fn field(term: String, detail: String) -> Candidate {
    Candidate { term, detail, kind: ItemKind::Key, about: About::Nothing }
}

fn of_tags(here: &Here<'_>, typed: &str, prefix: &str) -> Vec<Candidate> {
    let fitting = tags::fitting(here.vault, typed, &HashSet::new(), &|_| true);
    let candidate = |fit: tags::Fitting<'_>| {
        let term = tag::as_term(fit.shown);
        let term = if prefix == "#" { term } else { format!("{prefix}{}", &term[1..]) };
        Candidate { term, detail: tags::detail(&fit), kind: ItemKind::Tag, about: About::Tag(fit.shown.to_owned()) }
    };
    fitting.into_iter().map(candidate).collect()
}

fn keys<'h>(here: &'h Here<'_>, typed: &str) -> impl Iterator<Item = (String, String)> + 'h {
    let typed = typed.to_owned();
    let known = FIELDS.iter().map(|field| (field.key.to_owned(), field.meaning.to_owned()));
    let own = here.vault.own_keys().map(|key| (key.to_owned(), "a key of your own".to_owned()));
    known.chain(own).filter(move |(key, _)| key.starts_with(&typed))
}
