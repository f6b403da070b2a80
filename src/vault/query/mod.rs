//! The query language: one grammar for the command line, the editor, `to:` of a broadcast and fenced `guanxi` blocks.

mod compile;
mod correct;
mod lexer;
mod negated;
mod parser;
pub mod path;
mod pieces;
mod print;
mod signs;
mod strict;
mod words;

pub use compile::{Compiled, UnknownName, compile};
pub use negated::{Role, keeping_out, slips, unknown_names};
pub use pieces::{Piece, pieces};
pub use signs::plain;
pub use words::{in_quotes, is_special};

use crate::text::{Span, fold};

/// The longest query, in bytes. No person writes a longer one.
pub const MAX_LENGTH: usize = 8 * 1024;

/// The deepest nesting of parentheses and `not`.
pub const MAX_DEPTH: usize = 64;

/// A query, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What it asks.
    pub root: Term,
}

/// A part of a query. Spans are byte offsets into the query's text.
#[derive(Clone, Debug)]
pub enum Term {
    /// All of these.
    And(Vec<Term>),
    /// Any of these.
    Or(Vec<Term>),
    /// Not this.
    Not(Box<Term>),
    /// Carries a tag.
    Tag {
        /// Which.
        pattern: TagPattern,
        /// The whole term.
        span: Span,
        /// The tag's name alone, quotes included.
        name_span: Span,
    },
    /// Something about a field.
    Field {
        /// The key as it is written.
        key: String,
        /// How the value is compared.
        operator: Operator,
        /// What it is compared with.
        value: Value,
        /// The whole term.
        span: Span,
        /// The key alone.
        key_span: Span,
    },
    /// The field is there and not blank (or, if `missing`, is not).
    Has {
        /// The key as it is written.
        key: String,
        /// `missing:` instead of `has:`
        missing: bool,
        /// The whole term.
        span: Span,
        /// The key alone.
        key_span: Span,
    },
    /// The file's path fits.
    Path {
        /// The pattern.
        glob: Glob,
        /// The whole term.
        span: Span,
    },
    /// Some text of the contact has this.
    Word {
        /// What.
        value: Value,
        /// Where.
        span: Span,
    },
}

/// Which tags are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum TagPattern {
    /// The tag and everything below it.
    Nested(String),
    /// Exactly the tag.
    Exact(String),
    /// Every tag that the expression finds something in.
    Matching(Expression),
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// It has the text in it.
    Contains,
    /// It is the text.
    Equals,
    /// It comes after.
    Greater,
    /// It is the text or comes after.
    GreaterOrEqual,
    /// It comes before.
    Less,
    /// It is the text or comes before.
    LessOrEqual,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, and its folded form.
    Text {
        /// As it is written.
        text: String,
        /// As it is compared.
        folded: String,
    },
    /// A regular expression.
    Matching(Expression),
}

impl Value {
    /// A text with its folded form.
    pub fn text(text: &str) -> Self {
        Value::Text { text: text.to_owned(), folded: fold::search_key(text).into_owned() }
    }

    /// Is there nothing in it? Everything has that in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Value::Text { text, .. } => text.trim().is_empty(),
            Value::Matching(expression) => expression.source.trim().is_empty(),
        }
    }
}

/// A regular expression; case does not matter. Runs in time linear in the text.
#[derive(Clone, Debug)]
pub struct Expression {
    /// As it is written, without slashes.
    pub source: String,
    /// Ready to run.
    pub regex: regex::Regex,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// A path pattern.
#[derive(Clone, Debug)]
pub struct Glob {
    /// As it is written.
    pub source: String,
    /// Ready to run.
    pub matcher: globset::GlobMatcher,
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// Why a query has no answer, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Where, in bytes of the query.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What could stand there instead.
    pub expected: String,
    /// Which kind of error.
    pub kind: QueryErrorKind,
    /// What can be written where, so that the query is understood; the most likely first.
    pub fixes: Vec<(Span, String)>,
    /// What it must be for, where it decides who receives something: a corrected query must be able to.
    pub role: Option<Role>,
}

/// The kinds of error of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// It cannot be understood.
    Syntax,
    /// It can, but where it decides who receives something it must not hold this: a word to search for, an empty value.
    Word,
}

impl QueryError {
    /// A syntax error.
    pub fn new(span: Span, message: impl Into<String>, expected: impl Into<String>) -> Self {
        let (message, expected) = (message.into(), expected.into());
        Self { span, message, expected, kind: QueryErrorKind::Syntax, fixes: Vec::new(), role: None }
    }

    /// With one more way to write it.
    pub fn with_fix(mut self, span: Span, new: impl Into<String>) -> Self {
        self.fixes.push((span, new.into()));
        self
    }

    /// The whole query as it was most likely meant, for each way to fix it that leads to one without errors.
    pub fn corrected(&self, text: &str) -> Vec<String> {
        correct::corrected(text, self)
    }

    /// In words for a person.
    pub fn words(&self) -> String {
        format!("{}; expected {}", self.message, self.expected)
    }
}

/// Could a text that begins with a minus sign be a query: `-#tag`, `- #tag`, `-(…)`, `-key:…`, `-"…"`? Else it is an option.
pub fn starts_like_query(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-') else { return true };
    let mut visible = rest.chars().filter_map(signs::plain).skip_while(|c| *c == ' ').peekable();
    match visible.peek() {
        Some('#' | '(' | '"') => true,
        Some(c) if c.is_alphabetic() || *c == '_' => {
            let after = visible.find(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
            after == Some(':') || rest.starts_with(char::is_whitespace)
        }
        Some(_) => rest.starts_with(char::is_whitespace),
        None => false,
    }
}

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parser::parse(text)
    }

    /// Reads a query that decides who receives something: the strict profile, without words to search for.
    pub fn parse_strict(text: &str) -> Result<Self, QueryError> {
        let query = Self::parse(text).map_err(|error| QueryError { role: Some(Role::Selects), ..error })?;
        query.decides()?;
        Ok(query)
    }

    /// Reads a query that leaves out whom it matches: the strict profile, and not the other way round.
    pub fn parse_exclusion(text: &str) -> Result<Self, QueryError> {
        let check = || {
            let query = Self::parse_strict(text)?;
            strict::check_exclusion(&query, text.len())?;
            Ok(query)
        };
        check().map_err(|error| QueryError { role: Some(Role::Excludes), ..error })
    }

    /// May it decide who receives something? Not with a word to search for, an empty value, or another kind of file in it.
    pub fn decides(&self) -> Result<(), QueryError> {
        strict::check(self)
    }

    /// The query that asks for all of these tags.
    pub fn of_tags(tags: &[String]) -> Self {
        let mut terms: Vec<Term> = tags
            .iter()
            .map(|tag| Term::Tag {
                pattern: TagPattern::Nested(tag.trim().to_owned()),
                span: Span::default(),
                name_span: Span::default(),
            })
            .collect();
        let root = if terms.len() == 1 { terms.swap_remove(0) } else { Term::And(terms) };
        Self { root }
    }

    /// The query that asks for any of these tags.
    pub fn of_any_tag(tags: &[String]) -> Self {
        match Self::of_tags(tags).root {
            Term::And(terms) => Self { root: Term::Or(terms) },
            root => Self { root },
        }
    }

    /// The query that searches for all of these words; `None` where there are none.
    pub fn of_words<'w>(words: impl Iterator<Item = &'w str>) -> Option<Self> {
        let is_word = |word: &&str| !signs::is_punctuation(word);
        let mut terms: Vec<Term> =
            words.filter(is_word).map(|word| Term::Word { value: Value::text(word), span: Span::default() }).collect();
        let root = if terms.len() > 1 { Term::And(terms) } else { terms.pop()? };
        Some(Self { root })
    }

    /// Both queries at once.
    pub fn and(self, other: Query) -> Self {
        Self { root: Term::And(vec![self.root, other.root]) }
    }

    /// Every term, the inner ones after the outer ones.
    pub fn terms(&self) -> Vec<&Term> {
        let mut found = vec![&self.root];
        let mut at = 0;
        while at < found.len() {
            match found[at] {
                Term::And(terms) | Term::Or(terms) => found.extend(terms),
                Term::Not(term) => found.push(term),
                _ => {}
            }
            at += 1;
        }
        found
    }

    /// What it leaves out with a `-`: each term under one. `-missing:birthday` asks for something, and leaves nobody out.
    pub fn left_out(&self) -> Vec<Query> {
        let mut found = Vec::new();
        let mut open = vec![&self.root];
        while let Some(term) = open.pop() {
            match term {
                Term::And(terms) | Term::Or(terms) => open.extend(terms),
                Term::Not(inner) if !matches!(**inner, Term::Has { .. }) => found.push(Query { root: (**inner).clone() }),
                _ => {}
            }
        }
        found
    }

    /// Does it ask what stands below the front matter?
    pub fn asks_bodies(&self) -> bool {
        self.terms().iter().any(|term| match term {
            Term::Word { .. } => true,
            Term::Field { key, .. } | Term::Has { key, .. } => key == "body" || key == "any",
            _ => false,
        })
    }

    /// Does it ask for kinds of file by itself? Else it means contacts.
    pub fn names_kind(&self) -> bool {
        self.terms().iter().any(|term| matches!(term, Term::Field { key, .. } if key == "kind"))
    }
}

impl PartialEq for Term {
    /// Equal if they ask the same; where they are written does not matter.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Term::And(a), Term::And(b)) | (Term::Or(a), Term::Or(b)) => a == b,
            (Term::Not(a), Term::Not(b)) => a == b,
            (Term::Tag { pattern: a, .. }, Term::Tag { pattern: b, .. }) => a == b,
            (Term::Field { key: a, operator: b, value: c, .. }, Term::Field { key: d, operator: e, value: f, .. }) => {
                (a, b, c) == (d, e, f)
            }
            (Term::Has { key: a, missing: b, .. }, Term::Has { key: c, missing: d, .. }) => (a, b) == (c, d),
            (Term::Path { glob: a, .. }, Term::Path { glob: b, .. }) => a == b,
            (Term::Word { value: a, .. }, Term::Word { value: b, .. }) => a == b,
            _ => false,
        }
    }
}
