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

/// Settings for a law: so many cases, always the same ones, so that a test that fails says something of the change that is tested;
/// `PROPTEST_CASES` asks for another number of cases, each time others. What a law finds becomes a test of its own, so nothing is written
/// beside the sources.
fn law(cases: u32) -> proptest::test_runner::Config {
    let default = proptest::test_runner::Config { failure_persistence: None, ..Default::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return default;
    }
    proptest::test_runner::Config { cases, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..default }
}
