//! The box that a line of a list begins with. It is read however it is written, since a tick that is not seen is a message that
//! is sent twice.

use std::sync::OnceLock;

use regex::Regex;

use super::linked::find_wiki;
use crate::vault::query::plain;

/// The longest tick: `done`, `✓✓`. What is longer in brackets is a remark.
const LONGEST_TICK: usize = 4;

/// Ticks and boxes of one character, as people write them where Markdown has `[x]` and `[ ]`.
const TICKS: &[char] = &['☑', '✅', '✔', '✓', '🗹', '🗸'];
const EMPTY_BOXES: &[char] = &['☐', '⬜', '◻', '▢', '□', '🔲'];
/// Signs that may be a tick: where somebody is named beside one, nobody can tell.
const LIKE_TICKS: &[char] = &['☒', '✗', '✘', '❌', '×', '☓'];

/// What else may be a tick (Unicode general categories So and Sm, without ASCII and arrows): such signs alone, `~~`, tags of HTML.
const MARK: &str = r"(?:^|\s)[[\p{So}\p{Sm}]--[\x00-\x7F]--[\x{2190}-\x{21FF}]][\p{So}\p{Sm}\p{Sk}\p{M}\x{200d}]*(?:\s|$)|~~|</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>";

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
    pub is_plain: bool,
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
        if !is_bullet_alone(bullet.trim_start_matches(['>', ' ', '\t'])) {
            return None;
        }
        let inner = after_char(&line[open..]);
        let end = inner.find(|c| matches!(bracket(c), Some('[' | ']')))?;
        let (content, close) = inner.split_at(end);
        let rest = if close.chars().next().and_then(bracket) == Some(']') { after_char(close) } else { close };
        // `[text](target)` and `[label]: target` are links, and so is a box without its closing bracket where no link follows.
        let is_link = rest.starts_with('(') || (bullet.trim().is_empty() && rest.starts_with(':'));
        let is_half = rest.len() == close.len();
        if is_link || (is_half && (content.is_empty() || find_wiki(rest).is_none_or(|(at, _)| at.start > 0))) {
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
    pub fn with(&self, tick: &str) -> String {
        let tick = if tick.is_empty() { " " } else { tick };
        if self.is_plain { format!("{}[{tick}]", self.bullet) } else { format!("{}[{tick}]", self.proper_bullet()) }
    }

    /// The bullet as Markdown has it, and a space.
    pub fn proper_bullet(&self) -> String {
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

/// The square bracket that a character is a form of, else what it counts as. Input methods for Chinese write `【` for `[`.
pub fn bracket(c: char) -> Option<char> {
    match c {
        '【' | '〔' => Some('['),
        '】' | '〕' => Some(']'),
        c => plain(c),
    }
}

pub fn is_blank(c: char) -> bool {
    plain(c).is_none_or(|c| c == ' ')
}

/// The text without its first character.
fn after_char(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// What follows the bullet or number of a line, if it has one, and the signs of a quotation.
pub fn after_bullet(line: &str) -> (&str, &str) {
    let text = line.trim_start_matches(|c| c == '>' || is_blank(c));
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= 8);
    let end = ends.filter(|&end| is_bullet_alone(&text[..end])).last().unwrap_or(0);
    line.split_at(line.len() - text.len() + end)
}

/// Is there something that may be a tick, outside the box? `✓`, `[x]`, an `x` alone, a word of signs or pictures, text in further
/// brackets, text that is struck through or marked up.
pub fn has_tick(text: &str) -> bool {
    static MARKS: OnceLock<Option<Regex>> = OnceLock::new();
    let marks = MARKS.get_or_init(|| Regex::new(MARK).ok());
    let is_mark = |word: &str| {
        let bare = word.trim_matches(|c| {
            matches!(plain(c).or(bracket(c)), Some('[' | ']' | '(' | ')' | '{' | '}' | '<' | '>' | '-'))
                || matches!(c, '「' | '」' | '『' | '』' | '﹝' | '﹞')
        });
        matches!(bare, "x" | "X" | "ｘ" | "Ｘ")
    };
    text.contains(|c| TICKS.contains(&c) || LIKE_TICKS.contains(&c) || bracket(c) == Some('['))
        || text.split_whitespace().any(is_mark)
        || marks.as_ref().is_none_or(|marks| marks.is_match(text))
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
