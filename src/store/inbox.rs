//! The inbox: which files are there, and which of them hold still and may be taken.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::StoreError;
use super::lease::{Writers, writers};
use super::marker::{MARKERS, leaves_room, marker_path, unmarked};

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
    /// Its name is that of a file which is being sent.
    UnfinishedName,
    /// No known format ends like this.
    UnknownExtension,
    /// It is a folder, link, pipe, socket or device.
    NoRegularFile,
    /// It has several hard links.
    SeveralLinks,
    /// It cannot be opened.
    NotReadable,
    /// It changed a moment ago.
    Settling,
    /// A program has it open for writing.
    BeingWritten,
    /// Its end is missing.
    Incomplete,
    /// The marker that its sender writes last is not there.
    NoMarker,
    /// The marker holds the hash of another file.
    WrongMarker,
    /// The marker cannot be read or understood.
    UnclearMarker,
    /// Its name leaves no room for the ending of its marker.
    LongName,
    /// It is a marker itself.
    Marker,
    /// The settings say that it is never taken.
    Ignored,
}

impl Waiting {
    /// The reason, as people read it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TemporaryName => "its name is that of a hidden or temporary file",
            Self::UnfinishedName => {
                "its name is that of an unfinished file: its sender renames it when it is complete"
            }
            Self::UnknownExtension => "its name ends in none of .json .ndjson .jsonl .xml .csv .tsv .xlsx",
            Self::NoRegularFile => "it is no regular file but a folder, link, pipe, socket or device",
            Self::SeveralLinks => "it has several hard links: copy it here instead of linking it",
            Self::NotReadable => "it cannot be opened: check its owner and mode",
            Self::Settling => "it changed a moment ago: it is taken when it has held still",
            Self::BeingWritten => "a program has it open for writing",
            Self::NoMarker => "the marker file that its sender writes last is not there yet",
            Self::WrongMarker => "its marker file holds the hash of another file: send both again",
            Self::UnclearMarker => {
                "its marker file cannot be read, or tells no clear hash or number of records (as records=1200): send both again"
            }
            Self::LongName => {
                "its name is too long: with the ending of its marker it would have over 255 bytes; send both with a shorter one"
            }
            Self::Ignored => "the settings (inbox.ignore) name it among those that are never taken",
            Self::Marker => "it is the marker of another file",
            Self::Incomplete => {
                "its end is missing: it is taken when it is complete, or when it has waited long enough"
            }
        }
    }

    /// Whether people want to hear of it: hidden and temporary files belong to programs.
    #[must_use]
    pub const fn is_news(self) -> bool {
        !matches!(self, Self::TemporaryName | Self::Marker | Self::Ignored)
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

/// All files of a folder that are named like imports, by name, without a look at whether they hold still.
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

/// Why a file is not taken by its name and kind; `None` when it is.
#[must_use]
pub fn why_not_taken(path: &Path) -> Option<Waiting> {
    match by_name(path) {
        None | Some(Waiting::UnknownExtension) if !is_regular(path) => Some(Waiting::NoRegularFile),
        by_name => by_name,
    }
}

fn is_regular(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn by_name(path: &Path) -> Option<Waiting> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if is_temporary(&name) {
        return Some(Waiting::TemporaryName);
    }
    let lower = name.to_ascii_lowercase();
    if UNFINISHED.iter().any(|ending| lower.ends_with(ending)) {
        return Some(Waiting::UnfinishedName);
    }
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    if MARKERS.iter().any(|marker| marker[1..].eq_ignore_ascii_case(extension)) {
        return Some(Waiting::Marker);
    }
    (!is_known_extension(extension)).then_some(Waiting::UnknownExtension)
}

/// What ends the names of files that are being sent.
const UNFINISHED: [&str; 5] = [".tmp", ".part", ".partial", ".filepart", ".crdownload"];

fn is_temporary(name: &str) -> bool {
    let made_by_system = ["thumbs.db", "desktop.ini"];
    name.starts_with(['.', '~']) || made_by_system.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// What tells whether a file is the same and unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// The device it lies on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
    /// Its size in bytes.
    pub bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Print {
    /// The print of a file.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The print of an open file.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    pub fn of_file(file: &File, path: &Path) -> Result<Self, StoreError> {
        Ok(Self::of(&file.metadata().map_err(StoreError::of("look at the file", path))?))
    }

    /// Whether the content may differ. A rename changes `changed` on some file systems, so that it alone
    /// says nothing after a claim.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        (self.device, self.inode, self.bytes, self.modified)
            == (other.device, other.inode, other.bytes, other.modified)
    }
}

/// How long a file has to hold still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// How long it must be unchanged.
    pub quiet: Duration,
    /// How long a file whose end is missing waits before it is read as it is.
    pub patience: Duration,
    /// Whether the kernel is asked who writes the file.
    pub lease: bool,
}

/// What an inbox asks about a file whose format it does not know.
#[derive(Clone, Copy)]
pub struct Questions<'q> {
    /// Whether nothing is missing at the end of a file.
    pub is_complete: &'q dyn Fn(&mut File) -> bool,
    /// Whether files of this name are never taken.
    pub is_ignored: &'q dyn Fn(&str) -> bool,
    /// The ending of the marker that a file of this name must have.
    pub marker: &'q dyn Fn(&str) -> Option<&'static str>,
}

/// What was seen of a file at earlier looks.
#[derive(Debug, Clone, Copy)]
struct Seen {
    print: Print,
    /// Since when it has been unchanged.
    since: Instant,
    /// In which look it was seen last.
    look: u64,
    /// It was found complete, or to have no end that could be missing.
    complete: Option<bool>,
    /// Its marker.
    marker: Option<SeenMarker>,
}

/// What was seen of a marker.
#[derive(Debug, Clone, Copy)]
struct SeenMarker {
    print: Print,
    since: Instant,
    /// Why the file waits. The marker is read again when it changes.
    wrong: Option<Waiting>,
}

/// The inbox over time: what has held still since when.
#[derive(Debug)]
pub struct Inbox {
    folder: PathBuf,
    readiness: Readiness,
    seen: HashMap<PathBuf, Seen>,
    looks: u64,
}

impl Inbox {
    /// An inbox of which nothing was seen yet.
    #[must_use]
    pub fn new(folder: &Path, readiness: Readiness) -> Self {
        Self { folder: folder.to_owned(), readiness, seen: HashMap::new(), looks: 0 }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at every file. `now` is on the monotonic clock.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn look(&mut self, now: Instant, questions: &Questions<'_>) -> Result<Vec<Candidate>, StoreError> {
        self.looks += 1;
        let mut candidates = Vec::new();
        let folder = self.folder.clone();
        for entry in fs::read_dir(&folder).map_err(StoreError::of("read the folder", &folder))? {
            let path = entry.map_err(StoreError::of("read the folder", &folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let waiting = match by_name(&path) {
                None if (questions.is_ignored)(&name) => Some(Waiting::Ignored),
                None => match fs::symlink_metadata(&path) {
                    Ok(metadata) => self.settled(&path, &metadata, now, questions),
                    // It has gone since the folder was read.
                    Err(_) => continue,
                },
                waiting => waiting,
            };
            candidates.push(Candidate { path, waiting });
        }
        let look = self.looks;
        self.seen.retain(|_, seen| seen.look == look);
        candidates.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(candidates)
    }

    fn settled(
        &mut self,
        path: &Path,
        metadata: &Metadata,
        now: Instant,
        questions: &Questions<'_>,
    ) -> Option<Waiting> {
        if !metadata.is_file() {
            return Some(Waiting::NoRegularFile);
        }
        if metadata.nlink() > 1 {
            return Some(Waiting::SeveralLinks);
        }
        let print = Print::of(metadata);
        let look = self.looks;
        let fresh = Seen { print, since: now, look, complete: None, marker: None };
        let seen = self.seen.entry(path.to_owned()).or_insert(fresh);
        if seen.print != print {
            *seen = fresh;
        }
        seen.look = look;
        let ending = (questions.marker)(&path.file_name().unwrap_or_default().to_string_lossy());
        let marker = ending.and_then(|ending| marker_path(path, ending));
        let of_marker = marker.as_ref().and_then(|marker| fs::symlink_metadata(marker).ok());
        seen.marker = of_marker.as_ref().map(Print::of).map(|print| match seen.marker {
            Some(known) if known.print == print => known,
            _ => SeenMarker { print, since: now, wrong: None },
        });
        let still = now.saturating_duration_since(seen.since);
        if still < self.readiness.quiet {
            return Some(Waiting::Settling);
        }
        let Ok(mut file) = open(path) else { return Some(Waiting::NotReadable) };
        if self.readiness.lease && writers(&file) == Writers::Some {
            return Some(Waiting::BeingWritten);
        }
        if still < self.readiness.patience
            && !*seen.complete.get_or_insert_with(|| (questions.is_complete)(&mut file))
        {
            return Some(Waiting::Incomplete);
        }
        let ending = ending?;
        if !leaves_room(path, ending) {
            return Some(Waiting::LongName);
        }
        let Some((marker, of_marker)) = marker.zip(seen.marker.as_mut()) else {
            return Some(Waiting::NoMarker);
        };
        // It may be written just now, too.
        if now.saturating_duration_since(of_marker.since) < self.readiness.quiet {
            return Some(Waiting::Settling);
        }
        if self.readiness.lease && open(&marker).is_ok_and(|marker| writers(&marker) == Writers::Some) {
            return Some(Waiting::BeingWritten);
        }
        if of_marker.wrong.is_none() {
            match unmarked(path, &marker, ending) {
                Ok(wrong) => of_marker.wrong = wrong,
                Err(_) => return Some(Waiting::UnclearMarker),
            }
        }
        of_marker.wrong
    }
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
        .map_err(StoreError::of_input(path))?;
    let metadata = file.metadata().map_err(StoreError::of("look at the file", path))?;
    if metadata.is_file() {
        return Ok(file);
    }
    let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, Waiting::NoRegularFile.reason());
    Err(StoreError::of_input(path)(error))
}
