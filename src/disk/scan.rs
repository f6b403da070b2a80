//! The whole vault at once: every file read and handed to a function, on several threads.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rayon::slice::ParallelSliceMut;

use super::read::{self, ReadFault};
use super::root::is_misnamed;
use super::rules::{Rules, Standing};
use super::stamp::Stamp;
use super::walk::{Fault, Spot, walk};
use crate::vault::path::VaultPath;

/// What a scan brings back.
#[derive(Debug)]
pub struct Scan<T> {
    /// What the function made of each file, in the order of their paths.
    pub results: Vec<T>,
    /// What is no file and still worth a word (a folder that cannot be read, a link loop, a name that is not UTF-8): its path
    /// for people, and why it was passed over.
    pub faults: Vec<(String, String)>,
}

/// Reads every file of the vault at `root` and makes something of each with `f`, which runs on several threads. Files that
/// cannot be read come to `f` too, with the reason; one that vanishes meanwhile does not. Files beside the vault are left out.
/// `rules` must be those of `root`.
pub fn scan<T: Send>(root: &Path, rules: &Rules, f: impl Fn(VaultPath, Result<Arc<str>, ReadFault>) -> T + Sync) -> Scan<T> {
    debug_assert_eq!(root, rules.root());
    rules.forget_inside("");
    let work = |path: &VaultPath, spot: &Spot, buffer: &mut Vec<u8>| {
        if spot.standing == Standing::Beside {
            return None;
        }
        match read_spot(path, spot, buffer).map(Arc::from) {
            Err(ReadFault::Gone) => None,
            text => Some(f(path.clone(), text)),
        }
    };
    let walked = walk(rules, "", &mut |_, _| {}, work, |_| {});
    let results = in_order(walked.found);
    let members = in_words(walked.faults).into_iter().filter(|fault| !fault.is_beside);
    Scan { results, faults: members.map(|fault| (fault.path, fault.reason)).collect() }
}

/// The same for who takes in what `f` makes, some hundreds at a time and in no order: nothing is copied, collected or put in order.
/// `f` hears of the files beside the vault too, if the rules say so. Gives the faults alone.
pub fn visit<T: Send>(
    root: &Path,
    rules: &Rules,
    f: impl Fn(VaultPath, Standing, Result<&str, ReadFault>) -> T + Sync,
    take: impl Fn(&mut dyn Iterator<Item = T>) + Sync,
) -> Vec<Fault> {
    debug_assert_eq!(root, rules.root());
    rules.forget_inside("");
    let work = |path: &VaultPath, spot: &Spot, buffer: &mut Vec<u8>| match read_spot(path, spot, buffer) {
        Err(ReadFault::Gone) => None,
        text => Some(f(path.clone(), spot.standing, text)),
    };
    let walked = walk(rules, "", &mut |_, _| {}, work, |made| take(&mut made.drain(..).map(|(_, item)| item)));
    in_words(walked.faults)
}

/// Faults in the order of their paths; the root itself is called `.`.
fn in_words(mut faults: Vec<Fault>) -> Vec<Fault> {
    for fault in faults.iter_mut().filter(|fault| fault.path.is_empty()) {
        ".".clone_into(&mut fault.path);
    }
    faults.sort();
    faults
}

/// A stamp for every file of the vault at `root`, and beside it if the rules say so, without reading any. Much cheaper than a scan, and says which files it would
/// find changed.
pub fn stamps(root: &Path, rules: &Rules) -> HashMap<VaultPath, Stamp> {
    debug_assert_eq!(root, rules.root());
    rules.forget_inside("");
    let now = SystemTime::now();
    let work = |_: &VaultPath, spot: &Spot, _: &mut Vec<u8>| {
        let metadata = fs::metadata(&spot.path);
        Some(metadata.map_or(Stamp::UNKNOWN, |metadata| Stamp::of(&metadata, now)))
    };
    let walked = walk(rules, "", &mut |_, _| {}, work, |_| {});
    walked.found.into_iter().collect()
}

/// The text of a file that a walk found, left in the buffer.
fn read_spot<'a>(path: &VaultPath, spot: &Spot, buffer: &'a mut Vec<u8>) -> Result<&'a str, ReadFault> {
    if is_misnamed(path.as_str()) {
        return Err(ReadFault::Misnamed);
    }
    if !spot.is_regular {
        read::look(&spot.path)?;
    }
    read::text_of(&spot.path, buffer)
}

/// Sorts by path. What belongs to the paths may be large: it is moved once, at the end.
fn in_order<T>(found: Vec<(VaultPath, T)>) -> Vec<T> {
    let (paths, items): (Vec<_>, Vec<_>) = found.into_iter().map(|(path, item)| (path, Some(item))).unzip();
    let mut places: Vec<usize> = (0..paths.len()).collect();
    places.par_sort_by(|&a, &b| paths[a].cmp(&paths[b]));
    let mut items = items;
    places.into_iter().filter_map(|place| items[place].take()).collect()
}
