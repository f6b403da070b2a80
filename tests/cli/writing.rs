//! Commands that write: what was asked, whole or not at all, and nothing else.

use std::process::Stdio;

use super::Desk;

const PEOPLE: &str = "== guanxi.yaml
tags:
  known:
    lead: Could buy
== people/ada.md
---
alias: Ada   # from work
tags: [lead]
---
Body
== people/bo.md
---
alias: Bo
tags:
  - lead
---
== people/broken.md
---
alias: Broken
tags: [lead
---
";

#[test]
fn a_vault_of_ones_own_from_nothing() {
    let desk = Desk::new("");
    let init = desk.run(&["init", "book"]);
    assert_eq!(init.code, 0, "{}", init.err);
    assert_eq!(desk.run(&["init", "book"]).code, 2);
    let run = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        command.current_dir(desk.path("book"));
        super::said(command)
    };
    assert_eq!(run(&["check"]).code, 0);
    let new = run(&[
        "new",
        "Wang Xiaoming",
        "-t",
        "lead",
        "-t",
        "#new-york",
        "--set",
        "org=Panda: Lighting",
        "--set",
        "phones=+1 212 555 0147",
    ]);
    assert_eq!((new.code, new.out.replace('\\', "/").as_str()), (0, "contacts/wang-xiaoming.md\n"), "{}", new.err);
    let text = desk.text("book/contacts/wang-xiaoming.md");
    assert_eq!(
        text,
        "---\nalias: Wang Xiaoming\ntags: [lead, new-york]\norg: \"Panda: Lighting\"\nphones: [+1 212 555 0147]\n---\n"
    );
    assert_eq!(run(&["new", "wang xiaoming"]).code, 2);
    assert_eq!(run(&["new", "王小明"]).out.replace('\\', "/"), "contacts/王小明.md\n");
    // However its accents are encoded; marks that no letter has taken in stay beside theirs.
    assert_eq!(run(&["new", "Mu\u{308}ller O\u{308}"]).out.replace('\\', "/"), "contacts/m\u{fc}ller-\u{f6}.md\n");
    assert_eq!(run(&["new", "हिन्दी नाम"]).out.replace('\\', "/"), "contacts/हिन्दी-नाम.md\n");
    for bad in [
        &["new", "X", "-t", "a,b"][..],
        &["new", "X", "--set", "phnoes=1"],
        &["new", "X", "--set", "birthday=soon"],
        &["new", " "],
        &["new", "X", "--set", "org=a", "--set", "org=b"],
        &["new", "X", "--set", "emial=x@x.example"],
        &["new", "X", "--set", "org"],
    ] {
        assert_eq!(run(bad).code, 2, "{bad:?}");
    }
    let twice = run(&["new", "X", "--set", "opt_out=email", "--set", "opt_out=sms", "--dry-run"]);
    assert!(twice.out.contains("opt_out: [email, sms]"), "{}", twice.out);
    let dry = run(&["new", "../../Evil", "--dry-run"]);
    assert!(dry.out.contains("+++ b/contacts/evil.md"), "{}", dry.out);
    assert_eq!(run(&["tag", "add", "vip", "王小明", "Wang Xiaoming"]).code, 0);
    assert_eq!(run(&["list", "#vip"]).out, "Wang Xiaoming\n王小明\n");
    assert_eq!(run(&["check"]).code, 0);
}

#[test]
fn tag_add_and_remove_touch_what_was_named() {
    let desk = Desk::new(PEOPLE);
    let before = desk.text("people/ada.md");
    let dry = desk.run(&["tag", "add", "vip", "Ada", "--dry-run"]);
    assert!(dry.out.contains("-tags: [lead]\n+tags: [lead, vip]\n"), "{}", dry.out);
    assert_eq!(desk.text("people/ada.md"), before);
    assert_eq!(desk.run(&["tag", "add", "vip", "Ada"]).code, 0);
    assert_eq!(desk.text("people/ada.md"), before.replace("[lead]", "[lead, vip]"));
    let again = desk.run(&["tag", "add", "VIP", "Ada"]);
    assert!(again.code == 0 && again.err.contains("nothing to change"), "{}", again.err);
    assert_eq!(desk.run(&["tag", "remove", "vip", "--where", "#vip"]).code, 0);
    assert_eq!(desk.text("people/ada.md"), before);
    assert_eq!(desk.run(&["tag", "add", "x", "Ada", "Nobody"]).code, 2);
    assert_eq!(desk.text("people/ada.md"), before);
}

#[test]
fn a_broken_file_is_named_and_left_alone() {
    let desk = Desk::new(PEOPLE);
    let before = desk.text("people/broken.md");
    let said = desk.run(&["tag", "add", "vip", "--where", "#lead"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("people/broken.md:3:7: not changed: fix the front matter first"), "{}", said.err);
    assert_eq!(desk.text("people/broken.md"), before);
    assert!(desk.text("people/bo.md").contains("  - vip\n"));
}

#[test]
fn rename_is_everywhere_or_nowhere() {
    let desk = Desk::new(PEOPLE);
    let broken = desk.run(&["tag", "rename", "lead", "prospect"]);
    assert!(broken.code == 2 && broken.err.contains("everywhere or nowhere"), "{}", broken.err);
    assert!(desk.text("people/ada.md").contains("[lead]"));
    std::fs::remove_file(desk.path("people/broken.md")).unwrap();
    assert_eq!(desk.run(&["tag", "rename", "lead", "prospect"]).code, 0);
    assert!(desk.text("people/ada.md").contains("[prospect]") && desk.text("guanxi.yaml").contains("    prospect: Could buy"));
    assert_eq!(desk.run(&["tag", "rename", "nothing", "x"]).code, 2);
    assert!(desk.run(&["tag", "rename", "prospect", "prospect"]).err.contains("nothing to change"));
    desk.run(&["tag", "add", "vip", "Ada"]);
    assert_eq!(desk.run(&["tag", "rename", "vip", "prospect"]).code, 2);
    assert_eq!(desk.run(&["tag", "rename", "vip", "prospect", "--merge"]).code, 0);
    assert!(desk.text("people/ada.md").contains("tags: [prospect]"));
}

#[test]
fn a_strict_vocabulary_lets_no_other_tag_in() {
    let desk = Desk::new("== guanxi.yaml\ntags:\n  strict: true\n  known:\n    lead: Buys\n== a.md\n---\nalias: A\n---\n");
    let said = desk.run(&["tag", "add", "laed", "A"]);
    assert!(said.code == 2 && said.err.contains("`lead`"), "{}", said.err);
    assert_eq!(desk.run(&["tag", "add", "lead", "A"]).code, 0);
    assert_eq!(desk.run(&["new", "B", "-t", "other"]).code, 2);
}

#[cfg(unix)]
#[test]
fn one_file_under_two_names_is_written_once() {
    let desk = Desk::new(
        "== guanxi.yaml\nbroadcast:\n  exclude: \"#no\"\n== a.md\n---\nalias: Ann\ntags: [no]\n---\n== z.md\n---\nalias: Zed\ntags: [no]\n---\n",
    );
    std::os::unix::fs::symlink("a.md", desk.path("l.md")).unwrap();
    let said = desk.run(&["tag", "rename", "no", "never"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        desk.text("a.md").contains("[never]")
            && desk.text("z.md").contains("[never]")
            && desk.text("guanxi.yaml").contains("#never")
    );
    assert!(desk.path("l.md").symlink_metadata().unwrap().is_symlink());
    assert!(said.err.contains("in 3 files"), "{}", said.err);
    let shown = desk.run(&["tag", "add", "vip", "--where", "#never", "--dry-run"]);
    assert_eq!(shown.out.matches("+++").count(), 2, "{}", shown.out);
    let said = desk.run(&["tag", "add", "vip", "--where", "#never"]);
    assert!(said.err.contains("added to 2 files"), "{}", said.err);
}

/// A rename that stops half way could let a message through to somebody who is excluded by the old name.
#[cfg(unix)]
#[test]
fn what_cannot_be_finished_is_taken_back() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(
        "== guanxi.yaml\nbroadcast:\n  exclude: \"#no\"\n== a.md\n---\nalias: Ann\ntags: [no]\n---\n== z/z.md\n---\nalias: Zed\ntags: [no]\n---\n",
    );
    std::fs::set_permissions(desk.path("z/z.md"), std::fs::Permissions::from_mode(0o444)).unwrap();
    let said = desk.run(&["tag", "rename", "no", "never"]);
    assert!(said.code == 2 && said.err.contains("everything is as it was"), "{} {}", said.code, said.err);
    assert!(
        desk.text("a.md").contains("[no]") && desk.text("z/z.md").contains("[no]") && desk.text("guanxi.yaml").contains("#no")
    );
}

#[test]
fn settings_that_are_no_file_refuse_a_broadcast() {
    let desk = Desk::new("== a.md\n---\nalias: Ann\nemails: [a@x.example]\n---\n");
    std::fs::create_dir(desk.path("guanxi.yaml")).unwrap();
    assert_eq!(desk.run(&["list", "--format", "emails"]).code, 2);
    assert_eq!(desk.run(&["list"]).out, "Ann\n");
}

#[test]
fn a_broadcast_keeps_its_list() {
    let people = "== ada.md\n---\nalias: Ada\ntags: [lead]\nwechat: ada_1\n---\n== bo.md\n---\nalias: Bo\ntags: [lead]\nwechat: bo_2\n---\n";
    let desk = Desk::new(&format!("{people}== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHi {{{{ alias }}}}\n"));
    let before = desk.text("b.md");
    let dry = desk.run(&["broadcast", "refresh", "b.md", "--dry-run"]);
    assert!(dry.code == 0 && dry.out.contains("+- [ ] [[Ada]] · ada_1\n"), "{} {}", dry.out, dry.err);
    assert_eq!(desk.text("b.md"), before);
    let said = desk.run(&["broadcast", "refresh", "b.md"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (0, "guanxi: 2 recipients, 0 left out, 0 in doubt\nguanxi: 2 added, 0 kept, 0 dropped\n")
    );
    let list = "\n<!-- guanxi:list -->\n- [ ] [[Ada]] · ada_1\n- [ ] [[Bo]] · bo_2\n<!-- /guanxi:list -->\n";
    assert_eq!(desk.text("b.md"), format!("{before}{list}"));
    std::fs::write(desk.path("b.md"), desk.text("b.md").replace("[ ] [[Ada]]", "[x] [[Ada]]")).unwrap();
    assert_eq!(desk.run(&["tag", "remove", "lead", "Ada"]).code, 0);
    let said = desk.run(&["broadcast", "refresh", "b.md"]);
    assert!(
        said.err.contains("0 added, 1 kept, 0 dropped") && said.err.contains("Ada — no longer meant, but ticked"),
        "{}",
        said.err
    );
    assert!(said.err.contains("nothing to change"), "{}", said.err);
    assert!(!desk.run(&["broadcast", "preview", "b.md"]).out.contains("Ada"));
}

/// Each reads what the other wrote: nothing is lost, and both say that it is done.
#[test]
fn two_that_write_at_once_lose_nothing() {
    for _ in 0..6 {
        let picture: String = (0..12).map(|n| format!("== c{n}.md\n---\nalias: C{n}\ntags: [x]\n---\n")).collect();
        let desk = Desk::new(&picture);
        let running: Vec<_> = ["one", "two", "three"]
            .into_iter()
            .map(|tag| desk.command(&["tag", "add", tag, "--where", "#x"]).stderr(Stdio::piped()).spawn().unwrap())
            .collect();
        for child in running {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        for number in 0..12 {
            let text = desk.text(&format!("c{number}.md"));
            assert!(["one", "two", "three"].iter().all(|tag| text.contains(tag)), "{text}");
        }
    }
}

#[cfg(unix)]
#[test]
fn who_waits_says_so_and_a_dry_run_does_not_wait() {
    let desk = Desk::new("== a.md\n---\nalias: A\ntags: [x]\n---\n");
    let writing = guanxi::disk::Writing::begin(desk.root(), std::time::Duration::ZERO, &mut || {}).unwrap();
    assert_eq!(desk.run(&["tag", "add", "vip", "A", "--dry-run"]).code, 0);
    assert_eq!(desk.run(&["list", "#x"]).out, "A\n");
    let waiting = desk.command(&["tag", "add", "vip", "A"]).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    std::fs::write(desk.path("a.md"), "---\nalias: A\ntags: [x, meanwhile]\n---\n").unwrap();
    drop(writing);
    let output = waiting.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("another guanxi is writing in this vault"), "{said}");
    assert!(desk.text("a.md").contains("[x, meanwhile, vip]"), "{}", desk.text("a.md"));
}

/// Another name must not mean other people unless somebody agrees.
#[test]
fn a_renaming_that_changes_whom_queries_match_is_asked() {
    let people = "== a.md\n---\nalias: Ann\ntags: [lead, do-not-contact]\nemails: [a@x.example]\n---\n== b.md\n---\nalias: Bo\ntags: [lead, do-not-contact/gdpr]\nemails: [b@x.example]\n---\n== c.md\n---\nalias: Cy\ntags: [lead]\nemails: [c@x.example]\n---\n";
    for (exclude, old, new, who) in [
        ("tag:/^do-not/", "do-not-contact", "no-mail", "2 contacts (Ann, Bo)"),
        ("any:/do-not-contact/", "do-not-contact", "no-mail", "2 contacts (Ann, Bo)"),
        ("#do-not-contact", "do-not-contact/gdpr", "gdpr", "1 contact (Bo)"),
        ("tag:=do-not-contact/gdpr | #do-not-contact", "do-not-contact/gdpr", "do-not-contact2", ""),
    ] {
        let desk = Desk::new(&format!("== guanxi.yaml\nbroadcast:\n  exclude: \"{exclude}\"\n{people}"));
        let names = |desk: &Desk| desk.run(&["broadcast", "list", "#lead", "--via", "email"]).out;
        assert_eq!(names(&desk), "Cy\n", "{exclude}");
        let said = desk.run(&["tag", "rename", old, new]);
        if who.is_empty() {
            assert!(said.code == 0, "{exclude}: {}", said.err);
            continue;
        }
        let expected = format!("`broadcast.exclude` in guanxi.yaml no longer matches {who}");
        assert!(said.code == 2 && said.err.contains(&expected) && said.err.contains("--yes"), "{exclude}: {}", said.err);
        assert_eq!(names(&desk), "Cy\n");
        assert!(desk.run(&["tag", "rename", old, new, "--dry-run"]).err.contains(&expected));
        assert_eq!(desk.run(&["tag", "rename", old, new, "--yes"]).code, 0);
        assert_ne!(names(&desk), "Cy\n");
    }
}

/// A link to a file outside the vault is read but never written. A renaming without it would let its contact in.
#[cfg(unix)]
#[test]
fn what_lies_outside_the_vault_is_named_and_left_alone() {
    let desk = Desk::new(
        "== book/guanxi.yaml\nbroadcast:\n  exclude: \"#no\"\n== book/a.md\n---\nalias: Ann\ntags: [no]\n---\n== shared/zed.md\n---\nalias: Zed\ntags: [no]\n---\n",
    );
    std::os::unix::fs::symlink("../shared/zed.md", desk.path("book/z.md")).unwrap();
    let before = desk.text("shared/zed.md");
    let run = |arguments: &[&str]| desk.run(&[arguments, &["--vault", "book"]].concat());
    for options in [&[][..], &["--yes"], &["--dry-run"]] {
        let said = run(&[&["tag", "rename", "no", "never"], options].concat());
        assert!(said.code == 2 && said.err.contains("z.md leads out of the vault by a symbolic link, to "), "{}", said.err);
        assert!(said.err.contains("everywhere or nowhere"), "{}", said.err);
    }
    assert!(desk.text("book/a.md").contains("[no]") && desk.text("book/guanxi.yaml").contains("#no"));
    let said = run(&["tag", "add", "vip", "--where", "#no"]);
    assert!(said.code == 2 && said.err.contains("not changed: z.md leads out of the vault"), "{}", said.err);
    assert!(desk.text("book/a.md").contains("[no, vip]"));
    assert_eq!(desk.text("shared/zed.md"), before);
}
