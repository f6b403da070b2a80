//! Preview: what every recipient would read, each message by itself.

use super::Here;
use super::audience;
use super::checklist::block;
use super::diagnostics::Surroundings;
use super::formats::one_line;
use super::markup::counted;
use super::message::Templates;
use super::recipients::recipients;
use crate::vault::{FileId, Resolution};

/// All messages together are no longer, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who gets it.
    pub file: FileId,
    /// Their alias.
    pub alias: String,
    /// The address that the channel uses; `None` without a channel.
    pub to: Option<String>,
    /// One line; `None` where the broadcast has none.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

/// Every message of a broadcast, or the one for a single recipient, named like a contact anywhere. Refused in words while the text
/// has an error that could change who gets a message, or what.
pub fn preview(here: &Here<'_>, around: &Surroundings<'_>, for_alias: Option<&str>) -> Result<Vec<Preview>, String> {
    let request = audience::request(here, around)?;
    let mut result = recipients(here.vault, &request.query, request.via.as_deref()).map_err(|refused| refused.words())?;
    if let Some(name) = for_alias {
        let named = named(here, name)?;
        let reason = result.left_out.iter().find(|(file, _)| named.contains(file)).map(|(_, reason)| reason.words(here.vault));
        result.chosen.retain(|one| named.contains(&one.file));
        if result.chosen.is_empty() {
            let why = reason.unwrap_or_else(|| "the query does not mean them".to_owned());
            return Err(format!("{} gets no message: {why}", one_line(name)));
        }
    }
    let templates = Templates::new(here.vault, &here.document).map_err(|fault| fault.message)?;
    let mut previews = Vec::with_capacity(result.chosen.len());
    let mut length = 0;
    for one in result.chosen {
        let message = templates.message(here.vault, one.file).map_err(|fault| fault.message)?;
        length += message.body.len() + message.subject.as_ref().map_or(0, String::len);
        if length > LONGEST {
            return Err("all messages together are over 64 MiB: look at one, for a single recipient".to_owned());
        }
        let alias = one_line(here.vault.file(one.file).alias());
        previews.push(Preview { file: one.file, alias, to: one.address, subject: message.subject, body: message.body });
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

/// All messages in one text for eyes: before each a line that says whose it is.
pub fn as_text(previews: &[Preview]) -> String {
    let mut text = String::new();
    for (number, preview) in previews.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        text.push_str(&format!("──── {} of {} ────\n", number + 1, previews.len()));
        text.push_str(&one(preview));
    }
    text
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

/// One message: to whom, about what, and the text.
pub fn one(preview: &Preview) -> String {
    let address = preview.to.as_deref().map(|address| format!(" · {}", one_line(address))).unwrap_or_default();
    let subject = preview.subject.as_deref().map(|subject| format!("Subject: {subject}\n")).unwrap_or_default();
    format!("To: {}{address}\n{subject}\n{}", preview.alias, preview.body)
}
