//! Identifiers as keyed hashes: what the rules and the register look them up by.

use std::hash::{BuildHasher, Hasher, RandomState};

use siphasher::sip::SipHasher13;

/// The key of an identifier. Its lowest bit is always zero and free for the owner of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// All 64 bits. Zero does not occur.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The key of these bits.
    #[must_use]
    pub const fn of_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The upper 32 bits, for indexes that compare the text afterwards.
    #[must_use]
    pub const fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// Makes keys with a secret, so that nobody can prepare identifiers that share one.
#[derive(Debug, Clone)]
pub struct Keys {
    hasher: SipHasher13,
}

impl Default for Keys {
    fn default() -> Self {
        let (first, second) = new_secret();
        Self::with_secret(first, second)
    }
}

/// A new random secret.
#[must_use]
pub fn new_secret() -> (u64, u64) {
    let random = RandomState::new();
    (random.hash_one(0), random.hash_one(1))
}

impl Keys {
    /// Keys of a secret that was used before.
    #[must_use]
    pub fn with_secret(first: u64, second: u64) -> Self {
        Self { hasher: SipHasher13::new_with_keys(first, second) }
    }

    /// The key of an identifier.
    #[must_use]
    #[inline]
    pub fn key(&self, text: &str) -> Key {
        let mut hasher = self.hasher;
        hasher.write(text.as_bytes());
        // Zero marks a free place of a set.
        Key(hasher.finish().max(2) & !1)
    }
}
