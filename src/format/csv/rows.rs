//! The rows of a CSV file that this program wrote: for what is made from it afterwards.

use std::io::Read;

use super::super::decode::{Decoded, Encoding};
use super::super::frame::{Chunk, FrameKind, Framer, Limits, Scanner};
use super::super::{FileFailure, Place, ReadError};
use super::cell::{Follows, decoded, next_cell};
use super::frame::RowScanner;
use super::guard::unguarded;

/// Reads rows one after the other, in bounded memory.
pub struct Rows<R> {
    framer: Framer<R>,
    delimiter: u8,
    chunk: Option<Chunk>,
    next: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its text as it stands in the file.
    pub text: String,
    /// Its cells, without quotes and guards.
    pub cells: Vec<String>,
}

/// How much is read at once, in bytes.
const CHUNK_BYTES: usize = 256 << 10;

impl<R: Read> Rows<R> {
    /// The rows of a CSV file in UTF-8, the header first. `row_bytes_max` is the largest one.
    pub fn new(source: R, delimiter: u8, row_bytes_max: usize) -> Self {
        let limits = Limits { chunk_bytes: CHUNK_BYTES, record_bytes_max: row_bytes_max };
        let input = Decoded::new(source, Vec::new(), 0, Encoding::UTF_8);
        let scanner = Scanner::Csv(RowScanner::new(delimiter));
        let framer = Framer::new(input, scanner, limits, Encoding::UTF_8, Place::START);
        Self { framer, delimiter, chunk: None, next: 0 }
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    ///
    /// When the disk fails, or a row is larger than the limit or no text.
    pub fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        loop {
            if let Some(chunk) = &self.chunk
                && let Some(frame) = chunk.frames.get(self.next)
            {
                let text = chunk.text.get(frame.start as usize..frame.end as usize).unwrap_or_default();
                let text = std::str::from_utf8(text).ok().filter(|_| frame.kind == FrameKind::Record);
                let Some(text) = text else {
                    let hint = "Correct the record in the file it came in.";
                    return Err(FileFailure::unreadable("CSV", "a row is larger than the limit", hint).into());
                };
                self.next += 1;
                return Ok(Some(self.row(text.strip_prefix('\u{feff}').unwrap_or(text))));
            }
            self.next = 0;
            let spare = self.chunk.take().map(|chunk| chunk.text).unwrap_or_default();
            self.chunk = self.framer.next_chunk(spare)?;
            if self.chunk.is_none() {
                return Ok(None);
            }
        }
    }

    fn row(&self, text: &str) -> Row {
        let mut cells = Vec::new();
        let mut at = 0;
        loop {
            let cell = next_cell(text.as_bytes(), at, self.delimiter);
            cells.push(unguarded(&decoded(text, &cell)).to_owned());
            if cell.follows != Follows::Cell {
                return Row { text: text.to_owned(), cells };
            }
            at = cell.end + 1;
        }
    }
}
