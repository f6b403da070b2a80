//! The second opinion: what other programs read in what is written here. Python's own library reads mails, headers and tables; it
//! shares no code with anything that writes them.

use std::process::{Command, Stdio};

/// What a script prints, given these arguments. `None` where there is no Python, which is said, and where a machine tests, is a
/// failure.
pub fn python(script: &str, arguments: &[&std::ffi::OsStr]) -> Option<String> {
    let Some(program) = ["python3", "python"].into_iter().find(|program| answers(program)) else {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed here");
        println!("SKIPPED: there is no python3");
        return None;
    };
    let output = Command::new(program)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONUTF8", "1")
        .args(["-W", "error", "-c", script])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Is it a Python 3? A shop's door of that name is none.
fn answers(program: &str) -> bool {
    let mut command = Command::new(program);
    command.args(["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The same, read as JSON.
pub fn json(script: &str, arguments: &[&std::ffi::OsStr]) -> Option<serde_json::Value> {
    python(script, arguments).map(|text| serde_json::from_str(&text).unwrap())
}
