//! Any bytes that are UTF-8 are read without a panic, every place fits the text, and the scanner reads what the full parser reads.
#![no_main]

use guanxi::contact::{Config, Document, inspect};
use guanxi::text::{fences, yaml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let document = Document::parse(text);
    for problem in inspect(&document) {
        assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
    }
    let body = document.body();
    for span in body.links.iter().map(|link| link.target_span).chain(body.mentions.iter().map(|mention| mention.span)) {
        assert!(text.get(span.range()).is_some());
    }
    document.tags();
    document.other_names();
    document.opt_out();
    Config::parse(text);
    let head = fences::find(text).head;
    if let Some(scanned) = yaml::scan_only(text, head) {
        let full = yaml::parse_fully(text, head);
        if head.len() <= yaml::FULL_PARSER_LIMIT {
            assert_eq!(full.entries, scanned);
            assert!(full.faults.is_empty());
        }
    }
});
