//! Files and folders with the modes that were asked for, whatever the umask, and synced.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, CWD, RenameFlags, fadvise};

use super::{StoreError, fault};

/// The modes of what is made, whatever the umask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    /// Of files that hold customers' data.
    pub file: u32,
    /// Of folders that hold such files.
    pub folder: u32,
    /// Of files that people change: those in `to-correct`.
    pub shared_file: u32,
    /// Of folders that people work in: `inbox` and `to-correct`.
    pub shared_folder: u32,
}

impl Default for Modes {
    fn default() -> Self {
        Self { file: 0o640, folder: 0o750, shared_file: 0o660, shared_folder: 0o2770 }
    }
}

/// Makes a folder and those above it. One that exists is left as it is.
pub(super) fn make_folder(path: &Path, mode: u32) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent, mode)?;
    }
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => {
            let mode = Permissions::from_mode(mode);
            fs::set_permissions(path, mode).map_err(StoreError::of("set the mode of the folder", path))?;
            match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                Some(parent) => sync_folder(parent),
                None => sync_folder(Path::new(".")),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(StoreError::of("create the folder", path)(error)),
    }
}

/// Refuses a folder of ours that is a link: it would lead elsewhere.
pub(super) fn refuse_link(path: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_dir() => {
            Err(StoreError::of("use the folder", path)(io::Error::other("it is no folder; remove it")))
        }
        _ => Ok(()),
    }
}

/// A path with an ending behind its name.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    whole.into()
}

/// Makes a file that must not exist yet.
pub(super) fn make_file(path: &Path, mode: u32) -> Result<File, StoreError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .map_err(StoreError::of("create the file", path))?;
    let mode = Permissions::from_mode(mode);
    file.set_permissions(mode).map_err(StoreError::of("set the mode of the file", path))?;
    fault::trace("create", path);
    Ok(file)
}

/// How far the system was told to bring a file to the disk while more of it is made, so that the sync at its end has
/// little left to wait for.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    sent: u64,
}

impl Ahead {
    /// Of a file whose bytes up to a place are on the disk.
    pub const fn behind(sent: u64) -> Self {
        Self { sent }
    }

    /// Sends what was written since the last time, if it is at least so much.
    pub fn send(&mut self, file: &File, written: u64, bytes_min: u64) {
        let piece = NonZeroU64::new(written.saturating_sub(self.sent));
        if let Some(piece) = piece.filter(|piece| piece.get() >= bytes_min) {
            // It is a hint: the sync decides.
            let _ = fadvise(file, self.sent, Some(piece), Advice::DontNeed);
            self.sent = written;
        }
    }
}

/// Makes the bytes of a file durable.
pub(super) fn sync_file(file: &File, path: &Path) -> Result<(), StoreError> {
    sync_or(StoreError::of("sync the file", path), file, path)
}

/// The same, with the words that say what was tried.
pub(super) fn sync_or(
    failed: impl FnOnce(io::Error) -> StoreError,
    file: &File,
    path: &Path,
) -> Result<(), StoreError> {
    if fault::skips_sync(fault::Sync::Files) {
        return Ok(());
    }
    fault::sync_result(path).and_then(|()| file.sync_all()).map_err(failed)?;
    fault::trace("sync", path);
    Ok(())
}

/// Makes the entries of a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    if fault::skips_sync(fault::Sync::Folders) {
        return Ok(());
    }
    let folder = File::open(path).map_err(StoreError::of("open the folder", path))?;
    folder.sync_all().map_err(StoreError::of("sync the folder", path))?;
    fault::trace("sync", path);
    Ok(())
}

/// Gives a file another name in its folder; what had that name before is gone.
pub(super) fn rename_over(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(StoreError::of("rename to", to))?;
    fault::trace_rename(from, to);
    Ok(())
}

/// Moves a file or folder to a name that nothing has yet.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let renamed = match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some network file systems do not know the flag; the lock leaves only people as rivals.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => match fs::symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(from, to),
        },
        ended => ended.map_err(io::Error::from),
    };
    if renamed.is_ok() {
        fault::trace_rename(from, to);
    }
    renamed
}

/// Copies what is left of an open file into a new one and syncs it.
pub(super) fn copy_to_new(from: &mut File, to: &Path, mode: u32) -> Result<(), StoreError> {
    let mut copy = make_file(to, mode)?;
    io::copy(from, &mut copy).map_err(StoreError::of("write the file", to))?;
    sync_file(&copy, to)
}

/// What lies in a folder, by name; nothing where it is not there.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let read = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(StoreError::of("read the folder", folder))?,
    };
    let paths = read.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> =
        paths.collect::<Result<_, _>>().map_err(StoreError::of("read the folder", folder))?;
    paths.sort();
    Ok(paths)
}

/// Removes a file; one that is gone already is no fault.
pub(super) fn remove_file(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::of("remove the file", path)(error))
        }
        Err(_) => Ok(()),
        Ok(()) => {
            fault::trace("remove", path);
            Ok(())
        }
    }
}

/// Removes a folder with all it holds; one that is gone already is no fault.
pub(super) fn remove_folder(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::of("remove the folder", path)(error))
        }
        Err(_) => Ok(()),
        Ok(()) => {
            fault::trace("remove", path);
            Ok(())
        }
    }
}
