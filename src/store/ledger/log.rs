//! The log of the ledger (SQLite's write-ahead log). A large batch makes a large one; it is brought to the disk while
//! records are still read, and to its place while the batch is published, by a thread of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, OpenFlags};

/// From which size on the log is worth a thread, after a decision. Small changes bring one that grows to this size to
/// its place themselves, and it is cut back to as much once everything in it has its place.
pub(super) const LARGE_BYTES: u64 = 4 << 20;

/// From which size on no decision begins before the log was brought to its place: where one large batch follows the
/// other it would never be empty.
const LONG_BYTES: u64 = 64 << 20;

/// The thread that looks after the log, if there is one. Dropped, it is waited for.
#[derive(Debug, Default)]
pub(super) struct LogKeeper {
    thread: Option<JoinHandle<()>>,
}

impl LogKeeper {
    /// Has the log of a ledger brought to the disk as far as it is written, unless that is still being done: the
    /// commit has less to wait for.
    pub fn send_ahead(&mut self, ledger: &Path) {
        if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        let log = log_of(ledger);
        self.start(ledger, move || {
            // It is a hint: the commit syncs too, and sees what went wrong.
            let _ = File::open(log).and_then(|log| log.sync_data());
        });
    }

    /// Has what is committed brought to its place in the ledger, if it is much.
    pub fn put_in_place(&mut self, ledger: &Path) {
        let path = ledger.to_owned();
        self.start(ledger, move || {
            if let Err(error) = checkpoint(&path) {
                // The log keeps it, and the next change tries again.
                tracing::warn!(%error, "the log of the ledger stays long");
            }
        });
    }

    /// Waits until a long log is in its place, so that it begins anew.
    pub fn shorten(&mut self, ledger: &Path) {
        if is_longer(ledger, LONG_BYTES) {
            self.wait();
            self.put_in_place(ledger);
            self.wait();
        }
    }

    fn start(&mut self, ledger: &Path, work: impl FnOnce() + Send + 'static) {
        self.wait();
        if is_longer(ledger, LARGE_BYTES) {
            self.thread = thread::Builder::new().name("ledger-log".to_owned()).spawn(work).ok();
        }
    }

    fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // It does nothing that could panic, and nothing depends on it.
            let _ = thread.join();
        }
    }
}

impl Drop for LogKeeper {
    fn drop(&mut self) {
        self.wait();
    }
}

fn is_longer(ledger: &Path, bytes: u64) -> bool {
    log_of(ledger).metadata().is_ok_and(|log| log.len() > bytes)
}

fn log_of(ledger: &Path) -> PathBuf {
    let mut log = ledger.to_owned().into_os_string();
    log.push("-wal");
    log.into()
}

/// Copies what is committed to its place, without waiting for those who read or write.
fn checkpoint(ledger: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(ledger, flags)?;
    // What was committed meanwhile keeps the first pass from its end, the sync of the ledger. The second has little
    // to copy.
    (0..2).try_for_each(|_| connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())))
}
