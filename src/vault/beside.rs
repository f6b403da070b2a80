//! Files beside the vault: no part of it, but a "no" to messages in them counts. They are a second vault, without one of its own.

use std::sync::Arc;

use super::path::VaultPath;
use super::{Coverage, Understood, Vault};
use crate::contact::Document;
use crate::contact::fields::{self, FieldKind};
use crate::text::yaml::{Entry, Node, Value};
use crate::text::{fold, lines};

/// Of a text whose front matter cannot be told so much is looked through for keys: no front matter that may be broken is longer.
const SEARCHED: usize = 64 * 1024;

impl Vault {
    /// The files beside the vault: those that an ignore rule leaves out, those of nested vaults (their `guanxi.yaml` too, which is a
    /// note there), and the readable beginnings of files that cannot be read as a whole. Only those that could say no to messages are
    /// kept; [`Vault::unreadable`] of it names those of which nobody knows. `None` where there are none.
    pub fn beside(&self) -> Option<&Vault> {
        self.beside.as_deref()
    }

    /// The second half of [`super::Change::Beside`], for a file that was understood elsewhere already.
    pub fn apply_understood_beside(&mut self, new: Understood) {
        self.beside_mut().put(new);
    }

    pub(super) fn apply_beside(&mut self, path: VaultPath, text: Option<Arc<str>>) {
        match text.and_then(|text| Understood::beside(path.clone(), text)) {
            Some(understood) => self.apply_understood_beside(understood),
            None => self.not_beside(&path),
        }
    }

    pub(super) fn lose_beside(&mut self, path: VaultPath, reason: String) {
        self.beside_mut().lose(path, reason);
    }

    /// Whatever is said of a file of the vault: it is not beside it, or no longer.
    pub(super) fn not_beside(&mut self, path: &VaultPath) {
        let Some(beside) = &mut self.beside else { return };
        if beside.id(path).is_none() && !beside.is_unreadable(path) {
            return;
        }
        let beside = Arc::make_mut(beside);
        beside.readable(path);
        beside.remove(path);
        if beside.unreadable.is_empty() && beside.files().next().is_none() {
            self.beside = None;
        }
    }

    fn beside_mut(&mut self) -> &mut Vault {
        Arc::make_mut(self.beside.get_or_insert_with(|| Arc::new(Vault::new(Coverage::Whole))))
    }
}

impl Understood {
    /// Reads a file beside the vault. `None` where it could not say no to anything: the READMEs of a thousand libraries cost nothing.
    pub fn beside<T: AsRef<str> + Into<Arc<str>>>(path: VaultPath, text: T) -> Option<Self> {
        (path.names_settings() || could_say_no(text.as_ref())).then(|| Understood::new(path, text, Coverage::Whole))
    }
}

/// Has the text a key that names or reaches somebody, or one that says no? In doubt, yes: what it means is looked at later.
fn could_say_no(text: &str) -> bool {
    let document = Document::parse(text);
    if document.fences.present && document.fences.closed && document.head.faults.is_empty() {
        return document.head.entries.iter().any(|entry| in_entry(entry)) || has_second_head(&document);
    }
    let end = lines::floor(text, text.len().min(SEARCHED));
    text[..end].lines().any(in_line)
}

fn in_entry(entry: &Entry<'_>) -> bool {
    matters(&entry.key) || in_value(&entry.value)
}

fn in_value(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Map(entries, _) => entries.iter().any(in_entry),
        Value::List(items, _) => items.iter().any(in_value),
        Value::Empty | Value::Scalar(..) => false,
    }
}

/// A second YAML document right after the front matter.
fn has_second_head(document: &Document<'_>) -> bool {
    let body = document.body_text();
    let end = lines::floor(body, body.len().min(SEARCHED));
    let mut lines = body[..end].lines().skip_while(|line| line.trim().is_empty()).peekable();
    // Between two fences, or after the one fence that ends the first and begins the second.
    let begins = lines.peek().is_some_and(|line| line.trim() == "---" || has_key(line));
    begins && lines.take_while(|line| !line.trim().is_empty()).any(in_line)
}

/// Does a line, whatever it belongs to, have a key that matters? `alias: Bo`, `- "E-Mail" : x`, `opt_out = true`.
fn in_line(line: &str) -> bool {
    key_of(line).is_some_and(matters)
}

fn has_key(line: &str) -> bool {
    key_of(line).is_some()
}

fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once([':', '=', '：'])?;
    let key = key.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '*' | '"' | '\'' | '{' | ',' | '?' | '\u{feff}' | '“' | '”')
    });
    // A sentence with a colon is no key.
    (!key.is_empty() && key.len() <= 60).then_some(key)
}

/// Is this a key that names somebody (`alias`), that could hold an address, or that says no?
fn matters(key: &str) -> bool {
    let folded = fold::search_key(key.trim());
    if ["mail", "phone", "mobile", "tel"].iter().any(|part| folded.contains(part)) || folded == "fn" {
        return true;
    }
    let known = fields::find(&folded).or_else(|| fields::near_miss(&folded).and_then(fields::find));
    known.is_some_and(|field| {
        matches!(field.key, "alias" | "aliases" | "emails" | "phones" | "urls" | "opt_out") || field.kind == FieldKind::Handle
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Change;

    #[test]
    fn what_could_say_no_is_kept() {
        for text in [
            "---\nalias: Bo\n---\n",
            "---\nAlias : Bo\n---\n",
            "---\nalais: Bo\n---\n",
            "---\nE-Mail: bo@x.example\n---\n",
            "---\ncontact:\n  work phone: 1\n---\n",
            "---\n\"EMAIL[HOME]\": bo@x.example\n---\n",
            "---\nwechat: bo\n---\n",
            "---\nurl: mailto:bo@x.example\n---\n",
            "---\ntitle: x\n---\n---\nopt-out: true\n---\n",
            "---\ntitle: x\n---\nalias: Bo\nopt_out: true\n---\n",
            "\n--- # x\nalias: Bo\n---\n",
            "+++\nmail = 'bo@x.example'\n+++\n",
            "---\nalias: Bo\nopt_out: true\n",
            "---\norg: [\nemails: [bo@x.example]\n---\n",
            "alias：Bo\n",
        ] {
            assert!(could_say_no(text), "{text}");
        }
        for text in [
            "",
            "# A library\n\nSee https://x.example: it is fast.\n",
            "---\ntitle: Install\ntags: [x]\n---\nText.\nemail: a@x.example\n",
        ] {
            assert!(!could_say_no(text), "{text}");
        }
    }

    #[test]
    fn a_file_is_in_the_vault_or_beside_it() {
        let path = || VaultPath::new("a.md");
        let text = || Arc::<str>::from("---\nalias: Bo\n---\n");
        let beside = || Change::Beside { path: path(), text: Some(text()) };
        let is_beside = |vault: &Vault| vault.beside().is_some_and(|beside| beside.id_of("a.md").is_some());
        let mut vault = Vault::default();
        for member in [
            Change::Found { path: path(), text: text() },
            Change::Gone { path: path() },
            Change::Unreadable { path: path(), reason: "not UTF-8".to_owned() },
            Change::Beside { path: path(), text: None },
            Change::Beside { path: path(), text: Some("no contact".into()) },
        ] {
            vault.apply(beside());
            assert!(is_beside(&vault));
            vault.apply(member);
            assert!(vault.beside().is_none());
        }
        // The beginning of a file that cannot be read as a whole follows what is said of the file itself.
        vault.apply(beside());
        vault.apply_understood(Understood::new(path(), text(), Coverage::Whole));
        assert!(vault.beside().is_none());
        vault.apply(Change::BesideUnreadable { path: path(), reason: "permission denied".to_owned() });
        assert_eq!(vault.beside().map(|beside| beside.unreadable().count()), Some(1));
        vault.apply(beside());
        assert_eq!(vault.beside().map(|beside| beside.unreadable().count()), Some(0));
    }
}
