//! Real editors, driven as a person drives them, each on a copy of the sample vault. They start the server as their snippet or plugin
//! in `editors/` says; every message both ways is recorded and held against `shapes.txt` and against what that editor declared.
//!
//! An editor is looked for in `target/editors/bin` (where `.ci/editors/setup` puts them; `GUANXI_EDITORS` names another folder), then on
//! the path. One that is not there is skipped, and that is said; with `REQUIRE_EDITORS=1`, as in the gate, it is a failure.

// Each editor uses its share.
#![allow(dead_code)]

mod emacs;
mod film;
mod films;
mod helix;
mod kakoune;
mod neovim;
mod others;
mod screen;
mod shelf;
mod stage;
mod terminal;
mod vim;
mod vscode;

use std::io::Write;
use std::path::{Path, PathBuf};

/// Where `.ci/editors/setup` installs.
pub fn tools() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/editors");
    std::env::var_os("GUANXI_EDITORS").map_or_else(default, PathBuf::from)
}

/// The program of that name. Nothing, and a word about it, where it is not installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::iter::once(tools().join("bin")).chain(std::env::split_paths(&folders));
    let found = folders.find_map(|folder| Some(folder.join(program)).filter(|path| path.is_file()));
    if found.is_none() {
        let required = std::env::var_os("REQUIRE_EDITORS").is_some_and(|value| value == "1");
        assert!(!required, "{program} is not installed: .ci/editors/setup");
        // Past the harness, which keeps to itself what a test prints.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {program} is not installed (.ci/editors/setup)");
    }
    found
}
