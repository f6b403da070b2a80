//! The strict profile of the query language: a query that decides who receives something. Tags, fields, paths and operators decide;
//! a word to search for does not, for it would match nobody, or too many, without anybody seeing it.

use super::words::{in_quotes, is_no_word};
use super::{Operator, Query, QueryError, QueryErrorKind, Role, TagPattern, Term, Value};
use crate::contact::tag;
use crate::text::Span;

/// What must not stand in a query that decides who receives something; the first of it.
pub fn check(query: &Query) -> Result<(), QueryError> {
    let mut faults: Vec<QueryError> = query.terms().into_iter().filter_map(fault).collect();
    faults.sort_by_key(|fault| fault.span.start);
    faults.into_iter().next().map_or(Ok(()), Err)
}

/// An exclusion leaves out whom it matches. One that matches people for what they do not have keeps out everybody but those whom it
/// names, and these get the message: `-#do-not-contact`. `missing:emails` names what it asks for.
pub fn check_exclusion(query: &Query, length: usize) -> Result<(), QueryError> {
    if !matches_without(&query.root, false) {
        return Ok(());
    }
    let message = "an exclusion leaves out whom it matches: this one leaves out everybody but those whom it names";
    let whole = Span::new(0, length);
    match &query.root {
        Term::Not(inner) => {
            let bare = Query { root: (**inner).clone() }.to_string();
            Err(refused_as(QueryErrorKind::Syntax, whole, message, format!("`{bare}`")).with_fix(whole, bare))
        }
        _ => Err(refused_as(QueryErrorKind::Syntax, whole, message, "`#tag`, without a minus")),
    }
}

/// Does it match somebody who has nothing that it names?
fn matches_without(term: &Term, is_negated: bool) -> bool {
    match (term, is_negated) {
        (Term::Not(inner), _) => matches_without(inner, !is_negated),
        (Term::And(terms), false) | (Term::Or(terms), true) => terms.iter().all(|term| matches_without(term, is_negated)),
        (Term::And(terms), true) | (Term::Or(terms), false) => terms.iter().any(|term| matches_without(term, is_negated)),
        (Term::Has { .. }, _) => false,
        _ => is_negated,
    }
}

fn fault(term: &Term) -> Option<QueryError> {
    match term {
        Term::Word { value: Value::Text { text: word, .. }, span } => Some(word_fault(word, *span)),
        Term::Word { value: Value::Matching(expression), span } => {
            let written = format!("/{}/", expression.source.replace('/', "\\/"));
            let error = refused(*span, format!("`{written}` searches texts"), format!("`tag:{written}` or `any:{written}`"));
            Some(error.with_fix(*span, format!("tag:{written}")).with_fix(*span, format!("any:{written}")))
        }
        Term::Field { key, operator, value, span, .. } => field_fault(key, *operator, value, *span),
        Term::Tag { pattern: TagPattern::Matching(expression), span, .. } if matches_everything(&expression.regex) => {
            Some(refused(*span, "this expression matches every tag", "an expression such as `/^event/`"))
        }
        _ => None,
    }
}

fn word_fault(word: &str, span: Span) -> QueryError {
    if is_no_word(word) {
        let message = format!("`{word}` is a word to search for here, not an operator or a key");
        return refused(span, message, "`NOT` or `-` before a term, `|` between alternatives, `has:key`, `#tag`");
    }
    let any = format!("any:{}", in_quotes(word));
    if tag::fault(word.trim()).is_some() {
        let message = format!("`{word}` is a word to search for, and words do not decide who receives a message");
        return refused(span, message, format!("`{any}`")).with_fix(span, any);
    }
    let term = tag::as_term(word.trim());
    let message = format!("`{word}` is a word to search for, and words do not decide who receives a message");
    refused(span, message, format!("`{term}` for the tag, `{any}` for the text")).with_fix(span, term).with_fix(span, any)
}

fn field_fault(key: &str, operator: Operator, value: &Value, span: Span) -> Option<QueryError> {
    let is_empty = match value {
        Value::Text { folded, .. } => folded.trim().is_empty(),
        Value::Matching(expression) => matches_everything(&expression.regex),
    };
    if is_empty {
        return Some(refused(span, format!("`{key}:` has an empty value"), format!("a value, `has:{key}` or `missing:{key}`")));
    }
    let is_contact = |value: &Value| matches!(value, Value::Text { folded, .. } if folded == "contact");
    if key == "kind" && !(is_contact(value) && matches!(operator, Operator::Contains | Operator::Equals)) {
        return Some(
            refused(span, "only contacts receive messages", "`kind:contact`, or nothing").with_fix(span, "kind:contact"),
        );
    }
    None
}

fn matches_everything(regex: &regex::Regex) -> bool {
    regex.is_match("")
}

fn refused(span: Span, message: impl Into<String>, expected: impl Into<String>) -> QueryError {
    refused_as(QueryErrorKind::Word, span, message, expected)
}

fn refused_as(kind: QueryErrorKind, span: Span, message: impl Into<String>, expected: impl Into<String>) -> QueryError {
    QueryError { kind, role: Some(Role::Selects), ..QueryError::new(span, message, expected) }
}
