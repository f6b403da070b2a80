//! `guanxi broadcast preview`: what the message says to each recipient, on the terminal or in a file for each.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::cli::Global;
use crate::cli::list::tell_counts;
use crate::cli::open::{self, Opened};
use crate::cli::out::{self, Exit, Failure, Outcome, Printer, counted, say};
use crate::cli::progress::Progress;
use crate::cli::signals::Held;
use crate::disk::{Inside, NewFolder};
use crate::features::Here;
use crate::features::diagnostics::{Surroundings, unfit_attachment};
use crate::features::export::{Attachment, Export, MOST_ATTACHED};
use crate::features::formats::smtputf8_warning;
use crate::features::preview::{self, Messages};
use crate::vault::Coverage;

/// The arguments of `broadcast preview`.
#[derive(Debug, Args)]
pub struct Preview {
    /// The broadcast
    #[arg(value_name = "FILE")]
    file: String,
    /// Only the message to this contact; may be repeated
    #[arg(long = "for", value_name = "NAME")]
    only: Vec<String>,
    /// Write each message to a file of its own in this folder, which must be new or empty: .eml by mail, .txt by other channels
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out: also who is ticked in the broadcast's list
    #[arg(long, requires = "out")]
    all: bool,
    /// The text of one message and nothing else, to be pasted
    #[arg(long, conflicts_with_all = ["out", "format"])]
    body: bool,
    /// Output format
    #[arg(short, long, value_parser = ["text", "json"], default_value = "text", conflicts_with = "out")]
    format: String,
}

/// Runs it.
pub fn run(global: &Global, arguments: &Preview) -> Outcome {
    let opened = open::open_to_send(global, Coverage::Whole)?;
    let id = super::file(&opened, &arguments.file)?;
    let exists = super::exists(&opened);
    let here = Here::of_file(&opened.vault, id);
    let mut messages = Messages::prepare(&here, &Surroundings::new(&exists), &arguments.only)?;
    let attachments = attachments(&opened, &messages)?;
    match &arguments.out {
        Some(folder) => {
            // Who is ticked has the message already.
            let ticked = if arguments.all { 0 } else { messages.without_ticked(&here)? };
            write(&opened, &messages, &attachments, folder)?;
            if ticked > 0 {
                say(&format!(
                    "{} left out who {} ticked (--all writes to them too)",
                    ticked,
                    if ticked == 1 { "is" } else { "are" }
                ));
            }
        }
        None if arguments.body => body(&messages)?,
        None if arguments.format == "json" => json(&opened, &messages)?,
        None => show(&messages, arguments.only.len() == 1)?,
    }
    if arguments.only.is_empty() {
        tell_counts(&messages.recipients);
    }
    match messages.greeted_by_alias(&here) {
        0 => {}
        1 => say("1 is greeted by alias: there is neither `greeting` nor `name`"),
        several => say(&format!("{several} are greeted by alias: they have neither `greeting` nor `name`")),
    }
    Ok(if messages.count() == 0 { Exit::Nothing } else { Exit::Done })
}

/// All messages on stdout, each as soon as it is written; none at all where one of them cannot be.
fn show(messages: &Messages<'_>, for_one: bool) -> Result<(), Failure> {
    if let Some(fault) = messages.fault() {
        return Err(fault.into());
    }
    let mut printer = Printer::new();
    for number in 0..messages.count() {
        let message = messages.get(number)?;
        let is_alone = for_one && messages.count() == 1;
        let text = if is_alone { preview::one(&message) } else { preview::numbered(number, messages.count(), &message) };
        printer.print(&text)?;
    }
    Ok(printer.finish()?)
}

/// The text of the one message.
fn body(messages: &Messages<'_>) -> Result<(), Failure> {
    if messages.count() != 1 {
        return Err(
            format!("--body prints one message, and there are {}: name its recipient with --for", messages.count()).into()
        );
    }
    Ok(out::print(&messages.get(0)?.body)?)
}

/// Every message as data.
fn json(opened: &Opened, messages: &Messages<'_>) -> Result<(), Failure> {
    let mut all = Vec::with_capacity(messages.count());
    for number in 0..messages.count() {
        all.push(preview::json(&opened.vault, &messages.get(number)?));
    }
    Ok(out::print(&format!("{:#}\n", serde_json::Value::Array(all)))?)
}

/// Each message in a file of its own: all of them, or none.
fn write(opened: &Opened, messages: &Messages<'_>, attached: &[Inside], folder: &Path) -> Result<(), Failure> {
    let mut read = Vec::new();
    for (file, path) in attached.iter().zip(&messages.attachments).filter(|_| messages.is_mail()) {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        read.push(Attachment { name, bytes: file.read().map_err(|fault| format!("the attachment {path} {fault}"))? });
    }
    let export = Export::new(&opened.vault, messages, &read, now())?;
    if messages.count() == 0 {
        return Ok(());
    }
    let shown = folder.display();
    let held = Held::begin();
    let mut new = NewFolder::begin(folder).map_err(|fault| format!("{shown} {fault}"))?;
    let mut progress = Progress::new(messages.count(), "messages");
    let mut written = String::new();
    for number in 0..messages.count() {
        let (name, bytes) = export.file(number)?;
        written.push_str(&format!("{}\n", folder.join(name).display()));
        new.file(name, &bytes).map_err(|fault| format!("{shown}: {fault}; nothing was written"))?;
        if held.came() {
            return Err("stopped: nothing was written".to_owned().into());
        }
        progress.at(number + 1);
    }
    drop(progress);
    new.finish().map_err(|fault| format!("{shown} {fault}"))?;
    drop(held);
    out::print_paths(&written)?;
    say(&format!("{} in {shown}", counted(messages.count(), if messages.is_mail() { "mail" } else { "text" })));
    smtputf8_warning(export.beyond_ascii()).iter().for_each(|words| say(words));
    if !messages.is_mail() && !attached.is_empty() {
        say("attachments are not in a text: send them by hand");
    }
    Ok(())
}

/// The files that go with each message. Each must lie in the vault, and together they must fit into a mail.
fn attachments(opened: &Opened, messages: &Messages<'_>) -> Result<Vec<Inside>, Failure> {
    let find = |path: &String| Inside::find(&opened.root, path).map_err(|fault| format!("the attachment {path} {fault}"));
    let found: Vec<Inside> = messages.attachments.iter().map(find).collect::<Result<_, _>>()?;
    // A link may lead to what must not be sent along.
    for (one, path) in found.iter().zip(&messages.attachments) {
        if let Some(why) = unfit_attachment(&opened.vault, &one.place) {
            return Err(format!("the attachment {path} leads to {}, which cannot be attached: {why}", one.place).into());
        }
    }
    let bytes: u64 = found.iter().map(|one| one.length).sum();
    if messages.is_mail() && bytes > MOST_ATTACHED {
        let (have, most) = (bytes.div_ceil(1024 * 1024), MOST_ATTACHED / 1024 / 1024);
        let words = "most mail servers take no more: put a link into the message instead";
        return Err(format!("the attachments have {have} MiB together; {most} MiB fit into a mail, and {words}").into());
    }
    Ok(found)
}

/// The moment that the mails are dated with, in seconds since 1970; `SOURCE_DATE_EPOCH` sets it for who wants the same files again.
fn now() -> i64 {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse().ok());
    set.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| past.as_secs() as i64))
}
