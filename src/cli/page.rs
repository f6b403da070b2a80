//! Styled text for a terminal. Whatever comes from people's files, file names or arguments goes in through here and loses control
//! characters, escape sequences and overrides of the writing direction; the only escape sequences are the program's own.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::Style;

use super::out::Printer;
use crate::text::printable::{one_line, printable};

/// Text for a person, with styles.
#[derive(Default)]
pub struct Page(String);

/// A message about a place in a text, shown as compilers do.
pub struct Report<'a> {
    /// How grave it is.
    pub level: Level<'a>,
    /// What is wrong.
    pub title: &'a str,
    /// The code of the problem.
    pub code: Option<&'a str>,
    /// The place, where there is one.
    pub place: Option<Place<'a>>,
    /// What else there is to say.
    pub notes: Vec<(Level<'a>, String)>,
}

/// The lines that a report shows.
pub struct Place<'a> {
    /// The file.
    pub path: Option<&'a str>,
    /// Its lines.
    pub source: &'a str,
    /// The number of the first of them.
    pub line: usize,
    /// What is underlined, in bytes of `source`.
    pub marked: Range<usize>,
    /// What stands beside the line under it.
    pub label: Option<&'a str>,
}

impl Page {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        self.0.push_str(&printable(text));
    }

    /// Adds text in a style.
    pub fn styled(&mut self, style: Style, text: &str) {
        self.0.push_str(&format!("{style}{}{style:#}", printable(text)));
    }

    /// Adds a report.
    pub fn report(&mut self, report: &Report<'_>) {
        let title = report.level.clone().primary_title(one_line(report.title));
        let title = match report.code {
            Some(code) => title.id(code),
            None => title,
        };
        let snippet = report.place.as_ref().map(|place| {
            let marked = AnnotationKind::Primary.span(place.marked.clone()).label(place.label.map(one_line));
            let snippet = Snippet::source(place.source).line_start(place.line).path(place.path.map(one_line));
            snippet.annotation(marked)
        });
        let mut group = title.elements(snippet);
        for (level, note) in &report.notes {
            group = group.element(level.clone().message(one_line(note)));
        }
        // It shows the control characters of a source as pictures, but not all of them; what is left of ESC is its own.
        let rendered = Renderer::styled().render(&[group]);
        let pieces: Vec<_> = rendered.split('\u{1b}').map(printable).collect();
        self.0.push_str(&pieces.join("\u{1b}"));
    }

    /// The text with its styles.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Prints it on stdout. Colour only where a person is looking.
    pub fn print(&self) -> io::Result<()> {
        let mut printer = Printer::new();
        printer.page(self)?;
        printer.finish()
    }

    /// Prints it on stderr as a line. Where nobody listens there is nobody to tell.
    pub fn say(&self) {
        let _ = writeln!(anstream::stderr().lock(), "{}", self.0);
    }
}
