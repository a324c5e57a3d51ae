//! Batches and attempts: the rows of the ledger and every change of their state.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rusqlite::{Row, params};

use super::Ledger;
use crate::store::{Entry, Folders, Print, StoreError};

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was dropped into the inbox.
    Inbox,
    /// It was named, is read in place and stays where it is.
    Named,
    /// It is the rejected or original file of an earlier batch.
    Reprocess,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is about to be taken.
    Claiming,
    /// Its bytes are known.
    Staged,
    /// It is decided what becomes of it.
    Committed,
    /// Its folder can be seen.
    Published,
    /// Everything is done.
    Done,
    /// It was not taken: it went away, was given back, or the run was ended.
    Withdrawn,
}

impl Origin {
    /// The word in the ledger.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbox => "INBOX",
            Self::Named => "NAMED",
            Self::Reprocess => "REPROCESS",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "INBOX" => Self::Inbox,
            "NAMED" => Self::Named,
            _ => Self::Reprocess,
        }
    }
}

impl State {
    /// The word in the ledger.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Claiming => "CLAIMING",
            Self::Staged => "STAGED",
            Self::Committed => "COMMITTED",
            Self::Published => "PUBLISHED",
            Self::Done => "DONE",
            Self::Withdrawn => "WITHDRAWN",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "CLAIMING" => Self::Claiming,
            "STAGED" => Self::Staged,
            "COMMITTED" => Self::Committed,
            "PUBLISHED" => Self::Published,
            "DONE" => Self::Done,
            _ => Self::Withdrawn,
        }
    }
}

/// The intent to take a file.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The random name of the claim.
    pub claim: String,
    /// Where the file comes from.
    pub origin: Origin,
    /// Where it lies.
    pub path: PathBuf,
    /// What it was when it was seen.
    pub print: Print,
    /// The batch whose file it is, when that is known already.
    pub parent: Option<i64>,
    /// The batch that it takes the place of.
    pub supersedes: Option<i64>,
    /// What is done when its bytes were imported before.
    pub repeat: Repeat,
    /// The time, in RFC 3339.
    pub at: String,
}

/// What is done with bytes that were imported before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// They are not imported again.
    Refuse,
    /// They are, and supersede what they were.
    Supersede,
}

/// What is decided of a batch.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The name of its folder.
    pub batch: String,
    /// What became of it.
    pub status: String,
    /// How many records: read, accepted, rejected, with warnings.
    pub counts: [u64; 4],
    /// The hash of the file, where it was not known when it was staged.
    pub sha256: Option<String>,
    /// The hash of the dropped file, where the same bytes may not be imported again.
    pub effective: Option<String>,
    /// The batch whose rejected records these were.
    pub parent: Option<i64>,
    /// The batch that counts no longer.
    pub supersedes: Option<i64>,
    /// How many records of the parent did not come back.
    pub withdrawn: u64,
    /// Whether the work list holds these records now instead of those of the parent.
    pub takes_over: bool,
    /// Whether its rejected records wait for a correction.
    pub open: bool,
    /// The SHA-256 of its manifest.
    pub manifest: String,
    /// Its files.
    pub files: Vec<Entry>,
    /// Where the original will be kept, below the archive.
    pub archived: Option<PathBuf>,
    /// How often each code was reported.
    pub findings: Vec<(String, u64)>,
    /// What a person should know.
    pub note: Option<String>,
    /// The time, in RFC 3339.
    pub at: String,
}

/// One time a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: String,
    /// When it ended; `None` when it was killed, or goes on.
    pub ended_at: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// A row of the ledger: one file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Its number.
    pub id: i64,
    /// The random name of its claim.
    pub claim: String,
    /// How far it has come.
    pub state: State,
    /// Where it came from.
    pub origin: Origin,
    /// Where the file lay.
    pub path: PathBuf,
    /// The size of the file.
    pub bytes: Option<u64>,
    /// Its SHA-256.
    pub sha256: Option<String>,
    /// The name of its folder.
    pub batch: Option<String>,
    /// What became of it.
    pub status: Option<String>,
    /// How many records were read.
    pub read: u64,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// How many had warnings.
    pub with_warnings: u64,
    /// How many records of the parent did not come back.
    pub withdrawn: u64,
    /// The batch whose rejected records these were.
    pub parent: Option<i64>,
    /// The batch that this one supersedes.
    pub supersedes: Option<i64>,
    /// What is done when its bytes were imported before.
    pub repeat: Repeat,
    /// Whether its rejected records wait for a correction.
    pub open: bool,
    /// Whether its folder or original was removed on purpose.
    pub purged: bool,
    /// The batch that took its place.
    pub replaced_by: Option<i64>,
    /// The SHA-256 of its manifest.
    pub manifest: Option<String>,
    /// Where the original is kept, below the archive.
    pub archived: Option<PathBuf>,
    /// When the file was claimed.
    pub claimed_at: String,
    /// When its fate was decided.
    pub committed_at: Option<String>,
    /// When everything was done.
    pub done_at: Option<String>,
    /// What a person should know.
    pub note: Option<String>,
}

const COLUMNS: &str = "id, claim, state, origin, path, bytes, sha256, batch, status, read, accepted, rejected, \
     with_warnings, withdrawn, parent, supersedes, open, replaced_by, manifest, archived, claimed_at, \
     committed_at, done_at, note, force, purged";

impl BatchRow {
    /// Where the original is kept, if it was archived.
    #[must_use]
    pub fn original(&self, folders: &Folders) -> Option<PathBuf> {
        self.archived.as_ref().map(|below| folders.archive.join(below))
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let path = |index| -> rusqlite::Result<Option<PathBuf>> {
            Ok(row.get::<_, Option<Vec<u8>>>(index)?.map(|bytes| OsString::from_vec(bytes).into()))
        };
        let (state, origin): (String, String) = (row.get(2)?, row.get(3)?);
        Ok(Self {
            id: row.get(0)?,
            claim: row.get(1)?,
            state: State::of(&state),
            origin: Origin::of(&origin),
            path: path(4)?.unwrap_or_default(),
            bytes: row.get(5)?,
            sha256: row.get(6)?,
            batch: row.get(7)?,
            status: row.get(8)?,
            read: row.get(9)?,
            accepted: row.get(10)?,
            rejected: row.get(11)?,
            with_warnings: row.get(12)?,
            withdrawn: row.get(13)?,
            parent: row.get(14)?,
            supersedes: row.get(15)?,
            open: row.get(16)?,
            replaced_by: row.get(17)?,
            manifest: row.get(18)?,
            archived: path(19)?,
            claimed_at: row.get(20)?,
            committed_at: row.get(21)?,
            done_at: row.get(22)?,
            note: row.get(23)?,
            purged: row.get(25)?,
            repeat: if row.get(24)? { Repeat::Supersede } else { Repeat::Refuse },
        })
    }
}

pub(super) fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

impl Ledger {
    /// Writes down that a file is about to be taken, and returns the number of its row.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin_claim(&mut self, claim: &Claim) -> Result<i64, StoreError> {
        let name = claim.path.file_name().unwrap_or_default().to_string_lossy();
        self.change(
            "INSERT INTO batches (claim, state, origin, path, name, device, inode, parent, supersedes, claimed_at, force) \
             VALUES (?1, 'CLAIMING', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                claim.claim,
                claim.origin.word(),
                bytes_of(&claim.path),
                name,
                // The numbers of devices and files are 64 bits without a sign, and only compared.
                claim.print.device as i64,
                claim.print.inode as i64,
                claim.parent,
                claim.supersedes,
                claim.at,
                claim.repeat == Repeat::Supersede
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Writes down the size of a file, and its hash where it is known already.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn stage(
        &mut self,
        id: i64,
        bytes: u64,
        sha256: Option<&str>,
        supersedes: Option<i64>,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE batches SET state = 'STAGED', bytes = ?2, sha256 = ?3, supersedes = ?4 WHERE id = ?1",
            params![id, bytes, sha256, supersedes],
        )
        .map(drop)
    }

    /// Whether a file of this size was imported whose records count: only then can the same bytes have come.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn has_effective_of_size(&self, bytes: u64) -> Result<bool, StoreError> {
        let found = "SELECT 1 FROM batches WHERE bytes = ?1 AND effective IS NOT NULL LIMIT 1";
        Ok(self.ask(found, [bytes], |_| Ok(()))?.is_some())
    }

    /// Writes down a step that needs nothing else.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn set_state(
        &mut self,
        id: i64,
        state: State,
        at: &str,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE batches SET state = ?2, done_at = CASE WHEN ?2 IN ('DONE', 'WITHDRAWN') THEN ?3 END, \
             note = coalesce(?4, note) WHERE id = ?1",
            params![id, state.word(), at, note],
        )
        .map(drop)
    }

    /// Counts an attempt before it begins, so that it is known of even if it is killed.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin_attempt(&mut self, id: i64, at: &str) -> Result<u32, StoreError> {
        self.change(
            "INSERT INTO attempts (batch, number, started_at) \
             SELECT ?1, 1 + coalesce(max(number), 0), ?2 FROM attempts WHERE batch = ?1",
            params![id, at],
        )?;
        let number = self.ask("SELECT max(number) FROM attempts WHERE batch = ?1", [id], |row| row.get(0))?;
        Ok(number.unwrap_or(1))
    }

    /// Writes down how an attempt ended that was not killed.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn end_attempt(&mut self, id: i64, number: u32, at: &str, outcome: &str) -> Result<(), StoreError> {
        self.change(
            "UPDATE attempts SET ended_at = ?3, outcome = ?4 WHERE batch = ?1 AND number = ?2",
            params![id, number, at, outcome],
        )
        .map(drop)
    }

    /// How many attempts at a file were killed.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn crashes(&self, id: i64) -> Result<u32, StoreError> {
        let count = "SELECT count(*) FROM attempts WHERE batch = ?1 AND ended_at IS NULL";
        Ok(self.ask(count, [id], |row| row.get(0))?.unwrap_or(0))
    }

    /// The attempts at a file.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn attempts(&self, id: i64) -> Result<Vec<Attempt>, StoreError> {
        self.list(
            "SELECT number, started_at, ended_at, outcome FROM attempts WHERE batch = ?1 ORDER BY number",
            [id],
            |row| {
                Ok(Attempt {
                    number: row.get(0)?,
                    started_at: row.get(1)?,
                    ended_at: row.get(2)?,
                    outcome: row.get(3)?,
                })
            },
        )
    }

    /// Writes down what is decided of a batch. Part of the decision that `Taking` opens.
    pub(super) fn write_commit(
        &mut self,
        id: i64,
        attempt: Option<u32>,
        commit: &Commit,
    ) -> Result<(), StoreError> {
        if let Some(superseded) = commit.supersedes {
            // What corrected it waits no longer: its records come again. What superseded a batch above it holds others.
            self.change(
                "WITH RECURSIVE later(id) AS (SELECT id FROM batches WHERE parent = ?1 \
                 UNION SELECT batches.id FROM batches JOIN later ON batches.parent = later.id) \
                 UPDATE batches SET open = 0, replaced_by = ?2 WHERE open = 1 AND id IN (SELECT id FROM later)",
                params![superseded, id],
            )?;
            self.change(
                "UPDATE batches SET effective = NULL, open = 0, replaced_by = ?2 WHERE id = ?1",
                params![superseded, id],
            )?;
        }
        if let Some(parent) = commit.parent.filter(|_| commit.takes_over) {
            self.change("UPDATE batches SET open = 0, replaced_by = ?2 WHERE id = ?1", params![parent, id])?;
        }
        let [read, accepted, rejected, with_warnings] = commit.counts;
        self.change(
            "UPDATE batches SET state = 'COMMITTED', batch = ?2, status = ?3, read = ?4, accepted = ?5, \
             rejected = ?6, with_warnings = ?7, effective = ?8, parent = ?9, supersedes = ?10, withdrawn = ?11, \
             open = ?12, manifest = ?13, archived = ?14, note = ?15, committed_at = ?16, \
             sha256 = coalesce(?17, sha256) WHERE id = ?1",
            params![
                id,
                commit.batch,
                commit.status,
                read,
                accepted,
                rejected,
                with_warnings,
                commit.effective,
                commit.parent,
                commit.supersedes,
                commit.withdrawn,
                commit.open,
                commit.manifest,
                commit.archived.as_deref().map(bytes_of),
                commit.note,
                commit.at,
                commit.sha256
            ],
        )?;
        for file in &commit.files {
            self.change(
                "INSERT INTO files (batch, name, bytes, sha256) VALUES (?1, ?2, ?3, ?4)",
                params![id, file.name, file.bytes, file.sha256],
            )?;
        }
        for (code, count) in &commit.findings {
            self.change(
                "INSERT INTO findings (batch, code, count) VALUES (?1, ?2, ?3)",
                params![id, code, count],
            )?;
        }
        if let Some(number) = attempt {
            self.end_attempt(id, number, &commit.at, &commit.status)?;
        }
        Ok(())
    }

    fn batches(&self, rest: &str, values: impl rusqlite::Params) -> Result<Vec<BatchRow>, StoreError> {
        self.list(&format!("SELECT {COLUMNS} FROM batches {rest}"), values, BatchRow::read)
    }

    /// The files that were begun and are not done, oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn pending(&self) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE state NOT IN ('DONE', 'WITHDRAWN') ORDER BY id", [])
    }

    /// The batches whose rejected records wait for a correction, oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn open_batches(&self) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE open = 1 ORDER BY id", [])
    }

    /// The last batches, newest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn last_batches(&self, count: u32) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE batch IS NOT NULL ORDER BY id DESC LIMIT ?1", [count])
    }

    /// Every batch that was committed, oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn all_batches(&self) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE batch IS NOT NULL ORDER BY id", [])
    }

    /// A batch by its name.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn batch(&self, name: &str) -> Result<Option<BatchRow>, StoreError> {
        Ok(self.batches("WHERE batch = ?1", [name])?.pop())
    }

    /// The newest batches whose name contains a text: people type part of a name.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn batches_like(&self, part: &str) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE instr(batch, ?1) > 0 ORDER BY id DESC LIMIT 20", [part])
    }

    /// A batch by its number.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn batch_by_id(&self, id: i64) -> Result<Option<BatchRow>, StoreError> {
        Ok(self.batches("WHERE id = ?1", [id])?.pop())
    }

    /// The batch whose records count for these bytes.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn effective(&self, sha256: &str) -> Result<Option<BatchRow>, StoreError> {
        Ok(self.batches("WHERE effective = ?1", [sha256])?.pop())
    }

    /// The batches whose place a batch has taken.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn replaced_by(&self, id: i64) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE replaced_by = ?1 ORDER BY id", [id])
    }

    /// The batches that corrected, reprocessed or superseded a batch, oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn children(&self, id: i64) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE (parent = ?1 OR supersedes = ?1) AND batch IS NOT NULL ORDER BY id", [id])
    }

    /// How many batches and how many records of the register there are.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn sizes(&self) -> Result<(u64, u64), StoreError> {
        let batches =
            self.ask("SELECT count(*) FROM batches WHERE batch IS NOT NULL", [], |row| row.get(0))?;
        Ok((batches.unwrap_or_default(), self.records()?))
    }

    /// The files of a published batch.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn files(&self, id: i64) -> Result<Vec<Entry>, StoreError> {
        self.list("SELECT name, bytes, sha256 FROM files WHERE batch = ?1 ORDER BY name", [id], |row| {
            Ok(Entry { name: row.get(0)?, bytes: row.get(1)?, sha256: row.get(2)? })
        })
    }
}
