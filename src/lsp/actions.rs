//! `textDocument/codeAction`.

use std::sync::Arc;

use serde_json::json;
use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::diagnose::{self, to_diagnostic};
use super::edits::{FileChange, workspace_edit};
use super::navigate;
use super::space::Space;
use super::world::World;
use crate::contact::Problem;
use crate::features::code_actions::{self, ActionKind, Around, Change, CodeAction as Action};
use crate::features::{FileEdits, Here};
use crate::text::{Edit, Span};
use crate::vault::{Vault, VaultPath};

/// An action, and what it changes in files.
pub struct Offered {
    action: CodeActionOrCommand,
    changes: Option<Vec<FileChange>>,
}

/// The actions with their edits, once the vault is held no longer. One whose files changed meanwhile is left out.
pub fn with_edits(world: &World, space: &Space, offered: Vec<Offered>) -> Vec<CodeActionOrCommand> {
    let with_edit = |Offered { mut action, changes }: Offered| {
        if let (Some(changes), CodeActionOrCommand::CodeAction(action)) = (changes, &mut action) {
            action.edit = Some(workspace_edit(world, space, changes, None).ok()?);
        }
        Some(action)
    };
    offered.into_iter().filter_map(with_edit).collect()
}

/// What could be done there.
pub fn actions(asked: &Asked<'_>, range: Range, context: &CodeActionContext) -> Vec<Offered> {
    let span = asked.ruler.span(range);
    let exists = navigate::exists(asked.space);
    // Neovim names every problem of the line, wherever on it the cursor is: those are meant too.
    let is_named = |problem: &Problem| {
        let range = asked.ruler.range(problem.span);
        let code = NumberOrString::String(problem.code.name().to_owned());
        context.diagnostics.iter().any(|named| named.range == range && named.code.as_ref() == Some(&code))
    };
    let all = diagnose::problems(asked.here, &*exists, true);
    // The file is diagnosed again for all fixes: not each time that a cursor moves, nor for a menu over a file of thousands of faults.
    let fixes_all =
        context.only.is_some() || (context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC) && all.len() <= MOST);
    let problems: Vec<Problem> = all
        .into_iter()
        .filter(|problem| (problem.span.start <= span.end && span.start <= problem.span.end) || is_named(problem))
        .collect();
    let problems = nearest(problems, span, asked.here.document.fences.head.len());
    let pictures = asked.space.others();
    let diagnose = |here: &Here<'_>| diagnose::problems(here, &*exists, true);
    let around = Around { pictures: &pictures, exists: Arc::clone(&exists) };
    let mut found = code_actions::code_actions(asked.here, span, &problems, &around);
    let wanted = |kind: &CodeActionKind| match &context.only {
        None => true,
        Some(only) => only.iter().any(|only| {
            let (kind, only) = (kind.as_str(), only.as_str());
            only.is_empty() || kind == only || kind.strip_prefix(only).is_some_and(|rest| rest.starts_with('.'))
        }),
    };
    if fixes_all && wanted(&CodeActionKind::SOURCE_FIX_ALL) {
        found.extend(code_actions::fix_all(asked.here, &around, &diagnose));
    }
    found.extend(code_actions::explanations(&problems));
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
        ActionKind::Explanation => CodeActionKind::EMPTY,
        ActionKind::Refactor => CodeActionKind::REFACTOR,
        ActionKind::RefactorExtract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::RefactorRewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::Source => CodeActionKind::SOURCE,
        ActionKind::SourceFixAll => CodeActionKind::SOURCE_FIX_ALL,
    }
}

fn to_action(asked: &Asked<'_>, problems: &[Problem], action: Action) -> Option<Offered> {
    let understands = asked.world.understands();
    let mends = action.mends.and_then(|index| problems.get(index));
    let (mut command, mut changes) = (None, None);
    let mut call = |name: &str, arguments: serde_json::Value| {
        command = Some(Command { title: action.title.clone(), command: name.to_owned(), arguments: Some(vec![arguments]) });
    };
    match action.change {
        Change::Edits(edits) => changes = Some(vec![here(asked.here, edits)?]),
        Change::Files(files) => changes = Some(file_changes(asked.vault(), files)),
        Change::Create { path, text, edits_here } => {
            let edited = if edits_here.is_empty() { None } else { Some(here(asked.here, edits_here)?) };
            changes = Some([FileChange::Create { path, text }].into_iter().chain(edited).collect());
        }
        Change::Command { name: name @ "guanxi.broadcast.list" } => {
            call(name, json!({ "uri": asked.uri.as_str(), "write": true }))
        }
        Change::Command { name } => call(name, json!({ "uri": asked.uri.as_str(), "show": true })),
        Change::Explain { code } => call("guanxi.explain", json!({ "code": code, "uri": asked.uri.as_str(), "show": true })),
        // Half of it could not be done there: the other file would stay.
        Change::Merge { delete: true, .. } if !understands.delete_files => return None,
        Change::Merge { keep, other, delete } => {
            let uri = |path: &str| asked.world.uri_of(asked.space, &VaultPath::new(path));
            let (keep, other) = (uri(&keep), uri(&other));
            call("guanxi.contact.merge", json!({ "keep": keep.as_str(), "other": other.as_str(), "delete": delete }));
        }
    }
    if !understands.action_literals {
        // Only commands are understood: what a command does not do is left out.
        return command.map(|command| Offered { action: CodeActionOrCommand::Command(command), changes: None });
    }
    let diagnostic = mends.map(|problem| to_diagnostic(asked.world, asked.space, asked.vault(), problem, asked.ruler));
    let action = CodeActionOrCommand::CodeAction(CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
        edit: None,
        command,
        is_preferred: (action.preferred && understands.preferred_actions).then_some(true),
        disabled: None,
        data: None,
    });
    Some(Offered { action, changes })
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
