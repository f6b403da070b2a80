//! Outlines, folds, growing selections, colours, and who is in the vault: through the protocol, in each way of counting.

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{book, client_of, counting_in, full_but};
use crate::cli::Desk;

const TEA: &str = "\
---
alias: 茶🍵 Tea
tags: [茶, lead]
phones:
  - work: +1 212 555 0147
---
# One 🍵
🍵 [[Li Na]] 茶🍵 #lead

## Two
- a
- b
```guanxi
#lead OR has:emails
```
";

/// A vault with people in it, and [`TEA`] open.
fn tea(capabilities: Value) -> (Desk, Client) {
    let desk = Desk::new(super::BOOK);
    let mut client = client_of(desk.root(), capabilities);
    client.open("contacts/tea.md", TEA);
    (desk, client)
}

/// Each symbol on a line: its name, what its name covers, how many lines it has; children below it.
fn tree(client: &Client, symbols: &Value, depth: usize, told: &mut String) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let covered = client.covered("contacts/tea.md", &symbol["selectionRange"]);
        let lines = client.covered("contacts/tea.md", &symbol["range"]).lines().count();
        told.push_str(&format!("{}{} «{covered}» {lines}\n", "  ".repeat(depth), symbol["name"].as_str().unwrap()));
        tree(client, &symbol["children"], depth + 1, told);
    }
}

#[test]
fn an_outline_has_levels_where_the_editor_shows_levels() {
    let mut trees = Vec::new();
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let (_desk, mut client) = tea(counting_in(encoding));
        let symbols = client.request("textDocument/documentSymbol", client.whole("contacts/tea.md"));
        let mut told = String::new();
        tree(&client, &symbols, 0, &mut told);
        trees.push(told);
        client.shutdown();
    }
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
    assert_eq!(trees[0], NESTED);
    let flat = full_but(&[("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport", json!(false))]);
    for capabilities in [flat, capabilities::bare()] {
        let (_desk, mut client) = tea(capabilities);
        let symbols = client.request("textDocument/documentSymbol", client.whole("contacts/tea.md"));
        let told: Vec<String> = symbols
            .as_array()
            .unwrap()
            .iter()
            .map(|symbol| format!("{} in {}", symbol["name"].as_str().unwrap(), symbol["containerName"].as_str().unwrap_or("-")))
            .collect();
        assert_eq!(told, FLAT);
        client.shutdown();
    }
}

const NESTED: &str = "\
茶🍵 Tea «茶🍵 Tea» 6
  alias «alias» 1
  tags «tags» 1
  phones «phones» 2
One 🍵 «One 🍵» 9
  Two «Two» 6
    #lead OR has:emails «#lead OR has:emails
» 3
";

const FLAT: &[&str] = &[
    "茶🍵 Tea in -",
    "alias in 茶🍵 Tea",
    "tags in 茶🍵 Tea",
    "phones in 茶🍵 Tea",
    "One 🍵 in -",
    "Two in One 🍵",
    "#lead OR has:emails in Two",
];

#[test]
fn folds_are_whole_lines() {
    let (_desk, mut client) = tea(capabilities::full());
    let folds = client.request("textDocument/foldingRange", client.whole("contacts/tea.md"));
    let told: Vec<String> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| {
            assert!(fold["startCharacter"].is_null() && fold["endCharacter"].is_null(), "{fold}");
            format!("{}-{} {}", fold["startLine"], fold["endLine"], fold["kind"].as_str().unwrap_or("-"))
        })
        .collect();
    assert_eq!(told, ["0-5 region", "3-4 -", "6-14 region", "9-14 region", "12-14 -"]);
    client.shutdown();
}

#[test]
fn selections_grow_from_the_word_to_the_whole() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let (_desk, mut client) = tea(counting_in(encoding));
        let places = ["茶🍵 #le‸ad", "[‸茶", "Li‸ Na", "555‸ 0147"];
        let positions: Vec<Value> = places.iter().map(|marked| client.at("contacts/tea.md", marked)).collect();
        let params = json!({ "textDocument": { "uri": client.uri("contacts/tea.md") }, "positions": positions });
        let answer = client.request("textDocument/selectionRange", params);
        let grown = |mut selection: &Value| {
            let mut told = Vec::new();
            while selection.is_object() {
                let covered = client.covered("contacts/tea.md", &selection["range"]);
                told.push(if covered.contains('\n') { format!("{} lines", covered.lines().count()) } else { covered });
                selection = &selection["parent"];
            }
            told.join(" < ")
        };
        let told: Vec<String> = answer.as_array().unwrap().iter().map(grown).collect();
        assert_eq!(told, GROWN, "{encoding}");
        client.shutdown();
    }
}

const GROWN: [&str; 4] = [
    "lead < #lead < 🍵 [[Li Na]] 茶🍵 #lead < 2 lines < 9 lines < 15 lines",
    "茶 < [茶, lead] < tags: [茶, lead] < 4 lines < 6 lines < 15 lines",
    "Li < Li Na < [[Li Na]] < 🍵 [[Li Na]] 茶🍵 #lead < 2 lines < 9 lines < 15 lines",
    "555 < +1 212 555 0147 < work: +1 212 555 0147 < - work: +1 212 555 0147 < 2 lines < 4 lines < 6 lines < 15 lines",
];

/// Each token of an answer as `word:sort`, its place counted out from those before it.
fn coloured(client: &Client, answer: &Value) -> Vec<String> {
    let server = client.server();
    let legend = server["semanticTokensProvider"]["legend"]["tokenTypes"].as_array().unwrap();
    let (mut line, mut character) = (0, 0);
    let numbers: Vec<u64> = answer["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
    let mut told = Vec::new();
    for token in numbers.chunks(5) {
        (line, character) = (line + token[0], if token[0] == 0 { character + token[1] } else { token[1] });
        let range = json!({
            "start": { "line": line, "character": character },
            "end": { "line": line, "character": character + token[2] },
        });
        let sort = legend[usize::try_from(token[3]).unwrap()].as_str().unwrap();
        told.push(format!("{}:{sort}", client.covered("contacts/tea.md", &range)));
    }
    told
}

#[test]
fn colours_lie_on_their_words_in_each_way_of_counting() {
    let standard = ["class", "property", "enumMember", "macro", "keyword", "operator", "variable", "string", "regexp"];
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let (_desk, mut client) = tea(counting_in(encoding));
        let legend = client.server()["semanticTokensProvider"]["legend"].clone();
        assert!(
            legend["tokenTypes"].as_array().unwrap().iter().all(|sort| standard.contains(&sort.as_str().unwrap())),
            "{legend}"
        );
        let answer = client.request("textDocument/semanticTokens/full", client.whole("contacts/tea.md"));
        let all = coloured(&client, &answer);
        assert_eq!(all, COLOURS, "{encoding}");
        // A part is what the whole says there.
        let mut part = client.whole("contacts/tea.md");
        let start = client.at("contacts/tea.md", "‸🍵 [[Li Na]]");
        let end = client.at("contacts/tea.md", "茶🍵 #lead‸\n");
        part["range"] = json!({ "start": start, "end": end });
        let answer = client.request("textDocument/semanticTokens/range", part);
        assert_eq!(coloured(&client, &answer), ["Li Na:class", "#lead:enumMember"], "{encoding}");
        client.edit("contacts/tea.md", "🍵 [[Li Na]]", "茶🍵茶 [[Li Na]]");
        let answer = client.request("textDocument/semanticTokens/full", client.whole("contacts/tea.md"));
        assert_eq!(coloured(&client, &answer), COLOURS, "{encoding}");
        client.shutdown();
    }
}

const COLOURS: &[&str] = &[
    "alias:property",
    "茶🍵 Tea:variable",
    "tags:property",
    "茶:enumMember",
    "lead:enumMember",
    "phones:property",
    "Li Na:class",
    "#lead:enumMember",
    "#lead:enumMember",
    "OR:keyword",
    "has:property",
    "emails:string",
];

/// The names that are found, in their order.
fn people(client: &mut Client, query: &str) -> Vec<String> {
    let found = client.request("workspace/symbol", json!({ "query": query }));
    found.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn people_are_found_by_all_that_is_known_of_them() {
    let (_desk, mut client) = book();
    client.open_file("contacts/zhang.md");
    for (query, expected) in [
        ("Zhang Wei", vec!["Zhang Wei"]),
        ("zhang", vec!["Zhang Wei"]),
        ("王小明", vec!["Wang Xiaoming"]),
        ("wangxm", vec!["Wang Xiaoming"]),
        ("wxm", vec!["Wang Xiaoming"]),
        ("zhangwei", vec!["Zhang Wei"]),
        ("kittykat", vec!["Wang Xiaoming"]),
        ("5550147", vec!["Wang Xiaoming"]),
        ("panda", vec!["Wang Xiaoming"]),
        ("#boston", vec!["Zhang Wei"]),
        ("#朋友", vec!["Zhang Wei"]),
        ("#event", vec!["Wang Xiaoming"]),
        ("#lead -org:panda", vec!["Li Na"]),
        ("missing:emails", vec!["Zhang Wei"]),
        // Nobody: not everybody.
        ("#laed", vec![]),
        ("-#do-not-contcat", vec![]),
        ("#lead (", vec![]),
        ("qqqqzzzz", vec![]),
        ("tag:", vec![]),
        ("orgg:panda", vec![]),
    ] {
        assert_eq!(people(&mut client, query), expected, "{query}");
    }
    let found = client.request("workspace/symbol", json!({ "query": "#boston" }));
    assert_eq!(client.covered("contacts/zhang.md", &found[0]["location"]["range"]), "Zhang Wei");
    assert_eq!(found[0]["containerName"], "#boston");
    client.shutdown();
}

/// A vault of so many people who all carry one tag.
fn crowd(folder: &str, count: usize) -> String {
    (0..count).map(|n| format!("== {folder}/{n:03}.md\n---\nalias: Person {n:03} 茶🍵\ntags: [all]\n---\n")).collect()
}

#[test]
fn of_many_a_hundred_are_told_and_of_none_none() {
    let desk = Desk::new(&format!("== guanxi.yaml\n{}", crowd("c", 150)));
    let mut client = client_of(desk.root(), capabilities::full());
    for query in ["", "person", "#all", "kind:contact"] {
        let found = people(&mut client, query);
        assert_eq!(found.len(), 100, "{query}");
    }
    for query in ["#alll", "zzzzqqqq", "org:nobody", "#all missing:alias"] {
        assert_eq!(people(&mut client, query), [""; 0], "{query}");
    }
    client.shutdown();
}

#[test]
fn of_several_vaults_each_has_its_share() {
    let desk = Desk::new(&format!(
        "== one/guanxi.yaml\n{}== two/guanxi.yaml\n== two/a.md\n---\nalias: Person Anna\n---\n",
        crowd("one", 150)
    ));
    let mut client = Client::builder(desk.root()).folders(&[&desk.path("one"), &desk.path("two")]).start();
    super::ignore_news(&mut client);
    let found = people(&mut client, "person");
    assert_eq!(found.len(), 100);
    assert!(found[..2].contains(&"Person Anna".to_owned()), "{found:?}");
    assert_eq!(people(&mut client, "anna"), ["Person Anna"]);
    client.shutdown();
}

/// Everything on one line, and brackets without end: each answer takes a moment. (Where a place was looked for from the line's
/// beginning, or a bracket's end from each bracket, it took longer than this client waits.)
#[test]
fn a_file_made_to_be_slow() {
    let tags: Vec<String> = (0..3000).map(|number| format!("t{number}")).collect();
    let links = format!("---\nalias: Anna\ntags: [{}]\n---\n{}\n", tags.join(", "), "word [[Anna]] 茶 #t1 ".repeat(26_000));
    let brackets = format!("---\nalias: Bert\n---\n{}\n", "[".repeat(60_000));
    let desk = Desk::new(&format!("== guanxi.yaml\n== a.md\n{links}== b.md\n{brackets}"));
    let mut client = client_of(desk.root(), capabilities::full());
    for (path, line) in [("a.md", 4), ("b.md", 3)] {
        client.open_file(path);
        let place = json!({ "textDocument": { "uri": client.uri(path) }, "position": { "line": line, "character": 20_000 } });
        for method in
            ["semanticTokens/full", "documentHighlight", "references", "documentLink", "hover", "completion", "codeLens"]
        {
            let mut params = place.clone();
            params["context"] = json!({ "includeDeclaration": true, "triggerKind": 1 });
            let _ = client.try_request(&format!("textDocument/{method}"), params);
        }
    }
    client.shutdown();
}
