//! Inlay hints, as an editor shows them: numbers between `⟨` and `⟩` behind the tags.

use guanxi::features::Here;
use guanxi::features::inlay_hints::{Hint, hints};
use guanxi::text::Span;
use guanxi::vault::Vault;

use crate::vault::vault;

fn of(vault: &Vault, path: &str) -> Vec<Hint> {
    let here = Here::of_file(vault, vault.id_of(path).unwrap());
    hints(&here, Span::new(0, here.text().len()))
}

/// The text with its hints.
fn shown(vault: &Vault, path: &str) -> String {
    let mut text = vault.file(vault.id_of(path).unwrap()).text().to_owned();
    for hint in of(vault, path).into_iter().rev() {
        text.insert_str(hint.offset, &format!("⟨{}⟩", hint.label));
    }
    text
}

const PEOPLE: &str = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
    \"some day\":
    event:
== ada.md
---
alias: Ada
tags: [lead, \"老同学\", event/ces]
---
== bo.md
---
alias: Bo
tags:
  - Lead # why
  - event
---
Met at the #event/ces, says #lead. #nobodys `#lead` #老同学，#🐼
";

#[test]
fn behind_each_tag_how_many_carry_it() {
    let vault = vault(PEOPLE);
    assert_eq!(shown(&vault, "ada.md"), "---\nalias: Ada\ntags: [lead⟨2⟩, \"老同学\"⟨1⟩, event/ces⟨1⟩]\n---\n");
    assert_eq!(
        shown(&vault, "bo.md"),
        "---\nalias: Bo\ntags:\n  - Lead⟨2⟩ # why\n  - event⟨2⟩\n---\nMet at the #event/ces⟨1⟩, says #lead⟨2⟩. #nobodys `#lead` #老同学⟨1⟩，#🐼\n"
    );
    let tooltips: Vec<String> = of(&vault, "bo.md").into_iter().map(|hint| hint.tooltip).take(2).collect();
    assert_eq!(tooltips, ["2 carry it\nCould buy within a year", "1 carries it, 2 with the tags below it"]);
}

#[test]
fn the_vocabulary_and_lists_of_recipients() {
    let vault = vault(&format!("{PEOPLE}== b.md\n---\nto: [lead, leed, 'some day']\n---\n== c.md\n---\nto: \"#lead\"\n---\n"));
    assert_eq!(
        shown(&vault, "guanxi.yaml"),
        "tags:\n  known:\n    lead⟨2⟩: Could buy within a year\n    \"some day\"⟨0⟩:\n    event⟨2⟩:\n"
    );
    assert_eq!(shown(&vault, "b.md"), "---\nto: [lead⟨2⟩, leed⟨0⟩, 'some day'⟨0⟩]\n---\n");
    assert_eq!(of(&vault, "b.md")[2].tooltip, "no contact has it yet");
    assert_eq!(shown(&vault, "c.md"), "---\nto: \"#lead\"\n---\n");
}

#[test]
fn broken_front_matters_keep_what_can_be_read() {
    let vault =
        vault("== a.md\n---\nalias: A\ntags: [x, y]\norg: [z\n---\n== b.md\n---\ntags: [x, \"#y\", 'a,b']\n---\n== e.md\n");
    assert_eq!(shown(&vault, "a.md"), "---\nalias: A\ntags: [x⟨1⟩, y⟨1⟩]\norg: [z\n---\n");
    assert_eq!(shown(&vault, "b.md"), "---\ntags: [x⟨1⟩, \"#y\", 'a⟨0⟩,b⟨0⟩']\n---\n");
    assert_eq!(of(&vault, "e.md"), []);
}

#[test]
fn only_what_is_on_the_screen() {
    let vault = vault(PEOPLE);
    let here = Here::of_file(&vault, vault.id_of("bo.md").unwrap());
    let at = here.text().find("- event").unwrap();
    let found: Vec<usize> = hints(&here, Span::new(at, at + 7)).into_iter().map(|hint| hint.offset).collect();
    assert_eq!(found, [at + 7]);
    assert_eq!(hints(&here, Span::new(9000, 10_000)), []);
}
