//! `source.fixAll` runs when a file is saved, and nobody looks: it never makes a recipient.

use std::sync::Arc;

use guanxi::contact::Document;
use guanxi::features::Here;
use guanxi::features::audience::audience;
use guanxi::features::code_actions::{Around, Change, fix_all};
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::text::edit;
use guanxi::vault::{Change as VaultChange, Coverage, Vault, VaultPath};

type Files = Vec<(String, String)>;

fn vault(files: &Files) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files {
        vault.apply(VaultChange::Found { path: VaultPath::new(path), text: text.as_str().into() });
    }
    vault
}

fn chosen(files: &Files) -> Vec<String> {
    let vault = vault(files);
    let broadcast = vault.file(vault.id_of("b.md").unwrap());
    let Ok(result) = audience(&vault, &Document::parse(broadcast.text())) else { return vec!["refused".to_owned()] };
    result.chosen.iter().map(|one| vault.file(one.file).path().to_string()).collect()
}

fn fixed(files: &Files, path: &str) -> Files {
    let vault = vault(files);
    let here = Here::of_file(&vault, vault.id_of(path).unwrap());
    let exists = |_: &str| false;
    let around = Around { pictures: &[], exists: Arc::new(|_| false) };
    let action = fix_all(&here, &around, &|here: &Here<'_>| diagnose(here, &Surroundings::new(&exists)));
    let mut after = files.clone();
    if let Some(Change::Edits(edits)) = action.map(|action| action.change) {
        let file = after.iter_mut().find(|(own, _)| own == path).unwrap();
        file.1 = edit::apply(&file.1, &edits);
    }
    after
}

fn files(a: &str) -> Files {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        file("guanxi.yaml", "broadcast:\n  exclude: \"#no-mail\"\ntags:\n  known: [no-mail]\n"),
        file("a.md", a),
        file("z.md", "---\nalias: Zed\ntags: [lead]\nemails: [z@x.example]\n---\n"),
        file("y.md", "---\nalias: Yan\ntags: [lead]\nemails: [a@x.example]\n---\n"),
        file("b.md", "---\nto: \"#lead\"\nvia: email\nsubject: s\n---\nHi\n"),
    ]
}

const REST: &str = "tags: [lead]\nemails: [ada@x.example]\n";

#[test]
fn nobody_becomes_a_recipient() {
    for a in [
        format!("---\nAlais: Ada\n{REST}---\nHi\n"),
        format!("---\nalais: Ada\n{REST}---\nHi\n"),
        format!("---\nALIAS: Ada\n{REST}---\nHi\n"),
        format!("\n---\nalias: Ada\n{REST}---\nHi\n"),
        format!("\u{200b}---\nalias: Ada\n{REST}---\nHi\n"),
        format!("--- # x\nalias: Ada\n{REST}---\nHi\n"),
        format!("---alias: Ada\n{REST}---\nHi\n"),
        format!("```yaml\nalias: Ada\n{REST}```\nHi\n"),
        format!("---\nalias: Ada\norg: [x\n{REST}---\nHi\n"),
        format!("---\nalias: Ada\norg: @x\n{REST}---\nHi\n"),
        format!("---\nalias: Ada\nnote: a: b\n{REST}---\nHi\n"),
        format!("---\nalias: Ada\n\torg: x\n{REST}---\nHi\n"),
        format!("---\nalias: Ada\norg: x\norg: x\n{REST}---\nHi\n"),
        "---\nalias: Ada\ntags: [\"#lead\"]\nemails: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: #lead\nemails: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntgas: [lead]\nemails: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead；vip]\nemails: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead, \"no mail\"]\nemails: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead]\nemails: [mailto:ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead]\nemails: [ada＠x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead]\nemials: [ada@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\ntags: [lead]\nopt-out: tru\nemials: [a@x.example]\n---\n".to_owned(),
        "---\nalias: Ada\nopt_out: true\nemials: [a＠x.example.]\n---\n".to_owned(),
    ] {
        for path in ["a.md", "b.md", "guanxi.yaml"] {
            let before = files(&a);
            let after = fixed(&before, path);
            let was = chosen(&before);
            let new: Vec<String> = chosen(&after).into_iter().filter(|path| !was.contains(path)).collect();
            assert!(new.is_empty(), "{path}: {new:?}\n{a}\n{}", after[1].1);
        }
    }
}

/// What makes nobody a recipient is still fixed, beside what would.
#[test]
fn other_fixes_are_made() {
    for (before, after) in [
        (
            format!("---\nAlais: Ada\nbirthday: 2.4.1988\n{REST}---\n"),
            format!("---\nAlais: Ada\nbirthday: 1988-04-02\n{REST}---\n"),
        ),
        (
            "---\nalias: Ada\nopt_out: true\nbirthday: 2.4.1988\nemails: [mailto:ada@x.example]\n---\n".to_owned(),
            "---\nalias: Ada\nopt_out: true\nbirthday: 1988-04-02\nemails: [ada@x.example]\n---\n".to_owned(),
        ),
        (
            "---\nalias: Ada\ntags: [lead]\nbirthday: 2.4.1988\nemails: [mailto:ada@x.example]\n---\n".to_owned(),
            "---\nalias: Ada\ntags: [lead]\nbirthday: 1988-04-02\nemails: [mailto:ada@x.example]\n---\n".to_owned(),
        ),
    ] {
        assert_eq!(fixed(&files(&before), "a.md")[1].1, after);
    }
}

/// A key that is not read refuses; under another name it would be passed over.
#[test]
fn no_key_of_a_broadcast_is_hidden() {
    for line in ["without: press", "not: press", "excludes-not: press"] {
        let mut before = files("---\nalias: Ada\n---\n");
        before[4].1 = format!("---\nto: \"#lead\"\nvia: email\nsubject: s\n{line}\n---\nHi\n");
        assert_eq!(chosen(&before), ["refused"], "{line}");
        assert_eq!(chosen(&fixed(&before, "b.md")), ["refused"], "{line}");
    }
}
