//! The door to editors, by the real binary over real pipes. Everything the server says is held against `shapes.txt`, against sense
//! and against what the client declared, whether a test looks at it or not.
//!
//! The editor's side: `client` (say and hear), `start` (with which capabilities), `documents` (open, type, cursors), `place`
//! (positions), `capabilities` with `clients/` (what real editors declare), `connection` and `wire` (messages and bytes).
//! The judge's side: `shapes` with `shapes.txt` and `grammar` (of what shape), `meaning` (what must hold besides), `declared` (what
//! needs which capability), `resolved`, `tokens`, `progress`, `open` (what hangs together over time), `judge` (the conversation).
//! A further check is a line of `shapes.txt`, or a row of the table in `meaning` or `declared`.

// The tests of the server, which use all of this, stand beside the server.
#![allow(dead_code)]

pub mod capabilities;
pub mod client;
mod connection;
mod declared;
mod documents;
mod grammar;
pub mod judge;
mod meaning;
mod open;
pub mod place;
mod progress;
mod resolved;
pub mod serving;
mod shapes;
mod start;
mod tests;
mod tokens;
mod wire;
