//! Lexer of the query language: text to tokens, each with its span. Signs are folded (see [`super::signs`]) outside quotes and names.

use super::QueryError;
use super::signs::{closing, is_blank, is_separator, plain};
use super::words::separated;
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
    /// `#`, with a name right after it
    Hash,
    /// `key:`, with its key
    Key(String),
    /// `=`, `>`, `>=`, `<` or `<=` after a key
    Operator(&'static str),
    /// A bare text
    Text(String),
    /// A text in quotes
    Quoted(String),
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

/// What a bare text is, for that says where it ends.
#[derive(Clone, Copy, PartialEq)]
enum Bare {
    /// The name of a tag after `#`.
    Name,
    /// A word, or the value of a key.
    Word,
    /// The value of a key, which may hold anything.
    Value,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The next character that counts, folded, and its length; invisible ones before it are passed over.
    fn peek(&mut self) -> Option<(char, usize)> {
        while let Some(c) = self.rest().chars().next() {
            match plain(c) {
                Some(folded) => return Some((folded, c.len_utf8())),
                None => self.at += c.len_utf8(),
            }
        }
        None
    }

    fn token(&mut self) -> Result<(), QueryError> {
        let Some((first, length)) = self.peek() else { return Ok(()) };
        match first {
            ' ' => self.at += length,
            '(' => self.push(Token::Open, length),
            ')' => self.push(Token::Close, length),
            '|' | '&' => self.junction(first, length)?,
            // With a space after it too: as a word it would ask for those whom it should take away.
            '-' | '!' => self.push(Token::Not, length),
            '#' => {
                self.push(Token::Hash, length);
                self.value(Bare::Name)?;
                self.ends_here()?;
            }
            '"' | '/' => {
                self.value(Bare::Word)?;
                self.ends_here()?;
            }
            _ => {
                if let Some((token, length)) = self.keyword() {
                    self.push(token, length);
                    return Ok(());
                }
                match self.key() {
                    Some((key, length)) => {
                        self.push(Token::Key(key.clone()), length);
                        self.after_key(&key)?;
                    }
                    None => self.bare(Bare::Word)?,
                }
                self.ends_here()?;
            }
        }
        Ok(())
    }

    /// `|` and `&`; doubled, as other languages write them, they are an error.
    fn junction(&mut self, sign: char, length: usize) -> Result<(), QueryError> {
        let start = self.at;
        self.push(if sign == '|' { Token::Or } else { Token::And }, length);
        match self.peek() {
            Some((next, length)) if next == sign => {
                let span = Span::new(start, self.at + length);
                let message = format!("`{sign}{sign}` is not an operator here");
                Err(QueryError::new(span, message, format!("`{sign}`")).with_fix(span, sign.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// `OR`, `AND` or `NOT` as a word of its own.
    fn keyword(&self) -> Option<(Token, usize)> {
        [("OR", Token::Or), ("AND", Token::And), ("NOT", Token::Not)].into_iter().find_map(|(word, token)| {
            let next = self.rest().strip_prefix(word)?.chars().next();
            let ends = next.is_none_or(|c| is_blank(c) || matches!(plain(c), Some('(' | ')')));
            ends.then_some((token, word.len()))
        })
    }

    /// A word and the colon after it, with the length of both.
    fn key(&self) -> Option<(String, usize)> {
        let mut key = String::new();
        for (at, c) in self.rest().char_indices() {
            match plain(c) {
                None => {}
                Some(':') if !key.is_empty() => return Some((key, at + c.len_utf8())),
                Some(_) if c.is_alphanumeric() || matches!(c, '_' | '-') => key.push(c),
                Some(_) => return None,
            }
        }
        None
    }

    fn push(&mut self, token: Token, length: usize) {
        self.found.push((token, Span::new(self.at, self.at + length)));
        self.at += length;
    }

    fn after_key(&mut self, key: &str) -> Result<(), QueryError> {
        let start = self.at;
        let mut signs = String::new();
        while let Some((sign @ ('=' | '>' | '<' | '!' | '~'), length)) = self.peek() {
            signs.push(sign);
            self.at += length;
        }
        let operator = [">=", "<=", "=", ">", "<"].into_iter().find(|operator| *operator == signs);
        match (signs.as_str(), operator) {
            ("", _) => {}
            (_, Some(operator)) => self.found.push((Token::Operator(operator), Span::new(start, self.at))),
            // `key:~x` may be a value of the person's own; two signs are an operator of another language.
            (one, None) if one.len() == 1 => self.at = start,
            (signs, None) => {
                let span = Span::new(start, self.at);
                let new = if signs.contains('!') { String::new() } else { "=".to_owned() };
                let expected = format!("`{key}:=…`, `{key}:>…`, or `-{key}:…`");
                let error = QueryError::new(span, format!("`{signs}` is not an operator here"), expected);
                return Err(if signs.contains('!') { error } else { error.with_fix(span, new) });
            }
        }
        // An absolute path, not an expression.
        if key == "path" && self.rest().starts_with('/') {
            return self.bare(Bare::Value);
        }
        self.value(Bare::Value)
    }

    /// A value at the present place; nothing where a space, a sign or the end stands there.
    fn value(&mut self, bare: Bare) -> Result<(), QueryError> {
        match self.peek() {
            Some(('"', length)) => self.enclosed('"', length, "quote", Token::Quoted),
            Some(('/', length)) => self.enclosed('/', length, "regular expression", Token::Expression),
            _ => self.bare(bare),
        }
    }

    fn bare(&mut self, bare: Bare) -> Result<(), QueryError> {
        let (start, rest) = (self.at, self.rest());
        let length = length_of_bare(rest, bare);
        let (written, next) = rest.split_at(length);
        let text: String = written.chars().filter(|&c| !invisible::is_ignorable(c)).collect();
        if bare != Bare::Value
            && let Some((at, sign)) = written.char_indices().find(|&(_, c)| is_separator(c))
        {
            return Err(self.separator(Span::new(start + at, start + at + sign.len_utf8()), written, next));
        }
        if !text.is_empty() {
            self.push(Token::Text(text), length);
            return Ok(());
        }
        self.at += length;
        if self.found.last().is_none_or(|(token, _)| !matches!(token, Token::Hash | Token::Key(_) | Token::Operator(_))) {
            // Nothing begins here and nothing asked for a value: one character nobody knows.
            let length = rest.chars().next().map_or(1, char::len_utf8);
            let message = format!("`{}` means nothing here", &rest[..length]);
            return Err(QueryError::new(Span::new(start, start + length), message, "a tag, a field or a word"));
        }
        Ok(())
    }

    /// A comma, semicolon, colon or bar of an input method in the middle of a name.
    fn separator(&self, sign: Span, written: &str, next: &str) -> QueryError {
        let written_sign = sign.of(self.text);
        let expected = match self.found.last() {
            Some((Token::Hash, _)) => format!("`#\"{written}\"` if that is one tag, else a space"),
            _ => format!("`any:\"{written}\"` if that is one text, else a space"),
        };
        let error = QueryError::new(sign, format!("`{written_sign}` could be a part of the name or end it"), expected);
        if next.starts_with(':') {
            return error;
        }
        let meant = separated(&self.found, self.found.len());
        let is_bar = written_sign == "｜";
        meant.into_iter().filter(|new| !is_bar || *new == " | ").fold(error, |error, new| error.with_fix(sign, new))
    }

    /// A term has ended: what comes next is a space, a sign or the end. Two terms in one, such as `-#a#b`, mean something else than
    /// whoever forgot the space.
    fn ends_here(&mut self) -> Result<(), QueryError> {
        let Some(c) = self.rest().chars().next() else { return Ok(()) };
        let Some(next) = plain(c) else { return Ok(()) };
        let is_end = matches!(next, ' ' | ')' | '|' | '&' | '(');
        let waits = matches!(self.found.last(), Some((Token::Hash | Token::Key(_) | Token::Operator(_), _)));
        if is_end || waits {
            return Ok(());
        }
        let span = Span::new(self.at, self.at + c.len_utf8());
        let meant = separated(&self.found, self.found.len());
        if matches!(next, ',' | ';') {
            let expected = "a space between terms that must all match, `|` between alternatives";
            let error = QueryError::new(span, format!("`{c}` is not an operator here"), expected);
            return Err(meant.into_iter().fold(error, |error, new| error.with_fix(span, new)));
        }
        let error = QueryError::new(span, format!("`{c}` follows without a space"), "a space before it, or quotes around both");
        Err(match next {
            '#' | '"' => meant.into_iter().fold(error, |error, new| error.with_fix(Span::at(self.at), new)),
            _ => error,
        })
    }

    fn enclosed(&mut self, mark: char, length: usize, what: &str, token: fn(String) -> Token) -> Result<(), QueryError> {
        let rest = &self.text[self.at + length..];
        // What begins with a typographic quote ends with any quote.
        let is_typographic = !self.rest().starts_with(mark);
        let closes = |c: char| c == mark || (is_typographic && plain(c) == Some(mark));
        let mut value = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some((_, next)) if closes(next) || (mark == '"' && next == '\\') => value.push(next),
                    Some((_, next)) => value.extend(['\\', next]),
                    None => value.push('\\'),
                },
                c if closes(c) => {
                    self.push(token(value), length + at + c.len_utf8());
                    return Ok(());
                }
                c => value.push(c),
            }
        }
        let span = Span::new(self.at, self.text.len());
        let error = QueryError::new(span, format!("this {what} is not closed"), format!("`{mark}` at its end"));
        // A slash that begins no expression is most likely a sign of another language.
        Err(if mark == '"' { error.with_fix(Span::at(self.text.len()), "\"") } else { error })
    }
}

/// How far a bare text goes. A dash inside it belongs to it, and so does a closed pair of brackets.
fn length_of_bare(text: &str, bare: Bare) -> usize {
    let mut open: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let folded = plain(c);
        if open.last() == Some(&c) {
            open.pop();
        } else if let Some(close) = closing(c).filter(|_| at > 0)
            && is_closed_pair(&text[at + c.len_utf8()..], close, c)
        {
            open.push(close);
        } else if ends_bare(c, folded, bare) {
            return at;
        }
        at += c.len_utf8();
    }
    at
}

/// Does this sign end a bare text?
fn ends_bare(c: char, folded: Option<char>, bare: Bare) -> bool {
    match folded {
        None => false,
        Some(' ' | ')' | '(') => true,
        // As they are typed; of an input method they may be a part of the text: that is asked.
        Some('|') => c == '|',
        Some('"') => bare != Bare::Value || c == '"',
        Some('#' | '&') => bare == Bare::Name,
        Some(',' | ';' | ':') => bare == Bare::Name && c.is_ascii(),
        _ => false,
    }
}

/// Is a bracket closed before a space or a sign stands between? `(` of ASCII groups terms: it is a part of a name only around plain
/// letters, as in `客户(北京)`.
fn is_closed_pair(inner: &str, close: char, opened: char) -> bool {
    let end = inner.find(|c| c == close || plain(c) == Some(' '));
    let Some(end) = end.filter(|&end| inner[end..].starts_with(close)) else { return false };
    let inner = &inner[..end];
    let plain_letters = inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    !inner.is_empty() && (opened != '(' || plain_letters)
}
