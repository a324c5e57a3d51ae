//! The worker: a chunk of frames to verdicts and to the bytes of every output.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bumpalo::Bump;

use super::memory::Kept;
use super::{Job, Reports};
use crate::contract::codes::file::{R002, R003};
use crate::contract::tables::customer::{COMMUNICATION_NUMBER, CUSTOMER_EXT_ID};
use crate::contract::{NodeId, Record, Rule};
use crate::format::json::lines::Lines;
use crate::format::{
    Carrier, Chunk, FileFailure, Format, Frame, FrameKind, FrameReader, Place, PlaceFinder, Reason, Text,
    Told, Unread, check_utf8, check_utf8_piece, csv,
};
use crate::report::{Located, RecordHead, Sayings, Status, Tally, accepted, record as record_report};
use crate::rules::{
    Findings, Hints, Identity, Verdict, Violation, add_findings, record_violation, validate_into,
};

/// The outputs of one batch, as bytes.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub accepted: Lines,
    pub rejected: Vec<u8>,
    pub reports: Vec<u8>,
    pub reports_csv: Vec<u8>,
    /// What the register keeps of each record.
    pub lines: Lines,
}

/// Where the outputs of one record end within the parts of its chunk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    pub accepted: usize,
    pub rejected: usize,
    pub reports: usize,
    pub reports_csv: usize,
}

impl Parts {
    pub fn ends(&self) -> Ends {
        Ends {
            accepted: self.accepted.len(),
            rejected: self.rejected.len(),
            reports: self.reports.len(),
            reports_csv: self.reports_csv.len(),
        }
    }

    fn clear(&mut self) {
        self.accepted.clear();
        self.rejected.clear();
        self.reports.clear();
        self.reports_csv.clear();
        self.lines.clear();
    }
}

/// What admission needs to know of a record that was judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub identity: Option<Identity>,
    pub kept: Kept,
    pub accepted: bool,
    pub ends: Ends,
}

/// Buffers of a chunk that is done with, for the next one.
#[derive(Debug, Default)]
pub(super) struct Spare {
    pub text: Text,
    pub work: Work,
}

/// The buffers that a worker fills.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub records: Vec<Judged>,
    pub parts: Parts,
    /// What reports have said of violations.
    pub sayings: Sayings,
    /// What was found to be done about them.
    pub hints: Hints,
}

/// A chunk that was judged.
#[derive(Debug)]
pub(super) struct Outcome {
    pub chunk: Chunk,
    pub records: Vec<Judged>,
    pub parts: Parts,
    pub tally: Tally,
    pub sayings: Sayings,
    pub hints: Hints,
    /// Whether the text has no letter beyond ASCII: told where it is at hand.
    pub is_ascii: bool,
    /// The file cannot go on; nothing of it is imported.
    pub fault: Option<Fault>,
}

/// What ends a file within a chunk.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file is not what it should be.
    File(FileFailure),
    /// Its text is not UTF-8 from this offset of the chunk on.
    NotUtf8(usize),
}

impl Outcome {
    /// Gives the buffers back once everything in them is written.
    pub fn into_spare(self) -> Spare {
        let Self { chunk, mut records, mut parts, sayings, hints, .. } = self;
        records.clear();
        parts.clear();
        Spare { text: chunk.text, work: Work { records, parts, sayings, hints } }
    }
}

/// Judges every record of a chunk. A function of its own: `benches/instructions.py` counts what is below it.
#[inline(never)]
pub(super) fn judge(job: &Job<'_>, chunk: Chunk, work: Work) -> Outcome {
    let mut outcome = Outcome {
        records: work.records,
        parts: work.parts,
        tally: Tally::default(),
        sayings: work.sayings,
        hints: work.hints,
        is_ascii: chunk.text.is_ascii(),
        fault: None,
        chunk: chunk.emptied(),
    };
    outcome.records.reserve(chunk.frames.len());
    if job.outputs.accepted {
        outcome.parts.accepted.reserve(chunk.text.len());
    }
    let cut_within = matches!(chunk.frames.as_slice(), [Frame { kind: FrameKind::Oversize { .. }, .. }]);
    let checked = if cut_within { check_utf8_piece(&chunk.text) } else { check_utf8(&chunk.text) };
    let (text, broken) = match checked {
        Ok(text) => (text, None),
        Err(at) => (check_utf8(&chunk.text[..at]).unwrap_or_default(), Some(at)),
    };
    // What comes before a broken letter may break the document first, whatever else the chunk holds.
    let whole = chunk.frames.iter().take_while(|frame| broken.is_none() || frame.end as usize <= text.len());
    let mut judge = Judge::new(job, &chunk, text);
    let bump = Bump::new();
    let mut record = Record::within(text);
    for (number, frame) in (chunk.first_record..).zip(whole) {
        match judge.frame(number, frame, Findings::default(), &bump, &mut record, &mut outcome) {
            Ok(judged) => outcome.records.push(judged),
            Err(failure) => {
                outcome.fault = Some(Fault::File(failure));
                break;
            }
        }
    }
    drop(record);
    outcome.fault = outcome.fault.or(broken.map(Fault::NotUtf8));
    outcome.tally.settle(&mut outcome.sayings);
    outcome.chunk = chunk;
    outcome
}

/// Judges records of a chunk again, with what the past says of them, in the order of the chunk.
pub(super) struct Again<'j, 't> {
    judge: Judge<'j, 't>,
    chunk: &'t Chunk,
    bump: &'t Bump,
    record: Record<'t>,
    outcome: Outcome,
}

impl<'j, 't> Again<'j, 't> {
    /// A chunk that was judged before: its text is known to be UTF-8.
    pub fn new(job: &'j Job<'j>, chunk: &'t Chunk, bump: &'t Bump) -> Self {
        let text = std::str::from_utf8(&chunk.text).unwrap_or_default();
        Self {
            judge: Judge::new(job, chunk, text),
            chunk,
            bump,
            record: Record::within(text),
            outcome: Outcome {
                chunk: chunk.emptied(),
                records: Vec::new(),
                parts: Parts::default(),
                tally: Tally::default(),
                sayings: Sayings::default(),
                hints: Hints::default(),
                is_ascii: true,
                fault: None,
            },
        }
    }

    /// Judges one record. The outputs replace those that were made of it before, and so do the counts.
    pub fn judge(&mut self, index: usize, findings: Findings, tally: &mut Tally) -> &mut Parts {
        let number = self.chunk.first_record + index as u64;
        let frame = &self.chunk.frames[index];
        for findings in [Findings::default(), findings] {
            self.outcome.parts.clear();
            // The frame has been read before: it cannot fail now.
            let _ = self.judge.frame(number, frame, findings, self.bump, &mut self.record, &mut self.outcome);
            self.outcome.tally.settle(&mut self.outcome.sayings);
            let counted = mem::take(&mut self.outcome.tally);
            if findings.is_empty() {
                tally.subtract(&counted);
            } else {
                tally.merge(counted);
            }
        }
        &mut self.outcome.parts
    }
}

struct Judge<'j, 't> {
    job: &'j Job<'j>,
    chunk: &'t Chunk,
    /// The text of the chunk; without the ends of a piece that was cut within a character.
    text: &'t str,
    start: Place,
    reader: FrameReader,
    places: PlaceFinder<'t>,
    /// The codes and places of the violations of the last record that had any; those of earlier ones
    /// may stand behind them.
    located: Vec<Located>,
    /// The verdict on the last record.
    verdict: Verdict,
    /// Where a code is composed.
    code: String,
}

impl<'j, 't> Judge<'j, 't> {
    fn new(job: &'j Job<'j>, chunk: &'t Chunk, text: &'t str) -> Self {
        Self {
            job,
            chunk,
            text,
            start: chunk.start,
            reader: FrameReader::new(job.format, job.header.clone()).applying(&job.profile),
            places: PlaceFinder::new(&chunk.text, chunk.start, job.encoding),
            located: Vec::new(),
            verdict: Verdict::default(),
            code: String::new(),
        }
    }

    fn frame(
        &mut self,
        number: u64,
        frame: &Frame,
        findings: Findings,
        bump: &'t Bump,
        record: &mut Record<'t>,
        outcome: &mut Outcome,
    ) -> Result<Judged, FileFailure> {
        if let FrameKind::Oversize { first, last } = frame.kind {
            return Ok(self.oversize(number, frame, (first, last), outcome));
        }
        let text = &self.text[frame.start as usize..frame.end as usize];
        let row = self.start.row + u64::from(frame.row);
        let read = catch_unwind(AssertUnwindSafe(|| self.reader.read(text, row, bump, record)));
        let failure = match read {
            Ok(Ok(())) => {
                let mut verdict = mem::take(&mut self.verdict);
                let validated = catch_unwind(AssertUnwindSafe(|| {
                    validate_into(record, self.job.context, &mut outcome.hints, &mut verdict);
                    if !findings.is_empty() {
                        add_findings(&mut verdict, record, self.job.context, findings);
                    }
                }));
                match validated {
                    Ok(()) => {
                        let judged = self.judged(number, frame, record, &verdict, outcome);
                        self.verdict = verdict;
                        return Ok(judged);
                    }
                    Err(_) => internal_fault(),
                }
            }
            Ok(Err(Unread::Record(failure))) => {
                record_violation(failure.rule, failure.part, failure.message, failure.hint, failure.at)
            }
            Ok(Err(Unread::File(malformed))) => {
                let place = self.place(frame, malformed.at as u32);
                let hint = format!(
                    "Record {number} breaks the document. Have the file written again by a program that writes {}, and drop it again.",
                    self.job.format.title()
                );
                return Err(
                    FileFailure::unreadable(self.job.format.title(), malformed.detail, hint).at(place)
                );
            }
            Err(_) => internal_fault(),
        };
        Ok(self.unread(number, frame, text, failure, outcome))
    }

    /// The place of an offset within a frame.
    #[cold]
    fn place(&mut self, frame: &Frame, at: u32) -> Place {
        let place = self.places.place((frame.start + at) as usize);
        self.in_rows(place, frame, at)
    }

    /// The place of an offset within a frame, with the row that a spreadsheet shows.
    fn in_rows(&self, mut place: Place, frame: &Frame, at: u32) -> Place {
        if let Format::Csv { delimiter, carrier } = self.job.format {
            place.row = self.start.row + u64::from(frame.row);
            if carrier == Carrier::Workbook {
                // A sheet has rows and columns; the bytes of its text are nowhere in the file.
                let text = self.text.get(frame.start as usize..).unwrap_or_default();
                let column = csv::cell_number(text, at as usize, delimiter);
                place = Place { line: place.row, column, byte_offset: 0, ..place };
            }
        }
        place
    }

    /// Finds the codes and places of all violations of a record, for every output, and where it begins.
    #[cold]
    fn locate(&mut self, frame: &Frame, verdict: &Verdict, sayings: &mut Sayings) -> Place {
        let head = self.places.mark(frame.start as usize);
        let head = self.in_rows(head, frame, 0);
        for (i, violation) in verdict.errors.iter().chain(&verdict.warnings).enumerate() {
            if i == self.located.len() {
                let (code, status) = (String::new(), Status::Proposed);
                self.located.push(Located { said: None, code, status, place: head });
            }
            let place = self.place(frame, violation.at);
            let located = &mut self.located[i];
            located.place = place;
            located.said = sayings.find(violation);
            if located.said.is_some() {
                continue;
            }
            self.code.clear();
            violation.code.write(&mut self.code);
            // Records are often wrong in the same way, and the status is looked up in a list.
            if self.code != located.code {
                located.status = Status::of(&self.code);
                mem::swap(&mut self.code, &mut located.code);
            }
        }
        head
    }

    /// Writes the outputs of a record that was read.
    fn judged(
        &mut self,
        number: u64,
        frame: &Frame,
        record: &Record<'t>,
        verdict: &Verdict,
        outcome: &mut Outcome,
    ) -> Judged {
        if verdict.is_accepted() && self.job.outputs.accepted {
            accepted::write(record, &mut outcome.parts.accepted);
        }
        if !verdict.is_clean() || self.job.outputs.reports == Reports::All {
            let head = self.locate(frame, verdict, &mut outcome.sayings);
            self.report(number, head, Some(record), verdict, outcome);
            if !verdict.is_accepted() && self.job.outputs.rejected {
                let text = &self.text[frame.start as usize..frame.end as usize];
                let rejected = &mut outcome.parts.rejected;
                let scope = self.chunk.scope(frame);
                with_reasons(verdict, &self.located, &outcome.sayings, |reasons| {
                    self.job.rejected.record(rejected, text, Told { row: head.row, reasons, scope })
                });
            }
        }
        outcome.tally.add(verdict, &self.located, &mut outcome.sayings);
        let identity = Identity::of(record, self.job.keys);
        let kept = match self.job.outputs.lines {
            true => Kept::of(record, &identity, &mut outcome.parts.lines),
            false => Kept::default(),
        };
        Judged { identity: Some(identity), kept, accepted: verdict.is_accepted(), ends: outcome.parts.ends() }
    }

    /// Writes the outputs of a record that could not be read.
    #[cold]
    fn unread(
        &mut self,
        number: u64,
        frame: &Frame,
        text: &str,
        failure: Violation,
        outcome: &mut Outcome,
    ) -> Judged {
        let verdict = Verdict { errors: vec![failure], warnings: Vec::new() };
        let head = self.locate(frame, &verdict, &mut outcome.sayings);
        self.report(number, head, None, &verdict, outcome);
        if self.job.outputs.rejected {
            let rejected = &mut outcome.parts.rejected;
            let scope = self.chunk.scope(frame);
            with_reasons(&verdict, &self.located, &outcome.sayings, |reasons| {
                self.job.rejected.unreadable(rejected, text, Told { row: head.row, reasons, scope })
            });
        }
        outcome.tally.add(&verdict, &self.located, &mut outcome.sayings);
        Judged { identity: None, kept: Kept::default(), accepted: false, ends: outcome.parts.ends() }
    }

    /// Writes a record over the limit, or a piece of it, as it stands; its first piece is reported.
    #[cold]
    fn oversize(
        &mut self,
        number: u64,
        frame: &Frame,
        (first, last): (bool, bool),
        outcome: &mut Outcome,
    ) -> Judged {
        let bytes = &self.chunk.text[frame.start as usize..frame.end as usize];
        if first {
            let record_bytes_max = self.job.record_bytes_max;
            let message = format!("Record is larger than {record_bytes_max} bytes");
            let hint = "Make the record smaller, or raise record_bytes_max in the configuration.".to_owned();
            let failure = record_violation(Rule::RecordSize, &R002, message, hint, 0);
            let verdict = Verdict { errors: vec![failure], warnings: Vec::new() };
            let head = self.locate(frame, &verdict, &mut outcome.sayings);
            self.report(number, head, None, &verdict, outcome);
            outcome.tally.add(&verdict, &self.located, &mut outcome.sayings);
            if self.job.outputs.rejected {
                let rejected = &mut outcome.parts.rejected;
                let scope = self.chunk.scope(frame);
                with_reasons(&verdict, &self.located, &outcome.sayings, |reasons| {
                    let told = Told { row: head.row, reasons, scope };
                    self.job.rejected.verbatim(rejected, bytes, Some(told), last)
                });
            }
        } else if self.job.outputs.rejected {
            self.job.rejected.verbatim(&mut outcome.parts.rejected, bytes, None, last);
        }
        Judged { identity: None, kept: Kept::default(), accepted: false, ends: outcome.parts.ends() }
    }

    /// Writes the reports on a record whose violations have been located.
    #[cold]
    fn report(
        &self,
        number: u64,
        place: Place,
        record: Option<&Record<'_>>,
        verdict: &Verdict,
        outcome: &mut Outcome,
    ) {
        let text = |field| record.and_then(|record| record.text(NodeId::ROOT, field));
        let head = RecordHead {
            file: self.job.file,
            record: number,
            place,
            communication_number: text(COMMUNICATION_NUMBER),
            customer_ext_id: text(CUSTOMER_EXT_ID),
        };
        let located = &self.located[..verdict.errors.len() + verdict.warnings.len()];
        let findings = record_report::RecordFindings { verdict, located, sayings: &outcome.sayings };
        if self.job.outputs.reports != Reports::None {
            record_report::write_json(&mut outcome.parts.reports, &head, &findings);
        }
        if self.job.outputs.reports_csv {
            record_report::write_csv(&mut outcome.parts.reports_csv, &head, &findings);
        }
    }
}

/// The violation of a record on which the program itself failed: the others go on.
#[cold]
fn internal_fault() -> Violation {
    let hint =
        "Report this to the maintainers of kyc-import, with the version and without the record's data.";
    record_violation(
        Rule::InternalFault,
        &R003,
        "Processing of this record failed".to_owned(),
        hint.to_owned(),
        0,
    )
}

fn with_reasons(
    verdict: &Verdict,
    located: &[Located],
    sayings: &Sayings,
    write: impl FnOnce(&[Reason<'_>]),
) {
    match (verdict.errors.as_slice(), located) {
        ([error], [located, ..]) => write(&[reason(error, located.code(sayings))]),
        (errors, located) => {
            let codes = located.iter().map(|located| located.code(sayings));
            let reasons: Vec<_> = errors.iter().zip(codes).map(|(error, code)| reason(error, code)).collect();
            write(&reasons);
        }
    }
}

fn reason<'r>(violation: &'r Violation, code: &'r str) -> Reason<'r> {
    Reason { code, field: &violation.field, message: &violation.message }
}
