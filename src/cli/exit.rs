//! How the program ends.

use std::process::{ExitCode, Termination};

use super::CommandError;
use crate::pipeline::{BatchError, ImportError};
use crate::report::BatchStatus;
use crate::store::LockError;

/// The exit codes, in the order of their gravity: with several files the gravest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All accepted, or nothing to do.
    Success,
    /// It ran; at least one record was rejected.
    Rejected,
    /// The arguments or the configuration cannot be used.
    Usage,
    /// A file was unreadable, or a batch was aborted.
    Unreadable,
    /// The disk, the ledger or the folders failed.
    Store,
    /// Another instance holds the lock.
    Busy,
    /// Interrupted by a signal.
    Interrupted,
}

/// The exit codes as the help prints them.
pub const HELP: &str = "Exit codes:
    0  all accepted, or nothing to do
    1  ran, at least one record was rejected (--exit-zero turns it into 0)
    2  the arguments or the configuration cannot be used
    3  a file was unreadable, or a batch was aborted
    4  the disk, the ledger or the folders failed
   75  another instance holds the lock
  130  interrupted
With several files the gravest wins.";

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Rejected => 1,
            Self::Usage => 2,
            Self::Unreadable => 3,
            Self::Store => 4,
            Self::Busy => 75,
            Self::Interrupted => 130,
        }
    }

    pub(super) fn of(error: &CommandError) -> Self {
        match error {
            CommandError::Config(_)
            | CommandError::Usage(_)
            | CommandError::Import(ImportError::Refused(_)) => Self::Usage,
            CommandError::Lock(LockError::Held { .. }) => Self::Busy,
            CommandError::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Self::Success,
            CommandError::Interrupted
            | CommandError::Import(ImportError::Batch { source: BatchError::Interrupted, .. }) => {
                Self::Interrupted
            }
            CommandError::Import(ImportError::Store(error)) | CommandError::Store(error)
                if error.is_missing_input() =>
            {
                Self::Usage
            }
            CommandError::Import(_)
            | CommandError::Lock(_)
            | CommandError::Store(_)
            | CommandError::NoInbox(_)
            | CommandError::Clock
            | CommandError::Output(_) => Self::Store,
        }
    }

    pub(super) const fn of_status(status: BatchStatus) -> Self {
        match status {
            BatchStatus::Accepted | BatchStatus::DuplicateFile => Self::Success,
            BatchStatus::PartiallyAccepted | BatchStatus::Rejected => Self::Rejected,
            BatchStatus::Unreadable | BatchStatus::Quarantined | BatchStatus::Aborted => Self::Unreadable,
        }
    }

    /// The same, with rejected records counted as success.
    #[must_use]
    pub(super) fn zero_for_rejected(self, exit_zero: bool) -> Self {
        if exit_zero && self == Self::Rejected { Self::Success } else { self }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}
