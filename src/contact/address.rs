//! Validation of single mail addresses and phone numbers. (Reading every address of a file: [`super::reach`].)

use crate::text::{fold, invisible};

/// A mail address that could work: something, one `@`, a domain (RFC 5321 §4.1.2, as far as people write it).
pub fn email_fault(text: &str) -> Option<String> {
    if invisible::find(text).is_some() {
        return Some(format!("there is an invisible character in `{text}`"));
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Some(format!("`{text}` is not a mail address: it has no @"));
    };
    let blank = |part: &str| {
        part.is_empty()
            || part.chars().any(|c| {
                c.is_whitespace()
                    || c.is_control()
                    || matches!(c, '<' | '>' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '\\' | '"')
            })
    };
    let domain_fits = domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"')).is_some_and(is_quotable);
    if (!quoted && (blank(local) || local.contains('@'))) || blank(domain) || !domain_fits || text.len() > 320 {
        return Some(format!("`{text}` is not a mail address"));
    }
    None
}

/// May it stand between the quotes of a mail address (RFC 5321 §4.1.2, `QcontentSMTP`)? A quote inside would end it, and what is
/// behind that could be somebody else's address.
fn is_quotable(inner: &str) -> bool {
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        let fits = match c {
            '\\' => characters.next().is_some_and(|next| !next.is_control()),
            c => c != '"' && !c.is_control(),
        };
        if !fits {
            return false;
        }
    }
    !inner.is_empty()
}

/// Up to where a phone number is the number itself, and not an extension.
pub fn without_extension(text: &str) -> &str {
    let end = text.char_indices().find_map(|(at, c)| {
        // `;ext=12` as in a `tel:` URI (RFC 3966 §3); a bare `;` parts two numbers.
        let word = text[at..].strip_prefix(';').unwrap_or(&text[at..]);
        let is_word = word.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("ext"));
        (is_word || matches!(c, 'x' | 'X' | '#')).then_some(at)
    });
    &text[..end.unwrap_or(text.len())]
}

/// A number that a phone could dial: 3 to 15 digits (E.164 §6.1; short numbers exist), an extension behind it allowed.
pub fn phone_fault(text: &str) -> Option<String> {
    let number = without_extension(text).trim();
    let number = number.strip_prefix("tel:").unwrap_or(number);
    let digits = fold::digits(number).len();
    let signs = number
        .chars()
        .all(|c| c.is_numeric() || c.is_whitespace() || matches!(c, '+' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}'));
    if (3..=15).contains(&digits) && signs {
        return None;
    }
    Some(format!("`{text}` is not a phone number"))
}
