//! The command `guanxi`.

use std::process::ExitCode;

fn main() -> ExitCode {
    guanxi::cli::main()
}
