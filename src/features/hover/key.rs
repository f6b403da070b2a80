//! A key, or its value: what the field is for, and who else has the same number.

use crate::contact::fields::{self, Field, FieldKind};
use crate::contact::reach::Address;
use crate::contact::{Kind, meanings};
use crate::features::Here;
use crate::features::card::listed;
use crate::features::markup::{Line, Page};
use crate::vault::FileId;

/// So many who share a number are named.
const SHARING: usize = 5;

/// What a key is for.
pub fn page(here: &Here<'_>, path: &[String], key: &str) -> Option<Page> {
    match here.document.kind {
        Kind::Config => {
            let whole: Vec<&str> = path.iter().map(String::as_str).chain([key]).collect();
            Some(titled(key, meanings::of_setting(&whole)?))
        }
        _ if !path.is_empty() => None,
        Kind::Broadcast => Some(titled(key, meanings::in_broadcast(key)?)),
        kind => match fields::find(key).or_else(|| fields::canonical(key).filter(|_| kind == Kind::Contact)) {
            Some(field) => Some(of_field(field)),
            None => unknown(key).or_else(|| (kind == Kind::Contact).then(|| of_own(key))),
        },
    }
}

/// What a value is, as far as its field tells.
pub fn value(here: &Here<'_>, key: &str, label: Option<&str>, text: &str) -> Option<Page> {
    match here.document.kind {
        Kind::Config => {
            let (_, meaning) = meanings::SETTINGS.iter().find(|(path, _)| path.rsplit('.').next() == Some(key))?;
            Some(titled(key, meaning))
        }
        Kind::Broadcast if key == "via" => Some(channel(text).below(super::query::of_broadcast(here))),
        Kind::Broadcast => Some(titled(key, meanings::in_broadcast(key)?)),
        Kind::Contact => {
            let field = fields::find(key)?;
            let mut line = Line::new().strong(key);
            if let Some(label) = label {
                line = line.text(" (").name(label).text(")");
            }
            Some(Page::new().line(line.text(" · ").words(field.meaning)).then(shared(here, key, text)))
        }
        Kind::Note => None,
    }
}

fn titled(key: &str, meaning: &str) -> Page {
    Page::new().line(Line::new().strong(key).text(" · ").words(meaning))
}

fn of_field(field: &Field) -> Page {
    let written = match field.kind {
        FieldKind::Text | FieldKind::Handle => "",
        FieldKind::List => "a list of texts",
        FieldKind::Tags => "a list: `tags: [lead, new-york]`",
        FieldKind::Card => "a path, or a list of paths, relative to this file or to the vault",
        FieldKind::Labelled => "a list, each perhaps with a label: `- work: …`",
        FieldKind::Date => "`1988-04-02`, or `--04-02` where nobody knows the year",
        FieldKind::OptOut => "`true`, or a list of channels: `[email]`",
    };
    let written = if written.is_empty() { Line::new() } else { Line::new().words(written) };
    titled(field.key, field.meaning).line(written).line(Line::new().text("vCard: ").words(field.vcard))
}

/// A key that looks like a misspelt field.
fn unknown(key: &str) -> Option<Page> {
    let near = fields::near_miss(key)?;
    let line = Line::new().text("guanxi knows no field ").code(key).text(": is ").code(near).text(" meant?");
    Some(Page::new().line(line))
}

/// A key that is the person's own.
fn of_own(key: &str) -> Page {
    let found = format!("{key}:value");
    titled(key, "a field of your own").line(Line::new().text("found as ").code(&found).text(", and never touched"))
}

/// `via: email` reaches those who have `emails`.
fn channel(via: &str) -> Page {
    let lower = via.trim().to_lowercase();
    let key = fields::of_channel(&lower);
    Page::new().line(Line::new().strong(via).text(" · reaches those who have ").code(key))
}

/// Other contacts with the same number or mail address.
fn shared(here: &Here<'_>, key: &str, text: &str) -> Page {
    let address = if matches!(key, "emails" | "phones") { Address::of_value(key, text) } else { None };
    let (Some(address), Some(file)) = (address, here.file) else { return Page::new() };
    let others: Vec<FileId> = here.vault.sharing(file, &address);
    if others.is_empty() {
        return Page::new();
    }
    Page::new().line(Line::new().text("also of")).then(listed(here.vault, &others, SHARING))
}
