//! What stands beside a vault, on the command line: nested vaults, and settings under a name from which none are read.

use super::Desk;

const VAULT: &str = "== guanxi.yaml\n== a.md\n---\nalias: Ada\ntags: [x]\nemails: [ada@x.example]\n---\n\
                     == sub/guanxi.yaml\n== sub/b.md\n---\nalias: Bo\ntags: [x]\nemails: [bo@x.example]\n---\n";

#[test]
fn the_people_of_a_nested_vault_are_its_own() {
    let desk = Desk::new(VAULT);
    assert_eq!(desk.run(&["list"]).out, "Ada\n");
    assert_eq!(desk.run(&["list", "-f", "emails"]).out, "ada@x.example\n");
    assert_eq!(desk.run(&["--vault", "sub", "list"]).out, "Bo\n");
    let said = desk.run(&["check"]);
    let told =
        "sub is a vault of its own, by sub/guanxi.yaml: its people are not in this one, though a \"no\" to messages counts\n";
    assert!(said.code == 0 && said.err.contains(told), "{said:?}");
    assert!(!desk.run(&["check", "a.md"]).err.contains("sub"));
}

#[test]
fn with_settings_under_a_wrong_name_nothing_is_sent() {
    for name in ["guanxi.yml", "Guanxi.yaml", "guanxi.YAML", "guanxi.yaml.txt", ".guanxi.yaml", "guanxi.conf"] {
        let desk = Desk::new(&format!("{VAULT}== {name}\nbroadcast:\n  exclude: \"#x\"\n"));
        let said = desk.run(&["broadcast", "list", "#x"]);
        let reason = format!("{name}: settings are read from guanxi.yaml only: rename this file");
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains(&reason), "{said:?}");
        let said = desk.run(&["list", "#x", "-f", "bcc"]);
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains(&reason), "{said:?}");
        assert_eq!(desk.run(&["list", "#x"]).out, "Ada\n");
        let said = desk.run(&["check"]);
        assert!(said.code == 1 && said.out.contains("error[config-invalid]") && said.out.contains(&reason), "{said:?}");
        let said = desk.run(&["check", "-f", "json", name]);
        assert!(said.code == 1 && said.out.contains(&format!("\"path\":\"{name}\"")), "{said:?}");
    }
}

#[test]
fn neither_is_it_where_such_settings_lie_on_the_way_to_the_vault() {
    let desk = Desk::new("== guanxi.yml\n== vault/people/a.md\n---\nalias: Ada\ntags: [x]\n---\n");
    let said = desk.run(&["--vault", "vault/people", "broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.err.contains("../../guanxi.yml: settings are read from guanxi.yaml only"), "{said:?}");
    let said = desk.run(&["--vault", "vault", "check"]);
    assert!(said.code == 1 && said.out.contains("../guanxi.yml: settings"), "{said:?}");
    // Between where one stands and the vault.
    let desk = Desk::new(&format!("{VAULT}== c/guanxi.yml\n== c/d/e.md\n"));
    let said = desk.run(&["--vault", "c/d", "broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.err.contains("c/guanxi.yml: settings are read from guanxi.yaml only"), "{said:?}");
    // From elsewhere it is a nested vault.
    assert_eq!(desk.run(&["broadcast", "list", "#x"]).out, "Ada\n");
    let said = desk.run(&["check"]);
    assert!(said.err.contains("c is a vault of its own, by c/guanxi.yml") && said.err.contains("rename it\n"), "{said:?}");
}

#[test]
fn settings_that_are_no_file_stop_every_broadcast() {
    let desk = Desk::new("== guanxi.yaml/x.txt\n== a.md\n---\nalias: Ada\ntags: [x]\n---\n");
    let said = desk.run(&["broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.out.is_empty() && said.err.contains("not a regular file"), "{said:?}");
    let said = desk.run(&["check"]);
    assert!(said.code == 1 && said.out.contains("error[config-invalid]: guanxi.yaml: not a regular file"), "{said:?}");
}

/// Some Windows programs write UTF-16 or UTF-32, and some of them no byte order mark before it.
#[test]
fn a_no_in_utf_16_or_32_counts() {
    let desk = Desk::new(VAULT);
    let no = "---\nalias: Ada L\nemails: [ada@x.example]\nopt_out: true\n---\n";
    assert_eq!(desk.run(&["broadcast", "list", "#x"]).out, "Ada\n");
    let marked = format!("\u{feff}{no}");
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf32 = |text: &str, bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
    let encoded = [no, marked.as_str()].map(|text| {
        [
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
            utf32(text, u32::to_le_bytes),
            utf32(text, u32::to_be_bytes),
        ]
    });
    for bytes in encoded.into_iter().flatten() {
        std::fs::write(desk.path("old.md"), bytes).unwrap();
        let said = desk.run(&["broadcast", "list", "#x"]);
        assert!(said.out.is_empty() && said.err.contains("old.md: not UTF-8"), "{said:?}");
        let said = desk.run(&["check"]);
        assert!(said.code == 1 && said.out.contains("old.md") && said.out.contains("save it as UTF-8"), "{said:?}");
    }
}

/// Nobody knows what stands in it: that is said by `check` and with everything that may be sent.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_not_utf_8_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let desk = Desk::new(VAULT);
    let no = "---\nalias: Ada L\nemails: [ada@x.example]\nopt_out: true\n---\n";
    std::fs::write(desk.root().join(OsStr::from_bytes(b"zo\xeb.md")), no).unwrap();
    std::fs::create_dir(desk.root().join(OsStr::from_bytes(b"caf\xe9"))).unwrap();
    for arguments in [&["check"][..], &["broadcast", "list", "#x"], &["list", "#x", "-f", "bcc"]] {
        let said = desk.run(arguments);
        for name in ["zo\u{fffd}.md", "caf\u{fffd}"] {
            let told = format!("{name}: its name is not UTF-8: rename it\n");
            let (heard, before) =
                if arguments == ["check"] { (&said.out, "error[file-unreadable]: ") } else { (&said.err, "passed over ") };
            assert_eq!(heard.matches(&format!("{before}{told}")).count(), 1, "{arguments:?}: {said:?}");
        }
    }
}

/// A nested vault excludes by its own settings; what may be its excluded tag is in doubt there as it would be here.
#[test]
fn a_slip_of_a_tag_that_a_nested_vault_excludes_counts() {
    for (tags, known, is_out) in [
        ("[no-mails]", "", true),
        ("[no_mails]", "", true),
        ("vip no-mails", "", true),
        ("[no-mial, x]", "", false),
        ("[vip]", "", false),
        ("[no_mails]", "tags:\n  known: [no_mails]\n", false),
        ("[no-mailx]", "tags:\n  known: [no-mailx]\n", false),
        ("[no-mailx]", "", true),
        // Front matter out of its place.
        ("[no-mails]", "\n", true),
    ] {
        let (known, misplaced) = if known == "\n" { ("", "\n") } else { (known, "") };
        let desk = Desk::new(&format!(
            "{VAULT}== sub/guanxi.yaml\n{known}broadcast:\n  exclude: \"#no-mails\"\n== sub/b.md\n{misplaced}---\nalias: Ada\ntags: {tags}\nemails: [ada@x.example]\n---\n"
        ));
        let said = desk.run(&["broadcast", "list", "#x"]);
        assert_eq!(said.out.is_empty(), is_out, "{tags} {known}: {said:?}");
    }
}

/// vCard names of handles and tags (RFC 6350, RFC 9554), as an export that was pasted has them.
#[test]
fn vcard_names_of_handles_and_tags_are_read() {
    for (key, via) in [
        ("IMPP: wechat:bo", "wechat"),
        ("IMPP;TYPE=telegram: bo", "telegram"),
        ("SOCIALPROFILE[telegram]: bo", "telegram"),
        ("X-SOCIALPROFILE;TYPE=telegram: https://t.me/bo", "telegram"),
        ("impp: [\"wechat:bo\"]", "wechat"),
    ] {
        let desk = Desk::new(&format!(
            "== guanxi.yaml\nvault:\n  ignore: [old/**]\n== a.md\n---\nalias: Bo\ntags: [x]\nwechat: bo\ntelegram: bo\n---\n\
             == old/b.md\n---\nalias: Bernd\n{key}\nopt_out: true\n---\n== m.md\n---\nto: \"#x\"\nvia: {via}\n---\nHello\n"
        ));
        let said = desk.run(&["broadcast", "list", "m.md"]);
        assert!(said.code == 1 && said.out.is_empty(), "{key}: {said:?}");
    }
    let desk = Desk::new("== a.md\n---\nalias: Bo\nX-CATEGORIES: [x]\n---\n");
    assert_eq!(desk.run(&["list", "#x"]).out, "Bo\n");
}

/// What is wrong with a broadcast's own exclusion is told of that file, by the broadcast and by `check`; whose address cannot be one,
/// with the line that lifts it.
#[test]
fn what_refuses_or_leaves_out_names_its_place() {
    let desk = Desk::new(
        "== guanxi.yaml\ntags:\n  known: [no]\n== a.md\n---\nalias: A\ntags: [x]\nemails: [ax.example]\n---\n\
         == m.md\n---\nto: \"#x\"\nexclude: \"-#no\"\n---\nHi\n",
    );
    let said = desk.run(&["broadcast", "list", "m.md"]);
    let words = "m.md has an error: an exclusion leaves out whom it matches";
    assert!(said.code == 2 && said.err.contains(words) && said.err.contains("expected `#no`"), "{said:?}");
    let said = desk.run(&["check", "m.md"]);
    assert!(said.code == 1 && said.out.contains("m.md:3:11") && said.out.contains("help: change to `#no`"), "{said:?}");
    std::fs::write(desk.path("guanxi.yaml"), "tags:\n  known: [no]\nbroadcast:\n  exclude: \"-#no\"\n").unwrap();
    assert_eq!(desk.run(&["check", "guanxi.yaml"]).code, 1);
    std::fs::remove_file(desk.path("guanxi.yaml")).unwrap();
    let message = |body: &str| format!("---\nto: \"#x\"\nvia: email\nsubject: s\n---\n{body}\n");
    std::fs::write(desk.path("m.md"), message("Hi")).unwrap();
    let said = desk.run(&["broadcast", "list", "m.md", "--reasons", "-f", "names"]);
    assert!(said.out.contains("correct it in a.md:4"), "{said:?}");
    std::fs::write(desk.path("a.md"), "---\nalias: A\ntags: [x]\nemails: [a@x.example]\n---\n").unwrap();
    std::fs::write(desk.path("m.md"), message("Hi {{ fields[\"Nick\"] }}")).unwrap();
    let said = desk.run(&["broadcast", "preview", "m.md"]);
    assert!(said.err.contains("ask first: {% if fields['Nick'] %}"), "{said:?}");
}
