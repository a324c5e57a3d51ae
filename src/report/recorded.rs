//! `summary.json` read back: what the ledger keeps of a batch.

use std::path::PathBuf;

use serde::Deserialize;

use super::{BatchStatus, Counts, Times};

/// What [`Summary`](super::Summary) says of a batch, without its errors and its rules.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordedSummary {
    /// What became of it.
    pub status: BatchStatus,
    /// The file.
    pub file: RecordedFile,
    /// Where it comes from.
    pub origin: RecordedOrigin,
    /// When it was worked on.
    pub times: Times,
    /// How many records.
    pub records: Counts,
}

/// The file of a batch.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordedFile {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Where a batch comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedOrigin {
    /// The path as it was given or found.
    pub path: PathBuf,
    /// Where the original is kept, if it was archived.
    pub archived: Option<PathBuf>,
    /// The batch whose rejected records these were.
    pub reprocess_of: Option<String>,
    /// How many rejected records of that batch did not come back.
    pub withdrawn: Option<u64>,
    /// The batch that counts no longer because of this one.
    pub supersedes: Option<String>,
}
