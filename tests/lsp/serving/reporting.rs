//! One report of a broadcast, wherever it is asked for: in the terminal, as JSON, in the editor's hover, lens and command. And no
//! way around an error in the document.

use serde_json::{Value, json};

use super::super::capabilities;
use super::client_of;
use crate::cli::Desk;

const PEOPLE: &str = "\
== guanxi.yaml
broadcast:
  exclude: \"#quiet\"
  from: Robin Glim <robin@glim.example>
== ada.md
---
alias: Ada
tags: [lead]
emails: [ada@x.example]
---
== ada-again.md
---
alias: Zoe
tags: [lead]
emails: [ADA@x.example]
---
== bo.md
---
alias: Bo
tags: [lead]
emails: [bo@x.example]
opt_out: true
---
== cy.md
---
alias: Cy
tags: [lead, quiet]
emails: [cy@x.example]
---
== di.md
---
alias: Di
tags: [lead]
---
== ed.md
---
alias: Ed
tags: [lead]
emails: [ed at x]
---
== fa.md
---
alias: Fa 茶🍵
tags: [lead]
emails: [fa@x.example]
---
";

const GOOD: &str = "---\nto: \"#lead\"\nvia: email\nsubject: Hi {{ alias }}\n---\nDear {{ alias }},\n";

fn picture() -> String {
    format!("{PEOPLE}== b.md\n{GOOD}")
}

#[test]
fn terminal_json_hover_lens_and_command_say_the_same() {
    let desk = Desk::new(&picture());
    let terminal = desk.run(&["broadcast", "list", "b.md", "--reasons"]);
    let printed = desk.run(&["broadcast", "list", "b.md", "--reasons", "--format", "json"]);
    let report: Value = serde_json::from_str(&printed.out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (chosen, left_out) = (report["recipients"].as_array().unwrap(), report["left_out"].as_array().unwrap());
    assert_eq!((chosen.len(), left_out.len()), (2, 5), "{report}");

    let names: String = chosen.iter().map(|one| format!("{}\n", text(&one["alias"]))).collect();
    let reasons: Vec<(String, String)> = left_out.iter().map(|one| (text(&one["alias"]), text(&one["words"]))).collect();
    let told: String = reasons.iter().map(|(alias, words)| format!("left out: {alias} — {words}\n")).collect();
    assert_eq!(terminal.out, format!("{names}\n{told}"));
    assert_eq!(terminal.err, "guanxi: 2 recipients, 5 left out (1 unreachable), 0 in doubt\n");

    let mut client = client_of(desk.root(), capabilities::full());
    client.open_file("b.md");
    let hover = client.request("textDocument/hover", client.spot("b.md", "\"#lead‸\""));
    let hover = text(&hover["contents"]["value"]);
    let listed: String = chosen.iter().map(|one| format!("- {} · {}\n", text(&one["alias"]), text(&one["address"]))).collect();
    let missing: String = reasons.iter().map(|(alias, words)| format!("- {alias}: {words}\n")).collect();
    let page = format!("**2 recipients**, 5 left out (1 unreachable)\n\n{listed}\nleft out\n\n{}", missing.trim_end());
    // Markdown needs a backslash before some signs.
    assert!(hover.replace('\\', "").contains(&page), "{hover}\nand not\n{page}");

    let lenses = client.request("textDocument/codeLens", client.whole("b.md"));
    assert_eq!(lenses[0]["command"]["title"], "2 recipients · 5 left out (1 unreachable)");
    let asked = json!({ "command": "guanxi.broadcast.list", "arguments": [{ "uri": client.uri("b.md") }] });
    let mut answer = client.request("workspace/executeCommand", asked);
    for list in ["recipients", "left_out"] {
        for one in answer[list].as_array_mut().unwrap() {
            one.as_object_mut().unwrap().shift_remove("uri").unwrap();
        }
    }
    assert_eq!(answer, report);
    client.shutdown();
}

/// What could change who gets a message, or what it says, refuses all that could be sent.
#[test]
fn an_error_in_the_document_refuses_every_way_out() {
    let desk = Desk::new(&picture());
    let mut client = client_of(desk.root(), capabilities::full());
    for broken in [
        GOOD.replace("\"#lead\"", "#lead"),
        GOOD.replace("\"#lead\"", "\"#laed\""),
        GOOD.replace("\"#lead\"", "\"#lead (\""),
        GOOD.replace("via: email", "via: [email, sms]"),
        GOOD.replace("via: email", "via: email\nvia: sms"),
        GOOD.replace("subject: Hi", "subject: Hi {{ nmae }}"),
        GOOD.replace("Dear", "Dear {{ org }}"),
        GOOD.replace("Dear", "{% if alias %}Dear"),
        GOOD.replace("subject", "attach: [no.pdf]\nsubject"),
        GOOD.replace("Dear", "- [ ] [[Ada]]\nDear"),
    ] {
        std::fs::write(desk.path("b.md"), &broken).unwrap();
        for arguments in [
            &["list", "b.md"][..],
            &["list", "b.md", "--reasons", "--format", "json"],
            &["list", "b.md", "--format", "bcc"],
            &["preview", "b.md"],
            &["preview", "b.md", "--for", "Ada"],
            &["preview", "b.md", "--out", "outbox"],
            &["refresh", "b.md"],
            &["refresh", "b.md", "--dry-run"],
        ] {
            let said = desk.run(&[&["broadcast"], arguments].concat());
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?} {broken}: {}", said.err);
            assert!(said.err.contains("guanxi check b.md"), "{arguments:?} {broken}: {}", said.err);
        }
        assert!(desk.text("b.md") == broken && !desk.path("outbox").exists());
        assert_eq!(desk.run(&["check", "b.md"]).code, 1, "{broken}");
        client.open("b.md", &broken);
        let uri = client.uri("b.md");
        for (command, argument) in [
            ("guanxi.broadcast.list", json!({ "uri": uri })),
            ("guanxi.broadcast.list", json!({ "uri": uri, "write": true })),
            ("guanxi.broadcast.preview", json!({ "uri": uri })),
        ] {
            let asked = json!({ "command": command, "arguments": [argument] });
            let refused = client.try_request("workspace/executeCommand", asked);
            assert!(refused.is_err(), "{command} {broken}: {refused:?}");
        }
        client.close("b.md");
    }
    client.shutdown();
}

/// A misspelt channel is no error, for somebody may have the field tomorrow. It reaches nobody, and nothing goes out.
#[test]
fn a_channel_that_nobody_has_is_told_and_refused() {
    let desk = Desk::new(&picture().replace("via: email", "via: emial"));
    let told = desk.run(&["check", "b.md"]);
    assert!(
        told.code == 0 && told.out.contains("recipients-none") && told.out.contains("no contact has `emial`"),
        "{}",
        told.out
    );
    for command in ["list", "preview", "refresh"] {
        let said = desk.run(&["broadcast", command, "b.md"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains("no contact has `emial`"), "{}", said.err);
    }
}

/// `preview` and `refresh` need a message: a query has none, and is told from a misspelt file.
#[test]
fn a_query_has_no_message() {
    let desk = Desk::new(&picture());
    for command in ["preview", "refresh"] {
        let said = desk.run(&["broadcast", command, "#lead"]);
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains("is a query"), "{}", said.err);
        let said = desk.run(&["broadcast", command, "nowhere.md"]);
        assert!(said.code == 2 && said.out.is_empty() && !said.err.contains("is a query"), "{}", said.err);
    }
    assert_eq!(desk.run(&["broadcast", "list", "#lead", "--via", "email"]).out, "Ada\nFa 茶🍵\n");
}
