//! vCard 4.0 (RFC 6350), one contact after the other. Fields go where the field table says.

use crate::contact::date;
use crate::contact::document::Document;
use crate::vault::{FileId, Vault};

/// One `BEGIN:VCARD … END:VCARD`, lines ending with CRLF and folded at 75 bytes (RFC 6350 §3.2).
pub fn write(vault: &Vault, id: FileId) -> String {
    let file = vault.file(id);
    let document = file.document();
    let mut card = Card { text: String::new() };
    card.line("BEGIN", "", "VCARD");
    card.line("VERSION", "", "4.0");
    names(&mut card, &document, file.alias());
    simple(&mut card, &document);
    lists(&mut card, &document);
    dates(&mut card, &document);
    let tags: Vec<String> = document.tags().iter().map(|tag| escaped(tag.text)).collect();
    if !tags.is_empty() {
        card.raw("CATEGORIES", "", &tags.join(","));
    }
    card.line("END", "", "VCARD");
    card.text
}

struct Card {
    text: String,
}

impl Card {
    /// A property with a text value.
    fn line(&mut self, name: &str, parameters: &str, value: &str) {
        self.raw(name, parameters, &escaped(value));
    }

    /// A property whose value is escaped already.
    fn raw(&mut self, name: &str, parameters: &str, value: &str) {
        let line = format!("{name}{parameters}:{value}");
        let mut width = 0;
        for c in line.chars() {
            if width + c.len_utf8() > 75 {
                self.text.push_str("\r\n ");
                width = 1;
            }
            self.text.push(c);
            width += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// RFC 6350 §3.4: backslash, comma, semicolon and line ends; other control characters cannot stand in a vCard.
fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ',' | ';' => result.extend(['\\', c]),
            '\n' | '\r' => result.push_str("\\n"),
            '\t' => result.push('\t'),
            c if c.is_control() => {}
            c => result.push(c),
        }
    }
    result
}

fn names(card: &mut Card, document: &Document<'_>, alias: &str) {
    let name = document.text_of("name");
    card.line("FN", "", name.unwrap_or(alias));
    if let Some(name) = name {
        // A full name has no parts that a machine could tell; it goes whole where the given name stands.
        card.raw("N", "", &format!(";{};;;", escaped(name)));
        card.line("NICKNAME", "", alias);
    }
    let others: Vec<String> = document.values_of("aliases").iter().map(|value| escaped(value.text)).collect();
    if !others.is_empty() {
        card.raw("NICKNAME", "", &others.join(","));
    }
    if let Some(username) = document.text_of("username") {
        card.line("NICKNAME", ";TYPE=x-username", username);
    }
}

fn simple(card: &mut Card, document: &Document<'_>) {
    let properties = [
        ("org", "ORG"),
        ("title", "TITLE"),
        ("role", "ROLE"),
        ("description", "NOTE"),
        ("phonetic", "X-PHONETIC"),
        ("source", "X-SOURCE"),
        ("uid", "UID"),
    ];
    for (key, property) in properties {
        if let Some(text) = document.text_of(key) {
            card.line(property, if key == "uid" { ";VALUE=text" } else { "" }, text);
        }
    }
    let opt_out: Vec<String> = document.values_of("opt_out").iter().map(|value| escaped(value.text)).collect();
    if !opt_out.is_empty() {
        card.raw("X-OPT-OUT", "", &opt_out.join(","));
    }
}

fn lists(card: &mut Card, document: &Document<'_>) {
    for (key, property) in [("phones", "TEL"), ("emails", "EMAIL"), ("addresses", "ADR"), ("urls", "URL")] {
        for value in document.values_of(key) {
            let parameters = value.label.map(parameter).unwrap_or_default();
            match key {
                // An address has seven parts; as people write it, it is one text: the street.
                "addresses" => card.raw(property, &parameters, &format!(";;{};;;;", escaped(value.text))),
                "urls" => card.raw(property, &parameters, &without_controls(value.text)),
                _ => card.line(property, &parameters, value.text),
            }
        }
    }
    for key in ["wechat", "telegram", "whatsapp", "signal", "line", "qq", "matrix"] {
        if let Some(handle) = document.text_of(key) {
            card.raw("IMPP", "", &format!("{key}:{}", uri_part(handle)));
        }
    }
    for key in ["linkedin", "weibo", "mastodon", "github"] {
        if let Some(handle) = document.text_of(key) {
            card.line("SOCIALPROFILE", &format!(";SERVICE-TYPE={key};VALUE=text"), handle);
        }
    }
}

/// `TYPE=work`; a label of several words, or with signs, is a quoted value (RFC 6350 §5).
fn parameter(label: &str) -> String {
    // A backslash means itself there, but some readers take it for an escape: at the end it would swallow the number.
    let label: String = label.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    if label.is_empty() {
        return String::new();
    }
    let token = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if token { format!(";TYPE={label}") } else { format!(";TYPE=\"{label}\"") }
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A handle inside a URI (RFC 3986 §2): blanks and signs as `%20`.
fn uri_part(handle: &str) -> String {
    handle.bytes().fold(String::new(), |mut result, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@+:/".contains(&byte) {
            result.push(byte as char);
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
        result
    })
}

fn dates(card: &mut Card, document: &Document<'_>) {
    for (key, property) in [("birthday", "BDAY"), ("anniversary", "ANNIVERSARY"), ("created", "CREATED"), ("updated", "REV")] {
        let Some(day) = document.text_of(key).and_then(date::parse) else { continue };
        // CREATED and REV are timestamps (RFC 9554 §3.1, RFC 6350 §6.7.4): the beginning of that day.
        let stamp = matches!(key, "created" | "updated");
        let value = match day.year {
            Some(year) if stamp => format!("{year:04}{:02}{:02}T000000Z", day.month, day.day),
            Some(year) => format!("{year:04}{:02}{:02}", day.month, day.day),
            None if stamp => continue,
            None => format!("--{:02}{:02}", day.month, day.day),
        };
        card.raw(property, "", &value);
    }
}
