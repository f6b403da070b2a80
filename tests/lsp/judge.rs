//! Listens to both sides of a conversation and says what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::meaning::{self, Context};
use super::open::Documents;
use super::progress::Tokens;
use super::shapes::{Met, hold, named, of_message};
use super::{declared, resolved, tokens};

/// What came from the server.
#[derive(Debug)]
pub enum Came {
    Answer {
        id: String,
        outcome: Result<Value, Value>,
    },
    /// An error about something that had no readable id.
    Astray(Value),
    Asked {
        id: Value,
        method: String,
        params: Value,
    },
    Note {
        method: String,
        params: Value,
    },
    Nonsense,
}

/// A request of ours that waits for its answer.
struct Waiting {
    method: String,
    params: Value,
    cancelled: bool,
}

#[derive(Default)]
pub struct Judge {
    pub faults: Vec<String>,
    pub server: Value,
    client: Value,
    waiting: BTreeMap<String, Waiting>,
    answered: BTreeSet<String>,
    /// The server's requests that wait for our answer, and all their ids.
    asked: BTreeMap<String, (String, Value)>,
    asked_ids: BTreeSet<String>,
    /// What is registered later, by id.
    registered: BTreeMap<String, (String, Value)>,
    progress: Tokens,
    tokens: tokens::Sent,
    documents: Documents,
    trace: String,
    initialized: bool,
    shut_down: bool,
    raw: bool,
    /// What a command brings may be on its way when it is cancelled.
    command_was_cancelled: bool,
    /// A person answered a question of the server's, which may bring an edit.
    question_was_answered: bool,
}

/// What a server may send before it has answered `initialize`, and after it has answered `shutdown`.
const EARLY: &[&str] = &["window/showMessage", "window/logMessage", "telemetry/event", "window/showMessageRequest", "$/progress"];
const LATE: &[&str] = &["window/logMessage", "telemetry/event", "$/logTrace"];
/// Where an error may say that the server itself gave up.
const GIVES_UP: &[&str] = &["textDocument/diagnostic", "workspace/diagnostic"];
/// Of the reserved numbers, those that mean something: JSON-RPC's first, then the protocol's.
const ERRORS: &[i64] = &[-32700, -32600, -32601, -32602, -32603, -32002, -32001, -32803, -32802, -32801, -32800];
const CANCELLED: i64 = -32800;
const GAVE_UP: i64 = -32802;
/// What may be promised in the first answer, and what registering it later would be called.
const PROVIDERS: &[(&str, &str)] = &[
    ("textDocument/completion", "completionProvider"),
    ("textDocument/hover", "hoverProvider"),
    ("textDocument/definition", "definitionProvider"),
    ("textDocument/references", "referencesProvider"),
    ("textDocument/documentHighlight", "documentHighlightProvider"),
    ("textDocument/documentSymbol", "documentSymbolProvider"),
    ("textDocument/codeAction", "codeActionProvider"),
    ("textDocument/codeLens", "codeLensProvider"),
    ("textDocument/documentLink", "documentLinkProvider"),
    ("textDocument/rename", "renameProvider"),
    ("textDocument/foldingRange", "foldingRangeProvider"),
    ("textDocument/selectionRange", "selectionRangeProvider"),
    ("textDocument/semanticTokens", "semanticTokensProvider"),
    ("textDocument/inlayHint", "inlayHintProvider"),
    ("textDocument/diagnostic", "diagnosticProvider"),
    ("workspace/symbol", "workspaceSymbolProvider"),
    ("workspace/executeCommand", "executeCommandProvider"),
];

impl Judge {
    /// Raw bytes were sent: from now on an error without an id may come.
    pub fn sent_raw(&mut self) {
        self.raw = true;
    }

    /// A message of ours goes out.
    pub fn sent(&mut self, message: &Value) {
        let params = &message["params"];
        match (message["method"].as_str(), message.get("id")) {
            (Some(method), Some(id)) => {
                let id = id.to_string();
                self.progress.brought(&id, method, params);
                if method == "initialize" {
                    self.client = params["capabilities"].clone();
                    self.trace = params["trace"].as_str().unwrap_or("off").to_owned();
                }
                let waiting = Waiting { method: method.to_owned(), params: params.clone(), cancelled: false };
                self.waiting.insert(id, waiting);
            }
            (Some(method), None) => self.told(method, params),
            (None, Some(id)) => {
                if let Some((method, asked)) = self.asked.remove(&id.to_string())
                    && message.get("error").is_none()
                {
                    match method.as_str() {
                        "window/workDoneProgress/create" => self.progress.agreed(&asked["token"]),
                        "window/showMessageRequest" => self.question_was_answered |= !message["result"].is_null(),
                        _ => {}
                    }
                }
            }
            (None, None) => {}
        }
    }

    fn told(&mut self, method: &str, params: &Value) {
        match method {
            "$/cancelRequest" => {
                if let Some(waiting) = self.waiting.get_mut(&params["id"].to_string()) {
                    waiting.cancelled = true;
                    self.command_was_cancelled |= waiting.method == "workspace/executeCommand";
                }
            }
            "initialized" => self.initialized = true,
            "$/setTrace" => self.trace = params["value"].as_str().unwrap_or("off").to_owned(),
            _ => self.documents.told(method, params, &mut self.faults),
        }
    }

    /// A message of the server's arrived.
    pub fn came(&mut self, message: Value) -> Came {
        let known = ["jsonrpc", "id", "method", "params", "result", "error"];
        for key in message.as_object().into_iter().flat_map(|object| object.keys()) {
            if !known.contains(&key.as_str()) {
                self.faults.push(format!("the message has an unknown member `{key}`: {message}"));
            }
        }
        if message["jsonrpc"] != "2.0" {
            self.faults.push(format!("the message is no JSON-RPC 2.0: {message}"));
        }
        let params = message.get("params").cloned();
        match (message.get("method").map(Value::as_str), message.get("id").cloned()) {
            (Some(Some(method)), id) => {
                self.timing(method);
                match id {
                    Some(id) => self.asked(id, method.to_owned(), params),
                    None => self.noted(method.to_owned(), params),
                }
            }
            (None, Some(id)) if params.is_none() => self.answer(&id, &message),
            _ => {
                self.faults.push(format!("neither a request, nor an answer, nor a notification: {message}"));
                Came::Nonsense
            }
        }
    }

    fn timing(&mut self, method: &str) {
        if self.server.is_null() && !EARLY.contains(&method) {
            self.faults.push(format!("{method} came before the answer to initialize"));
        }
        if self.shut_down && !LATE.contains(&method) {
            self.faults.push(format!("{method} came after the answer to shutdown"));
        }
    }

    fn answer(&mut self, id: &Value, message: &Value) -> Came {
        let (result, error) = (message.get("result"), message.get("error"));
        if result.is_some() == error.is_some() {
            self.faults.push(format!("an answer is a result or an error: {message}"));
            return Came::Nonsense;
        }
        if id.is_null() {
            let error = error.cloned().unwrap_or(Value::Null);
            if !self.raw || error["code"].as_i64().is_none() {
                self.faults.push(format!("an answer to nothing: {message}"));
            }
            return Came::Astray(error);
        }
        let key = id.to_string();
        let Some(waiting) = self.waiting.remove(&key) else {
            let again = if self.answered.contains(&key) { "is answered a second time" } else { "was never asked" };
            self.faults.push(format!("{key} {again}: {message}"));
            return Came::Nonsense;
        };
        self.answered.insert(key.clone());
        let mut faults = Vec::new();
        self.progress.answered(&key, result, &mut faults);
        match (result, error) {
            (Some(result), _) => self.result(&waiting, result, &mut faults),
            (_, Some(error)) => self.error(&waiting, error, &mut faults),
            _ => {}
        }
        self.documents.without_own_spellings(&mut faults);
        self.faults.extend(faults.iter().map(|fault| format!("answer {key} to {}: {fault}", waiting.method)));
        let outcome = error.map_or_else(|| Ok(result.cloned().unwrap_or(Value::Null)), |error| Err(error.clone()));
        Came::Answer { id: key, outcome }
    }

    fn result(&mut self, waiting: &Waiting, result: &Value, faults: &mut Vec<String>) {
        self.shut_down |= waiting.method == "shutdown";
        if waiting.method == "initialize" {
            self.server = result["capabilities"].clone();
        }
        let Some(shape) = of_message("answer", &waiting.method) else {
            return faults.push("a result, and shapes.txt does not know this request".to_owned());
        };
        let reading = hold(shape, Some(result));
        faults.extend(reading.faults.iter().map(ToString::to_string));
        if reading.faults.is_empty() {
            self.look(&waiting.method, &waiting.params, &reading.met, faults);
            resolved::look(&self.client, &waiting.method, &waiting.params, result, faults);
            let context =
                Context { client: &self.client, server: &self.server, method: &waiting.method, params: &waiting.params };
            self.tokens.answered(&context, result, faults);
        }
    }

    fn error(&mut self, waiting: &Waiting, error: &Value, faults: &mut Vec<String>) {
        let reading = hold(named("ResponseError"), Some(error));
        faults.extend(reading.faults.iter().map(ToString::to_string));
        let code = error["code"].as_i64().unwrap_or(0);
        let reserved = (-32899..=-32800).contains(&code) || (-32768..=-32000).contains(&code);
        if reserved && !ERRORS.contains(&code) {
            faults.push(format!("{code} is reserved and means nothing"));
        }
        if code == CANCELLED && !waiting.cancelled {
            faults.push("says it was cancelled, and nobody cancelled it".to_owned());
        }
        let may_give_up = GIVES_UP.contains(&waiting.method.as_str())
            || (waiting.method.contains("semanticTokens")
                && declared::has(&self.client, "textDocument.semanticTokens.serverCancelSupport"));
        if code == GAVE_UP && !may_give_up {
            faults.push("the server gave up on a request that it may not give up on".to_owned());
        }
    }

    /// A request of the server's.
    fn asked(&mut self, id: Value, method: String, params: Option<Value>) -> Came {
        let mut faults = Vec::new();
        if !(id.is_i64() || id.is_string()) {
            faults.push(format!("{id} is no id"));
        }
        if !self.asked_ids.insert(id.to_string()) {
            faults.push(format!("the id {id} was used before"));
        }
        declared::asking(&self.client, &method, &mut faults);
        self.read("ask", &method, params.as_ref(), &mut faults);
        let params = params.unwrap_or(Value::Null);
        match method.as_str() {
            // What blocks until its command is answered takes up the edit only if that came first.
            "workspace/applyEdit"
                if !self.command_was_cancelled
                    && !self.question_was_answered
                    && self.waiting.values().all(|waiting| waiting.method != "workspace/executeCommand") =>
            {
                faults.push("comes when no command waits for its answer".to_owned());
            }
            "window/workDoneProgress/create" => self.progress.asked_for(&params["token"], &mut faults),
            "client/registerCapability" => self.registers(&params, &mut faults),
            "client/unregisterCapability" => self.unregisters(&params, &mut faults),
            _ => {}
        }
        self.documents.without_own_spellings(&mut faults);
        self.faults.extend(faults.iter().map(|fault| format!("request {method}: {fault}")));
        self.asked.insert(id.to_string(), (method.clone(), params.clone()));
        Came::Asked { id, method, params }
    }

    fn noted(&mut self, method: String, params: Option<Value>) -> Came {
        let mut faults = Vec::new();
        self.read("note", &method, params.as_ref(), &mut faults);
        let params = params.unwrap_or(Value::Null);
        match method.as_str() {
            "$/progress" => {
                if let Some((id, method, met)) = self.progress.said(&params, &mut faults) {
                    let asked = self.waiting.get(&id).map_or(Value::Null, |waiting| waiting.params.clone());
                    self.look(&method, &asked, &met, &mut faults);
                }
            }
            "$/logTrace" if self.trace == "off" => faults.push("the client set the trace to off".to_owned()),
            "$/logTrace" if self.trace != "verbose" && !params["verbose"].is_null() => {
                faults.push("`verbose` is for the trace of that name".to_owned());
            }
            "$/cancelRequest" if !self.asked_ids.contains(&params["id"].to_string()) => {
                faults.push(format!("cancels {}, which was never asked", params["id"]));
            }
            _ => {}
        }
        self.documents.without_own_spellings(&mut faults);
        self.faults.extend(faults.iter().map(|fault| format!("notification {method}: {fault}")));
        Came::Note { method, params }
    }

    /// The shape of what the server says of its own accord, and all that hangs on it.
    fn read(&self, sort: &str, method: &str, params: Option<&Value>, faults: &mut Vec<String>) {
        let Some(shape) = of_message(sort, method) else {
            return faults.push("shapes.txt does not know this message".to_owned());
        };
        let reading = hold(shape, params);
        faults.extend(reading.faults.iter().map(ToString::to_string));
        if reading.faults.is_empty() {
            self.look(method, &Value::Null, &reading.met, faults);
        }
    }

    /// All checks of what shapes were met.
    fn look(&self, method: &str, params: &Value, met: &[Met], faults: &mut Vec<String>) {
        let context = Context { client: &self.client, server: &self.server, method, params };
        meaning::look(&context, met, faults);
        declared::look(&context, met, faults);
        for met in met {
            match met.shape {
                "Command" => self.command(met, faults),
                "VersionedPlace" | "PublishedDiagnostics" | "WorkspaceFullReport" => self.documents.named(met, faults),
                _ => {}
            }
        }
    }

    /// A command is one that the server runs, or that the client says it has (`experimental.commands.commands`).
    fn command(&self, met: &Met, faults: &mut Vec<String>) {
        let name = &met.value["command"];
        let later = self.registered.values().filter(|(method, _)| method == "workspace/executeCommand");
        let mut lists = later
            .map(|(_, options)| &options["commands"])
            .chain([&self.server["executeCommandProvider"]["commands"], &self.client["experimental"]["commands"]["commands"]]);
        if !lists.any(|list| list.as_array().is_some_and(|list| list.contains(name))) {
            faults.push(format!("{}: nobody runs the command {name}", met.path));
        }
    }

    fn registers(&mut self, params: &Value, faults: &mut Vec<String>) {
        if !self.initialized {
            faults.push("came before the client said `initialized`".to_owned());
        }
        for one in params["registrations"].as_array().into_iter().flatten() {
            let (id, method) = (one["id"].as_str().unwrap_or_default(), one["method"].as_str().unwrap_or_default());
            declared::registering(&self.client, method, faults);
            if PROVIDERS.iter().any(|(later, now)| *later == method && declared::has(&self.server, now)) {
                faults.push(format!("{method} was promised in the first answer already"));
            }
            let options = one.get("registerOptions");
            match (options, of_message("options", method)) {
                (_, None) => faults.push(format!("shapes.txt does not know how to register {method}")),
                (None, Some(_)) => {}
                (Some(_), Some(_)) => self.read("options", method, options, faults),
            }
            let entry = (method.to_owned(), options.cloned().unwrap_or(Value::Null));
            if self.registered.insert(id.to_owned(), entry).is_some() {
                faults.push(format!("{id:?} is registered already"));
            }
        }
    }

    fn unregisters(&mut self, params: &Value, faults: &mut Vec<String>) {
        for one in params["unregisterations"].as_array().into_iter().flatten() {
            let (id, method) = (one["id"].as_str().unwrap_or_default(), one["method"].as_str().unwrap_or_default());
            if self.registered.remove(id).is_none_or(|(registered, _)| registered != method) {
                faults.push(format!("{id:?} is not registered for {method}"));
            }
        }
    }

    /// At the end nothing may be left open.
    pub fn finish(&mut self) {
        for (id, waiting) in &self.waiting {
            self.faults.push(format!("{} ({id}) was never answered", waiting.method));
        }
        self.progress.finish(&mut self.faults);
    }
}
