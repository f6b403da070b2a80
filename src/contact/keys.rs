//! What is wrong with the keys of a front matter: a field twice, a misspelt one, one under another name.

use super::document::{Document, Kind};
use super::problem::{Code, Fix, Problem, Related};
use super::{date, fields, mend};
use crate::text::Edit;
use crate::text::yaml::{Entry, Node, Value};

/// Every problem with a key, in the order of the text.
pub(super) fn keys(document: &Document<'_>, problems: &mut Vec<Problem>) {
    let entries = &document.head.entries;
    let mut seen: std::collections::HashMap<&str, &Entry<'_>> = std::collections::HashMap::new();
    for entry in entries {
        let written = document.written(entry);
        let first = seen.get(entry.key.as_ref()).copied();
        match first {
            Some(first) => problems.push(twice(document, first, entry)),
            None => {
                seen.insert(entry.key.as_ref(), entry);
            }
        }
        if document.is_renamed(entry) {
            if first.is_none() {
                let message = format!("`{written}` is read as `{}`", entry.key);
                // With another under that name, the two are to be merged first.
                let is_alone = entries.iter().filter(|other| other.key == entry.key).count() == 1;
                let fix = is_alone.then(|| mend::key(document, entry)).flatten();
                problems.push(Problem::new(Code::KeyUnknown, entry.key_span, message).with_optional_fix(fix));
            }
            continue;
        }
        if entry.key == "<<" {
            let message = "YAML's merge key is not read here: write the values out";
            problems.push(Problem::new(Code::YamlSyntax, entry.key_span, message));
        }
        if document.kind == Kind::Note && fields::near_miss(&entry.key) == Some("alias") {
            let message = format!("`{}` is not a field: is `alias` meant? Without it this file is no contact", entry.key);
            let fix = vec![Edit::replace(entry.key_span, "alias")];
            problems.push(
                Problem::new(Code::KeyUnknown, entry.key_span, message)
                    .with_fix(format!("rename `{}` to `alias`", entry.key), fix),
            );
        }
        if document.kind != Kind::Contact {
            continue;
        }
        let is_meant =
            |known: &&str| matches!(*known, "tags" | "opt_out") || (document.entry(known).is_none() && fits(known, &entry.value));
        if let Some(known) = fields::near_miss(&entry.key).filter(is_meant) {
            let message = format!("`{}` is not a field: is `{known}` meant?", entry.key);
            let title = format!("rename `{}` to `{known}`", entry.key);
            let fix = Fix { title, edits: vec![Edit::replace(entry.key_span, known)] };
            // Where the field is there already, it would be there twice.
            let fix = document.entry(known).is_none().then_some(fix);
            problems.push(Problem::new(Code::KeyUnknown, entry.key_span, message).with_optional_fix(fix));
        }
    }
}

/// Could the field hold this value? `related: [[Li]]` is no misspelt `created`: renaming it would spoil what it says.
fn fits(key: &str, value: &Node<'_>) -> bool {
    use fields::FieldKind::{Date, Handle, OptOut, Text};
    let Some(field) = fields::find(key) else { return false };
    match (field.kind, value.text()) {
        _ if value.is_null() => true,
        (Date, Some(text)) => date::parse(text.trim()).is_some() || !mend::dates(text).is_empty(),
        (Text | Handle, Some(text)) => !text.contains('\n') && !text.contains("[["),
        (Date | Text | Handle, None) => false,
        (OptOut, _) => true,
        (_, Some(text)) => !text.contains('\n'),
        (_, None) => !matches!(value.value, Value::Map(..)),
    }
}

/// A field that two entries speak of.
fn twice(document: &Document<'_>, first: &Entry<'_>, second: &Entry<'_>) -> Problem {
    let (key, written) = (&second.key, document.written(second));
    let code = if document.contradict(first, second) { Code::KeyDuplicate } else { Code::KeyUnknown };
    let message = match document.written(first) {
        other if other == written => format!("`{written}` is there twice: keep one of them"),
        other if code == Code::KeyDuplicate => {
            format!("`{other}` and `{written}` are both read as `{key}`, and differ: keep one of them")
        }
        other => format!("`{other}` and `{written}` are read together, as `{key}`"),
    };
    let related = Related { path: String::new(), span: first.key_span, message: "the first one".to_owned() };
    let problem = Problem::new(code, second.key_span, message).with_related(vec![related]);
    let problem = if code == Code::KeyUnknown { problem.as_information() } else { problem };
    problem.with_optional_fix(mend::duplicate(document, &document.head.entries, first, second))
}
