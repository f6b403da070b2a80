//! Rules of the house that a machine checks: imports only go down, every module says what it is, only doors touch the outside.

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The room a file is in, by its first folder.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    inside.components().next().unwrap().as_os_str().to_str().unwrap().to_owned()
}

#[test]
fn imports_only_go_down() {
    let may_use: &[(&str, &[&str])] = &[
        ("text", &["text"]),
        ("contact", &["text", "contact"]),
        ("vault", &["text", "contact", "vault"]),
        ("features", &["text", "contact", "vault", "features"]),
        ("disk", &["vault", "disk"]),
        ("lsp", &["text", "contact", "vault", "features", "lsp"]),
        ("guide.rs", &[]),
        ("cli", &["text", "contact", "vault", "features", "disk", "lsp", "cli"]),
        ("main.rs", &["cli"]),
        ("lib.rs", &[]),
    ];
    for (path, text) in sources() {
        let room = room(&path);
        let allowed = may_use
            .iter()
            .find(|(name, _)| *name == room)
            .unwrap_or_else(|| panic!("{room} has no floor: say where it stands"))
            .1;
        for (number, line) in text.lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(allowed.contains(&used.as_str()), "{}:{}: {room} uses {used}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn only_doors_touch_the_outside() {
    let outside = [
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::net",
        "std::time",
        "println!",
        "eprintln!",
        "walkdir",
        "notify::",
        "tempfile",
    ];
    for (path, text) in sources() {
        let room = room(&path);
        if matches!(room.as_str(), "disk" | "cli" | "main.rs") {
            continue;
        }
        // The server reads and writes what it is handed, waits and measures time; it opens nothing by itself.
        let allowed: &[&str] = if room == "lsp" { &["std::io", "std::time"] } else { &[] };
        for word in outside.iter().filter(|word| !allowed.contains(word)) {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn only_the_server_names_the_protocol() {
    for (path, text) in sources() {
        if room(&path) != "lsp" {
            assert!(!text.contains("tower_lsp") && !text.contains("ls_types"), "{}", path.display());
        }
    }
}

#[test]
fn nothing_reaches_the_network() {
    for (path, text) in sources() {
        for word in ["std::net", "TcpStream", "reqwest", "Command::new"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is_and_none_is_too_long() {
    for (path, text) in sources() {
        let opens = text.starts_with("//!") || text.starts_with("#![doc = include_str!");
        assert!(opens, "{} does not open with a line of plain English", path.display());
        let lines = text.lines().take_while(|line| !line.contains("#[cfg(test)]")).count();
        assert!(lines <= 400, "{} has {lines} lines: cut it", path.display());
    }
}
