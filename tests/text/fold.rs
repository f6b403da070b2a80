//! How texts compare.

use guanxi::text::fold::{self, digits, distance, search_key, tag_key};

#[test]
fn tags_are_the_same_after_nfc_and_case_folding() {
    assert_eq!(tag_key("Zürich"), tag_key("zu\u{308}RICH"));
    assert_eq!(tag_key("STRASSE"), tag_key("straße"));
    assert_eq!(tag_key("ΣΊΣΥΦΟΣ"), tag_key("σίσυφος"));
    assert_ne!(tag_key("resume"), tag_key("résumé"));
    assert_eq!(tag_key("老同学"), "老同学");
    assert_eq!(tag_key("ｄｏ－not\u{200b}-contact"), "do-not-contact");
    assert_eq!(tag_key("客户（北京）"), tag_key("客户(北京)"));
    assert_eq!(tag_key("☕\u{fe0f}"), tag_key("☕"));
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

proptest::proptest! {
    #![proptest_config(crate::law(3000))]

    /// What is kept of a body, with the body as it stands, is as good as the whole body folded.
    #[test]
    fn little_is_kept_and_all_is_found(
        text in "([a-cA-C .]{1,9}|[éÅø王明ßﬁ\u{301}АЯ]|\u{200d}|\\n){0,12}",
        from in 0_usize..60,
        length in 1_usize..9,
        other in "[a-ceaoss王 я]{1,4}",
    ) {
        let reach = 8;
        let whole = fold::search_key(&text).into_owned();
        let kept = fold::around_accents(&text, reach);
        let within = whole.get(from..(from + length).min(whole.len())).unwrap_or("").to_owned();
        for needle in [within, other] {
            let needle = fold::search_key(&needle).into_owned();
            if needle.is_empty() || !fold::is_within_reach(&needle, reach) {
                continue;
            }
            let found = kept.contains(&needle) || fold::contains_as_it_stands(&text, &needle);
            proptest::prop_assert_eq!(found, whole.contains(&needle), "{:?} in {:?}", needle, text);
            proptest::prop_assert_eq!(fold::contains_folded(&text, &needle), whole.contains(&needle));
        }
    }
}

#[test]
fn of_plain_texts_nothing_is_kept() {
    for text in ["Met in Boston", "供应商会议 in Boston", ""] {
        assert_eq!(fold::around_accents(text, 8), "");
    }
    let long = format!("{} Újvárin {}", "plain ".repeat(50), "words ".repeat(50));
    assert_eq!(fold::around_accents(&long, 8), " plain  ujvarin words w");
}
