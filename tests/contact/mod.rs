//! Floor 2: one file understood.

mod cursor;
mod spelled_keys;
mod unfinished;

use guanxi::contact::OptOut;
use guanxi::contact::{Code, Config, Document, fields, inspect};
use guanxi::text::edit;

fn problems(text: &str) -> Vec<(&'static str, String)> {
    inspect(&Document::parse(text)).into_iter().map(|problem| (problem.code.name(), problem.span.of(text).to_owned())).collect()
}

fn contact(head: &str) -> String {
    format!("---\nalias: W\n{head}---\n")
}

#[test]
fn a_clean_contact_has_no_problems() {
    let text = contact(
        "phones:\n  - work: +1 212 555 0147\n  - +49 30 23125 007 ext. 5\nemails: [wang@panda.example]\nbirthday: --04-02\ntags: [lead, new york, 老同学, ☕]\ncoffee: flat white\n",
    );
    assert_eq!(problems(&text), []);
}

#[test]
fn what_one_file_tells_is_wrong() {
    for (head, code, place) in [
        ("tags: [lead\n", "yaml-syntax", "[lead"),
        ("org: a\norg: b\n", "key-duplicate", "org"),
        ("phnoes: [1]\n", "key-unknown", "phnoes"),
        ("tags: [\"#lead\"]\n", "tag-invalid", "\"#lead\""),
        ("tags: [\"a,b\"]\n", "tag-invalid", "\"a,b\""),
        ("tags:\n  - #lead\n", "tag-invalid", "#lead"),
        ("tags: [#vip]\n", "yaml-syntax", "#vip"),
        ("tags: {lead: yes}\n", "tags-not-a-list", "{lead: yes}"),
        ("tags: lead, new-york\n", "tags-not-a-list", "lead, new-york"),
        ("emails: [wang]\n", "email-invalid", "wang"),
        ("emails: [w@x..example]\n", "email-invalid", "w@x..example"),
        ("phones: [call me]\n", "phone-invalid", "call me"),
        ("birthday: 1988-02-30\n", "date-invalid", "1988-02-30"),
        ("org: [[Panda]]\n", "yaml-syntax", "[[Panda]]"),
        ("wechat: #kitty\n", "yaml-syntax", "#kitty"),
        ("telegram: @kitty\n", "yaml-syntax", "@kitty"),
    ] {
        assert_eq!(problems(&contact(head)), [(code, place.to_owned())], "{head}");
    }
    assert_eq!(problems("---\nalias:\n---\n"), [("alias-missing", "alias".to_owned())]);
    assert_eq!(problems("---\nphones: [1234567]\n---\n"), [("alias-missing", "phones".to_owned())]);
    assert_eq!(problems("---\nto: #lead\n---\n"), [("query-unquoted", "#lead".to_owned())]);
    assert_eq!(problems("---\nalias: W\n"), [("yaml-syntax", "---".to_owned())]);
    let conflict = "---\nalias: W\n<<<<<<< HEAD\ntags: [a]\n=======\ntags: [b]\n>>>>>>> other\n---\n";
    assert!(problems(conflict).iter().any(|(code, _)| *code == "merge-conflict"));
    assert!(Document::parse(conflict).is_faulty());
}

/// A key near a field is a misspelt one only where its value could be the field's.
#[test]
fn a_key_of_somebodys_own_is_left_alone() {
    for head in [
        "related: \"[[Li Na]]\"\n",
        "related: [Li, Bo]\n",
        "related: cousins\n",
        "signals: {a: b}\n",
        "roles:\n  - buyer\n  - friend\n",
        "sources: \"[[CES]] and [[Li]]\"\n",
    ] {
        assert_eq!(problems(&contact(head)), [], "{head}");
    }
    for (head, key) in [("creatd: 2026-01-02\n", "creatd"), ("birtday: 2.4.1988\n", "birtday"), ("souce: fair\n", "souce")] {
        assert_eq!(problems(&contact(head)), [("key-unknown", key.to_owned())], "{head}");
    }
}

#[test]
fn quick_fixes_mend() {
    for head in [
        "tags: [\"#lead\"]\n",
        "tags:\n  - #lead\n",
        "tags: lead, new-york\n",
        "phnoes: [1234567]\n",
        "org: [[Panda]]\n",
        "wechat: #kitty\n",
        "telegram: @kitty\n",
        "tags: [lead\n",
    ] {
        let text = contact(head);
        let problem = inspect(&Document::parse(&text)).remove(0);
        let fix = problem.fix.unwrap_or_else(|| panic!("no fix for {head:?}"));
        let mended = edit::apply(&text, &fix.edits);
        assert_eq!(problems(&mended), [], "{head:?} became {mended:?}");
    }
    let open = "---\nalias: W\ntags: [a]\n";
    let fix = inspect(&Document::parse(open)).remove(0).fix.unwrap();
    assert_eq!(edit::apply(open, &fix.edits), "---\nalias: W\ntags: [a]\n---\n");
}

#[test]
fn lone_values_count_as_lists() {
    let text = contact("tags: lead\nemails: w@x.example\nphones:\n  work: +1 212 555 0147\n");
    let document = Document::parse(&text);
    assert_eq!(document.tags()[0].text, "lead");
    assert_eq!(document.values_of("emails")[0].text, "w@x.example");
    assert_eq!(document.values_of("phones")[0].label, Some("work"));
}

#[test]
fn opting_out_in_every_spelling() {
    for (written, expected) in [
        ("true", OptOut::All),
        ("yes", OptOut::All),
        ("True", OptOut::All),
        ("[email, sms]", OptOut::Channels(vec!["email".to_owned(), "sms".to_owned()])),
        ("email", OptOut::Channels(vec!["email".to_owned()])),
        ("false", OptOut::Channels(vec![])),
        ("no", OptOut::All),
        ("", OptOut::All),
        ("False", OptOut::Channels(vec![])),
        ("E-Mail", OptOut::Channels(vec!["email".to_owned()])),
        ("[email, fax]", OptOut::All),
        ("{email: true}", OptOut::All),
        ("[true]", OptOut::All),
    ] {
        assert_eq!(Document::parse(&contact(&format!("opt_out: {written}\n"))).opt_out(), expected, "{written}");
    }
}

#[test]
fn the_config_says_what_it_does_not_know() {
    let (config, problems) = Config::parse(
        "tags:\n  strict: true\n  known:\n    lead: Could buy\n    event/ces:\nbroadcast:\n  exclude: \"#no\"\nvault:\n  contacts: people/\n  ignore: [\"archive/**\"]\nwatch: poll\n",
    );
    assert!(problems.is_empty(), "{problems:?}");
    assert!(config.strict && config.known.len() == 2 && config.known[0].meaning == "Could buy");
    assert_eq!((config.exclude.unwrap().0.as_str(), config.contacts.as_str(), config.watch.as_str()), ("#no", "people", "poll"));
    for text in [
        "colour: red\n",
        "tags: [a]\n",
        "broadcast:\n  exclude: #no\n",
        "broadcast:\n  excluded: \"#no\"\n",
        "vault:\n  contacts: ../x\n",
        "watch: maybe\n",
        "tags:\n  strict: perhaps\n",
        "broadcast:\n  exclude: [a\n",
        "watch: off\nwatch: off\n",
    ] {
        let (config, problems) = Config::parse(text);
        assert!(config.faulty && !problems.is_empty(), "{text}");
    }
}

#[test]
fn one_table_of_fields() {
    let keys = fields::order();
    assert_eq!(keys.len(), keys.iter().collect::<std::collections::HashSet<_>>().len());
    assert!(keys.len() <= 64, "the index keeps one bit a field");
    assert_eq!(fields::near_miss("phone"), Some("phones"));
    assert_eq!(fields::near_miss("opt-out"), Some("opt_out"));
    assert_eq!(fields::near_miss("coffee"), None);
    assert_eq!(Code::ALL.iter().map(|code| code.name()).collect::<std::collections::HashSet<_>>().len(), Code::ALL.len());
}

#[test]
fn a_tag_has_a_greatest_depth_and_length() {
    let deep = |levels: usize| vec!["a"; levels].join("/");
    for (tag, fits) in
        [(deep(32), true), (deep(33), false), ("a".repeat(512), true), ("a".repeat(513), false), (deep(2_000_000), false)]
    {
        assert_eq!(guanxi::contact::tag::fault(&tag).is_none(), fits, "{}", tag.len());
        let text = format!("---\nalias: A\ntags: [lead, {tag}]\n---\n#{tag} #x\n");
        let document = Document::parse(&text);
        assert_eq!(document.tags().len(), 1 + usize::from(fits));
        assert_eq!(document.is_faulty(), !fits);
        assert_eq!(document.body().mentions.len(), 1 + usize::from(fits));
        assert_eq!(inspect(&document).iter().any(|problem| problem.code.name() == "tag-invalid"), !fits);
    }
}

#[test]
fn a_head_has_a_most_of_keys() {
    use guanxi::text::yaml::MOST_KEYS;
    for (more, fits) in [(0, true), (1, false), (100_000, false)] {
        let keys: String = (1..MOST_KEYS + more).map(|number| format!("k{number}: v\n")).collect();
        let text = format!("---\nalias: A\n{keys}---\n");
        let document = Document::parse(&text);
        assert_eq!((document.head.entries.len(), document.is_faulty()), (MOST_KEYS, !fits));
        let problems = inspect(&document);
        assert_eq!(problems.len(), usize::from(!fits));
        assert!(problems.iter().all(|problem| problem.span.of(&text) == format!("k{MOST_KEYS}")));
    }
}
