//! Identifiers to lines of the journal: a compact index of hashes only, in memory as far as there is room. What it
//! finds has to be compared with the text of the line.

use std::mem;

use super::spill::{Room, Spill};
use super::table::{Table, hash_of, line_of};
use crate::key::Key;
use crate::store::StoreError;

/// The slots of an index at first, and of any table.
pub(super) const SLOTS_MIN: usize = 64;

/// An index grows twofold up to this size, by an eighth beyond it.
const SLOTS_DOUBLED_MAX: usize = 1 << 20;

/// Finds lines by the hash of an identifier. A slot holds 32 bits of hash and the number of a line, so an identifier
/// costs 8 bytes, and 10 to 13 with the free slots. Of ten million others, one in 430 shares a hash by
/// chance, which costs a look at its line. A table that has filled its room goes to disk, sorted, and begins anew.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: Table,
    taken: usize,
    /// What went to disk; `None` of an index that stays in memory whatever it holds.
    spill: Option<Spill>,
}

impl Index {
    /// An index that goes to disk from its room on.
    pub fn new(room: &Room) -> Self {
        Self { spill: Some(Spill::new(room)), ..Self::default() }
    }

    /// Whether it is told at once that no identifier has this hash.
    #[inline]
    pub fn lacks(&self, hash: u32) -> bool {
        self.table.lacks(hash) && self.spill.as_ref().is_none_or(Spill::is_empty)
    }

    /// The lines whose identifier has this hash.
    ///
    /// # Errors
    ///
    /// When what went to disk cannot be read, as everywhere here.
    #[inline]
    pub fn lines(&self, hash: u32) -> Result<impl Iterator<Item = u32>, StoreError> {
        let spilled = self.spill.as_ref().map_or(Ok(Vec::new()), |spill| spill.lines(hash))?;
        let slots = self.table.slots();
        let in_memory = self.table.places(hash).map(|place| line_of(slots[place]));
        Ok(in_memory.chain(spilled))
    }

    /// Looks at what stands where each key belongs, and at nothing else meanwhile: so the processor asks memory for
    /// many at once.
    pub fn peek(&self, keys: &[Key]) -> u64 {
        let in_memory = keys.iter().fold(0, |peeked, key| peeked ^ self.table.peek(key.hash()));
        let peek = |spill: &Spill| keys.iter().fold(0, |peeked, key| peeked ^ spill.peek(key.hash()));
        in_memory ^ self.spill.as_ref().map_or(0, peek)
    }

    /// Adds a line.
    #[inline]
    pub fn insert(&mut self, hash: u32, line: u32) -> Result<(), StoreError> {
        if (self.taken + 1) * 5 > self.table.len() * 4 {
            self.make_room()?;
        }
        self.table.put(u64::from(hash) << 32 | u64::from(line));
        self.taken += 1;
        Ok(())
    }

    /// Puts another line in the place of one.
    pub fn replace(&mut self, hash: u32, old: u32, new: u32) -> Result<(), StoreError> {
        let place = self.table.places(hash).find(|place| line_of(self.table.slots()[*place]) == old);
        if let Some(place) = place {
            self.table.slots_mut()[place] = u64::from(hash) << 32 | u64::from(new);
            return Ok(());
        }
        let replaced = self.spill.as_mut().map_or(Ok(false), |spill| spill.replace(hash, old, new))?;
        if replaced { Ok(()) } else { self.insert(hash, new) }
    }

    /// Makes room for this many more identifiers, as far as memory may be taken. Lines of another index come in the
    /// order of their hashes: without the room made before, they would crowd at its beginning.
    pub fn reserve(&mut self, identifiers: usize) {
        let all = self.taken + identifiers;
        if all * 5 > self.table.len() * 4 {
            let wanted = (all + all * 3 / 8).min(self.slots_max());
            if wanted > self.table.len() {
                self.resize(wanted);
            }
        }
    }

    /// Takes over the lines of another index of the same room, as far as they are new: `is_new` sees each hash and line,
    /// and puts what is not new into its place. Where nothing is known, all are.
    pub fn merge(
        &mut self,
        other: Self,
        mut is_new: impl FnMut(&mut Self, u32, u32) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        if self.taken == 0 && self.spill.as_ref().is_none_or(Spill::is_empty) {
            *self = other;
            return Ok(());
        }
        if let Some(mut spilled) = other.spill {
            spilled.retain(|hash, line| is_new(self, hash, line))?;
            if let Some(spill) = &mut self.spill {
                spill.merge(spilled)?;
            }
        }
        let mut new = other.table;
        for slot in new.slots_mut().iter_mut().filter(|slot| **slot != 0) {
            if !is_new(self, hash_of(*slot), line_of(*slot))? {
                *slot = 0;
            }
        }
        self.take_in(new)
    }

    /// Takes in a table. They come in the order of their hashes, so where both do not fit into one, the larger goes
    /// to disk whole: filled from one end, a table would crowd there.
    fn take_in(&mut self, mut new: Table) -> Result<(), StoreError> {
        let count = new.slots().iter().filter(|slot| **slot != 0).count();
        if let Some(spill) = &mut self.spill
            && (self.taken + count) * 5 > spill.slots_max() * 4
        {
            if count >= self.taken {
                return spill.keep(new.slots_mut());
            }
            self.spill_table()?;
        }
        self.reserve(count);
        new.slots()
            .iter()
            .filter(|slot| **slot != 0)
            .try_for_each(|slot| self.insert(hash_of(*slot), line_of(*slot)))
    }

    /// Writes the table to disk, and begins it anew.
    fn spill_table(&mut self) -> Result<(), StoreError> {
        if let Some(spill) = &mut self.spill {
            self.taken = 0;
            let mut full = mem::take(&mut self.table);
            spill.keep(full.slots_mut())?;
            self.table = full.freed();
        }
        Ok(())
    }

    /// All slots in memory, free ones as zero.
    pub fn slots(&self) -> &[u64] {
        self.table.slots()
    }

    /// What went to disk.
    pub fn spilled(&self) -> Option<&Spill> {
        self.spill.as_ref()
    }

    /// Whether its table is as full as no table becomes: what looks for a free slot would look for long, or forever.
    pub fn is_crowded(&self) -> bool {
        self.taken * 5 > self.table.len() * 4
    }

    /// An index of what was written down.
    pub fn of(table: Table, spill: Spill) -> Self {
        let taken = table.slots().iter().filter(|slot| **slot != 0).count();
        Self { table, taken, spill: Some(spill) }
    }

    /// The largest table that memory may be taken for.
    fn slots_max(&self) -> usize {
        self.spill.as_ref().map_or(usize::MAX, Spill::slots_max)
    }

    /// Makes room for at least one more: in memory, or by what goes to disk.
    #[cold]
    fn make_room(&mut self) -> Result<(), StoreError> {
        let (slots, max) = (self.table.len(), self.slots_max());
        if slots >= max {
            return self.spill_table();
        }
        let more = if slots >= SLOTS_DOUBLED_MAX { slots / 8 * 9 } else { slots * 2 };
        self.resize(more.min(max));
        Ok(())
    }

    fn resize(&mut self, slots: usize) {
        let old = mem::replace(&mut self.table, Table::free(slots.max(SLOTS_MIN)));
        old.slots().iter().filter(|slot| **slot != 0).for_each(|slot| self.table.put(*slot));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::error::Error;
    use std::fs::File;
    use std::io::Write;
    use std::os::unix::fs::FileExt;
    use std::sync::Arc;

    use super::{Index, Table, hash_of, line_of};
    use crate::store::ledger::spill::{Room, Run, Spill, bytes_of};

    /// The lines of every hash: what an index must hold.
    type Model = BTreeMap<u32, BTreeSet<u32>>;

    /// A hash of a number of its own, or one that many share.
    fn hash(number: u32) -> u32 {
        if number.is_multiple_of(101) { number % 5 } else { number.wrapping_mul(0x9E37_79B1) }
    }

    fn insert(
        index: &mut Index,
        model: &mut Model,
        numbers: std::ops::Range<u32>,
    ) -> Result<(), Box<dyn Error>> {
        for line in numbers {
            index.insert(hash(line), line)?;
            model.entry(hash(line)).or_default().insert(line);
        }
        Ok(())
    }

    fn replace(index: &mut Index, model: &mut Model, old: u32, new: u32) -> Result<(), Box<dyn Error>> {
        index.replace(hash(old), old, new)?;
        let lines = model.entry(hash(old)).or_default();
        lines.remove(&old);
        lines.insert(new);
        Ok(())
    }

    fn check(index: &Index, model: &Model) -> Result<(), Box<dyn Error>> {
        for (hash, lines) in model {
            let found: Vec<u32> = index.lines(*hash)?.collect();
            assert_eq!(found.len(), lines.len(), "{hash:08x}");
            assert_eq!(&BTreeSet::from_iter(found), lines, "{hash:08x}");
        }
        for missing in (1..3_000_u32).map(|number| number.wrapping_mul(0x85EB_CA6B)) {
            assert!(model.contains_key(&missing) || index.lines(missing)?.next().is_none(), "{missing:08x}");
        }
        Ok(())
    }

    fn runs(index: &Index) -> &[Run] {
        index.spilled().map(Spill::runs).unwrap_or_default()
    }

    fn content(file: &File) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = vec![0; file.metadata()?.len() as usize];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }

    fn spilled(index: &Index) -> usize {
        runs(index).iter().map(Run::len).sum()
    }

    /// The index as it comes back from disk, where its runs stand in one file.
    fn copy(index: &Index, room: &Room) -> Result<(Index, Arc<File>), Box<dyn Error>> {
        let mut file = tempfile::tempfile()?;
        file.write_all(b"magic")?;
        for piece in runs(index).iter().flat_map(Run::pieces) {
            file.write_all(&bytes_of(&piece?))?;
        }
        let (file, mut begin) = (Arc::new(file), 5);
        let mut spill = Spill::new(room);
        for run in runs(index) {
            spill.begin_run_in(&file, begin);
            run.pieces().try_for_each(|piece| piece.map(|piece| spill.learn(&piece)))?;
            begin += run.len() as u64 * 8;
        }
        let mut table = Table::free(index.slots().len());
        table.slots_mut().copy_from_slice(index.slots());
        Ok((Index::of(table, spill), file))
    }

    #[test]
    fn an_index_finds_every_line_in_memory_and_on_disk() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        // All in memory; some on disk; runs that are joined, of more than a page and of less.
        for (bytes, least) in [(usize::MAX >> 1, 0), (100 << 10, 1), (8 << 10, 8), (1 << 10, 8)] {
            let room = Room::new(folder.path().to_owned(), bytes);
            let (mut index, mut model) = (Index::new(&room), Model::new());
            insert(&mut index, &mut model, 1..12_000)?;
            for old in (1..12_000).step_by(13) {
                replace(&mut index, &mut model, old, old + 1_000_000)?;
            }
            assert!((least..=8).contains(&runs(&index).len()), "{bytes}");
            check(&index, &model)?;
            let (mut index, file) = copy(&index, &room)?;
            let written = content(&file)?;
            check(&index, &model)?;

            // Another of the same room; every third of its lines takes the place of one that was known.
            let mut other = Index::new(&room);
            let lines = 2_000_001..2_006_000_u32;
            for line in lines.clone() {
                other.insert(hash(line - 2_000_000), line)?;
            }
            index.merge(other, |index, hash, line| {
                let old = line - 2_000_000;
                let known = old % 3 == 0 && old % 13 != 1;
                if known {
                    index.replace(hash, old, line)?;
                }
                Ok(!known)
            })?;
            for line in lines {
                let old = line - 2_000_000;
                let known = model.entry(hash(old)).or_default();
                if old % 3 == 0 && old % 13 != 1 {
                    known.remove(&old);
                }
                known.insert(line);
            }
            check(&index, &model)?;
            check(&copy(&index, &room)?.0, &model)?;
            assert!(content(&file)? == written, "what was written down is never changed");
        }
        Ok(())
    }

    #[test]
    fn no_table_crowds_however_full_two_of_them_are() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let room = Room::new(folder.path().to_owned(), 64 << 10);
        for (known, new) in [(60, 60), (75, 30), (30, 75), (40, 40), (10, 79), (79, 79)] {
            let share = |percent: u32| percent * room.slots_max() as u32 / 100;
            let (mut index, mut model) = (Index::new(&room), Model::new());
            insert(&mut index, &mut model, 1..share(known))?;
            for round in 1..6 {
                let mut other = Index::new(&room);
                insert(&mut other, &mut model, round * 1_000_000..round * 1_000_000 + share(new))?;
                index.merge(other, |_, _, _| Ok(true))?;
                let longest = index.slots().split(|slot| *slot == 0).map(<[u64]>::len).max();
                assert!(longest.is_some_and(|longest| longest < 600), "{known} {new} {round}: {longest:?}");
            }
            check(&index, &model)?;
        }
        Ok(())
    }

    #[test]
    fn an_index_takes_no_more_memory_than_its_room() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let room = Room::new(folder.path().to_owned(), 64 << 10);
        let mut index = Index::new(&room);
        index.reserve(1_000_000);
        for line in 1..100_000 {
            index.insert(hash(line), line)?;
            assert!(size_of_val(index.slots()) <= 56 << 10);
        }
        let in_memory = index.slots().iter().filter(|slot| **slot != 0).count();
        assert_eq!(spilled(&index) + in_memory, 99_999);
        assert!(index.slots().iter().all(|slot| *slot == 0 || hash_of(*slot) == hash(line_of(*slot))));
        Ok(())
    }

    #[test]
    fn no_index_is_crowded_but_one_that_was_not_made_here() -> Result<(), Box<dyn Error>> {
        let room = Room::new(std::env::temp_dir(), 1 << 20);
        let mut index = Index::new(&room);
        for line in 1..10_000 {
            index.insert(hash(line), line)?;
            assert!(!index.is_crowded(), "{line}");
        }
        let mut table = Table::free(64);
        table.slots_mut().fill(1);
        assert!(Index::of(table, Spill::new(&room)).is_crowded());
        Ok(())
    }

    #[test]
    fn where_the_disk_fails_an_index_says_so() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut index = Index::new(&Room::new(folder.path().join("is-not-there"), 1 << 10));
        let failed = (1..1_000).find_map(|line| index.insert(hash(line), line).err()).ok_or("it fails")?;
        assert!(failed.to_string().contains("is-not-there"), "{failed}");
        Ok(())
    }
}
