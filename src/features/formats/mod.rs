//! The shapes a list can take: for eyes, for mail programs, for spreadsheets, for address books, for scripts. Each is one file.

mod csv;
mod mail;
mod table;
mod vcard;

use super::checklist;
use super::recipients::Recipient;
use super::record;
use crate::contact::fields;
use crate::vault::{FileId, Vault};

pub use crate::text::printable::{is_unprintable as breaks_lines, one_line};

pub use mail::{LONGEST_NAME, encoded_words, percent_encoded};

/// The shapes of §3 of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One alias a line.
    Names,
    /// A Markdown task list.
    Checklist,
    /// One mail address a line.
    Emails,
    /// One `Bcc:` header line (RFC 5322 §3.6.3).
    Bcc,
    /// A `mailto:` link that opens a message to all of them in Bcc (RFC 6068).
    Mailto,
    /// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
    Csv,
    /// An array of objects.
    Json,
    /// vCard 4.0 (RFC 6350).
    Vcf,
    /// Columns for eyes.
    Table,
}

impl Format {
    /// Every format, in the order of the guide.
    pub const ALL: &[Format] =
        &[Self::Names, Self::Table, Self::Checklist, Self::Emails, Self::Bcc, Self::Mailto, Self::Csv, Self::Json, Self::Vcf];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Checklist => "checklist",
            Self::Emails => "emails",
            Self::Bcc => "bcc",
            Self::Mailto => "mailto",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Vcf => "vcf",
            Self::Table => "table",
        }
    }

    /// Is it made for sending? Then the rules for broadcasts decide who is in it.
    pub fn is_for_sending(self) -> bool {
        matches!(self, Self::Checklist | Self::Emails | Self::Bcc | Self::Mailto)
    }

    /// Is it read by people? Everything else is data for a program, and leaves byte for byte.
    pub fn is_for_eyes(self) -> bool {
        matches!(self, Self::Names | Self::Table)
    }

    /// The channel that the format itself implies.
    pub fn channel(self) -> Option<&'static str> {
        matches!(self, Self::Emails | Self::Bcc | Self::Mailto).then_some("email")
    }

    /// The channel of a list in this format: the one that is asked for, else the format's own. Handles are no mail addresses.
    pub fn via(self, asked: Option<&str>) -> Result<Option<&str>, String> {
        match (self.channel(), asked) {
            (Some(own), Some(asked)) if fields::of_channel(own) != fields::of_channel(&asked.trim().to_lowercase()) => {
                Err(format!("the format `{}` is for mail, and this broadcast goes via {asked}", self.name()))
            }
            (own, asked) => Ok(asked.or(own)),
        }
    }
}

/// What to know of addresses outside ASCII.
pub fn smtputf8_warning(count: usize) -> Option<String> {
    let (has, takes) = if count == 1 { ("address has", "takes it") } else { ("addresses have", "takes them") };
    (count > 0)
        .then(|| format!("{count} {has} more than ASCII before the `@`: only a mail server with SMTPUTF8 (RFC 6531) {takes}"))
}

/// What to know of a list before it is used: it may be too long for what it is made for, or need a mail server that takes it.
pub fn warnings(format: Format, recipients: &[Recipient], written: &str) -> Vec<String> {
    let outside = if format.channel() == Some("email") { mail::beyond_ascii(recipients) } else { 0 };
    too_long(format, written).into_iter().chain(smtputf8_warning(outside)).collect()
}

fn too_long(format: Format, written: &str) -> Option<String> {
    let length = written.trim_end().len();
    match format {
        Format::Mailto if length > mail::LONGEST_MAILTO => Some(format!(
            "this link has {length} characters; some mail programs cut links after {}: use --format bcc",
            mail::LONGEST_MAILTO
        )),
        Format::Bcc if length > mail::LONGEST_LINE => Some(format!(
            "this line has {length} bytes, and a line of a mail {} at most: paste it into the Bcc field of a mail program, which cuts it into lines",
            mail::LONGEST_LINE
        )),
        _ => None,
    }
}

/// A list in one of the shapes, ending with a line feed. Empty where nobody is in it, except for JSON's `[]` and CSV's header.
pub fn write(vault: &Vault, recipients: &[Recipient], format: Format) -> String {
    let files: Vec<FileId> = recipients.iter().map(|recipient| recipient.file).collect();
    match format {
        Format::Names => files.iter().map(|&id| one_line(vault.file(id).alias()) + "\n").collect(),
        Format::Checklist => recipients.iter().map(|recipient| checklist_line(vault, recipient) + "\n").collect(),
        Format::Emails => mail::emails(recipients),
        Format::Bcc => mail::bcc(vault, recipients),
        Format::Mailto => mail::mailto(recipients),
        Format::Csv => csv::write(vault, &files),
        Format::Json => json(vault, &files),
        Format::Vcf => files.iter().map(|&id| vcard::write(vault, id)).collect(),
        Format::Table => table::write(vault, &files),
    }
}

/// An array of objects, one object a line, so that it can be read by eyes and by `diff` too.
pub fn json(vault: &Vault, files: &[FileId]) -> String {
    let lines: Vec<String> = files.iter().map(|&id| format!("  {}", record::Record::new(vault, id).text())).collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

/// A line of a checklist. Somebody to whom no link leads alone is named without one.
fn checklist_line(vault: &Vault, recipient: &Recipient) -> String {
    checklist::line(vault, recipient).unwrap_or_else(|_| {
        let name = one_line(vault.file(recipient.file).alias());
        let handle = recipient.address.as_deref().map(|address| format!("{}{}", checklist::item::BETWEEN, one_line(address)));
        format!("- [ ] {name}{}", handle.unwrap_or_default())
    })
}
