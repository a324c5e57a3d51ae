//! What remembers earlier records: a set in memory, or the register of the ledger.

use super::BatchError;
use super::judge::Judged;
use crate::contract::tables::customer::{
    COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY,
};
use crate::contract::{NodeId, Record};
use crate::format::json::lines::Lines;
use crate::key::{Key, Keys};
use crate::rules::{Findings, Identity, Kind, Past};
use crate::store::StoreError;
use crate::store::ledger::{Entry, LineSink, NewRecord, Taking};

/// What knows earlier records, and learns the accepted ones.
#[derive(Debug)]
pub enum Memory<'m, 'l> {
    /// A past in memory, which ends with the process.
    Past(&'m mut Past),
    /// The register, which learns for good when the batch is committed.
    Register(&'m mut Taking<'l>),
}

impl<'m> From<&'m mut Past> for Memory<'m, '_> {
    fn from(past: &'m mut Past) -> Self {
        Self::Past(past)
    }
}

impl<'m, 'l> From<&'m mut Taking<'l>> for Memory<'m, 'l> {
    fn from(taking: &'m mut Taking<'l>) -> Self {
        Self::Register(taking)
    }
}

impl Memory<'_, '_> {
    /// The maker of keys.
    pub(super) fn keys(&self) -> &Keys {
        match self {
            Self::Past(past) => past.keys(),
            Self::Register(taking) => taking.keys(),
        }
    }

    /// Whether it keeps records, not only their keys.
    pub(super) const fn keeps_records(&self) -> bool {
        matches!(self, Self::Register(_))
    }

    /// Makes room for the records that are to come.
    pub(super) fn expect(&mut self, records: usize) {
        if let Self::Register(taking) = self {
            taking.expect(records);
        }
    }

    /// Says that no more records come.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Past(_) => Ok(()),
            Self::Register(taking) => taking.flush(),
        }
    }

    /// Brings what is known of several customers and numbers near.
    pub(super) fn foresee(&self, customers: &[Key], numbers: &[Key]) {
        match self {
            Self::Past(past) => past.foresee(customers, numbers),
            Self::Register(taking) => taking.foresee(customers, numbers),
        }
    }

    /// Judges a record by what is known, and learns it where it is accepted. `lines` are those of its chunk.
    pub(super) fn admit(&mut self, judged: &Judged, lines: &[u8]) -> Result<Findings, BatchError> {
        let Some(identity) = &judged.identity else { return Ok(Findings::default()) };
        let taking = match self {
            Self::Past(past) => return Ok(past.admit(identity, judged.accepted)),
            Self::Register(taking) => taking,
        };
        let line = &lines[judged.kept.start as usize..judged.kept.end as usize];
        let entry = Entry { customer: identity.customer, number: identity.number, line };
        let known = taking.known(&entry)?;
        let kind = known.lead.map(|lead| if lead { Kind::Lead } else { Kind::Customer });
        let findings = Findings::of(identity, kind, known.number_used);
        if judged.accepted && !findings.refuses() {
            taking.take(&entry, &known)?;
        }
        Ok(findings)
    }
}

/// Where what the register keeps of a record lies among the lines of its chunk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kept {
    start: u32,
    end: u32,
}

impl Kept {
    /// Writes what the register keeps of a record.
    pub fn of(record: &Record<'_>, identity: &Identity, out: &mut Lines) -> Self {
        let start = out.len();
        let text = |field| record.text(NodeId::ROOT, field);
        let kept = NewRecord(
            text(CUSTOMER_EXT_ID),
            text(COMMUNICATION_NUMBER),
            identity.kind == Some(Kind::Lead),
            text(ENTITY_TYPE),
            text(RISK_MANAGEMENT_CATEGORY),
            text(CUSTOMER_STATUS),
        );
        let mut line = InLines { record, out, at: start };
        kept.write_to(&mut line);
        let end = line.at;
        out.end(end);
        Self { start: start as u32, end: end as u32 }
    }
}

/// A line that is written behind others, of texts of a record.
struct InLines<'l, 'r> {
    record: &'l Record<'r>,
    out: &'l mut Lines,
    at: usize,
}

impl LineSink for InLines<'_, '_> {
    #[inline(always)]
    fn bytes(&mut self, bytes: &[u8]) {
        self.at = self.out.put(self.at, bytes);
    }

    #[inline(always)]
    fn string(&mut self, text: &str) {
        self.at = self.out.text_of(self.at, self.record, text);
    }
}
