//! `find`: forgiving and ranked. Words match loosely over names, pinyin, numbers, details and bodies; structured terms stay exact.

use super::list::AskError;
use crate::vault::Vault;
use crate::vault::query::Query;
use crate::vault::search::{self, Found, Options};

/// The best answers and how many there are in all. [`Vault::prepare_search`] must have been called.
pub fn find(vault: &Vault, text: &str, options: Options) -> Result<(Vec<Found>, usize), AskError> {
    let query = parse_forgiving(text).map_err(AskError::Syntax)?;
    let Some(index) = vault.search() else { return Ok((Vec::new(), 0)) };
    Ok(search::find(vault, index, &query, options))
}

/// What a person types while looking for somebody: where it is no query, its words are taken as they stand.
fn parse_forgiving(text: &str) -> Result<Query, crate::vault::query::QueryError> {
    let fault = match Query::parse(text) {
        Ok(query) => return Ok(query),
        Err(fault) => fault,
    };
    let structured = text.contains(['#', ':', '|', '/']) || text.len() > crate::vault::query::MAX_LENGTH;
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| format!("\"{}\"", word.replace(['"', '\\'], "")))
        .filter(|word| word.len() > 2)
        .collect();
    if structured || words.is_empty() {
        return Err(fault);
    }
    Query::parse(&words.join(" ")).map_err(|_| fault)
}
