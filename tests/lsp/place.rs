//! Places in texts as a client counts them: encodings, cursor marks, addresses, and what a text is after some edits.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Where the cursor is, in a text written for a test.
pub const CURSOR: char = '‸';

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The encoding that a server chose; UTF-16 where it says nothing.
    pub fn chosen(server: &Value) -> Self {
        match server["positionEncoding"].as_str() {
            Some("utf-8") => Self::Utf8,
            Some("utf-32") => Self::Utf32,
            _ => Self::Utf16,
        }
    }

    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The place of a byte in a text.
    pub fn position(self, text: &str, byte: usize) -> Value {
        let starts = line_starts(text);
        let line = starts.partition_point(|start| *start <= byte) - 1;
        json!({"line": line, "character": self.length(&text[starts[line]..byte])})
    }

    /// The place of a byte in a line.
    pub fn position_in_line(self, text: &str, line: usize, byte: usize) -> Value {
        self.position(text, line_starts(text)[line] + byte)
    }

    pub fn range(self, text: &str, bytes: std::ops::Range<usize>) -> Value {
        json!({"start": self.position(text, bytes.start), "end": self.position(text, bytes.end)})
    }

    /// The byte at a place. A place past the end of its line, past the last line or inside a character is a mistake.
    pub fn byte(self, text: &str, position: &Value) -> Result<usize, String> {
        let starts = line_starts(text);
        let number = |name: &str| position[name].as_u64().map_or(usize::MAX, |number| number as usize);
        let (line, wanted) = (number("line"), number("character"));
        let start = *starts.get(line).ok_or(format!("{position} is past the last line, {}", starts.len() - 1))?;
        let end = starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text[start..end].trim_end_matches(['\n', '\r']);
        let mut at = 0;
        for (byte, c) in content.char_indices() {
            if at >= wanted {
                return if at == wanted { Ok(start + byte) } else { Err(format!("{position} is inside a character")) };
            }
            at += self.length(c.encode_utf8(&mut [0; 4]));
        }
        match at == wanted {
            true => Ok(start + content.len()),
            false => Err(format!("{position} is past the end of its line, {at}, or inside a character")),
        }
    }

    /// The text that a range covers.
    pub fn covered<'t>(self, text: &'t str, range: &Value) -> Result<&'t str, String> {
        let (start, end) = (self.byte(text, &range["start"])?, self.byte(text, &range["end"])?);
        text.get(start..end).ok_or(format!("{range} ends before it starts"))
    }

    /// A text after the edits of a list, which all speak of the text as it was.
    pub fn applied(self, text: &str, edits: &[Value]) -> Result<String, String> {
        let mut sorted = Vec::new();
        for edit in edits {
            let (start, end) = (self.byte(text, &edit["range"]["start"])?, self.byte(text, &edit["range"]["end"])?);
            sorted.push((start, end, edit["newText"].as_str().ok_or("an edit without a text")?));
        }
        sorted.sort_by_key(|(start, ..)| *start);
        let (mut after, mut at) = (String::new(), 0);
        for (start, end, new) in sorted {
            after.push_str(text.get(at..start).ok_or(format!("the edit at byte {start} overlaps another"))?);
            after.push_str(new);
            at = end;
        }
        after.push_str(&text[at..]);
        Ok(after)
    }
}

/// Lines end with `\n`, `\r\n` or `\r`.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    std::iter::once(0).chain((0..bytes.len()).filter(|at| ends(*at)).map(|at| at + 1)).collect()
}

/// A text without its cursor mark, and where that stood.
pub fn cut(marked: &str) -> (String, usize) {
    let byte = marked.find(CURSOR).unwrap_or_else(|| panic!("no {CURSOR} in {marked:?}"));
    let text = marked.replacen(CURSOR, "", 1);
    assert!(!text.contains(CURSOR), "more than one {CURSOR} in {marked:?}");
    (text, byte)
}

/// The address of a file.
pub fn uri(path: &Path) -> String {
    let mut address = "file://".to_owned();
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => address.push(byte as char),
            byte if byte.is_ascii_alphanumeric() => address.push(byte as char),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// The file of an address.
pub fn path(uri: &str) -> PathBuf {
    let written = uri.strip_prefix("file://").unwrap_or_else(|| panic!("{uri} is no file")).as_bytes();
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < written.len() {
        let code = written.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if written[at] == b'%' => {
                bytes.push(byte);
                at += 3;
            }
            _ => {
                bytes.push(written[at]);
                at += 1;
            }
        }
    }
    PathBuf::from(String::from_utf8(bytes).unwrap())
}
