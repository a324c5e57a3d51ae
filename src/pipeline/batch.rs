//! One file to one batch folder: staged, written, published, archived.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{BatchError, Finished, Hooks, Outputs, Settings, companions, run};
use crate::contract::Severity;
use crate::format::{Carrier, Format};
use crate::report::{
    BatchStatus, FailureReport, FileSummary, FindingSummary, Origin, RulesSummary, Summary, Times, record,
    unreadable_page,
};
use crate::rules::Past;
use crate::store::{self, Folders, Staging, StoreError, stem};

/// The names of a batch's files.
const ACCEPTED: &str = "accepted.ndjson";
const REPORTS: &str = "errors.ndjson";
pub(super) const REPORTS_CSV: &str = record::CSV_NAME;
const SUMMARY: &str = "summary.json";
const UNREADABLE: &str = "unreadable.txt";

/// A file to be imported.
#[derive(Debug, Clone)]
pub struct Dropped {
    /// Its path.
    pub path: PathBuf,
    /// Whether the original moves to the archive: files of the inbox do, named ones stay.
    pub archived: bool,
}

/// A batch that was published.
#[derive(Debug)]
pub struct Batch {
    /// Its summary.
    pub summary: Summary,
    /// Its folder.
    pub folder: PathBuf,
    /// What was found.
    pub finished: Finished,
    /// The rejected file, if there is one.
    pub rejected: Option<PathBuf>,
    /// Whether a workbook stands beside it.
    pub workbook: companions::Workbook,
}

/// Why a file did not become a batch.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The batch could not be finished.
    #[error("{}: {source}", path.display())]
    Batch {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: BatchError,
    },
    /// The workbook or the page could not be made.
    #[error("{}: {source}", path.display())]
    Companion {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: companions::CompanionError,
    },
    /// A file operation failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports one file. `clock` tells the time.
///
/// # Errors
///
/// When the file cannot be opened or read, or the outputs cannot be written. Nothing is published then
/// and the file stays where it is.
pub fn import(
    dropped: &Dropped,
    folders: &Folders,
    settings: &Settings,
    rules: &RulesSummary,
    clock: &dyn Fn() -> DateTime<Utc>,
    hooks: &Hooks<'_>,
) -> Result<Batch, ImportError> {
    let started = clock();
    let name = dropped.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = store::open(&dropped.path)?;
    let mut staging = Staging::create(&folders.outbox)?;
    let mut files = Files::of(&staging);
    let finished = {
        let mut outputs = Outputs {
            accepted: Some(Box::new(&mut files.accepted)),
            rejected: Some(Box::new(&mut files.rejected)),
            reports: Some(Box::new(&mut files.reports)),
            reports_csv: Some(Box::new(&mut files.reports_csv)),
            report_all: false,
        };
        let mut past = Past::unknown();
        run(source, &name, settings, &mut past, &mut outputs, hooks)
            .map_err(|source| ImportError::Batch { path: dropped.path.clone(), source })?
    };
    if finished.failure.is_some() {
        // What was written before the failure is worth nothing: begin again with an empty folder.
        drop(files);
        staging = Staging::create(&folders.outbox)?;
    } else {
        files.close(&mut staging, finished.format)?;
    }
    let workbook = companions::workbook(&mut staging, &finished, &settings.context.classifiers)
        .map_err(|source| ImportError::Companion { path: dropped.path.clone(), source })?;
    publish(dropped, &name, folders, rules, staging, (finished, workbook), (started, clock()))
}

fn publish(
    dropped: &Dropped,
    name: &str,
    folders: &Folders,
    rules: &RulesSummary,
    mut staging: Staging,
    (finished, workbook): (Finished, companions::Workbook),
    (started, ended): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Batch, ImportError> {
    let batch = staging.free_name(&stem(name), &finished.digest.batch8());
    let month = ended.format("%Y-%m").to_string();
    let extension = dropped
        .path
        .extension()
        .map(|extension| format!(".{}", extension.to_string_lossy()))
        .unwrap_or_default();
    let archived = dropped.archived.then(|| folders.archive.join(&month).join(format!("{batch}{extension}")));
    if let Some(failure) = &finished.failure {
        let original = archived.as_deref().unwrap_or(&dropped.path).display().to_string();
        staging.write(UNREADABLE, unreadable_page(name, failure, &original).as_bytes())?;
    }
    let status = BatchStatus::of(&finished.tally.counts, finished.failure.is_some());
    let mut outputs: Vec<String> = staging.names().map(str::to_owned).collect();
    outputs.extend(companions::wants_page(&finished).then(|| companions::PAGE.to_owned()));
    let rejected =
        outputs.iter().find(|name| name.starts_with("rejected.")).map(|name| Path::new(&batch).join(name));
    let summary = Summary {
        status,
        file: file_summary(name, &finished),
        origin: Origin {
            path: dropped.path.display().to_string(),
            archived: archived.as_ref().map(|path| path.display().to_string()),
        },
        times: Times { started: started.to_rfc3339(), finished: ended.to_rfc3339() },
        records: finished.tally.counts,
        errors: FindingSummary::list(&finished.tally, Severity::Error),
        warnings: FindingSummary::list(&finished.tally, Severity::Warning)
            .into_iter()
            .chain(finished.warnings.iter().map(FindingSummary::of_file))
            .collect(),
        failure: finished.failure.as_ref().map(FailureReport::from),
        rules: rules.clone(),
        tool_version: env!("CARGO_PKG_VERSION"),
        next_steps: next_steps(status, rejected.as_deref(), workbook),
        outputs,
        batch,
    };
    companions::page(&mut staging, &summary, finished.tally.findings.values().sum())
        .map_err(|source| ImportError::Companion { path: dropped.path.clone(), source })?;
    let mut text = serde_json::to_vec_pretty(&summary).map_err(|error| ImportError::Batch {
        path: dropped.path.clone(),
        source: BatchError::Write(error.into()),
    })?;
    text.push(b'\n');
    staging.write(SUMMARY, &text)?;
    if dropped.archived {
        store::prepare_archive(&folders.archive, &month)?;
    }
    let published = staging.publish(&summary.batch)?;
    if dropped.archived {
        store::archive(&dropped.path, &folders.archive, &month, &summary.batch)?;
    }
    let rejected = rejected.map(|path| folders.outbox.join(path));
    Ok(Batch { folder: published.folder, summary, finished, rejected, workbook })
}

/// What a summary says of a file.
#[must_use]
pub fn file_summary(name: &str, finished: &Finished) -> FileSummary {
    FileSummary {
        name: name.to_owned(),
        bytes: finished.digest.bytes,
        sha256: finished.digest.hex(),
        format: finished.format.map(Format::name),
        encoding: finished.encoding.map(|encoding| encoding.name()),
        delimiter: match finished.format {
            Some(Format::Csv { delimiter, carrier: Carrier::Text }) => Some(char::from(delimiter)),
            _ => None,
        },
        unknown_columns: finished.unknown_columns.clone(),
    }
}

fn next_steps(status: BatchStatus, rejected: Option<&Path>, workbook: companions::Workbook) -> Vec<String> {
    match (status, rejected) {
        (BatchStatus::Accepted, _) => Vec::new(),
        (BatchStatus::Unreadable, _) => {
            vec!["Read unreadable.txt, have the file corrected, and drop it again.".to_owned()]
        }
        (_, Some(rejected)) => [
            match workbook {
                companions::Workbook::Written => format!(
                    "Correct the red cells in {} (or the records in {}) and drop the file into the inbox.",
                    rejected.with_file_name(companions::WORKBOOK).display(),
                    rejected.display()
                ),
                _ => {
                    format!("Correct the records in {} and drop the file into the inbox.", rejected.display())
                }
            },
            "report.html and errors.csv say what is wrong with each; `kyc-import explain CODE` says more."
                .to_owned(),
        ]
        .into_iter()
        .chain(
            workbook.omitted().map(|omission| format!("There is no {}: {omission}.", companions::WORKBOOK)),
        )
        .collect(),
        (_, None) => Vec::new(),
    }
}

/// The output files of a batch.
struct Files {
    accepted: store::OutputFile,
    rejected: store::OutputFile,
    reports: store::OutputFile,
    reports_csv: store::OutputFile,
}

impl Files {
    /// The rejected file gets its ending when the format is known.
    fn of(staging: &Staging) -> Self {
        Self {
            accepted: staging.file(ACCEPTED),
            rejected: staging.file("rejected"),
            reports: staging.file(REPORTS),
            reports_csv: staging.file(REPORTS_CSV),
        }
    }

    fn close(mut self, staging: &mut Staging, format: Option<Format>) -> Result<(), StoreError> {
        if let Some(format) = format {
            self.rejected.rename(&format!("rejected.{}", format.extension()))?;
        }
        for file in [self.accepted, self.rejected, self.reports, self.reports_csv] {
            staging.close(file)?;
        }
        Ok(())
    }
}
