//! Text that is safe to show on a terminal: no control characters, escape sequences or overrides of the writing direction.

use std::borrow::Cow;

/// Does this character break out of a line, drive a terminal, or reorder what stands beside it?
pub fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text as one line: what is unprintable becomes a space.
pub fn one_line(text: &str) -> String {
    if text.contains(is_unprintable) {
        text.split(is_unprintable).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

/// The text with its lines and tabs: what else is unprintable becomes a space.
pub fn printable(text: &str) -> Cow<'_, str> {
    let stays = |c: char| matches!(c, '\n' | '\t') || !is_unprintable(c);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").chars().map(|c| if stays(c) { c } else { ' ' }).collect())
}
