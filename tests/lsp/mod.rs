//! The door to editors. Everything the server says is held against `shapes.txt`, against sense
//! and against what the client declared, whether a test looks at it or not.
//!
//! The judge's side: `shapes` with `shapes.txt` and `grammar` (of what shape), `meaning` (what must hold besides), `declared` (what
//! needs which capability), `resolved`, `tokens`, `progress` (what hangs together over time), `judge` (the conversation).
//! A further check is a line of `shapes.txt`, or a row of the table in `meaning` or `declared`.

// The tests of the server, which use all of this, stand beside the server.
#![allow(dead_code)]

pub mod capabilities;
mod declared;
mod grammar;
mod judge;
mod meaning;
mod progress;
mod resolved;
mod shapes;
mod tests;
mod tokens;
