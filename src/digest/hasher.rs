//! SHA-256 of a text that comes in pieces, alone or together with another.

use sha2::block_api::compress256;

use super::Digest;
use super::pair::{self, Block, State};

/// The state before the first block (FIPS 180-4, 5.3.3).
const INITIAL: State =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Where the length stands in the last block.
const LENGTH_AT: usize = 56;

/// Takes a digest piece by piece.
#[derive(Debug, Clone)]
pub struct Hasher {
    state: State,
    /// What does not fill a block yet: `bytes` tells how much of it counts.
    rest: Block,
    bytes: u64,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { state: INITIAL, rest: [0; _], bytes: 0 }
    }
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        let (blocks, rest) = self.fill(bytes).as_chunks();
        compress256(&mut self.state, blocks);
        self.keep(blocks, rest);
    }

    /// Takes the next piece, and `other` the next one of another text: in little more than the time of one, where
    /// both are of a size.
    pub fn update_with(&mut self, bytes: &[u8], other: &mut Self, other_bytes: &[u8]) {
        let (blocks, rest) = self.fill(bytes).as_chunks();
        let (other_blocks, other_rest) = other.fill(other_bytes).as_chunks();
        let (both, alone) = blocks.split_at(blocks.len().min(other_blocks.len()));
        let (other_both, other_alone) = other_blocks.split_at(both.len());
        pair::compress((&mut self.state, both), (&mut other.state, other_both));
        compress256(&mut self.state, alone);
        compress256(&mut other.state, other_alone);
        self.keep(blocks, rest);
        other.keep(other_blocks, other_rest);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(mut self) -> Digest {
        let begun = self.begun();
        self.rest[begun..].fill(0);
        self.rest[begun] = 0x80;
        if begun >= LENGTH_AT {
            compress256(&mut self.state, &[self.rest]);
            self.rest.fill(0);
        }
        self.rest[LENGTH_AT..].copy_from_slice(&(self.bytes * 8).to_be_bytes());
        compress256(&mut self.state, &[self.rest]);
        let mut sha256 = [0; 32];
        for (bytes, word) in sha256.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        Digest { bytes: self.bytes, sha256 }
    }

    /// How much of the last block is there.
    const fn begun(&self) -> usize {
        self.bytes as usize % self.rest.len()
    }

    /// Fills the block that is begun, if one is. What lies behind it is returned.
    fn fill<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let begun = self.begun();
        if begun == 0 {
            return bytes;
        }
        let (first, behind) = bytes.split_at(bytes.len().min(self.rest.len() - begun));
        self.rest[begun..][..first.len()].copy_from_slice(first);
        self.bytes += first.len() as u64;
        if self.begun() == 0 {
            compress256(&mut self.state, &[self.rest]);
        }
        behind
    }

    /// Counts blocks that were taken, and keeps what begins one.
    fn keep(&mut self, blocks: &[Block], rest: &[u8]) {
        self.rest[..rest.len()].copy_from_slice(rest);
        self.bytes += (blocks.as_flattened().len() + rest.len()) as u64;
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::Hasher;

    fn text(length: usize, seed: u32) -> Vec<u8> {
        let step = |state: &mut u32| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 24) as u8)
        };
        std::iter::repeat_with(|| ()).scan(seed, |state, ()| step(state)).take(length).collect()
    }

    fn oracle(text: &[u8]) -> [u8; 32] {
        Sha256::digest(text).into()
    }

    #[test]
    fn pieces_of_any_length_make_the_hash_of_the_library() {
        let text = text(1_000, 1);
        for length in 0..text.len() {
            for cut in [0, 1, 63, 64, 65, length / 3, length] {
                let (first, second) = text[..length].split_at(cut.min(length));
                let mut hasher = Hasher::default();
                hasher.update(first);
                hasher.update(second);
                let digest = hasher.finish();
                assert_eq!((digest.bytes, digest.sha256), (length as u64, oracle(&text[..length])));
            }
        }
    }

    #[test]
    fn two_texts_together_have_the_hashes_of_each() {
        let (first, second) = (text(700, 2), text(900, 3));
        for step in [1, 5, 63, 64, 65, 128, 200, 700] {
            for other_step in [1, 7, 64, 130, 900] {
                let mut hashers = [Hasher::default(), Hasher::default()];
                let (mut at, mut other_at) = (0, 0);
                while at < first.len() || other_at < second.len() {
                    let (end, other_end) =
                        ((at + step).min(first.len()), (other_at + other_step).min(second.len()));
                    let [one, other] = &mut hashers;
                    one.update_with(&first[at..end], other, &second[other_at..other_end]);
                    (at, other_at) = (end, other_end);
                }
                let found = hashers.map(|hasher| hasher.finish().sha256);
                assert_eq!(found, [oracle(&first), oracle(&second)], "{step} {other_step}");
            }
        }
    }
}
