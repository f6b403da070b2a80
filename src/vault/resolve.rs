//! From a name or link to the file it means: by alias, then other names, then file name. More than one is said so, never guessed.

use roaring::RoaringBitmap;

use super::links::{Named, link_hash, name_hash, named};
use super::path::{is_markdown, without_ending};
use super::{File, FileId, Vault, VaultPath, table};
use crate::contact::reach::{self, Address};
use crate::contact::{Kind, tag};
use crate::text::Span;
use crate::text::markdown::Link;

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// One file.
    One(FileId),
    /// Several fit equally, in path order.
    Several(Vec<FileId>),
    /// Nobody.
    Nobody,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

impl Vault {
    /// What a name means: as in `[[name]]`, and as CONTACT on the command line.
    pub fn resolve(&self, name: &str) -> Resolution {
        let name = name.trim();
        let key = tag::key(name);
        let stem = without_ending(name.rsplit('/').next().unwrap_or(name));
        let stem_key = tag::key(stem);
        let mut ids: Vec<FileId> = self.names.get(table::hash(&key)).chain(self.names.get(table::hash(&stem_key))).collect();
        ids.sort_unstable();
        ids.dedup();
        let by = |fits: &dyn Fn(&File) -> bool| -> Vec<FileId> {
            let mut fitting: Vec<FileId> = ids.iter().copied().filter(|&id| fits(self.file(id))).collect();
            fitting.sort_by_key(|&id| self.file(id).path());
            fitting
        };
        let is_contact = |file: &File| file.kind() == Kind::Contact;
        // The first that anybody fits decides; only the third has to read files.
        let tiers: [&dyn Fn(&File) -> bool; 4] = [
            &|file| is_contact(file) && file.alias() == name,
            &|file| is_contact(file) && tag::key(file.alias()) == key,
            &|file| is_contact(file) && file.document().other_names().iter().any(|other| tag::key(other) == key),
            &|file| fits_path(file.path(), name),
        ];
        match tiers.into_iter().map(by).find(|tier| !tier.is_empty()) {
            None => Resolution::Nobody,
            Some(tier) => match tier.as_slice() {
                [one] => Resolution::One(*one),
                _ => Resolution::Several(tier),
            },
        }
    }

    /// What a link in the file at `from` leads to. Links to the web and to files that are no Markdown lead to [`None`].
    pub fn resolve_link(&self, from: &VaultPath, link: &Link) -> Option<Resolution> {
        let found = match named(from, link) {
            Some(Named::Name(name)) => return Some(self.resolve(name)),
            Some(Named::Path(path)) if link.is_relative_name() => {
                let endings = ["", ".md", ".markdown"].into_iter();
                endings.map(|ending| format!("{path}{ending}")).find_map(|path| self.id_of(&path))
            }
            Some(Named::Path(path)) => match self.id_of(&path) {
                // A text that is not in the vault yet has headings, too.
                None if link.is_local() || !is_markdown(&path) => return None,
                found => found,
            },
            // A name that leads out of the vault.
            None if link.is_wiki() => None,
            None => return None,
        };
        Some(found.map_or(Resolution::Nobody, Resolution::One))
    }

    /// Files that may link to this one; some may only seem to.
    pub fn linking(&self, id: FileId) -> RoaringBitmap {
        let file = self.file(id);
        let mut hashes = file.hashes.names().to_vec();
        hashes.push(table::hash(file.path().as_str()));
        // A link is kept by the last part of its name, so that `AC/DC` is looked for under `dc`.
        if file.kind() == Kind::Contact {
            let document = file.document();
            hashes.extend(document.alias().into_iter().chain(document.other_names()).map(name_hash));
        }
        hashes.into_iter().flat_map(|hash| self.links.get(hash)).collect()
    }

    /// Files that may hold a `[[link]]` by this name.
    pub fn linking_by_name(&self, name: &str) -> RoaringBitmap {
        self.links.get(name_hash(name)).collect()
    }

    /// Files that may link to the file at this path, whatever it is: a picture by its path or its name.
    pub fn linking_to_path(&self, path: &VaultPath) -> RoaringBitmap {
        let hashes = [table::hash(path.as_str()), name_hash(path.as_str())];
        hashes.into_iter().flat_map(|hash| self.links.get(hash)).collect()
    }

    /// Who links here: the places of all links that lead to this file, in path order.
    pub fn backlinks(&self, id: FileId) -> Vec<Place> {
        let mut candidates: Vec<FileId> = self.linking(id).into_iter().collect();
        candidates.sort_by_key(|&from| self.file(from).path());
        let mut places = Vec::new();
        for from in candidates {
            let source = self.file(from);
            for link in source.document().links() {
                let near = link_hash(source.path(), &link).is_some();
                if near && self.resolve_link(source.path(), &link) == Some(Resolution::One(id)) {
                    places.push(Place { file: from, span: link.span });
                }
            }
        }
        places
    }

    /// Other contacts that have this address, in path order.
    pub fn sharing(&self, id: FileId, address: &Address) -> Vec<FileId> {
        let mut ids: Vec<FileId> = self.reach.get(table::hash(&address.key())).filter(|&other| other != id).collect();
        ids.retain(|&other| reach::own_addresses(&self.file(other).document()).iter().any(|own| own.is_same(address)));
        ids.sort_by_key(|&id| self.file(id).path());
        ids
    }

    /// Those of `others` that may have an address or a name of this contact's; some may only seem to. Asks hashes alone: no file is
    /// read.
    pub fn may_share(&self, id: FileId, others: &RoaringBitmap) -> RoaringBitmap {
        let hashes = &self.file(id).hashes;
        let by_address = hashes.reach().iter().flat_map(|&address| self.reach.get(address));
        let by_name = hashes.names().iter().flat_map(|&name| self.names.get(name));
        by_address.chain(by_name).filter(|&other| other != id && others.contains(other)).collect()
    }

    /// Other contacts that go by the same alias, in path order.
    pub fn namesakes(&self, id: FileId) -> Vec<FileId> {
        let key = tag::key(self.file(id).alias());
        let mut ids: Vec<FileId> = self.names.get(table::hash(&key)).filter(|&other| other != id).collect();
        ids.retain(|&other| self.file(other).kind() == Kind::Contact && tag::key(self.file(other).alias()) == key);
        ids.sort_by_key(|&id| self.file(id).path());
        ids
    }

    /// The file itself, and every file of which something is said that this one may alter: who goes by one of its names, links
    /// to one of them, or has one of its addresses.
    pub fn neighbours(&self, id: FileId) -> RoaringBitmap {
        let file = self.file(id);
        let mut found = RoaringBitmap::from([id]);
        for &name in file.hashes.names() {
            found.extend(self.names.get(name));
            found.extend(self.links.get(name));
        }
        found.extend(self.links.get(table::hash(file.path().as_str())));
        for &address in file.hashes.reach() {
            found.extend(self.reach.get(address));
        }
        found
    }

    /// Files whose text mentions a tag (by its key), in path order; some may only seem to.
    pub fn mentioning(&self, key: &str) -> Vec<FileId> {
        let mut ids: Vec<FileId> = self.mentions.get(table::hash(key)).collect();
        ids.sort_by_key(|&id| self.file(id).path());
        ids
    }

    /// The same as a set, in no order.
    pub fn mentioning_set(&self, key: &str) -> RoaringBitmap {
        self.mentions.get(table::hash(key)).collect()
    }
}

/// Does a name mean this file by its own name? `people/li-na`, `li-na` and `li-na.md` mean `people/li-na.md`.
pub fn fits_path(path: &VaultPath, name: &str) -> bool {
    let stem = without_ending(name.rsplit('/').next().unwrap_or(name));
    if tag::key(path.stem()) != tag::key(stem) {
        return false;
    }
    let Some((folder, _)) = name.rsplit_once('/') else { return true };
    let folder = folder.trim_start_matches("./");
    path.folder() == folder || path.folder().ends_with(&format!("/{folder}"))
}
