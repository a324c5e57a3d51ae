//! Probes: whether the folders can do what the protocol needs, tried for real.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::StatVfs;

use super::claim::{CLAIMS, new_claim};
use super::files::{
    Modes, entries, make_file, make_folder, remove_file, remove_folder, rename_new, sync_file, sync_folder,
    with_ending,
};
use super::lease::{Writers, writers};
use super::outbox::STAGING;
use super::{Folders, StoreError, open};

/// How the names of what probes make begin, which no scan takes.
const PROBE: &str = ".probe-";

fn probe_name() -> String {
    format!("{PROBE}{}", new_claim())
}

/// Removes what killed probes have left.
///
/// # Errors
///
/// When a folder cannot be read, or a probe not removed.
pub fn sweep_probes(folders: &Folders) -> Result<(), StoreError> {
    let Folders { inbox, outbox, state, .. } = folders;
    for folder in [&inbox.join(CLAIMS), &outbox.join(STAGING), inbox, outbox, state] {
        for path in entries(folder)? {
            let is_probe = path.file_name().is_some_and(|name| name.as_bytes().starts_with(PROBE.as_bytes()));
            if is_probe && !path.is_symlink() && path.is_dir() {
                remove_folder(&path)?;
            } else if is_probe {
                remove_file(&path)?;
            }
        }
    }
    Ok(())
}

/// Makes, writes, syncs and removes a file in a folder.
///
/// # Errors
///
/// The step that failed.
pub fn probe_writing(folder: &Path, modes: Modes) -> Result<(), StoreError> {
    let path = folder.join(probe_name());
    let probed = write_probe(&path, modes).and_then(|()| sync_folder(folder));
    remove_file(&path)?;
    probed
}

fn write_probe(path: &Path, modes: Modes) -> Result<(), StoreError> {
    let mut file = make_file(path, modes.file)?;
    file.write_all(b"probe\n").map_err(StoreError::of("write the file", path))?;
    sync_file(&file, path)
}

/// Claims a file of the inbox for a probe: whether the claim folder lies on the same file system.
///
/// # Errors
///
/// The step that failed.
pub fn probe_claim(inbox: &Path, modes: Modes) -> Result<(), StoreError> {
    let name = probe_name();
    let folder = inbox.join(CLAIMS).join(&name);
    make_folder(&folder, modes.folder)?;
    let (from, to) = (inbox.join(&name), folder.join(&name));
    let probed = write_probe(&from, modes)
        .and_then(|()| rename_new(&from, &to).map_err(StoreError::of("rename to", &to)));
    remove_file(&from)?;
    remove_folder(&folder)?;
    probed
}

/// Publishes a folder for a probe: whether staging lies on the same file system as the outbox.
///
/// # Errors
///
/// The step that failed.
pub fn probe_publish(outbox: &Path, modes: Modes) -> Result<(), StoreError> {
    let name = probe_name();
    let (from, to) = (outbox.join(STAGING).join(&name), outbox.join(&name));
    make_folder(&from, modes.folder)?;
    let probed = rename_new(&from, &to).map_err(StoreError::of("rename to", &to));
    remove_folder(&from)?;
    remove_folder(&to)?;
    probed
}

/// Whether the kernel tells that a file is being written.
///
/// # Errors
///
/// When the probe's file cannot be made.
pub fn probe_lease(inbox: &Path, modes: Modes) -> Result<bool, StoreError> {
    let path = inbox.join(probe_name());
    let writer = make_file(&path, modes.file)?;
    let while_written = open(&path).map(|file| writers(&file));
    drop(writer);
    let afterwards = open(&path).map(|file| writers(&file));
    remove_file(&path)?;
    Ok(while_written? == Writers::Some && afterwards? == Writers::None)
}

/// Makes a file that an event should tell of, and returns it.
///
/// # Errors
///
/// When it cannot be made.
pub fn probe_event(inbox: &Path, modes: Modes) -> Result<PathBuf, StoreError> {
    let path = inbox.join(probe_name());
    make_file(&path, modes.file)?;
    Ok(path)
}

/// A file system with less free space than this, in bytes, is nearly full: a person is told, and nothing more than is needed
/// is taken of it.
pub const FREE_BYTES_MIN: u64 = 1 << 30;

/// How many bytes are free for this user on the file system of a folder.
///
/// # Errors
///
/// When the system does not tell.
pub fn free_bytes(folder: &Path) -> Result<u64, StoreError> {
    let found = rustix::fs::statvfs(folder)
        .map_err(|error| StoreError::of("ask for the free space of", folder)(error.into()))?;
    Ok(free_of(&found))
}

/// Whether the file system of an open file is known to have much room.
pub(super) fn has_plenty(file: &File) -> bool {
    rustix::fs::fstatvfs(file).is_ok_and(|found| free_of(&found) >= FREE_BYTES_MIN)
}

const fn free_of(found: &StatVfs) -> u64 {
    found.f_bavail.saturating_mul(found.f_frsize)
}

/// Makes a file that must not exist yet, with what it holds: for people, so with the shared mode.
///
/// # Errors
///
/// When it exists, or cannot be written.
pub fn make_text(path: &Path, text: &str, mode: u32) -> Result<(), StoreError> {
    let mut file = make_file(path, mode)?;
    file.write_all(text.as_bytes()).map_err(StoreError::of("write the file", path))?;
    sync_file(&file, path)
}

/// Puts a text in the place of a file by one rename, so that a reader sees the old or the new one whole.
///
/// # Errors
///
/// When it cannot be written.
pub fn replace_text(path: &Path, text: &str, mode: u32) -> Result<(), StoreError> {
    let partial = with_ending(path, ".part");
    remove_file(&partial)?;
    let mut file = make_file(&partial, mode)?;
    file.write_all(text.as_bytes()).map_err(StoreError::of("write the file", &partial))?;
    fs::rename(&partial, path).map_err(StoreError::of("rename to", path))
}
