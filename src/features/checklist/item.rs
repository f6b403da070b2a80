//! A line of a list: `- [ ] [[Alias]] · handle`, and what somebody wrote after it. It is read however its box is written, since a
//! tick that is not seen is a message that is sent twice.

use super::boxed::Boxed;
use super::linked::find_wiki;
use crate::text::links::inside;

/// Between a name and its handle.
pub const BETWEEN: &str = " · ";

/// A line of a list, in its parts as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'t> {
    /// The box that it begins with.
    pub boxed: Boxed<'t>,
    /// Between the box and the name.
    pub words: &'t str,
    /// The name as it is written: a link in whatever form, an alias, a handle.
    pub name: &'t str,
    /// What stands in `[[…]]`; empty where the name is no such link.
    pub link: &'t str,
    /// After the name.
    pub tail: &'t str,
}

impl<'t> Item<'t> {
    /// Whom the line names: the target of its link, label and heading left out, else what is written.
    pub fn target(&self) -> &'t str {
        if self.link.is_empty() { self.name } else { target(self.link) }
    }

    /// The name as it is written, in proper brackets.
    pub fn proper_name(&self) -> String {
        if self.link.is_empty() { self.name.to_owned() } else { format!("[[{}]]", self.link) }
    }

    /// Is it ticked? Whatever stands in the box is a tick of some kind.
    pub fn is_ticked(&self) -> bool {
        !self.boxed.tick.is_empty()
    }

    /// The line up to its name, with this tick.
    pub fn with_tick(&self, tick: &str) -> String {
        let between = if self.boxed.is_plain { self.words.to_owned() } else { format!(" {}", self.words.trim_start()) };
        format!("{}{between}", self.boxed.with(tick))
    }

    /// The line up to its name, without its box.
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
}

/// Whom the text between `[[` and `]]` names, label and heading left out.
pub fn target(inner: &str) -> &str {
    &inner[inside(inner).name]
}

/// What a text begins with and may be a handle: the longest first.
pub fn handles_at(text: &str) -> Vec<&str> {
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, ',' | ';')).map(|(at, _)| at);
    let mut found: Vec<&str> = ends.take(8).chain([text.len()]).map(|end| text[..end].trim_end()).collect();
    found.retain(|handle| !handle.is_empty());
    found.reverse();
    found
}

/// Reads a line that is a bullet, a box and right after it a link.
pub fn read(line: &str) -> Option<Item<'_>> {
    let boxed = Boxed::read(line).filter(|boxed| !boxed.bullet.trim().is_empty())?;
    let (at, inner) = find_wiki(boxed.rest)?;
    let words = &boxed.rest[..at.start];
    let item = Item { boxed, words, name: &boxed.rest[at.clone()], link: inner, tail: &boxed.rest[at.end..] };
    (words.trim().is_empty() && !item.target().is_empty()).then_some(item)
}

/// How much of a text looks like a handle that once stood there: a number, or one word with a sign or digit in it.
fn handle_length(rest: &str) -> usize {
    let before = rest.split(" — ").next().unwrap_or(rest).trim_end();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '.' | '(' | ')' | '/');
    if before.chars().all(is_number) && before.contains(|c: char| c.is_ascii_digit()) {
        return before.len();
    }
    let word = before.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([',', ';', ':', '.', '!', '?']);
    if looks_like_handle(word) { word.len() } else { 0 }
}

/// Has this word a sign or digit in it, as words of a language seldom have?
pub fn looks_like_handle(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '_' | '.' | '+' | '-'))
}
