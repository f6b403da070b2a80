//! What is filled in later: an answer to `…/resolve` gives back what was sent, with only the promised members added.

use serde_json::Value;

/// The request, the members that may always come later, and where the client lists further ones.
const LATER: &[(&str, &[&str], &str)] = &[
    ("completionItem/resolve", &["detail", "documentation"], "/textDocument/completion/completionItem/resolveSupport/properties"),
    ("codeAction/resolve", &[], "/textDocument/codeAction/resolveSupport/properties"),
    ("codeLens/resolve", &["command"], "/textDocument/codeLens/resolveSupport/properties"),
    ("documentLink/resolve", &["target", "tooltip"], ""),
    ("inlayHint/resolve", &[], "/textDocument/inlayHint/resolveSupport/properties"),
    ("workspaceSymbol/resolve", &[], "/workspace/symbol/resolveSupport/properties"),
];

pub fn look(client: &Value, method: &str, sent: &Value, back: &Value, faults: &mut Vec<String>) {
    let Some((_, always, list)) = LATER.iter().find(|(request, ..)| *request == method) else { return };
    let listed = client.pointer(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    // `label.tooltip` may alter the label.
    let heads: Vec<&str> = listed.map(|path| path.split('.').next().unwrap_or(path)).collect();
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (before, after) = (object(sent), object(back));
    for name in before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))) {
        // What the server keeps for itself may go; and what the client does (lsp-mode's `_emacsStartPoint`) is none of the server's.
        let same =
            before.get(name) == after.get(name) || ((name == "data" || name.starts_with('_')) && !after.contains_key(name));
        if !same && !always.contains(&name.as_str()) && !heads.contains(&name.as_str()) {
            faults.push(format!("$.{name}: changed, and the client does not expect `{name}` this late"));
        }
    }
}
