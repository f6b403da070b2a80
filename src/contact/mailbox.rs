//! A mailbox as people write it: `robin@glim.example`, or `Robin Glim <robin@glim.example>`.

use super::email_fault;

/// Somebody who can be written to by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name before the address.
    pub name: Option<String>,
    /// The address alone.
    pub address: String,
}

/// Reads one. The name may stand in quotes. Errors are messages for a person.
pub fn parse(text: &str) -> Result<Mailbox, String> {
    let text = text.trim();
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (unquoted(name.trim()), address.trim()),
        None => ("", text),
    };
    let is_one = !name.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}'));
    if address.is_empty() || !is_one || email_fault(address).is_some() {
        return Err("this is one mail address, with a name or without: `Robin Glim <robin@glim.example>`".to_owned());
    }
    Ok(Mailbox { name: (!name.is_empty()).then(|| name.to_owned()), address: address.to_owned() })
}

fn unquoted(name: &str) -> &str {
    name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name)
}
