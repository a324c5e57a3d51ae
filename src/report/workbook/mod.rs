//! `rejected.xlsx`: the rejected records of a CSV file or workbook once more, as text cells that no
//! spreadsheet changes, with the bad ones marked.
//!
//! It holds every rejected record or it is not written: a workbook that lacks one would lose it when it
//! comes back corrected. The same input makes the same bytes.

mod codes;
mod look;
mod records;

use std::fmt;
use std::io::{self, Read, Seek, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::FindingLines;
use crate::contract::Classifiers;
use crate::format::{ReadError, csv};
use look::Look;
use records::Records;

/// The most records of a workbook: spreadsheets open larger ones slowly, and nobody corrects them by hand.
pub const ROWS_MAX: usize = 10_000;

/// The longest text of a cell, in UTF-16 units, as spreadsheets count.
const CELL_UNITS_MAX: usize = 32_767;

/// The most columns of a sheet.
const COLUMNS_MAX: usize = 16_384;

/// The most text in all cells together, in bytes: the sheet is held in memory while it is made.
const TEXT_BYTES_MAX: usize = 32 << 20;

/// The most cells that hold something. Each takes some 200 bytes of memory while the workbook is made.
const CELLS_MAX: usize = 1_000_000;

/// The largest row of the rejected file, in bytes.
const ROW_BYTES_MAX: usize = 4 << 20;

/// Why there is no workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omission {
    /// More than [`ROWS_MAX`] records were rejected.
    Rows,
    /// There are more columns than a sheet has.
    Columns,
    /// More than a million cells hold something.
    Cells,
    /// A cell holds more than a spreadsheet takes.
    Cell,
    /// A record is larger than what is put into a workbook.
    Record,
    /// All cells together hold more than is put into a workbook.
    Text,
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows => write!(f, "more than {ROWS_MAX} records were rejected"),
            Self::Columns => write!(f, "it would have more than {COLUMNS_MAX} columns"),
            Self::Cells => write!(f, "it would have more than {CELLS_MAX} cells"),
            Self::Cell => write!(f, "a cell holds more than {CELL_UNITS_MAX} characters"),
            Self::Record => f.write_str("a rejected record is too large"),
            Self::Text => write!(f, "its cells would hold more than {} MiB", TEXT_BYTES_MAX >> 20),
        }
    }
}

/// A workbook that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// What it is made from could not be read.
    #[error("cannot read the rejected records again: {0}")]
    Read(#[source] io::Error),
    /// It could not be put together or written.
    #[error("cannot write the workbook: {0}")]
    Write(#[from] XlsxError),
}

/// Why the writing stopped.
enum Stop {
    Omitted(Omission),
    Failed(WorkbookError),
}

impl From<Omission> for Stop {
    fn from(omission: Omission) -> Self {
        Self::Omitted(omission)
    }
}

impl From<XlsxError> for Stop {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::MaxStringLengthExceeded => Self::Omitted(Omission::Cell),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Failed(WorkbookError::Read(error)),
            ReadError::File(_) => Self::Omitted(Omission::Record),
        }
    }
}

/// What a workbook is made from.
#[derive(Debug)]
pub struct Sources<'s, A, B> {
    /// The finished `rejected.csv`.
    pub rejected: A,
    /// The finished `errors.csv`.
    pub reports: B,
    /// The header of the input.
    pub header: &'s csv::Header,
    /// The lists in force, for dropdowns.
    pub classifiers: &'s Classifiers,
}

/// Writes the workbook, or says why there is none; then nothing was written.
///
/// # Errors
///
/// When a source cannot be read or `out` cannot be written.
pub fn write<A: Read, B: Read>(
    sources: Sources<'_, A, B>,
    out: impl Write + Seek + Send,
) -> Result<Option<Omission>, WorkbookError> {
    match make(sources) {
        Ok(mut workbook) => {
            workbook.save_to_writer(out)?;
            Ok(None)
        }
        Err(Stop::Omitted(omission)) => Ok(Some(omission)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn make<A: Read, B: Read>(sources: Sources<'_, A, B>) -> Result<Workbook, Stop> {
    let columns = sources.header.kept_columns();
    if columns.len() + csv::REASON_COLUMNS.len() > COLUMNS_MAX {
        return Err(Omission::Columns.into());
    }
    let mut workbook = Workbook::new();
    // A clock would make other bytes of the same input.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title("Rejected records")
        .set_author(env!("CARGO_PKG_NAME"))
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    let look = Look::new();
    let mut records = Records::new(workbook.add_worksheet(), &look, columns)?;
    let mut rejected = csv::Rows::new(sources.rejected, sources.header.delimiter, ROW_BYTES_MAX);
    let mut findings = FindingLines::new(sources.reports);
    rejected.next_row()?;
    while let Some(row) = rejected.next_row()? {
        records.add(row, &findings.next_rejected()?)?;
    }
    let used = records.finish(sources.classifiers)?;
    codes::write(workbook.add_worksheet(), &look, &used)?;
    Ok(workbook)
}
