//! Identifiers to lines of the journal: a compact index in memory, of hashes only. What it finds has to be compared
//! with the text of the line.

/// The slots of an index at first.
const SLOTS_MIN: usize = 64;

/// An index grows twofold up to this size, by an eighth beyond it.
const SLOTS_DOUBLED_MAX: usize = 1 << 20;

/// Finds lines by the hash of an identifier. A slot holds 32 bits of hash and the number of a line, so an identifier
/// costs 8 bytes, and 10 to 13 with the free slots. Of ten million others, one in 430 shares a hash by
/// chance, which costs a look at its line.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// The hash in the upper half, the number of the line in the lower; zero is a free slot: no line has it.
    slots: Vec<u64>,
    taken: usize,
}

impl Index {
    /// An index with room for a number of identifiers.
    pub fn with_room(identifiers: usize) -> Self {
        let slots = (identifiers + identifiers / 4).max(SLOTS_MIN);
        Self { slots: free_slots(slots), taken: 0 }
    }

    /// The lines whose identifier has this hash.
    pub fn lines(&self, hash: u32) -> impl Iterator<Item = u32> {
        let mut place = self.first_place(hash);
        std::iter::from_fn(move || {
            loop {
                let slot = *self.slots.get(place)?;
                if slot == 0 {
                    return None;
                }
                place = self.next_place(place);
                if (slot >> 32) as u32 == hash {
                    return Some(slot as u32);
                }
            }
        })
    }

    /// What stands where a hash belongs: asked for many at once, they come into the cache together.
    #[inline]
    pub fn peek(&self, hash: u32) -> u64 {
        self.slots.get(self.first_place(hash)).copied().unwrap_or_default()
    }

    /// Adds a line.
    pub fn insert(&mut self, hash: u32, line: u32) {
        if (self.taken + 1) * 5 > self.slots.len() * 4 {
            let large = self.slots.len() >= SLOTS_DOUBLED_MAX;
            self.resize(if large { self.slots.len() / 8 * 9 } else { self.slots.len() * 2 });
        }
        self.put(u64::from(hash) << 32 | u64::from(line));
        self.taken += 1;
    }

    /// Puts another line in the place of one.
    pub fn replace(&mut self, hash: u32, old: u32, new: u32) {
        let mut place = self.first_place(hash);
        let wanted = u64::from(hash) << 32 | u64::from(old);
        while let Some(slot) = self.slots.get_mut(place).filter(|slot| **slot != 0) {
            if *slot == wanted {
                *slot = u64::from(hash) << 32 | u64::from(new);
                return;
            }
            place = self.next_place(place);
        }
        self.insert(hash, new);
    }

    /// Makes room for this many more identifiers. Lines of another index come in the order of their hashes:
    /// without the room made before, they would crowd at its beginning.
    pub fn reserve(&mut self, identifiers: usize) {
        let all = self.taken + identifiers;
        if all * 5 > self.slots.len() * 4 {
            self.resize(all + all * 3 / 8);
        }
    }

    /// How many identifiers it holds.
    pub const fn len(&self) -> usize {
        self.taken
    }

    /// Takes over all lines of another index.
    pub fn merge(&mut self, other: Self) {
        if self.taken == 0 {
            *self = other;
            return;
        }
        self.reserve(other.taken);
        for slot in other.slots.iter().filter(|slot| **slot != 0) {
            self.insert((slot >> 32) as u32, *slot as u32);
        }
    }

    /// All slots, free ones as zero.
    pub fn slots(&self) -> &[u64] {
        &self.slots
    }

    /// An index of slots that were written down.
    pub fn from_slots(slots: Vec<u64>) -> Self {
        let taken = slots.iter().filter(|slot| **slot != 0).count();
        Self { slots, taken }
    }

    #[inline]
    fn first_place(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.slots.len() as u64) >> 32) as usize
    }

    #[inline]
    fn next_place(&self, place: usize) -> usize {
        if place + 1 == self.slots.len() { 0 } else { place + 1 }
    }

    fn put(&mut self, slot: u64) {
        let mut place = self.first_place((slot >> 32) as u32);
        while self.slots[place] != 0 {
            place = self.next_place(place);
        }
        self.slots[place] = slot;
    }

    #[cold]
    fn resize(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, free_slots(slots.max(SLOTS_MIN)));
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.put(slot);
        }
    }
}

/// Up to how many slots a table takes its memory at once: 32 MiB.
const TAKEN_AT_ONCE_MAX: usize = 4 << 20;

/// The slots of one page of memory.
const PAGE_SLOTS: usize = 4096 / size_of::<u64>();

/// A free table. The system gives a page of memory when it is first used, and one that is read before it is written
/// costs it twice; so a table that will be used soon is written to once. A large one grows with its use.
fn free_slots(slots: usize) -> Vec<u64> {
    let mut free = vec![0; slots];
    if slots <= TAKEN_AT_ONCE_MAX {
        free.iter_mut().step_by(PAGE_SLOTS).for_each(|slot| *slot = std::hint::black_box(0));
    }
    free
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn an_index_finds_every_line_of_a_hash() {
        let mut index = Index::default();
        for line in 1..=50_000_u32 {
            index.insert((line % 40_000).wrapping_mul(0x9E37_79B1), line);
        }
        for line in 1..=50_000_u32 {
            let hash = (line % 40_000).wrapping_mul(0x9E37_79B1);
            assert!(index.lines(hash).any(|found| found == line), "{line}");
        }
        assert_eq!(index.lines(7).count(), 0);
        index.replace(0x9E37_79B1, 1, 99_999);
        let mut lines: Vec<u32> = index.lines(0x9E37_79B1).collect();
        lines.sort_unstable();
        assert_eq!(lines, [40_001, 99_999]);
    }
}
