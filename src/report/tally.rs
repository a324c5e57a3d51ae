//! Counts of what was found, for the summary.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use super::record::Located;
use super::said::Sayings;
use crate::contract::Severity;
use crate::contract::codes::warning::{W001, W014};
use crate::rules::{Verdict, Violation};

/// How many records were read, and what became of them. `read = accepted + rejected`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Errors first.
    pub severity: Severity,
    /// The place in the order of reporting.
    pub order: u16,
    /// The code.
    pub code: String,
    /// The path of the field, with `*` for every index; `*` alone for names that are counted together.
    pub field: String,
    /// What is wrong, without the indices.
    pub problem: String,
}

impl Finding {
    /// Whether its field may have any name: a file may hold as many as it likes.
    fn has_any_name(&self) -> bool {
        [&W001, &W014].iter().any(|part| part.segment == self.code) && self.field != OTHER_NAMES
    }

    /// The same of all names that are counted together.
    fn of_others(&self) -> Self {
        Self { field: OTHER_NAMES.to_owned(), ..self.clone() }
    }
}

/// How many unknown or repeated names are counted each for itself: the first in the order of findings, so that it
/// does not matter how a file is cut. The others are counted together.
const NAMES_MAX: usize = 1_000;

/// The field of names that are counted together.
const OTHER_NAMES: &str = "*";

/// A finding as it is looked up: borrowed, so that counting one again makes no texts.
type Key<'k> = (Severity, u16, &'k str, &'k str, &'k str);

/// What has such a key.
trait Keyed {
    fn key(&self) -> Key<'_>;
}

impl Keyed for Finding {
    fn key(&self) -> Key<'_> {
        (self.severity, self.order, &self.code, &self.field, &self.problem)
    }
}

impl Keyed for Key<'_> {
    fn key(&self) -> Key<'_> {
        *self
    }
}

impl Ord for dyn Keyed + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for dyn Keyed + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for dyn Keyed + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for dyn Keyed + '_ {}

impl Ord for Finding {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'k> Borrow<dyn Keyed + 'k> for Finding {
    fn borrow(&self) -> &(dyn Keyed + 'k) {
        self
    }
}

/// Counts of records and violations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The records.
    pub counts: Counts,
    /// The violations.
    pub findings: BTreeMap<Finding, u64>,
    /// How many of them have any name.
    names: usize,
}

impl Tally {
    /// Counts a record with its findings. Of those that are remembered the times are counted in `sayings`, until they are
    /// [settled](Self::settle).
    pub fn add(&mut self, verdict: &Verdict, located: &[Located], sayings: &mut Sayings) {
        self.counts.read += 1;
        if verdict.is_accepted() {
            self.counts.accepted += 1;
        } else {
            self.counts.rejected += 1;
        }
        if !verdict.is_clean() {
            self.counts.with_warnings += u64::from(!verdict.warnings.is_empty());
            for (violation, located) in verdict.errors.iter().chain(&verdict.warnings).zip(located) {
                match located.said {
                    Some(said) => sayings.count(said),
                    None => self.count(violation, &located.code, 1),
                }
            }
        }
    }

    /// Takes over the times that were counted of violations that are remembered.
    pub fn settle(&mut self, sayings: &mut Sayings) {
        sayings.settle(|violation, code, times| self.count(violation, code, times));
    }

    #[cold]
    fn count(&mut self, violation: &Violation, code: &str, times: u64) {
        let field = without_indices(&violation.field);
        let problem = crate::rules::problem(violation);
        let key: Key<'_> = (violation.severity, violation.order, code, &field, problem);
        if let Some(count) = self.findings.get_mut(&key as &dyn Keyed) {
            *count += times;
            return;
        }
        let finding = Finding {
            severity: violation.severity,
            order: violation.order,
            code: code.to_owned(),
            problem: problem.to_owned(),
            field: field.into_owned(),
        };
        self.put(finding, times);
    }

    /// Counts a finding so often.
    fn put(&mut self, finding: Finding, count: u64) {
        let has_any_name = finding.has_any_name();
        match self.findings.entry(finding) {
            Entry::Occupied(mut own) => *own.get_mut() += count,
            Entry::Vacant(free) => {
                free.insert(count);
                self.names += usize::from(has_any_name);
            }
        }
        if self.names > NAMES_MAX
            && let Some(last) = self.findings.keys().rev().find(|finding| finding.has_any_name())
        {
            let (last, others) = (last.clone(), last.of_others());
            let count = self.findings.remove(&last).unwrap_or_default();
            self.names -= 1;
            *self.findings.entry(others).or_default() += count;
        }
    }

    /// Takes counts out again.
    pub fn subtract(&mut self, other: &Self) {
        self.counts.read -= other.counts.read;
        self.counts.accepted -= other.counts.accepted;
        self.counts.rejected -= other.counts.rejected;
        self.counts.with_warnings -= other.counts.with_warnings;
        for (finding, count) in &other.findings {
            // A name that is not here is one of the others, also where the other part counted it for itself.
            let own = match self.findings.contains_key(finding) {
                true => self.findings.get_mut(finding),
                false => self.findings.get_mut(&finding.of_others()),
            };
            if let Some(own) = own {
                *own -= count;
            }
        }
        self.findings.retain(|_, count| *count > 0);
        self.names = self.findings.keys().filter(|finding| finding.has_any_name()).count();
    }

    /// Adds the counts of another part of the file.
    pub fn merge(&mut self, other: Self) {
        self.counts.read += other.counts.read;
        self.counts.accepted += other.counts.accepted;
        self.counts.rejected += other.counts.rejected;
        self.counts.with_warnings += other.counts.with_warnings;
        for (finding, count) in other.findings {
            self.put(finding, count);
        }
    }
}

/// A path with `*` for every index: `listAddress[*].country`.
fn without_indices(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((_, behind)) = after.split_once(']') else { break };
        out.push_str(before);
        out.push_str("[*]");
        rest = behind;
    }
    Cow::Owned(out + rest)
}
