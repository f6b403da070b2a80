//! Floor 1, characters: where things stand in a text, how it is changed, how it is compared, and what its YAML head and
//! Markdown body say. Nothing here knows what a contact is, and nothing can fail because of what a person typed.

pub mod append;
pub mod edit;
pub mod fences;
pub mod fold;
pub mod idn;
pub mod invisible;
pub mod lines;
pub mod links;
pub mod markdown;
pub mod outline;
mod percent;
pub mod pinyin;
pub mod printable;
pub mod span;
pub mod sync;
pub mod yaml;

pub use edit::Edit;
pub use percent::percent_decoded;
pub use span::Span;
