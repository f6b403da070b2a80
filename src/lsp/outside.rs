//! What the server needs of the world around it. The server itself touches no file: who starts it hands this in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::vault::{Change, Vault, VaultPath};

/// The file system, as far as the server knows of it.
pub trait Outside: Send + Sync + 'static {
    /// The root of the vault that a folder belongs to: the nearest ancestor that holds `guanxi.yaml`, else the folder itself.
    fn root_of(&self, folder: &Path) -> PathBuf;

    /// The nearest ancestor of a file that holds `guanxi.yaml`.
    fn marked_root_of(&self, file: &Path) -> Option<PathBuf>;

    /// The vault at a root.
    fn store(&self, root: &Path) -> Arc<dyn Store>;

    /// Today's date where the person is, as `2026-04-02`.
    fn today(&self) -> String;

    /// Is this process still there?
    fn is_alive(&self, process: u32) -> bool;

    /// Ends this process: nobody listens any more.
    fn leave(&self);
}

/// One vault on disk.
pub trait Store: Send + Sync + 'static {
    /// What a file is called inside the vault; `None` if it does not belong to it.
    fn admits(&self, file: &Path) -> Option<VaultPath>;

    /// Which of these paths of the vault would be its files, if the settings left out these patterns? Whether they are there does not matter.
    fn admitted(&self, ignore: &[String], paths: &[VaultPath]) -> Vec<bool>;

    /// Reads the vault, then follows it: tells of each event until the listener says no or [`Store::stop`] is called. Blocks.
    fn follow(&self, tell: &mut dyn FnMut(Event) -> bool);

    /// How many files were read so far.
    fn progress(&self) -> usize;

    /// Look through everything now: the person came back to the editor, or an editor says that files changed.
    fn sweep(&self);

    /// An editor says that it wrote this file: look at it, and tell what it says even if that is nothing new.
    fn look(&self, path: &VaultPath);

    /// End [`Store::follow`].
    fn stop(&self);

    /// Is there a file at this path, relative to the vault?
    fn exists(&self, path: &str) -> bool;

    /// Is the file at a path of the vault a symbolic link?
    fn is_link(&self, path: &VaultPath) -> bool;

    /// Where a file really is, with every symbolic link resolved; `None` if there is none.
    fn real_path(&self, path: &VaultPath) -> Option<PathBuf>;

    /// Do two paths of the vault lead to one file, by a symbolic link?
    fn is_same_file(&self, one: &VaultPath, other: &VaultPath) -> bool {
        one == other || self.real_path(one).is_some_and(|one| self.real_path(other) == Some(one))
    }

    /// What a file of the vault says on disk at this moment.
    fn present(&self, path: &VaultPath) -> Present;

    /// Files that are neither contacts nor notes (pictures, documents), relative to the vault, in the order of their paths; at
    /// most `limit`.
    fn others(&self, limit: usize) -> Vec<String>;
}

/// What is at a path of a vault at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Present {
    /// A file with this text.
    Text(Arc<str>),
    /// No file.
    Absent,
    /// A file whose text cannot be read.
    Unreadable,
    /// A symbolic link that leads out of the vault: such a file is read but never written.
    Outside,
}

/// What happens to a vault.
pub enum Event {
    /// It is read.
    Loaded {
        /// All of it.
        vault: Box<Vault>,
        /// What is worth a word to the person.
        warnings: Vec<String>,
    },
    /// Something changed on disk.
    Changed(Vec<Change>),
    /// Something that the person should know, in words.
    Trouble(String),
}
