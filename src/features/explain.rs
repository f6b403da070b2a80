//! The guide's pages that the program prints: the query language, and what a problem's code means.

/// The query language, as Markdown.
pub const QUERY: &str = include_str!("../../docs/query.md");

const DIAGNOSTICS: &str = include_str!("../../docs/diagnostics.md");

/// What a problem's code means: its section of the guide, as Markdown. `None` where there is no such code.
pub fn code(code: &str) -> Option<&'static str> {
    let start = DIAGNOSTICS.find(&format!("\n## {code}\n"))? + 1;
    let page = &DIAGNOSTICS[start..];
    Some(page[1..].find("\n## ").map_or(page, |next| &page[..next + 2]))
}
