//! Corrected queries: what a query with an error was most likely meant to be.

use super::{Query, QueryError, Role};

/// So many errors of one query are corrected.
const MOST_FIXES: usize = 8;

/// For each way to fix the error, the whole query, as far as that leads to one without errors.
pub fn corrected(text: &str, error: &QueryError) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for number in 0..error.fixes.len() {
        let Some(fixed) = fixed(text, error, number) else { continue };
        if !found.contains(&fixed) {
            found.push(fixed);
        }
    }
    found
}

/// The query with this fix, and with the first fix of every error that then shows.
fn fixed(text: &str, error: &QueryError, number: usize) -> Option<String> {
    let mut new = applied(text, error, number)?;
    for _ in 0..MOST_FIXES {
        let parsed = match error.role {
            None => Query::parse(&new),
            Some(Role::Selects) => Query::parse_strict(&new),
            Some(Role::Excludes) => Query::parse_exclusion(&new),
        };
        match parsed {
            Ok(_) => return Some(new),
            Err(next) => new = applied(&new, &next, 0)?,
        }
    }
    None
}

fn applied(text: &str, error: &QueryError, number: usize) -> Option<String> {
    let (span, new) = error.fixes.get(number)?;
    let mut result = text.to_owned();
    text.get(span.range())?;
    result.replace_range(span.range(), new);
    result.truncate(result.trim_end().len());
    Some(result.trim_start().to_owned())
}
