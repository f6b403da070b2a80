//! A move lets nobody in without a word: what keeps people out follows a new name, and what does not is said.

use std::collections::BTreeSet;

use guanxi::contact::Document;
use guanxi::features::audience::audience;
use guanxi::features::move_files::gather;
use guanxi::text::edit;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};

use super::existing;

type Files = Vec<(String, String)>;

fn contact(alias: &str) -> String {
    format!("---\nalias: {alias}\ntags: [lead]\nemails: [{}@x.example]\n---\n", alias.to_lowercase())
}

fn vault(files: &Files) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files {
        vault.apply(Change::Found { path: VaultPath::new(path), text: text.as_str().into() });
    }
    vault
}

/// Who would be written to; `None` where the broadcast refuses.
fn chosen(files: &Files) -> Option<BTreeSet<String>> {
    let vault = vault(files);
    let broadcast = files.iter().find(|(_, text)| text.contains("\nto:")).unwrap();
    let result = audience(&vault, &Document::parse(&broadcast.1)).ok()?;
    Some(result.chosen.iter().map(|one| vault.file(one.file).alias().to_owned()).collect())
}

/// The files after the move, and what was said.
fn moved(files: &Files, moves: &[(&str, &str)]) -> (Files, Vec<String>) {
    let vault = vault(files);
    let pairs: Vec<_> = moves.iter().map(|(old, new)| (VaultPath::new(old), VaultPath::new(new))).collect();
    let job = gather(&vault, &pairs, &existing(&[]), &|_, paths| vec![true; paths.len()]);
    let renaming = job.run(&|| false).unwrap();
    let told = job.lets_in(&vault, &renaming).into_iter().chain(renaming.notes.iter().cloned()).collect();
    let place = |path: &str| {
        let root = moves.iter().find(|(old, _)| path == *old || path.strip_prefix(old).is_some_and(|rest| rest.starts_with('/')));
        root.map_or(path.to_owned(), |(old, new)| format!("{new}{}", &path[old.len()..]))
    };
    let after = files.iter().map(|(path, text)| {
        let change = renaming.edits.iter().find(|one| one.path.as_str() == path);
        (place(path), change.map_or(text.clone(), |one| edit::apply(&one.text, &one.edits)))
    });
    (after.collect(), told)
}

fn files(settings: &str, to: &str, exclude: &str) -> Files {
    let exclude = if exclude.is_empty() { String::new() } else { format!("exclude: '{exclude}'\n") };
    let file = |path: &str, text: String| (path.to_owned(), text);
    vec![
        file("guanxi.yaml", if settings.is_empty() { String::new() } else { format!("broadcast:\n  exclude: \"{settings}\"\n") }),
        file("p/no/cy.md", contact("Cy")),
        file("p/no/di.md", contact("Di")),
        file("p/ed.md", contact("Ed")),
        file("q/no/fa.md", contact("Fa")),
        file("a.md", contact("Ada")),
        file("b.md", format!("---\nto: '{to}'\nvia: email\nsubject: s\n{exclude}---\nHi\n")),
    ]
}

#[test]
fn what_keeps_people_out_follows_a_new_name() {
    for term in [
        "path:p/no/**",
        "path:p/no",
        "path:/p/no/",
        "path:no",
        "path:**/no/**",
        "path:**/no/*.md",
        "path:p/n?/**",
        "path:*/no/cy.md",
        "path:{p/no,q}",
        "path:p/no/cy.md",
        "path:cy",
        "path:cy.md",
        "path:c?.md",
        "(path:**/no/** | path:a)",
    ] {
        for moves in [
            vec![("p/no", "p/nix")],
            vec![("p/no", "p/a*b[1]")],
            vec![("p/no", "p/x, y")],
            vec![("p/no", "p/{a,b}")],
            vec![("p/no", "p/王 \"w\"")],
            vec![("p/no", "q/nix")],
            vec![("p", "z")],
            vec![("p/no/cy.md", "p/no/cyan.md")],
            vec![("p/no/cy.md", "p/cyan?.md")],
            vec![("p/no/cy.md", "p/no/cy.markdown"), ("p/no/di.md", "p/no/d i.md")],
            vec![("p/no", "p/x"), ("q/no", "q/y")],
        ] {
            for (place, before) in [
                ("under -", files("", &format!("#lead -{term}"), "")),
                ("exclude", files("", "#lead", term)),
                ("broadcast.exclude", files(term, "#lead", "")),
            ] {
                let was = chosen(&before).unwrap_or_else(|| panic!("{term} refuses"));
                let (after, told) = moved(&before, &moves);
                let Some(is) = chosen(&after) else { continue };
                let text =
                    after.iter().filter(|(path, _)| path == "b.md" || path == "guanxi.yaml").map(|(_, text)| text.as_str());
                let text: String = text.collect();
                assert_eq!(was, is, "{place} {term} {moves:?}\n{text}\n{told:?}");
                assert!(told.is_empty(), "{place} {term} {moves:?}\n{text}\n{told:?}");
            }
        }
    }
}

/// What leaves a folder that is excluded is meant to be elsewhere: it is said who is let in.
#[test]
fn who_leaves_an_excluded_folder_is_named() {
    for (moves, names) in [
        (vec![("p/no/cy.md", "p/cy.md")], "(Cy)"),
        (vec![("p/no/cy.md", "cy.md"), ("p/no/di.md", "di.md")], "(Cy, Di)"),
        (vec![("q/no/fa.md", "a/b/fa.md")], "(Fa)"),
    ] {
        for (place, before) in [
            ("b.md would also match", files("", "#lead -path:**/no/**", "")),
            ("b.md would also match", files("", "#lead", "path:no")),
            ("`broadcast.exclude` in guanxi.yaml no longer matches", files("path:**/no/*", "#lead", "")),
        ] {
            let (after, told) = moved(&before, &moves);
            assert_ne!(chosen(&before), chosen(&after));
            let said = told.join("\n");
            assert!(said.contains(place) && said.contains(names) && said.contains("b.md would also match"), "{moves:?}: {said}");
        }
    }
    // Nobody is named where nobody is let in.
    for (to, moves) in [
        ("#lead -path:no", vec![("p/ed.md", "p/no/ed.md")]),
        ("#lead -path:no", vec![("p/ed.md", "ed.md")]),
        ("#lead -path:no", vec![("p/no", "no")]),
        ("#lead path:p", vec![("p/ed.md", "ed.md")]),
        ("#lead -path:no", vec![("b.md", "no/b2.md")]),
    ] {
        let (_, told) = moved(&files("", to, ""), &moves);
        assert!(told.is_empty(), "{to} {moves:?}: {told:?}");
    }
    let (_, told) = moved(&files("", "#lead path:p", ""), &[("q/no/fa.md", "p/fa.md")]);
    assert!(told.join("").contains("b.md would also match 1 contact (Fa)"), "{told:?}");
}
