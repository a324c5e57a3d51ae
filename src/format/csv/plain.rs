//! Rows without quotes: split in whole windows, and read in the same pass.

use super::super::block::{WINDOW_BYTES, window, window_bits};
use super::super::json::plain::stops;
use super::super::json::read::{is_blank, trimmed};
use super::guard::unguarded;
use super::header::Header;
use super::read::lower_boolean;
use crate::contract::record::Slot;
use crate::contract::{Kind, NodeId, Record};

/// What becomes of the cells of a column.
#[derive(Debug, Clone, Copy)]
struct Column {
    /// The set that holds nothing but the field.
    own: u128,
    field: u8,
    way: Way,
    /// Where the cell of the last row begins and ends, where it was left.
    left: (u32, u32),
}

/// How a cell becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A text of the record's own object as it stands.
    Free,
    /// The same without white space around it.
    Trimmed,
    /// The same as the contract writes booleans.
    Boolean,
    /// It is left to who knows the targets of the header.
    Elsewhere,
}

/// Reads rows without quotes of one file.
#[derive(Debug)]
pub(super) struct PlainRows {
    columns: Vec<Column>,
    /// The numbers of the targets whose cells are left.
    pub left_targets: Vec<usize>,
}

impl PlainRows {
    /// A reader for the rows below a header.
    pub fn new(header: &Header) -> Self {
        let elsewhere = Column { own: 0, field: 0, way: Way::Elsewhere, left: (0, 0) };
        let mut columns = vec![elsewhere; header.names.len()];
        let mut left_targets = Vec::new();
        for (number, target) in header.targets.iter().enumerate() {
            let way = match target.object.fields[target.field].kind {
                _ if !target.parents.is_empty() => Way::Elsewhere,
                Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) | Kind::Decimal => Way::Elsewhere,
                Kind::Boolean => Way::Boolean,
                kind if kind.is_free() => Way::Free,
                _ => Way::Trimmed,
            };
            match way {
                Way::Elsewhere => left_targets.push(number),
                _ => {
                    let field = target.field as u8;
                    columns[target.column] = Column { own: 1 << field, field, way, ..elsewhere };
                }
            }
        }
        Self { columns, left_targets }
    }

    /// Puts the cells of a row into the record, but for those that are left to [`PlainRows::left`]. A frame is one
    /// row, so only delimiters stand between its cells. Says whether the row was read: one with quotes or a NUL, or
    /// of another width than the header, is not.
    #[inline(never)] // Within its only caller it has too few registers.
    pub fn read<'a>(&mut self, text: &'a str, delimiter: u8, record: &mut Record<'a>) -> bool {
        let behind = record.and_behind(text).unwrap_or(text.as_bytes());
        let (slots, present) = record.slots_mut(NodeId::ROOT);
        let mut columns = self.columns.iter_mut();
        let mut is_plain = true;
        let mut found = 0;
        let mut start = 0;
        // The end of the row counts as a delimiter.
        for from in (0..=text.len()).step_by(WINDOW_BYTES) {
            let (mut ends, stops) = look(behind, from, text.len() - from, delimiter);
            if stops != 0 && is_plain {
                if memchr::memchr2(b'"', 0, text.as_bytes()).is_some() {
                    return false;
                }
                is_plain = false;
            }
            while ends != 0 {
                let end = from + ends.trailing_zeros() as usize;
                ends &= ends - 1;
                let Some(column) = columns.next() else { return false };
                if column.way == Way::Elsewhere {
                    column.left = (start as u32, end as u32);
                } else if start < end {
                    let Some(cell) = text.get(start..end) else { return false };
                    if let Some(value) = column.value(cell) {
                        slots[usize::from(column.field)] = Slot::of_text(value, start as u32);
                        found |= column.own;
                    }
                }
                start = end + 1;
            }
        }
        *present = found;
        let is_read = columns.next().is_none();
        if is_plain {
            record.set_plain();
        }
        is_read
    }

    /// The cell of a column that was left.
    #[inline]
    pub fn left(&self, column: usize) -> std::ops::Range<usize> {
        let (start, end) = self.columns[column].left;
        start as usize..end as usize
    }
}

/// The delimiters of a window and the end of the row, if it lies there; and what cannot stand in JSON as it is. Of the row
/// so many bytes are `left`.
#[inline(always)]
fn look(text: &[u8], from: usize, left: usize, delimiter: u8) -> (u64, u64) {
    let window = window(text, from);
    let delimiters = window_bits(&window, |block| block.are(delimiter));
    let stops = window_bits(&window, stops) & !delimiters;
    if left < WINDOW_BYTES {
        let end = 1 << left;
        (delimiters & (end - 1) | end, stops & (end - 1))
    } else {
        (delimiters, stops)
    }
}

impl Column {
    /// The value of a cell, if it has one.
    #[inline(always)]
    fn value<'a>(&self, cell: &'a str) -> Option<&'a str> {
        let mut text = cell;
        if !is_ordinary(cell) {
            text = unguarded(cell);
            if is_blank(text) {
                return None;
            }
            if self.way != Way::Free {
                text = trimmed(text);
            }
        }
        Some(if self.way == Way::Boolean { lower_boolean(text) } else { text })
    }
}

/// Whether a text is neither blank nor guarded and has no white space around it, by its first and last
/// byte. Nearly every one is like this.
#[inline]
pub(super) fn is_ordinary(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last()) else { return false };
    let from_to = |byte: u8, from: u8, to: u8| byte.wrapping_sub(from) <= to - from;
    from_to(*first, b'(', b'~') && from_to(*last, b'!', b'~')
}
