//! What guanxi promises of its speed and size, measured in one run and printed as one table: `cargo bench`.
//!
//! - `cargo bench` measures on vaults of 1,000, 10,000 and 100,000 contacts, which it writes once into `target/bench-vaults`
//! - `cargo bench -- quick` leaves it at 10,000
//! - `cargo bench -- serving` measures the language server, on 10,000 and 100,000 contacts (`serving quick`: on 10,000)
//! - `cargo bench -- finds` shows each searched word by itself
//! - `cargo bench -- places DIR` only measures references and renaming, in a vault that is there
//! - `cargo bench -- generate DIR COUNT [SEED]` only writes a vault
//!
//! A number that is over its goal is shown as such and fails nothing: times depend on the machine.

mod chance;
mod contact;
mod generate;
mod load;
mod measure;
mod memory;
mod person;
mod serving;
mod size;
mod speed;
mod words;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use guanxi::vault::{Coverage, Vault};
use measure::{Row, millis, time};

fn main() -> ExitCode {
    let all: Vec<String> = std::env::args().skip(1).collect();
    // Cargo says `--bench` when it means it; without, this is `cargo test --all-targets` having a look.
    let asked: Vec<&str> = all.iter().map(String::as_str).filter(|argument| *argument != "--bench").collect();
    let outcome = match asked.as_slice() {
        [] if all.is_empty() => {
            println!("the table is printed by `cargo bench`");
            Ok(())
        }
        [] => table(&[("1k", 1_000), ("10k", 10_000), ("100k", 100_000)]),
        ["quick"] => table(&[("10k", 10_000)]),
        ["serving"] => serving(&[("10k", 10_000), ("100k", 100_000)]),
        ["serving", "quick"] => serving(&[("10k", 10_000)]),
        ["places", folder] => {
            measure::print(&speed::places(&load::load(Path::new(folder), Coverage::Whole), folder));
            Ok(())
        }
        ["finds"] => finds("100k", 100_000),
        [memory::CHILD, coverage, vault] => return memory::child(coverage, Path::new(vault)),
        ["generate", folder, count] => generate(folder, count, None),
        ["generate", folder, count, seed] => generate(folder, count, Some(seed)),
        _ => Err(io::Error::other("known are: quick, serving, serving quick, finds, places DIR, generate DIR COUNT [SEED]")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(folder: &str, count: &str, seed: Option<&str>) -> io::Result<()> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| io::Error::other(format!("`{text}` is no number")));
    let count = usize::try_from(number(count)?).map_err(io::Error::other)?;
    let written = generate::vault(Path::new(folder), count, seed.map_or(Ok(generate::SEED), number)?)?;
    println!("{} files, {} bytes", written.files, written.bytes);
    Ok(())
}

/// Where a vault of this name is kept: beside what cargo builds.
fn place(name: &str) -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).join("bench-vaults").join(name)
}

fn serving(sizes: &[(&str, usize)]) -> io::Result<()> {
    let mut rows = Vec::new();
    for &(name, count) in sizes {
        generate::kept(&place(name), count)?;
        rows.extend(serving::rows(&place(name), name, count)?);
    }
    measure::print(&rows);
    Ok(())
}

fn finds(name: &str, count: usize) -> io::Result<()> {
    generate::kept(&place(name), count)?;
    let mut vault = load::load(&place(name), Coverage::Whole);
    vault.prepare_search();
    speed::finds_in_detail(&vault);
    Ok(())
}

/// Measures everything. The largest vault, the last one, answers what does not ask for all sizes.
fn table(sizes: &[(&str, usize)]) -> io::Result<()> {
    let mut rows = Vec::new();
    let mut written = Vec::new();
    for (name, count) in sizes {
        written.push(generate::kept(&place(name), *count)?);
    }
    let (Some((largest, _)), Some(&bytes)) = (sizes.last(), written.last()) else { return Ok(()) };
    eprintln!("measuring ...");
    rows.push(speed::list_against_ripgrep(&place(largest), largest));
    let memory = memory::rows(&place(largest), largest, bytes);
    let mut applied = Vec::new();
    for (name, _) in sizes {
        let (mut vault, row) = loaded(name);
        if name == largest {
            rows.push(row);
            rows.extend(speed::queries(&vault, name));
            rows.extend(speed::finds(&vault, name));
            rows.extend(speed::places(&vault, name));
        }
        applied.push(speed::apply(&mut vault, name));
    }
    rows.extend(applied);
    rows.extend(memory);
    rows.push(size::binary());
    rows.push(size::crates());
    measure::print(&rows);
    Ok(())
}

/// A vault as a server holds it, and how long it took.
fn loaded(name: &str) -> (Vault, Row) {
    let (mut vault, reading) = time(|| load::load(&place(name), Coverage::Whole));
    let ((), preparing) = time(|| vault.prepare_search());
    let times = format!("{:.0} ms, {:.0} ms", millis(reading), millis(preparing));
    (vault, Row::told(format!("what a server does first at {name}: read all, prepare search"), times))
}
