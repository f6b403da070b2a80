//! `list`: everybody whom a query means, exactly, ordered by alias.

use std::borrow::Cow;
use std::cmp::Ordering;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use crate::text::fold;
use crate::vault::query::{Query, QueryError, Role, UnknownName, compile, unknown_names};
use crate::vault::{FileId, Vault};

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// It cannot be understood.
    Syntax(QueryError),
    /// It asks for tags or keys that the vault does not know. A misspelt name must not quietly mean nobody, or everybody.
    Unknown(Vec<UnknownName>),
}

impl AskError {
    /// In words for a person.
    pub fn words(&self) -> String {
        match self {
            AskError::Syntax(error) => error.words(),
            AskError::Unknown(names) => names.iter().map(UnknownName::words).collect::<Vec<_>>().join("; "),
        }
    }
}

/// Everybody whom the query means, ordered by alias.
pub fn list(vault: &Vault, query: &Query) -> Result<Vec<FileId>, AskError> {
    Ok(by_alias(vault, &matching(vault, query)?))
}

/// The same as a set.
pub fn matching(vault: &Vault, query: &Query) -> Result<RoaringBitmap, AskError> {
    let unknown = unknown_names(query, Role::Selects, vault);
    if !unknown.is_empty() {
        return Err(AskError::Unknown(unknown));
    }
    Ok(compile(query, vault).0.run(vault))
}

/// Files in the order of their aliases, as a person looks them up: folded first, then as written, then by path.
pub fn by_alias(vault: &Vault, files: &RoaringBitmap) -> Vec<FileId> {
    let mut keyed: Vec<Keyed<'_>> = files.iter().map(|id| (fold::search_key(vault.file(id).alias()), id)).collect();
    keyed.sort_by(|a, b| in_order(vault, a, b));
    keyed.into_iter().map(|(_, id)| id).collect()
}

/// The first few in the same order, without putting all the others in order too.
pub fn first_by_alias(vault: &Vault, files: &RoaringBitmap, most: usize) -> Vec<FileId> {
    let ids: Vec<FileId> = files.iter().collect();
    let best: RoaringBitmap =
        ids.par_chunks(BATCH).flat_map_iter(|batch| first_of(vault, batch, most)).collect::<Vec<_>>().into_iter().collect();
    let mut first = by_alias(vault, &best);
    first.truncate(most);
    first
}

/// A file with its alias, folded.
type Keyed<'v> = (Cow<'v, str>, FileId);

/// So many files are looked at by one core at a time.
const BATCH: usize = 1024;

fn in_order(vault: &Vault, a: &Keyed<'_>, b: &Keyed<'_>) -> Ordering {
    let rest = |id: FileId| (vault.file(id).alias(), vault.file(id).path());
    a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(&rest(b.1)))
}

fn first_of(vault: &Vault, files: &[FileId], most: usize) -> Vec<FileId> {
    let mut best: Vec<Keyed<'_>> = Vec::with_capacity(most + 1);
    for &id in files {
        let alias = vault.file(id).alias();
        // Nearly everybody comes behind the last of the few, and most aliases tell so without being folded.
        let behind =
            |last: &Keyed<'_>| alias.is_ascii() && alias.bytes().map(|byte| byte.to_ascii_lowercase()).gt(last.0.bytes());
        if best.len() >= most && best.last().is_none_or(behind) {
            continue;
        }
        let new = (fold::search_key(alias), id);
        let at = best.partition_point(|known| in_order(vault, known, &new).is_lt());
        best.insert(at, new);
        best.truncate(most);
    }
    best.into_iter().map(|(_, id)| id).collect()
}
