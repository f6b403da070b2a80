//! `guanxi check`: the editor's diagnostics in a terminal, with source lines and carets, or as JSON.

use std::path::PathBuf;

use annotate_snippets::Level;
use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use super::Global;
use super::open::{self, Opened};
use super::out::{self, Exit, Failure, Outcome, counted, say};
use super::page::{Page, Place, Report};
use super::show::Shape;
use crate::contact::{Problem, Severity, config};
use crate::disk;
use crate::features::Here;
use crate::features::diagnostics::{self, Surroundings};
use crate::text::lines::{self, Lines};
use crate::vault::{Coverage, FileId, Vault, VaultPath};

/// The arguments of `guanxi check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Files or folders; the whole vault without one
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The shape of the answer
    #[arg(short, long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
}

/// Of one file no more problems than this are shown: a person mends the first ones first.
const MOST: usize = 100;

/// Of one line no more bytes than this are shown.
const WIDEST: usize = 1000;

/// Runs it: exit 1 where there are errors; warnings alone are 0.
pub fn run(global: &Global, arguments: &Check) -> Outcome {
    let opened = open::open_quietly(global, Coverage::Whole)?;
    let wanted = arguments.paths.iter().map(|path| wanted(&opened, path)).collect::<Result<Vec<_>, _>>()?;
    let is_wanted = |path: &str| {
        wanted.is_empty()
            || wanted.iter().any(|one| {
                one.is_empty() || path == one || path.strip_prefix(one.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
    };
    let mut files: Vec<FileId> =
        opened.vault.files().filter(|(_, file)| is_wanted(file.path().as_str())).map(|(id, _)| id).collect();
    files.sort_by_key(|&id| opened.vault.file(id).path());
    let exists = |path: &str| disk::to_disk(&opened.root, &VaultPath::new(path)).is_file();
    let found: Vec<(FileId, Vec<Problem>)> = files
        .par_iter()
        .map_init(
            || Surroundings::new(&exists),
            |around, &id| (id, diagnostics::diagnose(&Here::of_file(&opened.vault, id), around)),
        )
        .filter(|(_, problems)| !problems.is_empty())
        .collect();
    let found: Vec<(FileId, Vec<Problem>)> =
        found.into_iter().map(|(id, problems)| (id, first_ones(&opened, id, problems))).collect();
    let unreadable: Vec<(String, Problem)> =
        diagnostics::unreadable(&opened.vault).into_iter().filter(|(path, _)| is_wanted(path)).collect();
    let all = || found.iter().flat_map(|(_, problems)| problems).chain(unreadable.iter().map(|(_, problem)| problem));
    match arguments.format {
        Shape::Json => out::print_data(&as_json(&opened, &found, &unreadable))?,
        Shape::Text => as_text(&opened, &found, &unreadable).print()?,
    }
    nested_vaults(&opened.vault).iter().filter(|(folder, _)| is_wanted(folder)).for_each(|(_, words)| say(words));
    let count = |severity| all().filter(|problem| problem.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let read = counted(files.len(), "file");
    if errors + warnings == 0 {
        say(&format!("{read} checked, no errors, no warnings"));
    } else {
        say(&format!("{read} checked: {}, {}", counted(errors, "error"), counted(warnings, "warning")));
    }
    Ok(if errors > 0 { Exit::Nothing } else { Exit::Done })
}

/// The vaults inside this one: their folders, and what to know of them. One inside another is that one's concern.
fn nested_vaults(vault: &Vault) -> Vec<(String, String)> {
    let files = vault.beside().into_iter().flat_map(Vault::files).map(|(_, file)| file.path());
    let mut settings: Vec<&VaultPath> = files.filter(|path| path.names_settings()).collect();
    settings.sort_by_key(|path| (path.folder(), path.file_name() != config::FILE));
    let mut found: Vec<(String, String)> = Vec::new();
    for path in settings {
        let folder = path.folder();
        let is_within = |outer: &str| folder.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if found.iter().any(|(outer, _)| is_within(outer)) {
            continue;
        }
        let advice = if path.file_name() == config::FILE { "" } else { "; settings are read from guanxi.yaml only: rename it" };
        let words = format!(
            "{folder} is a vault of its own, by {path}: its people are not in this one, though a \"no\" to messages counts{advice}"
        );
        found.push((folder.to_owned(), words));
    }
    found
}

fn first_ones(opened: &Opened, id: FileId, problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() > MOST {
        say(&format!("{}: {} problems, the first {MOST} are shown", opened.vault.file(id).path(), problems.len()));
    }
    diagnostics::first(problems, MOST)
}

/// A path argument as seen from the vault's root; empty for the root itself.
fn wanted(opened: &Opened, path: &std::path::Path) -> Result<String, Failure> {
    let here = std::env::current_dir().map_err(|error| format!("cannot tell where we are: {error}"))?;
    let from_here = open::normal(&here.join(path));
    let from_root = open::normal(&opened.root.join(path));
    for candidate in [from_here, from_root] {
        if !candidate.exists() {
            continue;
        }
        if candidate == opened.root {
            return Ok(String::new());
        }
        if let Some(inside) = disk::from_disk(&opened.root, &candidate) {
            return Ok(inside.to_string());
        }
    }
    Err(Failure::Message(format!("there is no {} in this vault", path.display())))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
    }
}

fn as_text(opened: &Opened, found: &[(FileId, Vec<Problem>)], unreadable: &[(String, Problem)]) -> Page {
    let mut page = Page::new();
    for (path, problem) in unreadable {
        let title = format!("{path}: {}", problem.message);
        let (level, code) = (level(problem.severity()), Some(problem.code.name()));
        page.report(&Report { level, title: &title, code, place: None, notes: Vec::new() });
        page.text("\n");
    }
    for (id, problems) in found {
        let file = opened.vault.file(*id);
        for problem in problems {
            let window = Window::around(problem, file.text());
            let place = Place {
                path: Some(file.path().as_str()),
                source: &file.text()[window.lines.clone()],
                line: window.first,
                marked: window.marked.clone(),
                label: None,
            };
            let others = problem.related.iter().filter(|other| !other.path.is_empty());
            let others = others.map(|other| (Level::NOTE, format!("{}: {}", other.path, other.message)));
            let notes = others.chain(problem.fix.iter().map(|fix| (Level::HELP, fix.title.clone()))).collect();
            let (level, code) = (level(problem.severity()), Some(problem.code.name()));
            page.report(&Report { level, title: &problem.message, code, place: Some(place), notes });
            page.text("\n\n");
        }
    }
    page
}

/// The lines of a file that a problem is shown with.
struct Window {
    /// Which bytes of the file.
    lines: std::ops::Range<usize>,
    /// The number of their first line.
    first: usize,
    /// What is underlined, counted from the beginning of the window.
    marked: std::ops::Range<usize>,
}

impl Window {
    /// The lines that the problem touches, the first few where there are many; of a very long line the part around it.
    fn around(problem: &Problem, text: &str) -> Self {
        let start = problem.span.start().min(text.len());
        let end = problem.span.end().clamp(start, text.len());
        let end = text[start..end].match_indices('\n').nth(5).map_or(end, |(at, _)| start + at);
        let mut from = lines::line_start(text, start);
        let mut until = lines::line_end(text, end);
        if until - from > WIDEST {
            from = lines::floor(text, from.max(start.saturating_sub(WIDEST / 4)));
            until = lines::floor(text, until.min(start + WIDEST));
        }
        let first = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..from]).count();
        let end = end.min(until);
        Self { lines: from..until, first, marked: start - from..end - from }
    }
}

fn as_json(opened: &Opened, found: &[(FileId, Vec<Problem>)], unreadable: &[(String, Problem)]) -> String {
    let mut rows = Vec::new();
    for (path, problem) in unreadable {
        rows.push(row(path, "", &Lines::new(""), problem));
    }
    for (id, problems) in found {
        let file = opened.vault.file(*id);
        let lines = Lines::new(file.text());
        rows.extend(problems.iter().map(|problem| row(file.path().as_str(), file.text(), &lines, problem)));
    }
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n  {}\n]\n", rows.join(",\n  ")) }
}

fn row(path: &str, text: &str, lines: &Lines, problem: &Problem) -> String {
    let (line, column) = lines.line_column(text, problem.span.start());
    let (end_line, end_column) = lines.line_column(text, problem.span.end());
    let severity = match problem.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    };
    let related: Vec<_> = problem
        .related
        .iter()
        .map(|other| json!({ "path": if other.path.is_empty() { path } else { &other.path }, "message": other.message }))
        .collect();
    json!({
        "path": path, "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        "severity": severity, "code": problem.code.name(), "message": problem.message,
        "fix": problem.fix.as_ref().map(|fix| &fix.title), "related": related,
    })
    .to_string()
}
