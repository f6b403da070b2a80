//! The list in a broadcast: what it looks like before and after, and that nothing is ever lost.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::features::Here;
use guanxi::features::checklist::{Refresh, refresh};
use guanxi::features::diagnostics::Surroundings;
use guanxi::text::edit;
use guanxi::vault::{Change, Vault, VaultPath};
use proptest::prelude::*;

use crate::vault::vault;

const PEOPLE: &str = "\
== ada.md
---
alias: Ada
tags: [lead]
wechat: ada_01
---
== bo.md
---
alias: Bo
tags: [lead]
wechat: bo-2
---
== cy.md
---
alias: Cy
tags: [lead]
wechat: cy3
---
== zoe.md
---
alias: Zoë
aliases: [Zo]
tags: [other]
wechat: zoe
---
";

const HEAD: &str = "---\nto: \"#lead\"\nvia: wechat\n---\nHi {{ alias }}\n";

fn refreshed(vault: &Vault, path: &str) -> Result<(Refresh, String), String> {
    let here = Here::of_file(vault, vault.id(&VaultPath::new(path)).unwrap());
    let exists = |_: &str| false;
    let refresh = refresh(&here, &Surroundings::new(&exists))?;
    let text = edit::apply(here.text(), &refresh.edits);
    Ok((refresh, text))
}

fn with(people: &str, text: &str) -> Vault {
    let mut vault = vault(people);
    vault.apply(Change::Found { path: VaultPath::new("b.md"), text: text.into() });
    vault
}

/// The lines inside the list of a broadcast to `#lead`, after these were there.
fn list(inside: &str) -> String {
    list_of(PEOPLE, inside)
}

fn list_of(people: &str, inside: &str) -> String {
    let text = format!("{HEAD}\n<!-- guanxi:list -->\n{inside}<!-- /guanxi:list -->\n");
    let (_, after) = refreshed(&with(people, &text), "b.md").unwrap();
    let again = refreshed(&with(people, &after), "b.md").unwrap();
    assert_eq!(again.1, after, "a second time changes nothing");
    let from = after.find("list -->\n").unwrap() + 9;
    after[from..after.rfind("<!-- /").unwrap()].to_owned()
}

#[test]
fn a_list_where_none_was() {
    let lines = "- [ ] [[Ada]] · ada_01\n- [ ] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n";
    let block = format!("<!-- guanxi:list -->\n{lines}<!-- /guanxi:list -->");
    for (text, expected) in [
        (HEAD.to_owned(), format!("{HEAD}\n{block}\n")),
        (format!("{HEAD}\n"), format!("{HEAD}\n{block}\n")),
        (HEAD.trim_end().to_owned(), format!("{HEAD}\n{block}")),
        (format!("\u{feff}{}", HEAD.replace('\n', "\r\n")), format!("\u{feff}{HEAD}\n{block}\n").replace('\n', "\r\n")),
        ("---\nto: [lead]\nvia: wechat\n---\nHi\n".to_owned(), format!("---\nto: [lead]\nvia: wechat\n---\nHi\n\n{block}\n")),
    ] {
        let (refresh, after) = refreshed(&with(PEOPLE, &text), "b.md").unwrap();
        assert_eq!(after, expected);
        assert_eq!((refresh.added.len(), refresh.kept), (3, 0));
        let vault = with(PEOPLE, &after);
        assert!(refreshed(&vault, "b.md").unwrap().0.edits.is_empty());
        // Markdown shows no mark of it.
        let body = vault.file(vault.id_of("b.md").unwrap()).document().body();
        assert_eq!(body.links.len(), 3);
    }
    let nobody = with(PEOPLE, "---\nto: \"#lead #other\"\n---\nHi\n");
    assert_eq!(refreshed(&nobody, "b.md").unwrap().0, Refresh::default());
}

#[test]
fn ticks_words_and_order_stay() {
    let inside = "\
Call first:
- [x] [[Cy]] · cy3 — called, busy

* [X]  [[Ada|dear Ada]] · ada_01
    back on Monday
and the others
";
    assert_eq!(
        list(inside),
        "\
Call first:
- [x] [[Cy]] · cy3 — called, busy

* [X]  [[Ada|dear Ada]] · ada_01
    back on Monday
- [ ] [[Bo]] · bo-2
and the others
"
    );
}

#[test]
fn new_ones_come_where_they_belong() {
    assert_eq!(
        list("Leads:\n- [x] [[Bo]] · bo-2\n"),
        "Leads:\n- [ ] [[Ada]] · ada_01\n- [x] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n"
    );
    assert_eq!(list("Leads:\n"), "Leads:\n- [ ] [[Ada]] · ada_01\n- [ ] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n");
}

#[test]
fn who_no_longer_matches_goes_unless_ticked_or_written_at() {
    let all = "- [ ] [[Ada]] · ada_01\n- [ ] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n";
    for (line, after) in [
        ("- [ ] [[Zoë]] · zoe\n", ""),
        ("- [ ] [[Nobody At All]] · old_7\n", ""),
        ("- [x] [[Zoë]] · zoe\n", "- [x] [[Zoë]] · zoe\n"),
        ("- [ ] [[Zoë]] · zoe — says no\n", "- [[Zoë]] · zoe — says no\n"),
        ("- [ ] [[Zoë]] · zoe\n  says no\n", "- [[Zoë]] · zoe\n  says no\n"),
    ] {
        assert_eq!(list(&format!("{all}{line}")), format!("{all}{after}"), "{line}");
    }
    let text =
        format!("{HEAD}<!-- guanxi:list -->\n{all}- [x] [[Zoë]]\n- [ ] [[Zed]] — hm\n- [ ] [[Yet]]\n<!-- /guanxi:list -->\n");
    let refresh = refreshed(&with(PEOPLE, &text), "b.md").unwrap().0;
    assert_eq!((refresh.kept, refresh.added.len()), (3, 0));
    assert_eq!(
        (refresh.dropped, refresh.stays_ticked, refresh.loses_box),
        (vec!["Yet".into()], vec!["Zoë".into()], vec!["Zed".into()])
    );
}

#[test]
fn a_line_is_known_by_its_link_then_by_its_handle() {
    let rest = "- [ ] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n";
    for (line, after) in [
        ("- [x] [[ada]] · ada_01\n", "- [x] [[ada]] · ada_01\n"),
        ("- [x] [[Ada of old]] · ada_01\n", "- [x] [[Ada]] · ada_01\n"),
        ("- [x] [[Ada of old]] · ada_01 — busy\n", "- [x] [[Ada]] · ada_01 — busy\n"),
        ("- [x] [[Ada]] · old_7 — busy\n", "- [x] [[Ada]] · ada_01 — busy\n"),
        ("- [x] [[Ada]] · +1 212 555, busy\n", "- [x] [[Ada]] · ada_01 212 555, busy\n"),
        ("- [x] [[Ada]] — busy\n", "- [x] [[Ada]] · ada_01 — busy\n"),
        ("- [x] [[Ada]] · said hello\n", "- [x] [[Ada]] · ada_01 · said hello\n"),
        ("- [ ] [[Ada]] · ada_01 — one\n- [x] [[Ada]] · ada_01, two\n", "- [x] [[Ada]] · ada_01 — one , two\n"),
    ] {
        assert_eq!(list(&format!("{line}{rest}")), format!("{after}{rest}"), "{line}");
    }
}

/// A word where the handle stands may be an old handle, or somebody's note: what goes is named.
#[test]
fn what_was_taken_for_an_old_handle_is_told() {
    let told = |head: &str, line: &str| {
        let text = format!("{head}<!-- guanxi:list -->\n{line}\n<!-- /guanxi:list -->\n");
        let refresh = refreshed(&with(PEOPLE, &text), "b.md").unwrap().0;
        refresh.old_handles.iter().map(|(name, word)| format!("{name} {word}")).collect::<Vec<_>>().join(", ")
    };
    for (line, expected) in [
        ("- [x] [[Ada]] · 3pm — busy", "Ada 3pm"),
        ("- [x] [[Ada]] · ada_01 — 3pm", ""),
        ("- [ ] [[Ada]] · call again", ""),
        ("- [ ] [[Ada]] · ada_01\n- [x] [[Ada]] · 3pm", "Ada 3pm"),
        ("- [ ] [[Zoë]] · 3pm", "Zoë 3pm"),
        ("- [x] [[Zoë]] · 3pm", ""),
    ] {
        assert_eq!(told(HEAD, line), expected, "{line}");
    }
    // Without a channel there are no handles: every word is somebody's.
    assert_eq!(told("---\nto: \"#lead\"\n---\nHi\n", "- [ ] [[Ada]] · 3pm"), "");
}

#[test]
fn two_of_one_name_are_two_lines() {
    let people = format!("{PEOPLE}== team/ada.md\n---\nalias: Ada\ntags: [lead]\nwechat: ada_02\n---\n");
    let both = list_of(&people, "");
    assert_eq!(both, "- [ ] [[/ada]] · ada_01\n- [ ] [[team/ada]] · ada_02\n- [ ] [[Bo]] · bo-2\n- [ ] [[Cy]] · cy3\n");
}

#[test]
fn what_cannot_be_told_is_refused_in_words() {
    let refused = |inside: &str| refreshed(&with(PEOPLE, &format!("{HEAD}{inside}")), "b.md").unwrap_err();
    let (open, close) = ("<!-- guanxi:list -->\n", "<!-- /guanxi:list -->\n");
    for (text, words) in [
        (format!("{open}- [ ] [[Ada]]\n"), "has no end"),
        (close.to_owned(), "begins nowhere"),
        (format!("{open}{open}{close}"), "inside a list"),
        (format!("{open}{close}{open}{close}"), "a second list"),
        (format!("- {open}"), "a line of its own"),
        (format!("{open}<<<<<<< HEAD\n- [x] [[Ada]]\n{close}"), "merge conflict"),
        (format!("{open}=======\n{close}"), "merge conflict"),
        (format!("{open}- [x] [[Nobody At All]] · old_7\n{close}"), "no contact is called Nobody At All"),
    ] {
        assert!(refused(&text).contains(words), "{text}: {}", refused(&text));
    }
    let ticked = format!("{HEAD}{open}- [x] [[Ada]]\n{close}");
    let twins = format!("{PEOPLE}== ada-2.md\n---\nalias: Ada\ntags: [lead]\nwechat: ada_02\n---\n");
    assert!(refreshed(&with(&twins, &ticked), "b.md").unwrap_err().contains("write which of them is meant"));
    let told = format!("{HEAD}{open}- [x] [[Ada]] · ada_02\n{close}");
    assert!(refreshed(&with(&twins, &told), "b.md").unwrap().1.contains("- [x] [[ada-2]] · ada_02\n"));
}

#[test]
fn hostile_names_keep_to_their_lines_and_are_found_again() {
    let long = "x".repeat(10_000);
    let people = format!(
        "== a.md\n---\nalias: \"Ada\\n- [x] [[Bo]]\"\ntags: [lead]\nwechat: \"a\\n<!-- /guanxi:list -->\"\n---\n\
         == bo.md\n---\nalias: Bo\ntags: [lead]\nwechat: bo\n---\n\
         == c.md\n---\nalias: '\"><script>alert(1)</script>'\ntags: [lead]\nwechat: c\n---\n\
         == d.md\n---\nalias: {long}\ntags: [lead]\nwechat: d\n---\n\
         == e.md\n---\nalias: שלום עולם\ntags: [lead]\nwechat: e\n---\n\
         == f.md\n---\nalias: \"\\u202egnp.exe\"\ntags: [lead]\nwechat: f\n---\n\
         == g.md\n---\nalias: \"{{{{ tags }}}}\"\ntags: [lead]\nwechat: g\n---\n"
    );
    let lines = list_of(&people, "");
    assert_eq!(lines.lines().count(), 7, "{lines}");
    for link in ["[[a]] · a <!-- /guanxi:list -->", "[[Bo]]", "[[c]]", "[[d]]", "[[שלום עולם]]", "[[f]]", "[[{{ tags }}]]"]
    {
        assert!(lines.contains(link), "{link} in {lines}");
    }
    let all = lines.replace("[ ]", "[x]");
    assert_eq!(list_of(&people, &all), all);
}

#[test]
fn a_file_whose_name_is_no_link_is_named() {
    let people = "== a[1].md\n---\nalias: \"A [1]\"\ntags: [lead]\nwechat: a\n---\n";
    assert!(refreshed(&with(people, HEAD), "b.md").unwrap_err().contains("no link leads to A [1] alone (a[1].md)"));
}

/// What happens to a broadcast over its life.
#[derive(Clone, Debug)]
enum Step {
    Tick(usize),
    Write(usize),
    Tag(usize, bool),
    Rename(usize),
    Shuffle,
    Double(usize),
    Refresh,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..8usize).prop_map(Step::Tick),
        1 => (0..8usize).prop_map(Step::Write),
        3 => (0..8usize, any::<bool>()).prop_map(|(who, has)| Step::Tag(who, has)),
        1 => (0..8usize).prop_map(Step::Rename),
        1 => Just(Step::Shuffle),
        1 => (0..8usize).prop_map(Step::Double),
        3 => Just(Step::Refresh),
    ]
}

/// A line's person, by the handle in it: handles never change here, names do.
fn who(line: &str) -> Option<usize> {
    let handle = line.find("handle_")? + 7;
    line[handle..handle + 1].parse().ok()
}

fn changed(text: &str, change: impl Fn(&mut Vec<String>)) -> String {
    let Some(from) = text.find("list -->").map(|at| text[at..].find('\n').unwrap() + at + 1) else { return text.to_owned() };
    let to = text.find("<!-- /").unwrap();
    let mut lines: Vec<String> = text[from..to].split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    format!("{}{}{}", &text[..from], lines.concat(), &text[to..])
}

proptest! {
    #![proptest_config(crate::law(300))]
    #[test]
    fn no_tick_is_lost_nobody_is_twice_nobody_is_missing(steps in prop::collection::vec(step(), 1..40), crlf: bool, last: bool) {
        let newline = if crlf { "\r\n" } else { "\n" };
        let before = "\u{feff}---\nto: \"#lead\"\nvia: wechat\n---\nHi {{ alias }}\n".replace('\n', newline);
        let mut text = if last { before.clone() } else { before.trim_end().to_owned() };
        let mut has = [true, true, true, false, false, true, false, true];
        let mut names = [0usize; 8];
        let mut ticked: BTreeSet<usize> = BTreeSet::new();
        let mut words: BTreeMap<usize, String> = BTreeMap::new();
        for (number, step) in steps.into_iter().chain([Step::Refresh]).enumerate() {
            match step {
                Step::Tag(who, carries) => has[who] = carries,
                Step::Rename(who) => names[who] = number + 1,
                Step::Tick(one) => text = changed(&text, |lines| lines.iter_mut().filter(|line| who(line) == Some(one)).for_each(|line| *line = line.replace("[ ]", "[x]"))),
                Step::Write(one) => text = changed(&text, |lines| if let Some(line) = lines.iter_mut().find(|line| who(line) == Some(one) && line.contains("] [[")) {
                    let word = format!(" — word{number}");
                    *line = format!("{}{word}{newline}", line.trim_end());
                }),
                Step::Shuffle => text = changed(&text, |lines| lines.reverse()),
                Step::Double(one) => text = changed(&text, |lines| if let Some(line) = lines.iter().find(|line| who(line) == Some(one)).cloned() { lines.push(line.replace("[ ]", "[X]")) }),
                Step::Refresh => {
                    let people: String = (0..8).map(|one| {
                        let tag = if has[one] { "lead" } else { "other" };
                        format!("== p{one}.md\n---\nalias: P{one} named {}\ntags: [{tag}]\nwechat: handle_{one}\n---\n", names[one])
                    }).collect();
                    let vault = with(&format!("{people}== q.md\n---\nalias: Q\ntags: [lead]\nwechat: q\nopt_out: true\n---\n"), &text);
                    for line in text.lines().filter(|line| line.contains("] [[")) {
                        let one = who(line).unwrap();
                        if line.contains("[x]") || line.contains("[X]") { ticked.insert(one); }
                        if let Some(at) = line.find(" — ") { words.insert(one, line[at..].to_owned()); }
                    }
                    let was_there: BTreeSet<usize> = text.lines().filter(|line| line.contains("] [[")).filter_map(who).collect();
                    let (refresh, after) = refreshed(&vault, "b.md").unwrap();
                    let start = after.find("<!--").unwrap_or(after.len());
                    prop_assert!(after.starts_with(&before[..before.trim_end().len()]) && text[..start.min(text.len())] == after[..start.min(text.len())]);
                    prop_assert_eq!(after.matches('\n').count(), after.matches(newline).count());
                    prop_assert_eq!(after.ends_with('\n'), text.ends_with('\n'));
                    let boxes: Vec<&str> = after.lines().filter(|line| line.contains("] [[")).collect();
                    let there: Vec<usize> = boxes.iter().filter_map(|line| who(line)).collect();
                    let set: BTreeSet<usize> = there.iter().copied().collect();
                    prop_assert_eq!(there.len(), set.len(), "somebody is twice in {}", after);
                    for (one, &has) in has.iter().enumerate() {
                        let line = boxes.iter().find(|line| who(line) == Some(one));
                        let is_ticked = line.is_some_and(|line| line.contains("[x]") || line.contains("[X]"));
                        prop_assert_eq!(line.is_some(), has || ticked.contains(&one), "{} in {}", one, after);
                        prop_assert_eq!(is_ticked, ticked.contains(&one), "{} in {}", one, after);
                        if let Some(word) = words.get(&one).filter(|_| was_there.contains(&one)) {
                            prop_assert!(after.contains(word.split(" — ").last().unwrap()), "{} in {}", word, after);
                        }
                    }
                    prop_assert_eq!(refresh.stays_ticked.len(), set.iter().filter(|one| !has[**one]).count());
                    text = after;
                }
            }
        }
    }
}
