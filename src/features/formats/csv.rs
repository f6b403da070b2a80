//! Comma-separated values for spreadsheets (RFC 4180). A value that a spreadsheet would run as a formula gets an apostrophe in
//! front (OWASP, "CSV Injection"), at its beginning and wherever a spreadsheet could take a sign in it for the end of a cell.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::contact::fields;
use crate::text::invisible;
use crate::vault::{FileId, Vault};

/// Several values of one field stand in one cell, with this between them.
const BETWEEN: &str = "; ";

/// A header and one row a contact. Columns: path, alias, tags, then every known field that anybody in the list has, then their own keys.
pub fn write(vault: &Vault, files: &[FileId]) -> String {
    let mut columns: Vec<String> = vec!["path".to_owned(), "alias".to_owned(), "tags".to_owned()];
    let present = files.iter().fold(0, |all, &id| all | vault.file(id).present());
    for (bit, field) in fields::FIELDS.iter().enumerate() {
        if present >> bit & 1 == 1 && !matches!(field.key, "alias" | "tags") {
            columns.push(field.key.to_owned());
        }
    }
    let mut own: BTreeSet<String> = BTreeSet::new();
    for &id in files {
        let own_entries = vault.file(id).document().head.entries.into_iter().filter(|entry| fields::find(&entry.key).is_none());
        own.extend(own_entries.map(|entry| entry.key.into_owned()));
    }
    own.retain(|key| !columns.contains(key));
    columns.extend(own);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut rows = vec![columns.iter().map(|column| guarded(column)).collect::<Vec<_>>()];
    rows.extend(files.iter().map(|&id| row(vault, id, &columns)));
    for row in rows {
        // Writing into memory cannot fail.
        let _ = writer.write_record(&row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn row(vault: &Vault, id: FileId, columns: &[String]) -> Vec<String> {
    let file = vault.file(id);
    let document = file.document();
    let cell = |column: &String| match column.as_str() {
        "path" => file.path().to_string(),
        "alias" => file.alias().to_owned(),
        "tags" => document.tags().iter().map(|tag| tag.text).collect::<Vec<_>>().join(BETWEEN),
        key => {
            let values = document.values_of(key);
            let written = values.iter().map(|value| match value.label {
                Some(label) => format!("{label}: {}", value.text),
                None => value.text.to_owned(),
            });
            written.collect::<Vec<_>>().join(BETWEEN)
        }
    };
    columns.iter().map(|column| guarded(&cell(column))).collect()
}

/// `=cmd()` becomes `'=cmd()`. So does what would begin a cell where a spreadsheet cuts at semicolons, as many do by the language
/// of the system: `a;=cmd()` becomes `a;'=cmd()`.
fn guarded(value: &str) -> String {
    let mut result = String::with_capacity(value.len());
    for piece in value.split_inclusive(ends_cell) {
        // At the very beginning a tab or a line break is what some drop before they look.
        if would_run(piece) || (result.is_empty() && piece.starts_with(ends_cell) && !piece.starts_with(';')) {
            result.push('\'');
        }
        result.push_str(piece);
    }
    result
}

/// Could a spreadsheet take this for the end of a cell or of a line?
fn ends_cell(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Would a spreadsheet take this for a formula? Phone numbers and negative numbers are none.
fn would_run(piece: &str) -> bool {
    // What a program on the way drops or does not see: then the sign behind it begins the cell.
    let bare =
        piece.trim_start_matches(|c: char| is_quote(c) || c.is_control() || c.is_whitespace() || invisible::is_ignorable(c));
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/') || ends_cell(c);
    let is_harmless = bare.len() > 1 && bare.starts_with(['+', '-']) && bare[1..].chars().all(is_number);
    bare.chars().next().is_some_and(is_sign) && !is_harmless
}

/// The signs that begin a formula, also full-width, small or raised, and the minus of mathematics.
fn is_sign(c: char) -> bool {
    c == '\u{2212}' || ['=', '+', '-', '@'].iter().any(|&sign| std::iter::once(c).nfkc().eq([sign]))
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{b4}' | '\u{ab}' | '\u{bb}' | '\u{2018}'
            ..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{ff02}' | '\u{ff07}'
    )
}
