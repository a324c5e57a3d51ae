//! A rejected row in CSV: the row as it stood, behind four columns with the reasons, every cell
//! guarded against spreadsheets.

use std::io::Write;

use super::super::block::{Block, each_match, len_before};
use super::super::rejected::Reason;
use super::cell::{Follows, RawCell, decoded, next_cell};
use super::guard::{needs_guard, stays_without_guard, unguarded};
use super::header::{Header, REASON_COLUMNS};
use super::read::lacks_reasons;
use crate::contract::codes::file::F004;

/// What stands between the parts of a list in one cell.
const JOINT: &str = " | ";

/// Writes the byte order mark and the header row.
pub(in crate::format) fn opening(header: &Header) -> Vec<u8> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    out.extend_from_slice(REASON_COLUMNS.join(&char::from(header.delimiter).to_string()).as_bytes());
    for ((name, raw), ignored) in header.names.iter().zip(&header.raw_names).zip(&header.ignored) {
        if !ignored {
            out.push(header.delimiter);
            // A name may be hostile too: a spreadsheet would run it like any cell.
            if needs_guard(name.as_bytes()) {
                cell(&mut out, name.as_bytes(), header.delimiter);
            } else {
                out.extend_from_slice(raw.as_bytes());
            }
        }
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// Writes one row behind its reasons. Columns that begin with `_` are left out: they are ours.
pub(in crate::format) fn record(
    out: &mut Vec<u8>,
    text: &str,
    row: u64,
    reasons: &[Reason<'_>],
    header: &Header,
) {
    let delimiter = header.delimiter;
    reason_cells(out, row, reasons, delimiter);
    let bare = header.has_reasons && lacks_reasons(text, &cells(text, delimiter), header);
    let first = if bare { REASON_COLUMNS.len() } else { 0 };
    if !header.has_ignored && memchr::memchr(b'"', text.as_bytes()).is_none() {
        return unquoted(out, text, delimiter);
    }
    let mut at = 0;
    for ignored in &header.ignored[first..] {
        let raw = next_cell(text.as_bytes(), at, delimiter);
        if !ignored {
            out.push(delimiter);
            let decoded = decoded(text, &raw);
            let guarded = unguarded(&decoded).len() < decoded.len();
            if guarded || !needs_guard(decoded.as_bytes()) {
                out.extend_from_slice(&text.as_bytes()[raw.start..raw.end]);
            } else {
                cell(out, decoded.as_bytes(), delimiter);
            }
        }
        match raw.follows {
            Follows::Cell => at = raw.end + 1,
            Follows::Row(_) | Follows::End => break,
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes a row without quotes, all of whose columns go back: as it stood, but for guards.
fn unquoted(out: &mut Vec<u8>, text: &str, delimiter: u8) {
    out.push(delimiter);
    let bytes = text.as_bytes();
    let (mut copied, mut start) = (0, 0);
    let mut cell = |end: usize| {
        if needs_guard(&bytes[start..end]) && stays_without_guard(&text[start..end]) {
            out.extend_from_slice(&bytes[copied..start]);
            out.push(b'\'');
            copied = start;
        }
        start = end + 1;
    };
    each_match(bytes, |block| block.are(delimiter), &mut cell);
    cell(text.len());
    out.extend_from_slice(&bytes[copied..]);
    out.extend_from_slice(b"\r\n");
}

/// Writes a row that could not be read, as it stood. A row that by chance is as wide as the rejected
/// file would be read shifted when it comes back, so it alone gets its reasons in front.
pub(in crate::format) fn unreadable(
    out: &mut Vec<u8>,
    text: &str,
    row: u64,
    reasons: &[Reason<'_>],
    header: &Header,
) {
    let width = REASON_COLUMNS.len() + header.ignored.iter().filter(|ignored| !**ignored).count();
    let cells = cells(text, header.delimiter);
    let told = if header.has_reasons && is_told(text, &cells, header) { REASON_COLUMNS.len() } else { 0 };
    let text = &text[cells[told].start..];
    if cells.len() - told == width {
        reason_cells(out, row, reasons, header.delimiter);
        out.push(header.delimiter);
    }
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Whether a row with too many cells has the reasons in front that it was given before: so it comes back from the
/// workbook. Its cells may be broken, and are looked at as they stand.
fn is_told(text: &str, cells: &[RawCell], header: &Header) -> bool {
    let raw = |cell: &RawCell| &text.as_bytes()[cell.start..cell.end];
    cells.len() > header.names.len()
        && raw(&cells[0]).iter().all(u8::is_ascii_digit)
        && raw(&cells[1]) == F004.segment.as_bytes()
}

/// The cells of a row, which may be broken.
fn cells(text: &str, delimiter: u8) -> Vec<RawCell> {
    let (mut cells, mut at) = (Vec::new(), 0);
    loop {
        let raw = next_cell(text.as_bytes(), at, delimiter);
        cells.push(raw);
        if raw.follows != Follows::Cell {
            return cells;
        }
        at = raw.end + 1;
    }
}

fn reason_cells(out: &mut Vec<u8>, row: u64, reasons: &[Reason<'_>], delimiter: u8) {
    // A vector takes everything.
    let _ = write!(out, "{row}");
    let parts: [for<'a> fn(&Reason<'a>) -> &'a str; 3] =
        [|reason| reason.code, |reason| reason.field, |reason| reason.message];
    for part in parts {
        out.push(delimiter);
        if let [reason] = reasons {
            cell(out, part(reason).as_bytes(), delimiter);
            continue;
        }
        let start = out.len();
        for (index, reason) in reasons.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b"" } else { JOINT.as_bytes() });
            out.extend_from_slice(part(reason).as_bytes());
        }
        let joined = &out[start..];
        if needs_guard(joined) || !is_bare(joined, delimiter) {
            let joined = out.split_off(start);
            cell(out, &joined, delimiter);
        }
    }
}

/// Whether a text needs no quotes as a cell.
#[inline]
fn is_bare(text: &[u8], delimiter: u8) -> bool {
    let to_quote =
        |block: Block| block.are(b'"') | block.are(b'\n') | block.are(b'\r') | block.are(delimiter);
    len_before(text, to_quote) == text.len()
}

/// Writes one cell, guarded, in quotes where it needs them.
pub fn cell(out: &mut Vec<u8>, text: &[u8], delimiter: u8) {
    let guarded = needs_guard(text);
    if is_bare(text, delimiter) {
        if guarded {
            out.push(b'\'');
        }
        return out.extend_from_slice(text);
    }
    out.extend_from_slice(if guarded { b"\"'" } else { b"\"" });
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}
