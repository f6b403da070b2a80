//! Has this file been written since? Answered from the folder entry alone, without opening the file.

use std::fs::Metadata;
use std::hash::Hasher;
use std::time::{Duration, SystemTime};

use rustc_hash::FxHasher;

/// The coarsest clock of a file system still in use (FAT). A file written twice within one tick may keep its stamp.
const CLOCK_TICK: Duration = Duration::from_secs(2);

/// A digest of a file's times, length and, on Unix, identity. Two equal stamps mean: not written in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(u64);

impl Stamp {
    /// No statement: never counts as unchanged.
    pub const UNKNOWN: Stamp = Stamp(0);

    /// The stamp of what `metadata` describes, taken at `now`. A file written within the last tick of the clock gets
    /// `UNKNOWN`, because a further write could go unseen.
    pub fn of(metadata: &Metadata, now: SystemTime) -> Stamp {
        let Some(written) = last_write(metadata) else { return Stamp::UNKNOWN };
        if written + CLOCK_TICK > now {
            return Stamp::UNKNOWN;
        }
        let mut hasher = FxHasher::default();
        digest(metadata, &mut hasher);
        Stamp(hasher.finish().max(1))
    }

    /// Is the file certainly as it was when `earlier` was taken?
    pub fn proves_same(self, earlier: Stamp) -> bool {
        self != Stamp::UNKNOWN && self == earlier
    }
}

/// The change time: programs can set the modification time as they like, this one only the kernel.
#[cfg(unix)]
fn last_write(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;

    let seconds = u64::try_from(metadata.ctime()).ok()?;
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}

#[cfg(not(unix))]
fn last_write(metadata: &Metadata) -> Option<SystemTime> {
    metadata.modified().ok()
}

#[cfg(unix)]
fn digest(metadata: &Metadata, hasher: &mut FxHasher) {
    use std::os::unix::fs::MetadataExt;

    hasher.write_u64(metadata.ino());
    hasher.write_u64(metadata.len());
    hasher.write_i64(metadata.mtime());
    hasher.write_i64(metadata.mtime_nsec());
    hasher.write_i64(metadata.ctime());
    hasher.write_i64(metadata.ctime_nsec());
}

#[cfg(not(unix))]
fn digest(metadata: &Metadata, hasher: &mut FxHasher) {
    use std::hash::Hash;

    metadata.len().hash(hasher);
    metadata.modified().ok().hash(hasher);
}
