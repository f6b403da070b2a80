//! `tags`: every tag with its count and its meaning.

use crate::vault::Vault;

/// A tag as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagLine {
    /// As it is shown.
    pub tag: String,
    /// How many carry exactly it.
    pub count: u64,
    /// How many carry it or a tag below it, each person once.
    pub total: u64,
    /// What it means; empty where the vocabulary is silent.
    pub meaning: String,
    /// Does the vocabulary list it?
    pub known: bool,
}

impl TagLine {
    /// As data.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "tag": self.tag,
            "count": self.count,
            "total": self.total,
            "meaning": self.meaning,
            "known": self.known,
        })
    }
}

/// Every tag, in the order of the tags' keys, so that children stand behind their parents. With `parents`, tags that exist only
/// through their children are listed too.
pub fn tags(vault: &Vault, parents: bool) -> Vec<TagLine> {
    let mut lines = Vec::new();
    let mut last: Vec<String> = Vec::new();
    for view in vault.tags().iter() {
        let shown = vault.shown(view);
        let segments: Vec<&str> = shown.split('/').collect();
        let keys: Vec<&str> = view.key().split('/').collect();
        if parents {
            for depth in 1..keys.len() {
                let key = keys[..depth].join("/");
                let listed = last.len() >= depth && last[..depth].iter().zip(&keys).all(|(a, b)| a == b);
                if !listed && vault.tags().get(&key).is_none() {
                    let tag = segments[..depth.min(segments.len())].join("/");
                    lines.push(TagLine { tag, count: 0, total: total(vault, &key), meaning: String::new(), known: false });
                }
            }
        }
        last = keys.iter().map(|&key| key.to_owned()).collect();
        lines.push(TagLine {
            tag: shown.to_owned(),
            count: view.count(),
            total: total(vault, view.key()),
            meaning: view.meaning().unwrap_or("").to_owned(),
            known: view.is_known(),
        });
    }
    lines
}

fn total(vault: &Vault, key: &str) -> u64 {
    vault.tags().carriers_at_or_below(key).len()
}

/// How many carry exactly a tag, and how many with those below it.
pub fn carried(count: u64, total: u64) -> String {
    let carry = |count| if count == 1 { "1 carries it".to_owned() } else { format!("{count} carry it") };
    match (count, total) {
        (_, total) if total == count => carry(count),
        (0, total) => format!("{total} carry tags below it"),
        (count, total) => format!("{}, {total} with the tags below it", carry(count)),
    }
}
