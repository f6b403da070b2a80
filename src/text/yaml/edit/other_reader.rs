//! A second opinion on an edit: another YAML library reads the text before and after. What our own reader takes for well-formed may be
//! none to others, and a person's note tool must be able to read the file afterwards if it was before.

use serde_yaml::{Mapping, Value as Theirs};

use crate::text::yaml::{Entry, Node, Value};

/// Longer heads (bytes) and more brackets are not asked about: that library takes the square of how deep they are nested.
const LONGEST: usize = 16 * 1024;
const MOST_BRACKETS: usize = 512;

/// Does the other reader agree that only the entry `changed` differs, and that it says what ours says? Where it cannot read the head
/// before, it has no opinion.
pub fn agrees(before: &str, after: &str, changed: Option<&str>, ours: &[Entry<'_>]) -> bool {
    let (Some(old), Some(key)) = (read(before), changed.filter(|key| is_text(key))) else { return true };
    let Some(new) = read(after) else { return is_too_much(after) };
    let is_changed = |own: &Theirs| own.as_str() == Some(key);
    let others =
        |all: &Mapping| all.iter().filter(|(own, _)| !is_changed(own)).map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    let theirs = new.iter().find(|(own, _)| is_changed(own)).map(|(_, value)| value);
    let own = ours.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    let says_the_same = match (theirs, own) {
        (Some(theirs), Some(own)) => same(theirs, own),
        (theirs, own) => theirs.is_none() == own.is_none(),
    };
    others(&old) == others(&new) && says_the_same
}

/// Is a key text to every reader? `2024` and `true` are none to many.
fn is_text(key: &str) -> bool {
    matches!(serde_yaml::from_str(key), Ok(Theirs::String(_)))
}

fn is_too_much(head: &str) -> bool {
    head.len() > LONGEST || head.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > MOST_BRACKETS
}

fn read(head: &str) -> Option<Mapping> {
    if is_too_much(head) {
        return None;
    }
    if head.trim().is_empty() {
        return Some(Mapping::new());
    }
    serde_yaml::from_str(head).ok()
}

/// The same lists and texts. Numbers, dates and truth values are texts here, and are not compared.
fn same(theirs: &Theirs, own: &Node<'_>) -> bool {
    match (theirs, &own.value) {
        (Theirs::Tagged(tagged), _) => same(&tagged.value, own),
        (Theirs::String(text), Value::Scalar(own, _)) => text == own,
        (Theirs::String(text), Value::Empty) => text.is_empty(),
        (Theirs::Null | Theirs::Bool(_) | Theirs::Number(_), Value::Scalar(..) | Value::Empty) => true,
        (Theirs::Sequence(items), Value::List(own, _)) => {
            items.len() == own.len() && items.iter().zip(own).all(|(theirs, own)| same(theirs, own))
        }
        (Theirs::Mapping(entries), Value::Map(own, _)) => {
            entries.len() == own.len() && entries.iter().zip(own).all(|((_, theirs), own)| same(theirs, &own.value))
        }
        _ => false,
    }
}
