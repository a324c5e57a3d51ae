//! Which parts of the register's journal count: what the ledger says of them.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rusqlite::params;

use super::journal::{Journal, Part};
use super::line::Kept;
use super::{Ledger, StoreError};

/// The setting of the ledger that names the file of its journal.
const JOURNAL: &str = "journal";

/// A record of the register with what the ledger knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its customer.
    pub customer_ext_id: Option<String>,
    /// Its communication number.
    pub communication_number: Option<String>,
    /// Whether it is a lead.
    pub lead: bool,
    /// Its entity type, category and status.
    pub others: [Option<String>; 3],
    /// The folder of the batch that brought it; none where `register import` did, or the batch was forgotten.
    pub batch: Option<String>,
    /// When that was decided, in RFC 3339.
    pub committed_at: Option<String>,
    /// Its batch was superseded: it does not count.
    pub void: bool,
}

impl Ledger {
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Opens the journal to write it; makes it if the ledger has none yet, with the mode of the ledger.
    pub(super) fn journal(&self) -> Result<Journal, StoreError> {
        if let Some(name) = self.meta(JOURNAL)? {
            return Journal::open(self.folder(), &name, true);
        }
        let ledger = self.path.metadata().map_err(StoreError::of("read the ledger", &self.path))?;
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

    /// The parts that count and do not end before a place, in their order.
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
        for part in self.list("SELECT first, behind, records, crc32 FROM parts", [], part)? {
            if !journal.is_sound(&part)? {
                return Ok(Some(journal.damaged().to_string()));
            }
        }
        Ok(None)
    }

    /// Hands every record of an identifier, a customer's or a number, to `each`, oldest first, also void ones.
    ///
    /// # Errors
    ///
    /// When the ledger or its journal cannot be read, or `each` fails.
    pub fn find<E: From<StoreError>>(
        &self,
        identifier: &str,
        mut each: impl FnMut(Found) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(journal) = self.journal_to_read()? else { return Ok(()) };
        let parts = "SELECT first, behind, parts.records, crc32, batches.batch, committed_at, void \
             FROM parts LEFT JOIN batches ON batches.id = parts.batch ORDER BY first";
        let told = |row: &rusqlite::Row<'_>| Ok((part(row)?, row.get(4)?, row.get(5)?, row.get(6)?));
        let parts: Vec<(Part, Option<String>, Option<String>, bool)> = self.list(parts, [], told)?;
        for (part, batch, committed_at, void) in parts {
            journal.each_line(part.bytes, |_, line| -> Result<(), E> {
                let kept = Kept::read(line).ok_or_else(|| journal.damaged())?;
                if ![kept.customer(), kept.number()].contains(&Some(identifier)) {
                    return Ok(());
                }
                let owned = |text: Option<&str>| text.map(str::to_owned);
                each(Found {
                    customer_ext_id: owned(kept.customer()),
                    communication_number: owned(kept.number()),
                    lead: kept.is_lead(),
                    others: kept.others().map(owned),
                    batch: batch.clone(),
                    committed_at: committed_at.clone(),
                    void,
                })
            })?;
        }
        Ok(())
    }
}

fn part(row: &rusqlite::Row<'_>) -> rusqlite::Result<Part> {
    Ok(Part { bytes: row.get(0)?..row.get(1)?, records: row.get(2)?, crc32: row.get(3)? })
}
