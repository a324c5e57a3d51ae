//! The ledger: the durable history of batches and attempts, in a file of SQLite, and the register of what they made
//! known, in a journal beside it. Others may read both while we write.

mod changes;
mod index;
mod journal;
mod keep;
mod line;
mod memory;
mod parts;
mod queries;
mod register;
mod rows;
mod sidecar;
mod snapshot;
mod spill;
mod table;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub use keep::{Measures, Rebuilt};
pub use line::{LineSink, NewRecord};
pub use register::{Entry, Known, KnownRecord, Register, Taking};
pub use rows::{Attempt, BatchRow, Claim, Commit, Origin, Repeat, State};
pub use snapshot::{Brought, Found, Snapshot};

use super::StoreError;
use super::fault::{self, Sync};
use super::files::{Modes, make_file, make_folder, sync_folder};

/// The ledger's file in the state folder.
const FILE: &str = "ledger.db";

/// The version of the tables below.
const VERSION: i64 = 2;

const TABLES: &str = "
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
-- One row for every file that was taken, from the claim on.
CREATE TABLE batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: records name it
  claim TEXT NOT NULL UNIQUE,       -- random; names the folders of claim and staging
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  path BLOB NOT NULL,               -- where the file lay, as bytes
  name TEXT NOT NULL,
  device INTEGER, inode INTEGER,
  bytes INTEGER, sha256 TEXT,
  effective TEXT UNIQUE,            -- the hash of a dropped file, as long as its records count
  batch TEXT UNIQUE,                -- the name of the folder, fixed by the commit
  status TEXT,
  read INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  with_warnings INTEGER NOT NULL DEFAULT 0,
  withdrawn INTEGER NOT NULL DEFAULT 0, -- rejected records of the parent that did not come back
  parent INTEGER REFERENCES batches(id),
  supersedes INTEGER REFERENCES batches(id),
  force INTEGER NOT NULL DEFAULT 0, -- it was asked to import the same bytes again
  open INTEGER NOT NULL DEFAULT 0,  -- its rejected records wait for a correction
  replaced_by INTEGER REFERENCES batches(id),
  manifest TEXT,                    -- SHA-256 of MANIFEST.json
  archived BLOB,                    -- where the original is kept
  claimed_at TEXT NOT NULL,
  committed_at TEXT,
  done_at TEXT,
  purged INTEGER NOT NULL DEFAULT 0, -- its folder or original was removed on purpose
  note TEXT
) STRICT;
CREATE INDEX batches_pending ON batches(state) WHERE state NOT IN ('DONE', 'WITHDRAWN');
CREATE INDEX batches_bytes ON batches(bytes) WHERE effective IS NOT NULL;
CREATE INDEX batches_open ON batches(open) WHERE open = 1;
CREATE INDEX batches_replaced ON batches(replaced_by) WHERE replaced_by IS NOT NULL;
CREATE INDEX batches_parent ON batches(parent) WHERE parent IS NOT NULL;
CREATE INDEX batches_supersedes ON batches(supersedes) WHERE supersedes IS NOT NULL;
-- One row for every time a file was read. One without an end was killed.
CREATE TABLE attempts (
  batch INTEGER NOT NULL REFERENCES batches(id),
  number INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT,
  PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;
-- The files of published batches, as their manifests list them.
CREATE TABLE files (
  batch INTEGER NOT NULL REFERENCES batches(id),
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (batch, name)
) STRICT, WITHOUT ROWID;
-- How often a batch reports each code.
CREATE TABLE findings (
  batch INTEGER NOT NULL REFERENCES batches(id),
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (batch, code)
) STRICT, WITHOUT ROWID;
-- The register: which parts of its journal count. A part holds the accepted records of a batch in the order of
-- acceptance, a line each. The last record of a customer that is not void says what it is; every record that is not
-- void has used up its number.
CREATE TABLE parts (
  first INTEGER PRIMARY KEY,        -- where it begins in the journal, in bytes
  behind INTEGER NOT NULL,          -- where it ends
  records INTEGER NOT NULL,         -- how many lines it has
  crc32 INTEGER NOT NULL,           -- the checksum of its bytes
  batch INTEGER,                    -- none: imported by `register import`
  void INTEGER NOT NULL DEFAULT 0   -- its batch was superseded
) STRICT;
";

/// SQLite's number of the level at which a commit is durable when it returns.
const SYNCHRONOUS_FULL: u32 = 2;

/// The ledger of one state folder.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Opens the ledger to write it; makes it if it is not there. Only the holder of the lock may.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is damaged, or was written by another version.
    pub fn open(state: &Path, modes: Modes) -> Result<Self, StoreError> {
        make_folder(state, modes.folder)?;
        Self::refuse_lost(state)?;
        let path = state.join(FILE);
        if std::fs::symlink_metadata(&path).is_err() {
            make_file(&path, modes.file)?;
            sync_folder(state)?;
        }
        let connection = Connection::open(&path).map_err(failed("open the ledger", &path))?;
        let ledger = Self { connection, path };
        ledger.prepare()?;
        Ok(ledger)
    }

    /// Opens the ledger to read it, also while another process writes; `None` when there is none yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn open_to_read(state: &Path) -> Result<Option<Self>, StoreError> {
        Self::refuse_lost(state)?;
        let path = state.join(FILE);
        if std::fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len()) == 0 {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(failed("open the ledger", &path))?;
        let ledger = Self { connection, path };
        ledger.settle(&connection_busy())?;
        Ok(ledger.has_tables()?.then_some(ledger))
    }

    fn prepare(&self) -> Result<(), StoreError> {
        let sync = if fault::skips_sync(Sync::Ledger) { "OFF" } else { "FULL" };
        self.settle(&format!(
            "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = {sync}; \
             PRAGMA foreign_keys = ON; {}",
            connection_busy()
        ))?;
        if self.has_tables()? {
            return Ok(());
        }
        self.settle(&format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))
    }

    /// Whether it has its tables, which must be those that we know.
    fn has_tables(&self) -> Result<bool, StoreError> {
        let version = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0));
        let found: i64 = version.map_err(self.read_failed())?;
        if found == 0 || found == VERSION {
            return Ok(found == VERSION);
        }
        let way = if found > VERSION {
            "use that version"
        } else {
            "save what it knows with `register export` of that version, run `kyc-import rebuild-ledger --replace`, and \
             import that again"
        };
        let error = std::io::Error::other(format!(
            "it was written by another version of kyc-import (tables {found}, known {VERSION}); {way}"
        ));
        Err(StoreError::of_ledger("open the ledger", &self.path)(error))
    }

    fn settle(&self, statements: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(statements).map_err(failed("open the ledger", &self.path))
    }

    /// The path of the ledger's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks all of it, and its journal; `None` when they are sound, else what is not.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn fault(&self) -> Result<Option<String>, StoreError> {
        match self.tables_fault()?.or_else(|| self.words_fault()) {
            None => self.journal_fault(),
            found => Ok(found),
        }
    }

    fn tables_fault(&self) -> Result<Option<String>, StoreError> {
        let found: String = self.ask("PRAGMA quick_check(1)", [], |row| row.get(0))?.unwrap_or_default();
        Ok((found != "ok").then_some(found))
    }

    /// A remembered setting of the ledger itself.
    fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.ask("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
    }

    fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.change("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![name, value]).map(drop)
    }

    /// Runs a change and returns how many rows it changed.
    fn change(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(self.write_failed())?;
        let changed = statement.execute(values).map_err(self.write_failed())?;
        if self.connection.is_autocommit() {
            self.trace_commit();
        }
        Ok(changed)
    }

    /// Tells the trace of a change that was taken, and whether the ledger made it durable.
    fn trace_commit(&self) {
        if !fault::traces() {
            return;
        }
        let level = self.connection.query_row("PRAGMA synchronous", [], |row| row.get::<_, u32>(0));
        let is_durable = level.is_ok_and(|level| level >= SYNCHRONOUS_FULL);
        fault::trace(if is_durable { "commit" } else { "commit-unsynced" }, &self.path);
    }

    /// The first row of a query.
    fn ask<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(self.read_failed())?;
        statement.query_row(values, read).optional().map_err(self.read_failed())
    }

    /// All rows of a query.
    fn list<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(self.read_failed())?;
        let rows = statement.query_map(values, read).map_err(self.read_failed())?;
        rows.collect::<Result<_, _>>().map_err(self.read_failed())
    }

    /// Begins a decision.
    fn begin(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(self.write_failed())
    }

    /// Makes a decision durable.
    fn commit(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("COMMIT").map_err(self.write_failed())?;
        self.trace_commit();
        Ok(())
    }

    /// Drops a decision.
    fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // A failed rollback leaves the transaction to the end of the connection, which drops it too.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn write_failed(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        failed("write the ledger", &self.path)
    }

    fn read_failed(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        failed("read the ledger", &self.path)
    }
}

/// Another process may hold the file for a moment, to read it or to copy it.
fn connection_busy() -> String {
    "PRAGMA busy_timeout = 10000;".to_owned()
}

fn failed(action: &'static str, path: &Path) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |error| StoreError::of_ledger(action, &path)(std::io::Error::other(without_values(&error)))
}

/// The error without the text of statements, which could hold identifiers of customers.
fn without_values(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => match message {
            Some(message) => format!("{message} ({code})"),
            None => code.to_string(),
        },
        rusqlite::Error::FromSqlConversionFailure(_, _, reason) => reason.to_string(),
        other => other.to_string(),
    }
}
