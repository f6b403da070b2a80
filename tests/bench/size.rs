//! What is shipped: the size of the program and the number of crates in it.

use std::collections::BTreeSet;
use std::process::Command;

use super::measure::Row;

/// The stripped program. Benches are built with the release profile, which strips.
pub fn binary() -> Row {
    let what = "the release program, stripped";
    match std::fs::metadata(env!("CARGO_BIN_EXE_guanxi")) {
        Ok(metadata) => Row::new(what, metadata.len() as f64 / 1e6, 10.0, "MB"),
        Err(error) => Row::skipped(what, error.to_string()),
    }
}

/// Every crate that the program is built from, procedural macros included, guanxi itself not.
pub fn crates() -> Row {
    let what = "crates it is built from";
    let tree = ["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--offline", "--locked"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(tree).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        return Row::skipped(what, "`cargo tree` did not answer");
    };
    let text = String::from_utf8_lossy(&output.stdout);
    // `name v1.2.3`, with remarks behind it where a crate occurs again.
    let name = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let names: BTreeSet<String> = text.lines().map(name).filter(|name| !name.is_empty()).collect();
    let others = names.iter().filter(|name| !name.starts_with("guanxi ")).count();
    Row::new(what, others as f64, 130.0, "")
}
