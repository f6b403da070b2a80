//! How a Markdown body is built: its headings with their levels, and its fenced blocks.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::Span;
use super::markdown::options;

/// What was found, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Headings.
    pub headings: Vec<Heading>,
    /// Fenced blocks.
    pub blocks: Vec<Block>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// What it says, as it is written. Never empty.
    pub text: String,
    /// Where that is written.
    pub name_span: Span,
    /// From the heading's first byte to the end of its section: the next heading that is as high, or the end of the body.
    pub section: Span,
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first word behind the opening fence.
    pub language: String,
    /// With its fences.
    pub whole: Span,
    /// What stands between them; empty where nothing does.
    pub content: Span,
}

/// Reads the body that stands at `span` of `text`. Spans in the answer count from the beginning of `text`.
pub fn read(text: &str, span: Span) -> Outline {
    let source = span.of(text);
    let mut outline = Outline::default();
    let mut block: Option<Block> = None;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        let whole = Span::new(range.start, range.end).shifted(span.start());
        match event {
            Event::Start(Tag::Heading { level, .. }) => outline.headings.extend(heading(text, whole, level as u8)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                let language = language.split([' ', ',', '{']).next().unwrap_or("").to_owned();
                let trimmed = Span::new(whole.start(), whole.start() + whole.of(text).trim_end().len());
                block = Some(Block { language, whole: trimmed, content: Span::at(trimmed.end()) });
            }
            Event::Text(_) => {
                if let Some(block) = &mut block {
                    block.content = if block.content.is_empty() { whole } else { block.content.cover(whole) };
                }
            }
            Event::End(TagEnd::CodeBlock) => outline.blocks.extend(block.take()),
            _ => {}
        }
    }
    close_sections(&mut outline.headings, span.end());
    outline
}

fn heading(text: &str, whole: Span, level: u8) -> Option<Heading> {
    let written = whole.of(text).lines().next().unwrap_or("");
    // In a quote the marks of the quote belong to the line as well.
    let bare = written.trim_start_matches(['>', ' ', '\t']).trim_start_matches('#');
    let name = bare.trim_end_matches(['#', ' ', '\t', '\r']).trim();
    if name.is_empty() {
        return None;
    }
    let start = whole.start() + written.find(name)?;
    let name_span = Span::new(start, start + name.len());
    Some(Heading { level, text: name.to_owned(), name_span, section: Span::new(whole.start(), name_span.end()) })
}

/// Each section reaches to the next heading that is as high or higher.
fn close_sections(headings: &mut [Heading], end: usize) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..headings.len() {
        let (start, level) = (headings[at].section.start, headings[at].level);
        while let Some(&last) = open.last().filter(|&&last| headings[last].level >= level) {
            headings[last].section.end = start.max(headings[last].name_span.end);
            open.pop();
        }
        open.push(at);
    }
    for last in open {
        headings[last].section = Span::new(headings[last].section.start(), end.max(headings[last].name_span.end()));
    }
}
