//! Lists for mail programs: addresses, a `Bcc:` header, a `mailto:` link. Nobody but the sender sees any of them. Domains are
//! A-labels (RFC 5890): not every program encodes them itself.

use std::fmt::Write;

use super::one_line;
use crate::features::recipients::Recipient;
use crate::text::idn;
use crate::vault::Vault;

/// Links longer than this (bytes) are cut off by some mail programs and systems.
pub const LONGEST_MAILTO: usize = 2000;

/// No line of a mail has more bytes (RFC 5322 §2.1.1).
pub const LONGEST_LINE: usize = 998;

/// A longer name (characters) is none that a mail program could show, or cut into lines: the address stands alone.
pub const LONGEST_NAME: usize = 200;

/// The addresses, one a line.
pub fn emails(recipients: &[Recipient]) -> String {
    addresses(recipients).map(|address| address + "\n").collect()
}

fn addresses(recipients: &[Recipient]) -> impl Iterator<Item = String> + '_ {
    recipients.iter().filter_map(|recipient| recipient.address.as_deref().map(address_of))
}

/// An address on one line, its domain in ASCII.
fn address_of(written: &str) -> String {
    idn::mail_address(&one_line(written))
}

/// The addresses that only a mail server with SMTPUTF8 (RFC 6531) takes: what is before their `@` is not ASCII.
pub fn beyond_ascii(recipients: &[Recipient]) -> usize {
    addresses(recipients).filter(|address| !address.is_ascii()).count()
}

/// One `Bcc:` line, with the names that the recipients have themselves (`name`): the alias is a private remark. Names quoted or encoded as RFC 5322 §3.4 and RFC 2047 ask. Not folded, so that it can be pasted anywhere.
pub fn bcc(vault: &Vault, recipients: &[Recipient]) -> String {
    let listed: Vec<String> = recipients
        .iter()
        .filter_map(|recipient| {
            let address = address_of(recipient.address.as_deref()?);
            let name = vault.file(recipient.file).document().text_of("name").map(one_line);
            let name = name.filter(|name| !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME);
            Some(name.map_or_else(|| address.clone(), |name| format!("{} <{address}>", display_name(&name))))
        })
        .collect();
    if listed.is_empty() { String::new() } else { format!("Bcc: {}\n", listed.join(", ")) }
}

/// A name as a phrase: bare atoms, a quoted string, or encoded words where it has more than ASCII.
fn display_name(name: &str) -> String {
    // What looks like an encoded word already would be read as another name.
    if !name.is_ascii() || name.contains("=?") {
        return encoded_words(name);
    }
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
    if name.chars().all(atom) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// RFC 2047 §4.2: UTF-8, Q encoding, each word at most 75 characters and never cut inside a character.
pub fn encoded_words(name: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in name.chars() {
        let mut encoded = String::new();
        match c {
            ' ' => encoded.push('_'),
            c if c.is_ascii_alphanumeric() => encoded.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                let _ = write!(encoded, "={byte:02X}");
            }),
        }
        if word.len() + encoded.len() > 63 {
            words.push(std::mem::take(&mut word));
        }
        word.push_str(&encoded);
    }
    words.push(word);
    words.iter().map(|word| format!("=?UTF-8?Q?{word}?=")).collect::<Vec<_>>().join(" ")
}

/// A link that opens a message with everybody in Bcc (RFC 6068 §2).
pub fn mailto(recipients: &[Recipient]) -> String {
    let listed: Vec<String> = addresses(recipients).map(|address| percent_encoded(&address)).collect();
    if listed.is_empty() { String::new() } else { format!("mailto:?bcc={}\n", listed.join(",")) }
}

/// An address as it stands in a `mailto:` link.
pub fn percent_encoded(address: &str) -> String {
    address.bytes().fold(String::new(), |mut result, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'!' | b'$' | b'*' | b'\'' => {
                result.push(byte as char)
            }
            _ => {
                let _ = write!(result, "%{byte:02X}");
            }
        }
        result
    })
}
