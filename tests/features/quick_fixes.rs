//! What a quick fix promises holds afterwards: the problem is gone, and no other has come.

use std::sync::Arc;

use guanxi::contact::{Code, Problem};
use guanxi::features::Here;
use guanxi::features::code_actions::{Around, Change, code_actions};
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::text::edit;
use guanxi::vault::query::Query;
use guanxi::vault::{Change as VaultChange, Coverage, Vault, VaultPath};

type Files = Vec<(String, String)>;

fn vault(files: &Files) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files {
        vault.apply(VaultChange::Found { path: VaultPath::new(path), text: text.as_str().into() });
    }
    vault.prepare_search();
    vault
}

fn problems(files: &Files, path: &str) -> Vec<Problem> {
    let vault = vault(files);
    diagnose(&Here::of_file(&vault, vault.id_of(path).unwrap()), &Surroundings::new(&|_| false))
}

/// Each fix of a file: its title, and the files afterwards.
fn fixes(files: &Files, path: &str) -> Vec<(String, Files)> {
    let vault = vault(files);
    let here = Here::of_file(&vault, vault.id_of(path).unwrap());
    let around = Around { pictures: &[], exists: Arc::new(|_| false) };
    let mut found = Vec::new();
    for problem in problems(files, path) {
        for action in code_actions(&here, problem.span, std::slice::from_ref(&problem), &around) {
            let mut after = files.clone();
            let (edits, new) = match action.change {
                _ if action.mends.is_none() => continue,
                Change::Edits(edits) => (edits, None),
                Change::Create { path, text, edits_here } => (edits_here, Some((path, text))),
                _ => continue,
            };
            let file = after.iter_mut().find(|(own, _)| own == path).unwrap();
            file.1 = edit::apply(&file.1, &edits);
            after.extend(new);
            found.push((action.title, after));
        }
    }
    found
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

#[test]
fn a_new_contact_is_where_the_link_leads() {
    for (link, place) in [
        ("[[Nora]]", Some("contacts/nora.md")),
        ("[[Nora.md]]", Some("contacts/nora.md")),
        ("[[a/b/c]]", Some("a/b/c.md")),
        ("[[a/b/c.md]]", Some("a/b/c.md")),
        ("[[a/b/c|her]]", Some("a/b/c.md")),
        ("[[a/b/c#x]]", Some("a/b/c.md")),
        ("![[a/b/c]]", Some("a/b/c.md")),
        ("[[./c]]", Some("p/c.md")),
        ("[[../c]]", Some("c.md")),
        ("[[../../evil]]", None),
        ("[[a/../../../evil]]", None),
        ("[[.hidden/c]]", None),
        ("[[a/.c]]", None),
        ("[c](c.md)", Some("p/c.md")),
        ("[c](../q/c.md)", Some("q/c.md")),
        ("[c](../../evil.md)", None),
        ("[c](.git/c.md)", None),
    ] {
        let files = vec![file("p/n.md", &format!("---\nalias: N\n---\n{link}\n"))];
        let made: Vec<(String, Files)> =
            fixes(&files, "p/n.md").into_iter().filter(|(title, _)| title.starts_with("Create contact")).collect();
        assert_eq!(made.first().map(|(_, after)| after[1].0.as_str()), place, "{link}");
        for (title, after) in made {
            let left = problems(&after, "p/n.md");
            assert!(!left.iter().any(|problem| problem.code == Code::LinkUnresolved), "{link} {title}: {left:?}");
        }
    }
}

#[test]
fn no_fix_makes_a_key_that_is_there_twice() {
    for lines in [
        "categories: [vip]\ntags: [lead]",
        "tags: [lead]\ncategories: [vip]",
        "tgas: [vip]\ntags: [lead]",
        "tags: [lead]\ntgas: [vip]",
        "Tags: [vip]\ntags: [lead]",
        "tags: [lead]\nTags: [vip]\ncategories: [x]",
        "email: a@x.example\nemails: [b@x.example]",
        "emails: [b@x.example]\nemials: [a@x.example]",
        "opt_out: false\noptout: true",
        "opt-out: true\nopt_out: [email]",
        "phone: +1 212 555 0147\nTel: +1 212 555 0148\nphones: [+1 212 555 0149]",
        "org: A\ncompany: B",
    ] {
        let files = vec![file("a.md", &format!("---\nalias: Ada\n{lines}\n---\n"))];
        let twice = |files: &Files| {
            let text = &files[0].1;
            let keys: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(':')?.0)).collect();
            keys.iter().any(|key| keys.iter().filter(|other| other == &key).count() > 1)
        };
        for (title, after) in fixes(&files, "a.md") {
            assert!(!twice(&after), "{lines}: {title}\n{}", after[0].1);
        }
    }
}

#[test]
fn a_corrected_exclusion_is_one() {
    for exclude in [
        "-lead",
        "lead",
        "-#lead",
        "not #lead",
        "#lead or #vip",
        "-(#lead | #vip)",
        "#lead, #vip",
        "- lead",
        "!lead",
        "-lead -vip",
    ] {
        for (place, files) in [
            (
                "exclude",
                vec![file("b.md", &format!("---\nto: \"#lead\"\nexclude: \"{exclude}\"\nvia: email\nsubject: s\n---\nHi\n"))],
            ),
            ("broadcast.exclude", vec![file("guanxi.yaml", &format!("broadcast:\n  exclude: \"{exclude}\"\n"))]),
        ] {
            let mut files = files;
            files.push(file("a.md", "---\nalias: Ada\ntags: [lead, vip]\nemails: [ada@x.example]\n---\n"));
            let path = files[0].0.clone();
            for (title, after) in fixes(&files, &path) {
                let Some(line) = after[0].1.lines().find(|line| line.trim_start().starts_with("exclude:")) else { continue };
                let written = line.split_once(':').unwrap().1.trim();
                let bare = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(written);
                let written = bare.replace("\\\"", "\"");
                assert!(Query::parse_exclusion(&written).is_ok(), "{place} {exclude}: {title}: {written}");
            }
        }
    }
    // What stood under a minus was meant to be left out.
    let files = vec![
        file("b.md", "---\nto: \"#lead\"\nexclude: -lead\nvia: email\nsubject: s\n---\nHi\n"),
        file("a.md", "---\nalias: Ada\ntags: [lead]\n---\n"),
    ];
    let titles: Vec<String> = fixes(&files, "b.md").into_iter().map(|(title, _)| title).collect();
    assert!(titles.contains(&"Change to `#lead`".to_owned()), "{titles:?}");
}

#[test]
fn a_list_where_one_text_belongs_is_told() {
    for (line, fixed) in [
        ("name: [Ada]", Some("name: Ada")),
        ("name: [\"A: b\"]", Some("name: \"A: b\"")),
        ("name: [Ada, Lark]", None),
        ("name:\n  - Ada", None),
        ("name: {first: Ada}", None),
        ("name: []", None),
        ("greeting: [Ada] # c", Some("greeting: Ada # c")),
        ("org: [A, B]", None),
        ("FN: [A, B]", None),
    ] {
        let files = vec![file("a.md", &format!("---\nalias: Ada\n{line}\n---\n"))];
        let told = problems(&files, "a.md");
        assert!(told.iter().any(|problem| problem.message.contains("is one text")), "{line}: {told:?}");
        let made = fixes(&files, "a.md")
            .into_iter()
            .find(|(title, _)| title.starts_with("Change to"))
            .map(|(_, after)| after[0].1.clone());
        assert_eq!(made, fixed.map(|fixed| format!("---\nalias: Ada\n{fixed}\n---\n")), "{line}");
    }
    for line in ["name: Ada", "name: ''", "name:", "aliases: [A]", "wechat: [a]", "emails: [a@x.example]"] {
        let files = vec![file("a.md", &format!("---\nalias: Ada\n{line}\n---\n"))];
        let told = problems(&files, "a.md");
        assert!(!told.iter().any(|problem| problem.message.contains("is one text")), "{line}: {told:?}");
    }
}
