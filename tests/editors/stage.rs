//! What an editor stands on: a copy of the sample vault, a home without anybody's settings, and a `guanxi` on the path that records what
//! is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::tools;
use crate::lsp::judge::Judge;

pub struct Stage {
    editor: &'static str,
    folder: tempfile::TempDir,
}

impl Stage {
    /// A stage for the editor of this name.
    pub fn new(editor: &'static str) -> Self {
        let folder = tempfile::Builder::new().prefix("guanxi-").tempdir().unwrap();
        let stage = Self { editor, folder };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-vault"), &stage.vault());
        for name in ["bin", "home", "traces"] {
            fs::create_dir(stage.folder.path().join(name)).unwrap();
        }
        let traces = stage.folder.path().join("traces");
        let wrapper = format!(
            "#!/bin/sh\nif [ \"$1\" = lsp ]; then exec '{0}' \"$@\" --trace '{1}'/$$.jsonl; fi\nexec '{0}' \"$@\"\n",
            env!("CARGO_BIN_EXE_guanxi"),
            traces.display()
        );
        let path = stage.folder.path().join("bin/guanxi");
        fs::write(&path, wrapper).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        stage
    }

    /// The copy of the sample vault.
    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    /// The person's home, where settings are looked for.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// What a file of the vault says on the disk.
    pub fn text(&self, inside: &str) -> String {
        fs::read_to_string(self.vault().join(inside)).unwrap_or_else(|error| panic!("{inside}: {error}"))
    }

    /// Whether a file of the vault holds this by now. Editors may take it away for a moment while they write it.
    pub fn holds(&self, inside: &str, piece: &str) -> bool {
        fs::read_to_string(self.vault().join(inside)).is_ok_and(|text| text.contains(piece))
    }

    /// A program in the vault, with nothing of this machine's settings.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment()).current_dir(self.vault()).stdin(Stdio::null());
        command
    }

    /// What a program finds in its environment.
    pub fn environment(&self) -> Vec<(String, String)> {
        let home = self.home();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = [self.folder.path().join("bin"), tools().join("bin")].into_iter().chain(std::env::split_paths(&path));
        let path = std::env::join_paths(path).unwrap().into_string().unwrap();
        let pairs = [
            ("PATH", path),
            ("HOME", home.display().to_string()),
            ("XDG_CONFIG_HOME", home.join(".config").display().to_string()),
            ("XDG_DATA_HOME", home.join(".local/share").display().to_string()),
            ("XDG_STATE_HOME", home.join(".local/state").display().to_string()),
            ("XDG_CACHE_HOME", home.join(".cache").display().to_string()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("COLORTERM", "truecolor".to_owned()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// How many servers were started so far.
    pub fn conversations(&self) -> usize {
        fs::read_dir(self.folder.path().join("traces")).unwrap().count()
    }

    /// Whether something was said in any of them, as it stands in the recording.
    pub fn heard(&self, piece: &str) -> bool {
        let entries = fs::read_dir(self.folder.path().join("traces")).unwrap();
        entries.flatten().any(|entry| fs::read_to_string(entry.path()).is_ok_and(|text| text.contains(piece)))
    }

    /// Holds the one conversation of a run against the protocol.
    pub fn judge(&self) {
        self.judge_all(1);
    }

    /// The same for an editor that does one thing wrong by itself: faults that say so do not count.
    pub fn judge_but(&self, allowed: &str) {
        self.hold(1, Some(allowed));
    }

    /// Holds every conversation of a run against the protocol. There were so many, one for each server that was started, and nothing in
    /// them was wrong. The recordings go to `target/editors/traces` for other eyes.
    pub fn judge_all(&self, expected: usize) {
        self.hold(expected, None);
    }

    fn hold(&self, expected: usize, allowed: Option<&str>) {
        let kept = tools().join("traces");
        fs::create_dir_all(&kept).unwrap();
        let mut conversations = 0;
        for entry in fs::read_dir(self.folder.path().join("traces")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, kept.join(format!("{}-{conversations}.jsonl", self.editor))).unwrap();
            let mut judge = Judge::default();
            // A server that its editor did not wait for may have been stopped in the middle of the last line.
            let text = fs::read_to_string(&path).unwrap();
            for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
                let mut message: Value = serde_json::from_str(line).unwrap();
                let direction = message.as_object_mut().unwrap().remove("dir").unwrap();
                match direction.as_str() {
                    Some("in") => judge.sent(&message),
                    _ => drop(judge.came(message)),
                }
            }
            judge.faults.retain(|fault| allowed.is_none_or(|allowed| !fault.contains(allowed)));
            assert!(judge.faults.is_empty(), "{}:\n{}", self.editor, judge.faults.join("\n"));
            assert!(!judge.server.is_null(), "{}: nobody said initialize", self.editor);
            conversations += 1;
        }
        assert_eq!(conversations, expected, "{} started so many servers", self.editor);
    }
}

/// A test that failed leaves its recordings for who looks for the reason.
impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for entry in fs::read_dir(self.folder.path().join("traces")).into_iter().flatten().flatten() {
                let kept = tools().join("traces");
                let _ = fs::create_dir_all(&kept);
                let name = format!("{}-failed-{}", self.editor, entry.file_name().display());
                let _ = fs::copy(entry.path(), kept.join(name));
            }
        }
    }
}

/// A folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}
