//! Floor 1.

mod fences;
mod fold;
mod idn;
mod markdown;
mod pinyin;
mod positions;
mod yaml_edit;
mod yaml_law;
mod yaml_read;
