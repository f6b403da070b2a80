//! Completion as pictures: what is offered, the likeliest first, and the line after taking the first.

use guanxi::contact::Document;
use guanxi::features::completion::{Completion, Item, Options, complete};
use guanxi::text::lines;

use super::Asked;

fn answer(picture: &str) -> (Asked, Completion) {
    let asked = Asked::new(&format!("{PEOPLE}{picture}"));
    let files = || ["cards/bo.jpg", "cards/li.png", "docs/a b.pdf"].map(str::to_owned).to_vec();
    let found = complete(&asked.here(), asked.offset, &Options { files: &files, today: &|| "2026-11-30".to_owned() });
    scores_are_equal(&asked, &found);
    (asked, found)
}

/// An editor that scores again gives every item the same: each goes on where what is typed ends, and none ends there.
fn scores_are_equal(asked: &Asked, found: &Completion) {
    for item in &found.items {
        let typed = &asked.here().text()[item.span.start()..asked.offset.min(item.span.end())];
        assert!(item.filter.starts_with(typed) && item.filter != typed, "{typed:?}: {item:?}");
    }
}

/// The labels of the first few.
fn offered(picture: &str, most: usize) -> Vec<String> {
    answer(picture).1.items.into_iter().take(most).map(|item| item.label).collect()
}

/// The line of the cursor once the item of this name is taken, the cursor marked.
fn taken(picture: &str, label: &str) -> String {
    let (asked, found) = answer(picture);
    let item: &Item = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{label}: {found:?}"));
    let here = asked.here();
    let (before, after) = (&here.text()[..item.span.start()], &here.text()[item.span.end()..]);
    let cursor = item.cursor.unwrap_or(item.new.len());
    let text = format!("{before}{}‸{}{after}", &item.new[..cursor], &item.new[cursor..]);
    let at = text.find('‸').unwrap();
    text[lines::line_start(&text, at)..lines::line_end(&text, at)].to_owned()
}

const PEOPLE: &str = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
    client: Buys
    client/museum: Museums
== a.md
---
alias: Ada
tags: [lead, new-york]
org: Quillfeather Books
coffee: flat white
---
== b.md
---
alias: 王小明
username: Kittykat123
tags: [lead, new-york, trade press]
phones: [+1 212 555 0147]
org: Panda Lighting
---
== c.md
---
alias: Camille
tags: [lead, client/retail, 老同学]
org: Panda Lighting
---
";

#[test]
fn tags_by_what_goes_together_and_by_use() {
    assert_eq!(offered("== n.md\n---\nalias: N\ntags: [‸]\n---\n", 2), ["lead", "new-york"]);
    assert_eq!(offered("== n.md\n---\nalias: N\ntags: [new-york, ‸]\n---\n", 2), ["lead", "trade press"]);
    assert_eq!(offered("== n.md\n---\nalias: N\ntags: [client/‸]\n---\n", 9), ["client/retail", "client/museum"]);
    assert_eq!(offered("== n.md\n---\nalias: N\ntags: [ltx‸]\n---\n", 9), ["老同学", "ltx"]);
    assert_eq!(offered("== n.md\n---\nalias: N\ntags: [le‸, lead]\n---\n", 9), ["le"]);
}

#[test]
fn a_nested_tag_ranks_by_its_use_and_counts_what_a_query_for_it_matches() {
    let people =
        "== d.md\n---\nalias: D\ntags: [client/retail, client/museum]\n---\n== e.md\n---\nalias: E\ntags: [client/retail]\n---\n";
    let picture = format!("{people}== n.md\n---\nalias: N\ntags: [‸]\n---\n");
    assert_eq!(offered(&picture, 3), ["client", "client/retail", "lead"]);
    let (_, found) = answer(&format!("{people}== n.md\n---\nalias: N\ntags: [cl‸]\n---\n"));
    let told: Vec<(&str, &str)> = found.items.iter().map(|item| (item.label.as_str(), item.detail.as_str())).collect();
    // Three have `client/retail`, one of them `client/museum` too: `#client` matches three.
    assert_eq!(told[..3], [("client", "3 · Buys"), ("client/retail", "3"), ("client/museum", "1 · Museums")]);
}

#[test]
fn a_tag_is_written_as_its_place_wants_it() {
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: [le‸]\n---\n", "lead"), "tags: [lead‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: le‸\n---\n", "lead"), "tags: [lead‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags:‸\n---\n", "lead"), "tags: [lead‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags:\n  - x\n  ‸\n---\n", "lead"), "  - lead‸");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags:\n  - \"tra‸\"\n---\n", "trade press"), "  - \"trade press\"‸");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: [‸x]\n---\n", "lead"), "tags: [lead, ‸x]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: [x,‸]\n---\n", "lead"), "tags: [x, lead‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: [x, ‸]\n---\n", "lead"), "tags: [x, lead‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\ntags: [x,le‸]\n---\n", "lead"), "tags: [x,lead‸]");
    assert_eq!(taken("== n.md\nsee #le‸\n", "#lead"), "see #lead‸");
}

/// As many write it: several tags behind the colon, with nothing but commas.
#[test]
fn tags_without_brackets_get_them() {
    let with = |typed: &str| format!("== n.md\n---\nalias: N\ntags: {typed}\n---\n");
    assert_eq!(taken(&with("lead, new‸"), "new-york"), "tags: [lead, new-york‸]");
    assert_eq!(taken(&with("lead,‸"), "new-york"), "tags: [lead, new-york‸]");
    assert_eq!(taken(&with("x, new‸, lead  # two"), "new-york"), "tags: [x, new-york‸, lead]  # two");
    assert_eq!(taken(&with("x, n‸ew"), "new-york"), "tags: [x, new-york‸]");
    assert!(!offered(&with("lead, ‸"), 99).contains(&"lead".to_owned()));
    assert_eq!(taken(&with("&all [x, le‸]"), "lead"), "tags: &all [x, lead‸]");
    assert_eq!(taken(&with("!!seq [le‸]"), "lead"), "tags: !!seq [lead‸]");
}

#[test]
fn keys_that_are_not_there_yet() {
    let keys = offered("== n.md\n---\nalias: N\n‸\n---\n", 99);
    assert!(keys.contains(&"tags".to_owned()) && keys.contains(&"coffee".to_owned()) && !keys.contains(&"alias".to_owned()));
    assert_eq!(taken("== n.md\n---\nalias: N\nema‸\n---\n", "emails"), "emails: [‸]");
    assert_eq!(offered("== to.md\n---\nto: x\nvi‸\n---\n", 9), ["via"]);
}

/// Whoever writes a file from its first line on has not come to the closing `---` yet.
#[test]
fn keys_of_broadcasts_are_not_offered_in_contacts() {
    let broadcast = "== out.md\n---\nto: \"#lead\"\nvia: email\nsubject: x\nattach: []\n---\nx\n";
    let all = offered(&format!("{broadcast}== n.md\n---\nalias: N\n‸\n---\n"), 99);
    assert!(all.contains(&"coffee".to_owned()), "{all:?}");
    assert!(["to", "via", "subject", "attach"].iter().all(|key| !all.contains(&(*key).to_owned())), "{all:?}");
}

#[test]
fn keys_of_a_front_matter_that_is_being_begun() {
    assert_eq!(taken("== n.md\n---\nal‸", "alias"), "alias: ‸");
    assert_eq!(taken("== n.md\n---\r\nal‸\r\n", "alias"), "alias: ‸");
    assert!(offered("== n.md\n---\n‸", 99).contains(&"alias".to_owned()));
    assert_eq!(taken("== n.md\n---\nalias: N\nta‸", "tags"), "tags: [‸]");
    assert_eq!(taken("== n.md\n---\nalias: N\nta‸\n\nMet at the fair.\n", "tags"), "tags: [‸]");
    for prose in ["---\nalias: N\n\nMet al‸", "---\nalias: N\n\nMet\nal‸", "text\n---\nal‸", "---\nto al‸", "---\na: b\n---\nal‸"]
    {
        assert_eq!(offered(&format!("== n.md\n{prose}"), 9), [""; 0], "{prose:?}");
    }
}

#[test]
fn values_that_others_have_and_files() {
    assert_eq!(offered("== n.md\n---\nalias: N\norg: ‸\n---\n", 9), ["Panda Lighting", "Quillfeather Books"]);
    assert_eq!(taken("== bo.md\n---\nalias: N\ncard: ‸\n---\n", "cards/bo.jpg"), "card: cards/bo.jpg‸");
    assert_eq!(offered("== li.md\n---\nalias: N\ncard: ‸\n---\n", 9), ["cards/li.png", "cards/bo.jpg"]);
    assert_eq!(offered("== n.md\n---\nalias: N\nopt_out: em‸\n---\n", 9), ["email"]);
}

#[test]
fn people_behind_brackets_in_values() {
    let head = |line: &str| format!("== x.md\n---\nalias: X\n{line}\n---\n");
    for (typed, line) in [
        ("related: \"[[A‸", "related: \"[[Ada]]‸"),
        ("related: \"[[A‸]]\"", "related: \"[[Ada‸]]\""),
        ("related: ['[[Bo]]', '[[A‸']", "related: ['[[Bo]]', '[[Ada]]‸']"),
        ("related: [[A‸", "related: \"[[Ada]]\"‸"),
        ("related: [[A‸]]", "related: \"[[Ada]]\"‸"),
        ("related:\n  - [[A‸]]", "  - \"[[Ada]]\"‸"),
        ("description: met [[A‸ in Rome", "description: met [[Ada]]‸ in Rome"),
    ] {
        assert_eq!(taken(&head(typed), "Ada"), line, "{typed}");
    }
}

#[test]
fn paths_of_markdown_links() {
    for (typed, label, line) in [
        ("[x](‸", "Ada", "[x](../a.md‸"),
        ("[x](Ad‸)", "Ada", "[x](../a.md‸)"),
        ("[x](<Ad‸> \"t\")", "Ada", "[x](<../a.md‸> \"t\")"),
        ("[x](../A‸.md#y)", "Ada", "[x](../a.md‸#y)"),
        ("[d]: ‸", "Ada", "[d]: ../a.md‸"),
        ("[x](pdf‸)", "docs/a b.pdf", "[x](../docs/a%20b.pdf‸)"),
        ("![x](‸)", "cards/bo.jpg", "![x](../cards/bo.jpg‸)"),
        ("![[b‸]]", "cards/bo.jpg", "![[cards/bo.jpg‸]]"),
    ] {
        assert_eq!(taken(&format!("== n/x.md\n{typed}\n"), label), line, "{typed}");
    }
    for nothing in ["[x](https://a‸)", "[x](a.md#b‸)", "[x](a.md \"t‸\")", "[^1]: a‸", "`[x](a‸`)"] {
        assert_eq!(offered(&format!("== n/x.md\n{nothing}\n"), 1), Vec::<String>::new(), "{nothing}");
    }
    assert!(offered("== n/x.md\n![x](‸)\n", 9).iter().all(|label| label.starts_with("cards/")));
}

#[test]
fn people_behind_brackets() {
    for typed in ["王", "wxm", "wangxiaoming", "kitty", "0147"] {
        assert_eq!(offered(&format!("== n.md\nsee [[{typed}‸\n"), 1), ["王小明"], "{typed}");
    }
    assert_eq!(offered("== n.md\nsee [[panda‸\n", 9), ["Camille", "王小明"]);
    assert_eq!(taken("== n.md\nsee [[wxm‸\n", "王小明"), "see [[王小明]]‸");
    assert_eq!(taken("== n.md\nsee [[ad‸]] and\n", "Ada"), "see [[Ada‸]] and");
}

#[test]
fn one_bracket_that_is_there_is_used() {
    for (typed, line) in [
        ("see [[Ad‸]", "see [[Ada]]‸"),
        ("see [[Ad‸] in Rome", "see [[Ada]]‸ in Rome"),
        ("see [[A‸da] in Rome", "see [[Ada]]‸ in Rome"),
        ("see [[‸] in Rome", "see [[Ada]]‸ in Rome"),
        ("see [[Ad‸|a friend] in Rome", "see [[Ada|a friend]]‸ in Rome"),
        ("see [[Ad‸|x]] and", "see [[Ada‸|x]] and"),
        ("see [[Ad‸]], [[Bo]]", "see [[Ada‸]], [[Bo]]"),
        ("see [[Ad‸ in Rome", "see [[Ada]]‸ in Rome"),
        // The bracket closes another.
        ("[see [[Ad‸](b.md)", "[see [[Ada]]‸](b.md)"),
        ("see [[Ad‸ and [x](b.md)", "see [[Ada]]‸ and [x](b.md)"),
        ("see [[Ad‸ [1] there", "see [[Ada]]‸ [1] there"),
        ("| [[Ad‸\\|x] | b |", "| [[Ada\\|x]]‸ | b |"),
    ] {
        assert_eq!(taken(&format!("== n.md\n{typed}\n"), "Ada"), line, "{typed}");
    }
    for (typed, line) in [
        ("related: \"[[A‸]\"", "related: \"[[Ada]]‸\""),
        ("related: ['[[A‸]', x]", "related: ['[[Ada]]‸', x]"),
        ("related: [[A‸]", "related: \"[[Ada]]\"‸"),
        ("description: met [[A‸] in Rome", "description: met [[Ada]]‸ in Rome"),
    ] {
        assert_eq!(taken(&format!("== x.md\n---\nalias: X\n{typed}\n---\n"), "Ada"), line, "{typed}");
    }
}

#[test]
fn notes_come_after_people() {
    let notes = "== notes/2026-09.md\n# Adriatic fair\n\nWe met.\n== adverts.md\n---\ntitle: Adverts\n---\n== talks/to.md\n---\nto: \"#lead\"\n---\nAd\n";
    let with = |typed: &str| format!("{notes}== n.md\nsee {typed}\n");
    assert_eq!(offered(&with("[[ad‸"), 9), ["Ada", "adverts", "2026-09"]);
    let (_, found) = answer(&with("[[adri‸"));
    assert_eq!((&*found.items[0].label, &*found.items[0].detail), ("2026-09", "Adriatic fair · notes"));
    assert_eq!(taken(&with("[[adri‸ there"), "2026-09"), "see [[2026-09]]‸ there");
    assert_eq!(taken(&with("[[2026‸]]"), "2026-09"), "see [[2026-09‸]]");
    // Two files of one name are told apart by their paths; the settings are no note.
    let same = "== a/plan.md\nx\n== b/plan.md\nx\n";
    assert_eq!(taken(&format!("{same}{}", with("[[plan‸")), "plan"), "see [[a/plan]]‸");
    assert_eq!(offered(&with("[[guanxi‸"), 9), [""; 0]);
    let head = "== x.md\n---\nalias: X\nrelated: \"[[adv‸\"\n---\n";
    assert_eq!(taken(&format!("{notes}{head}"), "adverts"), "related: \"[[adverts]]‸\"");
}

#[test]
fn headings_of_the_file_that_is_named() {
    let notes = "== trip.md\n# Trip\n## First day\n### C# & [x] | y\n## Übersicht\n```\n# code\n```\n## First day\n## ---\n";
    let body = |typed: &str| format!("{notes}== n.md\n# Own\nsee {typed}\n## Later\n");
    assert_eq!(offered(&body("[[trip#‸"), 9), ["Trip", "First day", "C# & [x] | y", "Übersicht"]);
    assert_eq!(offered(&body("[[trip#uber‸"), 9), ["Übersicht"]);
    assert_eq!(offered(&body("[[#‸]]"), 9), ["Own", "Later"]);
    assert_eq!(offered(&body("[[nobody#‸]]"), 9), [""; 0]);
    assert_eq!(offered(&body("[[trip#^‸]]"), 9), [""; 0]);
    assert_eq!(taken(&body("[[trip#fi‸ there"), "First day"), "see [[trip#First day]]‸ there");
    assert_eq!(taken(&body("[[trip#fi‸] there"), "First day"), "see [[trip#First day]]‸ there");
    assert_eq!(taken(&body("[[trip#fi‸]] there"), "First day"), "see [[trip#First day‸]] there");
    assert_eq!(taken(&body("[[trip#fi‸rst|x]] there"), "First day"), "see [[trip#First day‸|x]] there");
    assert_eq!(taken(&body("[[trip#Trip#fi‸]]"), "First day"), "see [[trip#Trip#First day‸]]");
    assert_eq!(taken(&body("[[trip#c‸"), "C# & [x] | y"), "see [[trip#C & x y]]‸");
    assert_eq!(taken(&body("[[#la‸"), "Later"), "see [[#Later]]‸");
    assert_eq!(offered(&body("[[tr‸#Trip]]"), 9), ["trip"]);
    for (typed, line) in [
        ("related: \"[[trip#f‸\"", "related: \"[[trip#First day]]‸\""),
        ("related: [[trip#f‸]]", "related: \"[[trip#First day]]\"‸"),
        ("related: [[trip#f‸]", "related: \"[[trip#First day]]\"‸"),
    ] {
        assert_eq!(taken(&format!("{notes}== x.md\n---\nalias: X\n{typed}\n---\n"), "First day"), line, "{typed}");
    }
}

#[test]
fn statements_of_messages() {
    let to = |rest: &str| format!("== to.md\n---\nto: \"#lead\"\n---\n{rest}");
    assert_eq!(offered(&to("Dear {% ‸\n"), 9), ["if", "for", "set", "with"]);
    assert_eq!(offered(&to("{% if org %}{% ‸\n"), 3), ["endif", "else", "elif"]);
    assert_eq!(offered(&to("{% if org %}x{% else %}{% e‸\n"), 9), ["endif", "set"]);
    assert_eq!(offered(&to("{% for a in tags %}{% if a %}x{% endif %}{% ‸\n"), 2), ["endfor", "else"]);
    assert_eq!(offered(&to("{% if a %}x{% endif %}{% ‸\n"), 1), ["if"]);
    assert_eq!(taken(&to("{% ‸\n"), "if"), "{% if ‸ %}{% endif %}");
    assert_eq!(taken(&to("{%‸\n"), "if"), "{% if ‸ %}{% endif %}");
    assert_eq!(taken(&to("{%‸}\n"), "for"), "{% for item in ‸ %}{% endfor %}");
    assert_eq!(taken(&to("{%- i‸ -%} x\n"), "if"), "{%- if ‸ -%} x");
    assert_eq!(taken(&to("{% i‸f %} x\n"), "if"), "{% if ‸ %} x");
    assert_eq!(taken(&to("{% i‸ x\n{% endif %}\n"), "if"), "{% if ‸ %} x");
    assert_eq!(taken(&to("{% if a %}{% i‸\n{% endif %}\n"), "if"), "{% if a %}{% if ‸ %}{% endif %}");
    assert_eq!(taken(&to("{% if org %}x{% e‸\n"), "endif"), "{% if org %}x{% endif %}‸");
    assert_eq!(taken(&to("{% set‸\n"), "set"), "{% set ‸ %}");
    assert_eq!(taken("== to.md\n---\nto: \"#lead\"\nsubject: Hi{% i‸\n---\nx\n", "if"), "subject: Hi{% if ‸ %}{% endif %}");
    // After the statement, fields.
    assert_eq!(offered(&to("{% if al‸ %}"), 1), ["alias"]);
    // Elsewhere it is no template.
    assert_eq!(offered("== n.md\nx {% i‸\n", 9), [""; 0]);
}

#[test]
fn todays_date_where_a_file_says_when() {
    for key in ["created", "updated"] {
        assert_eq!(taken(&format!("== n.md\n---\nalias: N\n{key}: ‸\n---\n"), "2026-11-30"), format!("{key}: 2026-11-30‸"));
        assert_eq!(taken(&format!("== n.md\n---\nalias: N\n{key}:‸\n---\n"), "2026-11-30"), format!("{key}: 2026-11-30‸"));
    }
    assert_eq!(offered("== n.md\n---\nalias: N\nbirthday: ‸\n---\n", 9), [""; 0]);
}

#[test]
fn a_list_that_is_begun_is_closed() {
    let head = |line: &str| format!("== n.md\n---\nalias: N\n{line}\n---\n");
    assert_eq!(taken(&head("tags: [le‸"), "lead"), "tags: [lead‸]");
    assert_eq!(taken(&head("tags: [x, ‸"), "lead"), "tags: [x, lead‸]");
    assert_eq!(taken(&head("tags: [le‸\norg: P"), "lead"), "tags: [lead‸]");
    assert_eq!(taken(&head("tags: [le‸  # why"), "lead"), "tags: [lead‸]  # why");
    assert_eq!(taken(&head("tags: [\"tra‸"), "trade press"), "tags: [\"trade press\"‸]");
    assert_eq!(taken(&head("tags: [\n  le‸\norg: P"), "lead"), "  lead‸]");
    // Its end follows, or another item.
    assert_eq!(taken(&head("tags: [\n  le‸\n]"), "lead"), "  lead‸");
    assert_eq!(taken(&head("tags: [\n  le‸\n  vip,\n]"), "lead"), "  lead‸");
    assert_eq!(taken(&head("tags: [le‸, vip"), "lead"), "tags: [lead‸, vip");
    assert_eq!(taken("== to.md\n---\nto: [le‸\n---\n", "lead"), "to: [lead‸]");
    assert_eq!(taken("== to.md\n---\nto: x\nattach: [do‸\n---\n", "docs/a b.pdf"), "attach: [docs/a b.pdf‸]");
}

#[test]
fn queries_of_broadcasts_and_blocks() {
    for (before, after) in [("== to.md\n---\nto: \"", "\"\n---\n"), ("== n.md\n```guanxi\n", "\n```\n")] {
        let with = |query: &str| format!("{before}{query}{after}");
        assert_eq!(offered(&with("#le‸"), 1), ["#lead"]);
        assert_eq!(offered(&with("#lead org‸"), 9), ["org:"]);
        assert_eq!(offered(&with("#lead NO‸"), 9), ["NOT"]);
        assert_eq!(offered(&with("#lead has:em‸"), 9), ["has:emails"]);
        assert_eq!(offered(&with("#lead coff‸"), 9), ["coffee:"]);
        assert_eq!(offered(&with("kind:‸"), 9), ["kind:contact", "kind:broadcast", "kind:note"]);
    }
    assert_eq!(taken("== to.md\n---\nto: #le‸\n---\n", "#lead"), "to: \"#lead‸\"");
    assert_eq!(offered("== to.md\n---\nto: [le‸]\n---\n", 9), ["lead"]);
}

#[test]
fn channels_attachments_and_holes() {
    let to = |rest: &str| format!("== to.md\n---\nto: \"#lead\"\n{rest}");
    assert_eq!(offered(&to("via: e‸\n---\n"), 9)[0], "email");
    assert_eq!(taken(&to("attach: [a‸]\n---\n"), "docs/a b.pdf"), "attach: [docs/a b.pdf‸]");
    assert_eq!(offered(&to("---\nDear {{ al‸ }}\n"), 1), ["alias"]);
    assert_eq!(offered(&to("---\nDear {{ cof‸ }}\n"), 9), ["coffee"]);
    assert_eq!(taken(&to("subject: Hi {{ al‸\n---\n"), "alias"), "subject: Hi {{ alias‸");
    assert_eq!(offered(&to("subject: \"Hi {{ org | def‸ }}\"\n---\n"), 9), ["default"]);
    for nothing in ["{{ phones.‸ }}", "{{ phones.wo‸ }}", "{{ org|default(\"al‸\") }}", "{{ org|default('‸"] {
        assert_eq!(offered(&to(&format!("---\nDear {nothing}\n")), 9), [""; 0], "{nothing}");
    }
    assert_eq!(offered(&to("---\nDear {{ org | def‸ }}\n"), 9), ["default"]);
}

#[test]
fn nothing_where_nothing_is_meant() {
    assert_eq!(offered("== n.md\n---\nalias: N\n---\nplain te‸xt\n", 9), Vec::<String>::new());
}

#[test]
fn settings_in_their_section() {
    let asked = |typed: &str| offered(&format!("== guanxi.yaml\n{typed}\n"), 9);
    assert_eq!(asked("tags:\n  ‸"), ["strict", "known"]);
    assert_eq!(asked("broadcast:\n  ‸"), ["exclude", "never", "from", "account"]);
    assert_eq!(asked("tags:\n  strict: true\nbroadcast:\n‸"), ["vault", "watch"]);
    assert_eq!(offered("== n.md\n---\nalias: N\norg:\n  ‸\n---\n", 9), ["Panda Lighting", "Quillfeather Books"]);
    assert_eq!(taken("== guanxi.yaml\ntags:\n  strict: t‸\n", "true"), "  strict: true‸");
    assert_eq!(taken("== guanxi.yaml\nwatch:‸\n", "off"), "watch: off‸");
    assert_eq!(taken("== guanxi.yaml\nwatch: \"o‸\"\n", "off"), "watch: \"off\"‸");
    assert_eq!(taken("== n.md\n---\nalias: N\nopt_out: ‸\n---\n", "true"), "opt_out: true‸");
}

/// Awkward places: whatever is taken there, the text stays sound, the item lies on the line of the cursor, and nothing panics.
#[test]
fn awkward_places() {
    let body = [
        "[[‸",
        "[[‸]",
        "[[‸]]]",
        "[[[‸]",
        "[[[‸]]]",
        "![[‸]",
        "[[a#‸",
        "[[#‸#]",
        "[[##‸]]",
        "[[Ada#‸|]]",
        "[[|‸]",
        "[[‸|]",
        "[[Ad‸][x]",
        "[[Ad]‸",
        "[[Ad]‸]",
        "\\[[Ad‸]",
        "`[[Ad‸]`",
        "> [[Ad‸]",
        "- [ ] [[Ad‸]",
        "| [[Ad‸ | [[Bo]] |",
        "[[Ada]] [[Ad‸] [[Ada]]",
        "🍵[[🍵‸]🍵",
        "[[王‸]]]]",
        "[[../‸]",
        "[[notes/‸]]",
        "[[C#‸]]",
        "[[a^‸]]",
        "[[Ada\\#‸]]",
        "{% ‸",
        "{%‸%}",
        "{% if %‸}",
        "{{ {% ‸ }}",
        "{%-‸-%}",
        "{% endif %}{% ‸",
        "{% if a %}{% else %}{% else %}{% ‸",
        "{%‸",
        "{% \"‸",
        "{% raw %}{% ‸",
    ];
    for (place, before, after) in [
        ("note", "== notes/x.md\n# A\n", "\n"),
        ("broadcast", "== x.md\n---\nto: \"#lead\"\n---\nHello ", "\n{% endif %}\n"),
        ("value", "== x.md\n---\nalias: X\nrelated: \"", "\"\n---\n"),
        ("bare value", "== x.md\n---\nalias: X\nrelated: ", "\n---\n"),
        ("bare item", "== x.md\n---\nalias: X\nrelated:\n  - ", "\n---\n"),
        ("list", "== x.md\n---\nalias: X\nrelated: [", "\n---\n"),
        ("tags", "== x.md\n---\nalias: X\ntags: [", "\norg: P\n---\n"),
        ("no end", "== x.md\n---\nalias: X\ntags: [", ""),
    ] {
        for typed in body {
            let (asked, found) = answer(&format!("{before}{typed}{after}"));
            let here = asked.here();
            for item in &found.items {
                let line = lines::line_start(here.text(), asked.offset)..=lines::line_end(here.text(), asked.offset);
                assert!(line.contains(&item.span.start()) && line.contains(&item.span.end()), "{place} {typed}: {item:?}");
                assert!(item.span.start() <= asked.offset && asked.offset <= item.span.end(), "{place} {typed}: {item:?}");
                assert!(item.cursor.is_none_or(|at| item.new.is_char_boundary(at)), "{place} {typed}: {item:?}");
                let whole = format!("{}{}{}", &here.text()[..item.span.start()], item.new, &here.text()[item.span.end()..]);
                let kept = here.text().matches('\n').count();
                assert_eq!(whole.matches('\n').count(), kept, "{place} {typed}: {item:?}");
            }
        }
    }
}

/// A link that is completed is a link, to whom it names.
#[test]
fn what_is_completed_is_read_as_a_link() {
    for typed in [
        "[[Ad‸",
        "[[Ad‸]",
        "[[Ad‸]]",
        "x [[Ad‸] y",
        "[[Ad‸|b c]",
        "- [ ] [[Ad‸] · x",
        "> [[Ad‸]",
        "(see [[Ad‸])",
        "[[[Ad‸]",
        "**[[Ad‸]**",
    ] {
        let line = taken(&format!("== n.md\n{typed}\n"), "Ada").replace('‸', "");
        let links = Document::parse(&line).links();
        assert!(links.iter().any(|link| link.is_wiki() && link.target == "Ada"), "{typed}: {line}");
    }
    for typed in ["related: \"[[Ad‸]\"", "related: [[Ad‸]", "related:\n  - [[Ad‸]", "related: '[[Ad‸]'", "related: [\"[[Ad‸]\"]"]
    {
        let (asked, found) = answer(&format!("== n.md\n---\nalias: N\n{typed}\n---\n"));
        let item = found.items.iter().find(|item| item.label == "Ada").unwrap_or_else(|| panic!("{typed}"));
        let text = asked.here().text();
        let whole = format!("{}{}{}", &text[..item.span.start()], item.new, &text[item.span.end()..]);
        let document = Document::parse(&whole);
        assert!(!document.is_faulty() && document.links().iter().any(|link| link.target == "Ada"), "{typed}: {whole}");
    }
}
