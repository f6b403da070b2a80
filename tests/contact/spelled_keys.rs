//! Fields under the keys that phones, mail programs and people give them: read, reported with a fix, edited where they stand.

use guanxi::contact::problem::Severity;
use guanxi::contact::{Code, Document, Kind, fields, inspect};
use guanxi::features::recipients::recipients;
use guanxi::features::{merge, record, retag};
use guanxi::text::edit;
use guanxi::text::yaml::edit::{ItemChange, Wish};
use guanxi::vault::query::Query;
use guanxi::vault::{Change, Vault, VaultPath};

/// A key, the field that it means, and a value that the field can have.
const SPELLED: &[(&str, &str, &str)] = &[
    ("email", "emails", "w@x.example"),
    ("Email", "emails", "w@x.example"),
    ("E-Mail", "emails", "w@x.example"),
    ("EMAIL", "emails", "w@x.example"),
    ("e_mail", "emails", "w@x.example"),
    ("EMAIL[HOME]", "emails", "w@x.example"),
    ("\"EMAIL;TYPE=HOME\"", "emails", "w@x.example"),
    ("ｅｍａｉｌ", "emails", "w@x.example"),
    ("email\u{200b}", "emails", "w@x.example"),
    ("mail", "emails", "w@x.example"),
    ("Emails", "emails", "w@x.example"),
    ("邮箱", "emails", "w@x.example"),
    ("tel", "phones", "+1 212 555 0147"),
    ("TEL[CELL]", "phones", "+1 212 555 0147"),
    ("mobile", "phones", "+1 212 555 0147"),
    ("Mobile Phone", "phones", "+1 212 555 0147"),
    ("手机", "phones", "+1 212 555 0147"),
    ("company", "org", "Panda"),
    ("ORG", "org", "Panda"),
    ("Organisation", "org", "Panda"),
    ("FN", "name", "Wang Xiaoming"),
    ("Full Name", "name", "Wang Xiaoming"),
    ("NICKNAME", "aliases", "Kitty"),
    ("Tags", "tags", "lead"),
    ("tag", "tags", "lead"),
    ("CATEGORIES", "tags", "lead"),
    ("Birth-Date", "birthday", "1988-04-02"),
    ("BDAY", "birthday", "1988-04-02"),
    ("NOTE", "description", "Buys panels"),
    ("website", "urls", "https://x.example"),
    ("WeChat", "wechat", "wxid_1"),
    ("微信", "wechat", "wxid_1"),
    ("photo", "card", "w.jpg"),
    ("UID", "uid", "abc"),
];

fn contact(head: &str) -> String {
    format!("---\nalias: W\n{head}---\n")
}

#[test]
fn a_field_is_read_under_any_of_its_names() {
    for (key, field, value) in SPELLED {
        let text = contact(&format!("{key}: {value}\n"));
        let document = Document::parse(&text);
        let values = document.values_of(field);
        assert_eq!(values.iter().map(|value| value.text).collect::<Vec<_>>(), [*value], "{key}");
        assert!(!document.is_faulty(), "{key}");
        let label = if key.contains("HOME") { Some("HOME") } else { Some("CELL").filter(|_| key.contains("CELL")) };
        assert_eq!(values[0].label, label, "{key}");
    }
}

#[test]
fn it_is_reported_and_the_fix_writes_the_field() {
    for (key, field, value) in SPELLED {
        let text = contact(&format!("{key}: {value}\n"));
        let problems = inspect(&Document::parse(&text));
        let [problem] = problems.as_slice() else { panic!("{key}: {problems:?}") };
        assert_eq!((problem.code, problem.severity()), (Code::KeyUnknown, Severity::Warning), "{key}");
        let fixed = edit::apply(&text, &problem.fix.as_ref().expect(key).edits);
        let after = Document::parse(&fixed);
        assert_eq!(inspect(&after), [], "{fixed}");
        let values = |document: &Document<'_>| -> Vec<(Option<String>, String)> {
            let own = |value: guanxi::contact::document::FieldValue<'_>| (value.label.map(str::to_owned), value.text.to_owned());
            document.values_of(field).into_iter().map(own).collect()
        };
        assert_eq!(values(&after), values(&Document::parse(&text)), "{fixed}");
        assert!(fixed.contains(&format!("{field}: ")), "{fixed}");
    }
}

#[test]
fn other_keys_stay_a_persons_own() {
    for key in
        ["coffee", "emailed", "mailing list", "phone bill", "companies house", "tagline", "notes", "line manager", "alias2"]
    {
        assert!(fields::canonical(key).is_none(), "{key}");
    }
    // What makes a contact is written as it is, and these files mean what they say.
    assert_eq!(Document::parse("---\nAlias: W\n---\n").kind, Kind::Note);
    let broadcast = "---\nto: \"#lead\"\nSubject: x\n---\n";
    assert!(Document::parse(broadcast).entry("subject").is_none());
    assert!(Document::parse("---\nphone: 1234567\n---\n").entry("phones").is_none());
}

#[test]
fn two_spellings_of_a_list_are_read_together_and_of_a_text_must_agree() {
    let text = contact("emails: [a@x.example]\nEMAIL[HOME]: b@x.example\nmail: c@x.example\n");
    let document = Document::parse(&text);
    assert_eq!(
        document.values_of("emails").iter().map(|value| value.text).collect::<Vec<_>>(),
        ["a@x.example", "b@x.example", "c@x.example"]
    );
    assert!(!document.is_faulty());
    let problems = inspect(&document);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.severity() == Severity::Information), "{problems:?}");

    let text = contact("tags: [vip]\nTags: [lead]\ncategories: [press]\n");
    let tags: Vec<String> = Document::parse(&text).tags().iter().map(|tag| tag.text.to_owned()).collect();
    assert_eq!(tags, ["vip", "lead", "press"]);

    let same = contact("org: Panda\ncompany: Panda\n");
    assert!(!Document::parse(&same).is_faulty());
    // A template's empty keys say nothing.
    assert!(!Document::parse(&contact("name:\nFN: Ann\norg: ~\ncompany: Panda\n")).is_faulty());
    let different = contact("org: Panda\ncompany: Tallow\n");
    assert!(Document::parse(&different).is_faulty());
    let codes: Vec<Code> = inspect(&Document::parse(&different)).iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::KeyDuplicate]);
    // The same key twice is a fault of YAML itself, whatever it means.
    assert!(Document::parse(&contact("email: a@x.example\nemail: b@x.example\n")).is_faulty());
}

fn vault(files: &[(&str, &str)]) -> Vault {
    let mut vault = Vault::default();
    for (path, text) in files {
        vault.apply(Change::Found { path: VaultPath::new(path), text: (*text).into() });
    }
    vault
}

#[test]
fn an_edit_writes_the_key_that_the_file_uses() {
    let text = contact("Tags: [lead] # mine\nemail: a@x.example\n");
    let vault = vault(&[("w.md", &text)]);
    let id = vault.id(&VaultPath::new("w.md")).unwrap();
    let added = retag::add(&vault, &[id], "vip");
    assert_eq!(edit::apply(&text, &added.edits[0].edits), text.replace("[lead]", "[lead, vip]"));
    let removed = retag::remove(&vault, &[id], "lead");
    assert_eq!(edit::apply(&text, &removed.edits[0].edits), text.replace("[lead]", "[]"));

    let both = contact("tags: [vip]\ncategories: [lead, press]\n");
    let vault = self::vault(&[("w.md", &both)]);
    let removed = retag::remove(&vault, &[vault.id(&VaultPath::new("w.md")).unwrap()], "lead");
    assert_eq!(edit::apply(&both, &removed.edits[0].edits), both.replace("[lead, press]", "[press]"));

    let document = Document::parse(&text);
    let wish = Wish::List { path: &["emails"], change: &|_| ItemChange::Keep, add: &["b@x.example".to_owned()] };
    let edits = document.plan(&fields::order(), &wish).unwrap();
    assert_eq!(edit::apply(&text, &edits), text.replace("email: a@x.example", "email: [a@x.example, b@x.example]"));
}

#[test]
fn a_merge_puts_each_value_into_its_field() {
    let keep = contact("emails: [a@x.example]\n");
    let other = "---\nalias: Wang\nEMAIL[HOME]: b@x.example\nmobile: +1 212 555 0147\nTags: [lead]\n---\n";
    let vault = vault(&[("w.md", &keep), ("wang.md", other)]);
    let id = |path| vault.id(&VaultPath::new(path)).unwrap();
    let nothing: guanxi::features::places::Exists = std::sync::Arc::new(|_: &str| false);
    let merged = merge::merge(&vault, id("w.md"), id("wang.md"), &nothing).unwrap();
    let text = edit::apply(&keep, &merged.edits);
    let document = Document::parse(&text);
    let texts = |key| -> Vec<String> { document.values_of(key).iter().map(|value| value.text.to_owned()).collect() };
    assert_eq!(texts("emails"), ["a@x.example", "b@x.example"], "{text}");
    assert_eq!(texts("phones"), ["+1 212 555 0147"], "{text}");
    assert_eq!(texts("tags"), ["lead"], "{text}");
}

#[test]
fn json_has_the_fields_own_names() {
    let text = contact("emails: [a@x.example]\nEMAIL[HOME]: b@x.example\ncompany: Panda\ncoffee: flat\n");
    let vault = vault(&[("w.md", &text)]);
    let json = record::json(&vault, vault.id(&VaultPath::new("w.md")).unwrap());
    let expected = serde_json::json!({
        "path": "w.md", "alias": "W", "tags": [],
        "emails": ["a@x.example", {"HOME": "b@x.example"}], "org": "Panda", "coffee": "flat",
    });
    assert_eq!(json, expected);
}

#[test]
fn whoever_is_written_in_another_way_is_reached_and_kept_out_as_anybody() {
    let vault = vault(&[
        ("ann.md", "---\nalias: Ann\nTags: [lead]\nEMAIL[HOME]: ann@x.example\ncompany: Panda\n---\n"),
        ("bo.md", "---\nalias: Bo\ntags: [lead]\nCategories: [sealed]\nmail: bo@x.example\n---\n"),
        ("cy.md", "---\nalias: Cy\ntags: [lead]\nemails: [ann@x.example]\nEmail: cy@x.example\n---\n"),
        ("guanxi.yaml", "broadcast:\n  exclude: \"#sealed\"\n"),
    ]);
    let query = Query::parse("#lead").unwrap();
    for via in ["email", "mail", "E-Mail"] {
        let found = recipients(&vault, &query, Some(via)).unwrap();
        let chosen: Vec<(&str, Option<&str>)> =
            found.chosen.iter().map(|one| (vault.file(one.file).alias(), one.address.as_deref())).collect();
        assert_eq!(chosen, [("Ann", Some("ann@x.example"))], "{via}");
        let reasons: Vec<&str> = found.left_out.iter().map(|(_, reason)| reason.name()).collect();
        assert_eq!(reasons, ["excluded", "same-address"], "{via}");
    }
    for query in ["company:panda", "Org:panda", "ORG:=Panda", "has:company", "category:lead", "mail:ann", "EMAIL:ann -#sealed"] {
        let people = guanxi::features::list::list(&vault, &Query::parse(query).unwrap()).unwrap();
        assert!(people.iter().any(|&id| vault.file(id).alias() == "Ann"), "{query}");
    }
    let broadcast = "---\nto: \"#lead\"\n---\nHello from {{ company }}, {{ org }}, {{ fields[\"E-Mail\"] }}, {{ email }}.\n";
    let document = Document::parse(broadcast);
    let said = guanxi::features::message::message(&vault, &document, vault.id_of("ann.md").unwrap()).unwrap();
    assert_eq!(said.body.trim(), "Hello from Panda, Panda, ann@x.example, ann@x.example.");
}

fn chosen(vault: &Vault, query: &str, via: Option<&str>) -> Vec<String> {
    let found = recipients(vault, &Query::parse(query).unwrap(), via).unwrap();
    found.chosen.iter().map(|one| vault.file(one.file).alias().to_owned()).collect()
}

/// Whoever said no in another file is known by every name and address there, however its keys are written.
#[test]
fn a_no_in_another_file_is_heard_under_any_key() {
    let ann =
        ("ann.md", "---\nalias: Ann\nname: Ann Smith\ntags: [lead]\nemails: [a@a.example]\nphones: [+1 212 555 0147]\n---\n");
    let settings = ("guanxi.yaml", "tags:\n  known:\n    sealed: Never\nbroadcast:\n  exclude: \"#sealed\"\n");
    for no in [
        "---\n邮箱: a@a.example\n标签: [sealed]\n---\n",
        "---\nmail: a@a.example\nTags: [sealed]\n---\n",
        "---\nitem1.EMAIL: a@a.example\nitem2.CATEGORIES: [sealed]\n---\n",
        "---\nalias: Nono\nopt_out: true\nFN: Ann Smith\nname: Bob\n---\n",
        "---\nalias: Nono\nopt_out: true\nname: Bob\nFull Name: Ann Smith\n---\n",
        "---\nalias: Nono\nAlias: Ann\nopt_out: true\n---\n",
        "---\nalias: Nono\nname: [Ann Smith]\nopt_out: true\n---\n",
        "---\nAlias: N\nFN: Ann Smith\nopt_out: true\n---\n",
        "---\nａｌｉａｓ: Ann\nopt_out: true\n---\n",
        "<<<<<<< HEAD\n---\nalias: N\nmail: a@a.example\nopt_out: true\n---\n=======\n---\nalias: N\nmail: a@a.example\n---\n>>>>>>> b\n",
        "<<<<<<< HEAD\n---\nalias: N\nmail: a@a.example\n---\n=======\n---\nalias: N\nmail: a@a.example\nopt_out: true\n---\n>>>>>>> b\n",
    ] {
        assert_eq!(chosen(&vault(&[ann, settings, ("no.md", no)]), "#lead", None), [""; 0], "{no}");
    }
    // And nobody is held back by who said nothing.
    for note in ["---\nmail: a@a.example\nTags: [friend]\n---\n", "---\nauthor_email: a@a.example\ntag: x\n---\n"] {
        assert_eq!(chosen(&vault(&[ann, settings, ("note.md", note)]), "#lead", None), ["Ann"], "{note}");
    }
}

#[test]
fn a_label_in_a_key_is_asked_for_as_any_other() {
    let vault = vault(&[("cy.md", "---\nalias: Cy\ntags: [lead]\nTEL[CELL]: +1 212 555 0147\n---\n")]);
    assert_eq!(chosen(&vault, "#lead phones:cell", None), ["Cy"]);
    assert_eq!(chosen(&vault, "#lead -phones:cell", None), [""; 0]);
}

#[test]
fn a_channel_is_a_way_to_reach_somebody() {
    let vault = vault(&[("cy.md", "---\nalias: Cy\ntags: [lead]\nbirthday: 1988-04-02\nwechat: cy\n---\n")]);
    for via in ["tags", "标签", "alias", "name", "opt_out", "birthday", "distinct"] {
        assert!(recipients(&vault, &Query::parse("#lead").unwrap(), Some(via)).is_err(), "{via}");
    }
    assert_eq!(chosen(&vault, "#lead", Some("微信")), ["Cy"]);
}

#[test]
fn what_is_not_for_messages_is_not_under_other_names_either() {
    let vault = vault(&[(
        "cy.md",
        "---\nalias: Cy\ntags: [lead]\nopt_out: false\nvcard: [\"CATEGORIES:x\"]\nitem1.CATEGORIES: [y]\n---\n",
    )]);
    for hole in ["Tags", "tag", "categories", "opt_out", "OPT_OUT", "vcard"] {
        for written in [format!("{{{{ {hole} }}}}"), format!("{{{{ fields[\"{hole}\"] }}}}")] {
            let broadcast = format!("---\nto: \"#lead\"\n---\nHi {written}\n");
            let document = Document::parse(&broadcast);
            let said = guanxi::features::message::message(&vault, &document, vault.id_of("cy.md").unwrap());
            assert!(said.is_err(), "{written}: {said:?}");
        }
    }
    let broadcast = "---\nto: \"#lead\"\n---\nHi {{ fields[\"item1.CATEGORIES\"] }}\n";
    assert!(guanxi::features::message::message(&vault, &Document::parse(broadcast), vault.id_of("cy.md").unwrap()).is_err());
}
