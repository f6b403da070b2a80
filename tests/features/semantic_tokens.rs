//! Words and what they are: `kind:word` in the order of the text.

use guanxi::features::Here;
use guanxi::features::semantic_tokens::semantic_tokens;
use guanxi::text::Span;
use guanxi::vault::{Coverage, Vault, VaultPath};

fn tokens(path: &str, text: &str, range: Option<Span>) -> Vec<String> {
    let vault = Vault::new(Coverage::Whole);
    let found = semantic_tokens(&Here::beside(&vault, VaultPath::new(path), text), range);
    let mut at = 0;
    for token in &found {
        assert!(token.span.start() >= at && !token.span.is_empty(), "{found:?}");
        assert!(!text[token.span.range()].contains(['\n', '\r']), "{found:?}");
        at = token.span.end();
    }
    found.into_iter().map(|token| format!("{:?}:{}", token.kind, token.span.of(text))).collect()
}

fn told(path: &str, text: &str) -> String {
    tokens(path, text, None).join(" ")
}

#[test]
fn a_contact() {
    let text = "---\nalias: 王小明\naliases: [\"Tom\", Wang]\ntags:\n  - lead # why\n  - 老同学\norg: P\n---\nMet [[Li Na|her]] 🍵 #follow-up, see [x](li.md). `#no`\n";
    let expected = "Key:alias Alias:王小明 Key:aliases Alias:\"Tom\" Alias:Wang Key:tags Tag:lead Tag:老同学 Key:org Link:Li Na Tag:#follow-up Link:li.md";
    assert_eq!(told("w.md", text), expected);
    assert_eq!(told("w.md", &format!("\u{feff}{}", text.replace('\n', "\r\n"))), expected);
    let place = text.find("Met").unwrap();
    assert_eq!(tokens("w.md", text, Some(Span::new(place, place + 8))), ["Link:Li Na"]);
}

#[test]
fn queries() {
    assert_eq!(
        told(
            "b.md",
            "---\nto: \"#lead (#\\\"new york\\\" | org:panda) -has:emails NOT /x/\"\n---\nDear {{ alias }},\n{% if org %}x{% endif %}\n"
        ),
        "Key:to Tag:#lead Operator:( Tag:#\\\"new york\\\" Operator:| Key:org String:panda Operator:) Operator:- Key:has String:emails Keyword:NOT Expression:/x/ \
         Hole:{{ alias }} Hole:{% if org %} Hole:{% endif %}"
    );
    assert_eq!(told("b.md", "---\nto: [lead, vip]\n---\n"), "Key:to Tag:lead Tag:vip");
    assert_eq!(told("b.md", "---\nto: #lead\n---\n"), "Key:to Tag:#lead");
    assert_eq!(
        told("n.md", "```guanxi\n#lead OR\ntag:=王 (\"open\n```\n"),
        "Tag:#lead Keyword:OR Key:tag Operator:= Tag:王 Operator:("
    );
    assert_eq!(
        told("guanxi.yaml", "tags:\n  known:\n    lead: Buys\nbroadcast:\n  exclude: '#no'\n"),
        "Key:tags Key:known Tag:lead Key:broadcast Key:exclude Tag:#no"
    );
}

#[test]
fn what_is_broken_or_spread_over_lines() {
    assert_eq!(told("w.md", "---\nalias: W\ntags: [lead\norg: P\n"), "Key:alias Alias:W Key:tags Tag:lead Key:org");
    assert_eq!(
        told("b.md", "---\nto: \"#a\"\n---\n{{ alias\n  | upper }} {{ open\n"),
        "Key:to Tag:#a Hole:{{ alias Hole:| upper }}"
    );
}

proptest::proptest! {
    #![proptest_config(crate::law(500))]

    #[test]
    fn in_order_and_each_on_its_line(
        text in "(\u{feff}?---\r?\n)?((alias|tags|to|x): ?(\\[|\"|'|&a |\\*a|\\||\r?\n  - |#)?[a-z#,\\]\"'() 王🍵]{0,9}\r?\n){0,6}(---\r?\n)?(\\[\\[[a-z\n|]{0,4}\\]\\]|#[a-z王]{0,3}|\\{\\{[a-z}\n]{0,4}|```(guanxi)?\n|> |\n| ){0,10}",
    ) {
        told("w.md", &text);
        told("guanxi.yaml", &text);
    }
}
