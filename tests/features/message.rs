//! What a broadcast says to one person, and what it can never say.

use guanxi::contact::Document;
use guanxi::features::audience::audience;
use guanxi::features::message::{check, message};
use guanxi::text::lines;
use guanxi::vault::Vault;

use crate::vault::vault;

const PEOPLE: &str = "\
== people/ada.md
---
alias: Ada
name: Ada Thornquist
tags: [lead, secret-group]
org: Quill & Feather
phones:
  - work: +1 212 555 0101
  - +1 212 555 0102
emails: ada@x.example
birthday: 1988-04-02
level: 007
pets: {dog: Rex}
empty:
---
== people/bo.md
---
alias: Bo
tags: [lead]
emails: [bo@x.example]
org: \"\"
---
";

fn broadcast(head: &str, body: &str) -> Vault {
    vault(&format!("{PEOPLE}== b.md\n---\nto: \"#lead\"\n{head}---\n{body}"))
}

/// What Ada reads, or what is wrong.
fn says(template: &str) -> String {
    says_to("people/ada.md", template)
}

fn says_to(path: &str, template: &str) -> String {
    let vault = broadcast("", template);
    let document = vault.file(vault.id_of("b.md").unwrap()).document();
    match message(&vault, &document, vault.id_of(path).unwrap()) {
        Ok(message) => message.body.trim_end().to_owned(),
        Err(fault) => format!("{}: {}", fault.code.name(), fault.message),
    }
}

/// What is wrong with a broadcast: each place marked, then its message.
fn told(head: &str, body: &str) -> Vec<String> {
    let vault = broadcast(head, body);
    let file = vault.file(vault.id_of("b.md").unwrap());
    let document = file.document();
    let chosen = audience(&vault, &document).map(|result| result.chosen).unwrap_or_default();
    let shown = check(&vault, &document, chosen.iter().map(|one| one.file)).into_iter().map(|fault| {
        let line = lines::line_start(file.text(), fault.span.start());
        let mark = super::marked(file.text(), &[(fault.span, '«', '»')]).concat();
        assert!(line <= fault.span.start());
        format!("{mark} | {}: {}", fault.code.name(), fault.message)
    });
    shown.collect()
}

#[test]
fn fields_are_texts_and_lists_of_texts() {
    for (template, text) in [
        ("Dear {{ alias }} of {{ org }},", "Dear Ada of Quill & Feather,"),
        ("{{ phones[0] }} / {{ phones.work }} / {{ phones[1] }}", "+1 212 555 0101 / +1 212 555 0101 / +1 212 555 0102"),
        (
            "{{ phones }}; {{ phones|join(' or ') }}; {{ phones|length }}",
            "+1 212 555 0101, +1 212 555 0102; +1 212 555 0101 or +1 212 555 0102; 2",
        ),
        ("{% for phone in phones %}<{{ phone }}>{% endfor %}", "<+1 212 555 0101><+1 212 555 0102>"),
        ("{{ emails[0] }} {{ emails|first }} {{ emails }}", "ada@x.example ada@x.example ada@x.example"),
        ("{{ level }} {{ birthday }} {{ pets.dog }}", "007 1988-04-02 Rex"),
        ("{{ name|upper }} {{ wechat|default('none') }}", "ADA THORNQUIST none"),
        ("{% if wechat %}{{ wechat }}{% else %}by mail{% endif %}", "by mail"),
        ("{{ [title, org]|select|sort }}", "Quill & Feather"),
        ("{% set who = alias %}{{ who }}", "Ada"),
        ("<b> & \"quotes\" stay", "<b> & \"quotes\" stay"),
        ("{{ \"{{\" }}", "{{"),
    ] {
        assert_eq!(says(template), text, "{template}");
    }
}

#[test]
fn the_list_and_its_marks_are_no_part_of_the_message() {
    let list = "<!-- guanxi:list -->\n- [x] [[Bo]] — {{ nonsense\n<!-- /guanxi:list -->\n";
    for (body, expected) in [
        (format!("Hi\n\nBye\n\n{list}"), "Hi\n\nBye\n"),
        (format!("Hi\n\n{list}\nBye\n\n"), "Hi\n\nBye\n"),
        (format!("{list}\nHi\n"), "Hi\n"),
        ("\n\n  Hi\n\n\n".to_owned(), "  Hi\n"),
    ] {
        let vault = broadcast("subject: To {{ alias }}\n", &body);
        let document = vault.file(vault.id_of("b.md").unwrap()).document();
        let message = message(&vault, &document, vault.id_of("people/ada.md").unwrap()).unwrap();
        assert_eq!((message.subject.as_deref(), message.body.as_str()), (Some("To Ada"), expected), "{body}");
    }
    for body in ["- [ ] [[Bo]]\n", "Hi\n<!-- guanxi:list -->\n- [ ] [[Bo]]\n", "* [x] [[bo|him]] · x\n"] {
        let told = told("", body);
        assert!(told.len() == 1 && told[0].contains("template-syntax"), "{told:?}");
    }
    assert!(told("", "- [ ] [[nobody]] bring a pen\n").is_empty());
}

#[test]
fn nothing_but_the_recipient_can_be_named() {
    for name in
        ["tags", "path", "opt_out", "card", "to", "via", "vault", "query", "recipients", "self", "loop", "debug()", "contact"]
    {
        let said = says(&format!("{{{{ {name} }}}}"));
        assert!(said.starts_with("template-"), "{name}: {said}");
    }
    assert_eq!(says("{{ tags }}"), "template-unknown-field: `tags` is not for messages: nobody is told in which groups they are");
    for template in [
        "{% include 'bo.md' %}",
        "{% import 'b' as b %}",
        "{% extends 'b' %}",
        "{% from 'b' import c %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
    ] {
        assert!(says(template).contains("is not known in messages"), "{}", says(template));
    }
    for template in [
        "{% if tags %}x{% endif %}",
        "{% filter replace('x', tags) %}x{% endfilter %}",
        "{{ alias.__class__ }}",
        "{{ 'x' if tags }}",
        "{{ namespace(tags=tags) }}",
    ] {
        assert!(says(template).starts_with("template-"), "{template}: {}", says(template));
    }
}

#[test]
fn faults_are_shown_where_they_are() {
    assert_eq!(told("", "Dear {{ alias }}\n"), Vec::<String>::new());
    assert_eq!(
        told("", "Hi\nDear {{ emial }}\n"),
        ["Dear {{ «emial» }} | template-unknown-field: no contact has the field `emial`: is `emails` meant?"]
    );
    assert_eq!(
        told("", "{{ nmae }}\n"),
        ["{{ «nmae» }} | template-unknown-field: no contact has the field `nmae`: is `name` meant?"]
    );
    assert_eq!(
        told("", "{{ alias }}{{ org }}\n"),
        ["{{ alias }}{{ «org» }} | template-missing-value: Bo has no `org`: give a default, or ask first: {% if org %}"]
    );
    assert_eq!(
        told("subject: \"To \\\"{{ org }}\\\"\"\n", "Hi\n"),
        [
            "subject: \"To \\\"{{ «org» }}\\\"\" | template-missing-value: Bo has no `org`: give a default, or ask first: {% if org %}"
        ]
    );
    assert_eq!(
        told("subject: To {{ tags }}\n", "Hi\n"),
        [
            "subject: To {{ «tags» }} | template-unknown-field: `tags` is not for messages: nobody is told in which groups they are"
        ]
    );
    let list = "<!-- guanxi:list -->\n- [ ] [[Ada]]\n<!-- /guanxi:list -->\n";
    assert_eq!(
        told("", &format!("Hi\n\n{list}\n{{{{ org }}}}\n")),
        ["{{ «org» }} | template-missing-value: Bo has no `org`: give a default, or ask first: {% if org %}"]
    );
    assert_eq!(
        told("", "{% if alias %}x\n")[0].split(" | ").nth(1),
        Some("template-syntax: unexpected end of the message, expected end of block")
    );
    assert!(told("", "{{ phones[0] }}\n")[0].contains("Bo has no `phones`"), "{:?}", told("", "{{ phones[0] }}\n"));
    assert!(told("", "{{ wechat }}\n")[0].contains("Ada and Bo have no `wechat` (2 recipients)"));
    assert!(told("", "{{ alias|center }}\n")[0].contains("filter center is not known in messages"));
}

#[test]
fn the_engine_is_bounded() {
    let mut hostile: Vec<String> = [
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ range(1000000000) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 99999999 }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ 10 ** 1000000 }}",
        "{% set x = 'xxxxxxxx' %}{% for i in range(99) %}{% set x = x ~ x %}{{ x }}{% endfor %}",
        "{{ alias|replace('', 'x' * 10000)|replace('', 'x' * 10000) }}",
        "{{ self }}",
        "{{",
        "{%",
        "{%é",
        "{#",
        "{{ '",
        "{% raw %}",
        "{% for x in",
        "{{ ) }}",
        "{{ 1 }",
        "}}{{",
        "{{{{}}}}",
    ]
    .map(str::to_owned)
    .to_vec();
    for sign in ["+1", "~alias", "|upper", ".a", "()", "[0]", "*1", " and 1", " if 1 else 1", " is defined", "**1"] {
        hostile.push(format!("{{{{ 1{} }}}}", sign.repeat(50_000)));
        // Braces in quotes, brackets and raw text must not hide how long a tag is.
        hostile.push(format!("{{% raw %}}{{{{ '{{% endraw %}}{{{{ ' }}}} '{} }}}}", sign.repeat(20_000)));
        hostile.push(format!("{{{{ ' }}}} '{} }}}}", sign.repeat(20_000)));
        hostile.push(format!("{{{{ {{'}}}}': 1}}{} }}}}", sign.repeat(20_000)));
        hostile.push(format!("{{# ' #}}{{{{ 1{} }}}}", sign.repeat(20_000)));
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("{'a':", "}"), ("not ", ""), ("-", "")] {
        hostile.push(format!("{{{{ {}1{} }}}}", open.repeat(50_000), close.repeat(50_000)));
    }
    for (open, close) in [
        ("{% if 1 %}", "{% endif %}"),
        ("{% for x in [1] %}", "{% endfor %}"),
        ("{% with a=1 %}", "{% endwith %}"),
        ("{% elif 1 %}", ""),
    ] {
        for times in [90, 5000] {
            let (before, after) = if close.is_empty() { ("{% if 0 %}", "{% endif %}") } else { ("", "") };
            hostile.push(format!("{before}{}x{}{after}", open.repeat(times), close.repeat(times)));
        }
    }
    hostile.push("x".repeat(300_000));
    hostile.push(format!("{{{{ {} }}}}", "é".repeat(1000)));
    for template in hostile {
        let start = std::time::Instant::now();
        let said = says(&template);
        assert!(start.elapsed().as_secs() < 5, "{}", template.chars().take(70).collect::<String>());
        assert!(said.len() <= 300_000, "{}", &template[..40.min(template.len())]);
    }
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    assert!(says(endless).contains("takes too long"), "{}", says(endless));
}

#[test]
fn the_longest_chains_that_are_let_in_do_no_harm() {
    for sign in ["+1", "~alias", "|upper", ".a", "()", "[0]", "**1", " and 1", " if 1 else 1", " is defined"] {
        for times in [40, 60, 95, 190] {
            let _ = says(&format!("{}{{{{ 1{} }}}}{}", "{% if 1 %}".repeat(100), sign.repeat(times), "{% endif %}".repeat(100)));
            let _ = says(&format!("{{% if 0 %}}{}{{{{ 1{} }}}}{{% endif %}}", "{% elif 1 %}".repeat(99), sign.repeat(times)));
        }
    }
}

#[test]
fn names_as_they_come() {
    let long = "长".repeat(10_000);
    let vault = vault(&format!(
        "== a.md\n---\nalias: \"Ada\\r\\nBcc: all@x.example\"\n---\n== b.md\n---\nalias: '\"><script>'\n---\n== c.md\n---\nalias: {long}\n---\n== d.md\n---\nalias: שלום\n---\n== e.md\n---\nalias: \"{{{{ tags }}}}{{% include %}}\"\n---\n\
         == t.md\n---\nto: has:alias\nsubject: Hi {{{{ alias }}}}\n---\nDear {{{{ alias }}}}\n"
    ));
    let document = vault.file(vault.id_of("t.md").unwrap()).document();
    let subject = |path: &str| message(&vault, &document, vault.id_of(path).unwrap()).unwrap().subject.unwrap();
    assert_eq!(subject("a.md"), "Hi Ada Bcc: all@x.example");
    let body = message(&vault, &document, vault.id_of("a.md").unwrap()).unwrap().body;
    assert_eq!(body, "Dear Ada\nBcc: all@x.example\n");
    assert_eq!(subject("b.md"), "Hi \"><script>");
    assert_eq!(subject("c.md").chars().count(), 10_003);
    assert_eq!(subject("d.md"), "Hi שלום");
    assert_eq!(subject("e.md"), "Hi {{ tags }}{% include %}");
}

#[test]
fn many_recipients_are_tried_within_bounds() {
    let people: String = (0..3000).map(|n| format!("== p{n}.md\n---\nalias: P{n}\ntags: [many]\n---\n")).collect();
    let vault = vault(&format!("{people}== o.md\n---\norg: x\n---\n== t.md\n---\nto: \"#many\"\n---\n{{{{ org }}}}\n"));
    let document = vault.file(vault.id_of("t.md").unwrap()).document();
    let chosen = audience(&vault, &document).unwrap().chosen;
    let faults = check(&vault, &document, chosen.iter().map(|one| one.file));
    assert!(faults.len() == 1 && faults[0].message.contains("and 1995 more have no `org` (2000 recipients)"), "{faults:?}");
}

proptest::proptest! {
    #![proptest_config(crate::law(256))]

    #[test]
    fn no_template_is_too_odd(parts in proptest::collection::vec(proptest::sample::select(&["{{", "}}", "{%", "%}", "{#", "#}", " ", "alias", "org", "'", "\"", "|", ".", "[", "]", "(", ")", "if", "endif", "for x in", "endfor", "raw", "endraw", "\\", "é", "\n", "<!-- guanxi:list -->\n", "<!-- /guanxi:list -->\n", "1", "-", ":", "茶🍵", "set", "=", "\r\n"][..]), 0..40)) {
        let template: String = parts.concat();
        let vault = broadcast("", &template);
        let text = vault.file(vault.id_of("b.md").unwrap()).text().to_owned();
        let document = Document::parse(&text);
        let chosen = audience(&vault, &document).map(|result| result.chosen).unwrap_or_default();
        for fault in check(&vault, &document, chosen.iter().map(|one| one.file)) {
            proptest::prop_assert!(text.get(fault.span.range()).is_some(), "{:?}", fault);
        }
    }
}
