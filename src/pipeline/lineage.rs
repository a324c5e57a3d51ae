//! Which batch a file corrects, and which one it supersedes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::Finished;
use super::importer::ImportError;
use crate::report::{BatchStatus, Counts};
use crate::store::ledger::{BatchRow, Origin};
use crate::store::{self, Ledger, stem};

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
        // A correction that is run again still corrects what it corrected, whatever its name says.
        let inherited = superseded.as_ref().and_then(|superseded| superseded.parent);
        let named = row.parent.filter(|parent| Some(*parent) != row.supersedes);
        let parent = batch(inherited.or(named))?;
        Ok(Self { parent, replaced_before_by: None, superseded })
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
            (Some(parent), Some(finished)) if !parent.open => {
                Some(unchanged_copy(ledger, &parent, finished)?.unwrap_or(parent))
            }
            (parent, _) => parent,
        };
        let waits_no_more = self.parent.as_ref().filter(|parent| !self.is_open_for(parent));
        let by = waits_no_more.and_then(|parent| parent.replaced_by);
        let by = by.map(|id| ledger.batch_by_id(id)).transpose()?.flatten();
        self.replaced_before_by = by.and_then(|by| by.batch);
        Ok(self)
    }

    /// Whether a batch takes the place of the parent in the work list.
    pub fn takes_over(&self, status: BatchStatus) -> bool {
        status.is_imported() && self.parent.as_ref().is_some_and(|parent| self.is_open_for(parent))
    }

    /// Whether the place of the parent is free: it waits, or the batch that took its place counts no longer.
    fn is_open_for(&self, parent: &BatchRow) -> bool {
        let superseded = self.superseded.as_ref().map(|superseded| superseded.id);
        parent.open || superseded.is_some() && parent.replaced_by == superseded
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

/// The copy of a batch's rejected records that came back unchanged and waits, if now all of them were accepted. Where any
/// number differs the copy goes on waiting: without numbers of rows in every format nothing else shows that none is lost.
fn unchanged_copy(
    ledger: &Ledger,
    parent: &BatchRow,
    finished: &Finished,
) -> Result<Option<BatchRow>, ImportError> {
    let copy = parent.replaced_by.map(|id| ledger.batch_by_id(id)).transpose()?.flatten();
    let is_unchanged = |copy: &BatchRow| {
        copy.open
            && copy.parent == Some(parent.id)
            && copy.supersedes.is_none()
            && [copy.read, copy.rejected] == [parent.rejected; 2]
    };
    let is_whole =
        finished.status() == BatchStatus::Accepted && finished.tally.counts.read == parent.rejected;
    Ok(copy.filter(|copy| is_whole && is_unchanged(copy)))
}

/// What still waits of a batch: its own records, or those of a correction that took their place.
pub(super) fn still_open(ledger: &Ledger, batch: &BatchRow) -> Result<Option<BatchRow>, ImportError> {
    let mut row = batch.clone();
    while !row.open {
        let Some(id) = row.replaced_by else { return Ok(None) };
        let Some(next) = ledger.batch_by_id(id)? else { return Ok(None) };
        row = next;
    }
    Ok(Some(row))
}

/// How large an emptied correction may be, in bytes.
const EMPTIED_BYTES_MAX: u64 = 1 << 20;

/// Whether a file says that none of the records of a batch is wanted any more: an empty list in JSON, or the header of the
/// batch's rejected file alone. Anything else without records may have been cut off, or hold them under other names.
pub(super) fn is_emptied(mut file: &File, rejected: &Path) -> io::Result<bool> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0))?;
    if file.take(EMPTIED_BYTES_MAX).read_to_string(&mut text).is_err() {
        return Ok(false);
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    let compact: String = text.chars().filter(|char| !char.is_ascii_whitespace()).collect();
    if ["[]", "{\"customers\":[]}"].contains(&compact.as_str()) {
        return Ok(true);
    }
    let Ok(rejected) = store::open(rejected) else { return Ok(false) };
    let mut header = Vec::new();
    BufReader::new(rejected.take(EMPTIED_BYTES_MAX)).read_until(b'\n', &mut header)?;
    let header = String::from_utf8_lossy(&header);
    let header = header.trim_start_matches('\u{feff}').trim();
    Ok(!header.is_empty() && text == header)
}
