//! What happened to a file: for machines and auditors, and the plain page of an unreadable one.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Aborted, Counts, Finding, Status, Tally, ViolationReport};
use crate::contract::Severity;
use crate::contract::codes::customer::{C004, O001};
use crate::digest::Digest;
use crate::format::FileFailure;
use crate::rules::Violation;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchStatus {
    /// Every record was accepted.
    Accepted,
    /// Some were.
    PartiallyAccepted,
    /// None was.
    Rejected,
    /// The file could not be read; nothing is imported.
    Unreadable,
    /// The file does not hold what was expected of it; nothing is imported.
    Aborted,
    /// The same bytes were imported before; nothing is imported.
    DuplicateFile,
    /// The process died on the file again and again; nothing is imported.
    Quarantined,
}

impl BatchStatus {
    /// The word in summaries and in the ledger.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::PartiallyAccepted => "PARTIALLY_ACCEPTED",
            Self::Rejected => "REJECTED",
            Self::Unreadable => "UNREADABLE",
            Self::Aborted => "ABORTED",
            Self::DuplicateFile => "DUPLICATE_FILE",
            Self::Quarantined => "QUARANTINED",
        }
    }

    /// The status by what was counted and what ended the batch.
    #[must_use]
    pub fn of(counts: &Counts, failed: bool, aborted: Option<&Aborted>) -> Self {
        if aborted.is_some() {
            return Self::Aborted;
        }
        match (failed, counts.accepted, counts.rejected) {
            (true, _, _) => Self::Unreadable,
            (false, _, 0) => Self::Accepted,
            (false, 0, _) => Self::Rejected,
            (false, _, _) => Self::PartiallyAccepted,
        }
    }

    /// Whether its records count: they were judged, and the accepted ones are imported.
    #[must_use]
    pub const fn is_imported(self) -> bool {
        matches!(self, Self::Accepted | Self::PartiallyAccepted | Self::Rejected)
    }

    /// The status as people read it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::PartiallyAccepted => "PARTIALLY ACCEPTED",
            Self::Rejected => "REJECTED",
            Self::Unreadable => "UNREADABLE",
            Self::DuplicateFile => "DUPLICATE FILE",
            Self::Quarantined => "QUARANTINED",
            Self::Aborted => "ABORTED",
        }
    }
}

/// The file of a batch.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Its format.
    pub format: Option<&'static str>,
    /// Its encoding.
    pub encoding: Option<String>,
    /// The name of the source it was read as, where the configuration lists one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The delimiter of a CSV file.
    pub delimiter: Option<char>,
    /// The columns that no table lists.
    pub unknown_columns: Vec<String>,
}

impl FileSummary {
    /// What is known of a file that was not read.
    #[must_use]
    pub fn unread(name: &str, digest: &Digest) -> Self {
        Self {
            name: name.to_owned(),
            bytes: digest.bytes,
            sha256: digest.hex(),
            format: None,
            encoding: None,
            delimiter: None,
            source: None,
            unknown_columns: Vec::new(),
        }
    }
}

/// How often a violation occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingSummary {
    /// How many violations.
    pub count: u64,
    /// The code.
    pub code: String,
    /// Whether the code is printed in a public source.
    pub status: Status,
    /// The path of the field, with `*` for every index.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

impl FindingSummary {
    /// A warning that holds for the whole file.
    #[must_use]
    pub fn of_file(warning: &Violation) -> Self {
        let code = warning.code.to_string();
        Self {
            count: 1,
            status: Status::of(&code),
            code,
            field: warning.field.to_string(),
            problem: warning.message.to_string(),
        }
    }

    /// The findings of one severity, in the order of reporting.
    #[must_use]
    pub fn list(tally: &Tally, severity: Severity) -> Vec<Self> {
        let one = |(finding, count): (&Finding, &u64)| Self {
            count: *count,
            code: finding.code.clone(),
            status: Status::of(&finding.code),
            field: finding.field.clone(),
            problem: finding.problem.clone(),
        };
        tally.findings.iter().filter(|(finding, _)| finding.severity == severity).map(one).collect()
    }
}

/// A failure of the whole file, as reports print it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureReport {
    pub(super) code: &'static str,
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) hint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) byte_offset: Option<u64>,
}

impl From<&FileFailure> for FailureReport {
    fn from(failure: &FileFailure) -> Self {
        Self {
            code: failure.part.segment,
            status: Status::of(failure.part.segment),
            message: failure.message.clone(),
            hint: failure.hint.clone(),
            row: failure.place.map(|place| place.row),
            line: failure.place.map(|place| place.line),
            column: failure.place.map(|place| place.column),
            byte_offset: failure.place.map(|place| place.byte_offset),
        }
    }
}

/// Where a batch comes from.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The path as it was given or found.
    pub path: String,
    /// Where the original is kept, if it was archived.
    pub archived: Option<String>,
    /// The batch whose rejected records these were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reprocess_of: Option<String>,
    /// How many rejected records of that batch did not come back: they are withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<u64>,
    /// The batch that had taken the place of that batch before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_before_by: Option<String>,
    /// The batch that counts no longer because of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    /// The batch that imported the same bytes before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<String>,
    /// How often the file was read until it came to an end, with this time.
    pub attempt: u32,
}

impl Origin {
    /// What a person should know of the batch that it corrects, beside these errors.
    #[must_use]
    pub fn advice(&self, errors: &[FindingSummary]) -> Option<String> {
        let corrected = self.reprocess_of.as_deref()?;
        let is_known = |error: &FindingSummary| [&C004, &O001].iter().any(|part| part.segment == error.code);
        if let Some(by) = self.replaced_before_by.as_deref().filter(|_| errors.iter().any(is_known)) {
            return Some(format!(
                "{corrected} did not wait any more: {by} had taken its place, and what it imported is refused now as \
                 known. To take records off the list that are not wanted, drop the file to correct without them."
            ));
        }
        let left_out = self.withdrawn.filter(|left_out| *left_out > 0)?;
        let records = if left_out == 1 { "1 record".to_owned() } else { format!("{left_out} records") };
        Some(format!(
            "{records} of {corrected} did not come back: off the list now, and still in its rejected file. If that was \
             a mistake, drop a copy of that file with only these, under the name it had in to-correct."
        ))
    }
}

/// When a batch was worked on, in RFC 3339.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// When reading began.
    pub started: String,
    /// When the outputs were complete.
    pub finished: String,
}

/// The rules a batch was judged by.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesSummary {
    /// The mode.
    pub mode: &'static str,
    /// The SHA-256 of the contract's tables as JSON Schema.
    pub contract: &'static str,
    /// The lists in force that are not built in: name and SHA-256 of their sorted codes.
    pub classifiers: Vec<ClassifierSummary>,
}

/// A list an institution gave.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassifierSummary {
    /// Its name.
    pub name: &'static str,
    /// How many codes it holds.
    pub codes: usize,
    /// The SHA-256 of its sorted codes, one a line.
    pub sha256: String,
}

/// `summary.json`: what happened to a file. Always `read = accepted + rejected`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The name of the batch.
    pub batch: String,
    /// What became of it.
    pub status: BatchStatus,
    /// The file.
    pub file: FileSummary,
    /// Where it comes from.
    pub origin: Origin,
    /// When it was worked on.
    pub times: Times,
    /// How many records.
    pub records: Counts,
    /// The errors by code and field.
    pub errors: Vec<FindingSummary>,
    /// The warnings by code and field.
    pub warnings: Vec<FindingSummary>,
    /// Why the file could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureReport>,
    /// Why nothing is imported, although the file could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aborted: Option<Aborted>,
    /// The other files of the batch.
    pub outputs: Vec<String>,
    /// The rules.
    pub rules: RulesSummary,
    /// The version of this program.
    pub tool_version: &'static str,
    /// What a person does next.
    pub next_steps: Vec<String>,
}

/// The line that `check --format json` prints for a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport<'a> {
    r#type: &'static str,
    file: &'a str,
    status: BatchStatus,
    #[serde(flatten)]
    counts: Counts,
    format: Option<&'static str>,
    encoding: Option<&'a str>,
    delimiter: Option<char>,
    bytes: u64,
    sha256: &'a str,
    errors: Vec<FindingSummary>,
    warnings: Vec<ViolationReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailureReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aborted: Option<&'a Aborted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<&'a str>,
}

impl<'a> FileReport<'a> {
    /// The report on a file. `warnings` are those that hold for the whole file.
    #[must_use]
    pub fn new(
        shown: &'a str,
        file: &'a FileSummary,
        status: BatchStatus,
        tally: &Tally,
        warnings: &'a [Violation],
        (failure, aborted): (Option<&FileFailure>, Option<&'a Aborted>),
        batch: Option<&'a str>,
    ) -> Self {
        Self {
            r#type: "file",
            file: shown,
            status,
            counts: tally.counts,
            format: file.format,
            encoding: file.encoding.as_deref(),
            delimiter: file.delimiter,
            bytes: file.bytes,
            sha256: &file.sha256,
            errors: FindingSummary::list(tally, Severity::Error),
            warnings: warnings.iter().map(ViolationReport::new).collect(),
            error: failure.map(FailureReport::from),
            aborted,
            batch,
        }
    }
}

/// `unreadable.txt`: one plain page on a file that could not be read.
#[must_use]
pub fn unreadable_page(file: &str, failure: &FileFailure, original: &str) -> String {
    let mut page = format!(
        "{file} could not be read. Nothing of it was imported.\n\nWhat is wrong\n  {}\n",
        failure.message
    );
    // Writing into a string cannot fail.
    if let Some(place) = failure.place {
        let _ = write!(
            page,
            "\nWhere\n  row {}, line {}, column {}, byte {}\n",
            place.row, place.line, place.column, place.byte_offset
        );
    }
    if !failure.proof.0.is_empty() {
        let _ = write!(page, "\nTwo of its lines, read in the likely encoding; are their letters right?\n");
        for line in failure.proof.0.iter() {
            let _ = writeln!(page, "  {line}");
        }
    }
    let _ = write!(page, "\nWhat to do\n  {}\n", failure.hint);
    let _ = write!(
        page,
        "\nThe original is kept: {original}\nMore: kyc-import explain {}\n",
        failure.part.segment
    );
    page
}
