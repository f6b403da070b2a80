//! Lists of whatever lines: bringing one up to date changes nobody's tick.

use proptest::prelude::*;

use super::checklist_slips::{PEOPLE, asked_of, left_out, refreshed, with};

/// What is left out of a list, or the refusal.
fn outcome(inside: &str) -> Result<(Vec<String>, String), String> {
    let vault = with(PEOPLE, inside);
    let words = asked_of(&vault);
    if words.is_empty() { Ok((left_out(&vault), refreshed(&vault))) } else { Err(words) }
}

const BOXES: &[&str] = &[
    "- [ ] ",
    "- [x] ",
    "  - [x] ",
    "\t- [ ] ",
    "☑ ",
    "1. [ ] ",
    "- （x） ",
    "- ［ ］ ",
    "",
    "- ",
    "> ",
    "    ",
    "- [] ",
    "- [erledigt] ",
    "- x ",
];
const NAMES: &[&str] = &[
    "[[Ada]]",
    "[[Bo]]",
    "Bo",
    "Ada",
    "Bo Chen",
    "王小明",
    "【【王小明】】",
    "[her](ada.md)",
    "<ada_01>",
    "bo-2",
    "Adalbert",
    "[[Gone]]",
    "Gone",
    "[[Zed]]",
    "Zed",
    "Ada and [[Bo]]",
    "[[Ada]], Bo Chen",
    "called [[Bo]]",
    "",
];
const TAILS: &[&str] = &[
    "",
    " · ada_01",
    " · bo-2",
    " · old_9",
    " — K1 [[Ada]]",
    " · bo-2 — K2",
    " K3",
    " (K4 Bo)",
    ": K5",
    " ✓",
    ", [[王小明]]",
    " Brown",
    "'s K6",
    "  ",
];

proptest! {
    #![proptest_config(crate::law(400))]
    /// Bringing a list up to date, once or again, changes nobody's tick, and keeps what somebody wrote. Whoever begins a line with
    /// Markdown's own ticked box is ticked.
    #[test]
    fn any_list_is_refused_or_means_the_same_afterwards(
        lines in prop::collection::vec((prop::sample::select(BOXES), prop::sample::select(NAMES), prop::sample::select(TAILS)), 1..6),
        crlf: bool,
    ) {
        let newline = if crlf { "\r\n" } else { "\n" };
        let inside: String = lines.iter().map(|(box_, name, tail)| format!("{box_}{name}{tail}{newline}")).collect();
        let Ok((ticked, list)) = outcome(&inside) else { return Ok(()) };
        // Nobody's tick changes by doing it again: lines below one that went may follow it.
        let mut latest = list.clone();
        for _ in 0..3 {
            let (again, text) = outcome(&latest).map_err(|error| TestCaseError::fail(format!("{inside} became {latest}: {error:?}")))?;
            prop_assert_eq!(&again, &ticked, "{} became {}", inside, latest);
            latest = text;
        }
        for word in ["K1", "K2", "K3", "K4", "K5", "K6"] {
            prop_assert_eq!(inside.contains(word), list.contains(word), "{} in {}", word, list);
        }
        let begins = |name: &str, whole: &str| name == whole || name == format!("[[{whole}]]");
        for (_, name, _) in lines.iter().filter(|(box_, ..)| *box_ == "- [x] " || *box_ == "☑ ") {
            for whole in ["Ada", "Bo", "Bo Chen", "王小明"].iter().filter(|whole| begins(name, whole)) {
                prop_assert!(ticked.iter().any(|one| one == whole), "{} in {}", whole, inside);
            }
        }
    }
}
