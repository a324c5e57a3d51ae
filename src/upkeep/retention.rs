//! What has been kept long enough, and its removal on a person's word.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::ledger::{BatchRow, Origin, State};
use crate::store::{self, Folders, Ledger, StoreError};

/// For how many days what is done is kept; `None` is forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Originals in the archive.
    pub archive_days: Option<u32>,
    /// Folders of batches.
    pub batches_days: Option<u32>,
    /// Rows of the ledger whose folder and original are gone. The register keeps its customers and numbers.
    pub ledger_days: Option<u32>,
}

/// What is to be removed of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The number of the batch in the ledger.
    pub id: i64,
    /// Its name.
    pub batch: String,
    /// The part of it.
    pub part: Part,
}

/// A part of what is kept of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The original, at this path of the archive.
    Original(PathBuf),
    /// The folder in the outbox.
    Folder,
    /// The row of the ledger.
    Row,
}

/// What has been kept long enough, in the order in which it is removed. What waits for a correction is kept whatever its
/// age.
///
/// # Errors
///
/// When the ledger cannot be read.
pub fn plan(
    ledger: &Ledger,
    folders: &Folders,
    retention: &Retention,
    now: DateTime<Utc>,
) -> Result<Vec<Removal>, StoreError> {
    let (mut originals, mut batches, mut forgotten) = (Vec::new(), Vec::new(), Vec::new());
    let rows = ledger.all_batches()?;
    let needed = still_needed(&rows);
    for row in rows {
        if row.open || row.state != State::Done {
            continue;
        }
        let committed = row.committed_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let Some(age) = committed.map(|at| now - at.to_utc()) else { continue };
        let is_over = |days: Option<u32>| days.is_some_and(|days| age > TimeDelta::days(i64::from(days)));
        let (id, batch) = (row.id, row.batch.clone().unwrap_or_default());
        let removal = |part| Removal { id, batch: batch.clone(), part };
        let original = row.original(folders).filter(|path| path.exists() && !needed.contains(&id));
        let has_folder = row.batch.is_some() && folders.outbox.join(&batch).exists();
        let (drop_original, drop_folder) = (is_over(retention.archive_days), is_over(retention.batches_days));
        let keeps = original.is_some() && !drop_original || has_folder && !drop_folder;
        originals.extend(original.filter(|_| drop_original).map(|path| removal(Part::Original(path))));
        if has_folder && drop_folder {
            batches.push(removal(Part::Folder));
        }
        if is_over(retention.ledger_days) && !keeps && !needed.contains(&id) {
            forgotten.push(removal(Part::Row));
        }
    }
    Ok(originals.into_iter().chain(batches).chain(forgotten).collect())
}

/// The batches whose originals a later batch was made of that still counts: it has no other.
fn still_needed(rows: &[BatchRow]) -> HashSet<i64> {
    let by_id: HashMap<i64, &BatchRow> = rows.iter().map(|row| (row.id, row)).collect();
    let mut needed = HashSet::new();
    for row in rows.iter().filter(|row| row.origin == Origin::Reprocess && row.replaced_by.is_none()) {
        let mut before = row.supersedes;
        while let Some(id) = before.filter(|id| needed.insert(*id)) {
            before = by_id.get(&id).and_then(|row| row.supersedes);
        }
    }
    needed
}

impl Removal {
    /// Removes it. The ledger first learns that it is gone on purpose: killed in between, the next removal takes the rest.
    /// Only the holder of the lock may.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written, or a file not be removed.
    pub fn remove(&self, folders: &Folders, ledger: &mut Ledger) -> Result<(), StoreError> {
        match &self.part {
            Part::Row => ledger.forget(self.id),
            Part::Original(path) => {
                ledger.mark_purged(self.id)?;
                store::purge_original(path)
            }
            Part::Folder => {
                ledger.mark_purged(self.id)?;
                store::purge_batch(&folders.outbox, &self.batch, folders.modes)
            }
        }
    }
}
