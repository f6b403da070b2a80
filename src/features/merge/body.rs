//! Two bodies become one: each reads as it did alone, and nothing is written twice.

use super::grow::Merging;
use crate::contact::Document;
use crate::text::{append, lines};

impl Merging {
    /// What the other file said differently, and its text, after this one's. What is there already is not written again. `stem` is the
    /// other's file name, for labels that both texts use.
    pub(super) fn body(&mut self, body: &str, stem: &str) -> Result<(), String> {
        let newline = lines::newline_of(&self.text);
        let mut behind: Vec<String> = Vec::new();
        if !self.lines.is_empty() {
            let lines: Vec<String> = self.lines.iter().map(|line| format!("- {line}")).collect();
            behind.push(lines.join("\n"));
        }
        let body = plain(trimmed(body));
        if !body.is_empty() {
            let own = Document::parse(&self.text).body_text();
            match around(&plain(trimmed(own)), &body) {
                Some((before, after)) => {
                    let at = self.text.len() - own.trim_start_matches(['\n', '\r']).len();
                    self.text.insert_str(at, &before.replace('\n', newline));
                    let end = self.text.trim_end().len();
                    self.text.insert_str(end, &after.replace('\n', newline));
                }
                None => behind.extend(missing(&plain(own), &body, stem)),
            }
        }
        let own = plain(Document::parse(&self.text).body_text());
        let closing = if behind.is_empty() { Some(String::new()) } else { append::closing_line(&own) };
        let Some(closing) = closing else {
            return Err(
                "the text of the file that stays ends inside a block that cannot be ended: please merge by hand".to_owned()
            );
        };
        if !closing.is_empty() {
            self.end_line();
            self.text.push_str(&format!("{closing}{newline}"));
        }
        for piece in behind {
            let is_first = Document::parse(&self.text).body_text().trim().is_empty();
            self.end_line();
            let start = if is_first { "" } else { newline };
            self.text.push_str(&format!("{start}{}{newline}", piece.replace('\n', newline)));
        }
        Ok(())
    }

    fn end_line(&mut self) {
        if !self.text.ends_with(['\n', '\r']) {
            self.text.push_str(lines::newline_of(&self.text));
        }
    }
}

/// The other text, as far as it is not in this one: with its labels so written that they are its own.
fn missing(own: &str, other: &str, stem: &str) -> Option<String> {
    if has_lines(own, other) {
        return None;
    }
    let stem = stem.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let mut number = 1;
    loop {
        let suffix = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        let (text, is_free) = append::relabelled(other, own, &suffix);
        if has_lines(own, &text) {
            return None;
        }
        if is_free {
            return Some(text);
        }
        number += 1;
    }
}

/// What the other text says before and after this one, where this one stands in it whole: it came from here by an earlier merge.
fn around(own: &str, other: &str) -> Option<(String, String)> {
    let at = places_of(other, own).next().filter(|_| !own.is_empty() && own != other)?;
    let (before, after) = (&other[..at], &other[at + own.len()..]);
    append::closing_line(before).is_some_and(|line| line.is_empty()).then(|| (before.to_owned(), after.to_owned()))
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Without blank lines around it. Blanks before its first word stand: they may make it code.
fn trimmed(text: &str) -> &str {
    text.trim_matches(['\n', '\r']).trim_end()
}

/// Are these whole lines of the text, one after the other?
pub(super) fn has_lines(text: &str, lines: &str) -> bool {
    places_of(text, lines).next().is_some()
}

/// Where these lines begin in the text.
fn places_of<'t>(text: &'t str, lines: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_whole = |at: usize| {
        let (before, after) = (&text[..at], &text[at + lines.len()..]);
        (before.is_empty() || before.ends_with('\n'))
            && (after.trim_start_matches([' ', '\t']).is_empty() || after.trim_start_matches([' ', '\t']).starts_with('\n'))
    };
    text.match_indices(lines).map(|(at, _)| at).filter(move |&at| is_whole(at))
}
