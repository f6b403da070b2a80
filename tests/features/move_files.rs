//! Files that move, as pictures: the files that change, as they are afterwards, still at their old places.

use guanxi::features::move_files::gather;
use guanxi::features::places::Exists;
use guanxi::text::edit;
use guanxi::vault::{Vault, VaultPath};

use super::existing;
use crate::vault::vault;

fn moved_in(vault: &Vault, moves: &[(&str, &str)], exists: &Exists) -> String {
    let moves: Vec<_> = moves.iter().map(|(old, new)| (VaultPath::new(old), VaultPath::new(new))).collect();
    let result = gather(vault, &moves, exists).run(&|| false).unwrap();
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
    assert!(gather(&vault, &moves, &exists).run(&|| true).is_none());
}
