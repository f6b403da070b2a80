//! The index: what it takes in of a file, and what it gives up when the file changes or goes.

use std::sync::Arc;

use super::hashes::Hashes;
use super::table::{self, Table};
use super::tags::TagUse;
use super::{File, FileId, Understood, Vault, VaultPath};
use crate::contact::{Config, Kind};

impl Vault {
    pub(super) fn put(&mut self, new: Understood) {
        self.readable(&new.path);
        let id = self.id(&new.path).unwrap_or_else(|| self.vacant(&new.path));
        if new.kind == Kind::Config {
            self.configure(&new.text);
        }
        let old = self.files[id as usize].take();
        self.swap_hashes(id, old.as_ref(), &new);
        let tags = self.swap_tags(id, old.as_ref(), &new);
        let own_keys = self.swap_own_keys(old.as_ref(), &new);
        let (guarded, stray) = (new.guarded, new.stray);
        let is_contact = new.kind == Kind::Contact;
        let (here, there) =
            if is_contact { (&mut self.contacts, &mut self.others) } else { (&mut self.others, &mut self.contacts) };
        here.insert(id);
        if old.is_some() {
            there.remove(id);
            self.asking.remove(id);
        }
        if new.asks {
            self.asking.insert(id);
        }
        if guarded {
            self.guarded.insert(id);
        } else {
            self.guarded.remove(id);
        }
        if stray {
            self.strays.insert(id);
        } else {
            self.strays.remove(id);
        }
        let file = File {
            path: new.path,
            text: new.text,
            kind: new.kind,
            faulty: new.faulty,
            present: new.present,
            names: new.names,
            tags,
            own_keys,
            hashes: new.hashes,
        };
        if let Some(search) = &mut self.search {
            search.set(id, &file);
        }
        self.files[id as usize] = Some(file);
    }

    fn vacant(&mut self, path: &VaultPath) -> FileId {
        let id = self.free.pop().unwrap_or_else(|| {
            self.files.push(None);
            FileId::try_from(self.files.len() - 1).unwrap_or(FileId::MAX)
        });
        self.paths.insert(table::hash(path.as_str()), id);
        id
    }

    pub(super) fn swap_hashes(&mut self, id: FileId, old: Option<&File>, new: &Understood) {
        let swap = |table: &mut Table, old: &[u32], new: &[u32]| {
            // Both are sorted: a file with very many links costs no more than its length.
            for &hash in old.iter().filter(|hash| new.binary_search(hash).is_err()) {
                table.remove(hash, id);
            }
            for &hash in new.iter().filter(|hash| old.binary_search(hash).is_err()) {
                table.insert(hash, id);
            }
        };
        let nothing = Hashes::default();
        let before = old.map_or(&nothing, |old| &old.hashes);
        swap(&mut self.names, before.names(), new.hashes.names());
        swap(&mut self.links, before.links(), new.hashes.links());
        swap(&mut self.mentions, before.mentions(), new.hashes.mentions());
        swap(&mut self.reach, before.reach(), new.hashes.reach());
    }

    /// New tags in, old ones out; those that stay are not touched.
    fn swap_tags(&mut self, id: FileId, old: Option<&File>, new: &Understood) -> Box<[TagUse]> {
        let before: &[TagUse] = old.map_or(&[], |old| &old.tags);
        let unchanged = before.len() == new.tags.len()
            && before.iter().zip(&new.tags).all(|(old, new)| {
                let (view, spelling) = self.tags.of_use(*old);
                view.key() == new.key() && spelling == &*new.spelling
            });
        if unchanged {
            return before.into();
        }
        for &tag in before {
            self.tags.remove(tag, id);
        }
        new.tags.iter().map(|tag| self.tags.insert(tag.key(), &tag.spelling, id)).collect()
    }

    /// New keys in, old ones out; where they stay, as nearly always, nothing is touched.
    fn swap_own_keys(&mut self, old: Option<&File>, new: &Understood) -> Box<[Arc<str>]> {
        let before: &[Arc<str>] = old.map_or(&[], |old| &old.own_keys);
        if before.iter().map(|key| &**key).eq(new.own_keys.iter().map(|key| &**key)) {
            return before.into();
        }
        let counts = Arc::make_mut(&mut self.own_keys);
        let mut count = |key: &str| {
            let shared = counts.get_key_value(key).map_or_else(|| key.into(), |(key, _)| Arc::clone(key));
            *counts.entry(Arc::clone(&shared)).or_insert(0) += 1;
            shared
        };
        let own_keys = new.own_keys.iter().map(|key| count(key)).collect();
        self.forget_own_keys(before);
        own_keys
    }

    fn forget_own_keys(&mut self, keys: &[Arc<str>]) {
        if keys.is_empty() {
            return;
        }
        let counts = Arc::make_mut(&mut self.own_keys);
        for key in keys {
            if let Some(count) = counts.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(key);
                }
            }
        }
    }

    /// A file can be read (again, or it is gone). Says why it could not, if so.
    pub(super) fn readable(&mut self, path: &VaultPath) -> Option<String> {
        // Nearly always there is nothing, and nothing is copied.
        self.unreadable.contains_key(path).then(|| Arc::make_mut(&mut self.unreadable).remove(path)).flatten()
    }

    pub(super) fn remove(&mut self, path: &VaultPath) {
        let Some(id) = self.id(path) else { return };
        let Some(old) = self.files[id as usize].take() else { return };
        if old.kind == Kind::Config {
            self.configure("");
        }
        old.hashes.names().iter().for_each(|&hash| self.names.remove(hash, id));
        old.hashes.links().iter().for_each(|&hash| self.links.remove(hash, id));
        old.hashes.mentions().iter().for_each(|&hash| self.mentions.remove(hash, id));
        old.hashes.reach().iter().for_each(|&hash| self.reach.remove(hash, id));
        old.tags.iter().for_each(|&tag| self.tags.remove(tag, id));
        self.forget_own_keys(&old.own_keys);
        self.contacts.remove(id);
        self.others.remove(id);
        self.asking.remove(id);
        self.guarded.remove(id);
        self.strays.remove(id);
        self.paths.remove(table::hash(path.as_str()), id);
        if let Some(search) = &mut self.search {
            search.clear(id);
        }
        self.free.push(id);
    }

    fn configure(&mut self, text: &str) {
        let (config, problems) = Config::parse(text);
        (self.config, self.config_problems) = (Arc::new(config), problems.into());
        self.tags.set_known(&self.config.known);
    }
}
