//! Columns for eyes: alias, tags, org, first phone and mail. Wide characters count twice, as terminals draw them.

use unicode_width::UnicodeWidthStr;

use super::one_line;
use crate::vault::{FileId, Vault};

/// No column is wider than this, in cells.
const WIDEST: usize = 36;

/// A header, then one line a contact. Columns that nobody fills are left out.
pub fn write(vault: &Vault, files: &[FileId]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let mut rows = vec![["ALIAS", "TAGS", "ORG", "PHONE", "MAIL"].map(str::to_owned)];
    for &id in files {
        let document = vault.file(id).document();
        let first = |key: &str| document.values_of(key).first().map(|value| one_line(value.text)).unwrap_or_default();
        let tags = document.tags().iter().map(|tag| tag.text).collect::<Vec<_>>().join(", ");
        rows.push([one_line(vault.file(id).alias()), one_line(&tags), first("org"), first("phones"), first("emails")]);
    }
    let filled: Vec<usize> = (0..5).filter(|&column| rows.iter().skip(1).any(|row| !row[column].is_empty())).collect();
    let widths: Vec<usize> =
        filled.iter().map(|&column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0).min(WIDEST)).collect();
    let mut result = String::new();
    for row in &rows {
        let mut line = String::new();
        for (&column, &width) in filled.iter().zip(&widths) {
            let cell = shortened(&row[column], width);
            let pad = width.saturating_sub(cell.width());
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', pad + 2));
        }
        result.push_str(line.trim_end());
        result.push('\n');
    }
    result
}

fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut result = String::new();
    for c in text.chars() {
        if result.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) + 1 > width {
            break;
        }
        result.push(c);
    }
    result + "…"
}
