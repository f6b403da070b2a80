//! The lossless edit, case by case: what a person's file looks like afterwards, byte by byte.

use guanxi::text::edit;
use guanxi::text::yaml::edit::{ItemChange, Source, Wish, plan};

const ORDER: &[&str] = &["alias", "name", "tags", "org", "phones"];

fn after(text: &str, wish: &Wish<'_>) -> String {
    match plan(text, Source::FrontMatter, ORDER, wish) {
        Ok(edits) => edit::apply(text, &edits),
        Err(refusal) => format!("refused: {}", refusal.message),
    }
}

fn add(text: &str, tag: &str) -> String {
    after(text, &Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &[tag.to_owned()] })
}

fn remove(text: &str, tag: &str) -> String {
    let change = |own: &str| if own == tag { ItemChange::Drop } else { ItemChange::Keep };
    after(text, &Wish::List { path: &["tags"], change: &change, add: &[] })
}

fn rename(text: &str, old: &str, new: &str) -> String {
    let change = |own: &str| if own == old { ItemChange::Replace(new.to_owned()) } else { ItemChange::Keep };
    after(text, &Wish::List { path: &["tags"], change: &change, add: &[] })
}

/// Adding `vip`, then removing it again, for every way in which people write a list.
#[test]
fn add_and_take_back() {
    let cases = [
        ("---\ntags: [lead]\n---\n", "---\ntags: [lead, vip]\n---\n"),
        ("---\ntags: []\n---\n", "---\ntags: [vip]\n---\n"),
        ("---\ntags: [ ]\n---\n", "---\ntags: [vip ]\n---\n"),
        ("---\ntags: [ lead ] # groups\n---\n", "---\ntags: [ lead, vip ] # groups\n---\n"),
        ("---\ntags:  [ a , ]\n---\n", "---\ntags:  [ a, vip , ]\n---\n"),
        ("---\ntags: [lead, ]\n---\n", "---\ntags: [lead, vip, ]\n---\n"),
        ("---\ntags: ['lead', 'new york']\n---\n", "---\ntags: ['lead', 'new york', 'vip']\n---\n"),
        ("---\n\"tags\": [\"lead\"]\n---\n", "---\n\"tags\": [\"lead\", \"vip\"]\n---\n"),
        ("---\ntags:\n- lead\nalias: W\n---\n", "---\ntags:\n- lead\n- vip\nalias: W\n---\n"),
        ("---\ntags:\n    -   lead # why\n---\n", "---\ntags:\n    -   lead # why\n    -   vip\n---\n"),
        ("---\r\ntags:\r\n  - lead\r\n---\r\n", "---\r\ntags:\r\n  - lead\r\n  - vip\r\n---\r\n"),
        ("\u{feff}---\ntags: [lead]\n---", "\u{feff}---\ntags: [lead, vip]\n---"),
        ("---\ntags: [\n  lead, # one\n  boston\n]\n...\n", "---\ntags: [\n  lead, # one\n  boston,\n  vip\n]\n...\n"),
        (
            "---\ntags: [\n  lead, # one\n  boston, # two\n]\n---\n",
            "---\ntags: [\n  lead, # one\n  boston, # two\n  vip,\n]\n---\n",
        ),
        ("---\ntags: [\n  lead # one\n]\n---\n", "---\ntags: [\n  lead, # one\n  vip\n]\n---\n"),
        ("---\ntags: [lead,\n  boston]\n---\n", "---\ntags: [lead,\n  boston, vip]\n---\n"),
        ("---\ntags: [&a lead]\nx: *a\n---\n", "---\ntags: [&a lead, vip]\nx: *a\n---\n"),
    ];
    for (text, expected) in cases {
        let added = add(text, "vip");
        assert_eq!(added, expected);
        assert_eq!(remove(&added, "vip"), text, "taking back from {added:?}");
    }
}

#[test]
fn add_where_no_list_stood() {
    let cases = [
        ("---\nalias: W\ntags:\norg: P\n---\n", "---\nalias: W\ntags: [vip]\norg: P\n---\n"),
        ("---\ntags: # none yet\n---\n", "---\ntags: [vip] # none yet\n---\n"),
        ("---\ntags: ~\n---\n", "---\ntags: [vip]\n---\n"),
        ("---\ntags: \"\"\n---\n", "---\ntags: [vip]\n---\n"),
        ("---\ntags: null # no\n---\n", "---\ntags: [vip] # no\n---\n"),
        ("---\ntags: lead # one\n---\n", "---\ntags: [lead, vip] # one\n---\n"),
        ("---\ntags: 'new york'\n---\n", "---\ntags: ['new york', 'vip']\n---\n"),
        ("---\ntags: New York, NY\n---\n", "---\ntags: [\"New York, NY\", vip]\n---\n"),
        ("---\nalias: W # him\norg: P\n---\nHello\n", "---\nalias: W # him\ntags: [vip]\norg: P\n---\nHello\n"),
        ("---\norg: P\n---\n", "---\norg: P\ntags: [vip]\n---\n"),
        ("---\n---\n", "---\ntags: [vip]\n---\n"),
        ("Hello\n", "---\ntags: [vip]\n---\n\nHello\n"),
        ("", "---\ntags: [vip]\n---\n"),
        ("Hello\r\nyou", "---\r\ntags: [vip]\r\n---\r\n\r\nHello\r\nyou"),
        ("---\nbase: &t [lead]\ntags: *t\n---\n", "---\nbase: &t [lead]\ntags: [lead, vip]\n---\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(add(text, "vip"), expected);
    }
}

#[test]
fn remove_leaves_comments_and_neighbours() {
    let cases = [
        ("---\ntags: [a, x, b]\n---\n", "---\ntags: [a, b]\n---\n"),
        ("---\ntags: [x, b]\n---\n", "---\ntags: [b]\n---\n"),
        ("---\ntags: [x]\n---\n", "---\ntags: []\n---\n"),
        ("---\ntags: x # why\n---\n", "---\ntags: [] # why\n---\n"),
        ("---\ntags:\n  - a\n  - x # since March\n  - b\n---\n", "---\ntags:\n  - a\n  # since March\n  - b\n---\n"),
        ("---\ntags:\n  - x\norg: P\n---\n", "---\ntags: []\norg: P\n---\n"),
        ("---\ntags: [\n  # the first\n  x,\n  b, # two\n]\n---\n", "---\ntags: [\n  # the first\n  b, # two\n]\n---\n"),
        ("---\ntags: [\n  a, # one\n  x # two\n]\n---\n", "---\ntags: [\n  a # one\n  # two\n]\n---\n"),
        ("---\ntags: [a,\n  x,\n  b]\n---\n", "---\ntags: [a,\n  b]\n---\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(remove(text, "x"), expected);
    }
}

#[test]
fn rename_keeps_quotes_and_quotes_what_needs_it() {
    let cases = [
        ("---\ntags: [\"x\", b]\n---\n", "y", "---\ntags: [\"y\", b]\n---\n"),
        ("---\ntags: ['x']\n---\n", "it's", "---\ntags: ['it''s']\n---\n"),
        ("---\ntags:\n- x # c\n---\n", "2024", "---\ntags:\n- \"2024\" # c\n---\n"),
        ("---\ntags: [x]\n---\n", "a: b", "---\ntags: [\"a: b\"]\n---\n"),
        ("---\ntags: x\n---\n", "trade press", "---\ntags: trade press\n---\n"),
        ("---\ntags: [x, xx, \"not x\"]\n---\n", "z", "---\ntags: [z, xx, \"not x\"]\n---\n"),
    ];
    for (text, new, expected) in cases {
        assert_eq!(rename(text, "x", new), expected);
    }
}

#[test]
fn what_cannot_be_done_safely_is_refused_and_nothing_changes() {
    let cases = [
        ("---\ntags: {a: b}\n---\n", "is a map"),
        ("---\ntags: [a]\ntags: [b]\n---\n", "there twice"),
        ("---\nalias: a: b\ntags: [a]\n---\n", "fix the front matter first"),
        ("---\nalias: W\n", "no closing"),
        ("---\ntags: &t [a]\nmore: *t\n---\n", "by hand"),
        ("---\n{alias: W}\n---\n", "by hand"),
        // An empty item that is only a tag or an anchor swallows the comma after it.
        ("---\ntags: [!!str ]\n---\n", "write what it says first"),
        ("---\ntags: [lead, !foo ]\n---\n", "write what it says first"),
        ("---\ntags: [&a , lead]\n---\n", "write what it says first"),
        ("---\ntags: !!str\n---\n", "write what it says first"),
        ("---\ntags: &a\n---\n", "by hand"),
        ("---\nx: &a\ntags: [*a]\n---\n", "write what it says first"),
        ("---\ntags:\n  - !!str\n  - lead\n---\n", "write what it says first"),
        // The ends of lines to some readers, and not to others.
        ("---\ntags: [a\u{2028}b]\n---\n", "U+2028"),
        ("---\ntags: [a] # x\u{2029}y: z\n---\n", "U+2029"),
        ("---\ntags:\n  - a\n  - b\u{85}c\n---\n", "U+0085"),
        ("---\ntags: a\u{2028}b\n---\n", "U+2028"),
    ];
    for (text, reason) in cases {
        let result = add(text, "vip");
        assert!(result.starts_with("refused") && result.contains(reason), "{text:?} gave {result:?}");
    }
}

#[test]
fn set_keeps_the_style_and_finds_the_usual_place() {
    let set = |text: &str, value: &str| after(text, &Wish::Set { path: &["org"], value });
    assert_eq!(set("---\nalias: W\norg: 'Old' # c\n---\n", "New & Co"), "---\nalias: W\norg: 'New & Co' # c\n---\n");
    assert_eq!(set("---\nalias: W\norg:\n---\n", "@home"), "---\nalias: W\norg: \"@home\"\n---\n");
    assert_eq!(set("---\nalias: W\nphones: [1]\n---\n", "No: 5"), "---\nalias: W\norg: \"No: 5\"\nphones: [1]\n---\n");
    assert_eq!(set("---\norg: |\n  Old\n  Name\nphones: [1]\n---\n", "New"), "---\norg: New\nphones: [1]\n---\n");
}

/// Tags and anchors before a text are kept, and what ends a line to some readers is written in quotes.
#[test]
fn tags_anchors_and_line_separators_that_are_certain() {
    let cases = [
        ("---\ntags: [!!str lead]\n---\n", "vip", "---\ntags: [!!str lead, vip]\n---\n"),
        ("---\ntags: [!foo \"lead\", &a b]\n---\n", "vip", "---\ntags: [!foo \"lead\", &a b, vip]\n---\n"),
        ("---\ntags:\n  - !!str lead\n---\n", "vip", "---\ntags:\n  - !!str lead\n  - vip\n---\n"),
        ("---\ntags: !foo a:b\n---\n", "vip", "---\ntags: [!foo \"a:b\", vip]\n---\n"),
        ("---\norg: a\u{2028}b\ntags: [a]\n---\n", "vip", "---\norg: a\u{2028}b\ntags: [a, vip]\n---\n"),
        ("---\ntags: [\"a\\u2028b\"]\n---\n", "vip", "---\ntags: [\"a\\u2028b\", \"vip\"]\n---\n"),
        ("---\ntags: [a]\n---\n", "x\u{2028}y", "---\ntags: [a, \"x\\u2028y\"]\n---\n"),
        ("---\ntags: [a]\n---\n", "x\u{85}y", "---\ntags: [a, \"x\\x85y\"]\n---\n"),
    ];
    for (text, tag, expected) in cases {
        assert_eq!(add(text, tag), expected);
    }
}
