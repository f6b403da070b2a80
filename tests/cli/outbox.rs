//! Messages as files: one for each recipient, all of them or none, and nothing in any that is not for its recipient.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::{Desk, Said, said};
use crate::hostile;
use crate::python;

const PEOPLE: &str = "== guanxi.yaml\nbroadcast:\n  exclude: \"#quiet\"\n  from: Robin Glim <robin@glim.example>\n\
== ada.md\n---\nalias: Ada the loud\nname: Ada Lark\ntags: [lead, secret-group]\nemails: [ada@x.example]\nwechat: ada_1\n---\n\
== bo.md\n---\nalias: Bo never pays\ntags: [lead, secret-group]\nemails: [bo@x.example]\nwechat: bo_2\n---\n\
== cy.md\n---\nalias: Cy\ntags: [lead, secret-group]\nemails: [cy@x.example]\nopt_out: true\n---\n\
== di.md\n---\nalias: Di\ntags: [secret-group, quiet]\nemails: [di@x.example]\n---\n\
== papers/prices.csv\na;b\n== papers/noten für alle.txt\nGrüße\n\
== b.md\n---\nto: \"#secret-group\"\nvia: email\nsubject: Grüße für {{ name|default(\"dich\") }}\nattach: [papers/prices.csv, papers/noten für alle.txt]\n---\nHello {{ emails[0] }}!\n\
== w.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHello\n";

/// A vault and a folder beside it for what is written.
fn out(desk: &Desk, arguments: &[&str]) -> Said {
    let mut command = desk.command(&[&["broadcast", "preview"], arguments].concat());
    command.env("SOURCE_DATE_EPOCH", "1790000000");
    said(command)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

#[test]
fn a_mail_for_each_and_nothing_of_the_others() {
    let desk = Desk::new(PEOPLE);
    let done = out(&desk, &["b.md", "--out", "new/outbox"]);
    let paths = ["ada-the-loud.eml", "bo-never-pays.eml"].map(|name| Path::new("new/outbox").join(name));
    assert_eq!(done.out, paths.map(|path| format!("{}\n", path.display())).concat(), "{}", done.err);
    assert!(done.err.contains("2 mails in new/outbox") && done.err.contains("2 recipients, 2 left out"), "{}", done.err);
    let written = files(&desk.path("new/outbox"));
    assert_eq!(names(&desk.path("new/outbox")), ["ada-the-loud.eml", "bo-never-pays.eml"]);
    for (name, own, others) in [
        ("ada-the-loud.eml", "To: \"Ada Lark\" <ada@x.example>\r\n", ["bo@", "cy@", "di@", "Bo", "loud"]),
        ("bo-never-pays.eml", "To: <bo@x.example>\r\n", ["ada@", "cy@", "di@", "Ada", "pays"]),
    ] {
        let text = String::from_utf8(written[name].clone()).unwrap();
        assert!(text.contains(own) && text.contains("From: \"Robin Glim\" <robin@glim.example>\r\n"), "{text}");
        assert!(text.contains("Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"), "{text}");
        for hidden in others.into_iter().chain(["Bcc", "Cc:", "secret", "lead", "papers", "quiet", "guanxi.yaml"]) {
            assert!(!text.contains(hidden), "{name} shows {hidden}: {text}");
        }
        assert!(text.is_ascii() && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    }
    // The same moment: the same bytes. Another one: another identity, for a mail server drops what it takes for a double.
    let again = out(&desk, &["b.md", "--out", "again"]);
    assert_eq!((again.code, files(&desk.path("again"))), (0, written.clone()));
    let mut later = desk.command(&["broadcast", "preview", "b.md", "--out", "later"]);
    later.env("SOURCE_DATE_EPOCH", "1790000001");
    assert_eq!(said(later).code, 0);
    let identity =
        |text: &[u8]| String::from_utf8_lossy(text).lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    let later = files(&desk.path("later"));
    let all =
        [&written["ada-the-loud.eml"], &written["bo-never-pays.eml"], &later["ada-the-loud.eml"]].map(|text| identity(text));
    assert!(all[0] != all[1] && all[0] != all[2] && all[0].ends_with("@glim.example>"), "{all:?}");
}

#[test]
fn one_of_them_and_texts_for_other_channels() {
    let desk = Desk::new(PEOPLE);
    assert_eq!(out(&desk, &["b.md", "--for", "bo", "--out", "one"]).code, 0);
    assert_eq!(names(&desk.path("one")), ["bo-never-pays.eml"]);
    assert_eq!(out(&desk, &["w.md", "--out", "texts"]).code, 0);
    assert_eq!(names(&desk.path("texts")), ["ada-the-loud.txt", "bo-never-pays.txt"]);
    assert_eq!(desk.text("texts/bo-never-pays.txt"), "To: Bo never pays · bo_2\n\nHello\n");
    assert_eq!(desk.text("texts/bo-never-pays.txt"), out(&desk, &["w.md", "--for", "bo"]).out);
}

/// What is there stays as it is, and nothing is put beside it: an old message could go to somebody who has said no since.
#[test]
fn only_a_new_or_empty_folder_is_written() {
    let desk = Desk::new(PEOPLE);
    std::fs::create_dir(desk.path("empty")).unwrap();
    std::fs::create_dir(desk.path("full")).unwrap();
    std::fs::write(desk.path("full/.hidden"), "mine").unwrap();
    assert_eq!(out(&desk, &["b.md", "--out", "empty"]).code, 0);
    assert_eq!(names(&desk.path("empty")).len(), 2);
    let before = (files(&desk.path("empty")), files(&desk.path("full")));
    for (folder, words) in
        [("empty", "is not empty"), ("full", "is not empty"), ("ada.md", "is not a folder"), (".", "is not empty")]
    {
        let refused = out(&desk, &["b.md", "--out", folder]);
        assert!(refused.code == 2 && refused.err.contains(words), "{folder}: {}", refused.err);
    }
    assert_eq!((files(&desk.path("empty")), files(&desk.path("full"))), before);
    assert!(!names_of_everything(desk.root()).iter().any(|name| name.contains(".guanxi-")), "something is left behind");
}

fn names_of_everything(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn who_writes_must_be_known_and_be_one() {
    let bare = PEOPLE.replace("  from: Robin Glim <robin@glim.example>\n", "");
    let desk = Desk::new(&bare);
    let refused = out(&desk, &["b.md", "--out", "o"]);
    assert!(refused.code == 2 && refused.err.contains("say who writes"), "{}", refused.err);
    assert!(!desk.path("o").exists());
    // A text needs no sender; a broadcast's own is stronger.
    assert_eq!(out(&desk, &["w.md", "--out", "texts"]).code, 0);
    let own = desk.text("b.md").replace("via: email\n", "via: email\nfrom: \"王小明 <w@glim.example>\"\n");
    std::fs::write(desk.path("b.md"), &own).unwrap();
    assert_eq!(out(&desk, &["b.md", "--out", "o"]).code, 0);
    assert!(desk.text("o/bo-never-pays.eml").contains("<w@glim.example>"));
    for wrong in ["a@x.example, b@x.example", "nobody", "\"X\\r\\nBcc: e@x.example <a@x.example>\"", "[a@x.example]", ""] {
        std::fs::write(desk.path("b.md"), own.replace("\"王小明 <w@glim.example>\"", wrong)).unwrap();
        let refused = out(&desk, &["b.md", "--out", "wrong"]);
        assert!(refused.code == 2 && refused.err.contains("one mail address"), "{wrong}: {}", refused.err);
    }
    std::fs::write(desk.path("guanxi.yaml"), "broadcast:\n  from: me\n").unwrap();
    assert!(desk.run(&["check", "guanxi.yaml"]).out.contains("one mail address"));
}

#[test]
#[cfg(unix)]
fn an_attachment_cannot_leave_the_vault() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "not yours").unwrap();
    let attach = "[papers/prices.csv, papers/noten für alle.txt]";
    let desk = Desk::new(PEOPLE);
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), desk.path("papers/link.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path(), desk.path("folder")).unwrap();
    std::os::unix::fs::symlink(desk.path("papers/prices.csv"), desk.path("inside.csv")).unwrap();
    let text = desk.text("b.md");
    for (path, words) in [
        ("papers/link.txt", "leads out of the vault"),
        ("folder/secret.txt", "leads out of the vault"),
        ("../secret.txt", "there is no file at"),
        ("/etc/hostname", "there is no file at"),
        ("papers", "there is no file at"),
    ] {
        std::fs::write(desk.path("b.md"), text.replace(attach, path)).unwrap();
        for arguments in [&["b.md"][..], &["b.md", "--out", "o"]] {
            let refused = out(&desk, arguments);
            assert!(refused.code == 2 && refused.out.is_empty() && refused.err.contains(words), "{path}: {}", refused.err);
        }
        assert!(!desk.path("o").exists());
    }
    std::fs::write(desk.path("b.md"), text.replace(attach, "inside.csv")).unwrap();
    assert_eq!(out(&desk, &["b.md", "--out", "o"]).code, 0);
}

#[test]
fn too_much_is_refused_before_anything_is_written() {
    let desk = Desk::new(PEOPLE);
    let big = std::fs::File::create(desk.path("papers/prices.csv")).unwrap();
    big.set_len(18 * 1024 * 1024 + 1).unwrap();
    let refused = out(&desk, &["b.md", "--out", "o"]);
    assert!(refused.code == 2 && refused.err.contains("19 MiB together; 18 MiB fit into a mail"), "{}", refused.err);
    assert!(!desk.path("o").exists());
}

/// The check beforehand tries two thousand recipients; whom it did not try stops everything too.
#[test]
fn one_message_that_cannot_be_written_stops_all() {
    let desk = Desk::new("== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nHi from {{ org }}\n");
    for number in 0..2002 {
        let org = if number == 2001 { "" } else { "org: Quill\n" };
        let text = format!("---\nalias: P{number:04}\ntags: [lead]\nwechat: p{number}\n{org}---\n");
        std::fs::write(desk.path(&format!("p{number:04}.md")), text).unwrap();
    }
    for arguments in [&["b.md"][..], &["b.md", "--out", "new"]] {
        let refused = out(&desk, arguments);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""));
        assert!(refused.err.contains("P2001 has no `org`"), "{}", refused.err);
    }
    assert!(!desk.path("new").exists());
    assert!(!names_of_everything(desk.root()).iter().any(|name| name.contains(".guanxi-")));
}

/// The most memory that a running program has had so far, in bytes.
#[cfg(target_os = "linux")]
fn most_memory(process: &std::process::Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

/// What a preview to so many people has needed when nearly all of it is read.
#[cfg(target_os = "linux")]
fn memory_of_messages(count: usize, length: usize) -> u64 {
    use std::io::{copy, sink};
    let line = format!("{}\n", "word ".repeat(19));
    let body = line.repeat(length / line.len());
    let desk = Desk::new(&format!("== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nDear {{{{ alias }}}},\n{body}"));
    for number in 0..count {
        let text = format!("---\nalias: P{number}\ntags: [lead]\nwechat: p{number}\n---\n");
        std::fs::write(desk.path(&format!("p{number}.md")), text).unwrap();
    }
    let mut command = desk.command(&["broadcast", "preview", "b.md"]);
    let mut process = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut out = process.stdout.take().unwrap();
    // A pipe holds little: while the last messages are unread, the program is still writing.
    let nearly_all = ((count - 3) * length) as u64;
    let read = copy(&mut std::io::Read::take(&mut out, nearly_all), &mut sink()).unwrap();
    let most = most_memory(&process);
    let rest = copy(&mut out, &mut sink()).unwrap();
    assert!(process.wait().unwrap().success() && read == nearly_all && rest > 0);
    most
}

/// Messages are written one at a time: many of them need the memory of few.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_messages() {
    const LENGTH: usize = 200_000;
    let (few, many) = (memory_of_messages(12, LENGTH), memory_of_messages(100, LENGTH));
    assert!(many < few + 40 * LENGTH as u64, "{} kB, and for few {} kB", many / 1000, few / 1000);
}

/// What Python's `email` reads in every file of a folder, as JSON; any defect that it finds is an error there.
const READ_MAILS: &str = "
import email, email.policy, json, os, sys
mails = {}
for name in sorted(os.listdir(sys.argv[1])):
    with open(os.path.join(sys.argv[1], name), 'rb') as file:
        raw = file.read()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    defects = [str(d) for part in mail.walk() for d in part.defects]
    defects += [str(d) for value in mail.values() for d in getattr(value, 'defects', [])]
    mails[name] = {
        'keys': mail.keys(), 'subject': mail['subject'], 'defects': defects,
        'longest': max(len(line) for line in raw.split(b'\\r\\n')),
        'to': [[a.display_name, a.addr_spec] for a in mail['to'].addresses],
        'from': [[a.display_name, a.addr_spec] for a in mail['from'].addresses],
        'body': mail.get_body().get_content(),
        'attached': [[a.get_filename(), a.get_content_type(), a.get_payload(decode=True).hex()] for a in mail.iter_attachments()],
    }
print(json.dumps(mails))
";

#[test]
fn python_reads_every_mail_without_a_complaint() {
    let desk = Desk::new(
        "== guanxi.yaml\nbroadcast:\n  from: \"Röbin, Glim (office) <robin@glim.example>\"\n\
         == b.md\n---\nto: \"#lead\"\nvia: email\nsubject: \"Grüße: {{ name }} 🍵\"\nattach: [\"f/große Liste; 1.csv\", f/lines.txt, f/any.bin, f/mail.eml, f/empty.pdf]\n---\n.\nFrom {{ name }}\n--=_x\n",
    );
    let hostile = hostile::texts();
    for (number, name) in hostile.iter().enumerate() {
        let quoted = serde_json::to_string(name).unwrap();
        let text = format!("---\nalias: {quoted}\nname: {quoted}\ntags: [lead]\nemails: [p{number}@x.example]\n---\n");
        std::fs::write(desk.path(&format!("p{number}.md")), text).unwrap();
    }
    let attached: [(&str, &str, &[u8]); 5] = [
        ("große Liste; 1.csv", "text/csv", "Straße;1\r\nWeg;2\n".as_bytes()),
        ("lines.txt", "text/plain", b"one\ntwo\r\nthree\rfour \n\n.\nFrom x\n"),
        ("any.bin", "application/octet-stream", &[0, 255, 13, 10, 0, 128, 10, 13]),
        ("mail.eml", "application/octet-stream", b"Subject: x\n\nhi\n"),
        ("empty.pdf", "application/pdf", b""),
    ];
    std::fs::create_dir(desk.path("f")).unwrap();
    attached.iter().for_each(|(name, _, bytes)| std::fs::write(desk.path("f").join(name), bytes).unwrap());
    let done = out(&desk, &["b.md", "--out", "o"]);
    // A NUL byte is a fault of the front matter, and in doubt, out.
    assert_eq!(done.code, 0, "{}", done.err);
    let Some(mails) = python::json(READ_MAILS, &[desk.path("o").as_os_str()]) else { return };
    let mails = mails.as_object().unwrap();
    assert!(mails.len() >= hostile.len() - 1, "{} of {}: {}", mails.len(), hostile.len(), done.err);
    for (file, mail) in mails {
        let number: usize = mail["to"][0][1].as_str().unwrap()[1..].split('@').next().unwrap().parse().unwrap();
        let name = guanxi::features::formats::one_line(&hostile[number]);
        assert_eq!(mail["defects"], serde_json::json!([]), "{file}");
        assert!(mail["longest"].as_u64().unwrap() <= 998, "{file}: {}", mail["longest"]);
        let keys = serde_json::json!(["From", "To", "Date", "Message-ID", "Subject", "X-Unsent", "MIME-Version", "Content-Type"]);
        assert_eq!(mail["keys"], keys, "{file}");
        assert_eq!(mail["from"], serde_json::json!([["Röbin, Glim (office)", "robin@glim.example"]]), "{file}");
        let shown = if name.chars().count() > 200 || name.contains("=?") { "" } else { name.as_str() };
        assert_eq!(mail["to"], serde_json::json!([[shown, format!("p{number}@x.example")]]), "{file}");
        let subject: String = mail["subject"].as_str().unwrap().split_whitespace().collect();
        let expected: String = format!("Grüße: {name} 🍵").split_whitespace().collect();
        assert_eq!(subject, expected, "{file}");
        let body = mail["body"].as_str().unwrap().replace("\r\n", "\n");
        assert!(body.starts_with(".\n") && body.ends_with("--=_x\n"), "{file}: {body:?}");
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let expected: Vec<_> = attached.iter().map(|(name, kind, bytes)| serde_json::json!([name, kind, hex(bytes)])).collect();
        assert_eq!(mail["attached"], serde_json::json!(expected), "{file}");
    }
}

proptest! {
    #![proptest_config(crate::law(200))]
    /// Whatever people are called, each has a file of their own, whose name is harmless on every system.
    #[test]
    fn every_name_is_a_file_of_its_own(aliases in prop::collection::vec(prop_oneof![
        any::<String>(),
        prop::sample::select(hostile::texts()),
        prop::sample::select(&["Ada", "ada", "ADA", "Ada 2", "ada-2", "ﬁn", "fin", "ß", "ss", "İ", "i̇"][..]).prop_map(str::to_owned),
    ], 0..20)) {
        let names = guanxi::features::export::names(aliases.iter().map(String::as_str), "eml");
        let folded: std::collections::BTreeSet<String> = names.iter().map(|name| guanxi::contact::tag::key(name).into_owned()).collect();
        prop_assert_eq!((names.len(), folded.len()), (aliases.len(), aliases.len()), "{:?}", names);
        for name in &names {
            let stem = name.strip_suffix(".eml").unwrap();
            prop_assert!(name.len() <= 255 && !stem.is_empty() && !stem.starts_with(['.', '-']) && !stem.ends_with(['.', ' ']), "{}", name);
            let harmful = |c: char| c.is_control() || c.is_whitespace() || "<>:\"/\\|?*.'$`!&;()~\u{202e}".contains(c);
            prop_assert!(!stem.contains(harmful), "{}", name);
            prop_assert!(!matches!(stem.to_lowercase().as_str(), "con" | "prn" | "aux" | "nul" | "com1" | "lpt1"), "{}", name);
        }
    }
}

/// A domain outside ASCII goes out as A-labels, which every mail server takes; what is before the `@` cannot be written otherwise, and
/// needs a server that takes it.
#[test]
fn domains_outside_ascii_are_encoded() {
    let desk = Desk::new(
        "== guanxi.yaml\nbroadcast:\n  from: Jörg <jorg@bücher.example>\n\
== ada.md\n---\nalias: Ada\ntags: [lead]\nemails: [info@exämple.example]\n---\n\
== bo.md\n---\nalias: Bo\ntags: [lead]\nemails: [王@例え.example]\n---\n\
== b.md\n---\nto: \"#lead\"\nvia: email\nsubject: s\n---\nHello\n",
    );
    let done = out(&desk, &["b.md", "--out", "o"]);
    assert!(done.code == 0 && done.err.contains("1 address has more than ASCII before the `@`"), "{}", done.err);
    let written = files(&desk.path("o"));
    let text = |name: &str| String::from_utf8(written[name].clone()).unwrap();
    assert!(text("ada.eml").is_ascii(), "{}", text("ada.eml"));
    assert!(text("ada.eml").contains("To: <info@xn--exmple-cua.example>\r\n"), "{}", text("ada.eml"));
    assert!(text("ada.eml").contains("<jorg@xn--bcher-kva.example>\r\n"), "{}", text("ada.eml"));
    assert!(text("bo.eml").contains("To: <王@xn--r8jz45g.example>\r\n"), "{}", text("bo.eml"));
    for (format, expected) in [
        ("emails", "info@xn--exmple-cua.example\n王@xn--r8jz45g.example\n"),
        ("bcc", "Bcc: info@xn--exmple-cua.example, 王@xn--r8jz45g.example\n"),
        ("mailto", "mailto:?bcc=info@xn--exmple-cua.example,%E7%8E%8B@xn--r8jz45g.example\n"),
    ] {
        let listed = desk.run(&["broadcast", "list", "#lead", "-f", format]);
        assert_eq!(listed.out, expected);
        assert!(listed.err.contains("1 address has more than ASCII"), "{}", listed.err);
    }
    assert!(!desk.run(&["broadcast", "list", "b.md"]).err.contains("SMTPUTF8"));
}
