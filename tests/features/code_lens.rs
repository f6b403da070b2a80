//! Code lens, as an editor shows it: titles on a line of their own, above the line they are about.

use guanxi::features::Here;
use guanxi::features::code_lens::{Action, Lens, lenses};
use guanxi::text::lines::{Encoding, Lines};
use guanxi::vault::{Vault, VaultPath};

use crate::vault::vault;

/// The text of a file with its lenses above its lines.
fn shown(vault: &Vault, path: &str) -> String {
    let here = Here::of_file(vault, vault.id_of(path).unwrap());
    picture(here.text(), &lenses(&here))
}

fn picture(text: &str, lenses: &[Lens]) -> String {
    let lines = Lines::new(text);
    let line_of = |lens: &Lens| lines.position(text, lens.span.start(), Encoding::Utf8).line as usize;
    let mut result = String::new();
    for (number, line) in text.lines().enumerate() {
        let above: Vec<&str> = lenses.iter().filter(|lens| line_of(lens) == number).map(|lens| lens.title.as_str()).collect();
        if !above.is_empty() {
            result.push_str(&format!("‹ {} ›\n", above.join(" | ")));
        }
        result.push_str(&format!("{line}\n"));
    }
    result
}

fn people() -> &'static str {
    "\
== guanxi.yaml
broadcast:
  exclude: \"#do-not-contact\"
== 王.md
---
alias: 王小明
tags: [lead]
phones:
  - work: +1 212 555 0147
emails: [wang@panda.example, 王@x.example]
---
== tom.md
---
alias: Tom
tags: [lead]
phones: [(212) 555-0147]
emails: [WANG@panda.example]
---
== tim.md
---
alias: Tim
tags: [lead, do-not-contact]
phones: [2125550147]
---
Ask [[王小明]] and [[Tom]].
== n.md
[[王小明|him]], [her](王.md), [[王小明]]. #lead
"
}

#[test]
fn a_contact_shows_who_links_to_it_and_who_may_be_the_same() {
    let vault = vault(people());
    let expected = "\
---
‹ 4 links here ›
alias: 王小明
tags: [lead]
phones:
‹ shares a number with Tim and 1 other ›
  - work: +1 212 555 0147
‹ shares a mail address with Tom ›
emails: [wang@panda.example, 王@x.example]
---
";
    assert_eq!(shown(&vault, "王.md"), expected);
    let here = Here::of_file(&vault, vault.id_of("王.md").unwrap());
    let lenses = lenses(&here);
    let Action::References { places } = &lenses[0].action else { panic!("{lenses:?}") };
    let texts: Vec<&str> = places.iter().map(|place| place.span.of(vault.file(place.file).text())).collect();
    assert_eq!(texts, ["[[王小明|him]]", "[her](王.md)", "[[王小明]]", "[[王小明]]"]);
    let Action::References { places } = &lenses[1].action else { panic!("{lenses:?}") };
    let names: Vec<&str> = places.iter().map(|place| place.span.of(vault.file(place.file).text())).collect();
    assert_eq!(names, ["Tim", "Tom"]);
}

#[test]
fn namesakes_even_where_the_front_matter_is_broken() {
    let vault = vault("== a.md\n---\nalias: Li Na\norg: [x\n---\n== b.md\n---\nalias: li na\n---\n== c.md\n---\nalias:\n---\n");
    assert_eq!(shown(&vault, "a.md"), "---\n‹ another contact goes by this name ›\nalias: Li Na\norg: [x\n---\n");
    assert_eq!(shown(&vault, "c.md"), "---\nalias:\n---\n");
}

#[test]
fn a_broadcast_shows_whom_it_reaches() {
    let broadcast = |rest: &str| vault(&format!("{}== b.md\n{rest}", people()));
    let expected = "\
---
‹ 1 recipient · 2 left out (1 unreachable) | generate list | preview ›
to: \"#lead\"
via: wechat
---
Dear {{ alias }}
";
    let wechat = people().replace("tags: [lead]\nphones: [", "tags: [lead]\nwechat: x\nphones: [");
    let own = vault(&format!("{wechat}== b.md\n---\nto: \"#lead\"\nvia: wechat\n---\nDear {{{{ alias }}}}\n"));
    assert_eq!(shown(&own, "b.md"), expected);
    let own = broadcast("---\nto: [lead]\n---\n<!-- guanxi:list -->\n- [x] [[Tom]]\n- [ ] [[王小明]]\n<!-- /guanxi:list -->\n");
    let line = shown(&own, "b.md").lines().nth(1).unwrap().to_owned();
    assert_eq!(line, "‹ 0 recipients · 3 left out | refresh list | preview ›");
    let here = Here::of_file(&own, own.id_of("b.md").unwrap());
    let actions: Vec<Action> = lenses(&here).into_iter().map(|lens| lens.action).collect();
    assert_eq!(actions, [Action::ShowRecipients, Action::GenerateList, Action::Preview]);
}

/// While `to:` is typed the title says what is still missing.
#[test]
fn half_typed_broadcasts() {
    for (to, title) in [
        ("to:", "`to` is a query in quotes, or a list of tags"),
        ("to: #lead", "to YAML, `to: #…` is a comment: put the query in quotes"),
        ("to: \"#lead (\"", "the query ends too early; expected a tag, a field or a word"),
        ("to: \"#leed\"", "no contact has the tag `leed`, and the vocabulary does not list it: is #lead meant?"),
        ("to: [lead, \"a,b\"]", "`a,b`: a tag has no comma in it: write two tags"),
        ("to: \"#lead\"\nvia:", "`via` is one channel, such as `via: email`; without the line everybody is reachable"),
        ("to: \"#lead\"\nto: \"#lead\"", "the front matter has a fault"),
    ] {
        let vault = vault(&format!("{}== b.md\n---\n{to}\n---\n", people()));
        let here = Here::of_file(&vault, vault.id_of("b.md").unwrap());
        let lenses = lenses(&here);
        assert_eq!(lenses.iter().map(|lens| lens.title.as_str()).collect::<Vec<_>>(), [title], "{to}");
        assert_eq!(lenses[0].action, Action::Nothing);
    }
    let vault = vault(&format!("{}== b.md\n---\nto: \"#lead\n---\n", people()));
    let titles = shown(&vault, "b.md");
    assert!(titles.contains("‹ the front matter has a fault"), "{titles}");
}

#[test]
fn a_query_block_shows_how_many_it_means() {
    let note = "# 名单\n\n```guanxi\n#lead\n  -#do-not-contact\n```\n> ~~~guanxi\n> kind:note\n> ~~~\n\n```guanxi\n#(\n```\n\n```guanxi\n```\n";
    let own = vault(&format!("{}== q.md\n{note}", people()));
    let expected = "\
# 名单

‹ 2 contacts | insert list ›
```guanxi
#lead
  -#do-not-contact
```
‹ 2 files | insert list ›
> ~~~guanxi
> kind:note
> ~~~

‹ the value is missing; expected the name of a tag ›
```guanxi
#(
```

```guanxi
```
";
    assert_eq!(shown(&own, "q.md"), expected);
    let here = Here::of_file(&own, own.id_of("q.md").unwrap());
    let Action::ShowList { query } = &lenses(&here)[0].action else { panic!() };
    assert_eq!(query, "#lead\n  -#do-not-contact");
    let Action::InsertList { block } = &lenses(&here)[1].action else { panic!() };
    assert_eq!(block.of(here.text()), "#lead\n  -#do-not-contact\n");
    // The same text beside the vault, with other line endings.
    let text = note.replace('\n', "\r\n");
    let here = Here::beside(&own, VaultPath::new("new.md"), &text);
    let fences: Vec<&str> = lenses(&here).iter().map(|lens| lens.span.of(&text)).collect();
    assert_eq!(fences, ["```guanxi", "```guanxi", "> ~~~guanxi", "> ~~~guanxi", "```guanxi"]);
}

#[test]
fn ordinary_notes_have_none() {
    let vault = vault(&format!("{}== e.md\n", people()));
    for path in ["n.md", "e.md", "guanxi.yaml"] {
        let here = Here::of_file(&vault, vault.id_of(path).unwrap());
        assert_eq!(lenses(&here), [], "{path}");
    }
}
