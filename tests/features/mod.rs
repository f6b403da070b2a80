//! Floor 4.

mod broadcasts;
mod diagnostics;
mod rename;
