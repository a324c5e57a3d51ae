//! What every target does with its bytes: judge them as a file of some name, with some chunk size.

use kyc_import::contract::Classifiers;
use kyc_import::format::{Limits, Sources};
use kyc_import::pipeline::{Hooks, Outputs, Settings, Sink, run};
use kyc_import::report::Counts;
use kyc_import::rules::{Context, Options, Past};

/// Everything that came of the bytes, in a form that can be compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Judged {
    pub accepted: Vec<u8>,
    pub rejected: Vec<u8>,
    pub reports: Vec<u8>,
    pub counts: Counts,
    pub failure: Option<String>,
}

/// Judges bytes. Nothing may panic, and every record is accepted or rejected.
pub fn judge(bytes: &[u8], name: &str, chunk_bytes: usize) -> Judged {
    let context = Context::new(Options::default(), Classifiers::default());
    let limits = Limits { chunk_bytes, ..Limits::default() };
    let settings = Settings { context, limits, threads: 1, sources: Sources::default() };
    let (mut accepted, mut rejected, mut reports) = (Vec::new(), Vec::new(), Vec::new());
    let mut outputs = Outputs {
        accepted: Some(Sink::new(&mut accepted)),
        rejected: Some(Sink::new(&mut rejected)),
        reports: Some(Sink::new(&mut reports)),
        reports_csv: None,
        report_all: true,
    };
    let finished = run(bytes, name, &settings, &mut Past::unknown(), &mut outputs, &Hooks::NONE)
        .expect("memory does not fail");
    drop(outputs);
    let counts = finished.tally.counts;
    assert_eq!(counts.read, counts.accepted + counts.rejected);
    let failure = finished.failure.map(|failure| failure.to_string());
    if failure.is_some() {
        // What was written before a failure is thrown away with it.
        return Judged { accepted: Vec::new(), rejected: Vec::new(), reports: Vec::new(), counts, failure };
    }
    Judged { accepted, rejected, reports, counts, failure }
}
