//! Bytes to records and back: the only place that knows JSON, XML, CSV and workbooks exist.
//!
//! [`open`] looks at the first bytes and says what a stream is; a [`Framer`] cuts it into chunks of
//! whole records without reading them; a [`FrameReader`] reads one frame into a borrowed record; and
//! a [`RejectedWriter`] writes rejected records in the format they came in.

mod block;
pub mod csv;
mod date;
mod decode;
mod detect;
mod ending;
mod frame;
mod guess;
pub mod json;
mod place;
mod profile;
mod reader;
mod rejected;
mod sample;
mod source;
mod text;
mod xlsx;
pub mod xml;

/// The deepest nesting of objects, lists and elements that is read.
const DEPTH_MAX: u32 = 128;

pub use date::DateForm;
pub use decode::{Encoding, NotUtf8, Proof, check_utf8, check_utf8_piece, letters};
pub use detect::{Opened, not_utf8, open};
pub use ending::is_complete;
pub use frame::{Chunk, Frame, FrameKind, Framer, Limits};
pub use place::{Place, PlaceFinder};
pub use profile::{ColumnAlias, DecimalSign, EncodingChoice, Expected, Marker, Profile, ValueMap};
pub use reader::{FrameReader, RecordFailure, Unread};
pub use rejected::{Reason, RejectedWriter, Told};
pub use sample::{Sample, sample};
pub use source::{FilePattern, Source, Sources};
pub use text::Text;
pub use xlsx::CODES_SHEET;

use std::fmt;

use crate::contract::Part;
use crate::contract::codes::file::{F001, F002, F003};

/// The shape of a JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// `{"customers": [...]}`.
    Wrapper,
    /// `[...]`.
    Array,
    /// One object a line.
    Lines,
    /// One object.
    Single,
}

/// The format of a file, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON in one of its shapes.
    Json(JsonShape),
    /// XML.
    Xml,
    /// CSV with its delimiter; a tab makes it TSV.
    Csv {
        /// The delimiter.
        delimiter: u8,
        /// What the rows came in.
        carrier: Carrier,
    },
}

/// What rows of cells come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A text file.
    Text,
    /// A sheet of a workbook, read as if it had been saved as CSV.
    Workbook,
}

impl Format {
    /// What to do about a well-formed file without a customer.
    pub(crate) const fn without_customer(self) -> &'static str {
        match self {
            Self::Json(_) => {
                "The file is well-formed but holds no customer: they stand in a list, as in {\"customers\": [ ... ]}; drop one with records."
            }
            Self::Xml | Self::Csv { .. } => {
                "The file is well-formed but holds no customer; drop one with records."
            }
        }
    }

    /// The name that summaries print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json(JsonShape::Lines) => "ndjson",
            Self::Json(_) => "json",
            Self::Xml => "xml",
            Self::Csv { carrier: Carrier::Workbook, .. } => "xlsx",
            Self::Csv { delimiter: b'\t', .. } => "tsv",
            Self::Csv { .. } => "csv",
        }
    }

    /// The name as sentences print it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Json(_) => "JSON",
            Self::Xml => "XML",
            Self::Csv { carrier: Carrier::Workbook, .. } => "XLSX",
            Self::Csv { .. } => "CSV",
        }
    }

    /// The extension of a rejected file. The rows of a workbook are rejected as CSV.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv { carrier: Carrier::Workbook, .. } => "csv",
            format => format.name(),
        }
    }

    /// Whether the format can go on after a record that is not well-formed.
    #[must_use]
    pub const fn survives_malformed_record(self) -> bool {
        matches!(self, Self::Json(JsonShape::Lines) | Self::Csv { .. })
    }
}

/// A record that is not well-formed, with the offset within its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The offset within the record's text, in bytes.
    pub at: usize,
    /// What is wrong, without any of the record's values.
    pub detail: String,
    /// Whether the document around the record is well-formed all the same.
    pub document_survives: bool,
}

impl Malformed {
    /// A text that is not well-formed at this offset.
    #[cold]
    #[must_use]
    pub fn new(at: usize, detail: &str) -> Self {
        Self { at, detail: detail.to_owned(), document_survives: false }
    }
}

/// A file that cannot be read on: nothing of it is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFailure {
    /// The code: F001, F002 or F003.
    pub part: &'static Part,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// Where it is, if it is in one place.
    pub place: Option<Place>,
    /// Lines of a file in another encoding, decoded by a guess: personal data. They may be shown only
    /// beside the data itself, never in logs, on the terminal or in summaries.
    pub proof: Proof,
}

impl FileFailure {
    /// The document is not readable (F001).
    #[must_use]
    pub fn unreadable(format: &str, detail: impl fmt::Display, hint: impl Into<String>) -> Self {
        Self {
            part: &F001,
            message: format!("Document is not readable as {format}: {detail}"),
            hint: hint.into(),
            place: None,
            proof: Proof::default(),
        }
    }

    /// The document holds no record (F002).
    #[must_use]
    pub fn no_records(hint: &str) -> Self {
        Self {
            part: &F002,
            message: "No customer records found".to_owned(),
            hint: hint.to_owned(),
            place: None,
            proof: Proof::default(),
        }
    }

    /// Two columns of the header hold one field (F003): their names and numbers, from 1.
    pub(crate) fn column_twice([(first, at), (name, again)]: [(String, usize); 2]) -> Self {
        Self {
            part: &F003,
            message: format!("Column {name} is given twice"),
            hint: format!(
                "Columns {at} ({first}) and {again} ({name}) hold the same. Keep one column for every field and drop the \
                 file again."
            ),
            place: None,
            proof: Proof::default(),
        }
    }

    /// The same failure at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl fmt::Display for FileFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if let Some(place) = self.place {
            write!(
                f,
                " (row {}, line {}, column {}, byte {})",
                place.row, place.line, place.column, place.byte_offset
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for FileFailure {}

/// Why a stream could not be read to its end.
#[derive(Debug)]
pub enum ReadError {
    /// The disk failed.
    Io(std::io::Error),
    /// The content is not what it should be.
    File(Box<FileFailure>),
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FileFailure> for ReadError {
    fn from(failure: FileFailure) -> Self {
        Self::File(Box::new(failure))
    }
}
