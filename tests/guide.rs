//! What the guide shows is what happens: its page on broadcasts is gone through in a copy of the sample vault, command by command,
//! and every word must be the same.

use std::fs::{self, File};
use std::path::Path;

use crate::cli::guanxi;

/// A page's steps: what is typed with what comes, what is written to a file, what is edited. The last two stand in comments.
enum Step<'p> {
    Run { typed: &'p str, comes: Vec<&'p str> },
    Write { path: &'p str, text: String },
    Edit { path: &'p str, old: &'p str, new: &'p str },
}

fn steps(page: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    let mut file = None;
    while let Some(line) = lines.next() {
        let comment = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
        if let Some((kind, rest)) = comment.and_then(|comment| comment.split_once(' ')) {
            match kind {
                "file" => file = Some(rest),
                "edit" => {
                    let (path, change) = rest.split_once(": ").unwrap();
                    let (old, new) = change.split_once(" => ").unwrap();
                    steps.push(Step::Edit { path, old, new });
                }
                _ => {}
            }
        } else if line == "```console" {
            for line in lines.by_ref().take_while(|line| *line != "```") {
                match (line.strip_prefix("$ "), steps.last_mut()) {
                    (Some(typed), _) => steps.push(Step::Run { typed, comes: Vec::new() }),
                    (None, Some(Step::Run { comes, .. })) => comes.push(line),
                    _ => panic!("before {line} nothing is typed"),
                }
            }
        } else if line.starts_with("```") && file.is_some() {
            let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            steps.push(Step::Write { path: file.take().unwrap(), text });
        }
    }
    steps
}

/// Words as a shell cuts them: at blanks, not inside single quotes.
fn words(typed: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in typed.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// What a command says on both ways, in the order in which it comes.
fn said(typed: &str, folder: &Path) -> String {
    let words = words(typed);
    if words[0] == "cat" {
        return fs::read_to_string(folder.join(&words[1])).unwrap();
    }
    assert_eq!(words[0], "guanxi", "{typed}");
    let heard = tempfile::NamedTempFile::new().unwrap();
    let way = || File::options().append(true).open(heard.path()).unwrap();
    let mut command = guanxi();
    command.current_dir(folder).args(&words[1..]).stdout(way()).stderr(way()).status().unwrap();
    fs::read_to_string(heard.path()).unwrap().replace('\\', "/")
}

/// Are these the lines? `…` alone stands for any.
fn fits(said: &str, comes: &[&str]) -> bool {
    let said: Vec<&str> = said.lines().map(str::trim_end).collect();
    match comes.iter().position(|line| *line == "…") {
        Some(at) => {
            let (before, after) = (&comes[..at], &comes[at + 1..]);
            said.len() >= before.len() + after.len() && said.starts_with(before) && said.ends_with(after)
        }
        None => said == comes,
    }
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::write(&target, fs::read(entry.path()).unwrap()).unwrap()
        }
    }
}

/// Goes through a page, each of its sections in a vault of its own.
fn go_through(path: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join(path)).unwrap().replace("\r\n", "\n");
    let mut run = 0;
    for section in page.split("\n## ") {
        let steps = steps(section);
        if steps.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        copy(&root.join("sample-vault"), folder.path());
        for step in steps {
            match step {
                Step::Run { typed, comes } => {
                    let said = said(typed, folder.path());
                    assert!(fits(&said, &comes), "{path}: $ {typed}\nsays\n{said}\nand the page\n{}\n", comes.join("\n"));
                    run += 1;
                }
                Step::Write { path, text } => {
                    let path = folder.path().join(path);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, text).unwrap();
                }
                Step::Edit { path, old, new } => {
                    let path = folder.path().join(path);
                    let text = fs::read_to_string(&path).unwrap();
                    assert_eq!(text.matches(old).count(), 1, "{old} is once in {}:\n{text}", path.display());
                    fs::write(&path, text.replace(old, new)).unwrap();
                }
            }
        }
    }
    run
}

#[test]
fn the_page_on_broadcasts() {
    let run = go_through("docs/broadcasts.md");
    assert!(run >= 8, "{run}");
}
