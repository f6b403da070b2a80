//! Laws: the scanner reads what the full parser reads; an edit changes what was asked and nothing else, whatever the file.

use std::collections::HashSet;

use guanxi::text::yaml::edit::{ItemChange, Source, Wish, plan};
use guanxi::text::yaml::{self, Entry, Node, Value};
use guanxi::text::{Span, edit, fences};
use proptest::prelude::*;

/// Pieces that heads are made of: the plain, the quoted, the odd, and what breaks.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "tags:",
        "alias:",
        "key: value",
        "org: Panda & Co",
        " ",
        "  ",
        "\n",
        "\r\n",
        "- ",
        "-",
        "- item",
        "  - item",
        "    - a: b",
        "[",
        "]",
        ", ",
        ",",
        "[a, b]",
        "[]",
        "[ a ]",
        "\"",
        "'",
        "\"q\"",
        "'s'",
        "''",
        "\\",
        "#",
        " # comment",
        "#tag",
        ":",
        ": ",
        "{",
        "}",
        "{a: b}",
        "&a ",
        "*a",
        "!!str ",
        "|",
        ">",
        "|\n  text\n",
        "@x",
        "`",
        "%",
        "? ",
        "---",
        "...",
        "\t",
        "王小明",
        "🌻",
        "\u{a0}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "~",
        "null",
        "+1 212 555 0147",
        "https://a.example/b?c=d#e",
        "a:b",
        "--04-02",
        "1.10",
        "x",
        "lead",
        "new york",
        "=",
        "<<",
        "-x",
        "\0",
        "\u{7f}",
        "é",
    ];
    prop::sample::select(PIECES).prop_map(str::to_owned)
}

fn messy() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

/// Lines that are mostly right.
fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(&["alias", "tags", "org", "phones", "my-key", "_x", "Title"][..]);
    let value = prop_oneof![
        Just(String::new()),
        "[a-z]{1,6}( [a-z]{1,4})?",
        Just("'it is'".to_owned()),
        Just("\"a, b\"".to_owned()),
        Just("[lead, 'new york', \"x\"]".to_owned()),
        Just("[lead , b]  # here".to_owned()),
        Just("value # comment".to_owned()),
        Just("http://x.example:80/y".to_owned()),
        Just("\n- a\n- b".to_owned()),
        Just("\n  - work: +1 212\n  - b".to_owned()),
        Just(" # nothing\n  - a".to_owned()),
        messy(),
    ];
    (key, prop_oneof![Just(": "), Just(":"), Just(":  ")], value).prop_map(|(key, colon, value)| format!("{key}{colon}{value}"))
}

fn head() -> impl Strategy<Value = String> {
    let ending = prop_oneof![4 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\n\n"), 1 => Just("\n# c\n")];
    prop_oneof![
        3 => prop::collection::vec((line(), ending), 0..6).prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect::<String>()),
        1 => messy(),
    ]
}

fn strict(entries: &[Entry<'_>]) -> Vec<String> {
    entries.iter().map(|entry| format!("{entry:?}")).collect()
}

/// Numbers, dates and truth values are texts to us.
fn is_same(theirs: &serde_yaml::Value, own: &Node<'_>) -> bool {
    use serde_yaml::Value as Theirs;
    match (theirs, &own.value) {
        (Theirs::String(text), Value::Scalar(own, _)) => text == own,
        (Theirs::Null, Value::Empty | Value::Scalar(..)) | (Theirs::Bool(_) | Theirs::Number(_), Value::Scalar(..)) => true,
        (Theirs::Sequence(items), Value::List(own, _)) => {
            items.len() == own.len() && items.iter().zip(own).all(|(theirs, own)| is_same(theirs, own))
        }
        (Theirs::Mapping(entries), Value::Map(own, _)) => {
            entries.len() == own.len() && entries.iter().zip(own).all(|((_, theirs), own)| is_same(theirs, &own.value))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(crate::law(3000))]

    #[test]
    fn the_scanner_reads_what_the_full_parser_reads(text in head()) {
        let whole = Span::new(0, text.len());
        if let Some(scanned) = yaml::scan_only(&text, whole) {
            let full = yaml::parse_fully(&text, whole);
            prop_assert!(full.faults.is_empty(), "{:?} is plain to the scanner, but: {:?}", text, full.faults);
            prop_assert_eq!(strict(&scanned), strict(&full.entries), "{:?}", text);
        }
    }

    /// Another library reads the same: an edit from one such head to another needs no second opinion.
    #[test]
    fn another_reader_reads_what_the_scanner_reads(text in head()) {
        let entries = yaml::scan_only(&text, Span::new(0, text.len())).unwrap_or_default();
        let keys: HashSet<&str> = entries.iter().map(|entry| entry.key.as_ref()).collect();
        // A key that is there twice is a fault to every reader.
        if !entries.is_empty() && keys.len() == entries.len() {
            let theirs: serde_yaml::Mapping = serde_yaml::from_str(&text).map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
            prop_assert_eq!(theirs.len(), entries.len(), "{:?}", text);
            for (entry, (key, value)) in entries.iter().zip(&theirs) {
                prop_assert!(key.as_str().is_none_or(|key| key == entry.key), "{:?}", text);
                prop_assert!(is_same(value, &entry.value), "{:?}: {:?}, {:?}", text, value, entry.value);
            }
        }
    }

    #[test]
    fn reading_never_panics_and_spans_fit(text in head()) {
        let parsed = yaml::parse(&text, Span::new(0, text.len()));
        for entry in &parsed.entries {
            prop_assert!(text.get(entry.key_span.range()).is_some());
            prop_assert!(text.get(entry.value.span.range()).is_some());
        }
        for fault in &parsed.faults {
            prop_assert!(text.get(fault.span.range()).is_some());
        }
    }
}

/// A file around a head.
fn file() -> impl Strategy<Value = String> {
    let body = prop_oneof![Just(""), Just("Hello #tag\n"), Just("\nText without end"), Just("---\nmore\n")];
    let bom = prop_oneof![4 => Just(""), 1 => Just("\u{feff}")];
    let close = prop_oneof![6 => Just("---\n"), 2 => Just("...\n"), 1 => Just("---")];
    (bom, head(), close, body, any::<bool>()).prop_map(|(bom, head, close, body, crlf)| {
        let head = if head.is_empty() || head.ends_with('\n') { head } else { head + "\n" };
        let body = if close.ends_with('\n') { body } else { "" };
        let text = format!("{bom}---\n{head}{close}{body}");
        if crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
    })
}

fn tag() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        Just("new york".to_owned()),
        Just("王".to_owned()),
        Just("2024".to_owned()),
        Just("null".to_owned()),
        Just("a: b".to_owned()),
        Just("event/x".to_owned()),
        Just("it's".to_owned()),
        Just("[x]".to_owned())
    ]
}

/// An item of a list, as people and programs write it, and as nobody should.
fn item() -> impl Strategy<Value = String> {
    let pieces = [
        "lead",
        "new york",
        "'b c'",
        "\"d\"",
        "!!str e",
        "!!str",
        "!!str ",
        "&b f",
        "&b",
        "*a",
        "!foo g",
        "!foo",
        "~",
        "",
        "h\u{2028}i",
        "j\u{85}k",
        "\"l\\u2029m\"",
        "[n]",
        "{o: p}",
        "work: q",
        "r # s",
        "# t",
        "2024",
        "!!int 5",
        "|-",
        "t:u",
        "a, b",
    ];
    prop::sample::select(pieces.to_vec()).prop_map(str::to_owned)
}

/// What every entry says, by another reader of YAML: texts only.
fn by_another_reader(text: &str) -> Option<Vec<(String, String)>> {
    let head = fences::find(text).head.of(text);
    if head.contains(['&', '*', '!', '{', '?', '|', '>', '\u{feff}', '\u{85}', '\u{2028}']) || head.contains("<<") {
        return None;
    }
    let value: serde_yaml::Mapping = serde_yaml::from_str(head).ok()?;
    Some(value.into_iter().map(|(key, value)| (format!("{key:?}"), format!("{value:?}"))).collect())
}

fn tags_of(text: &str) -> Option<Vec<String>> {
    let head = yaml::parse(text, fences::find(text).head);
    head.get("tags").map(|entry| entry.value.items().iter().map(|item| item.text().unwrap_or("<no text>").to_owned()).collect())
}

proptest! {
    #![proptest_config(crate::law(3000))]

    /// Add: the tag is there, everything else says what it said, to us and to another reader; the body keeps its bytes.
    /// Remove what was added: where a list had stood, the first bytes come back.
    #[test]
    fn adding_changes_what_was_asked_and_nothing_else(text in file(), tag in tag()) {
        let add = [tag.clone()];
        let wish = Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &add };
        let Ok(edits) = plan(&text, Source::FrontMatter, &["alias", "tags", "org"], &wish) else { return Ok(()) };
        let added = edit::apply(&text, &edits);
        let mut expected = tags_of(&text).unwrap_or_default();
        expected.push(tag.clone());
        prop_assert_eq!(tags_of(&added), Some(expected), "{:?} became {:?}", text, added);
        let (before, after) = (fences::find(&text), fences::find(&added));
        prop_assert_eq!(before.body.of(&text).trim_start(), after.body.of(&added).trim_start());
        if let (Some(before), Some(after)) = (by_another_reader(&text), by_another_reader(&added)) {
            let others = |all: &[(String, String)]| all.iter().filter(|(key, _)| !key.contains("\"tags\"")).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(&before), others(&after), "{:?} became {:?}", text, added);
        }
        // Every byte that was there is still there, in order: adding only inserts, or turns one scalar into a list.
        let removed: usize = edits.iter().map(|edit| edit.span.len()).sum();
        if removed == 0 {
            let mut rest = added.chars();
            prop_assert!(text.chars().all(|c| rest.any(|other| other == c)));
        }

        let last = std::cell::Cell::new(tags_of(&added).unwrap().iter().filter(|own| **own == tag).count());
        if last.get() > 1 {
            return Ok(());
        }
        let drop = |own: &str| if own == tag { ItemChange::Drop } else { ItemChange::Keep };
        let edits = plan(&added, Source::FrontMatter, &[], &Wish::List { path: &["tags"], change: &drop, add: &[] });
        let Ok(edits) = edits else { return Ok(()) };
        let removed = edit::apply(&added, &edits);
        let head = yaml::parse(&text, fences::find(&text).head);
        let was_list = head.get("tags").is_some_and(|entry| matches!(&entry.value.value, yaml::Value::List(..)) && !entry.value.alias);
        if was_list {
            prop_assert_eq!(removed, text, "by way of {:?}", added);
        }
    }

    /// What another reader of YAML finds after a tag was added: the tags from before and the new one, whatever the items look like.
    /// Where it could read the file before, it can read it afterwards.
    #[test]
    fn another_reader_finds_the_tags_from_before_and_the_new_one(items in prop::collection::vec(item(), 0..5), layout in 0..4, tag in tag()) {
        let list = match layout {
            0 => format!("[{}]", items.join(", ")),
            1 => format!("[ {} ]", items.join(" ,")),
            2 => items.iter().map(|item| format!("\n  - {item}")).collect(),
            _ => items.concat(),
        };
        let text = format!("---\nalias: W\nx: &a lead\ntags: {list}\norg: P # firm\n---\nHello\n");
        let read = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(fences::find(text).head.of(text)).ok();
        let add = [tag.clone()];
        let wish = Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &add };
        let Ok(edits) = plan(&text, Source::FrontMatter, &["alias", "tags", "org"], &wish) else { return Ok(()) };
        let Some(before) = read(&text) else { return Ok(()) };
        let added = edit::apply(&text, &edits);
        let Some(after) = read(&added) else { panic!("{text:?} became {added:?}") };
        let mut expected = match &before["tags"] {
            serde_yaml::Value::Sequence(items) => items.clone(),
            serde_yaml::Value::Null => Vec::new(),
            lone if lone.as_str().is_some_and(|text| text.trim().is_empty()) => Vec::new(),
            lone => vec![lone.clone()],
        };
        expected.push(serde_yaml::Value::String(tag));
        // A lone number goes into the list as the text that it is here.
        let texts = |items: &[serde_yaml::Value]| items.iter().map(|item| item.as_i64().map_or_else(|| format!("{item:?}"), |number| format!("{:?}", serde_yaml::Value::String(number.to_string())))).collect::<Vec<_>>();
        let found = after["tags"].as_sequence().cloned().unwrap_or_default();
        prop_assert_eq!(texts(&found), texts(&expected), "{:?} became {:?}", text, added);
        for key in ["alias", "x", "org"] {
            prop_assert_eq!(&before[key], &after[key], "{:?} became {:?}", text, added);
        }
    }

    #[test]
    fn removing_and_renaming_say_what_was_asked(text in file(), new in tag()) {
        let Some(before) = tags_of(&text).filter(|tags| !tags.is_empty()) else { return Ok(()) };
        let target = before[before.len() / 2].clone();
        // An item without text is nobody's to remove.
        if target == "<no text>" {
            return Ok(());
        }
        let drop = |own: &str| if own == target { ItemChange::Drop } else { ItemChange::Keep };
        if let Ok(edits) = plan(&text, Source::FrontMatter, &[], &Wish::List { path: &["tags"], change: &drop, add: &[] }) {
            let result = edit::apply(&text, &edits);
            let expected: Vec<String> = before.iter().filter(|own| **own != target).cloned().collect();
            prop_assert_eq!(tags_of(&result), Some(expected), "{:?} became {:?}", text, result);
            // Comments are nobody's to delete.
            prop_assert_eq!(text.matches("# comment").count(), result.matches("# comment").count(), "{:?} became {:?}", text, result);
        }
        let replace = |own: &str| if own == target { ItemChange::Replace(new.clone()) } else { ItemChange::Keep };
        if let Ok(edits) = plan(&text, Source::FrontMatter, &[], &Wish::List { path: &["tags"], change: &replace, add: &[] }) {
            let result = edit::apply(&text, &edits);
            let expected: Vec<String> = before.iter().map(|own| if *own == target { new.clone() } else { own.clone() }).collect();
            prop_assert_eq!(tags_of(&result), Some(expected), "{:?} became {:?}", text, result);
        }
    }

    #[test]
    fn setting_says_what_was_set(text in file(), value in "\\PC{0,12}|.{0,6}") {
        let value = value.trim();
        let Ok(edits) = plan(&text, Source::FrontMatter, &["alias", "tags", "org"], &Wish::Set { path: &["org"], value }) else { return Ok(()) };
        let result = edit::apply(&text, &edits);
        let head = yaml::parse(&result, fences::find(&result).head);
        let found = head.get("org").and_then(|entry| entry.value.text().map(str::to_owned));
        prop_assert!(found.as_deref() == Some(value), "{:?} became {:?}", text, result);
    }
}
