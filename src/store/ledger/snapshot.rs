//! The register for those who only read it, also while another process writes: as it stood at one moment.

use std::io;

use memchr::memmem;

use super::Ledger;
use super::index::Index;
use super::journal::{Journal, Part};
use super::line::Kept;
use super::register::{KnownRecord, learn_customer};
use crate::key::Keys;
use crate::store::StoreError;

/// What the ledger says of a record's batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Its folder; none where `register import` brought the record, or the batch was forgotten.
    pub batch: Option<String>,
    /// When that was decided, in RFC 3339.
    pub committed_at: Option<String>,
    /// The batch was superseded: its records do not count.
    pub void: bool,
}

/// A record of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its identifiers.
    pub known: KnownRecord,
    /// Its entity type, category and status.
    pub others: [Option<String>; 3],
    /// How it came.
    pub brought: Brought,
}

/// The records that count.
#[derive(Debug)]
pub struct Snapshot {
    keys: Keys,
    journal: Journal,
    parts: Vec<Part>,
    customers: Index,
}

impl Snapshot {
    /// Takes the register of a ledger as it is now; `None` where nothing was ever registered.
    ///
    /// # Errors
    ///
    /// When the ledger or its journal cannot be read, or the journal is damaged.
    pub fn take(ledger: &Ledger) -> Result<Option<Self>, StoreError> {
        let Some(journal) = ledger.journal_to_read()? else { return Ok(None) };
        let parts = ledger.parts(0)?;
        Self::of(journal, parts).map(Some)
    }

    /// Takes what can still be read. Says too why something is left out, if something is.
    ///
    /// # Errors
    ///
    /// When the ledger is damaged, or it or its journal cannot be read at all.
    pub fn take_sound(ledger: &Ledger) -> Result<Option<(Self, Option<StoreError>)>, StoreError> {
        if let Some(fault) = ledger.tables_fault()? {
            return Err(StoreError::of_ledger("read the ledger", ledger.path())(io::Error::other(fault)));
        }
        let Some(journal) = ledger.journal_to_read()? else { return Ok(None) };
        let mut fault = None;
        let mut parts = ledger.parts(0)?;
        parts.retain(|part| journal.check(part).map_err(|error| fault = Some(error)).is_ok());
        Ok(Some((Self::of(journal, parts)?, fault)))
    }

    fn of(journal: Journal, parts: Vec<Part>) -> Result<Self, StoreError> {
        let (keys, mut customers) = (Keys::default(), Index::default());
        journal.each_line(&parts, |id, line| {
            let kept = Kept::read(line).ok_or_else(|| journal.damaged())?;
            learn_customer(&mut customers, &keys, &journal, id, &kept)
        })?;
        Ok(Self { keys, journal, parts, customers })
    }

    /// Hands every record that counts to `each`: a customer by its last record alone. Returns how many there are.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read, or `each` fails.
    pub fn export<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(KnownRecord) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut count = 0;
        self.journal.each_line(&self.parts, |id, line| {
            let kept = Kept::read(line).ok_or_else(|| self.journal.damaged())?;
            let mut known = KnownRecord::of(&kept);
            if let Some(text) = kept.customer()
                && !self.customers.lines(self.keys.key(text).hash())?.any(|last| last == id)
            {
                known.customer_ext_id = None;
            }
            if known.customer_ext_id.is_none() && known.communication_number.is_none() {
                return Ok(());
            }
            count += 1;
            each(known)
        })?;
        Ok(count)
    }
}

impl Ledger {
    /// Hands every record of an identifier, a customer's or a number, to `each`, oldest first, also void ones.
    ///
    /// # Errors
    ///
    /// When the ledger or its journal cannot be read, the journal is damaged, or `each` fails.
    pub fn find<E: From<StoreError>>(
        &self,
        identifier: &str,
        mut each: impl FnMut(Found) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(journal) = self.journal_to_read()? else { return Ok(()) };
        // Lines are written by the same rules, so only one with these bytes can hold it.
        let text = serde_json::Value::from(identifier).to_string();
        let text = memmem::Finder::new(&text);
        for (part, brought) in self.told_parts()? {
            journal.each_line([&part], |_, line| {
                if text.find(line).is_none() {
                    return Ok(());
                }
                let kept = Kept::read(line).ok_or_else(|| journal.damaged())?;
                if ![kept.customer(), kept.number()].contains(&Some(identifier)) {
                    return Ok(());
                }
                let others = kept.others().map(|text| text.map(str::to_owned));
                each(Found { known: KnownRecord::of(&kept), others, brought: brought.clone() })
            })?;
        }
        Ok(())
    }
}
