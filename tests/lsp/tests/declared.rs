//! What a client did not declare is caught; the same is fine for one that did.

use serde_json::{Value, json};

use super::{answered, first_line, full, must_say, said};

const URI: &str = "file:///vault/a.md";

/// Fine for the client that declares all, a fault for the one that declares nothing.
#[test]
fn undeclared_members_are_caught() {
    let item = |more: Value| {
        let mut item = json!({"label": "a"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([item])
    };
    let action = |more: Value| {
        let mut action = json!({"title": "a"});
        action.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([action])
    };
    let problem = |more: Value| {
        let mut problem = json!({"range": first_line(0, 1), "message": "m"});
        problem.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"kind": "full", "items": [problem]})
    };
    let symbol = json!([{"name": "a", "kind": 5, "range": first_line(0, 2), "selectionRange": first_line(0, 1)}]);
    let link = json!([{"targetUri": URI, "targetRange": first_line(0, 2), "targetSelectionRange": first_line(0, 1)}]);
    let both = json!({"newText": "a", "insert": first_line(0, 1), "replace": first_line(0, 2)});
    let versioned = json!([{"textDocument": {"uri": URI, "version": null}, "edits": []}]);
    for (method, result, wanted) in [
        ("textDocument/completion", item(json!({"insertTextFormat": 2})), "snippetSupport"),
        ("textDocument/completion", item(json!({"labelDetails": {"detail": "d"}})), "labelDetailsSupport"),
        (
            "textDocument/completion",
            item(json!({"documentation": {"kind": "markdown", "value": "d"}})),
            "of the sort \"markdown\"",
        ),
        ("textDocument/completion", item(json!({"textEdit": both})), "insertReplaceSupport"),
        ("textDocument/completion", item(json!({"kind": 20})), "the completion kind 20"),
        ("textDocument/completion", item(json!({"preselect": true})), "preselectSupport"),
        ("textDocument/completion", item(json!({"insertTextMode": 2})), "insertTextMode"),
        (
            "textDocument/completion",
            json!({"isIncomplete": false, "items": [], "itemDefaults": {"editRange": first_line(0, 1)}}),
            "itemDefaults#editRange",
        ),
        ("textDocument/hover", json!({"contents": {"kind": "markdown", "value": "d"}}), "of the sort \"markdown\""),
        ("textDocument/codeAction", action(json!({})), "codeActionLiteralSupport"),
        ("textDocument/codeAction", action(json!({"isPreferred": true})), "isPreferredSupport"),
        ("textDocument/codeAction", action(json!({"disabled": {"reason": "r"}})), "disabledSupport"),
        ("textDocument/codeAction", action(json!({"data": 1})), "dataSupport"),
        ("textDocument/diagnostic", problem(json!({"tags": [1]})), "tagSupport"),
        ("textDocument/diagnostic", problem(json!({"data": 1})), "dataSupport"),
        ("textDocument/diagnostic", problem(json!({"codeDescription": {"href": "https://a.example"}})), "codeDescriptionSupport"),
        ("textDocument/diagnostic", problem(json!({"relatedInformation": []})), "relatedInformation"),
        ("textDocument/documentSymbol", symbol, "hierarchicalDocumentSymbolSupport"),
        ("textDocument/definition", link, "linkSupport"),
        ("textDocument/documentLink", json!([{"range": first_line(0, 1), "tooltip": "t"}]), "tooltipSupport"),
        ("textDocument/rename", json!({"documentChanges": versioned}), "workspaceEdit.documentChanges"),
        ("textDocument/rename", json!({"documentChanges": [{"kind": "create", "uri": URI}]}), "resourceOperations#create"),
        ("textDocument/rename", json!({"changeAnnotations": {}}), "changeAnnotationSupport"),
        ("textDocument/prepareRename", json!({"defaultBehavior": true}), "prepareSupportDefaultBehavior"),
        ("workspace/symbol", json!([{"name": "a", "kind": 5, "location": {"uri": URI}}]), "location.range"),
    ] {
        must_say(&answered(&full(), method, json!({}), result.clone()), "", &result);
        let faults = answered(&json!({}), method, json!({}), result.clone());
        assert!(faults.iter().any(|fault| fault.contains(wanted)), "{result}: {faults:#?}");
    }
}

/// What even a bare client takes.
#[test]
fn plain_answers_suit_everyone() {
    let edit = json!({"range": first_line(0, 1), "newText": "b"});
    for (method, result) in [
        ("textDocument/completion", json!([{"label": "a", "kind": 1, "textEdit": edit, "documentation": "d"}])),
        ("textDocument/hover", json!({"contents": "d", "range": first_line(0, 1)})),
        ("textDocument/hover", json!({"contents": {"kind": "plaintext", "value": "d"}})),
        ("textDocument/codeAction", json!([{"title": "a", "command": "guanxi.do", "arguments": [1]}])),
        ("textDocument/rename", json!({"changes": {URI: [edit]}})),
        ("textDocument/foldingRange", json!([{"startLine": 0, "endLine": 3, "kind": "region"}])),
        ("textDocument/documentSymbol", json!([{"name": "a", "kind": 5, "location": {"uri": URI, "range": first_line(0, 1)}}])),
    ] {
        must_say(&answered(&json!({}), method, json!({}), result.clone()), "", &result);
    }
}

#[test]
fn undeclared_requests_are_caught() {
    let edit = json!({"edit": {}});
    let watch = json!({"watchers": [{"globPattern": {"baseUri": "file:///vault", "pattern": "**/*.md"}}]});
    let registration = json!({"registrations": [
        {"id": "w", "method": "workspace/didChangeWatchedFiles", "registerOptions": watch}
    ]});
    for (method, params, wanted) in [
        ("workspace/applyEdit", edit, "workspace.applyEdit"),
        ("workspace/configuration", json!({"items": []}), "workspace.configuration"),
        ("window/showDocument", json!({"uri": URI}), "window.showDocument.support"),
        ("window/workDoneProgress/create", json!({"token": "t"}), "window.workDoneProgress"),
        ("client/registerCapability", registration, "didChangeWatchedFiles.dynamicRegistration"),
    ] {
        let message = json!({"id": 1, "method": method, "params": params});
        must_say(&said(&full(), message.clone()), "", &message);
        let faults = said(&json!({}), message.clone());
        assert!(faults.iter().any(|fault| fault.contains(wanted)), "{message}: {faults:#?}");
    }
    let message = json!({"id": 1, "method": "workspace/codeLens/refresh"});
    must_say(&said(&full(), message.clone()), "", &message);
    must_say(&said(&json!({}), message.clone()), "workspace.codeLens.refreshSupport", &message);
    let version = json!({"method": "textDocument/publishDiagnostics", "params": {"uri": URI, "version": 1, "diagnostics": []}});
    must_say(&said(&full(), version.clone()), "which was never open", &version);
    assert!(said(&json!({}), version).iter().any(|fault| fault.contains("versionSupport")));
}

/// The first answer: only what was offered, and nothing twice.
#[test]
fn the_first_answer_is_looked_at() {
    let first = |client: Value, server: Value| super::judge(&client, server).faults;
    let all = json!({"positionEncoding": "utf-8", "renameProvider": {"prepareProvider": true}, "hoverProvider": true});
    must_say(&first(full(), all.clone()), "", &all);
    let faults = first(json!({}), all);
    assert!(faults.iter().any(|fault| fault.contains("position encoding \"utf-8\"")), "{faults:#?}");
    assert!(faults.iter().any(|fault| fault.contains("prepareSupport")), "{faults:#?}");
    let misspelt = json!({"hoverProviders": true});
    must_say(&first(full(), misspelt.clone()), "$.capabilities: has an unknown member `hoverProviders`", &misspelt);
    let again = json!({"id": 1, "method": "client/registerCapability", "params": {"registrations": [
        {"id": "h", "method": "textDocument/hover", "registerOptions": {"documentSelector": null}}
    ]}});
    must_say(&said(&full(), again.clone()), "promised in the first answer already", &again);
}
