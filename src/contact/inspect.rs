//! What is wrong with one file, as far as the file alone tells: broken YAML, misspelt keys, values that cannot be what they are
//! meant to be. What needs the rest of the vault is found on floor 4.

use super::address::{email_fault, phone_fault};
use super::document::{Document, FieldValue, Kind};
use super::doubtful::hidden_word;
use super::fields::{self, FieldKind};
use super::opt_out::nested_opt_out;
use super::problem::{Code, Fix, Problem};
use super::{broadcast, keys, mend, naming, tag};
use crate::text::yaml::{Entry, Node, Style, Value, quote};
use crate::text::{Edit, Span, lines};

/// Everything wrong with this document alone, in the order of the text.
pub fn inspect(document: &Document<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    head_faults(document, &mut problems);
    conflict_marks(document, &mut problems);
    keys::keys(document, &mut problems);
    problems.extend(broadcast::unknown_keys(document));
    misplaced(document, &mut problems);
    alias(document, &mut problems);
    for entry in &document.head.entries {
        misread(document, entry, &mut problems);
        values(document, entry, &mut problems);
    }
    if let Some(at) = memchr::memchr(0, document.text.as_bytes()) {
        let message = "a NUL byte: this is not plain text";
        let zeros = memchr::memchr_iter(0, document.text.as_bytes()).map(|at| Edit::delete(at, at + 1)).collect();
        let problem = Problem::new(Code::FileUnreadable, Span::new(at, at + 1), message);
        problems.push(problem.with_fix("remove the NUL bytes", zeros));
    }
    // Inside a merge conflict everything is there twice: the conflict is the one thing to mend.
    if let Some(conflict) = problems.iter().find(|problem| problem.code == Code::MergeConflict).map(|problem| problem.span) {
        let inside = |span: Span| conflict.start <= span.start && span.end <= conflict.end;
        problems.retain(|problem| problem.code == Code::MergeConflict || !inside(problem.span));
    }
    // What YAML cannot read is told once: what is wrong with the value that was read in its place has the same cause.
    let faults: Vec<Span> = document.head.faults.iter().map(|fault| fault.span).collect();
    let is_inside = |span: Span| faults.iter().any(|fault| fault.start <= span.start && span.end <= fault.end);
    let of_text = |code: Code| matches!(code, Code::YamlSyntax | Code::MergeConflict | Code::FileUnreadable);
    problems.retain(|problem| of_text(problem.code) || !is_inside(problem.span));
    problems.sort_by_key(|problem| (problem.span.start, problem.code));
    problems
}

fn head_faults(document: &Document<'_>, problems: &mut Vec<Problem>) {
    for fault in &document.head.faults {
        if fault.message.starts_with("git left") {
            continue;
        }
        let mut problem = Problem::new(Code::YamlSyntax, fault.span, fault.message.clone());
        if let Some(edit) = &fault.fix {
            problem = problem.with_optional_fix(Some(Fix::of_edit(document.text, edit.clone())));
        }
        problems.push(problem);
    }
    if document.fences.present && !document.fences.closed {
        let end = document.fences.head.end();
        let newline = lines::newline_of(document.text);
        let gap = if document.text[..end].ends_with(['\n', '\r']) { "" } else { newline };
        let start = document.fences.head.start().saturating_sub(4);
        let start = document.text[start..].find("---").map_or(start, |at| start + at);
        let problem =
            Problem::new(Code::YamlSyntax, Span::new(start, start + 3), "the front matter has no end: close it with `---`");
        problems.push(problem.with_fix("add the closing `---`", vec![Edit::insert(end, format!("{gap}---{newline}"))]));
    }
}

/// Front matter out of its place, or a second one: what it says counts for nothing, and looks as if it did.
fn misplaced(document: &Document<'_>, problems: &mut Vec<Problem>) {
    if let Some(block) = document.second_document() {
        let start = lines::line_start(document.text, block.start().saturating_sub(1));
        let message = "a second front matter follows the first: only the first is read; join the two";
        problems.push(Problem::new(Code::YamlSyntax, Span::new(start, lines::line_end(document.text, start)), message));
    }
    let Some(misplaced) = document.misplaced_head() else { return };
    let bare = misplaced.opener.of(document.text).trim();
    let line = Span::new(lines::line_start(document.text, misplaced.opener.end()), misplaced.opener.end());
    if misplaced.is_toml {
        let message = "this front matter is TOML: guanxi reads YAML between `---`";
        problems.push(Problem::new(Code::YamlSyntax, line, message));
        return;
    }
    let message = match bare {
        "---" => "front matter begins on the first line: nothing may stand before its `---`",
        _ => "front matter begins with a line `---` and nothing else on it",
    };
    let problem = Problem::new(Code::YamlSyntax, line, message);
    let title = "move the front matter to the top".to_owned();
    problems.push(problem.with_optional_fix(document.in_place(&misplaced).map(|edits| Fix { title, edits })));
}

/// Conflict marks of git, in the head or the body. Three different marks at the margin are needed: `=======` alone is a heading.
fn conflict_marks(document: &Document<'_>, problems: &mut Vec<Problem>) {
    let text = document.text;
    let begin = find_line(text, 0, "<<<<<<<");
    let middle = begin.and_then(|begin| find_line(text, begin, "======="));
    if let (Some(begin), Some(end)) = (begin, middle.and_then(|middle| find_line(text, middle, ">>>>>>>"))) {
        let span = Span::new(begin, lines::line_end(text, end));
        problems.push(Problem::new(
            Code::MergeConflict,
            span,
            "git left a merge conflict here: keep one side and remove the marks",
        ));
    } else if document.kind == Kind::Broadcast
        && let Some(mark) = begin.or_else(|| find_line(text, 0, ">>>>>>>"))
    {
        // A message goes out as it stands.
        let span = Span::new(mark, lines::line_end(text, mark));
        problems.push(Problem::new(Code::MergeConflict, span, "half of a merge conflict: remove what git left"));
    }
}

fn find_line(text: &str, from: usize, mark: &str) -> Option<usize> {
    let found = memchr::memmem::find_iter(&text.as_bytes()[from..], mark.as_bytes()).map(|at| from + at);
    found.into_iter().find(|&at| {
        let at_margin = at == 0 || matches!(text.as_bytes()[at - 1], b'\n' | b'\r');
        at_margin && matches!(text.as_bytes().get(at + 7), None | Some(b' ' | b'\n' | b'\r'))
    })
}

fn alias(document: &Document<'_>, problems: &mut Vec<Problem>) {
    match document.kind {
        Kind::Contact if document.alias().is_none() => {
            let Some(entry) = document.entry("alias") else { return };
            let message = match entry.value.value {
                Value::List(..) | Value::Map(..) => "`alias` is one name: other names go to `aliases`",
                _ => "this contact has no alias: write the name you know them by",
            };
            let span = if entry.value.span.is_empty() { entry.key_span } else { entry.value.span };
            problems.push(Problem::new(Code::AliasMissing, span, message).with_optional_fix(alias_fix(document)));
        }
        Kind::Note => {
            let reachable = document.head.entries.iter().find(|entry| {
                // A place has an address too, and a project a page.
                let field = fields::find(fields::meant(&entry.key));
                field.is_some_and(|field| {
                    field.kind == FieldKind::Handle
                        || matches!(field.key, "emails" | "phones")
                        || (field.key == entry.key && field.key == "addresses")
                }) && !entry.value.is_null()
            });
            if let Some(entry) = reachable {
                let message = format!("this has `{}` but no `alias`, so it is no contact: add `alias:`", entry.key);
                let problem = Problem::new(Code::AliasMissing, entry.key_span, message);
                problems.push(problem.with_optional_fix(alias_fix(document)));
            }
        }
        _ => {}
    }
}

/// The alias that the file itself tells.
fn alias_fix(document: &Document<'_>) -> Option<Fix> {
    let alias = naming::aliases(document).into_iter().next()?;
    let edits = naming::set_alias(document, &alias)?;
    Some(Fix { title: format!("set alias to `{alias}`"), edits })
}

/// Right YAML that says something else than a person sees in it.
fn misread(document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>) {
    if !super::document_key_is_text(document, &entry.key) {
        return;
    }
    let text = document.text;
    match &entry.value.value {
        Value::Empty => {
            if document.commented_out(entry) {
                let message = "everything after `#` is a comment: without it, this opts out of nothing";
                let start = entry.value.span.start();
                let line = &text[start..lines::line_end(text, start)];
                let bare = line.trim_start_matches([' ', '\t', '#']);
                let hidden = Span::new(start + (line.len() - line.trim_start().len()), start + line.len() - bare.len());
                let problem = Problem::new(Code::YamlSyntax, entry.key_span, message);
                problems.push(problem.with_fix("remove the `#`", vec![Edit::replace(hidden, "")]));
            }
            if let Some(comment) = document.hidden_word(&entry.value) {
                let code = if matches!(entry.key.as_ref(), "to" | "exclude") { Code::QueryUnquoted } else { Code::YamlSyntax };
                let message = "YAML reads this as a comment: put it in quotes";
                let problem = Problem::new(code, comment, message);
                problems.push(match hidden_tags(comment.of(text)).filter(|_| entry.key == "tags") {
                    Some(tags) => problem.with_fix("convert `tags` to a list", vec![Edit::replace(comment, tags)]),
                    None => {
                        let edit = Edit::replace(comment, quote::double(comment.of(text)));
                        problem.with_optional_fix(Some(Fix::of_edit(text, edit)))
                    }
                });
            }
        }
        Value::List(items, _) => {
            for item in items {
                nested(document, entry, item, problems);
            }
        }
        _ => {}
    }
    for comment in document.hidden_items(entry) {
        if problems.iter().any(|problem| problem.span == comment) {
            continue;
        }
        problems.push(if matches!(entry.key.as_ref(), "to" | "exclude") && document.kind == Kind::Broadcast {
            hidden_in_query(entry, comment, text)
        } else {
            hidden_item(entry, comment, text)
        });
    }
    if let Some(span) = nested_opt_out(&entry.value).filter(|_| document.kind == Kind::Contact) {
        let message = format!("`{}` counts, but belongs at the beginning of a line, not under `{}`", span.of(text), entry.key);
        problems.push(Problem::new(Code::KeyUnknown, span, message));
    }
}

/// `to: lead #new-york`: what is behind the `#` takes nobody away.
fn hidden_in_query(entry: &Entry<'_>, comment: Span, text: &str) -> Problem {
    let message = "YAML reads this as a comment: put the whole query in quotes";
    let problem = Problem::new(Code::QueryUnquoted, comment, message);
    let Value::Scalar(query, Style::Plain | Style::Single | Style::Double) = &entry.value.value else { return problem };
    let whole = Span::new(entry.value.span.start(), comment.end());
    let edit = Edit::replace(whole, quote::double(&format!("{query} {}", comment.of(text))));
    problem.with_fix("quote the whole query", vec![edit])
}

/// `#lead #vip` behind `tags:`, as other programs write tags: the list that is meant.
fn hidden_tags(written: &str) -> Option<String> {
    let words = written.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let named = |word: &str| word.strip_prefix('#').filter(|name| tag::fault(name).is_none()).map(str::to_owned);
    let tags: Vec<String> = words.map(named).collect::<Option<_>>()?;
    let items: Vec<String> = tags.iter().map(|tag| quote::write(tag, Style::Plain, quote::Place::Flow)).collect();
    Some(format!("[{}]", items.join(", ")))
}

/// An item of a list that is a comment to YAML.
fn hidden_item(entry: &Entry<'_>, comment: Span, text: &str) -> Problem {
    let written = comment.of(text);
    let bare = written.trim_start_matches('#');
    if written.contains([' ', '\t', ',']) {
        let message = "`#` begins a comment in YAML: write this into the list, or put a space after the `#`";
        return Problem::new(if entry.key == "tags" { Code::TagInvalid } else { Code::YamlSyntax }, comment, message);
    }
    let (code, message, new) = if entry.key == "tags" {
        let message = format!("`#` begins a comment in YAML: write the tag without it, `{bare}`");
        (Code::TagInvalid, message, bare.to_owned())
    } else {
        (Code::YamlSyntax, "YAML reads this as a comment: put it in quotes".to_owned(), quote::double(written))
    };
    let problem = Problem::new(code, comment, message);
    // Behind an item that no comma ends, the word would become a part of that.
    let is_apart = text[..comment.start()].trim_end().ends_with(['-', ',', '[']);
    problem.with_optional_fix(is_apart.then(|| Fix::of_edit(text, Edit::replace(comment, new))))
}

fn nested(document: &Document<'_>, entry: &Entry<'_>, item: &Node<'_>, problems: &mut Vec<Problem>) {
    let text = document.text;
    match &item.value {
        Value::Empty => {
            let line = Span::new(item.span.start().min(text.len()), lines::line_end(text, item.span.start().min(text.len())));
            let line_start = lines::line_start(text, line.start());
            let dashed = text[line_start..line.end()].find('-').map_or(line, |dash| Span::new(line_start + dash + 1, line.end()));
            if let Some(comment) = hidden_word(text, dashed) {
                problems.push(hidden_item(entry, comment, text));
            }
        }
        Value::List(..) if entry.value.span.of(text).starts_with("[[") && entry.value.span.of(text).ends_with("]]") => {
            let span = entry.value.span;
            let problem = Problem::new(Code::YamlSyntax, span, "YAML reads `[[…]]` as a list in a list: put the link in quotes");
            let edit = Edit::replace(span, quote::double(span.of(text)));
            problems.push(problem.with_optional_fix(Some(Fix::of_edit(text, edit))));
        }
        _ => {}
    }
}

fn values(document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>) {
    if document.kind == Kind::Broadcast && entry.key != "tags" {
        return;
    }
    let Some(field) = fields::find(&entry.key) else { return };
    match field.kind {
        FieldKind::Tags => tags(document, entry, problems),
        FieldKind::Labelled if field.key == "emails" => {
            each(document, entry, problems, (Code::EmailInvalid, email_fault, mend::emails));
        }
        FieldKind::Labelled if field.key == "phones" => {
            each(document, entry, problems, (Code::PhoneInvalid, phone_fault, mend::phones));
        }
        FieldKind::Text if document.kind == Kind::Contact && field.key != "alias" => one_text(document, entry, problems),
        FieldKind::Date => each(document, entry, problems, (Code::DateInvalid, date_fault, one_date)),
        FieldKind::OptOut => {
            if entry.value.is_null() && !document.commented_out(entry) && document.hidden_word(&entry.value).is_none() {
                let message = "`opt_out` has no value and counts as `true`: write `true`, `false` or a list of channels";
                problems.push(Problem::new(Code::YamlSyntax, entry.key_span, message).as_warning());
            }
            if let Value::Map(..) = entry.value.value {
                let problem = Problem::new(Code::YamlSyntax, entry.value.span, "`opt_out` is true, or a list of channels");
                let fix = mend::list_of_keys(document.text, entry)
                    .map(|edits| Fix { title: format!("convert `{}` to a list", document.written(entry)), edits });
                problems.push(problem.with_optional_fix(fix));
            }
        }
        _ => {}
    }
}

/// A field that holds one text, and has a list or a map. `[[Li]]` has a problem of its own.
fn one_text(document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>) {
    let items = entry.value.items();
    let is_link = matches!(items, [item] if matches!(item.value, Value::List(..)));
    if is_link || !matches!(entry.value.value, Value::List(..) | Value::Map(..)) {
        return;
    }
    let written = entry.value.span.of(document.text);
    let span = Span::new(entry.value.span.start(), entry.value.span.start() + written.trim_end().len());
    let only = items.first().and_then(Node::text).filter(|_| items.len() == 1 && written.starts_with('['));
    let fix = only.filter(|_| !items[0].alias && !written.contains(['\n', '#'])).map(|text| {
        let new = quote::write(text, Style::Plain, quote::Place::Block);
        Fix { title: format!("change to `{text}`"), edits: vec![Edit::replace(span, new)] }
    });
    let message = format!("`{}` is one text, and this is a list or a map", document.written(entry));
    problems.push(Problem::new(Code::YamlSyntax, span, message).as_warning().with_optional_fix(fix));
}

/// A kind of wrong value: its code, what is wrong with a text, and what it was most likely meant to be.
type Check = (Code, fn(&str) -> Option<String>, fn(&str) -> Vec<String>);

fn each(document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>, (code, fault, meant): Check) {
    for value in super::document::values(&entry.value) {
        if let Some(message) = fault(value.text) {
            let fix = mend::instead(document, document.written(entry), &value, &meant(value.text));
            problems.push(Problem::new(code, value.span, message).with_optional_fix(fix));
        }
    }
}

/// The day that is meant, if it can be one only.
fn one_date(text: &str) -> Vec<String> {
    Some(mend::dates(text)).filter(|days| days.len() == 1).unwrap_or_default()
}

fn tags(document: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<Problem>) {
    let text = document.text;
    if let Value::Map(..) = entry.value.value {
        let problem = Problem::new(Code::TagsNotAList, entry.value.span, "`tags` is a list: `tags: [lead, new-york]`");
        let fix = mend::list_of_keys(text, entry)
            .map(|edits| Fix { title: format!("convert `{}` to a list", document.written(entry)), edits });
        problems.push(problem.with_optional_fix(fix));
        return;
    }
    if let Some(lone) = entry.value.text().filter(|text| text.contains(tag::COMMAS) && !entry.value.is_null()) {
        let items: Vec<String> = tag::in_item(lone).map(|tag| quote::write(tag, Style::Plain, quote::Place::Flow)).collect();
        let problem = Problem::new(Code::TagsNotAList, entry.value.span, "`tags` is a list: put brackets around it").as_warning();
        let fix = vec![Edit::replace(entry.value.span, format!("[{}]", items.join(", ")))];
        problems.push(problem.with_fix(format!("convert `{}` to a list", document.written(entry)), fix));
        if tag::in_item(lone).all(tag::is_readable) {
            return;
        }
    }
    for item in entry.value.items() {
        let fault = match &item.value {
            Value::Scalar(tag, _) => tag::fault(tag.trim()),
            Value::Empty => None,
            _ => Some("a tag is one word or a few, not a list or a map"),
        };
        let Some(message) = fault else { continue };
        let problem = Problem::new(Code::TagInvalid, item.span, message);
        // What can be read without doubt counts: a comma parts two tags, an invisible character is none.
        let is_read =
            item.text().is_some_and(|text| tag::in_item(text).all(tag::is_readable) && tag::in_item(text).next().is_some());
        let problem = if is_read { problem.as_warning() } else { problem };
        problems.push(problem.with_optional_fix(tag_fix(document, item)));
    }
}

/// A tag that may be one, in the place of one that may not. What says nothing at all goes.
fn tag_fix(document: &Document<'_>, item: &Node<'_>) -> Option<Fix> {
    let written = match &item.value {
        Value::Scalar(tag, _) => tag.as_ref(),
        // `- lead:` is a map with one key.
        Value::Map(entries, _) if entries.len() == 1 && entries[0].value.is_null() => entries[0].key.as_ref(),
        _ => return None,
    };
    let meant = mend::tags(written);
    if meant.is_empty() && written.chars().all(|c| c.is_whitespace() || c == '#') {
        return mend::without(document, "tags", written);
    }
    let value = FieldValue { label: None, text: written.trim(), span: item.span };
    mend::instead(document, "tags", &value, &meant)
}

/// `1988-04-02` or `--04-02`, and a day that exists.
fn date_fault(text: &str) -> Option<String> {
    if crate::contact::date::parse(text).is_some() {
        return None;
    }
    Some(format!("`{text}` is not a date: write it as 1988-04-02, or --04-02 without the year"))
}
