//! Edits to the disk: shown as a diff on a dry run, else saved file by file, each whole or not at all.

use super::open::Opened;
use super::out::{self, Exit, Failure, Outcome, counted, say};
use crate::disk;
use crate::features::FileEdits;

/// Carries the edits out, or shows them. Files that changed on disk since they were read stop everything before the first write.
pub fn write(opened: &Opened, edits: &[FileEdits], dry_run: bool) -> Outcome {
    if dry_run {
        let diffs: Vec<String> = edits.iter().map(|edits| diff(opened, edits)).collect();
        out::print(&diffs.concat())?;
        say(&format!("{} would change; nothing was written", counted(edits.len(), "file")));
        return Ok(Exit::Done);
    }
    let mut buffer = Vec::new();
    for edit in edits {
        let file = opened.vault.file(edit.file);
        let now = disk::read(&disk::to_disk(&opened.root, file.path()), &mut buffer);
        if now.as_deref().ok() != Some(file.text()) {
            return Err(Failure::Message(format!(
                "{} changed on disk meanwhile: nothing was written, please try again",
                file.path()
            )));
        }
    }
    for (done, edit) in edits.iter().enumerate() {
        let file = opened.vault.file(edit.file);
        let path = disk::to_disk(&opened.root, file.path());
        disk::save(&path, Some(file.text()), &edit.result(&opened.vault)).map_err(|fault| {
            let so_far =
                if done == 0 { "nothing was written".to_owned() } else { format!("{} written before", counted(done, "file")) };
            Failure::Message(format!("{}: {fault} ({so_far})", file.path()))
        })?;
    }
    Ok(Exit::Done)
}

fn diff(opened: &Opened, edits: &FileEdits) -> String {
    let file = opened.vault.file(edits.file);
    diff_of(file.path().as_str(), file.text(), &edits.result(&opened.vault))
}

/// A unified diff as git writes it; a new file comes from nothing.
pub fn diff_of(path: &str, old: &str, new: &str) -> String {
    let from = if old.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
    let diff = similar::TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(2).header(&from, &format!("b/{path}")).to_string();
    text.lines().map(|line| coloured(line) + "\n").collect()
}

fn coloured(line: &str) -> String {
    let colour = match line.as_bytes().first() {
        Some(b'+') if !line.starts_with("+++") => anstyle::AnsiColor::Green,
        Some(b'-') if !line.starts_with("---") => anstyle::AnsiColor::Red,
        Some(b'@') => anstyle::AnsiColor::Cyan,
        _ => return line.to_owned(),
    };
    let style = colour.on_default();
    format!("{style}{line}{style:#}")
}
