//! The door to the file system, on real folders.

mod beside;
mod read;
mod rules;
mod save;
mod scan;
mod watch;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::disk::{ReadFault, Rules, scan};
use tempfile::TempDir;

/// A folder that is gone after the test, by the path under which the system knows it.
struct Folder {
    root: PathBuf,
    _temporary: TempDir,
}

impl Folder {
    fn new() -> Folder {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let root = temporary.path().canonicalize().expect("its real path");
        Folder { root, _temporary: temporary }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.at(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("its folder");
        fs::write(&file, text).expect("a file");
        file
    }

    /// Writes a file in one step: nobody ever sees it empty.
    fn replace(&self, path: &str, text: &str) {
        let beside = self.write(".beside", text);
        fs::rename(beside, self.at(path)).expect("renamed");
    }
}

/// Every file of a vault with its text, or with the reason why it has none.
fn files(root: &Path) -> BTreeMap<String, Result<String, ReadFault>> {
    let scanned = scan(root, &Rules::new(root, &[]), |path, text| (path.to_string(), text.map(|text| text.to_string())));
    scanned.results.into_iter().collect()
}

/// The names of a vault's files.
fn names(root: &Path) -> Vec<String> {
    files(root).into_keys().collect()
}

/// A pipe of this name; `false` where the system has none.
fn make_pipe(path: &Path) -> bool {
    cfg!(unix) && std::process::Command::new("mkfifo").arg(path).status().is_ok_and(|status| status.success())
}
