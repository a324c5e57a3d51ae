//! Digests of outputs, taken together with that of the input.
//!
//! Two streams are hashed in little more than the time of one. So the buffers that were written are left here, and
//! who hashes the input takes them along with it.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Digest, Hasher};

/// How much waits for the input at most, in bytes.
const WAITING_BYTES_MAX: usize = 2 << 20;

/// Where outputs and the input of a batch meet. All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Beside(Arc<Meeting>);

#[derive(Debug, Default)]
struct Meeting {
    /// What waits. Never locked for long.
    waiting: Mutex<Waiting>,
    /// The hashers of the lanes. Who holds them may take what waits.
    hashers: Mutex<Vec<Hasher>>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// In the order in which they were left, each with the number of its lane.
    buffers: Vec<(usize, Vec<u8>)>,
    bytes: usize,
    /// Buffers that were hashed, to be filled again.
    spares: Vec<Vec<u8>>,
}

/// The digest of one output.
#[derive(Debug)]
pub struct Lane {
    beside: Beside,
    index: usize,
}

/// What there is of one text, to be hashed in its order.
#[derive(Debug)]
struct Stream<'t> {
    hasher: &'t mut Hasher,
    pieces: VecDeque<&'t [u8]>,
    bytes: usize,
}

/// What a thread that panics leaves behind is seen by nobody: the batch ends.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Beside {
    /// A further output.
    #[must_use]
    pub fn lane(&self) -> Lane {
        let mut hashers = locked(&self.0.hashers);
        hashers.push(Hasher::default());
        Lane { beside: self.clone(), index: hashers.len() - 1 }
    }

    /// Takes the next piece of the input, and all that waits with it.
    pub fn update_with(&self, hasher: &mut Hasher, bytes: &[u8]) {
        self.take(Some((hasher, bytes)));
    }

    /// Takes all that waits, in its order.
    fn take(&self, input: Option<(&mut Hasher, &[u8])>) {
        let mut hashers = locked(&self.0.hashers);
        let mut buffers = {
            let mut waiting = locked(&self.0.waiting);
            waiting.bytes = 0;
            mem::take(&mut waiting.buffers)
        };
        let mut streams: Vec<_> = hashers.iter_mut().map(Stream::of).collect();
        for (index, buffer) in &buffers {
            streams[*index].push(buffer);
        }
        if let Some((hasher, bytes)) = input {
            let mut stream = Stream::of(hasher);
            stream.push(bytes);
            streams.push(stream);
        }
        hash(streams);
        buffers.iter_mut().for_each(|(_, buffer)| buffer.clear());
        locked(&self.0.waiting).spares.extend(buffers.into_iter().map(|(_, buffer)| buffer));
    }
}

/// Hashes all streams, two together as long as there are two: those of which most is left.
fn hash(mut streams: Vec<Stream<'_>>) {
    loop {
        streams.sort_unstable_by_key(|stream| Reverse(stream.bytes));
        let [first, second, ..] = &mut streams[..] else { break };
        let bytes = first.next_len().min(second.next_len());
        if bytes == 0 {
            break;
        }
        let (piece, second_piece) = (first.pop(bytes), second.pop(bytes));
        first.hasher.update_with(piece, second.hasher, second_piece);
    }
    for Stream { hasher, pieces, .. } in streams {
        pieces.into_iter().for_each(|piece| hasher.update(piece));
    }
}

impl<'t> Stream<'t> {
    fn of(hasher: &'t mut Hasher) -> Self {
        Self { hasher, pieces: VecDeque::new(), bytes: 0 }
    }

    fn push(&mut self, piece: &'t [u8]) {
        if !piece.is_empty() {
            self.pieces.push_back(piece);
            self.bytes += piece.len();
        }
    }

    fn next_len(&self) -> usize {
        self.pieces.front().map_or(0, |piece| piece.len())
    }

    /// Takes so much of the next piece.
    fn pop(&mut self, bytes: usize) -> &'t [u8] {
        let (piece, rest) = self.pieces.pop_front().unwrap_or_default().split_at(bytes);
        if !rest.is_empty() {
            self.pieces.push_front(rest);
        }
        self.bytes -= bytes;
        piece
    }
}

impl Lane {
    /// Leaves the next bytes of the output to be hashed, and gets an empty buffer for those that follow.
    pub fn leave(&self, buffer: Vec<u8>) -> Vec<u8> {
        let mut waiting = locked(&self.beside.0.waiting);
        waiting.bytes += buffer.len();
        waiting.buffers.push((self.index, buffer));
        let (spare, full) = (waiting.spares.pop(), waiting.bytes >= WAITING_BYTES_MAX);
        drop(waiting);
        if full {
            self.beside.take(None);
        }
        spare.unwrap_or_default()
    }

    /// Begins anew: what was left so far counts no longer.
    pub fn reset(&self) {
        self.digest();
    }

    /// The digest of all that was left since the beginning, which is begun anew.
    pub fn digest(&self) -> Digest {
        self.beside.take(None);
        mem::take(&mut locked(&self.beside.0.hashers)[self.index]).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{Beside, WAITING_BYTES_MAX, locked};
    use crate::digest::{Digest, Hasher};

    #[test]
    fn every_lane_has_its_digest_whoever_takes_the_buffers() {
        let input: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
        let outputs = [&input[..77_777], &input[5..5], &input[100..90_001]];
        for size in [1_000, 4_096, 70_000] {
            let beside = Beside::default();
            let lanes = outputs.map(|_| beside.lane());
            let mut hasher = Hasher::default();
            thread::scope(|scope| {
                scope.spawn(|| input.chunks(777).for_each(|piece| beside.update_with(&mut hasher, piece)));
                for at in (0..input.len()).step_by(size) {
                    for (lane, output) in lanes.iter().zip(outputs) {
                        let piece = output.get(at..).unwrap_or_default();
                        lane.leave(piece[..piece.len().min(size)].to_vec());
                    }
                }
            });
            assert_eq!(hasher.finish(), Digest::of(&input));
            assert_eq!(lanes.map(|lane| lane.digest()), outputs.map(Digest::of));
        }
    }

    #[test]
    fn what_nobody_takes_does_not_pile_up() {
        let lane = Beside::default().lane();
        for _ in 0..30 {
            assert!(lane.leave(vec![1; WAITING_BYTES_MAX / 10]).is_empty());
            assert!(locked(&lane.beside.0.waiting).bytes < WAITING_BYTES_MAX);
        }
        lane.reset();
        lane.leave(b"abc".to_vec());
        assert_eq!(lane.digest(), Digest::of(b"abc"));
    }
}
