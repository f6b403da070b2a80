//! What folds, as lines: first to last, counted from 1.

use guanxi::features::Here;
use guanxi::features::folding::folding;
use guanxi::text::lines::Lines;
use guanxi::vault::{Coverage, Vault, VaultPath};

fn folds(path: &str, text: &str) -> Vec<String> {
    let vault = Vault::new(Coverage::Whole);
    let lines = Lines::new(text);
    let line = |offset| lines.line_of(offset) + 1;
    let found = folding(&Here::beside(&vault, VaultPath::new(path), text));
    found.into_iter().map(|fold| format!("{}-{} {:?}", line(fold.span.start()), line(fold.span.end()), fold.kind)).collect()
}

#[test]
fn head_lists_sections_and_blocks() {
    let text =
        "---\nalias: 王\ntags:\n  - a\n  - b # why\norg: P\n---\n# One 🍵\n\ntext\n\n## Two\n\n```guanxi\n#a\n```\n\n# Three\n";
    let expected = ["1-7 Head", "3-5 List", "8-16 Section", "12-16 Section", "14-16 Block"];
    assert_eq!(folds("w.md", text), expected);
    assert_eq!(folds("w.md", &format!("\u{feff}{}", text.replace('\n', "\r\n"))), expected);
}

#[test]
fn what_is_broken_or_has_no_head() {
    assert_eq!(folds("w.md", "---\nalias: W\ntags: [a\n"), ["1-3 Head"]);
    assert_eq!(folds("n.md", "# One\n"), [""; 0]);
    assert_eq!(folds("n.md", "```\nopen\n"), ["1-2 Block"]);
    assert_eq!(folds("guanxi.yaml", "tags:\n  known:\n    a: b\n    c: d\nwatch: off\n"), ["1-4 List", "2-4 List"]);
    assert_eq!(folds("n.md", ""), [""; 0]);
}
