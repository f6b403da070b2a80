//! What a selection grows to, the smallest first; line breaks are shown as `⏎`.

use super::Asked;
use guanxi::features::Here;
use guanxi::features::selection_ranges::selection_ranges;
use guanxi::vault::{Coverage, Vault, VaultPath};

fn grown(text: &str) -> Vec<String> {
    let asked = Asked::new(&format!("== w.md\n{text}"));
    let here = asked.here();
    selection_ranges(&here, asked.offset).into_iter().map(|span| span.of(here.text()).replace('\n', "⏎")).collect()
}

#[test]
fn in_the_head() {
    assert_eq!(
        grown("---\nalias: W\ntags: [lead, \"new y‸ork\"]\n---\nText\n"),
        [
            "york",
            "new york",
            "\"new york\"",
            "[lead, \"new york\"]",
            "tags: [lead, \"new york\"]",
            "alias: W⏎tags: [lead, \"new york\"]⏎",
            "---⏎alias: W⏎tags: [lead, \"new york\"]⏎---⏎",
            "---⏎alias: W⏎tags: [lead, \"new york\"]⏎---⏎Text⏎"
        ]
    );
    assert_eq!(grown("---\nalias: 王小‸明\n")[..2], ["王小明", "alias: 王小明"]);
    assert_eq!(grown("---\nto: \"#le‸ad #vip\"\n---\n")[..4], ["lead", "#lead #vip", "\"#lead #vip\"", "to: \"#lead #vip\""]);
}

#[test]
fn in_the_body() {
    assert_eq!(
        grown("# One\n\n🍵 with [[Wang Xiao‸ming]] today.\nNice.\n\n## Two\n"),
        [
            "Xiaoming",
            "Wang Xiaoming",
            "[[Wang Xiaoming]]",
            "🍵 with [[Wang Xiaoming]] today.",
            "🍵 with [[Wang Xiaoming]] today.⏎Nice.",
            "# One⏎⏎🍵 with [[Wang Xiaoming]] today.⏎Nice.⏎⏎## Two⏎"
        ]
    );
    assert_eq!(grown("‸"), [""]);
}

proptest::proptest! {
    #![proptest_config(crate::law(500))]

    #[test]
    fn each_holds_the_one_before(
        text in "(\u{feff}?---\r?\n)?((alias|tags|to|x): ?(\\[|\"|'|&a |\\*a|\\||\r?\n  - |#)?[a-z#,\\]\"' 王🍵]{0,9}\r?\n){0,6}(---\r?\n)?(\\[\\[[a-z]{0,4}\\]\\]|#[a-z王 ]{0,3}|```\n|\r?\n| ){0,10}",
        share in 0.0..1.0f64,
    ) {
        let vault = Vault::new(Coverage::Whole);
        for path in ["w.md", "guanxi.yaml"] {
            let here = Here::beside(&vault, VaultPath::new(path), &text);
            let offset = (text.len() as f64 * share) as usize;
            let ranges = selection_ranges(&here, offset);
            proptest::prop_assert_eq!(ranges.last().map(|span| span.len()), Some(text.len()));
            for pair in ranges.windows(2) {
                proptest::prop_assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end && pair[0] != pair[1]);
            }
            proptest::prop_assert!(ranges.iter().all(|span| text.get(span.range()).is_some()));
        }
    }
}
