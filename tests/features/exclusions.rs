//! A term that keeps people out does so wherever it stands, or the broadcast refuses: under a `-` in `to`, in `exclude`, and in
//! `broadcast.exclude`.

use guanxi::contact::{Config, Severity};
use guanxi::features::Here;
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::text::edit;

use super::never_wider::{Answer, Ask, Scene};

fn contact(alias: &str, more: &str) -> String {
    format!("---\nalias: {alias}\ntags: [lead]\n{more}---\n")
}

/// The three ways in which one term keeps people out.
fn scenes(term: &str) -> [(&'static str, Scene); 3] {
    let quoted = |query: &str| format!("'{}'", query.replace('\'', "''"));
    let scene = |settings: String, to: String, more: String| {
        let files = vec![
            ("guanxi.yaml".to_owned(), settings),
            ("ada.md".to_owned(), contact("Ada", "emails: [ada@x.example]\nrating: 9\n")),
            ("pia.md".to_owned(), contact("Pia", "emails: [pia@x.example]\nrating: 7\n")),
            ("x/y/bo.md".to_owned(), contact("Bo", "emails: [bo@x.example]\norg: Panda Lighting\nupdated: 2026-01-02\n")),
            ("a,b/di.md".to_owned(), contact("Di", "emails: [di@x.example]\n")),
            ("b.md".to_owned(), format!("---\nto: {}\nvia: email\nsubject: s\n{more}---\nHi\n", quoted(&to))),
        ];
        Scene { files, beside: Vec::new(), ask: Ask::File("b.md") }
    };
    [
        ("under -", scene(String::new(), format!("#lead -{term}"), String::new())),
        ("exclude", scene(String::new(), "#lead".to_owned(), format!("exclude: {}\n", quoted(term)))),
        ("broadcast.exclude", scene(format!("broadcast:\n  exclude: {}\n", quoted(term)), "#lead".to_owned(), String::new())),
    ]
}

fn chosen(scene: &Scene) -> String {
    match scene.answer() {
        Answer::Lists { chosen, .. } => chosen.iter().map(|path| path.trim_end_matches(".md")).collect::<Vec<_>>().join(" "),
        Answer::Refused(words) => format!("refused: {words}"),
    }
}

fn told(scene: &Scene) -> Vec<(Severity, String)> {
    let vault = scene.vault();
    let exists = |_: &str| true;
    let around = Surroundings::new(&exists);
    let files = ["guanxi.yaml", "b.md"].into_iter().filter_map(|path| vault.id_of(path));
    let problems = files.flat_map(|id| diagnose(&Here::of_file(&vault, id), &around));
    problems.map(|problem| (problem.severity(), problem.message)).collect()
}

#[test]
fn a_near_miss_refuses_wherever_it_stands() {
    for (term, meant) in [
        ("alias:Pai", "alias:Pia"),
        ("alias:=Pai", "alias:=Pia"),
        ("emails:pai@x.example", "emails:pia@x.example"),
        ("org:=\"Panda Lihgting\"", "org:=\"Panda Lighting\""),
        ("path:Pia.md", "path:pia.md"),
        ("path:./pia.md", "path:pia.md"),
        ("path:../x/y", "path:x/y"),
        ("path:x//y", "path:x/y"),
        ("path:**/y", "path:**/y/**"),
        ("path:x/y*", "path:x/y*/**"),
        ("path:*/y", "path:*/y/**"),
        ("path:x/y/b*o", "path:x/y/b*o.md"),
        ("path:x/Y/**", "path:x/y"),
        ("path:{x/z,pia.md}", "(path:x/y | path:/pia.md)"),
        ("path:{pia.md,x/*}", "(path:/pia.md | path:/x/*/**)"),
        ("(alias:Ada | alias:Pai)", "alias:Pia"),
        ("-(-alias:Pai)", "alias:Pia"),
    ] {
        for (place, scene) in scenes(term) {
            let answer = chosen(&scene);
            if place == "under -" && term.starts_with('-') {
                continue;
            }
            assert!(answer.starts_with("refused: ") && answer.contains(meant), "{place} {term}: {answer}");
            let errors: Vec<String> =
                told(&scene).into_iter().filter(|(severity, _)| *severity == Severity::Error).map(|(_, text)| text).collect();
            assert!(errors.iter().any(|text| text.contains(meant)), "{place} {term}: {errors:?}");
        }
    }
}

#[test]
fn a_term_that_is_meant_keeps_out_whom_it_matches() {
    for (term, expected) in [
        ("alias:Pia", "ada x/y/bo a,b/di"),
        ("path:pia", "ada x/y/bo a,b/di"),
        ("path:x/y", "ada a,b/di pia"),
        ("path:x/y/", "ada a,b/di pia"),
        ("path:\"a,b\"", "ada x/y/bo pia"),
        ("path:\"?,b/*\"", "ada x/y/bo pia"),
        ("path:{x/y,pia.md}", "ada a,b/di"),
        ("path:{x/{y,y},pia}", "ada a,b/di"),
        ("path:{pia,x}", "ada a,b/di"),
        ("path:[xp]*/**", "ada a,b/di pia"),
        ("rating:<8", "ada x/y/bo a,b/di"),
        // How it compares says nothing about how it is spelled.
        ("updated:>2026-01-03", "ada x/y/bo a,b/di pia"),
    ] {
        for (place, scene) in scenes(term) {
            let mut answer: Vec<String> = chosen(&scene).split(' ').map(str::to_owned).collect();
            let mut expected: Vec<&str> = expected.split(' ').collect();
            answer.sort();
            expected.sort_unstable();
            assert_eq!(answer, expected, "{place} {term}");
            assert_eq!(told(&scene), [], "{place} {term}");
        }
    }
}

/// It may be there for somebody to come: the broadcast goes out, and `check` says so.
#[test]
fn a_term_that_keeps_nobody_out_is_told() {
    for term in ["alias:Somebody", "alias:/^zz/", "path:archive/**", "path:{pia,archive}", "org:=Wolfsburg"] {
        for (place, scene) in scenes(term) {
            assert!(!chosen(&scene).starts_with("refused"), "{place} {term}");
            let told = told(&scene);
            let [(Severity::Warning, message)] = told.as_slice() else { panic!("{place} {term}: {told:?}") };
            assert!(message.ends_with(": it keeps nobody out"), "{place} {term}: {message}");
        }
    }
}

/// A "no" is read beside the vault too: a term that matches somebody there is neither misspelt nor idle.
#[test]
fn a_term_that_matches_beside_the_vault_is_meant() {
    for term in ["path:archive/**", "alias:Bob", "path:archive"] {
        for (place, mut scene) in scenes(term) {
            scene.beside.push(("archive/bob.md".to_owned(), contact("Bob", "emails: [bo@x.example]\n")));
            assert_eq!(told(&scene), [], "{place} {term}");
            assert!(!chosen(&scene).starts_with("refused"), "{place} {term}");
        }
    }
}

/// An entry of `broadcast.never` bars somebody, or the settings have an error.
#[test]
fn an_entry_of_never_bars_somebody_or_is_an_error() {
    for (entry, fixed) in [
        ("*@x.example", Some("@x.example")),
        ("**@x.example", Some("@x.example")),
        ("@*.x.example", Some("@x.example")),
        ("*@*.x.example", Some("@x.example")),
        ("pia*@x.example", None),
        ("?ia@x.example", None),
        ("*", None),
        ("@*", None),
        ("*.x.example", None),
        ("x.example", None),
        (".*@x.example", None),
        ("+1 212 555 01*", None),
        ("wechat:*", None),
        ("@example", None),
        ("@@x.example", None),
        ("Pia", None),
    ] {
        let settings = format!("broadcast:\n  never: [a@x.example, '{entry}']\n");
        let (config, problems) = Config::parse(&settings);
        assert!(config.faulty && problems.len() == 1, "{entry}: {problems:?}");
        let fix = problems[0].fix.as_ref().map(|fix| edit::apply(&settings, &fix.edits));
        let expected = fixed.map(|fixed| format!("broadcast:\n  never: [a@x.example, \"{fixed}\"]\n"));
        assert_eq!(fix, expected, "{entry}");
        if let Some(fixed) = fix {
            let (_, mut scene) = scenes("alias:Nobody").into_iter().next().unwrap();
            scene.files[0].1 = fixed;
            assert_eq!(chosen(&scene), "", "{entry}: everybody there is barred");
        }
    }
}
