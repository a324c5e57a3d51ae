//! The work list: copies of every rejected file that waits for a correction.

use std::fs;
use std::path::{Path, PathBuf};

use super::fault::failpoint;
use super::files::{Modes, copy_to_new, entries, make_folder, remove_file, rename_over, sync_folder};
use super::outbox::Entry;
use super::{StoreError, open};
use crate::digest::{Digest, Digesting};

/// The folder of the outbox that holds the work list.
pub const TO_CORRECT: &str = "to-correct";

/// The stem of a batch's rejected files.
pub const REJECTED: &str = "rejected";

/// The name of a batch's rejected file of a format.
#[must_use]
pub fn rejected_name(ending: &str) -> String {
    format!("{REJECTED}.{ending}")
}

/// A copy of the work list, as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// As it was made.
    AsMade,
    /// A person has changed it.
    Changed,
    /// It has been moved away.
    Gone,
}

/// Whether a file of a batch is offered for correction.
#[must_use]
pub fn is_rejected_file(name: &str) -> bool {
    name.strip_prefix(REJECTED).is_some_and(|ending| ending.starts_with('.'))
}

/// The copy of a rejected file of a batch.
#[must_use]
pub fn copy_path(outbox: &Path, batch: &str, name: &str) -> PathBuf {
    outbox.join(TO_CORRECT).join(format!("{batch}.{name}"))
}

/// Copies the rejected files of a batch into the work list, where they are missing.
///
/// # Errors
///
/// When one cannot be copied.
pub fn offer(outbox: &Path, batch: &str, files: &[Entry], modes: Modes) -> Result<(), StoreError> {
    let folder = outbox.join(TO_CORRECT);
    make_folder(&folder, modes.shared_folder)?;
    let mut copied = false;
    for file in files.iter().filter(|file| is_rejected_file(&file.name)) {
        let target = copy_path(outbox, batch, &file.name);
        if fs::symlink_metadata(&target).is_ok() {
            continue;
        }
        let mut rejected = match open(&outbox.join(batch).join(&file.name)) {
            Err(error) if error.is_missing_input() => {
                tracing::warn!(batch, "its folder was taken away before its rejected records were copied");
                continue;
            }
            opened => opened?,
        };
        let partial = folder.join(format!(".{batch}.{}.part", file.name));
        remove_file(&partial)?;
        copy_to_new(&mut rejected, &partial, modes.shared_file)?;
        rename_over(&partial, &target)?;
        copied = true;
    }
    if copied {
        sync_folder(&folder)?;
    }
    failpoint("corrections-offered");
    Ok(())
}

/// Takes a batch off the work list. A copy that a person has changed stays, but where `imported` is the hash
/// of the very bytes that came back. Returns the copies that stay.
///
/// # Errors
///
/// When a copy cannot be removed.
pub fn take_off(
    outbox: &Path,
    batch: &str,
    files: &[Entry],
    imported: Option<&str>,
) -> Result<Vec<PathBuf>, StoreError> {
    let mut stay = Vec::new();
    for file in files.iter().filter(|file| is_rejected_file(&file.name)) {
        let path = copy_path(outbox, batch, &file.name);
        match hash(&path) {
            Ok(None) => {}
            Ok(Some(hash)) if hash == file.sha256 || imported == Some(hash.as_str()) => remove_file(&path)?,
            // A link, a pipe or what we may not read is a person's as well.
            Ok(Some(_)) | Err(_) => stay.push(path),
        }
    }
    Ok(stay)
}

/// How a copy stands. One that cannot be read is not as it was made.
#[must_use]
pub fn look_at_copy(outbox: &Path, batch: &str, file: &Entry) -> Copied {
    match hash(&copy_path(outbox, batch, &file.name)) {
        Ok(None) => Copied::Gone,
        Ok(Some(hash)) if hash == file.sha256 => Copied::AsMade,
        Ok(Some(_)) | Err(_) => Copied::Changed,
    }
}

/// Everything that lies in the work list but hidden files.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn copies(outbox: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = entries(&outbox.join(TO_CORRECT))?;
    paths.retain(|path| !path.file_name().unwrap_or_default().to_string_lossy().starts_with(['.', '~']));
    Ok(paths)
}

/// The SHA-256 of a file in hexadecimal digits; `None` when it is not there.
///
/// # Errors
///
/// When it cannot be read.
pub fn hash(path: &Path) -> Result<Option<String>, StoreError> {
    digest(path).map(|digest| digest.map(|digest| digest.hex()))
}

/// Size and hash of a file; `None` when it is not there.
///
/// # Errors
///
/// When it cannot be read.
pub fn digest(path: &Path) -> Result<Option<Digest>, StoreError> {
    match open(path) {
        Ok(file) => Digesting::new(file).finish().map(Some).map_err(StoreError::of("read the file", path)),
        Err(error) if error.is_missing_input() => Ok(None),
        Err(error) => Err(error),
    }
}
