//! The outbox: a batch is written into staging and appears by one rename.

use std::fs::{self, File};
use std::io::{self, IoSlice, Write};
use std::mem;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::correct::REJECTED;
use super::fault::failpoint;
use super::files::{
    Ahead, Modes, entries, make_file, make_folder, refuse_link, remove_folder, rename_new, rename_over,
    sync_file, sync_folder,
};
use crate::digest::{Beside, Digest, Lane};

/// The folder of the outbox in which batches are written.
pub(super) const STAGING: &str = ".staging";

/// The file of a batch that lists all others.
pub const MANIFEST: &str = "MANIFEST.json";

/// Outputs are written in pieces of this size and multiples of it: whole pages of the kernel's cache cost it less than
/// pieces of any length.
const PIECE_BYTES: usize = 64 * 1024;

/// The largest buffer that is taken over: what records that are all wrong fill stays with its chunk, so that there is
/// no more of it than there are chunks.
const BUFFER_BYTES_MAX: usize = 1 << 20;

/// How much of an output is brought to the disk at a time before its end.
const AHEAD_BYTES: u64 = 16 << 20;

/// How much at its end.
const AHEAD_END_BYTES: u64 = 1 << 20;

/// An output file of a batch. It is made with its first byte: no empty files are written.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    mode: u32,
    file: Option<File>,
    /// The end of what came, less than a piece, which was not written yet.
    rest: Vec<u8>,
    written: u64,
    ahead: Ahead,
    /// The end of what came that was not left to be hashed yet.
    unhashed: Vec<u8>,
    lane: Lane,
}

impl OutputFile {
    fn new(path: PathBuf, mode: u32, lane: Lane) -> Self {
        let (rest, unhashed) = (Vec::new(), Vec::new());
        Self { path, mode, file: None, rest, written: 0, ahead: Ahead::default(), unhashed, lane }
    }

    /// Writes all that a buffer holds. A buffer worth it is another one afterwards, and empty: its bytes are kept until
    /// they are hashed.
    ///
    /// # Errors
    ///
    /// When the file cannot be made or written.
    pub fn write_buffer(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        if buffer.len() < PIECE_BYTES || buffer.capacity() > BUFFER_BYTES_MAX {
            return self.write_all(buffer);
        }
        self.write_through(buffer)?;
        self.leave_unhashed();
        *buffer = self.lane.leave(mem::take(buffer));
        Ok(())
    }

    /// Writes whole pieces, and keeps the rest.
    fn write_through(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None if bytes.is_empty() => return Ok(()),
            none => none.insert(make_file(&self.path, self.mode).map_err(io::Error::other)?),
        };
        let all = self.rest.len() + bytes.len();
        let now = all - all % PIECE_BYTES;
        if now == 0 {
            self.rest.extend_from_slice(bytes);
            return Ok(());
        }
        let (bytes, rest) = bytes.split_at(now - self.rest.len());
        let first = match file.write_vectored(&[IoSlice::new(&self.rest), IoSlice::new(bytes)]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            written => written?,
        };
        file.write_all(self.rest.get(first..).unwrap_or_default())?;
        file.write_all(&bytes[first.saturating_sub(self.rest.len())..])?;
        self.written += now as u64;
        self.rest.clear();
        self.rest.extend_from_slice(rest);
        self.send_ahead(AHEAD_BYTES);
        Ok(())
    }

    fn leave_unhashed(&mut self) {
        if !self.unhashed.is_empty() {
            self.unhashed = self.lane.leave(mem::take(&mut self.unhashed));
        }
    }

    /// Gives the file another name in its folder.
    ///
    /// # Errors
    ///
    /// When it cannot be renamed.
    pub fn rename(&mut self, name: &str) -> Result<(), StoreError> {
        let path = self.path.with_file_name(name);
        if self.file.is_some() {
            rename_over(&self.path, &path)?;
        }
        self.path = path;
        Ok(())
    }

    /// Takes back what was written, as if there had been nothing.
    ///
    /// # Errors
    ///
    /// When the file cannot be removed.
    pub fn discard(&mut self) -> Result<(), StoreError> {
        self.lane.reset();
        (self.written, self.ahead) = (0, Ahead::default());
        self.rest.clear();
        self.unhashed.clear();
        match self.file.take() {
            Some(_) => fs::remove_file(&self.path).map_err(StoreError::of("remove the file", &self.path)),
            None => Ok(()),
        }
    }

    /// Has a piece of at least this size brought to the disk while the next one is made.
    fn send_ahead(&mut self, bytes_min: u64) {
        if let Some(file) = &self.file {
            self.ahead.send(file, self.written, bytes_min);
        }
    }

    /// Writes what is left of the last piece.
    fn write_rest(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.write_all(&self.rest)?;
            self.written += self.rest.len() as u64;
            self.rest.clear();
        }
        Ok(())
    }

    /// Syncs the file and says what it holds; `None` when nothing was written.
    fn close(mut self) -> Result<Option<Entry>, StoreError> {
        self.write_rest().map_err(StoreError::of("write the file", &self.path))?;
        self.leave_unhashed();
        let Some(file) = self.file else { return Ok(None) };
        sync_file(&file, &self.path)?;
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = self.lane.digest();
        Ok(Some(Entry { name, bytes: digest.bytes, sha256: digest.hex() }))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_through(bytes)?;
        for piece in bytes.chunks(PIECE_BYTES) {
            self.unhashed.extend_from_slice(piece);
            if self.unhashed.len() >= PIECE_BYTES {
                self.leave_unhashed();
            }
        }
        Ok(())
    }

    /// Brings the last piece on its way too, if it is worth it: the outputs of a batch are synced one after the other.
    fn flush(&mut self) -> io::Result<()> {
        self.write_rest()?;
        self.send_ahead(AHEAD_END_BYTES);
        Ok(())
    }
}

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
    sealed: bool,
}

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
        Ok(Self { folder, modes, entries: Vec::new(), sealed: false })
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

    /// Syncs an output file and lists it in the manifest, if it was made.
    ///
    /// # Errors
    ///
    /// When it cannot be written to its end.
    pub fn close(&mut self, file: OutputFile) -> Result<(), StoreError> {
        self.entries.extend(file.close()?);
        Ok(())
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
        file.write_all(content).map_err(StoreError::of("write the file", &file.path))?;
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
        let files = std::mem::take(&mut self.entries);
        let mut manifest = serde_json::to_vec_pretty(&Manifest { batch: batch.into(), files: files.clone() })
            .map_err(io::Error::from)
            .map_err(StoreError::of("write the manifest of", &self.folder))?;
        manifest.push(b'\n');
        self.write(MANIFEST, &manifest)?;
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
            _ if char.is_control() || char == char::REPLACEMENT_CHARACTER => '_',
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
    use super::{BUFFER_BYTES_MAX, Digest, Entry, Modes, PIECE_BYTES, Staging, parent_of, stem};

    #[test]
    fn only_buffers_worth_it_are_taken_over() -> Result<(), Box<dyn std::error::Error>> {
        let outbox = tempfile::tempdir()?;
        let staging = Staging::create(outbox.path(), "c1", Modes::default())?;
        let mut file = staging.file("x");
        let mut taken_over = |len: usize, capacity: usize| {
            let mut buffer = Vec::with_capacity(capacity);
            buffer.resize(len, b'x');
            file.write_buffer(&mut buffer).map(|()| buffer.is_empty())
        };
        assert!(taken_over(PIECE_BYTES, BUFFER_BYTES_MAX)?);
        assert!(!taken_over(PIECE_BYTES - 1, BUFFER_BYTES_MAX)?);
        assert!(!taken_over(3 * PIECE_BYTES + 1, BUFFER_BYTES_MAX + 1)?, "its room would go to any output");
        let all = Digest::of(&[b'x'].repeat(5 * PIECE_BYTES));
        let entry = Entry { name: "x".to_owned(), bytes: all.bytes, sha256: all.hex() };
        assert_eq!(file.close()?, Some(entry));
        Ok(())
    }

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
