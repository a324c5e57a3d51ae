//! Cells: the quoting of RFC 4180, exactly. A quote opens only at the beginning of a cell; after the
//! closing quote only a delimiter or the end of the row may come.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// What a cell is followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// Another cell.
    Cell,
    /// The end of the row; the offset behind the line end.
    Row(usize),
    /// The end of the text.
    End,
}

/// One cell as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawCell {
    /// The offset of its first byte, quote included.
    pub start: usize,
    /// The offset behind its last byte, quote included.
    pub end: usize,
    /// Whether it is in quotes.
    pub quoted: bool,
    /// Whether quotes within are doubled.
    pub doubled: bool,
    /// The offset of the first byte behind a closing quote that should not be there.
    pub stray: Option<usize>,
    /// Whether its quotes are never closed.
    pub unclosed: bool,
    /// What comes behind it.
    pub follows: Follows,
}

impl RawCell {
    /// Whether its quotes are not closed, or closed where more follows.
    pub fn is_broken(&self) -> bool {
        self.unclosed || self.stray.is_some()
    }
}

/// Reads the cell at an offset.
#[inline]
pub(super) fn next_cell(text: &[u8], start: usize, delimiter: u8) -> RawCell {
    if text.get(start) == Some(&b'"') {
        quoted_cell(text, start, delimiter)
    } else {
        plain_cell(text, start, start, delimiter)
    }
}

/// How far the end of a cell is looked for byte by byte.
const NEAR_BYTES: usize = 24;

/// Reads a cell that is not in quotes from here on.
#[inline]
pub(super) fn plain_cell(text: &[u8], start: usize, from: usize, delimiter: u8) -> RawCell {
    let ends = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    // Most cells are shorter than what a search through many bytes at a time needs to begin.
    let near = &text[from..text.len().min(from + NEAR_BYTES)];
    let end = match near.iter().position(|byte| ends(*byte)) {
        Some(length) => from + length,
        None => {
            let from = from + near.len();
            memchr3(delimiter, b'\n', b'\r', &text[from..]).map_or(text.len(), |length| from + length)
        }
    };
    let follows = match text.get(end) {
        None => Follows::End,
        Some(byte) if *byte == delimiter => Follows::Cell,
        Some(_) => Follows::Row(line_end(text, end)),
    };
    RawCell { start, end, quoted: false, doubled: false, stray: None, unclosed: false, follows }
}

/// The offset behind a line end: LF, CRLF or CR.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    if text[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 }
}

fn quoted_cell(text: &[u8], start: usize, delimiter: u8) -> RawCell {
    let mut doubled = false;
    let mut at = start + 1;
    loop {
        let Some(length) = memchr(b'"', &text[at..]) else {
            let end = text.len();
            return RawCell {
                start,
                end,
                quoted: true,
                doubled,
                stray: None,
                unclosed: true,
                follows: Follows::End,
            };
        };
        at += length + 1;
        if text.get(at) != Some(&b'"') {
            break;
        }
        doubled = true;
        at += 1;
    }
    let stray = match text.get(at) {
        None | Some(b'\n' | b'\r') => None,
        Some(byte) if *byte == delimiter => None,
        Some(_) => Some(at),
    };
    // What follows a closing quote by mistake is read as plain text, up to the end of the cell.
    RawCell { quoted: true, doubled, stray, ..plain_cell(text, start, at, delimiter) }
}

/// The text of a cell that has been found to be well-formed, without its quotes.
#[inline]
pub(super) fn content<'a>(text: &'a str, cell: &RawCell) -> &'a str {
    if cell.quoted { &text[cell.start + 1..cell.end - 1] } else { &text[cell.start..cell.end] }
}

/// The text of a cell as it was before it was put in quotes; that of a broken one as it stands.
#[inline]
pub(super) fn decoded<'a>(text: &'a str, cell: &RawCell) -> Cow<'a, str> {
    if cell.is_broken() {
        return Cow::Borrowed(&text[cell.start..cell.end]);
    }
    let content = content(text, cell);
    if cell.doubled { Cow::Owned(content.replace("\"\"", "\"")) } else { Cow::Borrowed(content) }
}

/// The number of the cell that holds an offset, from 1.
#[cold]
pub fn cell_number(text: &str, at: usize, delimiter: u8) -> u64 {
    let (mut number, mut start) = (1, 0);
    loop {
        let cell = next_cell(text.as_bytes(), start, delimiter);
        if cell.follows != Follows::Cell || at <= cell.end {
            return number;
        }
        number += 1;
        start = cell.end + 1;
    }
}
