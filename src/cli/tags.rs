//! `guanxi tags`: every tag, its count, its meaning.

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::out::{self, Exit, Outcome};
use super::page::Page;
use super::show::Shape;
use super::{Global, open};
use crate::features::tags::{TagLine, tags};
use crate::text::printable::one_line;
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
    match arguments.format {
        Shape::Json => out::print_data(&as_json(&lines))?,
        Shape::Text => as_text(&lines, arguments.tree).print()?,
    }
    Ok(if lines.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// One tag a line.
fn as_json(lines: &[TagLine]) -> String {
    let rows: Vec<String> = lines.iter().map(|line| format!("  {}", line.json())).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

fn as_text(lines: &[TagLine], tree: bool) -> Page {
    let name = |line: &TagLine| match line.tag.rsplit_once('/') {
        Some((parent, last)) if tree => format!("{}{}", "  ".repeat(parent.split('/').count()), one_line(last)),
        _ => one_line(&line.tag),
    };
    let names: Vec<String> = lines.iter().map(name).collect();
    // The count that the query `#tag` would find: with everything below.
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let digits = lines.iter().map(|line| line.total.to_string().len()).max().unwrap_or(1);
    let dim = anstyle::Style::new().dimmed();
    let mut page = Page::new();
    for (line, name) in lines.iter().zip(names) {
        let pad = " ".repeat(width - name.width());
        page.text(&format!("{name}{pad}  {:>digits$}", line.total));
        if !line.meaning.is_empty() {
            page.text("  ");
            page.styled(dim, &one_line(&line.meaning));
        }
        page.text("\n");
    }
    page
}
