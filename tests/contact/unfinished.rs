//! The mark of an unfinished change: every broadcast refuses while it is there, and its removal leaves no trace.

use guanxi::contact::Config;
use guanxi::contact::unfinished::{mark, unmarked};
use proptest::prelude::*;

#[test]
fn settings_of_every_shape_take_the_mark() {
    for text in [
        "",
        "\n",
        "watch: auto",
        "# mine\ntags:\n  known: [a]\n",
        "---\nwatch: auto\n",
        "---\nwatch: auto\n...\n",
        "# mine\n---\nwatch: auto\n",
        "%YAML 1.2\n---\nwatch: auto\n",
        "\u{feff}watch: auto\r\n",
        "tags:\r\n  known:\r\n    a: b\r\n",
        "broadcast:\n  exclude: >-\n    #a\n    -#b\n",
    ] {
        let Some(marked) = mark(Some(text), "do not", "no: \"x\"") else {
            assert!(text.starts_with("%YAML") || text.starts_with("# mine\n---") || text.ends_with("...\n"), "{text:?}");
            continue;
        };
        let (config, problems) = Config::parse(&marked);
        assert_eq!(config.unfinished, Some(("do not".to_owned(), "no: \"x\"".to_owned())), "{marked}");
        assert!(config.faulty && problems[0].message.contains("guanxi tag rename 'do not'"), "{problems:?}");
        assert_eq!(unmarked(&marked), Some(Some(text.to_owned())));
    }
    let alone = mark(None, "a", "b").unwrap();
    assert_eq!((unmarked(&alone), unmarked("watch: auto\n")), (Some(None), None));
    // Somebody has written into it meanwhile.
    assert_eq!(unmarked(&format!("{alone}watch: off\n")), Some(Some("watch: off\n".to_owned())));
    assert_eq!(unmarked("unfinished:\n  - tag\n  - rename\n  - a\n  - b\n").filter(|text| text.as_deref() == Some("")), None);
}

proptest! {
    #![proptest_config(crate::law(200))]

    #[test]
    fn what_is_marked_and_unmarked_is_as_before(lines in prop::collection::vec("(---|#.{0,3}|[a-z]{1,3}: .{0,4}|  - .{0,3}|tags:)\r?", 0..6)) {
        let text = lines.join("\n");
        if let Some(marked) = mark(Some(&text), "old", "new") {
            prop_assert!(Config::parse(&marked).0.faulty);
            prop_assert_eq!(unmarked(&marked), Some(Some(text)));
        }
    }
}
