//! `guanxi broadcast refresh`: the list in the broadcast is written, or brought up to date.

use clap::Args;

use crate::cli::list::tell_counts;
use crate::cli::out::{Exit, Outcome, say};
use crate::cli::write::Writer;
use crate::cli::{Global, open};
use crate::features::audience::audience;
use crate::features::checklist;
use crate::features::diagnostics::Surroundings;
use crate::features::{FileEdits, Here};
use crate::vault::Coverage;

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

/// Runs it.
pub fn run(global: &Global, arguments: &Refresh) -> Outcome {
    let writer = Writer::begin(global, arguments.dry_run)?;
    let opened = open::open_to_send(global, Coverage::Whole)?;
    let id = super::file(&opened, &arguments.file)?;
    let exists = super::exists(&opened);
    let here = Here::of_file(&opened.vault, id);
    let refresh = checklist::refresh(&here, &Surroundings::new(&exists))?;
    if let Ok(result) = audience(&opened.vault, &here.document) {
        tell_counts(&result);
    }
    say(&format!("{} added, {} kept, {} dropped", refresh.added.len(), refresh.kept, refresh.dropped.len()));
    refresh.remarks().iter().for_each(|remark| say(&format!("  {remark}")));
    if refresh.edits.is_empty() {
        say("nothing to change");
        return Ok(Exit::Done);
    }
    writer.write(&opened, &[FileEdits { file: id, edits: refresh.edits }])
}
