//! Definitions as pictures: where they lead, the place marked.

use guanxi::features::Here;
use guanxi::features::definition::{Aim, Target, definition};
use guanxi::vault::VaultPath;

use super::{Asked, existing, marked};

fn told(here: &Here<'_>, targets: Vec<Target>) -> Vec<String> {
    let one = |target: Target| {
        let origin = target.origin.of(here.text());
        match target.aim {
            Aim::Path(path) => format!("{origin} → {path}"),
            Aim::Here => format!("{origin} → here: {}", marked(here.text(), &[(target.span, '«', '»')]).concat()),
            Aim::File(id) => {
                let file = here.vault.file(id);
                format!("{origin} → {}: {}", file.path(), marked(file.text(), &[(target.span, '«', '»')]).concat())
            }
        }
    };
    targets.into_iter().map(one).collect()
}

fn leads(picture: &str) -> Vec<String> {
    let asked = Asked::new(picture);
    let exists = existing(&["cards/a.png", "people/cards/b.png", "docs/c d.pdf"]);
    told(&asked.here(), definition(&asked.here(), asked.offset, exists.as_ref()))
}

const PEOPLE: &str = "== people/wang.md
---
alias: Wang
aliases: [Boss]
---
== li.md
---
tags: [x]
alias: \"Li\"
name: Boss
---
== note.md
# A note
";

fn with(text: &str) -> Vec<String> {
    leads(&format!("{PEOPLE}{text}"))
}

#[test]
fn links_lead_to_aliases_and_files() {
    assert_eq!(with("== a.md\n[[wa‸ng|him]]\n"), ["wang → people/wang.md: alias: «Wang»"]);
    assert_eq!(with("== a.md\n[[Wang|hi‸m]]\n"), ["Wang → people/wang.md: alias: «Wang»"]);
    assert_eq!(with("== a.md\n[[Bo‸ss]]\n"), ["Boss → li.md: alias: «\"Li\"»", "Boss → people/wang.md: alias: «Wang»"]);
    assert_eq!(with("== a.md\n[hi‸m](people/wang.md#x)\n"), ["people/wang.md → people/wang.md: alias: «Wang»"]);
    assert_eq!(with("== a.md\n[[no‸te]]\n"), ["note → note.md: «»# A note"]);
    assert_eq!(with("== a.md\n[p‸df](docs/c%20d.pdf)\n"), ["docs/c%20d.pdf → docs/c d.pdf"]);
    for nowhere in ["[[Nob‸ody]]", "[x‸](none.pdf)", "[x‸](https://x.example)", "`[[Wa‸ng]]`"] {
        assert_eq!(with(&format!("== a.md\n{nowhere}\n")), Vec::<String>::new(), "{nowhere}");
    }
}

#[test]
fn links_lead_to_headings_and_blocks() {
    for (link, place) in [
        ("[[#My No‸tes]]", "#My Notes → a.md: # «My Notes»"),
        ("[x‸](#my-notes)", "#my-notes → a.md: # «My Notes»"),
        ("[[a#My Notes#So‸me]]", "a → a.md: ## «Some»"),
        ("[x‸](a.md#%C3%A9t%C3%A9)", "a.md → a.md: # «Été»"),
        ("[[a#^b‸1]]", "a → a.md: «Some text ^b1»"),
        ("[[a^b‸1]]", "a → a.md: «Some text ^b1»"),
        ("[[a#Go‸ne]]", "a → a.md: «»[[a#Gone]]"),
    ] {
        let text = "# My Notes\n## Some\nSome text ^b1\n# Été\n";
        assert_eq!(leads(&format!("== a.md\n{link}\n\n{text}")), [place], "{link}");
    }
}

#[test]
fn own_names_lead_to_the_alias() {
    assert_eq!(leads("== a.md\n---\nalias: A\naliases: [B‸]\n---\n"), ["B → a.md: alias: «A»"]);
    assert_eq!(leads("== a.md\n---\nalias: A‸\n---\n"), ["A → a.md: alias: «A»"]);
    let asked = Asked::new("== a.md\n‸\n");
    let here = Here::beside(&asked.vault, VaultPath::new("draft.md"), "---\nalias: Me\n---\n");
    assert_eq!(told(&here, definition(&here, 12, &|_| false)), ["Me → here: alias: «Me»"]);
}

#[test]
fn tags_lead_to_the_vocabulary_else_to_their_carriers() {
    let carriers = "== b.md\n---\nalias: B\ntags: [x, Lead/hot]\n---\n== a.md\n---\nalias: A\ntags:\n  - lead\n---\n";
    let asks = "== to.md\n---\nto: \"#le‸ad\"\n---\n";
    let config = "== guanxi.yaml\ntags:\n  known:\n    Lead: x\n";
    assert_eq!(leads(&format!("{config}{carriers}{asks}")), ["lead → guanxi.yaml:     «Lead»: x"]);
    assert_eq!(leads(&format!("{carriers}{asks}")), ["lead → a.md:   - «lead»", "lead → b.md: tags: [x, «Lead/hot»]"]);
    let many: String = (0..150).map(|at| format!("== {at:03}.md\n---\nalias: N{at}\ntags: [lead]\n---\n")).collect();
    let found = leads(&format!("{many}{asks}"));
    assert!(found.len() == 100 && found[0].contains("000.md") && found[99].contains("099.md"), "{found:?}");
    assert_eq!(leads(asks), Vec::<String>::new());
}

#[test]
fn pictures_lead_to_themselves() {
    assert_eq!(leads("== people/a.md\n---\nalias: A\ncard: cards/a‸.png\n---\n"), ["cards/a.png → cards/a.png"]);
    assert_eq!(leads("== people/a.md\n---\nalias: A\ncard: [cards/b‸.png]\n---\n"), ["cards/b.png → people/cards/b.png"]);
    assert_eq!(leads("== out/a.md\n---\nto: '#x'\nattach: ../‸x.pdf\n---\n"), ["../x.pdf → x.pdf"]);
    assert_eq!(leads("== a.md\n---\nalias: A\ncard: https://x.exa‸mple/a.png\n---\n"), Vec::<String>::new());
}

#[test]
fn holes_lead_to_the_first_contact_that_has_the_field() {
    let people = "== b.md\n---\nalias: A\ntags: [x]\n---\n== a.md\n---\nalias: B\ntags: [x]\norg: P\n---\n";
    let with = |text: &str| leads(&format!("{people}== to.md\n{text}\n"));
    assert_eq!(with("---\nto: \"#x\"\n---\n{{ or‸g }}"), ["org → a.md: «org»: P"]);
    assert_eq!(with("---\nto: [x]\n---\n{{ ali‸as }}"), ["alias → b.md: «alias»: A"]);
    for nowhere in ["---\nto: \"#x\"\n---\n{{ alias | up‸per }}", "---\nto: \"#nobody\"\n---\n{{ or‸g }}", "---\nor‸g: x\n---\n"]
    {
        assert_eq!(with(nowhere), Vec::<String>::new(), "{nowhere}");
    }
}
