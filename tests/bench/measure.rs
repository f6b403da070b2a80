//! Taking times, and the table that shows them.

use std::time::{Duration, Instant};

/// A line of the table.
pub struct Row {
    what: String,
    measured: String,
    reach: String,
    verdict: &'static str,
}

impl Row {
    /// A measured number of some unit, and the most it should be.
    pub fn new(what: impl Into<String>, measured: f64, most: f64, unit: &str) -> Self {
        let verdict = if measured <= most { "ok" } else { "over" };
        Self { what: what.into(), measured: format!("{} {unit}", short(measured)), reach: format!("≤ {most} {unit}"), verdict }
    }

    /// The same with a remark behind the number.
    pub fn remark(mut self, remark: &str) -> Self {
        self.measured = format!("{} ({remark})", self.measured);
        self
    }

    /// Something worth knowing that has no goal.
    pub fn told(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self { what: what.into(), measured: measured.into(), reach: "-".to_owned(), verdict: "-" }
    }

    /// What could not be measured here, and why.
    pub fn skipped(what: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { what: what.into(), measured: reason.into(), reach: "-".to_owned(), verdict: "skipped" }
    }
}

fn short(number: f64) -> String {
    if number >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

/// Prints the rows as a Markdown table, in columns.
pub fn print(rows: &[Row]) {
    let width = |column: fn(&Row) -> &str| rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0).max(8);
    let (what, measured, reach) = (width(|row| &row.what), width(|row| &row.measured), width(|row| &row.reach));
    println!("| {:what$} | {:measured$} | {:reach$} | verdict |", "what", "measured", "to reach");
    println!("| {} | {} | {} | ------- |", "-".repeat(what), "-".repeat(measured), "-".repeat(reach));
    for row in rows {
        println!("| {:what$} | {:measured$} | {:reach$} | {:7} |", row.what, row.measured, row.reach, row.verdict);
    }
}

/// How long something takes, once.
pub fn time<T>(f: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = std::hint::black_box(f());
    (value, start.elapsed())
}

/// The middle of the times of so many runs, after a few that do not count.
pub fn median_of(runs: usize, mut f: impl FnMut(usize)) -> Duration {
    for run in 0..runs.min(3) {
        f(run);
    }
    median((0..runs).map(|run| time(|| f(run)).1).collect())
}

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// In thousandths of a second.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// In millionths of a second.
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
