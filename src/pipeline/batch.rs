//! What the folder of a batch holds, and how it is written into staging.

use std::path::PathBuf;

use super::companions::{self, CompanionError, Workbook};
use super::{BatchError, Finished, Outputs, Sink};
use crate::contract::{Classifiers, Severity};
use crate::digest::{Beside, Digest};
use crate::format::{Carrier, Format};
use crate::report::{
    BatchStatus, FailureReport, FileSummary, FindingSummary, Origin, RulesSummary, Summary, Times, record,
    unreadable_page,
};
use crate::store::ledger::BatchRow;
use crate::store::{self, Staging, StoreError};

/// The file of accepted records, one a line.
pub const ACCEPTED: &str = "accepted.ndjson";

const REPORTS: &str = "errors.ndjson";
pub(super) const REPORTS_CSV: &str = record::CSV_NAME;
/// The file that tells what happened to a batch.
pub const SUMMARY: &str = "summary.json";
const UNREADABLE: &str = "unreadable.txt";
const ABORTED: &str = "aborted.txt";

/// A batch that was published.
#[derive(Debug)]
pub struct Batch {
    /// Its summary.
    pub summary: Summary,
    /// Its folder.
    pub folder: PathBuf,
    /// What was found; `None` when the file was not read.
    pub finished: Option<Finished>,
    /// The copies of its rejected records that wait for a correction.
    pub to_correct: Vec<PathBuf>,
    /// Whether a workbook of its rejected records was written.
    pub workbook: Workbook,
}

/// The output files of a batch.
pub(super) struct Files {
    /// Where they are hashed.
    pub beside: Beside,
    accepted: store::OutputFile,
    rejected: store::OutputFile,
    reports: store::OutputFile,
    reports_csv: store::OutputFile,
}

impl Files {
    /// The rejected file gets its ending when the format is known.
    pub fn of(staging: &Staging) -> Self {
        let beside = Beside::default();
        let file = |name| staging.file_beside(name, &beside);
        Self {
            accepted: file(ACCEPTED),
            rejected: file(store::REJECTED),
            reports: file(REPORTS),
            reports_csv: file(REPORTS_CSV),
            beside,
        }
    }

    /// The outputs of the pipeline that write them.
    pub fn outputs(&mut self) -> Outputs<'_> {
        Outputs {
            accepted: Some(Sink::File(&mut self.accepted)),
            rejected: Some(Sink::File(&mut self.rejected)),
            reports: Some(Sink::File(&mut self.reports)),
            reports_csv: Some(Sink::File(&mut self.reports_csv)),
            report_all: false,
        }
    }

    /// Drops the records of a batch that was aborted: the reports stay.
    pub fn discard_records(&mut self) -> Result<(), StoreError> {
        self.accepted.discard()?;
        self.rejected.discard()
    }

    /// Ends them and lists them in the manifest.
    pub fn close(mut self, staging: &mut Staging, format: Option<Format>) -> Result<(), StoreError> {
        if let Some(format) = format {
            self.rejected.rename(&store::rejected_name(format.extension()))?;
        }
        for file in [self.accepted, self.rejected, self.reports, self.reports_csv] {
            staging.close(file)?;
        }
        Ok(())
    }
}

/// Everything a summary says that the pipeline does not know.
pub(super) struct Story<'s> {
    /// The name of the batch.
    pub batch: String,
    /// What became of it.
    pub status: BatchStatus,
    /// The name of the file.
    pub name: &'s str,
    /// Its bytes.
    pub digest: Digest,
    /// Where it comes from.
    pub origin: Origin,
    /// The batch of which it is a duplicate.
    pub duplicate: Option<&'s BatchRow>,
    /// The batch in which records of that one still wait.
    pub waits: Option<&'s BatchRow>,
    /// When it was worked on.
    pub times: Times,
    /// The rules.
    pub rules: &'s RulesSummary,
    /// The lists that a workbook offers.
    pub classifiers: &'s Classifiers,
}

/// Writes the last files of a batch: the page of an unreadable one, and the summary.
pub(super) fn write_summary(
    staging: &mut Staging,
    story: Story<'_>,
    finished: Option<&Finished>,
) -> Result<(Summary, Workbook), WriteError> {
    let workbook = match finished {
        Some(finished) => companions::workbook(staging, finished, story.classifiers)?,
        None => Workbook::None,
    };
    let failure = finished.and_then(|finished| finished.failure.as_ref());
    if let Some(failure) = failure {
        let original = story.origin.archived.as_deref().unwrap_or(&story.origin.path);
        staging.write(UNREADABLE, unreadable_page(story.name, failure, original).as_bytes())?;
    }
    if let Some(aborted) = finished.and_then(|finished| finished.aborted.as_ref()) {
        let original = story.origin.archived.as_deref().unwrap_or(&story.origin.path);
        staging.write(ABORTED, aborted.page(story.name, original).as_bytes())?;
    }
    if story.status == BatchStatus::Quarantined {
        let original = story.origin.archived.as_deref().unwrap_or(&story.origin.path);
        let page = quarantine_page(story.name, story.origin.attempt, original);
        staging.write(UNREADABLE, page.as_bytes())?;
    }
    let tally = finished.map(|finished| &finished.tally);
    let list = |severity| tally.map(|tally| FindingSummary::list(tally, severity)).unwrap_or_default();
    let of_file = finished.iter().flat_map(|finished| finished.warnings.iter().map(FindingSummary::of_file));
    let mut outputs: Vec<String> = staging.names().map(str::to_owned).collect();
    outputs.extend(
        finished.filter(|finished| companions::wants_page(finished)).map(|_| companions::PAGE.to_owned()),
    );
    let errors = list(Severity::Error);
    let summary = Summary {
        next_steps: next_steps(&story, &errors, tally.map_or(0, |tally| tally.counts.rejected), workbook),
        batch: story.batch,
        status: story.status,
        file: match finished {
            Some(finished) => file_summary(story.name, finished),
            None => FileSummary::unread(story.name, &story.digest),
        },
        origin: story.origin,
        times: story.times,
        records: tally.map(|tally| tally.counts).unwrap_or_default(),
        errors,
        warnings: list(Severity::Warning).into_iter().chain(of_file).collect(),
        failure: failure.map(FailureReport::from),
        aborted: finished.and_then(|finished| finished.aborted.clone()),
        outputs,
        rules: story.rules.clone(),
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    companions::page(staging, &summary, tally.map_or(0, |tally| tally.findings.values().sum()))?;
    let mut text = serde_json::to_vec_pretty(&summary).map_err(|error| BatchError::Write(error.into()))?;
    text.push(b'\n');
    staging.write(SUMMARY, &text)?;
    Ok((summary, workbook))
}

/// Why the last files of a batch could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error(transparent)]
    Companion(#[from] CompanionError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn next_steps(
    story: &Story<'_>,
    errors: &[FindingSummary],
    rejected: u64,
    workbook: Workbook,
) -> Vec<String> {
    let read_page = |page: &str| vec![format!("Read {page}, have the file corrected, and drop it again.")];
    match story.status {
        BatchStatus::DuplicateFile => {
            story.duplicate.map(|first| duplicate_steps(first, story.waits)).unwrap_or_default()
        }
        BatchStatus::Unreadable => read_page(UNREADABLE),
        BatchStatus::Aborted => read_page(ABORTED),
        BatchStatus::Quarantined => {
            vec![format!("Read {UNREADABLE} and the log, correct the cause, and drop the file again.")]
        }
        _ if rejected == 0 => story.origin.advice(errors).into_iter().collect(),
        _ => {
            let list = format!("{}/{}", store::TO_CORRECT, story.batch);
            let first = match workbook {
                Workbook::Written => format!("Correct the red cells in {list}.{}", companions::WORKBOOK),
                _ => format!("Correct the records in {list}.{}", store::rejected_name("*")),
            };
            let why = "report.html and errors.csv say what is wrong with each; `kyc-import explain CODE` says more.";
            let omitted = workbook
                .omitted()
                .map(|omission| format!("There is no {}: {omission}.", companions::WORKBOOK));
            [format!("{first} and drop the file into the inbox."), why.to_owned()]
                .into_iter()
                .chain(omitted)
                .chain(story.origin.advice(errors))
                .collect()
        }
    }
}

/// What is left to do where the same bytes came before.
fn duplicate_steps(first: &BatchRow, waits: Option<&BatchRow>) -> Vec<String> {
    let name = first.batch.as_deref().unwrap_or_default();
    let waits = match waits {
        Some(open) => {
            let by = open.batch.as_deref().unwrap_or_default();
            format!(
                "{} of its {} records were rejected by {by} and wait in {}; after a change of lists or settings \
                 `kyc-import reprocess {by}` judges them again.",
                open.rejected,
                first.read,
                store::TO_CORRECT
            )
        }
        None => format!("Nothing has to be done: {name} holds these records."),
    };
    vec![
        waits,
        format!(
            "To import the whole file again in the place of {name}, run `kyc-import reprocess --original {name}`."
        ),
    ]
}

fn quarantine_page(file: &str, attempts: u32, original: &str) -> String {
    format!(
        "{file} was not imported. Nothing of it was imported.\n\nWhat is wrong\n  The program ended \
         unexpectedly {attempts} times while it read this file: it may be out of memory, or have a fault.\n\n\
         What to do\n  Look into the log of those times, correct the cause, and drop the file again. If nothing \
         explains it, tell the maintainers of kyc-import, without the file.\n\nThe original is kept: {original}\n"
    )
}

/// What a summary says of a file.
#[must_use]
pub fn file_summary(name: &str, finished: &Finished) -> FileSummary {
    FileSummary {
        format: finished.format.map(Format::name),
        encoding: finished.encoding.map(|encoding| encoding.name()),
        delimiter: match finished.format {
            Some(Format::Csv { delimiter, carrier: Carrier::Text }) => Some(char::from(delimiter)),
            _ => None,
        },
        source: Some(&finished.profile.name).filter(|name| !name.is_empty()).cloned(),
        unknown_columns: finished.unknown_columns.clone(),
        ..FileSummary::unread(name, &finished.digest)
    }
}
