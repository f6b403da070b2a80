//! `guanxi broadcast`: who gets a message, who does not and why, what it says to each, and the list to tick off by hand.

use clap::{Args, Subcommand};
use serde_json::json;

use super::list::{format_parser, query_text, tell_left_out, warn_if_long};
use super::open::{self, Opened};
use super::out::{self, Exit, Failure, Outcome, say};
use super::{Global, report};
use crate::contact::fields;
use crate::disk;
use crate::features::audience::{self, Request};
use crate::features::checklist;
use crate::features::diagnostics::Surroundings;
use crate::features::formats::{self, Format};
use crate::features::list::AskError;
use crate::features::preview;
use crate::features::recipients::{Recipients, recipients};
use crate::features::record;
use crate::features::{FileEdits, Here};
use crate::vault::query::Query;
use crate::vault::{Coverage, FileId, VaultPath};

/// The commands on broadcasts.
#[derive(Debug, Subcommand)]
pub enum Broadcast {
    /// Who gets a message: the query, less everybody who opted out, is excluded or cannot be reached
    List(List),
    /// What the message says to each recipient, or to one of them
    Preview(Preview),
    /// Write the list of recipients into the broadcast, or bring it up to date: ticks and words in it stay
    Refresh(Refresh),
}

/// The arguments of `broadcast preview`.
#[derive(Debug, Args)]
pub struct Preview {
    /// The broadcast
    #[arg(value_name = "FILE")]
    file: String,
    /// Only the message to this contact
    #[arg(long = "for", value_name = "ALIAS")]
    recipient: Option<String>,
}

/// The arguments of `broadcast refresh`.
#[derive(Debug, Args)]
pub struct Refresh {
    /// The broadcast
    #[arg(value_name = "FILE")]
    file: String,
    /// Show what would change, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The arguments of `broadcast list`.
#[derive(Debug, Args)]
pub struct List {
    /// A query, or a broadcast file
    #[arg(value_name = "QUERY or FILE", required_unless_present = "tags", allow_hyphen_values = true)]
    target: Option<String>,
    /// Carries this tag; may be repeated
    #[arg(short, long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// The channel: email, sms, phone, wechat, …; who lacks its field is left out
    #[arg(long, value_name = "CHANNEL")]
    via: Option<String>,
    /// The shape of the answer
    #[arg(short, long, value_parser = format_parser(), default_value = "names")]
    format: Format,
    /// Name everybody who is left out, with the reason
    #[arg(short, long)]
    reasons: bool,
}

/// Runs it.
pub fn run(global: &Global, command: &Broadcast) -> Outcome {
    match command {
        Broadcast::List(arguments) => list(global, arguments),
        Broadcast::Preview(arguments) => preview(global, arguments),
        Broadcast::Refresh(arguments) => refresh(global, arguments),
    }
}

fn preview(global: &Global, arguments: &Preview) -> Outcome {
    let opened = open::open(global, Coverage::Whole)?;
    let id = opened.contact(&arguments.file)?;
    let exists = exists(&opened);
    let here = Here::of_file(&opened.vault, id);
    let previews = preview::preview(&here, &Surroundings::new(&exists), arguments.recipient.as_deref())?;
    match (previews.as_slice(), &arguments.recipient) {
        ([one], Some(_)) => out::print(&preview::one(one))?,
        _ => out::print(&preview::as_text(&previews))?,
    }
    Ok(if previews.is_empty() { Exit::Nothing } else { Exit::Done })
}

fn refresh(global: &Global, arguments: &Refresh) -> Outcome {
    let opened = open::open(global, Coverage::Whole)?;
    let id = opened.contact(&arguments.file)?;
    let exists = exists(&opened);
    let refresh = checklist::refresh(&Here::of_file(&opened.vault, id), &Surroundings::new(&exists))?;
    say(&format!("{} added, {} kept, {} dropped", refresh.added.len(), refresh.kept, refresh.dropped.len()));
    let told = [
        (&refresh.stays_ticked, "no longer meant, but ticked: the line stays"),
        (&refresh.loses_box, "no longer meant: the line stays without its box, for somebody wrote something there"),
    ];
    for (names, why) in told {
        names.iter().for_each(|name| say(&format!("  {name} — {why}")));
    }
    if refresh.edits.is_empty() {
        say("nothing to change");
        return Ok(Exit::Done);
    }
    super::write::write(&opened, &[FileEdits { file: id, edits: refresh.edits }], arguments.dry_run)
}

fn list(global: &Global, arguments: &List) -> Outcome {
    let opened = open::open(global, Coverage::Whole)?;
    let file = match &arguments.target {
        Some(one) if arguments.tags.is_empty() && (one.ends_with(".md") || one.ends_with(".markdown")) => {
            Some(opened.contact(one)?)
        }
        _ => None,
    };
    let Request { text, query, via } = match file {
        Some(id) => of_file(&opened, id)?,
        None => {
            let text = query_text(arguments.target.as_deref(), &arguments.tags)?;
            let query = Query::parse(&text).map_err(|error| report::query_failure(&text, &AskError::Syntax(error)))?;
            Request { text, query, via: None }
        }
    };
    let via = arguments.via.clone().or(via).or(arguments.format.channel().map(str::to_owned));
    if let (Some(wanted), Some(via)) = (arguments.format.channel(), &via)
        && fields::of_channel(wanted) != fields::of_channel(&via.trim().to_lowercase())
    {
        return Err(format!("--format {} is for mail, and this broadcast goes via {via}", arguments.format.name()).into());
    }
    let result = recipients(&opened.vault, &query, via.as_deref()).map_err(|refused| report::refused(&text, &refused))?;
    if arguments.format == Format::Json && arguments.reasons {
        out::print(&full_json(&opened, &result))?;
    } else {
        let written = formats::write(&opened.vault, &result.chosen, arguments.format);
        out::print(&written)?;
        warn_if_long(arguments.format, &written);
    }
    tell_left_out(&opened.vault, &result, arguments.reasons);
    Ok(if result.chosen.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// What a broadcast file asks; refused while the file has an error.
fn of_file(opened: &Opened, id: FileId) -> Result<Request, Failure> {
    let exists = exists(opened);
    Ok(audience::request(&Here::of_file(&opened.vault, id), &Surroundings::new(&exists))?)
}

/// Is there a file at a path of the vault?
fn exists(opened: &Opened) -> impl Fn(&str) -> bool {
    |path| disk::to_disk(&opened.root, &VaultPath::new(path)).is_file()
}

/// Both lists, with the reasons.
fn full_json(opened: &Opened, result: &Recipients) -> String {
    let chosen: Vec<_> = result
        .chosen
        .iter()
        .map(|recipient| {
            let mut object = record::json(&opened.vault, recipient.file);
            if let Some(object) = object.as_object_mut() {
                object.insert("address".to_owned(), recipient.address.clone().into());
            }
            object
        })
        .collect();
    let left_out: Vec<_> = result
        .left_out
        .iter()
        .map(|(file, reason)| {
            let file = opened.vault.file(*file);
            json!({ "path": file.path().as_str(), "alias": file.alias(), "reason": reason.name(), "words": reason.words(&opened.vault) })
        })
        .collect();
    format!("{:#}\n", json!({ "recipients": chosen, "left_out": left_out }))
}
