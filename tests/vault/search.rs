//! Finding people by any part of what is known of them.

use guanxi::features::find::find;
use guanxi::vault::search::Options;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};

use super::{aliases, contacts, vault};

fn found(vault: &Vault, text: &str) -> String {
    match find(vault, text, Options { bodies: true, limit: 10 }) {
        Ok((found, _)) => aliases(vault, &found.iter().map(|found| found.file).collect::<Vec<_>>()).join(", "),
        Err(error) => format!("{error:?}"),
    }
}

fn people() -> Vault {
    contacts(
        "kitty.md: 王小明 | lead, new-york | username: Kittykat123; aliases: [Tom Wang]; phones: [+1 (212) 555-0147]; emails: [tw@panda.example]; org: Panda Lighting
         wangari.md: Wangari Kimathi | lead
         shan.md: 单晓明 | friend | phonetic: shan xiaoming
         jose.md: José Núñez | friend | description: LED panels; wechat: jn_88
         li.md: Li Wang | boston",
    )
}

#[test]
fn by_any_part_of_a_name_the_best_first() {
    let vault = people();
    assert_eq!(found(&vault, "wang"), "Wangari Kimathi, Li Wang, 王小明");
    assert_eq!(found(&vault, "wang xiao"), "王小明");
    for query in [
        "wangxm",
        "wxm",
        "wang xiao",
        "Kittykat",
        "tom",
        "王小",
        "小明",
        "xiaoming #lead",
        "2125550147",
        "555 0147",
        "212-555",
        "tw@panda",
        "panda new-york",
    ] {
        assert_eq!(found(&vault, query).split(", ").next(), Some("王小明"), "{query}");
    }
    assert_eq!(found(&vault, "shan"), "单晓明");
    assert_eq!(found(&vault, "dan"), "");
    assert_eq!(found(&vault, "nunez"), "José Núñez");
    assert_eq!(found(&vault, "JOSÉ"), "José Núñez");
    assert_eq!(found(&vault, "wgkm"), "Wangari Kimathi");
    assert_eq!(found(&vault, "jn_88"), "José Núñez");
    assert_eq!(found(&vault, "zzz"), "");
}

#[test]
fn structured_terms_stay_exact_and_forgiven_ones_find_nobody() {
    let vault = people();
    assert_eq!(found(&vault, "wang #boston"), "Li Wang");
    assert_eq!(found(&vault, "wang -#lead"), "Li Wang");
    assert_eq!(found(&vault, "#friend"), "José Núñez, 单晓明");
    assert_eq!(found(&vault, "#nothing"), "");
    assert_eq!(found(&vault, "led"), "José Núñez");
    assert!(found(&vault, "o'brien ( smith").is_empty());
}

#[test]
fn bodies_come_last_and_only_if_asked() {
    let vault = vault("== a.md\n---\nalias: Ada\n---\nTalks about Boston.\n== b.md\n---\nalias: Boston Bo\n---\n");
    assert_eq!(found(&vault, "boston"), "Boston Bo, Ada");
    let (found, total) = find(&vault, "boston", Options { bodies: false, limit: 10 }).unwrap();
    assert_eq!((found.len(), total), (1, 1));
}

/// A word for each number, none within another.
fn word(number: usize) -> String {
    let letter = |number: usize| char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
    format!("{}{}zz", letter(number / 26), letter(number))
}

#[test]
fn each_of_many_is_found_by_what_is_theirs_alone() {
    let text = |number: usize, word: &str| {
        format!(
            "---\nalias: 0 {number} {word}n\ntags: [{}]\norg: {word}d\n---\nKnows {word}b and É{word}ú.\n",
            if number.is_multiple_of(9) { "few" } else { "many" }
        )
    };
    let path = |number: usize| VaultPath::new(&format!("{number}.md"));
    let mut vault = Vault::new(Coverage::Whole);
    for number in 0..200 {
        vault.apply(Change::Found { path: path(number), text: text(number, &word(number)).into() });
    }
    vault.prepare_search();
    // Some are written anew, some go, some come.
    for number in (0..200).step_by(7) {
        vault.apply(Change::Found { path: path(number), text: text(number, &word(number + 200)).into() });
    }
    vault.apply(Change::Gone { path: path(63) });
    vault.apply(Change::Gone { path: path(64) });
    for number in 200..210 {
        vault.apply(Change::Found { path: path(number), text: text(number, &word(number + 200)).into() });
    }
    for number in 0..210 {
        let is_new = number % 7 == 0 || number >= 200;
        let word = word(if is_new { number + 200 } else { number });
        let expected = if matches!(number, 63 | 64) { String::new() } else { format!("0 {number} {word}n") };
        let group = if number.is_multiple_of(9) { "#few" } else { "#many" };
        for query in ["n", "d", "b"]
            .map(|part| format!("{word}{part}"))
            .into_iter()
            .chain([format!("e{word}u"), format!("e{word}u {group}")])
        {
            assert_eq!(found(&vault, &query), expected, "{query}");
        }
    }
    // What only stands in two files together is in neither: a body's end, and the next one's name.
    assert_eq!(found(&vault, "zzu.0"), "");
    assert_eq!(found(&vault, "zzu0"), "");
}

#[test]
fn misspelt_names_lead_to_those_that_are_near() {
    let vault = crate::vault::vault(
        "== a.md\n---\nalias: Wang Xiaoming\naliases: [王小明]\n---\n== b.md\n---\nalias: Wang Xiaomin\n---\n== c.md\n---\nalias: Łukasz\n---\n",
    );
    let near = |name: &str| -> Vec<(usize, &str)> {
        guanxi::vault::search::near(&vault, name, 2).into_iter().map(|(far, id)| (far, vault.file(id).alias())).collect()
    };
    assert_eq!(near("Wnag Xiaoming"), [(1, "Wang Xiaoming"), (2, "Wang Xiaomin")]);
    assert_eq!(near("王小朋"), [(1, "Wang Xiaoming")]);
    assert_eq!(near("lukas"), [(1, "Łukasz")]);
    assert_eq!((near(""), near("Bruno Haas")), (vec![], vec![]));
}
