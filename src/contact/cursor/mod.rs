//! What does the cursor stand in? The one question that every editor feature begins with, and asked here only. The text may be
//! half typed and broken, because that is what a person types: the answer comes from a tolerant look at lines, never from a
//! valid tree.

mod body;
mod flow;
mod head;
mod written;

use super::document::{self, Document, Kind};
use super::fields;
use crate::text::links::Form;
use crate::text::yaml::Style;
use crate::text::{Span, fences, lines};
pub use written::Written;

/// What the cursor stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The name of a key of the front matter (or of `guanxi.yaml`), whole or begun.
    Key {
        /// The keys around it, outermost first; empty in a front matter.
        path: Vec<String>,
        /// The name.
        word: Word,
    },
    /// A value: the lone one of a key, or an item of its list.
    Value {
        /// The keys that lead to it, outermost first.
        path: Vec<String>,
        /// `work` in `- work: +1 212 555 0147`.
        label: Option<String>,
        /// The value.
        word: Word,
        /// The other items of the list, as they are written.
        others: Vec<Span>,
    },
    /// A query: in `to:`, in `broadcast.exclude`, in a fenced `guanxi` block.
    Query {
        /// The query's own text. Where YAML carries it, quotes are left out.
        span: Span,
        /// Where it is written.
        place: QueryPlace,
    },
    /// A `[[link]]`: its target, whole or begun.
    Link {
        /// What is written after `[[`.
        word: Word,
        /// How much of the closing brackets is there.
        closing: Closing,
        /// In which form it is written: in the body or in a value of the front matter.
        form: Form,
    },
    /// The heading in `[[name#heading]]`, whole or begun.
    LinkHeading {
        /// The name before the `#`; empty in a link to a heading of the same file.
        target: String,
        /// The heading. Where the link has no quotes but needs them (see [`Cursor::Link`]), the whole link.
        word: Word,
        /// How much of the closing brackets is there.
        closing: Closing,
        /// In which form the link is written.
        form: Form,
    },
    /// The path of a Markdown link, whole or begun: `[text](path`, `[label]: path`.
    LinkPath {
        /// What is written where the path stands, without a heading that follows.
        word: Word,
        /// `![text](path)`: a picture is meant.
        embed: bool,
    },
    /// The label of a `[[link|label]]`, or a Markdown link such as `[text](path)`.
    LinkText {
        /// The link's target.
        target: Span,
    },
    /// A `#tag` in running text; with its `#`.
    Mention {
        /// The tag, `#` included.
        word: Word,
    },
    /// Inside `{{ … }}` or `{% … %}` of a message.
    Template {
        /// The name that is typed.
        word: Word,
        /// What may stand there.
        place: TemplatePlace,
    },
    /// Anything else: prose, code, a blank place.
    Nothing,
}

/// How much of the `]]` of a link is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Both brackets.
    Whole,
    /// One of them; the link ends here, after it.
    Half(usize),
    /// None.
    Missing,
}

/// What may stand at a place of a message's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplatePlace {
    /// A field of the recipient, or a variable.
    Name,
    /// A filter, after a `|`.
    Filter,
    /// A statement: the first word after `{%`.
    Statement,
}

/// Where a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryPlace {
    /// `to: "…"` or `exclude: '…'`
    Quoted(char),
    /// `to: #lead`: what YAML takes for a comment, and its person for a query.
    Bare,
    /// In a block of its own, as it stands.
    Block,
}

/// A word that is being typed, or stands there whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// All of it, quotes included: what a completion replaces.
    pub span: Span,
    /// What is typed before the cursor, quotes and a leading `#` taken off.
    pub typed: String,
    /// The whole word, quotes taken off.
    pub text: String,
    /// How it stands there.
    pub place: WordPlace,
}

/// How a word stands in its surroundings: what must come with it when another is put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordPlace {
    /// In running text.
    Text,
    /// An item between brackets.
    Flow {
        /// Another item follows without a comma.
        comma: bool,
        /// The list has no closing bracket, and nothing but it is missing after the item.
        open: bool,
    },
    /// `- item`
    Item {
        /// The blank behind the dash is missing.
        blank: bool,
    },
    /// On an empty line where a list could go on.
    Line {
        /// How far items are indented.
        indent: u32,
    },
    /// Behind `key:`
    Scalar {
        /// The blank behind the colon is missing.
        blank: bool,
    },
}

/// What the cursor at `offset` stands in.
pub fn at(document: &Document<'_>, offset: usize) -> Cursor {
    let offset = lines::floor(document.text, offset);
    let fences = &document.fences;
    if document.kind == Kind::Config {
        return head::look(document.text, fences.head, offset.max(fences.head.start()), &is_query(true));
    }
    let closing = fences.closed && offset >= fences.head.end();
    let inside = fences.present && fences.head.start() <= offset && offset <= fences.head.end() && !closing;
    if inside {
        let mut cursor = head::look(document.text, fences.head, offset, &is_query(false));
        // A value of `email` is one of `emails`.
        if let (Kind::Contact, Cursor::Value { path, .. }) = (document.kind, &mut cursor)
            && let Some(key) = path.first_mut()
        {
            *key = fields::meant(key).to_owned();
        }
        // A line of a text that goes over several looks like a key.
        if let Cursor::Value { path, word, .. } | Cursor::Key { path, word } = &cursor
            && !path.first().is_some_and(|key| document::is_tags(key))
            && let Some(link) = link_in_value(document.text, word, offset)
        {
            return link;
        }
        // The subject is a message too.
        let is_subject = document.kind == Kind::Broadcast
            && matches!(&cursor, Cursor::Value { path, word, .. } if path == &["subject"] && word.span.touches(offset));
        return if is_subject { body::template(document, offset).unwrap_or(cursor) } else { cursor };
    }
    if let Some(head) = fences::begun_at(document.text, fences, offset) {
        return head::look(document.text, head, offset, &is_query(false));
    }
    if fences.present && offset < fences.body.start() {
        return Cursor::Nothing;
    }
    body::look(document, offset)
}

/// The `[[link]]` around a place in a value of the front matter.
fn link_in_value(text: &str, word: &Word, offset: usize) -> Option<Cursor> {
    let written = word.span.of(text);
    if matches!(word.place, WordPlace::Flow { .. }) && !written.starts_with(['"', '\'']) {
        return unquoted_link(text, word, offset);
    }
    if let Some(inner) = written.strip_prefix("[[") {
        let name = inner.find(']').map_or(inner, |end| &inner[..end]);
        let start = word.span.start() + 2;
        let inner = Word { span: Span::new(start, start + name.len()), text: name.to_owned(), ..word.clone() };
        return unquoted_link(text, &inner, offset);
    }
    if !written.contains("[[") {
        return None;
    }
    let style = match written.chars().next() {
        Some('"') => Style::Double,
        Some('\'') => Style::Single,
        _ => Style::Plain,
    };
    body::link_in(text, word.span, offset, Form::Value(style))
}

/// `related: [[Li Na`: to YAML a list in a list, to its person a link. The word has its brackets, which go into quotes with it.
fn unquoted_link(text: &str, word: &Word, offset: usize) -> Option<Cursor> {
    let line = lines::line_start(text, word.span.start());
    let before = text[line..word.span.start()].trim_end().strip_suffix("[[")?;
    let is_whole = before.trim_end().ends_with([':', '-']);
    let start = line + before.len();
    let rest = &text[word.span.end()..];
    let (closing, length) = match rest.bytes().take_while(|&byte| byte == b']').count() {
        0 => (Closing::Missing, 0),
        1 => (Closing::Half(word.span.end() + 1), 1),
        _ => (Closing::Whole, 2),
    };
    if !is_whole || offset < start + 2 {
        return None;
    }
    let typed = &text[word.span.start().min(offset)..offset.min(word.span.end())];
    let form = Form::Value(Style::Plain);
    let whole = |typed: &str, name: &str| Word {
        span: Span::new(start, word.span.end() + length),
        typed: typed.to_owned(),
        text: name.to_owned(),
        place: WordPlace::Text,
    };
    let Some((target, _)) = typed.split_once('#') else {
        return Some(Cursor::Link { word: whole(typed, &word.text), closing, form });
    };
    let last = |text: &str| text.rsplit('#').next().unwrap_or("").to_owned();
    let word = whole(&last(typed), &last(&word.text));
    Some(Cursor::LinkHeading { target: target.trim().to_owned(), word, closing, form })
}

/// The keys whose value is a query.
fn is_query(config: bool) -> impl Fn(&[String]) -> bool {
    move |path: &[String]| match path {
        [key] => !config && matches!(key.as_str(), "to" | "exclude"),
        [outer, key] => config && outer == "broadcast" && key == "exclude",
        _ => false,
    }
}
