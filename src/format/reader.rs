//! One frame into one record, whatever the format.

use std::sync::Arc;

use bumpalo::Bump;

use super::csv::Header;
use super::csv::read::{RowFailure, RowReader, lower_boolean, with_point};
use super::{Format, Malformed, Profile, json, xml};
use crate::contract::codes::file::{F004, R001};
use crate::contract::tables::customer::{LIST_ADDITIONAL_VALUES, LIST_RELATED_ENTITY};
use crate::contract::tables::item::additional_value::{DATATYPE, VALUE};
use crate::contract::tables::related;
use crate::contract::{FieldOrders, NodeId, Part, Record, Rule, Value};

/// Reads frames of one file. Every worker has its own.
#[derive(Debug)]
pub struct FrameReader {
    format: Format,
    header: Option<Arc<Header>>,
    rows: RowReader,
    orders: FieldOrders,
    /// What changes records, where something does.
    profile: Option<Arc<Profile>>,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFailure {
    /// The rule that is broken.
    pub rule: Rule,
    /// The code: R001, R002 or F004.
    pub part: &'static Part,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// The offset of the place within the record's text, in bytes.
    pub at: u32,
}

/// Why a frame is no record.
#[derive(Debug)]
pub enum Unread {
    /// The record is rejected; the file goes on.
    Record(RecordFailure),
    /// The file cannot go on.
    File(Malformed),
}

impl FrameReader {
    /// A reader for a file of this format; CSV needs its header.
    #[must_use]
    pub fn new(format: Format, header: Option<Arc<Header>>) -> Self {
        Self { format, header, rows: RowReader::default(), orders: FieldOrders::default(), profile: None }
    }

    /// The same reader; the records are changed as this profile says.
    #[must_use]
    pub fn applying(mut self, profile: &Arc<Profile>) -> Self {
        self.profile = profile.changes_records().then(|| profile.clone());
        self
    }

    /// Reads one frame. Values borrow from the text or, where they had to be decoded, from `bump`.
    /// `row` is the row a report prints.
    ///
    /// # Errors
    ///
    /// When the frame is not one well-formed record.
    pub fn read<'a>(
        &mut self,
        text: &'a str,
        row: u64,
        bump: &'a Bump,
        record: &mut Record<'a>,
    ) -> Result<(), Unread> {
        let result = match (self.format, &self.header) {
            (Format::Json(_), _) => {
                json::read::read(text, &mut self.orders, bump, record).map_err(|malformed| *malformed)
            }
            (Format::Xml, _) => xml::read::read(text, &mut self.orders, bump, record),
            (Format::Csv { .. }, Some(header)) => match self.rows.read(text, header, bump, record) {
                Err(RowFailure::Width { found, expected }) => return Err(width(row, found, expected)),
                Err(RowFailure::Malformed(malformed)) => Err(malformed),
                Ok(()) => Ok(()),
            },
            (Format::Csv { .. }, None) => Ok(()),
        };
        match result {
            Ok(()) => {
                if let Some(profile) = &self.profile {
                    profile.apply(record, bump);
                }
                if !matches!(self.format, Format::Json(_)) {
                    settle_additional_values(record, self.header.as_deref(), bump);
                }
                Ok(())
            }
            Err(malformed) if malformed.document_survives || self.format.survives_malformed_record() => {
                Err(not_well_formed(&malformed))
            }
            Err(malformed) => Err(Unread::File(malformed)),
        }
    }
}

#[cold]
fn not_well_formed(malformed: &Malformed) -> Unread {
    let message = format!("Record is not well-formed: {}", malformed.detail);
    let hint = "Correct the record in the rejected file, or have it written again.".to_owned();
    Unread::Record(RecordFailure {
        rule: Rule::WellFormedRecord,
        part: &R001,
        message,
        hint,
        at: malformed.at as u32,
    })
}

#[cold]
fn width(row: u64, found: usize, expected: usize) -> Unread {
    let message = format!("Row {row} has {found} cells, header has {expected}");
    let hint = if found > expected {
        "Put quotes around a cell that holds the delimiter, or remove the cells that are too many."
    } else {
        "Add the missing delimiters, or remove a line break within a cell."
    };
    Unread::Record(RecordFailure { rule: Rule::RowWidth, part: &F004, message, hint: hint.to_owned(), at: 0 })
}

/// Values of additional values are typed by the datatype beside them, which is known only now: blanks
/// around them are taken off, and in CSV booleans and decimals are written as the contract writes them.
fn settle_additional_values<'a>(record: &mut Record<'a>, header: Option<&Header>, bump: &'a Bump) {
    if record.has(NodeId::ROOT, LIST_ADDITIONAL_VALUES) {
        settle_list(record, (NodeId::ROOT, LIST_ADDITIONAL_VALUES), header, bump);
    }
    if record.has(NodeId::ROOT, LIST_RELATED_ENTITY) {
        let related: Vec<NodeId> = record.items(NodeId::ROOT, LIST_RELATED_ENTITY).collect();
        for entity in related {
            if record.has(entity, related::LIST_ADDITIONAL_VALUES) {
                settle_list(record, (entity, related::LIST_ADDITIONAL_VALUES), header, bump);
            }
        }
    }
}

fn settle_list<'a>(
    record: &mut Record<'a>,
    (node, field): (NodeId, usize),
    header: Option<&Header>,
    bump: &'a Bump,
) {
    let items: Vec<NodeId> = record.items(node, field).collect();
    for item in items {
        let datatype = record.text(item, DATATYPE);
        if let Value::Text(text) = record.get(item, VALUE)
            && datatype != Some("STRING")
        {
            let trimmed = text.trim();
            let settled = match (header, datatype) {
                (Some(_), Some("BOOLEAN")) => lower_boolean(trimmed),
                (Some(header), Some("DECIMAL")) if header.decimal_comma => with_point(trimmed, bump),
                _ => trimmed,
            };
            let at = record.place(item, Some(VALUE));
            record.set(item, VALUE, Value::Text(settled), at);
        }
    }
}
