//! A query as it is coloured: its pieces, as far as it can be read. A half-typed one has its beginning.

use super::MAX_LENGTH;
use super::lexer::{self, Token};
use crate::text::Span;

/// What a piece of a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A tag, with its `#`.
    Tag,
    /// A key, without its colon.
    Key,
    /// `OR`, `AND`, `NOT`
    Keyword,
    /// `|`, `&`, `-`, `(`, `>=`
    Operator,
    /// A word, or a text in quotes.
    Text,
    /// `/…/`
    Expression,
}

/// The pieces of a query, in order.
pub fn pieces(text: &str) -> Vec<(Piece, Span)> {
    let mut found: Vec<(Piece, Span)> = Vec::new();
    if text.len() > MAX_LENGTH {
        return found;
    }
    // Where the name of a tag is expected: behind `#`, and behind `tag:` with or without `=`.
    let mut tag_from: Option<Span> = None;
    let mut names_tag = false;
    for (token, span) in lexer::readable(text) {
        let tag = std::mem::take(&mut names_tag);
        let begun = tag_from.take();
        match token {
            Token::Hash => {
                tag_from = Some(span);
                names_tag = true;
            }
            Token::Key(key) => {
                found.push((Piece::Key, Span::new(span.start(), span.end() - colon_length(span.of(text)))));
                names_tag = matches!(key.as_str(), "tag" | "tags");
            }
            Token::Operator(_) => {
                found.push((Piece::Operator, span));
                names_tag = tag;
            }
            Token::Text(_) | Token::Quoted(_) if tag => found.push((Piece::Tag, begun.map_or(span, |hash| hash.cover(span)))),
            Token::Text(_) | Token::Quoted(_) => found.push((Piece::Text, span)),
            Token::Expression(_) => found.push((Piece::Expression, span)),
            Token::Or | Token::And | Token::Not => {
                let word = span.of(text).starts_with(|c: char| c.is_ascii_alphabetic());
                found.push((if word { Piece::Keyword } else { Piece::Operator }, span));
            }
            Token::Open | Token::Close => found.push((Piece::Operator, span)),
        }
    }
    found
}

/// The colon of a key, of ASCII or of an input method.
fn colon_length(written: &str) -> usize {
    written.chars().next_back().map_or(0, char::len_utf8)
}
