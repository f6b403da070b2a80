//! Edits to the disk: shown as a diff on a dry run, else saved file by file, each whole or not at all.

use std::collections::HashMap;
use std::path::PathBuf;

use super::open::Opened;
use super::out::{Exit, Failure, Outcome, Printer, counted, say};
use super::page::Page;
use crate::disk;
use crate::features::FileEdits;

/// Carries the edits out, or shows them. Files that changed on disk since they were read stop everything before the first write.
pub fn write(opened: &Opened, edits: &[FileEdits], dry_run: bool) -> Outcome {
    if dry_run {
        let mut printer = Printer::new();
        for edits in edits {
            printer.page(&diff(opened, edits))?;
        }
        printer.finish()?;
        say(&format!("{} would change; nothing was written", counted(edits.len(), "file")));
        return Ok(Exit::Done);
    }
    let planned = planned(opened, edits)?;
    let mut buffer = Vec::new();
    for one in &planned {
        let now = disk::read(&one.path, &mut buffer);
        if now.as_deref().ok() != Some(one.old) {
            return Err(Failure::Message(format!(
                "{} changed on disk meanwhile: nothing was written, please try again",
                one.name
            )));
        }
    }
    for (done, one) in planned.iter().enumerate() {
        if let Err(fault) = disk::save(&one.path, Some(one.old), &one.new) {
            return Err(Failure::Message(format!("{}: {fault}; {}", one.name, taken_back(&planned[..done]))));
        }
    }
    Ok(Exit::Done)
}

/// A file that is to be written.
struct Planned<'v> {
    path: PathBuf,
    name: &'v str,
    old: &'v str,
    new: String,
}

/// Each file on disk once: two names may lead to one file, by a symbolic link.
fn planned<'v>(opened: &'v Opened, edits: &[FileEdits]) -> Result<Vec<Planned<'v>>, Failure> {
    let mut found: Vec<Planned<'v>> = Vec::new();
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for edit in edits {
        let file = opened.vault.file(edit.file);
        let path = disk::to_disk(&opened.root, file.path());
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let new = edit.result(&opened.vault);
        match places.get(&real).map(|&at| &found[at]) {
            None => {
                places.insert(real, found.len());
                found.push(Planned { path, name: file.path().as_str(), old: file.text(), new });
            }
            Some(same) if same.old == file.text() && same.new == new => {}
            Some(same) => {
                let message = format!(
                    "{} and {} are one file, but were read differently: nothing was written, please try again",
                    same.name,
                    file.path()
                );
                return Err(Failure::Message(message));
            }
        }
    }
    Ok(found)
}

/// Everywhere or nowhere: what was written before a fault gets its old text back. A half-done rename could let a message through.
fn taken_back(written: &[Planned<'_>]) -> String {
    let stuck: Vec<&str> =
        written.iter().filter(|one| disk::save(&one.path, Some(&one.new), one.old).is_err()).map(|one| one.name).collect();
    if stuck.is_empty() { "everything is as it was".to_owned() } else { format!("these stay changed: {}", stuck.join(", ")) }
}

fn diff(opened: &Opened, edits: &FileEdits) -> Page {
    let file = opened.vault.file(edits.file);
    diff_of(file.path().as_str(), file.text(), &edits.result(&opened.vault))
}

/// A unified diff as git writes it; a new file comes from nothing.
pub fn diff_of(path: &str, old: &str, new: &str) -> Page {
    let from = if old.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
    let diff = similar::TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(2).header(&from, &format!("b/{path}")).to_string();
    let mut page = Page::new();
    for line in text.lines() {
        page.styled(colour(line), line);
        page.text("\n");
    }
    page
}

fn colour(line: &str) -> anstyle::Style {
    match line.as_bytes().first() {
        Some(b'+') if !line.starts_with("+++") => anstyle::AnsiColor::Green.on_default(),
        Some(b'-') if !line.starts_with("---") => anstyle::AnsiColor::Red.on_default(),
        Some(b'@') => anstyle::AnsiColor::Cyan.on_default(),
        _ => anstyle::Style::new(),
    }
}
