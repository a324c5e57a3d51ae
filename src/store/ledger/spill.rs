//! Identifiers that do not fit into memory: sorted runs in files without a name, which end with the process.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::index::SLOTS_MIN;
use super::table::{LINE_SLOTS, hash_of, line_of};
use crate::store::StoreError;

/// How much memory identifiers may take, and where they go from there.
#[derive(Debug, Clone)]
pub(super) struct Room {
    folder: PathBuf,
    bytes: usize,
}

impl Room {
    /// The room of one index: `bytes` of memory, and then the folder.
    pub fn new(folder: PathBuf, bytes: usize) -> Self {
        Self { folder, bytes }
    }

    /// A file of the folder without a name.
    fn file(&self) -> io::Result<File> {
        tempfile::tempfile_in(&self.folder)
    }

    /// The failure of an operation on the files.
    #[cold]
    fn failed(&self, error: io::Error) -> StoreError {
        StoreError::of_ledger("keep the identifiers of the ledger", &self.folder)(error)
    }

    /// The largest table in memory. What is left of the room is the filter's.
    pub fn slots_max(&self) -> usize {
        let slots = (self.bytes - self.filter_bytes()) / size_of::<u64>();
        (slots / LINE_SLOTS * LINE_SLOTS).max(SLOTS_MIN)
    }

    const fn filter_bytes(&self) -> usize {
        self.bytes / 8
    }
}

/// The identifiers of an index that went to disk.
#[derive(Debug)]
pub(super) struct Spill {
    room: Room,
    filter: Filter,
    runs: Vec<Run>,
}

impl Spill {
    /// Nothing yet.
    pub fn new(room: &Room) -> Self {
        Self { room: room.clone(), filter: Filter::default(), runs: Vec::new() }
    }

    /// The largest table that stays in memory.
    pub fn slots_max(&self) -> usize {
        self.room.slots_max()
    }

    /// Whether nothing went to disk.
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The runs, one after the other.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Keeps the slots of a table, which leaves them in the order of their hashes.
    pub fn keep(&mut self, table: &mut [u64]) -> Result<(), StoreError> {
        let slots = sort(table);
        self.begin_run()?;
        slots.chunks(SLOTS_AT_ONCE).try_for_each(|slots| self.extend(slots))?;
        self.join_runs()
    }

    /// Joins runs until at most [`RUNS_MAX`] are left. Each time it takes the two that are closest in size, the
    /// smaller pair of equals, so that no identifier is written often.
    fn join_runs(&mut self) -> Result<(), StoreError> {
        while self.runs.len() > RUNS_MAX {
            self.runs.sort_by_key(|run| run.slots);
            let growth = |at: &usize| self.runs[at + 1].slots as f64 / self.runs[*at].slots.max(1) as f64;
            let pairs = 0..self.runs.len() - 1;
            let first = pairs.min_by(|one, other| growth(one).total_cmp(&growth(other))).unwrap_or_default();
            let alike: Vec<Run> = self.runs.drain(first..first + 2).collect();
            self.begin_run()?;
            let mut piece = Vec::with_capacity(SLOTS_AT_ONCE);
            for slot in in_order(alike.iter().map(Run::slots)) {
                piece.push(slot.map_err(|error| self.failed(error))?);
                if piece.len() == SLOTS_AT_ONCE {
                    self.extend(&piece)?;
                    piece.clear();
                }
            }
            self.extend(&piece)?;
        }
        Ok(())
    }

    /// Begins a run.
    fn begin_run(&mut self) -> Result<(), StoreError> {
        let file = self.room.file().map_err(|error| self.failed(error))?;
        self.begin_run_in(&Arc::new(file), 0);
        Ok(())
    }

    /// Begins a run that stands in a file already, from an offset on.
    pub fn begin_run_in(&mut self, file: &Arc<File>, begin: u64) {
        self.filter.make(self.room.filter_bytes());
        self.runs.push(Run { file: Arc::clone(file), begin, slots: 0, firsts: Vec::new() });
    }

    /// Appends slots to the run that was begun last, in the order of their hashes.
    fn extend(&mut self, slots: &[u64]) -> Result<(), StoreError> {
        self.learn(slots);
        let written = self.runs.last().map_or(Ok(()), |run| (&*run.file).write_all(&bytes_of(slots)));
        written.map_err(|error| self.failed(error))
    }

    /// Takes notice of slots that stand in the run that was begun last.
    pub fn learn(&mut self, slots: &[u64]) {
        slots.iter().for_each(|slot| self.filter.add(hash_of(*slot)));
        if let Some(run) = self.runs.last_mut() {
            run.learn(slots);
        }
    }

    /// The lines whose identifier has this hash.
    #[inline]
    pub fn lines(&self, hash: u32) -> Result<Vec<u32>, StoreError> {
        if self.filter.may_hold(hash) { self.lines_on_disk(hash) } else { Ok(Vec::new()) }
    }

    #[cold]
    fn lines_on_disk(&self, hash: u32) -> Result<Vec<u32>, StoreError> {
        let mut lines = Vec::new();
        for run in &self.runs {
            run.find(hash, |_, line| lines.push(line)).map_err(|error| self.failed(error))?;
        }
        Ok(lines)
    }

    /// What tells of a hash whether it may be here: asked for many at once, it comes into the cache together.
    #[inline]
    pub fn peek(&self, hash: u32) -> u64 {
        self.filter.word(hash)
    }

    /// Puts another line in the place of one. Says whether that one was here.
    pub fn replace(&mut self, hash: u32, old: u32, new: u32) -> Result<bool, StoreError> {
        for run in &mut self.runs {
            let mut place = None;
            let found = run.find(hash, |at, line| place = place.or((line == old).then_some(at)));
            let set =
                found.and_then(|()| place.map_or(Ok(()), |place| run.set(place, hash, new, &self.room)));
            set.map_err(|error| self.room.failed(error))?;
            if place.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hands every hash and line to `stays`, and forgets those that do not stay.
    pub fn retain(
        &mut self,
        mut stays: impl FnMut(u32, u32) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let failed = |error| self.room.failed(error);
        for run in &mut self.runs {
            for place in (0..run.slots).step_by(SLOTS_AT_ONCE) {
                for (place, slot) in (place..).zip(run.piece(place).map_err(failed)?) {
                    if line_of(slot) != FORGOTTEN && !stays(hash_of(slot), line_of(slot))? {
                        run.set(place, hash_of(slot), FORGOTTEN, &self.room).map_err(failed)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes over the runs of another.
    pub fn merge(&mut self, other: Self) -> Result<(), StoreError> {
        self.filter.merge(other.filter);
        self.runs.extend(other.runs);
        self.join_runs()
    }

    fn failed(&self, error: io::Error) -> StoreError {
        self.room.failed(error)
    }
}

/// The line of an identifier that was taken out of a run. No line has this number.
const FORGOTTEN: u32 = 0;

/// Above so many runs some are joined: each of them may have to be looked at.
const RUNS_MAX: usize = 8;

/// How many slots are read to find one: a page of the disk.
const PAGE_SLOTS: usize = 512;

/// How many slots are read and written at a time where all are.
pub(super) const SLOTS_AT_ONCE: usize = 32 * 1024;

/// Identifiers in the order of their hashes.
#[derive(Debug)]
pub(super) struct Run {
    /// A file of its own, or one that others read.
    file: Arc<File>,
    /// Where it begins there; zero in a file of its own.
    begin: u64,
    slots: usize,
    /// The first hash of every page.
    firsts: Vec<u32>,
}

impl Run {
    /// How many slots it has.
    pub const fn len(&self) -> usize {
        self.slots
    }

    /// All slots, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = io::Result<Vec<u64>>> {
        (0..self.slots).step_by(SLOTS_AT_ONCE).map(|place| self.piece(place))
    }

    /// The slots from a place on, as many as are read at a time.
    fn piece(&self, place: usize) -> io::Result<Vec<u64>> {
        let mut bytes = vec![0; (self.slots - place).min(SLOTS_AT_ONCE) * 8];
        self.file.read_exact_at(&mut bytes, self.offset(place))?;
        Ok(slots_of(&bytes).collect())
    }

    const fn offset(&self, place: usize) -> u64 {
        self.begin + place as u64 * 8
    }

    /// All slots, one by one.
    fn slots(&self) -> impl Iterator<Item = io::Result<u64>> {
        let mut pieces = self.pieces();
        let mut piece = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if piece.as_slice().is_empty() {
                match pieces.next()? {
                    Ok(slots) => piece = slots.into_iter(),
                    Err(error) => return Some(Err(error)),
                }
            }
            piece.next().map(Ok)
        })
    }

    fn learn(&mut self, slots: &[u64]) {
        let begins_page = |place: &usize| place.is_multiple_of(PAGE_SLOTS);
        let firsts = (self.slots..).zip(slots).filter(|(place, _)| begins_page(place));
        self.firsts.extend(firsts.map(|(_, slot)| hash_of(*slot)));
        self.slots += slots.len();
    }

    /// Hands the places and lines of a hash to `each`.
    fn find(&self, hash: u32, mut each: impl FnMut(usize, u32)) -> io::Result<()> {
        // The first of them may stand at the end of the page before.
        let mut page = self.firsts.partition_point(|first| *first < hash).saturating_sub(1);
        while self.firsts.get(page).is_some_and(|first| *first <= hash) {
            let begin = page * PAGE_SLOTS;
            let mut buffer = [0; PAGE_SLOTS * 8];
            let bytes = &mut buffer[..(self.slots - begin).min(PAGE_SLOTS) * 8];
            self.file.read_exact_at(bytes, self.offset(begin))?;
            let slots = bytes.as_chunks().0;
            let from = slots.partition_point(|slot| hash_of(u64::from_le_bytes(*slot)) < hash);
            for (place, slot) in slots.iter().enumerate().skip(from) {
                let slot = u64::from_le_bytes(*slot);
                if hash_of(slot) != hash {
                    return Ok(());
                }
                if line_of(slot) != FORGOTTEN {
                    each(begin + place, line_of(slot));
                }
            }
            page += 1;
        }
        Ok(())
    }

    /// Writes a slot anew. What stands in the file of another is copied first.
    fn set(&mut self, place: usize, hash: u32, line: u32, room: &Room) -> io::Result<()> {
        if self.begin > 0 {
            let mut file = room.file()?;
            self.pieces().try_for_each(|piece| file.write_all(&bytes_of(&piece?)))?;
            (self.file, self.begin) = (Arc::new(file), 0);
        }
        let slot = u64::from(hash) << 32 | u64::from(line);
        self.file.write_all_at(&slot.to_le_bytes(), self.offset(place))
    }
}

/// Sorts the slots of a table that are not free, and returns them. Nearly all stand where they belong or little
/// behind, so each is compared with those before it.
fn sort(table: &mut [u64]) -> &[u64] {
    let (mut taken, half) = (0, table.len() / 2);
    let mut wrapped = Vec::new();
    for place in 0..table.len() {
        let slot = table[place];
        // What found no place at the end stands at the beginning.
        if place < half && hash_of(slot) > u32::MAX / 4 * 3 {
            wrapped.push(slot);
        } else if slot != 0 {
            table[taken] = slot;
            taken += 1;
        }
    }
    let table = &mut table[..taken + wrapped.len()];
    table[taken..].copy_from_slice(&wrapped);
    for at in 1..table.len() {
        let slot = table[at];
        let behind = table[..at].iter().rev().take_while(|before| **before > slot).count();
        table.copy_within(at - behind..at, at - behind + 1);
        table[at - behind] = slot;
    }
    table
}

/// The slots of several runs in the order of their hashes, without those that were forgotten.
fn in_order(
    runs: impl Iterator<Item = impl Iterator<Item = io::Result<u64>>>,
) -> impl Iterator<Item = io::Result<u64>> {
    let mut runs: Vec<_> = runs.map(Iterator::peekable).collect();
    let next = move || {
        // A failure comes first.
        let key = |slot: &io::Result<u64>| slot.as_ref().map_or(0, |slot| *slot);
        let heads = runs.iter_mut().filter_map(|run| Some((run.peek().map(key)?, run)));
        heads.min_by_key(|(key, _)| *key)?.1.next()
    };
    std::iter::from_fn(next).filter(|slot| !slot.as_ref().is_ok_and(|slot| line_of(*slot) == FORGOTTEN))
}

/// Slots as they are written.
pub(super) fn bytes_of(slots: &[u64]) -> Vec<u8> {
    let mut bytes = vec![0; size_of_val(slots)];
    let places = bytes.as_chunks_mut().0;
    places.iter_mut().zip(slots).for_each(|(place, slot)| *place = slot.to_le_bytes());
    bytes
}

/// Slots as they were written.
pub(super) fn slots_of(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks().0.iter().copied().map(u64::from_le_bytes)
}

/// A filter with one bit for every range of hashes: it never misses a hash that is there, and rules out nearly all that
/// are not.
#[derive(Debug, Default)]
struct Filter {
    words: Vec<u64>,
    /// What is left of a hash to the right of its range.
    shift: u32,
}

impl Filter {
    /// Makes the filter, of at most so many bytes, if there is none.
    fn make(&mut self, bytes: usize) {
        if self.words.is_empty() {
            let bits = (bytes.max(8) * 8).ilog2().min(u32::BITS);
            self.words = vec![0; 1 << (bits - u64::BITS.ilog2())];
            self.shift = u32::BITS - bits;
        }
    }

    /// The word of a hash, and its bit there.
    const fn place(&self, hash: u32) -> (usize, u64) {
        let bit = (hash as u64 >> self.shift) as usize;
        (bit / u64::BITS as usize, 1 << (bit % u64::BITS as usize))
    }

    fn add(&mut self, hash: u32) {
        let (word, bit) = self.place(hash);
        self.words[word] |= bit;
    }

    #[inline]
    fn word(&self, hash: u32) -> u64 {
        self.words.get(self.place(hash).0).copied().unwrap_or_default()
    }

    #[inline]
    fn may_hold(&self, hash: u32) -> bool {
        !self.words.is_empty() && self.word(hash) & self.place(hash).1 != 0
    }

    /// Takes over another one of the same size, or none.
    fn merge(&mut self, other: Self) {
        if self.words.is_empty() {
            *self = other;
        } else {
            self.words.iter_mut().zip(other.words).for_each(|(word, more)| *word |= more);
        }
    }
}
