//! Replacing a file only if it is what was read: the look and the replacement as one step, as far as the system allows.
//!
//! A rename over the old file destroys what another program wrote since the last look. So the new file and the old one change
//! places first (Linux: `renameat2` with `RENAME_EXCHANGE`; macOS: `RENAME_SWAP`), what came out is looked at, and if it is not what
//! was read it is put back. Where a file system cannot exchange, the look comes right before the rename.

use std::path::Path;

use tempfile::NamedTempFile;

use super::save::{SaveFault, io_fault, sync_folder, unchanged};

/// Puts `temporary` in the place of `target`, which must still say `old`.
pub(super) fn replace(temporary: NamedTempFile, target: &Path, old: &str) -> Result<(), SaveFault> {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
    match exchange(temporary.path(), target) {
        Ok(()) => return judge(temporary, target, old),
        Err(rustix::io::Errno::NOENT) => return Err(SaveFault::ChangedUnderneath),
        // Not on this file system (EINVAL), or not in this kernel (ENOSYS). Any other fault is the rename's too, and told there.
        Err(_) => {}
    }
    unchanged(target, old)?;
    temporary.persist(target).map_err(|failure| io_fault(&failure.error))?;
    sync_folder(target.parent().unwrap_or(target));
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> rustix::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)
}

/// The two have changed places: the temporary name now holds what was there. It goes with `temporary` if it is what was read.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn judge(temporary: NamedTempFile, target: &Path, old: &str) -> Result<(), SaveFault> {
    let is_as_read = || unchanged(temporary.path(), old).is_ok();
    if is_as_read() {
        // An editor that writes into the file instead of renaming may have had it open. Syncing takes longer than such a write.
        sync_folder(target.parent().unwrap_or(target));
        if is_as_read() {
            return Ok(());
        }
    }
    put_back(temporary, target)
}

/// What another program wrote comes back to its place, and the new text goes.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn put_back(temporary: NamedTempFile, target: &Path) -> Result<(), SaveFault> {
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let mut goes = temporary.as_file().metadata().map(identity).ok();
    // More than one round only while yet another program replaces the file within these microseconds.
    for _ in 0..16 {
        let theirs = fs::symlink_metadata(temporary.path()).map(identity).ok();
        match exchange(temporary.path(), target) {
            Ok(()) => {}
            Err(rustix::io::Errno::NOENT) => {
                // The new text was deleted meanwhile. What was written before that is kept.
                return match temporary.persist_noclobber(target) {
                    Ok(_) => Err(SaveFault::ChangedUnderneath),
                    Err(failure) => Err(kept(failure.file)),
                };
            }
            Err(_) => return Err(kept(temporary)),
        }
        if fs::symlink_metadata(temporary.path()).map(identity).ok() == goes {
            return Err(SaveFault::ChangedUnderneath);
        }
        // What came out is newer than what was put back: it stays, and what its program wrote over goes, as without guanxi.
        goes = theirs;
    }
    Err(kept(temporary))
}

/// Nothing that another program wrote is deleted, even where it cannot be brought back to its place.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn kept(temporary: NamedTempFile) -> SaveFault {
    let place = temporary.path().with_extension("kept");
    let kept = temporary.persist_noclobber(&place);
    SaveFault::Io(match kept {
        Ok(_) => format!("another program changed it at the same moment; what that wrote is in {}", place.display()),
        Err(failure) => match failure.file.keep() {
            Ok((_, place)) => format!("another program changed it at the same moment; what that wrote is in {}", place.display()),
            Err(failure) => super::plain(&failure.error),
        },
    })
}
