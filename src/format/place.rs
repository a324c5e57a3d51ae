//! Places: from an offset in a chunk to row, line, column and byte of the original file.

use memchr::memchr_iter;

use super::decode::Encoding;

/// A place in the original file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The row as a spreadsheet counts it, from 1; the line, where the format has no rows.
    pub row: u64,
    /// The line, from 1. LF, CRLF and CR each end one.
    pub line: u64,
    /// The character within the line, from 1.
    pub column: u64,
    /// The offset in the original file, in bytes, from 0.
    pub byte_offset: u64,
}

impl Place {
    /// The beginning of a file.
    pub const START: Self = Self { row: 1, line: 1, column: 1, byte_offset: 0 };
}

/// How many lines end in a text that is not followed by `next`.
pub(super) fn count_lines(text: &[u8]) -> u64 {
    let feeds = memchr_iter(b'\n', text).count();
    let lone_returns = memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone_returns) as u64
}

/// Finds places in one chunk. Offsets must be asked for in an order that mostly rises: a smaller one
/// starts again from the beginning of the chunk.
pub struct PlaceFinder<'t> {
    text: &'t [u8],
    start: Place,
    encoding: Encoding,
    /// What is known: the offset of a line's first byte, its number, and its offset in the file.
    known: (usize, u64, u64),
}

impl<'t> PlaceFinder<'t> {
    /// A finder for a chunk of decoded text that begins at this place of the file. Its first byte must
    /// be the first of a line, or stand behind `start.column - 1` characters of it.
    #[must_use]
    pub fn new(text: &'t [u8], start: Place, encoding: Encoding) -> Self {
        Self { text, start, encoding, known: (0, start.line, start.byte_offset) }
    }

    /// The place of an offset within the chunk.
    #[cold]
    pub fn place(&mut self, at: usize) -> Place {
        let at = at.min(self.text.len());
        if at < self.known.0 {
            self.known = (0, self.start.line, self.start.byte_offset);
        }
        let (mut line_at, mut line, line_offset) = self.known;
        let passed = &self.text[line_at..at];
        let ended = lines_before(passed, self.text.get(at).copied());
        if let Some((lines, last_end)) = ended {
            line += lines;
            line_at += last_end;
        }
        let line_offset = line_offset + self.encoding.source_len(&self.text[self.known.0..line_at]);
        self.known = (line_at, line, line_offset);
        let in_line = &self.text[line_at..at];
        let before = if line_at == 0 { self.start.column - 1 } else { 0 };
        Place {
            row: line,
            line,
            column: before + 1 + bytecount_chars(in_line),
            byte_offset: line_offset + self.encoding.source_len(in_line),
        }
    }
}

/// The lines that end in a text, and where the last of them ends; `next` is the byte behind it.
fn lines_before(text: &[u8], next: Option<u8>) -> Option<(u64, usize)> {
    // A CR at the very end is half of a CRLF when LF follows: the line has not ended yet.
    let text = if next == Some(b'\n') { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
    let last = memchr::memrchr2(b'\n', b'\r', text)?;
    Some((count_lines(text), last + 1))
}

/// How many characters a piece of UTF-8 holds: all bytes but the continuation ones.
fn bytecount_chars(text: &[u8]) -> u64 {
    text.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u64
}
