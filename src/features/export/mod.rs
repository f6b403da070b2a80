//! Messages as files, one for each recipient: a mail that a mail program opens and sends, or a text to copy. A file holds what its
//! recipient may see, and nothing of anybody else.

mod mail;
mod media;
mod names;

use super::preview::{self, Messages, Preview};
use crate::contact::mailbox::{self, Mailbox};
use crate::text::idn;
use crate::vault::Vault;

pub use mail::Attachment;
pub use names::of as names;

/// The files that go with one message have no more bytes together: most mail servers take 25 MB, and a mail needs a third more
/// than what is in it.
pub const MOST_ATTACHED: u64 = 18 * 1024 * 1024;

/// All files together have no more bytes.
const MOST_WRITTEN: u64 = 4 * 1024 * 1024 * 1024;

/// The files of a broadcast.
pub struct Export<'m> {
    messages: &'m Messages<'m>,
    names: Vec<String>,
    envelope: Option<mail::Envelope<'m>>,
}

impl<'m> Export<'m> {
    /// What is to be written. `date` is when the mails are written, in seconds since 1970. Refused in words where nobody is named
    /// as the sender, or where it would be too much.
    pub fn new(vault: &Vault, messages: &'m Messages<'m>, attachments: &'m [Attachment], date: i64) -> Result<Self, String> {
        let is_mail = messages.is_mail();
        let reply_to = messages.reply_to.as_deref().map(mailbox::parse).transpose()?;
        let envelope = is_mail.then(|| sender(messages).map(|from| mail::Envelope::new(from, reply_to, date, attachments)));
        let bytes: u64 = attachments.iter().map(|one| one.bytes.len() as u64).sum();
        if is_mail && bytes * 4 / 3 * messages.count() as u64 > MOST_WRITTEN {
            let count = messages.count();
            return Err(format!("{count} mails with these attachments are over 4 GiB: put a link into the message instead"));
        }
        let ending = if is_mail { "eml" } else { "txt" };
        let aliases = messages.recipients.chosen.iter().map(|one| vault.file(one.file).alias());
        Ok(Self { messages, names: names::of(aliases, ending), envelope: envelope.transpose()? })
    }

    /// How many of the addresses only a mail server with SMTPUTF8 takes (RFC 6531): the head of those mails is UTF-8 (RFC 6532).
    pub fn beyond_ascii(&self) -> usize {
        let Some(envelope) = &self.envelope else { return 0 };
        let to = self.messages.recipients.chosen.iter().filter_map(|one| one.address.as_deref());
        to.filter(|address| !idn::mail_address(address).is_ascii()).count() + usize::from(envelope.is_beyond_ascii())
    }

    /// One file: its name, and what is in it.
    pub fn file(&self, number: usize) -> Result<(&str, Vec<u8>), String> {
        let message = self.messages.get(number)?;
        let bytes = match &self.envelope {
            Some(envelope) => envelope.mail(&message),
            None => text(&message),
        };
        Ok((&self.names[number], bytes))
    }
}

/// The same as a preview for one recipient.
fn text(message: &Preview) -> Vec<u8> {
    preview::one(message).into_bytes()
}

fn sender(messages: &Messages<'_>) -> Result<Mailbox, String> {
    let missing = "say who writes: `from: Robin Glim <robin@glim.example>` in the broadcast, or `broadcast.from` in guanxi.yaml";
    mailbox::parse(messages.from.as_deref().ok_or(missing)?)
}
