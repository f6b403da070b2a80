//! The guide's pages that the program links to, as part of the documentation.

#[doc = include_str!("../docs/diagnostics.md")]
pub mod diagnostics {}
