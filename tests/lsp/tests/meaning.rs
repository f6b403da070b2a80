//! Messages of the right shape that say something impossible are caught.

use serde_json::{Value, json};

use super::{answered, first_line, full, judge, must_say, range};

const URI: &str = "file:///vault/a.md";

#[test]
fn impossible_answers_are_caught() {
    let here = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 3}});
    let edit = |range: Value| json!({"range": range, "newText": "x"});
    let changes = |edits: Value| json!({"changes": {URI: edits}});
    let item = |range: Value, also: Value| json!([{"label": "a", "textEdit": edit(range), "additionalTextEdits": also}]);
    let annotated = json!([{
        "textDocument": {"uri": URI, "version": null},
        "edits": [{"range": first_line(0, 1), "newText": "x", "annotationId": "why"}],
    }]);
    let tokens = |data: Value| json!({"data": data});
    for (method, result, wanted) in [
        ("textDocument/hover", json!({"contents": "a", "range": first_line(5, 3)}), "ends at (0, 3), before it starts"),
        ("textDocument/rename", changes(json!([edit(first_line(0, 2)), edit(first_line(2, 4))])), ""),
        ("textDocument/rename", changes(json!([edit(first_line(0, 3)), edit(first_line(2, 4))])), "overlap"),
        ("textDocument/rename", changes(json!([edit(first_line(2, 2)), edit(first_line(2, 4))])), ""),
        ("textDocument/rename", changes(json!([edit(first_line(2, 4)), edit(first_line(2, 2))])), "overlap"),
        ("textDocument/rename", json!({"documentChanges": annotated}), "annotation \"why\" is used and not described"),
        ("textDocument/completion", item(first_line(1, 3), json!([])), ""),
        ("textDocument/completion", item(first_line(0, 2), json!([])), "does not hold the position asked about"),
        ("textDocument/completion", item(range((0, 3), (1, 0)), json!([])), "spans the lines 0..1"),
        ("textDocument/completion", item(first_line(1, 3), json!([edit(first_line(2, 9))])), "meets the main one"),
        ("textDocument/codeLens", json!([{"range": range((0, 0), (1, 0))}]), "a lens spans the lines"),
        ("textDocument/codeLens", json!([{"range": first_line(0, 1), "command": {"title": "t", "command": "x"}}]), "nobody runs"),
        ("textDocument/foldingRange", json!([{"startLine": 2, "endLine": 1}]), "the fold ends before it starts"),
        (
            "textDocument/documentSymbol",
            json!([{"name": "a", "kind": 5, "range": first_line(0, 1), "selectionRange": first_line(0, 2)}]),
            "leaves `range`",
        ),
        ("textDocument/semanticTokens/full", tokens(json!([0, 1, 2, 0, 1, 0, 2, 1, 1, 0])), ""),
        ("textDocument/semanticTokens/full", tokens(json!([0, 1, 2, 0])), "4 numbers are no fives"),
        ("textDocument/semanticTokens/full", tokens(json!([0, 1, 2, 2, 0])), "which the legend does not have"),
        ("textDocument/semanticTokens/full", tokens(json!([0, 1, 2, 0, 2])), "more than the legend has"),
        ("textDocument/semanticTokens/full", tokens(json!([0, 1, 2, 0, 0, 0, 1, 1, 0, 0])), "overlaps the one before"),
    ] {
        must_say(&answered(&full(), method, here.clone(), result.clone()), wanted, &result);
    }
}

#[test]
fn what_is_filled_in_later_adds_only_what_was_promised() {
    let sent = json!({"label": "a", "data": 1});
    let resolved = |back: Value| answered(&full(), "completionItem/resolve", sent.clone(), back);
    must_say(&resolved(json!({"label": "a", "data": 1, "documentation": "d"})), "", &sent);
    must_say(&resolved(json!({"label": "a", "insertText": "b"})), "$.insertText: changed", &sent);
    must_say(&resolved(json!({"label": "b", "data": 1})), "$.label: changed", &sent);
}

#[test]
fn a_change_of_tokens_is_applied() {
    let legend = json!({"tokenTypes": ["class"], "tokenModifiers": []});
    let mut judge = judge(&full(), json!({"semanticTokensProvider": {"legend": legend, "full": {"delta": true}}}));
    let mut ask = |id: u32, method: &str, params: Value, result: Value| {
        judge.sent(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        judge.came(json!({"jsonrpc": "2.0", "id": id, "result": result}));
        std::mem::take(&mut judge.faults)
    };
    let document = json!({"uri": URI});
    let whole = json!({"resultId": "1", "data": [0, 0, 1, 0, 0, 1, 0, 1, 0, 0]});
    let full = "textDocument/semanticTokens/full";
    must_say(&ask(2, full, json!({"textDocument": document}), whole.clone()), "", &whole);
    let delta = "textDocument/semanticTokens/full/delta";
    let since = |id: &str| json!({"textDocument": document, "previousResultId": id});
    let good = json!({"resultId": "2", "edits": [{"start": 5, "deleteCount": 5}]});
    must_say(&ask(3, delta, since("1"), good.clone()), "", &good);
    let torn = json!({"resultId": "3", "edits": [{"start": 0, "deleteCount": 1}]});
    must_say(&ask(4, delta, since("2"), torn.clone()), "4 numbers are no fives", &torn);
    let far = json!({"edits": [{"start": 50, "deleteCount": 1}]});
    must_say(&ask(5, delta, since("2"), far.clone()), "reach past the end", &far);
    must_say(&ask(6, delta, since("9"), far.clone()), "what was never sent", &far);
}

#[test]
fn progress_is_told_by_those_who_may() {
    let progress = |token: &str, value: Value| {
        json!({"jsonrpc": "2.0", "method": "$/progress",
        "params": {"token": token, "value": value}})
    };
    let begin = || json!({"kind": "begin", "title": "t"});
    let mut judge = judge(&full(), json!({}));
    let mut faults = |message: Value, ours: bool| {
        match ours {
            true => judge.sent(&message),
            false => drop(judge.came(message)),
        }
        std::mem::take(&mut judge.faults)
    };
    let nothing = json!(null);
    must_say(&faults(progress("t", begin()), false), "which nobody made", &nothing);
    let create = json!({"jsonrpc": "2.0", "id": 1, "method": "window/workDoneProgress/create", "params": {"token": "t"}});
    must_say(&faults(create, false), "", &nothing);
    must_say(&faults(json!({"jsonrpc": "2.0", "id": 1, "result": null}), true), "", &nothing);
    must_say(&faults(progress("t", json!({"kind": "end"})), false), "before it began", &nothing);
    // That end counted; a new token for the rest.
    let ask = json!({"jsonrpc": "2.0", "id": 7, "method": "textDocument/references",
        "params": {"workDoneToken": "w", "partialResultToken": "p"}});
    must_say(&faults(ask, true), "", &nothing);
    must_say(&faults(progress("w", begin()), false), "", &nothing);
    must_say(&faults(progress("w", begin()), false), "begins twice", &nothing);
    must_say(
        &faults(progress("p", json!([{"uri": URI}])), false),
        "part of textDocument/references: $[0]: lacks `range`",
        &nothing,
    );
    let place = json!([{"uri": URI, "range": first_line(0, 1)}]);
    must_say(&faults(progress("p", place.clone()), false), "", &nothing);
    let all = faults(json!({"jsonrpc": "2.0", "id": 7, "result": place}), false);
    assert!(all.iter().any(|fault| fault.contains("came in parts and must be empty")), "{all:#?}");
    assert!(all.iter().any(|fault| fault.contains("before its progress \"w\" ended")), "{all:#?}");
    must_say(&faults(progress("w", json!({"kind": "end"})), false), "which nobody made", &nothing);
}
