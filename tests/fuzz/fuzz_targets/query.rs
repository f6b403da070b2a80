//! Any text is a query or an error in its place; what is printed reads back as the same; running it never panics.
#![no_main]

use guanxi::features::list::list;
use guanxi::vault::query::Query;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Query::parse(text) {
        Err(error) => assert!(text.get(error.span.range()).is_some(), "{error:?}"),
        Ok(query) => {
            let printed = query.to_string();
            if printed.len() <= guanxi::vault::query::MAX_LENGTH {
                assert_eq!(Query::parse(&printed).as_ref(), Ok(&query), "{printed}");
            }
            let mut vault = Vault::new(Coverage::Whole);
            let text =
                "---\nalias: 王小明\ntags: [lead, event/ces]\nphones: [+1 212 555 0147]\nbirthday: 1988-04-02\n---\nBody\n";
            vault.apply(Change::Found { path: VaultPath::new("a.md"), text: text.into() });
            let _ = list(&vault, &query);
        }
    }
});
