//! Measures for a monitoring system, as a text file in the format of Prometheus.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::Prepared;
use crate::store::ledger::Measures;
use crate::store::{self, Ledger, StoreError};

/// The mode of the file: monitoring runs as another user, and it holds no data of customers.
const MODE: u32 = 0o644;

impl Prepared {
    /// Writes the file anew, where one is wanted. A failure is logged and stops nothing.
    pub(super) fn write_metrics(&self, ledger: &Ledger) {
        let Some(path) = &self.metrics else { return };
        if let Err(error) = write(path, ledger, &self.installation.folders.inbox) {
            tracing::error!(%error, "the measures could not be written");
        }
    }
}

fn write(path: &Path, ledger: &Ledger, inbox: &Path) -> Result<(), StoreError> {
    let measures = ledger.measures()?;
    // A missing inbox holds no file; `doctor` says that it is missing.
    let waiting = store::scan(inbox).unwrap_or_default();
    let waiting = waiting.iter().filter(|candidate| candidate.waiting.is_none()).count();
    store::replace_text(path, &text(&measures, waiting, Utc::now()), MODE)
}

fn text(measures: &Measures, waiting: usize, now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let mut metric = |name: &str, kind: &str, help: &str, lines: &[(String, f64)]| {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "# HELP kyc_import_{name} {help}\n# TYPE kyc_import_{name} {kind}");
        for (labels, value) in lines {
            let _ = writeln!(text, "kyc_import_{name}{labels} {value}");
        }
    };
    let bare = |value: f64| vec![(String::new(), value)];
    let seconds = |at: &Option<String>| {
        at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.to_utc())
    };
    let timestamp = |at: DateTime<Utc>| at.timestamp_millis() as f64 / 1000.0;
    let last = seconds(&measures.last_success).map_or(0.0, timestamp);
    metric(
        "last_success_timestamp_seconds",
        "gauge",
        "When the last batch whose records count was done.",
        &bare(last),
    );
    let labelled = |label: &str, pairs: &[(String, u64)]| -> Vec<(String, f64)> {
        pairs.iter().map(|(value, count)| (format!("{{{label}=\"{value}\"}}"), *count as f64)).collect()
    };
    metric("batches_total", "counter", "Batches by status.", &labelled("status", &measures.batches));
    let [_, accepted, rejected] = measures.records;
    let records = [("accepted".to_owned(), accepted), ("rejected".to_owned(), rejected)];
    metric("records_total", "counter", "Records by result.", &labelled("result", &records));
    metric("findings_total", "counter", "Errors and warnings by code.", &labelled("code", &measures.codes));
    metric(
        "open_corrections",
        "gauge",
        "Batches whose rejected records wait for a correction.",
        &bare(measures.open as f64),
    );
    let age = seconds(&measures.oldest_open).map_or(0, |since| (now - since).num_seconds().max(0));
    metric(
        "oldest_open_correction_age_seconds",
        "gauge",
        "For how long the oldest of them waits.",
        &bare(age as f64),
    );
    metric("inbox_files", "gauge", "Files of the inbox that are not taken yet.", &bare(waiting as f64));
    metric(
        "unfinished_files",
        "gauge",
        "Files that were begun and are not done.",
        &bare(measures.unfinished as f64),
    );
    let (count, seconds) = measures.spans;
    let durations = [("_sum".to_owned(), seconds), ("_count".to_owned(), count as f64)];
    metric(
        "batch_duration_seconds",
        "summary",
        "From the claim of a file to the end of its batch.",
        &durations,
    );
    text
}
