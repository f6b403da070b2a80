//! A page for eyes, as Markdown or as plain text. What comes from files is cut to a line of bearable length and cannot become
//! markup: nobody's alias opens a link, an image or a tag of HTML.

use super::formats::one_line;

/// No name is shown with more characters.
const LONGEST_NAME: usize = 80;

/// No other text is.
const LONGEST_TEXT: usize = 280;

/// A page, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Line(Line),
    Items(Vec<Line>),
    Picture { path: String, uri: Option<String>, caption: bool },
    Rule,
}

/// A line of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Strong(String),
    Code(String),
    Link { text: String, target: String },
}

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Words of our own.
    pub fn text(mut self, text: &str) -> Self {
        self.pieces.push(Piece::Text(text.to_owned()));
        self
    }

    /// What a file says.
    pub fn value(self, text: &str) -> Self {
        self.text(&shortened(text, LONGEST_TEXT))
    }

    /// A name that a file gives.
    pub fn name(self, text: &str) -> Self {
        self.text(&shortened(text, LONGEST_NAME))
    }

    /// A name that stands out.
    pub fn strong(mut self, text: &str) -> Self {
        self.pieces.push(Piece::Strong(shortened(text, LONGEST_NAME)));
        self
    }

    /// A key, a tag or a path, as it is written.
    pub fn code(mut self, text: &str) -> Self {
        self.pieces.push(Piece::Code(shortened(text, LONGEST_TEXT)));
        self
    }

    /// What a file says, leading to an address. Whoever calls this has made the address: what files say is no link by itself.
    pub fn link(mut self, text: &str, target: &str) -> Self {
        self.pieces.push(Piece::Link { text: shortened(text, LONGEST_TEXT), target: target.to_owned() });
        self
    }

    /// A message that sets off names between backticks.
    pub fn words(mut self, message: &str) -> Self {
        let message = shortened(message, 2 * LONGEST_TEXT);
        let parts: Vec<&str> = message.split('`').collect();
        // An odd backtick is somebody's own: then all of it is text.
        if parts.len().is_multiple_of(2) {
            return self.text(&message);
        }
        for (number, part) in parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            let part = part.to_owned();
            self.pieces.push(if number % 2 == 1 { Piece::Code(part) } else { Piece::Text(part) });
        }
        self
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn markdown(&self) -> String {
        let written = self.pieces.iter().enumerate().map(|(number, piece)| match piece {
            Piece::Text(text) if number == 0 => escaped_line(text),
            Piece::Text(text) => escaped(text),
            Piece::Strong(text) => format!("**{}**", escaped(text)),
            Piece::Code(text) => code_span(text),
            Piece::Link { text, target } => format!("[{}]({})", escaped(text), destination(target)),
        });
        written.collect()
    }

    fn plain(&self) -> String {
        let said = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Strong(text) | Piece::Code(text) | Piece::Link { text, .. } => text.clone(),
        };
        self.pieces.iter().map(said).collect()
    }
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Is there nothing on it?
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Adds a line, if there is anything in it.
    pub fn line(mut self, line: Line) -> Self {
        if !line.is_empty() {
            self.blocks.push(Block::Line(line));
        }
        self
    }

    /// Adds a list, if there is anything in it.
    pub fn items(mut self, items: impl IntoIterator<Item = Line>) -> Self {
        let items: Vec<Line> = items.into_iter().collect();
        if !items.is_empty() {
            self.blocks.push(Block::Items(items));
        }
        self
    }

    /// Adds a picture of the vault. Where it cannot be shown, plain text at least names it.
    pub fn picture(mut self, path: &str, uri: Option<String>) -> Self {
        self.blocks.push(Block::Picture { path: path.to_owned(), uri, caption: false });
        self
    }

    /// Adds a picture with its path below.
    pub fn captioned_picture(mut self, path: &str, uri: Option<String>) -> Self {
        self.blocks.push(Block::Picture { path: path.to_owned(), uri, caption: true });
        self
    }

    /// Adds another page below, behind a rule.
    pub fn below(mut self, other: Page) -> Self {
        if !self.blocks.is_empty() && !other.blocks.is_empty() {
            self.blocks.push(Block::Rule);
        }
        self.blocks.extend(other.blocks);
        self
    }

    /// Adds another page right behind this one.
    pub fn then(mut self, other: Page) -> Self {
        self.blocks.extend(other.blocks);
        self
    }

    /// As Markdown (CommonMark 0.31).
    pub fn markdown(&self) -> String {
        let blocks: Vec<String> = self
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Line(line) => Some(line.markdown()),
                Block::Items(items) => Some(joined(items.iter().map(Line::markdown))),
                Block::Picture { path, uri, caption } => {
                    // Editors that show no pictures show these words: which picture it is.
                    let name = path.rsplit('/').next().unwrap_or(path);
                    let image =
                        uri.as_deref().map(|uri| format!("![{}]({})", escaped(&shortened(name, LONGEST_NAME)), destination(uri)));
                    let caption = caption.then(|| code_span(&shortened(path, LONGEST_TEXT)));
                    Some(image.into_iter().chain(caption).collect::<Vec<_>>().join("\n\n")).filter(|shown| !shown.is_empty())
                }
                Block::Rule => Some("---".to_owned()),
            })
            .collect();
        blocks.join("\n\n")
    }

    /// As text for clients that show no Markdown.
    pub fn plain(&self) -> String {
        let blocks: Vec<String> = self
            .blocks
            .iter()
            .map(|block| match block {
                Block::Line(line) => line.plain(),
                Block::Items(items) => joined(items.iter().map(Line::plain)),
                Block::Picture { path, .. } => format!("picture: {}", shortened(path, LONGEST_TEXT)),
                Block::Rule => String::new(),
            })
            .collect();
        blocks.join("\n")
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")
}

/// A text on one line, cut behind so many characters.
pub fn shortened(text: &str, most: usize) -> String {
    // What is far beyond the cut is not even looked at.
    let end = text.char_indices().nth(most * 4).map_or(text.len(), |(at, _)| at);
    let line = one_line(text[..end].trim());
    let cut = match line.char_indices().nth(most) {
        None if end == text.len() => return line,
        None => line.as_str(),
        Some((at, _)) => &line[..at],
    };
    // A joiner at the cut would join what is no longer there.
    format!("{}…", cut.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200d}'))
}

/// A text that Markdown shows as it stands, anywhere in a line: nothing in it is markup.
pub fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let marks = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '#' => true,
            // Only an entity begins so: `AT&T` stays readable where Markdown is shown as it is written.
            '&' => rest.peek().is_some_and(|&next| next == '#' || next.is_ascii_alphanumeric()),
            _ => false,
        };
        if marks {
            result.push('\\');
        }
        result.push(if c.is_control() { ' ' } else { c });
    }
    result
}

/// The same for the beginning of a line, where `-`, `+`, `=` and `1.` are marks too.
fn escaped_line(text: &str) -> String {
    let text = text.trim_start();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = if digits > 0 && text[digits..].starts_with(['.', ')']) { digits } else { 0 };
    if mark > 0 || text.starts_with(['-', '+', '=']) {
        return format!("{}\\{}", &text[..mark], escaped(&text[mark..]));
    }
    escaped(text)
}

/// Text between more backticks than it has in a row (CommonMark 0.31 §6.1).
fn code_span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let most = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(most + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// An address that does not end before its end.
fn destination(uri: &str) -> String {
    let mut result = String::with_capacity(uri.len());
    for c in uri.chars() {
        match c {
            '(' | ')' | '<' | '>' | '\\' | '"' | '`' => result.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_whitespace() || c.is_control() => result.push_str("%20"),
            c => result.push(c),
        }
    }
    result
}

/// `1 contact`, `12 contacts`
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// `and 3 more`, where there are more than are shown.
pub fn and_more(total: usize, shown: usize) -> Line {
    if total > shown { Line::new().text(&format!("and {} more", total - shown)) } else { Line::new() }
}
