//! Workspace symbols: who is found, and what stands beside the name.

use guanxi::features::symbols::symbols;
use guanxi::vault::Vault;

const PEOPLE: &str = "== people/wang.md
---
alias: Wang Xiaoming
aliases: [王小明]
tags: [lead, event/ces]
org: Panda Lighting
phones: [+1 (212) 555-0147]
emails: [w@panda.example]
---
Likes oolong tea.
== people/li.md
---
alias: 李娜
tags: [lead]
---
== people/bo.md
---
alias: Bo
---
";

fn found(vault: &Vault, text: &str) -> Vec<String> {
    symbols(vault, text, 10)
        .into_iter()
        .map(|symbol| {
            assert!(vault.file(symbol.file).text().get(symbol.span.range()).is_some());
            format!("{} | {}", symbol.name, symbol.container)
        })
        .collect()
}

#[test]
fn what_was_typed_stands_in_the_answer() {
    let vault = crate::vault::vault(PEOPLE);
    for (typed, expected) in [
        ("wang", "Wang Xiaoming | 王小明"),
        ("王小", "Wang Xiaoming | 王小明 · Panda Lighting"),
        ("wxm", "Wang Xiaoming | wxm (王小明) · Panda Lighting"),
        ("lina", "李娜 | lina"),
        ("panda", "Wang Xiaoming | Panda Lighting"),
        ("2125550147", "Wang Xiaoming | +1 (212) 555-0147 (2125550147) · Panda Lighting"),
        ("w@panda", "Wang Xiaoming | w@panda.example · Panda Lighting"),
        ("oolong", "Wang Xiaoming | Likes oolong tea. · Panda Lighting"),
        ("#event", "Wang Xiaoming | #event/ces · Panda Lighting"),
        ("wang #lead", "Wang Xiaoming | #lead · Panda Lighting"),
        ("org:panda", "Wang Xiaoming | org: Panda Lighting · Panda Lighting"),
        ("has:emails", "Wang Xiaoming | emails: w@panda.example · Panda Lighting"),
    ] {
        assert_eq!(found(&vault, typed)[0], expected, "{typed}");
    }
    assert_eq!(found(&vault, "#lead").len(), 2);
    assert_eq!(found(&vault, "-#lead"), ["Bo | people/bo.md"]);
}

#[test]
fn nothing_typed_and_nothing_understood() {
    let vault = crate::vault::vault(PEOPLE);
    assert_eq!(found(&vault, " "), ["Bo | people/bo.md", "Wang Xiaoming | 王小明", "李娜 | people/li.md"]);
    assert_eq!(symbols(&vault, "", 1).len(), 1);
    for typed in ["#nobody", "-#nobody", "#", "(#lead", "org:", "/[/", "-nokey:x", "🍵🍵🍵"] {
        assert_eq!(found(&vault, typed), [""; 0], "{typed}");
    }
}
