//! The vocabulary in `guanxi.yaml`: a tag more in it.

use super::FileEdits;
use crate::contact::config::{self, Config};
use crate::contact::tag;
use crate::text::yaml::{Layout, Style, Value, quote};
use crate::text::{Edit, edit, lines};
use crate::vault::Vault;

/// The edits that list a tag. The error is a message for a person.
pub fn list_tag(vault: &Vault, tag: &str) -> Result<FileEdits, String> {
    if let Some(fault) = tag::fault(tag) {
        return Err(format!("`{tag}`: {fault}"));
    }
    let file = vault.id_of(config::FILE).ok_or("this vault has no guanxi.yaml")?;
    let text = vault.file(file).text();
    let (before, problems) = Config::parse(text);
    if before.known.iter().any(|known| tag::key(&known.tag) == tag::key(tag)) {
        return Err(format!("the vocabulary lists `{tag}` already"));
    }
    let edit =
        planned(text, tag).ok_or("guanxi.yaml is written in a way that cannot be changed safely: please change it by hand")?;
    let (after, later) = Config::parse(&edit::apply(text, std::slice::from_ref(&edit)));
    // As everywhere: what is planned is tried, and says what was asked and nothing else.
    let listed: Vec<&str> = after.known.iter().map(|known| known.tag.as_str()).collect();
    let wanted: Vec<&str> = before.known.iter().map(|known| known.tag.as_str()).chain([tag]).collect();
    let spans = |config: &Config| Config { known: Vec::new(), exclude: None, ..config.clone() };
    let excludes = |config: &Config| config.exclude.as_ref().map(|(query, _)| query.clone());
    let same = spans(&before) == spans(&after) && excludes(&before) == excludes(&after);
    if listed != wanted || !same || later.len() > problems.len() {
        return Err("guanxi.yaml is written in a way that cannot be changed safely: please change it by hand".to_owned());
    }
    Ok(FileEdits { file, edits: vec![edit] })
}

fn planned(text: &str, tag: &str) -> Option<Edit> {
    let document = crate::contact::Document::parse_config(text);
    let written = quote::write(tag, Style::Plain, quote::Place::Flow);
    let newline = lines::newline_of(text);
    let below = |at: usize, lines: &str| {
        let end = lines::line_end(text, at);
        Edit::insert(end, format!("{newline}{lines}"))
    };
    let Some(tags) = document.entry("tags") else {
        let gap = if text.is_empty() || text.ends_with(['\n', '\r', '\u{feff}']) { "" } else { newline };
        let section = format!("{gap}tags:{newline}  known:{newline}    {written}:{newline}");
        return Some(Edit::insert(text.len(), section));
    };
    let Value::Map(sections, Layout::Block) = &tags.value.value else {
        let empty = tags.value.is_null() && tags.value.text().is_none();
        return empty.then(|| below(tags.key_span.end(), &format!("  known:{newline}    {written}:")));
    };
    let indent = |at: usize| " ".repeat(at - lines::line_start(text, at));
    let Some(known) = sections.iter().find(|entry| entry.key == "known") else {
        let first = sections.first()?;
        let outer = indent(first.key_span.start());
        return Some(below(tags.key_span.end(), &format!("{outer}known:{newline}{outer}{outer}{written}:")));
    };
    let end = known.value.span.start() + known.value.span.of(text).trim_end().len();
    match &known.value.value {
        Value::Empty => {
            let outer = indent(known.key_span.start());
            Some(below(known.key_span.end(), &format!("{outer}{outer}{written}:")))
        }
        Value::Map(entries, Layout::Block) => {
            Some(below(end, &format!("{}{written}:", indent(entries.first()?.key_span.start()))))
        }
        Value::List(items, Layout::Flow) => match items.last() {
            Some(last) => Some(Edit::insert(last.span.end(), format!(", {written}"))),
            None => Some(Edit::insert(known.value.span.start() + 1, written)),
        },
        Value::List(items, Layout::Block) => {
            let dash = memchr::memrchr(b'-', &text.as_bytes()[..items.first()?.span.start()])?;
            Some(below(end, &format!("{}- {written}", indent(dash))))
        }
        _ => None,
    }
}
