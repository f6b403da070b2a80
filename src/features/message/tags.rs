//! The tags `{{ … }}` and `{% … %}` of a template, as far as it must be known before the engine reads it: an expression of a
//! hundred thousand signs would be deeper than any stack. Also where each name stands.

use std::ops::Range;

/// A tag has no more words and signs.
const LONGEST_TAG: usize = 200;

/// A template has no more tags.
const MOST_TAGS: usize = 2000;

/// It has no more `elif`, each of which lies inside the one before it.
const MOST_ELIFS: usize = 100;

/// What a template holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags<'t> {
    /// Names that may be fields, with their places.
    pub names: Vec<(&'t str, usize)>,
    /// Is anything done many times?
    pub loops: bool,
    /// The first word of each `{% … %}`.
    pub statements: Vec<&'t str>,
}

/// Why a template is not read at all: where, and what is wrong.
pub type Refusal = (Range<usize>, String);

/// Looks at every tag. What the engine itself refuses is left to it.
pub fn look(source: &str) -> Result<Tags<'_>, Refusal> {
    let bytes = source.as_bytes();
    let mut tags = Tags::default();
    let (mut count, mut elifs) = (0, 0);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'{', &bytes[at..]).map(|found| at + found) {
        at = match bytes.get(found + 1) {
            Some(b'#') => match memchr::memmem::find(&bytes[found + 2..], b"#}") {
                Some(end) => found + 2 + end + 2,
                None => break,
            },
            Some(open @ (b'{' | b'%')) => {
                count += 1;
                let close = if *open == b'{' { b'}' } else { b'%' };
                let Some(tag) = Tag::read(source, found, close)? else { break };
                if *open == b'%' {
                    match tag.words.first().map(|(word, _)| *word) {
                        Some("raw") => {
                            let message = "`raw` is not for messages: write `{{ \"{{\" }}` for two braces";
                            return Err((found..tag.end, message.to_owned()));
                        }
                        Some("elif") => elifs += 1,
                        Some("for") => tags.loops = true,
                        _ => {}
                    }
                }
                if count > MOST_TAGS || elifs > MOST_ELIFS {
                    return Err((found..tag.end, "a message has no more than 2000 tags, and no more than 100 `elif`".to_owned()));
                }
                let skip = usize::from(*open == b'%');
                tags.statements.extend(tag.words.first().filter(|_| skip > 0).map(|(word, _)| *word));
                tags.names.extend(tag.words.into_iter().skip(skip));
                tag.end
            }
            _ => found + 1,
        };
    }
    Ok(tags)
}

struct Tag<'t> {
    words: Vec<(&'t str, usize)>,
    end: usize,
}

impl<'t> Tag<'t> {
    /// Reads one, as the engine does: its end counts where no bracket is open, and not inside quotes. `None` where it has none.
    fn read(source: &'t str, start: usize, close: u8) -> Result<Option<Self>, Refusal> {
        let bytes = source.as_bytes();
        let mut words: Vec<(&str, usize)> = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        let (mut at, mut count) = (start + 2, 0);
        // What stands before a word tells whether it is one of ours: not behind a dot, not a filter.
        let mut before = b' ';
        while let Some(&byte) = bytes.get(at) {
            if open.is_empty() && byte == close && bytes.get(at + 1) == Some(&b'}') {
                return Ok(Some(Self { words, end: at + 2 }));
            }
            let from = at;
            at += 1;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c => continue,
                b'"' | b'\'' => match string_end(bytes, at, byte) {
                    Some(end) => at = end,
                    None => return Ok(None),
                },
                b'(' | b'[' | b'{' => open.push(byte),
                b')' | b']' | b'}' if open.pop().is_none() => return Ok(None),
                b':' if open.last() == Some(&b'[') => {
                    let message = "`[a:b]` is not for messages: take one, `[0]`, or a filter: `first`, `last`, `join`";
                    return Err((from..at, message.to_owned()));
                }
                _ if is_name(byte) => {
                    while bytes.get(at).is_some_and(|&byte| is_name(byte)) {
                        at += 1;
                    }
                    let word = source.get(from..at).unwrap_or("");
                    if !matches!(before, b'.' | b'|') && !word.starts_with(|c: char| c.is_ascii_digit()) {
                        words.push((word, from));
                    }
                }
                _ => {}
            }
            before = byte;
            count += 1;
            if count > LONGEST_TAG {
                return Err((start..start + 2, "this tag is too long: no more than 200 words and signs".to_owned()));
            }
        }
        Ok(None)
    }
}

/// Every character beyond ASCII counts as part of a name: the engine refuses those that are none.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The blocks around a place of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Those that begin before it and do not end there, outermost first: `if`, `for` or `with`, and whether its `else` was there.
    pub open: Vec<(&'static str, bool)>,
    /// The ends after it of blocks that do not begin there: `endif`, …
    pub unopened: Vec<&'static str>,
}

/// What a block begins and ends with.
const BLOCKS: [(&str, &str); 3] = [("if", "endif"), ("for", "endfor"), ("with", "endwith")];

/// Which blocks are around a place, told by the template before it and after it. Nothing where those are no template.
pub fn blocks_around(before: &str, after: &str) -> Blocks {
    let mut blocks = Blocks::default();
    let statements = |source| look(source).map(|tags| tags.statements).unwrap_or_default();
    for word in statements(before) {
        if let Some((begin, _)) = BLOCKS.iter().find(|(begin, _)| *begin == word) {
            blocks.open.push((begin, false));
        } else if word == "else" {
            blocks.open.last_mut().iter_mut().for_each(|open| open.1 = true);
        } else if let Some(at) = blocks.open.iter().rposition(|(begin, _)| BLOCKS.contains(&(begin, word))) {
            blocks.open.truncate(at);
        }
    }
    let mut begun: Vec<&str> = Vec::new();
    for word in statements(after) {
        if let Some((_, end)) = BLOCKS.iter().find(|(begin, _)| *begin == word) {
            begun.push(end);
        } else if let Some((_, end)) = BLOCKS.iter().find(|(_, end)| *end == word) {
            match begun.iter().rposition(|open| open == end) {
                Some(at) => begun.truncate(at),
                None => blocks.unopened.push(end),
            }
        }
    }
    // What blocks around the place end with ends no new one.
    for (begin, _) in blocks.open.iter().rev() {
        let end = BLOCKS.iter().find(|(own, _)| own == begin).map(|(_, end)| *end);
        if let Some(at) = blocks.unopened.iter().position(|unopened| Some(*unopened) == end) {
            blocks.unopened.remove(at);
        }
    }
    blocks
}
