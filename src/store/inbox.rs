//! The inbox: which files are there, and which of them may be taken.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{OPEN, StoreError};

/// The endings of files that are imported.
const EXTENSIONS: [&str; 7] = ["json", "ndjson", "jsonl", "xml", "csv", "tsv", "xlsx"];

/// Whether files with this ending are imported.
#[must_use]
pub fn is_known_extension(extension: &str) -> bool {
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Its name is that of a hidden or temporary file.
    TemporaryName,
    /// No known format ends like this.
    UnknownExtension,
    /// It is a folder, link, pipe, socket or device.
    NoRegularFile,
}

impl Waiting {
    /// The reason, as people read it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TemporaryName => "its name is that of a hidden or temporary file",
            Self::UnknownExtension => "its name ends in none of .json .ndjson .jsonl .xml .csv .tsv .xlsx",
            Self::NoRegularFile => "it is no regular file but a folder, link, pipe, socket or device",
        }
    }
}

/// A file of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its path.
    pub path: PathBuf,
    /// Why it is not taken; `None` when it is.
    pub waiting: Option<Waiting>,
}

/// All files of a folder, by name.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn scan(folder: &Path) -> Result<Vec<Candidate>, StoreError> {
    let mut candidates = Vec::new();
    for entry in fs::read_dir(folder).map_err(StoreError::of("read the folder", folder))? {
        let path = entry.map_err(StoreError::of("read the folder", folder))?.path();
        let waiting = why_not_taken(&path);
        candidates.push(Candidate { path, waiting });
    }
    candidates.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(candidates)
}

/// Why a file is not taken; `None` when it is.
#[must_use]
pub fn why_not_taken(path: &Path) -> Option<Waiting> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if is_temporary(&name) {
        return Some(Waiting::TemporaryName);
    }
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if !is_file {
        return Some(Waiting::NoRegularFile);
    }
    let known = path.extension().and_then(OsStr::to_str).is_some_and(is_known_extension);
    (!known).then_some(Waiting::UnknownExtension)
}

fn is_temporary(name: &str) -> bool {
    let endings = [".tmp", ".part", ".partial", ".filepart", ".crdownload"];
    let lower = name.to_ascii_lowercase();
    name.starts_with(['.', '~'])
        || endings.iter().any(|ending| lower.ends_with(ending))
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini")
}

/// Opens a file to be read, never following a link at its end and never waiting for a pipe.
///
/// # Errors
///
/// When it cannot be opened, or is no regular file.
pub fn open(path: &Path) -> Result<File, StoreError> {
    let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW).bits();
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags as i32)
        .open(path)
        .map_err(StoreError::of(OPEN, path))?;
    let metadata = file.metadata().map_err(StoreError::of("look at the file", path))?;
    if metadata.is_file() {
        return Ok(file);
    }
    let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, Waiting::NoRegularFile.reason());
    Err(StoreError::of(OPEN, path)(error))
}
