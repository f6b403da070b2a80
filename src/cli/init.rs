//! `guanxi init`: a new vault, ready for its first contact.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Global;
use super::out::{self, Exit, Failure, Outcome};
use super::write::Writer;
use crate::contact::config;

/// The arguments of `guanxi init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Where; here without one
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

const CONFIG: &str = "\
# What guanxi knows about this vault. Every line may be left out.
tags:
  strict: false                # true: a tag that is not listed below is an error
  known:
    do-not-contact: Never gets a broadcast
broadcast:
  exclude: \"#do-not-contact\"   # always taken away from a broadcast
vault:
  contacts: contacts           # where new contacts go
  cards: cards                 # pictures of name cards
  broadcasts: broadcasts
  ignore: []                   # such as \"archive/**\"
watch: auto                    # auto, native, poll or off
";

const ATTRIBUTES: &str = "\
# Contacts are text, their line endings stay as they are; pictures are not text.
*.md   diff=markdown -text
*.jpg  binary
*.jpeg binary
*.png  binary
*.pdf  binary
";

/// Runs it. What is there already is never overwritten.
pub fn run(global: &Global, arguments: &Init) -> Outcome {
    let here = PathBuf::from(".");
    let folder = arguments.folder.as_ref().or(global.vault.as_ref()).unwrap_or(&here);
    let file = folder.join(config::FILE);
    let is_vault = || file.symlink_metadata().is_ok();
    let refusal = || Failure::Message(format!("{} is there already: this is a vault", file.display()));
    if is_vault() {
        return Err(refusal());
    }
    let writer = Writer::begin_new(folder)?;
    if is_vault() {
        // Another `init` was faster.
        return Err(refusal());
    }
    let default = crate::contact::Config::default();
    for inner in [&default.contacts, &default.cards, &default.broadcasts] {
        // An empty file keeps an otherwise empty folder in git.
        save_new(&writer, &folder.join(inner).join(".gitkeep"), "")?;
    }
    save_new(&writer, &folder.join(".gitattributes"), ATTRIBUTES)?;
    save_new(&writer, &file, CONFIG)?;
    out::print(&format!("{} is a vault now. The first contact: guanxi new 'Wang Xiaoming' -t lead\n", shown(folder)))?;
    Ok(Exit::Done)
}

fn save_new(writer: &Writer, path: &Path, text: &str) -> Result<(), String> {
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    writer.create(path, text).map_err(|fault| format!("{}: {fault}", path.display()))
}

fn shown(folder: &Path) -> String {
    if folder == Path::new(".") { "This folder".to_owned() } else { folder.display().to_string() }
}
