//! Verdicts to files: accepted records, reports on records, counts, summaries.

pub mod accepted;
pub mod record;
mod summary;
mod tally;

pub use record::{Located, RecordHead, ResultType, Status, ViolationReport};
pub use summary::{
    BatchStatus, ClassifierSummary, FailureReport, FileReport, FileSummary, FindingSummary, Origin,
    RulesSummary, Summary, Times, unreadable_page,
};
pub use tally::{Counts, Finding, Tally};
