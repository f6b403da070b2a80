//! Lines of a list that a hand slipped in: the list brought up to date and the messages that are still to go out read them alike.

use guanxi::features::Here;
use guanxi::features::checklist::refresh;
use guanxi::features::diagnostics::Surroundings;
use guanxi::features::preview::Messages;
use guanxi::text::edit;
use guanxi::vault::Vault;

use crate::vault::vault;

pub const PEOPLE: &str = "\
== ada.md
---
alias: Ada
aliases: [Adalbert]
tags: [lead]
wechat: ada_01
---
== bo.md
---
alias: Bo
tags: [lead]
wechat: bo-2
---
== chen.md
---
alias: Bo Chen
tags: [lead]
wechat: chen3
---
== wang.md
---
alias: 王小明
tags: [lead]
wechat: wang4
---
== zed.md
---
alias: Zed
wechat: zed5
---
";

pub const OTHERS: &str = "- [ ] [[Bo]] · bo-2\n- [ ] [[Bo Chen]] · chen3\n- [ ] [[王小明]] · wang4\n";

pub fn with(people: &str, inside: &str) -> Vault {
    let list = format!("<!-- guanxi:list -->\n{inside}<!-- /guanxi:list -->\n");
    vault(&format!("{people}== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHi\n\n{list}"))
}

/// The lines of the list, brought up to date.
pub fn refreshed(vault: &Vault) -> String {
    let here = Here::of_file(vault, vault.id_of("b.md").unwrap());
    let exists = |_: &str| false;
    let refresh = refresh(&here, &Surroundings::new(&exists)).unwrap();
    let text = edit::apply(here.text(), &refresh.edits);
    let from = text.find("list -->\n").unwrap() + 9;
    text[from..text.rfind("<!-- /").unwrap()].to_owned()
}

/// Who is left out because of a tick.
pub fn left_out(vault: &Vault) -> Vec<String> {
    let here = Here::of_file(vault, vault.id_of("b.md").unwrap());
    let exists = |_: &str| false;
    let mut messages = Messages::prepare::<&str>(&here, &Surroundings::new(&exists), &[]).unwrap();
    let names = |messages: &Messages<'_>| -> Vec<String> {
        messages.recipients.chosen.iter().map(|one| vault.file(one.file).alias().to_owned()).collect()
    };
    let all = names(&messages);
    messages.without_ticked(&here).unwrap();
    let rest = names(&messages);
    all.into_iter().filter(|name| !rest.contains(name)).collect()
}

pub fn check(inside: &str, after: &str, ticked: &[&str]) {
    let before = with(PEOPLE, inside);
    assert_eq!(left_out(&before), ticked, "left out by\n{inside}");
    let list = refreshed(&before);
    assert_eq!(list, after, "after\n{inside}");
    let again = with(PEOPLE, &list);
    assert_eq!(left_out(&again), ticked, "left out by\n{list}");
    assert_eq!(refreshed(&again), list, "a second time changes nothing");
}

#[test]
fn one_line_ticked_whatever_slipped() {
    for (line, after) in [
        // Markdown's own boxes stay as they are.
        ("- [x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("* [X]  [[Ada]] · ada_01", "* [X]  [[Ada]] · ada_01"),
        ("+ [x] [[Ada]] · ada_01", "+ [x] [[Ada]] · ada_01"),
        ("1. [x] [[Ada]] · ada_01", "1. [x] [[Ada]] · ada_01"),
        ("- [*] [[Ada]] · ada_01", "- [*] [[Ada]] · ada_01"),
        ("- [✓] [[Ada]] · ada_01", "- [✓] [[Ada]] · ada_01"),
        ("- [v] [[Ada]] · ada_01", "- [v] [[Ada]] · ada_01"),
        ("\t-\t[x]\t[[Ada]] · ada_01", "\t-\t[x]\t[[Ada]] · ada_01"),
        // Spaces.
        ("- [x ] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [ x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [ x ] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("-[x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x][[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("-[x][[Ada]] · ada_01 — busy", "- [x] [[Ada]] · ada_01 — busy"),
        ("  *[x] [[Ada]] · ada_01", "  * [x] [[Ada]] · ada_01"),
        ("2)[x] [[Ada]] · ada_01", "2) [x] [[Ada]] · ada_01"),
        ("-\u{3000}[x]\u{a0}[[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x\u{200b}] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        // Brackets and bullets.
        ("- ［x］ [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("－［ｘ］［［Ada］］ · ada_01", "- [ｘ] [[Ada]] · ada_01"),
        ("- 【x】 [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x】 【【Ada】】 · ada_01", "- [x] [[Ada]] · ada_01"),
        ("– [x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("• [x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("１．[x] [[Ada]] · ada_01", "1. [x] [[Ada]] · ada_01"),
        ("[x] [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [done] [[Ada]] · ada_01", "- [done] [[Ada]] · ada_01"),
        ("-[x] called [[Ada]] · ada_01 twice", "- [x] called [[Ada]] · ada_01 twice"),
        // Ticks of one character, and other brackets.
        ("☑ [[Ada]]", "- [☑] [[Ada]] · ada_01"),
        ("- ✅ Ada — busy", "- [✅] [[Ada]] · ada_01 — busy"),
        ("* ✔\u{fe0f} [[Ada]] · ada_01", "* [✔] [[Ada]] · ada_01"),
        ("3. ☑ [[Ada]] · ada_01", "3. [☑] [[Ada]] · ada_01"),
        ("- (x) [[Ada]] · ada_01", "- [x] [[Ada]] · ada_01"),
        ("（X）Ada", "- [X] [[Ada]] · ada_01"),
        ("- {x} [[Ada]]", "- [x] [[Ada]] · ada_01"),
        ("- <✓> Ada", "- [✓] [[Ada]] · ada_01"),
        // The name.
        ("- [x] ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x] · ada_01 — busy", "- [x] [[Ada]] · ada_01 — busy"),
        ("- [x] Ada · ada_01 — busy", "- [x] [[Ada]] · ada_01 — busy"),
        ("- [x ] Ada", "- [x] [[Ada]] · ada_01"),
        ("- [x] Ada, busy", "- [x] [[Ada]] · ada_01, busy"),
        ("- [x] ada · ada_01", "- [x] [[Ada]] · ada_01"),
        ("- [x] Adalbert — busy", "- [x] [[Ada]] · ada_01 — busy"),
    ] {
        check(&format!("{line}\n{OTHERS}"), &format!("{after}\n{OTHERS}"), &["Ada"]);
    }
}

#[test]
fn a_box_without_a_tick_is_none_however_it_is_written() {
    for (line, after) in [
        ("- [] [[Ada]] · ada_01", "- [ ] [[Ada]] · ada_01"),
        ("- [  ] [[Ada]] · ada_01 — busy", "- [ ] [[Ada]] · ada_01 — busy"),
        ("-[ ][[Ada]] · ada_01", "- [ ] [[Ada]] · ada_01"),
        ("- [\u{a0}] [[Ada]] · ada_01", "- [ ] [[Ada]] · ada_01"),
        ("- ［　］ [[Ada]] · ada_01", "- [ ] [[Ada]] · ada_01"),
        ("- [ ] Ada · ada_01", "- [ ] [[Ada]] · ada_01"),
        ("☐ [[Ada]]", "- [ ] [[Ada]] · ada_01"),
        ("- ⬜ Ada — ✓ confirmed", "- [ ] [[Ada]] · ada_01 — ✓ confirmed"),
        ("- ( ) [[Ada]]", "- [ ] [[Ada]] · ada_01"),
    ] {
        check(&format!("{line}\n{OTHERS}"), &format!("{after}\n{OTHERS}"), &[]);
    }
}

#[test]
fn what_is_no_box_stays() {
    for line in [
        "- [FAQ](https://x.example)",
        "[1]: https://x.example/",
        "- [see the notes] — for Ada",
        "- [[Ada]] — said yes",
        "- Ada — said yes",
        "> **[[Ada]]**",
        "(a) anybody else?",
        "- [ ] ask about Ada",
        "- [ ] Ada Brown",
        "  Ada comes with Bo",
        "  - [ ] call Ada",
    ] {
        let all = format!("- [ ] [[Ada]] · ada_01\n{OTHERS}{line}\n");
        check(&all, &all, &[]);
    }
}

/// Words between box and name are somebody's, like those after it.
#[test]
fn words_before_the_name_of_who_no_longer_matches_stay() {
    let all = format!("- [ ] [[Ada]] · ada_01\n{OTHERS}");
    check(&format!("{all}- [ ] call [[Zed]] · zed5\n"), &format!("{all}- call [[Zed]] · zed5\n"), &[]);
    check(&format!("{all}-[ ] [[Zed]] · zed5\n"), &all, &[]);
    // Without its box the line would be asked about.
    let named = format!("{all}- [ ] [[Zed]] · zed5 (Bo's friend)\n");
    check(&named, &named, &[]);
    check(&format!("{all}-[x] [[Zed]] · zed5\n"), &format!("{all}- [x] [[Zed]] · zed5\n"), &[]);
}

/// Several people in one ticked line: each is ticked in a line of their own. Who is spoken of is not.
#[test]
fn a_ticked_line_of_several_ticks_them_all() {
    for (line, written, both) in [
        ("- [x] [[Ada]], [[Bo]]", "- [x] [[Ada]] · ada_01, [[Bo]]", true),
        ("- [x] Ada and Bo", "- [x] [[Ada]] · ada_01 and Bo", true),
        ("- [x] Ada、Bo", "- [x] [[Ada]] · ada_01、Bo", true),
        ("- [x] [[Ada]] — asked [[Bo]] to call", "- [x] [[Ada]] · ada_01 — asked [[Bo]] to call", false),
        ("- [x] [[Ada]] · ada_01, [[Bo]] · bo-2 twice", "- [x] [[Ada]] · ada_01, [[Bo]] · bo-2 twice", true),
        ("- [x] told [[Ada]] & [[Bo]]", "- [x] told [[Ada]] · ada_01 & [[Bo]]", true),
        ("- [x] all of them: [[Ada]] [[Bo]]", "- [x] all of them: [[Ada]] · ada_01 [[Bo]]", true),
    ] {
        let others = if both { OTHERS.replacen("[ ]", "[x]", 1) } else { OTHERS.to_owned() };
        let people: &[&str] = if both { &["Ada", "Bo"] } else { &["Ada"] };
        check(&format!("{line}\n{OTHERS}"), &format!("{written}\n{others}"), people);
    }
}

/// Why the list is refused; nothing where it is not. What is still to go out is refused likewise.
pub fn asked_of(vault: &Vault) -> String {
    let here = Here::of_file(vault, vault.id_of("b.md").unwrap());
    let exists = |_: &str| false;
    let around = Surroundings::new(&exists);
    let mut messages = Messages::prepare::<&str>(&here, &around, &[]).unwrap();
    let words = refresh(&here, &around).map(|_| String::new()).unwrap_or_else(|words| words);
    assert_eq!(messages.without_ticked(&here).map(|_| String::new()).unwrap_or_else(|words| words.to_string()), words);
    words
}

/// What may be a tick of somebody is not read as none: they would be written to again.
#[test]
fn what_may_be_a_tick_is_asked_about() {
    let asked = |inside: &str| asked_of(&with(PEOPLE, inside));
    for line in [
        "- [[Ada]] ✓",
        "- [ ] [[Ada]] · ada_01 ✓",
        "- [ ] [[Ada]] · ada_01 [x]",
        "- [ ] ☑ [[Ada]]",
        "- ~~[[Ada]] · ada_01~~",
        "- x [[Ada]]",
        "-x- Ada",
        "Ada [x]",
        "- ❌ [[Ada]]",
        "- ☒ Ada",
    ] {
        let words = asked(&format!("{line}\n{OTHERS}"));
        assert!(words.contains("is Ada ticked in the list?") && words.contains("`- [x] [[Ada]]`"), "{line}: {words}");
        // A line of theirs that is ticked leaves no doubt.
        assert_eq!(asked(&format!("{line}\n- [x] [[Ada]]\n{OTHERS}")), "", "{line}");
    }
    for line in ["- [x]", "- [x]\n  [[Ada]] · ada_01", "- [x] A da", "☑", "- (x) someone"] {
        assert!(asked(&format!("{line}\n{OTHERS}")).contains("names nobody"), "{line}");
    }
    // Nobody who would be written to, steps below somebody, and signs in a remark.
    for line in
        ["- [x] Zed · zed5", "- [ ] [[Gone]]", "- [ ] [[Ada]] — ✓ once", "- [x] [[Ada]]\n  - [x] sent the photo", "## Done ✓"]
    {
        assert_eq!(asked(&format!("{line}\n{OTHERS}")), "", "{line}");
    }
}

/// A name or a handle may look like a tick and is none.
#[test]
fn names_and_handles_are_no_ticks() {
    let people = "== x.md\n---\nalias: Malcolm X\ntags: [lead]\nwechat: x\n---\n== y.md\n---\nalias: Yo\ntags: [lead]\nwechat: ~~y~~\n---\n";
    let list = "- [ ] [[Malcolm X]] · x\n- [ ] [[Yo]] · ~~y~~\nMalcolm X — agreed\n";
    let vault = with(people, list);
    assert!(left_out(&vault).is_empty());
    assert_eq!(refreshed(&vault), list);
    let here = Here::of_file(&vault, vault.id_of("b.md").unwrap());
    assert!(refresh(&here, &Surroundings::new(&|_| false)).is_ok());
    let ticked = with(people, &list.replace("· x", "· x ✓"));
    let here = Here::of_file(&ticked, ticked.id_of("b.md").unwrap());
    assert!(refresh(&here, &Surroundings::new(&|_| false)).unwrap_err().contains("is Malcolm X ticked"));
}
