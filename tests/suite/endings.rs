//! How a run ends when something breaks while several threads are at work: with the error, and soon.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kyc_import::format::Limits;
use kyc_import::pipeline::{BatchError, Finished, Hooks, Outputs, Settings, Sink, run};
use kyc_import::rules::Past;

use crate::support::{defaults, individual, patched};

/// Many times longer than any of these runs takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// Lines of good records, many chunks of them.
fn lines() -> String {
    let record = |number: usize| {
        let number = format!("{number:05}");
        let ids = serde_json::json!({ "customerExtId": number, "communicationNumber": number });
        patched(individual(), &ids).to_string() + "\n"
    };
    (0..2_000).map(record).collect()
}

fn settings(threads: usize) -> Settings {
    Settings { threads, limits: Limits { chunk_bytes: 4_000, ..Limits::default() }, ..defaults() }
}

/// What becomes of a run by its end; `None` when it panicked.
fn ended(
    threads: usize,
    source: impl Read + Send + 'static,
    accepted: impl Write + Send + 'static,
    interrupted: impl Fn() -> bool + Send + Sync + 'static,
) -> Option<Result<Finished, BatchError>> {
    let (tell, end) = mpsc::channel();
    let runner = thread::spawn(move || {
        let mut outputs = Outputs { accepted: Some(Sink::new(accepted)), ..Outputs::default() };
        let hooks = Hooks { interrupted: &interrupted, progress: &|_| {} };
        let mut past = Past::unknown();
        let finished = run(source, "x.ndjson", &settings(threads), &mut past, &mut outputs, &hooks);
        // The receiver waits, or has failed already.
        let _ = tell.send(finished);
    });
    match end.recv_timeout(DEADLINE) {
        Ok(finished) => Some(finished),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            assert!(runner.join().is_err(), "a run that tells nothing has panicked");
            None
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the run did not end within {DEADLINE:?}"),
    }
}

/// Takes a number of writes, then does something else.
struct Breaking<F>(usize, F);

impl<F: Fn() -> io::Result<usize>> Write for Breaking<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.checked_sub(1) {
            Some(left) => {
                self.0 = left;
                Ok(bytes.len())
            }
            None => (self.1)(),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const THREADS: [usize; 3] = [1, 2, 8];

#[test]
fn an_output_that_fails_ends_the_run() {
    for threads in THREADS {
        for writes in [0, 5, 50] {
            let full = Breaking(writes, || Err(io::ErrorKind::StorageFull.into()));
            let end = ended(threads, io::Cursor::new(lines()), full, || false);
            assert!(
                matches!(end, Some(Err(BatchError::Write(_)))),
                "{threads} threads, {writes} writes: {end:?}"
            );
        }
    }
}

#[test]
fn a_panic_ends_the_run() {
    for threads in THREADS {
        for writes in [0, 5, 50] {
            let broken = Breaking(writes, || panic!("a fault of the program, as this test wants it"));
            let end = ended(threads, io::Cursor::new(lines()), broken, || false);
            assert!(end.is_none(), "{threads} threads, {writes} writes: {end:?}");
        }
    }
}

#[test]
fn a_source_that_fails_ends_the_run_behind_what_was_read() {
    struct Torn(io::Cursor<String>);
    impl Read for Torn {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            match self.0.read(bytes) {
                Ok(0) => Err(io::ErrorKind::ConnectionReset.into()),
                read => read,
            }
        }
    }
    for threads in THREADS {
        let end = ended(threads, Torn(io::Cursor::new(lines())), io::sink(), || false);
        assert!(matches!(end, Some(Err(BatchError::Read(_)))), "{threads} threads: {end:?}");
    }
}

#[test]
fn an_interruption_ends_the_run() {
    for threads in THREADS {
        for looks in [0, 1, 20] {
            let looked = AtomicUsize::new(0);
            let interrupted = move || looked.fetch_add(1, Ordering::Relaxed) >= looks;
            let end = ended(threads, io::Cursor::new(lines()), io::sink(), interrupted);
            assert!(
                matches!(end, Some(Err(BatchError::Interrupted))),
                "{threads} threads, {looks} looks: {end:?}"
            );
        }
    }
}
