//! The protocol of a file: claimed, staged, written, committed, published, archived. Killed anywhere, it is
//! taken up where it was. `ARCHITECTURE.md` has the table of steps.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::batch::{Batch, WriteError};
use super::companions::CompanionError;
use super::steps::rfc3339;
use super::{BatchError, Hooks, Settings};
use crate::format::{Marker, Sources, is_complete};
use crate::report::{BatchStatus, RulesSummary};
use crate::store::fault::failpoint;
use crate::store::ledger::{BatchRow, Claim, Origin, Register, Repeat, State};
use crate::store::{self, Folders, Ledger, Questions, Spool, StoreError, Waiting};

/// What an importer works with.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The folders.
    pub folders: Folders,
    /// What batches are judged by.
    pub settings: Settings,
    /// The rules as summaries name them.
    pub rules: RulesSummary,
    /// When a claimed file is copied first.
    pub spool: Spool,
    /// Whether the kernel is asked who writes a file.
    pub lease: bool,
    /// How much memory the identifiers of a batch take before they go to disk, and how much those of the register.
    pub identifiers_bytes_max: usize,
    /// How many records each file for the batch endpoint holds; `None` when there are none.
    pub records_per_file: Option<u32>,
}

/// Why a file did not become a batch.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The batch could not be finished.
    #[error("{}: {source}", store::shown(path))]
    Batch {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: BatchError,
    },
    /// The workbook or the page could not be made.
    #[error("{}: {source}", store::shown(path))]
    Companion {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: CompanionError,
    },
    /// A file operation or the ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for cannot be done.
    #[error("{0}")]
    Refused(String),
}

impl ImportError {
    /// Whether the ledger failed, without which nothing can be decided.
    #[must_use]
    pub fn is_of_ledger(&self) -> bool {
        match self {
            Self::Store(error) | Self::Batch { source: BatchError::Ledger(error), .. } => {
                error.is_of_ledger()
            }
            Self::Batch { .. } | Self::Companion { .. } | Self::Refused(_) => false,
        }
    }
}

/// What became of a file that was to be taken.
#[derive(Debug)]
pub enum Taken {
    /// It is a batch now.
    Batch(Box<Batch>),
    /// It was left alone; why.
    Left(&'static str),
}

/// Why a file is given back that was claimed without its marker: a rival may have taken it.
pub(super) const UNMARKED: &str = "its marker file is not there";

/// Imports files, one after the other, with one ledger.
pub struct Importer<'i> {
    pub(super) installation: &'i Installation,
    pub(super) ledger: Ledger,
    pub(super) register: Register,
    pub(super) clock: &'i dyn Fn() -> DateTime<Utc>,
    pub(super) hooks: Hooks<'i>,
}

impl Installation {
    /// The ending of the marker that a file must have. A corrected file, which a person drops, has none.
    #[must_use]
    pub fn marker(&self, path: &Path) -> Option<&'static str> {
        marker(&self.settings.sources, &path.file_name().unwrap_or_default().to_string_lossy())
    }
}

fn marker(sources: &Sources, name: &str) -> Option<&'static str> {
    if store::parent_of(name).is_some() {
        return None;
    }
    let marker = sources.of(name, None).marker?;
    Marker::ALL.iter().find(|(known, _)| *known == marker).map(|(_, ending)| *ending)
}

/// Looks at an inbox with the answers to what it asks about files of these sources.
pub fn look_at<T>(sources: &Sources, look: impl FnOnce(&Questions<'_>) -> T) -> T {
    look(&Questions {
        is_complete: &|file| is_complete(file).unwrap_or(true),
        is_ignored: &|name| sources.is_ignored(name),
        marker: &|name| marker(sources, name),
    })
}

impl<'i> Importer<'i> {
    /// An importer on the ledger of an installation. The caller holds its lock. `clock` tells the time.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be opened or read.
    pub fn open(
        installation: &'i Installation,
        clock: &'i dyn Fn() -> DateTime<Utc>,
        hooks: Hooks<'i>,
    ) -> Result<Self, ImportError> {
        let folders = &installation.folders;
        let ledger = Ledger::open(&folders.state, folders.modes)?;
        let register = Register::load(&ledger, installation.identifiers_bytes_max)?;
        Ok(Self { installation, ledger, register, clock, hooks })
    }

    /// The ledger.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Takes a file of the inbox.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or the outputs or the ledger cannot be written. It is kept, and taken up by the
    /// next [`recover`](Self::recover).
    pub fn take(&mut self, path: &Path, repeat: Repeat) -> Result<Taken, ImportError> {
        let marker = self.installation.marker(path);
        if marker.is_some_and(|marker| !store::leaves_room(path, marker)) {
            return Ok(Taken::Left(Waiting::LongName.reason()));
        }
        let parent = self.parent_of(path)?;
        let id = self.begin(path, Origin::Inbox, parent, None, repeat)?;
        failpoint("intent-written");
        let row = self.row(id)?;
        let folders = &self.installation.folders;
        let claimed = store::claim_file(&folders.inbox, &row.claim, path, folders.modes);
        if claimed.is_err() && store::open_print(path).is_ok() {
            // It still lies where it was: nothing has to be taken up later.
            self.withdraw(&row, "it could not be claimed")?;
        }
        if !claimed? {
            return self.withdraw(&row, "the file went away before it was taken");
        }
        if let Some(marker) = marker
            && !store::claim_marker(&folders.inbox, &row.claim, path, marker)?
        {
            return self.give_back(&row, UNMARKED);
        }
        tracing::info!(claim = row.claim, file = %store::shown(path), "file claimed");
        self.work(&row)
    }

    /// Imports a named file, which stays where it is.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or the outputs or the ledger cannot be written. Nothing is imported then.
    pub fn take_named(&mut self, path: &Path, repeat: Repeat) -> Result<Taken, ImportError> {
        let parent = self.parent_of(path)?;
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let id = self.begin(path, Origin::Named, parent, None, repeat)?;
        let row = self.row(id)?;
        self.work_or_withdraw(&row)
    }

    /// Runs the rejected records of a batch again.
    ///
    /// # Errors
    ///
    /// When the batch has none that wait for a correction, and as [`take_named`](Self::take_named).
    pub fn reprocess_rejected(&mut self, batch: &BatchRow) -> Result<Taken, ImportError> {
        let name = batch.batch.as_deref().unwrap_or_default();
        let files = self.ledger.files(batch.id)?;
        // The workbook holds the same records as the file of the input's format.
        let rejected =
            files.iter().find(|file| store::is_rejected_file(&file.name) && !file.name.ends_with(".xlsx"));
        let Some(rejected) = rejected else {
            return Err(ImportError::Refused(format!("{name} has no rejected records")));
        };
        if !batch.open {
            let by = batch.replaced_by.map(|id| self.row(id)).transpose()?.and_then(|row| row.batch);
            let by = by
                .map(|by| format!(": they were taken over by {by}; reprocess that one"))
                .unwrap_or_default();
            return Err(ImportError::Refused(format!("the rejected records of {name} no longer wait{by}")));
        }
        let path = self.installation.folders.outbox.join(name).join(&rejected.name);
        let id = self.begin(&path, Origin::Reprocess, Some(batch.id), None, Repeat::Supersede)?;
        let row = self.row(id)?;
        self.work_or_withdraw(&row)
    }

    /// Runs the original file of a batch again, as a whole: the new batch supersedes it.
    ///
    /// # Errors
    ///
    /// When the original is not kept, and as [`take_named`](Self::take_named).
    pub fn reprocess_original(&mut self, batch: &BatchRow) -> Result<Taken, ImportError> {
        let name = batch.batch.as_deref().unwrap_or_default();
        if batch.status.as_deref() == Some(BatchStatus::DuplicateFile.word()) {
            return Err(ImportError::Refused(format!(
                "{name} is a duplicate; reprocess the batch that its summary names"
            )));
        }
        let by = batch.replaced_by.map(|id| self.row(id)).transpose()?;
        if let Some(by) = by.filter(|by| by.supersedes == Some(batch.id)).and_then(|by| by.batch) {
            return Err(ImportError::Refused(format!("{name} was superseded by {by}; reprocess that one")));
        }
        let original = batch.original(&self.installation.folders);
        let path = original.as_ref().unwrap_or(&batch.path);
        let id = self.begin(path, Origin::Reprocess, None, Some(batch.id), Repeat::Supersede)?;
        let row = self.row(id)?;
        self.work_or_withdraw(&row)
    }

    /// Writes the register's index to disk where it is worth it. To be called when nothing else is to do.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn rest(&mut self) -> Result<(), ImportError> {
        Ok(self.register.save(&self.ledger)?)
    }

    pub(super) fn now(&self) -> String {
        rfc3339((self.clock)())
    }

    pub(super) fn row(&self, id: i64) -> Result<BatchRow, ImportError> {
        let missing = || ImportError::Refused(format!("the ledger has no row {id}"));
        self.ledger.batch_by_id(id)?.ok_or_else(missing)
    }

    /// The batch that a file corrects, by its name.
    fn parent_of(&self, path: &Path) -> Result<Option<i64>, ImportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match store::parent_of(&name) {
            Some(batch) => Ok(self.ledger.batch(batch)?.map(|row| row.id)),
            None => Ok(None),
        }
    }

    fn begin(
        &mut self,
        path: &Path,
        origin: Origin,
        parent: Option<i64>,
        supersedes: Option<i64>,
        repeat: Repeat,
    ) -> Result<i64, ImportError> {
        let (_, print) = store::open_print(path)?;
        let claim = Claim {
            claim: store::new_claim(),
            origin,
            path: path.to_owned(),
            print,
            parent,
            supersedes,
            repeat,
            at: self.now(),
        };
        Ok(self.ledger.begin_claim(&claim)?)
    }

    /// A file that is not claimed has nothing to be taken up later: its row is closed when it fails.
    fn work_or_withdraw(&mut self, row: &BatchRow) -> Result<Taken, ImportError> {
        let ended = self.work(row);
        if ended.is_err() && !matches!(self.row(row.id)?.state, State::Committed | State::Published) {
            store::discard_staging(&self.installation.folders.outbox, &row.claim)?;
            self.withdraw(row, "it could not be read or written; see the log")?;
        }
        ended
    }

    pub(super) fn withdraw(&mut self, row: &BatchRow, why: &'static str) -> Result<Taken, ImportError> {
        let now = self.now();
        self.ledger.set_state(row.id, State::Withdrawn, &now, Some(why))?;
        tracing::info!(claim = row.claim, reason = why, "file left alone");
        Ok(Taken::Left(why))
    }

    /// Gives a claimed file back to the inbox.
    pub(super) fn give_back(&mut self, row: &BatchRow, why: &'static str) -> Result<Taken, ImportError> {
        if row.origin == Origin::Inbox {
            store::give_back(&self.installation.folders.inbox, &row.claim, &row.path)?;
        }
        self.withdraw(row, why)
    }
}

impl WriteError {
    /// The error with the file it happened on.
    pub(super) fn of(self, row: &BatchRow) -> ImportError {
        match self {
            Self::Batch(source) => ImportError::Batch { path: row.path.clone(), source },
            Self::Companion(source) => ImportError::Companion { path: row.path.clone(), source },
            Self::Store(error) => error.into(),
        }
    }
}
