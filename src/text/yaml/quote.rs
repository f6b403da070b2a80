//! How a text is written as YAML so that every reader gets the same text back: bare where that is safe, else in quotes.

use super::Style;

/// Where a value will stand: inside brackets commas and brackets end it, elsewhere they do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `key: here`, `- here`
    Block,
    /// `[here, …]`
    Flow,
}

/// The text as YAML, in the style wished for where that style can carry it.
pub fn write(text: &str, style: Style, place: Place) -> String {
    let printable =
        text.chars().all(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'));
    match style {
        Style::Single if printable => format!("'{}'", text.replace('\'', "''")),
        Style::Plain | Style::Block if printable && is_plain(text, place) => text.to_owned(),
        _ => double(text),
    }
}

/// The text in double quotes (YAML 1.2.2 §7.3.1), everything unprintable escaped.
pub fn double(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    for c in text.chars() {
        match c {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let code = c as u32;
                result.push_str(&if code <= 0xff { format!("\\x{code:02x}") } else { format!("\\u{code:04x}") });
            }
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

/// Does the bare text read back as itself, and as text, in guanxi and in other readers of YAML?
pub fn is_plain(text: &str, place: Place) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let fine_start = match first {
        '-' | '?' | ':' => text.chars().nth(1).is_some_and(char::is_alphanumeric) || text.starts_with("--"),
        '[' | ']' | '{' | '}' | ',' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | '=' | '<' => false,
        c => !c.is_whitespace(),
    };
    let fine_inside =
        !text.contains(": ") && !text.contains(" #") && !text.ends_with(':') && !text.ends_with(char::is_whitespace);
    let fine_in_place = place == Place::Block || !text.contains([',', '[', ']', '{', '}', ':', '#']);
    fine_start && fine_inside && fine_in_place && !text.starts_with("---") && !text.starts_with("...") && !looks_like_data(text)
}

/// Would another reader take the bare text for a number, a truth value or nothing? Dates stay bare: that is how people write them.
fn looks_like_data(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = matches!(
        lower.as_str(),
        "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | ".inf" | "-.inf" | "+.inf" | ".nan"
    );
    let number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-' | '.' | '_' | 'x' | 'o' | ':' | 'X'))
        && !is_date(text);
    word || number
}

/// `1988-04-02` or `--04-02`.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        ["", "", month, day] => digits(month, 2) && digits(day, 2),
        _ => false,
    }
}
