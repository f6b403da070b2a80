//! `guanxi show`: one contact, all of it.

use clap::{Args, ValueEnum};
use unicode_width::UnicodeWidthStr;

use super::out::{self, Exit, Outcome};
use super::page::Page;
use super::{Global, open};
use crate::contact::document;
use crate::features::formats::one_line;
use crate::features::record;
use crate::vault::{Coverage, FileId, Vault};

/// The arguments of `guanxi show`.
#[derive(Debug, Args)]
pub struct Show {
    /// An alias, another name, or a path
    #[arg(value_name = "CONTACT")]
    contact: String,
    /// The shape of the answer
    #[arg(short, long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
}

/// For eyes or for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// Lines for eyes
    Text,
    /// For scripts
    Json,
}

/// Runs it.
pub fn run(global: &Global, arguments: &Show) -> Outcome {
    let opened = open::open(global, Coverage::Whole)?;
    let id = opened.contact(&arguments.contact)?;
    match arguments.format {
        Shape::Json => out::print_data(&json(&opened.vault, id))?,
        Shape::Text => text(&opened.vault, id).print()?,
    }
    Ok(Exit::Done)
}

fn mentioned_in(vault: &Vault, id: FileId) -> Vec<&str> {
    let mut paths: Vec<&str> = vault.backlinks(id).iter().map(|place| vault.file(place.file).path().as_str()).collect();
    paths.dedup();
    paths
}

fn json(vault: &Vault, id: FileId) -> String {
    let mut object = record::json(vault, id);
    if let Some(object) = object.as_object_mut() {
        object.insert("body".to_owned(), vault.file(id).document().body_text().trim().into());
        object.insert("mentioned_in".to_owned(), mentioned_in(vault, id).into());
    }
    format!("{object:#}\n")
}

fn text(vault: &Vault, id: FileId) -> Page {
    let file = vault.file(id);
    let document = file.document();
    let mut rows: Vec<(String, String)> = Vec::new();
    for entry in &document.head.entries {
        let values = document::values(&entry.value);
        if entry.key == "alias" || values.is_empty() {
            continue;
        }
        let written: Vec<String> = values
            .iter()
            .map(|value| match value.label {
                Some(label) => format!("{} ({})", one_line(value.text), one_line(label)),
                None => one_line(value.text),
            })
            .collect();
        rows.push((one_line(&entry.key), written.join(", ")));
    }
    rows.push(("file".to_owned(), one_line(file.path().as_str())));
    let mentions = mentioned_in(vault, id);
    for (number, path) in mentions.iter().enumerate() {
        rows.push((if number == 0 { "mentioned" } else { "" }.to_owned(), one_line(path)));
    }
    let width = rows.iter().map(|(key, _)| key.width()).max().unwrap_or(0);
    let bold = anstyle::Style::new().bold();
    let dim = anstyle::Style::new().dimmed();
    let mut page = Page::new();
    page.styled(bold, &one_line(file.alias()));
    page.text("\n");
    for (key, value) in rows {
        page.text("  ");
        page.styled(dim, &key);
        page.text(&format!("{}  {value}\n", " ".repeat(width - key.width())));
    }
    let body = document.body_text().trim();
    if !body.is_empty() {
        page.text(&format!("\n{body}\n"));
    }
    page
}
