//! `guanxi new`: a contact from nothing.

use clap::Args;

use super::out::{self, Exit, Outcome, say};
use super::write::{self, Writer};
use super::{Global, open};
use crate::disk;
use crate::features::new::new;
use crate::vault::{Coverage, VaultPath};

/// The arguments of `guanxi new`.
#[derive(Debug, Args)]
pub struct New {
    /// The name you know them by
    alias: String,
    /// Carries this tag; may be repeated
    #[arg(short, long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// A field, such as org='Panda Lighting' or phones='+1 212 555 0147'; may be repeated
    #[arg(short = 's', long = "set", value_name = "KEY=VALUE")]
    values: Vec<String>,
    /// A new tag is meant, although one in use looks like it
    #[arg(long)]
    new: bool,
    /// Show what would be written, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs it. Prints the path of the new file, as seen from here, so that an editor can be handed it.
pub fn run(global: &Global, arguments: &New) -> Outcome {
    let mut values = Vec::new();
    for pair in &arguments.values {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("--set {pair}: write it as KEY=VALUE"))?;
        values.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    let writer = Writer::begin(global, arguments.dry_run)?;
    let opened = open::open(global, Coverage::Texts)?;
    for tag in &arguments.tags {
        super::tag::agree_to_new(&opened.vault, tag.trim().trim_start_matches('#'), arguments.new)?;
    }
    let taken = |path: &str| disk::to_disk(&opened.root, &VaultPath::new(path)).symlink_metadata().is_ok();
    let contact = new(&opened.vault, &arguments.alias, &arguments.tags, &values, &taken)?;
    let path = disk::to_disk(&opened.root, &VaultPath::new(&contact.path));
    if arguments.dry_run {
        write::diff_of(&contact.path, "", &contact.text).print()?;
        say("nothing was written");
        return Ok(Exit::Done);
    }
    writer.create(&path, &contact.text).map_err(|fault| format!("{}: {fault}", contact.path))?;
    let here = std::env::current_dir().ok();
    let shown = here.and_then(|here| path.strip_prefix(here).ok().map(std::path::Path::to_owned)).unwrap_or(path);
    out::print_paths(&format!("{}\n", shown.display()))?;
    Ok(Exit::Done)
}
