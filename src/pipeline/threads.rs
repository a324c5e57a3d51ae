//! A reader, rayon workers, and the coordinator, with a fixed number of chunks in flight.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use super::judge::{Outcome, Spare, judge};
use super::{BatchError, Coordinator, Job};
use crate::format::{FileFailure, Framer, ReadError};

/// Runs a batch to its end, or to the failure that ends it.
pub(super) fn run<R: Read + Send>(
    framer: Framer<R>,
    job: &Job<'_>,
    threads: usize,
    coordinator: &mut Coordinator<'_, '_, '_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<FileFailure>, BatchError> {
    if threads <= 1 {
        alone(framer, job, coordinator, interrupted)
    } else {
        together(framer, job, threads, coordinator, interrupted)
    }
}

/// Everything in the calling thread.
fn alone<R: Read>(
    mut framer: Framer<R>,
    job: &Job<'_>,
    coordinator: &mut Coordinator<'_, '_, '_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<FileFailure>, BatchError> {
    let mut spare = Spare::default();
    loop {
        if interrupted() {
            return Err(BatchError::Interrupted);
        }
        match framer.next_chunk(spare.text) {
            Ok(Some(chunk)) => {
                let mut outcome = judge(job, chunk, spare.work);
                if let Some(failure) = outcome.failure {
                    return Ok(Some(failure));
                }
                coordinator.take(&mut outcome)?;
                spare = outcome.into_spare();
            }
            Ok(None) => return Ok(None),
            Err(ReadError::Io(error)) => return Err(BatchError::Read(error)),
            Err(ReadError::File(failure)) => return Ok(Some(*failure)),
        }
    }
}

/// What comes to the coordinator: a judged chunk by its number, or the end of the reading.
enum Message {
    Judged(u64, Box<Outcome>),
    /// The reader has cut so many chunks; then the file ended, well or not.
    Ended(u64, Result<(), ReadError>),
}

/// A reader, workers, and the calling thread as the coordinator.
fn together<R: Read + Send>(
    mut framer: Framer<R>,
    job: &Job<'_>,
    threads: usize,
    coordinator: &mut Coordinator<'_, '_, '_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<FileFailure>, BatchError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("worker-{index}"))
        .build()
        .map_err(BatchError::Threads)?;
    let in_flight_max = threads * 2 + 2;
    let cancelled = AtomicBool::new(false);
    let (to_coordinator, messages) = mpsc::channel();
    // A spare buffer is the permission to read one more chunk.
    let (spares, permissions) = mpsc::channel();
    for _ in 0..in_flight_max {
        // The receiver is alive: it is right here.
        let _ = spares.send(Spare::default());
    }
    let cancelled = &cancelled;
    pool.in_place_scope(|workers| {
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut number = 0;
                let result = loop {
                    let Ok(Spare { text, work }) = permissions.recv() else { break Ok(()) };
                    if cancelled.load(Ordering::Relaxed) || interrupted() {
                        break Ok(());
                    }
                    let chunk = match framer.next_chunk(text) {
                        Ok(Some(chunk)) => chunk,
                        Ok(None) => break Ok(()),
                        Err(error) => break Err(error),
                    };
                    let to_coordinator = to_coordinator.clone();
                    workers.spawn(move |_| {
                        if !cancelled.load(Ordering::Relaxed) {
                            // Nobody listens any more once the batch is cancelled.
                            let outcome = Box::new(judge(job, chunk, work));
                            let _ = to_coordinator.send(Message::Judged(number, outcome));
                        }
                    });
                    number += 1;
                };
                let _ = to_coordinator.send(Message::Ended(number, result));
            });
            let result = coordinate(&messages, &spares, coordinator, interrupted);
            cancelled.store(true, Ordering::Relaxed);
            drop(spares);
            result
        })
    })
}

/// Takes chunks in input order until all have come, or one of them fails.
fn coordinate(
    messages: &mpsc::Receiver<Message>,
    spares: &mpsc::Sender<Spare>,
    coordinator: &mut Coordinator<'_, '_, '_>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<FileFailure>, BatchError> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    let mut end = None;
    while let Ok(message) = messages.recv() {
        if interrupted() {
            return Err(BatchError::Interrupted);
        }
        match message {
            Message::Judged(number, outcome) => drop(early.insert(number, outcome)),
            Message::Ended(count, result) => end = Some((count, result)),
        }
        while let Some(mut outcome) = early.remove(&next) {
            if let Some(failure) = outcome.failure.take() {
                return Ok(Some(failure));
            }
            coordinator.take(&mut outcome)?;
            next += 1;
            // The reader may have come to its end already.
            let _ = spares.send(outcome.into_spare());
        }
        match end.take_if(|(count, _)| *count == next) {
            None => {}
            Some((_, Ok(()))) => return Ok(None),
            Some((_, Err(ReadError::Io(error)))) => return Err(BatchError::Read(error)),
            Some((_, Err(ReadError::File(failure)))) => return Ok(Some(*failure)),
        }
    }
    Ok(None)
}
