//! The links of a file, in its front matter and in its body, and the edits that make them lead elsewhere. Every feature reads and
//! writes links here, so that each knows the same forms.

use rustc_hash::FxHashMap;

use super::cursor::Written;
use super::document::{self, Document, Kind};
use crate::text::links::{self, Form, Link};
use crate::text::markdown;
use crate::text::yaml::edit::Refusal;
use crate::text::yaml::quote::{self, Place};
use crate::text::yaml::{Entry, Node, Style, Value};
use crate::text::{Edit, Span, edit};

/// So many links are tried one by one to find the one in the way: each takes a reading of the file.
const MOST_TRIED: usize = 64;

/// A link that is to lead elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The link, as [`Document::links`] gives it.
    pub link: Link,
    /// Its name or path from now on. A heading that follows stays.
    pub target: String,
    /// A label for a `[[link]]` that has none.
    pub label: Option<String>,
}

impl Rewrite {
    /// Another target for a link; what a person reads in place of it stays.
    pub fn new(link: &Link, target: impl Into<String>) -> Self {
        Self { link: link.clone(), target: target.into(), label: None }
    }

    /// The text in place of the target, before a value of the front matter escapes it; `None` where this form cannot say it.
    fn text(&self) -> Option<String> {
        // Spaces stand between angle brackets only.
        let may_have_spaces = self.link.target.contains(' ');
        let is_sound = if self.link.is_wiki() {
            links::is_name(&self.target)
        } else {
            is_destination(&self.target) && (may_have_spaces || !self.target.contains(' '))
        };
        if !self.link.is_editable || !is_sound {
            return None;
        }
        Some(self.label.as_ref().map_or_else(|| self.target.clone(), |label| self.link.with_label(&self.target, label)))
    }
}

/// Can it stand between the brackets of a Markdown link? Paths that guanxi writes are percent-encoded.
fn is_destination(path: &str) -> bool {
    !path.contains(|c: char| (c.is_whitespace() && c != ' ') || c.is_control() || matches!(c, '<' | '>' | '\\'))
}

impl Document<'_> {
    /// Every link of the file, in the order of the text.
    pub fn links(&self) -> Vec<Link> {
        self.links_with(self.body().links)
    }

    /// The same where the body has been read already.
    pub fn links_with(&self, body: Vec<Link>) -> Vec<Link> {
        let mut found = self.head_links();
        found.extend(body);
        found
    }

    /// The `[[links]]` in values of the front matter. What holds tags or a query holds no links.
    pub fn head_links(&self) -> Vec<Link> {
        let mut found = Vec::new();
        let head = self.fences.head.of(self.text);
        // An escape may write a bracket too, but hardly anybody's does.
        if self.kind == Kind::Config || memchr::memmem::find(head.as_bytes(), b"[[").is_none() {
            return found;
        }
        for entry in self.head.entries.iter().filter(|entry| self.may_link(entry)) {
            in_value(self.text, &entry.value, &mut found);
        }
        found.sort_by_key(|link| (link.span.start, link.target_span.start));
        found
    }

    fn may_link(&self, entry: &Entry<'_>) -> bool {
        let is_query = self.kind == Kind::Broadcast && matches!(entry.key.as_ref(), "to" | "exclude");
        !is_query && !document::is_tags(&entry.key)
    }

    /// The edits that make these links lead elsewhere, each written as its form requires. The result is read back: every link of the
    /// file leads where it should, or nothing is changed and the refusal names the link in the way.
    pub fn rewrite(&self, rewrites: &[Rewrite]) -> Result<Vec<Edit>, Refusal> {
        if rewrites.is_empty() {
            return Ok(Vec::new());
        }
        let before = self.links();
        if let Some(edits) = self.tried(&before, rewrites) {
            return Ok(edits);
        }
        // What cannot be written is told at once; what reads otherwise afterwards is looked for among the first.
        let unsound = rewrites.iter().find(|one| one.text().is_none());
        let alone = |one: &&Rewrite| self.tried(&before, std::slice::from_ref(*one)).is_none();
        let in_the_way = unsound.or_else(|| rewrites.iter().take(MOST_TRIED).find(alone));
        let Rewrite { link, target, .. } = in_the_way.unwrap_or(&rewrites[0]);
        let (written, verb) = (link.span.of(self.text), if link.is_wiki() { "name" } else { "lead to" });
        let message = format!("`{written}` cannot {verb} `{target}`: please change it by hand");
        Err(Refusal { span: link.span, message })
    }

    fn tried(&self, before: &[Link], rewrites: &[Rewrite]) -> Option<Vec<Edit>> {
        let mut edits = Vec::with_capacity(rewrites.len());
        let mut quoted: Vec<Span> = Vec::new();
        for rewrite in rewrites {
            let (link, text) = (&rewrite.link, rewrite.text()?);
            let Form::Value(style) = link.form else {
                edits.push(Edit::replace(link.target_span, text));
                continue;
            };
            // A bare value that the new name would end goes into quotes, with all links in it.
            let scalar = (style == Style::Plain && ends_plain(&text)).then(|| self.scalar_at(link.span)).flatten();
            match scalar {
                Some(node) => quoted.push(node.span),
                None => edits.push(Edit::replace(link.target_span, escaped(&text, style))),
            }
        }
        quoted.sort_unstable();
        quoted.dedup();
        for span in quoted {
            let node = self.scalar_at(span)?;
            edits.retain(|edit| !(span.start <= edit.span.start && edit.span.end <= span.end));
            edits.push(Edit::replace(span, requoted(self.text, node, rewrites)?));
        }
        edits.sort_by_key(|edit| edit.span);
        self.leads_as_expected(before, rewrites, &edits).then_some(edits)
    }

    fn leads_as_expected(&self, before: &[Link], rewrites: &[Rewrite], edits: &[Edit]) -> bool {
        let result = edit::apply(self.text, edits);
        let after = Document::parse(&result);
        let targets: FxHashMap<Span, &Rewrite> = rewrites.iter().map(|one| (one.link.target_span, one)).collect();
        let expected = before.iter().map(|link| {
            let rewritten = targets.get(&link.target_span).filter(|one| one.link.span == link.span);
            (link.form == Form::Reference, rewritten.map_or(&link.target, |one| &one.target), &link.fragment)
        });
        let links = after.links();
        let found = links.iter().map(|link| (link.form == Form::Reference, &link.target, &link.fragment));
        // A link by reference leads where its definition says, whatever that is.
        let same = |(is_reference, target, fragment): (bool, &String, &String), other: (bool, &String, &String)| {
            is_reference == other.0 && (is_reference || (target == other.1 && fragment == other.2))
        };
        let keys = |document: &Document<'_>| document.head.entries.iter().map(|entry| entry.key.to_string()).collect::<Vec<_>>();
        before.len() == links.len()
            && expected.zip(found).all(|(expected, found)| same(expected, found))
            && after.head.faults.len() == self.head.faults.len()
            && keys(&after) == keys(self)
    }

    /// The scalar of the front matter around a link.
    fn scalar_at(&self, span: Span) -> Option<&Node<'_>> {
        let values = self.head.entries.iter().map(|entry| &entry.value);
        values.into_iter().find_map(|value| scalar_in(value, span))
    }
}

fn in_value(source: &str, node: &Node<'_>, found: &mut Vec<Link>) {
    match &node.value {
        Value::Scalar(text, style) if text.contains("[[") && !node.alias => {
            let written = Written::of_scalar(source, node);
            for link in links_in(text) {
                let place = |span: Span| written.as_ref().map_or(node.span, |written| written.span(span));
                found.push(Link {
                    form: Form::Value(*style),
                    span: place(link.span),
                    target_span: place(link.target_span),
                    is_editable: written.is_some(),
                    ..link
                });
            }
        }
        Value::List(items, _) => items.iter().for_each(|item| in_value(source, item, found)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| in_value(source, &entry.value, found)),
        _ => {}
    }
}

/// The `[[links]]` in a text that is not the body of a file.
pub fn links_in(text: &str) -> Vec<Link> {
    let mut found = markdown::parse(text, Span::new(0, text.len())).links;
    found.retain(Link::is_wiki);
    found
}

fn scalar_in<'n, 't>(node: &'n Node<'t>, span: Span) -> Option<&'n Node<'t>> {
    match &node.value {
        Value::Scalar(..) => (node.span.start <= span.start && span.end <= node.span.end && !node.alias).then_some(node),
        Value::List(items, _) => items.iter().find_map(|item| scalar_in(item, span)),
        Value::Map(entries, _) => entries.iter().find_map(|entry| scalar_in(&entry.value, span)),
        Value::Empty => None,
    }
}

/// Would a bare value of YAML end inside this text, or before it?
fn ends_plain(text: &str) -> bool {
    text.contains(": ") || text.contains(" #")
}

/// A part of a scalar, as a scalar of this style writes it; `None` where it would end a bare one.
pub fn written_in(text: &str, style: Style) -> Option<String> {
    (style != Style::Plain || !ends_plain(text)).then(|| escaped(text, style))
}

fn escaped(text: &str, style: Style) -> String {
    match style {
        Style::Double => {
            let quoted = quote::double(text);
            quoted[1..quoted.len() - 1].to_owned()
        }
        Style::Single => text.replace('\'', "''"),
        Style::Plain | Style::Block => text.to_owned(),
    }
}

/// A whole scalar in quotes, with the new targets of its links.
fn requoted(source: &str, node: &Node<'_>, rewrites: &[Rewrite]) -> Option<String> {
    let text = node.text()?;
    let written = Written::of_scalar(source, node)?;
    let mut edits = Vec::new();
    for link in links_in(text) {
        if let Some(rewrite) = rewrites.iter().find(|one| one.link.target_span == written.span(link.target_span)) {
            edits.push(Edit::replace(link.target_span, rewrite.text()?));
        }
    }
    Some(quote::write(&edit::apply(text, &edits), Style::Double, Place::Block))
}
