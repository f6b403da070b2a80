//! The parts of a file, as a tree: name, what stands beside it, and where the name is written.

use guanxi::features::Here;
use guanxi::features::document_symbols::{DocumentSymbol, document_symbols};
use guanxi::vault::{Coverage, Vault, VaultPath};

fn tree(path: &str, text: &str) -> String {
    let vault = Vault::new(Coverage::Whole);
    let mut told = String::new();
    tell(text, &document_symbols(&Here::beside(&vault, VaultPath::new(path), text)), 0, &mut told);
    told
}

fn tell(text: &str, symbols: &[DocumentSymbol], depth: usize, told: &mut String) {
    for symbol in symbols {
        let detail = if symbol.detail.is_empty() { String::new() } else { format!(" — {}", symbol.detail) };
        told.push_str(&format!("{}{:?} {}{detail}\n", "  ".repeat(depth), symbol.kind, symbol.name));
        assert!(text.get(symbol.whole.range()).is_some() && text.get(symbol.name_span.range()).is_some(), "{symbol:?}");
        assert!(symbol.whole.start <= symbol.name_span.start && symbol.name_span.end <= symbol.whole.end, "{symbol:?}");
        assert!(!symbol.name.is_empty());
        for child in &symbol.children {
            assert!(symbol.whole.start <= child.whole.start && child.whole.end <= symbol.whole.end, "{symbol:?}");
        }
        tell(text, &symbol.children, depth + 1, told);
    }
}

#[test]
fn a_contact() {
    let text = "---\nalias: 王小明\norg: Panda\nphones:\n  - work: +1 212\ntags: [lead, 老同学]\n---\n# Met 🍵\n## In 2026\n```guanxi\n#lead\n```\n## Later\n# Plans\n";
    let expected = "\
Contact 王小明 — Panda
  Field alias — 王小明
  Field org — Panda
  Field phones — work: +1 212
  Field tags — lead, 老同学
Heading Met 🍵
  Heading In 2026
    Query #lead — query
  Heading Later
Heading Plans
";
    assert_eq!(tree("w.md", text), expected);
    assert_eq!(tree("w.md", &format!("\u{feff}{}", text.replace('\n', "\r\n"))), expected);
}

#[test]
fn other_files() {
    assert_eq!(
        tree("b.md", "---\nto: \"#lead\"\nsubject: Autumn\n---\nDear\n"),
        "Broadcast Autumn — #lead\n  Field to — #lead\n  Field subject — Autumn\n"
    );
    assert_eq!(tree("n.md", "Title\n=====\n\ntext\n\nPart\n---\n"), "Heading Title\n  Heading Part\n");
    assert_eq!(
        tree("guanxi.yaml", "tags:\n  known:\n    lead: Buys\nwatch: off\n"),
        "Section tags\n  Section known\n    Tag lead — Buys\nField watch — off\n"
    );
    assert_eq!(tree("n.md", ""), "");
}

#[test]
fn what_is_broken_or_half_typed() {
    assert_eq!(
        tree("w.md", "---\nalias: W\ntags: [a\norg: P\n"),
        "Contact W — P\n  Field alias — W\n  Field tags — a\n  Field org — P\n"
    );
    assert_eq!(tree("w.md", "---\nalias:\n---\n"), "Contact w\n  Field alias\n");
}

proptest::proptest! {
    #![proptest_config(crate::law(500))]

    #[test]
    fn every_part_lies_in_the_one_around_it(
        text in "(\u{feff}?---\r?\n)?((alias|tags|to|x|\\? a|): ?(\\[|\"|&a |\\*a|\\||\r?\n  - |\r?\n  y: )?[a-z#,\\]\"' 王🍵]{0,8}\r?\n){0,6}(---\r?\n)?(#{1,3} ?[a-z🍵]{0,3}\r?\n|```(guanxi)?\n|> # q\n|a\n===\n|- # l\n|\n){0,8}",
    ) {
        tree("w.md", &text);
        tree("guanxi.yaml", &text);
    }
}
