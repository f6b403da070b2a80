//! Links: the forms in which one is written, what each says, and how another target is written in its place. The one module that
//! knows how a link is spelled; where links occur is found by [`markdown`](super::markdown).

use std::ops::Range;

use super::Span;
use super::yaml::Style;

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `[[name]]` in the body.
    Wiki,
    /// `[[name]]` in a value of the front matter that is written in this style.
    Value(Style),
    /// `[text](path)` or `[text](<path>)`.
    Inline,
    /// `[label]: path`, where links by reference say what they lead to (CommonMark §4.7).
    Definition,
    /// `[text][label]`, `[label][]` or `[label]`: its target is written in the definition.
    Reference,
}

/// A link to a contact, a file, a heading or a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How it is written.
    pub form: Form,
    /// `![[name]]`, `![text](path)`: the target itself is shown.
    pub embed: bool,
    /// Inside a table, where a bar is written `\|`.
    pub in_table: bool,
    /// The name, path or address, without escapes. A path keeps its percent encoding. Empty in a link to a place in the same file.
    pub target: String,
    /// What follows the target, as written, with its sign: `#heading`, `#^block`, `^block`, `?query`.
    pub fragment: String,
    /// The whole link.
    pub span: Span,
    /// Where the target is written; the label of a [`Form::Reference`].
    pub target_span: Span,
    /// Another target can be written at `target_span`. False where the target is written with escapes whose places are unknown, and
    /// for a [`Form::Reference`].
    pub is_editable: bool,
}

impl Link {
    /// `[[name]]`, wherever it is written. All other forms lead by path.
    pub fn is_wiki(&self) -> bool {
        matches!(self.form, Form::Wiki | Form::Value(_))
    }

    /// `[[./name]]`, `[[../folder/name]]`: a name that is a path relative to the file.
    pub fn is_relative_name(&self) -> bool {
        self.is_wiki() && is_relative(&self.target)
    }

    /// A link to a place in the same file: `[[#heading]]`, `[text](#heading)`.
    pub fn is_local(&self) -> bool {
        self.target.is_empty()
    }

    /// Where the name of the target is written; the heading, in a link to a place in the same file.
    pub fn place(&self) -> Span {
        if !self.is_local() {
            return self.target_span;
        }
        let end = (self.target_span.start() + self.fragment.len()).min(self.span.end());
        Span::new(self.target_span.start(), end.max(self.target_span.start()))
    }

    /// The target and what follows it, where they are written.
    pub fn whole_target(&self, text: &str) -> Span {
        let whole = Span::new(self.target_span.start(), self.target_span.end() + self.fragment.len());
        if text.get(self.target_span.end()..whole.end()) == Some(&*self.fragment) { whole } else { self.target_span }
    }

    /// The text of a `[[name|label]]` that has this name and this label, as the place of this link requires.
    pub fn with_label(&self, name: &str, label: &str) -> String {
        format!("{name}{}{label}", if self.in_table { "\\|" } else { "|" })
    }
}

/// The parts of the text between `[[` and `]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The name, without the spaces around it.
    pub name: Range<usize>,
    /// Where the heading or block ends that follows the name; the end of the name if none follows.
    pub fragment_end: usize,
    /// Where the label begins.
    pub label: Option<usize>,
}

/// Tells the parts of a `[[link]]` apart: `name#heading|label`, `name^block`, and `name\|label` as tables require.
pub fn inside(text: &str) -> Inside {
    let bar = text.find('|');
    let before = &text[..bar.unwrap_or(text.len())];
    let before = if bar.is_some() { before.strip_suffix('\\').unwrap_or(before) } else { before };
    let fragment = before.find('#').or_else(|| block(before)).unwrap_or(before.len());
    let name = before[..fragment].trim();
    let start = before[..fragment].len() - before[..fragment].trim_start().len();
    let has_fragment = fragment < before.len();
    let end = start + name.len();
    Inside {
        name: start..end,
        fragment_end: if has_fragment { before.trim_end().len() } else { end },
        label: bar.map(|bar| bar + 1),
    }
}

/// Where `^block` begins at the end of a name. An identifier of a block has letters, digits and hyphens only.
fn block(name: &str) -> Option<usize> {
    let (before, id) = name.trim_end().rsplit_once('^')?;
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_id && !before.trim().is_empty()).then_some(before.len())
}

/// Is it a path that begins at the file in which it is written?
pub fn is_relative(name: &str) -> bool {
    name.starts_with("./") || name.starts_with("../")
}

/// Can `[[name]]` be written so that it is read as this name? In a table as well as elsewhere.
pub fn is_name(name: &str) -> bool {
    let parts = inside(name);
    let whole = parts.name == (0..name.len()) && parts.fragment_end == name.len() && parts.label.is_none();
    let breaks = name.contains("[[") || name.contains("]]") || name.contains(char::is_control);
    // A bracket or backslash at an end would join those of the link.
    let joins = name.starts_with('[') || name.ends_with([']', '\\']);
    whole && !name.is_empty() && !breaks && !joins
}

/// `mailto:`, `https:`, `tel:` (RFC 3986 §3.1): the target is an address, not a path.
pub fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Where the fragment or query of a path begins. An address is kept whole.
pub fn fragment_start(target: &str) -> usize {
    if has_scheme(target) { target.len() } else { target.find(['#', '?']).unwrap_or(target.len()) }
}

/// The destination of a Markdown link (CommonMark §6.3) that begins at or after `from`, without its angle brackets.
pub fn destination(source: &str, from: usize) -> Option<Range<usize>> {
    let rest = source.get(from..)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let mut depth = 0_u32;
    let mut characters = source[start..].char_indices().peekable();
    let is_angled = characters.next_if(|&(_, c)| c == '<').is_some();
    while let Some((at, c)) = characters.next() {
        let end = match c {
            '\\' => {
                characters.next_if(|(_, next)| next.is_ascii_punctuation());
                continue;
            }
            '>' => is_angled,
            '(' => {
                depth += 1;
                false
            }
            ')' if depth > 0 => {
                depth -= 1;
                false
            }
            ')' => !is_angled,
            c if c.is_ascii_whitespace() || c.is_ascii_control() => !is_angled,
            _ => false,
        };
        if end {
            return Some(start + usize::from(is_angled)..start + at);
        }
    }
    (!is_angled).then_some(start..source.len())
}

/// The text without its backslash escapes (CommonMark §2.4).
pub fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = if c == '\\' { characters.next_if(char::is_ascii_punctuation) } else { None };
        result.push(escaped.unwrap_or(c));
    }
    result
}
