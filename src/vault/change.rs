//! What can happen to a file: on disk, or in an editor.

use std::sync::Arc;

use super::VaultPath;

/// Something that happened to a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// The file is there, with this text.
    Found {
        /// Where.
        path: VaultPath,
        /// What it says.
        text: Arc<str>,
    },
    /// The file is no longer there, or no longer part of the vault.
    Gone {
        /// Where it was.
        path: VaultPath,
    },
    /// The file is there but cannot be read.
    Unreadable {
        /// Where.
        path: VaultPath,
        /// Why, in words for a person.
        reason: String,
    },
    /// A file that is no part of the vault, but whose "no" to messages counts: left out by an ignore rule, inside a nested vault, or
    /// (with its readable beginning) not readable as a whole.
    Beside {
        /// Where, relative to the root of this vault.
        path: VaultPath,
        /// What it says, decoded as far as possible; `None`: it is no longer there. Where it becomes a part of the vault, that alone
        /// is told.
        text: Option<Arc<str>>,
    },
    /// The same for a file that is there but cannot be read at all: nobody knows what it says.
    BesideUnreadable {
        /// Where.
        path: VaultPath,
        /// Why, in words for a person.
        reason: String,
    },
    /// An editor opened the file, or changed the text it shows: from now on this is the truth, whatever the disk says.
    Opened {
        /// Where.
        path: VaultPath,
        /// What the editor shows.
        text: Arc<str>,
    },
    /// The editor closed the file: what the disk says counts again.
    Closed {
        /// Where.
        path: VaultPath,
    },
}

impl Change {
    /// Which file it is about.
    pub fn path(&self) -> &VaultPath {
        match self {
            Change::Found { path, .. }
            | Change::Gone { path }
            | Change::Unreadable { path, .. }
            | Change::Beside { path, .. }
            | Change::BesideUnreadable { path, .. }
            | Change::Opened { path, .. }
            | Change::Closed { path } => path,
        }
    }
}
