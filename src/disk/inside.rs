//! A file that leaves the vault with a message: it must lie in the vault itself. A symbolic link could send along anything that
//! its maker may read.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{from_disk, is_missing, plain, to_disk};
use crate::vault::VaultPath;

/// A file that lies in the vault, links on the way to it included.
pub struct Inside {
    /// Where it is.
    path: PathBuf,
    /// How many bytes it has.
    pub length: u64,
    /// What it is called in the vault, links on the way resolved.
    pub place: String,
}

impl Inside {
    /// Looks at a file of the vault at `root`. Errors continue a sentence that begins with the path.
    pub fn find(root: &Path, path: &str) -> Result<Self, String> {
        let written = to_disk(root, &VaultPath::new(path));
        let fault = |error: std::io::Error| {
            if is_missing(&error) { "is not there".to_owned() } else { format!("cannot be read: {}", plain(&error)) }
        };
        let (root, path) = (root.canonicalize().map_err(fault)?, written.canonicalize().map_err(fault)?);
        if !path.starts_with(&root) {
            return Err("leads out of the vault by a symbolic link: copy the file into the vault".to_owned());
        }
        let metadata = path.metadata().map_err(fault)?;
        if !metadata.is_file() {
            return Err("is not a file".to_owned());
        }
        let place = from_disk(&root, &path).map(|place| place.to_string()).unwrap_or_default();
        Ok(Self { path, length: metadata.len(), place })
    }

    /// What is in it; refused where it has grown since.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.length).unwrap_or(0));
        let file = File::open(&self.path).map_err(|error| format!("cannot be read: {}", plain(&error)))?;
        file.take(self.length + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {}", plain(&error)))?;
        if bytes.len() as u64 != self.length {
            return Err("changed while it was read: try again".to_owned());
        }
        Ok(bytes)
    }
}
