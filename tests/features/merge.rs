//! Two files of one person, before and after.

use std::sync::Arc;

use guanxi::features::merge::{holds, merge};
use guanxi::features::places::Exists;
use guanxi::text::edit;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};

fn vault(files: &[(&str, &str)]) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files {
        vault.apply(Change::Found { path: VaultPath::new(path), text: (*text).into() });
    }
    vault
}

/// The pictures that are there.
fn pictures() -> Exists {
    Arc::new(|path| ["old/b.png", "cards/b.png"].contains(&path))
}

/// The first file after the second one has come into it, then the files whose links change.
fn merged(files: &[(&str, &str)]) -> Result<String, String> {
    let vault = vault(files);
    let id = |at: usize| vault.id_of(files[at].0).unwrap();
    let merge = merge(&vault, id(0), id(1), &pictures())?;
    assert_eq!((merge.keep, merge.other), (id(0), id(1)));
    let mut told = edit::apply(files[0].1, &merge.edits);
    for link in merge.links {
        told.push_str(&format!("== {}\n{}", vault.file(link.file).path(), link.result(&vault)));
    }
    Ok(told)
}

#[test]
fn nothing_is_lost() {
    let keep = "---\nalias: Wang Xiaoming # the buyer\ntags: [lead]\norg: Panda Lighting\nphones:\n  - work: +1 212 555 0147\n---\nMet at CES.\n";
    let other = "---\nalias: 王小明\naliases: [Tom]\nname: Wang Xiaoming\ntags: [Lead, new-york]\norg: Old Lamps Ltd\nbirthday: 1988-04-02\nphones:\n  - (212) 555-0147\n  - home: +1 646 555 0100\nemails: [w@x.example]\ncoffee: black\n---\n# Notes\n\nLikes tea 🍵.\n";
    assert_eq!(
        merged(&[("wang.md", keep), ("tom.md", other)]).unwrap(),
        "---\nalias: Wang Xiaoming # the buyer\nname: Wang Xiaoming\naliases: [王小明, Tom]\ntags: [lead, new-york]\norg: Panda Lighting\nphones:\n  - work: +1 212 555 0147\n  - home: +1 646 555 0100\nemails: [w@x.example]\nbirthday: 1988-04-02\ncoffee: black\n---\nMet at CES.\n\n- org (王小明): Old Lamps Ltd\n- phones (王小明): (212) 555-0147\n\n# Notes\n\nLikes tea 🍵.\n"
    );
}

#[test]
fn who_said_no_in_either_file_said_no() {
    for (own, theirs, result) in [
        ("", "opt_out: true\n", "opt_out: true\n"),
        ("opt_out: true\n", "", "opt_out: true\n"),
        ("opt_out: [email]\n", "opt_out: yes\n", "opt_out: true\n"),
        ("opt_out: [email]\n", "opt_out: [sms, email]\n", "opt_out: [email, sms]\n"),
        ("opt_out: false\n", "opt_out: [sms]\n", "opt_out: [sms]\n"),
        ("opt_out: true\n", "opt_out: false\n", "opt_out: true\n"),
        ("opt_out: false\n", "opt_out: false\n", "opt_out: false\n"),
        ("opt_out: email\n", "opt_out: [sms]\n", "opt_out: [email, sms]\n"),
    ] {
        let (keep, other) = (format!("---\nalias: A\n{own}---\n"), format!("---\nalias: A\n{theirs}---\n"));
        assert_eq!(
            merged(&[("a.md", &keep), ("b.md", &other)]).unwrap(),
            format!("---\nalias: A\n{result}---\n"),
            "{own}{theirs}"
        );
    }
}

#[test]
fn links_lead_on() {
    let files = [
        ("people/a.md", "---\nalias: A\n---\nSee [[b]].\n"),
        ("old/b.md", "---\nalias: B\n---\nBody.\n"),
        ("n.md", "[[B]], [[b|him]] and [x](old/b.md).\n"),
    ];
    assert_eq!(
        merged(&files).unwrap(),
        "---\nalias: A\naliases: [B]\n---\nSee [[b]].\n\nBody.\n== n.md\n[[B]], [[b|him]] and [x](people/a.md).\n"
    );
    let named = [
        ("a.md", "---\nalias: A\n---\nSee [[tom-wang]].\n"),
        ("tom-wang.md", "---\nalias: B\n---\n"),
        ("n.md", "With [[tom-wang|him]].\n"),
    ];
    assert_eq!(merged(&named).unwrap(), "---\nalias: A\naliases: [B]\n---\nSee [[A]].\n== n.md\nWith [[A|him]].\n");
}

/// What stands in another folder leads elsewhere from there.
#[test]
fn pictures_and_links_by_path_lead_on() {
    let keep = ("people/a.md", "---\nalias: A\n---\n");
    let with = |card: &str| {
        format!("---\nalias: A\ncard: {card}\n---\n[n](../n.md) [me](b.md) ![](b.png) [w](https://x.example/b.md)\n")
    };
    for (card, expected) in [
        ("b.png", "../old/b.png"),
        ("./b.png", "../old/b.png"),
        ("../cards/b.png", "../cards/b.png"),
        ("cards/b.png", "cards/b.png"),
        ("nowhere.png", "nowhere.png"),
        ("[b.png, cards/b.png]", "[../old/b.png, cards/b.png]"),
    ] {
        assert_eq!(
            merged(&[keep, ("old/b.md", &with(card)), ("n.md", "")]).unwrap(),
            format!(
                "---\nalias: A\ncard: {expected}\n---\n[n](../n.md) [me](a.md) ![](../old/b.png) [w](https://x.example/b.md)\n"
            ),
            "{card}"
        );
    }
}

#[test]
fn line_endings_and_marks_stay() {
    let keep = "\u{feff}---\r\nalias: A\r\ntags: [a]\r\n---\r\nHello";
    assert_eq!(
        merged(&[("a.md", keep), ("b.md", "---\nalias: B\ntags: [b]\n---\nOne\nTwo\n")]).unwrap(),
        "\u{feff}---\r\nalias: A\r\naliases: [B]\r\ntags: [a, b]\r\n---\r\nHello\r\n\r\nOne\r\nTwo\r\n"
    );
}

#[test]
fn in_doubt_nothing_happens() {
    let good = ("a.md", "---\nalias: A\n---\n");
    for (bad, why) in [
        ("---\nalias: B\ntags: [a\n---\n", "repair b.md first"),
        ("Just a note.\n", "b.md is no contact"),
        ("---\nalias: B\ntasg: [a]\n---\n", "repair b.md first"),
    ] {
        let message = merged(&[good, ("b.md", bad)]).unwrap_err();
        assert!(message.starts_with(why), "{message}");
    }
    let vault = vault(&[good]);
    let id = vault.id_of("a.md").unwrap();
    assert!(merge(&vault, id, id, &pictures()).is_err());
}

/// What a merge has brought over is not brought over again, and only then may the other file go.
#[test]
fn only_a_file_that_holds_everything_lets_the_other_go() {
    let others = [
        "---\nalias: B\n---\n",
        "---\nalias: B\ntags: [lead, Vip]\norg: Lamps\nemails: [b@x.example]\nphones:\n  - work: +1 212 555 0147\nopt_out: [sms]\n---\nLikes tea.\n\n- [ ] call\n",
        "---\nalias: B\nopt_out: true\ndescription: |\n  Two\n  lines\ncoffee: {milk: yes}\n---\r\nOne\r\nTwo\r\n",
        "---\nalias: B\nEMAIL[HOME]: b@x.example\nTags: [a]\n---\nSee [[a]], [me](b.md) and [[b|myself]].\n",
    ];
    let keeps = [
        "---\nalias: A\n---\n",
        "---\nalias: A\norg: Panda\nphones: [+1 646 555 0100]\ntags: [a]\ncoffee: black\n---\nLikes tea and more.\n",
        "\u{feff}---\r\nalias: A\r\ndescription: mine\r\nopt_out: [email]\r\n---\r\nHello",
    ];
    for other in others {
        for keep in keeps {
            let vault = vault(&[("a.md", keep), ("b.md", other)]);
            let (a, b) = (vault.id_of("a.md").unwrap(), vault.id_of("b.md").unwrap());
            let text = vault.file(b).shared_text();
            let merged = edit::apply(keep, &merge(&vault, a, b, &pictures()).unwrap().edits);
            assert!(!holds(&vault, (a, keep), (b, &text), &pictures()), "{keep}{other}");
            assert!(holds(&vault, (a, &merged), (b, &text), &pictures()), "{merged}");
            let again = self::vault(&[("a.md", &merged), ("b.md", other)]);
            assert!(
                merge(&again, again.id_of("a.md").unwrap(), again.id_of("b.md").unwrap(), &pictures()).unwrap().edits.is_empty()
            );
            // Each line of the other that is taken away again is missed.
            for line in merged.lines().filter(|line| !keep.contains(line.trim()) && !line.trim().is_empty()) {
                let less = merged.replacen(line, "", 1);
                assert!(!holds(&vault, (a, &less), (b, &text), &pictures()), "without {line:?}: {less}");
            }
            let newer: Arc<str> = format!("{text}And says no.\n").into();
            assert!(!holds(&vault, (a, &merged), (b, &newer), &pictures()));
        }
    }
    let linked =
        vault(&[("a.md", "---\nalias: A\naliases: [B]\n---\n"), ("b.md", "---\nalias: B\n---\n"), ("n.md", "[b](b.md)\n")]);
    let id = |path| linked.id_of(path).unwrap();
    let (keep, text) = (linked.file(id("a.md")).text(), linked.file(id("b.md")).shared_text());
    assert!(!holds(&linked, (id("a.md"), keep), (id("b.md"), &text), &pictures()), "a link still leads to it");
}

/// Every word of the other file, wherever it stands there, stands in the result: the test knows nothing of fields.
#[test]
fn no_word_of_the_other_is_lost() {
    let keep = "---\nalias: A\nphones: [+1 212 555 0147]\nwechat: kk\ndescription: mine\nlist: [one]\ncard: a.png\n---\nHello.\n";
    for head in [
        "list: [1, [2, 3], {a: b}]\n",
        "blk:\n  - - deep\n    - deeper\n",
        "x: [[left, right]]\n",
        "my mail: [[z@x.example]]\n",
        "emails: [q@x.example, [b@x.example, c@x.example]]\n",
        "card: {front: p.png}\n",
        "phones: [0212 555 0147, \"+12125550147 ext. 33\", {work: +1 212 555 0147}]\n",
        "# asked by phone not to be called before noon\nphones: [+1 212 555 0147] # ext 12, ask for Ann\n",
        "opt_out: true # wrote in May\n",
        "org: X # since 2019\n",
        "description: |\n  - item 1\n  - item 2 [[Z]]\n\n  para 2\n",
        "meta:\n  a: 2\n  b: 3 # c\n  deep: {er: [4, 5]}\n",
        "wechat: zz\n",
        "coffee: \"black: no sugar\"\ntea: >\n  green\n  leaves\n",
        "TEL[CELL]: +1 646 555 0100\nitem1.EMAIL: e@x.example\n",
    ] {
        let other = format!("---\nalias: B\n{head}---\nBody of B.\n\n    code # kept\n");
        let result = merged(&[("a.md", keep), ("b.md", &other)]).unwrap();
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| c.is_whitespace() || ",[]{}\"#|>:-".contains(c));
            words.filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_lowercase).collect()
        };
        let there = words(&result);
        // Keys may be those of the fields: what they hold is what counts.
        let keys = ["item1.email", "tel", "cell", "phones", "emails", "card", "opt_out"];
        for word in words(&other).into_iter().filter(|word| !keys.contains(&word.as_str())) {
            assert!(there.contains(&word), "{word:?} of {head} in {result}");
        }
        // And once more adds nothing.
        let again = vault(&[("a.md", &result), ("b.md", &other)]);
        let (a, b) = (again.id_of("a.md").unwrap(), again.id_of("b.md").unwrap());
        let edits = merge(&again, a, b, &pictures()).unwrap().edits;
        assert!(edits.is_empty(), "{head}: {edits:?} for {result}");
    }
}

/// Each text reads as it did alone: notes and labels that both use are told apart, and what is open at the end of the one is closed.
#[test]
fn each_body_reads_as_it_did_alone() {
    let body = |keep: &str, other: &str| {
        let (keep, other) = (format!("---\nalias: A\n---\n{keep}"), format!("---\nalias: B\n---\n{other}"));
        let result = merged(&[("a.md", &keep), ("old/tom k.md", &other)]).unwrap();
        // Once more adds nothing.
        let again = vault(&[("a.md", &result), ("old/tom k.md", &other)]);
        let (a, b) = (again.id_of("a.md").unwrap(), again.id_of("old/tom k.md").unwrap());
        assert!(merge(&again, a, b, &pictures()).unwrap().edits.is_empty(), "{result}");
        result.split_once("aliases: [B]\n---\n").unwrap().1.to_owned()
    };
    assert_eq!(
        body(
            "Tea[^1] and [site][d].\n\n[^1]: green\n\n[d]: https://a.example\n",
            "Wine[^1], cake[^c], [D], [all][d], [D][].\n\n[^1]: red\n[^c]: plum\n\n[d]: https://b.example\n"
        ),
        "Tea[^1] and [site][d].\n\n[^1]: green\n\n[d]: https://a.example\n\nWine[^1-tom-k], cake[^c], [D][D-tom-k], [all][d-tom-k], [D][D-tom-k].\n\n[^1-tom-k]: red\n[^c]: plum\n\n[d-tom-k]: https://b.example\n"
    );
    // The same label for the same place, and labels in code, stay.
    assert_eq!(
        body("[d]\n\n[d]: https://a.example\n\n[^1]: x\n", "[d] `[^1]`\n\n[d]: https://a.example\n"),
        "[d]\n\n[d]: https://a.example\n\n[^1]: x\n\n[d] `[^1]`\n\n[d]: https://a.example\n"
    );
    // A name that is taken by somebody of the same file name.
    assert_eq!(
        body("A[^1] B[^1-tom-k]\n\n[^1]: x\n\n[^1-tom-k]: y\n", "C[^1]\n\n[^1]: z\n"),
        "A[^1] B[^1-tom-k]\n\n[^1]: x\n\n[^1-tom-k]: y\n\nC[^1-tom-k-2]\n\n[^1-tom-k-2]: z\n"
    );
    for (open, end) in [
        ("```sh\nls\n", "```\n"),
        ("~~~~\nls", "\n~~~~\n"),
        ("<!-- not yet\n", "-->\n"),
        ("> ```\n> quoted\n", ""),
        ("- one\n\n  ```\n  in a list\n", ""),
        ("<pre>\nx\n", "</pre>\n"),
        ("```\nclosed\n```\n", ""),
        ("<div>\nx\n", ""),
    ] {
        assert_eq!(body(open, "Met [[A]].\n"), format!("{open}{end}\nMet [[A]].\n"));
    }
}

/// A link by a name that leads to a third person once the other is gone is written anew; its tick stays with whom it belongs to.
#[test]
fn links_and_ticks_go_to_nobody_else() {
    for third in ["alias: ada l\n", "alias: Cy\naliases: [Ada L]\n"] {
        let third = format!("---\n{third}emails: [c@x.example]\n---\n");
        let note = "[[Ada L]] owes me 50, says [[ADA L|her]].\n";
        let list = "---\nto: \"#lead\"\n---\nHi.\n\n<!-- guanxi:list -->\n- [x] [[Ada L]]\n";
        let files = [
            ("a.md", "---\nalias: Ada\n---\nKnows [[Ada L]].\n"),
            ("b.md", "---\nalias: Ada L\n---\nI am [[Ada L]].\n"),
            ("c.md", &third),
            ("n.md", note),
            ("x.md", list),
        ];
        let result = merged(&files).unwrap();
        assert!(result.contains("Knows [[Ada]].\n\nI am [[Ada]].\n"), "{result}");
        assert!(result.contains("[[Ada]] owes me 50"), "{result}");
        assert!(result.contains("- [x] [[Ada]]\n"), "{result}");
    }
    // Where the name is nobody else's, it stays.
    let files =
        [("a.md", "---\nalias: Ada\n---\n"), ("b.md", "---\nalias: Ada L\n---\n"), ("n.md", "[[Ada L]] [[b]] [x](b.md)\n")];
    assert!(merged(&files).unwrap().ends_with("== n.md\n[[Ada L]] [[Ada]] [x](a.md)\n"));
}

#[test]
fn two_people_are_not_merged() {
    for (keep, other) in [("distinct: \"[[B]]\"\n", ""), ("", "distinct: [A]\n")] {
        let (keep, other) = (format!("---\nalias: A\n{keep}---\n"), format!("---\nalias: B\n{other}---\n"));
        assert!(merged(&[("a.md", &keep), ("b.md", &other)]).unwrap_err().contains("are two people"));
    }
}

/// A list of somebody's own is not taken apart, and a value keeps its type.
#[test]
fn what_has_a_structure_keeps_it() {
    let other = "---\nalias: B\nstar: true\nsince: 2001\njobs:\n  - org: A\n    from: 2001\n  - org: B\n    from: 2009\n    flag: true\n---\n";
    let result = merged(&[("a.md", "---\nalias: A\njobs:\n  - org: A\n    from: 2001\n---\n"), ("b.md", other)]).unwrap();
    assert_eq!(
        result,
        "---\nalias: A\naliases: [B]\njobs:\n  - org: A\n    from: 2001\nstar: true\nsince: 2001\n---\n- jobs (B):\n  org: B\n  from: 2009\n  flag: true\n"
    );
    let bare = merged(&[("a.md", "---\nalias: A\n---\n"), ("b.md", other)]).unwrap();
    assert!(bare.contains("org: A\n") && bare.contains("from: 2001\n") && bare.contains("flag: true\n"), "{bare}");
}

/// Two who fit a broadcast only together: it is told.
#[test]
fn a_broadcast_that_would_go_to_the_result_is_named() {
    let vault = vault(&[
        ("a.md", "---\nalias: A\ntags: [lead]\n---\n"),
        ("b.md", "---\nalias: B\ntags: [vip]\n---\n"),
        ("x.md", "---\nto: \"#lead #vip\"\n---\nHi.\n"),
        ("y.md", "---\nto: \"#lead\"\n---\nHi.\n"),
    ]);
    let merge = merge(&vault, vault.id_of("a.md").unwrap(), vault.id_of("b.md").unwrap(), &pictures()).unwrap();
    assert_eq!(merge.notes, ["x.md goes to neither of the two, and would go to a.md after the merge"]);
}

/// Merging there and then back writes nothing twice.
#[test]
fn merging_there_and_back_repeats_nothing() {
    let (a, b) = ("---\nalias: A\n---\nOf A.\n\nMore.\n", "---\nalias: B\norg: X\n---\n\nOf B.\n");
    let there = merged(&[("a.md", a), ("b.md", b)]).unwrap();
    let back = merged(&[("b.md", b), ("a.md", &there)]).unwrap();
    assert_eq!(back, "---\nalias: B\naliases: [A]\norg: X\n---\n\nOf A.\n\nMore.\n\nOf B.\n");
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(merged(&[("b.md", &crlf(b)), ("a.md", &there)]).unwrap(), crlf(&back));
    let again = vault(&[("b.md", &back), ("a.md", &there)]);
    let merge = merge(&again, again.id_of("b.md").unwrap(), again.id_of("a.md").unwrap(), &pictures()).unwrap();
    assert!(merge.edits.is_empty(), "{:?}", merge.edits);
}

/// Who is kept out by the one is kept out by the result, with every address; else the two stay two.
#[test]
fn a_merge_lets_nobody_in() {
    let nested = "---\nalias: B\nemails: [b@x.example]\nmeta:\n  opt_out: true\n---\n";
    let result = merged(&[("a.md", "---\nalias: A\nemails: [a@x.example]\n---\n"), ("b.md", nested)]).unwrap();
    assert!(result.contains("\nopt_out: true\n"), "{result}");
    for (keep, other, settings, why) in [
        ("wechat: kk\n", "opt_out: true\nwechat: zz\n", "", "zz out of broadcasts"),
        ("", "opt_out: true\ncontact:\n  mail: z@x.example\n", "", "z@x.example out of broadcasts"),
        ("org: Friend\n", "org: Rival\n", "broadcast:\n  exclude: \"org:Rival\"\n", "would not leave out a.md"),
        (
            "description: x\n",
            "description: journalist\n",
            "broadcast:\n  exclude: \"description:journalist\"\n",
            "would not leave out",
        ),
    ] {
        let (keep, other) = (format!("---\nalias: A\n{keep}---\n"), format!("---\nalias: B\n{other}---\n"));
        let told = merged(&[("a.md", &keep), ("b.md", &other), ("guanxi.yaml", settings)]);
        assert!(told.as_ref().is_err_and(|message| message.contains(why)), "{why}: {told:?}");
    }
    // The exclusions of a broadcast count as those of the vault do.
    for (keep, other, broadcast, why) in [
        (
            "tags: [lead]\norg: Friend\n",
            "org: Rival\n",
            "to: \"#lead\"\nexclude: \"org:Rival\"\n",
            Some("message.md leaves out b.md"),
        ),
        (
            "org: Friend\n",
            "tags: [lead]\norg: Rival\n",
            "to: \"#lead\"\nexclude: \"org:Rival\"\n",
            Some("message.md leaves out b.md"),
        ),
        (
            "org: Friend\n",
            "tags: [lead]\norg: Rival\n",
            "to: \"#lead -org:Rival\"\n",
            Some("message.md leaves out b.md with a `-`"),
        ),
        ("org: Friend\n", "tags: [lead]\n", "to: \"#lead -path:b.md\"\n", Some("message.md leaves out b.md with a `-`")),
        (
            "tags: [lead, client]\n",
            "tags: [vip]\n",
            "to: \"#lead -(#client -#vip)\"\n",
            Some("message.md leaves out a.md with a `-`"),
        ),
        ("org: Friend\n", "opt_out: true\ntags: [lead]\norg: Rival\n", "to: \"#lead -org:Rival\"\n", None),
        ("org: Friend\n", "tags: [lead, client]\n", "to: \"#lead -#client\"\n", None),
        ("org: Friend\n", "tags: [lead]\n", "to: \"#lead\"\nexclude: [client]\n", None),
        ("tags: [lead]\n", "tags: [lead]\n", "to: \"#lead -path:b.md\"\n", None),
        ("tags: [lead]\n", "birthday: 1990-01-01\n", "to: \"#lead -missing:birthday\"\n", None),
        ("org: Friend\n", "tags: [lead]\norg: Rival\n", "to: \"#client -org:Rival\"\n", None),
    ] {
        let (keep, other) = (format!("---\nalias: A\n{keep}---\n"), format!("---\nalias: B\n{other}---\n"));
        let broadcast = format!("---\n{broadcast}---\nHello.\n");
        let told = merged(&[("a.md", &keep), ("b.md", &other), ("message.md", &broadcast)]);
        match why {
            Some(why) => assert!(told.as_ref().is_err_and(|message| message.contains(why)), "{broadcast}{why}: {told:?}"),
            None => assert!(told.is_ok(), "{broadcast}{other}: {told:?}"),
        }
    }
    // Tags come along, and what they exclude stays excluded.
    let settings = ("guanxi.yaml", "broadcast:\n  exclude: \"#sealed\"\n");
    let files = [("a.md", "---\nalias: A\n---\n"), ("b.md", "---\nalias: B\ntags: [sealed]\n---\n"), settings];
    assert!(merged(&files).unwrap().contains("tags: [sealed]"));
}
