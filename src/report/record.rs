//! The report on one record: a line of `errors.ndjson`, lines of `errors.csv`.

use serde::Serialize;

use crate::contract::{Code, Severity};
use crate::format::{Place, csv};
use crate::rules::{Verdict, Violation, is_documented};

/// The answer of the service to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResultType {
    /// The record goes through.
    RequestAccepted,
    /// It does not.
    RequestRejected,
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
    pub fn of(code: &Code) -> Self {
        if is_documented(code) { Self::Documented } else { Self::Proposed }
    }
}

/// One violation, as reports print it.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    first: bool,
}

impl<'a> ViolationReport<'a> {
    /// The report on a violation; `place` is where it stands in the file.
    #[must_use]
    pub fn new(violation: &'a Violation, place: Option<Place>, first: bool) -> Self {
        Self {
            code: violation.code.to_string(),
            rule: violation.rule.name(),
            status: Status::of(&violation.code),
            field: &violation.field,
            pointer: &violation.pointer,
            message: &violation.message,
            hint: &violation.hint,
            value: violation.value.as_deref(),
            row: place.map(|place| place.row),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            byte_offset: place.map(|place| place.byte_offset),
            first,
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordReport<'a> {
    r#type: &'static str,
    file: &'a str,
    record: u64,
    row: u64,
    line: u64,
    byte_offset: u64,
    result_type: ResultType,
    communication_number: Option<&'a str>,
    customer_ext_id: Option<&'a str>,
    error_code: Option<String>,
    error_description: Option<&'a str>,
    errors: Vec<ViolationReport<'a>>,
    warnings: Vec<ViolationReport<'a>>,
}

/// Writes a report as one JSON line. `place` finds the place of a violation.
pub fn write_json(
    out: &mut Vec<u8>,
    head: &RecordHead<'_>,
    verdict: &Verdict,
    place: &mut dyn FnMut(&Violation) -> Place,
) {
    let errors: Vec<Place> = verdict.errors.iter().map(&mut *place).collect();
    let warnings: Vec<Place> = verdict.warnings.iter().map(&mut *place).collect();
    let first = verdict.errors.first();
    let report = RecordReport {
        r#type: "record",
        file: head.file,
        record: head.record,
        row: head.place.row,
        line: head.place.line,
        byte_offset: head.place.byte_offset,
        result_type: if first.is_none() { ResultType::RequestAccepted } else { ResultType::RequestRejected },
        communication_number: head.communication_number,
        customer_ext_id: head.customer_ext_id,
        error_code: first.map(|violation| violation.code.to_string()),
        error_description: first.map(|violation| violation.message.as_str()),
        errors: (0..).zip(verdict.errors.iter().zip(errors)).map(|(i, pair)| of_pair(pair, i == 0)).collect(),
        warnings: verdict.warnings.iter().zip(warnings).map(|pair| of_pair(pair, false)).collect(),
    };
    // Strings and numbers cannot fail to be written into memory.
    if serde_json::to_writer(&mut *out, &report).is_ok() {
        out.push(b'\n');
    }
}

fn of_pair((violation, place): (&Violation, Place), first: bool) -> ViolationReport<'_> {
    ViolationReport::new(violation, Some(place), first)
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
pub fn write_csv(
    out: &mut Vec<u8>,
    head: &RecordHead<'_>,
    verdict: &Verdict,
    place: &mut dyn FnMut(&Violation) -> Place,
) {
    for (i, violation) in verdict.errors.iter().chain(&verdict.warnings).enumerate() {
        let at = place(violation);
        let error = violation.severity == Severity::Error;
        for number in [head.record, at.row, at.line, at.column, at.byte_offset] {
            out.extend_from_slice(number.to_string().as_bytes());
            out.push(b',');
        }
        let code = violation.code.to_string();
        let status = if is_documented(&violation.code) { "documented" } else { "proposed" };
        let cells = [
            head.communication_number.unwrap_or_default(),
            head.customer_ext_id.unwrap_or_default(),
            if error { "error" } else { "warning" },
            &code,
            status,
            violation.rule.name(),
            &violation.field,
            &violation.message,
            &violation.hint,
            violation.value.as_deref().unwrap_or_default(),
        ];
        for cell in cells {
            csv::write_cell(out, cell, b',');
            out.push(b',');
        }
        out.extend_from_slice(if error && i == 0 { b"true\r\n" } else { b"false\r\n" });
    }
}
