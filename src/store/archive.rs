//! The archive: the originals, byte for byte, by month.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::fault::failpoint;
use super::files::{
    Modes, copy_to_new, make_folder, remove_file, rename_new, rename_over, sync_folder, with_ending,
};
use super::{StoreError, hash, open};

/// Where an original is kept: `<archive>/<month>/<batch>.<ending>`.
#[must_use]
pub fn archived_path(archive: &Path, month: &str, batch: &str, original: &Path) -> PathBuf {
    let folder = archive.join(month);
    match original.extension() {
        Some(extension) => folder.join(format!("{batch}.{}", extension.to_string_lossy())),
        None => folder.join(batch),
    }
}

/// Month and name: what leads from the archive to an original, wherever the archive is.
#[must_use]
pub fn below_archive(original: &Path) -> PathBuf {
    let month = original.parent().and_then(Path::file_name).unwrap_or_default();
    Path::new(month).join(original.file_name().unwrap_or_default())
}

/// Makes sure that an original can be archived: before its batch is committed, for afterwards it would be
/// too late.
///
/// # Errors
///
/// When the folder cannot be made or written to.
pub fn prepare_archive(target: &Path, modes: Modes) -> Result<(), StoreError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    make_folder(folder, modes.folder)?;
    tempfile::tempfile_in(folder).map(drop).map_err(StoreError::of("write into the folder", folder))
}

/// Moves an original into the archive. Done again after a crash, it finds what it did before.
///
/// # Errors
///
/// When it cannot be moved; it stays where it was.
pub fn archive(original: &Path, target: &Path, modes: Modes) -> Result<(), StoreError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    make_folder(folder, modes.folder)?;
    match rename_new(original, target) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound && target.is_file() => {}
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy(original, target, modes)?,
        // Its private copy was archived before a crash; the original itself has still to go.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && same(original, target)? => {
            sync_folder(folder)?;
            remove_file(original)?;
        }
        Err(error) => return Err(StoreError::of("archive as", target)(error)),
    }
    sync_folder(folder)?;
    if let Some(claim) = original.parent().filter(|claim| claim.is_dir()) {
        sync_folder(claim)?;
    }
    failpoint("archived");
    Ok(())
}

/// Whether two files hold the same bytes.
fn same(one: &Path, other: &Path) -> Result<bool, StoreError> {
    Ok(hash(one)?.is_some_and(|hash_of_one| hash(other).is_ok_and(|found| found == Some(hash_of_one))))
}

/// Copies beside the target first, so that a crash never leaves half an original under its name.
fn copy(original: &Path, target: &Path, modes: Modes) -> Result<(), StoreError> {
    let partial = with_ending(target, ".part");
    remove_file(&partial)?;
    copy_to_new(&mut open(original)?, &partial, modes.file)?;
    rename_over(&partial, target)?;
    sync_folder(target.parent().unwrap_or(Path::new(".")))?;
    remove_file(original)
}
