//! One mail (RFC 5322, MIME): from the sender to one person. Date, identity and boundary follow from what is in it, so that the
//! same message written at the same moment is the same file.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};

use super::media;
use crate::contact::mailbox::Mailbox;
use crate::features::formats::{LONGEST_NAME, encoded_words, one_line};
use crate::features::preview::Preview;
use crate::text::idn;

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without folders.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What all mails of a broadcast have in common.
pub struct Envelope<'a> {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    date: i64,
    attachments: &'a [Attachment],
    digest: Digest,
}

impl<'a> Envelope<'a> {
    /// Mails from one sender, written at one moment.
    pub fn new(mut from: Mailbox, reply_to: Option<Mailbox>, date: i64, attachments: &'a [Attachment]) -> Self {
        from.address = idn::mail_address(&from.address);
        // Attachments are read for the identity once, not for each mail.
        let mut digest = Digest::new();
        digest.add(&date.to_be_bytes());
        digest.add(from.address.as_bytes());
        for one in attachments {
            digest.add(one.name.as_bytes());
            digest.add(&one.bytes);
        }
        if let Some(reply_to) = &reply_to {
            digest.add(reply_to.address.as_bytes());
        }
        Self { from, reply_to, date, attachments, digest }
    }

    /// The mail to one recipient. It names them as they call themselves, or by the address alone: what the sender calls them is
    /// the sender's own.
    pub fn mail(&self, message: &Preview) -> Vec<u8> {
        let address = message.to.as_deref().map(|to| idn::mail_address(&one_line(to))).unwrap_or_default();
        let mut digest = self.digest.clone();
        for part in [&address, message.subject.as_deref().unwrap_or(""), &message.body] {
            digest.add(part.as_bytes());
        }
        let identity = digest.hex();
        let text = MimePart::new("text/plain", message.body.as_str());
        let body = if self.attachments.is_empty() {
            text
        } else {
            let mut parts = vec![text];
            parts.extend(self.attachments.iter().map(part));
            // `=_` stands in no encoded text.
            let kind = ContentType::new("multipart/mixed").attribute("boundary", format!("=_{identity}"));
            MimePart::new(kind, BodyPart::Multipart(parts))
        };
        let mut builder = MessageBuilder::new()
            .from(mailbox(self.from.name.as_deref(), self.from.address.clone()))
            .to(mailbox(message.name.as_deref(), address))
            .date(Date::new(self.date))
            .message_id(format!("{identity}@{}", self.domain()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox(reply_to.name.as_deref(), idn::mail_address(&reply_to.address)));
        }
        if let Some(subject) = &message.subject {
            let subject = one_line(subject);
            builder = match is_readable(&subject) {
                true => builder.subject(subject),
                false => builder.header("Subject", Raw::new(encoded_words(&subject))),
            };
        }
        // Mail programs that know this open the mail to be sent, not as one that came.
        builder = builder.header("X-Unsent", Raw::new("1")).body(body);
        let mut bytes = Vec::new();
        builder.serialize(&mut bytes);
        bytes
    }

    /// Is the sender's address more than ASCII?
    pub fn is_beyond_ascii(&self) -> bool {
        !self.from.address.is_ascii()
    }

    /// Where the identity was given: the sender's domain, as far as a header can hold it.
    fn domain(&self) -> &str {
        let domain = self.from.address.rsplit('@').next().unwrap_or("");
        if domain.is_ascii() && !domain.is_empty() { domain } else { "guanxi.invalid" }
    }
}

fn mailbox(name: Option<&str>, address: String) -> Address<'static> {
    let fits = |name: &String| !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && is_readable(name);
    let name = name.map(one_line).filter(fits);
    Address::new_address(name, address)
}

/// Would a mail program show it as it is written? What looks like an encoded word would be read as another text.
fn is_readable(text: &str) -> bool {
    !text.contains("=?")
}

fn part(attachment: &Attachment) -> MimePart<'_> {
    let media = media::of(&attachment.name);
    let mut kind = ContentType::new(media);
    if media.starts_with("text/") && std::str::from_utf8(&attachment.bytes).is_ok() {
        kind = kind.attribute("charset", "utf-8");
    }
    MimePart::new(kind, BodyPart::Binary(attachment.bytes.as_slice().into())).attachment(one_line(&attachment.name))
}

/// FNV-1a in 128 bits: tells messages apart. It keeps no secret, and need not: it is made of what the recipient reads.
#[derive(Clone)]
struct Digest(u128);

impl Digest {
    fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds one part; its length goes with it, so that `ab` and `c` are not `a` and `bc`.
    fn add(&mut self, part: &[u8]) {
        let length = (part.len() as u64).to_be_bytes();
        for byte in length.iter().chain(part) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}
