//! Renaming a tag: everywhere it is written, nowhere else, and never by accident into another.

use guanxi::features::rename_tag::{RenameError, rename};
use guanxi::vault::Vault;

use crate::vault::vault;

const VAULT: &str = "== guanxi.yaml
tags:
  known:
    lead: Could buy # soon
    event: Met
broadcast:
  exclude: '#event/old'
== a.md
---
alias: A
tags: [lead, \"event/ces\", leads]   # lead
---
#lead #leads `#lead` [[lead]] #event/ces
```guanxi
#lead -#\"event\" lead
```
== b.md
---
alias: B
tags:
  - LEAD
  - event/old
---
== to.md
---
to: \"#lead (tag:=event | #event/ces)\"
---
Dear lead
== two.md
---
to: [lead, event]
---
";

fn after(vault: &Vault, old: &str, new: &str, merge: bool) -> String {
    match rename(vault, old, new, merge) {
        Ok(plan) => {
            assert!(plan.refused.is_empty(), "{:?}", plan.refused);
            plan.edits
                .iter()
                .map(|edits| format!("== {}\n{}", vault.file(edits.file).path(), edits.result(vault)))
                .collect::<String>()
                + &plan.notes.join("\n")
        }
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn everywhere_and_nowhere_else() {
    let vault = vault(VAULT);
    let expected = VAULT
        .replace("    lead: Could", "    prospect: Could")
        .replace("[lead, \"event/ces\"", "[prospect, \"event/ces\"")
        .replace("#lead #leads `#lead`", "#prospect #leads `#lead`")
        .replace("#lead -#", "#prospect -#")
        .replace("- LEAD", "- prospect")
        .replace("\"#lead (", "\"#prospect (")
        .replace("to: [lead,", "to: [prospect,");
    let result = after(&vault, "lead", "prospect", false);
    for part in expected.split("== ").filter(|part| !part.is_empty()) {
        assert!(result.contains(part), "{part}\n--- is not in ---\n{result}");
    }
}

#[test]
fn children_follow() {
    let vault = vault(VAULT);
    let result = after(&vault, "event", "meeting", false);
    for part in [
        "    meeting: Met",
        "exclude: '#meeting/old'",
        "\"meeting/ces\"",
        "- meeting/old",
        "#meeting/ces\n```",
        "-#meeting lead",
        "(tag:=meeting | #meeting/ces)",
        "to: [lead, meeting]",
    ] {
        assert!(result.contains(part), "{part} is not in\n{result}");
    }
    assert!(!result.contains("event"), "{result}");
}

#[test]
fn merging_is_only_done_when_meant_and_leaves_no_tag_twice() {
    let vault = vault(VAULT);
    assert!(matches!(rename(&vault, "lead", "leads", false), Err(RenameError::Exists(tags)) if tags == ["leads"]));
    let result = after(&vault, "lead", "leads", true);
    assert!(result.contains("tags: [\"event/ces\", leads]   # lead"), "{result}");
}

#[test]
fn changing_case_alone_is_no_merge() {
    let vault = vault("== a.md\n---\nalias: A\ntags: [lead]\n---\n");
    assert_eq!(after(&vault, "LEAD", "Lead", false), "== a.md\n---\nalias: A\ntags: [Lead]\n---\n");
}

#[test]
fn what_cannot_be_is_refused() {
    let vault = vault(VAULT);
    assert!(matches!(rename(&vault, "laed", "x", false), Err(RenameError::Unknown(near)) if near == ["lead"]));
    for bad in ["", " ", "#x", "a,b", "a\nb", "a//b"] {
        assert!(matches!(rename(&vault, "lead", bad, false), Err(RenameError::Invalid(_))), "{bad:?}");
    }
    let blanks = after(&vault, "lead", "hot lead", false);
    assert!(
        blanks.contains("[hot lead, ")
            && blanks.contains("#lead stays in the text")
            && blanks.contains("to: \"#\\\"hot lead\\\" ("),
        "{blanks}"
    );
}
