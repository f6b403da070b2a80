//! Preview: what every recipient would read, each message by itself. Messages are written one at a time, when they are asked for,
//! so that ten thousand of them need no more memory than one.

use rayon::prelude::*;

use super::Here;
use super::audience;
use super::checklist::{self, block};
use super::diagnostics::Surroundings;
use super::formats::one_line;
use super::markup::counted;
use super::message::{self, Templates};
use super::recipients::Recipients;
use crate::contact::{document, fields};
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// All messages that are held at once are no longer, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who gets it.
    pub file: FileId,
    /// Their alias: what the sender calls them.
    pub alias: String,
    /// Their full name, where the contact has one: what they call themselves.
    pub name: Option<String>,
    /// The address that the channel uses; `None` without a channel.
    pub to: Option<String>,
    /// One line; `None` where the broadcast has none.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// The names of the files that go with it, without their folders.
    pub attached: Vec<String>,
}

/// The messages of a broadcast, one for each recipient.
pub struct Messages<'v> {
    vault: &'v Vault,
    templates: Templates,
    /// Who gets one and who does not. For a single recipient, they alone are chosen.
    pub recipients: Recipients,
    /// The channel.
    pub via: Option<String>,
    /// Who writes, as the broadcast or else `guanxi.yaml` says it.
    pub from: Option<String>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// The files that go with each message: paths in the vault.
    pub attachments: Vec<String>,
}

impl<'v> Messages<'v> {
    /// The messages of a broadcast, or those for some recipients, named like contacts anywhere. Refused in words while the text has
    /// an error that could change who gets a message, or what.
    pub fn prepare<S: AsRef<str>>(here: &Here<'v>, around: &Surroundings<'_>, only: &[S]) -> Result<Self, String> {
        let request = audience::request(here, around)?;
        let mut recipients = request.recipients(here.vault).map_err(|refused| refused.words())?;
        let mut wanted: Vec<FileId> = Vec::new();
        for name in only.iter().map(AsRef::as_ref) {
            let named = named(here, name)?;
            if !recipients.chosen.iter().any(|one| named.contains(&one.file)) {
                let reason = recipients.left_out.iter().find(|(file, _)| named.contains(file));
                let reason = reason.map(|(file, reason)| reason.words(here.vault, *file));
                let why = reason.unwrap_or_else(|| "the query does not match them".to_owned());
                return Err(format!("{} gets no message: {why}", one_line(name)));
            }
            wanted.extend(named);
        }
        if !only.is_empty() {
            recipients.chosen.retain(|one| wanted.contains(&one.file));
        }
        let templates = Templates::new(here.vault, &here.document).map_err(|fault| fault.message)?;
        let attached = here.document.entry("attach").map(|entry| document::values(&entry.value)).unwrap_or_default();
        let place = |written: &str| here.path.places(written).into_iter().find(|place| (around.exists)(place));
        let attachments = attached.iter().filter_map(|value| place(value.text)).collect();
        let from = here.document.text_of("from").or(here.vault.config().from.as_deref()).map(str::to_owned);
        let reply_to = here.document.text_of("reply_to").map(str::to_owned);
        Ok(Self { vault: here.vault, templates, recipients, via: request.via, from, reply_to, attachments })
    }

    /// Leaves out who is ticked in the list of the broadcast, and says how many that were. Refused where a tick could be several
    /// people's.
    pub fn without_ticked(&mut self, here: &Here<'_>) -> Result<usize, String> {
        let ticked = checklist::ticked(here, &self.recipients)?;
        let before = self.recipients.chosen.len();
        self.recipients.chosen.retain(|one| !ticked.contains(&one.file));
        Ok(before - self.recipients.chosen.len())
    }

    /// How many are greeted by the sender's alias for them, for they have neither `greeting` nor `name`.
    pub fn greeted_by_alias(&self, here: &Here<'_>) -> usize {
        message::greeted_by_alias(self.vault, &here.document, self.recipients.chosen.iter().map(|one| one.file))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.recipients.chosen.len()
    }

    /// Do they go by mail?
    pub fn is_mail(&self) -> bool {
        self.via.as_deref().is_some_and(|via| fields::of_channel(&via.trim().to_lowercase()) == "emails")
    }

    /// The message to one of the recipients.
    pub fn get(&self, number: usize) -> Result<Preview, String> {
        let one = &self.recipients.chosen[number];
        let message = self.templates.message(self.vault, one.file).map_err(|fault| fault.message)?;
        let file = self.vault.file(one.file);
        Ok(Preview {
            file: one.file,
            alias: one_line(file.alias()),
            name: file.document().text_of("name").map(one_line),
            to: one.address.clone(),
            subject: message.subject,
            body: message.body,
            attached: self.attachments.iter().map(|path| file_name(path)).collect(),
        })
    }

    /// Why one of them cannot be written; asked before the first is shown, so that it is all of them or none.
    pub fn fault(&self) -> Option<String> {
        (0..self.count()).into_par_iter().find_map_first(|number| self.get(number).err())
    }
}

/// A path's last part.
fn file_name(path: &str) -> String {
    one_line(VaultPath::new(path).as_str().rsplit('/').next().unwrap_or(path))
}

/// Every message at once, for who needs them so. Refused where they are too long for that.
pub fn preview(here: &Here<'_>, around: &Surroundings<'_>, only: &[&str]) -> Result<Vec<Preview>, String> {
    let messages = Messages::prepare(here, around, only)?;
    let mut previews = Vec::with_capacity(messages.count());
    let mut length = 0;
    for number in 0..messages.count() {
        let preview = messages.get(number)?;
        length += preview.body.len() + preview.subject.as_ref().map_or(0, String::len);
        if length > LONGEST {
            return Err("all messages together are over 64 MiB: look at one, for a single recipient".to_owned());
        }
        previews.push(preview);
    }
    Ok(previews)
}

/// Who may be meant by a name: of several, those who get a message are shown.
fn named(here: &Here<'_>, name: &str) -> Result<Vec<FileId>, String> {
    match here.vault.resolve(name) {
        Resolution::One(file) => Ok(vec![file]),
        Resolution::Several(several) => Ok(several),
        Resolution::Nobody => Err(format!("there is no contact `{}`", one_line(name))),
    }
}

/// All messages in one text for eyes.
pub fn as_text(previews: &[Preview]) -> String {
    previews.iter().enumerate().map(|(number, preview)| numbered(number, previews.len(), preview)).collect()
}

/// Where an editor without a window for them shows the messages.
pub fn whereabouts(here: &Here<'_>, messages: usize) -> String {
    let has_list = matches!(block::find(&here.document), Ok(Some(_)));
    match (messages, has_list) {
        (0, _) => "nobody gets this message: the card of its query (hover) says why".to_owned(),
        (_, true) => format!("{}: hover over a line of the list to read the one to that person", counted(messages, "message")),
        (_, false) => {
            format!(
                "{}: generate the list, then hover over one of its lines to read the one to that person",
                counted(messages, "message")
            )
        }
    }
}

/// As data.
pub fn json(vault: &Vault, preview: &Preview) -> serde_json::Value {
    serde_json::json!({
        "path": vault.file(preview.file).path().as_str(),
        "alias": preview.alias,
        "to": preview.to,
        "subject": preview.subject,
        "body": preview.body,
        "attached": preview.attached,
    })
}

/// One of several: before it a line that says which it is.
pub fn numbered(number: usize, count: usize, preview: &Preview) -> String {
    let gap = if number > 0 { "\n" } else { "" };
    format!("{gap}──── {} of {count} ────\n{}", number + 1, one(preview))
}

/// One message: to whom, about what, what goes with it, and the text.
pub fn one(preview: &Preview) -> String {
    let address = preview.to.as_deref().map(|address| format!(" · {}", one_line(address))).unwrap_or_default();
    let subject = preview.subject.as_deref().map(|subject| format!("Subject: {subject}\n")).unwrap_or_default();
    let attached = match preview.attached.as_slice() {
        [] => String::new(),
        names => format!("Attached: {}\n", names.join(", ")),
    };
    format!("To: {}{address}\n{subject}{attached}\n{}", preview.alias, preview.body)
}
