//! What a well-shaped message must also be: ranges forward, edits apart, tokens that decode, names that exist.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shapes::Met;

/// What is known when a message is looked at.
pub struct Context<'a> {
    /// The client's capabilities.
    pub client: &'a Value,
    /// The server's capabilities; null before it told them.
    pub server: &'a Value,
    pub method: &'a str,
    /// The params of our request, when the message answers one.
    pub params: &'a Value,
}

type Check = fn(&Context, &Met, &mut Vec<String>);

/// A row is a shape and what must hold wherever that shape stands. This is the place for a further check.
const CHECKS: &[(&str, Check)] = &[
    ("Range", range_goes_forward),
    ("TextDocumentEdit", |_, met, faults| edits_stay_apart(&edits(&met.value["edits"]), met, faults)),
    ("WorkspaceEdit", edit_of_a_workspace),
    ("InlayHint", |_, met, faults| edits_stay_apart(&edits(&met.value["textEdits"]), met, faults)),
    ("CompletionItem", completion_item),
    ("CompletionList", completion_list),
    ("InsertReplaceEdit", |_, met, faults| insert_begins_replace(met.value, met, faults)),
    ("LocationLink", |_, met, faults| lies_within(met, "targetSelectionRange", "targetRange", faults)),
    ("DocumentSymbol", |_, met, faults| lies_within(met, "selectionRange", "range", faults)),
    ("FoldingRange", folding_goes_forward),
    ("SelectionRange", parent_holds_child),
    ("CodeLens", |_, met, faults| on_one_line(&met.value["range"], met, "a lens", faults)),
    ("RangeWithName", |context, met, faults| holds_position(context, &met.value["range"], met, faults)),
    ("SemanticTokens", |context, met, faults| tokens(context, &met.value["data"], met, faults)),
];

/// Looks at every named shape that a message holds.
pub fn look(context: &Context, met: &[Met], faults: &mut Vec<String>) {
    for met in met {
        for (_, check) in CHECKS.iter().filter(|(shape, _)| *shape == met.shape) {
            check(context, met, faults);
        }
    }
    let asked = context.params["positions"].as_array().map_or(0, Vec::len);
    let top = met.iter().filter(|met| met.shape == "SelectionRange" && !met.path.contains('.')).count();
    if context.method == "textDocument/selectionRange" && top != 0 && top != asked {
        faults.push(format!("$: {top} selection ranges for {asked} positions"));
    }
}

pub type Spot = (u64, u64);

pub fn spot(position: &Value) -> Spot {
    (position["line"].as_u64().unwrap_or(0), position["character"].as_u64().unwrap_or(0))
}

pub fn ends(range: &Value) -> (Spot, Spot) {
    (spot(&range["start"]), spot(&range["end"]))
}

fn range_goes_forward(_: &Context, met: &Met, faults: &mut Vec<String>) {
    let (start, end) = ends(met.value);
    if start > end {
        faults.push(format!("{}: the range ends at {end:?}, before it starts at {start:?}", met.path));
    }
}

fn edits(list: &Value) -> Vec<(Spot, Spot)> {
    list.as_array().into_iter().flatten().map(|edit| ends(&edit["range"])).collect()
}

/// Several insertions at one place are fine, also before one change that starts there; nothing else may meet.
fn edits_stay_apart(edits: &[(Spot, Spot)], met: &Met, faults: &mut Vec<String>) {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|(start, _)| *start);
    for pair in sorted.windows(2) {
        if pair[1].0 < pair[0].1 {
            faults.push(format!("{}: the edits {:?} and {:?} of one document overlap", met.path, pair[0], pair[1]));
        }
    }
}

fn edit_of_a_workspace(_: &Context, met: &Met, faults: &mut Vec<String>) {
    let object = |name: &str| met.value[name].as_object().into_iter().flatten();
    for (_, list) in object("changes") {
        edits_stay_apart(&edits(list), met, faults);
    }
    let known: BTreeSet<&str> = object("changeAnnotations").map(|(name, _)| name.as_str()).collect();
    let changes = met.value["documentChanges"].as_array().into_iter().flatten();
    let used = changes.flat_map(|change| change["edits"].as_array().into_iter().flatten().chain([change]));
    for name in used.filter_map(|it| it["annotationId"].as_str()) {
        if !known.contains(name) {
            faults.push(format!("{}: the change annotation {name:?} is used and not described", met.path));
        }
    }
}

fn completion_item(context: &Context, met: &Met, faults: &mut Vec<String>) {
    let edit = &met.value["textEdit"];
    let also = edits(&met.value["additionalTextEdits"]);
    edits_stay_apart(&also, met, faults);
    if met.value["label"].as_str().is_some_and(str::is_empty) {
        faults.push(format!("{}: an empty label", met.path));
    }
    for name in ["range", "insert", "replace"].iter().filter(|name| edit[**name].is_object()) {
        on_one_line(&edit[*name], met, "the edit of a completion", faults);
        holds_position(context, &edit[*name], met, faults);
        let main = ends(&edit[*name]);
        if also.iter().any(|other| other.0 == main.0 || (other.0 < main.1 && main.0 < other.1)) {
            faults.push(format!("{}: an additional edit meets the main one at {main:?}", met.path));
        }
    }
}

fn completion_list(context: &Context, met: &Met, faults: &mut Vec<String>) {
    let default = &met.value["itemDefaults"]["editRange"];
    let ranges: Vec<&Value> = match default {
        Value::Null => Vec::new(),
        both if both["insert"].is_object() => {
            insert_begins_replace(both, met, faults);
            vec![&both["insert"], &both["replace"]]
        }
        range => vec![range],
    };
    for range in ranges {
        on_one_line(range, met, "the default edit of a completion", faults);
        holds_position(context, range, met, faults);
    }
    if default.is_null() && met.value["items"].as_array().into_iter().flatten().any(|item| item["textEditText"].is_string()) {
        faults.push(format!("{}: `textEditText` stands without a default range for it", met.path));
    }
}

fn insert_begins_replace(both: &Value, met: &Met, faults: &mut Vec<String>) {
    let (insert, replace) = (ends(&both["insert"]), ends(&both["replace"]));
    if insert.0 != replace.0 || insert.1 > replace.1 {
        faults.push(format!("{}: what is inserted over {insert:?} is no beginning of {replace:?}", met.path));
    }
}

fn on_one_line(range: &Value, met: &Met, what: &str, faults: &mut Vec<String>) {
    let (start, end) = ends(range);
    if start.0 != end.0 {
        faults.push(format!("{}: {what} spans the lines {}..{}", met.path, start.0, end.0));
    }
}

/// The range must hold the position that was asked about.
fn holds_position(context: &Context, range: &Value, met: &Met, faults: &mut Vec<String>) {
    let asked = &context.params["position"];
    let (start, end) = ends(range);
    // A place that is nowhere in any text is answered for the nearest there is.
    let is_far = spot(asked).0 > u64::from(u32::MAX >> 1);
    if asked.is_object() && !is_far && !(start..=end).contains(&spot(asked)) {
        faults.push(format!("{}: {start:?}..{end:?} does not hold the position asked about, {:?}", met.path, spot(asked)));
    }
}

fn lies_within(met: &Met, inner: &str, outer: &str, faults: &mut Vec<String>) {
    let (inside, around) = (ends(&met.value[inner]), ends(&met.value[outer]));
    if inside.0 < around.0 || inside.1 > around.1 {
        faults.push(format!("{}: `{inner}` {inside:?} leaves `{outer}` {around:?}", met.path));
    }
}

fn folding_goes_forward(_: &Context, met: &Met, faults: &mut Vec<String>) {
    let number = |name: &str| met.value[name].as_u64();
    let same = number("startLine") == number("endLine");
    let backward = same && number("startCharacter").zip(number("endCharacter")).is_some_and(|(start, end)| start > end);
    if number("startLine") > number("endLine") || backward {
        faults.push(format!("{}: the fold ends before it starts", met.path));
    }
}

fn parent_holds_child(_: &Context, met: &Met, faults: &mut Vec<String>) {
    let (child, parent) = (ends(&met.value["range"]), &met.value["parent"]);
    if parent.is_object() {
        let parent = ends(&parent["range"]);
        if child.0 < parent.0 || child.1 > parent.1 {
            faults.push(format!("{}: {child:?} leaves its parent {parent:?}", met.path));
        }
    }
}

/// Tokens come five numbers each: lines down, characters on, length, sort, marks.
pub fn tokens(context: &Context, data: &Value, met: &Met, faults: &mut Vec<String>) {
    let numbers: Vec<u64> = data.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    if !numbers.len().is_multiple_of(5) {
        return faults.push(format!("{}: {} numbers are no fives", met.path, numbers.len()));
    }
    let legend = &context.server["semanticTokensProvider"]["legend"];
    let size = |name: &str| legend[name].as_array().map(Vec::len);
    let overlap = context.client["textDocument"]["semanticTokens"]["overlappingTokenSupport"] == true;
    let mut last_length = 0;
    for (number, token) in numbers.as_chunks::<5>().0.iter().enumerate() {
        let [down, on, length, sort, marks] = *token;
        let mut says = |what: String| faults.push(format!("{}: token {number} {what}", met.path));
        if length == 0 {
            says("is empty".to_owned());
        }
        if number > 0 && down == 0 && on < last_length && !overlap {
            says("overlaps the one before it".to_owned());
        }
        if size("tokenTypes").is_some_and(|size| sort >= size as u64) {
            says(format!("is of the sort {sort}, which the legend does not have"));
        }
        if size("tokenModifiers").is_some_and(|size| size < 32 && marks >> size != 0) {
            says(format!("has the marks {marks:#b}, more than the legend has"));
        }
        last_length = length;
    }
}
