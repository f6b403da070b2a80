//! `find`: forgiving and ranked. Words match loosely over names, pinyin, numbers, details and bodies; structured terms stay exact.

use super::list::AskError;
use crate::contact::fields;
use crate::vault::Vault;
use crate::vault::query::{self, Query, QueryError};
use crate::vault::search::{self, Found, Options};

/// The best answers and how many there are in all. [`Vault::prepare_search`] must have been called.
pub fn find(vault: &Vault, text: &str, options: Options) -> Result<(Vec<Found>, usize), AskError> {
    let query = parse_forgiving(text).map_err(AskError::Syntax)?;
    let Some(index) = vault.search() else { return Ok((Vec::new(), 0)) };
    Ok(search::find(vault, index, &query, options))
}

/// What a person types while looking for somebody: where it is no query, its words are taken as they stand. A query that somebody is
/// writing, with a tag or a key in it, is not: there the error helps more.
fn parse_forgiving(text: &str) -> Result<Query, QueryError> {
    let fault = match Query::parse(text) {
        Ok(query) => return Ok(query),
        Err(fault) => fault,
    };
    if is_structured(text) || text.len() > query::MAX_LENGTH {
        return Err(fault);
    }
    Query::of_words(text.split_whitespace()).ok_or(fault)
}

/// Does it have a tag or a key, as only queries have?
fn is_structured(text: &str) -> bool {
    let is_part = |word: &str| {
        let bare = word.trim_start_matches(['-', '!', '(']);
        let key = bare.split_once(':').map(|(key, _)| key);
        bare.len() > 1 && bare.starts_with('#') || key.is_some_and(|key| fields::find(key).is_some() || query::is_special(key))
    };
    text.split_whitespace().any(is_part)
}
