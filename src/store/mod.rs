//! Files that must survive: inbox, claims, staging, outbox, archive, ledger, register. The only place that
//! renames, syncs or deletes.
#![expect(clippy::disallowed_methods, reason = "this is the room for renaming, syncing and deleting")]

mod archive;
mod claim;
mod correct;
pub mod fault;
mod files;
mod inbox;
mod kind;
mod lease;
pub mod ledger;
mod lock;
mod marker;
mod outbox;
mod output;
mod probe;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use crate::printable::printable;

pub use archive::{archive, archived_path, below_archive, prepare_archive};
pub use claim::{
    Spool, archive_markers, claim_file, claim_marker, claimed_marker, claimed_path, claims, clean_spool,
    drop_claimed, give_back, is_marked, new_claim, open_print, remove_claim, settle_claim, spool, spooled,
};
pub use correct::{
    Copied, REJECTED, TO_CORRECT, copies, copy_path, digest, hash, is_rejected_file, look_at_copy, offer,
    rejected_name, take_off,
};
pub use files::Modes;
pub use inbox::{
    Candidate, Inbox, Print, Questions, Readiness, Waiting, is_known_extension, open, scan, why_not_taken,
};
pub use kind::{FileSystem, fs_kind};
pub use lease::{Writers, writers};
pub use ledger::Ledger;
pub use lock::{Lock, LockError};
pub use marker::{MARKERS, Says, leaves_room};
pub use outbox::{
    Entry, MANIFEST, Manifest, Sealed, Staging, clean_staging, discard_staging, is_free, parent_of, publish,
    published, purge_batch, read_manifest, stem,
};

pub use output::OutputFile;
pub use probe::{
    FREE_BYTES_MIN, free_bytes, make_text, probe_claim, probe_event, probe_lease, probe_publish,
    probe_writing, replace_text, sweep_probes,
};

/// A file operation that failed: what was tried, on what.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {source}", shown(path))]
pub struct StoreError {
    kind: Kind,
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl StoreError {
    /// Whether a file that was named to be read is not there.
    #[must_use]
    pub fn is_missing_input(&self) -> bool {
        self.kind == Kind::Input && self.source.kind() == io::ErrorKind::NotFound
    }

    /// Whether the ledger failed, without which nothing can be decided.
    #[must_use]
    pub fn is_of_ledger(&self) -> bool {
        self.kind == Kind::Ledger
    }

    fn of(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of_kind(Kind::Other, action, path)
    }

    /// A file that cannot be opened to be read.
    fn of_input(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of_kind(Kind::Input, "open the file", path)
    }

    /// A file of the ledger.
    fn of_ledger(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of_kind(Kind::Ledger, action, path)
    }

    fn of_kind(kind: Kind, action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { kind, action, path, source }
    }
}

/// What a failure means for those who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// There is nothing to read.
    Input,
    /// Nothing can be decided.
    Ledger,
    /// One file or folder failed.
    Other,
}

/// The folders of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Where files are dropped.
    pub inbox: PathBuf,
    /// Where batches are published.
    pub outbox: PathBuf,
    /// Where originals are kept.
    pub archive: PathBuf,
    /// Where the ledger is kept: on a local disk.
    pub state: PathBuf,
    /// The modes of what is made in them.
    pub modes: Modes,
}

/// Makes a folder, and returns whether it was not there.
///
/// # Errors
///
/// When it cannot be made.
pub fn make_one_folder(folder: &Path, mode: u32) -> Result<bool, StoreError> {
    let is_new = !folder.is_dir();
    files::make_folder(folder, mode)?;
    Ok(is_new)
}

/// The names of what lies in a folder; nothing where it is not there.
///
/// # Errors
///
/// When it cannot be read.
pub fn names_in(folder: &Path) -> Result<Vec<OsString>, StoreError> {
    let names = files::entries(folder)?.into_iter().filter_map(|path| path.file_name().map(OsStr::to_owned));
    Ok(names.collect())
}

/// Removes a file for good, on a person's word.
///
/// # Errors
///
/// When it cannot be removed.
pub fn purge_file(path: &Path) -> Result<(), StoreError> {
    files::remove_file(path)
}

/// Removes an original of the archive for good, with its marker, on a person's word.
///
/// # Errors
///
/// When it cannot be removed.
pub fn purge_original(path: &Path) -> Result<(), StoreError> {
    for ending in MARKERS {
        purge_file(&files::with_ending(path, ending))?;
    }
    purge_file(path)?;
    path.parent().map_or(Ok(()), files::sync_folder)
}

/// A path as logs and messages print it: nothing in it can start a line or a terminal sequence of its own.
#[must_use]
pub fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}
