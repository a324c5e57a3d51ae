//! A batch that is not imported because its file does not hold what was expected.

use std::fmt::Write as _;

use serde::Serialize;

use super::Counts;
use crate::format::Expected;

/// Why nothing of a readable file is imported: a limit of the settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Aborted {
    /// The setting that was passed.
    pub setting: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
    /// How many records would have been accepted.
    pub good_records: u64,
    /// How many would have been rejected.
    pub bad_records: u64,
}

impl Aborted {
    /// Whether what was counted is not what was expected of the file.
    #[must_use]
    pub fn of(counts: &Counts, expected: &Expected) -> Option<Self> {
        let Counts { read, accepted, rejected, .. } = *counts;
        let aborted = |setting, message, hint| {
            Some(Self { setting, message, hint, good_records: accepted, bad_records: rejected })
        };
        let percent = rejected as f64 * 100.0 / read.max(1) as f64;
        match *expected {
            Expected { records_max: Some(most), .. } if read > most => aborted(
                "max_records",
                format!("The file holds {read} records, at most {most} were expected"),
                "Check that it is the right file; if it is, raise max_records and drop it again.",
            ),
            Expected { records_min: Some(fewest), .. } if read < fewest => aborted(
                "min_records",
                format!("The file holds {read} records, at least {fewest} were expected"),
                "Check that it was written to its end; if it was, lower min_records and drop it again.",
            ),
            Expected { rejected_percent_max: Some(most), .. } if percent > most => aborted(
                "max_rejected_percent",
                format!(
                    "Of {read} records {rejected} would be rejected ({percent:.1} percent), at most {most} percent were expected"
                ),
                "errors.csv says what is wrong with each; have the file corrected where it comes from and drop it again.",
            ),
            _ => None,
        }
    }

    /// A file that is not what its marker says.
    #[must_use]
    pub fn by_marker(counts: &Counts, message: String) -> Self {
        Self {
            setting: "marker",
            message,
            hint: "Check that both are whole and belong together, and have both sent again; if the file is right, run kyc-import reprocess --original on this batch.",
            good_records: counts.accepted,
            bad_records: counts.rejected,
        }
    }

    /// `aborted.txt`: one plain page.
    #[must_use]
    pub fn page(&self, file: &str, original: &str) -> String {
        let mut page = format!("Nothing of {file} was imported, although it could be read.\n");
        // Writing into a string cannot fail.
        let _ = write!(page, "\nWhy\n  {}.\n  The setting is {}.\n", self.message, self.setting);
        let _ = write!(
            page,
            "\nWhat was found\n  Good records: {}. Bad records: {}. None of them went anywhere.\n",
            self.good_records, self.bad_records
        );
        let _ = write!(page, "\nWhat to do\n  {}\n\nThe original is kept: {original}\n", self.hint);
        page
    }
}
