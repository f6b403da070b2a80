//! How texts compare.

use guanxi::text::fold::{digits, distance, search_key, tag_key};

#[test]
fn tags_are_the_same_after_nfc_and_case_folding() {
    assert_eq!(tag_key("Zürich"), tag_key("zu\u{308}RICH"));
    assert_eq!(tag_key("STRASSE"), tag_key("straße"));
    assert_eq!(tag_key("ΣΊΣΥΦΟΣ"), tag_key("σίσυφος"));
    assert_ne!(tag_key("resume"), tag_key("résumé"));
    assert_eq!(tag_key("老同学"), "老同学");
}

#[test]
fn searching_leaves_out_diacritics_case_and_width() {
    for (text, key) in [
        ("Łukasz Żółw", "lukasz zolw"),
        ("SØREN", "soren"),
        ("Zoë", "zoe"),
        ("Ａｄａ", "ada"),
        ("ﬁne", "fine"),
        ("Straße", "strasse"),
        ("Œuvre", "oeuvre"),
        ("ガ", "ガ"),
        ("한글", "한글"),
        ("İstanbul", "istanbul"),
    ] {
        assert_eq!(search_key(text), key);
    }
}

#[test]
fn digits_in_any_format() {
    assert_eq!(digits("+1 (212) 555-01４7"), "12125550147");
}

#[test]
fn distance_counts_swaps_once_and_stops_at_its_limit() {
    assert_eq!(distance("leads", "leeds", 2), Some(1));
    assert_eq!(distance("phnoes", "phones", 2), Some(1));
    assert_eq!(distance("abc", "xyz", 2), None);
    assert_eq!(distance(&"a".repeat(100_000), &"b".repeat(100_000), 2), None);
}
