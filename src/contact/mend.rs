//! What a wrong value was most likely meant to be: a date in another order, a mail address with something around it, two tags in
//! one. Only what leaves no doubt; where two readings are possible, both are told and nobody chooses for the person.

use super::document::{Document, FieldValue};
use super::problem::Fix;
use super::{date, email_fault, fields, phone_fault, tag};
use crate::text::yaml::edit::{ItemChange, Source, Wish, plan};
use crate::text::yaml::{Entry, Layout, Node, Style, Value, quote};
use crate::text::{Edit, Span, edit, fold, invisible, lines};

/// Only in heads up to this length (bytes) is a mend planned and tried: a person's is a tenth of it, and a file full of faults must
/// not cost its length for each of them.
const LONGEST_HEAD: usize = 8 * 1024;

fn is_long(document: &Document<'_>) -> bool {
    document.fences.head.len() > LONGEST_HEAD
}

/// The mail addresses that were meant: `mailto:w@x.example`, `Wang <w@x.example>`, `w@x.example.` and two in one.
pub fn emails(written: &str) -> Vec<String> {
    let parts = written.split([',', ';', '，', '；']).map(str::trim).filter(|part| !part.is_empty());
    let mended: Option<Vec<String>> = parts.map(email).collect();
    mended.unwrap_or_default()
}

fn email(written: &str) -> Option<String> {
    let inner = written.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(written, |(inner, _)| inner);
    // How people hide an address from machines: `wang at panda dot example`.
    let spoken = [(" at ", "@"), ("(at)", "@"), ("[at]", "@"), (" dot ", "."), ("(dot)", "."), ("[dot]", ".")];
    let inner = spoken.iter().fold(inner.to_owned(), |text, (word, sign)| text.replace(word, sign));
    let mut text: String = invisible::taken_out(&inner).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    text = text.replace('＠', "@").replace(['．', '。'], ".");
    let folded = text.to_ascii_lowercase();
    let start = ["mailto:", "email:", "e-mail:", "mail:"].into_iter().find(|begin| folded.starts_with(begin)).map_or(0, str::len);
    let bare = text[start..].trim_matches(['.', ',', ';', ':', '<', '>', '(', ')', '"', '\'', '/']);
    email_fault(bare).is_none().then(|| bare.to_owned())
}

/// The phone numbers that were meant: `Tel. 212 555 0147`, full-width digits, two in one.
pub fn phones(written: &str) -> Vec<String> {
    let narrow: String = written.chars().map(narrowed).collect();
    let parts = narrow.split([',', ';', '、', '/', '|']).map(str::trim).filter(|part| !part.is_empty());
    let mended: Option<Vec<String>> = parts.map(phone).collect();
    let found = mended.unwrap_or_default();
    // A short piece is an extension or another ending of the same number: that is for a person to write out.
    let whole = found.len() == 1 || found.iter().all(|number| fold::digits(number).len() >= 7);
    if whole { found } else { Vec::new() }
}

fn phone(written: &str) -> Option<String> {
    let folded = written.to_ascii_lowercase();
    let words = ["telephone", "telefon", "phone", "mobile", "cell", "tel", "fon", "ph", "mob", "电话", "手机"];
    let start = words.into_iter().find(|word| folded.starts_with(word)).map_or(0, str::len);
    let bare = written.get(start..)?.trim_start_matches(['.', ':', ' ', '#', '=']);
    let number: String = bare.chars().map(|c| if matches!(c, '·' | '•' | '_' | '\u{a0}') { ' ' } else { c }).collect();
    let number = number.trim().trim_end_matches(['.', ':']).to_owned();
    phone_fault(&number).is_none().then_some(number)
}

/// Full-width digits and signs as everybody else writes them.
fn narrowed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

/// The days that may be meant, as `1988-04-02`: none, one, or two where day and month could stand either way round.
pub fn dates(written: &str) -> Vec<String> {
    let narrow: String = written.trim().chars().map(narrowed).collect();
    let mut found: Vec<String> = Vec::new();
    for candidate in date_candidates(&narrow) {
        if date::parse(&candidate).is_some() && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found
}

fn date_candidates(text: &str) -> Vec<String> {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let day = |year: Option<&str>, month: &str, day: &str| {
        let year = year.map_or_else(|| "-".to_owned(), |year| format!("{year:0>4}"));
        format!("{year}-{month:0>2}-{day:0>2}")
    };
    let dotted = text.contains('.') && !text.contains(['/', '-']);
    if letters.is_empty() || letters.chars().all(|c| matches!(c, '年' | '月' | '日' | '号')) {
        return match numbers.as_slice() {
            [whole] if whole.len() == 8 => vec![day(Some(&whole[..4]), &whole[4..6], &whole[6..])],
            [year, month, own] if year.len() == 4 => vec![day(Some(year), month, own)],
            // With dots the day comes first, wherever people write so.
            [own, month, year] if year.len() == 4 && dotted => vec![day(Some(year), month, own)],
            [a, b, year] if year.len() == 4 => vec![day(Some(year), a, b), day(Some(year), b, a)],
            [month, own] if letters.contains('月') || text.starts_with("--") => vec![day(None, month, own)],
            [own, month] if dotted && own.len() < 3 => vec![day(None, month, own)],
            [a, b] if a.len() < 3 && b.len() < 3 => vec![day(None, a, b), day(None, b, a)],
            _ => Vec::new(),
        };
    }
    let ending = ["th", "st", "nd", "rd", "of"]
        .into_iter()
        .find_map(|ending| letters.strip_prefix(ending).or(letters.strip_suffix(ending)));
    let Some(month) = month_of(&letters).or_else(|| ending.and_then(month_of)) else { return Vec::new() };
    let month = month.to_string();
    match numbers.as_slice() {
        [own] if own.len() < 3 => vec![day(None, &month, own)],
        [own, year] if own.len() < 3 && year.len() == 4 => vec![day(Some(year), &month, own)],
        [year, own] if own.len() < 3 && year.len() == 4 => vec![day(Some(year), &month, own)],
        _ => Vec::new(),
    }
}

/// 1 to 12, for an English name of a month or its beginning.
fn month_of(letters: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let letters = if letters == "sept" { "sep" } else { letters };
    MONTHS.iter().position(|month| letters.len() >= 3 && month.starts_with(letters)).map(|at| at + 1)
}

/// The tags that were meant: without `#`, without what cannot be seen, two where a comma stands between.
pub fn tags(written: &str) -> Vec<String> {
    let visible: String = invisible::taken_out(written).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let visible = visible.replace('＃', "#").replace(" #", ",#");
    let mended = visible.split(tag::COMMAS).map(|part| {
        let bare = part.trim().trim_start_matches('#').trim();
        let segments: Vec<&str> = bare.split('/').map(str::trim).filter(|segment| !segment.is_empty()).collect();
        segments.join("/")
    });
    let found: Vec<String> = mended.filter(|tag| !tag.is_empty()).collect();
    if found.iter().any(|tag| tag::fault(tag).is_some()) { Vec::new() } else { found }
}

/// A fix that puts these in the place of one value of a list, further ones at the list's end.
pub fn instead(document: &Document<'_>, key: &str, value: &FieldValue<'_>, meant: &[String]) -> Option<Fix> {
    let title = match meant {
        [] => return None,
        [one] => format!("change to `{one}`"),
        several => format!("split into `{}`", several.join("`, `")),
    };
    if let [one] = meant {
        return Some(Fix { title, edits: vec![Edit::replace(value.span, rewritten(document.text, value.span, one))] });
    }
    if value.label.is_some() || is_long(document) {
        return None;
    }
    let change = |own: &str| {
        if own.trim() == value.text { ItemChange::Replace(meant[0].clone()) } else { ItemChange::Keep }
    };
    let wish = Wish::List { path: &[key], change: &change, add: &meant[1..] };
    let edits = document.plan(&fields::order(), &wish).ok()?;
    Some(Fix { title, edits })
}

/// A fix that writes a field under its own key. A label in the old key goes to the value.
pub fn key(document: &Document<'_>, entry: &Entry<'_>) -> Option<Fix> {
    let written = document.written(entry);
    let title = format!("Rename `{written}` to `{}`", entry.key);
    let mut edits = vec![Edit::replace(entry.key_span, entry.key.as_ref())];
    if let Some(label) = fields::label(written) {
        let (Value::Scalar(text, Style::Plain | Style::Single | Style::Double), false) = (&entry.value.value, entry.value.alias)
        else {
            return None;
        };
        let place = quote::Place::Flow;
        let pair = format!("{}: {}", quote::write(label, Style::Plain, place), quote::write(text, Style::Plain, place));
        let span =
            Span::new(entry.value.span.start(), entry.value.span.start() + entry.value.span.of(document.text).trim_end().len());
        edits.push(Edit::replace(span, format!("[{{{pair}}}]")));
    }
    Some(Fix { title, edits })
}

/// A text in the quotes of the value that it replaces.
pub fn rewritten(text: &str, span: Span, new: &str) -> String {
    let style = match span.of(text).chars().next() {
        Some('"') => Style::Double,
        Some('\'') => Style::Single,
        _ => Style::Plain,
    };
    // A colon before a blank, a comma or a bracket needs quotes in brackets only; there is no harm in them elsewhere.
    quote::write(new, style, quote::Place::Flow)
}

/// Takes a whole entry away, with its line or lines. A comment behind it goes along.
pub fn without_entry(text: &str, entry: &Entry<'_>) -> Option<Edit> {
    let start = lines::line_start(text, entry.key_span.start());
    if !text[start..entry.key_span.start()].trim_matches([' ', '\t', '\u{feff}']).is_empty() {
        return None;
    }
    let start = if text[start..].starts_with('\u{feff}') { start + 3 } else { start };
    let span = entry.value.span;
    let end =
        if entry.value.value == Value::Empty { entry.key_span.end() } else { span.start() + span.of(text).trim_end().len() };
    let end = end.max(entry.key_span.end());
    let rest = &text[end..lines::line_end(text, end)];
    let is_plain = entry.value.value == Value::Empty || rest.trim().is_empty() || rest.trim_start().starts_with('#');
    is_plain.then(|| Edit::delete(start, lines::next_line(text, end)))
}

/// A fix that takes every value that says this out of a list.
pub fn without(document: &Document<'_>, key: &str, written: &str) -> Option<Fix> {
    if is_long(document) {
        return None;
    }
    let change = |own: &str| if own == written { ItemChange::Drop } else { ItemChange::Keep };
    let wish = Wish::List { path: &[key], change: &change, add: &[] };
    let edits = document.plan(&fields::order(), &wish).ok()?;
    Some(Fix { title: "remove it".to_owned(), edits })
}

/// The one certain way to mend a key that is there twice: where both say the same, one goes; lists become one list.
pub fn duplicate(document: &Document<'_>, entries: &[Entry<'_>], first: &Entry<'_>, second: &Entry<'_>) -> Option<Fix> {
    let text = document.text;
    if is_long(document) {
        return None;
    }
    let removed = without_entry(text, second)?;
    // A comment says something about its own entry: where it would be lost, or come to stand at another, a person decides.
    let is_commented = is_below_comment(text, second) || has_comment(text, removed.span, second);
    if first.value.same(&second.value) || second.value.is_null() {
        if is_commented {
            return None;
        }
        return Some(Fix { title: "remove this one".to_owned(), edits: vec![removed] });
    }
    let is_list = fields::find(&first.key).is_some_and(|field| {
        use fields::FieldKind::{Labelled, List, Tags};
        matches!(field.kind, List | Tags | Labelled)
    });
    if !is_list || document.entries_of(&first.key).next().map(|entry| entry.key_span) != Some(first.key_span) {
        return None;
    }
    let title = "merge both into one list".to_owned();
    if let (Value::List(own, Layout::Block), Value::List(items, Layout::Block)) = (&first.value.value, &second.value.value)
        && (is_commented || items.iter().any(|item| item.text().is_none()))
    {
        let repeats = |item: &Node<'_>| item.text().is_some() && own.iter().any(|known| known.text() == item.text());
        let edits = if items.iter().any(repeats) { None } else { joined_lines(text, first, second, removed) };
        return edits.map(|edits| Fix { title, edits });
    }
    if is_commented {
        return None;
    }
    let mut known: Vec<&str> = first.value.items().iter().filter_map(Node::text).collect();
    let mut add = Vec::new();
    for item in second.value.items() {
        let text = item.text()?;
        if !known.contains(&text) {
            known.push(text);
            add.push(text.to_owned());
        }
    }
    // The text as it would be if the key were there once: what is planned there stands before all that is taken away.
    let later = entries.iter().filter(|entry| entry.key == first.key && entry.key_span != first.key_span);
    let gone: Vec<Edit> = later.map(|entry| without_entry(text, entry)).collect::<Option<_>>()?;
    let once = edit::apply(text, &gone);
    let path = [document.written(first)];
    let wish = Wish::List { path: &path, change: &|_| ItemChange::Keep, add: &add };
    let mut edits = plan(&once, Source::FrontMatter, &fields::order(), &wish).ok()?;
    let before = gone.iter().map(|edit| edit.span.start).min()?;
    if edits.iter().any(|edit| edit.span.end > before || edit.span == Span { start: before, end: before }) {
        // What is added stands right where the other begins: one edit does both.
        if gone.len() > 1 {
            return None;
        }
        return Some(Fix { title, edits: edit::between(text, &edit::apply(&once, &edits)) });
    }
    edits.push(removed);
    Some(Fix { title, edits })
}

/// Is there a comment in what is taken away with an entry, beside its items?
fn has_comment(text: &str, whole: Span, entry: &Entry<'_>) -> bool {
    let items: Vec<Span> = match &entry.value.value {
        Value::List(items, _) => items.iter().map(Node::full_span).collect(),
        _ => vec![entry.value.span],
    };
    let mut at = entry.key_span.end();
    for span in items {
        if text.get(at..span.start()).is_some_and(|between| between.contains('#')) {
            return true;
        }
        at = at.max(span.start() + span.of(text).trim_end().len());
    }
    text.get(at..whole.end()).is_some_and(|rest| rest.contains('#'))
}

/// Does a comment stand right above an entry?
fn is_below_comment(text: &str, entry: &Entry<'_>) -> bool {
    let line = lines::line_start(text, entry.key_span.start());
    let above = &text[lines::line_start(text, line.saturating_sub(1))..line];
    above.trim_start().starts_with('#')
}

/// Two lists with an item a line: the second one's lines go after the first one's, their comments with them.
fn joined_lines(text: &str, first: &Entry<'_>, second: &Entry<'_>, removed: Edit) -> Option<Vec<Edit>> {
    let indent = |entry: &Entry<'_>| {
        let line = lines::line_start(text, entry.value.span.start());
        let written = &text[line..lines::line_end(text, line)];
        written.len() - written.trim_start_matches(' ').len()
    };
    let key_line = lines::next_line(text, second.key_span.end());
    let end = first.value.span.start() + first.value.span.of(text).trim_end().len();
    let at = lines::next_line(text, end);
    let moved = text.get(key_line..removed.span.end())?;
    let ends = moved.ends_with(['\n', '\r']) && text[..at].ends_with(['\n', '\r']);
    let is_commented = text[second.key_span.end()..key_line].contains('#') || is_below_comment(text, second);
    let once =
        !is_commented && !first.value.items().is_empty() && indent(first) == indent(second) && at <= removed.span.start() && ends;
    if !once {
        return None;
    }
    if at == removed.span.start() {
        return Some(vec![Edit::delete(at, key_line)]);
    }
    Some(vec![Edit::insert(at, moved), removed])
}

/// A map where a list of words is meant: `{lead: yes, vip: true}` means both.
pub fn list_of_keys(text: &str, entry: &Entry<'_>) -> Option<Vec<Edit>> {
    let Value::Map(entries, _) = &entry.value.value else { return None };
    let says_yes = |node: &Node<'_>| {
        node.is_null()
            || node.text().is_some_and(|text| matches!(&*fold::search_key(text.trim()), "true" | "yes" | "on" | "x" | "1"))
    };
    let span = entry.value.span;
    if !entries.iter().all(|inner| says_yes(&inner.value)) || span.of(text).contains('#') {
        return None;
    }
    let items: Vec<String> =
        entries.iter().map(|inner| quote::write(inner.key.trim(), Style::Plain, quote::Place::Flow)).collect();
    let from = entry.key_span.end() + text[entry.key_span.end()..].find(':')? + 1;
    let end = span.start() + span.of(text).trim_end().len();
    let between = text.get(from..span.start())?;
    between.trim().is_empty().then(|| vec![Edit::replace(Span::new(from, end), format!(" [{}]", items.join(", ")))])
}
