//! Messages as JSON trees, read as leniently as is safe: the protocol library refuses what some clients write, and drops the message
//! without an answer.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A message that was read.
pub struct Message {
    /// What it says.
    pub value: Value,
    /// Is that something else than its text says to a strict reader? Then it must be written anew.
    pub is_corrected: bool,
}

/// Reads a message. Of members with one name the last counts, as in JavaScript (RFC 8259, §4, leaves it open). Half of a surrogate
/// pair is read as U+FFFD, which has the same length in UTF-16: editors in JavaScript send such text while an emoji is being
/// typed, and a change that is dropped would leave the server with another text than the editor's from then on.
pub fn read(body: &[u8]) -> Result<Message, serde_json::Error> {
    strict(body).or_else(|error| {
        let paired = with_paired_surrogates(body).ok_or(error)?;
        strict(&paired).map(|message| Message { is_corrected: true, ..message })
    })
}

fn strict(body: &[u8]) -> Result<Message, serde_json::Error> {
    let repeated = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Tree { repeated: &repeated }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(Message { value, is_corrected: repeated.get() })
}

/// Reads a tree, and notes whether an object names a member twice.
#[derive(Clone, Copy)]
struct Tree<'a> {
    repeated: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.insert(name, members.next_value_seed(self)?).is_some() {
                self.repeated.set(true);
            }
        }
        Ok(Value::Object(map))
    }
}

/// The text with U+FFFD for escapes of half a surrogate pair; `None` where there is none. A backslash stands only in strings.
fn with_paired_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut result, mut done, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = memchr::memchr(b'\\', body.get(at..)?) {
        at += next;
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                result.extend_from_slice(&body[done..at]);
                result.extend_from_slice(b"\\ufffd");
                at += 6;
                done = at;
            }
            (Some(_), _) => at += 6,
            (None, _) => at += 2,
        }
    }
    if done == 0 {
        return None;
    }
    result.extend_from_slice(&body[done..]);
    Some(result)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_of_equal_members_counts() {
        let read = |text: &str| read(text.as_bytes()).unwrap();
        let message = read(r#"{"id":1,"params":{"a":[1,-2,0.5,true,null],"a":{"b":"c"}},"id":2}"#);
        assert!(message.is_corrected);
        assert_eq!(message.value, json!({ "id": 2, "params": { "a": { "b": "c" } } }));
        let text = r#"{"id":1,"params":{"a":[1,-2,0.5,true,null,18446744073709551615],"b":{"a":"\ud83d\ude00\\ud800"}}}"#;
        let message = read(text);
        assert!(!message.is_corrected);
        assert_eq!(message.value, serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn half_a_surrogate_pair_is_a_replacement_character() {
        for (text, wanted) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ude00\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ud83d\ud83d\ude00\\ud83d\n""#, "\u{fffd}\u{1f600}\\ud83d\n"),
            (r#""\uD83Dx""#, "\u{fffd}x"),
        ] {
            let message = read(text.as_bytes()).unwrap();
            assert!(message.is_corrected && message.value == wanted, "{text}: {}", message.value);
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{} {}", "1e999", "\"\\ud8", "\"\\ud800\\", "\\", "nul", deep.as_str()] {
            assert!(read(text.as_bytes()).is_err(), "{text:.20}");
        }
    }
}
