//! A query cut into tokens, each with its place.

use super::QueryError;
use crate::contact::fields;
use crate::text::{Span, invisible};

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `OR` or `|`
    Or,
    /// `AND` or `&`
    And,
    /// `-`, `!` or `NOT`
    Not,
    /// `#`, with a name right behind it
    Hash,
    /// `key:`, with its key
    Key(String),
    /// `=`, `>`, `>=`, `<` or `<=` behind a key
    Operator(&'static str),
    /// A bare or quoted text
    Text(String),
    /// `/…/`
    Expression(String),
}

/// Cuts the whole query. A value that is not closed is an error.
pub fn tokens(text: &str) -> Result<Vec<(Token, Span)>, QueryError> {
    let mut lexer = Lexer { text, at: 0, found: Vec::new() };
    while lexer.at < text.len() {
        lexer.token()?;
    }
    Ok(lexer.found)
}

/// The tokens up to where the query cannot be read.
pub fn readable(text: &str) -> Vec<(Token, Span)> {
    let mut lexer = Lexer { text, at: 0, found: Vec::new() };
    while lexer.at < text.len() && lexer.token().is_ok() {}
    lexer.found
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    found: Vec<(Token, Span)>,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<(), QueryError> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(()) };
        if first.is_whitespace() {
            self.at += first.len_utf8();
            return Ok(());
        }
        match first {
            '(' => self.push(Token::Open, 1),
            ')' => self.push(Token::Close, 1),
            '|' => self.push(Token::Or, 1 + usize::from(rest.starts_with("||"))),
            '&' => self.push(Token::And, 1 + usize::from(rest.starts_with("&&"))),
            // With a blank behind it too: as a word it would ask for those whom it should take away.
            '-' | '!' => self.push(Token::Not, 1),
            '#' => {
                self.push(Token::Hash, 1);
                return self.value(is_tag_end);
            }
            '"' | '/' => return self.value(is_bare_end),
            _ => {
                for (word, token) in [("OR", Token::Or), ("AND", Token::And), ("NOT", Token::Not)] {
                    let behind = rest.strip_prefix(word).map(|rest| rest.chars().next());
                    if matches!(behind, Some(next) if next.is_none_or(|c| c.is_whitespace() || c == '(' || c == ')')) {
                        self.push(token, word.len());
                        return Ok(());
                    }
                }
                if let Some(sign) = meant(first) {
                    return Err(self.instead(self.at, first, sign));
                }
                if let Some(colon) = key_length(rest) {
                    self.push(Token::Key(rest[..colon].to_owned()), colon + 1);
                    return self.behind_key(&rest[..colon]);
                }
                return self.value(is_bare_end);
            }
        }
        Ok(())
    }

    /// One sign in the place of another that looks like it: read as a part of a word, it would let in whom it should keep out.
    fn instead(&self, at: usize, written: char, sign: char) -> QueryError {
        QueryError {
            span: Span::new(at, at + written.len_utf8()),
            message: format!("`{written}` is not `{sign}`"),
            expected: format!("`{sign}`, or the word in quotes"),
        }
    }

    fn push(&mut self, token: Token, length: usize) {
        self.found.push((token, Span::new(self.at, self.at + length)));
        self.at += length;
    }

    fn behind_key(&mut self, key: &str) -> Result<(), QueryError> {
        let rest = &self.text[self.at..];
        if let Some(operator) = [">=", "<=", "=", ">", "<"].into_iter().find(|operator| rest.starts_with(operator)) {
            self.push(Token::Operator(operator), operator.len());
        }
        if key == "path" && self.text[self.at..].starts_with('/') {
            return self.bare(is_bare_end);
        }
        self.value(is_bare_end)
    }

    /// A value at the present place; nothing where a blank, a sign or the end stands there.
    fn value(&mut self, ends: fn(char) -> bool) -> Result<(), QueryError> {
        match self.text[self.at..].chars().next() {
            Some('"') => self.enclosed('"', "quote", Token::Text),
            Some('/') => self.enclosed('/', "regular expression", Token::Expression),
            _ => self.bare(ends),
        }
    }

    fn bare(&mut self, ends: fn(char) -> bool) -> Result<(), QueryError> {
        let rest = &self.text[self.at..];
        let length = rest.find(ends).unwrap_or(rest.len());
        if let Some(hidden) = invisible::find(&rest[..length]) {
            return Err(QueryError {
                span: hidden.shifted(self.at),
                message: "there is an invisible character here".to_owned(),
                expected: "the same without it, or the word in quotes".to_owned(),
            });
        }
        // `tag：lead`, typed in Chinese.
        if let Some(at) = rest[..length].find('：').filter(|&at| is_key(&rest[..at])) {
            return Err(self.instead(self.at + at, '：', ':'));
        }
        if length > 0 {
            self.push(Token::Text(rest[..length].to_owned()), length);
        } else if self.found.last().is_none_or(|(token, _)| !matches!(token, Token::Hash | Token::Key(_) | Token::Operator(_))) {
            // Nothing begins here and nothing asked for a value: one character nobody knows.
            let length = rest.chars().next().map_or(1, char::len_utf8);
            return Err(QueryError {
                span: Span::new(self.at, self.at + length),
                message: format!("`{}` means nothing here", &rest[..length]),
                expected: "a tag, a field or a word".to_owned(),
            });
        }
        Ok(())
    }

    fn enclosed(&mut self, mark: char, what: &str, token: fn(String) -> Token) -> Result<(), QueryError> {
        let rest = &self.text[self.at + 1..];
        let mut value = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some((_, next)) if next == mark || (mark == '"' && next == '\\') => value.push(next),
                    Some((_, next)) => value.extend(['\\', next]),
                    None => value.push('\\'),
                },
                c if c == mark => {
                    self.push(token(value), at + 2);
                    return Ok(());
                }
                c => value.push(c),
            }
        }
        Err(QueryError {
            span: Span::new(self.at, self.text.len()),
            message: format!("this {what} is not closed"),
            expected: format!("`{mark}` at its end"),
        })
    }
}

/// The sign that a look-alike at the beginning of a word is meant for: input methods and word processors write them.
fn meant(c: char) -> Option<char> {
    Some(match c {
        '＃' => '#',
        '－' | '−' | '–' | '—' | '‐' | '‑' => '-',
        '！' => '!',
        '（' => '(',
        '）' => ')',
        '｜' => '|',
        '＆' => '&',
        '“' | '”' | '„' | '＂' => '"',
        _ => return None,
    })
}

/// Is this a word that stands before a colon?
fn is_key(word: &str) -> bool {
    matches!(word, "tag" | "has" | "missing" | "path" | "kind" | "body" | "any") || fields::find(word).is_some()
}

/// The length of a key, if one with its colon begins here.
fn key_length(rest: &str) -> Option<usize> {
    let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    (length > 0 && rest[length..].starts_with(':')).then_some(length)
}

fn is_bare_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"')
}

fn is_tag_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '&' | '"' | '#' | ',' | ':')
}
