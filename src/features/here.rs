//! Where somebody asks: one text, with the vault around it. The text is a file of the vault, or one that stands beside it: not
//! yet saved, or from another folder.

use crate::contact::cursor::{self, Written};
use crate::contact::cursor::{Closing, TemplatePlace};
use crate::contact::{Cursor, Document, Kind, QueryPlace, Word, WordPlace, config, tag};
use crate::text::Span;
use crate::text::markdown::{Form, Link};
use crate::vault::query::{Query, TagPattern, Term};
use crate::vault::{FileId, Vault, VaultPath};

/// A text and its vault.
#[derive(Clone, Debug)]
pub struct Here<'a> {
    /// The vault.
    pub vault: &'a Vault,
    /// The file's number, where it is one of the vault's.
    pub file: Option<FileId>,
    /// Where it is, or would be.
    pub path: VaultPath,
    /// The text, understood.
    pub document: Document<'a>,
}

impl<'a> Here<'a> {
    /// In a file of the vault.
    pub fn of_file(vault: &'a Vault, id: FileId) -> Self {
        let file = vault.file(id);
        Self { vault, file: Some(id), path: file.path().clone(), document: file.document() }
    }

    /// In a text beside the vault.
    pub fn beside(vault: &'a Vault, path: VaultPath, text: &'a str) -> Self {
        let document = if path.as_str() == config::FILE { Document::parse_config(text) } else { Document::parse(text) };
        Self { vault, file: None, path, document }
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.document.text
    }

    /// What the cursor stands in.
    pub fn cursor(&self, offset: usize) -> Cursor {
        cursor::at(&self.document, offset)
    }

    /// What stands at the cursor. Before the first letter of an item in brackets another item would be typed; who points there
    /// points at the one that follows: many editors put their cursor on letters, not between them.
    pub fn pointing(&self, offset: usize) -> Cursor {
        let cursor = self.cursor(offset);
        let Cursor::Value { word, .. } = &cursor else { return cursor };
        let next = self.text().get(offset..).and_then(|behind| behind.chars().next());
        let (WordPlace::Flow { .. }, true, Some(next)) = (word.place, word.span.is_empty(), next) else { return cursor };
        match self.cursor(offset + next.len_utf8()) {
            Cursor::Value { word, path, label, others } if word.span.start() == offset => {
                Cursor::Value { word, path, label, others }
            }
            _ => cursor,
        }
    }

    /// The link at the cursor: the innermost, and of two that touch the one that begins there.
    pub fn link_at(&self, offset: usize) -> Option<Link> {
        let links = self.document.links().into_iter().filter(|link| link.span.touches(offset));
        links.min_by_key(|link| (link.span.end() == offset, link.span.len()))
    }

    /// What the cursor points at, if it is something that has a meaning of its own.
    pub fn thing(&self, offset: usize) -> Option<Thing> {
        let cursor = self.pointing(offset);
        let may_be_link = !matches!(cursor, Cursor::Query { .. } | Cursor::Template { .. });
        if let Some(link) = may_be_link.then(|| self.link_at(offset)).flatten() {
            return Some(Thing::Link(link));
        }
        match cursor {
            Cursor::Key { path, word } if is_vocabulary(self.document.kind, &path) => Thing::tag(&word.text, word.span),
            Cursor::Key { path, word } => (!word.text.is_empty()).then_some(Thing::Key { path, key: word.text, span: word.span }),
            Cursor::Value { path, label, word, .. } => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let text = word.text.trim().to_owned();
                if text.is_empty() {
                    return None;
                }
                match (self.document.kind, path.as_slice()) {
                    (Kind::Config, ["tags", "known"])
                    | (Kind::Contact | Kind::Note, ["tags"])
                    | (Kind::Broadcast, ["to" | "exclude" | "tags"]) => Thing::tag(&text, word.span),
                    (Kind::Contact, ["alias" | "aliases" | "name" | "username"]) => {
                        Some(Thing::Own { key: path[0].to_owned(), name: text, span: word.span })
                    }
                    (_, ["card" | "attach"]) => Some(Thing::File { path: text, span: word.span }),
                    (_, [.., key]) => Some(Thing::Value { key: (*key).to_owned(), label, text, span: word.span }),
                    _ => None,
                }
            }
            Cursor::Query { span, place } => Some(in_query(self.text(), span, place, offset)),
            // Half typed. What is closed and yet no link is code or a comment.
            Cursor::Link { word, closing: Closing::Missing | Closing::Half(_), .. } => Some(Thing::Link(begun(&word))),
            Cursor::Link { .. } | Cursor::LinkHeading { .. } | Cursor::LinkText { .. } | Cursor::LinkPath { .. } => None,
            Cursor::Mention { word } => Thing::tag(&word.text, Span::new(word.span.start() + 1, word.span.end())),
            // A statement's word is no field.
            Cursor::Template { place: TemplatePlace::Statement, .. } => None,
            Cursor::Template { word, place } => {
                let filter = place == TemplatePlace::Filter;
                (!word.text.is_empty()).then_some(Thing::Hole { name: word.text, filter, span: word.span })
            }
            Cursor::Nothing => None,
        }
    }
}

/// A `[[link]]` that nothing closes yet.
fn begun(word: &Word) -> Link {
    Link {
        form: Form::Wiki,
        embed: false,
        in_table: false,
        target: word.text.trim().to_owned(),
        fragment: String::new(),
        span: word.span,
        target_span: word.span,
        is_editable: false,
    }
}

/// Something that the cursor points at. Spans are where its name is written, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A tag, wherever it is written; `span` is the name, without `#`.
    Tag {
        /// Its name.
        name: String,
        /// Where.
        span: Span,
    },
    /// One of the contact's own names: its alias, or another.
    Own {
        /// `alias`, `aliases`, `name` or `username`.
        key: String,
        /// The name.
        name: String,
        /// Where.
        span: Span,
    },
    /// A link to somebody, or to a file.
    Link(Link),
    /// A picture or attachment.
    File {
        /// As it is written.
        path: String,
        /// Where.
        span: Span,
    },
    /// A key.
    Key {
        /// The keys around it.
        path: Vec<String>,
        /// Its name.
        key: String,
        /// Where.
        span: Span,
    },
    /// The value of a key.
    Value {
        /// Which key's.
        key: String,
        /// `work` in `- work: +1 212 555 0147`.
        label: Option<String>,
        /// The value.
        text: String,
        /// Where.
        span: Span,
    },
    /// A query, at a place where it names no tag.
    Query {
        /// What it says.
        text: String,
        /// All of it.
        span: Span,
    },
    /// A name in a hole of a message.
    Hole {
        /// The name.
        name: String,
        /// Is it a filter?
        filter: bool,
        /// Where.
        span: Span,
    },
}

impl Thing {
    /// Where its name is written.
    pub fn span(&self) -> Span {
        match self {
            Thing::Link(link) => link.place(),
            Thing::Tag { span, .. }
            | Thing::Own { span, .. }
            | Thing::File { span, .. }
            | Thing::Key { span, .. }
            | Thing::Value { span, .. }
            | Thing::Query { span, .. }
            | Thing::Hole { span, .. } => *span,
        }
    }

    fn tag(written: &str, span: Span) -> Option<Self> {
        let name = written.trim().trim_start_matches('#');
        tag::fault(name).is_none().then(|| Thing::Tag { name: name.to_owned(), span })
    }
}

/// The lines of `guanxi.yaml` whose keys are tags.
fn is_vocabulary(kind: Kind, path: &[String]) -> bool {
    kind == Kind::Config && path.len() == 2 && path[0] == "tags" && path[1] == "known"
}

fn in_query(source: &str, span: Span, place: QueryPlace, offset: usize) -> Thing {
    let written = Written::new(source, span, place);
    let inside = written.offset(offset);
    let query = Query::parse(written.text.trim_end()).ok();
    let tag = query.iter().flat_map(Query::terms).find_map(|term| match term {
        Term::Tag { pattern: TagPattern::Nested(name) | TagPattern::Exact(name), span, name_span } if span.touches(inside) => {
            Some(Thing::Tag { name: name.clone(), span: written.span(*name_span) })
        }
        _ => None,
    });
    tag.unwrap_or(Thing::Query { text: written.text, span })
}
