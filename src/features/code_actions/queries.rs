//! Queries: the other tags that may be meant, a tag that is to exist, and the people of a query block as a list below it.

use super::{ActionKind, Change, Found, short};
use crate::contact::{Code, Problem, tag};
use crate::features::{Here, list, vocabulary};
use crate::text::{Edit, lines};
use crate::vault::path::without_ending;
use crate::vault::query::{Query, compile};

/// A list below a block holds so many people at most.
const LONGEST_LIST: usize = 1_000;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    // A key that nobody has is no tag that could be listed.
    if problem.code != Code::QueryUnknownTag || !problem.message.starts_with("no contact has the tag") {
        return;
    }
    // What is wrong with a name is asked anew: the problem tells only the nearest one.
    let written = problem.span.of(found.here.text()).trim_matches(['"', '\'', '\\']);
    if tag::fault(written).is_some() {
        return;
    }
    let query = Query::of_tags(&[written.to_owned()]);
    let unknown = compile(&query, found.vault()).1;
    let Some(name) = unknown.into_iter().find(|name| name.is_tag) else { return };
    let bare = problem.span.of(found.here.text()) == written;
    for nearest in name.nearest.iter().filter(|_| bare) {
        let near = nearest.trim_start_matches('#');
        if !near.starts_with('"') {
            let edit = Edit::replace(problem.span, near);
            found.fix(index, format!("change to `{}`", short(near)), Change::Edits(vec![edit]));
        }
    }
    if let Ok(edits) = vocabulary::list_tag(found.vault(), written) {
        found.fix(index, format!("add `{}` to the tags in guanxi.yaml", short(written)), Change::Files(vec![edits]));
    }
}

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let Some(block) = found.body().queries.iter().find(|block| found.touches(block.span)).cloned() else { return };
    // A query that asks for what nobody knows has no list.
    let Ok(query) = Query::parse(block.text.trim_end()) else { return };
    let is_known = compile(&query, found.vault()).1.is_empty();
    if let Some(edits) = is_known.then(|| list_below(found.here, block.span.start()).ok()).flatten() {
        found.offer("insert the list below", ActionKind::Source, Change::Edits(edits));
    }
}

/// The lines `- [[Alias]]` below a query block. The error is a message for a person.
pub fn list_below(here: &Here<'_>, block: usize) -> Result<Vec<Edit>, String> {
    let blocks = here.document.body().queries;
    let block = blocks.into_iter().find(|own| own.span.start() == block).ok_or("the query has changed meanwhile")?;
    let query = Query::parse(block.text.trim_end()).map_err(|error| error.message)?;
    let people = list::list(here.vault, &query).map_err(|_| "the query asks for what nobody knows".to_owned())?;
    if people.is_empty() {
        return Err("the query means nobody".to_owned());
    }
    let text = here.text();
    let newline = lines::newline_at(text, block.span.start());
    let mut written = String::new();
    for &id in people.iter().take(LONGEST_LIST) {
        written.push_str(&format!("- [[{}]]{newline}", link_text(here, id)));
    }
    if people.len() > LONGEST_LIST {
        written.push_str(&format!("- … and {} more{newline}", people.len() - LONGEST_LIST));
    }
    // Behind the closing fence, a blank line between.
    let mut at = block.span.end();
    if !text[lines::line_start(text, at)..at].is_empty() {
        at = lines::next_line(text, at);
    }
    let fence = &text[at..lines::line_end(text, at)];
    let is_fence = fence.trim_start().starts_with("```") || fence.trim_start().starts_with("~~~");
    if !is_fence {
        return Err("close the query's block first".to_owned());
    }
    let end = lines::next_line(text, at);
    let gap = if text[..end].ends_with(['\n', '\r']) { newline.to_owned() } else { format!("{newline}{newline}") };
    let behind = &text[end..];
    let tail = if behind.is_empty() || behind.starts_with(['\n', '\r']) { "" } else { newline };
    Ok(vec![Edit::insert(end, format!("{gap}{written}{tail}"))])
}

/// What a link to this file says: its alias, where that leads to it alone, else its path.
fn link_text(here: &Here<'_>, id: crate::vault::FileId) -> String {
    let file = here.vault.file(id);
    let alias = file.alias();
    let fits = !alias.contains(|c: char| c.is_control() || matches!(c, '[' | ']' | '|' | '#'));
    if fits && here.vault.resolve(alias) == crate::vault::Resolution::One(id) {
        return alias.to_owned();
    }
    let path = file.path().as_str();
    without_ending(path).to_owned()
}
