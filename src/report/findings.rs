//! `errors.csv` read again, record by record: for what is made of it when the batch is complete.

use std::io::Read;

use super::record::Column;
use crate::contract::Severity;
use crate::format::{ReadError, csv};

/// One line of `errors.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingLine {
    cells: Vec<String>,
}

impl FindingLine {
    /// What stands in a column.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        self.cells.get(column as usize).map(String::as_str).unwrap_or_default()
    }

    /// Whether it rejects the record.
    #[must_use]
    pub fn severity(&self) -> Severity {
        if self.get(Column::Severity) == "error" { Severity::Error } else { Severity::Warning }
    }
}

/// The largest line, in bytes: two identifiers may be long, everything else is ours.
const LINE_BYTES_MAX: usize = 4 << 20;

/// The lines of `errors.csv`.
pub struct FindingLines<R> {
    rows: csv::Rows<R>,
    /// A line that was read and belongs to the next record.
    ahead: Option<FindingLine>,
    begun: bool,
}

impl<R: Read> FindingLines<R> {
    /// The lines of this file.
    pub fn new(source: R) -> Self {
        Self { rows: csv::Rows::new(source, b',', LINE_BYTES_MAX), ahead: None, begun: false }
    }

    /// The next line.
    ///
    /// # Errors
    ///
    /// When the disk fails, or the file is not what this program wrote.
    pub fn next_line(&mut self) -> Result<Option<FindingLine>, ReadError> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.rows.next_row()?;
        }
        Ok(self.rows.next_row()?.map(|row| FindingLine { cells: row.cells }))
    }

    /// The lines of the next record that was rejected; empty at the end.
    ///
    /// # Errors
    ///
    /// As for [`Self::next_line`].
    pub fn next_rejected(&mut self) -> Result<Vec<FindingLine>, ReadError> {
        loop {
            let mut lines: Vec<FindingLine> = Vec::new();
            while let Some(line) = self.next_line()? {
                if lines.first().is_some_and(|first| first.get(Column::Record) != line.get(Column::Record)) {
                    self.ahead = Some(line);
                    break;
                }
                lines.push(line);
            }
            if lines.is_empty() || lines.iter().any(|line| line.severity() == Severity::Error) {
                return Ok(lines);
            }
        }
    }
}
