//! Which parts of the register's journal count: what the ledger says of them.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rusqlite::params;

use super::journal::{Journal, Part};
use super::snapshot::Brought;
use super::{Ledger, StoreError};

/// The setting of the ledger that names the file of its journal.
pub(super) const JOURNAL: &str = "journal";

impl Ledger {
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Opens the journal to write it; makes it if the ledger has none yet, with the mode of the ledger.
    pub(super) fn journal(&self) -> Result<Journal, StoreError> {
        if let Some(name) = self.meta(JOURNAL)? {
            return Journal::open(self.folder(), &name, true);
        }
        let ledger = self.path.metadata().map_err(StoreError::of_ledger("read the ledger", &self.path))?;
        let (name, journal) = Journal::make(self.folder(), ledger.mode() & 0o777)?;
        self.set_meta(JOURNAL, &name)?;
        Ok(journal)
    }

    /// Opens the journal to read it; `None` where there is none yet.
    pub(super) fn journal_to_read(&self) -> Result<Option<Journal>, StoreError> {
        self.meta(JOURNAL)?.map(|name| Journal::open(self.folder(), &name, false)).transpose()
    }

    /// Where the last part ends, if there is one.
    pub(super) fn parts_end(&self) -> Result<Option<u64>, StoreError> {
        self.ask("SELECT behind FROM parts ORDER BY first DESC LIMIT 1", [], |row| row.get(0))
    }

    /// How many records count.
    pub(super) fn records(&self) -> Result<u64, StoreError> {
        let count = "SELECT coalesce(sum(records), 0) FROM parts WHERE void = 0";
        Ok(self.ask(count, [], |row| row.get(0))?.unwrap_or_default())
    }

    /// The parts that count and end behind a place, in their order.
    pub(super) fn parts(&self, behind: u64) -> Result<Vec<Part>, StoreError> {
        let parts = "SELECT first, behind, records, crc32 FROM parts \
             WHERE behind > ?1 AND void = 0 ORDER BY first";
        self.list(parts, [behind], part)
    }

    /// Adds a part, brought by a batch or by none.
    pub(super) fn add_part(&self, part: &Part, batch: Option<i64>) -> Result<(), StoreError> {
        let add = "INSERT INTO parts (first, behind, records, crc32, batch) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.change(add, params![part.bytes.start, part.bytes.end, part.records, part.crc32, batch]).map(drop)
    }

    /// Makes the parts of a batch void. Returns whether there were any.
    pub(super) fn void_parts(&self, batch: i64) -> Result<bool, StoreError> {
        Ok(self.change("UPDATE parts SET void = 1 WHERE batch = ?1 AND void = 0", [batch])? > 0)
    }

    /// What is wrong with the journal, if something is.
    pub(super) fn journal_fault(&self) -> Result<Option<String>, StoreError> {
        let Some(journal) = self.journal_to_read()? else { return Ok(None) };
        let parts = self.list("SELECT first, behind, records, crc32 FROM parts", [], part)?;
        Ok(parts.iter().find_map(|part| journal.check(part).err()).map(|error| error.to_string()))
    }

    /// All parts, with the folder of the batch that brought each, when that was decided, and whether it is void.
    pub(super) fn told_parts(&self) -> Result<Vec<(Part, Brought)>, StoreError> {
        let parts = "SELECT first, behind, parts.records, crc32, batches.batch, committed_at, void \
             FROM parts LEFT JOIN batches ON batches.id = parts.batch ORDER BY first";
        self.list(parts, [], |row| {
            Ok((part(row)?, Brought { batch: row.get(4)?, committed_at: row.get(5)?, void: row.get(6)? }))
        })
    }
}

fn part(row: &rusqlite::Row<'_>) -> rusqlite::Result<Part> {
    Ok(Part { bytes: row.get(0)?..row.get(1)?, records: row.get(2)?, crc32: row.get(3)? })
}
