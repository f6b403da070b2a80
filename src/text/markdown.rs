//! What the Markdown body says: its links, its `#mentions`, its first heading and its fenced `guanxi` queries, each with its
//! place. Code, HTML and links are known for what they are, so that a `#tag` or a link inside code is none.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::Span;
pub use super::links::{Form, Link};
use super::links::{destination, fragment_start, inside, unescaped};

/// What was found, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Links of every form.
    pub links: Vec<Link>,
    /// `#tags` in running text.
    pub mentions: Vec<Mention>,
    /// Fenced code blocks whose language is `guanxi`.
    pub queries: Vec<QueryBlock>,
    /// The text of the first heading.
    pub heading: Option<(String, Span)>,
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

/// The Markdown that is read: what note programs share beside CommonMark.
pub fn options() -> Options {
    Options::ENABLE_WIKILINKS
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
}

/// Reads the body that stands at `span` of `text`. Spans in the answer count from the beginning of `text`.
pub fn parse(text: &str, span: Span) -> Body {
    let source = span.of(text);
    let mut reader = Reader {
        source,
        offset: span.start(),
        body: Body::default(),
        run: 0..0,
        nested: 0,
        query: None,
        heading: None,
        open: Vec::new(),
        in_table: false,
    };
    if memchr::memchr3(b'#', b'[', b'`', source.as_bytes()).is_none() && !source.contains("~~~") && !source.contains("===") {
        return reader.body;
    }
    let parser = Parser::new_ext(source, options());
    let definitions: Vec<Link> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, defined)| reader.definition(&defined.dest, defined.span.clone()))
        .collect();
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush();
    let links = &mut reader.body.links;
    links.extend(definitions);
    links.sort_by_key(|link| (link.span.start, link.target_span.start));
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
    /// Links and images that have begun, the innermost last.
    open: Vec<OpenLink>,
    in_table: bool,
}

/// A link whose text is being read.
struct OpenLink {
    kind: LinkType,
    target: String,
    embed: bool,
    range: Range<usize>,
    /// Where its text ends, as far as it has been read.
    text_end: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let (Some(open), false) = (self.open.last_mut(), matches!(event, Event::End(TagEnd::Link | TagEnd::Image))) {
            open.text_end = open.text_end.max(range.end);
        }
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
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.link_begins(link_type, &dest_url, false, range),
            Event::Start(Tag::Image { link_type, dest_url, .. }) => self.link_begins(link_type, &dest_url, true, range),
            Event::Start(Tag::Table(_)) => self.in_table = true,
            Event::End(TagEnd::Table) => self.in_table = false,
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
            Event::End(TagEnd::Link | TagEnd::Image) => {
                self.nested = self.nested.saturating_sub(1);
                let link = self.open.pop().and_then(|open| self.link(&open));
                self.body.links.extend(link);
                if let Some(outer) = self.open.last_mut() {
                    outer.text_end = outer.text_end.max(range.end);
                }
            }
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

    fn link_begins(&mut self, kind: LinkType, target: &str, embed: bool, range: Range<usize>) {
        self.nested += 1;
        let text_end = (range.start + 1 + usize::from(embed)).min(range.end);
        self.open.push(OpenLink { kind, target: target.to_owned(), embed, range, text_end });
    }

    fn link(&self, open: &OpenLink) -> Option<Link> {
        let range = open.range.clone();
        let (form, written, target, fragment) = match open.kind {
            LinkType::Autolink | LinkType::Email => return None,
            LinkType::WikiLink { .. } => {
                let begin = range.start + 2 + usize::from(open.embed);
                let text = self.source.get(begin..range.end.checked_sub(2)?)?;
                let parts = inside(text);
                let fragment = text[parts.name.end..parts.fragment_end].trim_start();
                let target = text[parts.name.clone()].to_owned();
                (Form::Wiki, begin + parts.name.start..begin + parts.name.end, target, fragment.to_owned())
            }
            LinkType::Inline => {
                let written = self.source[..range.end].get(open.text_end..).and_then(|rest| rest.find("](")).and_then(|at| {
                    let from = open.text_end + at + 2;
                    destination(&self.source[..range.end], from)
                });
                return self.by_path(Form::Inline, open, written.unwrap_or(range));
            }
            _ => {
                // `[text][label]`, else the label is the text.
                let rest = self.source.get(open.text_end..range.end)?;
                let label = match (open.kind, rest.strip_prefix("][")) {
                    (LinkType::Reference | LinkType::ReferenceUnknown, Some(label)) => {
                        open.text_end + 2..open.text_end + 2 + label.trim_end_matches(']').len()
                    }
                    _ => range.start + 1 + usize::from(open.embed)..open.text_end,
                };
                return self.by_path(Form::Reference, open, label);
            }
        };
        (!target.is_empty() || !fragment.is_empty()).then(|| Link {
            form,
            embed: open.embed,
            in_table: self.in_table,
            target,
            fragment,
            span: Span::new(range.start, range.end).shifted(self.offset),
            target_span: Span::new(written.start, written.end).shifted(self.offset),
            is_editable: true,
        })
    }

    /// A link that leads by path. Its target is what Markdown makes of `written`.
    fn by_path(&self, form: Form, open: &OpenLink, written: Range<usize>) -> Option<Link> {
        if open.target.is_empty() {
            return None;
        }
        let (target, fragment) = open.target.split_at(fragment_start(&open.target));
        let raw = self.source.get(written.clone())?;
        let is_plain = raw == open.target;
        let end = if is_plain { written.start + target.len() } else { written.end };
        // Character references (`&amp;`) and what a quote puts at the beginning of each line have no place of their own here.
        let is_known = is_plain || (fragment.is_empty() && unescaped(raw) == open.target);
        let is_editable = form != Form::Reference && is_known;
        Some(Link {
            form,
            embed: open.embed,
            in_table: self.in_table,
            target: target.to_owned(),
            fragment: fragment.to_owned(),
            span: Span::new(open.range.start, open.range.end).shifted(self.offset),
            target_span: Span::new(written.start, end).shifted(self.offset),
            is_editable,
        })
    }

    fn definition(&self, target: &str, range: Range<usize>) -> Option<Link> {
        let label = self.source[range.clone()].find("]:")?;
        let written = destination(&self.source[..range.end], range.start + label + 2)?;
        let kind = LinkType::Reference;
        let open = OpenLink { kind, target: target.to_owned(), embed: false, text_end: range.start, range };
        self.by_path(Form::Definition, &open, written)
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
