//! Tokens to terms: `or` binds loosest, side by side means and, `not` binds tightest.

use super::lexer::{self, Token};
use super::words::{self, in_quotes};
use super::{Expression, Glob, MAX_DEPTH, MAX_LENGTH, Operator, Query, QueryError, TagPattern, Term, Value, path};
use crate::contact::{date, fields};
use crate::text::{Span, invisible};

/// How large a compiled regular expression may become, in bytes.
const EXPRESSION_LIMIT: usize = 1 << 20;

/// Reads a query.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.len() > MAX_LENGTH {
        return Err(error(
            Span::new(0, 0),
            format!("this query has {} bytes", text.len()),
            format!("at most {MAX_LENGTH} bytes"),
        ));
    }
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Err(error(
            Span::new(0, text.len()),
            "the query is empty".to_owned(),
            "a tag such as `#lead`, a field such as `org:panda`, or a word".to_owned(),
        ));
    }
    let root = parser.or()?;
    match parser.peek() {
        None => Ok(Query { root }),
        Some(Token::Close) => {
            let span = parser.span();
            let fault = error(span, "this `)` closes nothing".to_owned(), "a `(` before it, or the end of the query".to_owned());
            Err(fault.with_fix(span, ""))
        }
        Some(_) => Err(error(parser.span(), "this means nothing here".to_owned(), "a tag, a field or a word".to_owned())),
    }
}

fn error(span: Span, message: String, expected: String) -> QueryError {
    QueryError::new(span, message, expected)
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the present token is; the end of the query behind the last one.
    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(Span::at(self.text.len()), |(_, span)| *span)
    }

    fn take(&mut self, token: &Token) -> bool {
        let here = self.peek() == Some(token);
        self.at += usize::from(here);
        here
    }

    fn or(&mut self) -> Result<Term, QueryError> {
        let mut terms = Vec::new();
        loop {
            match self.and()? {
                Term::Or(inner) => terms.extend(inner),
                term => terms.push(term),
            }
            if !self.take(&Token::Or) {
                break;
            }
        }
        Ok(if terms.len() == 1 { terms.swap_remove(0) } else { Term::Or(terms) })
    }

    fn and(&mut self) -> Result<Term, QueryError> {
        let mut terms = Vec::new();
        loop {
            match self.not()? {
                Term::And(inner) => terms.extend(inner),
                term => terms.push(term),
            }
            let explicit = self.take(&Token::And);
            if !explicit && matches!(self.peek(), None | Some(Token::Or | Token::Close)) {
                break;
            }
        }
        Ok(if terms.len() == 1 { terms.swap_remove(0) } else { Term::And(terms) })
    }

    fn not(&mut self) -> Result<Term, QueryError> {
        if self.peek() != Some(&Token::Not) {
            return self.atom();
        }
        let first = self.span();
        self.deeper(|parser| {
            parser.at += 1;
            if parser.peek() == Some(&Token::Not) {
                let both = first.cover(parser.span());
                let message = format!("`{}` would mean the same as nothing: two signs cancel out", both.of(parser.text));
                return Err(error(both, message, "`-` once".to_owned()).with_fix(both, "-"));
            }
            Ok(Term::Not(Box::new(parser.atom()?)))
        })
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Term, QueryError>) -> Result<Term, QueryError> {
        if self.depth == MAX_DEPTH {
            return Err(error(self.span(), "this query is nested too deeply".to_owned(), format!("at most {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let term = read(self)?;
        self.depth -= 1;
        Ok(term)
    }

    fn atom(&mut self) -> Result<Term, QueryError> {
        let span = self.span();
        let Some(token) = self.peek().cloned() else {
            let fault = error(span, "the query ends too early".to_owned(), "a tag, a field or a word".to_owned());
            return Err(self.without_operator(fault));
        };
        match token {
            Token::Open => self.deeper(|parser| parser.group(span)),
            Token::Hash => {
                self.at += 1;
                self.tag(span, Operator::Contains, true)
            }
            Token::Key(key) => {
                self.at += 1;
                self.field(span, key)
            }
            Token::Text(_) | Token::Quoted(_) | Token::Expression(_) => {
                if let Some(fault) = words::fault(self.text, &self.tokens, self.at) {
                    return Err(fault);
                }
                let (value, _) = self.value("")?;
                if value.is_blank() {
                    let expected = "a word; everybody is `kind:contact`".to_owned();
                    return Err(error(span, "it is empty, and would match everybody".to_owned(), expected));
                }
                Ok(Term::Word { value, span })
            }
            Token::Close => {
                let fault = error(span, "nothing stands before this `)`".to_owned(), "a tag, a field or a word".to_owned());
                Err(self.without_operator(fault))
            }
            Token::Or | Token::And | Token::Not | Token::Operator(_) => {
                let fault = error(span, "nothing stands before this".to_owned(), "a tag, a field or a word".to_owned());
                Err(fault.with_fix(span, ""))
            }
        }
    }

    /// What waits for a term that does not come can go: `#lead OR`, `(#lead |)`, `#lead (`.
    fn without_operator(&self, fault: QueryError) -> QueryError {
        match self.at.checked_sub(1).map(|at| &self.tokens[at]) {
            Some((Token::Or | Token::And | Token::Not | Token::Open, waiting)) => {
                let gone = Span::new(waiting.start(), self.span().start().max(waiting.end()));
                fault.with_fix(gone, "")
            }
            _ => fault,
        }
    }

    fn group(&mut self, open: Span) -> Result<Term, QueryError> {
        self.at += 1;
        let term = self.or()?;
        if self.take(&Token::Close) {
            return Ok(term);
        }
        let end = self.text.len();
        Err(error(Span::new(open.start(), end), "this `(` is not closed".to_owned(), "`)`".to_owned())
            .with_fix(Span::at(end), ")"))
    }

    fn field(&mut self, key_token: Span, key: String) -> Result<Term, QueryError> {
        let operator = self.operator();
        // As in a contact: `email` means `emails`.
        let key = fields::meant(&key).to_owned();
        match key.as_str() {
            "tag" | "tags" => return self.tag(key_token, operator, false),
            "has" | "missing" => {
                let missing = key == "missing";
                let (key, key_span) = self.plain_text("the name of a field, such as `emails`")?;
                let key = fields::meant(&key).to_owned();
                return Ok(Term::Has { key, missing, span: key_token.cover(key_span), key_span });
            }
            "path" => {
                let (source, at) = self.plain_text("a path, such as `clients/**`")?;
                if source.trim().is_empty() {
                    return Err(error(at, "the path is empty".to_owned(), "a path, such as `clients/**`".to_owned()));
                }
                return Ok(Term::Path { glob: glob(&source, at)?, span: key_token.cover(at) });
            }
            _ => {}
        }
        let (value, at) = self.value(&format!("a value for `{key}`"))?;
        if let (Value::Matching(_), true) = (&value, operator != Operator::Contains) {
            return Err(error(at, "a regular expression is not compared".to_owned(), format!("`{key}:/…/`")));
        }
        if operator == Operator::Contains && value.is_blank() {
            let expected = format!("a value, or `has:{key}`");
            return Err(error(at, format!("it is empty, and would match everybody who has `{key}`"), expected));
        }
        let is_date = fields::find(&key).is_some_and(|field| field.kind == fields::FieldKind::Date);
        if let (true, Value::Text { text, .. }) = (is_date, &value)
            && date::partial(text.trim()).is_none()
        {
            let expected = format!("a year, `1988-04`, `1988-04-02` or `--04-02` after `{key}:`");
            return Err(error(at, format!("`{text}` is not a date"), expected));
        }
        let colon = key_token.of(self.text).chars().next_back().map_or(0, char::len_utf8);
        let key_span = Span::new(key_token.start(), key_token.end() - colon);
        Ok(Term::Field { key, operator, value, span: key_token.cover(at), key_span })
    }

    fn operator(&mut self) -> Operator {
        let Some(Token::Operator(sign)) = self.peek() else { return Operator::Contains };
        let operator = match *sign {
            "=" => Operator::Equals,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "<" => Operator::Less,
            _ => Operator::LessOrEqual,
        };
        self.at += 1;
        operator
    }

    fn tag(&mut self, start: Span, operator: Operator, hash: bool) -> Result<Term, QueryError> {
        let span = self.span();
        let joined = self.tokens.get(self.at).is_some_and(|(_, next)| next.start == self.tokens[self.at - 1].1.end);
        let expected = || "the name of a tag, such as `#lead`".to_owned();
        if !joined {
            return Err(error(Span::at(start.end()), "the name is missing".to_owned(), "a tag name after `#`".to_owned()));
        }
        let (value, name_span) = self.value("the name of a tag")?;
        let pattern = match (value, operator) {
            (Value::Matching(expression), Operator::Contains) if !hash => TagPattern::Matching(expression),
            (Value::Text { text, .. }, Operator::Contains) => TagPattern::Nested(text),
            (Value::Text { text, .. }, Operator::Equals) => TagPattern::Exact(text),
            _ => {
                return Err(error(
                    span,
                    "a tag is not compared so".to_owned(),
                    "`tag:name`, `tag:=name` or `tag:/expression/`".to_owned(),
                ));
            }
        };
        if let TagPattern::Nested(name) | TagPattern::Exact(name) = &pattern {
            let bare = invisible::taken_out(name.trim_end_matches('/'));
            if let Some(fault) = crate::contact::tag::fault(bare.trim()) {
                return Err(error(name_span, fault.to_owned(), expected()));
            }
        }
        let pattern = match pattern {
            TagPattern::Nested(name) => TagPattern::Nested(name.trim().trim_end_matches('/').to_owned()),
            TagPattern::Exact(name) => TagPattern::Exact(name.trim().to_owned()),
            other => other,
        };
        Ok(Term::Tag { pattern, span: start.cover(name_span), name_span })
    }

    fn plain_text(&mut self, expected: &str) -> Result<(String, Span), QueryError> {
        match self.value(expected)? {
            (Value::Text { text, .. }, span) => Ok((text, span)),
            (Value::Matching(_), span) => {
                Err(error(span, "a regular expression cannot stand here".to_owned(), expected.to_owned()))
            }
        }
    }

    fn value(&mut self, expected: &str) -> Result<(Value, Span), QueryError> {
        let span = self.span();
        let joined = self.at == 0 || expected.is_empty() || self.tokens[self.at - 1].1.end == span.start;
        match self.tokens.get(self.at).filter(|_| joined) {
            Some((Token::Text(text) | Token::Quoted(text), _)) => {
                let value = Value::text(text);
                self.at += 1;
                Ok((value, span))
            }
            Some((Token::Expression(source), _)) => {
                let value = Value::Matching(expression(source, span)?);
                self.at += 1;
                Ok((value, span))
            }
            _ => {
                let at = if self.at > 0 && !joined { self.tokens[self.at - 1].1.end() } else { span.start() };
                Err(error(Span::at(at), "the value is missing".to_owned(), expected.to_owned()))
            }
        }
    }
}

fn expression(source: &str, span: Span) -> Result<Expression, QueryError> {
    let regex = regex::RegexBuilder::new(source)
        .case_insensitive(true)
        .size_limit(EXPRESSION_LIMIT)
        .dfa_size_limit(EXPRESSION_LIMIT)
        .build();
    match regex {
        Ok(regex) => Ok(Expression { source: source.to_owned(), regex }),
        Err(fault) => {
            let text = fault.to_string();
            let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ");
            Err(error(span, format!("this regular expression is wrong: {reason}"), "an expression such as `/^li /`".to_owned()))
        }
    }
}

/// The pattern of a `path:`.
fn glob(source: &str, span: Span) -> Result<Glob, QueryError> {
    if let Some(corrected) = path::corrected(source) {
        let expected =
            if corrected.is_empty() { "a path, such as `clients/**`".to_owned() } else { format!("`path:{corrected}`") };
        let message = format!("`{source}` is at no place: a path begins at the vault's root, without `.`, `..` and `//`");
        let fault = error(span, message, expected);
        return Err(if corrected.is_empty() { fault } else { fault.with_fix(span, in_quotes(&corrected)) });
    }
    path::glob(source)
        .map_err(|fault| error(span, format!("this path pattern is wrong: {fault}"), "a path such as `clients/**`".to_owned()))
}
