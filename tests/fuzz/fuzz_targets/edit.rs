//! Whatever the file, a tag that was added is there, what was removed is not, and the body keeps its bytes.
#![no_main]

use guanxi::contact::{Document, fields};
use guanxi::text::edit;
use guanxi::text::yaml::edit::{ItemChange, Source, Wish, plan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, tag) = input;
    if guanxi::contact::tag::fault(tag).is_some() {
        return;
    }
    let order = fields::order();
    let add = [tag.to_owned()];
    let Ok(edits) =
        plan(text, Source::FrontMatter, &order, &Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &add })
    else {
        return;
    };
    let added = edit::apply(text, &edits);
    let (before, after) = (Document::parse(text), Document::parse(&added));
    assert_eq!(before.body_text().trim_start_matches(['\n', '\r']), after.body_text().trim_start_matches(['\n', '\r']));
    assert!(after.values_of("tags").iter().any(|value| value.text == tag), "{added:?}");
    for entry in before.head.entries.iter().filter(|entry| entry.key != "tags") {
        assert!(after.head.entries.iter().any(|own| own.key == entry.key && own.value.same(&entry.value)), "{added:?}");
    }
    let drop = |own: &str| if own == tag { ItemChange::Drop } else { ItemChange::Keep };
    if let Ok(edits) = plan(&added, Source::FrontMatter, &order, &Wish::List { path: &["tags"], change: &drop, add: &[] }) {
        let removed = edit::apply(&added, &edits);
        assert!(!Document::parse(&removed).values_of("tags").iter().any(|value| value.text == tag), "{removed:?}");
    }
    let _ = plan(text, Source::WholeFile, &[], &Wish::Set { path: &["broadcast", "exclude"], value: tag });
});
