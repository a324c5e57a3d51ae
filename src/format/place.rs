//! Places: from an offset in a chunk to row, line, column and byte of the original file.

use memchr::memchr_iter;

use super::block::{WINDOW_BYTES, window, window_bits};
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
        let next = self.text.get(at).copied();
        let (lines, chars) = if passed.len() <= NEAR_BYTES { near(passed, next) } else { far(passed, next) };
        place.column = if lines > 0 { 1 } else { place.column } + chars;
        place.line += lines;
        place.byte_offset += self.encoding.source_len(passed);
        place.row = place.line;
        // Between CR and LF the line has not ended yet, which the next piece could not tell.
        if next != Some(b'\n') || self.text[..at].last() != Some(&b'\r') {
            self.known = (at, place);
        }
        place
    }
}

/// Up to how many bytes are looked at in one pass.
const NEAR_BYTES: usize = 4 * WINDOW_BYTES;

/// How many lines end in a text, and how many characters stand behind the last end; `next` is the byte behind the text.
fn near(text: &[u8], next: Option<u8>) -> (u64, u64) {
    let (mut lines, mut chars) = (0, 0);
    for from in (0..text.len()).step_by(WINDOW_BYTES) {
        let window = window(text, from);
        let bytes = (text.len() - from).min(WINDOW_BYTES);
        let own = u64::MAX >> (WINDOW_BYTES - bytes);
        let feeds = window_bits(&window, |block| block.are(b'\n'));
        let returns = window_bits(&window, |block| block.are(b'\r'));
        let follows = text.get(from + bytes).copied().or(next) == Some(b'\n');
        let ends = feeds | returns & !(feeds >> 1 | u64::from(follows) << (bytes - 1));
        let ascii = window_bits(&window, |block| block.up_to(0x7f));
        let starts = (ascii | !window_bits(&window, |block| block.up_to(0xbf))) & own;
        match ends & own {
            0 => chars += starts.count_ones(),
            ends => {
                lines += ends.count_ones();
                chars = (starts >> (u64::BITS - 1 - ends.leading_zeros()) >> 1).count_ones();
            }
        }
    }
    (lines.into(), chars.into())
}

/// The same for a long text.
fn far(text: &[u8], next: Option<u8>) -> (u64, u64) {
    // A CR at the very end is half of a CRLF when LF follows: the line has not ended yet.
    let ended = if next == Some(b'\n') { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
    match memchr::memrchr2(b'\n', b'\r', ended) {
        Some(last) => (count_lines(ended), count_chars(&text[last + 1..])),
        None => (0, count_chars(text)),
    }
}

/// How many characters a piece of UTF-8 holds: all bytes but the continuation ones.
pub(super) fn count_chars(text: &[u8]) -> u64 {
    text.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u64
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Place, PlaceFinder, far, near};

    #[test]
    fn a_place_is_the_same_whatever_was_asked_for_before() {
        let text = b"a\r\rb\r\nc\n\r\xc5\xbe d\r\n\r\n\r";
        let fresh = |at| PlaceFinder::new(text, Place::START, Encoding::UTF_8).place(at);
        for first in 0..=text.len() {
            for second in 0..=text.len() {
                let mut finder = PlaceFinder::new(text, Place::START, Encoding::UTF_8);
                assert_eq!(finder.mark(first), fresh(first));
                assert_eq!(finder.place(second), fresh(second), "{second} behind {first}");
                let behind_lone_return = text[..second].ends_with(b"\r") && text.get(second) != Some(&b'\n');
                assert!(!behind_lone_return || finder.known.0 == second, "it is remembered");
            }
        }
    }

    #[test]
    fn lines_and_characters_are_the_same_in_one_pass_and_in_several() {
        let pieces = ["a", "\n", "\r", "\r\n", "\n\r", "ž", "€", "😀", "plain text", "0123456789abcdef"];
        let mut text = String::new();
        let mut number = 1_u32;
        for _ in 0..400 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(pieces[(number >> 16) as usize % pieces.len()]);
        }
        let text = text.as_bytes();
        for len in 0..text.len() {
            for next in [None, Some(b'\n'), Some(b'a')] {
                assert_eq!(near(&text[..len], next), far(&text[..len], next), "{len}");
                let end = &text[text.len() - len..];
                assert_eq!(near(end, next), far(end, next), "{len}");
            }
        }
    }
}
