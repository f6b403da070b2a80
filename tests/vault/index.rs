//! Tags, names and links of a vault.

use guanxi::contact::Kind;
use guanxi::features::tags::tags;
use guanxi::vault::{Change, Resolution, VaultPath};

use super::{aliases, contacts, vault};

#[test]
fn the_front_matter_alone_decides_what_a_file_is() {
    let vault = vault(
        "== a.md\n---\nalias: A\n---\n== b.md\n---\nto: \"#x\"\n---\n== c.md\nHello\n== d.md\n---\nalias: D\nto: x\n---\n== e.md\n---\nto: #lead\n---\n",
    );
    let kinds: Vec<Kind> =
        ["a.md", "b.md", "c.md", "d.md", "e.md"].iter().map(|path| vault.file(vault.id_of(path).unwrap()).kind()).collect();
    assert_eq!(kinds, [Kind::Contact, Kind::Broadcast, Kind::Note, Kind::Contact, Kind::Broadcast]);
}

#[test]
fn a_broken_file_keeps_what_could_be_read() {
    let vault = vault("== a.md\n---\nalias: Wang\norg: [unclosed\ntags: [lead]\n---\n");
    let id = vault.id_of("a.md").unwrap();
    assert_eq!((vault.file(id).alias(), vault.file(id).is_faulty()), ("Wang", true));
    assert_eq!(vault.tags().get("lead").map(|tag| tag.count()), Some(1));
}

#[test]
fn tags_are_one_whatever_their_case_and_shown_as_first_spelled() {
    let mut vault = contacts("b.md: B | new-york, Zürich\na.md: A | New-York, zu\u{308}rich\nc.md: C | NEW-YORK");
    let lines: Vec<(String, u64)> = tags(&vault, false).into_iter().map(|tag| (tag.tag, tag.count)).collect();
    assert_eq!(lines, [("New-York".to_owned(), 3), ("zu\u{308}rich".to_owned(), 2)]);
    vault.apply(Change::Gone { path: VaultPath::new("a.md") });
    assert_eq!(tags(&vault, false)[0].tag, "new-york");
}

#[test]
fn parents_count_everybody_below_once() {
    let vault = contacts("a.md: A | event/ces, event/fair\nb.md: B | event/ces\nc.md: C | eventful");
    let lines: Vec<(String, u64, u64)> = tags(&vault, true).into_iter().map(|tag| (tag.tag, tag.count, tag.total)).collect();
    let expected = [("event", 0, 2), ("event/ces", 2, 2), ("event/fair", 1, 1), ("eventful", 1, 1)];
    assert_eq!(lines.iter().map(|(tag, count, total)| (tag.as_str(), *count, *total)).collect::<Vec<_>>(), expected);
}

#[test]
fn body_mentions_put_nobody_into_a_group() {
    let vault = vault("== a.md\n---\nalias: A\n---\n#lead\n");
    assert!(vault.tags().get("lead").is_none());
    assert_eq!(vault.mentioning("lead").len(), 1);
}

#[test]
fn names_resolve_by_alias_then_other_names_then_file_name() {
    let vault = vault(
        "== people/wang.md\n---\nalias: Wang Xiaoming\naliases: [王小明, Li]\nusername: kitty\n---\n\
         == people/li.md\n---\nalias: Li Na\n---\n== people/li-2.md\n---\nalias: Li\n---\n== notes/fair.md\nText\n\
         == x/tom.md\n---\nalias: Tom A\naliases: Tom\n---\n== y/tom.md\n---\nalias: Tom B\naliases: Tom\n---\n",
    );
    let name = |text: &str| match vault.resolve(text) {
        Resolution::One(id) => vault.file(id).path().to_string(),
        Resolution::Several(ids) => format!("several: {:?}", aliases(&vault, &ids)),
        Resolution::Nobody => "nobody".to_owned(),
    };
    assert_eq!(name("Wang Xiaoming"), "people/wang.md");
    assert_eq!(name("wang xiaoming"), "people/wang.md");
    assert_eq!(name("王小明"), "people/wang.md");
    assert_eq!(name("kitty"), "people/wang.md");
    assert_eq!(name("wang"), "people/wang.md");
    assert_eq!(name("Li"), "people/li-2.md");
    assert_eq!(name("people/li"), "people/li.md");
    assert_eq!(name("fair"), "notes/fair.md");
    assert_eq!(name("Tom"), "several: [\"Tom A\", \"Tom B\"]");
    assert_eq!(name("x/tom.md"), "x/tom.md");
    assert_eq!(name("Wan"), "nobody");
}

#[test]
fn an_exact_alias_wins_over_one_that_differs_in_case() {
    let vault = contacts("a.md: Rose\nb.md: ROSE");
    assert_eq!(vault.resolve("Rose"), Resolution::One(vault.id_of("a.md").unwrap()));
    assert!(matches!(vault.resolve("rose"), Resolution::Several(ids) if ids.len() == 2));
}
