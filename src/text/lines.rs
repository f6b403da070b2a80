//! Bytes to lines and back: which line is this byte on, where does that line end, which line ending does the text use, and how
//! far into its line a byte is, counted as an editor counts.

/// Where each line of a text begins. A line ends with LF, CRLF or a lone CR (LSP 3.17, "Text Documents").
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

/// How an editor counts inside a line (LSP 3.17, `PositionEncodingKind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 code units: what every editor understands.
    #[default]
    Utf16,
    /// In Unicode code points.
    Utf32,
}

/// A place as an editor names it: both counted from 0, the column in units of its [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Which line.
    pub line: u32,
    /// How far into it.
    pub column: u32,
}

impl Encoding {
    /// How many units a text has.
    pub fn length(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => text.chars().count(),
        }
    }

    /// The byte at which `column` units are over: never inside a character, never behind the text.
    fn byte_at(self, line: &str, column: usize) -> usize {
        if line.is_ascii() {
            return column.min(line.len());
        }
        let mut units = 0;
        for (at, c) in line.char_indices() {
            let width = match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
                Encoding::Utf32 => 1,
            };
            // A column inside a character means the place before it.
            if units + width > column {
                return at;
            }
            units += width;
        }
        line.len()
    }
}

impl Lines {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
        Self { starts }
    }

    /// The line that holds `offset`, counted from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset).saturating_sub(1)
    }

    /// The byte that a place names. A column behind the line's end is the line's end, a line behind the last one the text's end
    /// (LSP 3.17, `Position`), so that no place is ever wrong.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return text.len() };
        let start = start as usize;
        let end = line_end(text, start);
        start + encoding.byte_at(&text[start..end], position.column as usize)
    }

    /// The place of a byte.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = floor(text, offset);
        let line = self.line_of(offset);
        let start = self.starts[line] as usize;
        // Between CR and LF there is no place: the line ends before both.
        let end = line_end(text, start).min(offset);
        let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: clamp(line), column: clamp(encoding.length(&text[start..end.max(start)])) }
    }

    /// How many lines there are; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Line and column for people: both from 1, the column in characters.
    pub fn line_column(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.line_of(offset);
        let start = self.starts[line] as usize;
        let column = text.get(start..offset.min(text.len())).map_or(0, |before| before.chars().count());
        (line + 1, column + 1)
    }
}

impl Position {
    /// The place of the byte `to`, on from this one, which is that of the byte `from`. Only what is between them is read, so that
    /// places near a text's beginning, or near each other, are found without counting all its lines.
    pub fn advanced(self, text: &str, from: usize, to: usize, encoding: Encoding) -> Position {
        let bytes = text.as_bytes();
        let is_pair = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        // Between CR and LF there is no place: the line ends before both.
        let end = if to > from && is_pair(to - 1) { to - 1 } else { to };
        let breaks = memchr::memchr2_iter(b'\n', b'\r', &bytes[from..end]).map(|at| from + at).filter(|&at| !is_pair(at));
        let (count, start) = breaks.fold((0, None), |(count, _), at| (count + 1, Some(at + 1)));
        let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let before = if start.is_some() { 0 } else { self.column };
        let column = before.saturating_add(clamp(encoding.length(&text[start.unwrap_or(from)..end])));
        Position { line: self.line.saturating_add(clamp(count)), column }
    }
}

/// The nearest place at or before `offset` where a character begins, or the text ends.
pub fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the line that holds `offset` begins.
pub fn line_start(text: &str, offset: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..offset]).map_or(0, |at| at + 1)
}

/// Where the line that holds `offset` ends, before its line ending.
pub fn line_end(text: &str, offset: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at)
}

/// Where the line after the one that holds `offset` begins; the end of the text where there is none.
pub fn next_line(text: &str, offset: usize) -> usize {
    let end = line_end(text, offset);
    match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => end + 2,
        [_, ..] => end + 1,
        [] => end,
    }
}

/// The line ending that the text uses first; LF where it has none.
pub fn newline_of(text: &str) -> &'static str {
    match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text.as_bytes()[at] == b'\r' => "\r",
        _ => "\n",
    }
}

/// The line ending of the line that holds `offset`; where it is the last one, the one that the text uses first.
pub fn newline_at(text: &str, offset: usize) -> &'static str {
    let end = line_end(text, offset);
    match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => "\r\n",
        [b'\r', ..] => "\r",
        [b'\n', ..] => "\n",
        _ => newline_of(text),
    }
}
