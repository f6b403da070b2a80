//! Temporary files: how they are named, which process writes one, and the removal of those whose process has ended.
//!
//! A name says who writes the file: `.guanxi-MACHINE-PROCESS-RANDOM.tmp`. What a killed process left behind is removed by the next
//! command that writes; a file that is still being written never is.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustc_hash::FxHasher;
use std::hash::Hasher;

use super::Rules;
use super::walk::walk_folders;

/// How temporary names begin: hidden, so that no scan and no watcher takes one for a contact.
const BEGIN: &str = ".guanxi-";
const END: &str = ".tmp";

/// Where nobody can tell whether the process still runs (another machine that shares the folder, a system without such a question),
/// a file that was not touched for a day counts as left behind: no write takes that long.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// How many random characters tempfile puts into a name.
const RANDOM: usize = 6;

/// The beginning of this process's temporary names; `tempfile` adds the random part and [`END`].
pub(super) fn prefix() -> String {
    format!("{BEGIN}{:08x}-{}-", machine(), std::process::id())
}

/// The end of temporary names.
pub(super) fn suffix() -> &'static str {
    END
}

/// Removes what processes that have ended left in the folders of a vault. Hidden and ignored folders are passed over: no command
/// writes there.
pub fn sweep(rules: &Rules) {
    walk_folders(rules, &mut |folder, _| sweep_folder(folder), &mut |_| {});
}

/// The same in one folder. What cannot be removed stays, without a word: it harms nobody.
pub(super) fn sweep_folder(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !name.to_str().is_some_and(|name| name.starts_with(BEGIN) && name.ends_with(END)) {
            continue;
        }
        let is_old = || {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            modified.ok().and_then(|modified| modified.elapsed().ok()).is_some_and(|age| age > OLD)
        };
        if !name.to_str().is_some_and(|name| is_left_behind(name, is_old)) {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
    }
}

fn is_left_behind(name: &str, is_old: impl Fn() -> bool) -> bool {
    let Some(inside) = name.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)) else { return false };
    let parts: Vec<&str> = inside.split('-').collect();
    let is_random = |text: &str| text.len() == RANDOM && text.chars().all(|c| c.is_ascii_alphanumeric());
    match parts[..] {
        [named, process, random] if is_random(random) => {
            let process = process.parse().ok().filter(|_| named == format!("{:08x}", machine()));
            match process.and_then(is_running) {
                Some(is_running) => !is_running,
                None => is_old(),
            }
        }
        // Names from before they held a process.
        [random] if is_random(random) => is_old(),
        _ => false,
    }
}

/// Does this process of this machine run? `None` where that cannot be told. A name of this very process is from an earlier one that
/// had its number: sweeping comes before the first write.
#[cfg(unix)]
fn is_running(process: u32) -> Option<bool> {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    if process == std::process::id() {
        return Some(false);
    }
    let process = Pid::from_raw(i32::try_from(process).ok()?)?;
    // Another user's process may be asked about, but not signalled: it runs.
    Some(test_kill_process(process) != Err(Errno::SRCH))
}

#[cfg(not(unix))]
fn is_running(_process: u32) -> Option<bool> {
    None
}

/// Tells machines apart, and containers of one machine: process numbers mean something within one of them only.
fn machine() -> u32 {
    let mut hasher = FxHasher::default();
    #[cfg(unix)]
    {
        hasher.write(rustix::system::uname().nodename().to_bytes());
        if let Ok(space) = fs::read_link("/proc/self/ns/pid") {
            hasher.write(space.as_os_str().as_encoded_bytes());
        }
    }
    // The lower half of the product mixes the last bytes least: both halves are used.
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}
