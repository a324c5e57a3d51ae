//! The ledger: the durable history of batches and attempts, and the register of what they made known. One
//! SQLite file, which others may read while we write.

mod index;
mod keep;
mod log;
mod page;
mod register;
mod rows;
mod sidecar;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub use keep::{Measures, Rebuilt};
pub use page::NewRecord;
pub use register::{Entry, Known, KnownRecord, Register, Taking};
pub use rows::{Attempt, BatchRow, Claim, Commit, Origin, Repeat, State};

use super::StoreError;
use super::fault::{self, Sync};
use super::files::{Modes, make_file, make_folder, sync_folder};
use log::{LARGE_BYTES, LogKeeper};

/// The ledger's file in the state folder.
const FILE: &str = "ledger.db";

/// The version of the tables below.
const VERSION: i64 = 1;

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
-- The register: every accepted record, in the order of acceptance, several to a row. The last record of a
-- customer that is not void says what it is; every record that is not void has used up its number.
CREATE TABLE pages (
  first INTEGER PRIMARY KEY,        -- the number of its first record
  records INTEGER NOT NULL,         -- how many it holds
  batch INTEGER,                    -- none: imported by `register import`
  void INTEGER NOT NULL DEFAULT 0,  -- its batch was superseded
  text BLOB NOT NULL                -- a JSON array for each record, one a line
) STRICT;
CREATE VIEW records AS SELECT
  first + key AS id, batch,
  value ->> 0 AS customer_ext_id, value ->> 1 AS communication_number, value ->> 2 AS lead,
  value ->> 3 AS entity_type, value ->> 4 AS category, value ->> 5 AS status, void
FROM pages, json_each('[' || CAST(text AS TEXT) || ']');
";

/// The size of SQLite's pages.
const PAGE_BYTES: u64 = 4096;

/// SQLite's number of the level at which a commit is durable when it returns.
const SYNCHRONOUS_FULL: u32 = 2;

/// The ledger of one state folder.
#[derive(Debug)]
pub struct Ledger {
    /// Ends before the connection, which then leaves no log.
    log: LogKeeper,
    connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Opens the ledger to write it; makes it if it is not there. Only the holder of the lock may.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is damaged, or was written by a newer version.
    pub fn open(state: &Path, modes: Modes) -> Result<Self, StoreError> {
        make_folder(state, modes.folder)?;
        Self::refuse_half_rebuilt(state)?;
        let path = state.join(FILE);
        if std::fs::symlink_metadata(&path).is_err() {
            make_file(&path, modes.file)?;
            sync_folder(state)?;
        }
        let connection = Connection::open(&path).map_err(failed("open the ledger", &path))?;
        let mut ledger = Self { log: LogKeeper::default(), connection, path };
        ledger.prepare()?;
        Ok(ledger)
    }

    /// Opens the ledger to read it, also while another process writes; `None` when there is none yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn open_to_read(state: &Path) -> Result<Option<Self>, StoreError> {
        let path = state.join(FILE);
        if std::fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len()) == 0 {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(failed("open the ledger", &path))?;
        let ledger = Self { log: LogKeeper::default(), connection, path };
        ledger.settle(&connection_busy())?;
        match ledger.version()? {
            VERSION => Ok(Some(ledger)),
            _ => Ok(None),
        }
    }

    fn prepare(&mut self) -> Result<(), StoreError> {
        let sync = if fault::skips_sync(Sync::Ledger) { "OFF" } else { "FULL" };
        self.settle(&format!(
            "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = {sync}; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096; PRAGMA journal_size_limit = {LARGE_BYTES}; {}",
            connection_busy()
        ))?;
        match self.version()? {
            0 => {
                let tables = format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;");
                self.settle(&tables)
            }
            VERSION => Ok(()),
            newer => {
                let error = std::io::Error::other(format!(
                    "it was written by a newer version of kyc-import (tables {newer}, known {VERSION}); use that version"
                ));
                Err(StoreError::of("open the ledger", &self.path)(error))
            }
        }
    }

    fn version(&self) -> Result<i64, StoreError> {
        self.connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed("read the ledger", &self.path))
    }

    fn settle(&self, statements: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(statements).map_err(failed("open the ledger", &self.path))
    }

    /// The path of the ledger's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks the whole file; `None` when it is sound, else what is not.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn fault(&self) -> Result<Option<String>, StoreError> {
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
        self.log.shorten(&self.path);
        // Its commit leaves the log to its keeper.
        let begin = "PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE";
        self.connection.execute_batch(begin).map_err(self.write_failed())
    }

    /// Makes a decision durable.
    fn commit(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("COMMIT").map_err(self.write_failed())?;
        self.trace_commit();
        self.log.put_in_place(&self.path);
        self.keep_log_short();
        Ok(())
    }

    /// Has SQLite bring what small changes commit to its place, once it is much.
    fn keep_log_short(&self) {
        // It cannot fail, and without it the log would only be longer.
        let _ = self.connection.pragma_update(None, "wal_autocheckpoint", LARGE_BYTES / PAGE_BYTES);
    }

    /// Drops a decision.
    fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // A failed rollback leaves the transaction to the end of the connection, which drops it too.
            let _ = self.connection.execute_batch("ROLLBACK");
            self.keep_log_short();
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
    move |error| StoreError::of(action, &path)(std::io::Error::other(without_values(&error)))
}

/// The error without the text of statements, which could hold identifiers of customers.
fn without_values(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => match message {
            Some(message) => format!("{message} ({code})"),
            None => code.to_string(),
        },
        other => other.to_string(),
    }
}
