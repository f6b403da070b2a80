//! Whose a tick is: never lost, never somebody else's. What is not understood beyond doubt refuses, whatever understands the list.

use super::checklist_slips::{OTHERS, PEOPLE, asked_of, check, left_out, refreshed, with};
use crate::vault::vault;
use guanxi::vault::Vault;

const ADA: &str = "- [ ] [[Ada]] · ada_01\n";

fn asked(inside: &str) -> String {
    asked_of(&with(PEOPLE, inside))
}

/// Whom a line names ends where its remark begins.
#[test]
fn a_remark_names_nobody() {
    let rest = OTHERS.replacen("- [ ] [[Bo]] · bo-2\n", "", 1);
    for (line, after) in [
        ("- [x] Bo — friend of [[Ada]]", "- [x] [[Bo]] · bo-2 — friend of [[Ada]]"),
        ("- [x] Bo · bo-2 — asks about [[Ada]]", "- [x] [[Bo]] · bo-2 — asks about [[Ada]]"),
        ("- [x] bo-2 — friend of [[Ada]]", "- [x] [[Bo]] · bo-2 — friend of [[Ada]]"),
        ("- [x] Bo — [friend](ada.md)", "- [x] [[Bo]] · bo-2 — [friend](ada.md)"),
        ("☑ Bo — friend of 【【Ada】】", "- [☑] [[Bo]] · bo-2 — friend of 【【Ada】】"),
        (
            "- [x] [[Bo]] · bo-2 — not [[Ada]], not Bo Chen, not [[Gone]]",
            "- [x] [[Bo]] · bo-2 — not [[Ada]], not Bo Chen, not [[Gone]]",
        ),
    ] {
        check(&format!("{ADA}{line}\n{rest}"), &format!("{ADA}{after}\n{rest}"), &["Bo"]);
    }
    // An empty box, too, is of whom it begins with.
    check(
        &format!("{ADA}- [ ] Bo — friend of [[Ada]]\n{rest}"),
        &format!("{ADA}- [ ] [[Bo]] · bo-2 — friend of [[Ada]]\n{rest}"),
        &[],
    );
    let both = format!("- [x] [[Ada]] · ada_01\n- [x] [[Bo]] · bo-2 and [[Ada]]\n{rest}");
    check(&format!("{ADA}- [x] Bo and [[Ada]]\n{rest}"), &both, &["Ada", "Bo"]);
}

#[test]
fn what_only_begins_like_a_contact_is_nobody() {
    for line in [
        "- [x] Ada Brown",
        "- [x] Ada Brown · brown_9",
        "- [x] Ada's mother",
        "- [x] Ada’s mother",
        "- [x] Ada-Marie",
        "- [x] Ada (Brown)",
        "- [x] Frau Ada",
        "- [x] 王小明的妈妈",
        "- [x] 王小明 说好了",
        "- [x] Bo told me about Ada",
        "- [x] told Ada at the fair",
        "- [x] met Ada; not Bonnie",
        "☑ Ada Brown",
        "［ｘ］Ada Brown",
        "- [x] — Ada",
        "- [x] — [[Ada]]",
    ] {
        for ending in ["\n", "\r\n"] {
            let words = asked(&format!("{line}\n{OTHERS}").replace('\n', ending));
            assert!(words.contains("names nobody") && words.contains("`- [x] [[Name]]`"), "{line}: {words}");
        }
    }
}

/// Who is named where no name belongs may be ticked or not.
#[test]
fn somebody_further_along_in_a_ticked_line_is_asked_about() {
    for (line, name) in [
        ("- [x] [[Bo]] (not [[Ada]]!)", "Ada"),
        ("- [x] [[Bo]] (not [ada](ada.md)!)", "Ada"),
        ("- [x] [[Bo]] met Ada there", "Ada"),
        ("- [x] [[Bo]] met Adalbert there", "Ada"),
        ("- [x] [[Bo]] wrote to ada_01", "Ada"),
        ("- [x] [[Bo]] · bo-2 & Ada, together", "Ada"),
        ("- [x] [[Bo]], [[Ada]] not yet", "Ada"),
        ("- [x] Bo Chen told me about [[Ada]]", "Bo Chen"),
        ("- [x] Zed told me about [[Ada]]", "Ada"),
        ("- [x] Gone · gone_7 asks about [[Ada]]", "Ada"),
        ("- [x] Gone, friend of [[Ada]]", "Ada"),
        ("- [x] Gone – friend of [[Ada]]", "Ada"),
        ("- [x] Bo, friend of [[Ada]]", "Ada"),
    ] {
        let words = asked(&format!("{line}\n{OTHERS}"));
        assert!(words.contains(&format!("is {name} ticked in the list?")), "{line}: {words}");
    }
    for line in [
        "- [x] [[Bo]], Ada not yet",
        "- [x] [[Bo]] and Anna",
        "- [x] [[Bo]], Anna",
        "- [x] [[Bo]]、安娜",
        "- [x] Bo & 安娜",
        "- [x] Bo/Anna",
    ] {
        let words = asked(&format!("{line}\n{OTHERS}"));
        assert!(words.contains("who else is ticked in the list?"), "{line}: {words}");
    }
}

/// Two lines of one person, one of them ticked: the tick is not that of others in the line without it.
#[test]
fn a_tick_that_a_line_gets_is_its_owners_alone() {
    for (inside, words) in [
        ("- [ ] [[Ada]], Bo\n- [x] [[Ada]]\n", "is Bo ticked in the list?"),
        ("- [x] [[Ada]]\n- [ ] [[Ada]] · ada_01 and [[Bo]]\n", "is Bo ticked in the list?"),
        ("- [ ] [[Ada]] met Bo\n- [x] ada_01\n", "is Bo ticked in the list?"),
        ("- [ ] [[Ada]] and Anna\n- [x] Ada\n", "who else is ticked in the list?"),
        ("- [ ] [[Ada]], [[Bo]]\n- [x] [[王小明]] and Ada\n", "is Bo ticked in the list?"),
    ] {
        assert!(asked(inside).contains(words), "{inside}: {}", asked(inside));
    }
    // A line without a tick that begins with another name is nobody's.
    assert_eq!(left_out(&with(PEOPLE, "- [ ] Bo Chen told me about [[Ada]]\n- [x] Ada\n")), ["Ada"]);
    let both = "- [ ] [[Ada]], [[Bo]]\n- [x] [[Ada]], [[Bo]]\n";
    assert_eq!(left_out(&with(PEOPLE, both)), ["Ada", "Bo"]);
}

/// Box, name, handle and remark are understood. Whatever else stands beside somebody may be a tick.
#[test]
fn a_box_that_is_not_understood_is_asked_about() {
    for line in [
        "- [done 3 May] [[Ada]]",
        "- [2026-05-03] [[Ada]]",
        "- [sent yesterday] [[Ada]] · ada_01",
        "- [erledigt] [[Ada]] · ada_01",
        "- [erledigt] Ada",
        "- [erledigt] [a](ada.md)",
        "- [erledigt] ada_01",
        "- [已经发过了] [[Ada]]",
        "(1) Ada",
        "- [x](sent) [[Ada]]",
        "- [x](ada.md)",
        "[x]: [[Ada]]",
        "- 「x」 [[Ada]]",
        "- 『x』 [[Ada]]",
        "- ﹝x﹞ [[Ada]]",
        "- 《x》 [[Ada]]",
        "- |x| [[Ada]]",
        "- /x/ [[Ada]]",
        "- x: [[Ada]]",
        "- ｘ [[Ada]]",
        "- √ [[Ada]]",
        "- 👍 [[Ada]]",
        "- DONE [[Ada]]",
        "- DONE Ada",
        "- 已发 [[Ada]]",
        "- [[Ada]]: sent",
        "- [[Ada]] · ada_01 sent",
        "- [[Ada]] 已发",
        "- Ada: sent",
        "Ada said yes",
        "| [[Ada]] | sent |",
        "> DONE [[Ada]]",
        "- <del>[[Ada]]</del>",
        "~[[Ada]]~",
        "- 3 May [ ] [[Ada]]",
        "- 2026-05-03 [ ] [[Ada]]",
        "- [ ] <s>[[Ada]]</s>",
        "- [ ] <s class=\"done\">Ada</s>",
        "- [ ] [[Ada]] 👍",
        "- [ ] [[Ada]] · ada_01 👍🏻",
        "- [ ] √ [[Ada]]",
        "- [ ] [sent] [[Ada]]",
        "- [ ] 「x」 [[Ada]]",
        "- [ ] ✓ ada_01",
    ] {
        for ending in ["\n", "\r\n"] {
            let words = asked(&format!("{line}\n{OTHERS}").replace('\n', ending));
            assert!(words.contains("is Ada ticked in the list?"), "{line}: {words}");
        }
        assert_eq!(asked(&format!("{line}\n- [x] [[Ada]]\n{OTHERS}")), "", "{line}");
    }
}

/// What says nothing of a tick stays as it is written.
#[test]
fn remarks_are_no_ticks() {
    for line in [
        "- [ ] [[Ada]] · ada_01 — sent? DONE [x] ✓ 👍",
        "- [ ] [[Ada]] · ada_01 call after 5pm, or on May 3",
        "- [ ] [[Ada]] · ada_01 (on Monday) → at the office, 20°",
        "- [ ] [[Ada]] · ada_01 asks whether Bo comes",
        "- [ ] [[Ada]] · ada_01, knows [[Bo]]",
        "- [ ] call [[Ada]] · ada_01",
        "- [ ] **[[Ada]]** — wait",
        "- [ ] [[Ada]] · ada_01 很忙",
    ] {
        let line = if line.contains("ada_01") { line.to_owned() } else { line.replace("[[Ada]]", "[[Ada]] · ada_01") };
        check(&format!("{line}\n{OTHERS}"), &format!("{line}\n{OTHERS}"), &[]);
        if !line.contains("knows") && !line.contains("whether") {
            let line = line.replacen("[ ]", "[x]", 1);
            check(&format!("{line}\n{OTHERS}"), &format!("{line}\n{OTHERS}"), &["Ada"]);
        }
    }
    for own in [
        "Call first:",
        "## 先打电话",
        "---",
        "<!-- later -->",
        "| a | b |",
        "  - [x] sent the photo",
        "  with her brother",
        "  - Monday",
    ] {
        let all = format!("- [x] [[Ada]] · ada_01\n{own}\n{OTHERS}");
        check(&all, &all, &["Ada"]);
    }
}

/// A ticked link that leads nowhere: the person's name may have changed.
#[test]
fn a_ticked_line_of_nobody_is_refused() {
    for line in [
        "- [x] [[Ada T]]",
        "- [x] [[Ada T]] · old_7",
        "- [x] [[Ada T]] — busy",
        "- [x] [[gone/ada]]",
        "- [x] [ada](gone.md)",
        "- [x] [ada](mailto:gone@x.example)",
        "- [x] 【【Ada T】】",
        "- [x] [[Bo]], [[Ada T]]",
        "- [x] [[Bo]] with [[Ada T]]",
        "- [ ] [[Bo]]\n  - [x] [[Ada T]]",
        "- ✓ [[Ada T]]",
        "~~[[Ada T]]~~",
        "- [ ] [[Ada T]] ✓",
        "- [ ] ✓ [[Bo]], [[Ada T]]",
    ] {
        let words = asked(&format!("{line}\n{ADA}{OTHERS}"));
        assert!(
            words.contains("names nobody") && words.contains("if the contact was deleted, delete the line"),
            "{line}: {words}"
        );
    }
    // Known by the handle: that of a recipient, and that of somebody else.
    check(&format!("- [x] [[Ada T]] · ada_01\n{OTHERS}"), &format!("- [x] [[Ada]] · ada_01\n{OTHERS}"), &["Ada"]);
    let zed = format!("{ADA}{OTHERS}- [x] [[Zed of old]] · zed5\n");
    check(&zed, &zed, &[]);
    // The name is another's by now, the handle is not.
    let words = asked(&format!("- [x] [[Bo]] · ada_01\n{OTHERS}"));
    assert!(words.contains("the tick of `Bo` in the list fits bo.md, ada.md"), "{words}");
}

/// An alias that changes takes no tick away without a word.
#[test]
fn a_renamed_contact_is_not_written_to_again() {
    let people = PEOPLE.replace("alias: Ada\naliases: [Adalbert]", "alias: Zoe").replace("== ada.md", "== p/a1.md");
    for line in
        ["- [x] [[Bo]] and Ada", "- [x] [[Bo]], Ada", "- [x] Ada", "- [x] [[Ada]]", "- [x] Ada, Bo", "- [x] Ada and [[Bo]]"]
    {
        assert!(!asked_of(&with(&people, &format!("{line}\n{OTHERS}"))).is_empty(), "{line}");
    }
}

#[test]
fn indented_lines_stay_with_theirs() {
    let bo = "- [ ] [[Bo]] · bo-2\n";
    let rest = OTHERS.replacen(bo, "", 1);
    for (before, after, ticked) in [
        // A new line comes after those below.
        (
            format!("{bo}  - [x] [[王小明]] · wang4\n"),
            format!("{ADA}{bo}  - [x] [[王小明]] · wang4\n- [ ] [[Bo Chen]] · chen3\n"),
            "王小明",
        ),
        (
            format!("{bo}\t- [x] 王小明\n\n"),
            format!("{ADA}{bo}\t- [x] [[王小明]] · wang4\n- [ ] [[Bo Chen]] · chen3\n\n"),
            "王小明",
        ),
        (format!("{bo}\n    - [x] [[Ada]] · ada_01\n{rest}"), format!("{bo}\n    - [x] [[Ada]] · ada_01\n{rest}"), "Ada"),
        (format!("Friends:\n  - [x] [[Bo]] · bo-2\n{rest}"), format!("{ADA}Friends:\n  - [x] [[Bo]] · bo-2\n{rest}"), "Bo"),
        // Who no longer matches leaves the line that others are indented below.
        (
            format!("{ADA}- [ ] [[Zed]] · zed5\n  - [x] [[Bo]] · bo-2\n{rest}"),
            format!("{ADA}- [[Zed]] · zed5\n  - [x] [[Bo]] · bo-2\n{rest}"),
            "Bo",
        ),
        (
            format!("{ADA}- [ ] [[Zed]] · zed5\n  asks about Bo\n  - [x] sent a photo\n- [x] [[Bo]] · bo-2\n{rest}"),
            format!("{ADA}- [[Zed]] · zed5\n  asks about Bo\n  - [x] sent a photo\n- [x] [[Bo]] · bo-2\n{rest}"),
            "Bo",
        ),
        // Not where these go as well.
        (
            format!("{ADA}- [ ] [[Zed]] · zed5\n  - [ ] [[Gone]]\n- [x] [[Bo]] · bo-2\n{rest}"),
            format!("{ADA}- [x] [[Bo]] · bo-2\n{rest}"),
            "Bo",
        ),
        (
            format!("{ADA}1. [ ] [[Gone]] (remark)\n  - [x] Bo — note\n{rest}"),
            format!("{ADA}1. [[Gone]] (remark)\n  - [x] [[Bo]] · bo-2 — note\n{rest}"),
            "Bo",
        ),
    ] {
        check(&before, &after, &[ticked]);
    }
}

#[test]
fn every_form_of_link_names_somebody() {
    let people =
        PEOPLE.replace("== ada.md", "== p/ada t.md").replace("wechat: ada_01", "wechat: ada_01\nemails: [ada@x.example]");
    for name in [
        "[ada](<p/ada t.md>)",
        "[ada](p/ada%20t.md)",
        "[dear *Ada*](p/ada%20t.md#notes \"title\")",
        "[[p/ada t]]",
        "[[./p/ada t]]",
        "[[p/ada t.md|her]]",
        "[[Ada#Notes]]",
    ] {
        let list = format!("- [x] {name} · ada_01 — busy\n{OTHERS}");
        for line in [format!("- [x] {name}"), format!("- [x] {name} · ada_01"), format!("-[x]{name}")] {
            let vault = with(&people, &format!("{line} — busy\n{OTHERS}"));
            assert_eq!(left_out(&vault), ["Ada"], "{line}");
            assert_eq!(refreshed(&vault), list, "{line}");
        }
        assert!(asked_of(&with(&people, &format!("- sent: {name}\n{OTHERS}"))).contains("is Ada ticked"), "{name}");
    }
    // Addresses become links.
    for name in [
        "<ada@x.example>",
        "ada@x.example",
        "mailto:ada@x.example",
        "[ada](mailto:ada@x.example)",
        "Ada <ada@x.example>",
        "<mailto:Ada@x.example>",
    ] {
        let vault = with(&people, &format!("- [x] {name}\n{OTHERS}"));
        assert_eq!(left_out(&vault), ["Ada"], "{name}");
        assert!(refreshed(&vault).starts_with("- [x] [[Ada]] · ada_01"), "{name}: {}", refreshed(&vault));
    }
    let by_label: Vault = vault(&format!(
        "{people}== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHi\n\n<!-- guanxi:list -->\n- [x] [her][a]\n{OTHERS}<!-- /guanxi:list -->\n\n[a]: <p/ada t.md>\n"
    ));
    assert_eq!(left_out(&by_label), ["Ada"]);
}
