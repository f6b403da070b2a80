//! Two people at one list, each on a branch of their own: what real git makes of it, and that no tick is lost.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::{Desk, said};

const COUNT: usize = 8;

/// git in a vault, away from this machine's settings.
fn git(desk: &Desk, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new("git");
    command.current_dir(desk.root()).args(["-c", "user.name=Robin", "-c", "user.email=robin@glim.example"]);
    command.args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]).args(arguments).stdin(Stdio::null());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", desk.path("no-such-settings")).env("LC_ALL", "C");
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn done(desk: &Desk, arguments: &[&str]) {
    let (is_done, said) = git(desk, arguments);
    assert!(is_done, "git {arguments:?}: {said}");
}

fn there_is_git() -> bool {
    let answers = Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    assert!(answers || std::env::var_os("CI").is_none(), "git is needed here");
    if !answers {
        println!("SKIPPED: there is no git");
    }
    answers
}

fn person(number: usize, alias: &str) -> String {
    format!("---\nalias: {alias}\ntags: [lead]\nwechat: handle_{number}\n---\n")
}

/// A vault under git, with a list that has everybody in it.
fn desk() -> Desk {
    let desk = Desk::new("== guanxi.yaml\n\n== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHi {{ alias }}\n");
    for number in 0..COUNT {
        std::fs::write(desk.path(&format!("p{number}.md")), person(number, &format!("P{number}"))).unwrap();
    }
    assert_eq!(desk.run(&["broadcast", "refresh", "b.md"]).code, 0);
    done(&desk, &["init", "-q", "-b", "main"]);
    done(&desk, &["add", "."]);
    done(&desk, &["commit", "-qm", "all"]);
    desk
}

/// What somebody does on a branch.
#[derive(Clone, Debug)]
struct Work {
    ticks: BTreeSet<usize>,
    note: Option<usize>,
    renames: Option<usize>,
    joins: bool,
    is_sorted_backwards: bool,
}

fn work() -> impl Strategy<Value = Work> {
    let one = || prop::option::of(0..COUNT);
    let backwards = prop::bool::weighted(0.2);
    (prop::collection::btree_set(0..COUNT, 0..5), one(), one(), any::<bool>(), backwards)
        .prop_map(|(ticks, note, renames, joins, is_sorted_backwards)| Work { ticks, note, renames, joins, is_sorted_backwards })
}

fn is_line_of(line: &str, number: usize) -> bool {
    line.contains(&format!("handle_{number}"))
}

/// Does it on a branch, and leaves it committed.
fn branch(desk: &Desk, name: &str, work: &Work) {
    done(desk, &["checkout", "-q", "-b", name, "main"]);
    if let Some(number) = work.renames {
        std::fs::write(desk.path(&format!("p{number}.md")), person(number, &format!("P{number} of {name}"))).unwrap();
    }
    if work.joins {
        let number = if name == "ours" { COUNT } else { COUNT + 1 };
        std::fs::write(desk.path(&format!("p{number}.md")), person(number, &format!("P{number}"))).unwrap();
        assert_eq!(desk.run(&["broadcast", "refresh", "b.md"]).code, 0);
    }
    let mut lines: Vec<String> = desk.text("b.md").lines().map(str::to_owned).collect();
    for line in lines.iter_mut().filter(|line| line.starts_with("- [ ]")) {
        if work.ticks.iter().any(|&number| is_line_of(line, number)) {
            *line = line.replace("- [ ]", "- [x]");
        }
        if work.note.is_some_and(|number| is_line_of(line, number)) {
            line.push_str(&format!(" — word of {name}"));
        }
    }
    if work.is_sorted_backwards {
        let marks =
            lines.iter().position(|line| line.contains("<!-- g")).zip(lines.iter().position(|line| line.contains("<!-- /")));
        let (from, to) = marks.unwrap();
        lines[from + 1..to].reverse();
    }
    std::fs::write(desk.path("b.md"), lines.join("\n") + "\n").unwrap();
    done(desk, &["add", "."]);
    done(desk, &["commit", "-q", "--allow-empty", "-m", name]);
}

/// Merges both, by hand where git asks for it, and holds the list against what was done.
fn merged(ours: &Work, theirs: &Work) -> bool {
    let desk = desk();
    branch(&desk, "ours", ours);
    branch(&desk, "theirs", theirs);
    done(&desk, &["checkout", "-q", "ours"]);
    let is_clean = git(&desk, &["merge", "-q", "-m", "both", "theirs"]).0;
    // Both gave one person another name: somebody must choose, and chooses theirs.
    if let (Some(one), true) = (ours.renames, ours.renames == theirs.renames) {
        done(&desk, &["checkout", "--theirs", "--", &format!("p{one}.md")]);
    }
    let text = desk.text("b.md");
    let has_marks = text.contains("<<<<<<<");
    if has_marks {
        let refused = desk.run(&["broadcast", "refresh", "b.md"]);
        assert!(refused.code == 2 && refused.err.contains("merge conflict"), "{}", refused.err);
        assert_eq!(desk.text("b.md"), text);
        let is_mark = |line: &&str| ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark));
        let kept: Vec<&str> = text.lines().filter(|line| !is_mark(line)).collect();
        std::fs::write(desk.path("b.md"), kept.join("\n") + "\n").unwrap();
    }
    assert!(is_clean || has_marks || ours.renames.is_some(), "{text}");
    let refreshed = desk.run(&["broadcast", "refresh", "b.md"]);
    assert_eq!(refreshed.code, 0, "{}\n{}", refreshed.err, desk.text("b.md"));
    let after = desk.text("b.md");
    let lines: Vec<&str> = after.lines().filter(|line| line.contains("] [[")).collect();
    let all = (0..COUNT).chain(ours.joins.then_some(COUNT)).chain(theirs.joins.then_some(COUNT + 1));
    let mut count = 0;
    for number in all {
        let own: Vec<&&str> = lines.iter().filter(|line| is_line_of(line, number)).collect();
        assert_eq!(own.len(), 1, "{number} is there once in\n{after}");
        let is_ticked = ours.ticks.contains(&number) || theirs.ticks.contains(&number);
        assert_eq!(own[0].starts_with("- [x]"), is_ticked, "{number} in\n{after}\nof\n{text}");
        for (work, name) in [(ours, "ours"), (theirs, "theirs")] {
            let is_noted = work.note == Some(number);
            assert_eq!(own[0].contains(&format!("word of {name}")), is_noted, "{number} in\n{after}\nof\n{text}");
        }
        count += 1;
    }
    assert_eq!(lines.len(), count, "{after}");
    let again = said(desk.command(&["broadcast", "refresh", "b.md"]));
    assert!(again.err.contains("nothing to change"), "{}", again.err);
    has_marks
}

fn ticks(numbers: &[usize]) -> Work {
    Work { ticks: numbers.iter().copied().collect(), note: None, renames: None, joins: false, is_sorted_backwards: false }
}

#[test]
fn ticks_of_two_branches_are_in_the_list_that_git_makes_of_both() {
    if !there_is_git() {
        return;
    }
    // Far apart, git needs nobody. Side by side, it leaves both and asks.
    assert!(!merged(&ticks(&[0]), &ticks(&[7])));
    assert!(merged(&ticks(&[3]), &ticks(&[4])));
    assert!(!merged(&ticks(&[2, 3]), &ticks(&[2, 3])));
    assert!(merged(&ticks(&[1]), &Work { is_sorted_backwards: true, ..ticks(&[6]) }));
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..crate::law(12) })]
    #[test]
    fn no_tick_of_any_two_branches_is_lost(ours in work(), theirs in work()) {
        if there_is_git() {
            merged(&ours, &theirs);
        }
    }
}
