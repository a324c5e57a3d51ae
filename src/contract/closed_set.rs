//! Closed sets of values.

use std::ops::Deref;

/// The places of a table that tells values apart by first letter and length.
const PLACES: usize = 32;

const NO_VALUE: u8 = u8::MAX;

/// A closed set of values, in the order of the contract: a list of texts that tells fast whether one is in it.
#[derive(Debug)]
pub struct ClosedSet {
    texts: &'static [&'static str],
    /// The value of every place, so that a text is compared with one of them at most.
    places: [u8; PLACES],
    /// How much the length counts beside the first letter, so that no two values have the same place.
    weight: usize,
}

impl ClosedSet {
    /// The set of these values.
    #[must_use]
    pub const fn of(texts: &'static [&'static str]) -> Self {
        let mut weight = 0;
        loop {
            assert!(weight < PLACES, "values with the same first letter and length are not told apart");
            if let Some(places) = places(texts, weight) {
                return Self { texts, places, weight };
            }
            weight += 1;
        }
    }

    /// Whether a text is one of the values.
    #[must_use]
    #[inline]
    pub fn has(&self, text: &str) -> bool {
        let Some(first) = text.as_bytes().first() else { return false };
        let value = self.places[place(*first, text.len(), self.weight)];
        self.texts.get(usize::from(value)).is_some_and(|value| same(value.as_bytes(), text.as_bytes()))
    }
}

/// Whether two texts are the same. Short ones are compared in two words, which may overlap: a call would take longer.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && match one.len() {
            4..8 => both_ends::<4>(one) == both_ends(other),
            8..=16 => both_ends::<8>(one) == both_ends(other),
            _ => one == other,
        }
}

#[inline]
fn both_ends<const BYTES: usize>(text: &[u8]) -> Option<(&[u8; BYTES], &[u8; BYTES])> {
    text.first_chunk().zip(text.last_chunk())
}

const fn place(first: u8, len: usize, weight: usize) -> usize {
    (first as usize).wrapping_add(len.wrapping_mul(weight)) % PLACES
}

const fn places(texts: &[&str], weight: usize) -> Option<[u8; PLACES]> {
    let mut places = [NO_VALUE; PLACES];
    let mut i = 0;
    while i < texts.len() {
        let text = texts[i].as_bytes();
        let place = place(text[0], text.len(), weight);
        if places[place] != NO_VALUE {
            return None;
        }
        places[place] = i as u8;
        i += 1;
    }
    Some(places)
}

impl Deref for ClosedSet {
    type Target = [&'static str];

    fn deref(&self) -> &Self::Target {
        self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::{ClosedSet, same};

    #[test]
    fn a_set_has_its_values_and_no_other_text() {
        let set = ClosedSet::of(&["STRING", "DECIMAL", "DATE", "TIMESTAMP", "BOOLEAN"]);
        for text in set.iter() {
            assert!(set.has(text));
            for other in [&text[1..], &text.to_lowercase(), &format!("{text} "), &text.replace('T', "I")] {
                assert_eq!(set.has(other), set.contains(&other), "{other}");
            }
        }
        assert!(!set.has(""));
    }

    #[test]
    fn texts_differ_wherever_they_differ() {
        let text = "abcdefghijklmnopqrstuvwxyz";
        for len in 0..text.len() {
            let one = &text.as_bytes()[..len];
            assert!(same(one, one) && !same(one, &text.as_bytes()[..len + 1]));
            for at in 0..len {
                let mut other = one.to_vec();
                other[at] = b'-';
                assert!(!same(one, &other), "{at} of {len}");
            }
        }
    }
}
