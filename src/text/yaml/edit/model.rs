//! What the head should say afterwards: the wish carried out on the understood values, to compare the edited text with.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{ItemChange, Wish};
use crate::text::Span;
use crate::text::yaml::{Entry, Layout, Node, Style, Value};

/// Carries the wish out on the entries, or says what is in the way and where.
pub fn apply(entries: &mut Vec<Entry<'_>>, wish: &Wish<'_>) -> Result<(), (Option<Span>, String)> {
    match wish {
        Wish::List { path, change, add } => {
            let Some(entry) = find(entries, path) else { return missing(entries, path, list(add), add.is_empty()) };
            change_list(entry, change, add)
        }
        Wish::Set { path, value } => {
            let Some(entry) = find(entries, path) else { return missing(entries, path, scalar(value), false) };
            if matches!(entry.value.value, Value::List(..) | Value::Map(..)) {
                return Err((Some(entry.value.span), format!("`{}` holds a list or a map, not a text", entry.key)));
            }
            entry.value = scalar(value);
            Ok(())
        }
        Wish::Keys { path: [], change } => change_entries(entries, change),
        Wish::Keys { path, change } => match find(entries, path) {
            Some(entry) => change_keys(entry, change),
            None => Ok(()),
        },
    }
}

/// Do both say the same, in the same order?
pub fn same(a: &[Entry<'_>], b: &[Entry<'_>]) -> bool {
    // A list that was never there and a new entry may stand in any place; order is otherwise kept.
    if a.len() != b.len() {
        return false;
    }
    let in_order = a.iter().zip(b).all(|(a, b)| a.key == b.key && a.value.same(&b.value));
    in_order || same_but_for_one_place(a, b)
}

/// The expected entries have a new one at their end; the text may hold it elsewhere.
fn same_but_for_one_place(found: &[Entry<'_>], expected: &[Entry<'_>]) -> bool {
    let Some((new, rest)) = expected.split_last() else { return false };
    let Some(at) = found.iter().position(|entry| entry.key == new.key) else { return false };
    let others = found.iter().take(at).chain(found.iter().skip(at + 1));
    found[at].value.same(&new.value) && others.zip(rest).all(|(a, b)| a.key == b.key && a.value.same(&b.value))
}

fn change_keys(entry: &mut Entry<'_>, change: &dyn Fn(&str) -> ItemChange) -> Result<(), (Option<Span>, String)> {
    let Value::Map(inner, layout) = &mut entry.value.value else {
        return Err((Some(entry.value.span), format!("`{}` holds no lines of `key: value`", entry.key)));
    };
    change_entries(inner, change)?;
    let kept = std::mem::take(inner);
    entry.value.value = if kept.is_empty() { Value::Empty } else { Value::Map(kept, *layout) };
    Ok(())
}

fn change_entries(entries: &mut Vec<Entry<'_>>, change: &dyn Fn(&str) -> ItemChange) -> Result<(), (Option<Span>, String)> {
    let mut kept: Vec<Entry<'_>> = Vec::with_capacity(entries.len());
    let mut taken = HashSet::with_capacity(entries.len());
    for mut own in std::mem::take(entries) {
        match change(&own.key) {
            ItemChange::Keep => {}
            ItemChange::Drop => continue,
            ItemChange::Replace(new) => own.key = Cow::Owned(new),
        }
        if !taken.insert(own.key.clone()) {
            return Err((Some(own.key_span), format!("`{}` is there already", own.key)));
        }
        kept.push(own);
    }
    *entries = kept;
    Ok(())
}

fn change_list(entry: &mut Entry<'_>, change: &dyn Fn(&str) -> ItemChange, add: &[String]) -> Result<(), (Option<Span>, String)> {
    let node = &mut entry.value;
    if let Value::Map(..) = node.value {
        return Err((Some(node.span), format!("`{}` is a map, not a list", entry.key)));
    }
    let lone = matches!(node.value, Value::Scalar(..)) && !node.is_null();
    let mut items = Vec::new();
    let mut touched = !add.is_empty();
    for item in node.items() {
        match item.text().map_or(ItemChange::Keep, change) {
            ItemChange::Keep => items.push(item.clone()),
            ItemChange::Drop => touched = true,
            ItemChange::Replace(new) => {
                touched |= item.text() != Some(new.as_str());
                items.push(scalar(&new));
            }
        }
    }
    if !touched {
        return Ok(());
    }
    items.extend(add.iter().map(|text| scalar(text)));
    if lone && items.len() == 1 && add.is_empty() {
        node.value = items.swap_remove(0).value;
        return Ok(());
    }
    node.value = Value::List(items, Layout::Flow);
    Ok(())
}

fn missing(
    entries: &mut Vec<Entry<'_>>,
    path: &[&str],
    value: Node<'static>,
    nothing: bool,
) -> Result<(), (Option<Span>, String)> {
    let [key] = path else { return Err((None, format!("there is no `{}` here", path.join(".")))) };
    if !nothing {
        entries.push(Entry { key: Cow::Owned((*key).to_owned()), key_span: Span::default(), value });
    }
    Ok(())
}

fn scalar(text: &str) -> Node<'static> {
    Node::new(Span::default(), Value::Scalar(Cow::Owned(text.to_owned()), Style::Plain))
}

fn list(items: &[String]) -> Node<'static> {
    Node::new(Span::default(), Value::List(items.iter().map(|text| scalar(text)).collect(), Layout::Flow))
}

fn siblings<'e, 't>(entries: &'e mut Vec<Entry<'t>>, path: &[&str]) -> Option<&'e mut Vec<Entry<'t>>> {
    let mut here = entries;
    for key in path {
        let entry = here.iter_mut().find(|entry| entry.key == *key)?;
        let Value::Map(inner, _) = &mut entry.value.value else { return None };
        here = inner;
    }
    Some(here)
}

fn find<'e, 't>(entries: &'e mut Vec<Entry<'t>>, path: &[&str]) -> Option<&'e mut Entry<'t>> {
    let (own, parent) = path.split_last()?;
    siblings(entries, parent)?.iter_mut().find(|entry| entry.key == *own)
}
