//! The outbox: a batch is written into staging and appears by one rename.

use std::fs::{self, File};
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::correct::REJECTED;
use super::fault::failpoint;
use super::files::{Modes, entries, make_folder, refuse_link, remove_folder, rename_new, sync_folder};
use super::output::{OutputFile, Unsynced};
use crate::digest::{Beside, Digest};
use crate::printable::is_hidden;

/// The folder of the outbox in which batches are written.
pub(super) const STAGING: &str = ".staging";

/// The file of a batch that lists all others.
pub const MANIFEST: &str = "MANIFEST.json";

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in the folder of the batch.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// `MANIFEST.json`: size and hash of every other file of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The name of the batch.
    pub batch: String,
    /// Its files.
    pub files: Vec<Entry>,
}

/// A batch that is being written. Dropped without being sealed, it is removed.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    modes: Modes,
    entries: Vec<Entry>,
    /// The files closed last, which are synced as late as can be: the disk has time for them.
    unsynced: Vec<Unsynced>,
    sealed: bool,
}

/// How many files wait to be synced at most: each is open.
const UNSYNCED_MAX: usize = 16;

/// A batch whose files are complete and durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The SHA-256 of its manifest, in hexadecimal digits.
    pub manifest: String,
    /// Its files but the manifest.
    pub files: Vec<Entry>,
}

/// Where a batch is written before it is published.
fn staged(outbox: &Path, claim: &str) -> PathBuf {
    outbox.join(STAGING).join(claim)
}

impl Staging {
    /// Makes the staging folder of a claim anew: what an earlier attempt left there is removed.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn create(outbox: &Path, claim: &str, modes: Modes) -> Result<Self, StoreError> {
        let folder = staged(outbox, claim);
        refuse_link(&outbox.join(STAGING))?;
        remove_folder(&folder)?;
        make_folder(&folder, modes.folder)?;
        Ok(Self { folder, modes, entries: Vec::new(), unsynced: Vec::new(), sealed: false })
    }

    /// An output file of the batch.
    #[must_use]
    pub fn file(&self, name: &str) -> OutputFile {
        self.file_beside(name, &Beside::default())
    }

    /// An output file of the batch that is hashed together with others, and with the input.
    #[must_use]
    pub fn file_beside(&self, name: &str, beside: &Beside) -> OutputFile {
        OutputFile::new(self.folder.join(name), self.modes.file, beside.lane())
    }

    /// Ends an output file and lists it in the manifest, if it was made. It is durable when the batch is sealed.
    ///
    /// # Errors
    ///
    /// When it cannot be written to its end, or one that was closed long before cannot be synced.
    pub fn close(&mut self, file: OutputFile) -> Result<(), StoreError> {
        if let Some((entry, unsynced)) = file.close()? {
            self.entries.push(entry);
            self.unsynced.push(unsynced);
        }
        if self.unsynced.len() < UNSYNCED_MAX { Ok(()) } else { self.sync() }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        Unsynced::sync_all(&mem::take(&mut self.unsynced))
    }

    /// The folder that is written to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of the files that were closed so far.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Writes a small file whole.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&mut self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let mut file = self.file(name);
        file.write_all(content).map_err(StoreError::of("write the file", file.path()))?;
        self.close(file)
    }

    /// Opens a file of the batch that was closed, to be read.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn read(&self, name: &str) -> Result<File, StoreError> {
        let path = self.folder.join(name);
        File::open(&path).map_err(StoreError::of("open the file", &path))
    }

    /// Writes the manifest and makes all files durable. The batch still lies in staging.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn seal(mut self, batch: &str) -> Result<Sealed, StoreError> {
        failpoint("outputs-written");
        let files = mem::take(&mut self.entries);
        let mut manifest = serde_json::to_vec_pretty(&Manifest { batch: batch.into(), files: files.clone() })
            .map_err(io::Error::from)
            .map_err(StoreError::of("write the manifest of", &self.folder))?;
        manifest.push(b'\n');
        self.write(MANIFEST, &manifest)?;
        self.sync()?;
        sync_folder(&self.folder)?;
        if let Some(staging) = self.folder.parent() {
            sync_folder(staging)?;
        }
        self.sealed = true;
        failpoint("outputs-synced");
        Ok(Sealed { manifest: Digest::of(&manifest).hex(), files })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.sealed {
            // What cannot be removed now is in nobody's way: it is in staging.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Removes what a claim has in staging.
///
/// # Errors
///
/// When it cannot be removed.
pub fn discard_staging(outbox: &Path, claim: &str) -> Result<(), StoreError> {
    remove_folder(&staged(outbox, claim))
}

/// Removes a published batch for good, on a person's word. It vanishes by one rename, so that nobody sees half of
/// it; what a killed process leaves of it is in staging, which the next start empties.
///
/// # Errors
///
/// When it cannot be renamed or removed.
pub fn purge_batch(outbox: &Path, batch: &str, modes: Modes) -> Result<(), StoreError> {
    refuse_link(&outbox.join(STAGING))?;
    make_folder(&outbox.join(STAGING), modes.folder)?;
    let (from, to) = (outbox.join(batch), staged(outbox, batch));
    remove_folder(&to)?;
    match rename_new(&from, &to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::of("move the folder aside", &from)(error));
        }
        _ => sync_folder(outbox)?,
    }
    remove_folder(&to)
}

/// Removes from staging what belongs to no claim at hand: what killed processes left.
///
/// # Errors
///
/// When it cannot be read, or something in it cannot be removed; all else is removed then.
pub fn clean_staging(outbox: &Path, is_at_hand: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    let staging = outbox.join(STAGING);
    refuse_link(&staging)?;
    let mut ended = Ok(());
    for path in entries(&staging)? {
        if !is_at_hand(&path.file_name().unwrap_or_default().to_string_lossy()) {
            ended = ended.and(remove_folder(&path));
        }
    }
    ended
}

/// Whether no published batch has this name.
#[must_use]
pub fn is_free(outbox: &Path, batch: &str) -> bool {
    fs::symlink_metadata(outbox.join(batch)).is_err()
}

/// Makes a sealed batch appear under its name, by one rename. Done again after a crash, it finds what it
/// did before.
///
/// # Errors
///
/// When it cannot be renamed, when the name belongs to something else, or when neither the sealed nor the
/// published batch is there.
pub fn publish(outbox: &Path, claim: &str, batch: &str, manifest: &str) -> Result<PathBuf, StoreError> {
    let (from, to) = (staged(outbox, claim), outbox.join(batch));
    match rename_new(&from, &to) {
        Ok(()) => {}
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
            ) =>
        {
            if error.kind() == io::ErrorKind::NotFound && is_free(outbox, batch) {
                // Staging of a committed batch goes away by this rename alone: it was seen, and taken away.
                tracing::warn!(batch, "the published folder was taken away before its batch was done");
                return Ok(to);
            }
            let path = to.join(MANIFEST);
            let found =
                fs::read(&path).map_err(StoreError::of("read the manifest of the committed batch", &path))?;
            if Digest::of(&found).hex() != manifest {
                let error = io::Error::other(
                    "the folder holds another batch than the ledger says; nothing was changed: compare them, move the folder away and start again",
                );
                return Err(StoreError::of("publish the batch as", &to)(error));
            }
        }
        Err(error) => return Err(StoreError::of("publish the batch as", &to)(error)),
    }
    sync_folder(&outbox.join(STAGING))?;
    sync_folder(outbox)?;
    failpoint("published");
    Ok(to)
}

/// Reads the manifest of a published batch.
///
/// # Errors
///
/// When it cannot be read, or is no manifest.
pub fn read_manifest(folder: &Path) -> Result<(Manifest, String), StoreError> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).map_err(StoreError::of("read the manifest", &path))?;
    let manifest = serde_json::from_slice(&text)
        .map_err(|error| StoreError::of("read the manifest", &path)(error.into()))?;
    Ok((manifest, Digest::of(&text).hex()))
}

/// The folders of an outbox that hold published batches.
///
/// # Errors
///
/// When the outbox cannot be read.
pub fn published(outbox: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(outbox).map_err(StoreError::of("read the folder", outbox))? {
        let path = entry.map_err(StoreError::of("read the folder", outbox))?.path();
        if path.join(MANIFEST).is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// The most bytes of a file's stem that go into names, so that a batch's name and ending still fit.
const STEM_BYTES_MAX: usize = 180;

/// The stem of a file's name as batches carry it: without its ending, without what an earlier batch
/// added, safe in any name.
#[must_use]
pub fn stem(name: &str) -> String {
    let known =
        name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && super::is_known_extension(ending));
    let stem = known.map_or(name, |(stem, _)| stem);
    let stem = match parent_of(name).and_then(|batch| batch.rsplit_once('.')) {
        Some((before, _)) => before,
        None => stem,
    };
    let mut safe: String = stem
        .chars()
        .map(|char| match char {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            _ if is_hidden(char) || char == char::REPLACEMENT_CHARACTER => '_',
            _ => char,
        })
        .collect();
    while safe.len() > STEM_BYTES_MAX {
        safe.pop();
    }
    if safe.is_empty() || safe.starts_with(['.', '-', '~', ' ']) {
        safe.insert(0, '_');
    }
    safe
}

/// The batch that a rejected file says it comes from: `<stem>.<batch8>.rejected.<ending>`.
#[must_use]
pub fn parent_of(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    // Mail programs and file managers number copies: `x.rejected (1).csv`, `x.rejected - Copy.csv`.
    let (cut, _) = stem.rmatch_indices(REJECTED).find(|(at, _)| stem[..*at].ends_with('.'))?;
    let (batch, copy) = (&stem[..cut - 1], &stem[cut + REJECTED.len()..]);
    let is_copy = copy.is_empty() || copy.starts_with([' ', '-', '_', '(']);
    let (before, batch8) = batch.rsplit_once('.')?;
    (super::is_known_extension(ending) && is_copy && is_batch8(batch8) && !before.is_empty()).then_some(batch)
}

/// `b7f3c2a1`, or `b7f3c2a1-2`.
fn is_batch8(text: &str) -> bool {
    let (hash, again) = text.split_once('-').unwrap_or((text, "2"));
    hash.len() == 8
        && hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
        && again.bytes().all(|byte| byte.is_ascii_digit())
        && !again.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{parent_of, stem};

    #[test]
    fn a_stem_is_kept_through_corrections() {
        assert_eq!(stem("customers_0121.csv"), "customers_0121");
        assert_eq!(stem("customers_0121.b7f3c2a1.rejected.csv"), "customers_0121");
        assert_eq!(stem("customers_0121.b7f3c2a1-2.rejected.ndjson"), "customers_0121");
        assert_eq!(stem("v1.2.export"), "v1.2.export");
        assert_eq!(stem("my.rejected.csv"), "my.rejected");
        assert_eq!(stem("customers_0121.b7f3c2a1.rejected (1).csv"), "customers_0121");
    }

    #[test]
    fn a_rejected_file_names_its_batch() {
        assert_eq!(parent_of("customers_0121.b7f3c2a1-2.rejected.csv"), Some("customers_0121.b7f3c2a1-2"));
        assert_eq!(parent_of("a.b.b7f3c2a1.rejected - Copy.json"), Some("a.b.b7f3c2a1"));
        assert_eq!(parent_of("a.b7f3c2a1.rejected (not rejected any more).csv"), Some("a.b7f3c2a1"));
        assert_eq!(parent_of("a.b7f3c2a1.rejected-rejected.csv"), Some("a.b7f3c2a1"));
        assert_eq!(parent_of("my.rejected.csv"), None);
        assert_eq!(parent_of("x.b7f3c2a1.rejectedness.csv"), None);
    }

    #[test]
    fn a_stem_is_safe_in_any_name() {
        assert_eq!(stem("../../etc/passwd.csv"), "_.._.._etc_passwd");
        assert_eq!(stem(".staging.csv"), "_.staging");
        assert_eq!(stem("a\nb\u{1b}[31m.csv"), "a_b_[31m");
        assert_eq!(stem(".csv"), "_.csv");
        assert!(stem(&"ž".repeat(400)).len() <= 181);
    }
}
