//! `list`: everybody whom a query means, exactly, ordered by alias.

use roaring::RoaringBitmap;

use crate::text::fold;
use crate::vault::query::{Query, QueryError, UnknownName, compile};
use crate::vault::{FileId, Vault};

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// It cannot be understood.
    Syntax(QueryError),
    /// It asks for tags or keys that the vault does not know. A misspelt name must not quietly mean nobody, or everybody.
    Unknown(Vec<UnknownName>),
}

/// Everybody whom the query means, ordered by alias.
pub fn list(vault: &Vault, query: &Query) -> Result<Vec<FileId>, AskError> {
    Ok(by_alias(vault, &matching(vault, query)?))
}

/// The same as a set.
pub fn matching(vault: &Vault, query: &Query) -> Result<RoaringBitmap, AskError> {
    let (compiled, unknown) = compile(query, vault);
    if !unknown.is_empty() {
        return Err(AskError::Unknown(unknown));
    }
    Ok(compiled.run(vault))
}

/// Files in the order of their aliases, as a person looks them up: folded first, then as written, then by path.
pub fn by_alias(vault: &Vault, files: &RoaringBitmap) -> Vec<FileId> {
    let mut keyed: Vec<(std::borrow::Cow<'_, str>, FileId)> =
        files.iter().map(|id| (fold::search_key(vault.file(id).alias()), id)).collect();
    keyed.sort_by(|a, b| {
        let rest = |id: FileId| (vault.file(id).alias(), vault.file(id).path());
        a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(&rest(b.1)))
    });
    keyed.into_iter().map(|(_, id)| id).collect()
}
