//! `path:` in queries. A term that names what moves names it at its new place, if it then matches the same files; a term that a new
//! name slips away from is told of.

use std::collections::HashMap;

use super::{Moves, paths};
use crate::contact::{Document, Kind};
use crate::features::places::{Source, queries};
use crate::text::yaml::edit::Refusal;
use crate::text::{Edit, edit};
use crate::vault::VaultPath;
use crate::vault::path::without_ending;
use crate::vault::query::{Glob, Query, Term, in_quotes};

/// Signs that make a pattern of a path.
pub const WILD: [char; 4] = ['*', '?', '[', '{'];

/// May this text hold such a term? The key may be written in another case, or with a full-width colon.
pub fn may_have(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"path").is_some() || text.to_lowercase().contains("path")
}

/// The edits to the queries of one file.
pub fn edits(
    moves: &Moves,
    all: &[VaultPath],
    source: &Source,
    document: &Document<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Edit>, Refusal> {
    if all.is_empty() || !may_have(document.text) {
        return Ok(Vec::new());
    }
    let mut edits = Vec::new();
    let mut inside = |text: &str, _| Ok(in_query(moves, all, text, source.path.as_str(), notes));
    if document.kind == Kind::Config {
        if let Some(node) = queries::setting(document, "broadcast", "exclude") {
            edits.extend(queries::edited(document, node, &["broadcast", "exclude"], &mut inside)?);
        }
        return Ok(edits);
    }
    if document.kind == Kind::Broadcast {
        for key in ["to", "exclude"] {
            if let Some(entry) = document.entry(key) {
                edits.extend(queries::edited(document, &entry.value, &[document.written(entry)], &mut inside)?);
            }
        }
    }
    for block in &document.body().queries {
        let found = inside(&block.text, block.span)?;
        edits.extend(found.into_iter().map(|edit| Edit::replace(edit.span.shifted(block.span.start()), edit.new)));
    }
    Ok(edits)
}

/// The edits inside a query's own text. A query that cannot be understood stays.
fn in_query(moves: &Moves, all: &[VaultPath], text: &str, place: &str, notes: &mut Vec<String>) -> Vec<Edit> {
    let Ok(query) = Query::parse(text.trim_end()) else { return Vec::new() };
    let (mut edits, mut expected) = (Vec::new(), HashMap::new());
    for term in query.terms() {
        let Term::Path { glob, span } = term else { continue };
        let candidates = candidates(moves, &glob.source);
        let written = |path: &String| format!("path:{}", in_quotes(path));
        let fits = |path: &String| glob_of(&written(path)).is_some_and(|new| matches_the_same(moves, all, glob, &new));
        match candidates.iter().find(|path| fits(path)) {
            Some(path) if *path != glob.source => {
                edits.push(Edit::replace(*span, respelled(span.of(text), path)));
                expected.insert(span.start(), path.clone());
            }
            Some(_) => {}
            None if candidates.is_empty() && !slips_away(moves, all, glob) => {}
            None => notes.push(format!("{place}: `path:{}` does not match the same files afterwards: look at it", glob.source)),
        }
    }
    edits.sort_by_key(|edit| edit.span);
    // Read back: every other term is what it was.
    let after = edit::apply(text, &edits);
    let is_read = Query::parse(after.trim_end()).is_ok_and(|after| {
        let pairs = query.terms().into_iter().zip(after.terms());
        let are_same = |(one, other): (&Term, &Term)| match (one, other) {
            (Term::Path { glob, span }, Term::Path { glob: new, .. }) => {
                new.source == *expected.get(&span.start()).unwrap_or(&glob.source)
            }
            (Term::And(_), Term::And(_)) | (Term::Or(_), Term::Or(_)) | (Term::Not(_), Term::Not(_)) => true,
            (one, other) => one == other,
        };
        query.terms().len() == after.terms().len() && pairs.into_iter().all(are_same)
    });
    if is_read || edits.is_empty() {
        return edits;
    }
    notes.push(format!("{place}: a query with `path:` cannot be changed safely: please change it by hand"));
    Vec::new()
}

/// What a term could name instead, the nearest to what is written first. None where it names nothing that moves.
fn candidates(moves: &Moves, source: &str) -> Vec<String> {
    let bare = source.trim_matches('/');
    let parts: Vec<&str> = bare.split('/').collect();
    let literal = parts.iter().take_while(|part| !part.contains(WILD)).count();
    let slashed = |path: &str| {
        let (start, end) = (if source.starts_with('/') { "/" } else { "" }, if source.ends_with('/') { "/" } else { "" });
        format!("{start}{path}{end}")
    };
    if parts.len() > 1 || source.starts_with('/') {
        let old = parts[..literal].join("/");
        let new = if literal == parts.len() {
            paths::after_name(moves, &old)
        } else {
            moves.after(&VaultPath::new(&old)).as_str().to_owned()
        };
        if literal == 0 || new == old {
            return Vec::new();
        }
        let rest: String = parts[literal..].iter().map(|part| format!("/{part}")).collect();
        let plain = slashed(&format!("{new}{rest}"));
        // Without a slash it would match anywhere.
        return vec![plain, format!("/{new}{rest}")];
    }
    // A lone name matches anywhere.
    let is_named = |path: &VaultPath| path.file_name() == bare || path.stem() == bare;
    let named = moves.each().filter(|(old, _)| literal == 1 && is_named(old));
    let mut found: Vec<String> = Vec::new();
    for (old, new) in named {
        let has_ending = old.file_name() == bare;
        let name = if has_ending { new.file_name() } else { new.stem() };
        let whole = if has_ending { new.as_str() } else { without_ending(new.as_str()) };
        found.extend([slashed(name), format!("/{whole}")]);
    }
    if !found.is_empty() {
        found.insert(0, source.to_owned());
    }
    found
}

fn glob_of(term: &str) -> Option<Glob> {
    let query = Query::parse(term).ok()?;
    query.terms().into_iter().find_map(|term| if let Term::Path { glob, .. } = term { Some(glob.clone()) } else { None })
}

/// Does `new` match after the move what `old` matched before it?
fn matches_the_same(moves: &Moves, all: &[VaultPath], old: &Glob, new: &Glob) -> bool {
    all.iter().all(|path| old.matcher.is_match(path.as_str()) == new.matcher.is_match(moves.after(path).as_str()))
}

/// Does a new name in the same folder change what a pattern matches? What moves to another folder is meant to be elsewhere.
fn slips_away(moves: &Moves, all: &[VaultPath], glob: &Glob) -> bool {
    let is_renamed = |path: &VaultPath| {
        moves.each().any(|(old, new)| {
            let is_below = path == old || path.as_str().strip_prefix(old.as_str()).is_some_and(|rest| rest.starts_with('/'));
            is_below && old.folder() == new.folder()
        })
    };
    let changes = |path: &&VaultPath| {
        let new = moves.after(path);
        new != **path && glob.matcher.is_match(path.as_str()) != glob.matcher.is_match(new.as_str())
    };
    all.iter().filter(changes).any(is_renamed)
}

/// The term with another path, in quotes only where it had some or needs them.
fn respelled(written: &str, path: &str) -> String {
    let plain = format!("path:{path}");
    let is_plain = !written.contains('"') && glob_of(&plain).is_some_and(|glob| glob.source == path);
    if is_plain { plain } else { format!("path:{}", in_quotes(path)) }
}
