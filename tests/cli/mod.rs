//! The door to the terminal, by the real binary.

mod beside;
mod branches;
mod commands;
mod interrupted;
mod outbox;
mod watch;
mod writing;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A vault in a folder of its own, and the means to ask it.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// A vault from a picture: lines `== path` begin files.
    pub fn new(picture: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in crate::vault::files(picture) {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.root().join(inside)
    }

    pub fn text(&self, inside: &str) -> String {
        std::fs::read_to_string(self.path(inside)).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = guanxi();
        command.current_dir(self.root()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments))
    }
}

/// The binary, away from this machine's settings.
pub fn guanxi() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
    command.env_remove("GUANXI_VAULT").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

pub fn said(mut command: Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}
