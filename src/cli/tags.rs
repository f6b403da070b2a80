//! `guanxi tags`: every tag, its count, its meaning.

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::out::{self, Exit, Outcome};
use super::show::Shape;
use super::{Global, open};
use crate::features::tags::{TagLine, tags};
use crate::vault::Coverage;

/// The arguments of `guanxi tags`.
#[derive(Debug, Args)]
pub struct Tags {
    /// Children below their parents
    #[arg(long)]
    tree: bool,
    /// The shape of the answer
    #[arg(short, long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
}

/// Runs it.
pub fn run(global: &Global, arguments: &Tags) -> Outcome {
    let opened = open::open(global, Coverage::Heads)?;
    let lines = tags(&opened.vault, arguments.tree);
    let text = match arguments.format {
        Shape::Json => as_json(&lines),
        Shape::Text => as_text(&lines, arguments.tree),
    };
    out::print(&text)?;
    Ok(if lines.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// One tag a line.
fn as_json(lines: &[TagLine]) -> String {
    let rows: Vec<String> = lines.iter().map(|line| format!("  {}", line.json())).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

fn as_text(lines: &[TagLine], tree: bool) -> String {
    let name = |line: &TagLine| match line.tag.rsplit_once('/') {
        Some((parent, last)) if tree => format!("{}{last}", "  ".repeat(parent.split('/').count())),
        _ => line.tag.clone(),
    };
    // The count that the query `#tag` would find: with everything below.
    let width = lines.iter().map(|line| name(line).width()).max().unwrap_or(0);
    let digits = lines.iter().map(|line| line.total.to_string().len()).max().unwrap_or(1);
    let dim = anstyle::Style::new().dimmed();
    let row = |line: &TagLine| {
        let name = name(line);
        let pad = " ".repeat(width - name.width());
        let row = format!("{name}{pad}  {:>digits$}  {dim}{}{dim:#}", line.total, line.meaning);
        if line.meaning.is_empty() { format!("{name}{pad}  {:>digits$}\n", line.total) } else { row + "\n" }
    };
    lines.iter().map(row).collect()
}
