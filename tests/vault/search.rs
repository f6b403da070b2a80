//! Finding people by any part of what is known of them.

use guanxi::features::find::find;
use guanxi::vault::Vault;
use guanxi::vault::search::Options;

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
