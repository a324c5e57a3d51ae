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

/// Finds places in one chunk. Offsets should be asked for in an order that mostly rises: a smaller one
/// starts again from the last mark, or from the beginning of the chunk.
pub struct PlaceFinder<'t> {
    text: &'t [u8],
    start: Place,
    encoding: Encoding,
    /// The last offset that was asked for, and its place.
    known: (usize, Place),
    /// The last offset that was marked, and its place.
    mark: (usize, Place),
}

impl<'t> PlaceFinder<'t> {
    /// A finder for a chunk of decoded text that begins at this place of the file.
    #[must_use]
    pub fn new(text: &'t [u8], start: Place, encoding: Encoding) -> Self {
        Self { text, start, encoding, known: (0, start), mark: (0, start) }
    }

    /// The place of an offset behind which others will be asked for, in any order: where a record begins.
    #[cold]
    pub fn mark(&mut self, at: usize) -> Place {
        let place = self.place(at);
        self.mark = self.known;
        place
    }

    /// The place of an offset within the chunk. Its row is the line.
    #[cold]
    pub fn place(&mut self, at: usize) -> Place {
        let at = at.min(self.text.len());
        if at < self.known.0 {
            self.known = if at < self.mark.0 { (0, self.start) } else { self.mark };
        }
        let (from, mut place) = self.known;
        let passed = &self.text[from..at];
        let last_line = match lines_before(passed, self.text.get(at).copied()) {
            Some((lines, last_end)) => {
                place.line += lines;
                place.column = 1;
                &passed[last_end..]
            }
            None => passed,
        };
        place.column += count_chars(last_line);
        place.byte_offset += self.encoding.source_len(passed);
        place.row = place.line;
        // Between CR and LF the line has not ended yet, which the next piece could not tell.
        if self.text[..at].last() != Some(&b'\r') {
            self.known = (at, place);
        }
        place
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
pub(super) fn count_chars(text: &[u8]) -> u64 {
    text.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u64
}
