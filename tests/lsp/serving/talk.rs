//! One editor's side of a conversation, and what it comes to: each answer applied as that editor would.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::super::declared::has;
use super::{ignore_news, picture};
use crate::cli::Desk;

/// One editor's side of the conversation: everything it was told, by what it did.
pub struct Talk {
    pub client: Client,
    able: Value,
    pub said: BTreeMap<String, String>,
}

impl Talk {
    pub fn new(desk: &Desk, name: &str) -> Self {
        let mut client = Client::builder(desk.root()).captured(name).start();
        ignore_news(&mut client);
        for path in ["guanxi.yaml", "note.md", "broadcasts/autumn.md", "contacts/messy.md", "contacts/nameless.md"] {
            client.open_file(path);
        }
        Self { client, able: capabilities::captured(name)["capabilities"].take(), said: BTreeMap::new() }
    }

    pub fn declares(&self, path: &str) -> bool {
        has(&self.able, path)
    }

    pub fn keep(&mut self, what: &str, told: impl Into<String>) {
        let told = told.into().replace(&self.client.uri(""), "");
        let before = self.said.insert(what.to_owned(), told);
        assert!(before.is_none(), "{what} twice");
    }

    /// What an edit comes to. Where no file can be created, an edit of one that is not there does the same.
    pub fn outcome(&self, edit: &Value) -> String {
        picture(&self.client, edit).split_inclusive('\n').filter(|line| !line.starts_with("create ")).collect()
    }

    pub fn ask(&mut self, what: &str, method: &str, params: Value) -> Value {
        self.client.try_request(method, params).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Takes an item of a completion as this editor would, and keeps the line as it stands then.
    pub fn completes(&mut self, what: &str, path: &str, marked: &str, label: &str) {
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
    pub fn hovers(&mut self, what: &str, path: &str, marked: &str, words: &[&str]) {
        let spot = self.client.spot(path, marked);
        let answer = self.ask(what, "textDocument/hover", spot);
        let said = answer["contents"]["value"].as_str().unwrap_or_else(|| panic!("{what}: {answer}"));
        let plain = said.replace('\\', "");
        words.iter().for_each(|word| assert!(plain.contains(word), "{what}: no {word} in {said}"));
        let is_plain = answer["contents"]["kind"] == "plaintext";
        assert!(!is_plain || !said.contains("**") && !said.contains("]("), "{what}: {said}");
    }

    /// Places as each editor is told of them: a place, or a place with where it leads from.
    pub fn places(&mut self, what: &str, method: &str, path: &str, marked: &str) {
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

    pub fn renames(&mut self, path: &str, marked: &str, new: &str) {
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
    pub fn acts(&mut self, path: &str, from: &str, to: &str) {
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
    pub fn runs(&mut self, command: &str, arguments: &Value) -> String {
        let asked = json!({ "command": command, "arguments": arguments });
        let mut answer = match self.client.try_request("workspace/executeCommand", asked) {
            Ok(answer) => answer,
            Err(error) => return words(&error),
        };
        // What it has done reaches the editor before or behind the answer.
        let own = answer.as_object_mut().and_then(|object| object.shift_remove("edit"));
        let is_asked = own.is_none();
        let writes = own.is_some() || ["changed", "added", "removed", "text"].iter().any(|key| !answer[*key].is_null());
        let writes = writes && !answer["messages"].is_array() && command != "guanxi.explain";
        let edit = match own {
            Some(edit) => {
                assert!(!self.declares("workspace.applyEdit"), "{command}: an edit in the answer and no less by request");
                edit
            }
            None if writes => self.client.expect_request("workspace/applyEdit")["edit"].clone(),
            None => Value::Null,
        };
        // What is made elsewhere, if at all, is not told as made.
        if command == "guanxi.contact.merge" && arguments[0]["quiet"] != true && is_asked {
            self.client.expect_notification("window/showMessage");
        }
        let shows = matches!(command, "guanxi.new" | "guanxi.show");
        if shows && self.declares("window.showDocument.support") {
            let shown = self.client.expect_request("window/showDocument");
            let uri = answer["uri"].as_str().or(answer[0]["uri"].as_str());
            assert_eq!(shown["uri"].as_str(), uri, "{command}");
        }
        let said = match &arguments[0]["show"] {
            Value::Bool(true) if self.declares("window.showDocument.support") => {
                let preview = match answer["code"].as_str() {
                    Some(code) => format!("untitled:{code}"),
                    None => "untitled:Preview%20of%20autumn".to_owned(),
                };
                let asked = self.client.expect_request("workspace/applyEdit");
                assert_eq!(asked["edit"]["changes"][&preview][0]["newText"], answer["text"]);
                assert_eq!(self.client.expect_request("window/showDocument")["uri"], preview);
                Value::Null
            }
            // Who shows no documents shows the page in a message, or says in one where the messages are.
            Value::Bool(true) if command == "guanxi.explain" => {
                assert_eq!(self.client.expect_notification("window/showMessage")["message"], answer["text"]);
                Value::Null
            }
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
pub fn flat(found: &Value, pointer: &str, into: &mut Vec<String>) {
    for one in found.as_array().into_iter().flatten() {
        let member = one.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {one}"));
        into.push(member.as_str().map_or_else(|| member.to_string(), str::to_owned));
        flat(&one["children"], pointer, into);
    }
}
