//! The sidecar: the index of the register on disk, so that a start need not read every line. It is derived:
//! lost, torn or of another ledger, it is not used, and made again. So nobody waits until it is on the disk, but where
//! parts of it are read from there later.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use super::index::Index;
use super::spill::{Room, Run, SLOTS_AT_ONCE, Spill, bytes_of, slots_of};
use super::table::Table;
use crate::store::StoreError;
use crate::store::claim::new_claim;
use crate::store::files::{make_file, remove_file, rename_over, sync_file};

/// Its file in the state folder.
pub(super) const FILE: &str = "register.index";

/// The setting of the ledger that names the sidecar that belongs to it. It is written after the sidecar, and
/// removed when parts become void: a ledger that was restored from a copy does not name a newer sidecar.
pub(super) const TOKEN: &str = "register_index";

const MAGIC: &[u8; 8] = b"KYCIDX04";

/// The token of a sidecar, in bytes.
const TOKEN_BYTES: usize = 16;

/// The index as it stood behind a part of the journal.
pub(super) struct Sidecar {
    pub covered: u64,
    pub customers: Index,
    pub numbers: Index,
}

impl Sidecar {
    /// Reads the sidecar with this token, with indexes of this room; `None` when it cannot be used.
    pub fn read(path: &Path, token: &str, room: &Room) -> Option<Self> {
        let file = crate::store::open(path).ok()?;
        let slots_max = file.metadata().ok()?.len() / 8;
        let mut source = Summing { file: Arc::new(file), sum: crc32fast::Hasher::new() };
        let mut head = [0; 8 + TOKEN_BYTES];
        source.read_exact(&mut head).ok()?;
        if &head[..8] != MAGIC || &head[8..] != token.as_bytes() {
            return None;
        }
        let covered = source.number()?;
        let customers = source.index(slots_max, room)?;
        let numbers = source.index(slots_max, room)?;
        let found = u64::from(source.sum.clone().finalize());
        (source.number()? == found).then_some(Self { covered, customers, numbers })
    }

    /// Writes the sidecar and returns its token.
    pub fn write(
        path: &Path,
        covered: u64,
        customers: &Index,
        numbers: &Index,
    ) -> Result<String, StoreError> {
        let token = new_claim();
        let partial = path.with_extension("part");
        remove_file(&partial)?;
        let file = make_file(&partial, 0o600)?;
        let has_runs = [customers, numbers].into_iter().any(|index| !runs_of(index).is_empty());
        let write = |mut sink: Summing| -> io::Result<()> {
            sink.put(MAGIC)?;
            sink.put(token.as_bytes())?;
            sink.put_number(covered)?;
            sink.put_index(customers)?;
            sink.put_index(numbers)?;
            let sum = u64::from(sink.sum.finalize());
            (&*sink.file).write_all(&sum.to_le_bytes())
        };
        let file = Arc::new(file);
        let written = write(Summing { file: file.clone(), sum: crc32fast::Hasher::new() })
            .map_err(StoreError::of("write the file", &partial))
            // Runs are read from it as long as a process lives, and looked at as a whole but once.
            .and_then(|()| if has_runs { sync_file(&file, &partial) } else { Ok(()) })
            .and_then(|()| rename_over(&partial, path));
        if written.is_err() {
            // What is left of it takes room that others need. The next one removes it too.
            let _ = remove_file(&partial);
        }
        written.map(|()| token)
    }
}

/// The runs of an index that are on disk.
fn runs_of(index: &Index) -> &[Run] {
    index.spilled().map(Spill::runs).unwrap_or_default()
}

/// A file whose bytes are summed as they pass.
struct Summing {
    file: Arc<File>,
    sum: crc32fast::Hasher,
}

impl Summing {
    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        (&*self.file).read_exact(bytes)?;
        self.sum.update(bytes);
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        (&*self.file).write_all(bytes)
    }

    fn put_number(&mut self, number: u64) -> io::Result<()> {
        self.put(&number.to_le_bytes())
    }

    /// Writes an index: its table in memory, and each of its runs, with how many slots and runs there are.
    fn put_index(&mut self, index: &Index) -> io::Result<()> {
        self.put_number(index.slots().len() as u64)?;
        index.slots().chunks(SLOTS_AT_ONCE).try_for_each(|slots| self.put(&bytes_of(slots)))?;
        let runs = runs_of(index);
        self.put_number(runs.len() as u64)?;
        for run in runs {
            self.put_number(run.len() as u64)?;
            run.pieces().try_for_each(|piece| self.put(&bytes_of(&piece?)))?;
        }
        Ok(())
    }

    /// Reads an index, if its table fits into this room. No run of it is larger than the file; they stay there.
    fn index(&mut self, slots_max: u64, room: &Room) -> Option<Index> {
        let count = |number: u64, max: u64| (number <= max).then_some(number as usize);
        let slots = count(self.number()?, slots_max.min(room.slots_max() as u64))?;
        let mut table = Table::try_free(slots).ok().filter(|table| table.len() == slots)?;
        let mut rest = table.slots_mut();
        self.slots(slots, |slots| {
            let (here, behind) = std::mem::take(&mut rest).split_at_mut_checked(slots.len())?;
            here.copy_from_slice(slots);
            rest = behind;
            Some(())
        })?;
        let mut spill = Spill::new(room);
        for _ in 0..self.number()? {
            let slots = count(self.number()?, slots_max)?;
            spill.begin_run_in(&self.file, (&*self.file).stream_position().ok()?);
            self.slots(slots, |slots| {
                spill.learn(slots);
                Some(())
            })?;
        }
        Some(Index::of(table, spill)).filter(|index| !index.is_crowded())
    }

    fn number(&mut self) -> Option<u64> {
        let mut bytes = [0; 8];
        self.read_exact(&mut bytes).ok()?;
        Some(u64::from_le_bytes(bytes))
    }

    /// Hands so many slots to `each`, some at a time.
    fn slots(&mut self, count: usize, mut each: impl FnMut(&[u64]) -> Option<()>) -> Option<()> {
        let mut buffer = vec![0; SLOTS_AT_ONCE.min(count) * 8];
        let mut slots = Vec::new();
        let mut left = count;
        while left > 0 {
            let bytes = &mut buffer[..left.min(SLOTS_AT_ONCE) * 8];
            self.read_exact(bytes).ok()?;
            slots.clear();
            slots.extend(slots_of(bytes));
            each(&slots)?;
            left -= slots.len();
        }
        Some(())
    }
}
