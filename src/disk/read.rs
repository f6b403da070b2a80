//! One file, read whole: bounded, never blocking on something that is no file, and with a reason a person understands when it fails.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::{fmt, str};

use super::{is_missing, plain};

/// The largest file that is read, in bytes: 4 MiB.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// So much is read of a file that cannot be read as a whole: what stands in its front matter still counts.
const BEGINNING: u64 = 64 * 1024;

/// Of so many bytes it is told whether a text is UTF-16: every front matter begins in them.
const JUDGED: usize = 512;

/// What a buffer starts with: most contacts fit, so that one call to the system reads them.
const FIRST_BYTES: usize = 16 * 1024;

/// Why a file could not be read. `Display` continues a sentence that begins with the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// Nothing of this name is there.
    Gone,
    /// The text is not UTF-8.
    NotUtf8 {
        /// The first byte that is not, counted from 0.
        offset: usize,
    },
    /// The file is larger than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// A folder, a pipe, a device: nothing that has a text.
    NotAFile,
    /// Settings under a name from which none are read.
    Misnamed,
    /// The system refuses, and says why.
    Io(String),
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadFault::Gone => f.write_str("no such file"),
            ReadFault::NotUtf8 { offset } => write!(f, "not UTF-8 (byte {}): save it as UTF-8", offset + 1),
            ReadFault::TooLarge { .. } => f.write_str("larger than 4 MiB: split it, or exclude it"),
            ReadFault::NotAFile => f.write_str("not a regular file"),
            ReadFault::Misnamed => f.write_str("settings are read from guanxi.yaml only: rename this file"),
            ReadFault::Io(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ReadFault {}

impl ReadFault {
    /// Is there a text all the same, of which a beginning can be read?
    pub fn has_beginning(&self) -> bool {
        matches!(self, ReadFault::NotUtf8 { .. } | ReadFault::TooLarge { .. })
    }
}

/// An encoding with characters of several bytes each, and its order of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wide {
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

/// Is this text UTF-16 or UTF-32, with a byte order mark or without one? Some Windows programs write it so. A NUL is a valid character of
/// UTF-8, so that such a text, if ASCII, could be read as one whose front matter nobody finds.
fn wide(bytes: &[u8]) -> Option<Wide> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => return Some(Wide::Utf32Le),
        [0, 0, 0xfe, 0xff, ..] => return Some(Wide::Utf32Be),
        [0xff, 0xfe, ..] => return Some(Wide::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Wide::Utf16Be),
        _ => {}
    }
    let judged = &bytes[..bytes.len().min(JUDGED)];
    memchr::memchr(0, judged)?;
    // Keys, signs and line breaks are ASCII: a quarter of all characters even where every value is Chinese. Of these all bytes but one
    // are NUL, and that one never is; of others few are.
    let nuls = |first: usize, step: usize| judged.iter().skip(first).step_by(step).filter(|&&byte| byte == 0).count();
    let is_most = |many: usize, few: usize, all: usize| many > 0 && many * 4 >= all && few * 16 <= many;
    let (pairs, fours) = (judged.len() / 2, judged.len() / 4);
    // No character needs the highest byte (Unicode ends at U+10FFFF).
    if fours > 0 && nuls(3, 4) >= fours && is_most(nuls(2, 4), nuls(0, 4), fours) {
        Some(Wide::Utf32Le)
    } else if fours > 0 && nuls(0, 4) >= fours && is_most(nuls(1, 4), nuls(3, 4), fours) {
        Some(Wide::Utf32Be)
    } else if is_most(nuls(1, 2), nuls(0, 2), pairs) {
        Some(Wide::Utf16Le)
    } else if is_most(nuls(0, 2), nuls(1, 2), pairs) {
        Some(Wide::Utf16Be)
    } else {
        None
    }
}

/// The first 64 KiB of a file that is too large or not UTF-8, decoded as far as possible: UTF-16 or UTF-32 where it is that, else UTF-8
/// with `U+FFFD` for what is none. The keys and addresses of a front matter are ASCII in nearly every encoding.
pub fn beginning(path: &Path) -> Option<Arc<str>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(BEGINNING).read_to_end(&mut bytes).ok()?;
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|&bytes| unit(bytes));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    let utf32 = |unit: fn([u8; 4]) -> u32| {
        let units = bytes.as_chunks().0.iter().map(|&bytes| unit(bytes));
        units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    let text = match wide(&bytes) {
        Some(Wide::Utf16Le) => utf16(u16::from_le_bytes),
        Some(Wide::Utf16Be) => utf16(u16::from_be_bytes),
        Some(Wide::Utf32Le) => utf32(u32::from_le_bytes),
        Some(Wide::Utf32Be) => utf32(u32::from_be_bytes),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    };
    Some(text.into())
}

/// The text of the file at `path`, a byte order mark included. A symbolic link is followed. `buffer` is scratch space: hand
/// the same one to every call of a thread.
///
/// # Errors
/// See [`ReadFault`]. A pipe or a device is refused without being opened.
pub fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<Arc<str>, ReadFault> {
    look(path)?;
    read_regular(path, buffer)
}

/// What the system says about the file, if it is one that can be read.
pub(super) fn look(path: &Path) -> Result<Metadata, ReadFault> {
    let metadata = fs::metadata(path).map_err(|error| fault(path, &error))?;
    if !metadata.is_file() {
        return Err(ReadFault::NotAFile);
    }
    if metadata.len() > MAX_BYTES {
        return Err(ReadFault::TooLarge { bytes: metadata.len() });
    }
    Ok(metadata)
}

/// As [`read`], for a path that is already known to be a regular file: asks the system nothing twice.
pub(super) fn read_regular(path: &Path, buffer: &mut Vec<u8>) -> Result<Arc<str>, ReadFault> {
    text_of(path, buffer).map(Arc::from)
}

/// The same, left in the buffer.
pub(super) fn text_of<'a>(path: &Path, buffer: &'a mut Vec<u8>) -> Result<&'a str, ReadFault> {
    let bytes = read_bytes(path, buffer)?;
    let text = str::from_utf8(bytes).map_err(|error| ReadFault::NotUtf8 { offset: error.valid_up_to() })?;
    match wide(bytes) {
        Some(_) => Err(ReadFault::NotUtf8 { offset: memchr::memchr(0, bytes).unwrap_or(0) }),
        None => Ok(text),
    }
}

/// The bytes of a regular file, at the front of `buffer`.
pub(super) fn read_bytes<'a>(path: &Path, buffer: &'a mut Vec<u8>) -> Result<&'a [u8], ReadFault> {
    let mut file = File::open(path).map_err(|error| fault(path, &error))?;
    let length = fill(&mut file, buffer).map_err(|error| fault(path, &error))?;
    if length as u64 > MAX_BYTES {
        let bytes = file.metadata().map_or(length as u64, |metadata| metadata.len());
        return Err(ReadFault::TooLarge { bytes });
    }
    Ok(&buffer[..length])
}

/// Reads to the end, or to one byte past the limit. The buffer keeps its length from file to file, so it is zeroed only once.
fn fill(file: &mut File, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let limit = MAX_BYTES as usize + 1;
    if buffer.len() < FIRST_BYTES {
        buffer.resize(FIRST_BYTES, 0);
    }
    let mut length = 0;
    while length < limit {
        if length == buffer.len() {
            buffer.resize((buffer.len() * 4).min(limit), 0);
        }
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn fault(path: &Path, error: &io::Error) -> ReadFault {
    if is_missing(error) {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        return if is_link { ReadFault::Io("a symbolic link that leads nowhere".to_owned()) } else { ReadFault::Gone };
    }
    if is_loop(error) {
        return ReadFault::Io("a symbolic link that leads back to itself".to_owned());
    }
    if error.kind() == io::ErrorKind::IsADirectory {
        return ReadFault::NotAFile;
    }
    ReadFault::Io(format!("cannot be read: {}", plain(error)))
}

/// Too many links on the way. The standard library has no stable name for it yet.
fn is_loop(error: &io::Error) -> bool {
    let number = if cfg!(windows) {
        1921
    } else if cfg!(any(target_os = "linux", target_os = "android")) {
        40
    } else {
        62
    };
    error.raw_os_error() == Some(number)
}
