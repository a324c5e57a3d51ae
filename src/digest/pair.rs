//! Two SHA-256 states brought forward together.
//!
//! Every round of SHA-256 waits for the one before it, so one stream leaves the processor's SHA unit idle half of the
//! time; a second stream fills the gaps. Hashing is a quarter of a run and no well-kept crate takes two streams that
//! go on, so this is done here: `benches/RESULTS.md` has what it brings. Processors without these instructions get the
//! library's rounds, and a test holds ours to them.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "a call that needs instructions of the processor")
)]

use sha2::block_api::compress256;

/// What of a hash is kept between two blocks.
pub(super) type State = [u32; 8];

/// The piece of a text that is taken at once.
pub(super) type Block = [u8; 64];

/// Takes the blocks of two streams, as many of one as of the other.
pub(super) fn compress(
    (first, first_blocks): (&mut State, &[Block]),
    (second, second_blocks): (&mut State, &[Block]),
) {
    #[cfg(target_arch = "x86_64")]
    if x86::is_there() {
        // SAFETY: the function is safe but for the instructions that it needs, and the processor has them.
        unsafe { x86::compress([first, second], [first_blocks, second_blocks]) };
        return;
    }
    compress256(first, first_blocks);
    compress256(second, second_blocks);
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
        _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
        _mm_shuffle_epi32,
    };

    use super::{Block, State};

    /// The constants of the rounds, four rounds a row (FIPS 180-4, 4.2.2).
    const ROUNDS: [[u32; 4]; 16] = [
        [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
        [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
        [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
        [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
        [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
        [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
        [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
        [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
        [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
        [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
        [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
        [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
        [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
        [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
        [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
        [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
    ];

    /// Whether the processor has the instructions for [`compress`].
    pub fn is_there() -> bool {
        is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1")
    }

    /// A state as the instructions want it: the words a, b, e, f and c, d, g, h, the first of them highest.
    #[derive(Clone, Copy)]
    struct Halves {
        abef: __m128i,
        cdgh: __m128i,
    }

    impl Halves {
        #[inline]
        #[target_feature(enable = "sha,ssse3,sse4.1")]
        fn of(state: &State) -> Self {
            let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
            Self { abef: _mm_set_epi32(a, b, e, f), cdgh: _mm_set_epi32(c, d, g, h) }
        }

        #[inline]
        #[target_feature(enable = "sha,ssse3,sse4.1")]
        fn state(self) -> State {
            let words = |four| {
                [
                    _mm_extract_epi32::<3>(four),
                    _mm_extract_epi32::<2>(four),
                    _mm_extract_epi32::<1>(four),
                    _mm_extract_epi32::<0>(four),
                ]
            };
            let ([a, b, e, f], [c, d, g, h]) = (words(self.abef), words(self.cdgh));
            [a, b, c, d, e, f, g, h].map(i32::cast_unsigned)
        }

        /// Four rounds with these words of the schedule.
        #[inline]
        #[target_feature(enable = "sha,ssse3,sse4.1")]
        fn rounds(&mut self, row: usize, words: __m128i) {
            let [a, b, c, d] = ROUNDS[row].map(u32::cast_signed);
            let words = _mm_add_epi32(words, _mm_set_epi32(d, c, b, a));
            self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, words);
            self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, _mm_shuffle_epi32::<0b1110>(words));
        }

        #[inline]
        #[target_feature(enable = "sha,ssse3,sse4.1")]
        fn add(&mut self, other: Self) {
            self.abef = _mm_add_epi32(self.abef, other.abef);
            self.cdgh = _mm_add_epi32(self.cdgh, other.cdgh);
        }
    }

    /// The words of a block, in their order.
    #[inline]
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    fn words(block: &Block) -> [__m128i; 4] {
        let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
        let (quarters, _) = block.as_chunks::<16>();
        std::array::from_fn(|index| {
            let quarter = u128::from_le_bytes(quarters[index]).cast_signed();
            _mm_shuffle_epi8(_mm_set_epi64x((quarter >> 64) as i64, quarter as i64), big_endian)
        })
    }

    /// The last sixteen words of the schedule, four words on.
    #[inline]
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    fn onward([first, second, third, fourth]: [__m128i; 4]) -> [__m128i; 4] {
        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8::<4>(fourth, third));
        [second, third, fourth, _mm_sha256msg2_epu32(sum, fourth)]
    }

    /// Takes the blocks of two streams, round by round in turn. What one has more than the other is not taken.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    pub fn compress(states: [&mut State; 2], [first, second]: [&[Block]; 2]) {
        let mut halves = [Halves::of(states[0]), Halves::of(states[1])];
        for (first, second) in first.iter().zip(second) {
            let before = halves;
            let mut words = [words(first), words(second)];
            for row in 0..16 {
                for (halves, words) in halves.iter_mut().zip(&mut words) {
                    halves.rounds(row, words[0]);
                    *words = onward(*words);
                }
            }
            for (halves, before) in halves.iter_mut().zip(before) {
                halves.add(before);
            }
        }
        for (state, halves) in states.into_iter().zip(halves) {
            *state = halves.state();
        }
    }
}
