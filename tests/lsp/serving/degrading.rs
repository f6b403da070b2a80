//! Twelve editors as they introduced themselves, each in the same rich conversation. The judge sees that none gets what it did not
//! declare. Here it is seen that what each gets is of use: applied as that editor would, the answers come to the same texts for all of
//! them, or to a refusal that says what to do instead.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::super::declared::has;
use super::{ignore_news, picture};
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

/// Editors that delete no files for others: two contacts cannot become one there.
const KEEP_FILES: &[&str] = &["eglot-1.9_emacs-28.2", "eglot_emacs-30.1", "vim-ale-3.3.0"];

/// One editor's side of the conversation: everything it was told, by what it did.
struct Talk {
    client: Client,
    able: Value,
    said: BTreeMap<String, String>,
}

impl Talk {
    fn new(desk: &Desk, name: &str) -> Self {
        let mut client = Client::builder(desk.root()).captured(name).start();
        ignore_news(&mut client);
        for path in ["guanxi.yaml", "note.md", "broadcasts/autumn.md", "contacts/messy.md", "contacts/nameless.md"] {
            client.open_file(path);
        }
        Self { client, able: capabilities::captured(name)["capabilities"].take(), said: BTreeMap::new() }
    }

    fn declares(&self, path: &str) -> bool {
        has(&self.able, path)
    }

    fn keep(&mut self, what: &str, told: impl Into<String>) {
        let told = told.into().replace(&self.client.uri(""), "");
        let before = self.said.insert(what.to_owned(), told);
        assert!(before.is_none(), "{what} twice");
    }

    /// What an edit comes to. Where no file can be created, an edit of one that is not there does the same.
    fn outcome(&self, edit: &Value) -> String {
        picture(&self.client, edit).split_inclusive('\n').filter(|line| !line.starts_with("create ")).collect()
    }

    fn ask(&mut self, what: &str, method: &str, params: Value) -> Value {
        self.client.try_request(method, params).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Takes an item of a completion as this editor would, and keeps the line as it stands then.
    fn completes(&mut self, what: &str, path: &str, marked: &str, label: &str) {
        let position = self.client.open_at_cursor(path, marked);
        let asked = json!({ "textDocument": { "uri": self.client.uri(path) }, "position": position });
        let answer = self.ask(what, "textDocument/completion", asked);
        let items = answer["items"].as_array().or(answer.as_array()).unwrap();
        let item = items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("{what}: no {label} in {answer}"));
        let mut edit = item["textEdit"].clone();
        if item["insertTextFormat"] == 2 {
            edit["newText"] = json!(expanded(edit["newText"].as_str().unwrap()));
        }
        let text = self.client.text(path).to_owned();
        let after = self.client.encoding().applied(&text, &[edit]).unwrap();
        let late = self.ask(what, "completionItem/resolve", item.clone());
        assert_eq!(late["textEdit"], item["textEdit"], "{what}");
        self.keep(&format!("complete {what}"), after);
        self.client.close(path);
    }

    /// The words of a hover, without what makes it look better where that is understood.
    fn hovers(&mut self, what: &str, path: &str, marked: &str, words: &[&str]) {
        let spot = self.client.spot(path, marked);
        let answer = self.ask(what, "textDocument/hover", spot);
        let said = answer["contents"]["value"].as_str().unwrap_or_else(|| panic!("{what}: {answer}"));
        let plain = said.replace('\\', "");
        words.iter().for_each(|word| assert!(plain.contains(word), "{what}: no {word} in {said}"));
        let is_plain = answer["contents"]["kind"] == "plaintext";
        assert!(!is_plain || !said.contains("**") && !said.contains("]("), "{what}: {said}");
    }

    /// Places as each editor is told of them: a place, or a place with where it leads from.
    fn places(&mut self, what: &str, method: &str, path: &str, marked: &str) {
        let mut spot = self.client.spot(path, marked);
        spot["context"] = json!({ "includeDeclaration": true });
        let answer = self.ask(what, method, spot);
        let place = |found: &Value| {
            let uri = found["uri"].as_str().or(found["targetUri"].as_str()).map_or_else(|| self.client.uri(path), str::to_owned);
            let range = if found["range"].is_object() { &found["range"] } else { &found["targetSelectionRange"] };
            format!("{uri}:{}: {}\n", range["start"]["line"], self.client.covered(&uri, range))
        };
        let found: String = answer.as_array().map_or_else(|| place(&answer), |found| found.iter().map(place).collect());
        self.keep(what, found);
    }

    fn renames(&mut self, path: &str, marked: &str, new: &str) {
        let what = format!("rename {marked} to {new}");
        let mut spot = self.client.spot(path, marked);
        if self.declares("textDocument.rename.prepareSupport") {
            assert_eq!(self.client.server()["renameProvider"]["prepareProvider"], true);
            let prepared = self.client.try_request("textDocument/prepareRename", spot.clone());
            self.keep(
                &format!("prepare {what}"),
                prepared.map_or_else(|error| words(&error), |found| found["placeholder"].to_string()),
            );
        }
        spot["newName"] = json!(new);
        let told = match self.client.try_request("textDocument/rename", spot) {
            Ok(edit) => self.outcome(&edit),
            Err(error) => words(&error),
        };
        self.keep(&what, told);
    }

    /// Every action that is offered there, and what each comes to: by its edit, or by the command that it runs.
    fn acts(&mut self, path: &str, from: &str, to: &str) {
        let range = json!({ "start": self.client.at(path, from), "end": self.client.at(path, to) });
        let asked = json!({ "textDocument": { "uri": self.client.uri(path) }, "range": range, "context": { "diagnostics": [] } });
        let actions = self.ask(from, "textDocument/codeAction", asked);
        for action in actions.as_array().unwrap() {
            let title = action["title"].as_str().unwrap();
            // This server has nothing to fill in later: what an editor can choose says at once what it does.
            assert!(action["edit"].is_object() != action["command"].is_object(), "{action}");
            let told = match &action["command"] {
                Value::Object(command) => self.runs(command["command"].as_str().unwrap(), &command["arguments"]),
                _ => self.outcome(&action["edit"]),
            };
            self.keep(&format!("action at {from}: {title}"), told);
        }
    }

    /// What a command answers and has the editor change, or why not.
    fn runs(&mut self, command: &str, arguments: &Value) -> String {
        let asked = json!({ "command": command, "arguments": arguments });
        let mut answer = match self.client.try_request("workspace/executeCommand", asked) {
            Ok(answer) => answer,
            Err(error) => return words(&error),
        };
        // What it has done reaches the editor before or behind the answer.
        let own = answer.as_object_mut().and_then(|object| object.shift_remove("edit"));
        let writes = own.is_some() || ["changed", "added", "removed", "text"].iter().any(|key| !answer[*key].is_null());
        let writes = writes && !answer["messages"].is_array();
        let edit = match own {
            Some(edit) => {
                assert!(!self.declares("workspace.applyEdit"), "{command}: an edit in the answer and no less by request");
                edit
            }
            None if writes => self.client.expect_request("workspace/applyEdit")["edit"].clone(),
            None => Value::Null,
        };
        let shows = matches!(command, "guanxi.new" | "guanxi.show");
        if shows && self.declares("window.showDocument.support") {
            let shown = self.client.expect_request("window/showDocument");
            let uri = answer["uri"].as_str().or(answer[0]["uri"].as_str());
            assert_eq!(shown["uri"].as_str(), uri, "{command}");
        }
        let said = match &arguments[0]["show"] {
            Value::Bool(true) if self.declares("window.showDocument.support") => {
                let preview = "untitled:Preview%20of%20autumn";
                let asked = self.client.expect_request("workspace/applyEdit");
                assert_eq!(asked["edit"]["changes"][preview][0]["newText"], answer["text"]);
                assert_eq!(self.client.expect_request("window/showDocument")["uri"], preview);
                Value::Null
            }
            // Who shows no documents says where the messages are.
            Value::Bool(true) => {
                let said = self.client.expect_notification("window/showMessage")["message"].clone();
                assert!(said.as_str().unwrap().contains("hover over"), "{said}");
                Value::Null
            }
            _ => Value::Null,
        };
        // Places are counted as each editor counts; which line it is says enough.
        for found in answer.as_array_mut().into_iter().flatten().filter(|found| found["range"].is_object()) {
            found["range"] = found["range"]["start"]["line"].clone();
        }
        format!("{answer}\n{said}\n{}", self.outcome(&edit))
    }

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
            ("guanxi.contact.merge", json!({ "keep": "contacts/li.md", "other": "contacts/li-2.md" })),
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
        self.hovers("a tag", "contacts/wang.md", "tags: [le‸ad", &["lead", "2 carry it", "Could buy within a year"]);
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

fn words(error: &Value) -> String {
    assert_eq!(error["code"], -32803, "{error}");
    format!("refused: {}", error["message"].as_str().unwrap())
}

/// A snippet as it stands once its stops are passed.
fn expanded(snippet: &str) -> String {
    let mut plain = String::new();
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next()),
            '$' => while letters.next_if(char::is_ascii_digit).is_some() {},
            letter => plain.push(letter),
        }
    }
    plain
}

/// The same member of each of several things, and of those below them.
fn flat(found: &Value, pointer: &str, into: &mut Vec<String>) {
    for one in found.as_array().into_iter().flatten() {
        let member = one.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {one}"));
        into.push(member.as_str().map_or_else(|| member.to_string(), str::to_owned));
        flat(&one["children"], pointer, into);
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
            let is_merge = what.starts_with("guanxi.contact.merge");
            if is_merge && KEEP_FILES.contains(name) {
                assert!(told.contains("cannot delete files") && told.contains("by hand"), "{name}: {told}");
                continue;
            }
            let (_, other) = all.iter().find(|(other, said)| said.contains_key(what) && !KEEP_FILES.contains(other)).unwrap();
            assert_eq!(told, &other[what], "{name}: {what}");
        }
        // What is not said at all is only what the editor cannot ask for, or do.
        for what in everything.keys().filter(|what| !said.contains_key(**what)) {
            let asks = ["prepare ", "a file moves", "codeLens", "inlayHint", "documentLink", "foldingRange", "documentSymbol"];
            let merges = what.contains(": Merge ") && KEEP_FILES.contains(name);
            assert!(merges || asks.iter().any(|asked| what.starts_with(asked)), "{name} was never told: {what}");
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
        ("action at [[Nob‸ody]]: Make a contact of “Nobody”", "contacts/nobody.md\n  + ---\n  + alias: Nobody\n  + ---\n"),
        ("action at to: ‸: Generate list", "+ - [ ] [[Li Na]] · li@river.example\n"),
        ("action at wechat‸: Take `nobody_yet` as its alias", "+ alias: nobody_yet\n"),
    ] {
        assert!(said.get(what).is_some_and(|told| told.contains(piece)), "{what}: {:?}\n{:#?}", said.get(what), said.keys());
    }
}
