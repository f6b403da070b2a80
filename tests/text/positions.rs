//! Places as editors count them, and their changes carried over: the law is a plain string in the editor's own units.

use guanxi::text::lines::{Encoding, Lines, Position};
use guanxi::text::sync::{self, Change};
use proptest::prelude::*;

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

fn at(line: u32, column: u32) -> Position {
    Position { line, column }
}

#[test]
fn a_column_counts_what_the_encoding_counts() {
    let text = "茶🍵 #lead\r\nb";
    let lines = Lines::new(text);
    let hash = text.find('#').unwrap();
    let columns = ENCODINGS.map(|encoding| lines.position(text, hash, encoding).column);
    assert_eq!(columns, [8, 4, 3]);
    for (encoding, column) in ENCODINGS.into_iter().zip(columns) {
        assert_eq!(lines.offset(text, at(0, column), encoding), hash);
    }
}

#[test]
fn no_place_is_wrong() {
    let text = "a🍵\r\nb\n";
    let lines = Lines::new(text);
    for encoding in ENCODINGS {
        assert_eq!(lines.offset(text, at(0, 4_294_967_294), encoding), 5, "the end of the line, before CRLF");
        assert_eq!(lines.offset(text, at(4_294_967_294, 0), encoding), text.len());
        assert_eq!(lines.offset(text, at(2, 7), encoding), text.len());
        assert_eq!(lines.position(text, 6, encoding), lines.position(text, 5, encoding), "no place between CR and LF");
    }
    // Inside a character: the place before it.
    assert_eq!(lines.offset(text, at(0, 2), Encoding::Utf16), 1);
    assert_eq!(lines.offset(text, at(0, 3), Encoding::Utf8), 1);
}

/// The editor's own copy: lines of units, as the specification describes them, without any of our code.
fn plain(text: &str, encoding: Encoding, start: Position, end: Position, new: &str) -> String {
    let byte = |place: Position| {
        let mut offset = 0;
        let mut line = 0;
        let bytes = text.as_bytes();
        while line < place.line && offset < bytes.len() {
            match (bytes[offset], bytes.get(offset + 1)) {
                (b'\r', Some(b'\n')) => (offset, line) = (offset + 2, line + 1),
                (b'\r' | b'\n', _) => (offset, line) = (offset + 1, line + 1),
                _ => offset += 1,
            }
        }
        if line < place.line {
            return text.len();
        }
        let mut units = 0;
        for c in text[offset..].chars() {
            let width = match encoding {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if c == '\r' || c == '\n' || units + width > place.column as usize {
                break;
            }
            units += width;
            offset += c.len_utf8();
        }
        offset
    };
    let (start, end) = (byte(start), byte(end));
    format!("{}{new}{}", &text[..start.min(end)], &text[end.max(start)..])
}

fn piece() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&["a", "é", "茶", "🍵", "\n", "\r\n", "\r", "👨‍👩‍👧", " ", "#lead"][..]), 0..8)
        .prop_map(|parts| parts.concat())
}

fn place() -> impl Strategy<Value = Position> {
    (0..7u32, prop_oneof![9 => 0..12u32, 1 => Just(4_294_967_294)]).prop_map(|(line, column)| at(line, column))
}

proptest! {
    #![proptest_config(crate::law(500))]

    #[test]
    fn changes_come_out_as_in_a_plain_string(
        text in piece(),
        changes in prop::collection::vec((place(), place(), piece(), 0..12u8), 0..12),
        encoding in prop::sample::select(&ENCODINGS[..]),
    ) {
        let mut expected = text.clone();
        let mut told = Vec::new();
        for (start, end, new, dice) in changes {
            if dice == 0 {
                expected = new.clone();
                told.push(Change { range: None, text: new });
            } else {
                expected = plain(&expected, encoding, start, end, &new);
                told.push(Change { range: Some((start, end)), text: new });
            }
        }
        prop_assert_eq!(sync::apply(&text, told, encoding), expected);
    }

    #[test]
    fn a_place_and_back(text in piece(), encoding in prop::sample::select(&ENCODINGS[..])) {
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices() {
            let inside_crlf = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
            if !inside_crlf {
                prop_assert_eq!(lines.offset(&text, lines.position(&text, offset, encoding), encoding), offset);
            }
        }
    }

    /// From any place on, each later one is where it is by counting all lines.
    #[test]
    fn a_place_from_another(text in piece(), encoding in prop::sample::select(&ENCODINGS[..])) {
        let lines = Lines::new(&text);
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for (place, &from) in offsets.iter().enumerate() {
            let begin = lines.position(&text, from, encoding);
            for &to in &offsets[place..] {
                prop_assert_eq!(begin.advanced(&text, from, to, encoding), lines.position(&text, to, encoding), "{} to {}", from, to);
            }
        }
    }
}
