//! References as pictures: every line that names the thing under the cursor, the name marked.

use guanxi::features::places::Exists;
use guanxi::features::places::links::wiki_names;
use guanxi::features::references::{Found, gather};

use super::{Asked, existing, marked, out};

fn found(asked: &Asked, declarations: bool, exists: &Exists) -> Vec<Found> {
    gather(&asked.here(), asked.offset, declarations, exists).map(|search| search.run(&|| false)).unwrap_or_default()
}

fn lines(found: &[Found]) -> Vec<String> {
    let mut lines = Vec::new();
    for group in found.chunk_by(|a, b| a.path == b.path) {
        let spans: Vec<_> = group.iter().map(|found| (found.span, '«', '»')).collect();
        lines.extend(marked(&group[0].text, &spans).into_iter().map(|line| format!("{}: {line}", group[0].path)));
    }
    lines
}

fn all(picture: &str) -> Vec<String> {
    lines(&found(&Asked::new(picture), true, &existing(&[])))
}

const TAGS: &str = "== guanxi.yaml
tags:
  known:
    lead: Could buy
    'event/ces': Met
    leads: others
broadcast:
  exclude: '#lead -#leads'
== a.md
---
alias: A
tags: [Lead, \"event/ces\", leads, lead/hot]
---
茶🍵 #lead #leads `#lead` [[lead]] #lead/hot, C#lead
```guanxi
#lead -#\"lead/hot\" OR tag:=lead lead
```
```
#lead
```
== b.md
---
alias: B
tags:
  - 'lead' # lead
  - other
---
== note.md
---
tags: lead
---
# lead
== to.md
---
to: \"#l‸ead (tag:=event/ces | #\\\"lead/hot\\\")\"
---
== to2.md
---
to: [lead, event]
---
== to3.md
---
to: #lead
---
== to4.md
---
to: >
  #lead
  #other
---
";

#[test]
fn a_tag_and_what_is_below_it_wherever_it_is_written() {
    let expected = [
        "a.md: tags: [«Lead», \"event/ces\", leads, «lead/hot»]",
        "a.md: 茶🍵 #«lead» #leads `#lead` [[lead]] #«lead/hot», C#lead",
        "a.md: #«lead» -#«\"lead/hot\"» OR tag:=«lead» lead",
        "b.md:   - «'lead'» # lead",
        "guanxi.yaml:     «lead»: Could buy",
        "guanxi.yaml:   exclude: '#«lead» -#leads'",
        "note.md: tags: «lead»",
        "to.md: to: \"#«lead» (tag:=event/ces | #«\\\"lead/hot\\\"»)\"",
        "to2.md: to: [«lead», event]",
        "to3.md: to: #«lead»",
    ];
    let all = all(TAGS);
    assert_eq!(all[..10], expected);
    // A query folded over lines too.
    assert_eq!(all[10..], ["to4.md:   #«lead»"]);
}

#[test]
fn the_vocabulary_is_a_declaration() {
    let picture = TAGS.replace('‸', "").replace("tags: lead\n", "tags: le‸ad\n");
    let asked = Asked::new(&picture);
    let without = lines(&found(&asked, false, &existing(&[])));
    assert!(!without.iter().any(|line| line.contains("Could buy")) && without.len() == 10, "{without:#?}");
    for place in ["    'event/c‸es': Met", "tag:=event/c‸es", "\"event/‸ces\", leads"] {
        let asked = Asked::new(&TAGS.replace('‸', "").replace(&place.replace('‸', ""), place));
        assert_eq!(
            lines(&found(&asked, true, &existing(&[]))),
            [
                "a.md: tags: [Lead, «\"event/ces\"», leads, lead/hot]",
                "guanxi.yaml:     «'event/ces'»: Met",
                "to.md: to: \"#lead (tag:=«event/ces» | #\\\"lead/hot\\\")\"",
            ],
            "{place}"
        );
    }
}

#[test]
fn line_endings_and_byte_order_marks_move_nothing() {
    let asked = Asked::of_texts(&[
        ("a.md", "\u{feff}---\r\nalias: A\r\ntags:\r\n  - \"le‸ad\"\r\n---\r\n🍵 #lead\r\n```guanxi\r\n#lead\r\n```\r\n"),
        ("guanxi.yaml", "\u{feff}tags:\r\n  known:\r\n    - lead\r\n"),
    ]);
    assert_eq!(
        lines(&found(&asked, true, &existing(&[]))),
        ["a.md:   - «\"lead\"»", "a.md: 🍵 #«lead»", "a.md: #«lead»", "guanxi.yaml:     - «lead»"]
    );
}

#[test]
fn a_contact_by_every_link_that_means_nobody_else() {
    let picture = "== people/wang.md
---
alias: Wang ‸Xiaoming
aliases: [小明, Boss]
---
I am [[wang xiaoming]].
== people/li.md
---
alias: Li
aliases: [Boss]
---
[[Wang Xiaoming|him]] [[Boss]] [[小明#Notes]] [[wang]] [[people/wang.md]] `[[Wang Xiaoming]]` [w](wang.md#x) [[other/wang]]
== zhao.md
- [ ] [[Wang Xiaoming]] · kitty [him](people/wang.md) [no](wang.md)
";
    assert_eq!(
        all(picture),
        [
            "people/li.md: [[«Wang Xiaoming»|him]] [[Boss]] [[«小明»#Notes]] [[«wang»]] [[«people/wang.md»]] `[[Wang Xiaoming]]` [w](«wang.md»#x) [[other/wang]]",
            "people/wang.md: alias: «Wang Xiaoming»",
            "people/wang.md: I am [[«wang xiaoming»]].",
            "zhao.md: - [ ] [[«Wang Xiaoming»]] · kitty [him](«people/wang.md») [no](wang.md)",
        ]
    );
    // From a link it is the same; an ambiguous one, or one that leads nowhere, finds its name.
    let from_link = picture.replace('‸', "").replace("[[Wang Xiaoming|h", "[[Wang‸ Xiaoming|h");
    assert_eq!(all(&from_link), all(picture));
    assert_eq!(all(&picture.replace('‸', "").replace("[[Boss]]", "[[Bo‸ss]]")).len(), 1);
    assert_eq!(all(&picture.replace('‸', "").replace("[[other/wang]]", "[[ot‸her/wang]]")).len(), 1);
}

#[test]
fn a_name_with_a_slash_is_found() {
    let found = all("== a.md\n---\nalias: AC‸/DC\n---\n== b.md\n[[AC/DC]] [[ac/dc|them]] [[DC]]\n");
    assert_eq!(found, ["a.md: alias: «AC/DC»", "b.md: [[«AC/DC»]] [[«ac/dc»|them]] [[DC]]"]);
}

#[test]
fn a_picture_by_every_path_that_leads_to_it() {
    let picture = "== people/a.md
---
alias: A
card: cards/a‸.png
---
== people/b.md
---
alias: B
card: [../cards/a.png, ./b.png]
---
== people/cards/c.md
---
alias: C
card: a.png
---
== to.md
---
to: \"#x\"
attach: [cards/a.png, \"cards\\\\a.png\"]
---
";
    let expected = [
        "people/a.md: card: «cards/a.png»",
        "people/b.md: card: [«../cards/a.png», ./b.png]",
        "to.md: attach: [«cards/a.png», «\"cards\\\\a.png\"»]",
    ];
    assert_eq!(lines(&found(&Asked::new(picture), true, &existing(&["cards/a.png"]))), expected);
    let nearer = existing(&["cards/a.png", "people/cards/a.png"]);
    let expected = ["people/a.md: card: «cards/a.png»", "people/cards/c.md: card: «a.png»"];
    assert_eq!(lines(&found(&Asked::new(picture), true, &nearer)), expected);
}

#[test]
fn a_field_where_messages_and_queries_name_it() {
    let picture = "== to.md
---
to: \"has:org org:panda\"
---
Dear {{ alias }}, {{ o‸rg | org }} org {% if org is org and x.org and \"org\" == organ %}{{ org}}
== other.md
```guanxi
missing:org
```
== a.md
---
alias: A
org: P
---
";
    let expected = [
        "other.md: missing:«org»",
        "to.md: to: \"has:«org» «org»:panda\"",
        "to.md: Dear {{ alias }}, {{ «org» | org }} org {% if «org» is org and x.org and \"org\" == organ %}{{ «org»}}",
    ];
    let found = all(picture);
    assert_eq!(found, expected);
    assert_eq!(all(&picture.replace('‸', "").replace("\norg: P", "\no‸rg: P")), found);
}

#[test]
fn what_has_no_places_has_none_and_what_is_called_off_stops() {
    for picture in ["== a.md\n---\nalias: A\ntags: [x]‸\n---\n", "== a.md\n---\nalias: A\norg: P‸\n---\n", "== a.md\nprose‸\n"]
    {
        assert_eq!(all(picture), Vec::<String>::new(), "{picture}");
    }
    let asked = Asked::new(TAGS);
    let search = gather(&asked.here(), asked.offset, true, &existing(&[])).unwrap();
    assert_eq!(search.run(&|| true), []);
}

#[test]
fn a_text_beside_the_vault_counts_itself() {
    use guanxi::features::Here;
    use guanxi::vault::VaultPath;
    let asked = Asked::new("== a.md\n---\nalias: A\ntags: [le‸ad]\n---\n");
    let text = "#lead";
    let here = Here::beside(&asked.vault, VaultPath::new("draft.md"), text);
    let found = gather(&here, 3, true, &existing(&[])).unwrap().run(&|| false);
    assert_eq!(lines(&found), ["a.md: tags: [«lead»]", "draft.md: #«lead»"]);
}

/// Half-typed texts, the cursor everywhere in them: nothing may fail because of what a person types.
#[test]
fn any_place_of_any_beginning_can_be_asked() {
    use guanxi::features::{Here, definition::definition, highlight::highlight, move_files, rename};
    use guanxi::vault::VaultPath;
    let asked = Asked::new(TAGS);
    let exists = existing(&["cards/a.png"]);
    let texts = [
        "---\nalias: \"Wang\\\" 王\naliases: [\"x\", 'it''s']\ntags:\n  - \"le\\u0061d\"\n  - #x\ncard: {front: cards/a.png}\n---\n[[a|b]] #王/🍵 [x](<../a b.md>) ![[y]] [[\n",
        "---\nto: \"#lead \\\"\n  #x\"\n---\n{{ org | x }} {% if lead\n```guanxi\n#\"le",
        "\u{feff}tags:\r\n  known: {lead: x, 'event': }\r\nbroadcast:\r\n  exclude: #lead 王\r\n",
    ];
    for whole in texts {
        for (end, _) in whole.char_indices().chain([(whole.len(), ' ')]) {
            let text = &whole[..end];
            let path = VaultPath::new(if whole.contains("known") { "guanxi.yaml" } else { "draft.md" });
            let here = Here::beside(&asked.vault, path.clone(), text);
            for (offset, _) in text.char_indices().rev().take(12).chain([(text.len(), ' ')]) {
                definition(&here, offset, exists.as_ref());
                highlight(&here, offset);
                if let Ok(job) = rename::prepare(&here, offset)
                    .and_then(|_| rename::gather(&here, offset, "王 x").map_err(|fault| fault.message))
                {
                    job.run(&|| false);
                }
                if let Some(search) = gather(&here, offset, true, &exists) {
                    search.run(&|| false).iter().for_each(|found| assert!(found.text.get(found.span.range()).is_some()));
                }
            }
            let mut vault = asked.vault.clone();
            vault.apply(guanxi::vault::Change::Opened { path: path.clone(), text: text.into() });
            let moves = [
                (path, VaultPath::new("x/y.md")),
                (VaultPath::new("cards"), VaultPath::new("c")),
                (VaultPath::new("a.md"), VaultPath::new("x.md")),
            ];
            move_files::gather(&vault, &moves, &exists, &out).run(&|| false);
        }
    }
}

proptest::proptest! {
    #![proptest_config(crate::law(2000))]

    /// The quick look for names in links misses none that Markdown finds, brackets and backslashes in names apart.
    #[test]
    fn no_link_is_missed(pieces in proptest::collection::vec(proptest::sample::select(
        &["[[", "]]", "[", "]", "a", "b c", "|", "#", "\n", "\n\n", "`", " ", "(", ")", "![", "\\", "*", "<!--", "[[Anna]]", "''", "\\\""][..]), 0..24), in_head in proptest::prelude::any::<bool>()) {
        let text: String = pieces.concat();
        let text = if in_head { format!("---\nx: \"{text}\"\ny: '{text}'\n---\n{text}") } else { text };
        let document = guanxi::contact::Document::parse(&text);
        let names: Vec<_> = wiki_names(&text).collect();
        let plain = |target: &str| !target.contains(['[', ']', '\\']);
        for link in document.links().iter().filter(|link| link.is_wiki() && plain(&link.target)) {
            proptest::prop_assert!(names.iter().any(|name| *name == link.target), "{:?} in {text:?}: {names:?}", link.target);
        }
    }
}
