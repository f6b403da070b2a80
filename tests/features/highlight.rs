//! Highlights as pictures: `«…»` declares the thing, `‹…›` only speaks of it.

use guanxi::features::highlight::highlight;

use super::{Asked, marked};

fn shown(picture: &str) -> Vec<String> {
    let asked = Asked::new(picture);
    let highlights = highlight(&asked.here(), asked.offset);
    let spans: Vec<_> =
        highlights.into_iter().map(|place| if place.writes { (place.span, '«', '»') } else { (place.span, '‹', '›') }).collect();
    marked(asked.here().text(), &spans)
}

#[test]
fn a_tag_in_this_text_only() {
    let others = "== b.md\n---\nalias: B\ntags: [lead]\n---\n";
    let text = "== a.md\n---\nalias: A\ntags: [lead, \"lead/hot\", leads]\n---\n#le‸ad #leads `#lead`\n```guanxi\n#lead\n```\n";
    assert_eq!(shown(&format!("{others}{text}")), ["tags: [«lead», «\"lead/hot\"», leads]", "#‹lead› #leads `#lead`", "#‹lead›"]);
    assert_eq!(shown("== a.md\n---\nto: '#le‸ad #\"lead\"'\n---\n#lead\n"), ["to: '#‹lead› #‹\"lead\"›'", "#‹lead›"]);
    let config = "== guanxi.yaml\ntags:\n  known:\n    le‸ad: x\nbroadcast:\n  exclude: \"#lead\"\n";
    assert_eq!(shown(config), ["    «lead»: x", "  exclude: \"#‹lead›\""]);
}

#[test]
fn a_contact_in_this_text_only() {
    let picture = "== a.md\n---\nalias: ‸Wang\naliases: [王]\n---\n[[wang]] [[王|he]] [me](a.md) [[Li]]\n== b.md\n[[Wang]]\n";
    assert_eq!(shown(picture), ["alias: «Wang»", "[[‹wang›]] [[‹王›|he]] [me](‹a.md›) [[Li]]"]);
    assert_eq!(shown("== b.md\n[[No‸body]] [[nobody|x]] [[Someone]]\n"), ["[[‹Nobody›]] [[‹nobody›|x]] [[Someone]]"]);
}

#[test]
fn pictures_and_fields() {
    assert_eq!(
        shown("== a.md\n---\nalias: A\ncard: [x/‸a.png, ./x/a.png, b.png]\n---\n"),
        ["card: [‹x/a.png›, ‹./x/a.png›, b.png]"]
    );
    assert_eq!(shown("== a.md\n---\nto: '#x'\n---\n{{ or‸g }} org\n{% if org %}\n"), ["{{ ‹org› }} org", "{% if ‹org› %}"]);
    assert_eq!(shown("== a.md\n---\nalias: A\norg: P‸\n---\n"), Vec::<String>::new());
}

/// Of a million places those nearest to the cursor.
#[test]
fn no_more_places_than_a_screen_shows() {
    use guanxi::features::highlight::MOST;
    let many = "#a ".repeat(3 * MOST);
    for picture in [format!("== a.md\nx #‸a {many}\n"), format!("== a.md\n{many}#‸a {many}\n"), format!("== a.md\n{many}#‸a\n")]
    {
        let asked = Asked::new(&picture);
        let places = highlight(&asked.here(), asked.offset);
        assert_eq!(places.len(), MOST);
        assert!(places.iter().any(|place| place.span.start() == asked.offset));
    }
}
