//! Domain names outside ASCII.

use guanxi::text::idn::{ascii_address, to_ascii};

#[test]
fn one_domain_has_one_form() {
    for written in
        ["exämple.de", "EXÄMPLE.DE", "exa\u{308}mple.de", "exämple。de", "ｅxämple．de", "xn--exmple-cua.de", "XN--Exmple-cua.DE"]
    {
        assert_eq!(to_ascii(written).as_deref(), Some("xn--exmple-cua.de"), "{written}");
    }
    assert_eq!(to_ascii("例子.测试").as_deref(), Some("xn--fsqu00a.xn--0zwm56d"));
    // Not the same domain as `strasse.de` since IDNA 2008.
    assert_eq!(to_ascii("straße.de").as_deref(), Some("xn--strae-oqa.de"));
}

#[test]
fn what_is_no_domain_is_none() {
    let long = "ä".repeat(4_000_000);
    for written in [
        "",
        ".",
        "exämple..de",
        "exämple.de.",
        "ex ämple.de",
        "exämple.de/x",
        "xn--\u{e4}.de",
        "xn--a.de",
        "ä@b.de",
        "\u{200d}.de",
        &long,
    ] {
        assert_eq!(to_ascii(written), None, "{}", &written[..written.len().min(20)]);
    }
    assert_eq!(to_ascii(&format!("{}.de", "ä".repeat(70))), None);
}

#[test]
fn only_the_domain_of_an_address_is_encoded() {
    assert_eq!(ascii_address("info@exämple.de").as_deref(), Some("info@xn--exmple-cua.de"));
    assert_eq!(ascii_address("Jörg@exämple.de").as_deref(), Some("Jörg@xn--exmple-cua.de"));
    assert_eq!(ascii_address("Info@Example.DE").as_deref(), Some("Info@Example.DE"));
    assert_eq!(ascii_address("info@exä mple.de"), None);
}
