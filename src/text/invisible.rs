//! Characters that nobody sees: they make two texts that look alike two different ones.

use super::Span;

/// The first invisible character of a text.
pub fn find(text: &str) -> Option<Span> {
    // Few texts have anything that could be one.
    if text.is_ascii() { None } else { all(text).next() }
}

/// The text without them.
pub fn taken_out(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut end = 0;
    for hidden in all(text) {
        visible.push_str(&text[end..hidden.start()]);
        end = hidden.end();
    }
    visible.push_str(&text[end..]);
    visible
}

/// Joiners, variation selectors and the letters of flags count only where they stand in no emoji and in no script that needs them:
/// behind a Latin letter, or at the beginning.
fn all(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut before = None;
    text.char_indices().filter_map(move |(at, c)| {
        let hides = match c {
            _ if never_shows(c) => true,
            '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
                before.is_none_or(|before: char| before.is_ascii_alphabetic() || before.is_whitespace())
            }
            '\u{e0020}'..='\u{e007f}' => !matches!(before, Some('\u{1f3f4}' | '\u{e0020}'..='\u{e007f}')),
            _ => false,
        };
        before = Some(c);
        hides.then(|| Span::new(at, at + c.len_utf8()))
    })
}

/// Has this character no width and no meaning of its own: a default ignorable code point, whatever it stands beside?
pub fn is_ignorable(c: char) -> bool {
    never_shows(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e0fff}')
}

/// Default ignorable code points (Unicode, `DerivedCoreProperties.txt`) that have no place in a name, and two blanks that are
/// letters to Unicode.
fn never_shows(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e001f}'
    )
}
