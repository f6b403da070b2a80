//! The editor's documents: opened, typed in, saved, closed; and cursors in them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::{Client, Document};
use super::place;

impl Client {
    /// Opens a document with a text that need not be what is on disk.
    pub fn open(&mut self, path: &str, text: &str) {
        self.open_as(path, "markdown", text);
    }

    pub fn open_as(&mut self, path: &str, language: &str, text: &str) {
        let uri = self.uri(path);
        let before = self.documents.insert(uri.clone(), Document { version: 1, text: text.to_owned() });
        assert!(before.is_none(), "{path} is open already");
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Opens a file as it is on disk.
    pub fn open_file(&mut self, path: &str) {
        let text = std::fs::read_to_string(self.path(path)).unwrap();
        self.open(path, &text);
    }

    /// Opens a text without its cursor mark, and gives the position of that.
    pub fn open_at_cursor(&mut self, path: &str, marked: &str) -> Value {
        let (text, byte) = place::cut(marked);
        self.open(path, &text);
        self.encoding.position(&text, byte)
    }

    /// The text of an open document.
    pub fn text(&self, path: &str) -> &str {
        &self.document(path).text
    }

    pub fn version(&self, path: &str) -> i64 {
        self.document(path).version
    }

    fn document(&self, path: &str) -> &Document {
        self.documents.get(&self.uri(path)).unwrap_or_else(|| panic!("{path} is not open"))
    }

    /// Sends these content changes, which take effect one after the other: `{range, text}`, or `{text}` for the whole.
    pub fn change(&mut self, path: &str, changes: &[Value]) {
        let (uri, encoding) = (self.uri(path), self.encoding);
        let whole_only = {
            let sync = &self.server()["textDocumentSync"];
            sync["change"] == 1 || *sync == json!(1)
        };
        let document = self.documents.get_mut(&uri).unwrap_or_else(|| panic!("{path} is not open"));
        for change in changes {
            let new = change["text"].as_str().unwrap();
            document.text = match change.get("range") {
                None => new.to_owned(),
                Some(range) => encoding.applied(&document.text, &[json!({"range": range, "newText": new})]).unwrap(),
            };
        }
        document.version += 1;
        let told = json!({"uri": uri, "version": document.version});
        let changes = if whole_only { json!([{"text": document.text}]) } else { json!(changes) };
        self.notify("textDocument/didChange", json!({"textDocument": told, "contentChanges": changes}));
    }

    /// Puts another text in place of the whole.
    pub fn change_all(&mut self, path: &str, text: &str) {
        self.change(path, &[json!({"text": text})]);
    }

    /// Types over the only place where `old` stands.
    pub fn edit(&mut self, path: &str, old: &str, new: &str) {
        let text = self.text(path);
        let start = only(text, old);
        let range = self.encoding.range(text, start..start + old.len());
        self.change(path, &[json!({"range": range, "text": new})]);
    }

    /// Writes a document to disk and says so.
    pub fn save(&mut self, path: &str) {
        std::fs::write(self.path(path), self.text(path)).unwrap();
        let mut params = json!({"textDocument": {"uri": self.uri(path)}});
        if self.server()["textDocumentSync"]["save"]["includeText"] == true {
            params["text"] = json!(self.text(path));
        }
        self.notify("textDocument/didSave", params);
    }

    pub fn close(&mut self, path: &str) {
        let uri = self.uri(path);
        self.documents.remove(&uri).unwrap_or_else(|| panic!("{path} is not open"));
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }

    /// The position of the cursor mark in a piece of text that stands only once in the document: `at("a.md", "org: Pi‸ne")`.
    pub fn at(&self, path: &str, marked: &str) -> Value {
        let (piece, byte) = place::cut(marked);
        let text = self.text(path);
        self.encoding.position(text, only(text, &piece) + byte)
    }

    /// The range of a piece of text that stands only once in the document.
    pub fn range(&self, path: &str, piece: &str) -> Value {
        let text = self.text(path);
        let start = only(text, piece);
        self.encoding.range(text, start..start + piece.len())
    }

    /// `{textDocument, position}`, as most requests want it.
    pub fn spot(&self, path: &str, marked: &str) -> Value {
        json!({"textDocument": {"uri": self.uri(path)}, "position": self.at(path, marked)})
    }

    /// `{textDocument}`.
    pub fn whole(&self, path: &str) -> Value {
        json!({"textDocument": {"uri": self.uri(path)}})
    }

    /// What a range covers, in an open document or in a file. A range that leaves the text is a failure.
    pub fn covered(&self, path: &str, range: &Value) -> String {
        let text = self.text_or_file(&self.uri(path));
        self.encoding.covered(&text, range).unwrap_or_else(|why| panic!("{path}: {why}")).to_owned()
    }

    /// The texts that a workspace edit would leave, by path in the vault; files it makes, renames or deletes are not carried out.
    pub fn after(&self, edit: &Value) -> BTreeMap<String, String> {
        let mut after: BTreeMap<String, String> = BTreeMap::new();
        let plain = edit["changes"].as_object().into_iter().flatten().map(|(uri, edits)| (uri.as_str(), edits));
        let versioned = edit["documentChanges"].as_array().into_iter().flatten();
        let versioned = versioned.filter_map(|change| Some((change["textDocument"]["uri"].as_str()?, &change["edits"])));
        // A client that understands the second form takes no notice of the first.
        let lists: Vec<_> = if edit["documentChanges"].is_array() { versioned.collect() } else { plain.collect() };
        for (uri, edits) in lists {
            let path = place::path(uri);
            let inside = path.strip_prefix(&self.root).unwrap_or(&path).to_str().unwrap().to_owned();
            let text = after.get(&inside).cloned().unwrap_or_else(|| self.text_or_file(uri));
            let new = self.encoding.applied(&text, edits.as_array().unwrap()).unwrap_or_else(|why| panic!("{inside}: {why}"));
            after.insert(inside, new);
        }
        after
    }

    /// The text of a document or file as it is now; a file that is not there has none.
    pub fn now(&self, path: &str) -> String {
        self.text_or_file(&self.uri(path))
    }

    pub fn is_open(&self, path: &str) -> bool {
        self.documents.contains_key(&self.uri(path))
    }

    fn text_or_file(&self, uri: &str) -> String {
        match self.documents.get(uri) {
            Some(document) => document.text.clone(),
            None => std::fs::read_to_string(place::path(uri)).unwrap_or_default(),
        }
    }
}

fn only(text: &str, piece: &str) -> usize {
    let mut found = text.match_indices(piece).map(|(at, _)| at);
    let at = found.next().unwrap_or_else(|| panic!("no {piece:?} in {text:?}"));
    assert!(found.next().is_none(), "more than one {piece:?} in {text:?}");
    at
}
