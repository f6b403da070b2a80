//! Files that move, as pictures: the files that change, as they are afterwards, still at their old places.

use guanxi::features::move_files::gather;
use guanxi::features::places::Exists;
use guanxi::text::edit;
use guanxi::vault::{Vault, VaultPath};

use super::{existing, out};
use crate::vault::vault;

fn moved_in(vault: &Vault, moves: &[(&str, &str)], exists: &Exists) -> String {
    let moves: Vec<_> = moves.iter().map(|(old, new)| (VaultPath::new(old), VaultPath::new(new))).collect();
    let result = gather(vault, &moves, exists, &out).run(&|| false).unwrap();
    let files = result.edits.iter().map(|one| format!("== {}\n{}", one.path, edit::apply(&one.text, &one.edits)));
    let refused = result.refused.iter().map(|one| format!("refused {}: {}\n", one.path, one.refusal.message));
    files.chain(refused).chain(result.notes.iter().map(|note| format!("note: {note}\n"))).collect()
}

fn moved(picture: &str, moves: &[(&str, &str)], there: &'static [&'static str]) -> String {
    moved_in(&vault(picture), moves, &existing(there))
}

const LINKS: &str = "== people/wang.md
---
alias: Wang Xiaoming
---
[li](li.md) [up](../notes/a.md#x) [[wang]] ![me](pics/w.png) [web](https://x.example/li.md) [m](mailto:li.md) [h](#x)
== people/li.md
---
alias: Li
---
[[wang]] [[Wang Xiaoming]] [[people/wang]] [[wang.md|he]] [[wang#Notes]] `[[wang]]` [w](wang.md) [w](./wang.md#x \"wang.md\") [wang.md](wang.md)
== notes/a.md
[w](../people/wang.md) [[people/wang.md|x]] [[Li]]
```
[[wang]] [w](../people/wang.md)
```
";

#[test]
fn links_follow_a_new_name() {
    let expected = "== people/li.md
---
alias: Li
---
[[tom]] [[Wang Xiaoming]] [[people/tom]] [[tom.md|he]] [[tom#Notes]] `[[wang]]` [w](tom.md) [w](./tom.md#x \"wang.md\") [wang.md](tom.md)
== people/wang.md
---
alias: Wang Xiaoming
---
[li](li.md) [up](../notes/a.md#x) [[tom]] ![me](pics/w.png) [web](https://x.example/li.md) [m](mailto:li.md) [h](#x)
== notes/a.md
[w](../people/tom.md) [[people/tom.md|x]] [[Li]]
```
[[wang]] [w](../people/wang.md)
```
";
    let result = moved(LINKS, &[("people/wang.md", "people/tom.md")], &[]);
    let parts = |text: &str| {
        let mut parts: Vec<String> = text.split("== ").map(str::to_owned).collect();
        parts.sort();
        parts
    };
    assert_eq!(parts(&result), parts(expected));
}

#[test]
fn a_file_that_moves_takes_its_own_links_along() {
    let result = moved(LINKS, &[("people/wang.md", "wang.md")], &[]);
    for part in [
        "[li](people/li.md) [up](notes/a.md#x) [[wang]] ![me](people/pics/w.png) [web](https://x.example/li.md) [m](mailto:li.md) [h](#x)\n",
        "[[wang]] [[Wang Xiaoming]] [[wang]] [[wang.md|he]] [[wang#Notes]] `[[wang]]` [w](../wang.md) [w](../wang.md#x \"wang.md\") [wang.md](../wang.md)\n",
        "[w](../wang.md) [[wang.md|x]] [[Li]]\n",
    ] {
        assert!(result.contains(part), "{part} is not in\n{result}");
    }
}

#[test]
fn a_folder_takes_everything_along() {
    let result = moved(LINKS, &[("people", "friends/old")], &[]);
    assert_eq!(
        result,
        "== notes/a.md
[w](../friends/old/wang.md) [[old/wang.md|x]] [[Li]]
```
[[wang]] [w](../people/wang.md)
```
== people/li.md
---
alias: Li
---
[[wang]] [[Wang Xiaoming]] [[old/wang]] [[wang.md|he]] [[wang#Notes]] `[[wang]]` [w](wang.md) [w](./wang.md#x \"wang.md\") [wang.md](wang.md)
== people/wang.md
---
alias: Wang Xiaoming
---
[li](li.md) [up](../../notes/a.md#x) [[wang]] ![me](pics/w.png) [web](https://x.example/li.md) [m](mailto:li.md) [h](#x)
"
    );
}

#[test]
fn a_name_that_somebody_else_has_is_written_with_its_folder() {
    let picture =
        "== p/a.md\n---\nalias: A\n---\n== b.md\n---\nalias: Tom\n---\n[[a]]\n== c.md\n---\nalias: C\n---\n[[p/a]] [[p/a|x]]\n";
    assert_eq!(moved(picture, &[("p/a.md", "p/tom.md")], &[]), "== c.md\n---\nalias: C\n---\n[[p/tom]] [[p/tom|x]]\n");
    let picture = picture.replace("alias: A\n", "alias: Ann\n");
    assert_eq!(
        moved(&picture, &[("p/a.md", "p/tom.md")], &[]),
        "== b.md\n---\nalias: Tom\n---\n[[p/tom]]\n== c.md\n---\nalias: C\n---\n[[p/tom]] [[p/tom|x]]\n"
    );
    let picture = "== a.md\n---\nalias: Ann\n---\n== b.md\n---\nalias: Tom\n---\n[[a]]\n";
    assert_eq!(
        moved(picture, &[("a.md", "tom.md")], &[]),
        "note: [[a]] meant a.md: nothing that stands in a link means tom.md alone, so it stays\n"
    );
}

#[test]
fn two_files_may_change_places() {
    let picture = "== a.md\n---\nalias: Ann\n---\n== b.md\n---\nalias: Bob\n---\n[[a]] [[b]] [x](a.md)\n";
    assert_eq!(
        moved(picture, &[("a.md", "b.md"), ("b.md", "a.md")], &[]),
        "== b.md\n---\nalias: Bob\n---\n[[b]] [[a]] [x](b.md)\n"
    );
}

#[test]
fn links_are_encoded_as_they_were() {
    let picture = "== my%20folder/x.md\n== my folder/李 na.md\n---\nalias: Li\n---\n== b.md\n[a](my%20folder/%E6%9D%8E%20na.md#x%20y) [b](<my folder/李 na.md>) [c](my%20folder/李%20na.md)\n[d]\n\n[d]: my%20folder/李%20na.md\n";
    assert_eq!(
        moved(picture, &[("my folder/李 na.md", "my folder/王 (1).md")], &[]),
        "== b.md
[a](my%20folder/%E7%8E%8B%20%281%29.md#x%20y) [b](<my folder/王%20%281%29.md>) [c](my%20folder/王%20%281%29.md)
[d]

[d]: my%20folder/王%20%281%29.md
"
    );
}

const CARDS: &str = "== people/a.md
---
alias: A
card: cards/a.png  # photo
---
![a](../cards/a.png)
== people/b.md
---
alias: B
card:
  - ../cards/a.png
  - \"./b.png\"
---
== people/cards/c.md
---
alias: C
card: a.png
---
== to.md
---
to: \"#x\"
attach: ['cards/a.png', other.pdf]
---
";

#[test]
fn pictures_are_followed() {
    assert_eq!(
        moved(CARDS, &[("cards/a.png", "pics/new a.png")], &["cards/a.png", "people/b.png"]),
        "== people/a.md
---
alias: A
card: pics/new a.png  # photo
---
![a](../pics/new%20a.png)
== people/b.md
---
alias: B
card:
  - ../pics/new a.png
  - \"./b.png\"
---
== to.md
---
to: \"#x\"
attach: ['pics/new a.png', other.pdf]
---
"
    );
    // Asked when it has moved already, the answer is the same; and a nearer picture of the same name is another one.
    assert_eq!(
        moved(CARDS, &[("cards/a.png", "pics/a.png")], &["cards/a.png"]),
        moved(CARDS, &[("cards/a.png", "pics/a.png")], &["pics/a.png"])
    );
    let nearer = moved(CARDS, &[("cards/a.png", "x.png")], &["cards/a.png", "people/cards/a.png"]);
    assert!(
        !nearer.contains("card: x.png") && !nearer.contains("people/cards/c.md") && nearer.contains("- ../x.png"),
        "{nearer}"
    );
}

#[test]
fn a_folder_of_pictures_and_the_settings_follow() {
    let config = "== guanxi.yaml\nvault:\n  cards: cards/ # here\n  contacts: people\n";
    let result = moved(&format!("{CARDS}{config}"), &[("cards", "media/cards")], &["cards/a.png", "people/b.png"]);
    for part in [
        "card: media/cards/a.png  # photo",
        "![a](../media/cards/a.png)",
        "- ../media/cards/a.png",
        "cards: media/cards # here\n  contacts: people",
        "['media/cards/a.png', other",
    ] {
        assert!(result.contains(part), "{part} is not in\n{result}");
    }
}

#[test]
fn a_contact_that_moves_finds_its_pictures() {
    let there = &["cards/a.png", "people/b.png"];
    let result = moved(CARDS, &[("people/b.md", "b.md")], there);
    assert_eq!(result, "== people/b.md\n---\nalias: B\ncard:\n  - cards/a.png\n  - \"./people/b.png\"\n---\n");
    assert_eq!(moved(CARDS, &[("people/b.md", "friends/b.md"), ("people/b.png", "friends/b.png")], there), "");
    // What is named from the root stays so.
    assert_eq!(moved(CARDS, &[("people/a.md", "friends/a.md")], there), "");
}

#[test]
fn a_faulty_head_is_named_and_the_rest_goes_on() {
    let picture = format!("{CARDS}== z.md\n---\nalias: Z\ncard: cards/a.png\norg: [P\n---\n");
    let result = moved(&picture, &[("cards/a.png", "x.png")], &["cards/a.png"]);
    assert!(result.contains("card: x.png  # photo") && result.contains("refused z.md: fix the front matter first"), "{result}");
}

#[test]
fn line_endings_stay_and_what_is_called_off_stops() {
    use guanxi::vault::{Change, Coverage};
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in [("a.md", "---\r\nalias: Ann\r\n---\r\n"), ("b.md", "\u{feff}🍵 [[a]]\r\n[x](a.md)\r\nend")] {
        vault.apply(Change::Found { path: VaultPath::new(path), text: text.into() });
    }
    let exists = existing(&[]);
    assert_eq!(moved_in(&vault, &[("a.md", "c.md")], &exists), "== b.md\n\u{feff}🍵 [[c]]\r\n[x](c.md)\r\nend");
    let moves = [(VaultPath::new("a.md"), VaultPath::new("c.md"))];
    assert!(gather(&vault, &moves, &exists, &out).run(&|| true).is_none());
}

const ASKING: &str = "== guanxi.yaml
vault:
  contacts: people
  ignore: [archive/**, '/people/old', old, '!people/old/keep.md', \"*.bak\"] # what
broadcast:
  exclude: path:people/old/** # these
== people/a.md
---
alias: A
---
== people/old/b.md
---
alias: B
---
== other/old/c.md
---
alias: C
---
== ads/one.md
---
to: 'path:\"people\" -path:people/old/b #x'
exclude: path:/people/a.md
---
Hi
== note.md
```guanxi
path:people (path:people/* OR #lead)
  -path:peop*/**
```
";

fn of(result: &str, path: &str) -> String {
    let start = result.find(&format!("== {path}\n")).unwrap_or_else(|| panic!("no {path} in\n{result}"));
    let rest = &result[start..];
    rest[..rest[1..].find("\n== ").map_or(rest.len(), |at| at + 2)].to_owned()
}

#[test]
fn patterns_that_name_a_folder_follow_it() {
    let result = moved(ASKING, &[("people", "the folk")], &[]);
    let settings = of(&result, "guanxi.yaml");
    assert!(settings.contains("  contacts: the folk\n"), "{settings}");
    assert!(
        settings.contains("ignore: [archive/**, '/the folk/old', old, '!the folk/old/keep.md', \"*.bak\"] # what\n"),
        "{settings}"
    );
    assert!(settings.contains("exclude: path:\"the folk/old/**\" # these\n"), "{settings}");
    let broadcast = of(&result, "ads/one.md");
    assert!(broadcast.contains("to: 'path:\"the folk\" -path:\"the folk/old/b\" #x'\n"), "{broadcast}");
    assert!(broadcast.contains("exclude: path:\"/the folk/a.md\"\n"), "{broadcast}");
    let note = of(&result, "note.md");
    assert!(
        note.contains("path:\"the folk\" (path:\"the folk/*\" OR #lead)\n  -(path:peop*/** | path:\"/the folk\")\n"),
        "{note}"
    );
    assert!(!result.contains("note: "), "{result}");
}

/// A lone name is looked for anywhere: it says the new one only if that matches nobody else, and an ignored name keeps being ignored.
#[test]
fn a_name_without_a_folder_means_any() {
    let result = moved(ASKING, &[("people/old", "people/gone")], &[]);
    let settings = of(&result, "guanxi.yaml");
    assert!(
        settings.contains("ignore: [archive/**, '/people/gone', old, '!people/gone/keep.md', \"*.bak\", /people/gone] # what\n"),
        "{settings}"
    );
    let picture = "== a/x/one.md\n---\nalias: One\n---\n== b/x/two.md\n---\nalias: Two\n---\n== y/three.md\n---\nalias: Three\n---\n== q.md\n```guanxi\npath:x\n```\n```guanxi\npath:three\n```\n";
    let twice = moved(picture, &[("a/x", "a/z")], &[]);
    assert_eq!(twice, "note: q.md: `path:x` does not match the same files afterwards: look at it\n");
    // Elsewhere under the same name nothing is lost.
    assert_eq!(moved(picture, &[("a/x", "c/x")], &[]), "");
    let both = moved(picture, &[("a/x", "a/z"), ("b/x", "b/z")], &[]);
    assert!(both.contains("path:z\n```\n"), "{both}");
    // Another file of the new name.
    let taken = moved(picture, &[("y/three.md", "y/two.md")], &[]);
    assert!(taken.contains("path:/y/two\n"), "{taken}");
}

#[test]
fn one_file_that_a_query_names_is_followed() {
    let result = moved(ASKING, &[("people/old/b.md", "people/old/Berta.md")], &[]);
    assert!(of(&result, "ads/one.md").contains("-path:people/old/Berta #x"), "{result}");
    let result = moved(ASKING, &[("people/a.md", "people/deep/anna.md")], &[]);
    assert!(of(&result, "ads/one.md").contains("exclude: path:/people/deep/anna.md\n"), "{result}");
    // What moves out of a folder is meant to be elsewhere: `path:people/*` stays.
    assert!(!result.contains("== note.md") && !result.contains("== guanxi.yaml"), "{result}");
}

#[test]
fn awkward_patterns_are_left_or_told() {
    let ask = |query: &str, moves: &[(&str, &str)]| {
        let picture =
            format!("== p/a.md\n---\nalias: A\n---\n== p/s/b.md\n---\nalias: B\n---\n== q.md\n```guanxi\n{query}\n```\n");
        moved(&picture, moves, &[])
    };
    for (query, new, expected) in [
        ("path:p/", "r", "path:r/"),
        ("path:/p/", "r", "path:/r/"),
        ("path:\"p\"", "r", "path:\"r\""),
        ("path:p/**", "r", "path:r/**"),
        ("path:**/s/*", "r", ""),
        ("path:p/{a,s/b}.md", "r", "path:r/{a,s/b}.md"),
        ("path:p/s", "r/t", "path:r/t/s"),
        ("path:p/s", "a b", "path:\"a b/s\""),
        ("path:p/s", "王", "path:王/s"),
        ("path：p/s", "r", "path:r/s"),
        ("path:p", "a/b", "path:b"),
        ("path:a", "r", ""),
        ("path:q", "r", ""),
        ("#p p:p any:\"path:p/s\"", "r", ""),
        ("path:p/s (", "r", ""),
    ] {
        let result = ask(query, &[("p", new)]);
        let expected = if expected.is_empty() { String::new() } else { format!("== q.md\n```guanxi\n{expected}\n```\n") };
        assert_eq!(result, expected, "{query} -> {new}");
    }
    // A new name with signs of a pattern in it.
    for (new, expected) in [
        ("a*b", "path:\"/a[*]b/s{,.md,/**}\""),
        ("a[b]c", "path:\"/a[[]b[]]c/s{,.md,/**}\""),
        ("{x,y}", "path:\"/[{]x,y[}]/s{,.md,/**}\""),
        ("a?b", "path:\"/a[?]b/s{,.md,/**}\""),
    ] {
        let result = ask("path:p/s", &[("p", new)]);
        assert_eq!(result.replace('"', ""), format!("== q.md\n```guanxi\n{expected}\n```\n").replace('"', ""), "{new}");
    }
    let settings =
        |ignore: &str, moves: &[(&str, &str)]| moved(&format!("== guanxi.yaml\nvault:\n  ignore: {ignore}\n"), moves, &[]);
    for (ignore, old, new, expected) in [
        ("old/**", "old", "new", "new/**"),
        ("['/old/']", "old", "new", "['/new/']"),
        ("[old/]", "old", "new", "[old/, /new/]"),
        ("[old, /new]", "old", "new", ""),
        ("[old]", "old", "sub/old", ""),
        ("['**/old/**']", "a/old", "a/new", "['**/old/**', '/a/new']"),
        ("[a/b]", "a/b", "c", "[/c]"),
        ("[a/b/c.md]", "a", "x", "[x/b/c.md]"),
        ("[a/b]", "a", "x*y", "[x\\*y/b]"),
        ("['#old']", "old", "new", ""),
        ("[]", "old", "new", ""),
        ("", "old", "new", ""),
    ] {
        let result = settings(ignore, &[(old, new)]);
        let expected =
            if expected.is_empty() { String::new() } else { format!("== guanxi.yaml\nvault:\n  ignore: {expected}\n") };
        assert_eq!(result.replace('"', "'"), expected.replace('"', "'"), "{ignore}: {old} -> {new}");
    }
    for (ignore, old, new) in [("['ol*']", "old", "new"), ("['!old']", "old", "new")] {
        let result = settings(ignore, &[(old, new)]);
        assert!(result.starts_with("note: `") && result.contains("in `vault.ignore`"), "{ignore}: {result}");
    }
}

#[test]
fn a_journal_goes_along_with_its_broadcast() {
    let picture = "== ads/one.md\n---\nto: '#x'\n---\nHi\n== ads/two.md\nnote\n";
    let journals = |moves: &[(&str, &str)]| {
        let moves: Vec<_> = moves.iter().map(|(old, new)| (VaultPath::new(old), VaultPath::new(new))).collect();
        let found = gather(&vault(picture), &moves, &existing(&["ads/one.journal"]), &out).journals();
        found.iter().map(|(old, new)| format!("{old} {new}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(journals(&[("ads/one.md", "sent/1.md")]), "ads/one.journal sent/1.journal");
    assert_eq!(journals(&[("ads/one.md", "ads/one.markdown")]), "");
    assert_eq!(journals(&[("ads/two.md", "ads/three.md")]), "");
    assert_eq!(journals(&[("ads", "sent")]), "");
    assert_eq!(journals(&[("ads/one.md", "a.md"), ("ads/one.journal", "b.journal")]), "");
    assert_eq!(journals(&[("ads/one.md", "ads/one.txt")]), "");
}
