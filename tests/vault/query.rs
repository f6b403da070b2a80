//! The query language: what it means, what it says to mistakes, and that it reads back what it prints.

use guanxi::features::list::{AskError, list};
use guanxi::vault::Vault;
use guanxi::vault::query::{MAX_DEPTH, MAX_LENGTH, Query};
use proptest::prelude::*;

use super::{aliases, contacts, vault};

fn people() -> Vault {
    contacts(
        "ada.md: Ada Lark | lead, new-york, event/ces-2026 | org: Panda Lighting; emails: [ada@lark.example]; birthday: 1988-04-02
         people/bo.md: Bo | lead, boston | phones: [+1 (212) 555-0147]; rating: 7
         people/wang.md: 王小明 | Lead, New-York, trade press | description: buys LED panels; emails: w@p.example; rating: 12
         zoe.md: Zoë | new-york, do-not-contact, event | org: Łódź Café",
    )
}

fn ask(vault: &Vault, text: &str) -> String {
    let query = match Query::parse(text) {
        Ok(query) => query,
        Err(error) => return format!("{}..{} {}; expected {}", error.span.start, error.span.end, error.message, error.expected),
    };
    match list(vault, &query) {
        Ok(files) => aliases(vault, &files).join(", "),
        Err(AskError::Unknown(names)) => {
            names.iter().map(|name| format!("{} near {:?}", name.message, name.nearest)).collect::<Vec<_>>().join("; ")
        }
        Err(AskError::Syntax(_)) => unreachable!(),
    }
}

#[test]
fn queries_mean_what_they_say() {
    let vault = people();
    for (query, expected) in [
        ("#lead #new-york", "Ada Lark, 王小明"),
        ("#LEAD", "Ada Lark, Bo, 王小明"),
        ("#lead AND #boston", "Bo"),
        ("#lead & #boston", "Bo"),
        ("#boston | #do-not-contact", "Bo, Zoë"),
        ("#boston OR #do-not-contact", "Bo, Zoë"),
        ("#lead (#new-york | #boston) -#event", "Bo, 王小明"),
        ("#new-york -#do-not-contact has:emails", "Ada Lark, 王小明"),
        ("#event", "Ada Lark, Zoë"),
        ("tag:=event", "Zoë"),
        ("tag:event/ces-2026", "Ada Lark"),
        ("tag:\"trade press\"", "王小明"),
        ("#\"trade press\"", "王小明"),
        ("tag:/^new/", "Ada Lark, Zoë, 王小明"),
        ("!#lead", "Zoë"),
        ("NOT #lead", "Zoë"),
        ("-(#lead OR #event)", ""),
        ("--#boston", "Bo"),
        // A blank behind the sign changes nothing: a lone dash would ask for just those whom it should take away.
        ("#lead - #boston", "Ada Lark, 王小明"),
        ("#lead ! #boston", "Ada Lark, 王小明"),
        ("#lead - (#boston | #event)", "王小明"),
        ("org:panda", "Ada Lark"),
        ("org:lodz", "Zoë"),
        ("org:=\"panda lighting\"", "Ada Lark"),
        ("org:=panda", ""),
        ("zoe", "Zoë"),
        ("\"led panel\"", "王小明"),
        ("led -panels", ""),
        ("missing:emails", "Bo, Zoë"),
        ("has:rating", "Bo, 王小明"),
        ("rating:>7", "王小明"),
        ("rating:>=7", "Bo, 王小明"),
        ("rating:<10", "Bo"),
        ("birthday:>1980-01-01", "Ada Lark"),
        ("birthday:<1988", ""),
        ("birthday:<=1988-04-02", "Ada Lark"),
        ("phones:2125550147", "Bo"),
        ("phones:555-01", "Bo"),
        ("phones:/0147$/", "Bo"),
        ("alias:/^(ada|bo)/", "Ada Lark, Bo"),
        ("path:people/**", "Bo, 王小明"),
        ("path:people", "Bo, 王小明"),
        ("path:wang", "王小明"),
        ("path:*.md", "Ada Lark, Bo, Zoë, 王小明"),
        ("path:/ada.md", "Ada Lark"),
        ("kind:contact #boston", "Bo"),
        ("tags:boston", "Bo"),
    ] {
        assert_eq!(ask(&vault, query), expected, "{query}");
    }
}

#[test]
fn mistakes_are_told_with_place_and_what_was_expected() {
    let vault = people();
    for (query, expected) in [
        ("", "0..0 the query is empty; expected a tag such as `#lead`, a field such as `org:panda`, or a word"),
        ("#lead (", "7..7 the query ends too early; expected a tag, a field or a word"),
        ("(#lead", "0..6 this `(` is not closed; expected `)`"),
        ("#lead)", "5..6 this `)` closes nothing; expected a `(` before it, or the end of the query"),
        ("#lead OR", "8..8 the query ends too early; expected a tag, a field or a word"),
        ("#lead -", "7..7 the query ends too early; expected a tag, a field or a word"),
        ("| #lead", "0..1 nothing stands before this; expected a tag, a field or a word"),
        ("#", "1..1 here is no name; expected the name of a tag, such as `#lead`"),
        ("# lead", "1..1 here is no name; expected the name of a tag, such as `#lead`"),
        ("org:", "4..4 something is missing here; expected a value for `org`"),
        ("org: panda", "4..4 something is missing here; expected a value for `org`"),
        ("has: x", "4..4 something is missing here; expected the name of a field, such as `emails`"),
        ("\"led", "0..4 this quote is not closed; expected `\"` at its end"),
        ("alias:/(/", "6..9 this regular expression is wrong: unclosed group; expected an expression such as `/^li /`"),
        ("tag:>x", "5..6 a tag is not compared so; expected `tag:name`, `tag:=name` or `tag:/expression/`"),
    ] {
        assert_eq!(ask(&vault, query), expected, "{query:?}");
    }
}

#[test]
fn an_unknown_tag_is_an_error_that_names_the_nearest() {
    let vault = people();
    assert_eq!(
        ask(&vault, "#lead -#do-not-contcat"),
        "nobody carries the tag `do-not-contcat`, and the vocabulary does not list it near [\"#do-not-contact\"]"
    );
    assert_eq!(ask(&vault, "-orgg:x"), "no file has the key `orgg` near [\"org\"]");
    let listed = vault_with_vocabulary();
    assert_eq!(ask(&listed, "#boston"), "");
}

fn vault_with_vocabulary() -> Vault {
    vault("== guanxi.yaml\ntags:\n  known:\n    boston: Near\n== a.md\n---\nalias: A\n---\n")
}

#[test]
fn no_query_is_slow_or_deep() {
    let vault = people();
    let long = "a".repeat(1 << 20);
    assert!(ask(&vault, &long).contains("1048576 bytes; expected at most 8192 bytes"));
    for deep in ["(", "-", "!(", "NOT "] {
        let text = deep.repeat(MAX_LENGTH / deep.len());
        assert!(ask(&vault, &text).contains("nested too deeply"), "{deep}");
    }
    let nested = format!("{}#lead{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    assert_eq!(ask(&vault, &nested), "Ada Lark, Bo, 王小明");
    assert!(ask(&vault, "alias:/(a{1000}){1000}/").contains("regular expression is wrong"));
    assert_eq!(ask(&vault, "description:/(x+x+)+y/"), "");
    let wide = vec!["-nobody"; 1000].join(" ");
    assert_eq!(ask(&vault, &wide), "Ada Lark, Bo, Zoë, 王小明");
}

#[test]
fn queries_over_other_kinds_of_file() {
    let vault = vault("== a.md\n---\nalias: A\n---\nled\n== n.md\nled strips\n== b.md\n---\nto: \"#x\"\n---\n");
    assert_eq!(ask(&vault, "kind:note"), "n");
    assert_eq!(ask(&vault, "kind:broadcast"), "b");
    assert_eq!(ask(&vault, "body:led"), "A");
    assert_eq!(ask(&vault, "body:led kind:note"), "n");
    assert_eq!(ask(&vault, "any:LED"), "A");
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,5}",
        "[a-z]{1,3} [a-z]{1,3}",
        "\\PC{1,4}",
        Just("OR".to_owned()),
        Just("a\"b\\".to_owned()),
        Just("王".to_owned())
    ]
}

fn tag_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,5}",
        "[a-z]{1,3} [a-z]{1,3}",
        Just("event/ces".to_owned()),
        Just("茶🍵".to_owned()),
        Just("a\"b".to_owned()),
        Just("a:b".to_owned())
    ]
}

/// Texts of queries, by way of the grammar.
fn query() -> impl Strategy<Value = String> {
    let quoted = |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let atom = prop_oneof![
        tag_name().prop_map(move |tag| format!("#{}", quoted(tag))),
        tag_name().prop_map(move |tag| format!("tag:={}", quoted(tag))),
        word().prop_map(quoted),
        ("[a-z]{1,5}", prop::sample::select(&["", "=", ">", ">=", "<", "<="][..]), word())
            .prop_map(move |(key, sign, value)| format!("x{key}:{sign}{}", quoted(value))),
        prop::sample::select(&["has:emails", "missing:org", "path:a/**", "/a.b\\/c/", "tag:/^x/", "org:/[\\/]x/"][..])
            .prop_map(str::to_owned),
    ];
    atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|terms| format!("({})", terms.join(" "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|terms| format!("({})", terms.join(" | "))),
            inner.prop_map(|term| format!("-{term}")),
        ]
    })
}

proptest! {
    #![proptest_config(crate::law(2000))]

    #[test]
    fn what_is_printed_reads_back_as_the_same(text in query()) {
        let parsed = Query::parse(&text).map_err(|error| TestCaseError::fail(format!("{text:?}: {error:?}")))?;
        let printed = parsed.to_string();
        let again = Query::parse(&printed).map_err(|error| TestCaseError::fail(format!("{text:?} printed {printed:?}: {error:?}")))?;
        prop_assert_eq!(&parsed, &again, "{} printed {}", text, printed);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn any_text_is_a_query_or_an_error_in_its_place(text in "[#()|&!:\"/a=<> \\-\\\\王OR]{0,24}") {
        if let Err(error) = Query::parse(&text) {
            prop_assert!(text.get(error.span.range()).is_some(), "{:?} {:?}", text, error);
        }
    }
}

/// What YAML reads as nothing is nothing to everybody here: to `has:` and `missing:`, to values, names and mails. In quotes it is text.
#[test]
fn nothing_is_nothing_everywhere() {
    use guanxi::contact::fields::FIELDS;
    let keys = FIELDS.iter().map(|field| field.key).filter(|key| *key != "alias").chain(["shoe"]);
    for key in keys {
        for shape in [": N", ": [N]", ":\n  - N", ":\n  - work: N", ": {work: N}", ":\n  work: N"] {
            for (written, there) in [
                ("~", false),
                ("null", false),
                ("Null", false),
                ("NULL", false),
                ("''", false),
                ("\"\"", false),
                ("\" \"", false),
                ("\"~\"", true),
                ("'null'", true),
            ] {
                let entry = format!("{key}{}", shape.replace('N', written));
                let vault = vault(&format!("== a.md\n---\nalias: A\n{entry}\n---\n"));
                let file = vault.file(vault.id_of("a.md").unwrap());
                let document = file.document();
                let asked = |text: String| !list(&vault, &Query::parse(&text).unwrap()).unwrap().is_empty();
                let said = (
                    asked(format!("has:{key}")),
                    !asked(format!("missing:{key}")),
                    !document.values_of(key).is_empty(),
                    guanxi::contact::document::has_value(&document.entry(key).unwrap().value),
                );
                assert_eq!(said, (there, there, there, there), "{entry:?}");
                assert!(there || document.text_of(key).is_none(), "{entry:?}");
                let alias = 1 << guanxi::contact::fields::index("alias").unwrap();
                assert!(there || file.present() & !alias == 0, "{entry:?}");
                if key == "emails" {
                    assert_eq!(file.mail().is_some(), there, "{entry:?}");
                }
            }
        }
    }
}
