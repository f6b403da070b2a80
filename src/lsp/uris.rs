//! URIs as clients write them. RFC 3986 has no room for `[`, `|`, spaces or letters outside ASCII, and editors send them all the same:
//! the `url` crate (Helix) leaves brackets as they are, variants of VS Code and small plugins encode nothing. The parser in the
//! protocol library refuses such a URI, and with it the message, before any handler runs; so they are percent-encoded first.
//! Clients may compare URIs as text: an open document is spoken of as its client spelled it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};
use tower_lsp::ls_types::Uri;

/// Members of the protocol's messages that hold a URI. Those below `changes` are member names.
const MEMBERS: &[&str] = &["uri", "rootUri", "oldUri", "newUri", "targetUri", "baseUri", "scopeUri", "target", "href"];

/// Members whose content the protocol leaves to others (`LSPAny`): what looks like a URI there may be anything. What clients give
/// to commands is read with [`parse`].
const FREE: &[&str] = &["arguments", "initializationOptions", "settings", "data", "experimental"];

/// The URI that a text is, percent-encoded or not.
pub fn parse(text: &str) -> Option<Uri> {
    escaped(text).parse().ok()
}

/// The text with everything percent-encoded that may not stand in a URI. A `%` that begins no escape is data, and so are `?` and `#`
/// in a `file:` URI: the protocol names files, never places in them. What has no scheme is no URI and stays as it is.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else { return text.into() };
    let is_file = scheme.eq_ignore_ascii_case("file");
    let bytes = rest.as_bytes();
    // Brackets stand around an IPv6 address, and nowhere else.
    let host = rest.strip_prefix("//").map_or(0, |rest| 2 + rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let mut part = Part::Path;
    let mut result = String::new();
    // Up to where `result` already holds the text.
    let mut done = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let is_allowed = match byte {
            b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
            b'[' | b']' => at < host,
            b'?' if !is_file && part == Part::Path => {
                part = Part::Query;
                true
            }
            b'?' => part != Part::Path,
            b'#' if !is_file && part != Part::Fragment => {
                part = Part::Fragment;
                true
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte),
        };
        if !is_allowed {
            // Only ASCII was passed over so far, and bytes of other characters are all escaped.
            result.push_str(rest.get(done..at).unwrap_or_default());
            result.push_str(&format!("%{byte:02X}"));
            done = at + 1;
        }
    }
    if done == 0 {
        return text.into();
    }
    format!("{scheme}:{result}{}", rest.get(done..).unwrap_or_default()).into()
}

/// Where in a URI a character is.
#[derive(PartialEq, Eq)]
enum Part {
    Path,
    Query,
    Fragment,
}

/// RFC 3986, §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Escapes the URIs of a message. Answers whether any needed it.
pub fn escape_all(message: &mut Value) -> bool {
    match message {
        Value::Array(items) => items.iter_mut().fold(false, |any, item| escape_all(item) | any),
        Value::Object(members) => members.iter_mut().fold(false, |any, (name, value)| escape_member(name, value) | any),
        _ => false,
    }
}

fn escape_member(name: &str, value: &mut Value) -> bool {
    match value {
        Value::String(text) if MEMBERS.contains(&name) => match escaped(text) {
            Cow::Owned(escaped) => {
                *text = escaped;
                true
            }
            Cow::Borrowed(_) => false,
        },
        Value::Array(_) | Value::Object(_) if FREE.contains(&name) => false,
        Value::Object(changes) if name == "changes" => {
            let is_raw = changes.keys().any(|uri| matches!(escaped(uri), Cow::Owned(_)));
            if is_raw {
                let raw = std::mem::take(changes);
                *changes = raw.into_iter().map(|(uri, edits)| (escaped(&uri).into_owned(), edits)).collect::<Map<_, _>>();
            }
            is_raw
        }
        value => escape_all(value),
    }
}

/// How the client spells open documents whose URIs had to be escaped.
#[derive(Clone, Default)]
pub struct Spellings(Arc<Known>);

#[derive(Default)]
struct Known {
    /// The client's spelling as a JSON string, by the escaped one.
    raw: Mutex<HashMap<String, String>>,
    /// Is there any? Most clients never send one.
    any: AtomicBool,
}

impl Spellings {
    /// Escapes the URIs of a message from the client, and remembers how it spells a document that it opens. Answers whether any URI
    /// needed it.
    pub fn escape(&self, message: &mut Value) -> bool {
        let opened = |message: &Value| message["params"]["textDocument"]["uri"].as_str().map(str::to_owned);
        let spelled = (message["method"] == "textDocument/didOpen").then(|| opened(message)).flatten();
        let is_changed = escape_all(message);
        if let (Some(spelled), Some(escaped)) = (spelled, opened(message)) {
            self.remember(spelled, escaped);
        }
        is_changed
    }

    /// It holds until the document is opened under another spelling: what is said of a document may come after its closing.
    fn remember(&self, spelled: String, escaped: String) {
        let mut raw = self.0.raw.lock().unwrap_or_else(PoisonError::into_inner);
        if spelled == escaped {
            raw.remove(&escaped);
        } else {
            raw.insert(escaped, Value::from(spelled).to_string());
        }
        self.0.any.store(!raw.is_empty(), Ordering::Release);
    }

    /// A message to the client, with its own spellings.
    pub fn restore(&self, body: Vec<u8>) -> Vec<u8> {
        if !self.0.any.load(Ordering::Acquire) || memchr::memchr(b'%', &body).is_none() {
            return body;
        }
        let raw = self.0.raw.lock().unwrap_or_else(PoisonError::into_inner);
        let mut result = Vec::new();
        let mut done = 0;
        for (start, end) in strings(&body) {
            let text = &body[start + 1..end - 1];
            // An escaped URI is ASCII and needs no escapes of JSON, so that it stands there as it is.
            let spelled = std::str::from_utf8(text).ok().filter(|text| text.contains('%')).and_then(|text| raw.get(text));
            if let Some(spelled) = spelled {
                result.extend_from_slice(&body[done..start]);
                result.extend_from_slice(spelled.as_bytes());
                done = end;
            }
        }
        if done == 0 {
            return body;
        }
        result.extend_from_slice(&body[done..]);
        result
    }
}

/// Where the strings of a JSON text are, quotes included.
fn strings(json: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr(b'"', json.get(at..)?)?;
        let mut end = start + 1;
        loop {
            end += memchr::memchr2(b'"', b'\\', json.get(end..)?)?;
            if json[end] == b'"' {
                at = end + 1;
                return Some((start, at));
            }
            end += 2;
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_may_not_stand_in_a_uri_is_escaped() {
        for (written, wanted) in [
            ("file:///a/b.md", "file:///a/b.md"),
            ("file:///[2026]/a|b^{c}.md", "file:///%5B2026%5D/a%7Cb%5E%7Bc%7D.md"),
            ("file:///%5B2026]/%zz%", "file:///%5B2026%5D/%25zz%25"),
            ("file:///a%2", "file:///a%252"),
            ("file:///a#b?c", "file:///a%23b%3Fc"),
            ("FILE:///王\u{0}\\", "FILE:///%E7%8E%8B%00%5C"),
            ("file://host/[a]", "file://host/%5Ba%5D"),
            ("untitled:Untitled 1", "untitled:Untitled%201"),
            ("git:/a b?{\"ref\":\"~\"}#c#d", "git:/a%20b?%7B%22ref%22:%22~%22%7D#c%23d"),
            ("http://[::1]/[a]?[b]", "http://[::1]/%5Ba%5D?%5Bb%5D"),
            ("", ""),
            ("no scheme: a b", "no scheme: a b"),
            ("/a [b]", "/a [b]"),
            (":[", ":["),
        ] {
            assert_eq!(escaped(written), wanted);
            assert!(parse(written).is_some() == is_scheme(written.split(':').next().unwrap()), "{written}");
        }
    }

    #[test]
    fn only_uris_are_escaped() {
        let mut message = json!({
            "params": {
                "uri": "file:///[a]",
                "text": "file:///[b]",
                "data": { "uri": "file:///[c]" },
                "changes": { "file:///[d]": [{ "newText": "file:///[e]" }] },
                "list": [{ "oldUri": "file:///[f]" }, { "uri": null }],
            }
        });
        assert!(escape_all(&mut message));
        let wanted = json!({
            "params": {
                "uri": "file:///%5Ba%5D",
                "text": "file:///[b]",
                "data": { "uri": "file:///[c]" },
                "changes": { "file:///%5Bd%5D": [{ "newText": "file:///[e]" }] },
                "list": [{ "oldUri": "file:///%5Bf%5D" }, { "uri": null }],
            }
        });
        assert_eq!(message, wanted);
        assert!(!escape_all(&mut message));
    }

    #[test]
    fn an_open_document_keeps_the_spelling_of_its_client() {
        let spellings = Spellings::default();
        let open = |uri: &str| json!({ "method": "textDocument/didOpen", "params": { "textDocument": { "uri": uri } } });
        let said = br#"{"a":"\"file:///%5Ba%5D","file:///%5Ba%5D":["file:///%5Ba%5D","%","file:///%5Bb%5D"],"\\":"\\"}"#.to_vec();
        assert_eq!(spellings.restore(said.clone()), said);
        assert!(spellings.escape(&mut open("file:///[a]")));
        let restored = br#"{"a":"\"file:///%5Ba%5D","file:///[a]":["file:///[a]","%","file:///%5Bb%5D"],"\\":"\\"}"#;
        assert_eq!(String::from_utf8_lossy(&spellings.restore(said.clone())), String::from_utf8_lossy(restored));
        // Opened again under the other spelling.
        assert!(!spellings.escape(&mut open("file:///%5Ba%5D")));
        assert_eq!(spellings.restore(said.clone()), said);
    }
}
