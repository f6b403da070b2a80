//! `guanxi completions`: the script that makes a shell complete guanxi's commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::out::{self, Exit, Outcome};

/// The arguments of `guanxi completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell
    shell: Shell,
}

/// Runs it.
pub fn run(arguments: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "guanxi", &mut script);
    out::print_data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
