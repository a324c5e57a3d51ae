//! Verdicts to files: accepted records, reports on records, counts, summaries.

mod aborted;
pub mod accepted;
mod findings;
pub mod html;
pub mod record;
mod recorded;
mod said;
mod summary;
mod tally;
pub mod workbook;

pub use aborted::Aborted;
pub use findings::{FindingLine, FindingLines};
pub use record::{Located, RecordHead, ResultType, Status, ViolationReport};
pub use recorded::{RecordedFile, RecordedOrigin, RecordedSummary};
pub use said::Sayings;
pub use summary::{
    BatchStatus, ClassifierSummary, FailureReport, FileReport, FileSummary, FindingSummary, Origin,
    RulesSummary, Summary, Times, unreadable_page,
};
pub use tally::{Counts, Finding, Tally};
