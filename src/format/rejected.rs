//! The rejected file: rejected records in the format they came in, with the reasons, ready to be
//! corrected and dropped back.

use std::sync::Arc;

use super::csv::Header;
use super::xml::{Envelope, Scope};
use super::{Format, JsonShape, csv, json, xml};

/// One reason why a record was rejected.
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    /// The code.
    pub code: &'a str,
    /// The path of the field.
    pub field: &'a str,
    /// What is wrong.
    pub message: &'a str,
}

/// What is told of a rejected record, and what it needs to stand elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The row in which it began.
    pub row: u64,
    /// Why it was rejected.
    pub reasons: &'a [Reason<'a>],
    /// What is otherwise where it stood in an XML file than around the first record.
    pub scope: Option<&'a Scope>,
}

/// Writes rejected records of one file.
#[derive(Debug, Clone)]
pub struct RejectedWriter {
    format: Format,
    header: Option<Arc<Header>>,
}

impl RejectedWriter {
    /// A writer for a file of this format.
    #[must_use]
    pub fn new(format: Format, header: Option<Arc<Header>>) -> Self {
        Self { format, header }
    }

    /// What stands in front of the first record.
    #[must_use]
    pub fn opening(&self, envelope: Option<&Envelope>) -> Vec<u8> {
        match (self.format, &self.header) {
            (Format::Json(JsonShape::Wrapper), _) => b"{\"customers\":[\n".to_vec(),
            (Format::Json(JsonShape::Array), _) => b"[\n".to_vec(),
            (Format::Json(JsonShape::Lines | JsonShape::Single), _) => Vec::new(),
            (Format::Xml, _) => xml::write::opening(envelope),
            (Format::Csv { .. }, Some(header)) => csv::write::opening(header),
            (Format::Csv { .. }, None) => Vec::new(),
        }
    }

    /// What stands between two records. A record is written with it in front.
    #[must_use]
    pub fn separator(&self) -> &'static [u8] {
        match self.format {
            Format::Json(JsonShape::Wrapper | JsonShape::Array) => b",\n",
            _ => b"",
        }
    }

    /// What stands behind the last record.
    #[must_use]
    pub fn closing(&self, envelope: Option<&Envelope>) -> Vec<u8> {
        match self.format {
            Format::Json(JsonShape::Wrapper) => b"\n]}\n".to_vec(),
            Format::Json(JsonShape::Array) => b"\n]\n".to_vec(),
            Format::Json(JsonShape::Lines | JsonShape::Single) | Format::Csv { .. } => Vec::new(),
            Format::Xml => xml::write::closing(envelope),
        }
    }

    /// Writes one well-formed record with its reasons, the separator in front.
    pub fn record(&self, out: &mut Vec<u8>, text: &str, told: Told<'_>) {
        out.extend_from_slice(self.separator());
        match (self.format, &self.header) {
            (Format::Json(shape), _) => {
                json::write::record(out, text, told.reasons);
                if matches!(shape, JsonShape::Lines | JsonShape::Single) {
                    out.push(b'\n');
                }
            }
            (Format::Xml, _) => xml::write::record(out, text, told),
            (Format::Csv { .. }, Some(header)) => {
                csv::write::record(out, text, told.row, told.reasons, header)
            }
            (Format::Csv { .. }, None) => {}
        }
    }

    /// Writes a record that is not well-formed, as it stood.
    pub fn unreadable(&self, out: &mut Vec<u8>, text: &str, told: Told<'_>) {
        match &self.header {
            Some(header) => csv::write::unreadable(out, text, told.row, told.reasons, header),
            None => self.verbatim(out, text.as_bytes(), Some(told), true),
        }
    }

    /// Writes a record over the limit as it stood, or a piece of it; what is told of it comes with the first one. XML
    /// has a place for that.
    pub fn verbatim(&self, out: &mut Vec<u8>, text: &[u8], first: Option<Told<'_>>, last: bool) {
        if first.is_some() {
            out.extend_from_slice(self.separator());
        }
        match first.filter(|_| self.format == Format::Xml) {
            Some(told) => xml::write::beginning(out, text, told),
            None => out.extend_from_slice(text),
        }
        if last {
            match self.format {
                Format::Json(JsonShape::Wrapper | JsonShape::Array) => {}
                Format::Csv { .. } => out.extend_from_slice(b"\r\n"),
                _ => out.push(b'\n'),
            }
        }
    }
}
