//! Appending one Markdown text to another, so that each reads as it did alone: a block that is open at the end is closed, and labels of
//! footnotes and reference links that both texts define get another name in the text that comes after.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag};

use super::markdown::options;
use super::{Edit, edit};

/// What ends an HTML block that reaches to the end of the text (CommonMark 0.31, section 4.6, conditions 1 to 5).
const HTML_ENDS: [&str; 8] = ["-->", "]]>", "?>", "</script>", "</pre>", "</style>", "</textarea>", ">"];

/// The line that ends a fenced code block or an HTML block which is still open at the end of the text; empty where none is open. `None`
/// where one is, and no line ends it.
pub fn closing_line(text: &str) -> Option<String> {
    if is_closed(text, "") {
        return Some(String::new());
    }
    let fences = Parser::new_ext(text, options()).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
            let written = &text[range];
            let fence = written.chars().next()?;
            Some(written.chars().take_while(|&c| c == fence).collect::<String>())
        }
        _ => None,
    });
    let ends = fences.last().into_iter().chain(HTML_ENDS.map(str::to_owned));
    ends.into_iter().find(|end| is_closed(text, end))
}

/// Is a paragraph that follows a paragraph, after this line?
fn is_closed(text: &str, line: &str) -> bool {
    let probe = format!("{text}\n{line}\n\n");
    let at = probe.len();
    let probe = probe + "x";
    let mut depth = 0;
    Parser::new_ext(&probe, options()).into_offset_iter().any(|(event, range)| match event {
        Event::Start(tag) => {
            depth += 1;
            depth == 1 && matches!(tag, Tag::Paragraph) && range.start == at
        }
        Event::End(_) => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

/// The text with `-suffix` behind every label that `before` defines too, and otherwise. Also says whether all these new labels are free.
pub fn relabelled(text: &str, before: &str, suffix: &str) -> (String, bool) {
    let (own, taken) = (labels(text), labels(before));
    let differs = |label: &&String| taken.get(*label).is_some_and(|defined| *defined != own[*label]);
    let changed: HashSet<&String> = own.keys().filter(differs).collect();
    if changed.is_empty() {
        return (text.to_owned(), true);
    }
    let new = |label: &&String| format!("{label}-{}", key(suffix));
    let is_free = !changed.iter().map(new).any(|new| own.contains_key(&new) || taken.contains_key(&new));
    let is_changed = |label: &str| changed.contains(&key(label));
    let mut edits: Vec<Edit> = Vec::new();
    let mut insert = |at: usize, new: String| edits.push(Edit::insert(at, new));
    // Where the label of a definition ends.
    let defined = |range: &Range<usize>| text[range.clone()].find("]:").map_or(range.end, |end| range.start + end);
    let parser = Parser::new_ext(text, options());
    for (_, definition) in parser.reference_definitions().iter().filter(|(label, _)| is_changed(label)) {
        insert(defined(&definition.span), format!("-{suffix}"));
    }
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::FootnoteReference(label) if is_changed(&note(&label)) => insert(range.end - 1, format!("-{suffix}")),
            Event::Start(Tag::FootnoteDefinition(label)) if is_changed(&note(&label)) => {
                insert(defined(&range), format!("-{suffix}"));
            }
            Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) if is_changed(&id) => {
                match link_type {
                    LinkType::Reference => insert(range.end - 1, format!("-{suffix}")),
                    // `[label][]`, whose range ends before or behind the empty brackets.
                    LinkType::Collapsed if text[range.end..].starts_with("[]") => {
                        insert(range.end + 1, format!("{id}-{suffix}"));
                    }
                    LinkType::Collapsed => insert(range.end - 1, format!("{id}-{suffix}")),
                    LinkType::Shortcut => insert(range.end, format!("[{id}-{suffix}]")),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (edit::apply(text, &edits), is_free)
}

/// The labels that a text defines, and what each stands for. Those of footnotes begin with `^`.
fn labels(text: &str) -> HashMap<String, String> {
    // Most texts define nothing, and need not be parsed.
    if !text.contains("]:") {
        return HashMap::new();
    }
    let parser = Parser::new_ext(text, options());
    let target = |dest: &str, title: Option<&str>| format!("{dest}\n{}", title.unwrap_or_default());
    let definitions = parser.reference_definitions().iter();
    let mut found: HashMap<String, String> =
        definitions.map(|(label, defined)| (key(label), target(&defined.dest, defined.title.as_deref()))).collect();
    for (event, range) in parser.into_offset_iter() {
        if let Event::Start(Tag::FootnoteDefinition(label)) = event {
            let written = text[range].split_once("]:").map_or("", |(_, rest)| rest.trim());
            found.entry(key(&note(&label))).or_insert_with(|| written.to_owned());
        }
    }
    found
}

fn note(label: &str) -> String {
    format!("^{label}")
}

/// Labels are the same whatever their case and blanks (CommonMark 0.31, section 4.7).
fn key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
