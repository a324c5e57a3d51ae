//! One batch end to end: chunks, workers, admission in input order, writers.
//!
//! A reader cuts chunks, rayon workers judge them, and a coordinator takes them in input order: it asks
//! the past, and writes. What is in flight is bounded by a fixed number of chunks, so memory does not
//! grow with the file. The outputs do not depend on the number of threads or the size of chunks.

mod batch;
mod companions;
mod importer;
mod judge;
mod lineage;
mod memory;
mod publish;
mod recovery;
mod steps;
mod threads;

use std::io::{self, Read, Write};
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use bumpalo::Bump;

use crate::contract::Rule;
use crate::contract::codes::file::F002;
use crate::contract::codes::warning::{W001, W010};
use crate::digest::{Digest, Digesting};
use crate::format::{
    Encoding, FileFailure, Format, Limits, Opened, Profile, ReadError, RejectedWriter, Sources, csv, letters,
    open, xml, xml::Envelope,
};
use crate::key::{Key, Keys};
use crate::printable::excerpt;
use crate::report::{Aborted, BatchStatus, Counts, Tally, record as record_report};
use crate::rules::{Context, Violation, file_violation};
use crate::store::{self, OutputFile, Says, StoreError};
use judge::{Again, Ends, Judged, Outcome, Parts};

pub use batch::{ACCEPTED, Batch, SUMMARY, file_summary};
pub use companions::{CompanionError, Workbook};
pub use importer::{ImportError, Importer, Installation, Taken, look_at};
pub use memory::Memory;

/// Which records are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reports {
    /// None.
    None,
    /// Those with errors or warnings.
    Findings,
    /// Every one.
    All,
}

/// What a batch is judged by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rules.
    pub context: Context,
    /// The limits of framing.
    pub limits: Limits,
    /// The number of workers; 1 works in the calling thread alone.
    pub threads: usize,
    /// How files are read, by their names.
    pub sources: Sources,
}

/// Where the outputs of a batch go. One that is `None` is not made.
#[derive(Default)]
pub struct Outputs<'o> {
    /// Accepted records, one a line.
    pub accepted: Option<Sink<'o>>,
    /// Rejected records, in the input's format. Gets its opening with the first record.
    pub rejected: Option<Sink<'o>>,
    /// Reports, one a line.
    pub reports: Option<Sink<'o>>,
    /// Reports for people, one line a violation. Gets its header with the first.
    pub reports_csv: Option<Sink<'o>>,
    /// Whether records without findings are reported too.
    pub report_all: bool,
}

/// Where one output goes.
pub enum Sink<'o> {
    /// Anything that can be written to.
    Writer(Box<dyn Write + Send + 'o>),
    /// A file of a batch, which takes over whole buffers.
    File(&'o mut OutputFile),
}

impl<'o> Sink<'o> {
    /// Anything that can be written to.
    pub fn new(writer: impl Write + Send + 'o) -> Self {
        Self::Writer(Box::new(writer))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Writer(writer) => writer,
            Self::File(file) => file,
        }
    }

    /// Writes a range of a buffer. What the buffer holds afterwards is nobody's business.
    fn write_range(&mut self, buffer: &mut Vec<u8>, range: Range<usize>) -> io::Result<()> {
        match self {
            Self::File(file) if range == (0..buffer.len()) => file.write_buffer(buffer),
            _ => self.writer().write_all(&buffer[range]),
        }
    }
}

/// What became of a batch.
#[derive(Debug)]
pub struct Finished {
    /// How the file was read.
    pub profile: Arc<Profile>,
    /// The format; `None` when it could not be told.
    pub format: Option<Format>,
    /// The encoding; `None` when it could not be told.
    pub encoding: Option<Encoding>,
    /// The header of a CSV file or workbook.
    pub header: Option<Arc<csv::Header>>,
    /// The columns of a CSV file that no table lists.
    pub unknown_columns: Vec<String>,
    /// Warnings that hold for the whole file.
    pub warnings: Vec<Violation>,
    /// What was counted. All zero after a failure: nothing is imported.
    pub tally: Tally,
    /// Size and hash of the whole file.
    pub digest: Digest,
    /// Why the file could not be read.
    pub failure: Option<FileFailure>,
    /// Why nothing of it is imported, although it could be read: what was written of accepted and rejected
    /// records must not be used.
    pub aborted: Option<Aborted>,
}

impl Finished {
    /// What became of the batch.
    #[must_use]
    pub fn status(&self) -> BatchStatus {
        BatchStatus::of(&self.tally.counts, self.failure.is_some(), self.aborted.as_ref())
    }

    /// Whether the file has the columns that stand in front of rejected records.
    #[must_use]
    pub fn has_reasons(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.has_reasons)
    }

    /// Looks whether the file holds what was expected. An aborted batch accepts nothing.
    fn check_expected(&mut self) {
        let expected = self.profile.expected;
        self.abort(Aborted::of(&self.tally.counts, &expected));
    }

    /// Whether the file is well-formed, and holds no record.
    fn is_empty(&self) -> bool {
        self.format.is_some()
            && self.failure.as_ref().is_some_and(|failure| std::ptr::eq(failure.part, &F002))
    }

    /// Looks whether the file is what its marker says, if that is clear.
    fn check_marker(&mut self, says: Option<&Says>, digest: &Digest) {
        let counts = self.tally.counts;
        let message = match says {
            None => "Its marker file cannot be read, or tells no clear hash or number of records".to_owned(),
            Some(Says { sha256: Some(wanted), .. }) if *wanted != digest.hex() => {
                "The file is not the one whose hash its marker file holds".to_owned()
            }
            Some(Says { records: Some(told), .. }) if *told != counts.read => {
                format!("The file holds {} records, its control file says {told}", counts.read)
            }
            Some(_) => return,
        };
        if self.aborted.is_none() {
            self.abort(Some(Aborted::by_marker(&counts, message)));
        }
    }

    fn abort(&mut self, aborted: Option<Aborted>) {
        self.aborted = aborted.filter(|_| self.failure.is_none());
        if self.aborted.is_some() {
            let counts = &mut self.tally.counts;
            (counts.accepted, counts.rejected) = (0, counts.read);
        }
    }
}

/// Why a batch could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The input could not be read.
    #[error("cannot read the input: {0}")]
    Read(#[source] io::Error),
    /// An output could not be written.
    #[error("cannot write the outputs: {0}{advice}", advice = advice(.0))]
    Write(#[source] io::Error),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] StoreError),
    /// The workers could not be started.
    #[error("cannot start worker threads: {0}")]
    Threads(#[source] rayon::ThreadPoolBuildError),
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// What to do where an output could not be written.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room where outbox and state lie and run again: nothing of the file was imported"
        }
        _ => "",
    }
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How much of the file is done with, in bytes.
    pub bytes: u64,
    /// What was counted so far.
    pub counts: Counts,
}

/// What the outside says to a batch while it runs, and hears of it.
#[derive(Clone, Copy)]
pub struct Hooks<'h> {
    /// Whether the run is to stop.
    pub interrupted: &'h (dyn Fn() -> bool + Sync),
    /// Hears how far the batch has come, after every chunk, from one thread or another, one at a time.
    pub progress: &'h (dyn Fn(Progress) + Sync),
}

impl Hooks<'static> {
    /// Nothing to say, nobody to hear.
    pub const NONE: Self = Self { interrupted: &|| false, progress: &|_| {} };
}

/// The outputs that the workers make.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    accepted: bool,
    rejected: bool,
    reports: Reports,
    reports_csv: bool,
    lines: bool,
}

/// What every worker of a batch knows.
struct Job<'j> {
    file: &'j str,
    context: &'j Context,
    keys: &'j Keys,
    format: Format,
    encoding: Encoding,
    header: Option<Arc<csv::Header>>,
    profile: Arc<Profile>,
    rejected: RejectedWriter,
    record_bytes_max: usize,
    outputs: Wanted,
}

/// Reads, judges and writes one file. `memory` knows earlier records and learns the accepted ones; after a
/// failure of the file, or an abort, it must not be used again.
///
/// # Errors
///
/// When the input cannot be read or an output cannot be written. A file that is not what it should be
/// is no error: it is [`Finished`] with a failure.
pub fn run<'m, 'l: 'm>(
    source: impl Read + Send,
    file: &str,
    settings: &Settings,
    memory: impl Into<Memory<'m, 'l>>,
    outputs: &mut Outputs<'_>,
    hooks: &Hooks<'_>,
) -> Result<Finished, BatchError> {
    let mut finished = run_digesting(Digesting::new(source), file, settings, memory.into(), outputs, hooks)?;
    if !is_correction(file) && !finished.has_reasons() {
        finished.check_expected();
    }
    Ok(finished)
}

fn run_digesting(
    mut source: Digesting<impl Read + Send>,
    file: &str,
    settings: &Settings,
    memory: Memory<'_, '_>,
    outputs: &mut Outputs<'_>,
    hooks: &Hooks<'_>,
) -> Result<Finished, BatchError> {
    let profile = profile(file, &settings.sources);
    let bytes = source.size();
    let opened = open(&mut source, Some(file), settings.limits, &profile);
    let mut finished = Finished {
        profile: profile.clone(),
        format: None,
        encoding: None,
        header: None,
        unknown_columns: Vec::new(),
        warnings: Vec::new(),
        tally: Tally::default(),
        digest: Digest::default(),
        failure: None,
        aborted: None,
    };
    match opened {
        Ok(opened) => run_opened(opened, (file, bytes), settings, memory, outputs, &mut finished, hooks)?,
        Err(ReadError::Io(error)) => return Err(BatchError::Read(error)),
        Err(ReadError::File(failure)) => finished.failure = Some(*failure),
    }
    if finished.failure.is_some() {
        finished.tally = Tally::default();
    }
    finished.digest = source.finish().map_err(BatchError::Read)?;
    Ok(finished)
}

fn run_opened<R: Read + Send>(
    opened: Opened<R>,
    (file, bytes): (&str, Option<u64>),
    settings: &Settings,
    memory: Memory<'_, '_>,
    outputs: &mut Outputs<'_>,
    finished: &mut Finished,
    hooks: &Hooks<'_>,
) -> Result<(), BatchError> {
    let Opened { format, encoding, header, framer } = opened;
    finished.format = Some(format);
    finished.encoding = Some(encoding);
    finished.header.clone_from(&header);
    if let Some(header) = &header {
        finished.unknown_columns = header.unknown.iter().map(|column| column.name.clone()).collect();
        finished.warnings.extend(header.unknown.iter().take(UNKNOWN_COLUMNS_MAX).map(unknown_column));
        finished.warnings.extend(more_unknown_columns(header.unknown.len()));
    }
    let keys = memory.keys().clone();
    let reports = match &outputs.reports {
        None => Reports::None,
        Some(_) if outputs.report_all => Reports::All,
        Some(_) => Reports::Findings,
    };
    let job = Job {
        file,
        context: &settings.context,
        keys: &keys,
        format,
        encoding,
        rejected: RejectedWriter::new(format, header.clone()),
        header,
        profile: finished.profile.clone(),
        record_bytes_max: settings.limits.record_bytes_max,
        outputs: Wanted {
            accepted: outputs.accepted.is_some(),
            rejected: outputs.rejected.is_some(),
            reports,
            reports_csv: outputs.reports_csv.is_some(),
            lines: memory.keeps_records(),
        },
    };
    let mut coordinator = Coordinator {
        job: &job,
        bytes,
        memory,
        foreseen: Default::default(),
        outputs,
        progress: hooks.progress,
        tally: Tally::default(),
        envelope: None,
        foreign_namespace: None,
        letters: 0,
        rejected_begun: false,
        csv_begun: false,
    };
    let failure = threads::run(framer, &job, settings.threads, &mut coordinator, hooks.interrupted)?;
    coordinator.close()?;
    if let Some(namespace) = &coordinator.foreign_namespace {
        finished.warnings.push(foreign_namespace(namespace));
    }
    finished.tally = coordinator.tally;
    finished.failure = failure;
    if finished.failure.is_none() && finished.tally.counts.read == 0 {
        finished.failure = Some(FileFailure::no_records(job.format.without_customer()));
    }
    Ok(())
}

/// The profile of a file by its name. A correction has the profile of the file it corrects.
fn profile(file: &str, sources: &Sources) -> Arc<Profile> {
    let name = name_of(file);
    let corrected = is_correction(name).then(|| store::stem(name));
    sources.of(name, corrected.as_deref()).clone()
}

/// Whether a file holds rejected records that come back, by its name.
fn is_correction(file: &str) -> bool {
    store::parent_of(name_of(file)).is_some()
}

fn name_of(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// How many unknown columns are warned of each for itself.
const UNKNOWN_COLUMNS_MAX: usize = 1_000;

fn more_unknown_columns(all: usize) -> Option<Violation> {
    let more = all.checked_sub(UNKNOWN_COLUMNS_MAX).filter(|more| *more > 0)?;
    let hint = "They are ignored; summary.json names them all.";
    let message = format!("Unknown fields ignored: {more} more columns");
    Some(file_violation(Rule::KnownName, &W001, "*".to_owned(), message, hint.to_owned()))
}

fn unknown_column(column: &csv::UnknownColumn) -> Violation {
    let hint = match &column.near {
        Some(near) => format!("Did you mean {near}?"),
        None => "The column is ignored; leave it out, or check how it is spelled.".to_owned(),
    };
    let message = format!("Unknown field ignored: {}", column.name);
    file_violation(Rule::KnownName, &W001, column.name.clone(), message, hint)
}

/// The most characters of a namespace that are printed.
const NAMESPACE_CHARS_MAX: usize = 128;

fn foreign_namespace(namespace: &str) -> Violation {
    let shown = if namespace.is_empty() { "none".into() } else { excerpt(namespace, NAMESPACE_CHARS_MAX) };
    let message = format!("XML namespace is not the documented one: {shown}");
    let hint = format!("Nothing has to be done; the documented one is {}.", xml::NAMESPACE);
    file_violation(Rule::Namespace, &W010, String::new(), message, hint)
}

/// How many letters beyond ASCII are counted: so many speak for UTF-8 against a broken one that comes later.
const LETTERS_MAX: usize = 64;

/// For how many records the past looks ahead.
const FORESEEN: usize = 128;

/// Takes judged chunks in input order: admission, counts, writers.
struct Coordinator<'c, 'o, 'l> {
    job: &'c Job<'c>,
    /// How large the file is, until the first chunk has come.
    bytes: Option<u64>,
    memory: Memory<'c, 'l>,
    /// The keys of customers and numbers that come next.
    foreseen: [Vec<Key>; 2],
    outputs: &'c mut Outputs<'o>,
    progress: &'c (dyn Fn(Progress) + Sync),
    tally: Tally,
    envelope: Option<Arc<Envelope>>,
    /// The namespace of the first record that has not the documented one (W010).
    foreign_namespace: Option<String>,
    /// How many letters beyond ASCII came by, up to [`LETTERS_MAX`].
    letters: usize,
    rejected_begun: bool,
    csv_begun: bool,
}

impl Coordinator<'_, '_, '_> {
    /// Takes one chunk. Its buffers may be used again afterwards.
    fn take(&mut self, outcome: &mut Outcome) -> Result<(), BatchError> {
        self.look_around(outcome);
        if !outcome.is_ascii && self.letters < LETTERS_MAX {
            self.letters += letters(&outcome.chunk.text, LETTERS_MAX - self.letters);
        }
        if let Some(bytes) = self.bytes.take() {
            // As the first chunk is, so will the others be, more or less.
            let accepted = outcome.records.iter().filter(|judged| judged.accepted).count() as u64;
            let chunks = bytes / (outcome.chunk.text.len() as u64).max(1) + 1;
            self.memory.expect(usize::try_from(accepted.saturating_mul(chunks)).unwrap_or(usize::MAX));
        }
        let mut tally = mem::take(&mut outcome.tally);
        let bump = Bump::new();
        let mut again = None;
        let mut written = Ends::default();
        let mut before = Ends::default();
        for (index, judged) in outcome.records.iter().enumerate() {
            if index % FORESEEN == 0 {
                self.foresee(&outcome.records[index..]);
            }
            let findings = self.memory.admit(judged, outcome.parts.lines.as_bytes())?;
            if !findings.is_empty() {
                self.write(&mut outcome.parts, written, before)?;
                let again = again.get_or_insert_with(|| Again::new(self.job, &outcome.chunk, &bump));
                let parts = again.judge(index, findings, &mut tally);
                let ends = parts.ends();
                self.write(parts, Ends::default(), ends)?;
                written = judged.ends;
            }
            before = judged.ends;
        }
        self.write(&mut outcome.parts, written, before)?;
        self.tally.merge(tally);
        let bytes = outcome.chunk.start.byte_offset + outcome.chunk.text.len() as u64;
        (self.progress)(Progress { bytes, counts: self.tally.counts });
        Ok(())
    }

    /// Takes what stands around the records of a chunk.
    fn look_around(&mut self, outcome: &Outcome) {
        let Outcome { chunk, records, .. } = outcome;
        if self.envelope.is_none() {
            self.envelope.clone_from(&chunk.envelope);
            let envelope = self.envelope.as_deref();
            self.foreign_namespace = envelope.and_then(|envelope| envelope.foreign_namespace.clone());
        }
        if !chunk.scopes.is_empty() && self.foreign_namespace.is_none() {
            let scopes = chunk.frames.iter().take(records.len()).filter_map(|frame| chunk.scope(frame));
            self.foreign_namespace = scopes.filter_map(|scope| scope.foreign_namespace.clone()).next();
        }
    }

    /// Brings what is known of the next records near.
    fn foresee(&mut self, next: &[Judged]) {
        let identities = next.iter().take(FORESEEN).filter_map(|judged| judged.identity.as_ref());
        let [customers, numbers] = &mut self.foreseen;
        customers.clear();
        numbers.clear();
        for identity in identities {
            customers.extend(identity.customer);
            numbers.extend(identity.number);
        }
        self.memory.foresee(customers, numbers);
    }

    /// Writes a range of every output. Ranges come in order, and none twice: a buffer may be gone with its last byte.
    fn write(&mut self, parts: &mut Parts, from: Ends, to: Ends) -> Result<(), BatchError> {
        let Outputs { accepted, rejected, reports, reports_csv, .. } = &mut *self.outputs;
        write_range(accepted, parts.accepted.buffer(), from.accepted..to.accepted)?;
        write_range(reports, &mut parts.reports, from.reports..to.reports)?;
        if from.reports_csv < to.reports_csv && !mem::replace(&mut self.csv_begun, true) {
            write_text(reports_csv, record_report::csv_header().as_bytes())?;
        }
        write_range(reports_csv, &mut parts.reports_csv, from.reports_csv..to.reports_csv)?;
        let mut range = from.rejected..to.rejected;
        if !range.is_empty() && !mem::replace(&mut self.rejected_begun, true) {
            write_text(rejected, &self.job.rejected.opening(self.envelope.as_deref()))?;
            range.start += self.job.rejected.separator().len();
        }
        write_range(rejected, &mut parts.rejected, range)
    }

    fn close(&mut self) -> Result<(), BatchError> {
        if self.rejected_begun {
            let closing = self.job.rejected.closing(self.envelope.as_deref());
            write_text(&mut self.outputs.rejected, &closing)?;
        }
        let Outputs { accepted, rejected, reports, reports_csv, .. } = &mut *self.outputs;
        for output in [accepted, rejected, reports, reports_csv].into_iter().flatten() {
            output.writer().flush().map_err(BatchError::Write)?;
        }
        Ok(self.memory.flush()?)
    }
}

fn write_range(
    output: &mut Option<Sink<'_>>,
    buffer: &mut Vec<u8>,
    range: Range<usize>,
) -> Result<(), BatchError> {
    match output {
        Some(sink) if !range.is_empty() => sink.write_range(buffer, range).map_err(BatchError::Write),
        _ => Ok(()),
    }
}

fn write_text(output: &mut Option<Sink<'_>>, text: &[u8]) -> Result<(), BatchError> {
    output.as_mut().map_or(Ok(()), |sink| sink.writer().write_all(text)).map_err(BatchError::Write)
}
