//! What of a contact who said no is kept in `broadcast.never` when the contact is deleted, and the edit that puts it there.

use guanxi::contact::Config;
use guanxi::features::never::{Kept, edits, to_keep};
use guanxi::text::edit;
use guanxi::vault::{Change, VaultPath};

use crate::vault::vault;

/// The addresses to keep when `bo.md`, which has these lines, is deleted from a vault with these other files.
fn kept(lines: &str, others: &str) -> Vec<String> {
    kept_of(&vault(&format!("== bo.md\n---\nalias: Bo Chen\n{lines}---\n{others}")), &["bo.md"]).addresses
}

fn kept_of(vault: &guanxi::vault::Vault, paths: &[&str]) -> Kept {
    let ids: Vec<_> = paths.iter().map(|path| vault.id_of(path).unwrap()).collect();
    let mut all = Kept::default();
    to_keep(vault, &ids).into_iter().for_each(|(_, kept)| all.join(kept));
    all
}

const EXCLUDE: &str = "== guanxi.yaml\nbroadcast:\n  exclude: \"#do-not-contact\"\n";

#[test]
fn addresses_of_who_said_no() {
    let mail = "emails: [Bo <bo@x.example>]\n";
    for (lines, others, expected) in [
        (format!("{mail}opt_out: true\n"), "", vec!["Bo <bo@x.example>"]),
        ("emails: [bo@x.example]\nOpt-Out: yes\n".to_owned(), "", vec!["bo@x.example"]),
        ("emails: [bo@x.example]\ntags: [do-not-contact]\n".to_owned(), EXCLUDE, vec!["bo@x.example"]),
        // As they are written, as far as they can stand there.
        (
            "phones: [\"work: x\", +1 212 555 0147]\nwechat: wxid_bo\nemail: BO@X.example\nopt_out: true\n".to_owned(),
            "",
            vec!["BO@X.example", "+1 212 555 0147", "wechat:wxid_bo"],
        ),
        // Only what they said no to.
        ("emails: [bo@x.example]\nphones: [+1 212 555 0147]\nopt_out: [sms]\n".to_owned(), "", vec!["+1 212 555 0147"]),
        // Nothing to keep.
        (mail.to_owned(), "", vec![]),
        (format!("{mail}opt_out: false\n"), "", vec![]),
        ("opt_out: true\n".to_owned(), "", vec![]),
        (format!("{mail}opt_out: [sms]\n"), "", vec![]),
        (format!("{mail}tags: [do-not-contact]\n"), "", vec![]),
    ] {
        let kept = kept(&lines, others);
        let expected: Vec<&str> =
            expected.into_iter().map(|text| if text.starts_with("Bo <") { "bo@x.example" } else { text }).collect();
        assert_eq!(kept, expected, "{lines}");
    }
}

#[test]
fn what_another_no_covers_is_not_kept() {
    let bo = "emails: [bo@x.example]\nphones: [+1 212 555 0147]\nopt_out: true\n";
    for (others, expected) in [
        ("== guanxi.yaml\nbroadcast:\n  never: [BO@x.example]\n", vec!["+1 212 555 0147"]),
        ("== guanxi.yaml\nbroadcast:\n  never: [\"@x.example\", \"0212 5550147\"]\n", vec![]),
        ("== b.md\n---\nalias: B\nemails: [bo@x.example]\nopt_out: true\n---\n", vec!["+1 212 555 0147"]),
        ("== b.md\n---\nalias: B\nemails: [bo@x.example]\n---\n", vec!["bo@x.example", "+1 212 555 0147"]),
        // A "no" to other channels is none to this one.
        ("== b.md\n---\nalias: B\nemails: [bo@x.example]\nphones: ['2125550147']\nopt_out: sms\n---\n", vec!["bo@x.example"]),
        // Most likely a contact, although it is none.
        ("== b.md\n---\nAlais: B\nemails: [bo@x.example]\nopt_out: true\n---\n", vec!["+1 212 555 0147"]),
    ] {
        assert_eq!(kept(bo, others), expected, "{others}");
    }
    let mut vault = vault(&format!("== bo.md\n---\nalias: Bo\n{bo}---\n== b.md\n---\nalias: B\n{bo}---\n"));
    assert!(kept_of(&vault, &["bo.md"]).addresses.is_empty());
    // Both at once.
    let both = kept_of(&vault, &["bo.md", "b.md"]);
    assert_eq!((both.people.len(), both.addresses.len()), (2, 2));
    let old = "---\nalias: Old\nemails: [bo@x.example]\nopt_out: true\n---\n";
    vault.apply(Change::Beside { path: VaultPath::new("old/o.md"), text: Some(old.into()) });
    assert_eq!(kept_of(&vault, &["bo.md", "b.md"]).addresses, ["+1 212 555 0147"]);
}

#[test]
fn the_question_names_who_and_what() {
    let kept = |names: &[&str], addresses: &[&str]| Kept {
        people: names.iter().map(|&name| name.to_owned()).collect(),
        addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
    };
    assert_eq!(
        kept(&["Bo Chen"], &["bo@x.example"]).question(),
        "Bo Chen had said no to messages. Keep bo@x.example in broadcast.never, so that an import cannot bring them back into a broadcast?"
    );
    let many =
        kept(&["A", "B", "C", "D"], &["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"]).question();
    assert!(many.starts_with("A, B, C and 1 more had said no"), "{many}");
    assert!(many.contains("Keep a@x.example, b@x.example, c@x.example and 2 more in"), "{many}");
}

#[test]
fn the_settings_get_a_line_and_lose_nothing() {
    let two = ["bo@x.example".to_owned(), "+1 212 555 0147".to_owned()];
    let line = "never: [bo@x.example, +1 212 555 0147]";
    for (before, after) in [
        (String::new(), format!("broadcast:\n  {line}\n")),
        ("watch: off # why".to_owned(), format!("watch: off # why\nbroadcast:\n  {line}\n")),
        ("tags:\r\n  known:\r\n    a: x\r\n".to_owned(), format!("tags:\r\n  known:\r\n    a: x\r\nbroadcast:\r\n  {line}\r\n")),
        ("broadcast:\n".to_owned(), format!("broadcast:\n  {line}\n")),
        (
            "broadcast: # for all\n    exclude: \"#x\"  # y\n".to_owned(),
            format!("broadcast: # for all\n    {line}\n    exclude: \"#x\"  # y\n"),
        ),
        (
            "broadcast:\n  never: [a@x.example] # left\nwatch: off\n".to_owned(),
            "broadcast:\n  never: [a@x.example, bo@x.example, +1 212 555 0147] # left\nwatch: off\n".to_owned(),
        ),
        (
            "broadcast:\n  never:\n    - a@x.example # left\n  exclude: \"#x\"\n".to_owned(),
            "broadcast:\n  never:\n    - a@x.example # left\n    - bo@x.example\n    - +1 212 555 0147\n  exclude: \"#x\"\n"
                .to_owned(),
        ),
        ("broadcast:\n  never: [bo@x.example]\n".to_owned(), "broadcast:\n  never: [bo@x.example, +1 212 555 0147]\n".to_owned()),
    ] {
        let edits = edits(&before, &two).unwrap_or_else(|words| panic!("{words}:\n{before}"));
        let result = edit::apply(&before, &edits);
        assert_eq!(result, after);
        let (config, problems) = Config::parse(&result);
        assert!(problems.is_empty() && two.iter().all(|address| config.never.contains(address)), "{problems:?}");
    }
    assert_eq!(edits("broadcast:\n  never: [bo@x.example]\n", &two[..1]), Ok(Vec::new()));
    for broken in ["broadcast: {exclude: \"#x\"}\n", "broadcast: [\n", "broadcast: 1\n", "broadcast:\n  never: {a: b}\n"] {
        assert!(edits(broken, &two).is_err(), "{broken}");
    }
}
