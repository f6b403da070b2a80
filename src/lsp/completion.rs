//! `textDocument/completion` and `completionItem/resolve`.

use serde_json::json;
use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::client::{AsItIs, Understands};
use super::space::Stage;
use super::world::World;
use crate::features::card;
use crate::features::completion::{self, About, Item, ItemKind, Options};
use crate::features::markup::Page;

/// How far the vault must be for an answer.
pub fn stage(asked: &Asked<'_>, position: Position) -> Stage {
    let needs_search = completion::needs_search(asked.here, asked.ruler.offset(position));
    if needs_search { Stage::Searchable } else { Stage::Ready }
}

/// So many items are sent at most, and so many bytes of them: every key asks again, and all of it is read at once.
const MOST: usize = 100;
const MOST_BYTES: usize = 29_000;

/// The answer, a `CompletionList` as JSON: each item is written once, and its length is known by that.
pub fn complete(asked: &Asked<'_>, position: Position) -> String {
    let files = || asked.space.others();
    let today = || asked.world.today();
    let found = completion::complete(asked.here, asked.ruler.offset(position), &Options { files: &files, today: &today });
    let understands = asked.world.understands();
    let (mut items, mut count) = (String::new(), 0);
    let mut is_incomplete = found.is_incomplete;
    for (place, item) in found.items.into_iter().enumerate() {
        let Ok(item) = serde_json::to_string(&to_item(asked, understands, place, item)) else { continue };
        // An item that is too long leaves room for those behind it: typing on may bring it back.
        if count == MOST || items.len() + item.len() > MOST_BYTES {
            is_incomplete = true;
            continue;
        }
        if count > 0 {
            items.push(',');
        }
        items.push_str(&item);
        count += 1;
    }
    let defaults = match understands.as_it_is {
        AsItIs::OfAll => "\"itemDefaults\":{\"insertTextMode\":1},",
        AsItIs::OfEach | AsItIs::Unsaid => "",
    };
    format!("{{\"isIncomplete\":{is_incomplete},{defaults}\"items\":[{items}]}}")
}

fn to_item(asked: &Asked<'_>, understands: &Understands, place: usize, item: Item) -> CompletionItem {
    let kind = match item.kind {
        ItemKind::Tag | ItemKind::NewTag => CompletionItemKind::KEYWORD,
        ItemKind::Contact => CompletionItemKind::REFERENCE,
        ItemKind::Key => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::VALUE,
        ItemKind::Operator => CompletionItemKind::FUNCTION,
        ItemKind::Field => CompletionItemKind::FIELD,
        ItemKind::File | ItemKind::Note => CompletionItemKind::FILE,
        ItemKind::Heading => CompletionItemKind::TEXT,
    };
    // A text with a blank goes as a snippet too: Neovim 0.11 cuts plain ones off there.
    let cursor = item.cursor.or_else(|| item.new.contains(char::is_whitespace).then_some(item.new.len()));
    let (new_text, format) = match cursor.filter(|_| understands.snippets) {
        Some(cursor) if cursor == item.new.len() => (escaped(&item.new), Some(InsertTextFormat::SNIPPET)),
        Some(cursor) => {
            let snippet = format!("{}$0{}", escaped(&item.new[..cursor]), escaped(&item.new[cursor..]));
            (snippet, Some(InsertTextFormat::SNIPPET))
        }
        None => (item.new, None),
    };
    let about = match item.about {
        About::Nothing => None,
        About::Tag(name) => Some(("tag", name)),
        About::Contact(path) => Some(("contact", path)),
        About::File(path) => Some(("file", path)),
    };
    let late = about.filter(|_| understands.late_documentation);
    let details = understands.label_details && !item.detail.is_empty();
    CompletionItem {
        filter_text: (item.filter != item.label).then_some(item.filter),
        label: item.label,
        kind: Some(kind),
        label_details: details.then(|| CompletionItemLabelDetails { detail: None, description: Some(item.detail.clone()) }),
        detail: (!details && !item.detail.is_empty()).then_some(item.detail),
        sort_text: Some(format!("{place:04}")),
        insert_text_format: format,
        insert_text_mode: (understands.as_it_is == AsItIs::OfEach).then_some(InsertTextMode::AS_IS),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: asked.ruler.range(item.span), new_text })),
        data: late.map(|(kind, name)| json!({ "about": kind, "name": name, "uri": asked.uri })),
        ..CompletionItem::default()
    }
}

/// A text in which a snippet sees only itself (LSP 3.17, "Snippet Syntax").
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// What there is to tell about an item.
pub fn resolve(world: &World, mut item: CompletionItem) -> CompletionItem {
    let Some(data) = &item.data else { return item };
    let text = |key: &str| data.get(key).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let (about, name) = (text("about"), text("name"));
    let Some(space) = text("uri").parse::<Uri>().ok().and_then(|uri| world.space(Some(&uri)).or_else(|| world.space(None)))
    else {
        return item;
    };
    let vault = space.vault();
    let picture = super::hover::picture(&space);
    let page = match about.as_str() {
        "tag" => Some(crate::features::hover::tag::page(&vault, &name)),
        "contact" => vault.id_of(&name).map(|id| card::of_file(&vault, id, &picture)),
        "file" => Some(Page::new().picture(&name, picture(&name))),
        _ => None,
    };
    item.documentation = page.map(|page| super::hover::documentation(world.understands(), &page));
    item
}
