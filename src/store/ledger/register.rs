//! The register: the customers and communication numbers of all accepted records.
//!
//! Records are appended to one table in the order of acceptance, in the same decision as their batch; what
//! finds them is an index in memory, of hashes, whose every hit is compared with the row. A table that only
//! grows at its end costs a third of one that is kept in the order of its keys.

use std::collections::HashMap;
use std::path::PathBuf;

use super::index::Index;
use super::rows::Commit;
use super::sidecar::{self, Sidecar};
use super::waiting::{ROWS_AT_ONCE, Waiting};
use super::{Ledger, failed};
use crate::key::{Key, Keys, new_secret};
use crate::store::StoreError;
use crate::store::fault::failpoint;

/// What is known of the identifiers of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The customer is known; whether it is a lead.
    pub lead: Option<bool>,
    /// The communication number was used.
    pub number_used: bool,
    /// The row of the customer.
    row: Option<u32>,
}

/// An identifier with its key.
#[derive(Debug, Clone, Copy)]
pub struct Identifier<'t> {
    /// The key.
    pub key: Key,
    /// The text.
    pub text: &'t str,
}

/// A record that was accepted.
#[derive(Debug, Clone, Copy)]
pub struct NewRecord<'t> {
    /// Its customer.
    pub customer: Option<Identifier<'t>>,
    /// Its communication number.
    pub number: Option<Identifier<'t>>,
    /// Whether it is a lead.
    pub lead: bool,
    /// Its entity type.
    pub entity_type: Option<&'t str>,
    /// Its category.
    pub category: Option<&'t str>,
    /// Its status.
    pub status: Option<&'t str>,
}

/// A record of the register, as it is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRecord {
    /// Its customer.
    pub customer_ext_id: Option<String>,
    /// Its communication number.
    pub communication_number: Option<String>,
    /// Whether the customer is a lead.
    pub lead: bool,
}

/// The identifiers of the register, in memory.
#[derive(Debug)]
pub struct Register {
    keys: Keys,
    customers: Index,
    numbers: Index,
    /// The number of the last row.
    last: u32,
    /// The last row that the sidecar knows.
    covered: u32,
    sidecar: PathBuf,
}

/// The setting of the ledger that holds the secret of the keys.
const SECRET: &str = "register_secret";

/// The sidecar is written anew when this many rows are missing in it, and an eighth of them all.
const MISSING_MIN: u32 = 20_000;

impl Register {
    /// Loads the register of a ledger.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read or written.
    pub fn load(ledger: &Ledger) -> Result<Self, StoreError> {
        let keys = secret(ledger)?;
        let sidecar = ledger.path.with_file_name(sidecar::FILE);
        let last = ledger.ask("SELECT coalesce(max(id), 0) FROM records", [], |row| row.get(0))?.unwrap_or(0);
        let token = ledger.meta(sidecar::TOKEN)?;
        let found =
            token.and_then(|token| Sidecar::read(&sidecar, &token)).filter(|found| found.covered <= last);
        let mut register = match found {
            Some(Sidecar { covered, customers, numbers, .. }) => {
                Self { keys, customers, numbers, last, covered, sidecar }
            }
            None => {
                let room = Index::with_room(last as usize);
                Self { keys, customers: room.clone(), numbers: room, last, covered: 0, sidecar }
            }
        };
        register.index_rows(ledger, register.covered)?;
        Ok(register)
    }

    /// Loads the register of a ledger that is only read.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn load_to_read(ledger: &Ledger) -> Result<Self, StoreError> {
        let last = ledger.ask("SELECT coalesce(max(id), 0) FROM records", [], |row| row.get(0))?.unwrap_or(0);
        let sidecar = ledger.path.with_file_name(sidecar::FILE);
        let (customers, numbers) = (Index::default(), Index::default());
        let mut register = Self { keys: Keys::default(), customers, numbers, last, covered: 0, sidecar };
        register.index_rows(ledger, 0)?;
        Ok(register)
    }

    /// The maker of this register's keys.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Takes the rows behind a number into the index. Of a customer the last row counts.
    fn index_rows(&mut self, ledger: &Ledger, behind: u32) -> Result<(), StoreError> {
        let read = ledger.read_failed();
        let mut statement = ledger
            .connection
            .prepare(
                "SELECT id, customer_ext_id, communication_number FROM records WHERE id > ?1 AND void = 0 ORDER BY id",
            )
            .map_err(&read)?;
        let mut rows = statement.query([behind]).map_err(&read)?;
        while let Some(row) = rows.next().map_err(&read)? {
            let id: u32 = row.get(0).map_err(&read)?;
            if let Some(text) = row.get_ref(1).map_err(&read)?.as_str_or_null().unwrap_or_default() {
                let hash = self.keys.key(text).hash();
                match find(ledger, CUSTOMER_OF, self.customers.rows(hash), text)? {
                    Some((old, _)) => self.customers.replace(hash, old, id),
                    None => self.customers.insert(hash, id),
                }
            }
            if let Some(text) = row.get_ref(2).map_err(&read)?.as_str_or_null().unwrap_or_default() {
                self.numbers.insert(self.keys.key(text).hash(), id);
            }
        }
        Ok(())
    }

    /// Reads everything anew: after rows were made void, or were made void and it was not decided so.
    fn reload(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        let room = Index::with_room(self.last as usize);
        self.customers = room.clone();
        self.numbers = room;
        self.covered = 0;
        self.index_rows(ledger, 0)
    }

    /// Writes the sidecar anew where much is missing in it.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Without it the next start takes longer, that is all.
    pub fn save(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        let missing = self.last.saturating_sub(self.covered);
        if missing < MISSING_MIN || missing < self.covered / 8 {
            return Ok(());
        }
        let token = Sidecar::write(&self.sidecar, self.last, &self.customers, &self.numbers)?;
        ledger.set_meta(sidecar::TOKEN, &token)?;
        self.covered = self.last;
        Ok(())
    }
}

fn secret(ledger: &Ledger) -> Result<Keys, StoreError> {
    if let Some(text) = ledger.meta(SECRET)? {
        let part = |range| text.get(range).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        if let (Some(first), Some(second)) = (part(0..16), part(16..32)) {
            return Ok(Keys::with_secret(first, second));
        }
    }
    let (first, second) = new_secret();
    ledger.set_meta(SECRET, &format!("{first:016x}{second:016x}"))?;
    Ok(Keys::with_secret(first, second))
}

const CUSTOMER_OF: &str = "SELECT customer_ext_id, lead FROM records WHERE id = ?1";
const NUMBER_OF: &str = "SELECT communication_number, lead FROM records WHERE id = ?1";

/// The row among some that holds a text, and its flag.
fn find(
    ledger: &Ledger,
    query: &str,
    rows: impl Iterator<Item = u32>,
    text: &str,
) -> Result<Option<(u32, bool)>, StoreError> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(None);
    }
    let mut statement = ledger.connection.prepare_cached(query).map_err(ledger.read_failed())?;
    for id in rows {
        let lead = statement
            .query_row([id], |row| Ok((row.get_ref(0)?.as_str_or_null()? == Some(text), row.get(1)?)))
            .map_err(ledger.read_failed())?;
        if let (true, lead) = lead {
            return Ok(Some((id, lead)));
        }
    }
    Ok(None)
}

/// A decision on a batch that is being made: what its records make known counts from the next record on, and
/// for others when it is committed. Dropped, it leaves everything as it was.
#[derive(Debug)]
pub struct Taking<'l> {
    ledger: &'l mut Ledger,
    register: &'l mut Register,
    batch: i64,
    customers: Index,
    numbers: Index,
    /// The new rows of customers that were known, with the row that each replaces.
    replaced: HashMap<u32, u32>,
    /// The rows that are taken and not written yet: the last ones.
    waiting: Waiting,
    last: u32,
    voided: bool,
    open: bool,
}

impl<'l> Taking<'l> {
    /// Begins the decision on a batch. What the batch `supersedes` made known is forgotten.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin(
        ledger: &'l mut Ledger,
        register: &'l mut Register,
        batch: i64,
        supersedes: Option<i64>,
    ) -> Result<Self, StoreError> {
        ledger.begin()?;
        let last = register.last;
        let mut taking = Self {
            ledger,
            register,
            batch,
            customers: Index::default(),
            numbers: Index::default(),
            replaced: HashMap::new(),
            waiting: Waiting::default(),
            last,
            voided: false,
            open: true,
        };
        if let Some(superseded) = supersedes {
            let void = "UPDATE records SET void = 1 WHERE batch = ?1 AND void = 0";
            taking.voided = taking.ledger.change(void, [superseded])? > 0;
        }
        if taking.voided {
            taking.ledger.change("DELETE FROM meta WHERE name = ?1", [sidecar::TOKEN])?;
            taking.register.reload(taking.ledger)?;
        }
        Ok(taking)
    }

    /// The maker of keys.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.register.keys
    }

    /// The ledger, as it stands within this decision.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        self.ledger
    }

    /// Brings what is known of several identifiers near, so that looking them up waits for memory once.
    pub fn foresee(&self, customer: Option<Key>, number: Option<Key>) -> u64 {
        let customer = customer.map_or(0, |key| self.register.customers.peek(key.hash()));
        customer ^ number.map_or(0, |key| self.register.numbers.peek(key.hash()))
    }

    /// Writes the rows that wait if one of these is among them: only what is written can be looked up.
    fn flush_for(&mut self, newest: Option<u32>) -> Result<(), StoreError> {
        let written = self.last - self.waiting.rows.len() as u32;
        if newest.is_some_and(|row| row > written) { self.flush() } else { Ok(()) }
    }

    fn customer(&mut self, customer: &Identifier<'_>) -> Result<Option<(u32, bool)>, StoreError> {
        let hash = customer.key.hash();
        self.flush_for(self.customers.rows(hash).max())?;
        match find(self.ledger, CUSTOMER_OF, self.customers.rows(hash), customer.text)? {
            None => find(self.ledger, CUSTOMER_OF, self.register.customers.rows(hash), customer.text),
            found => Ok(found),
        }
    }

    /// What is known of a record's identifiers.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn known(
        &mut self,
        customer: Option<&Identifier<'_>>,
        number: Option<&Identifier<'_>>,
    ) -> Result<Known, StoreError> {
        let found = match customer {
            Some(customer) => self.customer(customer)?,
            None => None,
        };
        let number_used = match number {
            Some(number) => {
                let hash = number.key.hash();
                self.flush_for(self.numbers.rows(hash).max())?;
                let rows = self.numbers.rows(hash).chain(self.register.numbers.rows(hash));
                find(self.ledger, NUMBER_OF, rows, number.text)?.is_some()
            }
            None => false,
        };
        Ok(Known { lead: found.map(|(_, lead)| lead), number_used, row: found.map(|(row, _)| row) })
    }

    /// Takes an accepted record, of whose identifiers `known` is known.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written, or holds more records than it can number (4,294,967,295).
    pub fn take(&mut self, record: &NewRecord<'_>, known: &Known) -> Result<(), StoreError> {
        let full = || {
            failed("write the ledger", &self.ledger.path)(rusqlite::Error::IntegralValueOutOfRange(
                0,
                i64::MAX,
            ))
        };
        let row = self.last.checked_add(1).ok_or_else(full)?;
        self.waiting.push(record);
        if self.waiting.rows.len() == ROWS_AT_ONCE {
            self.flush()?;
        }
        self.last = row;
        if let Some(customer) = record.customer {
            self.learn(customer.key.hash(), row, known.row);
        }
        if let Some(number) = record.number {
            self.numbers.insert(number.key.hash(), row);
        }
        Ok(())
    }

    /// Writes the rows that wait.
    fn flush(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        let batch = (self.batch != IMPORTED).then_some(self.batch);
        self.waiting = waiting.write(self.ledger, batch)?;
        Ok(())
    }

    /// The last row of a customer counts.
    fn learn(&mut self, hash: u32, row: u32, old: Option<u32>) {
        match old {
            None => self.customers.insert(hash, row),
            Some(old) if old > self.register.last => {
                self.customers.replace(hash, old, row);
                if let Some(base) = self.replaced.remove(&old) {
                    self.replaced.insert(row, base);
                }
            }
            Some(old) => {
                self.customers.insert(hash, row);
                self.replaced.insert(row, old);
            }
        }
    }

    /// Decides: the batch with its counts, and everything that its records made known, become durable together.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written. Nothing is decided then.
    pub fn commit(mut self, attempt: Option<u32>, commit: &Commit) -> Result<(), StoreError> {
        self.flush()?;
        self.ledger.write_commit(self.batch, attempt, commit)?;
        failpoint("before-commit");
        self.finish()?;
        failpoint("committed");
        Ok(())
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        self.ledger.commit()?;
        self.open = false;
        self.register.customers.reserve(self.customers.len());
        for slot in self.customers.slots().iter().filter(|slot| **slot != 0) {
            let (hash, row) = ((slot >> 32) as u32, *slot as u32);
            match self.replaced.get(&row) {
                Some(old) => self.register.customers.replace(hash, *old, row),
                None => self.register.customers.insert(hash, row),
            }
        }
        self.register.numbers.merge(&self.numbers);
        self.register.last = self.last;
        Ok(())
    }
}

impl Drop for Taking<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        self.ledger.roll_back();
        if self.voided
            && let Err(error) = self.register.reload(self.ledger)
        {
            // Every use of the ledger will fail too, and say so.
            tracing::error!(%error, "the register could not be read again");
        }
    }
}

/// The batch of records that `register import` brought.
const IMPORTED: i64 = 0;

impl Register {
    /// Takes known records that no batch brought: all or none. Returns how many were new.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written, or `records` ends with an error.
    pub fn import<E: From<StoreError>>(
        &mut self,
        ledger: &mut Ledger,
        records: impl Iterator<Item = Result<KnownRecord, E>>,
    ) -> Result<u64, E> {
        let mut taking = Taking::begin(ledger, self, IMPORTED, None)?;
        let mut new = 0;
        for record in records {
            let record = record?;
            let keys = taking.keys();
            let with_key = |text: &'_ str| -> Key { keys.key(text) };
            let customer =
                record.customer_ext_id.as_deref().map(|text| Identifier { key: with_key(text), text });
            let number =
                record.communication_number.as_deref().map(|text| Identifier { key: with_key(text), text });
            let known = taking.known(customer.as_ref(), number.as_ref())?;
            let same = customer.is_none() || known.lead.is_some();
            if same && (number.is_none() || known.number_used) {
                continue;
            }
            let new_record = NewRecord {
                customer: customer.filter(|_| !same),
                number: number.filter(|_| !known.number_used),
                lead: record.lead,
                entity_type: None,
                category: None,
                status: None,
            };
            taking.take(&new_record, &known)?;
            new += 1;
        }
        taking.finish()?;
        Ok(new)
    }
}

impl Ledger {
    /// Hands every record that counts to `each`: a customer by its last row alone.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read, or `each` fails.
    pub fn export<E: From<StoreError>>(
        &self,
        register: &Register,
        mut each: impl FnMut(KnownRecord) -> Result<(), E>,
    ) -> Result<u64, E> {
        let read = self.read_failed();
        let mut statement = self
            .connection
            .prepare(
                "SELECT id, customer_ext_id, communication_number, lead FROM records WHERE void = 0 ORDER BY id",
            )
            .map_err(&read)?;
        let mut rows = statement.query([]).map_err(&read)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(&read)? {
            let id: u32 = row.get(0).map_err(&read)?;
            let customer: Option<String> = row.get(1).map_err(&read)?;
            let is_last =
                |text: &String| register.customers.rows(register.keys.key(text).hash()).any(|row| row == id);
            let customer_ext_id = customer.filter(is_last);
            let communication_number: Option<String> = row.get(2).map_err(&read)?;
            if customer_ext_id.is_none() && communication_number.is_none() {
                continue;
            }
            each(KnownRecord { customer_ext_id, communication_number, lead: row.get(3).map_err(&read)? })?;
            count += 1;
        }
        Ok(count)
    }
}
