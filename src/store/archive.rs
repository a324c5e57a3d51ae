//! The archive: the originals, byte for byte, by month.

use std::fs;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::files::{make_folder, sync_folder};

/// Makes sure that originals can be archived in a month: before a batch is published, for afterwards it
/// would be too late.
///
/// # Errors
///
/// When the folder cannot be made or written to.
pub fn prepare_archive(archive: &Path, month: &str) -> Result<(), StoreError> {
    let folder = archive.join(month);
    make_folder(&folder)?;
    tempfile::tempfile_in(&folder).map(drop).map_err(StoreError::of("write into the folder", &folder))
}

/// Moves an original into the archive, under the name of its batch. Returns where it is.
///
/// # Errors
///
/// When it cannot be moved; it stays where it was.
pub fn archive(original: &Path, archive: &Path, month: &str, batch: &str) -> Result<PathBuf, StoreError> {
    let folder = archive.join(month);
    make_folder(&folder)?;
    let extension = original.extension().map(|extension| extension.to_string_lossy().into_owned());
    let name = match extension {
        Some(extension) => format!("{batch}.{extension}"),
        None => batch.to_owned(),
    };
    let target = folder.join(name);
    match fs::rename(original, &target) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
            fs::copy(original, &target).map_err(StoreError::of("copy into the archive as", &target))?;
            let copy = fs::File::open(&target).map_err(StoreError::of("open the file", &target))?;
            copy.sync_all().map_err(StoreError::of("sync the file", &target))?;
            sync_folder(&folder)?;
            fs::remove_file(original).map_err(StoreError::of("remove the archived file", original))?;
        }
        Err(error) => return Err(StoreError::of("archive as", &target)(error)),
    }
    sync_folder(&folder)?;
    Ok(target)
}
