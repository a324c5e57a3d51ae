//! What is made of a batch's files once they are complete: the workbook and the page.

use std::io::{BufRead, BufReader, Cursor, Write};

use super::Finished;
use super::batch::{ACCEPTED, REPORTS_CSV};
use crate::contract::Classifiers;
use crate::report::workbook::{self, Omission, Sources, WorkbookError};
use crate::report::{Summary, html};
use crate::store::{self, Staging, StoreError};

/// The rejected records once more, for people with a spreadsheet.
pub(super) const WORKBOOK: &str = "rejected.xlsx";

/// The report for people with a browser.
pub(super) const PAGE: &str = "report.html";

/// Whether there is a workbook beside the rejected file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workbook {
    /// The input has no rows of cells, or nothing was rejected.
    None,
    /// It was written.
    Written,
    /// There should be one, but it would not hold everything.
    Omitted(Omission),
}

impl Workbook {
    /// Why there is none, where one might be expected.
    #[must_use]
    pub const fn omitted(self) -> Option<Omission> {
        match self {
            Self::Omitted(omission) => Some(omission),
            _ => None,
        }
    }
}

/// A companion of a batch that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CompanionError {
    /// The workbook failed.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// The page or a file of accepted records failed.
    #[error("cannot write what is made of the results: {0}")]
    Page(#[from] std::io::Error),
    /// A file operation failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes accepted records once more, in files for the batch endpoint.
pub(super) fn batches(staging: &mut Staging, records_per_file: u32) -> Result<(), CompanionError> {
    if !staging.names().any(|name| name == ACCEPTED) {
        return Ok(());
    }
    let mut lines = BufReader::new(staging.read(ACCEPTED)?).split(b'\n');
    let mut next = lines.next().transpose()?;
    let mut number = 1;
    while let Some(first) = next.take() {
        let mut file = staging.file(&format!("accepted-{number:04}.json"));
        file.write_all(b"{\"customers\":[\n")?;
        file.write_all(&first)?;
        for _ in 1..records_per_file {
            let Some(line) = lines.next().transpose()? else { break };
            file.write_all(b",\n")?;
            file.write_all(&line)?;
        }
        file.write_all(b"\n]}\n")?;
        staging.close(file)?;
        next = lines.next().transpose()?;
        number += 1;
    }
    Ok(())
}

/// Writes the workbook of a CSV file or workbook with rejected records.
pub(super) fn workbook(
    staging: &mut Staging,
    finished: &Finished,
    classifiers: &Classifiers,
) -> Result<Workbook, CompanionError> {
    let (Some(header), Some(format)) = (&finished.header, finished.format) else {
        return Ok(Workbook::None);
    };
    let rejected = finished.tally.counts.rejected;
    if finished.failure.is_some() || finished.aborted.is_some() || rejected == 0 {
        return Ok(Workbook::None);
    }
    if rejected > workbook::ROWS_MAX as u64 {
        return Ok(Workbook::Omitted(Omission::Rows));
    }
    let sources = Sources {
        rejected: staging.read(&store::rejected_name(format.extension()))?,
        reports: staging.read(REPORTS_CSV)?,
        header,
        classifiers,
    };
    let mut bytes = Cursor::new(Vec::new());
    if let Some(omission) = workbook::write(sources, &mut bytes)? {
        return Ok(Workbook::Omitted(omission));
    }
    staging.write(WORKBOOK, bytes.get_ref())?;
    Ok(Workbook::Written)
}

/// Whether there is something that a page would say.
pub(super) fn wants_page(finished: &Finished) -> bool {
    finished.failure.is_some() || !finished.tally.findings.is_empty() || !finished.warnings.is_empty()
}

/// Writes the page of a batch that has one. `violations` is how many `errors.csv` holds.
pub(super) fn page(staging: &mut Staging, summary: &Summary, violations: u64) -> Result<(), CompanionError> {
    if !summary.outputs.iter().any(|name| name == PAGE) {
        return Ok(());
    }
    let has_lines = summary.outputs.iter().any(|name| name == REPORTS_CSV);
    let lines = if has_lines { Some((staging.read(REPORTS_CSV)?, violations)) } else { None };
    let mut page = Vec::new();
    html::write(summary, lines, &mut page)?;
    Ok(staging.write(PAGE, &page)?)
}
