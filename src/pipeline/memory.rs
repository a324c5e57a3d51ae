//! What remembers earlier records: a set in memory, or the register of the ledger.

use super::BatchError;
use super::judge::Judged;
use crate::contract::tables::customer::{
    COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY,
};
use crate::contract::{NodeId, Record};
use crate::key::{Key, Keys};
use crate::rules::{Findings, Identity, Kind, Past};
use crate::store::ledger::{Identifier, NewRecord, Taking};

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

    /// Whether it keeps the texts of identifiers.
    pub(super) const fn keeps_texts(&self) -> bool {
        matches!(self, Self::Register(_))
    }

    /// Brings what is known of several records near.
    pub(super) fn foresee<'i>(&self, identities: impl Iterator<Item = &'i Identity>) {
        match self {
            Self::Past(past) => past.foresee(identities),
            Self::Register(taking) => {
                let peeked = identities
                    .fold(0, |peeked, identity| peeked ^ taking.foresee(identity.customer, identity.number));
                std::hint::black_box(peeked);
            }
        }
    }

    /// Judges a record by what is known, and learns it where it is accepted.
    pub(super) fn admit(&mut self, judged: &Judged, texts: &[u8]) -> Result<Findings, BatchError> {
        let Some(identity) = &judged.identity else { return Ok(Findings::default()) };
        let taking = match self {
            Self::Past(past) => return Ok(past.admit(identity, judged.accepted)),
            Self::Register(taking) => taking,
        };
        let texts = judged.texts.read(texts);
        let [customer, number, entity_type, category, status] = texts;
        let customer = with_key(identity.customer, customer);
        let number = with_key(identity.number, number);
        let known = taking.known(customer.as_ref(), number.as_ref())?;
        let kind = known.lead.map(|lead| if lead { Kind::Lead } else { Kind::Customer });
        let findings = Findings::of(identity, kind, known.number_used);
        if judged.accepted && !findings.refuses() {
            let lead = identity.kind == Some(Kind::Lead);
            let record = NewRecord { customer, number, lead, entity_type, category, status };
            taking.take(&record, &known)?;
        }
        Ok(findings)
    }
}

fn with_key(key: Option<Key>, text: Option<&str>) -> Option<Identifier<'_>> {
    Some(Identifier { key: key?, text: text? })
}

/// The fields whose texts the register keeps.
const FIELDS: [usize; 5] =
    [CUSTOMER_EXT_ID, COMMUNICATION_NUMBER, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY, CUSTOMER_STATUS];

/// Where the texts of a record that the register keeps lie among those of its chunk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Texts {
    start: u32,
    bytes: [u32; FIELDS.len()],
}

impl Texts {
    /// Writes the texts of a record. Those of one chunk are fewer than its bytes, so 32 bits hold every place.
    pub fn of(record: &Record<'_>, out: &mut Vec<u8>) -> Self {
        let start = out.len() as u32;
        let bytes = FIELDS.map(|field| {
            let text = record.text(NodeId::ROOT, field).unwrap_or_default();
            out.extend_from_slice(text.as_bytes());
            text.len() as u32
        });
        Self { start, bytes }
    }

    /// The texts; `None` for a field that was absent.
    fn read<'t>(&self, texts: &'t [u8]) -> [Option<&'t str>; FIELDS.len()] {
        let mut at = self.start as usize;
        self.bytes.map(|bytes| {
            let text = texts.get(at..at + bytes as usize);
            at += bytes as usize;
            text.and_then(|text| std::str::from_utf8(text).ok()).filter(|text| !text.is_empty())
        })
    }
}
