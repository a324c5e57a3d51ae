//! The report on one record: a line of `errors.ndjson`, lines of `errors.csv`.

use std::ops::Range;

use serde::Serialize;

use super::said::{Said, Sayings};
use crate::contract::Severity;
use crate::format::json::plain::{write_plain, write_string};
use crate::format::{Place, csv};
use crate::rules::{Verdict, Violation, is_documented};

/// The answer of the service to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultType {
    /// The record goes through.
    RequestAccepted,
    /// It does not.
    RequestRejected,
}

impl ResultType {
    /// The word that reports print.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestAccepted => "REQUEST_ACCEPTED",
            Self::RequestRejected => "REQUEST_REJECTED",
        }
    }
}

/// Whether a code is printed in a public source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Printed in a public source.
    Documented,
    /// Ours.
    Proposed,
}

impl Status {
    /// The status of a code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        if is_documented(code) { Self::Documented } else { Self::Proposed }
    }

    /// The word that reports print.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Proposed => "proposed",
        }
    }
}

/// One violation that holds for a whole file, as its report prints it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ViolationReport<'a> {
    code: String,
    rule: &'static str,
    status: Status,
    field: &'a str,
    pointer: &'a str,
    message: &'a str,
    hint: &'a str,
    first: bool,
}

impl<'a> ViolationReport<'a> {
    /// The report on a violation.
    #[must_use]
    pub fn new(violation: &'a Violation) -> Self {
        let code = violation.code.to_string();
        Self {
            rule: violation.rule.name(),
            status: Status::of(&code),
            code,
            field: &violation.field,
            pointer: &violation.pointer,
            message: &violation.message,
            hint: &violation.hint,
            first: false,
        }
    }
}

/// What a report says of a record besides its violations.
#[derive(Debug, Clone, Copy)]
pub struct RecordHead<'a> {
    /// The name of the file.
    pub file: &'a str,
    /// The number of the record, from 1.
    pub record: u64,
    /// Where it begins.
    pub place: Place,
    /// Its communication number, if it has one.
    pub communication_number: Option<&'a str>,
    /// Its identifier, if it has one.
    pub customer_ext_id: Option<&'a str>,
}

/// What reports say of a violation besides itself.
#[derive(Debug, Clone)]
pub struct Located {
    /// The number of what is said of it, if it is remembered.
    pub said: Option<usize>,
    /// Its code as it is printed, if it is not.
    pub code: String,
    /// The status of that code.
    pub status: Status,
    /// Where it stands in the file.
    pub place: Place,
}

impl Located {
    /// What is said of the violation, if it is remembered.
    pub(crate) fn said<'s>(&self, sayings: &'s Sayings) -> Option<&'s Said> {
        self.said.and_then(|said| sayings.get(said))
    }

    /// The code as it is printed.
    #[must_use]
    pub fn code<'s>(&'s self, sayings: &'s Sayings) -> &'s str {
        self.said(sayings).map_or(&self.code, |said| &said.code)
    }
}

/// The violations of a record as reports print them.
#[derive(Debug, Clone, Copy)]
pub struct RecordFindings<'a> {
    /// All of them.
    pub verdict: &'a Verdict,
    /// Codes and places, those of the errors and then those of the warnings.
    pub located: &'a [Located],
    /// What is said of them.
    pub sayings: &'a Sayings,
}

/// Writes a report as one JSON line.
///
/// A file may have millions of reports, so they are written without a serializer between; a test reads
/// them with one.
pub fn write_json(out: &mut Vec<u8>, head: &RecordHead<'_>, findings: &RecordFindings<'_>) {
    let RecordFindings { verdict, located, sayings } = findings;
    let (errors, warnings) = located.split_at(verdict.errors.len().min(located.len()));
    out.extend_from_slice(b"{\"type\":\"record\"");
    member(out, ",\"file\":", Some(head.file));
    number(out, ",\"record\":", head.record);
    number(out, ",\"row\":", head.place.row);
    number(out, ",\"line\":", head.place.line);
    number(out, ",\"byteOffset\":", head.place.byte_offset);
    let first = verdict.errors.first().zip(errors.first());
    let result = if first.is_some() { ResultType::RequestRejected } else { ResultType::RequestAccepted };
    word(out, ",\"resultType\":", result.as_str());
    member(out, ",\"communicationNumber\":", head.communication_number);
    member(out, ",\"customerExtId\":", head.customer_ext_id);
    match first {
        Some((first, located)) => {
            word(out, ",\"errorCode\":", located.code(sayings));
            out.extend_from_slice(b",\"errorDescription\":");
            match located.said(sayings) {
                Some(said) => out.extend_from_slice(said.json_message()),
                None => write_string(out, &first.message),
            }
        }
        None => out.extend_from_slice(b",\"errorCode\":null,\"errorDescription\":null"),
    }
    out.extend_from_slice(b",\"errors\":[");
    json_violations(out, &verdict.errors, errors, sayings);
    out.extend_from_slice(b"],\"warnings\":[");
    json_violations(out, &verdict.warnings, warnings, sayings);
    out.extend_from_slice(b"]}\n");
}

fn json_violations(out: &mut Vec<u8>, violations: &[Violation], located: &[Located], sayings: &Sayings) {
    for (i, (violation, located)) in violations.iter().zip(located).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        match located.said(sayings) {
            Some(said) => out.extend_from_slice(&said.json),
            None => drop(json_part(out, violation, &located.code, located.status)),
        }
        let place = &located.place;
        number(out, ",\"row\":", place.row);
        number(out, ",\"line\":", place.line);
        number(out, ",\"column\":", place.column);
        number(out, ",\"byteOffset\":", place.byte_offset);
        let first = i == 0 && violation.severity == Severity::Error;
        out.extend_from_slice(if first { b",\"first\":true}" } else { b",\"first\":false}" });
    }
}

/// Writes what reports say of a violation wherever it stands, as the beginning of a JSON object, and returns where the
/// message is, a JSON string.
pub(super) fn json_part(
    out: &mut Vec<u8>,
    violation: &Violation,
    code: &str,
    status: Status,
) -> Range<usize> {
    word(out, "{\"code\":", code);
    word(out, ",\"rule\":", violation.rule.name());
    word(out, ",\"status\":", status.as_str());
    member(out, ",\"field\":", Some(&violation.field));
    member(out, ",\"pointer\":", Some(&violation.pointer));
    out.extend_from_slice(b",\"message\":");
    let start = out.len();
    write_string(out, &violation.message);
    let end = out.len();
    member(out, ",\"hint\":", Some(&violation.hint));
    if let Some(value) = &violation.value {
        member(out, ",\"value\":", Some(value));
    }
    start..end
}

/// Writes a member of an object, its key ready with quotes and colon.
#[inline(always)]
fn member(out: &mut Vec<u8>, key: &str, value: Option<&str>) {
    out.extend_from_slice(key.as_bytes());
    match value {
        Some(text) => write_string(out, text),
        None => out.extend_from_slice(b"null"),
    }
}

/// The same for a word of our own, which needs no escapes.
#[inline(always)]
fn word(out: &mut Vec<u8>, key: &str, word: &str) {
    out.extend_from_slice(key.as_bytes());
    write_plain(out, word);
}

/// The same for a number.
#[inline(always)]
fn number(out: &mut Vec<u8>, key: &str, number: u64) {
    out.extend_from_slice(key.as_bytes());
    // A number cannot fail to be written into memory.
    let _ = serde_json::to_writer(out, &number);
}

/// The file that holds every violation for people.
pub const CSV_NAME: &str = "errors.csv";

/// The columns of `errors.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The number of the record, from 1.
    Record,
    /// The row of the violation.
    Row,
    /// Its line.
    Line,
    /// Its column.
    Column,
    /// Its offset, in bytes.
    ByteOffset,
    /// The communication number of the record.
    CommunicationNumber,
    /// The identifier of the customer.
    CustomerExtId,
    /// `error` or `warning`.
    Severity,
    /// The code.
    Code,
    /// `documented` or `proposed`.
    Status,
    /// The rule.
    Rule,
    /// The path of the field.
    Field,
    /// What is wrong.
    Message,
    /// What to do.
    Hint,
    /// The value, masked.
    Value,
    /// Whether it is the record's first error.
    First,
}

/// Their names, in the same order.
const COLUMNS: [&str; Column::First as usize + 1] = [
    "record",
    "row",
    "line",
    "column",
    "byteOffset",
    "communicationNumber",
    "customerExtId",
    "severity",
    "code",
    "status",
    "rule",
    "field",
    "message",
    "hint",
    "value",
    "first",
];

/// The first line of `errors.csv`, with the byte order mark that spreadsheets need.
#[must_use]
pub fn csv_header() -> String {
    format!("\u{feff}{}\r\n", COLUMNS.join(","))
}

/// Writes a report as CSV, one line a violation.
pub fn write_csv(out: &mut Vec<u8>, head: &RecordHead<'_>, findings: &RecordFindings<'_>) {
    let RecordFindings { verdict, located, sayings } = findings;
    let violations = verdict.errors.iter().chain(&verdict.warnings);
    for (i, (violation, located)) in violations.zip(*located).enumerate() {
        let place = &located.place;
        number(out, "", head.record);
        for value in [place.row, place.line, place.column, place.byte_offset] {
            number(out, ",", value);
        }
        for cell in [head.communication_number, head.customer_ext_id] {
            out.push(b',');
            csv::write_cell(out, cell.unwrap_or_default().as_bytes(), b',');
        }
        match located.said(sayings) {
            Some(said) => out.extend_from_slice(&said.csv),
            None => csv_part(out, violation, &located.code, located.status),
        }
        let first = i == 0 && violation.severity == Severity::Error;
        out.extend_from_slice(if first { b",true\r\n" } else { b",false\r\n" });
    }
}

/// Writes what reports say of a violation wherever it stands, as cells with a comma in front of each.
pub(super) fn csv_part(out: &mut Vec<u8>, violation: &Violation, code: &str, status: Status) {
    let error = violation.severity == Severity::Error;
    out.extend_from_slice(if error { b",error," } else { b",warning," });
    csv::write_cell(out, code.as_bytes(), b',');
    for word in [",", status.as_str(), ",", violation.rule.name()] {
        out.extend_from_slice(word.as_bytes());
    }
    let value = violation.value.as_deref().unwrap_or_default();
    for cell in [&*violation.field, &violation.message, &violation.hint, value] {
        out.push(b',');
        csv::write_cell(out, cell.as_bytes(), b',');
    }
}
