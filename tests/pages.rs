//! Pages and pictures that the program writes: the field table, the picture of a terminal session. They are compared with what
//! stands in the repository, so that they cannot go stale; `GUANXI_UPDATE=1 cargo test pages` writes them anew.

use std::fmt::Write;
use std::path::Path;

use guanxi::contact::Code;
use guanxi::contact::fields::{FIELDS, FieldKind};

use crate::cli::{guanxi, said};
use crate::picture;

fn compare(path: &str, text: &str) {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if picture::updating() {
        picture::write(path, text.as_bytes());
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
    page.push_str(
        "\n## Other names\n\nIn a contact, these are read as the field, in any case and width, with spaces, `-` or `_` between their words, and with a label as \
        vCard writes one (`EMAIL[HOME]`, `TEL;TYPE=CELL`). `guanxi check` reports them with a fix that writes the field; edits keep the key that the file \
        uses. Two names of one list are read together; two of one text that differ are an error.\n\n| field | other names |\n| --- | --- |\n",
    );
    for field in FIELDS.iter().filter(|field| !field.names.is_empty()) {
        let names: Vec<String> = field.names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(page, "| `{}` | {} |", field.key, names.join(" "));
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
    for name in page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|piece| piece.starts_with("features::") || piece.starts_with("lsp::") || piece.starts_with("editors::"))
    {
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
    compare("docs/pictures/terminal.svg", &picture::svg(&lines, "A terminal session with guanxi"));
}
