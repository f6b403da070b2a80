//! What the server can do, as `initialize` answers it.

use tower_lsp::ls_types::*;

use super::client::Understands;

/// Everything, as far as this client understands it.
pub fn capabilities(encoding: PositionEncodingKind, understands: &Understands) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            will_save: None,
            will_save_wait_until: None,
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        })),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(["[", "(", "#", ",", " ", "/", ":", "\"", "|", "{", "%", "-"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        rename_provider: Some(if understands.prepare_rename {
            OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        } else {
            OneOf::Left(true)
        }),
        code_action_provider: Some(if understands.action_literals {
            CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::REFACTOR,
                    CodeActionKind::REFACTOR_EXTRACT,
                    CodeActionKind::REFACTOR_REWRITE,
                    CodeActionKind::SOURCE,
                    CodeActionKind::SOURCE_FIX_ALL,
                ]),
                work_done_progress_options: WorkDoneProgressOptions::default(),
                resolve_provider: None,
            })
        } else {
            CodeActionProviderCapability::Simple(true)
        }),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
            work_done_progress_options: WorkDoneProgressOptions::default(),
            legend: SemanticTokensLegend {
                token_types: super::outline::LEGEND.iter().map(|(_, name)| SemanticTokenType::new(name)).collect(),
                token_modifiers: Vec::new(),
            },
            range: Some(true),
            full: Some(SemanticTokensFullOptions::Bool(true)),
        })),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: super::commands::names().map(str::to_owned).collect(),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        // Who asks must ask again when another file changed, and some cannot be told to: what they show would go stale. They are
        // told of problems instead, as those are who never ask.
        diagnostic_provider: (understands.pulls && understands.refreshes.diagnostics).then_some(
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: None,
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
        ),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(moved_files()),
                did_rename: Some(moved_files()),
                will_delete: Some(deleted_files()),
                did_delete: Some(deleted_files()),
                ..WorkspaceFileOperationsServerCapabilities::default()
            }),
        }),
        ..ServerCapabilities::default()
    }
}

/// Contacts and notes, their pictures, and whole folders: links to all of them follow.
fn moved_files() -> FileOperationRegistrationOptions {
    FileOperationRegistrationOptions { filters: vec![files("**/*", None)] }
}

/// Contacts, and folders of contacts: they may have said no.
fn deleted_files() -> FileOperationRegistrationOptions {
    let folders = files("**/*", Some(FileOperationPatternKind::Folder));
    FileOperationRegistrationOptions { filters: vec![files("**/*.{md,markdown}", None), folders] }
}

/// In any case: a vault reads `.MD` too.
fn files(glob: &str, matches: Option<FileOperationPatternKind>) -> FileOperationFilter {
    let options = Some(FileOperationPatternOptions { ignore_case: Some(true) });
    FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern { glob: glob.to_owned(), matches, options },
    }
}
