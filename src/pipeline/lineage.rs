//! Which batch a file corrects, and which one it supersedes.

use super::Finished;
use super::importer::ImportError;
use crate::report::{BatchStatus, Counts};
use crate::store::ledger::{BatchRow, Origin};
use crate::store::{Ledger, stem};

/// The batches that a file comes after.
pub(super) struct Lineage {
    /// The batch whose rejected records these are.
    pub parent: Option<BatchRow>,
    /// The batch that had taken the place of the parent before.
    pub replaced_before_by: Option<String>,
    /// The batch that counts no longer because of this one.
    pub superseded: Option<BatchRow>,
}

impl Lineage {
    /// What is known of a file before it is read.
    pub fn of(ledger: &Ledger, row: &BatchRow) -> Result<Self, ImportError> {
        let batch = |id: Option<i64>| {
            Ok::<_, ImportError>(id.map(|id| ledger.batch_by_id(id)).transpose()?.flatten())
        };
        let superseded = batch(row.supersedes)?;
        // A correction that is run again still corrects what it corrected.
        let parent =
            batch(row.parent.or_else(|| superseded.as_ref().and_then(|superseded| superseded.parent)))?;
        Ok(Self { parent, replaced_before_by: None, superseded })
    }

    /// Whether the records that it corrects wait for this file.
    pub fn is_awaited(&self) -> bool {
        self.parent.as_ref().is_some_and(|parent| parent.open)
    }

    /// What is known of a file when it was read.
    pub fn settled(
        mut self,
        ledger: &Ledger,
        row: &BatchRow,
        name: &str,
        finished: Option<&Finished>,
    ) -> Result<Self, ImportError> {
        self.parent = match (self.parent, finished) {
            // A corrected file that lost its name still has our columns.
            (None, Some(finished)) if finished.has_reasons() && row.origin != Origin::Reprocess => {
                open_batch_of(ledger, &stem(name))?
            }
            (Some(parent), Some(finished)) if !parent.open && is_whole(finished, &parent) => {
                Some(left_open(ledger, &parent)?.unwrap_or(parent))
            }
            (parent, _) => parent,
        };
        let by = self.parent.as_ref().filter(|parent| !parent.open).and_then(|parent| parent.replaced_by);
        let by = by.map(|id| ledger.batch_by_id(id)).transpose()?.flatten();
        self.replaced_before_by = by.and_then(|by| by.batch);
        Ok(self)
    }

    /// Whether a batch takes the place of the parent in the work list.
    pub fn takes_over(&self, status: BatchStatus) -> bool {
        status.is_imported() && self.is_awaited()
    }

    /// How many rejected records of the parent did not come back to the batch that takes its place.
    pub fn withdrawn(&self, status: BatchStatus, counts: &Counts) -> u64 {
        match &self.parent {
            Some(parent) if self.takes_over(status) => parent.rejected.saturating_sub(counts.read),
            _ => 0,
        }
    }
}

/// The only open batch whose file had this stem.
fn open_batch_of(ledger: &Ledger, stem: &str) -> Result<Option<BatchRow>, ImportError> {
    let has_stem = |open: &BatchRow| {
        let batch = open.batch.as_deref().and_then(|batch| batch.rsplit_once('.'));
        batch.is_some_and(|(other, _)| other == stem)
    };
    let mut alike: Vec<BatchRow> = ledger.open_batches()?.into_iter().filter(has_stem).collect();
    Ok(if alike.len() == 1 { alike.pop() } else { None })
}

/// Whether all rejected records of a batch came back, and all were accepted.
fn is_whole(finished: &Finished, parent: &BatchRow) -> bool {
    finished.status() == BatchStatus::Accepted && finished.tally.counts.read >= parent.rejected
}

/// What an earlier correction of a batch has left open.
fn left_open(ledger: &Ledger, corrected: &BatchRow) -> Result<Option<BatchRow>, ImportError> {
    let mut next = corrected.replaced_by;
    while let Some(id) = next {
        let Some(row) = ledger.batch_by_id(id)? else { return Ok(None) };
        if row.open {
            return Ok(Some(row));
        }
        next = row.replaced_by;
    }
    Ok(None)
}
