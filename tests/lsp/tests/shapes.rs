//! Messages of the wrong shape are caught, and the fault names the place.

use serde_json::json;

use super::super::grammar::Shape;
use super::super::shapes::{self, shapes};
use super::{answered, first_line, full, must_say, said};

const URI: &str = "file:///vault/a.md";

/// Every name that a shape uses has a shape.
#[test]
fn shapes_txt_is_complete() {
    fn names(shape: &Shape, found: &mut Vec<String>) {
        match shape {
            Shape::Named(name) => found.push(name.clone()),
            Shape::List(inside) => names(inside, found),
            Shape::Map(key, value) => [key, value].into_iter().for_each(|shape| names(shape, found)),
            Shape::Record(record) => record.members.iter().for_each(|member| names(&member.shape, found)),
            Shape::OneOf(ways) => ways.iter().for_each(|way| names(way, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    shapes().named.values().chain(shapes().messages.values()).for_each(|shape| names(shape, &mut found));
    for name in &found {
        shapes::named(name);
    }
    assert!(found.len() > 100);
}

#[test]
fn wrong_shapes_are_caught() {
    let edit = |range| json!({"items": [{"label": "a"}, {"label": "b", "textEdit": {"range": range, "newText": ""}}]});
    let list = |range| {
        let mut list = edit(range);
        list["isIncomplete"] = json!(false);
        list
    };
    let float = json!({"start": {"line": 1.5, "character": 0}, "end": {"line": 2, "character": 0}});
    let backward = json!({"start": {"line": -1, "character": 0}, "end": {"line": 2, "character": 0}});
    let huge = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 2_147_483_648u32}});
    let report = json!({"kind": "full", "items": [{"range": first_line(0, 1), "message": "m", "severity": 5}]});
    for (method, result, wanted) in [
        ("textDocument/completion", list(first_line(0, 1)), ""),
        ("textDocument/completion", list(float), "$.items[1].textEdit.range.start.line: is 1.5, wanted a whole number"),
        ("textDocument/completion", list(backward), "$.items[1].textEdit.range.start.line: is -1"),
        ("textDocument/completion", list(huge), "$.items[1].textEdit.range.end.character: is 2147483648"),
        ("textDocument/completion", edit(first_line(0, 1)), "lacks `isIncomplete`"),
        ("textDocument/completion", json!([{"label": "a", "insertTxt": "b"}]), "$[0]: has an unknown member `insertTxt`"),
        ("textDocument/completion", json!([{"label": "a", "kind": 26}]), "$[0].kind: is 26, wanted a whole number 1..25"),
        ("textDocument/completion", json!([{"kind": 1}]), "$[0]: lacks `label`"),
        ("textDocument/completion", json!([{"label": 5}]), "$[0].label: is 5, wanted a text"),
        ("textDocument/hover", json!({"contents": {"kind": "markdown", "value": "a"}}), ""),
        ("textDocument/hover", json!({"contents": {"kind": "html", "value": "a"}}), "$.contents.kind: is \"html\""),
        ("textDocument/hover", json!({"contents": 5}), "$.contents: is 5, wanted MarkupContent | MarkedString"),
        ("textDocument/hover", json!({"content": "a"}), "`contents`"),
        ("textDocument/definition", json!({"uri": URI, "range": first_line(0, 1)}), ""),
        ("textDocument/definition", json!([{"uri": "a b.md", "range": first_line(0, 1)}]), "$[0].uri: \"a b.md\" is no URI"),
        ("textDocument/definition", json!([{"uri": "file:///a b", "range": first_line(0, 1)}]), "' ' must be percent-encoded"),
        ("textDocument/definition", json!([{"uri": "file://a", "range": first_line(0, 1)}]), "lacks the third slash"),
        ("textDocument/references", json!("here"), "$: is \"here\", wanted [Location, …] | null"),
        ("textDocument/codeAction", json!([{"title": "a", "command": "guanxi.do"}]), ""),
        ("textDocument/codeAction", json!([{"title": "a", "command": {"title": "a", "command": "guanxi.do"}}]), ""),
        ("textDocument/codeAction", json!([{"title": "a", "command": {"title": "a"}}]), "$[0].command: lacks `command`"),
        (
            "textDocument/rename",
            json!({"documentChanges": [{"kind": "move", "uri": URI}]}),
            "$.documentChanges[0].kind: is \"move\"",
        ),
        ("textDocument/rename", json!({"changes": {"a.md": []}}), "the key \"a.md\" \"a.md\" is no URI"),
        ("textDocument/diagnostic", report, "$.items[0].severity: is 5, wanted a whole number 1..4"),
        ("textDocument/diagnostic", json!(null), "$: is null"),
        ("workspace/executeCommand", json!({"whatever": 1.5}), ""),
        ("workspace/symbol", json!([{"name": "a", "kind": 5, "location": {"uri": URI}}]), ""),
        ("workspace/symbol", json!([{"name": "a", "kind": 5, "location": {"url": URI}}]), "$[0].location: lacks `uri`"),
        ("shutdown", json!({}), "$: is {}, wanted null"),
        ("guanxi/unheard-of", json!(null), "shapes.txt does not know this request"),
    ] {
        let faults = answered(&full(), method, json!({}), result.clone());
        let faults = if wanted.is_empty() { faults } else { faults.into_iter().filter(|fault| fault.contains(wanted)).collect() };
        must_say(&faults, wanted, &result);
    }
}

#[test]
fn wrong_messages_are_caught() {
    for (message, wanted) in [
        (json!({"method": "window/logMessage", "params": {"type": 3, "message": "m"}}), ""),
        (json!({"method": "window/logMessage", "params": {"type": 3, "message": 5}}), "$.message: is 5, wanted a text"),
        (json!({"method": "window/logMessage"}), "$: is missing"),
        (json!({"method": "window/logMessages", "params": {}}), "shapes.txt does not know this message"),
        (json!({"method": "workspace/codeLens/refresh", "id": 1}), ""),
        (json!({"method": "workspace/codeLens/refresh", "id": 1, "params": null}), "nothing may stand here"),
        (json!({"method": "workspace/codeLens/refresh", "id": 1.5}), "1.5 is no id"),
        (json!({"method": "workspace/applyEdit", "id": 1, "params": {"edits": {}}}), "unknown member `edits`"),
        (json!({"metod": "a"}), "unknown member `metod`"),
        (json!({"id": 9, "result": null}), "9 was never asked"),
        (json!({"id": 1, "result": null}), "1 is answered a second time"),
        (json!({"id": null, "error": {"code": -32700, "message": "m"}}), "an answer to nothing"),
        (json!({"id": 1, "result": null, "error": null}), "a result or an error"),
    ] {
        let faults: Vec<_> = said(&full(), message.clone()).into_iter().filter(|fault| fault.contains(wanted)).collect();
        must_say(&faults, wanted, &message);
    }
}
