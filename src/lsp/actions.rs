//! `textDocument/codeAction`.

use serde_json::json;
use tower_lsp::ls_types::*;

use super::diagnose::{self, to_diagnostic};
use super::edits::{Announcement, FileChange, workspace_edit};
use super::navigate;
use super::world::{Asked, World};
use crate::contact::Problem;
use crate::features::code_actions::{self, ActionKind, Around, Change, CodeAction as Action, Later, Resolved};
use crate::features::merge::Merge;
use crate::features::{FileEdits, Here};
use crate::text::{Edit, Span};
use crate::vault::Vault;

/// What could be done there.
pub fn actions(asked: &Asked<'_>, range: Range, context: &CodeActionContext) -> Vec<CodeActionOrCommand> {
    let span = asked.ruler.span(range);
    let exists = |path: &str| asked.space.exists(path);
    // Neovim names every problem of the line, wherever on it the cursor is: those are meant too.
    let is_named = |problem: &Problem| {
        let range = asked.ruler.range(problem.span);
        let code = NumberOrString::String(problem.code.name().to_owned());
        context.diagnostics.iter().any(|named| named.range == range && named.code.as_ref() == Some(&code))
    };
    let problems: Vec<Problem> = diagnose::problems(asked.here, &exists, true)
        .into_iter()
        .filter(|problem| (problem.span.start <= span.end && span.start <= problem.span.end) || is_named(problem))
        .collect();
    let problems = nearest(problems, span, asked.here.document.fences.head.len());
    let pictures = asked.space.others();
    let around = Around { pictures: &pictures, exists: &exists };
    let found = code_actions::code_actions(asked.here, span, &problems, &around);
    let wanted = |kind: &CodeActionKind| match &context.only {
        None => true,
        Some(only) => only.iter().any(|only| {
            let (kind, only) = (kind.as_str(), only.as_str());
            only.is_empty() || kind == only || kind.strip_prefix(only).is_some_and(|rest| rest.starts_with('.'))
        }),
    };
    found
        .into_iter()
        .filter(|action| wanted(&kind(action.kind)))
        .filter_map(|action| to_action(asked, &problems, action))
        .collect()
}

/// Most problems that one answer has fixes for: more than fit on a screen.
const MOST: usize = 100;

/// Most bytes of heads that are read again for the fixes of one answer, as many fixes are tried on the text: 100 fixes of a head of
/// 16 KiB take a tenth of a second.
const MOST_READ: usize = MOST * 16 * 1024;

/// The problems that get fixes: those nearest to the beginning of the range. An editor may ask for a whole file of faults at once.
fn nearest(mut problems: Vec<Problem>, range: Span, head: usize) -> Vec<Problem> {
    let most = (MOST_READ / head.max(1)).clamp(1, MOST);
    if problems.len() <= most {
        return problems;
    }
    let distance = |problem: &Problem| {
        let touches = problem.span.start <= range.start && range.start <= problem.span.end;
        if touches { 0 } else { problem.span.start.abs_diff(range.start) }
    };
    problems.sort_by_key(distance);
    problems.truncate(most);
    problems.sort_by_key(|problem| (problem.span.start, problem.code));
    problems
}

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Refactor => CodeActionKind::REFACTOR,
        ActionKind::RefactorExtract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::RefactorRewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::Source => CodeActionKind::SOURCE,
    }
}

fn to_action(asked: &Asked<'_>, problems: &[Problem], action: Action) -> Option<CodeActionOrCommand> {
    let understands = asked.world.understands();
    let mends = action.mends.and_then(|index| problems.get(index));
    let edit = |changes: Vec<FileChange>| workspace_edit(asked.world, asked.space, changes, None).ok();
    let mut command = None;
    let edit = match action.change {
        Change::Edits(edits) => edit(vec![here(asked.here, edits)?]),
        Change::Files(files) => edit(file_changes(asked.vault(), files)),
        Change::Create { path, text, edits_here } => {
            let mut changes = vec![FileChange::Create { path, text }];
            if !edits_here.is_empty() {
                changes.push(here(asked.here, edits_here)?);
            }
            edit(changes)
        }
        Change::Command { name } => {
            let arguments = match name {
                "guanxi.broadcast.list" => json!({ "uri": asked.uri.as_str(), "write": true }),
                _ => json!({ "uri": asked.uri.as_str(), "show": true }),
            };
            command = Some(Command { title: action.title.clone(), command: name.to_owned(), arguments: Some(vec![arguments]) });
            None
        }
        // Working it out now costs little beside asking for it twice, and every client can do with it.
        Change::Later(later) => Some(resolved(asked, &later)?),
    };
    if !understands.action_literals {
        // Only commands are understood: what a command does not do is left out.
        return command.map(CodeActionOrCommand::Command);
    }
    let diagnostic = mends.map(|problem| to_diagnostic(asked.world, asked.space, asked.vault(), problem, asked.ruler));
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
        edit,
        command,
        is_preferred: (action.preferred && understands.preferred_actions).then_some(true),
        disabled: None,
        data: None,
    }))
}

/// Edits to the text that was asked about, as a change of its file.
pub fn here(here: &Here<'_>, edits: Vec<Edit>) -> Option<FileChange> {
    let text = here.file.map_or_else(|| here.text().into(), |id| here.vault.file(id).shared_text());
    Some(FileChange::Edit { path: here.path.clone(), text, edits })
}

fn file_changes(vault: &Vault, files: Vec<FileEdits>) -> Vec<FileChange> {
    let change = |edits: FileEdits| {
        let file = vault.file(edits.file);
        FileChange::Edit { path: file.path().clone(), text: file.shared_text(), edits: edits.edits }
    };
    files.into_iter().map(change).collect()
}

fn resolved(asked: &Asked<'_>, later: &Later) -> Option<WorkspaceEdit> {
    let found = code_actions::resolve(asked.here, later, &navigate::exists(asked.space)).ok()?;
    match found {
        Resolved::Edits(edits) => workspace_edit(asked.world, asked.space, vec![here(asked.here, edits)?], None).ok(),
        Resolved::Merge(merge) => {
            let (changes, announcement) = merged(asked.world, asked.vault(), merge)?;
            workspace_edit(asked.world, asked.space, changes, Some(announcement)).ok()
        }
    }
}

/// Two contacts become one: what changes, and what should be looked at first. Nothing where the client cannot delete a file: half
/// a merge leaves two.
fn merged(world: &World, vault: &Vault, merge: Merge) -> Option<(Vec<FileChange>, Announcement)> {
    world.understands().delete_files.then(|| merge_changes(vault, merge))
}

/// The same, whatever the client can.
pub fn merge_changes(vault: &Vault, merge: Merge) -> (Vec<FileChange>, Announcement) {
    let (kept, gone) = (vault.file(merge.keep), vault.file(merge.delete));
    let announcement = Announcement {
        label: format!("Merge {} into {}", gone.alias(), kept.alias()),
        description: format!("{} goes; what it said is in {}", gone.path(), kept.path()),
    };
    let mut changes = vec![FileChange::Edit { path: kept.path().clone(), text: kept.shared_text(), edits: merge.edits }];
    changes.retain(|change| !matches!(change, FileChange::Edit { edits, .. } if edits.is_empty()));
    changes.extend(file_changes(vault, merge.links));
    changes.push(FileChange::Delete { path: gone.path().clone() });
    (changes, announcement)
}
