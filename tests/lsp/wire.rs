//! Messages as bytes: a header that says how long, and then the message. Strict in what it reads.

use std::io::Read;

use serde_json::Value;

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub enum Frame {
    Message(Value),
    /// The announced bytes came and are no message; the next one may be.
    Unreadable(String),
    /// Where the next message begins cannot be known any more.
    Lost(String),
    End,
}

/// Cuts a stream of bytes into messages.
pub struct Frames<R> {
    from: R,
    held: Vec<u8>,
}

/// How every header begins. What begins otherwise is told at once, without waiting for an end that may never come.
const CONTENT: &[u8] = b"Content-";
/// Longer than any header.
const HEADER: usize = 500;

impl<R: Read> Frames<R> {
    pub fn new(from: R) -> Self {
        Self { from, held: Vec::new() }
    }

    /// The next message. `halfway` hears what is there already, before each wait for more.
    pub fn next(&mut self, halfway: &mut dyn FnMut(String)) -> Frame {
        let end = loop {
            if let Some(end) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            let start = self.held.len().min(CONTENT.len());
            if self.held[..start] != CONTENT[..start] || self.held.len() > HEADER {
                return Frame::Lost(format!("no header: {}", self.shown()));
            }
            let shown = self.shown();
            halfway(if shown.is_empty() { String::new() } else { format!("half a header: {shown}") });
            match self.more() {
                Ok(()) => {}
                Err(_) if self.held.is_empty() => return Frame::End,
                Err(why) => return Frame::Lost(format!("{why} in a header: {}", self.shown())),
            }
        };
        let length = match length(&self.held[..end]) {
            Ok(length) => length,
            Err(why) => return Frame::Lost(why),
        };
        self.held.drain(..end + 4);
        while self.held.len() < length {
            halfway(format!("{} of {length} bytes: {}", self.held.len(), self.shown()));
            if let Err(why) = self.more() {
                return Frame::Lost(format!("{why} after {} of {length} bytes: {}", self.held.len(), self.shown()));
            }
        }
        let body: Vec<u8> = self.held.drain(..length).collect();
        match serde_json::from_slice(&body) {
            Ok(message) => Frame::Message(message),
            Err(why) => Frame::Unreadable(format!("{why}: {}", String::from_utf8_lossy(&body))),
        }
    }

    fn more(&mut self) -> Result<(), String> {
        let mut room = [0; 8192];
        match self.from.read(&mut room) {
            Ok(0) => Err("the stream ends".to_owned()),
            Ok(count) => {
                self.held.extend_from_slice(&room[..count]);
                Ok(())
            }
            Err(why) => Err(format!("{why}")),
        }
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.held[..self.held.len().min(200)]).into_owned()
    }
}

const CONTENT_LENGTH: &str = "Content-Length";

fn length(header: &[u8]) -> Result<usize, String> {
    let header = std::str::from_utf8(header).map_err(|_| "a header that is no text".to_owned())?;
    let mut length = None;
    for line in header.split("\r\n") {
        let (name, value) = line.split_once(": ").ok_or(format!("no header: {line:?}"))?;
        match name {
            CONTENT_LENGTH if length.is_some() => return Err(format!("two lengths: {header:?}")),
            CONTENT_LENGTH if value.bytes().all(|byte| byte.is_ascii_digit()) => length = value.parse().ok(),
            "Content-Type" if value == "application/vscode-jsonrpc; charset=utf-8" => {}
            _ => return Err(format!("what is the header {line:?}?")),
        }
    }
    length.ok_or(format!("no {CONTENT_LENGTH}: {header:?}"))
}
