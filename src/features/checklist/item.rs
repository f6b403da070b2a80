//! A line of a list: `- [ ] [[Alias]] · handle`, and what somebody wrote after it. It is read however its box is written, since a
//! tick that is not seen is a message that is sent twice.

use crate::text::links::inside;
use crate::vault::query::plain;

/// Between a name and its handle.
pub const BETWEEN: &str = " · ";

/// The longest tick: `done`, `✓✓`. What is longer in brackets is a remark.
const LONGEST_TICK: usize = 4;

/// Ticks and boxes of one character, as people write them where Markdown has `[x]` and `[ ]`.
const TICKS: &[char] = &['☑', '✅', '✔', '✓', '🗹', '🗸'];
const EMPTY_BOXES: &[char] = &['☐', '⬜', '◻', '▢', '□', '🔲'];
/// Signs that may be a tick: where somebody is named beside one, nobody can tell.
const LIKE_TICKS: &[char] = &['☒', '✗', '✘', '❌', '×', '☓'];

/// A line that begins with a box, in its parts as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boxed<'t> {
    /// Up to the box: indentation, bullet or number.
    pub bullet: &'t str,
    /// What is in the box, without spaces; empty where there is no tick.
    pub tick: &'t str,
    /// What follows the box.
    pub rest: &'t str,
    /// Is it a box to Markdown too: a bullet, a space, one character in brackets, a space?
    is_plain: bool,
}

/// A line of a list, in its parts as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'t> {
    /// The box that it begins with.
    pub boxed: Boxed<'t>,
    /// Between the box and the link.
    pub words: &'t str,
    /// What stands in `[[…]]`; empty where the name is no link.
    pub link: &'t str,
    /// After the link.
    pub tail: &'t str,
}

impl<'t> Boxed<'t> {
    /// The box of a line, its line ending left out. Recognised are full-width forms, missing spaces, further spaces, a missing bullet,
    /// and a closing bracket that is missing before a link; also `(x)` and boxes of one character.
    pub fn read(line: &'t str) -> Option<Self> {
        Self::sign(line).or_else(|| Self::round(line)).or_else(|| Self::square(line))
    }

    /// `☑ Ann`, `- ✅ Ann`, `- ☐ Ann`.
    fn sign(line: &'t str) -> Option<Self> {
        let (bullet, rest) = line.split_at(line.find(|c| TICKS.contains(&c) || EMPTY_BOXES.contains(&c))?);
        let after = after_char(rest);
        let sign = &rest[..rest.len() - after.len()];
        let tick = if sign.starts_with(TICKS) { sign } else { "" };
        // What only says in which style the sign is shown (Unicode, variation selectors) is no part of a tick.
        let rest = after.trim_start_matches(['\u{fe0e}', '\u{fe0f}']);
        is_bullet_alone(bullet).then_some(Self { bullet, tick, rest, is_plain: false })
    }

    /// `(x) Ann`, `- ( ) Ann`, `- {x} Ann`.
    fn round(line: &'t str) -> Option<Self> {
        let pair = |c| match plain(c) {
            Some('(') => Some(')'),
            Some('{') => Some('}'),
            Some('<') => Some('>'),
            _ => None,
        };
        let (bullet, rest) = line.split_at(line.find(|c| pair(c).is_some())?);
        let close = rest.chars().next().and_then(pair);
        let inner = after_char(rest);
        let (content, end) = inner.split_at(inner.find(|c| plain(c) == close)?);
        let tick = content.trim_matches(is_blank);
        let is_tick = tick.is_empty()
            || matches!(tick, "x" | "X" | "ｘ" | "Ｘ" | "v" | "V" | "*")
            || tick.chars().all(|c| TICKS.contains(&c));
        let fits = is_tick && !content.is_empty() && is_bullet_alone(bullet);
        fits.then(|| Self { bullet, tick, rest: after_char(end), is_plain: false })
    }

    fn square(line: &'t str) -> Option<Self> {
        let open = line.find(|c| bracket(c) == Some('['))?;
        let bullet = &line[..open];
        if bullet.contains(char::is_alphabetic) {
            return None;
        }
        let inner = after_char(&line[open..]);
        let end = inner.find(|c| matches!(bracket(c), Some('[' | ']')))?;
        let (content, close) = inner.split_at(end);
        let rest = if close.chars().next().and_then(bracket) == Some(']') { after_char(close) } else { close };
        // `[text](target)` and `[label]: target` are links, and so is a box without its closing bracket where no link follows.
        let is_link = rest.starts_with('(') || (bullet.trim().is_empty() && rest.starts_with(':'));
        let is_half = rest.len() == close.len();
        if is_link || (is_half && (content.is_empty() || find_link(rest).is_none_or(|link| link.before > 0))) {
            return None;
        }
        let tick = content.trim_matches(is_blank);
        let is_plain = is_markdown_bullet(bullet)
            && line[open..].starts_with('[')
            && close.starts_with(']')
            && (content == " " || content.chars().eq(tick.chars().take(1)))
            && rest.starts_with([' ', '\t']);
        (tick.chars().count() <= LONGEST_TICK).then_some(Self { bullet, tick, rest, is_plain })
    }

    /// The box with this tick; written properly where it was not.
    fn with(&self, tick: &str) -> String {
        let tick = if tick.is_empty() { " " } else { tick };
        if self.is_plain { format!("{}[{tick}]", self.bullet) } else { format!("{}[{tick}]", self.proper_bullet()) }
    }

    /// The bullet as Markdown has it, and a space.
    fn proper_bullet(&self) -> String {
        let bare = self.bullet.trim();
        let indent = &self.bullet[..self.bullet.len() - self.bullet.trim_start().len()];
        let indent: String = indent.chars().map(|c| if c == '\t' { c } else { ' ' }).collect();
        if is_markdown_bullet(&format!("{bare} ")) {
            return format!("{indent}{bare} ");
        }
        let digits: String = bare.chars().filter_map(plain).filter(char::is_ascii_digit).collect();
        let sign = bare.chars().filter_map(plain).find(|c| matches!(c, '-' | '*' | '+')).unwrap_or('-');
        if digits.is_empty() { format!("{indent}{sign} ") } else { format!("{indent}{digits}. ") }
    }
}

impl<'t> Item<'t> {
    /// A line whose name is no link: it takes up so many bytes after `words`.
    pub fn unlinked(boxed: Boxed<'t>, words: usize, name: usize) -> Self {
        Self { boxed, words: &boxed.rest[..words], link: "", tail: &boxed.rest[words + name..] }
    }

    /// Whom the link names, label and heading left out.
    pub fn target(&self) -> &'t str {
        &self.link[inside(self.link).name]
    }

    /// Is it ticked? Whatever stands in the box is a tick of some kind.
    pub fn is_ticked(&self) -> bool {
        !self.boxed.tick.is_empty()
    }

    /// The line up to its link, with this tick.
    pub fn with_tick(&self, tick: &str) -> String {
        let between = if self.boxed.is_plain { self.words.to_owned() } else { format!(" {}", self.words.trim_start()) };
        format!("{}{between}", self.boxed.with(tick))
    }

    /// The line up to its link, without its box.
    pub fn without_box(&self) -> String {
        let bullet = if self.boxed.is_plain { self.boxed.bullet.to_owned() } else { self.boxed.proper_bullet() };
        format!("{bullet}{}", self.words.trim_start())
    }

    /// The handle and what is written behind it. `known` are the handles that this may be; with `guess`, what looks like one that
    /// was there before is taken for one too. Nothing else is: what somebody wrote must not be lost.
    pub fn parts(&self, known: &[String], guess: bool) -> (&'t str, &'t str) {
        let Some(rest) = self.tail.strip_prefix(BETWEEN) else { return ("", self.tail) };
        let ends = |handle: &str| rest.strip_prefix(handle).is_some_and(|more| !more.starts_with(char::is_alphanumeric));
        let own = known.iter().filter(|handle| !handle.is_empty() && ends(handle)).map(String::len).max();
        match own.unwrap_or_else(|| if guess { handle_length(rest) } else { 0 }) {
            0 => ("", self.tail),
            length => rest.split_at(length),
        }
    }

    /// What may be a handle: the longest first.
    pub fn handles(&self) -> Vec<&'t str> {
        self.tail.strip_prefix(BETWEEN).map(handles_at).unwrap_or_default()
    }

    /// What is written around the name: before it, and after its handle, which is one of `known`, up to a remark after ` — `.
    pub fn around(&self, known: &[String]) -> [&'t str; 2] {
        let note = self.parts(known, false).1;
        [self.words, note.split(" — ").next().unwrap_or(note)]
    }
}

/// What a text begins with and may be a handle: the longest first.
pub fn handles_at(text: &str) -> Vec<&str> {
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, ',' | ';')).map(|(at, _)| at);
    let mut found: Vec<&str> = ends.take(8).chain([text.len()]).map(|end| text[..end].trim_end()).collect();
    found.retain(|handle| !handle.is_empty());
    found.reverse();
    found
}

/// Is there something that may be a tick, outside the box? `✓`, `[x]`, an `x` alone, text that is struck through.
pub fn has_tick(text: &str) -> bool {
    let is_mark = |word: &str| {
        let bare =
            word.trim_matches(|c| matches!(plain(c).or(bracket(c)), Some('[' | ']' | '(' | ')' | '{' | '}' | '<' | '>' | '-')));
        matches!(bare, "x" | "X" | "ｘ" | "Ｘ")
    };
    text.contains(|c| TICKS.contains(&c) || LIKE_TICKS.contains(&c))
        || text.contains("~~")
        || text.split_whitespace().any(is_mark)
}

/// What every `[[…]]` of a text names.
pub fn targets(mut text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some(Link { name, tail, .. }) = find_link(text) {
        found.push(&name[inside(name).name]);
        text = tail;
    }
    found
}

/// Reads a line that is a bullet, a box and right after it a link.
pub fn read(line: &str) -> Option<Item<'_>> {
    read_anywhere(line).filter(|item| item.words.trim().is_empty() && !item.boxed.bullet.trim().is_empty())
}

/// Reads a line, its line ending left out: a box, and the first link after it, whatever somebody put around that.
pub fn read_anywhere(line: &str) -> Option<Item<'_>> {
    let boxed = Boxed::read(line)?;
    let Link { before, name, tail } = find_link(boxed.rest)?;
    let item = Item { boxed, words: &boxed.rest[..before], link: name, tail };
    (!item.target().is_empty()).then_some(item)
}

struct Link<'t> {
    /// Where it begins.
    before: usize,
    name: &'t str,
    tail: &'t str,
}

/// The first `[[…]]`, full-width too.
fn find_link(text: &str) -> Option<Link<'_>> {
    let (before, inner) = find_pair(text, '[')?;
    let name = &text[inner..];
    let (end, after) = find_pair(name, ']')?;
    Some(Link { before, name: &name[..end], tail: &name[after..] })
}

/// Where a bracket first stands twice, and where that ends.
fn find_pair(text: &str, wanted: char) -> Option<(usize, usize)> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(&(next, second)) = chars.peek().filter(|_| bracket(c) == Some(wanted))
            && bracket(second) == Some(wanted)
        {
            return Some((at, next + second.len_utf8()));
        }
    }
    None
}

/// The square bracket that a character is a form of, else what it counts as. Input methods for Chinese write `【` for `[`.
fn bracket(c: char) -> Option<char> {
    match c {
        '【' | '〔' => Some('['),
        '】' | '〕' => Some(']'),
        c => plain(c),
    }
}

fn is_blank(c: char) -> bool {
    plain(c).is_none_or(|c| c == ' ')
}

/// The text without its first character.
fn after_char(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// Nothing, or one bullet of whatever kind.
fn is_bullet_alone(before: &str) -> bool {
    let bare = before.trim_matches(is_blank);
    let digits = bare.trim_start_matches(|c| plain(c).is_some_and(|c| c.is_ascii_digit()));
    bare.is_empty() || (digits.len() < bare.len() && matches!(plain_of(digits), Some('.' | ')'))) || {
        let mut chars = bare.chars();
        chars.next().is_some_and(|c| matches!(c, '•' | '·' | '◦' | '‣' | '▪') || matches!(plain(c), Some('-' | '*' | '+')))
            && chars.next().is_none()
    }
}

/// The sign that a text of one character is.
fn plain_of(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().and_then(plain).filter(|_| chars.next().is_none())
}

/// Indentation, `-`, `*`, `+` or a number with `.` or `)`, and a space.
fn is_markdown_bullet(before: &str) -> bool {
    let bare = before.trim_start_matches([' ', '\t']);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = if digits > 0 { bare[digits..].strip_prefix(['.', ')']) } else { bare.strip_prefix(['-', '*', '+']) };
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| matches!(c, ' ' | '\t')))
}

/// How much of a text looks like a handle that once stood there: a number, or one word with a sign or digit in it.
fn handle_length(rest: &str) -> usize {
    let before = rest.split(" — ").next().unwrap_or(rest).trim_end();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '.' | '(' | ')' | '/');
    if before.chars().all(is_number) && before.contains(|c: char| c.is_ascii_digit()) {
        return before.len();
    }
    let word = before.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([',', ';', ':', '.', '!', '?']);
    let signs = |c: char| c.is_ascii_digit() || matches!(c, '@' | '_' | '.' | '+' | '-');
    if word.contains(signs) { word.len() } else { 0 }
}
