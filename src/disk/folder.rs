//! A folder of new files: all of them are there, or none. It is written beside its place and moved there in the end. What is there
//! already is never written over: an old message left among the new ones could go to somebody who has said no since.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{plain, temporary};

/// A folder on its way. Dropped before its end, it leaves nothing behind.
pub struct NewFolder {
    /// Where the files are until then.
    temporary: TempDir,
    place: Place,
    names: Vec<String>,
}

enum Place {
    /// Nothing is there: the folder is moved there whole.
    Nothing(PathBuf),
    /// An empty folder is there, and stays: perhaps somebody stands in it, or made it private.
    Empty(PathBuf),
}

impl NewFolder {
    /// Begins a folder at `path`. Errors continue a sentence that begins with the path.
    pub fn begin(path: &Path) -> Result<Self, String> {
        let fault = |error: std::io::Error| format!("cannot be written: {}", plain(&error));
        let is_there = fs::symlink_metadata(path).is_ok();
        let (place, home) = if is_there {
            let real = path.canonicalize().map_err(|_| "is a link that leads nowhere: choose another name".to_owned())?;
            if !real.is_dir() {
                return Err("is not a folder: choose another name".to_owned());
            }
            // What a killed run left is not somebody's.
            temporary::sweep_folder(&real);
            if fs::read_dir(&real).map_err(fault)?.next().is_some() {
                return Err("is not empty: name a new folder, or clear it out first; nothing was written".to_owned());
            }
            (Place::Empty(real.clone()), real)
        } else {
            let whole = std::path::absolute(path).map_err(fault)?;
            let parent = whole.parent().ok_or("is no place for a folder")?.to_path_buf();
            fs::create_dir_all(&parent).map_err(fault)?;
            temporary::sweep_folder(&parent);
            (Place::Nothing(whole), parent)
        };
        let mut builder = tempfile::Builder::new();
        let prefix = temporary::prefix();
        builder.prefix(&prefix).suffix(temporary::suffix());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What the person's umask allows, like any new folder.
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        Ok(Self { temporary: builder.tempdir_in(home).map_err(fault)?, place, names: Vec::new() })
    }

    /// One more file. The messages can be written again at any time: nothing waits for the disk.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let mut file = File::create_new(self.temporary.path().join(name))
            .map_err(|error| format!("{name} cannot be written: {}", plain(&error)))?;
        file.write_all(bytes).map_err(|error| format!("{name} cannot be written: {}", plain(&error)))?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Moves all of it to its place.
    pub fn finish(self) -> Result<(), String> {
        let fault = |error: std::io::Error| format!("cannot be written: {}", plain(&error));
        match &self.place {
            Place::Nothing(path) => {
                // A rename may go over an empty folder that came meanwhile, and over nothing else.
                fs::rename(self.temporary.path(), path).map_err(fault)?;
                // It has moved: there is nothing to clear away under the old name.
                let _ = self.temporary.keep();
            }
            Place::Empty(path) => {
                for (done, name) in self.names.iter().enumerate() {
                    let to = path.join(name);
                    let moved = match fs::symlink_metadata(&to) {
                        Ok(_) => Err(format!("has a file {name} meanwhile; nothing was written")),
                        Err(_) => fs::rename(self.temporary.path().join(name), &to).map_err(fault),
                    };
                    if let Err(message) = moved {
                        self.names[..done].iter().for_each(|name| {
                            let _ = fs::remove_file(path.join(name));
                        });
                        return Err(message);
                    }
                }
            }
        }
        Ok(())
    }
}
