//! What the Markdown body says: its links, its `#mentions`, its first heading and its fenced `guanxi` queries, each with its
//! place. Code, HTML and links are known for what they are, so that a `#tag` inside them is none.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::Span;

/// What was found, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// `[[wiki]]` links and Markdown links.
    pub links: Vec<Link>,
    /// `[label]: path` (CommonMark §4.7), where links by reference say where they lead.
    pub definitions: Vec<Link>,
    /// Pictures in the text: `![alt](path)`.
    pub images: Vec<Link>,
    /// `#tags` in running text.
    pub mentions: Vec<Mention>,
    /// Fenced code blocks whose language is `guanxi`.
    pub queries: Vec<QueryBlock>,
    /// The text of the first heading.
    pub heading: Option<(String, Span)>,
}

/// A link to another file or contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `[[Wang Xiaoming]]` (true) or `[text](path.md)` (false).
    pub wiki: bool,
    /// A name, or a path or address as it is written.
    pub target: String,
    /// The whole link.
    pub span: Span,
    /// Where the target is written.
    pub target_span: Span,
}

/// A `#tag` in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The tag without its `#`.
    pub tag: String,
    /// With its `#`.
    pub span: Span,
}

/// A fenced block that holds a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryBlock {
    /// The query as it is written, one line or several.
    pub text: String,
    /// Where it is written, fences left out.
    pub span: Span,
}

/// Reads the body that stands at `span` of `text`. Spans in the answer count from the beginning of `text`.
pub fn parse(text: &str, span: Span) -> Body {
    let source = span.of(text);
    let mut reader =
        Reader { source, offset: span.start(), body: Body::default(), run: 0..0, nested: 0, query: None, heading: None };
    if memchr::memchr3(b'#', b'[', b'`', source.as_bytes()).is_none() && !source.contains("~~~") && !source.contains("===") {
        return reader.body;
    }
    let options = Options::ENABLE_WIKILINKS | Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(source, options);
    let mut definitions: Vec<Link> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, defined)| reader.definition(&defined.dest, defined.span.clone()))
        .collect();
    definitions.sort_by_key(|link| link.span.start());
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush();
    reader.body.definitions = definitions;
    reader.body
}

struct Reader<'t> {
    source: &'t str,
    offset: usize,
    body: Body,
    /// Running text that has come in pieces so far.
    run: Range<usize>,
    /// How deep in links and code we are.
    nested: usize,
    query: Option<Range<usize>>,
    heading: Option<Range<usize>>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let (Event::Text(_), None) = (&event, &self.query) {
            if self.nested == 0 {
                if self.run.end != range.start {
                    self.flush();
                    self.run = range.clone();
                }
                self.run.end = range.end;
            }
            return;
        }
        // A piece of markup inside a word does not end the run of bytes, but it does end the text.
        self.flush();
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                self.nested += 1;
                let link = self.link(link_type, &dest_url, range);
                self.body.links.extend(link);
            }
            Event::Start(Tag::Image { link_type, dest_url, .. }) => {
                self.nested += 1;
                let image = self.link(link_type, &dest_url, range).filter(|image| !image.wiki);
                self.body.images.extend(image);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.nested += 1;
                if matches!(&kind, CodeBlockKind::Fenced(language) if language.split([' ', ',']).next() == Some("guanxi")) {
                    self.query = Some(range.end..range.end);
                }
            }
            Event::Text(_) => {
                if let Some(query) = &mut self.query {
                    *query = query.start.min(range.start)..range.end.max(if query.start == query.end { 0 } else { query.end });
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.nested = self.nested.saturating_sub(1),
            Event::End(TagEnd::CodeBlock) => {
                self.nested = self.nested.saturating_sub(1);
                if let Some(query) = self.query.take() {
                    let text = self.source.get(query.clone()).unwrap_or("").to_owned();
                    self.body.queries.push(QueryBlock { text, span: Span::new(query.start, query.end).shifted(self.offset) });
                }
            }
            Event::Start(Tag::Heading { .. }) if self.body.heading.is_none() && self.heading.is_none() => {
                self.heading = Some(range);
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(heading) = self.heading.take() {
                    self.heading_ends(heading);
                }
            }
            _ => {}
        }
    }

    fn heading_ends(&mut self, range: Range<usize>) {
        if self.body.heading.is_some() {
            return;
        }
        let written = self.source[range.clone()].lines().next().unwrap_or("");
        let text = written.trim_start_matches('#').trim_end_matches(['#', ' ', '\r']).trim();
        if text.is_empty() {
            return;
        }
        let start = range.start + written.find(text).unwrap_or(0);
        self.body.heading = Some((text.to_owned(), Span::new(start, start + text.len()).shifted(self.offset)));
    }

    fn link(&self, kind: LinkType, target: &str, range: Range<usize>) -> Option<Link> {
        let written = &self.source[range.clone()];
        let wiki = matches!(kind, LinkType::WikiLink { .. });
        if target.is_empty() || matches!(kind, LinkType::Autolink | LinkType::Email) {
            return None;
        }
        // The target as it is written: `[[target|label]]`, a heading behind `#` left out; `[target.md](target.md)` is the second.
        let (target, from) = if wiki {
            let inner = written.trim_start_matches('[').trim_end_matches(']');
            (inner.split(['|', '#']).next().unwrap_or("").trim(), 0)
        } else {
            (target, written.rfind("](").map_or(0, |at| at + 2))
        };
        let found = written[from..].find(target).map(|at| from + at);
        let (at, length) = found.map_or((0, written.len()), |at| (at, target.len()));
        if target.is_empty() {
            return None;
        }
        let start = range.start + at;
        Some(Link {
            wiki,
            target: target.to_owned(),
            span: Span::new(range.start, range.end).shifted(self.offset),
            target_span: Span::new(start, start + length).shifted(self.offset),
        })
    }

    fn definition(&self, target: &str, range: Range<usize>) -> Option<Link> {
        let written = &self.source[range.clone()];
        let from = written.find("]:")? + 2;
        let at = from + written[from..].find(target).filter(|_| !target.is_empty())?;
        Some(Link {
            wiki: false,
            target: target.to_owned(),
            span: Span::new(range.start, range.end).shifted(self.offset),
            target_span: Span::new(at, at + target.len()).shifted(self.offset + range.start),
        })
    }

    fn flush(&mut self) {
        let run = std::mem::replace(&mut self.run, 0..0);
        if run.is_empty() {
            return;
        }
        for (start, end) in mentions(self.source, run) {
            let tag = self.source[start + 1..end].to_owned();
            self.body.mentions.push(Mention { tag, span: Span::new(start, end).shifted(self.offset) });
        }
    }
}

/// Longest tag, in bytes. Longer than any name that people give a group, and short enough that an index entry for each of its levels is cheap.
pub const LONGEST_TAG: usize = 512;

/// Most levels of a tag, `a/b/c` having three.
pub const DEEPEST_TAG: usize = 32;

/// Is a text longer or deeper than a tag can be?
pub fn is_beyond_tag(text: &str) -> bool {
    text.len() > LONGEST_TAG || text.bytes().filter(|&byte| byte == b'/').count() >= DEEPEST_TAG
}

/// The `#tags` inside `range`, each with its `#`: at the beginning of a word, not a number alone.
fn mentions(source: &str, range: Range<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(length) = memchr::memchr(b'#', &source.as_bytes()[at..range.end]) {
        let hash = at + length;
        at = hash + 1;
        let before = source[..hash].chars().next_back();
        if before.is_some_and(|c| is_tag_character(c) || matches!(c, '#' | '&' | '\\')) {
            continue;
        }
        let rest = &source[at..range.end];
        let length = rest.find(|c| !is_tag_character(c)).unwrap_or(rest.len());
        let tag = rest[..length].trim_end_matches(['/', '-']);
        let is_tag = !tag.is_empty() && !tag.starts_with('/') && !is_beyond_tag(tag) && !tag.chars().all(|c| c.is_ascii_digit());
        if is_tag {
            found.push((hash, at + tag.len()));
        }
        at += tag.len();
    }
    found
}

/// May this character stand in a tag that is written without quotes? Letters and digits of every script, `-`, `_`, `/`, emoji.
pub fn is_tag_character(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    }
    match c {
        '\u{200d}' | '\u{fe0f}' => true,
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{ff00}'..='\u{ff0f}' => {
            false
        }
        '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' => false,
        c if c.is_whitespace() || c.is_control() => false,
        c => c.is_alphanumeric() || c as u32 >= 0x300,
    }
}
