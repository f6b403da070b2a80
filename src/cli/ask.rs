//! A question that is answered with yes or no, on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

/// Asks; anything but yes is no. `None` where nobody can answer: the question or the answer would not go through a terminal.
pub fn yes(question: &str) -> Option<bool> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()).ok()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
