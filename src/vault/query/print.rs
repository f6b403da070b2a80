//! A query back to text: the shortest writing that is read as the same query.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Operator, Query, TagPattern, Term, Value};
use crate::contact::tag;
use crate::text::invisible::is_ignorable;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        term(&self.root, Level::Or, f)
    }
}

/// How tightly the place binds that a term is written in.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Or,
    And,
    Not,
}

fn term(this: &Term, place: Level, f: &mut Formatter<'_>) -> Result {
    match this {
        Term::Or(terms) => joined(terms, " OR ", Level::Or, place, f),
        Term::And(terms) => joined(terms, " ", Level::And, place, f),
        Term::Not(inner) => {
            f.write_char('-')?;
            // Two signs in a row are an error: they look like one.
            if let Term::Not(_) = **inner {
                f.write_char('(')?;
                term(inner, Level::Or, f)?;
                return f.write_char(')');
            }
            term(inner, Level::Not, f)
        }
        Term::Tag { pattern: TagPattern::Nested(name), .. } => f.write_str(&tag::as_term(name)),
        Term::Tag { pattern: TagPattern::Exact(name), .. } => write!(f, "tag:={}", quoted(name)),
        Term::Tag { pattern: TagPattern::Matching(expression), .. } => write!(f, "tag:/{}/", slashed(&expression.source)),
        Term::Field { key, operator, value, .. } => {
            let sign = match operator {
                Operator::Contains => "",
                Operator::Equals => "=",
                Operator::Greater => ">",
                Operator::GreaterOrEqual => ">=",
                Operator::Less => "<",
                Operator::LessOrEqual => "<=",
            };
            write!(f, "{key}:{sign}{}", written(value))
        }
        Term::Has { key, missing, .. } => write!(f, "{}:{}", if *missing { "missing" } else { "has" }, quoted(key)),
        Term::Path { glob, .. } => write!(f, "path:{}", quoted(&glob.source)),
        Term::Word { value, .. } => f.write_str(&written(value)),
    }
}

fn joined(terms: &[Term], between: &str, own: Level, place: Level, f: &mut Formatter<'_>) -> Result {
    let enclosed = place > own;
    if enclosed {
        f.write_char('(')?;
    }
    for (at, inner) in terms.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        term(inner, if own == Level::Or { Level::And } else { Level::Not }, f)?;
    }
    if enclosed {
        f.write_char(')')?;
    }
    Ok(())
}

fn written(value: &Value) -> String {
    match value {
        Value::Text { text, .. } => quoted(text),
        Value::Matching(expression) => format!("/{}/", slashed(&expression.source)),
    }
}

/// Bare where that is read as the same text, else in quotes.
fn quoted(text: &str) -> String {
    // What nobody sees counts for nothing outside quotes, be it a letter to Unicode (U+3164).
    let simple = |c: char| (c.is_alphanumeric() && !is_ignorable(c)) || matches!(c, '_' | '.' | '@' | '+');
    let inside = |c: char| simple(c) || matches!(c, '-' | '/' | '*' | ',');
    let bare = text.chars().next().is_some_and(simple) && text.chars().all(inside) && !matches!(text, "OR" | "AND" | "NOT");
    if bare { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// Slashes inside an expression need a backslash; those that have one keep it.
fn slashed(source: &str) -> String {
    let mut result = String::with_capacity(source.len());
    let mut escaped = false;
    for c in source.chars() {
        if c == '/' && !escaped {
            result.push('\\');
        }
        escaped = c == '\\' && !escaped;
        result.push(c);
    }
    result
}
