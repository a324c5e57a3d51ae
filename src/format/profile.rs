//! Source profiles: how the files of one source are read, and what is made of their values before they
//! are judged. A file without a profile pays nothing for them.

use std::collections::HashMap;

use bumpalo::Bump;

use super::date::DateForm;
use super::decode::Encoding;
use crate::contract::{FieldPath, NodeId, Record, Value};

/// The encoding of text that does not tell it by a byte order mark or an XML declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodingChoice {
    /// UTF-8, and nothing else.
    #[default]
    Strict,
    /// This one. A file whose first letters beyond ASCII are valid UTF-8 is read as UTF-8.
    Named(Encoding),
    /// UTF-8 or, else, the likely one.
    Guessed,
}

impl EncodingChoice {
    /// Reads a setting: the name of an encoding, or `auto`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name.trim().eq_ignore_ascii_case("auto") {
            return Some(Self::Guessed);
        }
        let encoding = Encoding::parse(name)?;
        Some(if encoding.is_utf8() { Self::Strict } else { Self::Named(encoding) })
    }
}

/// The sign in front of the fraction of a number in CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalSign {
    /// A point; a single comma too, where the comma is not the delimiter.
    #[default]
    Either,
    /// A point only.
    Point,
    /// A comma; a point too, where no comma stands.
    Comma,
}

/// What a file of the source must hold. One that does not is not imported at all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Expected {
    /// The fewest records.
    pub records_min: Option<u64>,
    /// The most records.
    pub records_max: Option<u64>,
    /// The most rejected records, in percent of all.
    pub rejected_percent_max: Option<f64>,
}

/// What tells that a file has been written to its end: a second file with this ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// `FILE.done`, whatever it holds.
    Done,
    /// `FILE.sha256` with the hash of the file.
    Sha256,
    /// `FILE.ctl`, which may hold the hash of the file and the number of its records.
    Ctl,
}

impl Marker {
    /// Every marker with its ending.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Done, ".done"), (Self::Sha256, ".sha256"), (Self::Ctl, ".ctl")];
}

/// A column of a source and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnAlias {
    /// Its name in the file; compared without regard to case, blanks, `_` and `-`.
    pub name: String,
    /// The column name of the field, such as `listAddress[0].country`.
    pub field: String,
}

/// Values of a field that are replaced by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueMap {
    /// The field.
    pub field: FieldPath,
    /// What stands in the file, and what it means. Blanks around a value do not count.
    pub values: HashMap<String, String>,
}

/// How the files of one source are read. The default is what holds for files of no source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// Its name, as summaries print it; empty for the default.
    pub name: String,
    /// The encoding.
    pub encoding: EncodingChoice,
    /// The delimiter of CSV files whose header holds it.
    pub delimiter: Option<u8>,
    /// The decimal sign of CSV files.
    pub decimal: DecimalSign,
    /// Further names of columns of CSV files.
    pub columns: Vec<ColumnAlias>,
    /// Columns of CSV files that are passed over without a warning.
    pub ignored_columns: Vec<String>,
    /// Texts that mean that there is no value.
    pub nulls: Vec<String>,
    /// Further forms of dates.
    pub dates: Vec<DateForm>,
    /// Values that are replaced.
    pub values: Vec<ValueMap>,
    /// Values of fields that are absent.
    pub constants: Vec<(FieldPath, String)>,
    /// What a file must hold.
    pub expected: Expected,
    /// What tells that a file is complete.
    pub marker: Option<Marker>,
}

impl Profile {
    /// Whether records are changed after they were read.
    #[must_use]
    pub fn changes_records(&self) -> bool {
        !(self.nulls.is_empty()
            && self.dates.is_empty()
            && self.values.is_empty()
            && self.constants.is_empty())
    }

    /// Changes a record that was read: texts that mean nothing are taken away, values are replaced, dates
    /// are written as the contract writes them, absent fields get their constants.
    pub fn apply<'a>(&self, record: &mut Record<'a>, bump: &'a Bump) {
        if !self.nulls.is_empty() {
            self.drop_nulls(record);
        }
        // What is said of one item comes first, and what it gave is not looked at again.
        let mut settled: Vec<(NodeId, usize)> = Vec::new();
        for map in &self.values {
            let index = map.field.index();
            map.field.each(record, &mut |record, node| {
                let text = record.text(node, index).map(str::trim);
                let meant = text.and_then(|text| map.values.get(text));
                if let Some(meant) = meant.filter(|_| !settled.contains(&(node, index))) {
                    record.replace(node, index, Value::Text(bump.alloc_str(meant)));
                    if map.field.is_of_items() {
                        settled.push((node, index));
                    }
                }
            });
        }
        if !self.dates.is_empty() {
            self.convert_dates(record, bump);
        }
        for (field, constant) in &self.constants {
            field.each(record, &mut |record, node| {
                if !record.has(node, field.index()) {
                    record.replace(node, field.index(), Value::Text(bump.alloc_str(constant)));
                }
            });
        }
    }

    /// Whether a text means that there is no value.
    #[must_use]
    pub fn is_null(&self, text: &str) -> bool {
        self.nulls.iter().any(|null| null == text.trim())
    }

    fn drop_nulls(&self, record: &mut Record<'_>) {
        for node in record.nodes() {
            for index in bits(record.present(node)) {
                if record.text(node, index).is_some_and(|text| self.is_null(text)) {
                    record.withdraw(node, index);
                }
            }
        }
    }

    fn convert_dates<'a>(&self, record: &mut Record<'a>, bump: &'a Bump) {
        for node in record.nodes() {
            for index in bits(record.present(node) & record.object(node).sets.dates) {
                self.convert_date(record, (node, index), bump);
            }
        }
    }

    fn convert_date<'a>(&self, record: &mut Record<'a>, (node, index): (NodeId, usize), bump: &'a Bump) {
        let Some(text) = record.text(node, index).map(str::trim) else { return };
        // What looks like the contract's own form is judged as it stands.
        if matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', ..]) {
            return;
        }
        if let Some(date) = self.dates.iter().find_map(|form| form.convert(text)) {
            record.replace(node, index, Value::Text(bump.alloc_str(&date)));
        }
    }
}

/// The numbers of the bits of a set.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let index = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(index)
    })
}
