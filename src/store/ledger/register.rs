//! The register: the customers and communication numbers of all accepted records.
//!
//! Records are appended to a journal in the order of acceptance, in the same decision as their batch; what finds
//! them is an index of hashes, in memory and on disk, whose every hit is compared with the record.

use std::mem;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

use super::Ledger;
use super::index::Index;
use super::journal::Journal;
use super::line::{Kept, NewRecord};
use super::rows::Commit;
use super::sidecar::{self, Sidecar};
use super::spill::Room;
use crate::key::{Key, Keys, new_secret};
use crate::store::fault::failpoint;
use crate::store::{FREE_BYTES_MIN, StoreError, free_bytes};

/// What is known of the identifiers of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The customer is known; whether it is a lead.
    pub lead: Option<bool>,
    /// The communication number was used.
    pub number_used: bool,
    /// The line of the customer.
    id: Option<u32>,
}

/// A record that is to be admitted.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'e> {
    /// The key of its customer.
    pub customer: Option<Key>,
    /// The key of its communication number.
    pub number: Option<Key>,
    /// What the register would keep of it, see [`NewRecord::write_to`].
    pub line: &'e [u8],
}

impl<'e> Entry<'e> {
    /// The entry of a record, with `line` as the place for its line.
    pub fn of(record: &NewRecord<'_>, keys: &Keys, line: &'e mut Vec<u8>) -> Self {
        line.clear();
        record.write_to(line);
        let key = |text: Option<&str>| text.map(|text| keys.key(text));
        Self { customer: key(record.0), number: key(record.1), line }
    }
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

impl KnownRecord {
    pub(super) fn of(kept: &Kept<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            customer_ext_id: owned(kept.customer()),
            communication_number: owned(kept.number()),
            lead: kept.is_lead(),
        }
    }
}

/// The identifiers of the register, in memory as far as they have room there.
#[derive(Debug)]
pub struct Register {
    keys: Keys,
    /// That of one index.
    room: Room,
    customers: Index,
    numbers: Index,
    journal: Journal,
    /// Where the last part of the journal ends.
    end: u64,
    /// Up to where the sidecar knows it.
    covered: u64,
    /// The index holds every record that counts. Nothing may be judged by one that does not.
    complete: bool,
    sidecar: PathBuf,
}

/// The setting of the ledger that holds the secret of the keys.
const SECRET: &str = "register_secret";

/// The sidecar is written anew when this much of the journal is missing in it, in bytes, and an eighth of it all.
/// With debug assertions so little that tests come by.
const MISSING_MIN: u64 = if cfg!(debug_assertions) { 256 } else { 1 << 20 };

/// The shortest line of a journal.
const LINE_BYTES_MIN: u64 = 22;

impl Register {
    /// Loads the register of a ledger. What is known takes up to `bytes_max` of memory, and so does what a batch
    /// makes known; the rest lies on disk.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read or written.
    pub fn load(ledger: &Ledger, bytes_max: usize) -> Result<Self, StoreError> {
        let folder = ledger.path.parent().unwrap_or(Path::new(".")).to_owned();
        let sidecar = folder.join(sidecar::FILE);
        let room = Room::new(folder, bytes_max / 2);
        let (customers, numbers) = (Index::new(&room), Index::new(&room));
        let token = ledger.meta(sidecar::TOKEN)?;
        let found = token.and_then(|token| Sidecar::read(&sidecar, &token, &room));
        let (keys, journal) = (secret(ledger)?, ledger.journal()?);
        Self { keys, room, customers, numbers, journal, end: 0, covered: 0, complete: false, sidecar }
            .filled(ledger, found)
    }

    /// Fills the index: from a sidecar as far as that knows the journal, and from the journal.
    fn filled(mut self, ledger: &Ledger, sidecar: Option<Sidecar>) -> Result<Self, StoreError> {
        self.end = ledger.parts_end()?.unwrap_or_else(|| self.journal.start());
        match sidecar.filter(|sidecar| sidecar.covered <= self.end) {
            Some(Sidecar { covered, customers, numbers }) => {
                (self.covered, self.customers, self.numbers) = (covered, customers, numbers);
                self.index_lines(ledger)?;
            }
            None => self.reload(ledger)?,
        }
        Ok(self)
    }

    /// The maker of this register's keys.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Takes the records that are not covered into the index. Of a customer the last one counts.
    fn index_lines(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        let Self { keys, customers, numbers, journal, covered, .. } = self;
        journal.each_line(&ledger.parts(*covered)?, |id, line| {
            let kept = Kept::read(line).ok_or_else(|| journal.damaged())?;
            if let Some(text) = kept.number() {
                numbers.insert(keys.key(text).hash(), id)?;
            }
            learn_customer(customers, keys, journal, id, &kept)
        })?;
        self.complete = true;
        Ok(())
    }

    /// Reads everything anew, as after parts were made void, or were made void and it was not decided so.
    fn reload(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        self.complete = false;
        let records = ledger.records()?.min(self.end / LINE_BYTES_MIN);
        for index in [&mut self.customers, &mut self.numbers] {
            *index = Index::new(&self.room);
            index.reserve(records as usize);
        }
        self.covered = 0;
        self.index_lines(ledger)
    }

    /// Writes the sidecar anew where much is missing in it.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Without it the next start takes longer, that is all.
    pub fn save(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        if !self.is_worth_saving() {
            return Ok(());
        }
        let token = self.write_sidecar()?;
        self.saved(ledger, &token)
    }

    /// Does something with the ledger, and writes the sidecar meanwhile, where much is missing in it and nobody else needs
    /// the room. Where it cannot be written, the next [`save`](Self::save) tries again.
    ///
    /// # Errors
    ///
    /// Those of the work, and when the ledger cannot be written.
    pub fn save_beside<T, E: From<StoreError>>(
        &mut self,
        ledger: &mut Ledger,
        work: impl FnOnce(&mut Ledger) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.is_worth_saving() || !self.has_room() {
            return work(ledger);
        }
        let (done, written) = thread::scope(|scope| {
            let writer = thread::Builder::new().name("register".to_owned());
            let writer = writer.spawn_scoped(scope, || self.write_sidecar());
            let done = work(ledger);
            (done, writer.map(ScopedJoinHandle::join))
        });
        let done = done?;
        const LATER: &str = "the index of the register is written later";
        match written {
            Ok(Ok(Ok(token))) => self.saved(ledger, &token)?,
            Ok(Ok(Err(error))) => tracing::warn!(%error, LATER),
            Ok(Err(_)) => tracing::warn!(error = "its thread failed", LATER),
            Err(error) => tracing::warn!(%error, LATER),
        }
        Ok(done)
    }

    /// Whether the disk has room for the sidecar beside what others need: it is smaller than the journal.
    fn has_room(&self) -> bool {
        let free = self.sidecar.parent().map(free_bytes).and_then(Result::ok);
        free.is_some_and(|free| free >= FREE_BYTES_MIN.saturating_add(self.end))
    }

    const fn is_worth_saving(&self) -> bool {
        let missing = self.end.saturating_sub(self.covered);
        self.complete && missing >= MISSING_MIN && missing >= self.covered / 8
    }

    /// Writes the sidecar and returns its token.
    fn write_sidecar(&self) -> Result<String, StoreError> {
        Sidecar::write(&self.sidecar, self.end, &self.customers, &self.numbers)
    }

    fn saved(&mut self, ledger: &Ledger, token: &str) -> Result<(), StoreError> {
        ledger.set_meta(sidecar::TOKEN, token)?;
        self.covered = self.end;
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

/// Puts a record into an index of customers, in the place of the one before.
pub(super) fn learn_customer(
    customers: &mut Index,
    keys: &Keys,
    journal: &Journal,
    id: u32,
    kept: &Kept<'_>,
) -> Result<(), StoreError> {
    let Some(text) = kept.customer() else { return Ok(()) };
    let hash = keys.key(text).hash();
    let is_it = |old| look_up(journal, old, |old| old.customer() == Some(text));
    let known = first(customers.lines(hash)?, is_it)?;
    match known {
        Some(old) => customers.replace(hash, old, id),
        None => customers.insert(hash, id),
    }
}

/// Hands what is kept of a record to `look`.
fn look_up<T>(journal: &Journal, id: u32, look: impl FnOnce(&Kept<'_>) -> T) -> Result<T, StoreError> {
    journal.look_up(id, |line| Kept::read(line).map(|kept| look(&kept)))
}

/// The first record of which something holds.
fn first(
    ids: impl Iterator<Item = u32>,
    mut holds: impl FnMut(u32) -> Result<bool, StoreError>,
) -> Result<Option<u32>, StoreError> {
    for id in ids {
        if holds(id)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// For how many records room is made in advance, at most: a file may begin with many small ones. Of a large room
/// only what is used takes memory.
const EXPECTED_MAX: usize = 1 << 26;

/// A decision on a batch that is being made: what its records make known counts from the next record on, and
/// for others when it is committed. Dropped, it leaves everything as it was.
#[derive(Debug)]
pub struct Taking<'l> {
    ledger: &'l mut Ledger,
    register: &'l mut Register,
    batch: i64,
    customers: Index,
    numbers: Index,
    /// The first new record.
    first: Option<u32>,
    /// The new records of customers that were known before.
    updates: Lines,
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
        let mut taking = Self {
            batch,
            customers: Index::new(&register.room),
            numbers: Index::new(&register.room),
            first: None,
            updates: Lines::default(),
            voided: false,
            open: true,
            ledger,
            register,
        };
        taking.register.journal.begin_part(taking.register.end)?;
        if !taking.register.complete {
            taking.register.reload(taking.ledger)?;
        }
        if let Some(superseded) = supersedes {
            taking.voided = taking.ledger.void_parts(superseded)?;
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

    /// Makes room for the records that are to come, as far as they can be foreseen.
    pub fn expect(&mut self, records: usize) {
        let records = records.min(EXPECTED_MAX);
        self.customers.reserve(records);
        self.numbers.reserve(records);
    }

    /// Brings what is known of several identifiers near, so that looking them up waits for memory once.
    pub fn foresee(&self, customers: &[Key], numbers: &[Key]) {
        let Register { customers: known_customers, numbers: known_numbers, .. } = &*self.register;
        let customers = known_customers.peek(customers) ^ self.customers.peek(customers);
        let numbers = known_numbers.peek(numbers) ^ self.numbers.peek(numbers);
        std::hint::black_box(customers ^ numbers);
    }

    /// What is known of a record's identifiers.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn known(&self, entry: &Entry<'_>) -> Result<Known, StoreError> {
        let Register { customers, numbers, .. } = &*self.register;
        let is_customer = |kept: &Kept<'_>, own: &Kept<'_>| kept.customer() == own.customer();
        let customer = self.find(entry.customer, [&self.customers, customers], entry.line, is_customer)?;
        let is_number = |kept: &Kept<'_>, own: &Kept<'_>| kept.number() == own.number();
        let number = self.find(entry.number, [&self.numbers, numbers], entry.line, is_number)?;
        Ok(Known {
            lead: customer.map(|(_, is_lead)| is_lead),
            number_used: number.is_some(),
            id: customer.map(|(id, _)| id),
        })
    }

    /// The first record that is meant by a key, and whether it is a lead's.
    #[inline]
    fn find(
        &self,
        key: Option<Key>,
        indexes: [&Index; 2],
        line: &[u8],
        is_meant: impl Fn(&Kept<'_>, &Kept<'_>) -> bool,
    ) -> Result<Option<(u32, bool)>, StoreError> {
        let Some(hash) = key.map(Key::hash) else { return Ok(None) };
        for index in indexes {
            if index.lacks(hash) {
                continue;
            }
            for id in index.lines(hash)? {
                let own = Kept::read(line).ok_or_else(|| self.register.journal.damaged())?;
                let look = |kept: &Kept<'_>| is_meant(kept, &own).then(|| kept.is_lead());
                if let Some(is_lead) = look_up(&self.register.journal, id, look)? {
                    return Ok(Some((id, is_lead)));
                }
            }
        }
        Ok(None)
    }

    /// Takes an accepted record, of whose identifiers `known` is known.
    ///
    /// # Errors
    ///
    /// When the journal of the ledger cannot be written, or is full (64 GiB), or identifiers not be kept on disk.
    pub fn take(&mut self, entry: &Entry<'_>, known: &Known) -> Result<(), StoreError> {
        let id = self.register.journal.push(entry.line)?;
        self.first.get_or_insert(id);
        if let Some(customer) = entry.customer {
            self.learn(customer.hash(), id, known.id)?;
        }
        if let Some(number) = entry.number {
            self.numbers.insert(number.hash(), id)?;
        }
        Ok(())
    }

    /// The last record of a customer counts.
    fn learn(&mut self, hash: u32, id: u32, old: Option<u32>) -> Result<(), StoreError> {
        let Some(old) = old else { return self.customers.insert(hash, id) };
        let first = self.first.unwrap_or(id);
        if old < first || self.updates.has(old - first) {
            self.updates.add(id - first);
        }
        match old < first {
            true => self.customers.insert(hash, id),
            false => self.customers.replace(hash, old, id),
        }
    }

    /// Says that no more records come for now: what was taken is brought on its way to the disk.
    ///
    /// # Errors
    ///
    /// When the journal of the ledger cannot be written.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.register.journal.flush()
    }

    /// Decides: the batch with its counts, and everything that its records made known, become durable together.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written. Nothing is decided then.
    pub fn commit(mut self, attempt: Option<u32>, commit: &Commit) -> Result<(), StoreError> {
        self.ledger.write_commit(self.batch, attempt, commit)?;
        self.finish()?;
        failpoint("committed");
        Ok(())
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        let part = self.register.journal.end_part()?;
        if let Some(part) = &part {
            self.ledger.add_part(part, (self.batch != IMPORTED).then_some(self.batch))?;
        }
        failpoint("before-commit");
        self.ledger.commit()?;
        self.open = false;
        if let Some(part) = part {
            self.register.end = part.bytes.end;
        }
        if let Err(error) = self.teach() {
            // It is decided all the same. The next decision reads the register again, or fails.
            self.register.complete = false;
            tracing::error!(%error, "the register could not be kept up to date");
        }
        Ok(())
    }

    /// Makes the register know what the batch made known.
    fn teach(&mut self) -> Result<(), StoreError> {
        let Register { journal, customers, numbers, .. } = &mut *self.register;
        let (updates, first) = (&self.updates, self.first.unwrap_or_default());
        customers.merge(mem::take(&mut self.customers), |customers, hash, id| {
            if !updates.has(id - first) {
                return Ok(true);
            }
            let old = known_before(customers, journal, hash, (first, id))?;
            customers.replace(hash, old, id)?;
            Ok(false)
        })?;
        numbers.merge(mem::take(&mut self.numbers), |_, _, _| Ok(true))
    }
}

/// The line of a customer that was known before the `first` line of a batch, by its line in the batch.
fn known_before(
    customers: &Index,
    journal: &Journal,
    hash: u32,
    (first_line, id): (u32, u32),
) -> Result<u32, StoreError> {
    let mut before = customers.lines(hash)?.filter(|line| *line < first_line);
    match (before.next(), before.next()) {
        // It was found by its text, and no other is like it.
        (Some(old), None) => Ok(old),
        _ => {
            let text = look_up(journal, id, |kept| kept.customer().map(str::to_owned))?;
            let is_it = |old| look_up(journal, old, |kept| kept.customer() == text.as_deref());
            let before = customers.lines(hash)?.filter(|line| *line < first_line);
            first(before, is_it)?.ok_or_else(|| journal.damaged())
        }
    }
}

/// A set of lines of a batch, by what lies between its first line and each: a bit each.
#[derive(Debug, Default)]
struct Lines {
    words: Vec<u64>,
}

impl Lines {
    fn has(&self, line: u32) -> bool {
        let (word, bit) = (line / u64::BITS, line % u64::BITS);
        self.words.get(word as usize).is_some_and(|word| word & 1 << bit != 0)
    }

    fn add(&mut self, line: u32) {
        let (word, bit) = ((line / u64::BITS) as usize, line % u64::BITS);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
    }
}

impl Drop for Taking<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        self.ledger.roll_back();
        self.register.journal.drop_part();
        if self.voided
            && let Err(error) = self.register.reload(self.ledger)
        {
            // It is incomplete then, and the next decision reads it again or fails.
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
        let keys = taking.keys().clone();
        let (mut new, mut line) = (0, Vec::new());
        for record in records {
            let KnownRecord { customer_ext_id: customer, communication_number: number, lead } = &record?;
            let (mut customer, mut number) = (customer.as_deref(), number.as_deref());
            let record = NewRecord(customer, number, *lead, None, None, None);
            let known = taking.known(&Entry::of(&record, &keys, &mut line))?;
            customer = customer.filter(|_| known.lead.is_none());
            number = number.filter(|_| !known.number_used);
            if customer.is_some() || number.is_some() {
                let record = NewRecord(customer, number, *lead, None, None, None);
                taking.take(&Entry::of(&record, &keys, &mut line), &known)?;
                new += 1;
            }
        }
        taking.finish()?;
        Ok(new)
    }
}
