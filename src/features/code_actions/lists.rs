//! Lists of the front matter, said in another way: a lone text as a list, brackets as lines, lines as brackets, tags in order.

use super::{ActionKind, Change, Found};
use crate::contact::{Document, Kind, fields, tag};
use crate::text::yaml::{Entry, Layout, Node, Style, Value, quote};
use crate::text::{Edit, Span, edit, lines};

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    if document.kind == Kind::Config || document.is_faulty() {
        return;
    }
    let here = document.head.entries.iter().find(|entry| found.touches(entry.key_span.cover(entry.value.span)));
    let Some(entry) = here.filter(|entry| is_list(&entry.key) && !entry.value.alias) else { return };
    let text = document.text;
    let key = entry.key.as_ref();
    let ways: [(String, Option<Vec<Edit>>); 4] = [
        (format!("convert `{key}` to a list"), lone(text, entry)),
        (format!("put each item of `{key}` on its own line"), to_lines(text, entry)),
        (format!("put `{key}` on one line"), to_brackets(text, entry)),
        ("sort the tags".to_owned(), sorted(text, entry)),
    ];
    let sorts = 3;
    for (at, (title, edits)) in ways.into_iter().enumerate() {
        let Some(edits) = edits.filter(|edits| at == sorts || says_same(document, edits)) else { continue };
        found.offer(title, ActionKind::RefactorRewrite, Change::Edits(edits));
    }
}

fn is_list(key: &str) -> bool {
    use fields::FieldKind::{Card, Labelled, List, Tags};
    fields::find(key).is_some_and(|field| matches!(field.kind, List | Tags | Labelled | Card))
}

/// Does the head say the same after these edits, but for how it is written?
fn says_same(document: &Document<'_>, edits: &[Edit]) -> bool {
    let result = edit::apply(document.text, edits);
    let after = Document::parse(&result);
    let (old, new) = (&document.head.entries, &after.head.entries);
    let values =
        |node: &Node<'_>| -> Vec<Option<String>> { node.items().iter().map(|item| item.text().map(str::to_owned)).collect() };
    after.head.faults.is_empty()
        && old.len() == new.len()
        && old.iter().zip(new).all(|(a, b)| a.key == b.key && (a.value.same(&b.value) || values(&a.value) == values(&b.value)))
}

/// `lead` → `[lead]`
fn lone(text: &str, entry: &Entry<'_>) -> Option<Vec<Edit>> {
    let Value::Scalar(own, style) = &entry.value.value else { return None };
    if entry.value.is_null() || *style == Style::Block || entry.key == "card" {
        return None;
    }
    let span = Span::new(entry.value.span.start(), entry.value.span.start() + entry.value.span.of(text).trim_end().len());
    if *style == Style::Plain && !quote::is_plain(own, quote::Place::Flow) {
        return Some(vec![Edit::replace(span, format!("[{}]", quote::double(own)))]);
    }
    Some(vec![Edit::insert(span.start(), "["), Edit::insert(span.end(), "]")])
}

/// `[a, b]` → a line for each.
fn to_lines(text: &str, entry: &Entry<'_>) -> Option<Vec<Edit>> {
    let Value::List(items, Layout::Flow) = &entry.value.value else { return None };
    if items.is_empty() || !is_movable(text, entry, items) {
        return None;
    }
    let newline = lines::newline_at(text, entry.key_span.start());
    let from = entry.key_span.end() + text[entry.key_span.end()..].find(':')? + 1;
    let written: String = items.iter().map(|item| format!("{newline}  - {}", item.full_span().of(text))).collect();
    Some(vec![Edit::replace(Span::new(from, entry.value.span.end()), written)])
}

/// A line for each → `[a, b]`
fn to_brackets(text: &str, entry: &Entry<'_>) -> Option<Vec<Edit>> {
    let Value::List(items, Layout::Block) = &entry.value.value else { return None };
    if items.is_empty() || !is_movable(text, entry, items) {
        return None;
    }
    let from = entry.key_span.end() + text[entry.key_span.end()..].find(':')? + 1;
    let end = items.last()?.span.end();
    let written: Option<Vec<String>> = items
        .iter()
        .map(|item| match &item.value {
            Value::Scalar(own, Style::Plain) => Some(quote::write(own, Style::Plain, quote::Place::Flow)),
            Value::Scalar(..) => Some(item.full_span().of(text).to_owned()),
            _ => None,
        })
        .collect();
    Some(vec![Edit::replace(Span::new(from, end), format!(" [{}]", written?.join(", ")))])
}

/// Texts on one line each, and no comment that would be lost between them.
fn is_movable(text: &str, entry: &Entry<'_>, items: &[Node<'_>]) -> bool {
    let one_line = |item: &Node<'_>| {
        let plain = matches!(item.value, Value::Scalar(_, Style::Plain | Style::Single | Style::Double));
        plain && !item.alias && !item.span.of(text).contains(['\n', '\r'])
    };
    let mut at = entry.key_span.end();
    for item in items {
        if !one_line(item) || text.get(at..item.full_span().start()).is_none_or(|between| between.contains('#')) {
            return false;
        }
        at = item.span.end();
    }
    let end = entry.value.span.end().max(at);
    !text[at..end].contains('#') && !text[at..lines::line_end(text, at)].contains('#')
}

/// Tags in the order of their keys. In lines, the comments above a tag and after it go with it.
fn sorted(text: &str, entry: &Entry<'_>) -> Option<Vec<Edit>> {
    let Value::List(items, layout) = &entry.value.value else { return None };
    let (first, last) = (items.first()?, items.last()?);
    if entry.key != "tags" || items.len() < 2 {
        return None;
    }
    let own = |item: &Node<'_>| match layout {
        Layout::Block => Span::new(lines::line_start(text, item.full_span().start()), lines::line_end(text, item.span.end())),
        Layout::Flow => item.full_span(),
    };
    let is_plain = items.iter().all(|item| {
        item.text().is_some() && !item.alias && !own(item).of(text).contains(['\n', '\r']) && !item.full_span().is_empty()
    });
    // Between brackets a comment belongs to no tag for certain; nor does one before the first tag or after the last.
    let unclear = match layout {
        Layout::Flow => {
            let gaps = items.windows(2).map(|pair| Span::new(pair[0].span.end(), pair[1].full_span().start()));
            let end = entry.value.span.end().max(last.span.end());
            gaps.chain([Span::new(last.span.end(), end)]).any(|gap| gap.of(text).contains('#'))
        }
        Layout::Block => {
            let below = lines::next_line(text, last.span.end());
            let line = &text[below..lines::line_end(text, below)];
            let before = Span::new(entry.key_span.end(), own(first).start());
            before.of(text).lines().skip(1).any(|line| line.contains('#')) || line.trim_start().starts_with('#')
        }
    };
    if !is_plain || unclear {
        return None;
    }
    let mut spans: Vec<Span> = items.iter().map(own).collect();
    if *layout == Layout::Block {
        // From the end of the tag before it, with the comments between.
        for at in 1..spans.len() {
            spans[at] = Span::new(lines::next_line(text, spans[at - 1].end()), spans[at].end());
        }
    }
    let mut order: Vec<(String, Span)> =
        items.iter().zip(&spans).map(|(item, span)| (tag::key(item.text().unwrap_or("").trim()).into_owned(), *span)).collect();
    order.sort_by(|a, b| a.0.cmp(&b.0));
    let moved = spans.iter().zip(&order).filter(|(own, (_, span))| *own != span);
    let edits: Vec<Edit> = moved.map(|(own, (_, span))| Edit::replace(*own, span.of(text))).collect();
    (!edits.is_empty()).then_some(edits)
}
