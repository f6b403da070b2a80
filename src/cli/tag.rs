//! `guanxi tag add|remove|rename`: the only commands that change many files.

use clap::{Args, Subcommand};

use super::open::{self, Opened};
use super::out::{Exit, Failure, Outcome, counted, say};
use super::write::{self, Writer};
use super::{Global, ask, report};
use crate::features::list::list;
use crate::features::meaning::Difference;
use crate::features::rename_tag;
use crate::features::retag::{self, Retag};
use crate::text::lines::Lines;
use crate::text::yaml::edit::Refusal;
use crate::vault::{Coverage, FileId, Vault};

/// The commands on one tag.
#[derive(Debug, Subcommand)]
pub enum Tag {
    /// Put a tag on contacts
    Add(Change),
    /// Take a tag off contacts
    #[command(visible_alias = "rm")]
    Remove(Change),
    /// Give a tag another name: everywhere, what is below it too
    #[command(visible_alias = "mv")]
    Rename(Rename),
}

/// The arguments of `tag add` and `tag remove`.
#[derive(Debug, Args)]
pub struct Change {
    /// The tag, with or without its #
    tag: String,
    /// Aliases, other names, or paths
    #[arg(value_name = "CONTACT", required_unless_present = "query", conflicts_with = "query")]
    contacts: Vec<String>,
    /// Everybody whom this query means
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true, value_parser = super::query::QueryArgument)]
    query: Option<String>,
    /// With `add`: a new tag is meant, although one in use looks like it
    #[arg(long)]
    new: bool,
    /// Show what would change, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The arguments of `tag rename`.
#[derive(Debug, Args)]
pub struct Rename {
    /// The tag as it is called now
    old: String,
    /// What it is called from now on
    new: String,
    /// Let it become one with a tag that exists already
    #[arg(long)]
    merge: bool,
    /// Rename also where queries would match other contacts afterwards
    #[arg(long)]
    yes: bool,
    /// Show what would change, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
pub fn run(global: &Global, command: &Tag) -> Outcome {
    match command {
        Tag::Add(change) => add(global, change),
        Tag::Remove(change) => remove(global, change),
        Tag::Rename(arguments) => rename(global, arguments),
    }
}

fn bare(tag: &str) -> &str {
    tag.trim().trim_start_matches('#')
}

fn add(global: &Global, change: &Change) -> Outcome {
    let tag = bare(&change.tag);
    if let Some(fault) = crate::contact::tag::fault(tag) {
        return Err(format!("`{}`: {fault}", change.tag).into());
    }
    let writer = Writer::begin(global, change.dry_run)?;
    let (opened, files) = chosen(global, change)?;
    retag::check_tag(&opened.vault, tag)?;
    agree_to_new(&opened.vault, tag, change.new)?;
    let result = retag::add(&opened.vault, &files, tag);
    finish(&writer, &opened, result, change.dry_run, &format!("`{tag}` added to"), "carried it already")
}

/// A new tag that is near to one in use is asked about: most likely that is meant.
pub fn agree_to_new(vault: &Vault, tag: &str, is_new: bool) -> Result<(), Failure> {
    let Some(near) = retag::near_used(vault, tag).filter(|_| !is_new) else { return Ok(()) };
    match ask::yes(&format!("`{tag}` is a new tag, and `{near}` is in use. Add a new tag?")) {
        Some(true) => Ok(()),
        Some(false) => Err("nothing was written".to_owned().into()),
        None => Err(format!("`{tag}` is a new tag, and `{near}` is in use: write that, or say --new").into()),
    }
}

fn remove(global: &Global, change: &Change) -> Outcome {
    let tag = bare(&change.tag);
    let writer = Writer::begin(global, change.dry_run)?;
    let (opened, files) = chosen(global, change)?;
    let result = retag::remove(&opened.vault, &files, tag);
    finish(&writer, &opened, result, change.dry_run, &format!("`{tag}` removed from"), "did not carry it")
}

/// The contacts that are named, or that the query means.
fn chosen(global: &Global, change: &Change) -> Result<(Opened, Vec<FileId>), Failure> {
    let Some(text) = &change.query else {
        let opened = open::open(global, Coverage::Texts)?;
        let files = opened.named(&change.contacts)?;
        return Ok((opened, files));
    };
    let query = super::query::parse_strict(text)?;
    let opened = open::open(global, Coverage::Texts)?;
    let files = list(&opened.vault, &query).map_err(|error| report::query_failure(text, &error))?;
    Ok((opened, files))
}

fn finish(writer: &Writer, opened: &Opened, result: Retag, dry_run: bool, done: &str, already: &str) -> Outcome {
    refusals(opened, &result.refused);
    let (edits, outside) = write::inside(opened, result.edits)?;
    outside.iter().for_each(|words| say(&format!("not changed: {words}")));
    let all_changed = result.refused.is_empty() && outside.is_empty();
    if edits.is_empty() {
        if !all_changed {
            return Err(Failure::Told);
        }
        if result.unchanged.is_empty() {
            say("nothing to change: the query fits nobody");
            return Ok(Exit::Nothing);
        }
        say(&format!("nothing to change: {} {already}", counted(result.unchanged.len(), "file")));
        return Ok(Exit::Done);
    }
    let exit = writer.write(opened, &edits)?;
    if !dry_run {
        let rest = if result.unchanged.is_empty() { String::new() } else { format!("; {} {already}", result.unchanged.len()) };
        say(&format!("{done} {}{rest}", counted(edits.len(), "file")));
    }
    if all_changed { Ok(exit) } else { Err(Failure::Told) }
}

/// Files that were left as they are, each with its place and reason.
fn refusals(opened: &Opened, refused: &[(FileId, Refusal)]) {
    for (id, refusal) in refused {
        let file = opened.vault.file(*id);
        let (line, column) = Lines::new(file.text()).line_column(file.text(), refusal.span.start());
        say(&format!("{}:{line}:{column}: not changed: {}", file.path(), refusal.message));
    }
}

fn rename(global: &Global, arguments: &Rename) -> Outcome {
    let (old, new) = (bare(&arguments.old), bare(&arguments.new));
    let writer = Writer::begin(global, arguments.dry_run)?;
    let opened = open::open_to_send(global, Coverage::Whole)?;
    let plan = rename_tag::rename(&opened.vault, old, new, arguments.merge).map_err(|error| error.words(old, "add --merge"))?;
    for note in &plan.notes {
        say(note);
    }
    let (edits, outside) = write::inside(&opened, plan.edits)?;
    if !plan.refused.is_empty() || !outside.is_empty() {
        refusals(&opened, &plan.refused);
        outside.iter().for_each(|words| say(words));
        return Err("nothing was written: a tag is renamed everywhere or nowhere".to_owned().into());
    }
    let steps = rename_tag::steps(&opened.vault, &edits, old, new)?;
    if steps.is_empty() {
        say(&format!("nothing to change: `{old}` is written as `{new}` already"));
        return Ok(Exit::Done);
    }
    agreed(&plan.differences, old, new, arguments)?;
    let exit = writer.write_in_order(&opened, &edits, &steps)?;
    if !arguments.dry_run {
        say(&format!("`{old}` is now `{new}` in {}", counted(edits.len(), "file")));
    }
    Ok(exit)
}

/// Another name must not mean other people unless somebody agrees.
fn agreed(differences: &[Difference], old: &str, new: &str, arguments: &Rename) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    say(&format!("renaming `{old}` to `{new}` changes whom queries match:"));
    differences.iter().for_each(|difference| say(&format!("  {}", difference.words())));
    if arguments.yes || arguments.dry_run {
        return Ok(());
    }
    match ask::yes("Rename it all the same?") {
        Some(true) => Ok(()),
        Some(false) => Err("nothing was written".to_owned().into()),
        None => Err("nothing was written; add --yes if that is meant".to_owned().into()),
    }
}
