//! The outbox: a batch is written into staging and appears by one rename.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::StoreError;
use super::files::{make_file, make_folder, sync_folder};
use crate::digest::Hasher;

/// The folder of the outbox in which batches are written.
const STAGING: &str = ".staging";

/// The file that lists all others.
const MANIFEST: &str = "MANIFEST.json";

/// How much of an output is collected before it is written.
const BUFFER_BYTES: usize = 256 * 1024;

/// An output file of a batch. It is made with its first byte: no empty files are written.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    hasher: Hasher,
}

impl OutputFile {
    fn new(path: PathBuf) -> Self {
        Self { path, file: None, hasher: Hasher::default() }
    }

    /// Gives the file another name in its folder.
    ///
    /// # Errors
    ///
    /// When it cannot be renamed.
    pub fn rename(&mut self, name: &str) -> Result<(), StoreError> {
        let path = self.path.with_file_name(name);
        if self.file.is_some() {
            fs::rename(&self.path, &path).map_err(StoreError::of("rename to", &path))?;
        }
        self.path = path;
        Ok(())
    }

    /// Syncs the file and says what it holds; `None` when nothing was written.
    fn close(self) -> Result<Option<Entry>, StoreError> {
        let Some(file) = self.file else { return Ok(None) };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error);
        let file = file.map_err(StoreError::of("write the file", &self.path))?;
        file.sync_all().map_err(StoreError::of("sync the file", &self.path))?;
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = self.hasher.finish();
        Ok(Some(Entry { name, bytes: digest.bytes, sha256: digest.hex() }))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.file.is_none() {
            let file = make_file(&self.path).map_err(io::Error::other)?;
            self.file = Some(BufWriter::with_capacity(BUFFER_BYTES, file));
        }
        if let Some(file) = &mut self.file {
            file.write_all(bytes)?;
        }
        self.hasher.update(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    name: String,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize)]
struct Manifest<'m> {
    batch: &'m str,
    files: &'m [Entry],
}

/// A batch that is being written. Dropped without being published, it is removed.
#[derive(Debug)]
pub struct Staging {
    outbox: PathBuf,
    folder: PathBuf,
    entries: Vec<Entry>,
    published: bool,
}

/// A batch that can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its name.
    pub batch: String,
    /// Its folder.
    pub folder: PathBuf,
}

impl Staging {
    /// Makes a staging folder of its own.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn create(outbox: &Path) -> Result<Self, StoreError> {
        let staging = outbox.join(STAGING);
        make_folder(&staging)?;
        let folder = tempfile::Builder::new()
            .prefix("batch-")
            .tempdir_in(&staging)
            .map_err(StoreError::of("create a folder in", &staging))?
            .keep();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(super::files::FOLDER_MODE);
        fs::set_permissions(&folder, mode).map_err(StoreError::of("set the mode of the folder", &folder))?;
        Ok(Self { outbox: outbox.to_owned(), folder, entries: Vec::new(), published: false })
    }

    /// An output file of the batch.
    #[must_use]
    pub fn file(&self, name: &str) -> OutputFile {
        OutputFile::new(self.folder.join(name))
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

    /// A name for the batch that no published one has: `<stem>.<batch8>`, with `-2` and so on for the
    /// same bytes again.
    #[must_use]
    pub fn free_name(&self, stem: &str, batch8: &str) -> String {
        let first = format!("{stem}.{batch8}");
        let names = std::iter::once(first.clone()).chain((2..).map(|n: u64| format!("{first}-{n}")));
        let is_free = |name: &String| fs::symlink_metadata(self.outbox.join(name)).is_err();
        names.take(usize::MAX).find(is_free).unwrap_or(first)
    }

    /// Writes the manifest and makes the batch appear under its name.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or the name has been taken meanwhile.
    pub fn publish(mut self, batch: &str) -> Result<Published, StoreError> {
        let entries = std::mem::take(&mut self.entries);
        let mut manifest = serde_json::to_vec_pretty(&Manifest { batch, files: &entries })
            .map_err(io::Error::from)
            .map_err(StoreError::of("write the manifest of", &self.folder))?;
        manifest.push(b'\n');
        self.write(MANIFEST, &manifest)?;
        sync_folder(&self.folder)?;
        let folder = self.outbox.join(batch);
        fs::rename(&self.folder, &folder).map_err(StoreError::of("publish the batch as", &folder))?;
        self.published = true;
        sync_folder(&self.outbox.join(STAGING))?;
        sync_folder(&self.outbox)?;
        Ok(Published { batch: batch.to_owned(), folder })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is in nobody's way: it is in staging.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
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
    let stem = match stem.strip_suffix(".rejected").and_then(|stem| stem.rsplit_once('.')) {
        Some((before, batch)) if is_batch8(batch) && !before.is_empty() => before,
        _ => stem,
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
    use super::stem;

    #[test]
    fn a_stem_is_kept_through_corrections() {
        assert_eq!(stem("customers_0121.csv"), "customers_0121");
        assert_eq!(stem("customers_0121.b7f3c2a1.rejected.csv"), "customers_0121");
        assert_eq!(stem("customers_0121.b7f3c2a1-2.rejected.ndjson"), "customers_0121");
        assert_eq!(stem("v1.2.export"), "v1.2.export");
        assert_eq!(stem("my.rejected.csv"), "my.rejected");
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
