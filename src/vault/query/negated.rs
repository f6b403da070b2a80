//! Names of a query that the vault does not know, and negated terms that match nobody although a value near theirs is in use: either
//! would let in whom it should keep out.

use rayon::prelude::*;

use super::compile::{UnknownName, compile};
use super::words::in_quotes;
use super::{Query, Term, Value};
use crate::contact::document;
use crate::text::{Span, fold};
use crate::vault::path::without_ending;
use crate::vault::{FileId, Vault};

/// Everything in the query that is most likely misspelt.
pub fn unknown_names(query: &Query, vault: &Vault) -> Vec<UnknownName> {
    let mut found = compile(query, vault).1;
    if found.is_empty() {
        gather(&query.root, false, vault, &mut found);
    }
    found
}

fn gather(term: &Term, is_negated: bool, vault: &Vault, found: &mut Vec<UnknownName>) {
    match term {
        Term::And(terms) | Term::Or(terms) => terms.iter().for_each(|term| gather(term, is_negated, vault, found)),
        Term::Not(inner) => gather(inner, !is_negated, vault, found),
        Term::Field { key, value: Value::Text { text, folded }, span, .. }
            if is_negated && !matches!(key.as_str(), "kind" | "path") && matches_nobody(term, vault) =>
        {
            let of = |id: FileId| {
                let document = vault.file(id).document();
                let is_asked = |own: &str| own == key || (key == "any" && own != "card");
                if key == "body" {
                    return vec![document.body_text().to_owned()];
                }
                let entries = document.head.entries.iter().filter(|entry| is_asked(&entry.key));
                entries.flat_map(|entry| document::values(&entry.value)).map(|value| value.text.to_owned()).collect()
            };
            if let Some(near) = nearest(vault, folded, &of) {
                let term = format!("{key}:{}", if near.contains(' ') { in_quotes(&near) } else { near });
                found.push(misspelt(*span, format!("nobody has `{key}: {text}`"), term));
            }
        }
        Term::Path { glob, span } if is_negated && matches_nobody(term, vault) => {
            let wanted = fold::search_key(glob.source.trim_matches(['/', '*'])).into_owned();
            let of = |id: FileId| {
                let path = vault.file(id).path();
                let stems = path.as_str().split('/').map(|part| without_ending(part).to_owned());
                stems.chain([path.folder().to_owned(), path.as_str().to_owned()]).collect()
            };
            if let Some(near) = nearest(vault, &wanted, &of) {
                found.push(misspelt(*span, format!("no contact is at `{}`", glob.source), format!("path:{near}")));
            }
        }
        _ => {}
    }
}

fn misspelt(span: Span, message: String, near: String) -> UnknownName {
    UnknownName { span, message, nearest: vec![near], is_tag: false }
}

fn matches_nobody(term: &Term, vault: &Vault) -> bool {
    let query = Query { root: term.clone() };
    compile(&query, vault).0.run(vault).is_empty()
}

/// The value in use that is nearest to a word, or whose word is; `None` where all are farther than two slips.
fn nearest(vault: &Vault, wanted: &str, of: &(dyn Fn(FileId) -> Vec<String> + Sync)) -> Option<String> {
    // A word of two letters is near to every other.
    let limit = if wanted.chars().count() < 3 { 0 } else { 2 };
    let number = Some(fold::digits(wanted)).filter(|digits| digits.len() >= 7);
    let ids: Vec<FileId> = vault.contacts().iter().collect();
    let near = |text: &String| {
        let folded = fold::search_key(text).into_owned();
        let whole = fold::distance(wanted, &folded, limit).map(|distance| (distance, text.clone()));
        let own = fold::digits(text);
        let tail = number.as_ref().and_then(|digits| {
            let end = own.get(own.len().checked_sub(digits.len())?..)?;
            Some((fold::distance(digits, end, 2)?, text.clone()))
        });
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let word = words.filter_map(|word| Some((fold::distance(wanted, word, limit)?, word.to_owned()))).min();
        whole.into_iter().chain(word).chain(tail).min()
    };
    ids.par_iter().with_min_len(64).filter_map(|&id| of(id).iter().filter_map(near).min()).min().map(|(_, near)| near)
}
