//! The wire: messages in and out, each behind its `Content-Length` (LSP 3.17, "Base Protocol"). What is no message is answered
//! here and goes no further, so that one broken frame never ends a conversation. Every message can be written to a trace.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::{Request, Response};

use super::json::read;
use super::outbox::{Outbox, Unwritten, outbox};
use super::parcels::Parcels;
use super::uris::Spellings;

/// No message is longer (bytes): a vault's largest file is 4 MiB, and JSON may need six bytes for one.
const LONGEST: usize = 64 << 20;

/// Writes every message, both ways, as JSON lines: the message with `"dir": "in"` or `"out"` in front.
#[derive(Clone)]
pub struct Trace(Option<Arc<Mutex<Box<dyn Write + Send>>>>);

impl Trace {
    /// A trace that goes to `sink`, or nowhere.
    pub fn new(sink: Option<Box<dyn Write + Send>>) -> Self {
        Self(sink.map(|sink| Arc::new(Mutex::new(sink))))
    }

    fn write(&self, direction: &str, body: &[u8]) {
        let Some(sink) = &self.0 else { return };
        let Ok(Value::Object(message)) = serde_json::from_slice(body) else { return };
        let mut line = serde_json::Map::new();
        line.insert("dir".to_owned(), direction.into());
        line.extend(message);
        let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
        // A trace that cannot be written is no reason to stop serving.
        let _ = writeln!(sink, "{}", Value::Object(line));
        let _ = sink.flush();
    }
}

/// The two ends that the server talks through, and a handle that waits until everything is written.
pub struct Wire {
    /// What the client says.
    pub incoming: Incoming,
    /// What the server says.
    pub outgoing: Outgoing,
    /// Ends once all that was said is written.
    pub writer: thread::JoinHandle<()>,
    /// A way to say something past the server library, which says nothing once it is shutting down.
    pub aside: Outbox,
    /// Ends when the client says nothing more.
    pub gone: tokio::sync::oneshot::Receiver<()>,
}

/// Begins to read and write, each on a thread of its own.
pub fn connect(input: Box<dyn Read + Send>, output: Box<dyn Write + Send>, trace: Trace, parcels: Parcels) -> Wire {
    let (said, to_write) = outbox();
    let (heard, incoming) = unbounded_channel();
    let answers = said.clone();
    let aside = said.clone();
    let reading = trace.clone();
    let shut = Arc::<Shut>::default();
    let shuts = Arc::clone(&shut);
    let spellings = Spellings::default();
    let spelled = spellings.clone();
    let (end, gone) = tokio::sync::oneshot::channel();
    // Nobody waits for the reader: it may sit in a read that never ends.
    thread::spawn(move || {
        read_all(input, &heard, &answers, &reading, &shuts, &spelled);
        let _ = end.send(());
    });
    let writer = thread::spawn(move || write_all(output, &to_write, &trace));
    Wire {
        incoming: Incoming { frames: incoming, rest: VecDeque::new() },
        outgoing: Outgoing { said, frame: Vec::new(), shut, parcels, spellings },
        writer,
        aside,
        gone,
    }
}

fn write_all(output: Box<dyn Write + Send>, to_write: &Unwritten, trace: &Trace) {
    let mut output = BufWriter::new(output);
    while let Some(body) = to_write.next() {
        trace.write("out", &body);
        let mut written = write!(output, "Content-Length: {}\r\n\r\n", body.len()).and_then(|()| output.write_all(&body));
        // What waits already goes out in one piece.
        while let (Ok(()), Some(body)) = (&written, to_write.next_at_once()) {
            trace.write("out", &body);
            written = write!(output, "Content-Length: {}\r\n\r\n", body.len()).and_then(|()| output.write_all(&body));
        }
        if written.and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}

fn read_all(
    input: Box<dyn Read + Send>,
    heard: &UnboundedSender<Vec<u8>>,
    answers: &Outbox,
    trace: &Trace,
    shut: &Shut,
    spellings: &Spellings,
) {
    let mut input = BufReader::with_capacity(64 << 10, input);
    let mut turn = Turn::Initialize;
    while let Some(frame) = read_frame(&mut input) {
        let body = match frame {
            Ok(body) => body,
            Err(reason) => {
                refuse(answers, Value::Null, -32700, &reason);
                continue;
            }
        };
        trace.write("in", &body);
        let mut message = match read(&body) {
            Ok(message) => message,
            Err(error) => {
                refuse(answers, Value::Null, -32700, &format!("this is not JSON: {error}"));
                continue;
            }
        };
        let is_escaped = spellings.escape(&mut message.value);
        let body = if is_escaped || message.is_corrected { message.value.to_string().into_bytes() } else { body };
        match fault(message.value, &mut turn) {
            None => {
                let body = shut.hear(body);
                if heard.send(body).is_err() {
                    return;
                }
            }
            Some((id, code, reason)) => refuse(answers, id, code, &reason),
        }
    }
}

/// What the server library answers to requests that it drops (LSP 3.17, `RequestCancelled`).
const CALLED_OFF: i32 = -32800;

/// The end of a conversation: once `shutdown` is answered, the server says nothing of its own accord any more.
#[derive(Default)]
struct Shut {
    asked: Mutex<Option<Value>>,
    answered: AtomicBool,
    left: AtomicBool,
}

impl Shut {
    /// The message, without the parameters that some (lsp-mode) give to those that take none.
    fn hear(&self, body: Vec<u8>) -> Vec<u8> {
        // Only a short message can be it.
        if body.len() < 200
            && let Ok(mut message) = serde_json::from_slice::<Value>(&body)
            && (message["method"] == "shutdown" || message["method"] == "exit")
        {
            if message["method"] == "exit" {
                self.left.store(true, Ordering::SeqCst);
            } else {
                *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = message.get("id").cloned();
            }
            if message["params"].is_object() || message["params"].is_array() {
                message["params"] = Value::Null;
                return message.to_string().into_bytes();
            }
        }
        body
    }

    /// Must this stay unsaid?
    fn silences(&self, body: &[u8]) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(id) = &*asked else { return false };
        let Ok(message) = serde_json::from_slice::<Value>(body) else { return false };
        let is_answer = message.get("method").is_none();
        if is_answer && message.get("id") == Some(id) {
            self.answered.store(true, Ordering::SeqCst);
        }
        // What was still being worked out when the client left is no more; that it was cancelled would not be true.
        let is_called_off = message["error"]["code"] == CALLED_OFF && self.left.load(Ordering::SeqCst);
        (!is_answer && self.answered.load(Ordering::SeqCst)) || is_called_off
    }
}

/// What may be asked next (LSP 3.17, "Server lifecycle").
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Nothing but `initialize`.
    Initialize,
    Anything,
    /// Nothing any more.
    Exit,
}

impl Turn {
    /// Goes on with a request; where it is not its turn, what to answer.
    fn ask(&mut self, method: &str) -> Option<(i32, &'static str)> {
        match (*self, method) {
            (Turn::Initialize, "initialize") => *self = Turn::Anything,
            (Turn::Initialize, _) => return Some((-32002, "`initialize` comes before all other requests")),
            (Turn::Anything, "shutdown") => *self = Turn::Exit,
            (Turn::Exit, _) => return Some((-32600, "after `shutdown` nothing can be asked")),
            (Turn::Anything, _) => {}
        }
        None
    }
}

fn refuse(answers: &Outbox, id: Value, code: i32, reason: &str) {
    let answer = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": reason } });
    answers.say(answer.to_string().into_bytes());
}

/// What is wrong with a message before anybody looks at what it asks (JSON-RPC 2.0, §5.1), and whom to answer.
fn fault(value: Value, turn: &mut Turn) -> Option<(Value, i32, String)> {
    let id = value.get("id").filter(|id| id.is_string() || id.is_i64()).cloned().unwrap_or(Value::Null);
    let is_answer = value.get("method").is_none() && (value.get("result").is_some() || value.get("error").is_some());
    if !is_answer && value.get("method").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Some((id, -32600, "a message has a method, or is an answer".to_owned()));
    }
    if let Some((code, reason)) = value["method"].as_str().filter(|_| !id.is_null()).and_then(|method| turn.ask(method)) {
        return Some((id, code, reason.to_owned()));
    }
    // Those that begin so are notifications; whoever asks one waits for an answer (LSP 3.17, `$` notifications and requests).
    if let Some(method) = value["method"].as_str().filter(|method| method.starts_with("$/") && !id.is_null()) {
        let reason = format!("{method} cannot be asked");
        return Some((id, -32601, reason));
    }
    let read = if is_answer {
        serde_json::from_value::<Response>(value).map(|_| ())
    } else {
        serde_json::from_value::<Request>(value).map(|_| ())
    };
    // Nobody waits for an answer to an answer.
    read.err().filter(|_| !is_answer || id.is_null()).map(|error| (id, -32600, format!("this is no message: {error}")))
}

/// The next body. `None`: the client is gone.
fn read_frame(input: &mut impl BufRead) -> Option<Result<Vec<u8>, String>> {
    let mut length: Option<usize> = None;
    let mut seen = false;
    loop {
        let mut line = Vec::new();
        // A header is short; what goes on without end is none.
        if input.take(8 << 10).read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            match (length, seen) {
                (Some(length), _) if length > LONGEST => return Some(Err(format!("a message of {length} bytes is too long"))),
                (Some(length), _) => {
                    let mut body = Vec::new();
                    let read = input.take(length as u64).read_to_end(&mut body).ok()?;
                    return (read == length).then_some(Ok(body));
                }
                // Blank lines between messages mean nothing.
                (None, false) => continue,
                (None, true) => return Some(Err("a message without Content-Length".to_owned())),
            }
        }
        seen = true;
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
}

/// The client's messages, as the bytes that the server library reads.
pub struct Incoming {
    frames: UnboundedReceiver<Vec<u8>>,
    rest: VecDeque<u8>,
}

impl AsyncRead for Incoming {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        if self.rest.is_empty() {
            match self.frames.poll_recv(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(body)) => {
                    self.rest.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
                    self.rest.extend(body);
                }
            }
        }
        let (first, _) = self.rest.as_slices();
        let length = first.len().min(buffer.remaining());
        buffer.put_slice(&first[..length]);
        self.rest.drain(..length);
        Poll::Ready(Ok(()))
    }
}

/// The server's messages, cut out of the bytes that the server library writes.
pub struct Outgoing {
    said: Outbox,
    frame: Vec<u8>,
    shut: Arc<Shut>,
    parcels: Parcels,
    spellings: Spellings,
}

impl AsyncWrite for Outgoing {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.frame.extend_from_slice(bytes);
        while let Some((start, end)) = whole_frame(&self.frame) {
            let rest = self.frame.split_off(end);
            let mut body = std::mem::replace(&mut self.frame, rest);
            body.drain(..start);
            if self.shut.silences(&body) {
                continue;
            }
            without_null(&mut body);
            let body = self.spellings.restore(self.parcels.unpack(body));
            if !self.said.say(body) {
                return Poll::Ready(Err(std::io::ErrorKind::BrokenPipe.into()));
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Requests without parameters have none, not `null` (JSON-RPC 2.0, §4.2).
fn without_null(body: &mut Vec<u8>) {
    const NULL: &[u8] = b",\"params\":null";
    // Only the frame of a message is so short.
    if body.len() < 200
        && let Some(at) = memchr::memmem::find(body, NULL)
    {
        body.drain(at..at + NULL.len());
    }
}

/// Where the first body begins and ends, if all of it is there.
fn whole_frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let header = std::str::from_utf8(&bytes[..start]).ok()?;
    let length: usize = header.trim().strip_prefix("Content-Length: ")?.parse().ok()?;
    (bytes.len() >= start + length).then_some((start, start + length))
}
