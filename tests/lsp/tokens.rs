//! Semantic tokens over time: a change of them is applied to what was sent before, and the result must decode.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::meaning::{self, Context};
use super::shapes::Met;

/// Tokens sent so far, by document and result.
#[derive(Default)]
pub struct Sent {
    by_result: BTreeMap<(String, String), Vec<Value>>,
}

impl Sent {
    pub fn answered(&mut self, context: &Context, result: &Value, faults: &mut Vec<String>) {
        if !context.method.starts_with("textDocument/semanticTokens/full") {
            return;
        }
        let params = context.params;
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default().to_owned();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let data = match (result["data"].as_array(), result["edits"].as_array()) {
            (Some(data), _) => data.clone(),
            (None, Some(edits)) => {
                let Some(before) = self.by_result.get(&(uri.clone(), text(&params["previousResultId"]))) else {
                    return faults.push(format!("$: changes what was never sent, {}", params["previousResultId"]));
                };
                let Some(data) = changed(before, edits) else {
                    return faults.push("$.edits: overlap, or reach past the end of what was sent before".to_owned());
                };
                let whole = json!(data);
                let met = Met { shape: "SemanticTokens", path: "$.edits, once applied".to_owned(), value: &whole };
                meaning::tokens(context, &whole, &met, faults);
                data
            }
            (None, None) => return,
        };
        if let Some(name) = result["resultId"].as_str() {
            self.by_result.insert((uri, name.to_owned()), data);
        }
    }
}

/// All edits speak of the numbers as they were before.
pub fn changed(before: &[Value], edits: &[Value]) -> Option<Vec<Value>> {
    let number = |value: &Value| value.as_u64().map(|number| number as usize);
    let mut sorted: Vec<(usize, usize, &Value)> = Vec::new();
    for edit in edits {
        sorted.push((number(&edit["start"])?, number(&edit["deleteCount"])?, &edit["data"]));
    }
    sorted.sort_by_key(|(start, ..)| *start);
    let (mut after, mut at) = (Vec::new(), 0);
    for (start, gone, data) in sorted {
        after.extend_from_slice(before.get(at..start)?);
        after.extend(data.as_array().into_iter().flatten().cloned());
        at = start + gone;
    }
    after.extend_from_slice(before.get(at..)?);
    Some(after)
}
