//! One instance per state folder: a lock of the operating system, which ends with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::files::{Modes, make_file, make_folder};
use super::{StoreError, fs_kind};
use crate::printable::excerpt;

/// The most characters of who holds it that are printed.
const HOLDER_CHARS_MAX: usize = 200;

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another instance holds it.
    #[error("{state} is in use by {holder}; wait until it has ended, or stop it")]
    Held {
        /// The state folder.
        state: String,
        /// Who holds it, as it wrote itself.
        holder: String,
    },
    /// A file operation failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The right to work on a state folder, as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a state folder, which is made if it is not there. `holder` says who takes it: one
    /// line that another instance shows to people.
    ///
    /// # Errors
    ///
    /// When another instance holds it, or the folder cannot be used.
    pub fn take(state: &Path, modes: Modes, holder: &str) -> Result<Self, LockError> {
        make_folder(state, modes.folder)?;
        let path = state.join("lock");
        let mut file = match make_file(&path, modes.file) {
            Err(error) if error.source.kind() == ErrorKind::AlreadyExists => {
                let open = OpenOptions::new().read(true).write(true).open(&path);
                open.map_err(StoreError::of("open the file", &path))?
            }
            made => made?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is a courtesy: without it the message is still true.
                let _ = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another instance".to_owned(),
                    line => excerpt(line, HOLDER_CHARS_MAX).into_owned(),
                };
                return Err(LockError::Held { state: state.display().to_string(), holder });
            }
            Err(TryLockError::Error(error)) => {
                return Err(StoreError::of("lock the file", &path)(error).into());
            }
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{holder}"));
        written.map_err(StoreError::of("write the file", &path))?;
        if let Some(network) = fs_kind(state)?.network() {
            tracing::warn!(file_system = network, "the state folder must lie on a local disk");
        }
        Ok(Self { _file: file })
    }
}
