//! Twelve editors as they introduced themselves, each in the same rich conversation. The judge sees that none gets what it did not
//! declare. Here it is seen that what each gets is of use: applied as that editor would, the answers come to the same texts for all of
//! them, or to a refusal that says what to do instead.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::capabilities;
use super::talk::{Talk, flat};
use crate::cli::Desk;

const BOOK: &str = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
    do-not-contact: Never
broadcast:
  exclude: \"#do-not-contact\"
== cards/wang.png
x
== contacts/wang.md
---
alias: Wang Xiaoming
username: Kittykat123
aliases: [王小明, Tom Wang]
tags: [lead, new-york, event/ces-2026]
card: cards/wang.png
org: Panda Lighting
phones:
  - work: +1 212 555 0147
emails: [wang@panda.example]
---
[[Li Na]] introduced us. #follow-up
== contacts/li.md
---
alias: Li Na
aliases: [李娜]
tags:
  - lead
  - new-york
emails: [li@river.example]
---
茶🍵 [[Wang Xiaoming]] #lead
== contacts/li-2.md
---
alias: Lina
emails: [li@river.example]
---
== contacts/messy.md
---
alias: Messy
tags: lead, laed
telgram: messy
---
== contacts/nameless.md
---
username: nobody_yet
wechat: nobody_yet
---
== note.md
# Fair
Met [[Wang Xiaoming]], [him](contacts/wang.md) and [[Nobody]]. Then Somebody Else came.

```guanxi
#lead #new-york
```

End
== broadcasts/autumn.md
---
to: \"#lead #new-york\"
via: email
subject: Autumn
---
Dear {{ alias }},
";

impl Talk {
    fn commands(&mut self) {
        let uri = |path: &str| self.client.uri(path);
        let (autumn, note) = (uri("broadcasts/autumn.md"), uri("note.md"));
        for (command, arguments) in [
            ("guanxi.find", json!({ "query": "wxm" })),
            ("guanxi.list", json!({ "query": "#lead #new-york" })),
            ("guanxi.list", json!({ "tags": "lead", "format": "checklist" })),
            ("guanxi.list", json!({ "uri": note, "insert": { "line": 4, "character": 0 } })),
            ("guanxi.tags", json!({ "tree": true })),
            ("guanxi.show", json!({ "contact": "Wang Xiaoming" })),
            ("guanxi.new", json!({ "alias": "Chen Jie", "tags": ["lead"] })),
            ("guanxi.tag.add", json!({ "tag": "vip", "query": "#lead #new-york" })),
            ("guanxi.tag.remove", json!({ "tag": "lead", "contact": "Li Na" })),
            ("guanxi.tag.rename", json!({ "old": "lead", "new": "prospect" })),
            ("guanxi.tag.rename", json!({ "old": "lead", "new": "new-york" })),
            ("guanxi.tag.rename", json!({ "old": "lead", "new": "new-york", "merge": true })),
            ("guanxi.broadcast.list", json!({ "uri": autumn })),
            ("guanxi.broadcast.list", json!({ "uri": autumn, "write": true })),
            ("guanxi.broadcast.preview", json!({ "uri": autumn })),
            ("guanxi.broadcast.preview", json!({ "uri": autumn, "show": true })),
            ("guanxi.contact.merge", json!({ "keep": "contacts/li.md", "other": "contacts/li-2.md", "quiet": true })),
        ] {
            let told = self.runs(command, &json!([arguments]));
            self.keep(&format!("{command} {arguments}").replace(&self.client.uri(""), ""), told);
        }
    }

    /// What is drawn around a text, for those who ask for it.
    fn margins(&mut self) {
        let (path, first) = ("contacts/wang.md", "textDocument");
        let whole = self.client.whole(path);
        let mut all = whole.clone();
        all["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 13, "character": 0 } });
        for (method, declared, params, pointer) in [
            ("codeLens", "codeLens", &whole, "/command/title"),
            ("inlayHint", "inlayHint", &all, "/label"),
            ("documentLink", "documentLink", &whole, "/target"),
            ("foldingRange", "foldingRange", &whole, "/startLine"),
            ("documentSymbol", "documentSymbol", &whole, "/name"),
        ] {
            if self.declares(&format!("{first}.{declared}")) {
                let answer = self.ask(method, &format!("{first}/{method}"), params.clone());
                let mut found = Vec::new();
                flat(&answer, pointer, &mut found);
                assert!(!found.is_empty(), "{method}");
                self.keep(method, found.join("\n"));
            }
        }
        if self.declares("textDocument.semanticTokens") {
            let tokens = self.ask("colours", "textDocument/semanticTokens/full", whole);
            assert!(tokens["data"].as_array().is_some_and(|data| !data.is_empty()), "{tokens}");
        }
        let position = self.client.at(path, "tags: [le‸ad");
        let spots = json!({ "textDocument": { "uri": self.client.uri(path) }, "positions": [position] });
        if self.declares("textDocument.selectionRange") {
            let grown = self.ask("selection", "textDocument/selectionRange", spots);
            assert_eq!(self.client.covered(path, &grown[0]["range"]), "lead");
        }
        for query in ["wxm", "#lead #new-york"] {
            let found = self.ask(query, "workspace/symbol", json!({ "query": query }));
            let mut names = Vec::new();
            flat(&found, "/name", &mut names);
            self.keep(&format!("people {query}"), names.join("\n"));
        }
    }

    /// What is wrong with a document: asked for where that is invited, told else.
    fn problems(&mut self, path: &str) {
        let found = if self.client.server()["diagnosticProvider"].is_object() {
            let whole = self.client.whole(path);
            self.ask(path, "textDocument/diagnostic", whole)["items"].as_array().unwrap().clone()
        } else {
            self.client.wait_for_diagnostics(path, |found| !found.is_empty())
        };
        let codes: Vec<&str> = found.iter().map(|problem| problem["code"].as_str().unwrap()).collect();
        self.keep(&format!("problems of {path}"), codes.join("\n"));
    }

    fn conversation(&mut self) {
        for path in ["note.md", "contacts/messy.md", "contacts/nameless.md"] {
            self.problems(path);
        }
        self.completes("a tag", "contacts/x.md", "---\nalias: X\ntags: [new-york, le‸]\n---\n", "lead");
        self.completes("a tag behind its key", "contacts/x.md", "---\nalias: X\ntags:‸\n---\n", "lead");
        self.completes("a mention", "x.md", "茶🍵 #le‸\n", "#lead");
        self.completes("a link", "x.md", "茶🍵 [[wxm‸\n", "Wang Xiaoming");
        self.completes("a key", "contacts/x.md", "---\nalias: X\nema‸\n---\n", "emails");
        self.completes("a value", "contacts/x.md", "---\nalias: X\norg: Pan‸\n---\n", "Panda Lighting");
        self.completes("a picture", "contacts/x.md", "---\nalias: X\ncard: wan‸\n---\n", "cards/wang.png");
        self.completes("a query", "x.md", "```guanxi\n#le‸\n```\n", "#lead");
        self.completes("a field", "broadcasts/x.md", "---\nto: \"#lead\"\n---\nDear {{ al‸\n", "alias");
        self.client.open_file("contacts/wang.md");
        self.client.open_file("contacts/li.md");
        self.client.open_file("contacts/li-2.md");
        self.hovers("a tag", "contacts/wang.md", "tags: [le‸ad", &["lead", "3 carry it", "Could buy within a year"]);
        self.hovers("a link", "note.md", "[[Wang Xiao‸ming]]", &["王小明", "Panda Lighting", "+1 212 555 0147"]);
        self.hovers("a query", "broadcasts/autumn.md", "\"#lead ‸#new-york\"", &["2 recipients", "Li Na", "wang@panda.example"]);
        self.hovers("a hole", "broadcasts/autumn.md", "{{ ali‸as }}", &["Li Na"]);
        self.places("definition of a link", "textDocument/definition", "note.md", "[[Wang Xiao‸ming]]");
        self.places("definition of a tag", "textDocument/definition", "contacts/li.md", "#le‸ad");
        self.places("references of a contact", "textDocument/references", "contacts/wang.md", "alias: Wang‸");
        self.places("references of a tag", "textDocument/references", "contacts/wang.md", "tags: [le‸ad");
        self.places("highlights", "textDocument/documentHighlight", "contacts/li.md", "- le‸ad");
        self.renames("contacts/wang.md", "tags: [le‸ad", "prospect");
        self.renames("note.md", "[[Wang Xiao‸ming]]", "Wang Xiao");
        self.renames("note.md", "](contacts/wan‸g.md)", "wang-xiaoming.md");
        self.renames("note.md", "# Fa‸ir", "Trade fair");
        let merges = "tags: [lead, new-yo‸rk";
        self.renames("contacts/wang.md", merges, "lead");
        // Two tags become one: an editor that can ask first is given what to ask, the others are told.
        if !self.declares("workspace.workspaceEdit.changeAnnotationSupport") {
            let told = self.client.expect_notification("window/showMessage");
            assert!(told["message"].as_str().unwrap().contains("the two become one, for good"), "{told}");
        }
        if self.declares("workspace.fileOperations.willRename") {
            let moved = json!([{ "oldUri": self.client.uri("contacts/wang.md"), "newUri": self.client.uri("people/wang.md") }]);
            let edit = self.ask("move", "workspace/willRenameFiles", json!({ "files": moved }));
            let told = self.outcome(&edit);
            self.keep("a file moves", told);
        }
        for (path, from, to) in [
            ("note.md", "[[Nob‸ody]]", "[[Nob‸ody]]"),
            ("note.md", "Then ‸Somebody", "Else‸ came"),
            ("note.md", "#le‸ad #new-york", "#le‸ad #new-york"),
            ("contacts/messy.md", "tags: le‸ad", "la‸ed"),
            ("contacts/messy.md", "telg‸ram", "telg‸ram"),
            ("contacts/nameless.md", "wechat‸", "wechat‸"),
            ("contacts/li-2.md", "li@ri‸ver", "li@ri‸ver"),
            ("contacts/wang.md", "tags: [le‸ad", "tags: [le‸ad"),
            ("broadcasts/autumn.md", "to: ‸", "to: ‸"),
        ] {
            self.acts(path, from, to);
        }
        self.commands();
        self.margins();
    }
}

#[test]
fn twelve_editors_come_to_the_same() {
    let mut all: Vec<(&str, BTreeMap<String, String>)> = Vec::new();
    for (name, _) in capabilities::CAPTURED {
        let desk = Desk::new(BOOK);
        let mut talk = Talk::new(&desk, name);
        talk.conversation();
        talk.client.round_trip();
        let Talk { client, said, .. } = talk;
        client.shutdown();
        all.push((name, said));
    }
    let mut everything = BTreeMap::new();
    for (what, told) in all.iter().flat_map(|(_, said)| said) {
        everything.entry(what).or_insert(told);
    }
    assert!(everything.len() > 60, "{}", everything.len());
    for (name, said) in &all {
        for (what, told) in said {
            let (_, other) = all.iter().find(|(_, said)| said.contains_key(what)).unwrap();
            assert_eq!(told, &other[what], "{name}: {what}");
        }
        // What is not said at all is only what the editor cannot ask for, or do.
        for what in everything.keys().filter(|what| !said.contains_key(**what)) {
            let asks = ["prepare ", "a file moves", "codeLens", "inlayHint", "documentLink", "foldingRange", "documentSymbol"];
            assert!(asks.iter().any(|asked| what.starts_with(asked)), "{name} was never told: {what}");
        }
    }
    // That they agree would mean little if they agreed on nothing.
    let (_, said) = &all[0];
    for (what, piece) in [
        ("complete a link", "茶🍵 [[Wang Xiaoming]]\n"),
        ("complete a tag behind its key", "tags: [lead]\n"),
        (
            "rename tags: [le‸ad to prospect",
            "contacts/li.md\n  -   - lead\n  +   - prospect\n  - 茶🍵 [[Wang Xiaoming]] #lead\n  + 茶🍵 [[Wang Xiaoming]] #prospect\n",
        ),
        ("action at [[Nob‸ody]]: Create contact “Nobody”", "contacts/nobody.md\n  + ---\n  + alias: Nobody\n  + ---\n"),
        ("action at to: ‸: Generate list", "+ - [ ] [[Li Na]] · li@river.example\n"),
        (
            "rename ](contacts/wan‸g.md) to wang-xiaoming.md",
            "refused: this link leads to a file: rename the file itself. Some editors",
        ),
        ("rename # Fa‸ir to Trade fair", "refused: nothing here can be renamed"),
        ("action at #le‸ad #new-york: Insert the list below", "+ - [[Li Na]]\n  + - [[Wang Xiaoming]]\n"),
        ("guanxi.broadcast.preview {\"uri\":\"broadcasts/autumn.md\",\"show\":true}", "──── 1 of 2 ────"),
        ("people wxm", "Wang Xiaoming"),
        ("action at wechat‸: Set alias to `nobody_yet`", "+ alias: nobody_yet\n"),
    ] {
        assert!(said.get(what).is_some_and(|told| told.contains(piece)), "{what}: {:?}\n{:#?}", said.get(what), said.keys());
    }
}
