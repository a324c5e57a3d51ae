//! Digests of outputs, taken together with that of the input.
//!
//! Two streams are hashed in little more than the time of one. So the buffers that were written are left here, and
//! who hashes the input takes them along with it.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Digest, Hasher};

/// How much of the outputs is kept for pieces of the input to come, so that none of them is hashed alone.
const KEPT_BYTES: usize = 768 << 10;

/// How much memory of buffers may wait for somebody who hashes; then who leaves them does.
const WAITING_BYTES_MAX: usize = 3 << 20;

/// How many buffers are kept to be filled again.
const SPARES_MAX: usize = 8;

/// Where outputs and the input of a batch meet. All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Beside(Arc<Meeting>);

#[derive(Debug, Default)]
struct Meeting {
    /// What was left since somebody came to hash. Never locked for long.
    waiting: Mutex<Waiting>,
    /// Locked by who hashes, and before what waits.
    streams: Mutex<Vec<Stream>>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// In the order in which they were left, each with the number of its lane.
    left: Vec<(usize, Left)>,
    /// The memory that they take.
    bytes: usize,
    /// Buffers that were hashed, to be filled again.
    spares: Vec<Vec<u8>>,
}

/// A buffer that was left, and from where on it is to be hashed.
#[derive(Debug)]
struct Left {
    buffer: Vec<u8>,
    from: usize,
}

/// The digest of one output.
#[derive(Debug)]
pub struct Lane {
    beside: Beside,
    index: usize,
}

/// One output, as far as it was left.
#[derive(Debug, Default)]
struct Stream {
    hasher: Hasher,
    /// What is not hashed yet.
    left: VecDeque<Left>,
    bytes: usize,
    /// Buffers that are done with.
    spent: Vec<Vec<u8>>,
}

/// What a thread that panics leaves behind is seen by nobody: the batch ends.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Beside {
    /// A further output.
    #[must_use]
    pub fn lane(&self) -> Lane {
        let mut streams = locked(&self.0.streams);
        streams.push(Stream::default());
        Lane { beside: self.clone(), index: streams.len() - 1 }
    }

    /// Takes the next piece of the input, and as much of the outputs with it.
    pub fn update_with(&self, hasher: &mut Hasher, mut bytes: &[u8]) {
        let mut streams = self.streams();
        while let Some(stream) = largest(&mut streams).next()
            && !bytes.is_empty()
        {
            let (with, rest) = bytes.split_at(bytes.len().min(stream.next_len()));
            stream.take(with.len(), |own, piece| own.update_with(piece, hasher, with));
            bytes = rest;
        }
        hasher.update(bytes);
        self.hash(&mut streams, KEPT_BYTES);
    }

    /// The outputs, with all that waits for them.
    fn streams(&self) -> MutexGuard<'_, Vec<Stream>> {
        let mut streams = locked(&self.0.streams);
        let mut waiting = locked(&self.0.waiting);
        waiting.bytes = 0;
        for (index, left) in waiting.left.drain(..) {
            streams[index].push(left);
        }
        streams
    }

    /// Hashes what is more than may be kept, and hands on the buffers that are done with.
    fn hash(&self, streams: &mut [Stream], kept_max: usize) {
        while streams.iter().map(|stream| stream.bytes).sum::<usize>() > kept_max {
            let mut largest = largest(streams);
            match (largest.next(), largest.next()) {
                (Some(first), Some(second)) => {
                    let bytes = first.next_len().min(second.next_len());
                    first.take(bytes, |own, piece| {
                        second.take(bytes, |other, other_piece| own.update_with(piece, other, other_piece));
                    });
                }
                (Some(only), None) => only.take(only.next_len(), Hasher::update),
                (None, _) => break,
            }
        }
        let spent = streams.iter_mut().flat_map(|stream| stream.spent.drain(..));
        let mut waiting = locked(&self.0.waiting);
        waiting.spares.extend(spent);
        waiting.spares.truncate(SPARES_MAX);
    }
}

/// The outputs of which something is left, most of all first.
fn largest(streams: &mut [Stream]) -> impl Iterator<Item = &mut Stream> {
    let mut left: Vec<_> = streams.iter_mut().filter(|stream| stream.bytes > 0).collect();
    left.sort_unstable_by_key(|stream| Reverse(stream.bytes));
    left.into_iter()
}

impl Stream {
    fn push(&mut self, left: Left) {
        match left.bytes().len() {
            0 => self.spent.push(left.buffer),
            bytes => {
                self.bytes += bytes;
                self.left.push_back(left);
            }
        }
    }

    /// How much is left of the first buffer.
    fn next_len(&self) -> usize {
        self.left.front().map_or(0, |left| left.bytes().len())
    }

    /// Takes so much of the first buffer.
    fn take(&mut self, bytes: usize, update: impl FnOnce(&mut Hasher, &[u8])) {
        let Some(left) = self.left.front_mut() else { return };
        update(&mut self.hasher, &left.bytes()[..bytes]);
        self.bytes -= bytes;
        left.from += bytes;
        if left.bytes().is_empty() {
            self.spent.extend(self.left.pop_front().map(|left| left.buffer));
        }
    }
}

impl Left {
    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.from..).unwrap_or_default()
    }
}

impl Lane {
    /// Leaves the next bytes of the output to be hashed, those of a buffer `from` an offset on, and gets a buffer for those
    /// that follow; what it holds counts for nothing. Buffers come back to any lane, so none of them should have more room
    /// than all may have.
    pub fn leave(&self, buffer: Vec<u8>, from: usize) -> Vec<u8> {
        let mut waiting = locked(&self.beside.0.waiting);
        let len = buffer.len();
        waiting.bytes += buffer.capacity();
        waiting.left.push((self.index, Left { buffer, from }));
        if waiting.bytes >= WAITING_BYTES_MAX {
            drop(waiting);
            self.beside.hash(&mut self.beside.streams(), KEPT_BYTES);
            waiting = locked(&self.beside.0.waiting);
        }
        // Who filled this one will fill another like it.
        let alike = (0..waiting.spares.len()).min_by_key(|spare| waiting.spares[*spare].len().abs_diff(len));
        alike.map(|spare| waiting.spares.swap_remove(spare)).unwrap_or_default()
    }

    /// Begins anew: what was left so far counts no longer.
    pub fn reset(&self) {
        self.digest();
    }

    /// The digest of all that was left since the beginning, which is begun anew.
    pub fn digest(&self) -> Digest {
        let mut streams = self.beside.streams();
        self.beside.hash(&mut streams, 0);
        mem::take(&mut streams[self.index].hasher).finish()
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
                        let buffer = [b"-", &piece[..piece.len().min(size)]].concat();
                        lane.leave(buffer, 1);
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
            lane.leave(vec![1; WAITING_BYTES_MAX / 10], 0);
            assert!(locked(&lane.beside.0.waiting).bytes < WAITING_BYTES_MAX);
        }
        lane.reset();
        lane.leave(b"abc".to_vec(), 0);
        assert_eq!(lane.digest(), Digest::of(b"abc"));
    }
}
