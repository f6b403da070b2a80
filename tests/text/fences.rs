//! Where the front matter is.

use guanxi::text::fences::find;

fn head(text: &str) -> Option<(&str, &str, bool)> {
    let fences = find(text);
    fences.present.then(|| (fences.head.of(text), fences.body.of(text), fences.closed))
}

#[test]
fn between_the_fences() {
    assert_eq!(head("---\na: b\n---\nbody"), Some(("a: b\n", "body", true)));
    assert_eq!(head("\u{feff}---  \r\na: b\r\n...\r\nbody"), Some(("a: b\r\n", "body", true)));
    assert_eq!(head("---\n---"), Some(("", "", true)));
    assert_eq!(head("---\ra: b\r---\rbody"), Some(("a: b\r", "body", true)));
}

#[test]
fn no_front_matter() {
    for text in ["", "text", "----\na: b\n---\n", "--- a\n---\n", "\n---\na: b\n---\n", "---\nA story begins.\n", "---"] {
        assert_eq!(head(text), None, "{text:?}");
    }
}

#[test]
fn a_head_without_end_reaches_as_far_as_it_looks_like_one() {
    assert_eq!(
        head("---\nalias: W\ntags: [a\n\nHe came by yesterday.\n"),
        Some(("alias: W\ntags: [a\n", "\nHe came by yesterday.\n", false))
    );
    assert_eq!(head("---\nalias: W\n- a\n"), Some(("alias: W\n- a\n", "", false)));
}
