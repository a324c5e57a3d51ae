//! Chunks through reading, judging and coordination, on one thread or several.
//!
//! Every thread takes the next chunk from the reader, judges it and brings it to the coordinator, so that a chunk
//! stays with one processor and its cache. Who comes while the coordinator is busy leaves the chunk there and
//! goes on; it is taken in its turn. So chunks are taken in input order, and none waits for a thread to wake up.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::judge::{Fault, Outcome, Spare, Work, judge};
use super::{BatchError, Coordinator, Job, LETTERS_MAX};
use crate::format::{
    Chunk, FileFailure, Frame, FrameKind, Framer, NotUtf8, PlaceFinder, ReadError, Text, letters, not_utf8,
};

/// What ends a batch before the end of its file.
enum End {
    /// The file.
    File(FileFailure),
    /// The file is not UTF-8 from this offset of a chunk on.
    NotUtf8(Box<Chunk>, usize),
    /// Something else.
    Batch(BatchError),
}

/// Runs a batch to its end, or to the failure that ends it.
pub(super) fn run<R: Read + Send>(
    framer: Framer<R>,
    job: &Job<'_>,
    threads: usize,
    coordinator: &mut Coordinator<'_, '_, '_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<FileFailure>, BatchError> {
    let in_flight_max = if threads <= 1 { 1 } else { threads * 2 + 2 };
    let spares = (0..in_flight_max).map(|_| Spare::default()).collect();
    let state = State { spares, waiting: BTreeMap::new(), next: 0, busy: false, end: None };
    let line = Line {
        job,
        coordinator: Mutex::new(coordinator),
        state: Mutex::new(state),
        returned: Condvar::new(),
        interrupted,
    };
    let mut pieces = Pieces { line: &line, framer, number: 0, ended: false };
    if threads <= 1 {
        pieces.by_ref().try_for_each(|piece| line.pass(piece));
    } else {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("worker-{index}"))
            .build()
            .map_err(BatchError::Threads)?;
        pool.install(|| pieces.by_ref().par_bridge().try_for_each(|piece| line.pass(piece)));
    }
    let framer = (!pieces.ended).then_some(pieces.framer);
    let State { end, waiting, .. } = line.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match end {
        None => Ok(None),
        Some(End::File(failure)) => Ok(Some(failure)),
        Some(End::Batch(error)) => Err(error),
        Some(End::NotUtf8(chunk, at)) => {
            let behind = waiting.into_values().map_while(Result::ok).map(|outcome| outcome.chunk);
            Ok(Some(broken(&chunk, at, behind, framer, (job, coordinator.letters))))
        }
    }
}

/// How much text behind a wrong byte is looked at, to tell what the file is, in bytes.
const EVIDENCE_BYTES: usize = 64 << 10;

/// The failure of a file that is not UTF-8 from a place in a chunk on: the same however it is cut. What is behind the
/// chunk was read already, or is read now.
#[cold]
fn broken<R: Read>(
    chunk: &Chunk,
    at: usize,
    behind: impl Iterator<Item = Chunk>,
    mut framer: Option<Framer<R>>,
    (job, letters_before): (&Job<'_>, usize),
) -> FileFailure {
    let place = PlaceFinder::new(&chunk.text, chunk.start, job.encoding).place(at);
    // A line is shown from its beginning, or from that of its record.
    let within = |frame: &&Frame| (frame.start as usize..frame.end as usize).contains(&at);
    let record = chunk.frames.iter().find(within).filter(|frame| frame.kind == FrameKind::Record);
    let record = record.map_or(at, |frame| frame.start as usize);
    let line = memchr::memrchr2(b'\n', b'\r', &chunk.text[record..at]).map_or(record, |end| record + end + 1);
    let mut evidence = chunk.text[line..].to_vec();
    let unread = std::iter::from_fn(|| framer.as_mut()?.next_chunk(Text::default()).ok().flatten());
    for chunk in behind.chain(unread) {
        if evidence.len() >= at - line + EVIDENCE_BYTES {
            break;
        }
        evidence.extend_from_slice(&chunk.text);
    }
    evidence.truncate(at - line + EVIDENCE_BYTES);
    let letters_before = letters_before + letters(&chunk.text[..line], LETTERS_MAX);
    let instead = NotUtf8::of(&evidence, at - line, letters_before.min(LETTERS_MAX));
    not_utf8(job.format.title(), instead).at(place)
}

/// The next of what was read: a chunk with the buffers to judge it with, or what ended the reading.
struct Piece {
    number: u64,
    read: Result<(Chunk, Work), End>,
}

/// The reader, one piece after the other.
struct Pieces<'a, 'p, 'c, 'o, 'l, R> {
    line: &'a Line<'p, 'c, 'o, 'l>,
    framer: Framer<R>,
    number: u64,
    ended: bool,
}

impl<R: Read> Iterator for Pieces<'_, '_, '_, '_, '_, R> {
    type Item = Piece;

    /// Waits for buffers, where too many chunks are on their way.
    fn next(&mut self) -> Option<Piece> {
        if self.ended {
            return None;
        }
        let Spare { text, work } = self.line.spare()?;
        let read = match self.framer.next_chunk(text) {
            _ if (self.line.interrupted)() => Err(End::Batch(BatchError::Interrupted)),
            Ok(Some(chunk)) => Ok((chunk, work)),
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Err(ReadError::Io(error)) => Err(End::Batch(BatchError::Read(error))),
            Err(ReadError::File(failure)) => Err(End::File(*failure)),
        };
        self.ended = read.is_err();
        self.number += 1;
        Some(Piece { number: self.number - 1, read })
    }
}

/// Where all threads meet.
struct Line<'p, 'c, 'o, 'l> {
    job: &'p Job<'p>,
    /// Held by the thread that has made itself busy with it.
    coordinator: Mutex<&'p mut Coordinator<'c, 'o, 'l>>,
    state: Mutex<State>,
    /// Buffers were given back, or the batch has ended.
    returned: Condvar,
    interrupted: &'p (dyn Fn() -> bool + Sync),
}

struct State {
    /// Buffers that nobody uses, those used last on top. They are the permission to read one more chunk.
    spares: Vec<Spare>,
    /// Judged chunks that wait for the coordinator, by their numbers.
    waiting: BTreeMap<u64, Result<Outcome, End>>,
    /// The number of the chunk that comes next to the coordinator.
    next: u64,
    /// Whether a thread is with the coordinator.
    busy: bool,
    /// What ended the batch, once something has.
    end: Option<End>,
}

impl Line<'_, '_, '_, '_> {
    fn state(&self) -> MutexGuard<'_, State> {
        // What a thread that panics leaves behind is seen by nobody but those who are to end too.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Buffers for one more chunk; `None` once the batch has ended.
    fn spare(&self) -> Option<Spare> {
        let mut state = self.state();
        loop {
            if state.end.is_some() {
                return None;
            }
            if let Some(spare) = state.spares.pop() {
                return Some(spare);
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Judges a piece and brings it to the coordinator, with all that wait behind it; `None` once the batch has
    /// ended.
    fn pass(&self, Piece { number, read }: Piece) -> Option<()> {
        let _alarm = Alarm(self);
        let judged = read.map(|(chunk, work)| judge(self.job, chunk, work));
        let mut state = self.state();
        state.waiting.insert(number, judged);
        if state.busy {
            return Some(());
        }
        state.busy = true;
        loop {
            let next = state.next;
            let Some(judged) = state.waiting.remove(&next) else { break };
            drop(state);
            let taken = judged.and_then(|outcome| self.take(outcome));
            state = self.state();
            match taken {
                Ok(spare) => state.spares.push(spare),
                Err(end) => {
                    // It stays busy: nothing is taken any more.
                    state.end = Some(end);
                    self.returned.notify_all();
                    return None;
                }
            }
            state.next += 1;
            self.returned.notify_one();
        }
        state.busy = false;
        Some(())
    }

    fn take(&self, mut outcome: Outcome) -> Result<Spare, End> {
        match outcome.fault.take() {
            Some(Fault::File(failure)) => return Err(End::File(failure)),
            Some(Fault::NotUtf8(at)) => return Err(End::NotUtf8(Box::new(outcome.chunk), at)),
            None if (self.interrupted)() => return Err(End::Batch(BatchError::Interrupted)),
            None => {}
        }
        let mut coordinator = self.coordinator.lock().unwrap_or_else(PoisonError::into_inner);
        coordinator.take(&mut outcome).map_err(End::Batch)?;
        Ok(outcome.into_spare())
    }
}

/// Wakes those who would wait for ever for a chunk of a thread that panics. The pool hands on the panic.
struct Alarm<'a, 'p, 'c, 'o, 'l>(&'a Line<'p, 'c, 'o, 'l>);

impl Drop for Alarm<'_, '_, '_, '_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state().end.get_or_insert(End::Batch(BatchError::Interrupted));
            self.0.returned.notify_all();
        }
    }
}
