//! What a vault costs in memory. Each measurement is a process of its own: this program, started again with a hidden argument.

use std::path::Path;
use std::process::{Command, ExitCode};

use guanxi::features::list::list;
use guanxi::vault::Coverage;
use guanxi::vault::query::Query;

use super::generate::Written;
use super::load::load;
use super::measure::Row;

/// The hidden argument.
pub const CHILD: &str = "--memory-of";

/// The rows: what `list` needs, and what a server holds.
pub fn rows(vault: &Path, name: &str, written: Written) -> Vec<Row> {
    let one = |what: &str, child: &str, most: f64| {
        let at = |when: &str| format!("memory at {name}, {what}, {when}, of the vault's bytes");
        match measured(vault, child) {
            Ok((peak, steady)) => {
                let row = |when: &str, bytes: u64| {
                    let remark = format!("{} of {} MB", bytes / 1_000_000, written.bytes / 1_000_000);
                    Row::new(at(when), bytes as f64 / written.bytes as f64, most, "×").remark(&remark)
                };
                vec![row("peak", peak), row("steady", steady)]
            }
            Err(reason) => vec![Row::skipped(at("peak and steady"), reason)],
        }
    };
    [one("`list`", "heads", 1.5), one("a server", "whole", 3.0)].into_iter().flatten().collect()
}

fn measured(vault: &Path, child: &str) -> Result<(u64, u64), String> {
    if !cfg!(target_os = "linux") {
        return Err("only measured on Linux".to_owned());
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).args([CHILD, child]).arg(vault).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|number| number.parse().ok());
    numbers.next().zip(numbers.next()).ok_or_else(|| "the child said nothing".to_owned())
}

/// The child: loads, asks once, says how much memory that took at most and how much it takes now.
pub fn child(coverage: &str, vault: &Path) -> ExitCode {
    let coverage = if coverage == "heads" { Coverage::Heads } else { Coverage::Whole };
    let mut vault = load(vault, coverage);
    if coverage == Coverage::Whole {
        vault.prepare_search();
    }
    let query = Query::parse("#lead #new-york").ok();
    std::hint::black_box(query.map(|query| list(&vault, &query)));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bytes = |key: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    };
    match bytes("VmHWM:").zip(bytes("VmRSS:")) {
        Some((peak, steady)) => println!("{peak} {steady}"),
        None => return ExitCode::FAILURE,
    }
    // The vault lives until here: what it holds was measured.
    drop(vault);
    ExitCode::SUCCESS
}
