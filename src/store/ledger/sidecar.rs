//! The sidecar: the index of the register on disk, so that a start need not read every line. It is derived:
//! lost, torn or of another ledger, it is not used, and made again.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::index::Index;
use crate::store::StoreError;
use crate::store::claim::new_claim;
use crate::store::files::{make_file, remove_file, rename_over, sync_file, sync_folder};

/// Its file in the state folder.
pub(super) const FILE: &str = "register.index";

/// The setting of the ledger that names the sidecar that belongs to it. It is written after the sidecar, and
/// removed when parts become void: a ledger that was restored from a copy does not name a newer sidecar.
pub(super) const TOKEN: &str = "register_index";

const MAGIC: &[u8; 8] = b"KYCIDX02";

/// The token of a sidecar, in bytes.
const TOKEN_BYTES: usize = 16;

/// How much is read and written at a time, in slots.
const SLOTS_AT_ONCE: usize = 32 * 1024;

/// The index as it stood behind a part of the journal.
pub(super) struct Sidecar {
    pub covered: u64,
    pub customers: Index,
    pub numbers: Index,
}

impl Sidecar {
    /// Reads the sidecar with this token; `None` when it cannot be used.
    pub fn read(path: &Path, token: &str) -> Option<Self> {
        let file = crate::store::open(path).ok()?;
        let bytes = file.metadata().ok()?.len();
        let mut source = Summing { file, sum: crc32fast::Hasher::new() };
        let mut head = [0; 8 + TOKEN_BYTES];
        source.read_exact(&mut head).ok()?;
        if &head[..8] != MAGIC || &head[8..] != token.as_bytes() {
            return None;
        }
        let covered = source.number()?;
        let (customers, numbers) = (source.number()?, source.number()?);
        if customers.checked_add(numbers)?.checked_mul(8)? > bytes {
            return None;
        }
        let customers = source.slots(customers as usize)?;
        let numbers = source.slots(numbers as usize)?;
        let found = u64::from(source.sum.clone().finalize());
        (source.number()? == found).then(|| Self {
            covered,
            customers: Index::from_slots(customers),
            numbers: Index::from_slots(numbers),
        })
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
        let write = |mut sink: Summing| -> io::Result<File> {
            sink.put(MAGIC)?;
            sink.put(token.as_bytes())?;
            for number in [covered, customers.slots().len() as u64, numbers.slots().len() as u64] {
                sink.put(&number.to_le_bytes())?;
            }
            for index in [customers, numbers] {
                for slots in index.slots().chunks(SLOTS_AT_ONCE) {
                    let bytes: Vec<u8> = slots.iter().flat_map(|slot| slot.to_le_bytes()).collect();
                    sink.put(&bytes)?;
                }
            }
            let sum = u64::from(sink.sum.finalize());
            sink.file.write_all(&sum.to_le_bytes())?;
            Ok(sink.file)
        };
        let file = write(Summing { file, sum: crc32fast::Hasher::new() })
            .map_err(StoreError::of("write the file", &partial))?;
        sync_file(&file, &partial)?;
        rename_over(&partial, path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))?;
        Ok(token)
    }
}

/// A file whose bytes are summed as they pass.
struct Summing {
    file: File,
    sum: crc32fast::Hasher,
}

impl Summing {
    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact(bytes)?;
        self.sum.update(bytes);
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.file.write_all(bytes)
    }

    fn number(&mut self) -> Option<u64> {
        let mut bytes = [0; 8];
        self.read_exact(&mut bytes).ok()?;
        Some(u64::from_le_bytes(bytes))
    }

    fn slots(&mut self, count: usize) -> Option<Vec<u64>> {
        let mut slots = Vec::with_capacity(count);
        let mut buffer = vec![0; SLOTS_AT_ONCE * 8];
        while slots.len() < count {
            let bytes = &mut buffer[..(count - slots.len()).min(SLOTS_AT_ONCE) * 8];
            self.read_exact(bytes).ok()?;
            let words = bytes.chunks_exact(8).filter_map(|word| word.first_chunk::<8>());
            slots.extend(words.copied().map(u64::from_le_bytes));
        }
        Some(slots)
    }
}
