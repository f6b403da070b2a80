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
        ("#", "1..1 the name is missing; expected a tag name after `#`"),
        ("# lead", "1..1 the name is missing; expected a tag name after `#`"),
        ("org:", "4..4 the value is missing; expected a value for `org`"),
        ("org: panda", "4..4 the value is missing; expected a value for `org`"),
        ("has: x", "4..4 the value is missing; expected the name of a field, such as `emails`"),
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
        "no contact has the tag `do-not-contcat`, and the vocabulary does not list it near [\"#do-not-contact\"]"
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
    for deep in ["(", "-(", "!(", "NOT ("] {
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
        // A value of nothing but spaces is refused.
        "\\PC{1,4}".prop_filter("empty", |text| !text.trim().is_empty()),
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
        "[a-z王é][a-z \"\\\\%=/-]{0,4}".prop_map(quoted),
        ("[a-z]{1,5}", prop::sample::select(&["", "=", ">", ">=", "<", "<="][..]), word())
            .prop_map(move |(key, sign, value)| format!("x{key}:{sign}{}", quoted(value))),
        prop::sample::select(&["has:emails", "missing:org", "path:a/**", "/a.b\\/c/", "tag:/^x/", "org:/[\\/]x/"][..])
            .prop_map(str::to_owned),
    ];
    atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|terms| format!("({})", terms.join(" "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|terms| format!("({})", terms.join(" | "))),
            inner.prop_map(|term| format!("-({term})")),
        ]
    })
}

/// An exclusion that matches people for what they lack keeps out everybody but those whom it names.
#[test]
fn an_exclusion_is_not_the_other_way_round() {
    for (text, corrected) in [
        ("-#no", vec!["#no"]),
        ("NOT tag:no", vec!["#no"]),
        ("-(#no | #client)", vec!["#no OR #client"]),
        ("-#a -#b", vec![]),
        ("#a | -#b", vec![]),
    ] {
        let error = Query::parse_exclusion(text).unwrap_err();
        assert!(error.message.contains("everybody but those whom it names"), "{text}: {error:?}");
        assert_eq!(error.corrected(text), corrected, "{text}");
    }
    for text in ["#no", "#no -#vip", "missing:emails", "-has:emails", "org:x | #no", "-(-#no)"] {
        assert!(Query::parse_exclusion(text).is_ok(), "{text}");
    }
}

/// A value that nobody sees is a value: without quotes it would count for nothing.
#[test]
fn an_invisible_value_is_printed_in_quotes() {
    for text in ["xa:\"\u{3164}\"", "-(xa:\"\u{3164}\")", "xa:\"a\u{200b}b\""] {
        let printed = Query::parse(text).unwrap().to_string();
        assert_eq!(Query::parse(&printed).map(|query| query.to_string()), Ok(printed.clone()), "{text} printed {printed:?}");
    }
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

/// What a person, an input method or another language writes for a query is read as meant, or refused with the query to write instead;
/// never taken for a word that nobody has.
#[test]
fn slips_in_a_query_are_read_or_refused() {
    for (query, same) in [
        ("#lead -＃boston", "#lead -#boston"),
        ("#lead －#boston", "#lead -#boston"),
        ("#lead –#boston", "#lead -#boston"),
        ("#lead −\u{200b}#boston", "#lead -#boston"),
        ("#lead -\u{200b}#boston", "#lead -#boston"),
        ("\u{feff}#lead", "#lead"),
        ("#lead\u{a0}-#boston", "#lead -#boston"),
        ("#lead\u{3000}-#boston", "#lead -#boston"),
        ("#lead -（#boston ｜ ＃event）", "#lead -(#boston | #event)"),
        ("-tag：boston", "-#boston"),
        ("#“trade press”", "#\"trade press\""),
        ("#ｌｅａｄ", "#lead"),
        ("#le\u{200b}ad", "#lead"),
        ("org：＝“Panda Lighting”", "org:=\"Panda Lighting\""),
        ("rating：＞7", "rating:>7"),
    ] {
        let vault = people();
        assert_eq!(ask(&vault, query), ask(&vault, same), "{query}");
    }
    for (query, corrected) in [
        ("-\"#boston\"", "-#boston"),
        ("-“#boston”", "-#boston"),
        ("#lead not #boston", "#lead NOT #boston"),
        ("#lead Not #boston", "#lead NOT #boston"),
        ("#lead and #boston", "#lead AND #boston"),
        ("#lead or #boston", "#lead OR #boston"),
        ("#lead && #boston", "#lead & #boston"),
        ("#lead || #boston", "#lead | #boston"),
        ("#lead + #boston", "#lead #boston"),
        ("#lead, #boston", "#lead  #boston"),
        ("#lead; #boston", "#lead  #boston"),
        ("#lead，#boston", "#lead #boston"),
        ("#lead｜#boston", "#lead | #boston"),
        ("#lead-#boston", "#lead- #boston"),
        ("#lead#boston", "#lead #boston"),
        ("--#boston", "-#boston"),
        ("- -#boston", "-#boston"),
        ("-tag=boston", "-tag:boston"),
        ("org=panda", "org:=panda"),
        ("-[[boston]]", "-alias:=\"boston\""),
        ("-@Ann", "-alias:=\"Ann\""),
        ("!=#boston", ""),
        ("-(#boston, #event)", "-(#boston |  #event)"),
        ("-#boston, #event", ""),
        ("-#boston，#event", ""),
        ("+-#boston", ""),
        ("~ #boston", ""),
        ("\"C#\"", "any:\"C#\""),
        ("\"\"", ""),
        ("any:\"\"", ""),
        ("birthday:>1.1.1980", ""),
        ("^boston", "any:\"^boston\""),
        ("~boston", "any:\"~boston\""),
        ("#lead \u{2014} #boston", "= Ada Lark, 王小明"),
        ("#lead <> #boston", ""),
        ("tag: boston", ""),
        ("-#boston#event", ""),
        ("\"boston", "\"boston\""),
        ("`boston`", "any:\"`boston`\""),
        ("-org:!=x", ""),
    ] {
        if let Some(expected) = corrected.strip_prefix("= ") {
            assert_eq!(ask(&people(), query), expected, "{query}");
            continue;
        }
        let error = Query::parse(query).expect_err(query);
        let first = error.corrected(query).into_iter().next().unwrap_or_default();
        assert_eq!(first, corrected, "{query}: {}", error.words());
    }
    // Safety does not close the shop.
    for query in [
        "#客户（北京）",
        "#同学—高中",
        "#客户(北京)",
        "org:/^p/",
        "missing:emails",
        "kind:contact",
        "+33",
        "o'neil",
        "王小明",
        "☕",
        "AT&T",
        "10.5",
    ] {
        assert!(Query::parse(query).is_ok(), "{query}: {:?}", Query::parse(query));
    }
    let strict = |query: &str| Query::parse_strict(query).map_err(|error| error.corrected(query));
    for query in ["org:/^p/", "missing:emails", "kind:contact", "has:alias -#boston", "any:\"x\"", "body:x", "path:people/**"] {
        assert!(strict(query).is_ok(), "{query}: {:?}", strict(query));
    }
    for (query, corrected) in [
        ("boston", vec!["#boston", "any:\"boston\""]),
        ("#lead \"new york\"", vec!["#lead #\"new york\"", "#lead any:\"new york\""]),
        ("/bos/", vec!["tag:/bos/", "any:/bos/"]),
        ("kind:note", vec!["kind:contact"]),
        ("org:=\"\"", vec![]),
        ("tag:/x*/", vec![]),
        ("-any:/x*/", vec![]),
    ] {
        assert_eq!(strict(query).expect_err(query), corrected, "{query}");
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
