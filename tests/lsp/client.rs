//! An editor without a screen: starts the server, says what editors say, waits for what it wants to hear, and at the end wants
//! everything to have been read and nothing to have been wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::connection::{Connection, Said};
use super::place::{self, Encoding};

pub use super::start::Builder;

/// What need not be read: housekeeping. It is looked at all the same.
pub const HOUSEKEEPING: &[&str] = &[
    "window/logMessage",
    "$/progress",
    "$/logTrace",
    "$/cancelRequest",
    "window/workDoneProgress/create",
    "client/registerCapability",
    "client/unregisterCapability",
    "workspace/configuration",
    "workspace/workspaceFolders",
];

const PUBLISH: &str = "textDocument/publishDiagnostics";

pub struct Document {
    pub version: i64,
    pub text: String,
}

pub struct Client {
    pub(super) connection: Connection,
    pub(super) child: Option<Child>,
    /// What the server wrote to its standard error.
    pub(super) errors: Arc<Mutex<String>>,
    pub(super) errors_thread: Option<std::thread::JoinHandle<()>>,
    pub(super) root: PathBuf,
    pub(super) first: Value,
    pub(super) ignored: BTreeSet<String>,
    pub(super) patience: Duration,
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) encoding: Encoding,
    pub(super) next_id: i64,
    pub(super) finished: bool,
}

/// Starting and ending.
impl Client {
    /// A server for this folder, with the first words exchanged.
    pub fn start(root: &Path, capabilities: Value) -> Self {
        Self::builder(root).capabilities(capabilities).start()
    }

    pub fn builder(root: &Path) -> Builder {
        Builder::new(root)
    }

    /// `initialize` and `initialized`, for a client that was started `silent`ly. Gives the whole result.
    pub fn initialize(&mut self) -> Value {
        let result = self.request("initialize", self.first.clone());
        self.encoding = Encoding::chosen(&result["capabilities"]);
        self.notify("initialized", json!({}));
        result
    }

    /// What this client sends as the params of `initialize`.
    pub fn first_words(&self) -> &Value {
        &self.first
    }

    /// What the server said that it can do.
    pub fn server(&self) -> Value {
        self.connection.state().judge.server.clone()
    }

    /// The editor did this wrong on purpose: the fault, which must be there, no longer counts.
    pub fn forgive(&self, fault: &str) {
        let faults = &mut self.connection.state().judge.faults;
        let at = faults.iter().position(|said| said.contains(fault)).unwrap_or_else(|| panic!("no {fault:?} in {faults:#?}"));
        faults.remove(at);
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Ends in order: `shutdown`, `exit`, status 0; fails on whatever was wrong and on whatever nobody read.
    pub fn shutdown(mut self) {
        let answer = self.request("shutdown", Value::Null);
        assert!(answer.is_null());
        self.notify("exit", Value::Null);
        self.end(Some(0));
    }

    /// Waits for the server to end by itself with this status, after `exit` or `hang_up`; then as `shutdown`.
    pub fn ends_with(mut self, status: i32) {
        self.end(Some(status));
    }

    /// Closes the server's input, as an editor that dies does.
    pub fn hang_up(&self) {
        self.connection.hang_up();
    }

    /// Waits for the server to end, whatever it left unanswered; what was wrong so far counts.
    pub fn kill_when_over(mut self) {
        self.connection.wait("the server to end", |state| state.over.then_some(())).unwrap();
        self.end(None);
    }

    /// Ends at once and without looking at what is unread; what was wrong so far still counts.
    pub fn kill(mut self) {
        self.end(None);
    }

    fn end(&mut self, status: Option<i32>) {
        self.finished = true;
        let mut wrong = Vec::new();
        if let Some(status) = status {
            if self.child.is_some() {
                wrong.extend(self.connection.wait("the server to end", |state| state.over.then_some(())).err());
                wrong.extend(self.status(status).err());
            } else {
                self.connection.hang_up();
                wrong.extend(self.connection.wait("the server to end", |state| state.over.then_some(())).err());
            }
        }
        // What is cut off by killing is no fault of the server's.
        let before = self.connection.state().judge.faults.clone();
        self.stop();
        if status.is_some() {
            let mut state = self.connection.state();
            state.judge.finish();
            state.unread.retain(|said| !self.ignored.contains(&said.method));
            wrong.extend(Some(state.report()).filter(|report| !report.is_empty()));
        } else {
            wrong.extend(before);
        }
        let errors = self.errors();
        if errors.contains("panicked at") {
            wrong.push("the server panicked".to_owned());
        }
        assert!(wrong.is_empty(), "{}\n{errors}", wrong.join("\n"));
    }

    /// Processes tell nobody when they end, so this looks again and again; the stream has ended by then.
    fn status(&mut self, wanted: i32) -> Result<(), String> {
        let until = Instant::now() + self.patience;
        let child = self.child.as_mut().unwrap();
        loop {
            match child.try_wait().unwrap() {
                Some(status) if status.code() == Some(wanted) => return Ok(()),
                Some(status) => return Err(format!("the server ended with {status}, wanted {wanted}")),
                None if Instant::now() > until => return Err("the server closed its output and goes on running".to_owned()),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        self.connection.join();
        if let Some(thread) = self.errors_thread.take() {
            let _ = thread.join();
        }
    }

    /// What the server wrote to its standard error so far.
    pub fn errors(&self) -> String {
        self.errors.lock().unwrap().clone()
    }
}

/// Saying and hearing.
impl Client {
    /// Asks and waits; an error is a failure.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.try_request(method, params.clone()).unwrap_or_else(|error| panic!("{method} {params}\ngave the error {error}"))
    }

    /// Asks and waits; an error is an answer.
    pub fn try_request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send_request(method, params);
        self.answer(id)
    }

    /// Asks and does not wait.
    pub fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(json!({"jsonrpc": "2.0", "id": self.next_id, "method": method}), params);
        self.next_id
    }

    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let found = self.connection.wait(&format!("the answer {id}"), |state| state.answers.remove(&id.to_string()));
        found.unwrap_or_else(|why| self.fail(&why))
    }

    /// Whether the answer is there already, without waiting.
    pub fn is_answered(&self, id: i64) -> bool {
        self.connection.state().answers.contains_key(&id.to_string())
    }

    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({"id": id}));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method}), params);
    }

    /// Null stands for no params at all.
    fn send(&self, mut message: Value, params: Value) {
        if !params.is_null() {
            message["params"] = params;
        }
        self.connection.send(&message);
    }

    /// Bytes as they are, for what no editor would say.
    pub fn send_raw(&self, bytes: &[u8]) {
        self.connection.send_raw(bytes);
    }

    /// Asks by raw bytes that say this id, and waits.
    pub fn request_raw(&mut self, method: &str, body: impl FnOnce(i64) -> String) -> Result<Value, Value> {
        self.next_id += 1;
        let body = body(self.next_id);
        self.send_raw_as(&json!({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": {}}), &body);
        self.answer(self.next_id)
    }

    /// A message by raw bytes, and what it means.
    pub fn send_raw_as(&self, meant: &Value, body: &str) {
        self.connection.send_as(meant, format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// The next error that says no id, which is what raw bytes may earn.
    pub fn error_without_id(&mut self) -> Value {
        let take = |state: &mut super::connection::State| (!state.astray.is_empty()).then(|| state.astray.remove(0));
        self.connection.wait("an error without an id", take).unwrap_or_else(|why| self.fail(&why))
    }

    /// Asks for something that no server knows: what the server said before its answer to this has arrived after it.
    pub fn round_trip(&mut self) {
        let error = self.try_request("test/round-trip", json!({})).expect_err("a server that knows test/round-trip");
        assert_eq!(error["code"], -32601, "{error}");
    }

    /// The oldest unread notification, or request of the server's, with this method: its params.
    pub fn expect_notification(&mut self, method: &str) -> Value {
        self.expect(method, |_| true)
    }

    /// The same under the name that fits: the request is answered already.
    pub fn expect_request(&mut self, method: &str) -> Value {
        self.expect(method, |_| true)
    }

    /// The oldest unread one that fits; those with the same method that do not fit stay unread.
    pub fn expect(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let found = self.connection.wait(method, |state| {
            let at = state.unread.iter().position(|said| said.method == method && fits(&said.params))?;
            Some(state.unread.remove(at).params)
        });
        found.unwrap_or_else(|why| self.fail(&why))
    }

    /// Everything unread with this method, without waiting.
    pub fn take_all(&mut self, method: &str) -> Vec<Value> {
        let mut state = self.connection.state();
        let (taken, left): (Vec<Said>, Vec<Said>) = state.unread.drain(..).partition(|said| said.method == method);
        state.unread = left;
        taken.into_iter().map(|said| said.params).collect()
    }

    /// From now on nobody need read this.
    pub fn ignore(&mut self, method: &str) {
        self.ignored.insert(method.to_owned());
    }

    /// Reads what is published about a document until it fits. What was read before does not count: a test waits for the effect
    /// of what it did last.
    pub fn wait_for_diagnostics(&mut self, path: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(path);
        self.wait_for_published(path, |said| said == uri, fits)
    }

    /// The same for a file that is not open: no spelling of its URI is the client's own.
    pub fn wait_for_diagnostics_of(&mut self, file: &Path, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        self.wait_for_published(&file.display().to_string(), |said| place::path(said) == file, fits)
    }

    fn wait_for_published(&mut self, path: &str, is_it: impl Fn(&str) -> bool, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut last = None;
        let found = self.connection.wait(&format!("diagnostics of {path}"), |state| {
            while let Some(at) =
                state.unread.iter().position(|said| said.method == PUBLISH && said.params["uri"].as_str().is_some_and(&is_it))
            {
                let list = state.unread.remove(at).params["diagnostics"].as_array().cloned().unwrap_or_default();
                if fits(&list) {
                    return Some(list);
                }
                last = Some(list);
            }
            None
        });
        found.unwrap_or_else(|why| self.fail(&format!("{why}the last were {}", json!(last))))
    }

    /// The last diagnostics of a document, read or not; nothing where none ever came.
    pub fn diagnostics(&self, path: &str) -> Option<Vec<Value>> {
        let state = self.connection.state();
        state.diagnostics.get(&self.uri(path)).map(|params| params["diagnostics"].as_array().cloned().unwrap_or_default())
    }

    /// How a request of the server's is answered from now on.
    pub fn handle(&mut self, method: &str, handler: impl FnMut(&Value) -> Result<Value, Value> + Send + 'static) {
        self.connection.state().handlers.insert(method.to_owned(), Box::new(handler));
    }

    /// From now on the server gets no answer to this.
    pub fn keep_waiting(&mut self, method: &str) {
        self.connection.state().unanswered.insert(method.to_owned());
    }

    /// Answers the oldest request of this method that was kept waiting.
    pub fn reply_late(&mut self, method: &str, result: Value) {
        let id = {
            let owed = &mut self.connection.state().owed;
            let at = owed.iter().position(|(owing, _)| owing == method).unwrap_or_else(|| panic!("no {method} waits"));
            owed.remove(at).1
        };
        self.connection.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// The same for the newest.
    pub fn reply_to_newest(&mut self, method: &str, result: Value) {
        let id = {
            let owed = &mut self.connection.state().owed;
            let at = owed.iter().rposition(|(owing, _)| owing == method).unwrap_or_else(|| panic!("no {method} waits"));
            owed.remove(at).1
        };
        self.connection.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Other settings: `workspace/configuration` gives these from now on, and the server is told that they changed.
    pub fn configure(&mut self, settings: Value) {
        self.connection.state().settings = settings.clone();
        self.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    }

    fn fail(&self, why: &str) -> ! {
        // A server that hung up has said why by now, or is about to.
        let until = Instant::now() + self.patience;
        let speaks = || self.errors_thread.as_ref().is_some_and(|thread| !thread.is_finished());
        while self.connection.state().over && speaks() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("{why}\n{}", self.errors())
    }
}

/// Where a file is.
impl Client {
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The address of a file in the vault; an address stays as it is.
    pub fn uri(&self, inside: &str) -> String {
        if inside.contains(':') { inside.to_owned() } else { place::uri(&self.path(inside)) }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.finished {
            self.stop();
            let faults = self.connection.state().judge.faults.join("\n");
            assert!(std::thread::panicking(), "a client must end with shutdown(), ends_with() or kill()\n{faults}");
        }
    }
}

/// The real binary.
pub(super) fn process(arguments: &[String], variables: &[(String, String)]) -> Child {
    let mut command = crate::cli::guanxi();
    command.args(arguments).envs(variables.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}
