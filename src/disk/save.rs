//! Saving: the new text is there whole, or the old one is untouched. Never half of it, and never over somebody else's change.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{exchange, plain, temporary};

/// Why a file was not saved. In each case the file on disk is as it was. `Display` continues a sentence that begins with the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveFault {
    /// The file on disk is no longer what was read: another program wrote or removed it.
    ChangedUnderneath,
    /// A new file was asked for, and one of this name is there already.
    AlreadyThere,
    /// The file may not be written.
    ReadOnly,
    /// A symbolic link that leads nowhere, a folder, a pipe: nothing that can be saved to.
    NotAFile,
    /// A symbolic link leads out of the vault, to here: such a file is read but never written.
    Outside(PathBuf),
    /// The system refuses, and says why.
    Io(String),
}

impl fmt::Display for SaveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SaveFault::ChangedUnderneath => f.write_str("changed on disk since it was read; nothing was written: try again"),
            SaveFault::AlreadyThere => f.write_str("is already there; nothing was written: choose another name"),
            SaveFault::ReadOnly => f.write_str("is read-only; nothing was written: make it writable and try again"),
            SaveFault::NotAFile => f.write_str("is not a file that can be written"),
            SaveFault::Outside(target) => {
                let target = target.display();
                write!(
                    f,
                    "leads out of the vault by a symbolic link, to {target}: that is read but never written; change it by hand"
                )
            }
            SaveFault::Io(message) => write!(f, "cannot be saved: {message}"),
        }
    }
}

impl std::error::Error for SaveFault {}

/// Writes `new` to `path`, if what is there is still `expected` (`None`: nothing is). Folders on the way to a new file are
/// created. A symbolic link stays one: its target is written. Permissions, and where possible the owner, are kept.
///
/// # Errors
/// See [`SaveFault`]: whatever it is, the file is as it was, and no temporary file is left behind.
pub fn save(path: &Path, expected: Option<&str>, new: &str) -> Result<(), SaveFault> {
    match expected {
        Some(old) => replace(path, old, new),
        None => create(path, new),
    }
}

fn replace(path: &Path, old: &str, new: &str) -> Result<(), SaveFault> {
    let target = follow(path)?;
    let metadata = fs::metadata(&target).map_err(|error| missing_is_change(&error))?;
    if !metadata.is_file() {
        return Err(SaveFault::NotAFile);
    }
    if old == new {
        return unchanged(&target, old);
    }
    require_writable(&target, &metadata)?;
    let folder = folder_of(&target);
    let temporary = write_beside(folder, new, Some(&metadata))?;
    // Looked at once more after the slow part, so that the file is not exchanged for nothing.
    unchanged(&target, old)?;
    exchange::replace(temporary, &target, old)
}

/// Removes the file at `path`, if it still says `old`. It is moved away first and looked at then: another program's text is not lost.
pub(super) fn remove(path: &Path, old: &str) -> Result<(), SaveFault> {
    unchanged(path, old)?;
    let folder = folder_of(path);
    let away = temporary_in(folder, true).map_err(|error| io_fault(&error))?;
    fs::rename(path, away.path()).map_err(|error| missing_is_change(&error))?;
    if let Err(fault) = unchanged(away.path(), old) {
        return Err(away.persist_noclobber(path).err().map_or(fault, |failure| io_fault(&failure.error)));
    }
    drop(away);
    sync_folder(folder);
    Ok(())
}

fn create(path: &Path, new: &str) -> Result<(), SaveFault> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(SaveFault::AlreadyThere);
    }
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(|error| io_fault(&error))?;
    let temporary = write_beside(folder, new, None)?;
    temporary.persist_noclobber(path).map_err(|failure| match failure.error.kind() {
        io::ErrorKind::AlreadyExists => SaveFault::AlreadyThere,
        _ => io_fault(&failure.error),
    })?;
    sync_folder(folder);
    Ok(())
}

/// The file behind a symbolic link; any other path as it is.
fn follow(path: &Path) -> Result<PathBuf, SaveFault> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if !is_link {
        return Ok(path.to_path_buf());
    }
    fs::canonicalize(path).map_err(|_| SaveFault::NotAFile)
}

/// A rename would go over a read-only file without a word: ask first. Opening for writing also hears what mode bits do not
/// tell (another owner, access lists).
fn require_writable(target: &Path, metadata: &Metadata) -> Result<(), SaveFault> {
    if metadata.permissions().readonly() {
        return Err(SaveFault::ReadOnly);
    }
    match OpenOptions::new().write(true).open(target) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(SaveFault::ReadOnly),
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Err(SaveFault::ReadOnly),
        Err(error) => Err(missing_is_change(&error)),
    }
}

/// A temporary file in the same folder (a rename works only within one file system), safely on disk.
fn write_beside(folder: &Path, text: &str, like: Option<&Metadata>) -> Result<NamedTempFile, SaveFault> {
    let mut temporary = temporary_in(folder, like.is_some()).map_err(|error| io_fault(&error))?;
    let written = temporary.write_all(text.as_bytes()).and_then(|()| match like {
        Some(metadata) => keep_rights(temporary.as_file(), metadata),
        None => Ok(()),
    });
    written.and_then(|()| temporary.as_file().sync_all()).map_err(|error| io_fault(&error))?;
    Ok(temporary)
}

/// The copy of a file stays private until it has that file's own permissions; a new file gets what the person's umask allows.
#[cfg_attr(not(unix), allow(unused_variables))]
fn temporary_in(folder: &Path, private: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let prefix = temporary::prefix();
    builder.prefix(&prefix).suffix(temporary::suffix());
    #[cfg(unix)]
    if !private {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(unix)]
fn keep_rights(file: &File, metadata: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};

    let mine = file.metadata()?;
    if (mine.uid(), mine.gid()) != (metadata.uid(), metadata.gid()) {
        // Only an administrator can give a file away; everybody else becomes the owner of what they saved.
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
    file.set_permissions(metadata.permissions())
}

#[cfg(not(unix))]
fn keep_rights(file: &File, metadata: &Metadata) -> io::Result<()> {
    file.set_permissions(metadata.permissions())
}

pub(super) fn unchanged(target: &Path, old: &str) -> Result<(), SaveFault> {
    let present = fs::read(target).map_err(|error| missing_is_change(&error))?;
    if present == old.as_bytes() { Ok(()) } else { Err(SaveFault::ChangedUnderneath) }
}

/// The new name itself is only safe once the folder is. The text is already in place, so a folder that cannot be synced (some
/// file systems refuse) is no reason to say that saving failed.
pub(super) fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn missing_is_change(error: &io::Error) -> SaveFault {
    if error.kind() == io::ErrorKind::NotFound { SaveFault::ChangedUnderneath } else { io_fault(error) }
}

pub(super) fn io_fault(error: &io::Error) -> SaveFault {
    match error.kind() {
        io::ErrorKind::PermissionDenied if cfg!(windows) => {
            SaveFault::Io("permission denied: another program may have it open".to_owned())
        }
        io::ErrorKind::PermissionDenied => SaveFault::Io("permission denied in its folder".to_owned()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => SaveFault::Io("the disk is full".to_owned()),
        _ => SaveFault::Io(plain(error)),
    }
}
