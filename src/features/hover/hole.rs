//! A hole `{{ field }}` of a message: what the field is, and what stands there for the first recipient.

use crate::contact::{Kind, fields};
use crate::features::Here;
use crate::features::audience::audience;
use crate::features::markup::{Line, Page, counted};
use crate::features::message::{self, name_fault};
use crate::features::recipients::Recipients;
use crate::text::{Span, lines};
use crate::vault::Vault;

/// Words of the template language itself.
const WORDS: &[&str] = &[
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "in",
    "endfor",
    "set",
    "endset",
    "and",
    "or",
    "not",
    "is",
    "true",
    "false",
    "none",
    "loop",
    "with",
    "endwith",
    "raw",
    "endraw",
    "filter",
    "endfilter",
    "recursive",
    "macro",
    "endmacro",
    "defined",
    "undefined",
];

/// What there is to say about a name in a hole.
pub fn page(here: &Here<'_>, name: &str, filter: bool, span: Span) -> Option<Page> {
    if filter || here.document.kind != Kind::Broadcast || !is_field(here, name, span) {
        return None;
    }
    if let Some(fault) = name_fault(here.vault, name) {
        return Some(Page::new().line(Line::new().words(&fault)));
    }
    let meaning = fields::find(name).map(|field| field.meaning);
    let title = Line::new().strong(name).text(" · ").words(meaning.unwrap_or("a field of your own"));
    let page = Page::new().line(title);
    let Ok(recipients) = audience(here.vault, &here.document) else { return Some(page) };
    Some(page.line(sample(here.vault, &recipients, name)).line(missing(here.vault, &recipients, name)))
}

/// Is the name a field, and not a word of the language, a text in quotes, a number, part of another name, or a name that the
/// message itself gives?
fn is_field(here: &Here<'_>, name: &str, span: Span) -> bool {
    if WORDS.contains(&name) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let text = here.text();
    let before = &text[lines::line_start(text, span.start())..span.start()];
    let open = before.rfind("{{").max(before.rfind("{%")).map_or(0, |at| at + 2);
    let inside = &before[open..];
    let quoted = inside.matches('"').count() % 2 == 1 || inside.matches('\'').count() % 2 == 1;
    !quoted && !inside.trim_end().ends_with('.') && !is_given(here.document.body_text(), name)
}

/// `{% for phone in phones %}` and `{% set greeting = … %}` give names.
fn is_given(body: &str, name: &str) -> bool {
    body.split("{%").skip(1).any(|tag| {
        let mut words =
            tag.trim_start_matches('-').split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        matches!(words.next(), Some("for" | "set")) && words.take_while(|&word| word != "in").take(2).any(|word| word == name)
    })
}

/// What stands there for the first recipient who has it.
fn sample(vault: &Vault, recipients: &Recipients, name: &str) -> Line {
    let Some(first) = recipients.chosen.first() else { return Line::new() };
    let file = vault.file(first.file);
    let document = file.document();
    let values: Vec<&str> = match name {
        "greeting" => vec![message::greeting(&document, file.alias())],
        name => document.values_of(name).iter().map(|value| value.text).take(5).collect(),
    };
    let line = Line::new().text("for ").name(file.alias()).text(": ");
    if values.is_empty() { line.text("nothing") } else { line.value(&values.join(", ")) }
}

/// How many recipients have none. Only asked of the fields that the index knows.
fn missing(vault: &Vault, recipients: &Recipients, name: &str) -> Line {
    // Everybody is greeted somehow.
    let Some(bit) = fields::index(name).filter(|_| name != "greeting") else { return Line::new() };
    let all = recipients.chosen.len();
    let without = recipients.chosen.iter().filter(|one| vault.file(one.file).present() >> bit & 1 == 0).count();
    if without == 0 {
        return Line::new();
    }
    let have = if without == 1 { "has" } else { "have" };
    Line::new().text(&format!("{without} of {} {have} none", counted(all, "recipient")))
}
