//! Commands that only read: what they print where, and how they end.

use super::{Desk, guanxi, said};

const PEOPLE: &str = "== guanxi.yaml
tags:
  known:
    lead: Could buy
broadcast:
  exclude: \"#do-not-contact\"
== people/ada.md
---
alias: Ada
tags: [lead, new-york]
emails: [ada@x.example]
---
[[Bo]] sent her.
== people/bo.md
---
alias: Bo
tags: [lead, new-york]
opt_out: true
emails: [bo@x.example]
---
== people/zoe.md
---
alias: Zoë
tags: [boston, do-not-contact]
---
";

#[test]
fn the_first_command_of_the_readme() {
    let mut command = guanxi();
    command.args(["--vault", concat!(env!("CARGO_MANIFEST_DIR"), "/sample-vault"), "list", "#lead #new-york"]);
    let said = said(command);
    assert_eq!((said.code, said.out.lines().count(), said.err.as_str()), (0, 6, ""));
    assert!(said.out.contains("Wang Xiaoming\n"));
}

#[test]
fn list_prints_names_and_ends_with_the_right_code() {
    let desk = Desk::new(PEOPLE);
    let said = desk.run(&["list", "#lead #new-york"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "Ada\nBo\n", ""));
    assert_eq!(desk.run(&["list", "-t", "lead", "-t", "new-york"]).out, "Ada\nBo\n");
    assert_eq!(desk.run(&["list", "-t", "lead", "ada | zoe"]).out, "Ada\n");
    assert_eq!(desk.run(&["list", "-#lead"]).out, "Zoë\n");
    assert_eq!(desk.run(&["list"]).out, "Ada\nBo\nZoë\n");
    let nobody = desk.run(&["list", "#lead #boston"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
}

#[test]
fn wrong_queries_show_the_place_and_end_with_two() {
    let desk = Desk::new(PEOPLE);
    let said = desk.run(&["list", "#lead ("]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("1 | #lead (\n  |        ^ expected a tag"), "{}", said.err);
    let unknown = desk.run(&["list", "#lead -#do-not-contcat"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("near: #do-not-contact"), "{}", unknown.err);
    assert_eq!(desk.run(&["list", "--format", "pdf"]).code, 2);
    assert_eq!(desk.run(&["list", &"x".repeat(100_000)]).code, 2);
    assert_eq!(desk.run(&["--vault", "/nowhere/at/all", "list"]).code, 2);
}

#[test]
fn formats_for_sending_leave_out_who_must_not_get_it() {
    let desk = Desk::new(PEOPLE);
    let said = desk.run(&["list", "#lead", "--format", "emails"]);
    assert_eq!((said.code, said.out.as_str()), (0, "ada@x.example\n"));
    assert!(said.err.contains("1 recipient, 1 left out"), "{}", said.err);
    assert_eq!(desk.run(&["find", "ada", "--format", "bcc"]).code, 2);
    let lines = desk.run(&["list", "#lead", "--format", "checklist"]).out;
    assert_eq!(lines, "- [ ] [[Ada]]\n");
    assert_eq!(desk.run(&["broadcast", "list", "#lead", "--format", "checklist"]).out, lines);
}

/// A variable that nobody set must not mean everybody.
#[test]
fn an_empty_query_sends_to_nobody() {
    let desk = Desk::new(PEOPLE);
    for arguments in [&["broadcast", "list", ""][..], &["broadcast", "list", " "], &["list", "", "-f", "emails"]] {
        let said = desk.run(arguments);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(said.err, "guanxi: the query is empty: to mean everybody, say `kind:contact`\n");
    }
    assert_eq!(desk.run(&["broadcast", "list", "kind:contact", "--via", "email"]).out, "Ada\n");
    assert_eq!(desk.run(&["broadcast", "list", "", "-t", "lead", "--via", "email"]).out, "Ada\n");
    assert_eq!(desk.run(&["list", "-f", "emails"]).out, "ada@x.example\n");
}

#[test]
fn broadcast_list_counts_and_gives_reasons() {
    let desk = Desk::new(PEOPLE);
    let said = desk.run(&["broadcast", "list", "has:alias", "--via", "email", "--reasons"]);
    assert_eq!((said.code, said.out.as_str()), (0, "Ada\n\nleft out: Bo — opted out\nleft out: Zoë — excluded\n"));
    assert!(said.err.contains("1 recipient, 2 left out, 0 in doubt"), "{}", said.err);
    let sent = desk.run(&["broadcast", "list", "has:alias", "--reasons", "--format", "emails"]);
    assert_eq!((sent.code, sent.out.as_str()), (0, "ada@x.example\n"));
    assert!(sent.err.contains("left out: Bo — opted out"), "{}", sent.err);
    let json = desk.run(&["broadcast", "list", "has:alias", "--reasons", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["left_out"][0]["reason"], "opted-out");
    std::fs::write(desk.path("guanxi.yaml"), "broadcast:\n  exclude: [\n").unwrap();
    let refused = desk.run(&["broadcast", "list", "#lead"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("guanxi.yaml has an error"), "{}", refused.err);
    assert_eq!(desk.run(&["list", "#lead", "--format", "bcc"]).code, 2);
}

#[test]
fn options_may_stand_behind_the_query() {
    let desk = Desk::new(PEOPLE);
    assert!(desk.run(&["list", "#lead", "--format", "csv"]).out.starts_with("path,alias,tags"));
    let elsewhere = Desk::new("");
    let said = elsewhere.run(&["list", "-#lead", "--vault", desk.root().to_str().unwrap()]);
    assert_eq!((said.code, said.out.as_str()), (0, "Zoë\n"));
    let mut empty = desk.command(&["list", "#lead"]);
    empty.env("GUANXI_VAULT", "");
    assert_eq!(super::said(empty).out, "Ada\nBo\n");
}

#[test]
fn broadcast_list_reads_a_broadcast_and_refuses_a_faulty_one() {
    let desk = Desk::new(&format!(
        "{PEOPLE}== b/good.md\n---\nto: [lead, new-york]\nvia: email\n---\nHi\n== b/bad.md\n---\nto: #lead\n---\n== b/attach.md\n---\nto: \"#lead\"\nattach: [no.pdf]\n---\n"
    ));
    assert_eq!(desk.run(&["broadcast", "list", "b/good.md"]).out, "Ada\n");
    let both = desk.run(&["broadcast", "list", "b/good.md", "-t", "boston"]);
    assert_eq!((both.code, both.out.as_str()), (2, ""), "{}", both.err);
    assert!(both.err.contains("-t goes with a query"), "{}", both.err);
    assert!(desk.run(&["broadcast", "list", "b/GONE.MD"]).err.contains("there is no file"));
    // As `b/GOOD.md` and `[[GOOD]]`: names of files are compared without regard to case.
    assert_eq!(desk.run(&["broadcast", "list", "b/GOOD.MD"]).out, "Ada\n");
    for (name, head) in [
        ("via", "to: \"#lead\"\nvia: [email]"),
        ("empty", "to:"),
        ("map", "to: {a: b}"),
        ("hash", "to: [lead, \"#boston\"]"),
        ("channel", "to: \"#lead\"\nvia: wechatt"),
    ] {
        std::fs::write(desk.path(&format!("b/{name}.md")), format!("---\n{head}\n---\n")).unwrap();
    }
    for bad in [
        "b/bad.md",
        "b/attach.md",
        "people/ada.md",
        "b/via.md",
        "b/empty.md",
        "b/map.md",
        "b/hash.md",
        "b/channel.md",
        "b/near.md",
    ] {
        let said = desk.run(&["broadcast", "list", bad]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{bad}: {}", said.err);
    }
}

#[test]
fn show_by_alias_other_name_and_path_from_here_or_the_root() {
    let desk = Desk::new(PEOPLE);
    for name in ["Ada", "ada", "people/ada.md", "./people/ada.md", "people/ada"] {
        let said = desk.run(&["show", name]);
        assert!(
            said.code == 0 && said.out.contains("ada@x.example") && said.out.contains("[[Bo]] sent her."),
            "{name}: {}",
            said.err
        );
    }
    let mut inside = desk.command(&["show", "bo.md", "--format", "json"]);
    inside.current_dir(desk.path("people"));
    let value: serde_json::Value = serde_json::from_str(&said(inside).out).unwrap();
    assert_eq!((&value["path"], &value["opt_out"]), (&"people/bo.md".into(), &"true".into()));
    assert_eq!(value["mentioned_in"], serde_json::json!(["people/ada.md"]));
    assert_eq!(desk.run(&["show", "Nobody"]).code, 2);
}

#[test]
fn the_vault_is_found_upward_or_by_the_environment() {
    let desk = Desk::new(PEOPLE);
    let mut below = desk.command(&["list"]);
    below.current_dir(desk.path("people"));
    assert_eq!(said(below).out, "Ada\nBo\nZoë\n");
    let mut by_environment = guanxi();
    by_environment.env("GUANXI_VAULT", desk.root()).arg("list").current_dir(std::env::temp_dir());
    assert_eq!(said(by_environment).out, "Ada\nBo\nZoë\n");
}

#[test]
fn tags_with_counts_meanings_and_as_a_tree() {
    let desk = Desk::new(&format!("{PEOPLE}== people/di.md\n---\nalias: Di\ntags: [event/ces]\n---\n"));
    assert_eq!(
        desk.run(&["tags"]).out,
        "boston          1\ndo-not-contact  1\nevent/ces       1\nlead            2  Could buy\nnew-york        2\n"
    );
    assert!(desk.run(&["tags", "--tree"]).out.contains("event           1\n  ces           1\n"));
    let value: serde_json::Value = serde_json::from_str(&desk.run(&["tags", "--format", "json"]).out).unwrap();
    assert_eq!(value[3], serde_json::json!({ "tag": "lead", "count": 2, "total": 2, "meaning": "Could buy", "known": true }));
}

#[test]
fn check_shows_the_line_and_ends_with_one() {
    let desk = Desk::new(PEOPLE);
    assert_eq!(desk.run(&["check"]).code, 0);
    std::fs::write(desk.path("people/bad.md"), "---\nalias: Bad\ntags: [#x]\nbirthday: soon\n---\n").unwrap();
    let bad = desk.run(&["check"]);
    assert_eq!(bad.code, 1);
    assert!(bad.out.contains("error[yaml-syntax]") && bad.out.contains("3 | tags: [#x]\n  |        ^^"), "{}", bad.out);
    assert!(bad.err.contains("1 warning"), "{}", bad.err);
    assert_eq!(desk.run(&["check", "people/ada.md", "guanxi.yaml"]).code, 0);
    let rows: serde_json::Value = serde_json::from_str(&desk.run(&["check", "people", "--format", "json"]).out).unwrap();
    assert_eq!((&rows[0]["code"], &rows[0]["line"], &rows[0]["column"]), (&"yaml-syntax".into(), &3.into(), &8.into()));
    assert_eq!(desk.run(&["check", "nowhere.md"]).code, 2);
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_rest_goes_on() {
    let desk = Desk::new(PEOPLE);
    std::fs::write(desk.path("people/latin.md"), b"---\nalias: Jos\xe9\n---\n").unwrap();
    std::fs::write(desk.path("people/large.md"), vec![b'x'; 5 << 20]).unwrap();
    std::fs::write(desk.path("people/nul.md"), "---\nalias: Nul\0\n---\n").unwrap();
    let said = desk.run(&["list", "#lead"]);
    assert_eq!((said.code, said.out.as_str()), (0, "Ada\nBo\n"));
    assert!(
        said.err.contains("people/latin.md: not UTF-8") && said.err.contains("people/large.md: larger than 4 MiB"),
        "{}",
        said.err
    );
    let check = desk.run(&["check"]);
    assert!(check.code == 1 && check.out.contains("people/latin.md") && check.out.contains("NUL"), "{}", check.out);
}

#[test]
fn colour_only_where_somebody_looks() {
    let desk = Desk::new(PEOPLE);
    assert!(!desk.run(&["show", "Ada"]).out.contains('\u{1b}'));
    let mut forced = desk.command(&["show", "Ada"]);
    forced.env("CLICOLOR_FORCE", "1");
    assert!(said(forced).out.contains('\u{1b}'));
}

#[test]
fn names_cannot_drive_the_terminal() {
    let desk = Desk::new("== a.md\n---\nalias: \"A\\e[31m\\nB\"\n---\n");
    for command in [&["list"][..], &["find", "a"], &["list", "--format", "table"], &["show", "a.md"]] {
        assert!(!desk.run(command).out.contains('\u{1b}'), "{command:?}");
    }
}

/// What drives a terminal, in every place of a text.
const DRIVES: &str = "x\\e[31m\\x9b8m\\u202e\\x7f";

fn is_shown_safely(said: &super::Said) -> bool {
    let drives = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !said.out.contains(drives) && !said.err.contains(drives)
}

#[test]
fn nothing_of_peoples_texts_drives_the_terminal() {
    let quoted = format!("\"{DRIVES}\"");
    let desk = Desk::new(&format!(
        "== guanxi.yaml\ntags:\n  known:\n    lead: {quoted}\n== a.md\n---\nalias: Ann\ntags: [lead, {quoted}]\norg: {quoted}\nphones:\n  - {quoted}: \"1\"\n{quoted}: {quoted}\nemails: [{quoted}]\n---\n[[{DRIVES}]]\n\u{1b}[31m\u{9b}31m \u{202e}\n== b.md\n---\nto: [lead]\nvia: {quoted}\nattach: [{quoted}]\nsubject: {quoted}\n---\n{{{{ alias }}}}\n== c.md\n---\nto: [lead]\nsubject: {quoted}\n---\n\u{1b}[31m{{{{ alias }}}}\u{9b}\n== d.md\n---\nto: [lead]\nattach: [{quoted}]\n---\n{{{{ alias }}}}\n"
    ));
    let bad = "\u{1b}[31m\u{9b}8m\u{202e}\u{7f}";
    let query = format!("#{bad}");
    let option = format!("--{bad}");
    for arguments in [
        &["check"][..],
        &["show", "Ann"],
        &["show", bad],
        &["tags"],
        &["tags", "--tree"],
        &["list"],
        &["list", bad],
        &["list", &query],
        &["list", "-t", bad],
        &["list", "-f", bad],
        &["list", "-f", "table"],
        &["list", &option, "x"],
        &["find", "Ann"],
        &["find", bad],
        &[bad],
        &["show", &option],
        &["broadcast", "list", "b.md"],
        &["broadcast", "list", "d.md"],
        &["broadcast", "list", bad],
        &["broadcast", "list", "#lead", "--via", bad, "--reasons"],
        &["broadcast", "preview", "b.md"],
        &["broadcast", "preview", "c.md"],
        &["broadcast", "preview", "d.md"],
        &["broadcast", "preview", "c.md", "--for", bad],
        &["tag", "add", "vip", "Ann", "--dry-run"],
        &["tag", "add", bad, "Ann", "--dry-run"],
        &["tag", "rename", bad, "b"],
        &["--vault", bad, "list"],
        &["new", bad, "--set", bad, "--dry-run"],
    ] {
        let said = desk.run(arguments);
        assert!(is_shown_safely(&said), "{arguments:?} {said:?}");
    }
    // With colour, the only escape sequences are the program's own: they switch styles, and those of people are gone.
    for arguments in [&["show", "Ann"][..], &["check"], &["tags"], &["list", &query]] {
        let mut forced = desk.command(arguments);
        forced.env("CLICOLOR_FORCE", "1");
        let said = said(forced);
        let all = format!("{}{}", said.out, said.err);
        let styles = all.split('\u{1b}').skip(1).all(|piece| piece.starts_with('[') && !piece.contains("x[31m"));
        assert!(styles && !all.contains(['\u{9b}', '\u{202e}', '\u{7f}']), "{arguments:?} {all:?}");
        assert!(!all.contains("x\u{1b}"), "{arguments:?} {all:?}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_cannot_drive_the_terminal() {
    let desk = Desk::new("== a.md\n---\nalias: Ann\ntags: [lead]\nemails: [no]\n---\n");
    let name = "e\u{1b}[31m\u{9b}8m\u{202e}.md";
    std::fs::write(desk.path(name), "---\nalias: Bo\ntags: [a, a]\nemails: [no]\n---\n[[Ann]] [[Nobody]]\n").unwrap();
    std::fs::write(desk.path(&format!("broken{name}")), [0xff, 0xfe, 0x00]).unwrap();
    for arguments in [
        &["check"][..],
        &["check", name],
        &["show", "Bo"],
        &["show", "Ann"],
        &["list"],
        &["find", "Bo"],
        &["broadcast", "list", "#lead", "-r"],
        &["tag", "add", "vip", "Bo", "--dry-run"],
        &["broadcast", "preview", name],
    ] {
        let said = desk.run(arguments);
        assert!(is_shown_safely(&said), "{arguments:?} {said:?}");
    }
}

/// Data for programs has the bytes of the file, whatever they would do to a terminal.
#[test]
fn data_leaves_byte_for_byte() {
    let desk = Desk::new(
        "== a.md\n---\nalias: Ann\ntags: [lead]\norg: \"\\x01=a\\x7f\\x9b\\u202e\"\nemails: [a@x.example]\n---\n\u{7f}\n",
    );
    for arguments in
        [&["list", "-f", "json"][..], &["show", "Ann", "-f", "json"], &["broadcast", "list", "#lead", "-f", "json", "-r"]]
    {
        let said = desk.run(arguments);
        assert!(said.out.contains("\\u0001=a\u{7f}\u{9b}\u{202e}\""), "{arguments:?} {said:?}");
    }
    let said = desk.run(&["list", "-f", "csv"]);
    assert!(said.out.contains(",'\u{1}=a\u{7f}\u{9b}\u{202e},"), "{said:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let lines: String = (0..5000).map(|number| format!("== c/{number}.md\n---\nalias: Somebody {number}\n---\n")).collect();
    let desk = Desk::new(&lines);
    let script = format!("'{}' list | head -n 1; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_guanxi"));
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &script]).current_dir(desk.root()).env_remove("GUANXI_VAULT");
    let said = said(shell);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("Somebody 0\n0\n", ""));
}

#[test]
fn help_and_completions() {
    let desk = Desk::new("");
    for arguments in [&["--help"][..], &["list", "--help"], &["completions", "bash"], &["completions", "fish"], &["--version"]] {
        let said = desk.run(arguments);
        assert!(said.code == 0 && !said.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_on_commands_queries_and_codes() {
    let desk = Desk::new("");
    for (topic, begins) in [
        (&[][..], "A plain-text contact book"),
        (&["list"], "Everybody whom a query means"),
        (&["tag", "rename"], "Give a tag another name"),
        (&["query"], "# Queries\n"),
    ] {
        let said = desk.run(&[&["help"], topic].concat());
        assert!(said.code == 0 && said.out.starts_with(begins), "{topic:?}: {}", said.out);
    }
    // Every code has its own section, and nothing of the next.
    for code in guanxi::contact::Code::ALL {
        let said = desk.run(&["help", code.name()]);
        assert!(said.code == 0 && said.out.starts_with(&format!("## {}\n", code.name())), "{}", said.out);
        assert_eq!(said.out.matches("\n## ").count(), 0, "{}", code.name());
        assert!(said.out.contains("**Quick fix:**"), "{}", said.out);
    }
    let said = desk.run(&["help", "emial-invalid"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("is `email-invalid` meant?"), "{}", said.err);
}

const MESSAGE: &str = "== b/good.md\n---\nto: [lead]\nvia: email\nsubject: For {{ alias }}\n---\nDear {{ alias }}\n== b/bad.md\n---\nto: [lead]\n---\n{{ tags }}\n";

#[test]
fn broadcast_preview_shows_each_message_and_refuses_a_faulty_one() {
    let desk = Desk::new(&format!("{PEOPLE}{MESSAGE}"));
    let said = desk.run(&["broadcast", "preview", "b/good.md"]);
    let one = "To: Ada · ada@x.example\nSubject: For Ada\n\nDear Ada\n";
    let counts = "guanxi: 1 recipient, 1 left out, 0 in doubt\n";
    assert_eq!((said.code, said.out, said.err.as_str()), (0, format!("──── 1 of 1 ────\n{one}"), counts));
    assert_eq!(desk.run(&["broadcast", "preview", "b/good.md", "--for", "ada"]).out, one);
    for arguments in
        [&["b/good.md", "--for", "Bo"][..], &["b/good.md", "--for", "Nobody"], &["b/bad.md"], &["people/ada.md"], &["b/none.md"]]
    {
        let said = desk.run(&[&["broadcast", "preview"], arguments].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
        assert!(said.err.starts_with("guanxi: "), "{}", said.err);
    }
}
