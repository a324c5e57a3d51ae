//! What is asked of the ledger about batches and attempts.

use rusqlite::Row;

use super::Ledger;
use super::rows::{Attempt, BatchRow, COLUMNS, Origin, State};
use crate::store::{Entry, StoreError};

/// The rows of files that were begun and are not done, in the words of the index over them.
pub(super) const UNFINISHED: &str = "state NOT IN ('DONE', 'WITHDRAWN')";

/// The most links of a chain that are followed.
const CHAIN_MAX: usize = 1000;

impl Ledger {
    /// Whether a file of this size was imported whose records count: only then can the same bytes have come.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn has_effective_of_size(&self, bytes: u64) -> Result<bool, StoreError> {
        let found = "SELECT 1 FROM batches WHERE bytes = ?1 AND effective IS NOT NULL LIMIT 1";
        Ok(self.ask(found, [bytes], |_| Ok(()))?.is_some())
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

    fn batches(&self, rest: &str, values: impl rusqlite::Params) -> Result<Vec<BatchRow>, StoreError> {
        self.list(&format!("SELECT {COLUMNS} FROM batches {rest}"), values, BatchRow::read)
    }

    /// Why the states and origins of the batches cannot be told.
    pub(super) fn words_fault(&self) -> Option<String> {
        let words = |row: &Row<'_>| Ok((row.get::<_, State>("state")?, row.get::<_, Origin>("origin")?));
        self.list("SELECT DISTINCT state, origin FROM batches", [], words)
            .err()
            .map(|error| error.to_string())
    }

    /// The files that were begun and are not done, oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn pending(&self) -> Result<Vec<BatchRow>, StoreError> {
        self.batches(&format!("WHERE {UNFINISHED} ORDER BY id"), [])
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
    fn children(&self, id: i64) -> Result<Vec<BatchRow>, StoreError> {
        self.batches("WHERE (parent = ?1 OR supersedes = ?1) AND batch IS NOT NULL ORDER BY id", [id])
    }

    /// The batches before and after one, by correction and supersession: from the first to the last.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn chain(&self, row: &BatchRow) -> Result<Vec<BatchRow>, StoreError> {
        let mut first = row.clone();
        for _ in 0..CHAIN_MAX {
            let Some(before) = first.parent.or(first.supersedes) else { break };
            let Some(before) = self.batch_by_id(before)? else { break };
            first = before;
        }
        let mut chain = vec![first];
        let mut at = 0;
        while at < chain.len() && chain.len() < CHAIN_MAX {
            for child in self.children(chain[at].id)? {
                if !chain.iter().any(|known| known.id == child.id) {
                    chain.push(child);
                }
            }
            at += 1;
        }
        Ok(chain)
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
