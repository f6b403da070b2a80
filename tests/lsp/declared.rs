//! A server may use only what the client declared: which capability each member, shape, request and registration needs.

use serde_json::Value;

use super::meaning::Context;
use super::shapes::Met;

/// A shape, one of its members (or none, for the shape as such), and the capabilities of which one must be declared.
/// A `#word` at the end asks for a list that holds the word. This is the place for a further rule.
const NEEDS: &[(&str, &str, &[&str])] = &[
    ("CompletionItem", "labelDetails", &["textDocument.completion.completionItem.labelDetailsSupport"]),
    ("CompletionItem", "commitCharacters", &["textDocument.completion.completionItem.commitCharactersSupport"]),
    ("CompletionItem", "deprecated", &["textDocument.completion.completionItem.deprecatedSupport"]),
    ("CompletionItem", "preselect", &["textDocument.completion.completionItem.preselectSupport"]),
    ("CompletionItem", "tags", &["textDocument.completion.completionItem.tagSupport"]),
    ("CompletionItem", "insertTextMode", &["textDocument.completion.completionItem.insertTextModeSupport"]),
    ("CompletionItem", "textEditText", &["textDocument.completion.completionList.itemDefaults#editRange"]),
    ("CompletionDefaults", "commitCharacters", &["textDocument.completion.completionList.itemDefaults#commitCharacters"]),
    ("CompletionDefaults", "editRange", &["textDocument.completion.completionList.itemDefaults#editRange"]),
    ("CompletionDefaults", "insertTextFormat", &["textDocument.completion.completionList.itemDefaults#insertTextFormat"]),
    ("CompletionDefaults", "insertTextMode", &["textDocument.completion.completionList.itemDefaults#insertTextMode"]),
    ("CompletionDefaults", "data", &["textDocument.completion.completionList.itemDefaults#data"]),
    ("InsertReplaceEdit", "", &["textDocument.completion.completionItem.insertReplaceSupport"]),
    // "If a client neither supports `documentChanges` nor `workspace.workspaceEdit.resourceOperations` then only plain `TextEdit`s
    // using the `changes` property are supported."
    (
        "WorkspaceEdit",
        "documentChanges",
        &["workspace.workspaceEdit.documentChanges", "workspace.workspaceEdit.resourceOperations"],
    ),
    ("WorkspaceEdit", "changeAnnotations", &["workspace.workspaceEdit.changeAnnotationSupport"]),
    ("AnnotatedTextEdit", "", &["workspace.workspaceEdit.changeAnnotationSupport"]),
    ("CreateFile", "annotationId", &["workspace.workspaceEdit.changeAnnotationSupport"]),
    ("RenameFile", "annotationId", &["workspace.workspaceEdit.changeAnnotationSupport"]),
    ("DeleteFile", "annotationId", &["workspace.workspaceEdit.changeAnnotationSupport"]),
    ("CreateFile", "", &["workspace.workspaceEdit.resourceOperations#create"]),
    ("RenameFile", "", &["workspace.workspaceEdit.resourceOperations#rename"]),
    ("DeleteFile", "", &["workspace.workspaceEdit.resourceOperations#delete"]),
    ("CodeAction", "", &["textDocument.codeAction.codeActionLiteralSupport"]),
    ("CodeAction", "isPreferred", &["textDocument.codeAction.isPreferredSupport"]),
    ("CodeAction", "disabled", &["textDocument.codeAction.disabledSupport"]),
    ("CodeAction", "data", &["textDocument.codeAction.dataSupport"]),
    ("CodeActionOptions", "", &["textDocument.codeAction.codeActionLiteralSupport"]),
    ("RenameOptions", "", &["textDocument.rename.prepareSupport"]),
    ("RangeWithName", "", &["textDocument.rename.prepareSupport"]),
    ("DefaultBehavior", "", &["textDocument.rename.prepareSupportDefaultBehavior"]),
    ("Diagnostic", "tags", &["textDocument.publishDiagnostics.tagSupport", "textDocument.diagnostic.tagSupport"]),
    (
        "Diagnostic",
        "relatedInformation",
        &["textDocument.publishDiagnostics.relatedInformation", "textDocument.diagnostic.relatedInformation"],
    ),
    (
        "Diagnostic",
        "codeDescription",
        &["textDocument.publishDiagnostics.codeDescriptionSupport", "textDocument.diagnostic.codeDescriptionSupport"],
    ),
    ("Diagnostic", "data", &["textDocument.publishDiagnostics.dataSupport", "textDocument.diagnostic.dataSupport"]),
    ("PublishedDiagnostics", "version", &["textDocument.publishDiagnostics.versionSupport"]),
    ("RelatedFullReport", "relatedDocuments", &["textDocument.diagnostic.relatedDocumentSupport"]),
    ("RelatedUnchangedReport", "relatedDocuments", &["textDocument.diagnostic.relatedDocumentSupport"]),
    ("DocumentSymbol", "", &["textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"]),
    ("WorkspaceSymbol", "data", &["workspace.symbol.resolveSupport"]),
    ("Place", "", &["workspace.symbol.resolveSupport.properties#location.range"]),
    ("LocationLink", "", &["textDocument.definition.linkSupport"]),
    ("DocumentLink", "tooltip", &["textDocument.documentLink.tooltipSupport"]),
    ("FoldingRange", "collapsedText", &["textDocument.foldingRange.foldingRange.collapsedText"]),
    ("SemanticTokensDelta", "", &["textDocument.semanticTokens.requests.full.delta"]),
    ("RelativePattern", "", &["workspace.didChangeWatchedFiles.relativePatternSupport"]),
];

/// What a client must have declared before it may be asked this.
const ASKING_NEEDS: &[(&str, &str)] = &[
    ("workspace/applyEdit", "workspace.applyEdit"),
    ("workspace/configuration", "workspace.configuration"),
    ("workspace/workspaceFolders", "workspace.workspaceFolders"),
    ("workspace/semanticTokens/refresh", "workspace.semanticTokens.refreshSupport"),
    ("workspace/inlayHint/refresh", "workspace.inlayHint.refreshSupport"),
    ("workspace/inlineValue/refresh", "workspace.inlineValue.refreshSupport"),
    ("workspace/codeLens/refresh", "workspace.codeLens.refreshSupport"),
    ("workspace/diagnostic/refresh", "workspace.diagnostics.refreshSupport"),
    ("window/showDocument", "window.showDocument.support"),
    ("window/workDoneProgress/create", "window.workDoneProgress"),
];

/// Whether the client declared something: true, a number, a list that holds the `#word`, or any object.
pub fn has(client: &Value, path: &str) -> bool {
    let (path, word) = path.split_once('#').map_or((path, None), |(path, word)| (path, Some(word)));
    let value = path.split('.').fold(client, |value, name| &value[name]);
    match word {
        Some(word) => value.as_array().is_some_and(|list| list.iter().any(|one| one == word)),
        None => !matches!(value, Value::Null | Value::Bool(false)),
    }
}

/// Looks at every named shape of a message.
pub fn look(context: &Context, met: &[Met], faults: &mut Vec<String>) {
    for met in met {
        let rows = NEEDS.iter().filter(|(shape, member, _)| {
            *shape == met.shape && (member.is_empty() || met.value.get(*member).is_some_and(|value| !value.is_null()))
        });
        for (shape, member, needs) in rows {
            if !needs.iter().any(|path| has(context.client, path)) {
                let what = if member.is_empty() { (*shape).to_owned() } else { format!("`{member}` of {shape}") };
                faults.push(format!("{}: {what} needs {}, which this client did not declare", met.path, needs.join(" or ")));
            }
        }
        values(context, met, faults);
    }
}

/// Looks at a request of the server's, by its method alone.
pub fn asking(client: &Value, method: &str, faults: &mut Vec<String>) {
    for (_, need) in ASKING_NEEDS.iter().filter(|(asked, need)| *asked == method && !has(client, need)) {
        faults.push(format!("{method} needs {need}, which this client did not declare"));
    }
}

/// Where the client says whether a method can be registered later.
pub fn registering(client: &Value, method: &str, faults: &mut Vec<String>) {
    let path = match method {
        "workspace/didChangeWorkspaceFolders" => "workspace.workspaceFolders".to_owned(),
        "textDocument/didOpen"
        | "textDocument/didChange"
        | "textDocument/didClose"
        | "textDocument/didSave"
        | "textDocument/willSave" => "textDocument.synchronization.dynamicRegistration".to_owned(),
        "workspace/didCreateFiles"
        | "workspace/willCreateFiles"
        | "workspace/didRenameFiles"
        | "workspace/willRenameFiles"
        | "workspace/didDeleteFiles"
        | "workspace/willDeleteFiles" => "workspace.fileOperations.dynamicRegistration".to_owned(),
        other => format!("{}.dynamicRegistration", other.replace('/', ".")),
    };
    if !has(client, &path) {
        faults.push(format!("registering {method} needs {path}, which this client did not declare"));
    }
}

/// Rules about values rather than presence.
fn values(context: &Context, met: &Met, faults: &mut Vec<String>) {
    let (client, value) = (context.client, met.value);
    let completion = &client["textDocument"]["completion"];
    let mut says = |what: String| faults.push(format!("{}: {what}, which this client did not declare", met.path));
    match met.shape {
        "CompletionItem" | "CompletionDefaults" => {
            if value["insertTextFormat"] == 2 && !has(completion, "completionItem.snippetSupport") {
                says("a snippet needs textDocument.completion.completionItem.snippetSupport".to_owned());
            }
            let mode = &value["insertTextMode"];
            if !mode.is_null() && !lists(&completion["completionItem"]["insertTextModeSupport"]["valueSet"], mode) {
                says(format!("the insertTextMode {mode}"));
            }
            let kind = value["kind"].as_u64().unwrap_or(0);
            if kind > 18 && completion["completionItemKind"]["valueSet"].is_null() {
                says(format!("the completion kind {kind}"));
            }
            for tag in value["tags"].as_array().into_iter().flatten() {
                if !lists(&completion["completionItem"]["tagSupport"]["valueSet"], tag) {
                    says(format!("the completion tag {tag}"));
                }
            }
        }
        "MarkupContent" => {
            let formats = match context.method {
                "textDocument/hover" => &client["textDocument"]["hover"]["contentFormat"],
                "textDocument/completion" | "completionItem/resolve" => &completion["completionItem"]["documentationFormat"],
                _ => return,
            };
            let kind = &value["kind"];
            let plain = formats.is_null() && kind == "plaintext";
            if !plain && !lists(formats, kind) {
                says(format!("text of the sort {kind}"));
            }
        }
        "Diagnostic" => {
            let document = &client["textDocument"];
            for tag in value["tags"].as_array().into_iter().flatten() {
                let places = [&document["publishDiagnostics"], &document["diagnostic"]];
                // Before 3.15 the capability was a mere `true`.
                let known = |place: &&Value| place["tagSupport"] == true || lists(&place["tagSupport"]["valueSet"], tag);
                if !places.iter().any(known) {
                    says(format!("the diagnostic tag {tag}"));
                }
            }
        }
        "DocumentSymbol" | "SymbolInformation" | "WorkspaceSymbol" => {
            let symbols = match context.method {
                "textDocument/documentSymbol" => &client["textDocument"]["documentSymbol"],
                _ => &client["workspace"]["symbol"],
            };
            let kind = value["kind"].as_u64().unwrap_or(0);
            if kind > 18 && symbols["symbolKind"]["valueSet"].is_null() {
                says(format!("the symbol kind {kind}"));
            }
            if !value["tags"].is_null() && !has(symbols, "tagSupport") {
                says("a symbol tag".to_owned());
            }
        }
        "FoldingRange" => {
            let inside_lines = !(value["startCharacter"].is_null() && value["endCharacter"].is_null());
            if inside_lines && has(client, "textDocument.foldingRange.lineFoldingOnly") {
                faults.push(format!("{}: this client folds whole lines only", met.path));
            }
        }
        "ServerCapabilities" => {
            let chosen = value["positionEncoding"].as_str().unwrap_or("utf-16");
            let offered = &client["general"]["positionEncodings"];
            if chosen != "utf-16" && !lists(offered, &Value::from(chosen)) {
                says(format!("the position encoding {chosen:?}"));
            }
        }
        "MessageAction" => {
            let more = value.as_object().is_some_and(|object| object.len() > 1);
            if more && !has(client, "window.showMessage.messageActionItem.additionalPropertiesSupport") {
                says("a further member of an action".to_owned());
            }
        }
        _ => {}
    }
}

fn lists(list: &Value, value: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(value))
}
