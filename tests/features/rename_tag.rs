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

#[test]
fn the_new_name_may_lie_below_the_old_one() {
    let vault = vault(
        "== guanxi.yaml\ntags:\n  known:\n    lead: x\n    lead/hot: y # z\n== a.md\n---\nalias: A\ntags: [lead, lead/hot]\n---\n",
    );
    assert_eq!(
        after(&vault, "lead", "lead/hot", false),
        "== a.md\n---\nalias: A\ntags: [lead/hot, lead/hot/hot]\n---\n== guanxi.yaml\ntags:\n  known:\n    lead/hot: x\n    lead/hot/hot: y # z\n"
    );
}

#[test]
fn a_vocabulary_merges_too() {
    for (known, expected) in
        [("    lead: x\n    leads: y\n", "    leads: y\n"), ("    - lead\n    - leads # y\n", "    - leads # y\n")]
    {
        let vault = vault(&format!("== guanxi.yaml\ntags:\n  known:\n{known}watch: off\n"));
        assert_eq!(after(&vault, "lead", "leads", true), format!("== guanxi.yaml\ntags:\n  known:\n{expected}watch: off\n"));
    }
}

#[test]
fn a_parent_that_others_are_below_is_a_merge() {
    // A query for the new name would mean more people than the old one did.
    let vault = vault("== a.md\n---\nalias: A\ntags: [event/ces]\n---\n== b.md\n---\nalias: B\ntags: [Meeting/x]\n---\n");
    assert!(matches!(rename(&vault, "event", "meeting", false), Err(RenameError::Exists(tags)) if tags == ["Meeting"]));
    assert!(rename(&vault, "event/ces", "event/fair", false).is_ok());
}

#[test]
fn a_mention_stays_where_the_new_name_cannot_stand_in_text() {
    let vault = vault("== a.md\n---\nalias: A\ntags: [y, y/ces]\n---\n#y #y/ces #y\n");
    assert_eq!(
        after(&vault, "y", "2026", false),
        "== a.md\n---\nalias: A\ntags: [\"2026\", 2026/ces]\n---\n#y #2026/ces #y\na.md: #y stays in the text: `2026` cannot stand there"
    );
}

#[test]
fn a_faulty_head_is_named_and_nothing_is_changed() {
    let vault = vault("== a.md\n---\nalias: A\ntags: [lead]\norg: [P\n---\n== b.md\n---\nalias: B\norg: [P\n---\n#lead\n");
    let plan = rename(&vault, "lead", "x", false).unwrap();
    let refused: Vec<_> = plan.refused.iter().map(|(id, why)| format!("{}: {}", vault.file(*id).path(), why.message)).collect();
    assert!(refused.len() == 1 && refused[0].starts_with("a.md: fix the front matter first"), "{refused:?}");
}

/// A query over several lines keeps its lines, and what stands around it.
#[test]
fn queries_over_lines_stay_as_they_are_written() {
    for (to, expected) in [
        ("|\n  #lead OR\n    #x", "|\n  #hot OR\n    #x"),
        (">- # whom\n  #x\n\n  -#lead/warm", ">- # whom\n  #x\n\n  -#hot/warm"),
        ("has:alias\n  (#lead|#x) # whom", "has:alias\n  (#hot|#x) # whom"),
    ] {
        let with = |to: &str, tag: &str| {
            format!("== a.md\n---\nalias: A\ntags: [{tag}/warm, x]\n---\n== t.md\n---\nto: {to}\nvia: email\n---\n")
        };
        assert_eq!(after(&vault(&with(to, "lead")), "lead", "hot", false), with(expected, "hot"), "{to}");
    }
    let config = |tag: &str| {
        format!("== guanxi.yaml\ntags:\n  known: [{tag}]\nbroadcast:\n  exclude: >-\n    #{tag}\n    | #{tag}/cold\nwatch: off\n")
    };
    assert_eq!(after(&vault(&config("lead")), "lead", "hot", false), config("hot"));
}

/// A list of tags any of which excludes, in the settings and in a broadcast.
#[test]
fn lists_of_excluded_tags_are_renamed() {
    let text = |tag: &str| {
        format!(
            "== a.md\n---\nalias: A\ntags: [{tag}/x]\n---\n== guanxi.yaml\nbroadcast:\n  exclude: [{tag}, other] # never\n== m.md\n---\nto: \"#x\"\nexclude:\n  - {tag}/x # not these\n  - other\n---\n== n.md\n---\nto: \"#x\"\nexclude: '#{tag}'\n---\n"
        )
    };
    assert_eq!(after(&vault(&text("no")), "no", "never", false), text("never"));
}

#[test]
fn whom_queries_match_otherwise_is_told() {
    let people = "== a.md\n---\nalias: A\ntags: [x, no]\n---\n== b.md\n---\nalias: B\ntags: [no/gdpr]\n---\n";
    let told = |asking: &str, old: &str, new: &str| -> Vec<String> {
        let plan = rename(&vault(&format!("{people}{asking}")), old, new, false).unwrap();
        plan.differences.iter().map(|difference| difference.words()).collect()
    };
    let block = "== n.md\n```guanxi\n#x -#no/gdpr\n```\n```guanxi\ntag:/^no/\n```\n";
    assert_eq!(told(block, "no", "never"), ["the query block in n.md no longer matches 2 contacts (A, B)"]);
    assert_eq!(told("== m.md\n---\nto: \"-#no\"\n---\n", "no/gdpr", "gdpr"), ["`to` in m.md would also match 1 contact (B)"]);
    assert_eq!(
        told("== m.md\n---\nto: x\nexclude: [no]\n---\n", "no/gdpr", "gdpr"),
        ["`exclude` in m.md no longer matches 1 contact (B)"]
    );
    assert_eq!(
        told("== guanxi.yaml\nbroadcast:\n  exclude: [x, no]\n", "no/gdpr", "gdpr"),
        ["`broadcast.exclude` in guanxi.yaml no longer matches 1 contact (B)"]
    );
    // Queries that name the tag follow it: nothing differs.
    let asking = "== guanxi.yaml\nbroadcast:\n  exclude: \"#no/gdpr (tag:=no | -#x)\"\n== m.md\n---\nto: \"#x -#no\"\n---\n";
    assert_eq!(told(asking, "no", "never"), [""; 0]);
    assert_eq!(told(asking, "no", "no/more"), [""; 0]);
}

/// Files that are not rewritten keep the old name, or a near miss of it: their "no" would be forgotten.
#[test]
fn a_no_in_a_file_that_stays_is_not_forgotten() {
    use guanxi::vault::{Change, VaultPath};
    let told = |inside: &str, beside: &[(&str, &str)], new: &str| -> Vec<String> {
        let settings = "== guanxi.yaml\ntags:\n  known: [no-mailx]\nbroadcast:\n  exclude: \"#no-mails\"\n";
        let mut vault = vault(&format!("{settings}== a.md\n---\nalias: A\ntags: [no-mails]\n---\n{inside}"));
        for (path, text) in beside {
            vault.apply(Change::Beside { path: VaultPath::new(path), text: Some((*text).into()) });
        }
        rename(&vault, "no-mails", new, false).unwrap().differences.iter().map(|difference| difference.words()).collect()
    };
    let says =
        |names: &str| vec![format!("the exclusion by `no-mails`, in files that stay as they are, no longer matches {names}")];
    assert_eq!(told("", &[], "never"), [""; 0]);
    let one = says("1 contact (Z)");
    // The tag itself, glued, with a slip of one sign; a note with misplaced front matter, a contact of the vault with a slip.
    for tags in ["[no-mails]", "vip no-mails", "[no_mails]", "[no-mail]", "[no-mails/x]", "[“no-mails”]"] {
        let text = format!("---\nalias: Z\ntags: {tags}\n---\n");
        assert_eq!(told("", &[("old/z.md", &text)], "never"), one, "{tags}");
    }
    assert_eq!(told("== n.md\n\n---\nalias: Z\ntags: [no-mails]\n---\n", &[], "never"), one);
    assert_eq!(told("== z.md\n---\nalias: Z\ntags: [no_mails]\n---\n", &[], "never"), one);
    // Who is near to the new name too is still left out, and so is a contact that a nested vault itself excludes. Others never were.
    let near = ("old/z.md", "---\nalias: Z\ntags: [no-mail]\n---\n");
    assert_eq!(told("", &[near], "no-mail"), [""; 0]);
    for tags in ["[lead]", "[no-mailx]"] {
        assert_eq!(told("", &[("old/z.md", &format!("---\nalias: Z\ntags: {tags}\n---\n"))], "never"), [""; 0], "{tags}");
    }
    let nested = ("sub/guanxi.yaml", "broadcast:\n  exclude: \"#no-mails\"\n");
    assert_eq!(told("", &[nested, ("sub/z.md", "---\nalias: Z\ntags: [no-mails]\n---\n")], "never"), [""; 0]);
    // A note says no to nothing.
    assert_eq!(told("", &[("old/z.md", "---\ntitle: Z\ntags: [no-mails]\n---\n")], "never"), [""; 0]);
}

/// The tag under a `-` of one broadcast: only contacts with a near miss of it were left out there.
#[test]
fn a_tag_that_one_query_leaves_out_is_looked_at_too() {
    let text = "== m.md\n---\nto: \"#x -#no-mails\"\n---\n== a.md\n---\nalias: A\ntags: [x, no-mails]\n---\n\
                == b.md\n---\nalias: B\ntags: [x, no_mails]\n---\n";
    let plan = rename(&vault(text), "no-mails", "never", false).unwrap();
    let words: Vec<String> = plan.differences.iter().map(|difference| difference.words()).collect();
    assert_eq!(words, ["the exclusion by `no-mails`, in files that stay as they are, no longer matches 1 contact (B)"]);
}
