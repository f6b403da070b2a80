//! Keys of a broadcast: which there are, and what is wrong with any other. A key that is passed over would reach whom it should not.

use super::document::{Document, Kind};
use super::problem::{Code, Problem};
use crate::text::{Edit, fold};

/// The keys that a broadcast reads, with what they are for.
pub const KEYS: &[&str] = &["to", "via", "subject", "attach", "exclude", "from", "reply_to", "account"];

/// Keys that note-taking programs and static site generators write into any file.
const OF_OTHERS: &[&str] = &[
    "title",
    "aliases",
    "tags",
    "date",
    "created",
    "updated",
    "modified",
    "id",
    "type",
    "status",
    "author",
    "description",
    "category",
    "categories",
    "project",
    "lang",
    "cssclass",
    "cssclasses",
    "publish",
];

/// What people write for a key of a broadcast, by its letters.
const MEANT: &[(&str, &str)] = &[
    ("except", "exclude"),
    ("excluding", "exclude"),
    ("excludes", "exclude"),
    ("excluded", "exclude"),
    ("not", "exclude"),
    ("without", "exclude"),
    ("skip", "exclude"),
    ("ignore", "exclude"),
    ("channel", "via"),
    ("channels", "via"),
    ("attachment", "attach"),
    ("attachments", "attach"),
    ("attached", "attach"),
    ("files", "attach"),
    ("sender", "from"),
    ("replyto", "reply_to"),
    ("recipients", "to"),
    ("betreff", "subject"),
    ("objet", "subject"),
];

/// Every key of a broadcast that it does not have.
pub fn unknown_keys(document: &Document<'_>) -> Vec<Problem> {
    if document.kind != Kind::Broadcast {
        return Vec::new();
    }
    let is_known = |key: &str| KEYS.contains(&key) || OF_OTHERS.contains(&key) || key.starts_with("x-") || key == "<<";
    let entries = document.head.entries.iter().filter(|entry| !is_known(&entry.key));
    let problem = |entry: &crate::text::yaml::Entry<'_>| {
        let (key, bare) = (entry.key.as_ref(), letters(&entry.key));
        if matches!(bare.as_str(), "cc" | "bcc") {
            let message = format!("`{key}`: each recipient gets a message of their own; who gets it is in `to`");
            return Problem::new(Code::BroadcastKeyUnknown, entry.key_span, message);
        }
        match meant(&bare) {
            Some(known) => {
                let message = format!("`{key}` is not a key of a broadcast: did you mean `{known}`?");
                let problem = Problem::new(Code::BroadcastKeyUnknown, entry.key_span, message);
                match document.entry(known) {
                    None => problem.with_fix(format!("rename `{key}` to `{known}`"), vec![Edit::replace(entry.key_span, known)]),
                    Some(_) => problem,
                }
            }
            None => {
                let message = format!("`{key}` is not a key of a broadcast; a key of your own begins with `x-`");
                let fix = vec![Edit::insert(entry.key_span.start(), "x-")];
                let is_plain = entry.key_span.of(document.text) == key;
                let problem = Problem::new(Code::BroadcastKeyUnknown, entry.key_span, message);
                if is_plain { problem.with_fix(format!("rename `{key}` to `x-{key}`"), fix) } else { problem }
            }
        }
    };
    entries.map(problem).collect()
}

fn letters(key: &str) -> String {
    fold::search_key(key).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key that a misspelt one was most likely meant to be.
fn meant(bare: &str) -> Option<&'static str> {
    let own = KEYS.iter().chain(OF_OTHERS).map(|key| (letters(key), *key));
    let words = MEANT.iter().map(|(word, key)| ((*word).to_owned(), *key));
    let all: Vec<(String, &'static str)> = own.chain(words).collect();
    let exact = all.iter().find(|(word, _)| word == bare).map(|(_, key)| *key);
    let limit = match bare.chars().count() {
        0..=2 => return exact,
        3..=4 => 1,
        _ => 2,
    };
    let near = all.iter().filter(|(word, _)| word.len() > 2);
    exact.or_else(|| near.filter_map(|(word, key)| Some((fold::distance(bare, word, limit)?, *key))).min().map(|(_, key)| key))
}
