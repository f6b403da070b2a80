//! Edits to the disk, under the vault's lock: shown as a diff on a dry run, else saved file by file, each whole or not at all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Global;
use super::open::{self, Opened};
use super::out::{Exit, Failure, Outcome, Printer, counted, say};
use super::page::Page;
use super::signals::Held;
use crate::disk::{self, Busy, Halt, SaveFault, Write, Writing};
use crate::features::FileEdits;
use crate::features::rename_tag::Step;

/// So long a command waits for another that writes: some thousand files, each synced. Who changes more makes the others give up, with
/// words, rather than hang without an end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The right to write in a vault, taken before it is read: what another guanxi wrote meanwhile must be seen. A dry run needs none.
pub struct Writer(Option<Writing>);

impl Writer {
    /// Waits for other guanxi processes that write in the vault, and removes what killed ones left behind.
    pub fn begin(global: &Global, dry_run: bool) -> Result<Self, Failure> {
        if dry_run {
            return Ok(Self(None));
        }
        let root = open::root(global)?;
        let writing = Writing::begin(&root, PATIENCE, &mut waiting).map_err(busy)?;
        disk::sweep(&disk::Rules::new(&root, &open::settings(&root).ignore));
        Ok(Self(Some(writing)))
    }

    /// The same for a folder that is to become a vault; it need not be there yet.
    pub fn begin_new(root: &Path) -> Result<Self, Failure> {
        let begun = Writing::begin_new(root, PATIENCE, &mut waiting);
        let begun = begun.map_err(|fault| format!("{} cannot be created: {fault}", root.display()))?;
        Ok(Self(Some(begun.map_err(busy)?)))
    }

    /// A new file.
    pub fn create(&self, path: &Path, text: &str) -> Result<(), SaveFault> {
        let _held = Held::begin();
        self.0.as_ref().map_or(Ok(()), |writing| writing.save(path, None, text))
    }

    /// Carries the edits out, or shows them. Files that changed on disk since they were read stop everything before the first
    /// write.
    pub fn write(&self, opened: &Opened, edits: &[FileEdits]) -> Outcome {
        let Some(writing) = &self.0 else { return show(opened, edits) };
        let planned = planned(opened, edits);
        let writes: Vec<Write<'_>> = planned.iter().map(Planned::write).collect();
        let names: Vec<&str> = planned.iter().map(|one| one.name).collect();
        carry_out(writing, &writes, &names, false)
    }

    /// The same for a change whose files must be written in this order; `edits` are what a dry run shows.
    pub fn write_in_order(&self, opened: &Opened, edits: &[FileEdits], steps: &[Step]) -> Outcome {
        let Some(writing) = &self.0 else { return show(opened, edits) };
        let writes: Vec<Write<'_>> = steps
            .iter()
            .map(|step| Write {
                path: disk::to_disk(&opened.root, &step.path),
                old: step.old.as_deref(),
                new: step.new.as_deref(),
            })
            .collect();
        let names: Vec<&str> = steps.iter().map(|step| step.path.as_str()).collect();
        carry_out(writing, &writes, &names, steps.iter().any(|step| step.is_mark))
    }
}

fn waiting() {
    say("another guanxi is writing in this vault: waiting for it to finish");
}

fn busy(_: Busy) -> Failure {
    let message = format!("another guanxi has been writing in this vault for {} seconds", PATIENCE.as_secs());
    Failure::Message(format!("{message}; nothing was written: try again when it has finished"))
}

/// The edits to files of the vault, each file once, and in words the files outside it, behind a symbolic link.
pub fn inside(opened: &Opened, edits: Vec<FileEdits>) -> Result<(Vec<FileEdits>, Vec<String>), Failure> {
    let mut refused = Vec::new();
    let is_inside = |edits: &FileEdits| {
        let path = opened.vault.file(edits.file).path();
        match disk::stays_inside(&opened.root, &disk::to_disk(&opened.root, path)) {
            Ok(()) => true,
            Err(fault) => {
                refused.push(format!("{path} {fault}"));
                false
            }
        }
    };
    let edits = edits.into_iter().filter(is_inside).collect();
    Ok((each_file_once(opened, edits)?, refused))
}

/// A file with two names, by a symbolic link, is changed and counted once, under the first; the names must agree on what it says.
fn each_file_once(opened: &Opened, edits: Vec<FileEdits>) -> Result<Vec<FileEdits>, Failure> {
    let file = |edits: &FileEdits| opened.vault.file(edits.file);
    let mut found: Vec<FileEdits> = Vec::with_capacity(edits.len());
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for edits in edits {
        let path = disk::to_disk(&opened.root, file(&edits).path());
        match places.entry(path.canonicalize().unwrap_or(path)) {
            Entry::Vacant(place) => {
                place.insert(found.len());
                found.push(edits);
            }
            Entry::Occupied(place) => {
                let same = &found[*place.get()];
                if file(same).text() != file(&edits).text() || same.edits != edits.edits {
                    let (one, other) = (file(same).path(), file(&edits).path());
                    let message = format!("{one} and {other} are one file, but were read differently");
                    return Err(format!("{message}: nothing was written, please try again").into());
                }
            }
        }
    }
    Ok(found)
}

fn carry_out(writing: &Writing, writes: &[Write<'_>], names: &[&str], marked: bool) -> Outcome {
    let mut buffer = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (write, name) in writes.iter().zip(names).filter(|(write, _)| seen.insert(write.path.clone())) {
        let now = disk::read(&write.path, &mut buffer);
        let is_as_read = match write.old {
            Some(old) => now.as_deref().ok() == Some(old),
            None => now == Err(disk::ReadFault::Gone),
        };
        if !is_as_read {
            return Err(format!("{name} changed on disk meanwhile: nothing was written, please try again").into());
        }
    }
    let held = Held::begin();
    match writing.carry_out(writes, &mut || held.came()) {
        Ok(()) => Ok(Exit::Done),
        Err(Halt::Stopped(0)) => Err("stopped: nothing was written".to_owned().into()),
        Err(Halt::Stopped(done)) => {
            let rest = if marked { ", and until then no broadcast is sent" } else { "" };
            let done = format!("stopped in the middle: {done} of {} writes are done, each whole", writes.len());
            Err(format!("{done}; run the same command again to complete it{rest}").into())
        }
        Err(Halt::Failed { at, fault, stuck }) => {
            let stuck: Vec<&str> = stuck.into_iter().map(|at| names[at]).collect();
            let rest = if stuck.is_empty() {
                "everything is as it was".to_owned()
            } else {
                format!("these stay changed: {}", stuck.join(", "))
            };
            Err(format!("{}: {fault}; {rest}", names[at]).into())
        }
    }
}

/// A file that is to be written.
struct Planned<'v> {
    path: PathBuf,
    name: &'v str,
    old: &'v str,
    new: String,
}

impl Planned<'_> {
    fn write(&self) -> Write<'_> {
        Write { path: self.path.clone(), old: Some(self.old), new: Some(&self.new) }
    }
}

fn planned<'v>(opened: &'v Opened, edits: &[FileEdits]) -> Vec<Planned<'v>> {
    let plan = |edits: &FileEdits| {
        let file = opened.vault.file(edits.file);
        let path = disk::to_disk(&opened.root, file.path());
        Planned { path, name: file.path().as_str(), old: file.text(), new: edits.result(&opened.vault) }
    };
    edits.iter().map(plan).collect()
}

fn show(opened: &Opened, edits: &[FileEdits]) -> Outcome {
    let mut printer = Printer::new();
    for edits in edits {
        printer.page(&diff(opened, edits))?;
    }
    printer.finish()?;
    say(&format!("{} would change; nothing was written", counted(edits.len(), "file")));
    Ok(Exit::Done)
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
