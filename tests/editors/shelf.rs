//! All files of a vault with their texts, to be compared with what the command line would have made of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::stage::{Stage, copy};

/// Every text of a folder by its path inside. Pictures and other files that are no texts are left out.
pub fn of(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), text);
            }
        }
    }
    found
}

/// What the vault on the disk becomes by this command of the command line, which is run on a copy.
pub fn after(stage: &Stage, arguments: &[&str]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("vault");
    copy(&stage.vault(), &there);
    let mut command = stage.command(Path::new(env!("CARGO_BIN_EXE_guanxi")));
    let output = command.arg("--vault").arg(&there).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let changed = of(&there);
    assert!(changed != of(&stage.vault()), "{arguments:?} changes nothing");
    changed
}
