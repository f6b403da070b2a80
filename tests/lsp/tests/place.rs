//! Places in texts, counted three ways.

use serde_json::json;

use super::super::place::{Encoding, cut, path, uri};

#[test]
fn the_cursor_is_found_in_every_encoding() {
    let (text, byte) = cut("alias: 王小明\norg: 😀 Pine‸\n");
    for (encoding, character) in [(Encoding::Utf8, 14), (Encoding::Utf16, 12), (Encoding::Utf32, 11)] {
        let position = encoding.position(&text, byte);
        assert_eq!(position, json!({"line": 1, "character": character}));
        assert_eq!(encoding.byte(&text, &position), Ok(byte));
    }
    let inside = json!({"line": 1, "character": 6});
    assert!(Encoding::Utf16.byte(&text, &inside).unwrap_err().contains("inside a character"));
    assert!(Encoding::Utf32.byte(&text, &json!({"line": 9, "character": 0})).unwrap_err().contains("past the last line"));
    assert!(Encoding::Utf32.byte(&text, &json!({"line": 0, "character": 99})).unwrap_err().contains("past the end"));
}

#[test]
fn lines_end_in_three_ways() {
    let text = "a\r\nb\rc\nd";
    let at = |byte| Encoding::Utf16.position(text, byte)["line"].as_u64().unwrap();
    assert_eq!([at(0), at(3), at(5), at(7), at(8)], [0, 1, 2, 3, 3]);
}

#[test]
fn edits_are_applied_to_the_text_as_it_was() {
    let edit = |from: u32, to: u32, new: &str| json!({"range": super::first_line(from, to), "newText": new});
    let applied = |edits: &[_]| Encoding::Utf16.applied("one two", edits);
    assert_eq!(applied(&[edit(4, 7, "2"), edit(0, 3, "1"), edit(3, 3, ",")]).unwrap(), "1, 2");
    assert!(applied(&[edit(0, 3, "1"), edit(2, 4, "")]).unwrap_err().contains("overlaps"));
}

#[test]
fn an_address_goes_there_and_back() {
    let place = std::path::Path::new("/vault/王 小#1?.md");
    assert_eq!(uri(place), "file:///vault/%E7%8E%8B%20%E5%B0%8F%231%3F.md");
    assert_eq!(path(&uri(place)), place);
}
