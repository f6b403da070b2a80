//! Names of a query that the vault does not know, and terms that keep nobody out, under a `-` or in an exclusion: where a value near
//! theirs is in use, they would let in whom they should keep out.

use rayon::prelude::*;

use super::compile::{UnknownName, compile};
use super::{Glob, Operator, Query, Term, Value, path};
use crate::contact::document;
use crate::text::fold;
use crate::vault::path::without_ending;
use crate::vault::{FileId, Vault, VaultPath};

/// What a query is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It asks for people: what is under a `-` keeps people out.
    Selects,
    /// It keeps out whom it matches.
    Excludes,
}

/// Everything in the query that is most likely misspelt.
pub fn unknown_names(query: &Query, role: Role, vault: &Vault) -> Vec<UnknownName> {
    slips(query, role, vault).into_iter().filter(|name| !name.may_be_meant).collect()
}

/// The same, and the terms that keep nobody out although nothing is near them.
pub fn slips(query: &Query, role: Role, vault: &Vault) -> Vec<UnknownName> {
    let mut found = compile(query, vault).1;
    if found.is_empty() {
        keeping_out(query, role).into_iter().for_each(|term| look(term, vault, &mut found));
    }
    found
}

/// The terms that keep people out, in their order.
pub fn keeping_out(query: &Query, role: Role) -> Vec<&Term> {
    fn gather<'q>(term: &'q Term, keeps_out: bool, found: &mut Vec<&'q Term>) {
        match term {
            Term::And(terms) | Term::Or(terms) => terms.iter().for_each(|term| gather(term, keeps_out, found)),
            Term::Not(inner) => gather(inner, !keeps_out, found),
            term if keeps_out => found.push(term),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(&query.root, role == Role::Excludes, &mut found);
    found
}

/// What is to be said of a term that keeps people out.
fn look(term: &Term, vault: &Vault, found: &mut Vec<UnknownName>) {
    match term {
        // How a date or number compares says nothing about how it is spelled.
        Term::Field { key, operator: Operator::Contains | Operator::Equals, value, span, .. }
            if !matches!(key.as_str(), "kind" | "path") && matches_nobody(term, vault) =>
        {
            let message = format!("nobody has `{}`", Query { root: term.clone() });
            found.push(UnknownName::keeping_nobody_out(*span, message, near_field(term, key, value, vault)));
        }
        Term::Path { glob, span } => {
            let each = path::each(glob);
            for (index, one) in each.iter().enumerate().filter(|(_, one)| !is_anybody_at(one, vault)) {
                let near = meant_folder(one, vault).or_else(|| near_path(one, vault)).map(|near| {
                    let written = |other: usize| if other == index { near.as_str() } else { each[other].source.as_str() };
                    let terms: Vec<String> = (0..each.len()).map(|other| path::term(written(other))).collect();
                    if let [term] = terms.as_slice() { term.clone() } else { format!("({})", terms.join(" | ")) }
                });
                found.push(UnknownName::keeping_nobody_out(*span, format!("no contact is at `{}`", one.source), near));
            }
        }
        _ => {}
    }
}

/// The term with the value in use that is nearest to its own.
fn near_field(term: &Term, key: &str, value: &Value, vault: &Vault) -> Option<String> {
    let Value::Text { folded, .. } = value else { return None };
    let of = |id: FileId| {
        let document = vault.file(id).document();
        let is_asked = |own: &str| own == key || (key == "any" && own != "card");
        if key == "body" {
            return vec![document.body_text().to_owned()];
        }
        let entries = document.head.entries.iter().filter(|entry| is_asked(&entry.key));
        entries.flat_map(|entry| document::values(&entry.value)).map(|value| value.text.to_owned()).collect()
    };
    let near = nearest(vault, folded, &of)?;
    let Term::Field { key, operator, span, key_span, .. } = term.clone() else { return None };
    Some(Query { root: Term::Field { key, operator, value: Value::text(&near), span, key_span } }.to_string())
}

/// Is a contact at this path, or in the folder: also one of those whose "no" is read beside the vault?
fn is_anybody_at(glob: &Glob, vault: &Vault) -> bool {
    let is_at = |path: &VaultPath| glob.matcher.is_match(path.as_str());
    vault.contacts().iter().any(|id| is_at(vault.file(id).path()))
        || vault.beside().is_some_and(|beside| beside.files().any(|(_, file)| is_at(file.path())))
}

/// A pattern that names the folder of a contact, or the file without its ending: what would name the contact.
fn meant_folder(glob: &Glob, vault: &Vault) -> Option<String> {
    let source = glob.source.trim_end_matches('/');
    let paths = || vault.contacts().iter().map(|id| vault.file(id).path().as_str());
    let is_folder = |path: &str| path.match_indices('/').any(|(at, _)| glob.matcher.is_match(&path[..at]));
    if paths().any(is_folder) {
        return Some(format!("{source}/**"));
    }
    paths().any(|path| glob.matcher.is_match(without_ending(path))).then(|| format!("{source}.md"))
}

fn near_path(glob: &Glob, vault: &Vault) -> Option<String> {
    let wanted = fold::search_key(glob.source.trim_matches(['/', '*'])).into_owned();
    let of = |id: FileId| {
        let path = vault.file(id).path();
        let stems = path.as_str().split('/').map(|part| without_ending(part).to_owned());
        stems.chain([path.folder().to_owned(), path.as_str().to_owned()]).collect()
    };
    nearest(vault, &wanted, &of)
}

fn matches_nobody(term: &Term, vault: &Vault) -> bool {
    let query = Query { root: term.clone() };
    let is_nobody = |vault: &Vault| compile(&query, vault).0.run(vault).is_empty();
    is_nobody(vault) && vault.beside().is_none_or(is_nobody)
}

/// The value in use that is nearest to a word, or whose word is; `None` where all are farther than one slip of a short word, or two of a longer one.
fn nearest(vault: &Vault, wanted: &str, of: &(dyn Fn(FileId) -> Vec<String> + Sync)) -> Option<String> {
    // A word of two letters is near to every other.
    let limit = match wanted.chars().count() {
        0..3 => 0,
        // Two slips apart are `rival` and `river`.
        3..6 => 1,
        _ => 2,
    };
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
