//! From arguments to a vault in memory: where it is, what belongs to it, everything read once.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Global;
use super::out::{Failure, say};
use crate::contact::{Config, config};
use crate::disk::{self, Mode, ReadFault, Rules, Standing};
use crate::vault::{Change, Coverage, FileId, Resolution, Understood, Vault, VaultPath, path};

/// A vault in memory, and where it came from.
pub struct Opened {
    /// Its folder, absolute.
    pub root: PathBuf,
    /// Everything in it. Never dropped: the process ends anyway, and giving a hundred thousand texts back one by one takes longer
    /// than most queries.
    pub vault: ManuallyDrop<Vault>,
}

/// Where the vault is.
pub fn root(global: &Global) -> Result<PathBuf, Failure> {
    Ok(disk::find_root(&start(global)?)?)
}

/// Where one begins looking for it.
pub fn start(global: &Global) -> Result<PathBuf, Failure> {
    let named =
        global.vault.clone().or_else(|| std::env::var_os("GUANXI_VAULT").filter(|name| !name.is_empty()).map(PathBuf::from));
    match named {
        Some(folder) => Ok(folder),
        None => std::env::current_dir().map_err(|error| format!("cannot tell where we are: {error}").into()),
    }
}

/// Reads the whole vault, for a command from which no message can come. Files that cannot be read are named on stderr, and the rest
/// goes on.
pub fn open(global: &Global, coverage: Coverage) -> Result<Opened, Failure> {
    let opened = read(global, coverage, Rules::clone)?;
    tell_unreadable(&opened.vault);
    Ok(opened)
}

/// The same for a command that says who gets a message: what stands beside the vault is read too, for a "no" in it counts.
pub fn open_to_send(global: &Global, coverage: Coverage) -> Result<Opened, Failure> {
    let opened = open_quietly(global, coverage)?;
    tell_unreadable(&opened.vault);
    // Whether somebody says no there, nobody knows.
    opened.vault.beside().iter().for_each(|beside| tell_unreadable(beside));
    Ok(opened)
}

/// The same for a command that tells of unreadable files itself.
pub fn open_quietly(global: &Global, coverage: Coverage) -> Result<Opened, Failure> {
    read(global, coverage, |rules| rules.clone().with_beside())
}

/// Says on stderr which files of the vault were passed over.
pub fn tell_unreadable(vault: &Vault) {
    for (path, reason) in vault.unreadable() {
        say(&format!("passed over {path}: {reason}"));
    }
}

fn read(global: &Global, coverage: Coverage, which: impl Fn(&Rules) -> Rules) -> Result<Opened, Failure> {
    let root = root(global)?;
    let settings = || disk::read(&root.join(config::FILE), &mut Vec::new());
    let mut before = settings();
    for _ in 0..ROUNDS {
        let mut vault = load(&root, &which(&rules(&root)), coverage);
        let after = settings();
        let read = vault.id_of(config::FILE).map(|id| vault.file(id).shared_text());
        if before == after && read.is_none_or(|read| after.as_ref() == Ok(&read)) {
            misplaced_settings(&start(global)?, &root, &mut vault);
            return Ok(Opened { root, vault: ManuallyDrop::new(vault) });
        }
        before = after;
    }
    Err("guanxi.yaml changes again and again while the vault is read: please try again".to_owned().into())
}

/// A change over many files writes the settings first and last. Who read some files before it and some after it, and so the old name
/// of an excluded tag here and the new one there, sees that the settings changed meanwhile, and reads again: so often at most.
const ROUNDS: usize = 5;

/// Tells the vault of settings that count for nothing, though somebody who stands at `start` means them for it.
pub fn misplaced_settings(start: &Path, root: &Path, vault: &mut Vault) {
    for (path, fault) in disk::misplaced_settings(start, root) {
        vault.apply(Change::Unreadable { path, reason: fault.to_string() });
    }
}

/// Which files belong to the vault: what its own `guanxi.yaml` leaves out is left out.
pub fn rules(root: &Path) -> Rules {
    rules_without(root, &settings(root).ignore)
}

/// The same where it is known what is left out.
pub fn rules_without(root: &Path, ignored: &[String]) -> Rules {
    let rules = Rules::new(root, ignored);
    for (glob, reason) in rules.faults() {
        say(&format!("guanxi.yaml: `{glob}` in vault.ignore is passed over: {reason}"));
    }
    rules
}

/// What `guanxi.yaml` says on disk; the defaults where it is silent, missing or cannot be read.
pub fn settings(root: &Path) -> Config {
    let text = disk::read(&root.join(config::FILE), &mut Vec::new());
    text.map(|text| Config::parse(&text).0).unwrap_or_default()
}

/// How the settings say that changes are noticed.
pub fn mode(root: &Path) -> Mode {
    match settings(root).watch.as_str() {
        "native" => Mode::Native,
        "poll" => Mode::Poll,
        "off" => Mode::Off,
        _ => Mode::Auto,
    }
}

/// Reads every file, and those beside the vault if the rules say so. Reading and understanding happens on all cores; each file goes
/// into the vault as soon as it is understood, so that no second copy of the vault ever waits.
pub fn load(root: &Path, rules: &Rules, coverage: Coverage) -> Vault {
    let (vault, faults) = load_counted(root, rules, coverage, &AtomicUsize::new(0));
    for (path, reason) in faults {
        say(&format!("passed over {path}: {reason}"));
    }
    vault
}

/// A file on its way into the vault.
enum Loaded {
    Member(Understood),
    Beside(Understood),
    Changes(Vec<Change>),
}

/// The same, silently: what was passed over is in the second answer, and `read` counts the files while they are read.
pub fn load_counted(root: &Path, rules: &Rules, coverage: Coverage, read: &AtomicUsize) -> (Vault, Vec<(String, String)>) {
    let vault = Mutex::new(Vault::new(coverage));
    let understand = |path: VaultPath, standing: Standing, text: Result<&str, ReadFault>| match (text, standing) {
        (Ok(text), Standing::Member) => Loaded::Member(Understood::new(path, text, coverage)),
        (Ok(text), Standing::Beside) => {
            Understood::beside(path, text).map_or_else(|| Loaded::Changes(Vec::new()), Loaded::Beside)
        }
        (Err(fault), standing) => {
            let is_wanted = rules.reads_beside() && fault.has_beginning();
            let beginning = is_wanted.then(|| disk::beginning(&disk::to_disk(root, &path))).flatten();
            Loaded::Changes(disk::unread(path, standing, &fault, beginning))
        }
    };
    let take = |files: &mut dyn Iterator<Item = Loaded>| {
        let mut vault = vault.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files {
            read.fetch_add(1, Ordering::Relaxed);
            match file {
                Loaded::Member(understood) => vault.apply_understood(understood),
                Loaded::Beside(understood) => vault.apply_understood_beside(understood),
                Loaded::Changes(changes) => changes.into_iter().for_each(|change| vault.apply(change)),
            }
        }
    };
    let faults = disk::visit(root, rules, understand, take);
    let mut vault = vault.into_inner().unwrap_or_else(PoisonError::into_inner);
    vault.settle();
    misplaced_settings(root, root, &mut vault);
    let mut others = Vec::new();
    for fault in faults {
        let path = VaultPath::new(&fault.path);
        match (fault.hides_files, fault.is_beside) {
            // Nobody knows whom a folder holds that cannot be read, or what they say: an error, as a file is one.
            (true, false) => vault.apply(Change::Unreadable { path, reason: fault.reason }),
            // What stands beside the vault is named with the messages that it may keep from somebody.
            (true, true) if rules.reads_beside() => vault.apply(Change::BesideUnreadable { path, reason: fault.reason }),
            (_, true) => {}
            (false, false) => others.push((fault.path, fault.reason)),
        }
    }
    (vault, others)
}

impl Opened {
    /// The contact (or, by its path, any file) that a person names: an alias, another name, or a path from the vault's root or
    /// from here.
    pub fn contact(&self, name: &str) -> Result<FileId, Failure> {
        if let Some(id) = self.by_path(name) {
            return Ok(id);
        }
        match self.vault.resolve(name) {
            Resolution::One(id) => Ok(id),
            Resolution::Several(several) => {
                let listed: Vec<String> = several
                    .iter()
                    .map(|&id| format!("\n  {}  ({})", self.vault.file(id).path(), self.vault.file(id).alias()))
                    .collect();
                Err(Failure::Message(format!("`{name}` fits several contacts; name one by its path:{}", listed.concat())))
            }
            Resolution::Nobody if path::is_markdown(name) || name.contains('/') => {
                Err(Failure::Message(format!("there is no file {name} in this vault")))
            }
            Resolution::Nobody => Err(Failure::Message(format!("there is no contact `{name}` (try: guanxi find {name})"))),
        }
    }

    fn by_path(&self, name: &str) -> Option<FileId> {
        let here = std::env::current_dir().ok().and_then(|here| std::path::absolute(here.join(name)).ok());
        let from_here = here.and_then(|path| disk::from_disk(&self.root, &normal(&path)));
        let from_here = from_here.and_then(|path| self.vault.id(&path));
        from_here.or_else(|| self.vault.id_of(&crate::vault::path::join("", name)?))
    }

    /// Every contact that is named; nothing is done unless all of them are found.
    pub fn named(&self, names: &[String]) -> Result<Vec<FileId>, Failure> {
        names.iter().map(|name| self.contact(name)).collect()
    }
}

/// A path without `.` and `..`, as its words say.
pub fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                result.pop();
            }
            std::path::Component::CurDir => {}
            part => result.push(part),
        }
    }
    result
}
