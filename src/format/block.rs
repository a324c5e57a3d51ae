//! Sixteen bytes looked at together.

use wide::u8x16;

/// The bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 16;

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Block(u8x16);

/// Which bytes of a block match; none of them by default.
#[derive(Clone, Copy, Default)]
pub(crate) struct Matches(u8x16);

impl Block {
    #[inline(always)]
    pub fn new(bytes: &[u8; BLOCK_BYTES]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// The last bytes of a text, less than a block, with zeros behind them.
    #[inline(always)]
    pub fn last(rest: &[u8]) -> Self {
        // Two reads that overlap: to copy so few bytes takes longer than to look at them.
        let joined =
            |first: u64, last: u64, size| u128::from(first) | u128::from(last) << (8 * (rest.len() - size));
        let text = if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
            joined(u64::from_le_bytes(*first), u64::from_le_bytes(*last), 8)
        } else if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
            joined(u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into(), 4)
        } else {
            rest.iter().rev().fold(0, |text, byte| text << 8 | u128::from(*byte))
        };
        Self::new(&text.to_le_bytes())
    }

    /// The bytes that are this one.
    #[inline(always)]
    pub fn are(self, byte: u8) -> Matches {
        Matches(self.0.cmp_eq(u8x16::splat(byte)))
    }

    /// The length of the common beginning of two blocks, in bytes.
    #[inline(always)]
    pub fn agreed(self, other: Self) -> usize {
        (!Matches(self.0.cmp_eq(other.0)).bits()).trailing_zeros() as usize
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

/// The bytes of a window.
pub(crate) const WINDOW_BYTES: usize = 4 * BLOCK_BYTES;

/// The window that begins at an offset; behind the end of the text it holds zeros.
#[inline(always)]
pub(crate) fn window(text: &[u8], from: usize) -> [u8; WINDOW_BYTES] {
    let rest = text.get(from..).unwrap_or_default();
    match rest.first_chunk() {
        Some(window) => *window,
        None => {
            let mut window = [0; WINDOW_BYTES];
            window[..rest.len()].copy_from_slice(rest);
            window
        }
    }
}

/// The bytes of a window that match, one bit for every byte, the first lowest.
#[inline(always)]
pub(crate) fn window_bits(window: &[u8; WINDOW_BYTES], test: impl Fn(Block) -> Matches) -> u64 {
    let (blocks, _) = window.as_chunks::<BLOCK_BYTES>();
    blocks
        .iter()
        .enumerate()
        .fold(0, |bits, (index, block)| bits | test(Block::new(block)).bits() << (index * BLOCK_BYTES))
}

/// Whether a byte of a window matches.
#[inline(always)]
pub(crate) fn window_has(window: &[u8; WINDOW_BYTES], test: impl Fn(Block) -> Matches) -> bool {
    let (blocks, _) = window.as_chunks::<BLOCK_BYTES>();
    blocks.iter().fold(Matches::default(), |found, block| found | test(Block::new(block))).bits() != 0
}

/// The same as [`len_before`] for a text in which one matches soon.
#[inline(always)]
pub(crate) fn len_before_near(bytes: &[u8], test: impl Fn(Block) -> Matches) -> usize {
    if let Some(block) = bytes.first_chunk() {
        let found = test(Block::new(block)).bits();
        if found != 0 {
            return found.trailing_zeros() as usize;
        }
    }
    len_before(bytes, test)
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
    // The last block begins within the one before, where nothing was found.
    let (block, from) = last_block(bytes, rest);
    let found = test(block).bits();
    (from + found.trailing_zeros() as usize).min(bytes.len())
}

/// The block that ends with a text, and where it begins: what is not in whole blocks is `rest`. A text shorter than a
/// block has zeros behind it.
#[inline(always)]
fn last_block(bytes: &[u8], rest: &[u8]) -> (Block, usize) {
    match bytes.last_chunk() {
        Some(block) => (Block::new(block), bytes.len() - BLOCK_BYTES),
        None => (Block::last(rest), 0),
    }
}

/// Hands the offset of every byte that matches to `each`.
#[inline(always)]
pub(crate) fn each_match(bytes: &[u8], test: impl Fn(Block) -> Matches, mut each: impl FnMut(usize)) {
    let mut look = |block: Block, from: usize, mask: u64| {
        let mut found = test(block).bits() & mask;
        while found != 0 {
            each(from + found.trailing_zeros() as usize);
            found &= found - 1;
        }
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK_BYTES>();
    for (index, block) in blocks.iter().enumerate() {
        look(Block::new(block), index * BLOCK_BYTES, u64::MAX);
    }
    let (block, from) = last_block(bytes, rest);
    let seen = bytes.len() - rest.len() - from;
    look(block, from, (1 << (seen + rest.len())) - (1 << seen));
}

/// Whether a text begins with the first bytes of another that has zeros behind them. Whole blocks are looked
/// at, as long as there are any.
#[inline(always)]
pub(crate) fn begins_with<const SIZE: usize>(text: &[u8], padded: &[u8; SIZE], len: usize) -> bool {
    for from in (0..SIZE).step_by(BLOCK_BYTES) {
        let block = text.get(from..).and_then(<[u8]>::first_chunk);
        let wanted = padded.get(from..).and_then(<[u8]>::first_chunk);
        let (Some(block), Some(wanted)) = (block, wanted) else { break };
        let agreed = Block::new(block).agreed(Block::new(wanted));
        if from + agreed >= len {
            return true;
        }
        if agreed < BLOCK_BYTES {
            return false;
        }
    }
    text.get(..len) == padded.get(..len)
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_BYTES, Block, begins_with, each_match, len_before, len_before_near};

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
                let test = |block: Block| block.are(b'"') | block.up_to(0x1f);
                assert_eq!((len_before(&bytes, test), len_before_near(&bytes, test)), (at, at));
                let mut found = Vec::new();
                each_match(&bytes, test, |at| found.push(at));
                assert_eq!(found, (at..length).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_beginning_is_told_at_every_length() {
        let whole: [u8; 40] = std::array::from_fn(|at| b'a' + at as u8 % 26);
        for length in 0..=32 {
            let mut padded = [0; 32];
            padded[..length].copy_from_slice(&whole[..length]);
            for end in 0..whole.len() {
                assert_eq!(begins_with(&whole[..end], &padded, length), end >= length, "{length} of {end}");
            }
            for other in 0..whole.len() {
                let mut text = whole;
                text[other] = b'-';
                assert_eq!(begins_with(&text, &padded, length), other >= length, "{other} of {length}");
            }
        }
    }
}
