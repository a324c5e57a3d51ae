//! Identifiers as the past remembers them: keyed hashes of 63 bits in compact sets.
//!
//! A file may hold a hundred million identifiers, so a set holds eight bytes each and little besides.
//! The keys are made with a secret that is new for every run: nobody can prepare identifiers that share
//! a key, and two of them do by chance with a probability of `n² / 2⁶⁴` (one in a million for four
//! million records). Such a record would be refused as a duplicate, visibly, and go through in the
//! next run.

use crate::key::Key;

/// A set is many small ones, so that growing one never moves much.
const PARTS: usize = 256;

/// The places of a part at first.
const PLACES_MIN: usize = 16;

/// A part grows when four of five places are taken: twofold up to this size, by a quarter beyond it.
const PLACES_DOUBLED_MAX: usize = 4096;

/// A set of keys, each with one bit of its own.
#[derive(Debug, Clone)]
pub(super) struct KeySet {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Default)]
struct Part {
    places: Vec<u64>,
    taken: usize,
}

impl Default for KeySet {
    fn default() -> Self {
        Self { parts: vec![Part::default(); PARTS] }
    }
}

impl KeySet {
    /// The bit of a key; `None` when it is not in the set.
    #[inline]
    pub fn get(&self, key: Key) -> Option<bool> {
        let part = &self.parts[part_of(key)];
        if part.places.is_empty() {
            return None;
        }
        let found = part.places[part.place(key)];
        (found != 0).then_some(found & 1 != 0)
    }

    /// Looks at what stands where each key belongs: so their places come into the cache together instead of one
    /// after the other.
    pub fn peek(&self, keys: &[Key]) -> u64 {
        keys.iter().fold(0, |peeked, key| {
            let part = &self.parts[part_of(*key)];
            peeked ^ part.places.get(part.first_place(*key)).copied().unwrap_or_default()
        })
    }

    /// Puts a key into the set, with its bit.
    #[inline]
    pub fn insert(&mut self, key: Key, bit: bool) {
        let part = &mut self.parts[part_of(key)];
        if (part.taken + 1) * 5 > part.places.len() * 4 {
            part.grow();
        }
        let place = part.place(key);
        part.taken += usize::from(part.places[place] == 0);
        part.places[place] = key.bits() | u64::from(bit);
    }
}

const fn part_of(key: Key) -> usize {
    (key.bits() >> 56) as usize % PARTS
}

impl Part {
    /// The place where a key belongs, if it is free.
    #[inline]
    fn first_place(&self, key: Key) -> usize {
        // The upper half of a product spreads keys over any number of places.
        ((u128::from(key.bits() << 8) * self.places.len() as u128) >> 64) as usize
    }

    /// The place of a key, or the free one where it belongs.
    #[inline]
    fn place(&self, key: Key) -> usize {
        let mut place = self.first_place(key);
        loop {
            match self.places[place] {
                0 => return place,
                other if other & !1 == key.bits() => return place,
                _ => place = if place + 1 == self.places.len() { 0 } else { place + 1 },
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let places = match self.places.len() {
            small if small < PLACES_DOUBLED_MAX => (small * 2).max(PLACES_MIN),
            large => large + large / 4,
        };
        let old = std::mem::replace(&mut self.places, vec![0; places]);
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            let place = self.place(Key::of_bits(entry & !1));
            self.places[place] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::key::Keys;

    #[test]
    fn a_set_remembers_what_a_map_does() {
        let keys = Keys::default();
        let (mut set, mut map) = (KeySet::default(), HashMap::new());
        for number in 0..200_000_u32 {
            let text = (number % 70_001).to_string();
            let key = keys.key(&text);
            assert_eq!(set.get(key), map.get(&text).copied(), "{text}");
            set.insert(key, number % 3 == 0);
            map.insert(text, number % 3 == 0);
        }
    }

    #[test]
    fn a_set_holds_at_most_twelve_bytes_a_key() {
        let keys = Keys::default();
        let mut set = KeySet::default();
        for number in 1..=1_000_000_u32 {
            set.insert(keys.key(&number.to_string()), false);
        }
        let bytes: usize = set.parts.iter().map(|part| part.places.capacity() * 8).sum();
        assert!(bytes <= 12 * 1_000_000, "{bytes}");
    }
}
