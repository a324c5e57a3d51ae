//! One row into a record.

use std::borrow::Cow;

use bumpalo::Bump;

use super::super::Malformed;
use super::super::json::read::{is_blank, read_nested, trimmed};
use super::cell::{Follows, RawCell, content, decoded, next_cell};
use super::guard::unguarded;
use super::header::{Header, REASON_COLUMNS, Step, Target};
use super::plain::{PlainRows, is_ordinary};
use crate::contract::{CUSTOMER, Kind, NodeId, Object, Record, Value};

/// Why a row is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowFailure {
    /// It is not well-formed (R001).
    Malformed(Malformed),
    /// It has another number of cells than the header (F004).
    Width {
        /// The cells that were found.
        found: usize,
        /// The cells of the header.
        expected: usize,
    },
}

/// Reads rows of one file.
#[derive(Debug, Default)]
pub(crate) struct RowReader {
    cells: Vec<RawCell>,
    /// Rows without quotes, once there was one.
    plain: Option<PlainRows>,
}

impl RowReader {
    /// Reads the text of one row. A group of empty cells is no item; paths keep the column's index.
    ///
    /// # Errors
    ///
    /// When the row is not well-formed, or has more or fewer cells than the header.
    pub fn read<'a>(
        &mut self,
        text: &'a str,
        header: &Header,
        bump: &'a Bump,
        record: &mut Record<'a>,
    ) -> Result<(), RowFailure> {
        record.start(&CUSTOMER, 0);
        if header.nulls.is_empty() && !header.has_reasons {
            let plain = self.plain.get_or_insert_with(|| PlainRows::new(header));
            if plain.read(text, header.delimiter, record) {
                let mut row = Row { text, decimal_comma: header.decimal_comma, bump, record };
                let targets = plain.left_targets.iter().map(|target| &header.targets[*target]);
                row.fill(targets, |row, column| {
                    let cell = plain.left(column);
                    let start = cell.start;
                    if cell.is_empty() { None } else { row.value(&text[cell]).zip(Some(start)) }
                });
                return Ok(());
            }
            // What was read of the row is void.
            record.start(&CUSTOMER, 0);
        }
        self.split(text, header)?;
        self.empty_nulls(text, header);
        let cells = self.cells.as_slice();
        let mut row = Row { text, decimal_comma: header.decimal_comma, bump, record };
        row.fill(header.targets.iter(), |row, column| {
            row.cell(&cells[column]).zip(Some(cells[column].start))
        });
        Ok(())
    }

    /// Makes cells empty whose text means that there is no value, so that a group of them is no item.
    fn empty_nulls(&mut self, text: &str, header: &Header) {
        if header.nulls.is_empty() {
            return;
        }
        for cell in &mut self.cells {
            let own = unguarded(content(text, cell)).trim();
            if header.nulls.iter().any(|null| null == own) {
                *cell = RawCell { end: cell.start, quoted: false, doubled: false, ..*cell };
            }
        }
    }

    /// Splits any row into cells.
    fn split(&mut self, text: &str, header: &Header) -> Result<(), RowFailure> {
        let malformed = |at: usize, detail: &str| RowFailure::Malformed(Malformed::new(at, detail));
        self.cells.clear();
        let bytes = text.as_bytes();
        let mut at = 0;
        loop {
            let cell = next_cell(bytes, at, header.delimiter);
            if cell.unclosed {
                return Err(malformed(cell.start, "an opening quote is not closed"));
            }
            if let Some(at) = cell.stray {
                return Err(malformed(at, &behind_quote(&bytes[cell.start..at])));
            }
            self.cells.push(cell);
            match cell.follows {
                Follows::Cell => at = cell.end + 1,
                Follows::Row(_) | Follows::End => break,
            }
        }
        if let Some(at) = memchr::memchr(0, bytes) {
            return Err(malformed(at, "a NUL byte stands in the row"));
        }
        self.check_width(text, header)
    }

    fn check_width(&mut self, text: &str, header: &Header) -> Result<(), RowFailure> {
        if lacks_reasons(text, &self.cells, header) {
            self.cells.truncate(header.names.len() - REASON_COLUMNS.len());
            let nothing = next_cell(b"", 0, header.delimiter);
            self.cells.splice(0..0, [nothing; REASON_COLUMNS.len()]);
        }
        let (found, expected) = (self.cells.len(), header.names.len());
        if found == expected { Ok(()) } else { Err(RowFailure::Width { found, expected }) }
    }
}

/// Whether a row of a rejected file stands there without the reasons: one that could not be read, corrected. A
/// spreadsheet makes it as wide as the header, with empty cells behind; then no number of a row stands in front.
pub(super) fn lacks_reasons(text: &str, cells: &[RawCell], header: &Header) -> bool {
    let Some(own) = header.names.len().checked_sub(REASON_COLUMNS.len()) else { return false };
    let padded = || {
        let is_number = |cell: &RawCell| content(text, cell).bytes().all(|byte| byte.is_ascii_digit());
        cells[own..].iter().all(|cell| content(text, cell).is_empty())
            && !cells.first().is_some_and(is_number)
    };
    header.has_reasons && (cells.len() == own || cells.len() == header.names.len() && padded())
}

struct Row<'r, 'a> {
    text: &'a str,
    decimal_comma: bool,
    bump: &'a Bump,
    record: &'r mut Record<'a>,
}

impl<'a> Row<'_, 'a> {
    /// The text of a cell, quotes and guard taken off; `None` when it is empty.
    #[inline]
    fn cell(&self, cell: &RawCell) -> Option<&'a str> {
        if cell.start == cell.end {
            return None;
        }
        self.value(match decoded(self.text, cell) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.bump.alloc_str(&text),
        })
    }

    /// A text with its guard taken off; `None` when it is blank.
    #[inline]
    fn value(&self, text: &'a str) -> Option<&'a str> {
        if is_ordinary(text) {
            return Some(text);
        }
        let text = unguarded(text);
        (!is_blank(text)).then_some(text)
    }

    /// Puts the cells of a row into the record. `cell` has the text of a column and where it begins;
    /// `None` when it is empty.
    #[inline]
    fn fill<'t>(
        &mut self,
        targets: impl Iterator<Item = &'t Target>,
        cell: impl Fn(&Self, usize) -> Option<(&'a str, usize)>,
    ) {
        let mut parents: Vec<Option<NodeId>> = Vec::new();
        for target in targets {
            if !(parents.is_empty() && target.parents.is_empty()) {
                parents.truncate(target.shared.min(parents.len()));
                parents.resize(target.parents.len(), None);
            }
            let Some((text, start)) = cell(self, target.column) else { continue };
            let node = self.node(target, &mut parents, start as u32);
            self.set(node, target, text, start as u32);
        }
    }

    /// The object a target is in; made on the way where this is its first value.
    #[inline]
    fn node(&mut self, target: &Target, parents: &mut [Option<NodeId>], at: u32) -> NodeId {
        let mut node = NodeId::ROOT;
        for (made, (step, object)) in parents.iter_mut().zip(&target.parents) {
            node = *made.get_or_insert_with(|| make(self.record, node, *step, object, at));
        }
        node
    }

    #[inline]
    fn set(&mut self, node: NodeId, target: &Target, text: &'a str, at: u32) {
        let kind = target.object.fields[target.field].kind;
        let text = if kind.is_free() { text } else { trimmed(text) };
        let text = match kind {
            Kind::Boolean => lower_boolean(text),
            Kind::Decimal if self.decimal_comma => with_point(text, self.bump),
            Kind::Objects(_) | Kind::Object(_) => return self.nested(node, target.field, text, at),
            Kind::Values(object) => return self.scalars(node, target, object, text, at),
            _ => text,
        };
        self.record.set(node, target.field, Value::Text(text), at);
    }

    /// JSON text in a list's or object's own cell.
    fn nested(&mut self, node: NodeId, field: usize, text: &'a str, at: u32) {
        let json = text.starts_with(['[', '{']);
        if !json || read_nested(text, self.bump, self.record, (node, field), at).is_err() {
            self.record.set(node, field, Value::Text(text), at);
        }
    }

    /// Several values in one cell, separated by a vertical bar, or as a JSON list; or one, in a column
    /// with an index.
    fn scalars(&mut self, node: NodeId, target: &Target, object: &'static Object, text: &'a str, at: u32) {
        if target.index.is_none() && text.starts_with('[') {
            return self.nested(node, target.field, text, at);
        }
        let first = target.index.unwrap_or(0);
        for (index, part) in (first..).zip(text.split('|')) {
            let part = part.trim();
            if !part.is_empty() {
                let item = self.record.add_item(node, target.field, object, index, at);
                self.record.set(item, 0, Value::Text(part), at);
            }
        }
    }
}

fn make(record: &mut Record<'_>, node: NodeId, step: Step, object: &'static Object, at: u32) -> NodeId {
    match step.index {
        Some(index) => record.add_item(node, step.field, object, index, at),
        None => record.add_object(node, step.field, object, at),
    }
}

/// What is wrong with text behind a cell in quotes. A quote that was left open swallows the rows behind it.
#[cold]
fn behind_quote(cell: &[u8]) -> String {
    let place = match memchr::memchr_iter(b'\n', cell).count() {
        0 => String::new(),
        1 => "; the quote was opened in the line above: close it there".to_owned(),
        lines => format!("; the quote was opened {lines} lines above: close it there"),
    };
    let or = if place.is_empty() { ";" } else { ", or" };
    format!("text stands behind a closing quote{place}{or} double the quotes that belong to the text")
}

/// A number with a point where it has a single comma; any other text as it stands.
pub(crate) fn with_point<'a>(text: &'a str, bump: &'a Bump) -> &'a str {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(',') {
        Some((whole, fraction))
            if is_digits(whole.strip_prefix('-').unwrap_or(whole)) && is_digits(fraction) =>
        {
            bump.alloc_str(&format!("{whole}.{fraction}"))
        }
        _ => text,
    }
}

/// A boolean as the contract writes it: spreadsheets write `TRUE`.
pub(crate) fn lower_boolean(text: &str) -> &str {
    if matches!(text, "true" | "false") {
        text
    } else if text.eq_ignore_ascii_case("true") {
        "true"
    } else if text.eq_ignore_ascii_case("false") {
        "false"
    } else {
        text
    }
}
