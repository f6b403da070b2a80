//! What the words of a file are, for colours: tags, keys, links, the pieces of queries, the holes of messages. In order, none over
//! another, each on one line.

use super::Here;
use crate::contact::cursor::Written;
use crate::contact::{Kind, QueryPlace, document, tag};
use crate::text::yaml::{Entry, Node, Style, Value};
use crate::text::{Span, lines};
use crate::vault::query::{Piece, pieces};

/// A word, or a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A hole of a message: `{{ alias }}`, `{% if org %}`.
    Hole,
    /// A tag, wherever it stands.
    Tag,
    /// A key of the front matter or of a query.
    Key,
    /// Who a link leads to.
    Link,
    /// `OR`, `AND`, `NOT`
    Keyword,
    /// `|`, `-`, `(`, `>=`
    Operator,
    /// A name that a contact goes by.
    Alias,
    /// A text that a query looks for.
    String,
    /// A regular expression.
    Expression,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: &[TokenKind] = &[
        TokenKind::Hole,
        TokenKind::Tag,
        TokenKind::Key,
        TokenKind::Link,
        TokenKind::Keyword,
        TokenKind::Operator,
        TokenKind::Alias,
        TokenKind::String,
        TokenKind::Expression,
    ];
}

/// The words of a file that are something; with a range only those that touch it.
pub fn semantic_tokens(here: &Here<'_>, range: Option<Span>) -> Vec<Token> {
    let document = &here.document;
    let mut tokens = Tokens { text: document.text, found: Vec::new() };
    for entry in &document.head.entries {
        tokens.entry(document.kind, entry, &[]);
    }
    if document.kind != Kind::Config {
        tokens.body(here);
    }
    tokens.finished(range)
}

struct Tokens<'t> {
    text: &'t str,
    found: Vec<Token>,
}

impl Tokens<'_> {
    fn push(&mut self, span: Span, kind: TokenKind) {
        self.found.push(Token { span, kind });
    }

    fn entry(&mut self, kind: Kind, entry: &Entry<'_>, path: &[&str]) {
        let is_vocabulary = kind == Kind::Config && path == ["tags", "known"];
        self.push(entry.key_span, if is_vocabulary { TokenKind::Tag } else { TokenKind::Key });
        let own: Vec<&str> = path.iter().copied().chain([entry.key.as_ref()]).collect();
        match (kind, own.as_slice()) {
            (Kind::Config, ["broadcast", "exclude"]) => self.query_value(&entry.value),
            (Kind::Broadcast, ["to" | "exclude"]) => match &entry.value.value {
                Value::List(..) => self.tags(&entry.value),
                _ => self.query_value(&entry.value),
            },
            (Kind::Config, ["tags", "known"]) if !matches!(entry.value.value, Value::Map(..)) => self.tags(&entry.value),
            (Kind::Contact | Kind::Note | Kind::Broadcast, ["tags"]) => self.tags(&entry.value),
            (Kind::Contact, ["alias" | "aliases"]) => {
                for value in document::values(&entry.value).into_iter().filter(|value| value.label.is_none()) {
                    self.push(value.span, TokenKind::Alias);
                }
            }
            (Kind::Config, _) => {
                if let Value::Map(inner, _) = &entry.value.value {
                    inner.iter().for_each(|inner| self.entry(kind, inner, &own));
                }
            }
            _ => {}
        }
    }

    fn tags(&mut self, value: &Node<'_>) {
        for item in value.items().iter().filter(|item| !item.alias) {
            if item.text().is_some_and(|text| tag::fault(text.trim().trim_start_matches('#')).is_none()) {
                self.push(item.span, TokenKind::Tag);
            }
        }
    }

    /// A query that YAML carries.
    fn query_value(&mut self, value: &Node<'_>) {
        let written = value.span.of(self.text);
        let quotes = |mark: char| {
            let closed = written.len() > 1 && written.ends_with(mark);
            Span::new(value.span.start() + 1, value.span.end() - usize::from(closed))
        };
        match &value.value {
            Value::Scalar(_, Style::Double) if written.starts_with('"') => self.query(quotes('"'), QueryPlace::Quoted('"')),
            Value::Scalar(_, Style::Single) if written.starts_with('\'') => self.query(quotes('\''), QueryPlace::Quoted('\'')),
            Value::Scalar(_, Style::Plain) if !value.alias => self.query(value.span, QueryPlace::Bare),
            Value::Empty => {
                // `to: #lead`: a comment to YAML, a query to its person.
                let start = value.span.start().min(self.text.len());
                let rest = &self.text[start..lines::line_end(self.text, start)];
                let bare = rest.trim_start();
                if bare.strip_prefix('#').is_some_and(|name| name.starts_with(|c: char| !c.is_whitespace() && c != '#')) {
                    let from = start + (rest.len() - bare.len());
                    self.query(Span::new(from, from + bare.trim_end().len()), QueryPlace::Bare);
                }
            }
            _ => {}
        }
    }

    fn query(&mut self, span: Span, place: QueryPlace) {
        let written = Written::new(self.text, span, place);
        for (piece, inner) in pieces(&written.text) {
            let kind = match piece {
                Piece::Tag => TokenKind::Tag,
                Piece::Key => TokenKind::Key,
                Piece::Keyword => TokenKind::Keyword,
                Piece::Operator => TokenKind::Operator,
                Piece::Text => TokenKind::String,
                Piece::Expression => TokenKind::Expression,
            };
            self.push(written.span(inner), kind);
        }
    }

    fn body(&mut self, here: &Here<'_>) {
        let document = &here.document;
        if document.kind == Kind::Broadcast {
            self.holes(document.fences.body);
        }
        let body = document.body();
        for link in document.head_links().iter().chain(&body.links) {
            self.push(link.place(), TokenKind::Link);
        }
        for mention in &body.mentions {
            self.push(mention.span, TokenKind::Tag);
        }
        for block in &body.queries {
            // The block as it is written: in a quote or a list its lines begin with something else, and are left alone.
            if block.span.of(self.text) == block.text {
                self.query(block.span, QueryPlace::Block);
            }
        }
    }

    /// `{{ … }}` and `{% … %}`, closed ones.
    fn holes(&mut self, body: Span) {
        let text = body.of(self.text);
        let mut at = 0;
        // What closes none of the earlier ones closes none of the later ones: it is not looked for again.
        let mut ends = [("{{", "}}", true), ("{%", "%}", true)];
        while let Some(open) = memchr::memchr(b'{', &text.as_bytes()[at..]).map(|open| at + open) {
            at = open + 1;
            let Some((_, close, may_close)) = ends.iter_mut().find(|(begin, ..)| text[open..].starts_with(*begin)) else {
                continue;
            };
            if !*may_close {
                continue;
            }
            match memchr::memmem::find(&text.as_bytes()[open + 2..], close.as_bytes()) {
                Some(length) => {
                    at = open + 2 + length + 2;
                    self.push(Span::new(open, at).shifted(body.start()), TokenKind::Hole);
                }
                None => *may_close = false,
            }
        }
    }

    /// In order, cut at line ends, none over another.
    fn finished(self, range: Option<Span>) -> Vec<Token> {
        let Tokens { text, mut found } = self;
        found.retain(|token| text.get(token.span.range()).is_some());
        found.sort_by_key(|token| (token.span.start, token.kind, std::cmp::Reverse(token.span.end)));
        let mut result: Vec<Token> = Vec::with_capacity(found.len());
        let mut at = 0;
        for Token { span, kind } in found {
            if span.start() < at {
                continue;
            }
            at = at.max(span.end());
            // What is behind the word is not looked at: all words may be on one line.
            let text = &text[..span.end()];
            let mut start = span.start();
            while start < span.end() {
                let end = lines::line_end(text, start);
                let line = &text[start..end];
                let bare = line.trim();
                let from = start + (line.len() - line.trim_start().len());
                if !bare.is_empty() {
                    result.push(Token { span: Span::new(from, from + bare.len()), kind });
                }
                let next = lines::next_line(text, end);
                if next == start {
                    break;
                }
                start = next;
            }
        }
        if let Some(range) = range {
            result.retain(|token| token.span.start <= range.end && range.start <= token.span.end);
        }
        result
    }
}
