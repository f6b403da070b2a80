//! Bare and quoted words of a query that are most likely no words: a tag in quotes, an operator or a name as other programs write
//! them. Read as text that nobody has, `-"#client"` would leave nobody out.

use super::QueryError;
use super::lexer::Token;
use super::signs::{is_punctuation, plain};
use crate::contact::{fields, tag};
use crate::text::Span;

/// Why the token at `at` must not be taken for a word to search for.
pub fn fault(text: &str, tokens: &[(Token, Span)], at: usize) -> Option<QueryError> {
    let (token, span) = tokens.get(at)?;
    let (word, is_bare) = match token {
        Token::Text(word) => (word.as_str(), true),
        Token::Quoted(word) => (word.as_str(), false),
        _ => return None,
    };
    let any = format!("any:{}", in_quotes(word));
    let refused = |message: String| QueryError::new(*span, message, format!("`{any}` to search for it"));
    if word.chars().any(|c| plain(c) == Some('#')) {
        let error = refused(format!("`{word}` is a text to search for, not a tag"));
        // What another sign before the tag means is not known: searching for it would be no help.
        return Some(match tag_inside(word) {
            Some(name) => error.with_fix(*span, tag::as_term(name)).with_fix(*span, any),
            None if word.starts_with(char::is_alphanumeric) => error.with_fix(*span, any),
            None => error,
        });
    }
    if word.trim().is_empty() {
        return None;
    }
    if is_punctuation(word) {
        let message = format!("`{word}` is not an operator here");
        let error = QueryError::new(*span, message, "a space between terms that must all match, `|` between alternatives");
        // Which way the terms around any other sign belong together nobody can tell.
        return Some(match first_sign(word) {
            Some('+') => error.with_fix(with_space(text, *span), " "),
            Some(',' | ';') => {
                separated(tokens, at).into_iter().fold(error, |error, new| error.with_fix(with_space(text, *span), new))
            }
            _ => error,
        });
    }
    let first = word.chars().find_map(plain)?;
    if matches!(first, '@' | '[' | '{' | '<' | '\\' | '`') {
        let error = refused(format!("`{word}` is a text to search for here, neither a link nor a name"));
        let name = word.trim_matches(['[', ']', '@']).split(['|', '#']).next().unwrap_or("").trim();
        // `[[Bo Wang]]` is two words to the query.
        let is_whole = first != '[' || word.ends_with(']');
        let is_name = matches!(first, '[' | '@') && is_whole && !name.is_empty() && !name.contains(['[', ']', '@']);
        let error = if is_name { error.with_fix(*span, format!("alias:={}", in_quotes(name))) } else { error };
        return Some(error.with_fix(*span, any));
    }
    if is_bare { operator(text, tokens, *span, word).or_else(|| attached(*span, word, first, &any)) } else { None }
}

/// `and`, `or`, `not` as other languages write them, beside another term.
fn operator(text: &str, tokens: &[(Token, Span)], span: Span, word: &str) -> Option<QueryError> {
    let folded = crate::text::fold::search_key(word);
    let meant = match &*folded {
        "and" => "AND",
        "or" => "OR",
        "not" | "nor" => "NOT",
        _ => return comparison(text, span, word),
    };
    if tokens.len() < 2 {
        return None;
    }
    let message = format!("`{word}` is a word to search for here; operators are uppercase");
    Some(QueryError::new(span, message, format!("`{meant}`")).with_fix(span, meant))
}

/// `tag=client`, `birthday>1990`: the colon is missing.
fn comparison(text: &str, span: Span, word: &str) -> Option<QueryError> {
    let end = word.find(|c| matches!(plain(c), Some('=' | '<' | '>' | '~')))?;
    let (key, rest) = word.split_at(end);
    let bare_key = key.trim_end_matches(['!', ':']);
    let is_key = fields::find(bare_key).is_some() || is_special(bare_key);
    if !is_key || span.of(text) != word {
        return None;
    }
    let value = rest.trim_start_matches(|c| matches!(plain(c), Some('=' | '~')));
    let sign = if bare_key.starts_with("tag") {
        ""
    } else if rest.starts_with('=') {
        "="
    } else {
        ""
    };
    let fixed = format!("{bare_key}:{sign}{value}");
    let message = format!("`{word}` is a word to search for: a comparison has a colon after its key");
    let error = QueryError::new(span, message, format!("`{bare_key}:`"));
    Some(if key == bare_key && !value.is_empty() { error.with_fix(span, fixed) } else { error })
}

/// A sign of another language attached to a word.
fn attached(span: Span, word: &str, first: char, any: &str) -> Option<QueryError> {
    let starts_well = match first {
        '+' => word.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == '('),
        '_' | '.' | '\'' | '$' => true,
        c => !c.is_ascii_punctuation(),
    };
    if starts_well && !word.contains([',', ';']) {
        return None;
    }
    let message = format!("`{word}` has a sign that is not an operator here");
    let expected = format!("a space between terms that must all match, `|` between alternatives, or `{any}`");
    Some(QueryError::new(span, message, expected).with_fix(span, any))
}

/// Is it one of the keys that no contact has, and every query may use?
pub fn is_special(key: &str) -> bool {
    matches!(key, "tag" | "tags" | "has" | "missing" | "path" | "kind" | "body" | "any" | "sent")
}

fn first_sign(word: &str) -> Option<char> {
    let mut signs = word.chars().filter_map(plain);
    signs.next().filter(|_| signs.next().is_none())
}

/// What a comma before the token at `at` may have been meant as. Among terms that are left out it means any of them; after a single
/// one nobody can tell whether what follows is to be left out too.
pub fn separated(tokens: &[(Token, Span)], at: usize) -> Vec<&'static str> {
    let mut groups: Vec<bool> = Vec::new();
    let mut is_negated = false;
    let mut last_negated = false;
    for (token, _) in &tokens[..at.min(tokens.len())] {
        match token {
            Token::Not => is_negated = true,
            Token::Open => {
                groups.push(is_negated);
                is_negated = false;
            }
            Token::Close => {
                last_negated = groups.pop().unwrap_or(false);
            }
            Token::Or | Token::And => is_negated = false,
            _ => {
                last_negated = is_negated;
                // A term has several tokens: `#`, `lead`.
                is_negated = is_negated && matches!(token, Token::Hash | Token::Key(_) | Token::Operator(_));
            }
        }
    }
    match (groups.iter().any(|negated| *negated), last_negated) {
        (true, _) => vec![" | "],
        (false, true) => Vec::new(),
        (false, false) => vec![" ", " | "],
    }
}

/// Words that stand for operators in other languages, or begin a key.
const NO_WORDS: &[&str] = &[
    "in",
    "but",
    "except",
    "without",
    "minus",
    "exclude",
    "excluding",
    "like",
    "is",
    "has",
    "missing",
    "tag",
    "tags",
    "path",
    "kind",
    "any",
    "body",
    "und",
    "oder",
    "nicht",
    "ohne",
    "et",
    "ou",
    "sauf",
    "y",
    "o",
    "no",
];

/// Is this word most likely an operator, so that searching for it is no help?
pub fn is_no_word(word: &str) -> bool {
    NO_WORDS.contains(&&*crate::text::fold::search_key(word.trim()))
}

/// The tag that stands in a text like `#client` or `(#client)`.
fn tag_inside(word: &str) -> Option<&str> {
    let hash = word.char_indices().find(|&(_, c)| plain(c) == Some('#'))?;
    // Quotes and brackets only: what any other sign before it means is not known.
    if !word[..hash.0]
        .chars()
        .all(|c| matches!(plain(c), None | Some(' ' | '"' | '\'' | '(' | '[' | '{' | '*' | '‘' | '’' | '「' | '『' | '<')))
    {
        return None;
    }
    let name = word[hash.0 + hash.1.len_utf8()..].trim_end_matches(|c: char| is_punctuation(c.encode_utf8(&mut [0; 4])));
    tag::fault(name).is_none().then_some(name)
}

fn with_space(text: &str, span: Span) -> Span {
    let space = text[span.end()..].chars().next().filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
    let before = text[..span.start()].chars().next_back().filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
    Span::new(span.start() - before, span.end() + space)
}

/// The text in quotes, as a query writes them.
pub fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
