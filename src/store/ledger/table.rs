//! A table of slots in memory, found by hash a line of the processor's cache at a time.

use std::collections::TryReserveError;

use wide::{CmpEq, i32x4};

use super::memory::Memory;

/// The hash of a slot.
pub(super) const fn hash_of(slot: u64) -> u32 {
    (slot >> 32) as u32
}

/// The line of the journal of a slot.
pub(super) const fn line_of(slot: u64) -> u32 {
    slot as u32
}

/// The slots that one line of the cache holds: what memory is asked for at once.
pub(super) const LINE_SLOTS: usize = LINE_BYTES / size_of::<u64>();

const LINE_BYTES: usize = 64;

/// Slots of 32 bits of hash, in the upper half, and the number of a line of the journal; zero is a free slot: no line has
/// it. A hash belongs into one line of the cache, and where that is full into the next that is not.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The slots, with room in front so that they begin with a line of the cache.
    memory: Memory,
    front: usize,
    len: usize,
}

impl Table {
    /// A table of free slots, as many as fill whole lines.
    pub fn free(len: usize) -> Self {
        let len = len.next_multiple_of(LINE_SLOTS);
        let slots = len + LINE_SLOTS - 1;
        let at_once = len <= TAKEN_AT_ONCE_MAX;
        let memory = if at_once { Memory::taken_at_once(slots) } else { Memory::taken_by_use(slots) };
        Self::within(memory, len)
    }

    /// The same, where there may be no memory for it.
    pub fn try_free(len: usize) -> Result<Self, TryReserveError> {
        let len = len.next_multiple_of(LINE_SLOTS);
        Ok(Self::within(Memory::try_taken(len + LINE_SLOTS - 1)?, len))
    }

    /// A free table in the memory of this one, and of its size.
    pub fn freed(mut self) -> Self {
        self.memory.fill(0);
        self
    }

    fn within(memory: Memory, len: usize) -> Self {
        let front = memory.as_ptr().align_offset(LINE_BYTES).min(LINE_SLOTS - 1);
        Self { memory, front, len }
    }

    /// All slots.
    #[inline]
    pub fn slots(&self) -> &[u64] {
        &self.memory[self.front..self.front + self.len]
    }

    /// All slots.
    #[inline]
    pub fn slots_mut(&mut self) -> &mut [u64] {
        &mut self.memory[self.front..self.front + self.len]
    }

    /// How many slots it has.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Where the line of a hash begins.
    #[inline]
    fn first_place(&self, hash: u32) -> usize {
        let lines = (self.len / LINE_SLOTS) as u64;
        ((u64::from(hash) * lines) >> 32) as usize * LINE_SLOTS
    }

    #[inline]
    fn next_place(&self, place: usize) -> usize {
        if place + 1 == self.len { 0 } else { place + 1 }
    }

    /// The slot that is looked at first for a hash: with it comes its line of the cache.
    #[inline]
    pub fn peek(&self, hash: u32) -> u64 {
        self.slots().get(self.first_place(hash)).copied().unwrap_or_default()
    }

    /// Whether no slot has this hash. A line tells it at once, all its slots together, and one that is full sends on to
    /// the next: so the processor hardly ever has to guess.
    #[inline(always)]
    pub fn lacks(&self, hash: u32) -> bool {
        // The hash is the upper half of a slot, and the lower half of a free one is zero.
        let wanted: i32x4 = bytemuck::cast([u64::from(hash) << 32; 2]);
        let mut place = self.first_place(hash);
        loop {
            let line = self.slots().get(place..).and_then(<[u64]>::first_chunk::<LINE_SLOTS>);
            let Some(line) = line else { return true };
            let [first, second, third, fourth]: [i32x4; 4] = bytemuck::cast(*line);
            let alike =
                first.cmp_eq(wanted) | second.cmp_eq(wanted) | third.cmp_eq(wanted) | fourth.cmp_eq(wanted);
            match alike.move_mask() {
                0 => place = if place + LINE_SLOTS == self.len { 0 } else { place + LINE_SLOTS },
                halves => return halves & UPPER_HALVES == 0,
            }
        }
    }

    /// The places of a hash.
    #[inline]
    pub fn places(&self, hash: u32) -> impl Iterator<Item = usize> {
        let slots = self.slots();
        let mut place = self.first_place(hash);
        std::iter::from_fn(move || {
            loop {
                let (at, slot) = (place, *slots.get(place)?);
                if slot == 0 {
                    return None;
                }
                place = self.next_place(place);
                if hash_of(slot) == hash {
                    return Some(at);
                }
            }
        })
    }

    /// Puts a slot where it belongs. There must be a free one.
    #[inline]
    pub fn put(&mut self, slot: u64) {
        let mut place = self.first_place(hash_of(slot));
        // A line is filled from its first slot on; of a full one all slots are passed one by one.
        let line = self.slots().get(place..).and_then(<[u64]>::first_chunk::<LINE_SLOTS>);
        let taken: usize = line.map_or(0, |line| line.iter().map(|slot| usize::from(*slot != 0)).sum());
        place += taken % LINE_SLOTS;
        while self.slots()[place] != 0 {
            place = self.next_place(place);
        }
        self.slots_mut()[place] = slot;
    }
}

/// Up to how many slots a table takes its memory at once: 32 MiB. The system gives a page of memory when it is first
/// used, and one that is read before it is written costs it twice; so a table that will be used soon is written to once. A
/// large one grows with its use.
const TAKEN_AT_ONCE_MAX: usize = 4 << 20;

/// Which of the halves of two slots are the upper ones, the hashes.
const UPPER_HALVES: i32 = if cfg!(target_endian = "little") { 0b1010 } else { 0b0101 };

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES, LINE_SLOTS, Table, line_of};

    /// A hash of a number of its own, or one that many share.
    fn hash(number: u32) -> u32 {
        if number.is_multiple_of(9) { number % 4 } else { number.wrapping_mul(0x9E37_79B1) }
    }

    #[test]
    fn a_table_finds_what_was_put_however_full_it_is() {
        for len in [LINE_SLOTS, 64, 65, 1_000] {
            let mut table = Table::free(len);
            assert!(table.len() >= len && table.len().is_multiple_of(LINE_SLOTS));
            assert!(table.slots().as_ptr().addr().is_multiple_of(LINE_BYTES));
            for number in 1..table.len() as u32 {
                assert!(!table.places(hash(number)).any(|place| line_of(table.slots()[place]) == number));
                table.put(u64::from(hash(number)) << 32 | u64::from(number));
                for known in 1..=number {
                    assert!(!table.lacks(hash(known)), "{known} of {number} in {len}");
                    let mut lines = table.places(hash(known)).map(|place| line_of(table.slots()[place]));
                    assert!(lines.any(|line| line == known), "{known} of {number} in {len}");
                }
            }
        }
    }

    #[test]
    fn what_a_table_lacks_is_told_at_once_as_long_as_lines_have_room() {
        let mut table = Table::free(1_000);
        assert!(table.lacks(1) && table.lacks(u32::MAX) && Table::default().lacks(7));
        (1..400).for_each(|number| table.put(u64::from(hash(number)) << 32 | u64::from(number)));
        let told = (1_000..2_000).filter(|number| table.lacks(hash(*number))).count();
        assert!(told > 700, "{told}");
    }
}
