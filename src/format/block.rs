//! Sixteen bytes looked at together.

use wide::u8x16;

/// The bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 16;

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Block(u8x16);

/// Which bytes of a block match.
#[derive(Clone, Copy)]
pub(crate) struct Matches(u8x16);

impl Block {
    #[inline(always)]
    pub fn new(bytes: &[u8; BLOCK_BYTES]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// The last bytes of a text, with zeros behind them.
    #[inline(always)]
    pub fn last(rest: &[u8]) -> Self {
        let mut block = [0; BLOCK_BYTES];
        block[..rest.len()].copy_from_slice(rest);
        Self::new(&block)
    }

    /// The bytes that are this one.
    #[inline(always)]
    pub fn are(self, byte: u8) -> Matches {
        Matches(self.0.cmp_eq(u8x16::splat(byte)))
    }

    /// The bytes that are not greater than this one.
    #[inline(always)]
    pub fn up_to(self, byte: u8) -> Matches {
        Matches(self.0.min(u8x16::splat(byte)).cmp_eq(self.0))
    }

    /// The bytes with these bits set.
    #[inline(always)]
    pub fn with(self, bits: u8) -> Self {
        Self(self.0 | u8x16::splat(bits))
    }
}

impl Matches {
    /// One bit for every byte, the first lowest.
    #[inline(always)]
    pub fn bits(self) -> u64 {
        u64::from(self.0.move_mask() as u16)
    }
}

impl std::ops::BitOr for Matches {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The number of bytes before the first that matches; all of them, if none does.
#[inline(always)]
pub(crate) fn len_before(bytes: &[u8], test: impl Fn(Block) -> Matches) -> usize {
    let (blocks, rest) = bytes.as_chunks::<BLOCK_BYTES>();
    for (index, block) in blocks.iter().enumerate() {
        let found = test(Block::new(block)).bits();
        if found != 0 {
            return index * BLOCK_BYTES + found.trailing_zeros() as usize;
        }
    }
    let found = test(Block::last(rest)).bits();
    bytes.len() - rest.len() + (found.trailing_zeros() as usize).min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_BYTES, Block, len_before};

    #[test]
    fn a_block_finds_what_a_loop_finds() {
        let naive = |bytes: &[u8; BLOCK_BYTES], test: &dyn Fn(u8) -> bool| {
            (0..).zip(bytes).fold(0, |bits, (at, byte)| bits | u64::from(test(*byte)) << at)
        };
        for first in 0..=255_u8 {
            let bytes: [u8; BLOCK_BYTES] =
                std::array::from_fn(|at| first.wrapping_add((at as u8).wrapping_mul(37)));
            let block = Block::new(&bytes);
            for byte in 0..=255 {
                assert_eq!(block.are(byte).bits(), naive(&bytes, &|other| other == byte));
                assert_eq!(block.up_to(byte).bits(), naive(&bytes, &|other| other <= byte));
                let either = (block.are(byte) | block.up_to(9)).bits();
                assert_eq!(either, naive(&bytes, &|other| other == byte || other <= 9));
                assert_eq!(block.with(2).are(byte).bits(), naive(&bytes, &|other| other | 2 == byte));
            }
        }
    }

    #[test]
    fn the_first_match_is_found_at_every_length_and_offset() {
        for length in 0..70 {
            for at in 0..=length {
                let mut bytes = vec![b'a'; length];
                bytes[at..].fill(b'"');
                assert_eq!(len_before(&bytes, |block| block.are(b'"') | block.up_to(0x1f)), at);
            }
        }
    }
}
