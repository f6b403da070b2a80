//! Everything at once: an editor that types, opens, closes, saves, asks and changes its mind, while other programs write, delete and
//! move. At the end the server must answer as one that was just started on the same files with the same documents open.
//!
//! `GUANXI_CHAOS=600` goes on for so many seconds with new seeds; `GUANXI_CHAOS_SEED=n` runs one again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::super::capabilities;
use super::super::client::Client;
use super::{BOOK, client_of};
use crate::cli::Desk;

/// So many things happen in one run.
const STEPS: usize = 500;
/// So long the two servers have to come to the same answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where files may be. The folder `team` is moved to `moved` and back.
const PATHS: &[&str] = &[
    "contacts/wang.md",
    "contacts/li.md",
    "contacts/zhang.md",
    "note.md",
    "broadcasts/autumn.md",
    "guanxi.yaml",
    "a.md",
    "b.markdown",
    "team/c.md",
    "team/deep/d.md",
    "moved/c.md",
    "moved/deep/d.md",
    "archive/old.md",
    "untitled:draft",
];

const TEXTS: &[&str] = &[
    "---\nalias: Anna\ntags: [lead, boston]\nemails: [wang@panda.example]\n---\n[[Li Na]] #lead\n",
    "---\r\nalias: Bert 茶🍵\r\ntags:\r\n  - lead\r\n  - new-york\r\nphones: [+1 212 555 0147]\r\n---\r\n[[Anna]] and [[Bert 茶🍵|him]]\r\n",
    "---\nalias: Wang Xiaoming\ntags: [laed, 朋友]\n---\n",
    "# Note\n\nMet [[Anna]], [[Nobody]] and [li](contacts/li.md). #boston\n\n```guanxi\n#lead -#boston\n```\n",
    "---\nto: \"#lead | #boston\"\nvia: email\nsubject: Hello\n---\nDear {{ alias }}, {{ org }}\n",
    "---\nalias: Broken\ntags: [#x\n---\n",
    "",
    "\u{feff}---\nalias: Mark\ntags: [event/ces-2026, event]\naliases: [Anna]\ncard: cards/none.png\n---\n#event\n",
];

const SETTINGS: &[&str] = &[
    "",
    "tags:\n  known:\n    lead: Could buy\n",
    "tags:\n  strict: true\n  known:\n    lead: Could buy\n    boston: Near\n",
    "vault:\n  ignore: [\"archive/**\"]\n",
    "broadcast:\n  exclude: \"#boston\"\n",
    "tags: [\n",
];

const PIECES: &[&str] = &[
    "a",
    "lead",
    "#lead ",
    "[[",
    "]]",
    "[[Anna]]",
    "tags: [",
    "]",
    ", boston",
    "\n",
    "\r\n",
    "---\n",
    "alias: ",
    "Zoe",
    "茶🍵",
    "王",
    "é",
    ": ",
    "\"",
    "{{ org }}",
    "```guanxi\n#lead\n```\n",
    "- ",
    "#",
    "emails: [wang@panda.example]\n",
    " ",
    "\t",
    "opt_out: true\n",
];

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// A byte of the text where a character begins, and no line end is cut in two.
    fn place(&mut self, text: &str) -> usize {
        let mut byte = self.below(text.len() + 1);
        while !text.is_char_boundary(byte) || (byte > 0 && text[..byte].ends_with('\r') && text[byte..].starts_with('\n')) {
            byte -= 1;
        }
        byte
    }
}

/// What a client of this seed can do: one of the encodings, and every second one asks for problems itself.
fn able(seed: u64) -> Value {
    let mut able = capabilities::full();
    let encoding = ["utf-8", "utf-16", "utf-32"][usize::try_from(seed % 3).unwrap()];
    able["general"]["positionEncodings"] = json!([encoding]);
    if (seed / 3).is_multiple_of(2) {
        able["textDocument"].as_object_mut().unwrap().remove("diagnostic");
        able["workspace"].as_object_mut().unwrap().remove("diagnostics");
    }
    able
}

struct Chaos {
    desk: Desk,
    client: Client,
    chance: Chance,
    open: BTreeSet<&'static str>,
    waiting: Vec<(i64, String)>,
    /// What happened last, for who looks for the reason.
    log: Vec<String>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        let desk = Desk::new(BOOK);
        let client = client_of(desk.root(), able(seed));
        Self { desk, client, chance: Chance(seed), open: BTreeSet::new(), waiting: Vec::new(), log: Vec::new() }
    }

    fn text_for(&mut self, path: &str) -> &'static str {
        self.chance.of(if path == "guanxi.yaml" { SETTINGS } else { TEXTS })
    }

    fn step(&mut self) {
        let path = self.chance.of(PATHS);
        match self.chance.below(100) {
            0..35 => self.edit(),
            35..43 => self.open(path),
            43..48 => self.close(),
            48..53 => self.save(),
            53..73 => self.outside(path),
            73..97 => self.ask(),
            _ => self.hear(),
        }
        if self.waiting.len() > 40 {
            self.hear();
        }
    }

    fn some_open(&mut self) -> Option<&'static str> {
        let open: Vec<&'static str> = self.open.iter().copied().collect();
        (!open.is_empty()).then(|| self.chance.of(&open))
    }

    fn open(&mut self, path: &'static str) {
        if self.open.insert(path) {
            let is_file = !path.contains(':');
            let there = is_file.then(|| fs::read_to_string(self.desk.path(path)).ok()).flatten();
            let new = self.text_for(path).to_owned();
            let text = there.filter(|_| self.chance.below(4) > 0).unwrap_or(new);
            self.log.push(format!("open {path} {text:?}"));
            self.client.open(path, &text);
        }
    }

    fn close(&mut self) {
        if let Some(path) = self.some_open() {
            self.open.remove(path);
            self.log.push(format!("close {path}"));
            self.client.close(path);
        }
    }

    fn save(&mut self) {
        let Some(path) = self.some_open().filter(|path| !path.contains(':')) else { return };
        fs::create_dir_all(self.desk.path(path).parent().unwrap()).unwrap();
        self.log.push(format!("save {path}"));
        self.client.save(path);
    }

    fn edit(&mut self) {
        let Some(path) = self.some_open() else { return };
        let encoding = self.client.encoding();
        let mut text = self.client.text(path).to_owned();
        let mut changes = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let new = self.chance.of(PIECES);
            if self.chance.below(40) == 0 {
                new.clone_into(&mut text);
                changes.push(json!({"text": new}));
                continue;
            }
            let start = self.chance.place(&text);
            let rest = text.len().min(start + 12) - start;
            let mut end = if self.chance.below(3) == 0 { start } else { start + self.chance.below(rest + 1) };
            while !text.is_char_boundary(end) || (text[..end].ends_with('\r') && text[end..].starts_with('\n')) {
                end += 1;
            }
            changes.push(json!({"range": encoding.range(&text, start..end), "text": new}));
            text.replace_range(start..end, new);
        }
        self.log.push(format!("edit {path} {}", json!(changes)));
        self.client.change(path, &changes);
        assert_eq!(self.client.text(path), text, "the client's own copy");
    }

    /// Another program.
    fn outside(&mut self, path: &str) {
        if path.contains(':') {
            return;
        }
        let file = self.desk.path(path);
        let what = self.chance.below(12);
        let _ = fs::create_dir_all(file.parent().unwrap());
        self.log.push(format!("outside {what} {path}"));
        match what {
            0..4 => {
                let text = self.text_for(path);
                fs::write(&file, text).unwrap();
            }
            4..6 => {
                let text = self.text_for(path);
                fs::write(self.desk.path(".beside"), text).unwrap();
                fs::rename(self.desk.path(".beside"), &file).unwrap();
            }
            6 => {
                let before = fs::read(&file).unwrap_or_default();
                fs::write(&file, "").unwrap();
                fs::write(&file, before).unwrap();
            }
            7 if path != "guanxi.yaml" => fs::write(&file, b"---\nalias: Ren\xe9\n---\n").unwrap(),
            8..10 if path != "guanxi.yaml" => drop(fs::remove_file(&file)),
            10 => {
                let (from, to) = self.chance.of(&[("team", "moved"), ("moved", "team")]);
                let _ = fs::remove_dir_all(self.desk.path(to));
                let _ = fs::rename(self.desk.path(from), self.desk.path(to));
            }
            11 => drop(fs::remove_dir_all(self.desk.path("moved"))),
            _ => {}
        }
    }

    fn ask(&mut self) {
        let Some(path) = self.some_open() else { return };
        let text = self.client.text(path).to_owned();
        let byte = self.chance.place(&text);
        let mut place = self.client.encoding().position(&text, byte);
        if self.chance.below(50) == 0 {
            place = json!({"line": 4_294_967_294_u32, "character": 4_294_967_294_u32});
        }
        let questions = questions(&self.client, path, &place);
        let at = self.chance.below(questions.len());
        let (method, params) = questions[at].clone();
        self.log.push(format!("ask {method} {path} {place}"));
        let id = self.client.send_request(&method, params);
        if self.chance.below(6) == 0 {
            self.client.cancel(id);
        }
        self.waiting.push((id, method));
    }

    fn hear(&mut self) {
        for (id, method) in std::mem::take(&mut self.waiting) {
            if let Err(error) = self.client.answer(id) {
                assert!(is_fair(&error), "{method}: {error}");
            }
        }
    }

    /// The same files and the same open documents, for a server that knows nothing of what was before.
    fn fresh(&self, seed: u64) -> Client {
        let mut fresh = client_of(self.desk.root(), able(seed));
        for path in &self.open {
            fresh.open(path, self.client.text(path));
        }
        fresh
    }
}

/// Refusals are answers; that the server failed is none.
fn is_fair(error: &Value) -> bool {
    [-32803, -32800, -32801, -32602].iter().any(|code| error["code"] == *code)
}

/// All that this server says it answers, asked at one place of a document.
fn questions(client: &Client, path: &str, place: &Value) -> Vec<(String, Value)> {
    let server = client.server();
    let has = |name: &str| server.get(name).is_some_and(|provider| *provider != json!(false) && !provider.is_null());
    let whole = client.whole(path);
    let with = |more: Value| {
        let mut params = whole.clone();
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let everything = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}});
    let here = json!({"start": place, "end": place});
    let mut all = Vec::new();
    let mut add = |provider: &str, method: &str, params: Value| {
        if has(provider) {
            all.push((method.to_owned(), params));
        }
    };
    add("completionProvider", "textDocument/completion", with(json!({"position": place})));
    add("hoverProvider", "textDocument/hover", with(json!({"position": place})));
    add("definitionProvider", "textDocument/definition", with(json!({"position": place})));
    let context = json!({"includeDeclaration": true});
    add("referencesProvider", "textDocument/references", with(json!({"position": place, "context": context})));
    add("documentHighlightProvider", "textDocument/documentHighlight", with(json!({"position": place})));
    add("documentSymbolProvider", "textDocument/documentSymbol", whole.clone());
    add("codeActionProvider", "textDocument/codeAction", with(json!({"range": here, "context": {"diagnostics": []}})));
    add("codeLensProvider", "textDocument/codeLens", whole.clone());
    add("documentLinkProvider", "textDocument/documentLink", whole.clone());
    add("foldingRangeProvider", "textDocument/foldingRange", whole.clone());
    add("selectionRangeProvider", "textDocument/selectionRange", with(json!({"positions": [place]})));
    add("semanticTokensProvider", "textDocument/semanticTokens/full", whole.clone());
    add("inlayHintProvider", "textDocument/inlayHint", with(json!({"range": everything})));
    add("diagnosticProvider", "textDocument/diagnostic", whole.clone());
    add("renameProvider", "textDocument/rename", with(json!({"position": place, "newName": "renamed"})));
    if server["renameProvider"]["prepareProvider"] == true {
        add("renameProvider", "textDocument/prepareRename", with(json!({"position": place})));
    }
    for query in ["", "wang", "#lead"] {
        add("workspaceSymbolProvider", "workspace/symbol", json!({"query": query}));
    }
    if server["diagnosticProvider"]["workspaceDiagnostics"] == true {
        add("diagnosticProvider", "workspace/diagnostic", json!({"previousResultIds": []}));
    }
    let commands = server["executeCommandProvider"]["commands"].clone();
    let asking = [
        ("guanxi.list", json!({"query": "#lead"})),
        ("guanxi.list", json!({"query": "any:a -#boston"})),
        ("guanxi.find", json!({"query": "an"})),
        ("guanxi.tags", json!({})),
    ];
    for (command, argument) in asking {
        if commands.as_array().is_some_and(|commands| commands.contains(&json!(command))) {
            add("executeCommandProvider", "workspace/executeCommand", json!({"command": command, "arguments": [argument]}));
        }
    }
    all
}

/// All answers, so that two servers can be compared. What only counts messages is left out.
fn answers(client: &mut Client, open: &BTreeSet<&'static str>) -> BTreeMap<String, Value> {
    let mut asked: BTreeMap<String, Value> = BTreeMap::new();
    for path in open {
        let text = client.text(path).to_owned();
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        // The ends of the first lines, and a few places in the midst of things.
        let mut places: BTreeSet<usize> = starts.clone().take(6).map(|start| start - 1).chain([0, text.len()]).collect();
        places.extend(["[[", "tags: [", "#", "{{", "- "].iter().filter_map(|piece| text.find(piece).map(|at| at + piece.len())));
        for byte in places {
            let cut = text[..byte].ends_with('\r') && text[byte..].starts_with('\n');
            let place = client.encoding().position(&text, if cut { byte - 1 } else { byte });
            for (method, params) in questions(client, path, &place) {
                asked.insert(format!("{method} {params}"), json!([method, params]));
            }
        }
    }
    let all: Vec<(String, i64)> = asked
        .into_iter()
        .map(|(name, question)| (name, client.send_request(question[0].as_str().unwrap(), question[1].clone())))
        .collect();
    let mut answers: BTreeMap<String, Value> = all
        .into_iter()
        .map(|(name, id)| {
            let answer = client.answer(id).unwrap_or_else(|error| {
                assert!(is_fair(&error), "{name}: {error}");
                json!({"error": error["message"]})
            });
            (name, plain(answer))
        })
        .collect();
    for path in PATHS {
        let asks_itself = client.first_words()["capabilities"]["textDocument"]["diagnostic"].is_object();
        if !asks_itself {
            let told = client.diagnostics(path).unwrap_or_default();
            answers.insert(format!("told of {path}"), plain(json!(told)));
        }
    }
    answers
}

/// Without what counts messages instead of saying something.
fn plain(mut answer: Value) -> Value {
    match &mut answer {
        Value::Object(members) => {
            for counted in ["version", "resultId", "previousResultId"] {
                members.remove(counted);
            }
            members.iter_mut().for_each(|(_, value)| *value = plain(value.take()));
            if let Some(Value::Array(items)) = members.get_mut("items") {
                // The files of a workspace report come in no order.
                if items.iter().all(|item| item["uri"].is_string()) {
                    items.retain(|item| item["items"] != json!([]));
                    items.sort_by_key(|item| item["uri"].as_str().map(str::to_owned));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = plain(item.take())),
        _ => {}
    }
    answer
}

fn run(seed: u64) {
    eprintln!("GUANXI_CHAOS_SEED={seed}");
    let mut chaos = Chaos::new(seed);
    for _ in 0..STEPS {
        chaos.step();
    }
    chaos.hear();
    let mut fresh = chaos.fresh(seed);
    let begun = Instant::now();
    loop {
        let (lived, new) = (answers(&mut chaos.client, &chaos.open), answers(&mut fresh, &chaos.open));
        if lived == new {
            break;
        }
        if begun.elapsed() > PATIENCE {
            let differing: Vec<String> = lived
                .iter()
                .filter(|(name, answer)| new.get(*name) != Some(answer))
                .map(|(name, answer)| {
                    format!("{name}\n  it says {answer}\n  a new one {}", new.get(name).unwrap_or(&Value::Null))
                })
                .collect();
            let last = chaos.log.len().saturating_sub(if std::env::var_os("GUANXI_CHAOS_LOG").is_some() { 1000 } else { 0 });
            panic!(
                "seed {seed}: {} answers differ, open are {:?}\n{}\n{}",
                differing.len(),
                chaos.open,
                differing[..differing.len().min(8)].join("\n"),
                chaos.log[last..].join("\n"),
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    chaos.client.shutdown();
    fresh.shutdown();
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

#[test]
fn a_server_that_lived_through_it_answers_as_a_new_one() {
    if let Some(seed) = number("GUANXI_CHAOS_SEED") {
        return run(seed);
    }
    let Some(seconds) = number("GUANXI_CHAOS") else { return (1..=6).for_each(run) };
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut seeds = Chance(u64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos() % 1_000_000_007).unwrap());
    let (mut runs, mut failed) = (0, Vec::new());
    while Instant::now() < until {
        let seed = seeds.next() % 1_000_000_000;
        runs += 1;
        if std::panic::catch_unwind(|| run(seed)).is_err() {
            failed.push(seed);
        }
    }
    eprintln!("{runs} runs of {STEPS} steps");
    assert!(failed.is_empty(), "of {runs} runs these seeds failed: {failed:?}");
}
