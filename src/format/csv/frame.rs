//! Records cut out of CSV: one a row, rows with quoted line ends included.

use memchr::{memchr, memchr2};

use super::super::FileFailure;
use super::super::frame::{Frame, ScanFailure, Scanned, Skipped, Window};
use super::cell::{Follows, line_end, next_cell, plain_cell};

/// Finds rows. Blank rows are no records, but they count as rows: a spreadsheet shows them.
#[derive(Debug)]
pub(in crate::format) struct RowScanner {
    delimiter: u8,
    /// The rows of the window before the place where a scan failed.
    failed_row: u64,
    /// Whether the row that is passed over goes on within a cell without quotes.
    in_plain_cell: bool,
}

impl RowScanner {
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, failed_row: 0, in_plain_cell: false }
    }

    pub fn rows_before_failure(&self) -> u64 {
        self.failed_row
    }

    pub fn scan(&mut self, window: Window<'_>, frames: &mut Vec<Frame>) -> Result<Scanned, ScanFailure> {
        let text = window.text;
        let mut at = 0;
        let mut rows = 0;
        let mut quote = memchr(b'"', text);
        while at < text.len() {
            let Some((end, next)) = self.row_end(window, at, &mut quote, rows)? else { break };
            if !self.is_blank(&text[at..end]) {
                frames.push(Frame::new(at, end, rows, window.record_bytes_max));
            }
            rows += 1;
            at = next;
        }
        Ok(Scanned { consumed: at, rows, unfinished: Some(at) })
    }

    /// The end of the row at an offset, without and with its line end; `None` when more text is needed.
    /// `quote` is the first quote at or behind some earlier row.
    fn row_end(
        &mut self,
        window: Window<'_>,
        at: usize,
        quote: &mut Option<usize>,
        row: u64,
    ) -> Result<Option<(usize, usize)>, ScanFailure> {
        let text = window.text;
        if quote.is_some_and(|quote| quote < at) {
            *quote = memchr(b'"', &text[at..]).map(|length| at + length);
        }
        let line = memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |length| at + length);
        let (end, next) = if quote.is_none_or(|quote| quote > line) {
            (line, if line < text.len() { line_end(text, line) } else { line })
        } else {
            let mut cell = next_cell(text, at, self.delimiter);
            loop {
                // A quote that is open for longer than a record may be was hardly meant to be.
                let endless = cell.quoted && cell.end - cell.start > window.record_bytes_max;
                if endless || cell.unclosed && window.ended {
                    self.failed_row = row;
                    return Err(unclosed(cell.start));
                }
                if cell.follows != Follows::Cell {
                    break;
                }
                cell = next_cell(text, cell.end + 1, self.delimiter);
            }
            match cell.follows {
                Follows::Row(next) => (cell.end, next),
                _ => (cell.end, text.len()),
            }
        };
        // A CR at the end of what was read may be half of a CRLF.
        let unsure = next == text.len() && text.last() != Some(&b'\n');
        Ok((window.ended || !unsure).then_some((end, next)))
    }

    /// Whether a row holds nothing but empty cells.
    fn is_blank(&self, row: &[u8]) -> bool {
        row.iter().all(|byte| *byte == self.delimiter || matches!(byte, b' ' | b'\t' | b'"'))
    }

    /// Passes over the rest of a row that is over the limit, cell by cell.
    pub fn skip(&mut self, window: Window<'_>, started: bool) -> Result<Skipped, ScanFailure> {
        let text = window.text;
        let mut at = 0;
        self.in_plain_cell &= !started;
        loop {
            let cell = if self.in_plain_cell {
                plain_cell(text, at, at, self.delimiter)
            } else {
                next_cell(text, at, self.delimiter)
            };
            let unsure = !window.ended
                && (cell.end == text.len() || text.ends_with(b"\r") && cell.end + 1 == text.len());
            let endless = cell.quoted && cell.end - cell.start > window.record_bytes_max;
            if endless || cell.unclosed && window.ended {
                self.failed_row = 0;
                return Err(unclosed(cell.start));
            }
            if cell.quoted && (cell.unclosed || unsure) {
                return Ok(Skipped { record: cell.start, consumed: cell.start, last: false });
            }
            if unsure {
                self.in_plain_cell = true;
                return Ok(Skipped { record: cell.end, consumed: cell.end, last: false });
            }
            match cell.follows {
                Follows::Cell => at = cell.end + 1,
                Follows::Row(next) => return Ok(Skipped { record: cell.end, consumed: next, last: true }),
                Follows::End => return Ok(Skipped { record: cell.end, consumed: cell.end, last: true }),
            }
            self.in_plain_cell = false;
        }
    }
}

fn unclosed(at: usize) -> ScanFailure {
    let hint = "Close the quote in the cell that begins here, or double it if it belongs to the text; then drop the file again.";
    ScanFailure { at, failure: FileFailure::unreadable("CSV", "an opening quote is not closed", hint) }
}
