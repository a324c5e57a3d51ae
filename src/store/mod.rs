//! Files that must survive: inbox, outbox, archive. The only place that renames, syncs or deletes.
#![expect(clippy::disallowed_methods, reason = "this is the room for renaming, syncing and deleting")]

mod archive;
mod files;
mod inbox;
mod outbox;

use std::io;
use std::path::{Path, PathBuf};

pub use archive::{archive, prepare_archive};
pub use inbox::{Candidate, Waiting, is_known_extension, open, scan, why_not_taken};
pub use outbox::{OutputFile, Published, Staging, stem};

/// The action of opening a file to be read.
const OPEN: &str = "open the file";

/// A file operation that failed: what was tried, on what.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {source}", path.display())]
pub struct StoreError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl StoreError {
    /// Whether a file that was named to be read is not there.
    #[must_use]
    pub fn is_missing_input(&self) -> bool {
        self.action == OPEN && self.source.kind() == io::ErrorKind::NotFound
    }

    fn of(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { action, path, source }
    }
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
}
