//! Between our bytes and the protocol's places: positions in the encoding that was agreed on, and files as URIs.

use std::cell::{Cell, OnceCell};
use std::path::{Component, Path};
use std::str::FromStr;

use tower_lsp::ls_types::{Position as LspPosition, Range, TextEdit, Uri};

use crate::text::lines::{Encoding, Lines, Position, floor};
use crate::text::{Edit, Span};
use crate::vault::VaultPath;

/// A text with its lines counted, in the client's encoding, as far as it is asked for.
pub struct Ruler<'t> {
    text: &'t str,
    lines: OnceCell<Lines>,
    encoding: Encoding,
    /// The place that was asked for last: the next one is mostly a little further on, perhaps on a line of a megabyte.
    last: Cell<(usize, Position)>,
}

impl<'t> Ruler<'t> {
    /// Lays it on a text.
    pub fn new(text: &'t str, encoding: Encoding) -> Self {
        Self { text, lines: OnceCell::new(), encoding, last: Cell::default() }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(self.text))
    }

    /// The byte that a position names.
    pub fn offset(&self, position: LspPosition) -> usize {
        self.lines().offset(self.text, from_position(position), self.encoding)
    }

    /// The bytes that a range names; one that is told backwards is turned.
    pub fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize) -> LspPosition {
        let offset = floor(self.text, offset);
        let (from, last) = self.last.get();
        let position = if from <= offset {
            last.advanced(self.text, from, offset, self.encoding)
        } else {
            self.lines().position(self.text, offset, self.encoding)
        };
        self.last.set((offset, position));
        LspPosition { line: position.line, character: position.column }
    }

    /// The range of some bytes.
    pub fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start()), end: self.position(span.end()) }
    }

    /// An edit for the editor.
    pub fn edit(&self, edit: &Edit) -> TextEdit {
        TextEdit { range: self.range(edit.span), new_text: edit.new.clone() }
    }

    /// Edits for the editor.
    pub fn edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        edits.iter().map(|edit| self.edit(edit)).collect()
    }

    /// How many units a stretch of the text has.
    pub fn length(&self, span: Span) -> u32 {
        u32::try_from(self.encoding.length(span.of(self.text))).unwrap_or(u32::MAX)
    }
}

/// A position as the text floor knows it.
pub fn from_position(position: LspPosition) -> Position {
    Position { line: position.line, column: position.character }
}

/// The URI of a file. Paths are absolute here, and every absolute path has one.
pub fn to_uri(path: &Path) -> Uri {
    Uri::from_file_path(path).unwrap_or_else(|| Uri::from_str("file:///").unwrap_or_else(|_| unreachable!("a URI that is one")))
}

/// The URI of a document without a file, by a name that may be that of a file in `folder`: it is encoded as that would be.
pub fn untitled(folder: &Path, name: &str) -> Option<Uri> {
    format!("untitled:{}", to_uri(&folder.join(name)).as_str().rsplit('/').next()?).parse().ok()
}

/// What a file below a folder is called there. On Unix a backslash is a character of a name, so that the system says where one
/// part ends.
pub fn inside(folder: &Path, file: &Path) -> Option<VaultPath> {
    let parts = file.strip_prefix(folder).ok()?.components().map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let parts = parts.collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| VaultPath::new(&parts.join("/")))
}

/// The path of a `file:` URI.
pub fn from_uri(uri: &Uri) -> Option<std::path::PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    Some(uri.to_file_path()?.into_owned())
}
