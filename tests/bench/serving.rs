//! The language server, measured as an editor meets it: the real binary over pipes, every number of issue and guide in one run.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::measure::{Row, median_of, millis};

/// So many keys are typed.
const KEYS: usize = 400;
/// So often one looks: the slowest hundredth is four of them, so that no single hiccup of the machine decides.
const LOOKS: usize = 400;

/// An editor, as small as can be.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: i64,
    root: PathBuf,
    version: i32,
    /// The bytes of the last answer.
    last: usize,
}

impl Editor {
    fn start(root: &Path) -> io::Result<(Self, Duration)> {
        let begun = Instant::now();
        let mut server = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = server.stdin.take().ok_or_else(|| io::Error::other("no stdin"))?;
        let output = BufReader::with_capacity(1 << 20, server.stdout.take().ok_or_else(|| io::Error::other("no stdout"))?);
        let mut editor = Self { server, input, output, next: 0, root: root.to_path_buf(), version: 0, last: 0 };
        let folder = json!({ "uri": uri(root), "name": "vault" });
        let capabilities = json!({
            "workspace": { "workspaceEdit": { "documentChanges": true }, "applyEdit": false },
            "textDocument": { "hover": { "contentFormat": ["markdown"] }, "publishDiagnostics": { "versionSupport": true } },
        });
        editor.ask(
            "initialize",
            json!({ "processId": null, "rootUri": uri(root), "workspaceFolders": [folder], "capabilities": capabilities }),
        )?;
        let answered = begun.elapsed();
        editor.tell("initialized", json!({}))?;
        Ok((editor, answered))
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        self.input.flush()
    }

    fn tell(&mut self, method: &str, parameters: Value) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }))
    }

    /// Asks, and waits for the answer; what comes in between is passed over, and requests of the server get an empty answer.
    fn ask(&mut self, method: &str, parameters: Value) -> io::Result<Value> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }))?;
        loop {
            let message = self.read()?;
            if message.get("method").is_some() {
                if let Some(asked) = message.get("id") {
                    let answer = json!({ "jsonrpc": "2.0", "id": asked, "result": null });
                    self.send(&answer)?;
                }
            } else if message["id"] == id {
                return match message.get("error") {
                    Some(error) => Err(io::Error::other(format!("{method}: {error}"))),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    /// The same, but only until the answer is here: reading a megabyte of JSON is the editor's business.
    fn wait(&mut self, method: &str, parameters: Value) -> io::Result<()> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }))?;
        let wanted = format!("\"id\":{id}");
        loop {
            let body = self.body()?;
            let text = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            if text.contains("\"method\":") {
                continue;
            }
            let end = String::from_utf8_lossy(&body[body.len().saturating_sub(40)..]).into_owned();
            if text.contains(&wanted) || end.contains(&wanted) {
                return if text.contains("\"error\"") { Err(io::Error::other(text)) } else { Ok(()) };
            }
        }
    }

    /// Waits for one answer. Says whether the other one came before it.
    fn wait_for(&mut self, id: i64, other: i64) -> io::Result<bool> {
        let mut came = false;
        loop {
            let body = self.body()?;
            let (begin, end) = (&body[..body.len().min(80)], &body[body.len().saturating_sub(40)..]);
            let text = format!("{} {}", String::from_utf8_lossy(begin), String::from_utf8_lossy(end));
            let is_answer = |id: i64| text.contains(&format!("\"id\":{id},")) || text.contains(&format!("\"id\":{id}}}"));
            if text.contains("\"method\":") {
                continue;
            }
            if text.contains("\"error\"") {
                return Err(io::Error::other(text));
            }
            came |= is_answer(other);
            if is_answer(id) {
                return Ok(came);
            }
        }
    }

    fn read(&mut self) -> io::Result<Value> {
        let body = self.body()?;
        serde_json::from_slice(&body).map_err(io::Error::other)
    }

    fn body(&mut self) -> io::Result<Vec<u8>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err(io::Error::other("the server is gone"));
            }
            match line.trim() {
                "" => break,
                header => {
                    if let Some(value) = header.strip_prefix("Content-Length: ") {
                        length = value.parse().map_err(io::Error::other)?;
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body)?;
        self.last = length;
        Ok(body)
    }

    fn open(&mut self, path: &str, text: &str) -> io::Result<()> {
        self.version = 1;
        let document = json!({ "uri": self.uri(path), "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// The whole of `line` from `column` on becomes `text`.
    fn write(&mut self, path: &str, line: usize, column: usize, text: &str) -> io::Result<()> {
        self.version += 1;
        let range = json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": 4_000_000 } });
        let document = json!({ "uri": self.uri(path), "version": self.version });
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "range": range, "text": text }] }),
        )
    }

    fn at(&self, path: &str, line: usize, character: usize) -> Value {
        json!({ "textDocument": { "uri": self.uri(path) }, "position": { "line": line, "character": character } })
    }

    fn uri(&self, path: &str) -> String {
        uri(&self.root.join(path))
    }

    /// Resident memory now and at its highest, in MB.
    fn memory(&self) -> Option<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).ok()?;
        let of = |name: &str| -> Option<f64> {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
        };
        Some((of("VmRSS:")?, of("VmHWM:")?))
    }

    fn can(&self, capabilities: &Value, provider: &str) -> bool {
        !capabilities[provider].is_null()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Times of many, sorted.
struct Times(Vec<Duration>);

impl Times {
    fn of(count: usize, mut work: impl FnMut(usize) -> io::Result<()>) -> io::Result<Self> {
        let mut times = Vec::with_capacity(count);
        for number in 0..count {
            let begun = Instant::now();
            work(number)?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        Ok(Self(times))
    }

    fn share(&self, share: f64) -> f64 {
        let place = ((self.0.len() - 1) as f64 * share).round() as usize;
        millis(self.0[place])
    }
}

/// What is to be reached.
struct Goals {
    key: (f64, f64),
    list: f64,
    symbols: f64,
    look: f64,
    references: f64,
    rename: f64,
    memory: (f64, f64),
}

const SMALL: Goals =
    Goals { key: (0.5, 2.0), list: 1.0, symbols: 3.0, look: 2.0, references: 8.0, rename: 15.0, memory: (30.0, 40.0) };
const LARGE: Goals =
    Goals { key: (1.0, 5.0), list: 8.0, symbols: 20.0, look: 5.0, references: 80.0, rename: 150.0, memory: (200.0, 260.0) };

/// The document in which is typed.
const PATH: &str = "contacts/zz-typed-here.md";
const TEXT: &str = "---\nalias: Typed Here\ntags: []\nphones: []\n---\nMet \n\n#lead\n";

/// So many beginnings are measured; the one in the middle counts.
const STARTS: usize = 7;

/// Everything, for one vault.
pub fn rows(vault: &Path, name: &str, count: usize) -> io::Result<Vec<Row>> {
    let goals = if count <= 10_000 { SMALL } else { LARGE };
    let mut rows = Vec::new();
    let reference = median_of(STARTS, |_| {
        let _ = Command::new("rg").args(["-c", "new-york"]).arg(vault).stdout(Stdio::null()).status();
    });
    let mut firsts = Vec::new();
    let mut answered = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let (mut editor, first) = Editor::start(vault)?;
        answered.push(first);
        editor.open(PATH, TEXT)?;
        let found = editor.ask("textDocument/completion", editor.at(PATH, 2, 7))?;
        if found["items"].as_array().is_none_or(Vec::is_empty) {
            return Err(io::Error::other("the first answer is empty"));
        }
        firsts.push(begun.elapsed());
    }
    answered.sort_unstable();
    firsts.sort_unstable();
    rows.push(Row::new(format!("{name}: initialize answered"), millis(answered[STARTS / 2]), 10.0, "ms"));
    let ratio = firsts[STARTS / 2].as_secs_f64() / reference.as_secs_f64();
    let remark = format!("{:.0} / {:.0} ms", millis(firsts[STARTS / 2]), millis(reference));
    rows.push(Row::new(format!("{name}: start to first right answer / rg -c"), ratio, 2.0, "x").remark(&remark));

    let (mut editor, _) = Editor::start(vault)?;
    let capabilities = json!({ "workspaceSymbolProvider": 1, "renameProvider": 1 });
    editor.open(PATH, TEXT)?;
    // Ready when people are found.
    editor.ask("workspace/executeCommand", json!({ "command": "guanxi.find", "arguments": [{ "query": "wang" }] }))?;
    // All problems are told first; an editor reads them while they come.
    let settled = Instant::now() + Duration::from_secs(if count > 10_000 { 15 } else { 4 });
    while Instant::now() < settled {
        editor.ask("workspace/executeCommand", json!({ "command": "guanxi.find", "arguments": [{ "query": "wang" }] }))?;
        std::thread::sleep(Duration::from_millis(20));
    }
    let memory = editor.memory();
    rows.extend(typing(&mut editor, name, &goals)?);
    rows.extend(beside(&mut editor, name)?);
    rows.extend(looking(&mut editor, name, &goals, &capabilities)?);
    rows.push(outside(&mut editor, name)?);
    if let Some((now, highest)) = memory {
        rows.push(Row::new(format!("{name}: memory, ready"), now, goals.memory.0, "MB"));
        rows.push(Row::new(format!("{name}: memory, highest until ready"), highest, goals.memory.1, "MB"));
    }
    Ok(rows)
}

fn typing(editor: &mut Editor, name: &str, goals: &Goals) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut largest = 0;
    let words = ["lead", "new-york", "event/ces", "vip", "boston", "朋友", "a", "s"];
    let places = [
        ("in tags:", 2, "tags: [", "]", words),
        ("behind [[", 5, "Met [[", "", ["wang", "wxm", "li na", "5550", "panda", "王", "s", "an"]),
    ];
    for (what, line, before, after, words) in places {
        let keys: Vec<String> =
            words.iter().flat_map(|word| word.char_indices().map(|(at, c)| word[..at + c.len_utf8()].to_owned())).collect();
        let times = Times::of(KEYS, |number| {
            let typed = &keys[number % keys.len()];
            editor.write(PATH, line, 0, &format!("{before}{typed}{after}"))?;
            let column = before.len() + typed.encode_utf16().count();
            editor.wait("textDocument/completion", editor.at(PATH, line, column))?;
            largest = largest.max(editor.last);
            Ok(())
        })?;
        rows.push(Row::new(format!("{name}: key to completion {what}, p50"), times.share(0.5), goals.key.0, "ms"));
        rows.push(Row::new(format!("{name}: key to completion {what}, p99"), times.share(0.99), goals.key.1, "ms"));
        editor.write(PATH, line, 0, &format!("{before}{after}"))?;
    }
    rows.push(Row::new(format!("{name}: largest completion answer"), largest as f64 / 1024.0, 30.0, "KB"));
    Ok(rows)
}

fn looking(editor: &mut Editor, name: &str, goals: &Goals, capabilities: &Value) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let list = Times::of(40, |_| {
        let query = json!({ "command": "guanxi.list", "arguments": [{ "query": "#lead #new-york" }] });
        editor.wait("workspace/executeCommand", query)
    })?;
    rows.push(
        Row::new(format!("{name}: guanxi.list of two tags, p50"), list.share(0.5), goals.list, "ms")
            .remark(&format!("{} KB", editor.last / 1024)),
    );
    let broadcast = "broadcasts/zz-typed-here.md";
    editor.open(broadcast, "---\nto: \"#lead #new-york\"\nvia: email\n---\nDear {{ alias }},\n")?;
    editor.open(PATH, "---\nalias: Typed Here\ntags: [lead]\n---\nMet [[Wang Xiaoming]].\n#lead\n")?;
    if editor.can(capabilities, "workspaceSymbolProvider") {
        let words = ["wang", "wxm", "li", "panda", "#lead boston", "555", "s", "zhang wei"];
        let times = Times::of(LOOKS, |number| editor.wait("workspace/symbol", json!({ "query": words[number % words.len()] })));
        if let Ok(times) = times {
            rows.push(Row::new(format!("{name}: workspace symbols, p99"), times.share(0.99), goals.symbols, "ms"));
        }
    }
    for (what, method, path, line, column) in [
        ("hover on a tag", "textDocument/hover", PATH, 2, 9),
        ("hover on a query", "textDocument/hover", broadcast, 1, 4),
        ("definition of a tag", "textDocument/definition", PATH, 2, 9),
        ("definition of a link", "textDocument/definition", PATH, 4, 8),
        ("code lens of a contact", "textDocument/codeLens", PATH, 0, 0),
        ("code lens of a broadcast", "textDocument/codeLens", broadcast, 0, 0),
    ] {
        let times = Times::of(LOOKS, |_| editor.wait(method, editor.at(path, line, column)))?;
        rows.push(Row::new(format!("{name}: {what}, p99"), times.share(0.99), goals.look, "ms"));
    }
    let references = Times::of(7, |_| {
        let mut place = editor.at(PATH, 2, 9);
        place["context"] = json!({ "includeDeclaration": true });
        editor.wait("textDocument/references", place)
    })?;
    rows.push(Row::new(format!("{name}: references to a tag that 15 % carry"), references.share(0.5), goals.references, "ms"));
    let rename = Times::of(7, |_| {
        let mut place = editor.at(PATH, 2, 9);
        place["newName"] = json!("prospect");
        editor.wait("textDocument/rename", place)
    });
    if let Ok(rename) = rename {
        rows.push(Row::new(format!("{name}: rename of that tag"), rename.share(0.5), goals.rename, "ms"));
    }
    Ok(rows)
}

/// A key and its completion, while a long question is under way: each kind in turn.
fn beside(editor: &mut Editor, name: &str) -> io::Result<Vec<Row>> {
    let broadcast = "broadcasts/zz-typed-here.md";
    editor.open(broadcast, "---\nto: \"#lead #new-york\"\nvia: email\n---\nDear {{ alias }},\n")?;
    let uri = editor.uri(broadcast);
    let command = |command: &str, given: Value| json!({ "command": command, "arguments": [given] });
    let mut references = editor.at(PATH, 2, 7);
    references["context"] = json!({ "includeDeclaration": true });
    let mut rename = editor.at(PATH, 2, 7);
    rename["newName"] = json!("prospect");
    let run = "workspace/executeCommand";
    let long = [
        ("a broadcast list", run, command("guanxi.broadcast.list", json!({ "uri": uri }))),
        ("a preview", run, command("guanxi.broadcast.preview", json!({ "uri": uri }))),
        ("a list as vCard", run, command("guanxi.list", json!({ "query": "#lead", "format": "vcf" }))),
        ("references", "textDocument/references", references),
        ("a rename", "textDocument/rename", rename),
        ("workspace symbols", "workspace/symbol", json!({ "query": "s" })),
        ("all diagnostics", "workspace/diagnostic", json!({ "previousResultIds": [] })),
    ];
    let mut rows = Vec::new();
    for (what, method, parameters) in long {
        let mut times = Vec::with_capacity(KEYS);
        while times.len() < KEYS / 2 {
            editor.next += 1;
            let id = editor.next;
            editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters.clone() }))?;
            let mut is_under_way = true;
            while is_under_way && times.len() < KEYS / 2 {
                let typed = ["tags: [lead]", "tags: [lead, n]", "tags: [lead, ne]"][times.len() % 3];
                let begun = Instant::now();
                editor.write(PATH, 2, 0, typed)?;
                editor.next += 1;
                let key = editor.next;
                let place = editor.at(PATH, 2, typed.len() - 1);
                editor.send(&json!({ "jsonrpc": "2.0", "id": key, "method": "textDocument/completion", "params": place }))?;
                is_under_way &= !editor.wait_for(key, id)?;
                times.push(begun.elapsed());
            }
            if is_under_way {
                editor.wait_for(id, id)?;
            }
        }
        times.sort_unstable();
        let times = Times(times);
        rows.push(Row::new(format!("{name}: key to completion beside {what}, p99"), times.share(0.99), 5.0, "ms"));
    }
    editor.write(PATH, 2, 0, "tags: []")?;
    Ok(rows)
}

/// A burst of 50 files written by somebody else: how long after the last one they are in the answers.
fn outside(editor: &mut Editor, name: &str) -> io::Result<Row> {
    let folder = editor.root.join("zz-outside");
    std::fs::create_dir_all(&folder)?;
    for number in 0..50 {
        std::fs::write(folder.join(format!("{number}.md")), format!("---\nalias: Outside {number}\ntags: [zz-outside]\n---\n"))?;
    }
    let written = Instant::now();
    let query = json!({ "command": "guanxi.list", "arguments": [{ "query": "#zz-outside" }] });
    let mut seen = Duration::from_secs(99);
    while written.elapsed() < Duration::from_secs(10) {
        // Until the first of them is seen, no contact has the tag, which is an error.
        let found = editor.ask("workspace/executeCommand", query.clone()).unwrap_or_default();
        if found.as_array().is_some_and(|found| found.len() == 50) {
            seen = written.elapsed();
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(Row::new(format!("{name}: outside change seen after the last write"), millis(seen), 100.0, "ms"))
}
