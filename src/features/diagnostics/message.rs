//! Problems of the message of a broadcast: it is empty, shows what is private, or asks for what a recipient does not have.

use std::sync::OnceLock;

use regex::Regex;

use crate::contact::problem::Fix;
use crate::contact::{Code, Document, Problem, Severity, fields};
use crate::features::checklist::block;
use crate::features::markup::{counted, shortened};
use crate::features::message;
use crate::features::recipients::{Glance, recipients_except};
use crate::text::yaml::quote;
use crate::text::{Edit, Span, invisible};
use crate::vault::query::Query;
use crate::vault::{FileId, Vault};

/// What a broadcast asks: its query, and its own exclusion.
type Asked<'q> = (&'q Query, Option<&'q Query>);

/// Everything wrong with the message.
pub fn diagnose(
    vault: &Vault,
    document: &Document<'_>,
    asked: Option<Asked<'_>>,
    glance: Option<&Glance>,
    problems: &mut Vec<Problem>,
) {
    empty(document, problems);
    placeholders(vault, document, problems);
    let exact = || asked.and_then(|(query, except)| recipients_except(vault, query, except, document.text_of("via")).ok());
    // It is tried for everybody whom it may reach; only where that goes wrong it is asked exactly who they are, for that takes longer.
    let mut faults = message::check(vault, document, glance.iter().flat_map(|glance| &glance.reached));
    if asked.is_some() && faults.iter().any(|fault| fault.recipient.is_some()) {
        let exact = exact().unwrap_or_default();
        faults = message::check(vault, document, exact.chosen.iter().map(|one| one.file));
    }
    let is_readable = faults.is_empty();
    if problems.iter().any(|problem| problem.code == Code::MessageEmpty && problem.severity() == Severity::Error) {
        faults.retain(|fault| fault.code != Code::MessageEmpty);
    }
    for fault in faults {
        let fix = corrected_hole(vault, document, &fault);
        problems.push(Problem::new(fault.code, fault.span, fault.message).with_optional_fix(fix));
    }
    if let Some(glance) = glance.filter(|_| is_readable) {
        private_alias(vault, document, glance, problems);
    }
}

/// A message without text, and a mail without a subject.
fn empty(document: &Document<'_>, problems: &mut Vec<Problem>) {
    let body = document.fences.body;
    let list = block::find(document).ok().flatten().map(|list| list.whole);
    let text = match list {
        Some(list) => format!("{}{}", &document.text[body.start()..list.start()], &document.text[list.end()..body.end()]),
        None => body.of(document.text).to_owned(),
    };
    let key = document.entry("to").map_or(Span::at(0), |entry| entry.key_span);
    if text.chars().all(|c| c.is_whitespace() || invisible::is_ignorable(c)) {
        problems.push(Problem::new(Code::MessageEmpty, key, "the message has no text: write it below the front matter"));
    }
    let is_mail = document.text_of("via").is_some_and(|via| fields::of_channel(&via.trim().to_lowercase()) == "emails");
    if is_mail && document.text_of("subject").is_none() {
        let via = document.entry("via").map_or(key, |entry| entry.key_span);
        let problem = Problem::new(Code::MessageEmpty, via, "a mail without a subject: add `subject:`").as_warning();
        let fix = document.text_of("title").map(|title| Fix {
            title: format!("use the title as the subject: `{}`", shortened(title, 40)),
            edits: vec![Edit::insert(via.start(), format!("subject: {}\n", quote::double(title)))],
        });
        problems.push(problem.with_optional_fix(fix));
    }
}

/// Placeholders as other programs write them, where the word is the name of a field: they would go out as they stand.
fn placeholders(vault: &Vault, document: &Document<'_>, problems: &mut Vec<Problem>) {
    static HOLE: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = r#"<<\s*([^<>\n]{1,40}?)\s*>>|\[([^\[\]\n]{1,40})\]|\{\{\s*"([^"\n]{1,40})"\s*\}\}|\{\{\s*'([^'\n]{1,40})'\s*\}\}|\{([^{}%#\n]{1,40})\}|%([A-Za-z_ ]{1,40})%|«([^«»\n]{1,40})»|<([A-Za-z_ ]{1,30})>|\$([A-Za-z_]{1,30})\b|｛+([^｛｝\n]{1,40})｝+|#([A-Za-z_]{1,30})#|\*\|([A-Za-z_]{1,40})\|\*"#;
    let Some(pattern) = HOLE.get_or_init(|| Regex::new(pattern).ok()) else { return };
    let body = document.fences.body;
    let list = block::find(document).ok().flatten().map(|list| list.whole);
    let mut look = |start: usize, text: &str| {
        for found in pattern.captures_iter(text) {
            let (Some(whole), Some(word)) = (found.get(0), found.iter().skip(1).flatten().next()) else { continue };
            let span = Span::new(start + whole.start(), start + whole.end());
            let before = text[..whole.start()].chars().next_back();
            let after = text[whole.end()..].chars().next();
            // `{{ name }}` is ours, `[text](link)` and `[[link]]` are Markdown.
            let is_other = matches!(before, Some('{' | '[' | '!')) || matches!(after, Some('}' | ']' | '(' | ':' | '['));
            let is_listed = list.is_some_and(|list| list.start() <= span.start() && span.start() < list.end());
            let Some(field) = meant(vault, word.as_str()).filter(|_| !is_other && !is_listed) else { continue };
            let new = format!("{{{{ {field} }}}}");
            let message = format!("`{}` goes out as it stands: a field is written `{new}`", whole.as_str());
            let problem = Problem::new(Code::TemplateSyntax, span, message).as_warning();
            problems.push(problem.with_fix(format!("change to `{new}`"), vec![Edit::replace(span, new)]));
        }
    };
    look(body.start(), body.of(document.text));
    if let Some(subject) = document.entry("subject") {
        look(subject.value.span.start(), subject.value.span.of(document.text));
    }
}

/// The field that a word of a placeholder names, as a message writes it.
fn meant(vault: &Vault, word: &str) -> Option<String> {
    let bare = word.trim();
    let key = bare.to_lowercase();
    let written =
        |key: &str| match key.chars().all(|c| c.is_alphanumeric() || c == '_') && !key.starts_with(|c: char| c.is_numeric()) {
            true => key.to_owned(),
            false => format!("fields[\"{key}\"]"),
        };
    if vault.own_keys().any(|own| own == bare) {
        return Some(written(bare));
    }
    let compact: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let known = match compact.as_str() {
        "name" | "fullname" | "firstname" | "vorname" | "first" | "fname" | "givenname" | "lastname" | "lname" | "nachname" => {
            "greeting"
        }
        "company" | "organization" | "organisation" | "firma" => "org",
        "email" | "mail" => "emails",
        "phone" | "mobile" => "phones",
        other => fields::find(other).map(|field| field.key)?,
    };
    (!message::is_withheld(known)).then(|| known.to_owned())
}

/// `{{ alias }}` where somebody has a name to be called by: the alias is a private remark.
fn private_alias(vault: &Vault, document: &Document<'_>, glance: &Glance, problems: &mut Vec<Problem>) {
    let Some(span) = message::alias_hole(document) else { return };
    let has_other = |&id: &FileId| {
        let document = vault.file(id).document();
        let alias = document.alias();
        ["greeting", "name"].iter().any(|key| document.text_of(key).is_some_and(|text| Some(text) != alias))
    };
    let several: Vec<FileId> = glance.reached.iter().filter(has_other).take(MOST_LOOKED_AT).collect();
    let Some(&first) = several.first() else { return };
    let name = shortened(vault.file(first).alias(), 40);
    let others = several.len() - 1;
    let who = if others == 0 { format!("{name} has") } else { format!("{name} and {} have", counted(others, "other")) };
    let message = format!("the alias is your private remark, and {who} another name: use `greeting`");
    let problem = Problem::new(Code::AliasInMessage, span, message);
    let is_word = span.of(document.text) == "alias";
    problems.push(if is_word {
        problem.with_fix("change to `greeting`", vec![Edit::replace(span, "greeting")])
    } else {
        problem
    });
}

/// So many with another name are counted.
const MOST_LOOKED_AT: usize = 100;

/// A misspelt field as it was meant; nothing where somebody has nothing to stand there.
fn corrected_hole(vault: &Vault, document: &Document<'_>, fault: &message::Fault) -> Option<Fix> {
    let name = fault.span.of(document.text);
    match fault.code {
        Code::TemplateUnknownField => {
            let near = message::near_name(vault, name).filter(|_| message::name_fault(vault, name).is_some())?;
            Some(Fix { title: format!("change to `{near}`"), edits: vec![Edit::replace(fault.span, near)] })
        }
        // In the head, quotes have a meaning of their own.
        Code::TemplateMissingValue if fault.lacks.as_deref() == Some(name) && fault.span.start >= document.fences.body.start => {
            let edits = vec![Edit::insert(fault.span.end(), "|default(\"\")")];
            Some(Fix { title: format!("use an empty text where there is no `{name}`"), edits })
        }
        _ => None,
    }
}
