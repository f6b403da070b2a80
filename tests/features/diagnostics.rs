//! What the vault tells is wrong: the tests-only vaults hold one instance of every fault.

use std::collections::BTreeSet;
use std::path::Path;

use guanxi::contact::Code;
use guanxi::disk;
use guanxi::features::Here;
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::vault::{Change, Coverage, Vault, VaultPath};

pub fn load(folder: &str) -> (Vault, std::path::PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut vault = Vault::new(Coverage::Whole);
    let scan = disk::scan(&root, &disk::Rules::new(&root, &["archive/**".to_owned()]), |path, text| match text {
        Ok(text) => Change::Found { path, text },
        Err(fault) => Change::Unreadable { path, reason: fault.to_string() },
    });
    scan.results.into_iter().for_each(|change| vault.apply(change));
    (vault, root)
}

fn codes(folder: &str) -> Vec<(String, Code, String)> {
    let (vault, root) = load(folder);
    let exists = |path: &str| disk::to_disk(&root, &VaultPath::new(path)).is_file();
    let around = Surroundings::new(&exists);
    let mut found = Vec::new();
    for (id, file) in vault.files() {
        for problem in diagnose(&Here::of_file(&vault, id), &around) {
            assert!(file.text().get(problem.span.range()).is_some(), "{} {problem:?}", file.path());
            found.push((file.path().to_string(), problem.code, problem.message));
        }
    }
    found.extend(
        guanxi::features::diagnostics::unreadable(&vault)
            .into_iter()
            .map(|(path, problem)| (path, problem.code, problem.message)),
    );
    found.sort();
    found
}

#[test]
fn the_sample_vault_is_clean() {
    let found: Vec<_> = codes("sample-vault")
        .into_iter()
        .filter(|(_, code, _)| code.severity() != guanxi::contact::Severity::Information)
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn each_fault_is_found_in_its_file_and_nowhere_else() {
    let mut found = codes("tests/vaults/faulty");
    found.extend(codes("tests/vaults/strict"));
    let by_name: BTreeSet<&str> = found.iter().map(|(_, code, _)| code.name()).collect();
    for code in Code::ALL.iter().filter(|code| **code != Code::ConfigInvalid) {
        assert!(by_name.contains(code.name()), "{} is not found", code.name());
    }
    for (path, code, message) in &found {
        let stem = VaultPath::new(path).stem().trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
        let expected = match stem.as_str() {
            "latin" | "nul" => "file-unreadable",
            stem if stem == code.name() => code.name(),
            _ if *code == Code::TagUnknown => "tag-unknown",
            stem => panic!("{stem}: unexpected {} in {path}: {message}", code.name()),
        };
        assert_eq!(code.name(), expected, "{path}: {message}");
    }
}

/// Nobody else need carry it: whoever writes it so wants somebody left out.
#[test]
fn a_slip_beside_a_tag_that_keeps_people_out_is_told() {
    let told = |tag: &str, exclude: &str| {
        let vault = crate::vault::vault(&format!(
            "== guanxi.yaml\ntags:\n  known: [do-not-contact, listed-not-contact]\nbroadcast:\n  exclude: \"{exclude}\"\n== a.md\n---\nalias: A\ntags: [{tag}]\n---\n"
        ));
        let exists = |_: &str| false;
        let id = vault.id_of("a.md").unwrap();
        let problems = diagnose(&Here::of_file(&vault, id), &Surroundings::new(&exists));
        problems.into_iter().map(|problem| (problem.code, problem.message)).collect::<Vec<_>>()
    };
    for slip in ["do_not_contact", "do not contact", "do-not-contcat", "dо-not-contact", "do-not-contacts"] {
        let found = told(slip, "#do-not-contact | has:anniversary");
        let words = format!(
            "`{slip}` looks like `do-not-contact`, which keeps people out of broadcasts: until it is certain which is meant, nobody with it gets one"
        );
        assert_eq!(found, [(Code::TagSimilar, words)]);
        assert_eq!(told(slip, "#listed-not-contact"), [], "{slip}");
    }
    for other in ["do-not-contact", "Do-Not-Contact", "do-not-contact/ever", "donors", "contact"] {
        assert_eq!(told(other, "#do-not-contact"), [], "{other}");
    }
}

/// Each tag of a file of many is looked at once, not once for each other.
#[test]
fn many_tags_are_told_in_bounded_time() {
    let tags: Vec<String> = (0..10_000).map(|number| format!("tag{number}x")).collect();
    let vault = crate::vault::vault(&format!("== a.md\n---\nalias: A\ntags: [{}]\n---\n", tags.join(", ")));
    let began = std::time::Instant::now();
    let id = vault.id_of("a.md").unwrap();
    assert_eq!(diagnose(&Here::of_file(&vault, id), &Surroundings::new(&|_| false)), []);
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

/// No file makes the commands wait. What would take minutes if each of many things were looked at for each other one takes a moment:
/// the ceiling is for a slow machine, not the goal.
#[test]
fn one_file_cannot_hold_up_a_vault() {
    use guanxi::features::{find, formats, list, recipients, rename_tag, retag};
    use guanxi::vault::query::Query;
    for (name, text) in crate::hostile::bombs() {
        let begun = std::time::Instant::now();
        let mut vault = Vault::new(Coverage::Whole);
        let other = "---\nalias: Al\ntags: [x, a]\nemails: [al@x.example]\n---\n#a\n";
        for (path, text) in [("bomb.md", text.as_str()), ("al.md", other)] {
            vault.apply(Change::Found { path: VaultPath::new(path), text: text.into() });
        }
        vault.prepare_search();
        let id = vault.id_of("bomb.md").unwrap();
        diagnose(&Here::of_file(&vault, id), &Surroundings::new(&|_| false));
        let query = Query::parse("#x").unwrap();
        let listed = list::list(&vault, &query).unwrap();
        let listed: Vec<_> = listed.into_iter().map(|file| recipients::Recipient { file, address: None }).collect();
        formats::Format::ALL.iter().for_each(|&format| drop(formats::write(&vault, &listed, format)));
        let found = recipients::recipients(&vault, &query, Some("email")).unwrap();
        assert!(found.chosen.iter().any(|one| vault.file(one.file).alias() == "Al"), "{name}");
        let _ = find::find(&vault, "Bo lead", guanxi::vault::search::Options { bodies: true, limit: 50 });
        let _ = retag::add(&vault, &[id], "vip");
        for tag in ["x", "a"] {
            let _ = rename_tag::rename(&vault, tag, "y", false);
        }
        assert!(begun.elapsed().as_secs() < 60, "{name} takes {:?}", begun.elapsed());
    }
}

/// Of too many problems the errors are told before all others.
#[test]
fn errors_are_never_hidden_by_what_refuses_nothing() {
    use guanxi::contact::{Document, Severity, inspect};
    use guanxi::features::diagnostics::first;
    let keys: String = (0..200).map(|number| format!("phone{number}: 1\n")).collect();
    let phones: String = (0..200).map(|_| "  - none\n").collect();
    let text = format!("---\nalias: A\n{keys}phones:\n{phones}tags: [\"#a\"]\nopt_uot: true\n---\n");
    let problems = inspect(&Document::parse(&text));
    let errors = |problems: &[guanxi::contact::Problem]| {
        problems.iter().filter(|problem| problem.code.severity() == Severity::Error).count()
    };
    let all = errors(&problems);
    assert!(problems.len() > 100 && (1..100).contains(&all), "{} {all}", problems.len());
    let told = first(problems, 100);
    assert_eq!((told.len(), errors(&told)), (100, all));
    assert!(told.is_sorted_by_key(|problem| problem.span.start));
}
