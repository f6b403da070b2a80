//! Renaming what the cursor points at, as pictures: the files that change, as they are afterwards.

use std::collections::BTreeMap;

use guanxi::contact::tag;
use guanxi::features::references::gather as references;
use guanxi::features::rename::{Renaming, gather, prepare};
use guanxi::text::edit;
use guanxi::vault::{Change, Vault, VaultPath};
use proptest::prelude::*;

use super::{Asked, existing};

fn prepared(picture: &str) -> String {
    let asked = Asked::new(picture);
    match prepare(&asked.here(), asked.offset) {
        Ok(prepared) => format!("{} as {}", prepared.span.of(asked.here().text()), prepared.placeholder),
        Err(words) => words,
    }
}

fn renaming(asked: &Asked, new: &str) -> Result<Renaming, String> {
    let job = gather(&asked.here(), asked.offset, new).map_err(|fault| fault.message)?;
    Ok(job.run(&|| false).unwrap())
}

fn told(renaming: &Renaming) -> String {
    let files = renaming.edits.iter().map(|one| format!("== {}\n{}", one.path, edit::apply(&one.text, &one.edits)));
    let refused = renaming.refused.iter().map(|one| format!("refused {}: {}\n", one.path, one.refusal.message));
    let merges = renaming.merges.iter().map(|tag| format!("merges with {tag}\n"));
    let notes = renaming.notes.iter().map(|note| format!("note: {note}\n"));
    files.chain(refused).chain(merges).chain(notes).collect()
}

fn renamed(picture: &str, new: &str) -> String {
    renaming(&Asked::new(picture), new).map_or_else(|words| words, |renaming| told(&renaming))
}

#[test]
fn what_can_be_renamed_says_how_it_is_called() {
    for (picture, expected) in [
        ("== a.md\n---\nalias: A\ntags: [\"new y‸ork\"]\n---\n", "\"new york\" as new york"),
        // Before its first letter too: a block cursor stands on letters.
        ("== a.md\n---\nalias: A\ntags: [‸lead, x]\n---\n", "lead as lead"),
        ("== a.md\n---\nalias: A\ntags: [x, ‸'lead']\n---\n", "'lead' as lead"),
        (
            "== a.md\n---\nalias: A\ntags: [x,‸ lead]\n---\n",
            "nothing here can be renamed: put the cursor on a tag, on an alias or on a [[link]]",
        ),
        ("== a.md\n#le‸ad\n", "lead as lead"),
        // On the first character, where an editor's cursor stands that is a block.
        ("== a.md\n---\nalias: A\ntags: [‸lead, x]\n---\n", "lead as lead"),
        ("== a.md\n---\nalias: A\ntags: [x, ‸\"lead\",y]\n---\n", "\"lead\" as lead"),
        (
            "== a.md\n---\nalias: A\ntags: [x,‸ lead]\n---\n",
            "nothing here can be renamed: put the cursor on a tag, on an alias or on a [[link]]",
        ),
        ("== a.md\n---\nalias: 'Wang X‸'\n---\n", "'Wang X' as Wang X"),
        ("== a.md\n---\nalias: Wang\naliases: [Boss]\n---\n[[bo‸ss|he]]\n", "boss as Wang"),
        ("== guanxi.yaml\ntags:\n  known:\n    le‸ad: x\n", "lead as lead"),
        ("== a.md\n[[No‸body]]\n", "no contact or note is named `Nobody`: there is nothing to rename"),
        (
            "== a.md\n[x‸](b.md)\n",
            "this link leads to a file: rename the file itself. Some editors have the links to it follow, in others those that break are marked",
        ),
        (
            "== a.md\n[[no‸te]]\n== note.md\n",
            "`note` leads to note.md, which is no contact: rename the file itself. Some editors have the links to it follow, in others those that break are marked",
        ),
        (
            "== a.md\n---\nalias: B\n---\n[[‸B]]\n== b.md\n---\nalias: B\n---\n",
            "`B` fits several contacts: open the one that is meant",
        ),
        ("== a.md\nprose‸\n", "nothing here can be renamed: put the cursor on a tag, on an alias or on a [[link]]"),
        (
            "== a.md\n---\nalias: A\nusername: k‸\n---\n",
            "this is another name, which no link follows: put the cursor on the alias, or edit it by hand",
        ),
    ] {
        assert_eq!(prepared(picture), expected, "{picture}");
        if !expected.contains(" as ") {
            assert_eq!(renamed(picture, "x"), expected, "{picture}");
        }
    }
}

const TAGS: &str = "== guanxi.yaml
tags:
  strict: true
  known:
    lead: Could buy # lead
    leads: others
broadcast:
  exclude: \"#lead/no\"
== a.md
---
alias: A
tags: [Lead, \"lead/hot\", leads]   # lead
---
茶🍵 #lead #leads `#lead` [[lead]] #LEAD/hot
```guanxi
#lead -#\"lead/hot\" lead
```
```
#lead
```
== note.md
---
tags:
  - other
  - le‸ad
---
== to.md
---
to: '#lead tag:=lead'
tags: lead
---
Dear lead
== typed.md
---
to: #lead (#leads | lead)
---
";

#[test]
fn a_tag_everywhere_from_anywhere() {
    let expected = "== a.md
---
alias: A
tags: [prospect, \"prospect/hot\", leads]   # lead
---
茶🍵 #prospect #leads `#lead` [[lead]] #prospect/hot
```guanxi
#prospect -#prospect/hot lead
```
```
#lead
```
== guanxi.yaml
tags:
  strict: true
  known:
    prospect: Could buy # lead
    leads: others
broadcast:
  exclude: \"#prospect/no\"
== note.md
---
tags:
  - other
  - prospect
---
== to.md
---
to: '#prospect tag:=prospect'
tags: prospect
---
Dear lead
== typed.md
---
to: #prospect (#leads | lead)
---
";
    assert_eq!(renamed(TAGS, "prospect"), expected);
    assert_eq!(renamed(TAGS, " #prospect "), expected);
    for place in ["    le‸ad: Could", "#le‸ad tag", "🍵 #le‸ad", "-#\"le‸ad/hot", "to: #le‸ad"] {
        let picture = TAGS.replace('‸', "").replace(&place.replace('‸', ""), place);
        let (old, new) = if place.contains("/hot") { ("lead/hot", "prospect/hot") } else { ("lead", "prospect") };
        let result = renamed(&picture, new);
        assert!(if old == "lead" { result == expected } else { result.contains("tags: [Lead, \"prospect/hot\"") }, "{result}");
    }
}

#[test]
fn another_spelling_of_the_same_tag() {
    let result = renamed(TAGS, "LEAD");
    assert!(!result.contains("merges") && result.contains("tags: [LEAD, \"LEAD/hot\", leads]"), "{result}");
    assert_eq!(renamed("== a.md\n---\nalias: A\ntags: [lead]\n---\n#le‸ad\n", "lead"), "");
}

#[test]
fn merging_is_done_and_announced() {
    let result = renamed(TAGS, "leads");
    assert!(result.contains("tags: [\"leads/hot\", leads]   # lead"), "{result}");
    assert!(result.contains("  known:\n    # lead\n    leads: others\n") && result.ends_with("merges with leads\n"), "{result}");
}

#[test]
fn a_name_that_no_tag_can_have_is_refused() {
    for (new, words) in [
        ("", "``: a tag cannot be empty"),
        (" # ", "``: a tag cannot be empty"),
        ("a,b", "`a,b`: a tag has no comma in it: write two tags"),
        ("a//b", "`a//b`: a tag has a name on both sides of each `/`, without spaces around it"),
    ] {
        assert_eq!(renamed(TAGS, new), words);
    }
}

#[test]
fn bytes_that_editors_do_not_show_stay() {
    let texts = [
        (
            "a.md",
            "\u{feff}---\r\nalias: A\r\ntags:\r\n  - \"le‸ad\"\r\n  - 'lead/x'\r\n---\r\n🍵 #lead\r\n```guanxi\r\n#lead\r\n```\r\nend",
        ),
        ("guanxi.yaml", "\u{feff}tags:\r\n  known:\r\n    lead: x\r\n"),
    ];
    let renaming = renaming(&Asked::of_texts(&texts), "vip").unwrap();
    let expected = texts.map(|(path, text)| format!("== {path}\n{}", text.replace('‸', "").replace("lead", "vip"))).concat();
    assert_eq!(told(&renaming), expected);
}

#[test]
fn a_tag_that_only_queries_name_is_renamed_too() {
    assert_eq!(renamed("== to.md\n---\nto: \"#la‸ed\"\n---\n", "lead"), "== to.md\n---\nto: \"#lead\"\n---\n");
}

#[test]
fn what_is_called_off_comes_to_nothing() {
    let asked = Asked::new(TAGS);
    assert!(gather(&asked.here(), asked.offset, "x").unwrap().run(&|| true).is_none());
}

const ALIASES: &str = "== people/wang.md
---
# he
alias:  \"Wang Xiao‸ming\"  # remark
aliases: [王小明]
---
[[wang xiaoming]]
== people/li.md
---
alias: Li
---
[[Wang Xiaoming|him]] [[王小明]] [[wang]] [[Wang Xiaoming#Notes|x]] `[[Wang Xiaoming]]` [w](wang.md)
```
[[Wang Xiaoming]]
```
== to.md
---
to: \"#x\"
---
- [x] [[Wang Xiaoming]] · kitty
";

#[test]
fn an_alias_with_the_links_that_lead_there_by_it() {
    let expected = "== people/li.md
---
alias: Li
---
[[Tom: \"T\"|him]] [[王小明]] [[wang]] [[Tom: \"T\"#Notes|x]] `[[Wang Xiaoming]]` [w](wang.md)
```
[[Wang Xiaoming]]
```
== people/wang.md
---
# he
alias:  \"Tom: \\\"T\\\"\"  # remark
aliases: [王小明]
---
[[Tom: \"T\"]]
== to.md
---
to: \"#x\"
---
- [x] [[Tom: \"T\"]] · kitty
";
    assert_eq!(renamed(ALIASES, "Tom: \"T\""), expected);
    let from_link = ALIASES.replace('‸', "").replace("[[王小明]]", "[[王小‸明]]");
    assert_eq!(renamed(&from_link, " Tom: \"T\" "), expected);
    // A name it has already is no trouble.
    assert!(renamed(ALIASES, "王小明").contains("alias:  \"王小明\"  # remark"));
    assert!(renamed(ALIASES, "WANG XIAOMING").contains("[[WANG XIAOMING]]"));
}

#[test]
fn an_alias_that_links_cannot_lead_by_is_refused() {
    for new in ["", "  ", "a|b", "a#b", "a[[b", "a]]b", "a\nb", "[a", "a]"] {
        let words = renamed(ALIASES, new);
        assert!(words.contains("cannot be an alias"), "{new:?}: {words}");
    }
    assert_eq!(renamed(ALIASES, "li"), "Li (people/li.md) goes by `li` already: nobody could say any more whom a link means");
    let picture = ALIASES.replace("alias: Li\n", "alias: Li\nusername: tom\n");
    assert!(renamed(&picture, "Tom").starts_with("Li (people/li.md) goes by `Tom` already"));
    assert!(renamed(&format!("{ALIASES}== tom.md\n"), "Tom").starts_with("tom.md goes by `Tom` already"));
}

#[test]
fn a_link_that_could_mean_two_stays_and_that_is_said() {
    let picture = "== a.md\n---\nalias: Wan‸g\n---\n== b.md\n---\nalias: Wang\n---\n== c.md\n[[Wang]] [[a]]\n";
    assert_eq!(
        renamed(picture, "Tom"),
        "== a.md\n---\nalias: Tom\n---\nnote: links to `Wang` stay as they are: they fitted b.md too, and mean only that from now on\n"
    );
}

#[test]
fn a_link_that_cannot_be_written_so_stops_everything() {
    let picture = "== a.md\n---\nalias: ‸Wang\n---\n== b.md\nTick ` [[Wang]]\n";
    let result = renamed(&picture.replace("‸Wang", "Wang‸"), "W`x");
    assert!(result.contains("refused b.md: `[[Wang]]` cannot name `W`x`"), "{result}");
}

/// Every place of a tag blanked out, and the names that stood there.
fn without(vault: &Vault, name: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let text = format!("#{name}");
    let here = guanxi::features::Here::beside(vault, VaultPath::new("asking.md"), &text);
    let found = references(&here, 2, true, &existing(&[])).unwrap().run(&|| false);
    let mut texts: BTreeMap<String, String> =
        vault.files().map(|(_, file)| (file.path().to_string(), file.text().to_owned())).collect();
    let mut names = Vec::new();
    for place in found.iter().rev().filter(|place| place.path.as_str() != "asking.md") {
        names.push(tag::key(place.span.of(&place.text).trim_matches(['"', '\'', '\\'])).into_owned());
        texts.get_mut(place.path.as_str()).unwrap().replace_range(place.span.range(), "•");
    }
    (texts, names)
}

fn changed(vault: &Vault, renaming: &Renaming) -> Vault {
    let mut after = vault.clone();
    for one in &renaming.edits {
        after.apply(Change::Found { path: one.path.clone(), text: edit::apply(&one.text, &one.edits).into() });
    }
    after
}

fn tags() -> impl Strategy<Value = Vec<&'static str>> {
    let names =
        &["lead", "Lead", "lead/hot", "LEAD/hot", "leads", "lea", "new york", "other", "王", "lead/hot/x", "hot/lead"][..];
    prop::collection::vec(prop::sample::select(names), 0..6)
}

fn head() -> impl Strategy<Value = String> {
    (tags(), 0..8u8).prop_map(|(tags, style)| {
        let list = tags.join(", ");
        let quoted = tags.iter().map(|tag| format!("\"{tag}\"")).collect::<Vec<_>>();
        let query = quoted.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" | ");
        match style {
            0 => format!("alias: A\ntags: [{list}] # lead\n"),
            1 => format!("alias: A\ntags: [{}]\n", quoted.join(" , ")),
            2 => {
                format!("alias: A\ntags:\n{}org: lead\n", tags.iter().map(|tag| format!("- {tag} # lead\n")).collect::<String>())
            }
            3 => format!("tags: [{list}]\n"),
            4 => format!("to: '{query}'\n"),
            5 => format!("to: \"{}\"\n", query.replace('"', "\\\"")),
            6 => format!("to: [{list}]\n"),
            _ => "name: lead\n".to_owned(),
        }
    })
}

fn body() -> impl Strategy<Value = String> {
    (tags(), tags()).prop_map(|(mentions, asked)| {
        let said: String = mentions.iter().map(|tag| format!("🍵 #{} [[{tag}]] `#{tag}`, ", tag.replace(' ', "-"))).collect();
        let asked: String = asked.iter().map(|tag| format!("-#\"{tag}\" ")).collect();
        format!("{said}\n```guanxi\n{asked} lead\n```\n    #lead\n")
    })
}

fn any_vault() -> impl Strategy<Value = Vault> {
    let file = (head(), body(), any::<bool>()).prop_map(|(head, body, crlf)| {
        let text = format!("---\n{head}---\n{body}");
        if crlf { format!("\u{feff}{}", text.replace('\n', "\r\n")) } else { text }
    });
    prop::collection::vec(file, 1..5).prop_map(|texts| {
        let mut vault = Vault::default();
        for (at, text) in texts.into_iter().enumerate() {
            vault.apply(Change::Found { path: VaultPath::new(&format!("{at}.md")), text: text.into() });
        }
        let text = "tags:\n  known:\n    lead: lead\n    'lead/hot': x\n    leads:\nbroadcast:\n  exclude: \"#lead\"\n";
        vault.apply(Change::Found { path: VaultPath::new("guanxi.yaml"), text: text.into() });
        vault
    })
}

fn asked_beside(vault: &Vault, old: &str, new: &str) -> Renaming {
    let text = format!("#{old}");
    let here = guanxi::features::Here::beside(vault, VaultPath::new("asking.md"), &text);
    let mut renaming = gather(&here, 2, new).unwrap().run(&|| false).unwrap();
    renaming.edits.retain(|one| one.file.is_some());
    renaming
}

proptest! {
    #![proptest_config(crate::law(200))]

    #[test]
    fn after_renaming_all_places_say_so_and_nothing_else_changed(vault in any_vault()) {
        let renaming = asked_beside(&vault, "lead", "fresh/name");
        prop_assert!(renaming.refused.is_empty() && renaming.notes.is_empty() && renaming.merges.is_empty());
        let (texts, names) = without(&vault, "lead");
        let after = changed(&vault, &renaming);
        let (texts_after, names_after) = without(&after, "fresh/name");
        // A list that had a tag in two spellings has it once now: only then places go.
        let expected: Vec<String> = names.iter().map(|name| tag::renamed(name, "lead", "fresh/name").unwrap()).collect();
        if expected.len() == names_after.len() {
            prop_assert_eq!(texts, texts_after);
            prop_assert_eq!(expected, names_after);
        }
        prop_assert!(without(&after, "lead").1.is_empty());
    }

    #[test]
    fn after_merging_everybody_is_under_the_new_tag_once(vault in any_vault()) {
        let (old, new) = (vault.tags().carriers_at_or_below("lead"), vault.tags().carriers_at_or_below("leads"));
        let renaming = asked_beside(&vault, "lead", "leads");
        prop_assert!(renaming.refused.is_empty(), "{:?}", renaming.refused);
        let after = changed(&vault, &renaming);
        prop_assert_eq!(after.tags().carriers_at_or_below("leads"), old | new);
        prop_assert!(after.tags().carriers_at_or_below("lead").is_empty());
        prop_assert!(after.config_problems().is_empty() && after.config().known.len() == 2);
    }
}
