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
use crate::vault::query::path::{self, WILD};
use crate::vault::query::{self, Glob, Query, Role, Term, in_quotes};

/// Most patterns that are written beside one.
const MOST_BESIDES: usize = 16;

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
    let mut inside = |text: &str, role| Ok(in_query(moves, all, text, role, source.path.as_str(), notes));
    if document.kind == Kind::Config {
        let mut inside = |text: &str, _| inside(text, Role::Excludes);
        if let Some(node) = queries::setting(document, "broadcast", "exclude") {
            edits.extend(queries::edited(document, node, &["broadcast", "exclude"], &mut inside)?);
        }
        return Ok(edits);
    }
    if document.kind == Kind::Broadcast {
        for key in ["to", "exclude"] {
            if let Some(entry) = document.entry(key) {
                let role = if key == "exclude" { Role::Excludes } else { Role::Selects };
                let mut inside = |text: &str, _| inside(text, role);
                edits.extend(queries::edited(document, &entry.value, &[document.written(entry)], &mut inside)?);
            }
        }
    }
    for block in &document.body().queries {
        let found = inside(&block.text, Role::Selects)?;
        edits.extend(found.into_iter().map(|edit| Edit::replace(edit.span.shifted(block.span.start()), edit.new)));
    }
    Ok(edits)
}

/// The edits inside a query's own text. A query that cannot be understood stays.
fn in_query(moves: &Moves, all: &[VaultPath], text: &str, role: Role, place: &str, notes: &mut Vec<String>) -> Vec<Edit> {
    let Ok(query) = Query::parse(text.trim_end()) else { return Vec::new() };
    let keeping_out: Vec<usize> = query::keeping_out(&query, role).into_iter().filter_map(start_of).collect();
    let (mut edits, mut expected) = (Vec::new(), HashMap::new());
    for term in query.terms() {
        let Term::Path { glob, span } = term else { continue };
        let candidates = candidates(moves, &glob.source);
        let fits = |path: &&String| path::glob(path).is_ok_and(|new| matches_the_same(moves, all, glob, &new));
        if let Some(path) = candidates.iter().find(fits) {
            if *path != glob.source {
                edits.push(Edit::replace(*span, respelled(span.of(text), path)));
                expected.insert(span.start(), vec![path.clone()]);
            }
            continue;
        }
        let keeps_out = keeping_out.contains(&span.start());
        let lost = if keeps_out { renamed_away(moves, all, glob) } else { Vec::new() };
        if let Some(more) = besides(moves, all, glob, &lost) {
            let terms: Vec<String> = more.iter().map(|source| path::term(source)).collect();
            edits.push(Edit::replace(*span, format!("({} | {})", span.of(text), terms.join(" | "))));
            expected.insert(span.start(), [glob.source.clone()].into_iter().chain(more).collect());
        } else if !candidates.is_empty() || !lost.is_empty() || slips_away(moves, all, glob) {
            notes.push(format!("{place}: `path:{}` does not match the same files afterwards: look at it", glob.source));
        }
    }
    edits.sort_by_key(|edit| edit.span);
    // Read back: every other term is what it was.
    let after = edit::apply(text, &edits);
    if edits.is_empty() || Query::parse(after.trim_end()).is_ok_and(|after| after.root == rewritten(&query.root, &expected)) {
        return edits;
    }
    notes.push(format!("{place}: a query with `path:` cannot be changed safely: please change it by hand"));
    Vec::new()
}

fn start_of(term: &Term) -> Option<usize> {
    if let Term::Path { span, .. } = term { Some(span.start()) } else { None }
}

/// The term with other patterns where `expected` has some, by the places of the old ones.
fn rewritten(term: &Term, expected: &HashMap<usize, Vec<String>>) -> Term {
    let all = |terms: &[Term]| terms.iter().map(|term| rewritten(term, expected)).collect::<Vec<_>>();
    // Alternatives of alternatives are read as alternatives.
    let flat = |term| if let Term::Or(inner) = term { inner } else { vec![term] };
    match term {
        Term::And(terms) => Term::And(all(terms)),
        Term::Or(terms) => Term::Or(all(terms).into_iter().flat_map(flat).collect()),
        Term::Not(inner) => Term::Not(Box::new(rewritten(inner, expected))),
        Term::Path { span, .. } => {
            let sources = expected.get(&span.start()).map_or(&[][..], Vec::as_slice);
            let terms = sources.iter().filter_map(|source| Some(Term::Path { glob: path::glob(source).ok()?, span: *span }));
            let mut terms: Vec<Term> = terms.collect();
            match terms.len() {
                0 => term.clone(),
                1 => terms.swap_remove(0),
                _ => Term::Or(terms),
            }
        }
        _ => term.clone(),
    }
}

/// What a pattern matches, and does not by the new name of it, or of a folder of it. What moves to another folder under its own name is
/// meant to be elsewhere.
fn renamed_away<'a>(moves: &Moves, all: &'a [VaultPath], glob: &Glob) -> Vec<&'a VaultPath> {
    let is_lost = |path: &&VaultPath| {
        let is_renamed = moves.root_of(path).is_some_and(|(old, new)| old.file_name() != new.file_name());
        is_renamed && glob.matcher.is_match(path.as_str()) && !glob.matcher.is_match(moves.after(path).as_str())
    };
    all.iter().filter(is_lost).collect()
}

/// Patterns that match, beside the old one, what that has lost, and nothing else that moves or stays. None where nothing is lost, or it
/// cannot be said in a few.
fn besides(moves: &Moves, all: &[VaultPath], glob: &Glob, lost: &[&VaultPath]) -> Option<Vec<String>> {
    let mut sources: Vec<String> = Vec::new();
    for path in lost {
        let (old, new) = moves.root_of(path)?;
        let is_below = |path: &&VaultPath| moves.root_of(path).is_some_and(|(root, _)| root == old);
        let is_whole = all.iter().filter(is_below).all(|path| glob.matcher.is_match(path.as_str()));
        let source = if is_whole { path::naming(new.as_str()) } else { path::naming(moves.after(path).as_str()) };
        if !sources.contains(&source) {
            sources.push(source);
        }
        if sources.len() > MOST_BESIDES {
            return None;
        }
    }
    let more: Vec<Glob> = sources.iter().filter_map(|source| path::glob(source).ok()).collect();
    let holds = |path: &VaultPath| more.iter().any(|glob| glob.matcher.is_match(path.as_str()));
    let is_right = |path: &VaultPath| holds(&moves.after(path)) == lost.contains(&path) || glob.matcher.is_match(path.as_str());
    (!sources.is_empty() && more.len() == sources.len() && all.iter().all(is_right)).then_some(sources)
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
        if path::literal(&new) != new {
            // A name with signs of a pattern in it.
            let is_pattern = literal < parts.len();
            return vec![if is_pattern { format!("/{}{rest}", path::literal(&new)) } else { path::naming(&new) }];
        }
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
        if path::literal(name) == name {
            found.push(slashed(name));
        }
        found.push(path::naming(whole));
    }
    if !found.is_empty() {
        found.insert(0, source.to_owned());
    }
    found
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

/// The term with another path, in quotes where it had some or needs them.
fn respelled(written: &str, path: &str) -> String {
    if written.contains('"') { format!("path:{}", in_quotes(path)) } else { path::term(path) }
}
