//! What the client said it understands, as plain questions. It gets nothing else.

use std::path::PathBuf;

use tower_lsp::ls_types::{
    ClientCapabilities, CompletionClientCapabilities, InitializeParams, InsertTextMode, MarkupKind, PositionEncodingKind,
    ResourceOperationKind,
};

use super::convert::from_uri;
use crate::text::lines::Encoding;

/// What the client understands.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Understands {
    /// How it counts inside a line.
    pub encoding: Encoding,
    /// Snippets in completion items.
    pub snippets: bool,
    /// Details beside a completion item's label.
    pub label_details: bool,
    /// Documentation of a completion item that comes later.
    pub late_documentation: bool,
    /// Whether what is completed must be told not to be indented, and how.
    pub as_it_is: AsItIs,
    /// Markdown as a completion item's documentation.
    pub markdown_documentation: bool,
    /// Markdown in hovers.
    pub markdown_hover: bool,
    /// Edits of several documents with their versions.
    pub document_changes: bool,
    /// Files created by an edit.
    pub create_files: bool,
    /// Files moved by an edit.
    pub rename_files: bool,
    /// Files deleted by an edit.
    pub delete_files: bool,
    /// Edits that say what they are and ask first.
    pub annotations: bool,
    /// Code actions that are more than commands.
    pub action_literals: bool,
    /// Code actions marked as the best one.
    pub preferred_actions: bool,
    /// Outlines with levels.
    pub nested_symbols: bool,
    /// Definitions that say where they come from.
    pub location_links: bool,
    /// Words beside a link to open.
    pub link_tooltips: bool,
    /// Versions on diagnostics.
    pub diagnostic_versions: bool,
    /// Links to a page about a diagnostic's code.
    pub code_pages: bool,
    /// Other places on a diagnostic.
    pub related_places: bool,
    /// Tags on a diagnostic: these numbers.
    pub diagnostic_tags: Vec<i32>,
    /// It asks for diagnostics itself.
    pub pulls: bool,
    /// It asks again when told to: diagnostics, lenses, hints, tokens.
    pub refreshes: Refreshes,
    /// Progress that the server begins.
    pub progress: bool,
    /// Edits that the server asks for.
    pub apply_edit: bool,
    /// Documents that the server asks to show.
    pub show_document: bool,
    /// `prepareRename` answers with a placeholder are always fine; default behaviour is not asked for.
    pub prepare_rename: bool,
    /// Tells when watched files change, if asked to.
    pub tells_changes: bool,
}

/// How a client hears that what is completed is inserted as it is (LSP 3.17, `InsertTextMode.asIs`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsItIs {
    /// It knows no other way, or this one goes without saying.
    #[default]
    Unsaid,
    /// Once, for a whole list.
    OfAll,
    /// With each item.
    OfEach,
}

impl AsItIs {
    fn new(completion: &CompletionClientCapabilities) -> Self {
        let modes = completion.completion_item.as_ref().and_then(|item| item.insert_text_mode_support.as_ref());
        let knows = modes.is_some_and(|modes| modes.value_set.contains(&InsertTextMode::AS_IS));
        if !knows || completion.insert_text_mode == Some(InsertTextMode::AS_IS) {
            return Self::Unsaid;
        }
        let defaults = completion.completion_list.as_ref().and_then(|list| list.item_defaults.as_deref()).unwrap_or_default();
        if defaults.iter().any(|name| name == "insertTextMode") { Self::OfAll } else { Self::OfEach }
    }
}

/// What the client asks for anew when it is told to.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Refreshes {
    /// Code lenses.
    pub lenses: bool,
    /// Inlay hints.
    pub hints: bool,
    /// Diagnostics.
    pub diagnostics: bool,
}

impl Understands {
    /// Reads what the client declared.
    pub fn new(capabilities: &ClientCapabilities) -> Self {
        let document = capabilities.text_document.clone().unwrap_or_default();
        let workspace = capabilities.workspace.clone().unwrap_or_default();
        let window = capabilities.window.clone().unwrap_or_default();
        let completion = document.completion.unwrap_or_default();
        let as_it_is = AsItIs::new(&completion);
        let item = completion.completion_item.unwrap_or_default();
        let edit = workspace.workspace_edit.unwrap_or_default();
        let diagnostics = document.publish_diagnostics.unwrap_or_default();
        let operations = edit.resource_operations.unwrap_or_default();
        let action = document.code_action.unwrap_or_default();
        let resolved = item.resolve_support.map(|support| support.properties).unwrap_or_default();
        let says_markdown = |kinds: &Option<Vec<MarkupKind>>| kinds.iter().flatten().any(|kind| *kind == MarkupKind::Markdown);
        Self {
            encoding: encoding(capabilities).0,
            snippets: item.snippet_support == Some(true),
            label_details: item.label_details_support == Some(true),
            late_documentation: resolved.iter().any(|property| property == "documentation"),
            as_it_is,
            markdown_documentation: says_markdown(&item.documentation_format),
            markdown_hover: says_markdown(&document.hover.unwrap_or_default().content_format),
            document_changes: edit.document_changes == Some(true),
            create_files: operations.contains(&ResourceOperationKind::Create),
            rename_files: operations.contains(&ResourceOperationKind::Rename),
            delete_files: operations.contains(&ResourceOperationKind::Delete),
            annotations: edit.document_changes == Some(true) && edit.change_annotation_support.is_some(),
            action_literals: action.code_action_literal_support.is_some(),
            preferred_actions: action.is_preferred_support == Some(true),
            nested_symbols: document.document_symbol.unwrap_or_default().hierarchical_document_symbol_support == Some(true),
            location_links: document.definition.unwrap_or_default().link_support == Some(true),
            link_tooltips: document.document_link.and_then(|link| link.tooltip_support) == Some(true),
            diagnostic_versions: diagnostics.version_support == Some(true),
            code_pages: diagnostics.code_description_support == Some(true),
            related_places: diagnostics.related_information == Some(true),
            diagnostic_tags: diagnostics
                .tag_support
                .map(|support| {
                    support.value_set.iter().filter_map(|tag| serde_json::to_value(tag).ok()?.as_i64()).collect::<Vec<_>>()
                })
                .unwrap_or_default()
                .into_iter()
                .filter_map(|tag| i32::try_from(tag).ok())
                .collect(),
            pulls: document.diagnostic.is_some(),
            refreshes: Refreshes {
                lenses: workspace.code_lens.and_then(|lens| lens.refresh_support) == Some(true),
                hints: workspace.inlay_hint.and_then(|hint| hint.refresh_support) == Some(true),
                diagnostics: workspace.diagnostics.and_then(|diagnostics| diagnostics.refresh_support) == Some(true),
            },
            progress: window.work_done_progress == Some(true),
            apply_edit: workspace.apply_edit == Some(true),
            show_document: window.show_document.is_some_and(|show| show.support),
            prepare_rename: document.rename.unwrap_or_default().prepare_support == Some(true),
            tells_changes: workspace.did_change_watched_files.unwrap_or_default().dynamic_registration == Some(true),
        }
    }
}

/// The encoding to speak in, and its name: the client's first choice among those we know; UTF-16 where it says nothing.
pub fn encoding(capabilities: &ClientCapabilities) -> (Encoding, PositionEncodingKind) {
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.clone()).unwrap_or_default();
    let known = [
        (PositionEncodingKind::UTF8, Encoding::Utf8),
        (PositionEncodingKind::UTF16, Encoding::Utf16),
        (PositionEncodingKind::UTF32, Encoding::Utf32),
    ];
    let chosen = offered.iter().find_map(|kind| known.iter().find(|(name, _)| name == kind));
    chosen.map_or((Encoding::Utf16, PositionEncodingKind::UTF16), |(name, encoding)| (*encoding, name.clone()))
}

/// The folders that the client names, in the words of any version of the protocol.
pub fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        return folders.iter().filter_map(|folder| from_uri(&folder.uri)).collect();
    }
    #[allow(deprecated)]
    let root = params.root_uri.as_ref().and_then(from_uri).or_else(|| params.root_path.as_ref().map(PathBuf::from));
    root.into_iter().collect()
}
