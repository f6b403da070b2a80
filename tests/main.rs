//! All tests, one binary. Rooms mirror those of `src`.

mod cli;
mod contact;
mod disk;
mod editors;
mod features;
mod guide;
mod hostile;
mod house;
mod lsp;
mod pages;
mod picture;
mod python;
mod slips;
mod text;
mod vault;

/// Settings for a law: how many cases at least (`PROPTEST_CASES` asks for more). What a law finds becomes a test of its own, so
/// nothing is written beside the sources.
fn law(cases: u32) -> proptest::test_runner::Config {
    let default = proptest::test_runner::Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    proptest::test_runner::Config { cases, failure_persistence: None, ..default }
}
