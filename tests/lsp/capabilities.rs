//! What a client can do: everything, nothing, or what a real editor said of itself (`clients/NAME.json`).

use serde_json::{Value, json};

/// Editors whose first words were written down, by name.
pub const CAPTURED: &[(&str, &str)] = &[
    ("eglot-1.9_emacs-28.2", include_str!("clients/eglot-1.9_emacs-28.2.json")),
    ("eglot_emacs-30.1", include_str!("clients/eglot_emacs-30.1.json")),
    ("helix-25.01.1", include_str!("clients/helix-25.01.1.json")),
    ("helix-25.07-dev", include_str!("clients/helix-25.07-dev.json")),
    ("kak-lsp-22.0.0", include_str!("clients/kak-lsp-22.0.0.json")),
    ("lsp-mode-8.0.0_emacs-28.2", include_str!("clients/lsp-mode-8.0.0_emacs-28.2.json")),
    ("nvim-0.11.4", include_str!("clients/nvim-0.11.4.json")),
    ("nvim-0.7.2", include_str!("clients/nvim-0.7.2.json")),
    ("vim-ale-3.3.0", include_str!("clients/vim-ale-3.3.0.json")),
    ("vim-yegappan-lsp", include_str!("clients/vim-yegappan-lsp.json")),
    ("vscode-1.139.1_lc9", include_str!("clients/vscode-1.139.1_lc9.json")),
    ("vscode-1.99.3_lc9", include_str!("clients/vscode-1.99.3_lc9.json")),
];

/// What an editor sends first: `capabilities`, `clientInfo` where it says who it is, and whether it `sendsFolders`.
pub fn captured(name: &str) -> Value {
    let found = CAPTURED.iter().find(|(known, _)| *known == name);
    let (_, text) = found.unwrap_or_else(|| panic!("tests/lsp/clients has no {name}"));
    serde_json::from_str(text).unwrap()
}

/// A client that can do nothing beyond what every client must.
pub fn bare() -> Value {
    json!({})
}

/// A client that can do everything that LSP 3.17 knows and this server could use.
pub fn full() -> Value {
    let kinds = |last: u32| (1..=last).collect::<Vec<_>>();
    json!({
        "general": {
            "positionEncodings": ["utf-8", "utf-16", "utf-32"],
            "staleRequestSupport": {"cancel": true, "retryOnContentModified": []},
            "markdown": {"parser": "pulldown-cmark"},
        },
        "window": {
            "workDoneProgress": true,
            "showDocument": {"support": true},
            "showMessage": {"messageActionItem": {"additionalPropertiesSupport": true}},
        },
        "workspace": {
            "applyEdit": true,
            "configuration": true,
            "workspaceFolders": true,
            "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create", "rename", "delete"],
                "failureHandling": "transactional",
                "normalizesLineEndings": false,
                "changeAnnotationSupport": {"groupsOnLabel": true},
            },
            "didChangeConfiguration": {"dynamicRegistration": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true},
            "symbol": {
                "dynamicRegistration": true,
                "symbolKind": {"valueSet": kinds(26)},
                "tagSupport": {"valueSet": [1]},
                "resolveSupport": {"properties": ["location.range"]},
            },
            "executeCommand": {"dynamicRegistration": true},
            "fileOperations": {
                "dynamicRegistration": true, "didCreate": true, "willCreate": true, "didRename": true, "willRename": true,
                "didDelete": true, "willDelete": true,
            },
            "semanticTokens": {"refreshSupport": true},
            "inlayHint": {"refreshSupport": true},
            "codeLens": {"refreshSupport": true},
            "diagnostics": {"refreshSupport": true},
        },
        "textDocument": {
            "synchronization": {"dynamicRegistration": true, "willSave": true, "willSaveWaitUntil": true, "didSave": true},
            "completion": {
                "dynamicRegistration": true,
                "contextSupport": true,
                "insertTextMode": 1,
                "completionItem": {
                    "snippetSupport": true,
                    "commitCharactersSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                    "deprecatedSupport": true,
                    "preselectSupport": true,
                    "tagSupport": {"valueSet": [1]},
                    "insertReplaceSupport": true,
                    "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]},
                    "insertTextModeSupport": {"valueSet": [1, 2]},
                    "labelDetailsSupport": true,
                },
                "completionItemKind": {"valueSet": kinds(25)},
                "completionList": {
                    "itemDefaults": ["commitCharacters", "editRange", "insertTextFormat", "insertTextMode", "data"],
                },
            },
            "hover": {"dynamicRegistration": true, "contentFormat": ["markdown", "plaintext"]},
            "definition": {"dynamicRegistration": true, "linkSupport": true},
            "references": {"dynamicRegistration": true},
            "documentHighlight": {"dynamicRegistration": true},
            "documentSymbol": {
                "dynamicRegistration": true,
                "symbolKind": {"valueSet": kinds(26)},
                "hierarchicalDocumentSymbolSupport": true,
                "tagSupport": {"valueSet": [1]},
                "labelSupport": true,
            },
            "codeAction": {
                "dynamicRegistration": true,
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}},
                "isPreferredSupport": true,
                "disabledSupport": true,
                "dataSupport": true,
                "resolveSupport": {"properties": ["edit"]},
                "honorsChangeAnnotations": true,
            },
            "codeLens": {"dynamicRegistration": true},
            "documentLink": {"dynamicRegistration": true, "tooltipSupport": true},
            "rename": {
                "dynamicRegistration": true, "prepareSupport": true, "prepareSupportDefaultBehavior": 1,
                "honorsChangeAnnotations": true,
            },
            "publishDiagnostics": {
                "relatedInformation": true,
                "tagSupport": {"valueSet": [1, 2]},
                "versionSupport": true,
                "codeDescriptionSupport": true,
                "dataSupport": true,
            },
            "foldingRange": {
                "dynamicRegistration": true,
                "foldingRangeKind": {"valueSet": ["comment", "imports", "region"]},
                "foldingRange": {"collapsedText": true},
            },
            "selectionRange": {"dynamicRegistration": true},
            "semanticTokens": {
                "dynamicRegistration": true,
                "requests": {"range": true, "full": {"delta": true}},
                "tokenTypes": [
                    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable",
                    "property", "enumMember", "event", "function", "method", "macro", "keyword", "modifier", "comment",
                    "string", "number", "regexp", "operator", "decorator",
                ],
                "tokenModifiers": [
                    "declaration", "definition", "readonly", "static", "deprecated", "abstract", "async", "modification",
                    "documentation", "defaultLibrary",
                ],
                "formats": ["relative"],
                "overlappingTokenSupport": false,
                "multilineTokenSupport": false,
                "serverCancelSupport": true,
                "augmentsSyntaxTokens": true,
            },
            "inlayHint": {
                "dynamicRegistration": true,
                "resolveSupport": {"properties": ["tooltip", "textEdits", "label.tooltip", "label.location", "label.command"]},
            },
            "diagnostic": {"dynamicRegistration": true, "relatedDocumentSupport": true},
        },
    })
}
