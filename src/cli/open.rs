//! From arguments to a vault in memory: where it is, what belongs to it, everything read once.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Global;
use super::out::{Failure, say};
use crate::contact::{Config, config};
use crate::disk::{self, Mode, ReadFault, Rules};
use crate::vault::{Change, Coverage, FileId, Resolution, Understood, Vault, VaultPath};

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
    let named =
        global.vault.clone().or_else(|| std::env::var_os("GUANXI_VAULT").filter(|name| !name.is_empty()).map(PathBuf::from));
    let start = match named {
        Some(folder) => folder,
        None => std::env::current_dir().map_err(|error| format!("cannot tell where we are: {error}"))?,
    };
    Ok(disk::find_root(&start)?)
}

/// Reads the whole vault. Files that cannot be read are named on stderr, and the rest goes on.
pub fn open(global: &Global, coverage: Coverage) -> Result<Opened, Failure> {
    let opened = open_quietly(global, coverage)?;
    for (path, reason) in opened.vault.unreadable() {
        say(&format!("passed over {path}: {reason}"));
    }
    Ok(opened)
}

/// The same for a command that tells of unreadable files itself.
pub fn open_quietly(global: &Global, coverage: Coverage) -> Result<Opened, Failure> {
    let root = root(global)?;
    let settings = || disk::read(&root.join(config::FILE), &mut Vec::new());
    let mut before = settings();
    for _ in 0..ROUNDS {
        let vault = load(&root, &rules(&root), coverage);
        let after = settings();
        let read = vault.id_of(config::FILE).map(|id| vault.file(id).shared_text());
        if before == after && read.is_none_or(|read| after.as_ref() == Ok(&read)) {
            return Ok(Opened { root, vault: ManuallyDrop::new(vault) });
        }
        before = after;
    }
    Err("guanxi.yaml changes again and again while the vault is read: please try again".to_owned().into())
}

/// A change over many files writes the settings first and last. Who read some files before it and some after it, and so the old name
/// of an excluded tag here and the new one there, sees that the settings changed meanwhile, and reads again: so often at most.
const ROUNDS: usize = 5;

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

/// Reads every file. Reading and understanding happens on all cores; each file goes into the vault as soon as it is understood,
/// so that no second copy of the vault ever waits.
pub fn load(root: &Path, rules: &Rules, coverage: Coverage) -> Vault {
    let (vault, faults) = load_counted(root, rules, coverage, &AtomicUsize::new(0));
    for other in ["guanxi.yml", "Guanxi.yaml", "Guanxi.yml"] {
        if vault.id_of(config::FILE).is_none() && root.join(other).is_file() {
            say(&format!("{other} is not read: settings are in {}", config::FILE));
        }
    }
    for (path, reason) in faults {
        say(&format!("passed over {path}: {reason}"));
    }
    vault
}

/// The same, silently: what was passed over is in the second answer, and `read` counts the files while they are read.
pub fn load_counted(root: &Path, rules: &Rules, coverage: Coverage, read: &AtomicUsize) -> (Vault, Vec<(String, String)>) {
    let vault = Mutex::new(Vault::new(coverage));
    let understand = |path: VaultPath, text: Result<&str, ReadFault>| {
        let understood = text.map(|text| Understood::new(path.clone(), text, coverage));
        understood.map_err(|fault| Change::Unreadable { path, reason: fault.to_string() })
    };
    let take = |files: &mut dyn Iterator<Item = Result<Understood, Change>>| {
        let mut vault = vault.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files {
            read.fetch_add(1, Ordering::Relaxed);
            match file {
                Ok(understood) => vault.apply_understood(understood),
                Err(change) => vault.apply(change),
            }
        }
    };
    let faults = disk::visit(root, rules, understand, take);
    let mut vault = vault.into_inner().unwrap_or_else(PoisonError::into_inner);
    vault.settle();
    let settings = root.join(config::FILE);
    let known = vault.id_of(config::FILE).is_some() || vault.config_fault().is_some();
    if !known && settings.symlink_metadata().is_ok() {
        vault.apply(Change::Unreadable { path: VaultPath::new(config::FILE), reason: "not a file that can be read".to_owned() });
    }
    (vault, faults)
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
            Resolution::Nobody if name.ends_with(".md") || name.contains('/') => {
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
