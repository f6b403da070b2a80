//! Changes over many files that end in the middle: nobody becomes a recipient, and the same command completes them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use guanxi::cli::{load, rules};
use guanxi::disk::{Halt, Write, Writing, to_disk};
use guanxi::features::recipients::recipients;
use guanxi::features::rename_tag::{Step, rename, steps};
use guanxi::vault::query::Query;
use guanxi::vault::{Coverage, Vault};

use super::Desk;

const VAULT: &str = "== guanxi.yaml
tags:
  known:
    no: Never gets a broadcast # really
    lead: Buys
broadcast:
  exclude: \"#no\"
== a.md
---
alias: Ann
tags: [lead, no]
emails: [ann@x.example]
---
#no
== b.md
---
alias: Bo
tags:
  - lead # hot
  - no/gdpr # wrote a letter
emails: [bo@x.example]
---
== c.md
---
alias: Cy
tags: lead
emails: [cy@x.example]
---
== d.md
---
alias: Di
tags: [lead, no]
emails: [di@x.example]
---
== to.md
---
to: \"#lead -#no\"
via: email
subject: Hello
---
Hello
== z.md
```guanxi
#lead -#no
```
";

/// Everything in a folder, hidden files too.
fn contents(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        found.insert(entry.file_name().into_string().unwrap(), text);
    }
    found
}

fn vault_of(desk: &Desk) -> Vault {
    load(desk.root(), &rules(desk.root()), Coverage::Whole)
}

/// Who gets a message to everybody with the tag `lead`; nobody where the broadcast refuses.
fn reached(vault: &Vault) -> Vec<String> {
    let Ok(answer) = recipients(vault, &Query::parse("#lead").unwrap(), Some("email")) else { return Vec::new() };
    answer.chosen.iter().map(|recipient| vault.file(recipient.file).alias().to_owned()).collect()
}

fn planned(vault: &Vault, old: &str, new: &str) -> Vec<Step> {
    let plan = rename(vault, old, new, false).unwrap();
    assert!(plan.refused.is_empty() && plan.differences.is_empty(), "{plan:?}");
    steps(vault, &plan.edits, old, new).unwrap()
}

/// Makes the first `most` writes of the renaming, as if the process were killed then.
fn begin(desk: &Desk, old: &str, new: &str, most: usize) -> Result<(), Halt> {
    let steps = planned(&vault_of(desk), old, new);
    let writes: Vec<Write<'_>> = steps
        .iter()
        .map(|step| Write { path: to_disk(desk.root(), &step.path), old: step.old.as_deref(), new: step.new.as_deref() })
        .collect();
    let mut left = most;
    let writing = Writing::begin(desk.root(), Duration::ZERO, &mut || {}).unwrap();
    writing.carry_out(&writes, &mut || {
        left = left.wrapping_sub(1);
        left == usize::MAX
    })
}

fn ends_well_wherever_it_stops(picture: &str, old: &str, new: &str) {
    let whole = Desk::new(picture);
    assert_eq!(reached(&vault_of(&whole)), ["Cy"]);
    let count = planned(&vault_of(&whole), old, new).len();
    assert_eq!(begin(&whole, old, new, usize::MAX - 1), Ok(()));
    assert_eq!(reached(&vault_of(&whole)), ["Cy"]);
    for most in 0..count {
        let desk = Desk::new(picture);
        assert_eq!(begin(&desk, old, new, most), Err(Halt::Stopped(most)));
        let reached = reached(&vault_of(&desk));
        assert_eq!(reached, if most == 0 { vec!["Cy"] } else { Vec::new() }, "after {most} writes");
        if most > 0 {
            let said = desk.run(&["broadcast", "list", "#lead"]);
            assert!(said.code == 2 && said.err.contains(&format!("guanxi tag rename '{old}' '{new}'")), "{}", said.err);
            let other = desk.run(&["tag", "rename", "lead", "prospect"]);
            assert!(other.code == 2 && other.err.contains("complete that first"), "{}", other.err);
        }
        let said = desk.run(&["tag", "rename", old, new]);
        assert_eq!(said.code, 0, "after {most} writes: {}", said.err);
        assert_eq!(contents(desk.root()), contents(whole.root()), "after {most} writes");
    }
}

#[test]
fn an_interrupted_renaming_lets_nobody_in_and_is_completed() {
    ends_well_wherever_it_stops(VAULT, "no", "never");
    // Below itself, where what is done has a name that is still to be renamed.
    ends_well_wherever_it_stops(VAULT, "no", "no/more");
    ends_well_wherever_it_stops(VAULT, "no", "No");
    // Odd beginnings of the settings, each kept to the byte.
    for (from, to) in [("tags:\n  known", "---\ntags:\n  known"), ("tags:\n  known", "\u{feff}tags:\n  known"), ("\n", "\r\n")] {
        ends_well_wherever_it_stops(&VAULT.replacen(from, to, if from == "\n" { 7 } else { 1 }), "no", "never");
    }
}

/// Without settings only a broadcast's own query keeps people out. The settings that the mark needs come and go.
#[test]
fn a_vault_without_settings_has_none_afterwards() {
    let picture = VAULT.split_once("== a.md").map(|(_, rest)| format!("== a.md{rest}")).unwrap();
    let count = planned(&vault_of(&Desk::new(&picture)), "no", "never").len();
    for most in 0..=count {
        let desk = Desk::new(&picture);
        let _ = begin(&desk, "no", "never", most);
        let said = desk.run(&["broadcast", "list", "to.md", "--format", "names"]);
        let is_whole = most == 0 || most == count;
        assert_eq!((said.out.as_str(), said.code), if is_whole { ("Cy\n", 0) } else { ("", 2) }, "after {most}: {}", said.err);
        assert_eq!(desk.path("guanxi.yaml").exists(), !is_whole);
        assert_eq!(desk.run(&["tag", "rename", "no", "never"]).code, if most == count { 2 } else { 0 });
        assert!(!desk.path("guanxi.yaml").exists() && desk.text("to.md").contains("-#never"));
    }
}

#[test]
fn names_that_would_be_renamed_twice_are_refused() {
    let desk = Desk::new("== a.md\n---\nalias: A\ntags: [lead]\n---\n== b.md\n---\nalias: B\ntags: [lead/hot]\n---\n");
    let said = desk.run(&["tag", "rename", "lead", "lead/hot"]);
    assert!(said.code == 2 && said.err.contains("give `lead/hot` another name first"), "{}", said.err);
}

/// The real thing, killed at random moments.
#[cfg(unix)]
#[test]
fn a_killed_renaming_lets_nobody_in() {
    let mut picture = VAULT.to_owned();
    for number in 0..40 {
        picture
            .push_str(&format!("== p{number}.md\n---\nalias: P{number}\ntags: [lead, no]\nemails: [p{number}@x.example]\n---\n"));
    }
    let whole = Desk::new(&picture);
    assert_eq!(whole.run(&["tag", "rename", "no", "never"]).code, 0);
    for round in 0..12 {
        let desk = Desk::new(&picture);
        let mut child = desk.command(&["tag", "rename", "no", "never"]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 + 9 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let reached = reached(&vault_of(&desk));
        assert!(reached.is_empty() || reached == ["Cy"], "{reached:?}");
        let again = desk.run(&["tag", "rename", "no", "never"]);
        assert!(again.code == 0 || again.err.contains("no contact has the tag `no`"), "{}", again.err);
        // A temporary file that a kill after the last write leaves is gone with the next command that writes.
        assert_eq!(desk.run(&["tag", "add", "lead", "Ann"]).code, 0);
        assert_eq!(contents(desk.root()), contents(whole.root()), "round {round}");
    }
}

/// A signal lets the file that is being written become whole, and then ends the command.
#[cfg(unix)]
#[test]
fn a_signal_stops_between_two_files() {
    let mut picture = VAULT.to_owned();
    for number in 0..150 {
        picture.push_str(&format!("== p{number}.md\n---\nalias: P{number}\ntags: [lead]\n---\n"));
    }
    let mut stopped = 0;
    for (round, signal) in ["INT", "TERM", "HUP"].into_iter().cycle().take(9).enumerate() {
        let desk = Desk::new(&picture);
        let mut command = desk.command(&["tag", "add", "vip", "--where", "#lead"]);
        let child = command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(30 + 25 * round as u64));
        let sent = std::process::Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            // Before the first write, or after the last one.
            None | Some(0) => {}
            Some(2) => {
                assert!(said.contains("stopped"), "{said}");
                stopped += usize::from(said.contains("run the same command again"));
            }
            code => panic!("{code:?} {said}"),
        }
        assert!(contents(desk.root()).keys().all(|name| !name.starts_with('.')));
        let again = desk.run(&["tag", "add", "vip", "--where", "#lead"]);
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(desk.text("p149.md").contains("[lead, vip]") && desk.text("a.md").contains("[lead, no, vip]"));
    }
    assert!(stopped > 0, "no signal came in the middle");
}
