//! How a client begins: which folders, which capabilities, which settings.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::capabilities;
use super::client::{Client, HOUSEKEEPING, process};
use super::connection::{Connection, Handler};
use super::place::{self, Encoding};

pub struct Builder {
    root: PathBuf,
    folders: Option<Vec<PathBuf>>,
    sends_root: bool,
    capabilities: Value,
    more: Value,
    settings: Value,
    ignored: Vec<String>,
    handlers: BTreeMap<String, Handler>,
    patience: Duration,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Builder {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            folders: Some(vec![root.to_owned()]),
            sends_root: true,
            capabilities: capabilities::full(),
            more: json!({"clientInfo": {"name": "test"}}),
            settings: Value::Null,
            ignored: HOUSEKEEPING.iter().map(ToString::to_string).collect(),
            handlers: BTreeMap::new(),
            patience: Duration::from_secs(10),
            arguments: vec!["lsp".to_owned()],
            variables: Vec::new(),
        }
    }

    pub fn capabilities(mut self, capabilities: Value) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The first words of a real editor, by the name of its file.
    pub fn captured(mut self, name: &str) -> Self {
        let mut editor = capabilities::captured(name);
        self.capabilities = editor["capabilities"].take();
        self.more["clientInfo"] = editor["clientInfo"].take();
        if editor["sendsFolders"] == false {
            self.folders = None;
        }
        self
    }

    /// Folders other than the one it was started for.
    pub fn folders(mut self, folders: &[&Path]) -> Self {
        self.folders = Some(folders.iter().map(|folder| folder.to_path_buf()).collect());
        self
    }

    /// `rootUri` alone, as older editors do.
    pub fn root_only(mut self) -> Self {
        self.folders = None;
        self
    }

    /// Neither root nor folders, as for a file opened by itself.
    pub fn no_root(mut self) -> Self {
        self.folders = None;
        self.sends_root = false;
        self
    }

    pub fn options(self, options: Value) -> Self {
        self.first("initializationOptions", options)
    }

    /// A further member of the first params, `trace` or `locale` or `workDoneToken`, say.
    pub fn first(mut self, member: &str, value: Value) -> Self {
        self.more[member] = value;
        self
    }

    /// What `workspace/configuration` gives.
    pub fn settings(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    pub fn ignore(mut self, method: &str) -> Self {
        self.ignored.push(method.to_owned());
        self
    }

    /// How a request of the server's is answered.
    pub fn handle(mut self, method: &str, handler: impl FnMut(&Value) -> Result<Value, Value> + Send + 'static) -> Self {
        self.handlers.insert(method.to_owned(), Box::new(handler));
        self
    }

    /// How long to wait for anything.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// All arguments of the program, `lsp` included.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(ToString::to_string).collect();
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the program and exchanges the first words.
    pub fn start(self) -> Client {
        let mut client = self.silent();
        client.initialize();
        client
    }

    /// Starts the program and says nothing yet.
    pub fn silent(self) -> Client {
        let mut child = process(&self.arguments, &self.variables);
        let errors = Arc::new(Mutex::new(String::new()));
        let (mut from, heard) = (child.stderr.take().unwrap(), Arc::clone(&errors));
        let thread = std::thread::spawn(move || {
            let mut room = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut room) {
                heard.lock().unwrap().push_str(&String::from_utf8_lossy(&room[..count]));
            }
        });
        let (from, to) = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
        let mut client = self.over(from, to);
        client.child = Some(child);
        client.errors = errors;
        client.errors_thread = Some(thread);
        client
    }

    /// Talks over these instead of to a program, and says nothing yet.
    pub fn over(self, from: impl Read + Send + 'static, to: impl Write + Send + 'static) -> Client {
        let first = self.first_words();
        let connection = Connection::new(from, to, self.patience);
        let mut state = connection.state();
        state.handlers = self.handlers;
        state.settings = self.settings;
        state.folders = first.get("workspaceFolders").cloned().unwrap_or_default();
        drop(state);
        Client {
            connection,
            child: None,
            errors: Arc::default(),
            errors_thread: None,
            root: self.root,
            first,
            ignored: self.ignored.into_iter().collect(),
            patience: self.patience,
            documents: BTreeMap::new(),
            encoding: Encoding::Utf16,
            next_id: 0,
            finished: false,
        }
    }

    fn first_words(&self) -> Value {
        let mut first = json!({"processId": std::process::id()});
        let root = self.sends_root.then(|| place::uri(&self.root));
        first["rootUri"] = json!(root);
        if let Some(folders) = &self.folders {
            first["workspaceFolders"] = folders.iter().map(|folder| folder_of(folder)).collect();
        }
        for (name, value) in self.more.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            first[name] = value.clone();
        }
        first["capabilities"] = self.capabilities.clone();
        first
    }
}

/// A folder as the protocol names it.
pub fn folder_of(path: &Path) -> Value {
    json!({"uri": place::uri(path), "name": path.file_name().map_or("", |name| name.to_str().unwrap())})
}
