//! Counts of what was found, for the summary.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::contract::Severity;
use crate::rules::{Verdict, Violation};

/// How many records were read, and what became of them. `read = accepted + rejected`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All records of the file.
    pub read: u64,
    /// Those that go through.
    pub accepted: u64,
    /// Those that do not.
    pub rejected: u64,
    /// Those that have warnings, accepted or not.
    pub with_warnings: u64,
}

/// What violations are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Errors first.
    pub severity: Severity,
    /// The place in the order of reporting.
    pub order: u16,
    /// The code.
    pub code: String,
    /// The path of the field, with `*` for every index.
    pub field: String,
    /// What is wrong, without the indices.
    pub problem: String,
}

/// Counts of records and violations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The records.
    pub counts: Counts,
    /// The violations.
    pub findings: BTreeMap<Finding, u64>,
}

impl Tally {
    /// Counts a record.
    pub fn add(&mut self, verdict: &Verdict) {
        self.counts.read += 1;
        if verdict.is_accepted() {
            self.counts.accepted += 1;
        } else {
            self.counts.rejected += 1;
        }
        if !verdict.is_clean() {
            self.counts.with_warnings += u64::from(!verdict.warnings.is_empty());
            for violation in verdict.errors.iter().chain(&verdict.warnings) {
                *self.findings.entry(finding(violation)).or_default() += 1;
            }
        }
    }

    /// Takes counts out again.
    pub fn subtract(&mut self, other: &Self) {
        self.counts.read -= other.counts.read;
        self.counts.accepted -= other.counts.accepted;
        self.counts.rejected -= other.counts.rejected;
        self.counts.with_warnings -= other.counts.with_warnings;
        for (finding, count) in &other.findings {
            if let Some(own) = self.findings.get_mut(finding) {
                *own -= count;
            }
        }
        self.findings.retain(|_, count| *count > 0);
    }

    /// Adds the counts of another part of the file.
    pub fn merge(&mut self, other: Self) {
        self.counts.read += other.counts.read;
        self.counts.accepted += other.counts.accepted;
        self.counts.rejected += other.counts.rejected;
        self.counts.with_warnings += other.counts.with_warnings;
        for (finding, count) in other.findings {
            *self.findings.entry(finding).or_default() += count;
        }
    }
}

fn finding(violation: &Violation) -> Finding {
    Finding {
        severity: violation.severity,
        order: violation.order,
        code: violation.code.to_string(),
        field: without_indices(&violation.field),
        problem: crate::rules::problem(violation),
    }
}

/// A path with `*` for every index: `listAddress[*].country`.
fn without_indices(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((_, behind)) = after.split_once(']') else { break };
        out.push_str(before);
        out.push_str("[*]");
        rest = behind;
    }
    out + rest
}
