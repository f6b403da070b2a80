//! Both directions of a conversation: a thread reads, a thread writes, and whoever waits is woken by what arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::judge::{Came, Judge};
use super::wire::{Frame, Frames, frame};

/// The answer to a request of the server's: a result, or an error with `code` and `message`. It must not wait for the server.
pub type Handler = Box<dyn FnMut(&Value) -> Result<Value, Value> + Send>;

/// Something the server said that a test may read: a notification, or a request (which is answered already).
#[derive(Clone, Debug)]
pub struct Said {
    pub method: String,
    pub params: Value,
}

#[derive(Default)]
pub struct State {
    pub judge: Judge,
    pub answers: BTreeMap<String, Result<Value, Value>>,
    /// Errors about something that had no readable id.
    pub astray: Vec<Value>,
    pub unread: Vec<Said>,
    /// The last diagnostics of each document, read or not.
    pub diagnostics: BTreeMap<String, Value>,
    pub handlers: BTreeMap<String, Handler>,
    /// Requests of the server's that get no answer.
    pub unanswered: BTreeSet<String>,
    /// Those requests, in order: method and id.
    pub owed: Vec<(String, Value)>,
    /// What `workspace/configuration` gives, by section.
    pub settings: Value,
    pub folders: Value,
    /// The server hung up.
    pub over: bool,
    /// What there is of a message that has not arrived whole.
    halfway: String,
    out: Option<Sender<Vec<u8>>>,
}

pub struct Connection {
    shared: Arc<(Mutex<State>, Condvar)>,
    threads: Vec<JoinHandle<()>>,
    patience: Duration,
}

impl Connection {
    pub fn new(from: impl Read + Send + 'static, mut to: impl Write + Send + 'static, patience: Duration) -> Self {
        let (out, lines) = channel::<Vec<u8>>();
        let state = State { out: Some(out), ..State::default() };
        let shared = Arc::new((Mutex::new(state), Condvar::new()));
        // Writing has a thread of its own: a server that is busy writing does not read, and both would wait for ever.
        let writer = std::thread::spawn(move || {
            for bytes in lines {
                if to.write_all(&bytes).and_then(|()| to.flush()).is_err() {
                    break;
                }
            }
        });
        let theirs = Arc::clone(&shared);
        let reader = std::thread::spawn(move || listen(Frames::new(from), &theirs));
        Self { shared, threads: vec![writer, reader], patience }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.shared.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn send(&self, message: &Value) {
        let mut state = self.state();
        state.judge.sent(message);
        state.put(frame(message));
    }

    /// Bytes that stand for a message which would be written otherwise.
    pub fn send_as(&self, message: &Value, bytes: &[u8]) {
        let mut state = self.state();
        state.judge.sent(message);
        state.put(bytes.to_vec());
    }

    pub fn send_raw(&self, bytes: &[u8]) {
        let mut state = self.state();
        state.judge.sent_raw();
        state.put(bytes.to_vec());
    }

    /// Closes our direction.
    pub fn hang_up(&self) {
        self.state().out = None;
    }

    /// Waits until `take` finds what it looks for; otherwise says what there was instead.
    pub fn wait<T>(&self, what: &str, mut take: impl FnMut(&mut State) -> Option<T>) -> Result<T, String> {
        let until = Instant::now() + self.patience;
        let mut state = self.state();
        loop {
            if let Some(found) = take(&mut state) {
                return Ok(found);
            }
            let left = until.saturating_duration_since(Instant::now());
            if state.over || left.is_zero() {
                let why = if state.over { "the server hung up".to_owned() } else { format!("{:?} went by", self.patience) };
                return Err(format!("waiting for {what}: {why}\n{}", state.report()));
            }
            state = self.shared.1.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Waits for the threads; both directions must be closed by then.
    pub fn join(&mut self) {
        self.hang_up();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl State {
    fn put(&mut self, bytes: Vec<u8>) {
        // Nobody reads any more: the reader's side tells that.
        let _ = self.out.as_ref().is_some_and(|out| out.send(bytes).is_ok());
    }

    /// Faults and what nobody read, for a person.
    pub fn report(&self) -> String {
        let mut report = String::new();
        for fault in &self.judge.faults {
            report.push_str(&format!("fault: {fault}\n"));
        }
        for said in &self.unread {
            report.push_str(&format!("unread: {} {}\n", said.method, said.params));
        }
        for (id, outcome) in &self.answers {
            report.push_str(&format!("unread: the answer {id}, {outcome:?}\n"));
        }
        for error in &self.astray {
            report.push_str(&format!("unread: an error about nothing known, {error}\n"));
        }
        if !self.halfway.is_empty() {
            report.push_str(&format!("not whole: {}\n", self.halfway));
        }
        report
    }

    fn came(&mut self, message: Value) {
        match self.judge.came(message) {
            Came::Answer { id, outcome } => drop(self.answers.insert(id, outcome)),
            Came::Astray(error) => self.astray.push(error),
            Came::Note { method, params } => {
                if method == "textDocument/publishDiagnostics" {
                    self.diagnostics.insert(params["uri"].as_str().unwrap_or_default().to_owned(), params.clone());
                }
                self.unread.push(Said { method, params });
            }
            Came::Asked { id, method, params } if self.unanswered.contains(&method) => {
                self.owed.push((method.clone(), id));
                self.unread.push(Said { method, params });
            }
            Came::Asked { id, method, params } => {
                let answer = match self.reply(&method, &params) {
                    Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
                    Err(error) => json!({"jsonrpc": "2.0", "id": id, "error": error}),
                };
                self.judge.sent(&answer);
                self.put(frame(&answer));
                self.unread.push(Said { method, params });
            }
            Came::Nonsense => {}
        }
    }

    fn reply(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        if let Some(handler) = self.handlers.get_mut(method) {
            return handler(params);
        }
        Ok(match method {
            "workspace/applyEdit" => json!({"applied": true}),
            "window/showDocument" => json!({"success": true}),
            "workspace/workspaceFolders" => self.folders.clone(),
            "workspace/configuration" => {
                let items = params["items"].as_array().into_iter().flatten();
                items.map(|item| section(&self.settings, item["section"].as_str().unwrap_or_default())).collect()
            }
            "window/showMessageRequest" | "window/workDoneProgress/create" => Value::Null,
            known if super::shapes::of_message("ask", known).is_some() => Value::Null,
            unknown => return Err(json!({"code": -32601, "message": format!("{unknown}: unknown here")})),
        })
    }
}

/// `a.b` of the settings; all of them for an empty name.
fn section(settings: &Value, name: &str) -> Value {
    name.split('.').filter(|part| !part.is_empty()).fold(settings, |value, part| &value[part]).clone()
}

fn listen(mut frames: Frames<impl Read>, shared: &(Mutex<State>, Condvar)) {
    let state = || shared.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    loop {
        let came = frames.next(&mut |halfway| state().halfway = halfway);
        let mut now = state();
        now.halfway.clear();
        match came {
            Frame::Message(message) => now.came(message),
            Frame::Unreadable(why) => now.judge.faults.push(format!("no JSON: {why}")),
            Frame::Lost(why) => {
                now.judge.faults.push(why);
                now.over = true;
            }
            Frame::End => now.over = true,
        }
        shared.1.notify_all();
        if now.over {
            break;
        }
    }
}
