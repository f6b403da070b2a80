//! A plain-text contact book. The map of the code follows.
#![doc = include_str!("README.md")]

pub mod text;

pub mod contact;

pub mod vault;

pub mod features;

pub mod guide;

pub mod disk;

pub mod lsp;

pub mod cli;
