//! Files and folders with the modes that were asked for, whatever the umask, and synced.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::StoreError;

/// The mode of files that hold customers' data.
pub(super) const FILE_MODE: u32 = 0o640;

/// The mode of folders that hold such files.
pub(super) const FOLDER_MODE: u32 = 0o750;

/// Makes a folder and those above it. One that exists is left as it is.
pub(super) fn make_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Ok(()) => {
            let mode = Permissions::from_mode(FOLDER_MODE);
            fs::set_permissions(path, mode).map_err(StoreError::of("set the mode of the folder", path))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::of("create the folder", path)(error)),
    }
}

/// Makes a file that must not exist yet.
pub(super) fn make_file(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)
        .map_err(StoreError::of("create the file", path))?;
    let mode = Permissions::from_mode(FILE_MODE);
    file.set_permissions(mode).map_err(StoreError::of("set the mode of the file", path))?;
    Ok(file)
}

/// Makes the entries of a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = File::open(path).map_err(StoreError::of("open the folder", path))?;
    folder.sync_all().map_err(StoreError::of("sync the folder", path))
}
