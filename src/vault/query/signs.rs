//! Character folding of the query language: what a character counts as outside quotes and names. Input methods and word processors
//! write other forms of the same sign, and a sign that is read as a letter lets in whom it should keep out.

use unicode_normalization::UnicodeNormalization;

use crate::text::invisible;

/// The sign of the language that a character is a form of, a space for every kind of space, `None` for what nobody sees; else the
/// character itself.
pub fn plain(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(if c.is_ascii_whitespace() { ' ' } else { c });
    }
    if c.is_whitespace() {
        return Some(' ');
    }
    if invisible::is_ignorable(c) {
        return None;
    }
    let mut folded = c.nfkc();
    let c = match (folded.next(), folded.next()) {
        (Some(one), None) => one,
        _ => c,
    };
    Some(match c {
        // Dashes and minus signs (Unicode, `Dash` in PropList.txt), as far as they stand alone.
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2053}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{301c}'
        | '\u{3030}' => '-',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '〟' => '"',
        c => c,
    })
}

/// Is it a space, or does nobody see it?
pub fn is_blank(c: char) -> bool {
    plain(c).is_none_or(|c| c == ' ')
}

/// The bracket that closes this one; `None` where it opens nothing.
pub fn closing(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '（' => '）',
        '﹙' => '﹚',
        '[' => ']',
        '［' => '］',
        '{' => '}',
        '｛' => '｝',
        '【' => '】',
        '〔' => '〕',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '〈' => '〉',
        _ => return None,
    })
}

/// Is it a comma, semicolon, colon or bar of an input method? Attached to a name nobody can tell whether it is a part of it.
pub fn is_separator(c: char) -> bool {
    matches!(
        c,
        '，' | '、'
            | '；'
            | '：'
            | '｜'
            | '﹐'
            | '﹑'
            | '﹔'
            | '﹕'
            | '︰'
            | '؛'
            | '،'
            | '︱'
            | '︓'
            | '︔'
            | '︐'
            | '︑'
            | '､'
    )
}

/// Is there neither a letter, a digit nor a picture in it? (Unicode general categories L, M, N, So, as far as people write them.)
pub fn is_punctuation(text: &str) -> bool {
    !text.chars().any(|c| c.is_alphanumeric() || is_picture(c))
}

/// A symbol that stands for something by itself: emoji, `☕`, `★`, currency signs.
fn is_picture(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '©' | '®' | '°' | '§')
        || matches!(c, '\u{2100}'..='\u{214f}' | '\u{2300}'..='\u{23ff}' | '\u{2460}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}
