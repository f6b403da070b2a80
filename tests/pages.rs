//! Pages and pictures that the program writes: the field table, the picture of a terminal session. They are compared with what
//! stands in the repository, so that they cannot go stale; `GUANXI_UPDATE=1 cargo test pages` writes them anew.

use std::fmt::Write;
use std::path::Path;

use guanxi::contact::Code;
use guanxi::contact::fields::{FIELDS, FieldKind};

use crate::cli::{guanxi, said};

fn compare(path: &str, text: &str) {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("GUANXI_UPDATE").is_some() {
        std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
        std::fs::write(&whole, text).unwrap();
    }
    let there = std::fs::read_to_string(&whole).unwrap_or_default().replace("\r\n", "\n");
    assert!(there == text, "{path} is out of date: GUANXI_UPDATE=1 cargo test pages");
}

#[test]
fn the_page_of_fields() {
    let mut page =
        "# Fields\n\nEvery key that guanxi knows. Any other key is kept, searchable as `key:value`, and never touched.\n\n\
        | key | holds | meaning | vCard 4.0 |\n| --- | --- | --- | --- |\n"
            .to_owned();
    for field in FIELDS {
        let holds = match field.kind {
            FieldKind::Text => "text",
            FieldKind::List => "list",
            FieldKind::Tags => "list of tags",
            FieldKind::Card => "path, or list of paths",
            FieldKind::Labelled => "list, labels allowed",
            FieldKind::Handle => "text (a handle)",
            FieldKind::Date => "date",
            FieldKind::OptOut => "`true`, or list of channels",
        };
        let _ = writeln!(page, "| `{}` | {holds} | {} | {} |", field.key, field.meaning, field.vcard);
    }
    page.push_str("\nWritten by the program from its own table (`src/contact/fields.rs`).\n");
    compare("docs/fields.md", &page);
}

#[test]
fn every_diagnostic_has_its_section_in_the_guide() {
    let page = read("docs/diagnostics.md");
    let sections: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("## ")).map(|line| line.trim_matches('`')).collect();
    assert_eq!(sections, Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
}

#[test]
fn every_section_says_whether_there_is_a_quick_fix() {
    let page = read("docs/diagnostics.md");
    for section in page.split("\n## ").skip(1) {
        assert!(section.contains("\n**Quick fix:** "), "{}", section.lines().next().unwrap_or_default());
    }
}

/// What the guide claims of editors is held by tests that it names: they are all there.
#[test]
fn every_test_that_the_guide_names_is_there() {
    let page = read("docs/editor.md");
    let mut named = 0;
    for name in page.split('`').skip(1).step_by(2).filter(|piece| piece.starts_with("features::") || piece.starts_with("lsp::")) {
        let (module, function) = name.rsplit_once("::").unwrap();
        let file = format!("tests/{}.rs", module.replace("::", "/"));
        assert!(read(&file).contains(&format!("fn {function}(")), "docs/editor.md names {name}: {file} holds no such test");
        named += 1;
    }
    assert!(named > 30, "{named}");
}

fn read(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{path}: {error}")).replace("\r\n", "\n")
}

#[test]
fn the_picture_of_a_terminal_session() {
    let commands = [&["list", "#lead #new-york"][..], &["find", "wxm"], &["show", "王小明"], &["list", "#lead -#do-not-contcat"]];
    let mut lines = Vec::new();
    for arguments in commands {
        let typed: Vec<String> = arguments
            .iter()
            .map(|word| if word.contains([' ', '#']) { format!("'{word}'") } else { (*word).to_owned() })
            .collect();
        lines.push(format!("\u{1b}[32m$\u{1b}[0m \u{1b}[1mguanxi {}\u{1b}[0m", typed.join(" ")));
        let mut command = guanxi();
        command
            .env("CLICOLOR_FORCE", "1")
            .arg("--vault")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-vault"))
            .args(arguments);
        let said = said(command);
        lines.extend(format!("{}{}", said.out, said.err).lines().take(22).map(str::to_owned));
        lines.push(String::new());
    }
    lines.pop();
    compare("docs/pictures/terminal.svg", &svg(&lines));
}

/// Lines with colours of a terminal as a picture. Only what guanxi prints is understood: bold, dim, and the sixteen colours.
fn svg(lines: &[String]) -> String {
    let (cell, row) = (8.4, 19);
    let width =
        lines.iter().map(|line| unicode_width::UnicodeWidthStr::width(plain(line).as_str())).max().unwrap_or(0).clamp(60, 110);
    let (across, down) = ((width as f64 * cell) as usize + 40, lines.len() * row + 40);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {across} {down}\" width=\"{across}\" height=\"{down}\" role=\"img\" aria-label=\"A terminal session with guanxi\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1d2021\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace\" font-size=\"14\" fill=\"#ebdbb2\" xml:space=\"preserve\">\n"
    );
    for (number, line) in lines.iter().enumerate() {
        let _ = writeln!(picture, "<text x=\"20\" y=\"{}\">{}</text>", 32 + number * row, spans(line));
    }
    picture.push_str("</g>\n</svg>\n");
    picture
}

fn plain(line: &str) -> String {
    pieces(line).into_iter().map(|(_, text)| text).collect()
}

/// A line as stretches of text, each with the codes that were in force.
fn pieces(line: &str) -> Vec<(Vec<u8>, String)> {
    let mut found = Vec::new();
    let mut codes: Vec<u8> = Vec::new();
    for (number, piece) in line.split("\u{1b}[").enumerate() {
        let text = if number == 0 {
            piece
        } else {
            let (sequence, text) = piece.split_once('m').unwrap_or((piece, ""));
            for code in sequence.split(';').map(|code| code.parse().unwrap_or(0)) {
                if code == 0 { codes.clear() } else { codes.push(code) }
            }
            text
        };
        if !text.is_empty() {
            found.push((codes.clone(), text.to_owned()));
        }
    }
    found
}

fn spans(line: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut result = String::new();
    for (codes, text) in pieces(line) {
        let colour = codes.iter().rev().find_map(|code| match code % 60 {
            30 => Some("#928374"),
            31 => Some("#fb4934"),
            32 => Some("#b8bb26"),
            33 => Some("#fabd2f"),
            34 => Some("#83a598"),
            35 => Some("#d3869b"),
            36 => Some("#8ec07c"),
            _ => None,
        });
        let mut style = String::new();
        if let Some(colour) = colour {
            let _ = write!(style, " fill=\"{colour}\"");
        }
        if codes.contains(&1) {
            style.push_str(" font-weight=\"bold\"");
        }
        if codes.contains(&2) {
            style.push_str(" opacity=\"0.6\"");
        }
        let _ = write!(result, "<tspan{style}>{}</tspan>", escaped(&text));
    }
    result
}
