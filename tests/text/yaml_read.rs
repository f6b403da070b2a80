//! What a head says, whole, broken and half typed.

use guanxi::text::Span;
use guanxi::text::yaml::{self, Node, Value};

/// The head as one line a value: `key = text`, lists in brackets, faults with what stands under them.
fn picture(text: &str) -> String {
    let head = yaml::parse(text, Span::new(0, text.len()));
    let mut lines: Vec<String> = head.entries.iter().map(|entry| format!("{} = {}", entry.key, shown(&entry.value))).collect();
    lines.extend(head.faults.iter().map(|fault| format!("fault at `{}`: {}", fault.span.of(text), fault.message)));
    lines.join("\n")
}

fn shown(node: &Node<'_>) -> String {
    match &node.value {
        Value::Empty => "nothing".to_owned(),
        Value::Scalar(text, _) => format!("{text:?}"),
        Value::List(items, _) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Map(entries, _) => {
            format!(
                "{{{}}}",
                entries.iter().map(|entry| format!("{}: {}", entry.key, shown(&entry.value))).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

#[test]
fn scalars_are_read_as_they_are_written() {
    let text = "a: +12125550147\nb: 0049123\nc: 05-12\nd: no\ne: 2024\nf: 1.10\ng: null\nh: 1988-04-02\ni: --04-02\n";
    assert_eq!(
        picture(text),
        "a = \"+12125550147\"\nb = \"0049123\"\nc = \"05-12\"\nd = \"no\"\ne = \"2024\"\nf = \"1.10\"\ng = \"null\"\nh = \"1988-04-02\"\ni = \"--04-02\""
    );
}

#[test]
fn all_styles_of_lists_are_one() {
    for text in [
        "tags: [lead, new-york]\n",
        "tags:\n- lead\n- new-york\n",
        "tags:\n    - lead # the first\n\n    - 'new-york'\n",
        "tags: [\n  lead, # here\n  \"new-york\",\n]\n",
        "tags: [lead,\nnew-york]\n",
        "\"tags\": [lead, new-york]\r\n",
        "? tags\n: [lead, new-york]\n",
        "tags: !!seq [&a lead, new-york]\n",
    ] {
        assert_eq!(picture(text), "tags = [\"lead\", \"new-york\"]", "{text:?}");
    }
}

#[test]
fn labels_are_one_pair_maps() {
    assert_eq!(
        picture("phones:\n  - work: +1 212 555 0147\n  - +1 212 555 0148\n"),
        "phones = [{work: \"+1 212 555 0147\"}, \"+1 212 555 0148\"]"
    );
}

#[test]
fn a_fault_costs_one_value_and_no_more() {
    let cases = [
        (
            "alias: Wang\norg: [unclosed\ntags: [lead]\n",
            "alias = \"Wang\"\norg = [\"unclosed\"]\ntags = [\"lead\"]\nfault at `[unclosed`: this list is not closed: add ]",
        ),
        (
            "alias: @wang\ntags: [lead]\n",
            "alias = \"@wang\"\ntags = [\"lead\"]\nfault at `@wang`: a value cannot begin with a bare @: put it in quotes",
        ),
        (
            "alias: a: b\ntags: [lead]\n",
            "alias = \"a: b\"\ntags = [\"lead\"]\nfault at `a: b`: a value with `: ` in it needs quotes",
        ),
        (
            "alias: Wang\ntag\ntags: [lead]\n",
            "alias = \"Wang\"\ntags = [\"lead\"]\nfault at `tag`: `tag` is not a field yet: write `tag: …`",
        ),
        (
            "tags: [#x, lead]\nalias: Wang\n",
            "tags = [\"#x\", \"lead\"]\nalias = \"Wang\"\nfault at `#x`: `#` begins a comment in YAML: write the word without it",
        ),
        (
            "alias: \"Wang\ntags: [lead]\n",
            "alias = \"Wang\"\ntags = [\"lead\"]\nfault at `\"Wang`: this quote is not closed: add \"",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(picture(text), expected, "{text:?}");
    }
}

#[test]
fn a_quick_fix_mends_what_it_says_it_mends() {
    for text in [
        "alias: @wang\n",
        "alias: a: b\n",
        "tags: [lead, new\nalias: Wang\n",
        "tags: [#x]\n",
        "alias: \"Wang\n",
        "wechat: `id`\n",
    ] {
        let head = yaml::parse(text, Span::new(0, text.len()));
        let fix = head.faults[0].fix.clone().unwrap_or_else(|| panic!("no fix for {text:?}"));
        let mended = guanxi::text::edit::apply(text, &[fix]);
        let again = yaml::parse(&mended, Span::new(0, mended.len()));
        assert!(again.faults.is_empty(), "{text:?} became {mended:?}: {:?}", again.faults);
    }
}

#[test]
fn anchors_stand_for_what_they_name_and_bombs_do_not_go_off() {
    assert_eq!(picture("tags: &t [lead]\nmore: *t\n"), "tags = [\"lead\"]\nmore = [\"lead\"]");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", ")));
    }
    let head = yaml::parse(&bomb, Span::new(0, bomb.len()));
    assert!(head.faults[0].message.contains("too much"), "{:?}", head.faults[0]);
    assert_eq!(head.entries[0].key, "a0");
}

#[test]
fn deep_nests_and_long_lists_end_in_bounded_time() {
    for deep in ["[".repeat(10_000), "- ".repeat(10_000), "{a: ".repeat(10_000), "? ".repeat(10_000), "\"".repeat(9_999)] {
        let text = format!("alias: Wang\nx: {deep}\ntags: [lead]\n");
        let head = yaml::parse(&text, Span::new(0, text.len()));
        assert!(!head.faults.is_empty());
        assert_eq!(head.get("alias").and_then(|entry| entry.value.text()), Some("Wang"));
        assert_eq!(head.get("tags").map(|entry| entry.value.items().len()), Some(1), "{:?}", &deep[..4]);
    }
    let tags: Vec<String> = (0..100_000).map(|number| format!("t{number}")).collect();
    let text = format!("alias: Wang\ntags: [{}]\n", tags.join(", "));
    let head = yaml::parse(&text, Span::new(0, text.len()));
    assert_eq!(head.get("tags").map(|entry| entry.value.items().len()), Some(100_000));
    let odd = text.replace("t99999", "\"t\\x41\"");
    let head = yaml::parse(&odd, Span::new(0, odd.len()));
    assert!(head.faults[0].message.contains("64 KiB"), "{:?}", head.faults);
    assert_eq!(head.get("alias").and_then(|entry| entry.value.text()), Some("Wang"));
}

#[test]
fn every_value_knows_its_place() {
    let text = "alias: 'Wang Xiaoming' # him\ntags: [lead, \"new york\"]\nphones:\n  - work: +1 212\n  - +49\n";
    let head = yaml::parse(text, Span::new(0, text.len()));
    let place = |key: &str| head.get(key).map(|entry| (entry.key_span.of(text), entry.value.span.of(text))).unwrap();
    assert_eq!(place("alias"), ("alias", "'Wang Xiaoming'"));
    assert_eq!(place("tags"), ("tags", "[lead, \"new york\"]"));
    let items: Vec<&str> = head.get("tags").unwrap().value.items().iter().map(|item| item.span.of(text)).collect();
    assert_eq!(items, ["lead", "\"new york\""]);
    let Value::Map(pair, _) = &head.get("phones").unwrap().value.items()[0].value else { panic!() };
    assert_eq!((pair[0].key_span.of(text), pair[0].value.span.of(text)), ("work", "+1 212"));
}
