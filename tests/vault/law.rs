//! The law of the index: after any sequence of changes, on disk and in the editor, it equals the index of a vault built anew from
//! the texts that count.

use std::collections::BTreeMap;

use guanxi::contact::OptOut;
use guanxi::contact::{Document, Kind};
use guanxi::features::tags::tags;
use guanxi::vault::query::Query;
use guanxi::vault::search::Options;
use guanxi::vault::{Change, Coverage, Resolution, Vault, VaultPath};
use proptest::prelude::*;

const PATHS: &[&str] = &["a.md", "b.md", "people/a.md", "people/wang.md", "note.md", "guanxi.yaml", "to.md"];

fn text() -> impl Strategy<Value = String> {
    let alias = prop::sample::select(
        &[
            "",
            "alias: Wang\n",
            "alias: wang\n",
            "alias: 王小明\naliases: [Wang]\n",
            "alias:\n",
            "alias: \"Wa\\u006eg\"\nname: 'It''s'\nusername: w\n",
            "alias: 'Wang'\naliases:\n- \" 小明 \"\norg: Bright Foods # since 2019\n",
            "alias: Wang\norg: >\n  Two\n  lines\nemails: {work: w@x.example}\n",
            "alias: @broken\n",
            "to: \"#lead\"\n",
            "name: A\n",
        ][..],
    );
    let tags = prop::sample::select(
        &[
            "",
            "tags: [lead, new-york]\n",
            "tags: [Lead]\n",
            "tags:\n- event/ces\n- event\n",
            "tags: [#x]\n",
            "tags: LEAD\n",
            "tags: [a, A, b]\n",
        ][..],
    );
    let more = prop::sample::select(
        &[
            "",
            "phones: [+1 212 555 0147]\n",
            "emails: [w@x.example]\nown: 1\n",
            "own: 2\nother: 3\n",
            "opt_out: true\n",
            "opt_out: {}\n",
            "opt_out: no\n",
            "related: '[[Wang]]'\n",
            "related: [\"[[a]]\", '[[../a|x]]']\nwith:\n  - x: \"to [[W\\u0061ng]]\"\n",
            "org: [unclosed\n",
        ][..],
    );
    let body = prop::sample::select(
        &[
            "",
            "[[Wang]] #follow-up\n",
            "[[a]] and [b](b.md)\n",
            "| x |\n|---|\n| [[Wang\\|w]] |\n\n![[a#x]] [[./a]] [[../note.md]] [[people/a^b]]\n",
            "[x][d] [#](#top) ![p](<people/wang.md#x>)\n\n[d]: people/a.md\n[^1]: [[王小明]]\n",
            "```guanxi\n#lead\n```\n#event/ces\n",
            "Panels for 王\n",
        ][..],
    );
    let contact = (alias, tags, more, body).prop_map(|(alias, tags, more, body)| format!("---\n{alias}{tags}{more}---\n{body}"));
    let config = prop::sample::select(
        &["tags:\n  known:\n    lead: Buys\n    boston: Near\n", "tags:\n  strict: true\n", "tags: [\n", ""][..],
    );
    prop_oneof![6 => contact, 1 => config.prop_map(str::to_owned), 1 => Just(String::new())]
}

fn change() -> impl Strategy<Value = Change> {
    let path = prop::sample::select(PATHS).prop_map(VaultPath::new);
    (path, prop_oneof![6 => text().prop_map(Some), 2 => Just(None)], 0..10u8).prop_map(|(path, text, dice)| match text {
        Some(_) if dice == 0 => Change::Unreadable { path, reason: "not UTF-8".to_owned() },
        Some(text) if dice < 4 => Change::Opened { path, text: text.into() },
        Some(text) => Change::Found { path, text: text.into() },
        None if dice < 5 => Change::Closed { path },
        None => Change::Gone { path },
    })
}

fn may_say_no(document: &Document<'_>) -> bool {
    document.is_faulty() || document.opt_out() != OptOut::Channels(Vec::new())
}

/// Everything that the index answers, by paths instead of numbers.
fn picture(vault: &Vault) -> String {
    let mut lines: Vec<String> = Vec::new();
    let path = |id: u32| vault.file(id).path().to_string();
    let mut all: Vec<(u32, String)> = vault.files().map(|(id, file)| (id, file.path().to_string())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    for (id, name) in &all {
        let file = vault.file(*id);
        let mut back: Vec<String> =
            vault.backlinks(*id).iter().map(|place| format!("{}@{:?}", path(place.file), place.span)).collect();
        back.sort();
        let own: Vec<&str> = vault.tags_of(*id).map(|(_, spelling)| spelling).collect();
        let same: Vec<String> = vault.namesakes(*id).into_iter().map(path).collect();
        let shared: Vec<String> =
            vault.sharing(*id, &guanxi::contact::reach::Address::Mail("w@x.example".to_owned())).into_iter().map(path).collect();
        lines.push(format!(
            "{name} {:?} {} {} {:x} {own:?} back {back:?} same {same:?} shared {shared:?}",
            file.kind(),
            file.alias(),
            file.is_faulty(),
            file.present()
        ));
        assert_eq!(vault.id_of(name), Some(*id));
        // What is kept of a file says what reading it anew says.
        let document = file.document();
        let read = if file.kind() == Kind::Contact {
            let mail = document.values_of("emails").first().map(|value| value.text);
            [document.alias(), document.other_names().first().copied(), document.text_of("org"), mail]
        } else {
            [None; 4]
        };
        let known = [Some(file.alias()), file.other_name(), file.org(), file.mail()];
        assert_eq!(known, [read[0].or(Some(file.path().stem())), read[1], read[2], read[3]]);
        assert_eq!(vault.guarded().contains(*id), file.kind() == Kind::Contact && may_say_no(&document));
    }
    for tag in tags(vault, true) {
        lines.push(format!("{tag:?}"));
    }
    for key in ["follow-up", "event", "event/ces", "lead"] {
        let mentioning: Vec<String> = vault.mentioning(key).into_iter().map(path).collect();
        lines.push(format!("mentions of {key}: {mentioning:?}"));
    }
    for name in ["Wang", "王小明", "a", "people/a", "b.md", "nobody"] {
        let found = match vault.resolve(name) {
            Resolution::One(id) => vec![path(id)],
            Resolution::Several(ids) => ids.into_iter().map(path).collect(),
            Resolution::Nobody => Vec::new(),
        };
        lines.push(format!("{name} is {found:?}"));
    }
    for picture in ["a.png", "people/wang.md"] {
        let mut linking: Vec<String> = vault.linking_to_path(&VaultPath::new(picture)).iter().map(path).collect();
        linking.sort();
        lines.push(format!("links to {picture}: {linking:?}"));
    }
    for text in [
        "#lead",
        "tag:=event",
        "#event -#lead",
        "has:phones",
        "own:2 OR other:3",
        "kind:note",
        "panels",
        "missing:org kind:contact",
    ] {
        let query = Query::parse(text).unwrap();
        let (compiled, unknown) = guanxi::vault::query::compile(&query, vault);
        let mut found: Vec<String> = compiled.run(vault).iter().map(path).collect();
        found.sort();
        lines.push(format!("{text}: {found:?} {unknown:?}"));
    }
    for text in ["wang", "wxm", "212555", "panels", "lead"] {
        let (found, total) = guanxi::features::find::find(vault, text, Options { bodies: true, limit: 100 }).unwrap();
        let found: Vec<(String, u32)> = found.into_iter().map(|found| (path(found.file), found.score)).collect();
        lines.push(format!("find {text}: {total} {found:?}"));
    }
    let own: Vec<&str> = vault.own_keys().collect();
    let mut asking: Vec<String> = vault.asking().iter().map(path).collect();
    asking.sort();
    let mut guarded: Vec<String> = vault.guarded().iter().map(path).collect();
    guarded.sort();
    lines.push(format!("{own:?} {asking:?} {guarded:?} {:?} {:?}", vault.config(), vault.unreadable().collect::<Vec<_>>()));
    lines.join("\n")
}

proptest! {
    #![proptest_config(crate::law(400))]

    #[test]
    fn the_index_equals_a_rebuild(changes in prop::collection::vec(change(), 0..30), search_first in any::<bool>(), deepened in any::<bool>(), looked in 0..30_usize) {
        let mut vault = Vault::new(Coverage::Whole);
        if search_first {
            vault.prepare_search();
        }
        let mut disk: BTreeMap<VaultPath, Change> = BTreeMap::new();
        let mut editor: BTreeMap<VaultPath, Change> = BTreeMap::new();
        let mut snapshot = None;
        for (number, change) in changes.into_iter().enumerate() {
            if number == looked {
                snapshot = Some((vault.clone(), picture(&vault)));
            }
            let path = change.path().clone();
            vault.apply(change.clone());
            match change {
                Change::Gone { .. } => disk.remove(&path),
                Change::Closed { .. } => editor.remove(&path),
                Change::Opened { text, .. } => editor.insert(path.clone(), Change::Found { path, text }),
                change => disk.insert(path, change),
            };
        }
        // What the editor shows counts, whatever the disk says.
        disk.extend(editor);
        // A vault that is read shallow first and deepened piece by piece comes to the same.
        let mut rebuilt = Vault::new(if deepened { Coverage::Tags } else { Coverage::Whole });
        for change in disk.into_values().rev() {
            rebuilt.apply(change);
        }
        while deepened && !rebuilt.deepen_further(2) {}
        vault.prepare_search();
        rebuilt.prepare_search();
        prop_assert_eq!(picture(&vault), picture(&rebuilt));
        // Who still reads how it was does not see what changed.
        if let Some((vault, before)) = snapshot {
            prop_assert_eq!(picture(&vault), before);
        }
    }
}
